# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: python -m simulator."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import ssl
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import seed, world
from .app import make_app
from .store import StateError, Store

_NUMBERS = count(1)


class UsageError(Exception):
    """What was asked for cannot be done; the text is a sentence for the person who asked."""


class Protocol(HttpToolsProtocol):
    """HTTP that tells the application which connection it is on, so that faults can close it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the connection its number."""
        self.number = next(_NUMBERS)
        super().connection_made(transport)

    def on_message_begin(self) -> None:
        """Put transport and number where the application finds them."""
        super().on_message_begin()
        self.scope["state"].update(transport=self.transport, connection=self.number)


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers, so that a signal ends in exit code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to main()."""
        yield


@dataclass
class Settings:
    """The command line."""

    host: str
    port: int
    tls: bool
    ready_file: Path | None
    state: str | None
    quiet: bool


def arguments(words: list[str] | None = None) -> Settings:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="ConnectWise PSA on this machine, for trying playbooks and for tests."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    parser.add_argument("--tls", action="store_true", help="serve https with a certificate made for this run")
    parser.add_argument("--ready-file", type=Path, help="file to write as JSON once connections are accepted")
    parser.add_argument("--state", help="SQLite file that keeps the records between starts (default: in memory)")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    return Settings(**vars(parser.parse_args(words)))


def listen(settings: Settings) -> socket.socket:
    """The listening socket. UsageError when the address cannot be had."""
    try:
        family, *_details, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        # With the protocol named, asyncio switches Nagle's algorithm off; else each answer takes 40 ms.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Refuses here and now what another process listens on.
        listener.listen(2048)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"Cannot listen on {settings.host} port {settings.port}: {reason}.") from error
    return listener


def certificate(folder: Path, host: str) -> tuple[Path, Path, Path]:
    """Make a CA and a certificate: the files of the CA, of the chain with the key, in that order twice."""
    import trustme

    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1", "::1", *([host] if host else []))
    ca_file, chain, key = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
    authority.cert_pem.write_to_path(ca_file)
    for part in issued.cert_chain_pems:
        part.write_to_path(chain, append=True)
    issued.private_key_pem.write_to_path(key)
    return ca_file, chain, key


def introduction(ready: dict[str, Any]) -> str:
    """What a person needs to know."""
    lines = [
        "ConnectWise PSA, simulated. Stop it with Ctrl-C.",
        "",
        f"  base URL       {ready['url']}",
        f"  login company  {ready['company']}",
        f"  public key     {ready['public_key']}",
        f"  private key    {ready['private_key']}",
        f"  clientId       {ready['client_id']}",
    ]
    if ready["ca_file"]:
        lines.append(f"  CA file        {ready['ca_file']}  (the modules' option ca_path)")
    lines += [
        f"  tickets        {ready['url']}/",
        f"  one ticket     {ready['url']}/v4_6_release/services/system_io/Service/fv_sr100_request.rails"
        "?service_recid=12345",
        "",
        "For your playbooks:",
        "",
        f"  export CW_URL={ready['url']}",
        f"  export CW_CLIENT={ready['company']}",
        f"  export CW_USERNAME={ready['public_key']}",
        f"  export CW_PASSWORD={ready['private_key']}",
        f"  export CW_CLIENT_ID={ready['client_id']}",
    ]
    if ready["ca_file"]:
        lines.append(f"  export CW_CA_PATH={ready['ca_file']}")
    return "\n".join([*lines, ""])


def write_ready(path: Path, ready: dict[str, Any]) -> None:
    """Write the ready file by rename, so that nobody reads half of it. UsageError when it cannot be written."""
    try:
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(ready), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"Cannot write the ready file {path}: {error.strerror}.") from error


def open_world(state: str | None) -> world.World:
    """The records: kept ones, else the seed data. UsageError when the state file cannot be used."""
    try:
        opened = world.World(Store(state or ":memory:"))
    except StateError as error:
        raise UsageError(str(error)) from error
    if opened.store.empty():
        with opened.store.transaction():
            seed.plant(opened)
    return opened


async def serve(settings: Settings, folder: Path) -> None:
    """Serve until SIGINT or SIGTERM. UsageError for what cannot be done."""
    opened = open_world(settings.state)
    app = make_app(opened)
    listener = listen(settings)
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=1,
    )
    ca_file = None
    if settings.tls:
        ca_file, chain, key = certificate(folder, settings.host)
        config.load()
        config.ssl = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        config.ssl.load_cert_chain(chain, key)
    server = Server(config)

    def stop() -> None:
        logging.disable(logging.CRITICAL)
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not running.done():
        await asyncio.sleep(0.005)
    shown_host = f"[{settings.host}]" if ":" in settings.host else settings.host
    ready = {
        "url": f"{'https' if settings.tls else 'http'}://{shown_host}:{port}",
        "port": port,
        "pid": os.getpid(),
        "company": world.COMPANY,
        "public_key": world.PUBLIC_KEY,
        "private_key": world.PRIVATE_KEY,
        "client_id": world.CLIENT_ID,
        "ca_file": str(ca_file) if ca_file else None,
    }
    try:
        if settings.ready_file:
            write_ready(settings.ready_file, ready)
        if not settings.quiet:
            print(introduction(ready), flush=True)
    except UsageError:
        stop()
        await running
        raise
    await running
    await opened.callbacks.close()


def main() -> int:
    """Run the simulator; the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    # Forms that are none are answered, not reported.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    settings = arguments()
    with tempfile.TemporaryDirectory(prefix="connectwise-simulator-") as folder:
        try:
            asyncio.run(serve(settings, Path(folder)))
        except UsageError as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: a driver of the simulator and the fixtures that start it, and the options of modules."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from requests import Session

import checkout
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseClient
from ansible_collections.msp.connectwise.plugins.module_utils.glue.configuration_info import run_configuration_info
from ansible_collections.msp.connectwise.plugins.module_utils.glue.in_process import Task
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import COMMON
from ansible_collections.msp.connectwise.plugins.module_utils.glue.note import run_note
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket import run_ticket

FACTS = checkout.REPOSITORY.parent / "shared" / "connectwise"
"""Recorded answers and the OpenAPI file; not everybody has this folder."""

READY_WITHIN = 30.0  # seconds


@dataclass
class Simulator:
    """The simulator in a process of its own, and what tests do with it beside calling its API."""

    process: subprocess.Popen[bytes]
    told: dict[str, Any]
    """What its ready file says: url, company, public_key, private_key, client_id, ca_file, ..."""
    control: Session = field(default_factory=Session)
    clients: list[ConnectWiseClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address: scheme, host and port."""
        return str(self.told["url"])

    @property
    def login(self) -> dict[str, str]:
        """The options without which no client can be, as client and modules name them."""
        return {
            "base_url": self.url,
            "client": self.told["company"],
            "username": self.told["public_key"],
            "password": self.told["private_key"],
            "client_id": self.told["client_id"],
        }

    @property
    def environment(self) -> dict[str, str]:
        """The same as the environment variables that the modules read."""
        return {"CW_URL" if name == "base_url" else f"CW_{name.upper()}": text for name, text in self.login.items()}

    def client(self, **options: Any) -> ConnectWiseClient:
        """A client of the collection, not paced; its options may be changed. It is closed at the end of the test."""
        client = ConnectWiseClient(**{**self.login, "timeout": 20.0, "requests_per_minute": 0, **options})
        self.clients.append(client)
        return client

    def _ask(self, method: str, path: str, data: Any = None) -> Any:
        answer = self.control.request(method, f"{self.url}/_simulator/{path}", json=data, timeout=20)
        answer.raise_for_status()
        return answer.json() if answer.content.strip() else None

    def reset(self) -> None:
        """The seed data again; no faults, default switches, an empty journal."""
        self._ask("POST", "reset")

    def fault(self, kind: str, **details: Any) -> None:
        """Let a later request go wrong; for the kinds and details see the simulator."""
        self._ask("POST", "faults", {"kind": kind, **details})

    def no_faults(self) -> None:
        """Take back the faults that did not happen yet."""
        self._ask("DELETE", "faults")

    def limit(self, requests: int, seconds: float) -> None:
        """Refuse with 429 what goes beyond so many requests in so many seconds."""
        self._ask("POST", "limit", {"requests": requests, "seconds": seconds})

    def no_limit(self) -> None:
        """Take as many requests as come."""
        self._ask("DELETE", "limit")

    def switch(self, **values: str) -> None:
        """Set switches."""
        self._ask("POST", "switches", values)

    def insert(self, path: str, records: list[dict[str, Any]]) -> list[int]:
        """Insert records as they are; returns their ids."""
        answer = self._ask("POST", f"records/{path}", records)
        ids: list[int] = answer["ids"] if isinstance(answer, dict) else answer
        return ids

    def journal(self) -> list[dict[str, Any]]:
        """The requests since the test began, or since :meth:`forget`."""
        entries: list[dict[str, Any]] = self._ask("GET", "journal")
        return entries

    def requests(self) -> list[str]:
        """The journal as lines: ``GET service/tickets/5``."""
        return [f"{entry['method']} {entry['path']}" for entry in self.journal()]

    def writes(self) -> list[str]:
        """The requests that write, as lines."""
        return [f"{entry['method']} {entry['path']}" for entry in self.journal() if entry["write"]]

    def forget(self) -> None:
        """Empty the journal."""
        self._ask("DELETE", "journal")

    def stop(self) -> None:
        """End the process."""
        self.control.close()
        self.process.terminate()
        self.process.wait(20)


def start_simulator(folder: Path, *options: str) -> Simulator:
    """Start the simulator on a free port and wait until it accepts connections.

    Raises:
        RuntimeError: it ended, or was not ready in time; with what it said.
    """
    ready, said = folder / "ready.json", folder / "said.txt"
    command = [sys.executable, "-m", "simulator", "--quiet", "--port", "0", "--ready-file", str(ready), *options]
    with said.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=checkout.REPOSITORY / "tests",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COVERAGE_PROCESS_START": ""},
        )
    until = time.monotonic() + READY_WITHIN
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            raise RuntimeError(f"the simulator did not start: {said.read_text()}")
        time.sleep(0.05)
    simulator = Simulator(process, json.loads(ready.read_text()))
    simulator.control.trust_env = False
    return simulator


# A conftest that wants these two names them again, for pytest looks for fixtures there.


@pytest.fixture(scope="session")
def running_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """The simulator's process."""
    started = start_simulator(tmp_path_factory.mktemp("simulator"))
    yield started
    started.stop()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Iterator[Simulator]:
    """The simulator with its seed data, without faults."""
    running_simulator.reset()
    yield running_simulator
    while running_simulator.clients:
        running_simulator.clients.pop().close()


class Answering:
    """A server that gives the answers it is told, one for each request, and keeps the requests."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes, dict[str, str]]] = []
        self.requests: list[dict[str, Any]] = []
        self._clients: list[ConnectWiseClient] = []
        answers, requests_seen = self.answers, self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = {"method": self.command, "path": self.path, "headers": headers, "from": self.client_address}
                requests_seen.append({**seen, "body": sent})
                status, body, more = answers.pop(0)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def client(self, **options: Any) -> ConnectWiseClient:
        """A client of this server."""
        login: dict[str, Any] = {"client": "training", "username": "public", "password": "private"}
        login.update(client_id="guid", requests_per_minute=0)
        client = ConnectWiseClient(**{"base_url": self.url, **login, **options})
        self._clients.append(client)
        return client

    def then(self, status: int, body: Any, content_type: str = "application/json", **headers: str) -> None:
        """Add an answer; a body that is not bytes is put into JSON. Headers: location, request_id, link."""
        names = {"location": "Location", "request_id": "x-cw-request-id", "link": "Link"}
        more = {names[name]: value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, raw, {"Content-Type": content_type, **more}))

    def stop(self) -> None:
        """End it."""
        for client in self._clients:
            client.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def module_file(name: str) -> Any:
    """The file of a module, imported."""
    return importlib.import_module(f"ansible_collections.msp.connectwise.plugins.modules.{name}")


def specification(module: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The argument specification of a module's own options, and the constraints between them."""
    declared = module_file(module).MODULE
    return {name: option for name, option in declared.options.items() if name not in COMMON}, declared.constraints


def options(module: str, **given: Any) -> dict[str, Any]:
    """The options as the module gets them: checked, converted, with defaults; None for what is not given."""
    specified, constraints = specification(module)
    # The validator changes what it is given, which a module gets as JSON.
    result = ArgumentSpecValidator(specified, **constraints).validate(json.loads(json.dumps(given, default=str)))
    if result.error_messages:
        raise AssertionError(f"{module} refuses these options: {result.error_messages}")
    return {name: result.validated_parameters.get(name) for name in specified}


def run_main(main: Callable[[], None], given: dict[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """Run a module's main function in this process; returns what it printed."""
    arguments_given = {**given, "_ansible_check_mode": check_mode, "_ansible_diff": True}
    data = json.dumps({"ANSIBLE_MODULE_ARGS": arguments_given}).encode()
    printed = StringIO()
    with (
        mock.patch.object(basic, "_ANSIBLE_ARGS", data),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        redirect_stdout(printed),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    result: dict[str, Any] = json.loads(printed.getvalue())
    assert bool(ended.value.code) is result.get("failed", False)
    return result


class Tasks:
    """Runs tasks of the modules in this process, each with a client of its own as a module would have."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def ticket(self, check_mode: bool = False, **given: Any) -> dict[str, Any]:
        """Run cw_ticket with the options given."""
        client = self.simulator.client(read_only=check_mode)
        return run_ticket(client, options("cw_ticket", **given), check_mode)

    def note(self, check_mode: bool = False, **given: Any) -> dict[str, Any]:
        """Run cw_ticket_note with the options given."""
        client = self.simulator.client(read_only=check_mode)
        return run_note(client, options("cw_ticket_note", **given), check_mode)

    def configurations(self, **given: Any) -> tuple[dict[str, Any], list[str]]:
        """Run cw_configuration_info with the options given; returns the result and the warnings."""
        warnings: list[str] = []
        client = self.simulator.client(read_only=True)
        return run_configuration_info(client, options("cw_configuration_info", **given), warnings.append), warnings

    def run(self, module: str, check_mode: bool = False, /, **given: Any) -> dict[str, Any]:
        """Run any module with the options given; returns what its run returns, and raises what it raises."""
        task = Task(options(module, **given), check_mode, [])
        result: dict[str, Any] = module_file(module).MODULE._run(task, self.simulator.client(read_only=check_mode))
        return result

    def checked(self, module: str, **given: Any) -> dict[str, Any]:
        """Run a task in check mode, for real, and again.

        Check mode must write nothing and tell what the real run does; the second run must change and write nothing.

        Returns:
            The result of the real run.
        """
        self.simulator.forget()
        planned = self.run(module, True, **given)
        assert self.simulator.writes() == []
        done = self.run(module, **given)
        same = ("changed", "operation", "diff")
        for name in same:
            assert planned.get(name) == done.get(name)
        assert bool(self.simulator.writes()) is done["changed"]
        self.simulator.forget()
        again = self.run(module, **given)
        assert (again["changed"], self.simulator.writes()) == (False, [])
        return done

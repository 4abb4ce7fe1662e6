# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run playbooks/demo.yml against the simulator, three times, and show the ticket that comes of it.

Ends with 0 if the second run changed nothing and the third only said what it would do, else with 1 and a sentence.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
import requests

import checkout

BIN = Path(sys.executable).parent
COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
PLAYBOOK = "msp.connectwise.demo"
SECONDS_TO_START = 30

Record = dict[str, Any]
"""A record as the API gives it."""


@dataclass(frozen=True)
class Server:
    """The running simulator."""

    url: str
    company: str
    public_key: str
    private_key: str
    client_id: str
    ca_file: str | None
    """The file with its certificate, where it was started with --tls."""

    @property
    def login(self) -> tuple[str, str]:
        """User and password of Basic."""
        return f"{self.company}+{self.public_key}", self.private_key

    def records(self, path: str, **query: str) -> list[Record]:
        """GET a list of the API, e.g. service/tickets."""
        answer = requests.get(
            f"{self.url}/v4_6_release/apis/3.0/{path}",
            params=query,
            auth=self.login,
            headers={"clientId": self.client_id},
            timeout=10,
        )
        answer.raise_for_status()
        records: list[Record] = answer.json()
        return records

    def writes(self) -> int:
        """How many requests of the journal wrote something, or tried to; empties the journal."""
        journal = f"{self.url}/_simulator/journal"
        count = sum(1 for request in requests.get(journal, timeout=10).json() if request["write"])
        requests.delete(journal, timeout=10)
        return count

    def settings(self) -> dict[str, str]:
        """The environment variables that the modules read."""
        return {
            "CW_URL": self.url,
            "CW_CLIENT": self.company,
            "CW_USERNAME": self.public_key,
            "CW_PASSWORD": self.private_key,
            "CW_CLIENT_ID": self.client_id,
            "CW_CA_PATH": self.ca_file or "",
        }


def stop(process: subprocess.Popen[Any]) -> None:
    """End a process and all that it started, also what left its process group, as Ansible's workers do."""
    frozen: set[psutil.Process] = set()
    with suppress(psutil.NoSuchProcess):
        top = psutil.Process(process.pid)
        # What is stopped starts nothing new, so this comes to an end.
        while found := {top, *top.children(recursive=True)} - frozen:
            for each in found:
                with suppress(psutil.NoSuchProcess):
                    each.suspend()
            # One in the middle of a fork stops only after it, and has a child more by then.
            _wait_until_none_is(found, psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING)
            frozen |= found
    for each in frozen:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()
    _wait_until_none_is(frozen, psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING, psutil.STATUS_STOPPED)


def _wait_until_none_is(processes: set[psutil.Process], *states: str) -> None:
    """Signals take effect a moment after they are sent."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            while process.is_running() and process.status() in states:
                time.sleep(0.005)


@contextmanager
def simulator(folder: Path, *options: str) -> Iterator[Server]:
    """The simulator on a free port of 127.0.0.1, stopped at the end; for its options see docs/simulator.md."""
    ready = folder / "ready.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", "0", "--ready-file", ready, "--quiet", *options],
        cwd=checkout.REPOSITORY / "tests",
        env={**os.environ, "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        late = time.monotonic() + SECONDS_TO_START
        while not ready.exists():
            if process.poll() is not None:
                raise SystemExit("The simulator did not start; its own words stand above.")
            if time.monotonic() > late:
                raise SystemExit(f"The simulator did not start within {SECONDS_TO_START} seconds.")
            time.sleep(0.05)
        told = json.loads(ready.read_text())
        yield Server(**{name: told[name] for name in Server.__dataclass_fields__})
    finally:
        stop(process)


def heading(text: str) -> None:
    line = f"{text}\n{'=' * len(text)}"
    print(f"\n\033[1m{line}\033[0m\n" if COLOURS else f"\n{line}\n", flush=True)


def play(server: Server, folder: Path, *options: str, programs: Path = BIN, collections: Path | None = None) -> int:
    """Run the playbook, showing its output. Returns how many tasks it reports as changed.

    Args:
        server: the simulator.
        folder: for Ansible's files and what the playbook deploys.
        options: of ansible-playbook.
        programs: the folder with Python and ansible-playbook.
        collections: where Ansible finds the collection and the playbook; in the checkout by default.
    """
    settings = {
        **os.environ,
        **server.settings(),
        "ANSIBLE_COLLECTIONS_PATH": str(collections or checkout.linked_tree()),
        "TMPDIR": str(folder),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_REMOTE_TMP": str(folder / "ansible" / "remote"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOWS": "true",
        "ANSIBLE_FORCE_COLOR" if COLOURS else "ANSIBLE_NOCOLOR": "true",
    }
    deployed = json.dumps({"demo_folder": str(folder / "deployed")})
    process = subprocess.Popen(
        [programs / "python", programs / "ansible-playbook", PLAYBOOK, "--extra-vars", deployed, *options],
        cwd=folder,
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    changed = None
    try:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            recap = re.search(r"\bok=\d+.*\bchanged=(\d+)", re.sub(r"\033\[[0-9;]*m", "", line))
            changed = int(recap[1]) if recap else changed
        if process.wait():
            raise SystemExit(f"The playbook failed: ansible-playbook ended with {process.returncode}.")
    finally:
        stop(process)
    if changed is None:
        raise SystemExit("The playbook printed no recap.")
    return changed


def readable(ticket: Record, notes: list[Record], configurations: list[Record], page: str) -> str:
    """The ticket as plain text, for a person."""

    def name(record: Record | None) -> str:
        return str((record or {}).get("name") or "-")

    def moment(text: str | None) -> str:
        return f"{datetime.fromisoformat(text.replace('Z', '+00:00')):%Y-%m-%d %H:%M:%S} UTC" if text else "-"

    # The list of a ticket's configurations names them in _info only.
    names = [name(configuration.get("_info")) for configuration in configurations]
    rows = {
        "Company": name(ticket.get("company")),
        "Board": name(ticket.get("board")),
        "Type": " / ".join(name(ticket[field]) for field in ("type", "subType", "item") if ticket.get(field)),
        "Priority": name(ticket.get("priority")),
        "Status": name(ticket.get("status")) + (" (closed)" if ticket.get("closedFlag") else ""),
        "Closed": moment(ticket.get("closedDate")),
        "Configurations": ", ".join(names) or "-",
        "Page": page,
    }
    lines = [f"Ticket {ticket['id']}: {ticket['summary']}", ""]
    lines += [f"  {title + ':':<16}{value}" for title, value in rows.items()]
    kinds = {"detailDescriptionFlag": "discussion", "internalAnalysisFlag": "internal", "resolutionFlag": "resolution"}
    for note in notes:
        kind = ", ".join(kind for flag, kind in kinds.items() if note.get(flag))
        author = note.get("createdBy") or name(note.get("member"))
        lines += ["", f"  {moment(note.get('dateCreated'))}  {author}  [{kind}]"]
        for paragraph in note["text"].splitlines():
            lines.append(textwrap.fill(paragraph, 100, initial_indent="    ", subsequent_indent="    "))
    return "\n".join(lines)


def demo() -> None:
    """The whole of it."""
    # A short name: Ansible makes sockets below it, whose paths may have 104 characters.
    with tempfile.TemporaryDirectory(prefix="cw-") as temporary, simulator(Path(temporary)) as server:
        folder = Path(temporary)

        heading("1. A deployment opens a ticket, notes its progress and closes it")
        first_changed = play(server, folder)
        first_writes = server.writes()

        heading("2. The same again: nothing is opened, noted or changed twice")
        second_changed = play(server, folder)
        second_writes = server.writes()

        heading("3. Check mode: what would happen if the deployment were called failed")
        third_changed = play(server, folder, "--check", "--diff", "--extra-vars", "demo_status=Failed")
        third_writes = server.writes()

        heading("The ticket")
        tickets = server.records("service/tickets", conditions='externalXRef="deploy-web-4.2.0"')
        for ticket in tickets:
            one = f"service/tickets/{ticket['id']}"
            page = f"/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid={ticket['id']}"
            notes, configurations = server.records(f"{one}/notes"), server.records(f"{one}/configurations")
            print(readable(ticket, notes, configurations, server.url + page))

        heading("What happened")
        print(f"  first run:   changed={first_changed}, {first_writes} requests that wrote")
        print(f"  second run:  changed={second_changed}, {second_writes} requests that wrote")
        print(f"  check mode:  changed={third_changed}, {third_writes} requests that wrote")
        print(f"  tickets with this key: {len(tickets)}\n", flush=True)

        facts = {
            "the first run changed nothing": first_changed == 0 or first_writes == 0,
            "the second run changed something": second_changed > 0 or second_writes > 0,
            "check mode wrote something": third_writes > 0,
            "check mode did not see the change of status": third_changed != 1,
            "there is not one ticket with this key": len(tickets) != 1,
        }
        wrong = [fact for fact, holds in facts.items() if holds]
        if wrong:
            raise SystemExit(f"This is not as it should be: {'; '.join(wrong)}.")


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Leave through all the "finally" clauses, and take no second signal on the way."""
    for name in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    raise SystemExit(128 + number)


def clean_up_when_stopped() -> None:
    """Let signals end this process through all the "finally" clauses."""
    for name in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _interrupted)


if __name__ == "__main__":
    clean_up_when_stopped()
    checkout.forget_own_settings()
    demo()

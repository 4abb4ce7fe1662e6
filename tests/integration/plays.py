# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real ansible-playbook and gives back what each task returned and what it asked the simulator."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from conftest import TREE, Core
from unit.plugins.support import Simulator

Task = dict[str, Any]

HERE = Path(__file__).resolve().parent
SECONDS = 240
MODULES_PYTHON = os.environ.get("MSP_CW_MODULES_PYTHON", "{{ ansible_playbook_python }}")
"""The Python that modules run on; where it is not Ansible's own, they run as modules of their own."""
LOCALHOST = f"localhost ansible_connection=local ansible_python_interpreter='{MODULES_PYTHON}'\n"

newest_only = pytest.mark.parametrize("core", ["newest"], indirect=True)
"""For long tests of what no ansible-core has a part in: sentences about values, and the client's repeating."""


def ticket(_name: str = "", _also: Mapping[str, Any] | None = None, /, **options: Any) -> Task:
    """A task of cw_ticket; ``_also`` holds keywords of the task."""
    return task("cw_ticket", _name, _also, **options)


def note(_name: str = "", _also: Mapping[str, Any] | None = None, /, **options: Any) -> Task:
    """A task of cw_ticket_note."""
    return task("cw_ticket_note", _name, _also, **options)


def configuration_info(_name: str = "", _also: Mapping[str, Any] | None = None, /, **options: Any) -> Task:
    """A task of cw_configuration_info."""
    return task("cw_configuration_info", _name, _also, **options)


def task(_module: str, _name: str, _also: Mapping[str, Any] | None, /, **options: Any) -> Task:
    """A task of one of the collection's modules."""
    return {"name": _name or _module, f"msp.connectwise.{_module}": options, **(_also or {})}


def checked(task: Task) -> Task:
    """The same task in check mode."""
    return {**task, "check_mode": True}


def cycle(task: Task) -> list[Task]:
    """The task in check mode, really, and again."""
    return [
        {**task, "name": f"{task['name']}, in check mode", "check_mode": True},
        task,
        {**task, "name": f"{task['name']}, again"},
    ]


def names_and_ids(ticket: dict[str, Any]) -> dict[str, Any]:
    """The references of a ticket that the tests set, as (id, name)."""
    names = {"board", "company", "item", "priority", "status", "subtype", "team", "type"}
    found = {name.replace("_", ""): value for name, value in ticket.items()}
    return {name: (found[name]["id"], found[name]["name"]) for name in sorted(names) if found.get(name)}


@dataclass(frozen=True)
class Outcome:
    """What came of one task."""

    task: str
    host: str
    status: str
    """ "ok", "changed", "failed" or "skipped"."""
    result: dict[str, Any]
    requests: list[dict[str, Any]]
    """The entries of the simulator's journal that it made."""

    def __getitem__(self, key: str) -> Any:
        return self.result[key]

    @property
    def lines(self) -> list[str]:
        """Its requests: ``GET service/tickets/5``."""
        return [f"{entry['method']} {entry['path']}" for entry in self.requests]

    @property
    def writes(self) -> list[str]:
        """Those of its requests that write."""
        return [f"{entry['method']} {entry['path']}" for entry in self.requests if entry["write"]]

    @property
    def plan(self) -> tuple[str, Any]:
        """What check mode and the real run must agree on."""
        return self.result["operation"], self.result["diff"]


@dataclass(frozen=True)
class Run:
    """What came of one ansible-playbook."""

    code: int
    output: str
    """stdout and stderr."""
    outcomes: list[Outcome]

    def __getitem__(self, name: str) -> Outcome:
        """The outcome of the task of that name; there must be one."""
        (found,) = (outcome for outcome in self.outcomes if outcome.task == name)
        return found

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    @property
    def messages(self) -> dict[str, str]:
        """The sentences of the tasks that failed, by the tasks' names, with # for what differs from run to run."""
        failed = {each.task: str(each.result.get("msg")) for each in self.outcomes if each.status == "failed"}
        varying = r"(?<=request id )[0-9a-f-]{36}|[0-9]+ attempts in [0-9.]+|(?<=127\.0\.0\.1:)\d+"
        return {name: re.sub(varying, "#", text) for name, text in failed.items()}

    @property
    def warnings(self) -> list[str]:
        """The warnings in the results, deprecations included, with # for seconds, which differ from run to run."""
        found = []
        for each in self.outcomes:
            for entry in [*each.result.get("warnings", []), *each.result.get("deprecations", [])]:
                found.append(str(entry["msg"] if isinstance(entry, dict) else entry))
        return [re.sub(r"[0-9.]+(?= s of waiting)", "#", text) for text in found]


def settles(run: Run, name: str, operation: str) -> None:
    """A :func:`cycle` went as it should: check mode foresaw the change without writing, and it was needed once."""
    foreseen, done, again = run[f"{name}, in check mode"], run[name], run[f"{name}, again"]
    assert (foreseen.status, foreseen["operation"], foreseen.writes) == ("changed", operation, [])
    assert done.status == "changed" and done.writes
    assert done.plan == foreseen.plan
    assert (again.status, again["operation"], again.writes) == ("ok", "unchanged", [])
    assert again["diff"] == {"before": {}, "after": {}}


def encoded(secret: str, login: str) -> set[str]:
    """All the ways in which a secret could be written by accident."""
    plain = {secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    pair = base64.b64encode(f"{login}:{secret}".encode()).decode()
    alone = base64.b64encode(secret.encode()).decode()
    return plain | {pair, quote(pair, safe=""), pair.rstrip("="), alone.rstrip("=")}


@dataclass
class Player:
    """Runs playbooks on one ansible-core against one simulator."""

    core: Core
    simulator: Simulator
    folder: Path
    secrets: set[str] = field(default_factory=set)
    """What must never be seen, in all its forms."""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def __call__(
        self,
        *tasks: Task,
        warnings: Sequence[str] = (),
        fails: bool = False,
        **how: Any,
    ) -> Run:
        """Run the tasks as one play on localhost.

        Args:
            tasks: as they stand in a playbook.
            warnings: the warnings that must come, in order; others make the test fail.
            fails: whether tasks fail; all tasks are run then. Otherwise a failure makes the test fail.
            how: as of :meth:`start`.
        """
        process, record = self.start(*tasks, go_on=fails, **how)
        output, _nothing = process.communicate(timeout=SECONDS)
        return self.finish(process.returncode, output, record, warnings, fails)

    def start(
        self,
        *tasks: Task,
        check: bool = False,
        diff: bool = False,
        verbosity: int = 0,
        extra: Mapping[str, Any] | None = None,
        environment: Mapping[str, str | None] | None = None,
        also: Mapping[str, Any] | None = None,
        inventory: str = LOCALHOST,
        inventory_file: str = "inventory.ini",
        go_on: bool = False,
        journal: bool = True,
        arguments: Sequence[str] = (),
    ) -> tuple[subprocess.Popen[str], Path]:
        """Start ansible-playbook. Returns the process and its record.

        Args:
            tasks: as they stand in a playbook.
            check, diff, verbosity: --check, --diff, -v.
            extra: --extra-vars.
            environment: changes to the environment of ansible-playbook; None takes a variable away.
            also: keywords of the play.
            inventory: the hosts, one a line, or whatever else is in the file of that name.
            go_on: run all tasks, though some fail.
            journal: whether the record has the requests of each task.
            arguments: further ones of the command line.
        """
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        playbook, record = folder / "playbook.yml", folder / "record.jsonl"
        play = {
            "name": "Test",
            "hosts": "localhost",
            "gather_facts": False,
            **({"ignore_errors": True} if go_on else {}),
            **(also or {}),
            "tasks": list(tasks),
        }
        playbook.write_text(json.dumps([play]))
        record.touch()
        (folder / inventory_file).write_text(inventory)
        recorder: dict[str, str | None] = {
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_STDOUT_CALLBACK": "recorder",
            "RECORDER_FILE": str(record),
            "RECORDER_JOURNAL": f"{self.simulator.url}/_simulator/journal" if journal else "",
        }
        options = [*(["--check"] if check else []), *(["--diff"] if diff else [])]
        options += ["-" + "v" * verbosity] if verbosity else []
        options += ["--extra-vars", json.dumps(extra)] if extra else []
        options += ["--inventory", inventory_file, playbook.name, *arguments]
        process = subprocess.Popen(
            [*self.core.command("ansible-playbook"), *options],
            cwd=folder,
            env=self.environment(folder, {**recorder, **(environment or {})}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process, record

    def environment(self, folder: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
        """The environment variables of a command of Ansible that runs in the folder; None takes one away."""
        settings: dict[str, str | None] = {
            "PATH": f"{self.core.folder / 'bin'}:/usr/bin:/bin",
            "HOME": str(folder),
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "NO_PROXY": "127.0.0.1,localhost",
            "TMPDIR": str(folder),
            "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"],
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(folder / "remote"),
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_NOCOWS": "true",
            "ANSIBLE_INJECT_INVOCATION": "true",  # as before ansible-core 2.21
            **self.simulator.environment,
            **changes,
        }
        return {name: value for name, value in settings.items() if value is not None}

    def stop(self) -> None:
        """End what is still running, after a test that was left early."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()

    def finish(self, code: int, output: str, record: Path, warnings: Sequence[str] = (), fails: bool = False) -> Run:
        """Read the record, and look for what must never be: secrets, tracebacks, unexpected warnings."""
        print(output)
        lines = record.read_text()
        for secret in self.secrets:
            assert secret not in output + lines
        assert "traceback" not in output.lower()
        assert "Traceback (most recent" not in lines
        run = Run(code, output, [Outcome(**json.loads(line)) for line in lines.splitlines()])
        assert run.warnings == list(warnings)
        assert len(re.findall(r"\[(?:DEPRECATION )?WARNING\]|\bWARNING:", output)) == len(warnings)
        if not fails:
            assert run.messages == {}
            assert run.code == 0
        return run

    def _records(self, path: str) -> list[dict[str, Any]]:
        with self.simulator.client() as client:
            return client.get_all(path)

    def tickets(self) -> dict[int, str]:
        """The summaries of the tickets that the test made, by their ids."""
        return {each["id"]: each["summary"] for each in self._records("service/tickets") if each["id"] >= 20000}

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """A ticket as the API gives it."""
        with self.simulator.client() as client:
            found: dict[str, Any] = client.get(f"service/tickets/{ticket_id}")
        return found

    def notes(self, ticket_id: int) -> list[dict[str, Any]]:
        """The notes of a ticket, oldest first."""
        return sorted(self._records(f"service/tickets/{ticket_id}/notes"), key=lambda each: int(each["id"]))

    def attached(self, ticket_id: int) -> list[int]:
        """The ids of a ticket's configurations, in order."""
        return sorted(each["id"] for each in self._records(f"service/tickets/{ticket_id}/configurations"))

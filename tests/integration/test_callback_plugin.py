# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback plugin: what it makes of runs that fail, and of those that fail no longer."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from integration.plays import LOCALHOST, SECONDS, Player, Task, newest_only

FAIL: Task = {"name": "break", "ansible.builtin.fail": {"msg": "It broke."}}
PASS: Task = {"name": "pass", "ansible.builtin.assert": {"that": "true"}}
TWO_HOSTS = LOCALHOST + LOCALHOST.replace("localhost", "other", 1)
WARNING = re.compile(
    r"\[WARNING\]: (msp\.connectwise\.cw_ticket: .*?)(?=\n\s*\n|\n\[|\n[A-Z]{4} |\n\w+: \[|\Z)", re.DOTALL
)
PLACE = " (playbook.yml:1)"  # of every task here; ansible-core 2.16 does not know it of playbooks in JSON


@dataclass
class Ended:
    """What came of one ansible-playbook."""

    code: int
    output: list[str]
    """Its lines, without the plugin's warnings."""
    warnings: list[str]
    """Those of the plugin, each in one line."""


@dataclass
class Reporter:
    """Runs playbooks with the plugin."""

    play: Player

    @property
    def spool(self) -> Path:
        """The folder for reports that wait."""
        return self.play.folder / "spool"

    @property
    def waiting(self) -> list[Path]:
        """The reports that wait, oldest first."""
        return sorted(self.spool.glob("cw_ticket-*.json"))

    def start(self, *tasks: Task, hosts: str = "localhost", **how: Any) -> subprocess.Popen[str]:
        """Start a playbook of one play."""
        environment = {
            "ANSIBLE_CALLBACKS_ENABLED": "msp.connectwise.cw_ticket",
            "CW_TICKET_COMPANY": "Acme",
            "CW_TICKET_BOARD": "Network Operations",
            "CW_TICKET_SPOOL": str(self.spool),
            "CW_TICKET_TIME_LIMIT": "100",
            "COLUMNS": "10000",
            **how.pop("environment", {}),
        }
        also = {"hosts": hosts, **how.pop("also", {})}
        return self.play.start(*tasks, journal=False, environment=environment, also=also, **how)[0]

    def __call__(self, *tasks: Task, **how: Any) -> Ended:
        """Run a playbook of one play to its end."""
        return self.ended(self.start(*tasks, **how))

    def ended(self, process: subprocess.Popen[str]) -> Ended:
        """Wait for the end of a playbook."""
        output, _nothing = process.communicate(timeout=SECONDS)
        print(output)
        seen = output + json.dumps(self.play.simulator.journal()) + "".join(each.read_text() for each in self.waiting)
        for secret in self.play.secrets:
            assert secret not in seen
        assert "traceback" not in output.lower()
        warnings = [" ".join(text.split()) for text in WARNING.findall(output)]
        lines = re.sub(r"/tmp\w+/playbook", "/#/playbook", WARNING.sub("", output)).splitlines()
        return Ended(process.returncode, [line for line in lines if line.strip()], warnings)

    def tickets(self) -> list[dict[str, Any]]:
        """The tickets that the plugin opened, in order."""
        found: list[dict[str, Any]] = self.play.simulator.client().get_all("service/tickets", "id >= 20000")
        return sorted(found, key=lambda each: int(each["id"]))

    def notes(self, ticket: dict[str, Any]) -> list[str]:
        """The texts of a ticket's internal notes, oldest first."""
        notes = [each["text"] for each in self.play.notes(ticket["id"]) if each["internalAnalysisFlag"]]
        return [text.replace(PLACE, "") for text in notes]


@pytest.fixture
def reporter(play: Player) -> Reporter:
    """Runs playbooks with the plugin."""
    return Reporter(play)


def test_a_playbook_that_fails_and_recovers(reporter: Reporter) -> None:
    first = reporter(FAIL)
    assert (first.code, first.warnings) == (2, [])
    (ticket,) = reporter.tickets()
    assert ticket["summary"] == "Playbook playbook.yml: break"
    assert (ticket["company"]["identifier"], ticket["board"]["name"]) == ("Acme", "Network Operations")
    assert re.fullmatch(r"ansible:[0-9a-f]{16}:[0-9a-f]{16}", ticket["externalXRef"])
    (note,) = reporter.notes(ticket)
    note = re.sub(r"\d{4}-.* UTC", "#", re.sub(r"[0-9a-f]{32}", "#", note))
    assert note.splitlines() == [
        "Playbook: playbook.yml",
        "Inventory: inventory.ini",
        "Begun: #",
        "",
        "localhost failed: break",
        "It broke.",
        "",
        "Recap:",
        "localhost: ok=0 changed=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0",
        "",
        "[key: #]",
    ]

    # Somebody works on it; that is left alone, and every failed run is noted.
    reporter.play.simulator.client().patch(
        "service/tickets", ticket["id"], [{"op": "replace", "path": "status/id", "value": 302}]
    )
    assert reporter(FAIL).code == 2
    (again,) = reporter.tickets()
    assert (again["id"], again["status"]["name"], len(reporter.notes(again))) == (ticket["id"], "In Progress", 2)

    other = {**FAIL, "name": "break differently"}
    reporter(PASS, other)
    assert [each["summary"] for each in reporter.tickets()] == [
        "Playbook playbook.yml: break",
        "Playbook playbook.yml: break differently",
    ]

    green = reporter(PASS)
    assert (green.code, green.warnings) == (0, [])
    assert [each["closedFlag"] for each in reporter.tickets()] == [True, True]
    (resolution,) = [each["text"] for each in reporter.play.notes(ticket["id"]) if each["resolutionFlag"]]
    assert resolution.startswith("No failures: the ticket is closed\nPlaybook: playbook.yml\n")
    reporter.play.simulator.forget()
    reporter(PASS)
    assert reporter.play.simulator.requests() == ["GET service/tickets"]

    reporter(FAIL)
    assert [each["closedFlag"] for each in reporter.tickets()] == [True, True, False]
    assert reporter.tickets()[2]["externalXRef"] == ticket["externalXRef"]
    reporter(PASS)
    reporter(FAIL, environment={"CW_TICKET_REOPEN_WITHIN": "1d"})
    assert [each["closedFlag"] for each in reporter.tickets()] == [True, True, False]
    assert reporter.waiting == []
    assert [stat.S_IMODE(path.stat().st_mode) for path in (reporter.spool, reporter.spool / ".lock")] == [0o700, 0o600]


def test_a_loop(reporter: Reporter) -> None:
    """It tells of the items that failed."""
    says = {"that": "item != 'two'", "fail_msg": "Not two.", "success_msg": "Well done."}
    reporter({"name": "count", "ansible.builtin.assert": says, "loop": ["one", "two"]})
    (note,) = reporter.notes(reporter.tickets()[0])
    assert "localhost failed: count\nOne or more items failed\nNot two.\n\nRecap" in note


def test_what_is_a_failure(reporter: Reporter) -> None:
    """What is ignored or rescued is none; an unreachable host is one, unless it is ignored."""
    gone = "gone ansible_host=127.0.0.1 ansible_port=1 ansible_connection=ssh\n"
    rescued = {"block": [FAIL], "rescue": [PASS]}
    ignored = {**FAIL, "ignore_errors": True}
    ping = {"name": "reach", "ansible.builtin.ping": {}}
    settled = reporter(rescued, ignored, {**ping, "ignore_unreachable": True}, hosts="all", inventory=LOCALHOST + gone)
    assert (settled.code, settled.warnings, reporter.tickets()) == (0, [], [])
    skipped = reporter(ping, hosts="all", inventory=gone, environment={"CW_TICKET_IGNORE_HOSTS": "none,go*"})
    assert (skipped.code, reporter.tickets()) == (4, [])

    # The first failure is the one that was not rescued.
    assert reporter(rescued, ping, hosts="all", inventory=LOCALHOST + gone).code == 4
    (ticket,) = reporter.tickets()
    assert ticket["summary"] == "Playbook playbook.yml: reach"
    (note,) = reporter.notes(ticket)
    assert "gone unreachable: reach\n" in note
    assert "break" not in note
    recap = note.partition("Recap:\n")[2].splitlines()
    assert [line.partition(":")[0] for line in recap[:2]] == ["gone", "localhost"]
    assert "rescued=1" in recap[0]


@newest_only
def test_what_writes_nothing(reporter: Reporter) -> None:
    """Check mode, runs that do nothing, and partial runs, which do not show that a failure is gone."""
    reporter(FAIL)
    reporter.play.simulator.forget()
    started = [reporter.start(FAIL, check=True)]
    started += [reporter.start(FAIL, arguments=[name]) for name in ("--syntax-check", "--list-tasks", "--list-hosts")]
    assert [reporter.ended(process).code for process in started] == [2, 0, 0, 0]
    started = [reporter.start(PASS, hosts="nobody")]
    for partial in ("--limit=localhost", "--tags=always", "--skip-tags=x", "--start-at-task=pass"):
        started.append(reporter.start({**PASS, "tags": "always"}, arguments=[partial]))
    started.append(reporter.start(PASS, environment={"CW_TICKET_CLOSE_ON_SUCCESS": "never"}))
    assert [reporter.ended(process).code for process in started] == [0] * 6
    assert reporter.play.simulator.requests() == []
    assert reporter.waiting == []
    reporter(PASS, arguments=["--limit=localhost"], environment={"CW_TICKET_CLOSE_ON_SUCCESS": "any"})
    assert [each["closedFlag"] for each in reporter.tickets()] == [True]


def test_several_playbooks(reporter: Reporter) -> None:
    """Each playbook of a command line is a run of its own."""
    # Ansible goes on after this one, though its recap tells of a failure, and counts on.
    cleared = [{**FAIL, "when": "inventory_hostname == 'other'"}, {"ansible.builtin.meta": "clear_host_errors"}]
    for name, tasks in (("first.yml", cleared), ("second.yml", [FAIL])):
        hosts = "all" if name == "first.yml" else "localhost"
        play = {"hosts": hosts, "gather_facts": False, "tasks": tasks}
        (reporter.play.folder / name).write_text(json.dumps([play]))
    files = [str(reporter.play.folder / name) for name in ("first.yml", "second.yml")]
    ended = reporter(PASS, inventory=TWO_HOSTS, arguments=files)
    assert (ended.code, ended.warnings) == (2, [])
    first, second = reporter.tickets()
    assert [first["summary"], second["summary"]] == ["Playbook first.yml: break", "Playbook second.yml: break"]
    assert "other failed: break" in reporter.notes(first)[0]
    assert "other" not in reporter.notes(second)[0]


def test_secrets(reporter: Reporter) -> None:
    """What is hidden from Ansible's output is hidden in the ticket as well."""
    secret = "Tr0ub4dor&3"
    own = reporter.play.simulator.told["private_key"]
    fail = {"ansible.builtin.fail": {"msg": secret}}
    shell = {"ansible.builtin.shell": f"echo '{secret}' >&2; exit 1"}
    loop = {"ansible.builtin.shell": "echo '{{ item }}'; exit 1", "loop": [secret, "x"]}
    tasks = [{"name": "hide", "no_log": True, **each} for each in (fail, shell, loop)]
    tasks.append({"name": "hide an item", "no_log": "{{ item == '" + secret + "' }}", **loop})
    tasks.append({"name": "hide {{ secret }}", "no_log": True, "vars": {"secret": secret}, **fail})
    tasks.append({"name": "show", "ansible.builtin.fail": {"msg": f"The key is {own}."}})
    # Each host fails at another task.
    hosts = [f"host{number}" for number, _task in enumerate(tasks)]
    process = reporter.start(
        *({**task, "when": f"inventory_hostname == '{host}'"} for host, task in zip(hosts, tasks, strict=True)),
        hosts="all",
        inventory="".join(LOCALHOST.replace("localhost", host, 1) for host in hosts),
    )
    process.communicate(timeout=SECONDS)
    journal = json.dumps(reporter.play.simulator.journal())
    for each in (secret, *reporter.play.secrets):
        assert each not in journal
    (ticket,) = reporter.tickets()
    (note,) = reporter.notes(ticket)
    assert re.findall(r"^host\d failed: .*\n.*$", note, re.MULTILINE) == [
        *(f"host{number} failed: hide\n(hidden: no_log)" for number in range(3)),
        "host3 failed: hide an item\n(hidden: no_log)",
        "host4 failed: hide {{ secret }}\n(hidden: no_log)",
        "host5 failed: show\nThe key is **********.",
    ]


@newest_only
def test_much_output(reporter: Reporter) -> None:
    inventory = "".join(LOCALHOST.replace("localhost", f"host{number:03}", 1) for number in range(40))
    noise = {"name": "n" * 200, "ansible.builtin.fail": {"msg": "x" * 5000}}
    assert reporter(noise, hosts="all", inventory=inventory, environment={"ANSIBLE_FORKS": "20"}).code == 2
    (ticket,) = reporter.tickets()
    assert len(ticket["summary"]) == 100
    (note,) = reporter.notes(ticket)
    assert len(note) < 20100
    assert "characters left out]" in note


def test_an_interrupted_playbook(reporter: Reporter) -> None:
    """Ctrl-C, and an error that ends a playbook half-way."""
    started = reporter.play.folder / "started"
    wait = {"name": "wait", "ansible.builtin.shell": f"touch {started}; sleep 60"}
    process = reporter.start(PASS, wait)
    until = time.monotonic() + SECONDS
    while not started.exists() and time.monotonic() < until:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    ended = reporter.ended(process)
    assert (ended.code, ended.warnings) == (99, [])
    (ticket,) = reporter.tickets()
    assert ticket["summary"] == "Playbook playbook.yml: the run did not come to its end"
    assert "Aborted: the run did not come to its end; its last task was wait\n" in reporter.notes(ticket)[0]
    assert reporter(PASS).code == 0
    assert reporter.tickets()[0]["closedFlag"]

    fatal = reporter(PASS, also={"strategy": "nonsense"})
    assert (fatal.code, fatal.warnings) == (1, [])
    assert [each["closedFlag"] for each in reporter.tickets()] == [True, False]


def test_connectwise_is_down(reporter: Reporter) -> None:
    """The playbook ends as it would without the plugin; the report is kept and sent the next time, once."""
    expected = reporter(FAIL, environment={"ANSIBLE_CALLBACKS_ENABLED": None})
    assert reporter.play.simulator.requests() == []
    refused = reporter(FAIL, environment={"CW_URL": "http://127.0.0.1:9", "CW_RETRY_BUDGET": "0"})
    assert (refused.code, refused.output) == (expected.code, expected.output)
    (warning,) = refused.warnings
    where = f"Reports that wait in '{reporter.spool}' for the next run: 1."
    assert warning.startswith("msp.connectwise.cw_ticket: base_url: ") and warning.endswith(where)
    (path,) = reporter.waiting
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(reporter.spool.stat().st_mode)) == (0o600, 0o700)
    # Of another server, so that it never goes to this one.
    reporter(PASS)
    assert reporter.waiting == [path]
    path.unlink()

    # It hangs before it does anything, and after it has opened the ticket.
    for number, slow in enumerate([("latency", "GET"), ("slow-after", "POST")], 1):
        reporter.play.simulator.fault(slow[0], method=slow[1], path="service/tickets$", seconds=60)
        hanging = reporter(FAIL, environment={"CW_TICKET_TIME_LIMIT": "2"})
        assert (hanging.code, hanging.output) == (expected.code, expected.output)
        assert hanging.warnings == [
            "msp.connectwise.cw_ticket: time_limit: ConnectWise took longer than 2 s. "
            + where.replace("1.", f"{number}.")
        ]
    assert len(reporter.waiting) == 2
    first_waiting = reporter.waiting[0]
    kept = first_waiting.read_text()
    locked_out = reporter({**FAIL, "name": "other"}, environment={"CW_PASSWORD": "wrong"})
    assert (locked_out.code, len(locked_out.warnings), len(reporter.waiting)) == (2, 1, 3)
    sent = reporter(PASS)
    assert (sent.code, sent.warnings, reporter.waiting) == (0, [], [])
    tickets = reporter.tickets()
    assert [(each["summary"], each["closedFlag"]) for each in tickets] == [
        ("Playbook playbook.yml: break", True),
        ("Playbook playbook.yml: other", True),
    ]
    assert [len(reporter.notes(each)) for each in tickets] == [2, 1]

    # A run that was killed before it could forget what it had sent.
    first_waiting.write_text(kept)
    reporter.play.simulator.forget()
    assert reporter(PASS).warnings == []
    assert reporter.waiting == []
    assert reporter.play.simulator.writes() == []


@newest_only
def test_two_at_once(reporter: Reporter) -> None:
    processes = [reporter.start(FAIL) for _number in range(3)]
    assert [reporter.ended(process).warnings for process in processes] == [[], [], []]
    (ticket,) = [each for each in reporter.tickets() if not each["closedFlag"]]
    assert len(set(reporter.notes(ticket))) == 3
    assert f"localhost failed: break{PLACE}\n" in reporter.play.notes(ticket["id"])[-1]["text"]
    assert reporter.waiting == []


@newest_only
def test_a_spool_that_can_not_be_used(reporter: Reporter) -> None:
    reporter.spool.mkdir(0o700)
    broken = [reporter.spool / f"cw_ticket-{number:020}-{number:032x}.json" for number in range(3)]
    broken[0].write_text("{")
    broken[1].write_text(json.dumps({"id": f"{1:032x}"}))
    broken[2].symlink_to("/etc/passwd")
    foreign = reporter.spool / "notes.json"
    foreign.write_text("{}")
    ended = reporter(FAIL)
    assert ended.code == 2
    (warning,) = ended.warnings
    assert warning.count("was broken and is set aside as cw_ticket.broken.") == 3
    assert len(reporter.tickets()) == 1
    assert (reporter.waiting, foreign.read_text()) == ([], "{}")

    (reporter.spool / "file").touch()
    ended = reporter(FAIL, environment={"CW_TICKET_SPOOL": str(reporter.spool / "file" / "below")})
    (warning,) = ended.warnings
    assert warning.endswith(f"spool: '{reporter.spool}/file/below' can't be used: Not a directory.")
    assert len(reporter.notes(reporter.tickets()[0])) == 2


def test_what_is_not_configured(reporter: Reporter) -> None:
    """One warning, and the playbook goes on."""
    ended = reporter(FAIL, environment={"CW_URL": None})
    assert ended.code == 2
    (warning,) = ended.warnings
    assert "base_url" in warning and warning.endswith("No ticket will be written.")


@newest_only
def test_wrong_options(reporter: Reporter) -> None:
    """The same, and what waited is written once the option is right."""
    started = {
        text: reporter.start(PASS, environment=environment)
        for environment, text in (
            ({"CW_TICKET_COMPANY": None}, "company"),
            ({"CW_PASSWORD": ""}, "password: it is empty, but every request needs it."),
            ({"CW_TICKET_TIME_LIMIT": "0"}, "time_limit: it must be more than 0 and at most 3600 seconds."),
            ({"CW_TICKET_KEY_PREFIX": "x" * 61}, "key_prefix: it is longer than 60 characters."),
            ({"CW_TICKET_REOPEN_WITHIN": "soon"}, "reopen_within"),
        )
    }
    for text, process in started.items():
        (warning,) = reporter.ended(process).warnings
        assert text in warning and warning.endswith("No ticket will be written.")
    assert reporter.play.simulator.requests() == []

    ended = reporter(FAIL, environment={"CW_TICKET_BOARD": "Nothing"})
    assert ended.code == 2
    (warning,) = ended.warnings
    assert warning.startswith("msp.connectwise.cw_ticket: board: ") and "for the next run: 1." in warning
    assert reporter(FAIL).warnings == []
    (ticket,) = reporter.tickets()
    assert len(reporter.notes(ticket)) == 2

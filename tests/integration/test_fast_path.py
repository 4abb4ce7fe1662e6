# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks return the same whether they run in Ansible's own process or as modules of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from typing import Any

import pytest

from conftest import Core
from integration.plays import (
    HERE,
    LOCALHOST,
    SECONDS,
    Outcome,
    Player,
    Run,
    Task,
    checked,
    configuration_info,
    newest_only,
    note,
    task,
    ticket,
)
from integration.test_documentation import MODULES, documentation

IN_PROCESS, AS_MODULE = "runs in this process", "runs as a module of its own (in_process)"
VARYING = (
    r"\b[0-9a-f]{32}\b",  # what parts of a form are divided by
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # numbers of requests and records
    r"[0-9-]{10}T[0-9:.]{8,}Z?",
    r"(?<=Resolve by )[\w/: ]+",
    r"(?<= in )[0-9.]+ s",
    r"/cw-\w+/\w+",
)
PROXY = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
TEMPLATE = "{% raw %}{{ 1 + 1 }} {{ lookup('pipe', 'id') }}{% endraw %}"
CONNECTIONS = {"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins")}
NEW = {"company": "Acme", "board": "Help Desk"}
API = {"path": "service/sources/1", "method": "PATCH"}

TASKS: list[Task] = [
    # every state
    ticket("open", key="k", summary=TEMPLATE, configurations=["PROD-WEB-01"], custom_fields={"Risk Score": 2.5}, **NEW),
    ticket("close", key="k", state="closed", resolution="Done: ä, ü, 漢 and \N{GRINNING FACE}"),
    ticket("reopen", {"register": "reopened"}, key="k", when_closed="reopen", status="New"),
    ticket("another", key="k", summary="Second", when_closed="create", fields={"budgetHours": "2"}, **NEW),
    ticket("delete", key="k", state="absent"),
    note("write", {"register": "written"}, ticket_id=123, text=TEMPLATE, kind=["discussion", "internal"]),
    configuration_info("find", company="Acme", name="PROD-WEB-01"),
    configuration_info("tickets of it", id=67890, include=["tickets"]),
    task("cw_record_info", "record", None, record="contact", name="it.manager@acme.example"),
    task("cw_board_info", "board", None, name="Help Desk", include=["statuses", "types", "teams"]),
    task("cw_contact", "person", None, email="zoë@acme.example", first_name="Zoë", communications={"Cell": "1"}),
    task("cw_contact", "person in use", None, id=2500, state="absent"),
    configuration_info("too many", {"register": "many"}, limit=1, fields=["id", "name"]),
    task("cw_api", "body as text", None, path="service/sources/1", method="PATCH", body='{"name": "Te\u00e9l"}'),
    task("cw_api", "body of a variable", {"vars": {"b": {"name": "T", "defaultFlag": True}}}, **API, body="{{ b }}"),
    task("cw_api", "body of parts", {"vars": {"flag": False}}, **API, body={"defaultFlag": "{{ flag }}"}),
    task("cw_api", "operations", None, **API, body=[{"op": "replace", "path": "name", "value": "{{ 5 }}"}]),
    task("cw_api_info", "read", None, path="service/sources", fields="id,name", query={"pod": 5}),
    # what is wrong
    task("cw_api", "body that is none", None, **API, body="{{ 5 }}"),
    task("cw_api", "body that is no JSON", None, **API, body="{'name': 'x'}"),
    task("cw_callback", "no level", None, url="https://a.example/?recordId=", type="ticket"),
    ticket("no such ticket", id=999),
    ticket("no such board", key="k", summary="x", company="Acme", board="None"),
    ticket("nothing"),
    ticket("unknown options", id=123, colour="red", shape=None),
    ticket("wrong key", id=123, password="wrong"),
    configuration_info("bad conditions", conditions="nothing = 1"),
    # keywords
    checked(ticket("check mode", id=123, priority="Priority 1 - Critical")),
    ticket("environment", {"environment": {"CW_TIMEOUT": 20, "CW_CODEBASE": "v2025_1"}}, id=123),
    ticket("proxy of the environment", {"environment": PROXY}, id=123, retry_budget=0),
    ticket("after the environment", id=123),
    ticket("alias too", id=123, username="nobody", public_key="{{ lookup('env', 'CW_USERNAME') }}"),
    ticket("secret", {"no_log": True}, id=123),
    ticket("until", {"register": "r", "until": "r.changed", "retries": 1, "delay": 0}, id=123),
    ticket("failed when", {"failed_when": True}, id=123),
    configuration_info("loop", {"loop": [2, 3]}, limit="{{ item }}", fields=["id"]),
    ticket("failing loop", {"loop": [123, 999]}, id="{{ item }}", fields=dict.fromkeys(["budgetHours"], 1)),
    note("once, elsewhere", {"delegate_to": "localhost", "run_once": True, "throttle": 1}, ticket_id=123, text="x"),
    # what the server said is never a template
    {"name": "show", "ansible.builtin.debug": {"msg": "{{ reopened.ticket.summary }} {{ written.note.text }}"}},
]
WARNINGS = [
    "limit: 1 of 9 configurations are returned. Raise limit, or ask for fewer.",
    "Both option username and its alias public_key are set.",
    "limit: 2 of 9 configurations are returned. Raise limit, or ask for fewer.",
    "limit: 3 of 9 configurations are returned. Raise limit, or ask for fewer.",
]


def both_ways(play: Player, *tasks: Task, **how: Any) -> Run:
    """Run the tasks in this process and as modules; all that is returned, displayed and asked must be the same.

    Returns:
        The run in this process.
    """
    runs = []
    for way in ("true", "false"):
        play.simulator.reset()
        runs.append(play(*tasks, verbosity=3, environment={"CW_IN_PROCESS": way}, **how))
    fast, slow = runs
    assert AS_MODULE not in fast.output
    assert IN_PROCESS not in slow.output
    assert fast.output.count(IN_PROCESS) == slow.output.count(AS_MODULE) > 0
    for one, other in zip(fast, slow, strict=True):
        assert (one.task, one.status) == (other.task, other.status)
        assert comparable(one.result) == comparable(other.result), one.task
        assert comparable(requests(one)) == comparable(requests(other)), one.task
    assert displayed(fast.output) == displayed(slow.output)
    return fast


def requests(each: Outcome) -> list[dict[str, Any]]:
    """What a task asked, in order."""
    names = ("method", "path", "query", "body", "status", "headers")
    return [{name: entry[name] for name in names} for entry in each.requests]


def comparable(value: Any) -> Any:
    """A result without what differs from run to run."""
    return json.loads(without_chance(json.dumps(value, sort_keys=True)))


def displayed(output: str) -> list[str]:
    """The lines that the user sees, without those that tell how a module is started."""
    lines = without_chance(output).splitlines()
    return [line for line in lines if line and not re.match("<|Using module file", line)]


def without_chance(text: str) -> str:
    """A text with # for numbers of requests, times and temporary files."""
    text = text.replace('"in_process": false', '"in_process": true')
    text = re.sub(r'("(?:clock_difference|elapsed)": )-?[0-9.]+', r"\g<1>0", text)
    # ansible-core 2.19 and later say whether it was an action or a module that failed.
    text = text.replace("Task failed: Action failed", "Task failed: Module failed")
    return re.sub("|".join(VARYING), "#", text)


@newest_only
@pytest.mark.long
def test_examples(play: Player) -> None:
    """The documented examples of each module."""
    examples: list[Task] = [each for module in MODULES for each in documentation(module, "EXAMPLES")]
    run = both_ways(play, *examples, diff=True)
    assert len(run.outcomes) == len(examples)


def test_all_that_a_task_can_be(play: Player) -> None:
    """Every state, what is wrong, and the keywords of tasks."""
    run = both_ways(play, *TASKS, diff=True, fails=True, warnings=WARNINGS)
    assert run["show"]["msg"] == "{{ 1 + 1 }} {{ lookup('pipe', 'id') }} {{ 1 + 1 }} {{ lookup('pipe', 'id') }}"
    assert run["check mode"].writes == []
    assert run["secret"]["censored"]
    assert run["until"]["attempts"] == 1


def ways(run: Run) -> dict[str, str]:
    """In which way each task ran, by its name."""
    found: dict[str, str] = {}
    for part in run.output.split("\nTASK [")[1:]:
        for way in re.findall(r"msp\.connectwise\.cw_\w+ runs (in this process|as a module of its own \(.*\))", part):
            found[part.partition("]")[0]] = way.removeprefix("as a module of its own ")
    return found


def test_where_tasks_run_as_modules(play: Player, cores: dict[str, Core]) -> None:
    """Wherever it would not be the same; and it works there too."""
    (other,) = (core for core in cores.values() if core != play.core)
    python, python3 = str(other.python), str(play.core.folder / "bin" / "python3")
    expected: dict[str, tuple[str, Task]] = {
        "here": ("in this process", {}),
        "discovered": ("in this process", {"vars": {"ansible_python_interpreter": "auto_silent"}}),
        "same Python": ("in this process", {"vars": {"ansible_python_interpreter": python3}}),
        "other Python": ("(interpreter)", {"vars": {"ansible_python_interpreter": python}}),
        "elsewhere": ("(connection)", {"delegate_to": "far"}),
        "async": ("(async)", {"async": 60, "poll": 1}),
        "background": ("(async)", {"async": 60, "poll": 0, "register": "job"}),
        "become": ("(become)", {"become": True, "become_method": "ansible.builtin.su"}),
        "PYTHONPATH": ("(environment)", {"environment": {"PYTHONPATH": "/nowhere"}}),
        "environment": ("(in_process)", {"environment": {"CW_IN_PROCESS": "no"}}),
    }
    tasks = [ticket(name, also, id=123) for name, (_way, also) in expected.items()]
    wait = {
        "name": "wait",
        "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}"},
        "register": "waited",
        "until": "waited.finished | bool",
        "retries": 60,
        "delay": 1,
    }
    run = play(
        *tasks,
        wait,
        ticket("option", id=123, in_process=False),
        ticket("no flag", id=123, in_process="maybe"),
        verbosity=3,
        fails=True,
        environment={**CONNECTIONS, "ANSIBLE_ASYNC_DIR": str(play.folder / "async")},
        inventory=LOCALHOST + "far ansible_connection=elsewhere\n",
        also={"vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}},
    )
    assert ways(run) == {
        **{name: way for name, (way, _also) in expected.items()},
        "option": "(in_process)",
        "no flag": "(in_process)",
    }
    assert "'maybe' is not a valid boolean" in run.messages["no flag"]
    # Not everybody may become somebody else.
    assert set(run.messages) <= {"become", "no flag"}
    assert run["wait"]["ticket"]["id"] == 123


def test_another_machine(play: Player) -> None:
    """What is delegated to this machine runs in this process; and where the library is missing here, a module tells."""
    inventory = (
        LOCALHOST + "far ansible_connection=elsewhere ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
    )
    far: dict[str, Any] = {
        "verbosity": 3,
        "inventory": inventory,
        "also": {"hosts": "far"},
        "environment": CONNECTIONS,
    }
    here = {"delegate_to": "localhost"}
    run = play(
        ticket("there", id=123), ticket("here", here, id=123), ticket("local", {"connection": "local"}, id=123), **far
    )
    assert ways(run) == {"there": "(connection)", "here": "in this process", "local": "(connection)"}

    (play.folder / "requests.py").write_text("raise ImportError")
    run = play(ticket("here", id=123), verbosity=3, fails=True, environment={"PYTHONPATH": str(play.folder)})
    assert ways(run) == {"here": "(requests is missing here)"}
    assert run.messages["here"].startswith("Failed to import the required Python library (requests) on ")


def test_defaults_of_modules(play: Player) -> None:
    """Those of the group are for all modules, those of a module for that one; the modules' names may be short."""
    defaults = {"group/msp.connectwise.cw": play.simulator.login, "msp.connectwise.cw_ticket": {"id": 123}}
    run = play(
        {"name": "ticket", "msp.connectwise.cw_ticket": {}},
        {"name": "short", "cw_ticket": {}},
        {"name": "note", "cw_ticket_note": {"ticket_id": 123, "text": "x"}},
        {"name": "action", "action": "msp.connectwise.cw_ticket_note", "args": {"ticket_id": 123, "text": "x"}},
        {"name": "find", "local_action": "msp.connectwise.cw_configuration_info id=67890"},
        environment=dict.fromkeys(play.simulator.environment),
        also={"module_defaults": defaults, "collections": ["msp.connectwise"]},
        verbosity=2,
    )
    assert [each.status for each in run] == ["ok", "ok", "changed", "ok", "ok"]
    assert "redirecting" not in run.output


def test_a_key_from_a_vault(play: Player) -> None:
    password, secrets = play.folder / "password", play.folder / "secrets.yml"
    password.write_text("sesame")
    encrypted = subprocess.run(
        [
            *play.core.command("ansible-vault"),
            "encrypt_string",
            "--vault-password-file",
            password,
            "--stdin-name",
            "key",
        ],
        input=play.simulator.login["password"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    secrets.write_text(encrypted)
    run = play(
        ticket("option", id=123, password="{{ key }}"),
        ticket("environment", {"environment": {"CW_PASSWORD": "{{ key }}"}}, id=123),
        environment={"CW_PASSWORD": None, "ANSIBLE_VAULT_PASSWORD_FILE": str(password)},
        also={"vars_files": [str(secrets)]},
        verbosity=4,
    )
    assert set(ways(run).values()) == {"in this process"}


@pytest.mark.parametrize("strategy", ["linear", "free"])
def test_many_hosts(play: Player, strategy: str) -> None:
    """20 hosts at once, each with its own note, written once."""
    hosts = [f"host{number}" for number in range(20)]
    common = LOCALHOST.partition(" ")[2]
    tasks = [note(name, ticket_id=123, text="From {{ inventory_hostname }}") for name in ("write", "again")]
    run = play(
        *tasks,
        inventory="".join(f"{host} {common}" for host in hosts),
        also={"hosts": "all", "strategy": f"ansible.builtin.{strategy}"},
        environment={"ANSIBLE_FORKS": "20"},
    )
    outcomes = {(each.task, each.status) for each in run}
    assert outcomes == {("write", "changed"), ("again", "ok")}
    assert len(run.outcomes) == 40
    assert sorted(each["text"] for each in play.notes(123))[-20:] == sorted(f"From {host}" for host in hosts)


def test_a_time_limit(play: Player) -> None:
    """A task that takes too long fails, and the next one is not touched by it."""
    play.simulator.fault("latency", path="tickets/12345$", seconds=30)
    slow = {"timeout": 1, "loop": [12345, 123], "environment": {"CW_TIMEOUT": 60}}
    process, record = play.start(ticket("slow", slow, id="{{ item }}"), go_on=True)
    output, _nothing = process.communicate(timeout=SECONDS)
    # ansible-core 2.19 tells how to see a traceback.
    output = re.sub("Configure `DISPLAY_TRACEBACK` .* errors", "", output)
    run = play.finish(process.returncode, output, record, fails=True)
    first, second = run["slow"]["results"]
    assert "ticket" not in first
    assert second["ticket"]["id"] == 123


def test_an_interrupted_run(play: Player) -> None:
    """Ctrl-C ends a task that waits for the server."""
    play.simulator.fault("latency", path="tickets/12345$", seconds=60)
    process, record = play.start(ticket("slow", id=12345), journal=False)
    until = time.monotonic() + SECONDS
    while not play.simulator.journal() and time.monotonic() < until:
        time.sleep(0.1)
    # As a person does it who sees that the first one was not taken.
    for _press in range(5):
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            output, _nothing = process.communicate(timeout=10)
            break
    run = play.finish(process.returncode, output, record, fails=True)
    assert run.code != 0
    assert list(run) == []

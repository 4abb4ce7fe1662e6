# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks return the same whether they run in Ansible's own process or as modules of their own."""

from __future__ import annotations

import json
import re
from typing import Any

from integration.plays import Outcome, Player, Run, Task, checked, configuration_info, note, ticket
from integration.test_documentation import MODULES, documentation

IN_PROCESS, AS_MODULE = "runs in this process", "runs as a module of its own (in_process)"
VARYING = (
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # numbers of requests and records
    r"[0-9-]{10}T[0-9:.]{8,}Z?",
    r"(?<=Resolve by )[\w/: ]+",
    r"(?<= in )[0-9.]+ s",
    r"/cw-\w+/\w+",
)
PROXY = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
TEMPLATE = "{% raw %}{{ 1 + 1 }} {{ lookup('pipe', 'id') }}{% endraw %}"
HERE = {"company": "Acme", "board": "Help Desk"}

TASKS: list[Task] = [
    # every state
    ticket(
        "open", key="k", summary=TEMPLATE, configurations=["PROD-WEB-01"], custom_fields={"Risk Score": 2.5}, **HERE
    ),
    ticket("same", key="k", summary=TEMPLATE, required_date="2026-12-31"),
    ticket("close", key="k", state="closed", resolution="Done: ä, ü, 漢 and \N{GRINNING FACE}"),
    ticket("closed already", key="k", status="New"),
    ticket("reopen", {"register": "reopened"}, key="k", when_closed="reopen", status="New"),
    ticket("another", key="k", summary="Second", when_closed="create", fields={"budgetHours": "2"}, **HERE),
    ticket("delete", key="k", state="absent"),
    ticket("none to delete", key="k", state="absent"),
    note("write", {"register": "written"}, ticket_id=123, text=TEMPLATE, kind=["discussion", "internal"]),
    note("with a key", ticket_id=123, text="1 of 2", key="progress"),
    note("other text", ticket_id=123, text="2 of 2", key="progress"),
    note("take away", ticket_id=123, key="progress", state="absent"),
    configuration_info("find", company="Acme", name="PROD-WEB-01"),
    configuration_info("too many", {"register": "many"}, limit=1, fields=["id", "name"]),
    # what is wrong
    ticket("no such ticket", id=999),
    ticket("no such board", key="k", summary="x", company="Acme", board="None"),
    ticket("not on this board", id=123, status="Approved"),
    ticket("nothing"),
    ticket("two ways to say which", id=123, key="k", match=["summary"]),
    ticket("alone", id=123, key_field="x"),
    ticket("choice", id=123, severity="Urgent"),
    ticket("type", id="many"),
    ticket("unknown options", id=123, colour="red", shape=None),
    ticket("wrong key", id=123, password="wrong"),
    note("no kind", ticket_id=123, text="x", kind=[]),
    configuration_info("bad conditions", conditions="nothing = 1"),
    configuration_info("empty", name=""),
    # keywords
    checked(ticket("check mode", id=123, priority="Priority 1 - Critical")),
    ticket("environment", {"environment": {"CW_TIMEOUT": 20, "CW_CODEBASE": "v2025_1"}}, id=123),
    ticket("proxy of the environment", {"environment": PROXY}, id=123, retry_budget=0),
    ticket("after the environment", id=123),
    ticket("alias too", id=123, username="nobody", public_key="{{ lookup('env', 'CW_USERNAME') }}"),
    ticket("secret", {"no_log": True}, id=123),
    ticket("omitted", id=123, priority="{{ nothing | default(omit) }}"),
    ticket("until", {"register": "r", "until": "r.changed", "retries": 1, "delay": 0}, id=123),
    ticket("changed when", {"changed_when": True}, id=123),
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
    # ansible-core 2.19 and later say whether it was an action or a module that failed.
    text = text.replace("Task failed: Action failed", "Task failed: Module failed")
    return re.sub("|".join(VARYING), "#", text)


def test_examples(play: Player) -> None:
    """The documented examples of each module: in check mode, really, and again."""
    examples: list[Task] = [task for module in MODULES for task in documentation(module, "EXAMPLES")]
    run = both_ways(play, *map(checked, examples), *examples, *examples, diff=True)
    assert len(run.outcomes) == 3 * len(examples)


def test_all_that_a_task_can_be(play: Player) -> None:
    """Every state, what is wrong, and the keywords of tasks."""
    run = both_ways(play, *TASKS, diff=True, fails=True, warnings=WARNINGS)
    assert run["show"]["msg"] == "{{ 1 + 1 }} {{ lookup('pipe', 'id') }} {{ 1 + 1 }} {{ lookup('pipe', 'id') }}"
    assert run["check mode"].writes == []
    assert run["secret"]["censored"]
    assert run["until"]["attempts"] == 1

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_ticket_task: each step in check mode, really, and again."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, cycle, newest_only, settles, task

TASKS = "service/tickets/123/tasks"


def step(_name: str, /, **options: Any) -> Task:
    """A task of cw_ticket_task."""
    return task("cw_ticket_task", _name, {"register": "made"}, **options)


def test_life_cycle(play: Player) -> None:
    run = play(
        *cycle(step("write", ticket_id=123, summary="Back up", member="oncall", code="Checklist")),
        *cycle(step("second", ticket_id=123, summary="Restart", priority=5)),
        *cycle(step("tick off", ticket_id=123, summary="Back up", closed=True, resolution="Done.")),
        *cycle(step("give", ticket_id=123, summary="Back up", member="Service Desk", priority=2)),
        *cycle(step("by id", ticket_id=123, id="{{ made.task.id }}", summary="Back up all", closed=False)),
        *cycle(step("empty", ticket_id=123, id="{{ made.task.id }}", resolution="", member="")),
        *cycle(step("delete", ticket_id=123, task_id="{{ made.task.id }}", state="absent")),
        *cycle(step("delete by text", ticket_id=123, summary="Restart", state="absent")),
    )
    for name in ("write", "second"):
        settles(run, name, "created")
        assert run[f"{name}, again"].lines == [f"GET {TASKS}"]
    for name in ("tick off", "give", "by id", "empty"):
        settles(run, name, "updated")
        assert len(run[f"{name}, again"].requests) == 1
    for name in ("delete", "delete by text"):
        settles(run, name, "deleted")
    made = run["write"]["task"]
    assert (made["ticket_id"], made["text"], made["member_name"], made["code_name"], made["is_closed"]) == (
        123,
        "Back up",
        "On Call",
        "Checklist",
        False,
    )
    foreseen = run["write, in check mode"]
    assert (foreseen["task"]["id"], foreseen["task"]["ticket_id"], foreseen["url"]) == (0, 123, run["write"]["url"])
    assert run["write"]["diff"]["after"] == {"summary": "Back up", "code": "Checklist", "member": "On Call"}
    assert run["tick off"].lines == [f"GET {TASKS}", f"PATCH {TASKS}/{made['id']}"]
    assert run["tick off"]["diff"] == {
        "before": {"closed": False, "resolution": None},
        "after": {"closed": True, "resolution": "Done."},
    }
    assert run["by id"].lines == [f"GET {TASKS}/{made['id']}", f"PATCH {TASKS}/{made['id']}"]
    assert run["empty"]["diff"]["before"] == {"member": "Service Desk", "resolution": "Done."}
    assert run["delete"]["diff"]["before"]["summary"] == "Back up all"
    assert play._records(TASKS) == []


@newest_only
def test_wrong_options(play: Player) -> None:
    play.simulator.insert(TASKS, [{"summary": "Twice"}, {"summary": "Twice"}])
    run = play(
        step("no ticket", ticket_id=999, summary="One."),
        step("no ticket for an id", ticket_id=999, id=1, closed=True),
        step("ticket 0", ticket_id=0, summary="One."),
        step("no ticket of that key", ticket_key="nothing", summary="One."),
        step("no text", ticket_id=123, summary=" "),
        step("nothing", ticket_id=123),
        step("no task of that id", ticket_id=123, id=999, closed=True),
        step("twice", ticket_id=123, summary="Twice", closed=True),
        step("unknown code", ticket_id=123, summary="One.", code="Nothing"),
        step("unknown member", ticket_id=123, summary="One.", member="nobody"),
        step("unknown field", ticket_id=123, summary="One.", fields={"childTicket": 5}),
        step("unknown action", ticket_id=123, summary="One.", fields={"childScheduleAction": "Burn"}),
        fails=True,
    )
    first, second = (each["id"] for each in play._records(TASKS))
    assert run.messages == {
        "unknown member": (
            "member: there is no member named 'nobody'. There are: Ansible Automation (ansible, id 637), Service Desk "
            "(servicedesk, id 638), On Call (oncall, id 639)."
        ),
        "no ticket": "ticket_id: there is no service ticket 999. (A project ticket is another kind of record.)",
        "no ticket for an id": "id: there is no task 1.",
        "ticket 0": "ticket_id: 0 is no id of a ticket; 0 is what a ticket has that check mode did not create.",
        "no ticket of that key": "ticket_key: no ticket has the key 'nothing'.",
        "no text": "summary: a task needs a text.",
        "nothing": "one of the following is required: id, summary, notes",
        "no task of that id": "id: there is no task 999.",
        "twice": f"summary: 2 tasks of the ticket match: {first}, {second}. Give the id of one.",
        "unknown code": "code: there is no service code named 'Nothing'. There are: Checklist (id 1).",
        "unknown field": (
            "fields: there is no field 'childTicket' that can be set. Did you mean childTicketId or "
            "childScheduleAction?"
        ),
        "unknown action": "fields, childScheduleAction: 'Burn' is none of Transfer, Delete, Done.",
    }
    assert play.simulator.writes() == [f"POST {TASKS}"]  # the code that is sent by its name, and refused

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseBadRequestError,
    ConnectWiseNotFoundError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.task import run_task
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

TASKS = "service/tickets/123/tasks"
NO_SUMMARY = {
    "code": "ConnectWiseApi",
    "message": "Could not find member 'summary' on object of type 'TicketTask'. Path 'summary', line 1, position 11.",
}


def of_older_servers(simulator: Simulator, text: str) -> int:
    """A task that has its text in the notes."""
    return simulator.insert(TASKS, [{"notes": text}])[0]


def test_a_task_and_all_its_fields(simulator: Simulator, tasks: Tasks) -> None:
    (entry,) = simulator.insert("schedule/entries", [{"type": {"id": 4}, "objectId": 123, "member": {"id": 639}}])
    given: dict[str, Any] = {
        "ticket_id": 123,
        "summary": "Back up",
        "notes": "Both volumes",
        "priority": 3,
        "code": "Checklist",
        "member": "oncall@msp.example",
        "schedule": str(entry),
        "resolution": "Done",
        "closed": True,
        "fields": {"childTicketId": 12345, "childScheduleAction": "done"},
    }
    made = tasks.checked("cw_ticket_task", **given)["task"]
    assert (made["priority"], made["code_name"], made["member_name"], made["is_closed"]) == (
        3,
        "Checklist",
        "On Call",
        True,
    )
    assert (made["schedule"]["id"], made["child_ticket_id"], made["notes"]) == (entry, 12345, "Both volumes")


def test_a_task_with_its_text_in_the_notes_is_found_by_it(simulator: Simulator, tasks: Tasks) -> None:
    task = of_older_servers(simulator, "Back up")
    done = tasks.checked("cw_ticket_task", ticket_id=123, summary="Back up ", closed=True)
    assert (done["operation"], done["task"]["id"], done["task"]["summary"]) == ("updated", task, None)
    renamed = tasks.checked("cw_ticket_task", ticket_id=123, id=task, summary="Back up all")
    assert renamed["diff"] == {"before": {"notes": "Back up"}, "after": {"notes": "Back up all"}}
    assert renamed["task"]["text"] == "Back up all"
    both = tasks.checked("cw_ticket_task", ticket_id=123, summary="Back up all", notes="Both volumes")
    assert (both["task"]["id"], both["task"]["summary"], both["task"]["notes"]) == (task, "Back up all", "Both volumes")


def test_a_task_by_its_notes(tasks: Tasks) -> None:
    made = tasks.checked("cw_ticket_task", ticket_id=123, notes="Two\nlines")
    done = tasks.checked("cw_ticket_task", ticket_id=123, notes="Two  \r\nlines\n", closed=True)
    assert (done["operation"], done["task"]["id"]) == ("updated", made["task"]["id"])
    assert tasks.checked("cw_ticket_task", ticket_id=123, notes="Two\nlines", state="absent")["operation"] == "deleted"


def test_absent_deletes_all_of_the_text(simulator: Simulator, tasks: Tasks) -> None:
    simulator.insert(TASKS, [{"summary": "Twice"}, {"notes": "Twice"}, {"summary": "Once"}])
    gone = tasks.checked("cw_ticket_task", ticket_id=123, summary="Twice", state="absent")
    assert gone["diff"] == {"before": {"summary": "Twice", "priority": 1}, "after": {}}
    assert [task.text for task in simulator.client().get_ticket_tasks(123)] == ["Once"]
    gone = tasks.checked("cw_ticket_task", ticket_id=999, summary="Twice", state="absent")
    assert (gone["operation"], gone["task"]) == ("unchanged", None)


def test_a_server_without_summaries(answering: Answering) -> None:
    """The text goes into the notes there, once the server has said that it knows no summary."""
    client = answering.client()
    answering.then(200, [])
    answering.then(400, NO_SUMMARY)
    answering.then(201, {"id": 5, "ticketId": 123, "notes": "Back up", "closedFlag": False})
    done = run_task(client, options("cw_ticket_task", ticket_id=123, summary="Back up"), False)
    assert (done["operation"], done["task"]["text"], done["diff"]["after"]) == (
        "created",
        "Back up",
        {"notes": "Back up"},
    )
    answering.then(200, [])
    answering.then(400, NO_SUMMARY)
    with pytest.raises(ConnectWiseBadRequestError, match="'summary'"):
        run_task(client, options("cw_ticket_task", ticket_id=123, summary="Back up", notes="All"), False)


def test_a_ticket_that_is_gone_meanwhile(answering: Answering) -> None:
    client = answering.client()
    answering.then(200, [])
    answering.then(404, {"code": "NotFound", "message": "Service Ticket 123 not found"})
    with pytest.raises(WantedError, match="^ticket_id: there is no service ticket 123"):
        run_task(client, options("cw_ticket_task", ticket_id=123, summary="Back up"), False)
    answering.then(404, b"<title>404</title>", "text/html")
    with pytest.raises(ConnectWiseNotFoundError):
        run_task(client, options("cw_ticket_task", ticket_id=123, summary="Back up"), False)


def test_the_ticket_of_a_check(tasks: Tasks, simulator: Simulator) -> None:
    planned = tasks.run("cw_ticket_task", True, ticket_key="later", summary="Back up", closed=True)
    assert (planned["operation"], planned["task"]["id"], planned["url"]) == ("created", 0, None)
    assert simulator.writes() == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ticket_id": 123, "summary": " "}, "^summary: a task needs a text.$"),
        ({"ticket_id": 123, "id": 999, "closed": True}, "^id: there is no task 999.$"),
    ],
)
def test_options_that_can_not_be(tasks: Tasks, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WantedError, match=message):
        tasks.run("cw_ticket_task", **given)

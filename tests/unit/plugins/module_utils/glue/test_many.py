# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tickets, and many notes, in one task."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.glue.many import run_tickets
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Simulator, Tasks, options

HERE: dict[str, Any] = {"company": "Acme", "board": "Help Desk"}


def patching(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    """Tickets to open."""
    return [{"key": f"patch-{number}", "summary": f"Patch {number}", **HERE, **more} for number in numbers]


def outcomes(result: dict[str, Any]) -> list[tuple[int, str]]:
    """What came of each item."""
    return [(item["item"], item.get("operation", "failed")) for item in result["results"]]


# Tickets


def test_many_tickets(simulator: Simulator, tasks: Tasks) -> None:
    given = patching(1, 2, configurations=["PROD-WEB-01"], custom_fields={"Risk Score": 2}, owner="oncall")
    done = tasks.checked("cw_tickets", tickets=[*given, {"id": 123, "priority": 5}])
    assert outcomes(done) == [(1, "created"), (2, "created"), (3, "updated")]
    assert [item["ticket"]["summary"] for item in done["results"]] == ["Patch 1", "Patch 2", "Mail is slow"]
    assert "failed" not in done
    assert [diff["before_header"] for diff in done["diff"]] == [
        "Item 1 (key 'patch-1')",
        "Item 2 (key 'patch-2')",
        "Item 3 (id 123)",
    ]
    assert done["diff"][2]["after"] == {"priority": "Priority 1 - Critical"}
    unchanged = tasks.run("cw_tickets", tickets=given)
    assert (unchanged["changed"], unchanged["diff"]) == (False, [])


def test_names_are_looked_up_once(simulator: Simulator, tasks: Tasks) -> None:
    simulator.forget()
    tasks.run("cw_tickets", tickets=patching(*range(10), owner="oncall", custom_fields={"Risk Score": 2}))
    requests = simulator.requests()
    # A look, the ticket, and a look again for each; company, members and custom fields once.
    assert len(requests) == 10 * 3 + 3
    assert len({entry["connection"] for entry in simulator.journal()}) == 1
    simulator.forget()
    tasks.run("cw_tickets", tickets=patching(*range(10), owner="oncall"))
    assert simulator.requests() == ["GET service/tickets"] * 10


WRONG: dict[str, Any] = {"key": "wrong", "summary": "Wrong", "company": "Nobody"}


@pytest.mark.parametrize("check_mode", [True, False])
def test_stopping_at_a_failure(simulator: Simulator, tasks: Tasks, check_mode: bool) -> None:
    first, last = patching(1, 2)
    done = tasks.run("cw_tickets", check_mode, tickets=[first, WRONG, last])
    assert outcomes(done) == [(1, "created"), (2, "failed")]
    assert done["failed"] is True
    assert done["msg"].startswith(
        "1 of 3 tickets failed, 1 changed, 1 not tried. "
        "Item 2 (key 'wrong'): company: there is no company named 'Nobody'."
    )
    assert done["changed"] is True
    failed = done["results"][1]
    assert (failed["failed"], failed["changed"], failed["failure"]["code"]) == (True, False, "NotFound")
    assert done["failure"] == failed["failure"]
    assert len([line for line in simulator.writes() if line.startswith("POST")]) == (0 if check_mode else 1)


def test_going_on_after_a_failure(tasks: Tasks) -> None:
    first, last = patching(1, 2)
    done = tasks.run("cw_tickets", tickets=[first, WRONG, {"id": 999}, last], on_failure="continue")
    assert outcomes(done) == [(1, "created"), (2, "failed"), (3, "failed"), (4, "created")]
    assert done["msg"].startswith(
        "2 of 4 tickets failed, 2 changed. Item 2 (key 'wrong'): company: there is no company"
    )
    assert " Item 3 (id 999): id: there is no service ticket 999." in done["msg"]


def test_a_failure_in_the_second_step_of_an_item(simulator: Simulator, tasks: Tasks) -> None:
    """What the first step wrote is there, and told."""
    first, last = patching(1, 2, configurations=["PROD-WEB-01"])
    simulator.fault("403", method="POST", path=r"configurations$")
    done = tasks.run("cw_tickets", tickets=[first, WRONG, last], on_failure="continue")
    assert outcomes(done) == [(1, "failed"), (2, "failed"), (3, "created")]
    assert [item["changed"] for item in done["results"]] == [True, False, True]
    assert done["msg"].startswith("2 of 3 tickets failed, 2 changed. Item 1 (key 'patch-1'): username: ")
    again = tasks.run("cw_tickets", tickets=[first, last])
    assert [item["operation"] for item in again["results"]] == ["updated", "unchanged"]


def test_many_failures_are_told_in_short(tasks: Tasks) -> None:
    wrong = [{"id": number} for number in range(900, 907)]
    done = tasks.run("cw_tickets", tickets=wrong, on_failure="continue")
    assert done["msg"].startswith("7 of 7 tickets failed. Item 1 (id 900): id: there is no service ticket 900.")
    assert "Item 5 (id 904)" in done["msg"]
    assert "Item 6" not in done["msg"]
    assert done["msg"].endswith(" And 2 more, see results.")
    assert len(done["results"]) == 7


@pytest.mark.parametrize("kind", ["401", "drop-before"])
def test_failures_that_end_a_run(simulator: Simulator, kind: str) -> None:
    """Every later item would fail in the same way, and take as long."""
    simulator.fault(kind, times=0)
    given = options("cw_tickets", tickets=[{"id": 123}, {"id": 12345}], on_failure="continue")
    done = run_tickets(simulator.client(retry_budget=0.0), given, False)
    assert outcomes(done) == [(1, "failed")]
    assert done["msg"].startswith("1 of 2 tickets failed, 1 not tried. Item 1 (id 123): ")
    simulator.no_faults()


@pytest.mark.parametrize(
    ("tickets", "said"),
    [
        ([{"key": "a"}, {"key": "b"}, {"key": " a "}], "tickets: Item 3 (key ' a ') is the same ticket as item 1."),
        ([{"id": 5}, {"ticket_id": 5}], "tickets: Item 2 (id 5) is the same ticket as item 1. Give one of them."),
        (
            [{"summary": "x", **HERE}, {"summary": "X ", **HERE}],
            "tickets: Item 2 (summary 'X ') is the same ticket as item 1.",
        ),
        (
            [{"match": ["owner"], "owner": "a"}, {"match": ["owner"], "owner": "a", "status": "New"}],
            "tickets: Item 2 is the same ticket as item 1. Give one of them.",
        ),
    ],
)
def test_one_ticket_named_twice(simulator: Simulator, tasks: Tasks, tickets: list[dict[str, Any]], said: str) -> None:
    """Only one of them can be its wanted state, and check mode could not tell what comes of both."""
    with pytest.raises(WantedError) as raised:
        tasks.run("cw_tickets", tickets=tickets)
    assert str(raised.value).startswith(said)
    assert simulator.journal() == []


def test_tickets_that_differ(tasks: Tasks) -> None:
    """One key in two places, one summary for two companies, and several that check mode did not open."""
    tickets = [
        {"key": "k", "summary": "x", **HERE},
        {"key": "k", "key_field": "RMM Key", "summary": "x", **HERE},
        {"summary": "x", "company": "NorthwindUS"},
        {"summary": "x", "company": "NorthwindUK"},
    ]
    assert outcomes(tasks.run("cw_tickets", tickets=tickets)) == [(number, "created") for number in (1, 2, 3, 4)]
    planned = tasks.run("cw_tickets", True, tickets=[{"id": 0, "status": "New"}, {"id": 0, "status": "New"}])
    assert outcomes(planned) == [(1, "updated"), (2, "updated")]


def test_no_tickets(simulator: Simulator, tasks: Tasks) -> None:
    assert tasks.run("cw_tickets", tickets=[]) == {"changed": False, "results": [], "diff": []}
    assert simulator.journal() == []


# Notes


def test_many_notes(simulator: Simulator, tasks: Tasks) -> None:
    notes: list[dict[str, Any]] = [
        {"ticket_id": 123, "text": "One."},
        {"ticket_id": 123, "text": "Two.", "kind": ["discussion"], "member": "oncall"},
        {"ticket_id": 123, "text": "Three.", "key": "k", "member": "oncall"},
        {"ticket_id": 12347, "text": "One."},
    ]
    done = tasks.checked("cw_ticket_notes", notes=notes)
    assert outcomes(done) == [(number, "created") for number in (1, 2, 3, 4)]
    changed = tasks.checked("cw_ticket_notes", notes=[{**notes[2], "text": "Four."}, {**notes[0], "state": "absent"}])
    assert outcomes(changed) == [(1, "updated"), (2, "deleted")]


def test_one_request_a_note(simulator: Simulator, tasks: Tasks) -> None:
    tasks.ticket(id=123, key="k")
    notes = [{"ticket_key": "k", "text": f"Note {number}."} for number in range(20)]
    simulator.forget()
    tasks.run("cw_ticket_notes", notes=notes)
    assert simulator.requests() == [
        "GET service/tickets",
        "GET service/tickets/123/notes",
        *["POST service/tickets/123/notes"] * 20,
    ]
    simulator.forget()
    assert tasks.run("cw_ticket_notes", notes=notes)["changed"] is False
    assert simulator.requests() == ["GET service/tickets", "GET service/tickets/123/notes"]


def test_notes_know_of_those_before_them(tasks: Tasks) -> None:
    """In check mode as in the real run."""
    one = {"ticket_id": 123, "text": "One."}
    steps = [one, one, {**one, "state": "absent"}, one, {**one, "key": "k"}, {**one, "key": "k", "text": "Two."}]
    planned = tasks.run("cw_ticket_notes", True, notes=steps)
    done = tasks.run("cw_ticket_notes", notes=steps)
    assert outcomes(planned) == outcomes(done)
    assert [operation for _place, operation in outcomes(done)] == [
        "created",
        "unchanged",
        "deleted",
        "created",
        "created",
        "updated",
    ]


def test_notes_of_tickets_that_are_not_there(tasks: Tasks) -> None:
    notes = [{"ticket_id": 999, "text": "x"}, {"ticket_key": "k", "text": "y"}, {"ticket_id": 123, "text": "z"}]
    done = tasks.run("cw_ticket_notes", notes=notes, on_failure="continue")
    assert outcomes(done) == [(1, "failed"), (2, "failed"), (3, "created")]
    assert "Item 1 (text 'x'): ticket_id: there is no service ticket 999." in done["msg"]
    assert "Item 2 (text 'y'): ticket_key: no ticket has the key 'k'." in done["msg"]
    planned = tasks.run("cw_ticket_notes", True, notes=[{"ticket_key": "k", "text": "y"}] * 2)
    assert outcomes(planned) == [(1, "created"), (2, "created")]

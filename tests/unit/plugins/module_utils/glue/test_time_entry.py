# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseBadRequestError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.time_entry import run_time_entry
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

MODULE = "cw_time_entry"
ENTRIES = "time/entries"
NINE = "2026-03-02T09:00:00Z"


def test_all_that_can_be_given(tasks: Tasks) -> None:
    given: dict[str, Any] = {
        "ticket_id": 12345,
        "key": "patching",
        "member": "oncall",
        "start": "2026-03-02T10:00:00.5+01:00",
        "hours": 1.5,
        "hours_deduct": 0.25,
        "work_role": "Senior Engineer",
        "work_type": "After Hours",
        "billable_option": "DoNotBill",
        "notes": "Patched\r\nand restarted  ",
        "internal_notes": "Took long",
        "add_to": ["discussion"],
        "email": ["cc"],
        "fields": {"emailCc": "a@b.example", "locationId": 11},
    }
    made = tasks.checked(MODULE, **given)["time_entry"]
    assert (made["time_start"], made["actual_hours"], made["member_name"]) == (NINE, 1.5, "On Call")
    assert (made["internal_notes"], made["key"], made["add_to"]) == (
        "Took long\n\n[key: patching]",
        "patching",
        ["discussion"],
    )
    changed = tasks.checked(MODULE, ticket_id=12345, key="patching", add_to=[], internal_notes="", notes="")
    assert changed["time_entry"]["internal_notes"] == "[key: patching]"
    assert changed["time_entry"]["add_to"] == []
    assert tasks.checked(MODULE, ticket_id=12345, key="patching", notes="Again")["operation"] == "updated"


def test_mail_flags_are_no_reason_to_write(tasks: Tasks) -> None:
    tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1)
    done = tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1, email=["contact"])
    assert (done["operation"], done["diff"]) == ("unchanged", {"before": {}, "after": {}})


def test_hours_of_an_entry_that_has_an_end(tasks: Tasks) -> None:
    tasks.checked(MODULE, ticket_id=123, start=NINE, end="2026-03-02T10:00:00Z")
    assert tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1)["operation"] == "unchanged"
    longer = tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1.25)["time_entry"]
    assert (longer["time_end"], longer["actual_hours"]) == ("2026-03-02T10:15:00Z", 1.25)
    moved = tasks.checked(MODULE, id=longer["id"], start="2026-03-02T12:00:00Z", hours=1.25)["time_entry"]
    assert (moved["time_end"], moved["actual_hours"]) == ("2026-03-02T13:15:00Z", 1.25)


def test_time_for_a_company(tasks: Tasks) -> None:
    tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1)
    made = tasks.checked(MODULE, company="Acme Corporation", start=NINE, hours=2)
    assert (made["operation"], made["time_entry"]["company_name"], made["url"]) == ("created", "Acme Corporation", None)
    gone = tasks.checked(MODULE, company=250, start=NINE, state="absent")
    assert (gone["operation"], gone["time_entry"]["id"]) == ("deleted", made["time_entry"]["id"])


def test_time_of_a_member_by_the_start(simulator: Simulator, tasks: Tasks) -> None:
    made = tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1, member="oncall")
    other = tasks.checked(MODULE, ticket_id=123, start=NINE, hours=1, member=638)
    assert other["operation"] == "created"
    simulator.forget()
    again = tasks.run(MODULE, ticket_id=123, start=NINE, hours=1, member="On Call")
    assert (again["operation"], again["time_entry"]["id"]) == ("unchanged", made["time_entry"]["id"])
    assert simulator.requests() == [f"GET {ENTRIES}"]
    by_mail = tasks.checked(MODULE, ticket_id=123, start=NINE, notes="x", member="oncall@msp.example")
    assert by_mail["time_entry"]["id"] == made["time_entry"]["id"]


def test_a_ticket_that_check_mode_did_not_open(simulator: Simulator, tasks: Tasks) -> None:
    for which in ({"ticket_key": "later"}, {"ticket_id": 0}):
        planned = tasks.run(MODULE, True, start=NINE, hours=1, **which)
        assert (planned["operation"], planned["time_entry"]["id"], planned["url"]) == ("created", 0, None)
    assert simulator.writes() == []


def test_an_entry_that_is_not_there_is_absent(tasks: Tasks) -> None:
    gone = tasks.checked(MODULE, id=999, state="absent")
    assert (gone["operation"], gone["time_entry"], gone["url"]) == ("unchanged", None, None)


def test_an_id_needs_an_entry_that_is_there(tasks: Tasks) -> None:
    with pytest.raises(WantedError, match="^id: there is no time entry 999.$"):
        tasks.run(MODULE, id=999, start=NINE, hours=1)


def test_other_charges(answering: Answering) -> None:
    """Charge codes by name, and custom fields as another entry has them."""
    client = answering.client()
    answering.then(200, [{"id": 5, "name": "Training"}, {"id": 6, "name": "Vacation"}])
    answering.then(200, [])
    answering.then(200, [{"id": 1, "customFields": [{"id": 9, "caption": "Km", "type": "Number", "value": 3}]}])
    made = {
        "id": 7,
        "chargeToType": "ChargeCode",
        "chargeToId": 6,
        "timeStart": NINE,
        "customFields": [{"id": 9, "caption": "Km", "type": "Number", "value": 12}],
    }
    answering.then(201, made)
    given = {"charge_code": "vacation", "start": NINE, "custom_fields": {"km": "12"}}
    done = run_time_entry(client, options(MODULE, **given), False)
    assert (done["operation"], done["diff"]["after"]["custom_fields"], done["url"]) == ("created", {"km": 12}, None)
    assert "chargeToType+%3D+%22ChargeCode%22+AND+chargeToId+%3D+6" in answering.requests[1]["path"]


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (
            {"code": "TimeEntryApi", "message": "Please update the status of this ticket before entering time..."},
            WantedError,
            "^ticket_id: the status of this ticket takes no time entries",
        ),
        ({"code": "TimeEntryApi", "message": "No open period."}, ConnectWiseBadRequestError, "No open period"),
        (
            {"code": "InvalidObject", "message": "x", "errors": [{"field": "chargeToId", "message": "not found"}]},
            WantedError,
            "^ticket_id: there is no service ticket 123",
        ),
    ],
)
def test_what_the_server_refuses(
    answering: Answering, body: dict[str, Any], error: type[Exception], message: str
) -> None:
    answering.then(200, [])
    answering.then(400, body)
    with pytest.raises(error, match=message):
        run_time_entry(answering.client(), options(MODULE, ticket_id=123, start=NINE), False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ticket_id": 123, "key": "a]b", "start": NINE}, "^key: the key of a time entry may hold neither"),
        ({"ticket_id": 123, "key": "k"}, "^start: a new time entry needs its start.$"),
    ],
)
def test_options_that_can_not_be(tasks: Tasks, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WantedError, match=message):
        tasks.run("cw_time_entry", **given)


@pytest.mark.parametrize(("ticket", "message"), [(999, "there is no service ticket 999"), (12346, "takes no time")])
def test_check_mode_finds_a_ticket_that_takes_no_time(tasks: Tasks, ticket: int, message: str) -> None:
    for check_mode in (True, False):
        with pytest.raises(WantedError, match=message):
            tasks.run(MODULE, check_mode, ticket_id=ticket, start=NINE, hours=1)


def test_time_that_was_billed_stays(simulator: Simulator, tasks: Tasks) -> None:
    sent = {"chargeToType": "ServiceTicket", "chargeToId": 123, "timeStart": NINE, "status": "Billed"}
    (entry,) = simulator.insert(ENTRIES, [sent])
    for check_mode in (True, False):
        with pytest.raises(
            WantedError, match=f"^state: the time entry {entry} can't be deleted, because its status is"
        ):
            tasks.run(MODULE, check_mode, id=entry, state="absent")


def test_time_for_other_things(tasks: Tasks) -> None:
    with pytest.raises(WantedError, match="^project_ticket_id: there is no project ticket 999.$"):
        tasks.run(MODULE, project_ticket_id=999, start=NINE)


def test_an_entry_that_does_not_tell_its_ticket(answering: Answering) -> None:
    answering.then(200, {"id": 5, "chargeToType": "ServiceTicket", "notes": "a"})
    result = run_time_entry(answering.client(), options("cw_time_entry", id=5, notes="a"), False)
    assert (result["operation"], result["url"]) == ("unchanged", None)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseBadRequestError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.schedule_entry import run_schedule_entry
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

MODULE = "cw_schedule_entry"
ENTRIES = "schedule/entries"
NINE = "2026-03-02T09:00:00Z"


def test_all_that_can_be_given(tasks: Tasks) -> None:
    given: dict[str, Any] = {
        "ticket_id": 123,
        "member": "oncall@msp.example",
        "start": "2026-03-02T10:00:00+01:00",
        "end": "2026-03-02T11:00:00+01:00",
        "hours": 1,
        "status": 1,
        "where": "Remote",
        "done": False,
        "acknowledged": True,
        "name": "Patching",
        "allow_conflicts": True,
        "fields": {"ownerFlag": "no", "closeDate": "2026-03-09", "acknowledgedDate": NINE, "projectRoleId": 1},
    }
    made = tasks.checked(MODULE, **given)["schedule_entry"]
    assert (made["date_start"], made["member_name"], made["name"], made["status_name"]) == (
        NINE,
        "On Call",
        "Patching",
        "Tentative",
    )


def test_a_conflict_that_is_allowed_is_no_reason_to_write(tasks: Tasks) -> None:
    tasks.checked(MODULE, ticket_id=123, member="oncall")
    assert tasks.checked(MODULE, ticket_id=123, member="oncall", allow_conflicts=True)["operation"] == "unchanged"


def test_one_of_several_that_is_as_wanted_will_do(simulator: Simulator, tasks: Tasks) -> None:
    entry = {"type": {"id": 4}, "objectId": 123, "member": {"id": 639}}
    simulator.insert(ENTRIES, [{**entry, "dateStart": NINE}, {**entry, "doneFlag": True}])
    assert tasks.checked(MODULE, ticket_id=123, member="oncall")["operation"] == "unchanged"
    assert tasks.checked(MODULE, ticket_id=123, member="oncall", done=True)["operation"] == "unchanged"
    assert tasks.checked(MODULE, ticket_id=123, member="oncall", start=NINE, hours=1)["operation"] == "updated"
    assert tasks.checked(MODULE, ticket_id=123, member="oncall", state="absent")["operation"] == "deleted"
    assert simulator.client().get_ticket_schedule_entries(123) == []


def test_a_ticket_that_check_mode_did_not_open(simulator: Simulator, tasks: Tasks) -> None:
    planned = tasks.run(MODULE, True, ticket_key="later", member="oncall")
    assert (planned["operation"], planned["schedule_entry"]["id"], planned["url"]) == ("created", 0, None)
    assert simulator.writes() == []


def test_what_is_not_there_is_absent(tasks: Tasks) -> None:
    for which in ({"id": 999}, {"ticket_id": 999, "member": "oncall"}, {"ticket_key": "none", "member": "oncall"}):
        gone = tasks.checked(MODULE, state="absent", **which)
        assert (gone["operation"], gone["schedule_entry"]) == ("unchanged", None)


def test_a_server_whose_type_has_another_id(answering: Answering) -> None:
    """Found by its identifier (fact sheet 11.3), where nothing is found by the usual id."""
    client = answering.client()
    entry = {"id": 5, "objectId": 123, "type": {"id": 9, "identifier": "S"}, "member": {"id": 1, "identifier": "me"}}
    answering.then(200, [])
    answering.then(200, [{"id": 4, "identifier": "C", "name": "Call"}, {"id": 9, "identifier": "S", "name": "Service"}])
    answering.then(200, [entry])
    done = run_schedule_entry(client, options(MODULE, ticket_id=123, member="me"), False)
    assert (done["operation"], done["schedule_entry"]["id"]) == ("unchanged", 5)
    assert "type%2Fid+%3D+9" in answering.requests[2]["path"]


@pytest.mark.parametrize(
    ("field", "error", "message"),
    [
        ("objectId", WantedError, "^ticket_id: there is no ticket 123.$"),
        ("dateStart", ConnectWiseBadRequestError, "dateStart: no"),
    ],
)
def test_what_the_server_refuses(answering: Answering, field: str, error: type[Exception], message: str) -> None:
    answering.then(200, [])
    answering.then(200, [{"id": 4, "identifier": "S", "name": "Service"}])
    answering.then(400, {"code": "InvalidObject", "message": "x", "errors": [{"field": field, "message": "no"}]})
    with pytest.raises(error, match=message):
        run_schedule_entry(answering.client(), options(MODULE, ticket_id=123, member=1), False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"id": 999, "done": True}, "^id: there is no schedule entry 999.$"),
        ({"ticket_id": 999, "member": "oncall"}, "^ticket_id: there is no ticket 999.$"),
    ],
)
def test_options_that_can_not_be(tasks: Tasks, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WantedError, match=message):
        tasks.run("cw_schedule_entry", **given)


def test_check_mode_finds_a_ticket_that_is_missing(tasks: Tasks) -> None:
    with pytest.raises(WantedError, match="^ticket_id: there is no ticket 999.$"):
        tasks.run(MODULE, True, ticket_id=999, member="oncall")

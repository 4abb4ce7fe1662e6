# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a ticket has beside its first options: project tickets, parent and children, expected status, every field."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.glue.attached import Attached
from ansible_collections.msp.connectwise.plugins.module_utils.glue.lookup import Lookup
from ansible_collections.msp.connectwise.plugins.module_utils.glue.records import updating, written
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket import _Run
from ansible_collections.msp.connectwise.plugins.module_utils.resources import fields
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import Field, WantedError
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import (
    PROJECT_TICKET,
    TICKET,
    TICKET_KINDS,
)
from unit.plugins.support import Answering, Simulator, Tasks, options

NEW: dict[str, Any] = {"summary": "Deploy webshop", "company": "Acme", "board": "Changes & Projects"}
OF_PROJECT: dict[str, Any] = {"record_type": "project"}


def sentence(tasks: Tasks, check_mode: bool = False, /, **given: Any) -> str:
    """What cw_ticket says when it fails."""
    with pytest.raises(WantedError) as raised:
        tasks.ticket(check_mode, **given)
    return str(raised.value)


# Every field

SAMPLES: dict[str, Any] = {
    fields.TEXT: "Some text",
    fields.TEXTS: ["b", "a"],
    fields.FLAG: True,
    fields.INTEGER: 5,
    fields.NUMBER: "2.50",
    fields.DAY: "2026-12-31T17:00:00Z",
    fields.TIME: "2026-12-31T17:00:00Z",
    fields.MAIL_LIST: ["b@acme.example", "a@acme.example"],
}
# What a field of ticket 123 (of Acme, on the Help Desk) can refer to.
NAMES = {
    "project": "Office move",
    "phase": "Planning",
    "board": "Network Operations",
    "status": "In Progress",
    "type": "Incident",
    "team": "Escalations",
    "company": "NorthwindUS",
    "site": "Warehouse & Yard",
    "contact": "it.manager@acme.example",
    "priority": "Priority 1 - Critical",
    "owner": "oncall@msp.example",
    "source": "RMM",
    "country": "United States",
    "serviceLocation": "On-Site",
    "location": "Main Location",
    "department": "Engineering",
    "workRole": "Senior Engineer",
    "workType": "After Hours",
    "agreement": 249,
    "opportunity": "Office 365 move",
    "sla": "Standard SLA",
    "currency": "US Dollars",
}
# Those that need others beside them, or records that the seed does not have.
TOGETHER: dict[str, dict[str, Any]] = {
    "subType": {"type": "Incident", "subtype": "Server"},
    "item": {"type": "Incident", "subtype": "Server", "item": "Reboot"},
    "knowledgeBaseLinkType": {"fields": {"knowledgeBaseLinkType": "time", "knowledgeBaseLinkId": 5}},
    "parentTicketId": {"parent": "12345"},
    "externalXRef": {"key": "kept"},
    "customFields": {"custom_fields": {"Risk Score": "1.50", "Billing Required": "yes"}},
}


def wanted(row: Field) -> dict[str, Any]:
    """Options that set a field."""
    if row.name in TOGETHER:
        return TOGETHER[row.name]
    choices = [choice for choice in row.choices if choice not in ("Medium", "NoDefault", "ActualRates")]
    value = NAMES.get(row.name) or (choices[0] if choices else SAMPLES.get(row.kind))
    return {row.option: value} if row.option else {"fields": {row.name: value}}


SET = [row for row in TICKET if not (row.create_only or row.unread)]


@pytest.mark.parametrize("row", SET, ids=lambda row: row.name)
def test_each_field_settles(simulator: Simulator, tasks: Tasks, row: Field) -> None:
    done = tasks.checked("cw_ticket", id=123, **wanted(row))
    values = {name.casefold(): value for name, value in simulator.client().get("service/tickets/123").items()}
    assert values[row.name.casefold()] not in (None, "", [])
    if row.name not in ("country", "location", "department", "sla", "currency"):  # as the server had filled them in
        assert done["operation"] == "updated"


@pytest.mark.parametrize("row", [row for row in TICKET if row.create_only or row.unread], ids=lambda row: row.name)
def test_each_field_that_is_not_read_is_sent(simulator: Simulator, tasks: Tasks, row: Field) -> None:
    value = False if row.unread else "Some text"
    given = {row.option: value} if row.option else {"fields": {row.name: value}}
    simulator.forget()
    tasks.ticket(key="k", **NEW, **given)
    (post,) = [entry for entry in simulator.journal() if entry["method"] == "POST"]
    assert post["body"][row.name] == value


@pytest.mark.parametrize("option", ["process_notifications", "skip_callback"])
def test_what_goes_along_is_no_change(simulator: Simulator, tasks: Tasks, option: str) -> None:
    assert tasks.ticket(id=123, **{option: False})["operation"] == "unchanged"
    assert simulator.writes() == []
    tasks.checked("cw_ticket", id=123, summary="Mail is fast", **{option: False})


def test_a_quiet_end(simulator: Simulator, tasks: Tasks) -> None:
    """The resolution, which is a note of its own, is written without notifications too."""
    simulator.forget()
    tasks.ticket(id=123, state="closed", resolution="Done.", process_notifications=False)
    post, patch = [entry["body"] for entry in simulator.journal() if entry["write"]]
    assert post["processNotifications"] is False
    assert {"op": "replace", "path": "processNotifications", "value": False} in patch


# Project tickets


def test_a_project_ticket(simulator: Simulator, tasks: Tasks) -> None:
    made = tasks.checked(
        "cw_ticket",
        **OF_PROJECT,
        summary="Book the movers",
        project="Office move",
        phase="Move",
        key="movers",
        key_field="RMM Key",
        owner="oncall",
        custom_fields={"Risk Score": 2},
        configurations=["67890"],
        fields={"wbsCode": "2.1", "scheduleStartDate": "2026-12-01T08:00:00Z"},
        description="Two vans.",
    )
    assert (made["operation"], made["ticket"]["phase"]["name"], made["ticket"]["owner_name"]) == (
        "created",
        "Move",
        "On Call",
    )
    number = made["ticket"]["id"]
    client = simulator.client()
    assert client.get_ticket(number) is None
    assert [item["id"] for item in client.get_all(f"project/tickets/{number}/configurations")] == [67890]
    assert client.get_all(f"project/tickets/{number}/notes")[0]["text"] == "Two vans."
    given: dict[str, Any] = {**OF_PROJECT, "id": number}
    assert tasks.checked("cw_ticket", **given, configurations=[], configurations_mode="exact")["diff"] == {
        "before": {"configurations": ["PROD-WEB-01"]},
        "after": {},
    }
    closed = tasks.checked("cw_ticket", **given, state="closed", resolution="Booked.")
    assert (closed["operation"], closed["ticket"]["is_closed"]) == ("closed", True)
    by_key = {**OF_PROJECT, "key": "movers", "key_field": "RMM Key"}
    assert tasks.checked("cw_ticket", **by_key, when_closed="reopen")["operation"] == "reopened"
    assert tasks.checked("cw_ticket", **by_key, state="absent")["operation"] == "deleted"


def test_a_project_ticket_by_what_it_says(tasks: Tasks) -> None:
    given = {**OF_PROJECT, "summary": "Order the racks"}
    assert tasks.checked("cw_ticket", **given, priority="Priority 1 - Critical")["ticket"]["id"] == 12400


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**OF_PROJECT, "id": 12400, "severity": "High"}, "severity: project tickets have no such field."),
        ({**OF_PROJECT, "id": 12400, "team": "Change Team"}, "team: project tickets have no such field."),
        ({**OF_PROJECT, "id": 12400, "parent": "123"}, "parent: project tickets have no such field."),
        ({**OF_PROJECT, "id": 12400, "children": ["123"]}, "children: project tickets have none."),
        ({**OF_PROJECT, "id": 12400, "fields": {"poNumber": "5"}}, "fields: there is no field 'poNumber' that can be"),
        ({"id": 123, "phase": "Move"}, "phase: service tickets have no such field."),
        ({"id": 123, "fields": {"wbsCode": "1"}}, "fields: there is no field 'wbsCode' that can be set."),
        (
            {**OF_PROJECT, "key": "k", "summary": "x", "phase": 11},
            "key: project tickets have no external reference. Name a custom field for keys: key_field.",
        ),
        (
            {**OF_PROJECT, "id": 123},
            "id: there is no project ticket 123. (A service ticket is another kind of record.)",
        ),
        ({"id": 12400}, "id: there is no service ticket 12400. (A project ticket is another kind of record.)"),
        (
            {**OF_PROJECT, "summary": "x"},
            "phase: no open ticket matches, and to open one phase must be given.",
        ),
        (
            {**OF_PROJECT, "summary": "x", "project": "Office move", "phase": "Party"},
            "phase: there is no phase named 'Party' of project 'Office move'. There are: Planning (id 11), Mov",
        ),
    ],
)
def test_what_project_and_service_tickets_lack(
    simulator: Simulator, tasks: Tasks, check_mode: bool, given: dict[str, Any], said: str
) -> None:
    assert sentence(tasks, check_mode, **given).startswith(said)
    assert simulator.writes() == []


def test_the_tables_of_both_kinds_differ_as_said() -> None:
    service, project = ({row.name for row in table} for table in (TICKET, PROJECT_TICKET))
    assert project - service == {"project", "phase", "isIssueFlag", "wbsCode", "scheduleStartDate", "scheduleEndDate"}


# Parent and children


def test_a_parent(simulator: Simulator, tasks: Tasks) -> None:
    made = tasks.checked("cw_ticket", key="child", **NEW, parent="12345")
    assert made["ticket"]["parent_ticket_id"] == 12345
    number = made["ticket"]["id"]
    tasks.ticket(id=123, key="mother")
    moved = tasks.checked("cw_ticket", id=number, parent="mother")
    assert moved["diff"] == {"before": {"parent": 12345}, "after": {"parent": 123}}
    freed = tasks.checked("cw_ticket", id=number, parent="")
    assert freed["diff"]["after"] == {"parent": None}
    simulator.forget()
    tasks.ticket(id=number, parent="123")
    assert simulator.requests() == [f"GET service/tickets/{number}", f"PATCH service/tickets/{number}"]


def test_children(simulator: Simulator, tasks: Tasks) -> None:
    (child,) = simulator.insert("service/tickets", [{"summary": "Small", "company": {"id": 250}, "externalXRef": "c"}])
    done = tasks.checked("cw_ticket", id=123, children=["c", "12345", 12345])
    assert done["diff"]["after"] == {"children": [f"Small (id {child})", "Server PROD-WEB-02 needs patches (id 12345)"]}
    assert done["ticket"]["has_child_ticket"] is True
    assert [simulator.client().get(f"service/tickets/{number}")["parentTicketId"] for number in (child, 12345)] == [
        123,
        123,
    ]
    simulator.forget()
    assert tasks.ticket(id=123, children=["12345"])["operation"] == "unchanged"
    assert simulator.requests() == ["GET service/tickets/123", "GET service/tickets"]
    made = tasks.checked("cw_ticket", key="mother", **NEW, children=["12347"])
    assert made["diff"]["after"]["children"] == ["Move the mail server (id 12347)"]


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"children": ["999"]}, "children: there is no service ticket 999."),
        ({"children": ["123"]}, "children: the ticket 123 can't be its own child."),
        ({"children": [""]}, "children: it can't be empty."),
        ({"parent": "123"}, "parent: the ticket 123 can't be its own parent."),
        ({"parent": "12345", "fields": {"parentTicketId": 5}}, "fields: parentTicketId is given as the option parent"),
    ],
)
def test_what_parent_and_children_can_not_be(
    simulator: Simulator, tasks: Tasks, check_mode: bool, given: dict[str, Any], said: str
) -> None:
    assert sentence(tasks, check_mode, id=123, **given).startswith(said)
    assert simulator.writes() == []


def test_a_key_that_no_parent_or_child_has(tasks: Tasks) -> None:
    """In check mode an earlier task would have opened it."""
    for option, value in (("parent", "nobody"), ("children", ["nobody"])):
        assert sentence(tasks, id=123, **{option: value}) == f"{option}: no ticket has the key 'nobody'."
        assert tasks.ticket(True, id=123, **{option: value})["operation"] == "updated"
    with pytest.raises(Exception, match="Service Ticket 999 not found"):
        tasks.ticket(id=123, parent="999")
    assert sentence(tasks, True, id=123, parent="999").startswith("parent: there is no service ticket 999.")


def test_children_that_the_server_does_not_take(answering: Answering) -> None:
    """It may answer 200 and say in the body that nothing was done."""
    attached = Attached(answering.client(), TICKET_KINDS["service"], children=[{"id": 5}])
    answering.then(200, {"success": False, "message": "The child is a parent."})
    with pytest.raises(WantedError, match="^children: ConnectWise answered: The child is a parent.$"):
        attached.write({"id": 123}, {"before": {}, "after": {}}, False)
    answering.then(400, {"code": "InvalidObject", "message": "ticket object is invalid"})
    with pytest.raises(WantedError, match="^children: .*ticket object is invalid"):
        attached.write({"id": 123}, {"before": {}, "after": {}}, False)


# Configurations


def test_exactly_these_configurations(simulator: Simulator, tasks: Tasks) -> None:
    tasks.ticket(id=123, configurations=["PROD-WEB-01", "PROD-DB-01"])
    exact: dict[str, Any] = {"id": 123, "configurations_mode": "exact"}
    done = tasks.checked("cw_ticket", **exact, configurations=["PROD-WEB-02", "prod-web-01"])
    assert done["diff"] == {
        "before": {"configurations": ["PROD-DB-01"]},
        "after": {"configurations": ["PROD-WEB-02"]},
    }
    assert tasks.ticket(**exact)["operation"] == "unchanged"
    none = tasks.checked("cw_ticket", **exact, configurations=[])
    assert none["diff"]["before"] == {"configurations": ["PROD-WEB-01", "PROD-WEB-02"]}
    simulator.forget()
    assert tasks.ticket(id=123, configurations=[])["operation"] == "unchanged"
    assert simulator.requests() == ["GET service/tickets/123"]


# An expected status


def test_an_expected_status(simulator: Simulator, tasks: Tasks) -> None:
    """It is needed where something is to be written, and then nothing else is."""
    assert tasks.checked("cw_ticket", id=123, expected_status="new", status="In Progress")["operation"] == "updated"
    simulator.forget()
    for check_mode in (True, False):
        said = sentence(
            tasks, check_mode, id=123, expected_status="New", status="In Progress", owner="oncall@msp.example"
        )
        assert said == (
            "expected_status: the ticket 123 is in the status 'In Progress' (id 102), not in 'New': somebody changed "
            "it meanwhile. Nothing was written."
        )
    assert simulator.writes() == []
    assert tasks.ticket(id=123, expected_status=102, owner="oncall@msp.example")["operation"] == "updated"
    again = tasks.ticket(id=123, expected_status="New", status="In Progress", owner="oncall@msp.example")
    assert again["operation"] == "unchanged"


def test_an_expected_status_of_a_change_from_outside(simulator: Simulator, tasks: Tasks) -> None:
    """Between two tasks, of which the second relies on what the first has seen."""
    seen = tasks.ticket(id=12345, severity="High")["ticket"]["status_name"]
    simulator.client().update_ticket_status(12345, 103)
    assert "is in the status 'Waiting Customer' (id 103), not in 'In Progress'" in sentence(
        tasks, id=12345, expected_status=seen, state="closed", resolution="Done."
    )
    assert simulator.client().get_ticket_notes(12345, "resolutionFlag = true") == []
    assert "expected_status: " in sentence(tasks, id=12345, expected_status=seen, state="absent")
    assert tasks.ticket(id=12345, expected_status="Waiting Customer", state="absent")["operation"] == "deleted"


def test_an_expected_status_of_no_ticket(tasks: Tasks) -> None:
    said = "expected_status: there is no ticket, so none in 'New'."
    assert sentence(tasks, **NEW, expected_status="New") == said
    assert sentence(tasks, True, **NEW, expected_status="New") == said
    assert sentence(tasks, key="k", **NEW, expected_status="New") == said
    # What an earlier task would have opened.
    assert tasks.ticket(True, key="k", **NEW, expected_status="New")["operation"] == "created"
    assert tasks.ticket(True, id=0, status="In Progress", expected_status="New")["operation"] == "updated"
    assert tasks.ticket(key="k", state="absent", expected_status="New")["operation"] == "unchanged"


# Closed long ago


@pytest.mark.parametrize(
    ("within", "days", "operation"),
    [("7d", 6, "reopened"), ("7d", 8, "created"), ("48h", 3, "created"), ("3", 2, "reopened"), ("2w", 20, "created")],
)
def test_reopening_within_a_time(simulator: Simulator, tasks: Tasks, within: str, days: int, operation: str) -> None:
    closed = (datetime.now(timezone.utc) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    old = {"summary": "Old", "company": {"id": 250}, "board": {"id": 2}, "status": {"id": 204}, "externalXRef": "k"}
    (number,) = simulator.insert("service/tickets", [{**old, "closedDate": closed}])
    done = tasks.checked("cw_ticket", key="k", **NEW, when_closed="reopen", reopen_within=within)
    assert (done["operation"], done["ticket"]["id"] == number) == (operation, operation == "reopened")
    assert (tasks.simulator.client().get(f"service/tickets/{number}")["closedFlag"]) is (operation == "created")


def test_a_closed_ticket_that_does_not_say_when(answering: Answering) -> None:
    """It is opened again."""
    client = answering.client()
    given = options("cw_ticket", key="k", when_closed="reopen", reopen_within="1d")
    assert not _Run(client, given, False, Lookup(client)).closed_too_long_ago({"id": 5})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reopen_within": "7d"}, "reopen_within: it counts with when_closed: reopen only. Give that too."),
        (
            {"reopen_within": "soon", "when_closed": "reopen"},
            "reopen_within: 'soon' is no time span. Give one such as 12h or 7d.",
        ),
    ],
)
def test_what_reopen_within_can_not_be(simulator: Simulator, tasks: Tasks, given: dict[str, Any], said: str) -> None:
    assert sentence(tasks, key="k", **NEW, **given) == said
    assert simulator.journal() == []


# What the server keeps


def test_what_a_board_allows_is_said(simulator: Simulator, answering: Answering, tasks: Tasks) -> None:
    """Where the server answers "done" and keeps another status."""

    board = {"id": 1, "name": "Help Desk"}
    ticket = {"id": 5, "board": board, "status": {"id": 101, "name": "New"}}
    statuses = [
        {"id": 101, "name": "New"},
        {"id": 102, "name": "In Progress"},
        {"id": 104, "name": "x", "inactive": True},
    ]
    client = answering.client()
    for answer in (ticket, ticket, statuses):
        answering.then(200, answer)
    with pytest.raises(WantedError) as raised:
        written(client, updating(Lookup(client), TICKET, "service/tickets", ticket, {"status": {"id": 102}}, False))
    assert str(raised.value) == (
        "status: ConnectWise answered that the change was done, but kept 'New' where 102 was asked (id 5). "
        "There are on board 'Help Desk': New (id 101), In Progress (id 102)."
    )

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.glue.in_process import Task
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket_info import INCLUDED
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Simulator, Tasks, module_file, options


def found(tasks: Tasks, **given: Any) -> list[int]:
    """The ids of the tickets that cw_ticket_info returns; the count must be theirs."""
    result = tasks.run("cw_ticket_info", **given)
    assert result["changed"] is False
    assert result["count"] == len(result["tickets"])
    return sorted(ticket["id"] for ticket in result["tickets"])


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({}, [123, 12345, 12346, 12347]),
        ({"id": 123}, [123]),
        ({"id": [123, 12346, 999]}, [123, 12346]),
        ({"ticket_id": "123"}, [123]),
        ({"id": []}, []),
        ({"key": "old-change-1"}, [12346]),
        ({"key": "old-change"}, []),
        ({"company": "Acme"}, [123, 12345]),
        ({"company": "Acme Corporation", "status": "In Progress"}, [12345]),
        ({"company": "O'Brien & Söhne 100%"}, [12347]),
        ({"board": "Help Desk"}, [123, 12345]),
        ({"board": 2, "status": "In Progress", "type": "Change"}, [12347]),
        ({"status": "In Progress"}, [12345, 12347]),
        ({"type": "Incident", "board": "Help Desk"}, [12345]),
        ({"team": "Service Team"}, [123, 12345]),
        ({"owner": "servicedesk"}, [12345]),
        ({"owner": "servicedesk@msp.example", "closed": False}, [12345]),
        ({"owner": "retired"}, []),
        ({"priority": "Priority 3 - Medium", "source": "Call", "company": 250}, [123, 12345]),
        ({"site": "Main Office", "company": "Acme"}, [123, 12345]),
        ({"severity": "Medium", "impact": "Medium", "closed": True}, [12346]),
        ({"closed": True}, [12346]),
        ({"closed": False}, [123, 12345, 12347]),
        ({"summary_contains": "mail"}, [123, 12347]),
        ({"summary_contains": "mail", "closed": False, "conditions": "id < 1000 OR id = 5"}, [123]),
        ({"conditions": "id = 123 OR id = 12345", "company": "NorthwindUS"}, []),
        ({"entered_after": "2026-03-02T09:15:00Z"}, [123, 12345, 12346, 12347]),
        ({"entered_after": "2026-03-02T09:15:01Z"}, []),
        ({"entered_before": "2026-03-02"}, []),
        ({"entered_before": "2026-03-02T10:15:01+01:00"}, [123, 12345, 12346, 12347]),
        ({"updated_after": "2027-01-01"}, []),
        ({"updated_before": "2027-01-01", "company": "Acme"}, [123, 12345]),
        ({"closed_after": "2026-03-03", "closed_before": "2026-03-04"}, [12346]),
        ({"record_type": "project"}, [12400]),
        ({"record_type": "project", "project": "Office move", "phase": "Planning"}, [12400]),
        ({"record_type": "project", "phase": "Move", "project": 1}, []),
        ({"record_type": "project", "company": "Acme", "closed": False}, [12400]),
    ],
)
def test_filters(tasks: Tasks, given: dict[str, Any], ids: list[int]) -> None:
    assert found(tasks, **given) == ids


def test_further_filters(tasks: Tasks) -> None:
    """For what the seed does not have."""
    tasks.ticket(
        id=123, required_date="2026-12-24", configurations=["PROD-WEB-01"], contact="IT Manager", parent="12345"
    )
    tasks.ticket(id=12345, key="kept", key_field="RMM Key", type="Incident", subtype="Server", item="Reboot")
    assert found(tasks, required_after="2026-12-24", required_before="2026-12-25") == [123]
    assert found(tasks, required_before="2026-12-24") == []
    assert found(tasks, company="Acme", configuration="PROD-WEB-01") == [123]
    assert found(tasks, configuration=67890) == [123]
    assert found(tasks, company="Acme", contact="it.manager@acme.example") == [123]
    assert found(tasks, contact="IT Manager") == [123]
    assert found(tasks, parent=12345) == [123]
    assert found(tasks, board="Help Desk", subtype="Server", item="Reboot") == [12345]
    assert found(tasks, key="kept", key_field="RMM Key") == [12345]
    assert found(tasks, key="kept", key_field="RMM Key", id=[123, 12345]) == [12345]
    assert found(tasks, key="other", key_field="RMM Key") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"limit": 0}, "limit: 0 is too small; 1 is the least."),
        ({"company": "Nobody"}, "company: there is no company named 'Nobody'."),
        ({"company": ""}, "company: it is empty. Leave it out, or give a name."),
        ({"summary_contains": " "}, "summary_contains: it is empty. Leave it out, or give a name."),
        ({"key": " "}, "key: it is empty. Give a text by which every run finds the same record."),
        (
            {"board": "Help Desk", "status": "Approved"},
            "status: there is no status named 'Approved' on board 'Help Desk'",
        ),
        ({"configuration": "PROD-WEB-01"}, "configuration: the name says which one only with company. Give that too."),
        ({"entered_after": "yesterday"}, "entered_after: 'yesterday' is not a date."),
        ({"record_type": "project", "severity": "High"}, "severity: project tickets have no such field."),
        (
            {"record_type": "project", "key": "k"},
            "key: project tickets have no external reference. Name a custom field",
        ),
        ({"phase": "Move"}, "phase: service tickets have no such field."),
        ({"conditions": "nonsense = 5"}, "conditions: GET service/tickets answered 400"),
        ({"conditions": "nonsense = 5", "count_only": True}, "conditions: GET service/tickets/count answered 400"),
        ({"order_by": "nonsense"}, "order_by: GET service/tickets answered 400"),
    ],
)
def test_what_can_not_be(tasks: Tasks, given: dict[str, Any], said: str) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.run("cw_ticket_info", **given)
    assert str(raised.value).startswith(said)


def test_the_facts(simulator: Simulator, tasks: Tasks) -> None:
    (ticket,) = tasks.run("cw_ticket_info", id=12345)["tickets"]
    assert ticket == tasks.ticket(id=12345)["ticket"]
    assert set(ticket).isdisjoint(set(INCLUDED) - {"documents"})
    assert simulator.requests()[0] == "GET service/tickets"


def test_fields_order_and_limit(simulator: Simulator, tasks: Tasks) -> None:
    warnings: list[str] = []
    given = options("cw_ticket_info", fields=["id", "status/name"], order_by="id desc", limit=3)
    result = module_file("cw_ticket_info").MODULE._run(Task(given, False, warnings), simulator.client())
    assert result["tickets"] == [
        {"id": number, "status": {"name": name}}
        for number, name in ((12347, "In Progress"), (12346, ">Closed"), (12345, "In Progress"))
    ]
    assert result["count"] == 4
    assert warnings == ["limit: 3 of 4 tickets are returned. Raise limit, or ask for fewer."]


def test_counting_takes_one_request(simulator: Simulator, tasks: Tasks) -> None:
    result = tasks.run("cw_ticket_info", company=250, closed=False, count_only=True, limit=1)
    assert (result["count"], result["tickets"]) == (2, [])
    assert simulator.requests() == ["GET service/tickets/count"]


def test_names_that_the_grammar_can_not_say(simulator: Simulator, tasks: Tasks) -> None:
    """They are counted and returned exactly."""
    texts = ["it's 5\" wide", "it's 5 wide", "it's 5\" WIDE, and more"]
    records = [{"summary": text, "company": {"id": 250}} for text in texts]
    ids = simulator.insert("service/tickets", records)
    assert found(tasks, summary_contains="'s 5\"") == [ids[0], ids[2]]
    assert tasks.run("cw_ticket_info", summary_contains="'s 5\"", count_only=True)["count"] == 2
    assert [
        list(ticket) for ticket in tasks.run("cw_ticket_info", summary_contains="'s 5\"", fields=["id"])["tickets"]
    ] == [
        ["id"],
        ["id"],
    ]


# What is included


@pytest.fixture
def busy(simulator: Simulator) -> Simulator:
    """The simulator with something of everything for the tickets 123 and 12345."""
    client = simulator.client()
    for number in (123, 12345):
        client.add_ticket_note(number, f"note of {number}")
        client.attach_configuration(number, 67890)
        client.post(f"service/tickets/{number}/tasks", {"summary": f"task of {number}"})
        entry = {"chargeToId": number, "chargeToType": "ServiceTicket", "timeStart": "2026-03-03T09:00:00Z"}
        client.post("time/entries", {**entry, "actualHours": 1, "notes": f"time of {number}"})
        client.post("schedule/entries", {"objectId": number, "type": {"id": 4}, "member": {"identifier": "oncall"}})
        client.upload("Ticket", number, url=f"https://example.com/{number}", title=f"document of {number}")
    simulator.forget()
    return simulator


def test_everything_included(busy: Simulator, tasks: Tasks) -> None:
    result = tasks.run("cw_ticket_info", company=250, order_by="id", include=list(INCLUDED))
    assert sorted(busy.requests()) == sorted(
        [
            "GET service/tickets",
            *(f"GET service/tickets/{number}/{part}" for number in (123, 12345) for part in ("notes", "tasks")),
            *(f"GET service/tickets/{number}/configurations" for number in (123, 12345)),
            *["GET system/documents"] * 2,
            "GET time/entries",
            "GET schedule/entries",
        ]
    )
    for ticket in result["tickets"]:
        number = ticket["id"]
        assert ticket["notes"][-1]["text"] == f"note of {number}"
        assert ticket["configurations"] == [{"id": 67890, "name": "PROD-WEB-01", "device_identifier": "device-67890"}]
        assert [task["summary"] for task in ticket["tasks"]] == [f"task of {number}"]
        assert [entry["notes"] for entry in ticket["time_entries"]] == [f"time of {number}"]
        assert [entry["member_name"] for entry in ticket["schedule"]] == ["On Call"]
        assert [document["title"] for document in ticket["documents"]] == [f"document of {number}"]


def test_what_is_included_with_few_fields(busy: Simulator, tasks: Tasks) -> None:
    result = tasks.run("cw_ticket_info", id=12345, fields=["summary"], include=["time_entries", "tasks"])
    (ticket,) = result["tickets"]
    assert set(ticket) == {"summary", "time_entries", "tasks"}
    assert len(ticket["time_entries"]) == 1


def test_nothing_is_included_of_no_ticket(busy: Simulator, tasks: Tasks) -> None:
    assert tasks.run("cw_ticket_info", id=999, include=list(INCLUDED))["tickets"] == []
    assert busy.requests() == ["GET service/tickets"]
    (other,) = tasks.run("cw_ticket_info", id=12346, include=list(INCLUDED))["tickets"]
    assert [other[name] for name in INCLUDED] == [[]] * len(INCLUDED)


def test_what_is_included_of_many_tickets(simulator: Simulator, tasks: Tasks) -> None:
    """Time and schedule of more tickets than fit into one URL are still read in few requests."""
    ids = simulator.insert("service/tickets", [{"summary": "x", "company": {"id": 252}} for _number in range(300)])
    entry = {"chargeToId": ids[-1], "chargeToType": "ServiceTicket", "timeStart": "2026-03-03T09:00:00Z"}
    simulator.client().post("time/entries", {**entry, "actualHours": 1})
    simulator.forget()
    result = tasks.run("cw_ticket_info", company=252, include=["time_entries", "schedule"])
    assert [len(ticket["time_entries"]) for ticket in result["tickets"] if ticket["id"] == ids[-1]] == [1]
    assert len(simulator.requests()) <= 5


def test_what_is_included_of_project_tickets(simulator: Simulator, tasks: Tasks) -> None:
    tasks.note(record_type="project", ticket_id=12400, text="x")
    simulator.forget()
    (ticket,) = tasks.run("cw_ticket_info", record_type="project", id=12400, include=["notes", "time_entries"])[
        "tickets"
    ]
    assert [note["text"] for note in ticket["notes"]] == ["x"]
    assert simulator.requests() == ["GET project/tickets", "GET project/tickets/12400/notes", "GET time/entries"]

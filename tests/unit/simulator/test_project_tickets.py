# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tickets of projects: another path, the same numbers; and what turns one ticket into others."""

from __future__ import annotations

import pytest

from .conftest import Caller


def test_other_path_same_numbers(cw: Caller) -> None:
    """Facts 4.15, 7.14."""
    shown = cw.get("project/tickets/12400")
    assert (shown["phase"]["name"], shown["project"]["name"], shown["company"]["id"]) == (
        "Planning",
        "Office move",
        250,
    )
    assert not {"recordType", "team", "sla", "severity", "externalXRef"} & set(shown)
    assert cw.error(404, "GET", "service/tickets/12400")["message"] == "Ticket 12400 not found"
    assert cw.error(404, "GET", "service/tickets/12400/notes")["message"] == "Service Ticket 12400 not found"
    assert cw.error(404, "GET", "project/tickets/12345")["code"] == "NotFound"
    assert cw.get("service/tickets", conditions="recordType='ProjectTicket'") == []
    made = cw.post("project/tickets", {"summary": "x", "phase": {"id": 12}})
    assert (made["id"], made["status"]["name"], made["board"]["id"]) == (20000, "New", 2)
    assert cw.ticket()["id"] == 20001
    assert [found["id"] for found in cw.post("project/tickets/search", {"conditions": "phase/id=12"}, 200)] == [20000]


def test_what_a_project_ticket_needs(cw: Caller) -> None:
    """A phase of its project; members that only service tickets have are refused."""
    body = cw.error(400, "POST", "project/tickets", {"summary": "x"})
    assert [error["field"] for error in body["errors"]] == ["phase"]
    body = cw.error(400, "POST", "project/tickets", {"summary": "x", "phase": {"id": 99}})
    assert body["errors"][0]["message"] == "Project Phase 99 not found"
    body = cw.error(400, "POST", "project/tickets", {"summary": "x", "phase": {"id": 11}, "severity": "Low"})
    assert body["message"].startswith("Could not find member 'severity' on object of type 'ProjectTicket'.")
    changed = cw.patch("project/tickets/12400", ("replace", "status/id", 204), ("replace", "phase/id", 12))
    assert (changed["closedFlag"], changed["closedBy"], changed["phase"]["name"]) == (True, "ansible", "Move")
    assert "phase" not in cw.get("project/tickets/12400", fields="id,status/name")


def test_below_a_project_ticket(cw: Caller) -> None:
    """Fact 8.1: notes without dateCreated and createdBy; time, schedule, tasks, configurations."""
    path = "project/tickets/12400"
    note = cw.post(f"{path}/notes", {"text": "x", "internalAnalysisFlag": True})
    assert (note["ticketId"], note["member"]["id"]) == (12400, 637)
    assert not {"dateCreated", "createdBy"} & set(note)
    assert cw.error(404, "GET", f"service/tickets/12345/notes/{note['id']}")["code"] == "NotFound"
    start = "2026-03-02T10:00:00Z"
    sent = {"chargeToType": "ProjectTicket", "chargeToId": 12400, "timeStart": start, "actualHours": 2}
    time = cw.post("time/entries", {**sent, "notes": "y", "addToDetailDescriptionFlag": True})
    assert (time["project"]["id"], time["phase"]["id"], time["ticket"]["summary"]) == (1, 11, "Order the racks")
    assert cw.get(path)["actualHours"] == 2
    body = cw.error(400, "POST", "time/entries", {**sent, "chargeToType": "ServiceTicket"})
    assert body["errors"][0]["message"] == "Service Ticket 12400 not found"
    assert [found["text"] for found in cw.get(f"{path}/allNotes")] == ["x", "y"]
    cw.post("schedule/entries", {"type": {"id": 4}, "objectId": 12400, "member": {"identifier": "oncall"}})
    assert cw.get(path)["resources"] == "oncall"
    assert cw.get(f"{path}/timeentries/count") == cw.get(f"{path}/scheduleentries/count") == {"count": 1}
    cw.post(f"{path}/configurations", {"id": 67890})
    assert [found["id"] for found in cw.get("project/tickets", conditions="configuration/id=67890")] == [12400]
    cw.post(f"{path}/tasks", {"summary": "z"})
    cw.delete(path)
    assert cw.error(404, "GET", f"{path}/tasks")["message"] == "Project Ticket 12400 not found"


def test_copy(cw: Caller) -> None:
    """A second ticket like the first, open and without its key."""
    cw.patch("service/tickets/12346", ("replace", "customFields", [{"id": 7, "value": "Saturday"}]))
    copy = cw.post("service/tickets/12346/copy", None, 200)
    first = cw.get("service/tickets/12346")
    assert (copy["id"], copy["summary"], copy["closedFlag"]) == (20000, first["summary"], False)
    assert "externalXRef" not in copy
    assert copy["customFields"] == first["customFields"]
    assert cw.error(404, "POST", "service/tickets/99/copy")["message"] == "Service Ticket 99 not found"


def test_convert(cw: Caller) -> None:
    """To a project and back; number, notes and tasks stay."""
    cw.post("service/tickets/12345/tasks", {"summary": "x"})
    notes = [note["id"] for note in cw.get("service/tickets/12345/notes")]
    body = cw.error(400, "POST", "service/tickets/12345/convert", {"wbsCode": "1"})
    assert body["errors"][0]["field"] == "phase"
    done = cw.post("service/tickets/12345/convert", {"phase": {"id": 11}, "wbsCode": "1.9"}, 200)
    assert done["success"] is True
    assert cw.error(404, "GET", "service/tickets/12345")
    moved = cw.get("project/tickets/12345")
    assert (moved["summary"], moved["wbsCode"]) == ("Server PROD-WEB-02 needs patches", "1.9")
    assert [note["id"] for note in cw.get("project/tickets/12345/notes")] == notes
    assert cw.get("project/tickets/12345/tasks/count") == {"count": 1}
    assert cw.error(400, "POST", "project/tickets/12345/convert", {"recordType": "ProjectTicket"})
    cw.post("project/tickets/12345/convert", {"recordType": "ServiceTicket"}, 200)
    assert [note["id"] for note in cw.get("service/tickets/12345/notes")] == notes


def test_children_and_a_version(cw: Caller) -> None:
    """Fact 1.11: attachChildren refuses a version in Accept, whatever else is accepted."""
    path, body = "service/tickets/12345/attachChildren", {"childTicketIds": [123]}
    headers = {"Accept": "application/vnd.connectwise.com+json; version=2021.1, application/json"}
    assert cw.call("GET", "service/tickets/12345", headers=headers).status_code == 200
    refused = cw.call("POST", path, json=body, headers=headers)
    url = f"{cw.url}/v4_6_release/apis/3.0/{path}"
    message = f"The HTTP resource that matches the request URI '{url}' does not support the API version '2021.1'."
    assert (refused.status_code, refused.json()) == (400, {"code": "ConnectWiseApi", "message": message})
    without = {"Accept": "application/vnd.connectwise.com+json"}
    assert cw.call("POST", path, json=body, headers=without).status_code == 200
    cw.switch(version_of_attach_children="accept")
    assert cw.call("POST", path, json=body, headers=headers).status_code == 200


@pytest.mark.parametrize("gone", ["patch", "delete"])
def test_children(cw: Caller, gone: str) -> None:
    """Fact 7.16: both tickets know of each other, and it stays true."""
    cw.post("service/tickets/12345/attachChildren", {"childTicketIds": [123, 12346]}, 200)
    for child in (123, 12346):
        assert cw.get(f"service/tickets/{child}")["parentTicketId"] == 12345
    assert cw.get("service/tickets/12345")["hasChildTicket"] is True
    for child in (123, 12346):
        if gone == "delete":
            cw.delete(f"service/tickets/{child}")
        else:
            cw.patch(f"service/tickets/{child}", ("remove", "parentTicketId"))
    assert cw.get("service/tickets/12345")["hasChildTicket"] is False
    body = cw.error(400, "POST", "service/tickets/12345/attachChildren", {"childTicketIds": [12345]})
    assert body["errors"][0]["message"] == "Service Ticket 12345 not found"
    assert cw.error(400, "POST", "service/tickets/12345/attachChildren", {"children": [1]})["code"] == "ConnectWiseApi"

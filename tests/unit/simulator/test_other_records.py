# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards, companies, contacts, members, time, schedule, custom fields."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Caller


def test_boards(cw: Caller) -> None:
    """Section 10: lists of a board; retired entries are among them."""
    assert [board["id"] for board in cw.get("service/boards")] == [1, 2, 3, 4]
    assert [board["id"] for board in cw.get("service/info/boards/active")] == [1, 2, 3]
    statuses = cw.get("service/boards/1/statuses")
    assert [status["id"] for status in statuses] == [101, 102, 103, 104, 105, 106, 456]
    assert {status["id"]: (status["inactive"], status["closedStatus"]) for status in statuses}[106] == (True, True)
    info = cw.get("service/boards/1/statuses/106/info")
    assert (info["inactiveFlag"], info["closedFlag"]) == (True, True)
    found = cw.get("service/boards/1/typeSubTypeItemAssociations", conditions="type/id=11 and item/id != null")
    assert [(row["type"]["name"], row["subType"]["name"], row["item"]["name"]) for row in found] == [
        ("Incident", "Server", "Reboot")
    ]
    assert cw.error(404, "GET", "service/boards/9/statuses")["message"] == "Service Board 9 not found"


def test_setting_up_a_board(cw: Caller) -> None:
    """A board made over the API can be used: the default is used, a new default takes the flag from the old."""
    body = cw.error(400, "POST", "service/boards", {"name": "Lab"})
    assert [error["field"] for error in body["errors"]] == ["location", "department"]
    board = cw.post("service/boards", {"name": "Lab", "location": {"id": 11}, "department": {"id": 5}})["id"]
    path = f"service/boards/{board}"
    cw.post(f"{path}/statuses", {"name": "Open", "defaultFlag": True})
    second = cw.post(f"{path}/statuses", {"name": "Opened", "defaultFlag": True})["id"]
    kind = cw.post(f"{path}/types", {"name": "Experiment"})["id"]
    sub = cw.post(f"{path}/subtypes", {"name": "Loud", "typeAssociationIds": [kind]})["id"]
    ticket = cw.ticket(board={"id": board}, type={"id": kind}, subType={"id": sub})
    assert ticket["status"]["id"] == second
    assert [status["defaultFlag"] for status in cw.get(f"{path}/statuses")] == [False, True]
    cw.patch(f"service/boards/{board}", ("replace", "name", "Laboratory"))
    assert cw.get(f"service/tickets/{ticket['id']}")["board"]["name"] == "Laboratory"
    assert cw.get("service/tickets", conditions="board/name='Laboratory'")[0]["id"] == ticket["id"]


def test_companies(cw: Caller) -> None:
    """Section 10: identifier is unique; a deleted company stays and can be read."""
    made = cw.post("company/companies", {"identifier": "NewCo", "name": "New Company", "city": "Springfield"})
    assert (made["status"]["name"], made["site"]["name"], made["deletedFlag"]) == ("Active", "Main", False)
    body = cw.error(400, "POST", "company/companies", {"identifier": "newco", "name": "x", "zip": "1"})
    error = {
        "code": "ObjectExists", "message": "Company ID already in use.", "resource": "company", "field": "identifier",
    }  # fmt: skip
    assert body == {"code": "InvalidObject", "message": "company object is invalid", "errors": [error]}
    [error] = cw.error(400, "POST", "company/companies", {"identifier": "nowhere", "name": "x"})["errors"]
    assert error["message"].startswith("At least one address field is required")
    cw.delete(f"company/companies/{made['id']}")
    gone = cw.get(f"company/companies/{made['id']}")
    assert (gone["deletedFlag"], gone["deletedBy"]) == (True, "ansible")
    assert "dateDeleted" in gone
    sites = cw.get("company/companies/250/sites")
    assert [site["name"] for site in sites] == ["Main Office", "Warehouse & Yard"]
    site = cw.post("company/companies/250/sites", {"name": "Annex"})
    assert site["company"]["id"] == 250
    assert cw.error(404, "GET", f"company/companies/251/sites/{site['id']}")["message"].startswith("Site ")


def test_contacts(cw: Caller) -> None:
    """Section 10, fact 6.8: firstName is needed; typeIds are for POST only."""
    body = cw.error(400, "POST", "company/contacts", {"lastName": "Desk"})
    error = {
        "code": "MissingRequiredField", "message": "The firstName field is required.", "resource": "contact",
        "field": "firstName",
    }  # fmt: skip
    assert body == {"code": "InvalidObject", "message": "contact object is invalid", "errors": [error]}
    item: dict[str, Any] = {"type": {"id": "1"}, "value": "help@acme.example"}
    sent = {"firstName": "Help", "company": {"id": 250}, "typeIds": [4], "communicationItems": [item]}
    made = cw.post("company/contacts", sent)
    assert [kind["id"] for kind in made["types"]] == [4]
    [shown] = made["communicationItems"]
    assert (shown["communicationType"], shown["defaultFlag"], shown["domain"]) == ("Email", True, "@acme.example")
    found = cw.get("company/contacts", childConditions="types/id=4")
    assert [contact["id"] for contact in found] == [made["id"]]
    body = cw.error(400, "PUT", f"company/contacts/{made['id']}", sent)
    assert body["errors"][0]["message"] == "typeIds can only be used when creating"
    body = cw.error(400, "POST", "company/contacts", {"firstName": "Help", "typeIds": [4, 99]})
    assert [(error["message"], error["field"]) for error in body["errors"]] == [
        ("Contact Type 99 not found", "typeIds")
    ]
    named = cw.ticket(contact={"name": "help"})
    assert (named["contact"]["id"], named["contactEmailAddress"]) == (made["id"], "help@acme.example")
    body = cw.error(400, "DELETE", f"company/contacts/{made['id']}")
    assert body["errors"][0]["message"] == f"Contact {made['id']} cannot be deleted, it is in use by Ticket."
    cw.delete(f"service/tickets/{named['id']}")
    cw.delete(f"company/contacts/{made['id']}")


def test_references_to_what_is_not_kept(cw: Caller) -> None:
    """Members that the OpenAPI file has are taken over, also where they lead to lists that are not served."""
    sent = {"identifier": "Market", "name": "x", "city": "x", "market": {"id": "5"}, "territoryManager": {"id": 638}}
    made = cw.post("company/companies", {**sent, "taxCode": {"id": 2, "name": "VAT"}, "userDefinedField1": "one"})
    assert (made["market"], made["taxCode"]) == ({"id": 5}, {"id": 2, "name": "VAT"})
    assert (made["territoryManager"]["identifier"], made["userDefinedField1"]) == ("servicedesk", "one")
    path = f"company/companies/{made['id']}"
    assert cw.patch(path, ("replace", "market/id", 6))["market"] == {"id": 6}
    assert cw.patch(path, ("replace", "market", {"id": 7}))["market"] == {"id": 7}
    assert [each["id"] for each in cw.get("company/companies", conditions="market/id=7")] == [made["id"]]
    assert "market" not in cw.patch(path, ("remove", "market"))
    assert cw.error(500, "PUT", path, {**sent, "market": "Retail"})["message"].startswith("Error converting value")
    assert "'MarketReference'" in cw.error(400, "PUT", path, {**sent, "market": {"no": 1}})["message"]
    site = {"name": "Branch", "stateReference": {"identifier": "FL"}, "expenseReimbursement": 0.5}
    made = cw.post("company/companies/250/sites", site)
    assert (made["stateReference"], made["expenseReimbursement"]) == ({"identifier": "FL"}, 0.5)


def test_members_have_what_typed_clients_insist_on(cw: Caller) -> None:
    """pyconnectwise reads no member without these."""
    for name in ("agreementInvoicingDisplayOptions", "invoiceScreenDefaultTabFormat", "invoicingDisplayOptions"):
        assert all(name in member for member in cw.get("system/members"))


def test_types_of_contacts(cw: Caller) -> None:
    """OpenAPI: those of existing contacts are changed by associations of their own; types itself is ignored."""
    path = "company/contacts/2500"
    assert [kind["id"] for kind in cw.patch(path, ("replace", "types", [{"id": 4}]))["types"]] == [1]
    contact = {"contact": {"id": 2500}}
    made = cw.post(f"{path}/typeAssociations", {"type": {"name": "Approver"}, **contact})
    assert (made["type"]["id"], made["contact"]["id"]) == (4, 2500)
    assert [kind["name"] for kind in cw.get(path)["types"]] == ["End User", "Approver"]
    assert cw.get(f"{path}/typeAssociations/count") == {"count": 2}
    assert cw.get(f"{path}/typeAssociations", conditions="type/id=4") == [made]
    body = cw.error(400, "POST", f"{path}/typeAssociations", {"type": {"id": 4}, **contact})
    assert body["errors"][0]["code"] == "ObjectExists"
    body = cw.error(400, "POST", f"{path}/typeAssociations", {"type": {"id": 99}, **contact})
    assert body["errors"][0]["message"] == "Contact Type 99 not found"
    body = cw.error(400, "POST", f"{path}/typeAssociations", {})
    assert [error["field"] for error in body["errors"]] == ["type", "contact"]
    cw.delete(f"{path}/typeAssociations/{made['id']}")
    assert cw.error(404, "DELETE", f"{path}/typeAssociations/{made['id']}")["code"] == "NotFound"
    assert [kind["id"] for kind in cw.get(path)["types"]] == [1]


def test_time(cw: Caller) -> None:
    """Facts 11.2, 5.12."""
    body = cw.error(400, "POST", "time/entries", {"chargeToType": "ServiceTicket", "chargeToId": 123})
    assert body["errors"][0]["message"] == "The timeStart field is required."
    sent = {"chargeToType": "ServiceTicket", "chargeToId": 123, "timeStart": "2026-03-02T10:00:00"}
    body = cw.error(400, "POST", "time/entries", sent)
    error = {
        "code": "UnsupportedFormat", "message": "Unsupported format applied to timeStart", "resource": "timeEntry",
        "field": "timeStart",
    }  # fmt: skip
    assert body == {"code": "InvalidObject", "message": "timeEntry object is invalid", "errors": [error]}
    sent |= {"timeStart": "2026-03-02T10:00:00Z", "timeEnd": "2026-03-02T11:30:00Z", "actualHours": 9}
    made = cw.post("time/entries", {**sent, "workType": {"name": "Regular"}, "workRole": {"id": 1}})
    assert (made["actualHours"], made["member"]["id"], made["company"]["id"]) == (1.5, 637, 250)
    assert [entry["id"] for entry in cw.get("service/tickets/123/timeentries")] == [made["id"]]
    assert cw.get("service/tickets/123/timeentries/count") == {"count": 1}
    body = cw.error(400, "POST", "time/entries", {**sent, "chargeToId": 12346})
    assert body["code"] == "TimeEntryApi"
    assert body["message"].startswith("Please update the status of this ticket before entering time")
    assert cw.get("time/entries", conditions="chargeToId=123 and chargeToType='ServiceTicket'")
    assert (made["location"]["id"], made["department"]["id"]) == (made["locationId"], made["businessUnitId"]) == (11, 5)
    company = {"company": {"id": 250}, "timeStart": sent["timeStart"], "actualHours": 1}
    placed = cw.post("time/entries", {**company, "location": {"id": 11}, "invoice": {"id": 4}, "hourlyCost": "5"})
    assert (placed["locationId"], placed["location"]["name"]) == (11, "Main Location")
    assert not {"invoice", "hourlyCost"} & set(placed)


def test_time_and_its_ticket(cw: Caller) -> None:
    """Fact 11.2: work roles by location, what a closed entry allows, the hours of the ticket."""
    sent = {"chargeToType": "ServiceTicket", "chargeToId": 12345, "timeStart": "2026-03-02T10:00:00Z"}
    body = cw.error(400, "POST", "time/entries", {**sent, "workRole": {"name": "Abroad"}})
    assert body["errors"][0]["message"] == "The default Work Role is not valid for the selected location"
    body = cw.error(400, "POST", "time/entries", {**sent, "workRole": {"name": "Nobody"}})
    assert body["errors"][0] == {
        "code": "NotFound", "message": "Work Role Nobody not found", "resource": "timeEntry", "field": "workRole/name",
    }  # fmt: skip
    body = cw.error(400, "POST", "time/entries", {**sent, "chargeToId": 99})
    assert body["errors"][0]["message"] == "Service Ticket 99 not found"
    assert cw.error(400, "POST", "time/entries", {"timeStart": sent["timeStart"]})["errors"][0]["field"] == "company"
    first = cw.post("time/entries", {**sent, "actualHours": 0.25, "notes": "Looked", "addToResolutionFlag": True})
    assert (first["ticketBoard"], first["ticketStatus"], first["workRole"]["id"]) == ("Help Desk", "In Progress", 1)
    second = cw.post("time/entries", {**sent, "timeEnd": "2026-03-02T11:00:00Z"})
    assert cw.get("service/tickets/12345")["actualHours"] == 1.25
    assert (
        cw.patch(f"time/entries/{second['id']}", ("replace", "timeEnd", "2026-03-02T10:30:00Z"))["actualHours"] == 0.5
    )
    note = cw.get("service/tickets/12345/allNotes", conditions="resolutionFlag=true")
    assert [(found["noteType"], found["text"]) for found in note] == [("TimeEntryNote", "Looked")]
    cw.delete(f"time/entries/{first['id']}")
    assert cw.get("service/tickets/12345")["actualHours"] == 0.5
    [billed] = cw.control("POST", "records/time/entries", [{**sent, "status": "Billed"}])
    assert cw.error(400, "DELETE", f"time/entries/{billed}")["errors"][0]["field"] == "status"
    assert cw.get("time/entries/count", conditions="chargeToId=12345") == {"count": 2}


def test_tasks(cw: Caller) -> None:
    """Fact 11.4: they keep their order, and belong to their ticket."""
    path = "service/tickets/12345/tasks"
    first = cw.post(path, {"summary": "Back up", "code": {"id": 1}, "member": {"identifier": "oncall"}})
    second = cw.post(path, {"notes": "Patch"})
    assert [(task["priority"], task["closedFlag"]) for task in cw.get(path)] == [(1, False), (2, False)]
    assert cw.patch(f"{path}/{first['id']}", ("replace", "closedFlag", True))["closedFlag"] is True
    assert cw.get(f"{path}/count", conditions="closedFlag=true") == {"count": 1}
    assert cw.error(404, "GET", f"service/tickets/123/tasks/{second['id']}")["code"] == "NotFound"
    assert cw.error(500, "POST", path, {"childScheduleAction": "Burn"})["code"] == "ConnectWiseApi"
    assert cw.error(400, "POST", path, {"title": "x"})["message"].startswith("Could not find member 'title'")
    cw.delete(f"{path}/{first['id']}")
    assert [task["id"] for task in cw.get(path)] == [second["id"]]


def test_callbacks(cw: Caller) -> None:
    """Fact 11.5, as recorded."""
    sent = {"url": "https://hooks.example/cw?recordId=", "objectId": 0, "type": "ticket", "level": "owner"}
    made = cw.post("system/callbacks", sent)
    assert (made["objectId"], made["payloadVersion"], made["memberId"]) == (1, "3.0.0", 637)
    assert made["connectWiseID"]
    body = cw.error(400, "POST", "system/callbacks", sent)
    error = {
        "code": "ObjectExists", "message": "A matching callback entry already exists", "resource": "callbackEntry",
        "field": "objectId",
    }  # fmt: skip
    assert body == {"code": "InvalidObject", "message": "callbackEntry object is invalid", "errors": [error]}
    other = cw.post("system/callbacks", {**sent, "level": "Board"})
    assert cw.try_patch(f"system/callbacks/{other['id']}", ("replace", "level", "owner")).status_code == 400
    assert cw.patch(f"system/callbacks/{made['id']}", ("replace", "inactiveFlag", True))["inactiveFlag"] is True
    body = cw.error(400, "POST", "system/callbacks", {**sent, "url": "hooks", "level": "everything"})
    assert [(error["code"], error["message"], error["field"]) for error in body["errors"]] == [
        ("InvalidField", "Invalid URL", "url"),
        ("InvalidObject", "Unrecognized level for type, see documentation for supported levels for each type", "level"),
    ]
    assert cw.error(400, "POST", "system/callbacks", {**sent, "type": "tickets"})["errors"][0]["field"] == "level"
    missing = cw.error(400, "POST", "system/callbacks", {})["errors"]
    assert [error["field"] for error in missing] == ["url", "objectId", "type", "level"]
    nothing = {**sent, "url": "https://hooks.example/other?recordId=", "objectId": None}
    assert (
        cw.error(400, "POST", "system/callbacks", nothing)["errors"][0]["message"] == "The objectId field is required."
    )
    cw.delete(f"system/callbacks/{made['id']}")
    assert cw.error(404, "DELETE", f"system/callbacks/{made['id']}")["message"] == "The endpoint does not exist."


@pytest.mark.parametrize("member", ["637", "oncall"])
def test_tokens_are_refused(cw: Caller, member: str) -> None:
    """Fact 2.7: not for the keys of an API member."""
    body = cw.error(403, "POST", f"system/members/{member}/tokens", {})
    assert body["message"] == "You do not have security permission to perform this action."
    assert cw.error(405, "GET", f"system/members/{member}/tokens")


def test_schedule(cw: Caller) -> None:
    """Fact 11.3: how more people get onto a ticket."""
    sent = {"type": {"identifier": "S"}, "objectId": 12345, "member": {"identifier": "oncall"}}
    made = cw.post("schedule/entries", sent)
    assert made["type"]["id"] == 4
    assert cw.get("service/tickets/12345")["resources"] == "servicedesk, oncall"
    assert cw.get("schedule/entries", conditions="type/id=4 AND objectId=12345")[0]["id"] == made["id"]
    assert cw.get("service/tickets/12345/scheduleentries")[0]["id"] == made["id"]
    assert made["status"]["name"] == "Firm"
    cw.patch(f"schedule/entries/{made['id']}", ("replace", "member/id", 640))
    assert cw.get("service/tickets/12345")["resources"] == "servicedesk, retired"
    cw.delete(f"schedule/entries/{made['id']}")
    assert cw.get("service/tickets/12345")["resources"] == "servicedesk"
    owned = cw.post("schedule/entries", {**sent, "member": {"identifier": "servicedesk"}})
    cw.delete(f"schedule/entries/{owned['id']}")
    assert cw.get("service/tickets/12345")["resources"] == "servicedesk"
    body = cw.error(400, "POST", "schedule/entries", {"type": {"id": 1}, "objectId": 123456})
    error = {
        "code": "NotFound", "message": "Activity 123456 not found", "resource": "schedule", "field": "objectId",
    }  # fmt: skip
    assert body == {"code": "InvalidObject", "message": "schedule object is invalid", "errors": [error]}


def test_custom_field_definitions(cw: Caller) -> None:
    """The table behind customFields; a new one shows on all tickets."""
    found = cw.get("system/userDefinedFields", conditions="caption='Impact Area'")
    assert [option["optionValue"] for option in found[0]["options"]] == ["Network", "Server", "Desktop"]
    definition = {
        "podId": 1, "caption": "Change Ref", "sequenceNumber": 9, "screenId": "sr100", "fieldTypeIdentifier": "Text",
        "entryTypeIdentifier": "EntryField",
    }  # fmt: skip
    made = cw.post("system/userDefinedFields", definition)
    assert cw.get("service/tickets/123")["customFields"][-1]["id"] == made["id"]
    body = cw.error(400, "POST", "system/userDefinedFields", {**definition, "sequenceNumber": 501})
    assert body["errors"][0]["message"] == "The field sequenceNumber must be between 1 and 500."


@pytest.mark.parametrize("name", ["severities", "impacts"])
def test_severities_and_impacts(cw: Caller, name: str) -> None:
    """Fact 7.13: only renamed."""
    changed = cw.patch(f"service/{name}/1", ("replace", "description", "Minor"))
    assert (changed["name"], changed["description"]) == ("Low", "Minor")
    assert cw.error(405, "POST", f"service/{name}", {"description": "x"})
    assert cw.error(405, "DELETE", f"service/{name}/1")


def test_audit_trail(cw: Caller) -> None:
    """Fact 11.6: what happened to a ticket; no orderBy, no forward-only paging."""
    cw.patch("service/tickets/12345", ("replace", "status/id", 103))
    trail = cw.get("system/audittrail", type="Ticket", id=12345)
    assert [(entry["text"], entry["enteredBy"]) for entry in trail] == [
        ("Ticket created", "servicedesk"), ("status: In Progress → Waiting Customer", "ansible"),
    ]  # fmt: skip
    assert cw.get("system/audittrail", type="Ticket", id=12345, conditions="enteredBy='ansible'") == trail[1:]
    assert cw.get("system/audittrail/count", type="Ticket", id=12345) == {"count": 2}
    assert cw.error(400, "GET", "system/audittrail", params={"type": "Ticket", "id": 12345, "orderBy": "text"})
    body = cw.error(400, "GET", "system/audittrail")
    assert [error["field"] for error in body["errors"]] == ["type", "id"]
    params: dict[str, Any] = {"type": "Ticket", "id": 12345, "page": 2, "pageSize": 1}
    response = cw.call("GET", "system/audittrail", params=params, headers={"pagination-type": "forward-only"})
    assert response.json() == trail[1:]


def test_communications(cw: Caller) -> None:
    """Section 10: one default of each kind, a new one clears the old; the contact shows the same."""
    path = "company/contacts/2500/communications"
    mail, phone = cw.get(path)
    assert (mail["value"], mail["defaultFlag"], mail["contactId"]) == ("it.manager@acme.example", True, 2500)
    made = cw.post(path, {"type": {"id": 1}, "value": "second@acme.example", "defaultFlag": True})
    assert (made["communicationType"], made["domain"], made["defaultFlag"]) == ("Email", "@acme.example", True)
    assert cw.get(f"{path}/{mail['id']}")["defaultFlag"] is False
    items = {item["id"]: item["defaultFlag"] for item in cw.get("company/contacts/2500")["communicationItems"]}
    assert items == {mail["id"]: False, phone["id"]: True, made["id"]: True}
    changed = cw.patch(f"{path}/{phone['id']}", ("replace", "value", "5550199"))
    assert (changed["value"], cw.get("company/contacts/2500")["defaultPhoneNbr"]) == ("5550199", "5550199")
    assert cw.get(f"{path}/count", conditions="communicationType='Email'") == {"count": 2}
    cw.delete(f"{path}/{made['id']}")
    assert [item["defaultFlag"] for item in cw.get(path)] == [True, True]
    body = cw.error(400, "POST", path, {"extension": "1"})
    assert [error["field"] for error in body["errors"]] == ["type", "value"]
    body = cw.error(400, "POST", path, {"type": {"id": 99}, "value": "x"})
    assert body["errors"][0]["message"] == "Communication Type 99 not found"
    assert cw.error(404, "GET", f"{path}/99999")["code"] == "NotFound"

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tickets: what a create gets, what belongs together, closing, PUT and DELETE."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .conftest import Caller


def errors(body: Any) -> list[tuple[str, str, str]]:
    """(code, message, field) of each entry of an InvalidObject about a ticket."""
    assert (body["code"], body["message"]) == ("InvalidObject", "ticket object is invalid")
    assert all(error["resource"] == "ticket" for error in body["errors"])
    return [(error["code"], error["message"], error["field"]) for error in body["errors"]]


def refused(cw: Caller, **fields: Any) -> list[tuple[str, str, str]]:
    """What is said against a ticket of Acme's."""
    return errors(cw.error(400, "POST", "service/tickets", {"summary": "Test", "company": {"id": 250}, **fields}))


def test_bare_create(cw: Caller) -> None:
    """Fact 7.11: the recorded defaults; fact 7.10: nulls are left out."""
    ticket = cw.post("service/tickets", {"summary": "Bare", "company": {"id": 250}})
    assert ticket["id"] == 20000
    expected = {
        "recordType": "ServiceTicket", "severity": "Medium", "impact": "Medium", "approved": True,
        "billTime": "NoDefault", "billExpenses": "NoDefault", "billProducts": "NoDefault",
        "billingMethod": "ActualRates", "subBillingMethod": "ActualRates", "isInSla": True, "escalationLevel": 10,
        "closedFlag": False, "siteName": "Main Office", "addressLine1": "250 High Street",
        "hasChildTicket": False, "automaticEmailCcFlag": False, "resolveMinutes": 0,
    }  # fmt: skip
    assert {name: ticket[name] for name in expected} == expected
    names = {
        "board": "Help Desk", "status": "New", "team": "Service Team", "priority": "Priority 3 - Medium",
        "source": "Call", "serviceLocation": "Remote", "location": "Main Location", "department": "Engineering",
        "sla": "Standard SLA", "currency": "US Dollars", "site": "Main Office", "country": "United States",
    }  # fmt: skip
    assert {name: ticket[name]["name"] for name in names} == names
    assert re.fullmatch(r"Resolve by \w{3} \d\d/\d\d \d{1,2}:\d\d [AP]M UTC[+-]\d\d", ticket["slaStatus"])
    assert ticket["dateResplan"] == ticket["dateResponded"] == ticket["_info"]["dateEntered"]
    absent = {"owner", "contact", "type", "resources", "closedDate", "closedBy", "requestForChangeFlag", "duration"}
    assert not absent & set(ticket)
    assert [set(field) - {"connectWiseId"} for field in ticket["customFields"]] == [
        {"id", "caption", "type", "entryMethod", "numberOfDecimals"}
    ] * 6
    assert cw.get("service/tickets/20000") == ticket
    assert cw.ticket()["id"] == 20001


def test_expanded_references_and_links(cw: Caller) -> None:
    """Facts 6.12, 7.19."""
    ticket = cw.ticket(board={"name": "help desk"}, owner={"identifier": "oncall"})
    base = f"{cw.url}/v4_6_release/apis/3.0//"
    assert ticket["board"] == {"id": 1, "name": "Help Desk", "_info": {"board_href": f"{base}service/boards/1"}}
    assert ticket["owner"]["identifier"] == "oncall"
    assert ticket["status"]["_info"] == {"status_href": f"{base}service/boards/1/statuses/101"}
    info = ticket["_info"]
    number = ticket["id"]
    assert info["notes_href"] == f"{base}service/tickets/{number}/notes"
    products = f"procurement/products?conditions=chargeToType='Ticket' AND chargeToId={number}"
    assert info["products_href"] == base + products
    assert (info["enteredBy"], info["updatedBy"]) == ("ansible", "ansible")
    assert info["lastUpdated"] == info["dateEntered"]


def test_required(cw: Caller) -> None:
    """Facts 5.4, 7.1."""
    body = cw.error(400, "POST", "service/tickets", {})
    assert errors(body) == [
        ("MissingRequiredField", "The summary field is required.", "summary"),
        ("MissingRequiredField", "The company field is required.", "company"),
    ]
    assert refused(cw, summary=" ")[0][0] == "MissingRequiredField"


def test_lengths(cw: Caller) -> None:
    """Fact 5.4; as .NET counts, a letter beyond the first 65536 is two."""
    too_long = ("MaxLengthField", "The field summary must be a string with a maximum length of 100.", "summary")
    assert refused(cw, summary="x" * 101) == [too_long]
    assert refused(cw, summary="\U0001f600" * 51) == [too_long]
    assert cw.ticket(summary="\U0001f600" * 50)["summary"] == "\U0001f600" * 50
    message = "The field externalXRef must be a string with a maximum length of 100."
    assert refused(cw, externalXRef="x" * 101) == [("MaxLengthField", message, "externalXRef")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"company": {"id": 19299}}, ("company 19299 not found", "company/id")),
        ({"company": {"name": "Nobody"}}, ("company Nobody not found", "company/name")),
        ({"company": {"identifier": "none"}}, ("company none not found", "company/identifier")),
        ({"board": {"id": 99}}, ("Service Board 99 not found", "board/id")),
        ({"status": {"id": 201}}, ("Service Status 201 not found for Service Board 1", "status/id")),
        ({"board": {"id": 2}, "status": {"id": 101}},
         ("Service Status 101 not found for Service Board 2", "status/id")),
        ({"board": {"id": 3}, "status": {"name": "Resolved"}},
         ("Service Status Resolved not found for Service Board 3", "status/name")),
        ({"type": {"id": 21}}, ("Service Type 21 not found for Service Board 1", "type/id")),
        ({"type": {"id": 11}, "subType": {"id": 121}},
         ("Service SubType 121 not found for Service Board 1", "subType/id")),
        ({"type": {"id": 12}, "subType": {"id": 111}},
         ("Service SubType 111 not found for Service Type 12", "subType/id")),
        ({"type": {"id": 11}, "item": {"id": 1111}},
         ("Service Item 1111 not found for Service SubType None", "item/id")),
        ({"team": {"id": 53}}, ("Service Team 53 not found for Service Board 1", "team/id")),
        ({"contact": {"id": 2251}}, ("Contact 2251 not found for company 250", "contact/id")),
        ({"site": {"id": 1251}}, ("Site 1251 not found for company 250", "site/id")),
        ({"priority": {"id": 1}}, ("Priority 1 not found", "priority/id")),
        ({"owner": {"identifier": "x"}}, ("Member x not found", "owner/identifier")),
        ({"parentTicketId": 5}, ("Service Ticket 5 not found", "parentTicketId")),
    ],
)  # fmt: skip
def test_references_that_do_not_fit(cw: Caller, fields: dict[str, Any], expected: tuple[str, str]) -> None:
    """Facts 5.4, 7.3, 7.5, 9.2."""
    assert refused(cw, **fields) == [("NotFound", *expected)]
    assert cw.get("service/tickets/count") == {"count": 4}
    assert cw.get("service/tickets/123/notes/count") == {"count": 0}


def test_references_by_name(cw: Caller) -> None:
    """Fact 6.13: a status name is looked up on the board (fact 7.3); of equal names the first is taken."""
    ticket = cw.post(
        "service/tickets",
        {
            "summary": "x",
            "company": {"name": "northwind traders"},
            "status": {"name": "completed"},
            "board": {"name": "Changes & Projects"},
            "type": {"name": "Change"},
            "subtype": {"name": "Deployment"},
            "item": {"name": "Rollback"},
            "team": {"name": "Change Team"},
            "contact": {"name": "Reception Desk"},
            "priority": {"name": "Priority 1 - Critical"},
            "source": {"name": "RMM"},
        },
    )
    ids = {name: ticket[name]["id"] for name in ("company", "status", "type", "subType", "item", "contact", "source")}
    assert ids == {
        "company": 251, "status": 204, "type": 21, "subType": 121, "item": 1211, "contact": 2251, "source": 42,
    }  # fmt: skip
    assert (ticket["contactName"], ticket["contactEmailAddress"]) == ("Reception Desk", "reception@northwindus.example")
    cw.switch(post_reference_names="refuse")
    assert refused(cw, board={"name": "Help Desk"})[0][1] == "Service Board Help Desk not found"


def test_contact_of_another_company(cw: Caller) -> None:
    """An open point: refused by default."""
    cw.switch(contact_of_other_company="accept")
    assert cw.ticket(contact={"id": 2251})["contact"]["id"] == 2251


def test_texts_become_notes(cw: Caller) -> None:
    """Fact 7.2: never returned, not even on PATCH; the first notes of the ticket."""
    sent = {"initialDescription": "What", "initialInternalAnalysis": "Why", "initialResolution": "How"}
    ticket = cw.ticket(**sent)
    assert not set(sent) & set(ticket)
    notes = cw.get(f"service/tickets/{ticket['id']}/notes")
    flags = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
    assert [(note["text"], *(note[flag] for flag in flags)) for note in notes] == [
        ("What", True, False, False),
        ("Why", False, True, False),
        ("How", False, False, True),
    ]
    assert notes[0]["createdBy"] == "ansible"
    response = cw.try_patch(f"service/tickets/{ticket['id']}", ("replace", "initialDescription", "x"))
    assert response.status_code == 400
    assert cw.get(f"service/tickets/{ticket['id']}/notes/count") == {"count": 3}


def test_what_the_server_rewrites(cw: Caller) -> None:
    """Facts 7.7, 7.8, 7.9: dates without time, working days, a semicolon, resources from the owner."""
    ticket = cw.ticket(
        estimatedStartDate="2022-09-01T08:51:01Z",
        requiredDate="2022-09-30T08:51:01Z",
        automaticEmailCc="user@example.com",
        owner={"id": 638},
        budgetHours=10.5,
    )
    assert ticket["estimatedStartDate"] == "2022-09-01T00:00:00Z"
    assert ticket["requiredDate"] == "2022-09-30T00:00:00Z"
    assert ticket["duration"] == 22
    assert ticket["automaticEmailCc"] == "user@example.com;"
    assert ticket["resources"] == "servicedesk"
    assert b'"budgetHours":10.50,' in cw.call("GET", f"service/tickets/{ticket['id']}").content
    path = f"service/tickets/{ticket['id']}"
    assert cw.patch(path, ("replace", "automaticEmailCc", "a@b.c;"))["automaticEmailCc"] == "a@b.c;"
    assert cw.patch(path, ("replace", "owner/id", 639))["resources"] == "oncall"
    assert cw.patch(path, ("remove", "owner"))["resources"] == "oncall"


@pytest.mark.parametrize(
    "text", ["2022-09-30", "2022-09-30T08:51:01", "2022-09-30T08:51:01.5Z", "2022-09-30T08:51:01+02:00", "tomorrow", ""]
)
def test_forms_of_dates(cw: Caller, text: str) -> None:
    """Fact 11.2."""
    assert refused(cw, requiredDate=text) == [
        ("UnsupportedFormat", "Unsupported format applied to requiredDate", "requiredDate")
    ]


def test_lenient_dates(cw: Caller) -> None:
    """The switch for other forms."""
    cw.switch(date_forms="lenient")
    assert cw.ticket(requiredDate="2022-09-30T23:00:00-02:00")["requiredDate"] == "2022-10-01T00:00:00Z"


def test_closing_and_opening(cw: Caller) -> None:
    """Fact 7.6: closedFlag, closedDate and closedBy follow the status and cannot be set."""
    ticket = cw.ticket(closedFlag=True, closedBy="somebody", closedDate="2020-01-01T00:00:00Z")
    assert (ticket["closedFlag"], "closedDate" in ticket, "closedBy" in ticket) == (False, False, False)
    path = f"service/tickets/{ticket['id']}"
    closed = cw.patch(path, ("replace", "status/id", 456), ("replace", "closedBy", "somebody"))
    assert (closed["closedFlag"], closed["closedBy"], closed["slaStatus"]) == (True, "ansible", "Resolved")
    assert closed["closedDate"] == closed["dateResolved"] == closed["_info"]["lastUpdated"]
    still = cw.patch(path, ("replace", "status/id", 105))
    assert still["closedDate"] == closed["closedDate"]
    opened = cw.patch(path, ("replace", "status", {"name": "in progress"}), ("replace", "closedFlag", True))
    assert opened["closedFlag"] is False
    assert not {"closedDate", "closedBy", "dateResolved"} & set(opened)


def test_request_for_change(cw: Caller) -> None:
    """Fact 7.12: a flag of the type."""
    assert cw.ticket(board={"id": 2}, type={"id": 21})["requestForChangeFlag"] is True
    assert cw.ticket(type={"id": 11})["requestForChangeFlag"] is False


def test_members_of_json_have_no_case(cw: Caller) -> None:
    """Fact 13.5."""
    sent = {"SUMMARY": "x", "Company": {"ID": 250}, "type": {"id": 11}, "subtype": {"id": 111}}
    ticket = cw.post("service/tickets", sent)
    assert (ticket["summary"], ticket["subType"]["name"]) == ("x", "Server")


def test_nulls_are_as_if_left_out(cw: Caller) -> None:
    """Clients send null for what they do not know."""
    ticket = cw.ticket(status=None, type=None, source=None, board={"id": None}, externalXRef=None, _info={"x": "y"})
    assert (ticket["status"]["id"], ticket["source"]["id"], ticket["board"]["id"]) == (101, 1, 1)


def test_put_drops_what_is_left_out(cw: Caller) -> None:
    """Fact 6.8, the recorded PUT: source, location, owner, dates are gone; resources, sla and dates of entry stay."""
    ticket = cw.ticket(
        owner={"id": 638},
        source={"id": 42},
        contact={"id": 2500},
        type={"id": 11},
        requiredDate="2026-09-30T00:00:00Z",
        externalXRef="key",
        automaticEmailContactFlag=True,
        customFields=[{"id": 39, "value": "x"}],
    )
    path = f"service/tickets/{ticket['id']}"
    sent = {
        "summary": "Changed", "company": {"id": 250}, "status": {"name": "In Progress"}, "board": {"id": 1},
        "priority": {"id": 8}, "severity": "Medium", "impact": "Low", "team": {"name": "Service Team"},
    }  # fmt: skip
    changed = cw.put(path, sent)
    gone = {"source", "serviceLocation", "owner", "type", "contact", "contactName", "site", "requiredDate"}
    assert not {*gone, "externalXRef"} & set(changed)
    kept = ("id", "mobileGuid", "resources", "location", "department", "sla", "currency", "dateResponded")
    assert {name: changed[name] for name in kept} == {name: ticket[name] for name in kept}
    assert changed["_info"]["dateEntered"] == ticket["_info"]["dateEntered"]
    assert (changed["summary"], changed["status"]["id"], changed["impact"]) == ("Changed", 102, "Low")
    assert changed["automaticEmailContactFlag"] is False
    assert not any("value" in field for field in changed["customFields"])
    body = cw.error(400, "PUT", path, {"summary": "x", "company": {"id": 250}})
    assert errors(body) == [
        ("MissingRequiredField", "The severity field is required.", "severity"),
        ("MissingRequiredField", "The impact field is required.", "impact"),
    ]
    again = cw.put(path, {**cw.get(path), "summary": "Read and written"})
    assert again["summary"] == "Read and written"


def test_delete(cw: Caller) -> None:
    """Fact 7.15; ids are not used again."""
    ticket = cw.ticket(initialDescription="x")
    path = f"service/tickets/{ticket['id']}"
    cw.delete(path)
    assert cw.error(404, "GET", path)["message"] == f"Ticket {ticket['id']} not found"
    assert cw.error(404, "DELETE", path)["code"] == "NotFound"
    assert cw.error(404, "GET", f"{path}/notes")["message"] == f"Service Ticket {ticket['id']} not found"
    assert cw.ticket()["id"] == ticket["id"] + 1


def test_board_move(cw: Caller) -> None:
    """Facts 6.4, 7.4: both in one call; the board alone is accepted, with a switch for what becomes of the rest."""
    ticket = cw.ticket(type={"id": 11}, subType={"id": 111}, status={"id": 102})
    path = f"service/tickets/{ticket['id']}"
    moved = cw.patch(path, ("replace", "board/id", 3), ("replace", "status/id", 302))
    assert (moved["board"]["id"], moved["status"]["id"], moved["team"]["id"]) == (3, 302, 54)
    assert "type" not in moved
    alone = cw.patch(path, ("replace", "board/id", 2))
    assert (alone["status"]["id"], alone["team"]["id"]) == (201, 53)
    wrong = cw.try_patch(path, ("replace", "board/id", 1), ("replace", "status/id", 302))
    assert errors(wrong.json())[0][1] == "Service Status 302 not found for Service Board 1"
    cw.switch(board_move="refuse")
    assert errors(cw.try_patch(path, ("replace", "board/id", 1)).json())[0][2] == "status/id"
    cw.switch(board_move="keep-old")
    kept = cw.patch(path, ("replace", "board/id", 1))
    assert (kept["board"]["id"], kept["status"]["id"]) == (1, 201)


def test_company_move(cw: Caller) -> None:
    """Site and contact of the old company do not stay."""
    ticket = cw.ticket(contact={"id": 2500})
    moved = cw.patch(f"service/tickets/{ticket['id']}", ("replace", "company/id", 251))
    assert (moved["company"]["id"], moved["site"]["id"]) == (251, 1251)
    assert not {"contact", "contactName", "contactEmailAddress"} & set(moved)


def test_merge_and_bundle(cw: Caller) -> None:
    """Fact 7.16."""
    first, second, third = (cw.ticket(summary=name)["id"] for name in "abc")
    done = cw.post(f"service/tickets/{first}/merge", {"mergeTicketIds": [second], "status": {"id": 456}}, 200)
    assert done["success"] is True
    merged = cw.get(f"service/tickets/{second}")
    assert (merged["mergedParentTicket"]["id"], merged["status"]["id"], merged["closedFlag"]) == (first, 456, True)
    assert cw.get(f"service/tickets/{first}")["hasMergedChildTicketFlag"] is True
    merge = f"service/tickets/{first}/merge"
    body = cw.error(500, "POST", merge, {"mergeTicketIds": [{"id": 1}], "status": {"id": 456}})
    assert body["message"].startswith("Unexpected character encountered while parsing value: {.")
    assert cw.error(400, "POST", merge, {"mergeTicketIds": [third]})["code"] == "InvalidObject"
    cw.post(f"service/tickets/{first}/attachChildren", {"childTicketIds": [third]}, 200)
    assert cw.get(f"service/tickets/{third}")["parentTicketId"] == first
    assert cw.get(f"service/tickets/{first}")["hasChildTicket"] is True
    child = cw.ticket(parentTicketId=third)
    assert child["parentTicketId"] == third
    assert cw.get(f"service/tickets/{third}")["hasChildTicket"] is True


def test_info_twin(cw: Caller) -> None:
    """Fact 2.5."""
    assert set(cw.get("service/tickets/123/info")) == {"id", "summary", "company", "_info"}
    assert cw.get("service/tickets/info", conditions="summary contains 'slow'")[0]["id"] == 123
    assert cw.get("service/tickets/info/count") == {"count": 4}


def test_tasks(cw: Caller) -> None:
    """Fact 11.4."""
    path = "service/tickets/123/tasks"
    task = cw.post(path, {"summary": "Look", "notes": "closely"})
    assert (task["ticketId"], task["closedFlag"]) == (123, False)
    assert cw.patch(f"{path}/{task['id']}", ("replace", "closedFlag", True))["closedFlag"] is True
    assert cw.get(f"{path}/count") == {"count": 1}
    cw.delete(f"{path}/{task['id']}")
    assert cw.get(path) == []


def test_location_of_what_was_made(cw: Caller) -> None:
    """Fact 6.11: http:// in any case; a client must not follow it."""
    response = cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}})
    host = cw.url.partition("//")[2]
    assert response.headers["Location"] == f"http://{host}/v4_6_release/apis/3.0/service/tickets/20000"
    cw.switch(location_header="off")
    response = cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}})
    assert "Location" not in response.headers

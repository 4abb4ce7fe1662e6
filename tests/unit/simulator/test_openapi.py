# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every endpoint that is served gives what the OpenAPI file says: each method, each status, each schema.

The caller checks each answer; here all endpoints are visited.
"""

from __future__ import annotations

from typing import Any

import pytest

from simulator.api import Api
from simulator.store import Store
from simulator.world import World

from .conftest import SPECIFICATION, Caller, Specification

ENDPOINTS = Api(World(Store())).endpoints()
# A record to look at where the last of a list will not do.
CHOSEN = {
    "service/priority": 5,
    "project/tickets": 12400,
    "company/contacts": 2500,
    "service/slas": 3,
    "service/tickets": 12345,
    "service/boards": 1,
    "company/companies": 250,
    "company/configurations/types": 1,
}
MEMBER = {
    "identifier": "second", "licenseClass": "F", "firstName": "Second", "lastName": "Desk", "defaultEmail": "Office",
    "hireDate": "2026-01-01T00:00:00Z", "defaultPhone": "Office", "securityRole": {"id": 64},
}  # fmt: skip
QUESTION = {"fieldType": "Text", "entryType": "List", "sequenceNumber": 9, "question": "Where?"}
NAMED: dict[str, Any] = {"name": "Made by a test"}
DESCRIBED: dict[str, Any] = {"description": "Made by a test"}
# What makes a record, by the path of its list; parents come before what belongs to them.
BODIES: dict[str, dict[str, Any]] = {
    "service/tickets/{}/notes": {"text": "x", "resolutionFlag": True},
    "service/tickets/{}/tasks": {"summary": "x"},
    "service/tickets/{}/configurations": {"id": 67890},
    "project/tickets/{}/notes": {"text": "x", "resolutionFlag": True},
    "project/tickets/{}/tasks": {"summary": "x"},
    "project/tickets/{}/configurations": {"id": 67890},
    "time/entries": {"chargeToType": "ServiceTicket", "chargeToId": 12345, "timeStart": "2026-03-02T10:00:00Z"},
    "schedule/entries": {"type": {"id": 4}, "objectId": 12345},
    "schedule/statuses": NAMED,
    "system/callbacks": {"url": "https://hooks.example/?recordId=", "objectId": 1, "type": "ticket", "level": "board"},
    "schedule/types": {**NAMED, "identifier": "Z"},
    "company/configurations/types/{}/questions": QUESTION,
    "company/configurations/types/{}/questions/{}/values": {"value": "x"},
    "company/configurations/types": NAMED,
    "company/configurations/statuses": DESCRIBED,
    "company/configurations": {**NAMED, "type": {"id": 1}, "company": {"id": 250}},
    "company/companies/{}/sites": NAMED,
    "company/companies/statuses": NAMED,
    "company/companies/types": NAMED,
    "company/companies": {**NAMED, "identifier": "made", "city": "Made"},
    "company/contacts/{}/communications": {"type": {"id": 1}, "value": "more@acme.example"},
    "company/contacts/{}/typeassociations": {"type": {"id": 4}, "contact": {"id": 2500}},
    "company/contacts/types": DESCRIBED,
    "company/contacts": {"firstName": "Made", "communicationItems": [{"value": "a@b.example", "type": {"id": 1}}]},
    "company/communicationtypes": DESCRIBED,
    "service/boards/{}/statuses": NAMED,
    "service/boards/{}/types": NAMED,
    "service/boards/{}/subtypes": NAMED,
    "service/boards/{}/items": NAMED,
    "service/boards/{}/teams": {**NAMED, "teamLeader": {"id": 638}},
    "service/boards": {**NAMED, "location": {"id": 11}, "department": {"id": 5}},
    "service/priorities": {**NAMED, "color": "Red"},
    "service/sources": NAMED,
    "service/locations": {**NAMED, "where": "Remote"},
    "service/slas": {**NAMED, "basedOn": "Customer"},
    "system/members": MEMBER,
    "system/locations": {**NAMED, "structureLevel": {"id": 2}},
    "system/departments": {**NAMED, "identifier": "made"},
    "system/userdefinedfields": {
        "podId": 1, "caption": "Made", "sequenceNumber": 1, "fieldTypeIdentifier": "Text", "screenId": "sr100",
    },
    "project/tickets": {"summary": "x", "phase": {"id": 11}},
    "service/tickets": {"summary": "x", "company": {"id": 250}},
}  # fmt: skip
# Looked at elsewhere: files, and what the OpenAPI file does not have.
NO_JSON = ("system/myaccount", "system/documents/uploadsample", "system/documents/{}/download",
           "system/documents/{}/thumbnail", "system/audittrail", "system/audittrail/count")  # fmt: skip
SUB_ACTIONS = {"search", "merge", "attachchildren", "changetype", "copy", "convert", "bulk"}


@pytest.fixture
def checked(cw: Caller, specification: Specification | None) -> Caller:
    """A caller that holds its answers against the OpenAPI file."""
    if specification is None:
        pytest.skip(f"The OpenAPI file is not at hand: {SPECIFICATION.name} in ../shared/connectwise")
    return cw


def test_bodies_are_known_for_all_that_can_be_made() -> None:
    """Nothing that can be written is left out below."""
    made = {path for method, path in ENDPOINTS if method == "POST" and path.rsplit("/", 1)[-1] not in SUB_ACTIONS}
    made -= {"system/documents", "system/documents/{}"}
    assert made == set(BODIES)


def filled(cw: Caller, path: str) -> str:
    """A path with ids of records that are there."""
    parts = path.split("/")
    for place, part in enumerate(parts):
        if part == "{}":
            above = "/".join(parts[:place])
            if above == "system/myaccount":
                parts[place] = "637"
                continue
            parts[place] = str(CHOSEN.get(above) or cw.get(above)[-1]["id"])
    return "/".join(parts)


def test_all_that_can_be_read(checked: Caller) -> None:
    """Each GET, with at least one record in each list."""
    cw = checked
    for path in (
        "service/tickets/{}/tasks",
        "service/tickets/{}/configurations",
        "project/tickets/{}/notes",
        "project/tickets/{}/tasks",
        "project/tickets/{}/configurations",
        "time/entries",
        "schedule/entries",
        "system/callbacks",
        "company/configurations/types/{}/questions/{}/values",
    ):
        cw.post(filled(cw, path), BODIES[path])  # fmt: skip
    cw.post("service/tickets/12345/merge", {"mergeTicketIds": [123], "status": {"id": 456}}, 200)
    form = {"recordType": (None, "Ticket"), "recordId": (None, "12345"), "file": ("a.txt", b"x")}
    assert cw.call("POST", "system/documents", files=form).status_code == 201
    read = [path for method, path in ENDPOINTS if method == "GET"]
    assert len(read) > 120
    for path in read:
        if path not in NO_JSON:
            cw.get(filled(cw, path))


def test_all_that_can_be_written(checked: Caller) -> None:
    """POST 201, PATCH 200, PUT 200 with what was read, DELETE 204."""
    cw = checked
    made: dict[str, str] = {}
    for path, body in BODIES.items():
        full = filled(cw, path)
        made[path] = f"{full}/{cw.post(full, body)['id']}"
    for path, record in reversed(made.items()):
        if ("PATCH", f"{path}/{{}}") in ENDPOINTS:
            cw.patch(record)
            cw.put(record, cw.get(record))
        if ("DELETE", f"{path}/{{}}") in ENDPOINTS:
            cw.delete(record)
    for name in ("severities", "impacts"):
        cw.patch(f"service/{name}/1")
        cw.put(f"service/{name}/1", cw.get(f"service/{name}/1"))
    ticket = cw.ticket()["id"]
    cw.post(f"service/tickets/{ticket}/attachChildren", {"childTicketIds": [123]}, 200)
    cw.patch("company/configurations/67890/changeType", ("replace", "type/id", 2))
    cw.post("service/tickets/search", {}, 200)
    cw.post("project/tickets/search", {}, 200)
    cw.post(f"service/tickets/{ticket}/copy", None, 200)
    cw.post(f"service/tickets/{ticket}/convert", {"phase": {"id": 12}, "wbsCode": "2.1"}, 200)
    cw.post(f"project/tickets/{ticket}/convert", {"recordType": "ServiceTicket"}, 200)

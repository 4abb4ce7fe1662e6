# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records that a fresh simulator holds. Tests and examples rely on their ids."""

from __future__ import annotations

from typing import Any

from . import records
from .fields import TYPES
from .reading import Reader
from .store import Record
from .world import World, new_guid

_LONG_AGO = {"dateEntered": "2026-01-05T08:00:00Z", "lastUpdated": "2026-01-05T08:00:00Z"}
_LATER = {"dateEntered": "2026-03-02T09:15:00Z", "lastUpdated": "2026-03-02T09:15:00Z"}


def _plain(world: World, type_name: str, *rows: Record) -> None:
    """Records that need no rules, as they are stored: references are ids."""
    for row in rows:
        record_type = TYPES[type_name]
        record: Record = {field.name: field.default for field in record_type.fields if field.default is not None}
        if "mobileGuid" in record_type.by_field:
            record["mobileGuid"] = new_guid()
        record.update(row)
        record.update(
            {f"_{name}": text for name, text in _LONG_AGO.items()}, _updatedBy="servicedesk", _enteredBy="servicedesk"
        )
        world.store.insert(record_type, record)


def _made(world: World, type_name: str, *documents: dict[str, Any], info: dict[str, str] | None = None) -> None:
    """Records that go through the rules, as a request would send them."""
    record_type = TYPES[type_name]
    reader = Reader(record_type, "", world.switches)
    for document in documents:
        parents = {name: document[name] for _path, name in record_type.parents}
        sent = {name: value for name, value in document.items() if name not in parents}
        reading = reader.record(sent)
        made_info = {**(info or _LONG_AGO), "updatedBy": "servicedesk", "enteredBy": "servicedesk"}
        records.create(world, record_type, reading, parents, lax=True, info=made_info)


def plant(world: World) -> None:
    """Remove all records and put the seed data in their place."""
    world.store.clear()
    _plant_setup(world)
    _plant_boards(world)
    _plant_members(world)
    _plant_companies(world)
    _plant_configurations(world)
    _plant_custom_fields(world)
    _plant_tickets(world)


def _plant_setup(world: World) -> None:
    _plain(world, "country", {"id": 1, "name": "United States", "currency": 7})
    _plain(
        world,
        "currency",
        {
            "id": 7,
            "symbol": "$",
            "currencyCode": "USD",
            "decimalSeparator": ".",
            "numberOfDecimals": 2,
            "thousandsSeparator": ",",
            "negativeParenthesesFlag": False,
            "displaySymbolFlag": True,
            "currencyIdentifier": "USD",
            "displayIdFlag": False,
            "rightAlign": False,
            "name": "US Dollars",
        },
    )
    _plain(world, "structureLevel", {"id": 2, "name": "Location"})
    _plain(world, "location", {"id": 11, "name": "Main Location", "structureLevel": 2})
    _plain(world, "department", {"id": 5, "identifier": "Engineering", "name": "Engineering"})
    _plain(world, "securityRole", {"id": 63, "name": "API"}, {"id": 64, "name": "Service"})
    _plain(world, "timeZoneSetup", {"id": 1, "name": "GMT-5/Eastern Time: US & Canada"})
    _plain(world, "sla", {"id": 3, "name": "Standard SLA", "basedOn": "MyCalendar", "defaultFlag": True})
    _plain(
        world,
        "priority",
        {"id": 5, "name": "Priority 1 - Critical", "color": "Red", "sortOrder": 1},
        {"id": 6, "name": "Priority 2 - High", "color": "Orange", "sortOrder": 2},
        {"id": 7, "name": "Priority 3 - Medium", "color": "Yellow", "sortOrder": 3, "defaultFlag": True},
        {"id": 8, "name": "Priority 4 - Low", "color": "White", "sortOrder": 4},
    )
    _plain(
        world,
        "source",
        {"id": 1, "name": "Call", "defaultFlag": True},
        {"id": 2, "name": "Email"},
        {"id": 11, "name": "Automate"},
        {"id": 42, "name": "RMM"},
    )
    for type_name in ("severity", "impact"):
        _plain(
            world,
            type_name,
            *(
                {"id": number, "name": name, "description": name, "defaultFlag": name == "Medium"}
                for number, name in enumerate(("Low", "Medium", "High"), 1)
            ),
        )
    _plain(
        world,
        "serviceLocation",
        {"id": 1, "name": "On-Site", "where": "OnSite"},
        {"id": 4, "name": "Remote", "where": "Remote", "defaultFlag": True},
    )
    _plain(world, "serviceCode", {"id": 1, "name": "Checklist", "description": "Checklist"})
    _plain(
        world,
        "workRole",
        {"id": 1, "name": "Engineer"},
        {"id": 2, "name": "Senior Engineer"},
        {"id": 3, "name": "Abroad"},
    )
    for number in (1, 2):
        _plain(world, "locationWorkRole", {"id": number, "location": 11, "workRole": number})
    _plain(world, "workType", {"id": 1, "name": "Regular"}, {"id": 2, "name": "After Hours"})
    _plain(world, "agreementType", {"id": 1, "name": "Recurring"})
    agreement = {"id": 249, "name": "Managed Services", "type": 1, "company": 250, "contact": 2500, "site": 1250}
    dates = {"startDate": "2025-01-01T00:00:00Z", "location": 11, "department": 5, "sla": 3}
    _plain(world, "agreement", {**agreement, **dates})
    opportunity = {"id": 300, "name": "Office 365 move", "company": 250, "contact": 2500, "site": 1250}
    _plain(world, "opportunityStatus", {"id": 1, "name": "Open"})
    _plain(world, "opportunity", {**opportunity, "primarySalesRep": 638, "status": 1})
    _plain(
        world,
        "scheduleStatus",
        {"id": 1, "name": "Tentative", "showAsTentativeFlag": True},
        {"id": 2, "name": "Firm", "defaultFlag": True},
    )
    _plain(
        world,
        "reminderTime",
        {"id": 1, "name": "0 minutes", "time": 0, "defaultFlag": True},
        {"id": 2, "name": "15 minutes", "time": 15},
    )
    _plain(world, "manufacturer", {"id": 1, "name": "Generic"})
    _plain(
        world,
        "scheduleType",
        {"id": 1, "name": "Activity", "identifier": "C", "systemFlag": True},
        {"id": 4, "name": "Service", "identifier": "S", "systemFlag": True},
    )
    _plain(world, "contactRelationship", {"id": 1, "name": "Employee"})
    _plain(world, "contactDepartment", {"id": 1, "name": "IT"})
    _plain(
        world,
        "communicationType",
        {"id": 1, "description": "Email", "emailFlag": True, "defaultFlag": True},
        {"id": 2, "description": "Direct", "phoneFlag": True, "defaultFlag": True},
        {"id": 3, "description": "Fax", "faxFlag": True, "defaultFlag": True},
        {"id": 4, "description": "Cell", "phoneFlag": True},
    )
    _plain(
        world,
        "contactType",
        {"id": 1, "description": "End User", "defaultFlag": True},
        {"id": 4, "description": "Approver"},
    )


def _plant_boards(world: World) -> None:
    for number, name, inactive in (
        (1, "Help Desk", False),
        (2, "Changes & Projects", False),
        (3, "Network Operations", False),
        (4, "Old Board", True),
    ):
        _plain(world, "board", {"id": number, "name": name, "location": 11, "department": 5, "inactiveFlag": inactive})
    closed: Record = {"closedStatus": True}
    default: Record = {"defaultFlag": True}
    retired: Record = {"inactive": True}
    statuses: list[tuple[int, int, str, Record]] = [
        (1, 101, "New", default),
        (1, 102, "In Progress", {}),
        (1, 103, "Waiting Customer", {}),
        (1, 104, "DO NOT USE", retired),
        (1, 456, "Resolved", closed),
        (1, 105, ">Closed", {**closed, "timeEntryNotAllowed": True}),
        (1, 106, "Cancelled", {**closed, **retired}),
        (2, 201, "New", default),
        (2, 202, "Approved", {}),
        (2, 203, "In Progress", {}),
        (2, 204, "Completed", closed),
        (2, 205, "Failed", closed),
        (2, 206, "Old status (retired)", retired),
        (3, 301, "New", default),
        (3, 302, "In Progress", {}),
        (3, 303, ">Closed", {**closed, "timeEntryNotAllowed": True}),
        (4, 401, "New", default),
        (4, 402, "Closed", closed),
    ]
    for order, (board, number, name, more) in enumerate(statuses, 1):
        escalation = "Resolved" if more.get("closedStatus") else "NotResponded"
        row = {"id": number, "name": name, "board": board, "sortOrder": order, "escalationStatus": escalation}
        _plain(world, "status", {**row, **more})
    for number, name, board, flags in (
        (11, "Incident", 1, {}),
        (12, "Request", 1, {}),
        (13, "Old type", 1, {"inactiveFlag": True}),
        (21, "Change", 2, {"requestForChangeFlag": True, "category": "Proactive"}),
        (22, "Incident", 2, {}),
        (31, "Incident", 3, {}),
    ):
        _plain(world, "type", {"id": number, "name": name, "board": board, "location": 11, "department": 5, **flags})
    _plain(
        world,
        "subType",
        {"id": 111, "name": "Server", "board": 1, "typeAssociationIds": [11]},
        {"id": 112, "name": "Printer", "board": 1, "typeAssociationIds": [12]},
        {"id": 121, "name": "Deployment", "board": 2, "typeAssociationIds": [21]},
        {"id": 131, "name": "Server", "board": 3, "typeAssociationIds": [31]},
    )
    _plain(
        world,
        "item",
        {"id": 1111, "name": "Reboot", "board": 1},
        {"id": 1211, "name": "Rollback", "board": 2},
    )
    _plain(
        world,
        "association",
        {"id": 1, "type": 11, "subType": 111, "item": 1111, "board": 1},
        {"id": 2, "type": 11, "subType": 111, "board": 1},
        {"id": 3, "type": 12, "subType": 112, "board": 1},
        {"id": 4, "type": 21, "subType": 121, "item": 1211, "board": 2},
        {"id": 5, "type": 21, "subType": 121, "board": 2},
        {"id": 6, "type": 31, "subType": 131, "board": 3},
    )
    for number, name, board, is_default in (
        (51, "Service Team", 1, True),
        (52, "Escalations", 1, False),
        (53, "Change Team", 2, True),
        (54, "Network Team", 3, True),
    ):
        team = {"id": number, "name": name, "boardId": board, "defaultFlag": is_default}
        _plain(world, "team", {**team, "teamLeader": 638, "members": [638, 639], "locationId": 11, "businessUnitId": 5})


def _plant_members(world: World) -> None:
    for number, identifier, first, last, license_class in (
        (637, "ansible", "Ansible", "Automation", "A"),
        (638, "servicedesk", "Service", "Desk", "F"),
        (639, "oncall", "On", "Call", "F"),
        (640, "retired", "Former", "Member", "F"),
    ):
        _plain(
            world,
            "member",
            {
                "id": number,
                "identifier": identifier,
                "firstName": first,
                "lastName": last,
                "_title": f"{first} {last}",
                "licenseClass": license_class,
                "inactiveFlag": identifier == "retired",
                "hireDate": "2020-01-06T00:00:00Z",
                "officeEmail": f"{identifier}@msp.example",
                "primaryEmail": f"{identifier}@msp.example",
                "defaultEmail": "Office",
                "defaultPhone": "Office",
                "securityRole": 63 if license_class == "A" else 64,
                "timeZone": 1,
                "defaultLocation": 11,
                "defaultDepartment": 5,
                "serviceDefaultBoard": 1,
            },
        )


def _plant_companies(world: World) -> None:
    _plain(
        world,
        "companyStatus",
        {"id": 1, "name": "Active", "defaultFlag": True},
        {"id": 2, "name": "Inactive", "inactiveFlag": True},
    )
    _plain(
        world,
        "companyType",
        {"id": 1, "name": "Client", "defaultFlag": True},
        {"id": 2, "name": "Vendor", "vendorFlag": True},
    )
    companies = (
        (250, "Acme", "Acme Corporation"),
        (251, "NorthwindUS", "Northwind Traders"),
        (252, "NorthwindUK", "Northwind Traders"),
        (253, "OBrien", "O'Brien & Söhne 100%"),
        (254, "Quoted", 'The "Quoted" Company'),
        (255, "Burgers", 'Bob\'s "Best" Burgers'),
        (256, "Gone", "Gone Ltd"),
        (257, "Kun", "Žluťoučký kůň s.r.o."),
        (258, "Brackets", "[Internal] Services"),
    )
    for number, identifier, name in companies:
        address = {"addressLine1": f"{number} High Street", "city": "Springfield", "zip": "12345", "country": 1}
        gone = {"deletedFlag": True, "dateDeleted": "2026-02-01T10:00:00Z", "deletedBy": "servicedesk"}
        site, contact = 1000 + number, 2000 + number
        company: Record = {"id": number, "identifier": identifier, "name": name, "status": 1, "types": [1]}
        more = {"site": site, "defaultContact": contact, "currency": 7, "territory": 11, "phoneNumber": "5550100"}
        _plain(world, "company", {**company, **address, **more, **(gone if identifier == "Gone" else {})})
        _plain(
            world,
            "site",
            {"id": site, "name": "Main Office", "company": number, "primaryAddressFlag": True, **address},
        )
        mail = f"reception@{identifier.lower()}.example"
        _plant_contact(world, contact, number, site, "Reception", "Desk", mail)
    _plain(
        world,
        "site",
        {"id": 1500, "name": "Warehouse & Yard", "company": 250, "addressLine1": "1 Dock Road", "city": "Springfield"},
    )
    for number, first, last, mail in (
        (2500, "IT", "Manager", "it.manager@acme.example"),
        (2501, "Front", "Desk", "front.desk.1@acme.example"),
        (2502, "Front", "Desk", "front.desk.2@acme.example"),
    ):
        _plant_contact(world, number, 250, 1250, first, last, mail)


def _plant_contact(world: World, number: int, company: int, site: int, first: str, last: str, mail: str) -> None:
    _made(
        world,
        "contact",
        {
            "id": number,
            "firstName": first,
            "lastName": last,
            "company": {"id": company},
            "site": {"id": site},
            "types": [{"id": 1}],
            "communicationItems": [
                {"communicationType": "Email", "value": mail, "defaultFlag": True},
                {"communicationType": "Phone", "value": "5550101", "defaultFlag": True},
            ],
        },
    )


def _plant_configurations(world: World) -> None:
    for number, name in ((1, "Server"), (2, "Workstation"), (3, "Network Device")):
        _plain(world, "configurationType", {"id": number, "name": name})
        for place, (question, kind) in enumerate(
            (("Role", "Text"), ("CPU cores", "Number"), ("Backed up", "Checkbox"), ("Admin password", "Password")), 1
        ):
            _plain(
                world,
                "question",
                {
                    "id": number * 10 + place,
                    "configurationType": number,
                    "fieldType": kind,
                    "entryType": "EntryField",
                    "sequenceNumber": place,
                    "question": question,
                    "numberOfDecimals": 0,
                },
            )
    _plain(
        world,
        "configurationStatus",
        {"id": 1, "description": "Active", "defaultFlag": True},
        {"id": 2, "description": "Retired", "closedFlag": True},
    )
    rows: tuple[tuple[int, str, int, Record], ...] = (
        (67890, "PROD-WEB-01", 250, {"serialNumber": "SN-0001", "ipAddress": "192.0.2.11"}),
        (67891, "PROD-WEB-02", 250, {"serialNumber": "SN-0002", "ipAddress": "192.0.2.12"}),
        (67892, "PROD-DB-01", 250, {"serialNumber": "SN-0003", "ipAddress": "192.0.2.21"}),
        (67893, "PROD-WEB-01", 251, {"serialNumber": "SN-0004", "ipAddress": "198.51.100.11"}),
        (67894, "DUPLICATE-PC", 250, {"type": {"id": 2}}),
        (67895, "DUPLICATE-PC", 250, {"type": {"id": 2}}),
        (67896, '19" Rack "A"', 250, {"type": {"id": 3}}),
        (67897, 'Käse & 100% "Büro" PC\'s', 252, {"type": {"id": 2}}),
        (67898, "OLD-SRV", 250, {"status": {"id": 2}}),
    )
    for number, name, company, more in rows:
        document = {
            "id": number,
            "name": name,
            "company": {"id": company},
            "site": {"id": company + 1000},
            "type": {"id": 1},
            "deviceIdentifier": f"device-{number}",
            **more,
        }
        first = (document["type"]["id"]) * 10
        document["questions"] = [
            {"questionId": first + 1, "answer": "Production"},
            {"questionId": first + 2, "answer": 4},
            {"questionId": first + 3, "answer": True},
            {"questionId": first + 4, "answer": "not-a-secret"},
        ]
        _made(world, "configuration", document)


def _plant_custom_fields(world: World) -> None:
    rows: tuple[tuple[int, str, str, Record], ...] = (
        (7, "sr100", "Change Window", {"fieldTypeIdentifier": "Text"}),
        (36, "sr100", "Go-live Date", {"fieldTypeIdentifier": "Date", "entryTypeIdentifier": "Date"}),
        (37, "sr100", "Billing Required", {"fieldTypeIdentifier": "Checkbox"}),
        (38, "sr100", "Risk Score", {"fieldTypeIdentifier": "Number", "numberDecimals": 2}),
        (39, "sr100", "RMM Key", {"fieldTypeIdentifier": "Text"}),
        (40, "sr100", "Impact Area", {"fieldTypeIdentifier": "Text", "entryTypeIdentifier": "List"}),
        (60, "cf100", "Rack", {"fieldTypeIdentifier": "Text"}),
        (61, "cf100", "U Height", {"fieldTypeIdentifier": "Number"}),
        (70, "te300", "On Call", {"fieldTypeIdentifier": "Checkbox"}),
    )
    pods = {
        "sr100": (1, "Ticket", "Service Ticket"),
        "cf100": (2, "Configuration Details", "Configuration"),
        "te300": (3, "Time Entry", "Time Entry"),
    }
    options = [
        {"id": place, "optionValue": text, "defaultFlag": False, "inactiveFlag": False, "sortOrder": place}
        for place, text in enumerate(("Network", "Server", "Desktop"), 1)
    ]
    for place, (number, screen, caption, more) in enumerate(rows, 1):
        pod_id, pod, shown = pods[screen]
        row: Record = {
            "id": number,
            "podId": pod_id,
            "podDescription": pod,
            "caption": caption,
            "sequenceNumber": place,
            "screenId": screen,
            "screenDescription": shown,
            "entryTypeIdentifier": "EntryField",
            "businessUnitIds": [],
            "locationIds": [],
            "connectWiseID": new_guid(),
            "dateCreated": _LONG_AGO["dateEntered"],
            **more,
        }
        if caption == "Impact Area":
            row["options"] = options
        _plain(world, "userDefinedField", row)


def _plant_tickets(world: World) -> None:
    def ticket(number: int, board: int, status: int, company: int, summary: str, **more: Any) -> None:
        document = {
            "id": number,
            "summary": summary,
            "board": {"id": board},
            "status": {"id": status},
            "company": {"id": company},
            **more,
        }
        _made(world, "ticket", document, info=_LATER)

    ticket(123, 1, 101, 250, "Mail is slow")
    ticket(12345, 1, 102, 250, "Server PROD-WEB-02 needs patches", type={"id": 11}, owner={"id": 638})
    closed = {"closedDate": "2026-03-03T16:00:00Z", "closedBy": "servicedesk", "dateResolved": "2026-03-03T16:00:00Z"}
    ticket(12346, 3, 303, 251, "Switch replaced", externalXRef="old-change-1", **closed)
    ticket(12347, 2, 203, 253, "Move the mail server", type={"id": 21})
    dates = {"estimatedStart": "2026-03-01T00:00:00Z", "estimatedEnd": "2026-09-30T00:00:00Z"}
    _plain(world, "projectStatus", {"id": 1, "name": "Open"})
    _plain(world, "project", {"id": 1, "name": "Office move", "board": 2, "company": 250, "status": 1, **dates})
    _plain(
        world,
        "phase",
        {"id": 11, "projectId": 1, "description": "Planning", "wbsCode": "1"},
        {"id": 12, "projectId": 1, "description": "Move", "wbsCode": "2"},
    )
    order = {"id": 12400, "summary": "Order the racks", "phase": {"id": 11}, "wbsCode": "1.1"}
    _made(world, "projectTicket", order, info=_LATER)
    _made(
        world,
        "note",
        {
            "ticketId": 12345,
            "text": "Twelve security updates are waiting. Please install them outside business hours.",
            "detailDescriptionFlag": True,
            "contact": {"id": 2500},
            "createdBy": "servicedesk",
        },
        {
            "ticketId": 12345,
            "text": "Maintenance window agreed: Saturday from 20:00.",
            "internalAnalysisFlag": True,
            "member": {"id": 638},
            "createdBy": "servicedesk",
        },
        info=_LATER,
    )
    world.store.connection.execute("DELETE FROM history")
    for number in (123, 12345, 12346, 12347, 12400):
        world.store.remember(number, _LATER["dateEntered"], "servicedesk", ["Ticket created"])
    world.store.connection.execute("UPDATE next_id SET id = 20000 WHERE name = 'ticket'")

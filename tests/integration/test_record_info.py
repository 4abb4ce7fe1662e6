# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_record_info: each kind, each filter, what is left out, what is wrong."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, newest_only, task
from integration.test_documentation import documentation

KINDS = documentation("cw_record_info", "DOCUMENTATION")["options"]["record"]["choices"]


def records(_name: str, /, **options: Any) -> Task:
    """A task of cw_record_info."""
    return task("cw_record_info", _name, None, **options)


@newest_only
def test_each_kind(play: Player) -> None:
    """What there is of it, and one by its id."""
    site = {"company": 250}
    run = play(*(records(kind, record=kind, **(site if kind == "site" else {})) for kind in KINDS))
    assert {each.task: each.status for each in run} == dict.fromkeys(KINDS, "ok")
    assert [each.task for each in run if each["count"] != len(each["records"]) or not each["records"]] == []
    assert [each.task for each in run if len(each.lines) != 1] == []
    first = {kind: run[kind]["records"][0]["id"] for kind in KINDS}
    again = play(*(records(kind, record=kind, id=[first[kind]], **(site if kind == "site" else {})) for kind in KINDS))
    assert {each.task: [entry["id"] for entry in each["records"]] for each in again} == {
        kind: [number] for kind, number in first.items()
    }


def test_filters(play: Player) -> None:
    play.simulator.insert(
        "company/contacts",
        [
            {"firstName": "Anna Maria", "lastName": 'van "der" O\'Hara', "company": {"id": 253}, "inactiveFlag": True},
            {"firstName": "漢字", "company": {"id": 253}, "types": [{"id": 4}]},
        ],
    )
    run = play(
        records("identifier", record="company", name="acme"),
        records("name", record="company", name="Northwind Traders"),
        records("quotes", record="company", name='Bob\'s "Best" Burgers'),
        records("deleted", record="company", active=False),
        records("ids", record="company", id=[250, 256, 999], active=True),
        records("no ids", record="company", id=[]),
        records("person", record="contact", name="IT Manager", company="Acme"),
        records("long person", record="contact", name='anna maria van "der" o\'hara', fields=["lastName"]),
        records("first name only", record="contact", name="漢字", active=True),
        records("address", record="contact", name="front.desk.2@acme.example"),
        records("address elsewhere", record="contact", name="front.desk.2@acme.example", company="OBrien"),
        records("child", record="contact", child_conditions='types/name="Approver"'),
        records("sites", record="site", company="acme", order_by="name desc"),
        records("site", record="site", company=250, name="Warehouse & Yard"),
        records("member", record="member", name="oncall"),
        records("member's name", record="member", name="Service Desk", active=True),
        records("member's address", record="member", name="retired@msp.example"),
        records("members", record="member", active=True, conditions='licenseClass="F"'),
        records("former members", record="member", active=False),
        records("agreement", record="agreement", company="Acme Corporation", active=True, name="managed services"),
        records("department", record="department", name="engineering"),
        records("conditions", record="priority", conditions="sortOrder > 2", order_by="sortOrder desc"),
        records("status", record="configuration_status", active=True),
        records("custom field", record="company", custom_field_conditions='caption="None" AND value != null'),
        records("count", record="contact", company=250, count_only=True),
        records("count of children", record="contact", name="front.desk.2@acme.example", count_only=True),
        records(
            "limit of children",
            record="contact",
            child_conditions='communicationItems/value contains "front"',
            company=250,
            limit=1,
            fields=["id"],
        ),
        records("count of unasked", record="member", active=True, count_only=True),
        records("nothing", record="source", name="Pigeon"),
        warnings=["limit: 1 of 2 records are returned. Raise limit, or ask for fewer."],
    )
    found = {each.task: [entry.get("id") for entry in each["records"]] for each in run}
    anna = run["long person"]["records"]
    assert anna == [{"last_name": 'van "der" O\'Hara'}]
    (kanji,) = found["first name only"]
    assert found == {
        "identifier": [250],
        "name": [251, 252],
        "quotes": [255],
        "deleted": [256],
        "ids": [250],
        "no ids": [],
        "person": [2500],
        "long person": [None],
        "first name only": [kanji],
        "address": [2502],
        "address elsewhere": [],
        "child": [kanji],
        "sites": [1500, 1250],
        "site": [1500],
        "member": [639],
        "member's name": [638],
        "member's address": [640],
        "members": [638, 639],
        "former members": [640],
        "agreement": [249],
        "department": [5],
        "conditions": [8, 7],
        "status": [1],
        "custom field": [],
        "count": [],
        "count of children": [],
        "limit of children": [2501],
        "count of unasked": [],
        "nothing": [],
    }
    counts = {"count": 4, "count of children": 1, "limit of children": 2, "count of unasked": 3}
    assert {each.task: each["count"] for each in run} == {name: len(ids) for name, ids in found.items()} | counts
    assert all(each.status == "ok" for each in run) and play.simulator.writes() == []
    assert run["identifier"].lines == ["GET company/companies"]
    assert run["address"].lines == ["GET company/contacts"]
    assert run["sites"].lines == ["GET company/companies", "GET company/companies/250/sites"]
    assert run["site"].lines == ["GET company/companies/250/sites"]
    assert run["count"].lines == ["GET company/contacts/count"]
    assert run["no ids"].lines == []
    company = run["identifier"]["records"][0]
    assert (company["name"], company["status_name"], company["site_name"]) == (
        "Acme Corporation",
        "Active",
        "Main Office",
    )
    assert run["person"]["records"][0]["primary_email"] == "it.manager@acme.example"


def test_second_page(play: Player) -> None:
    play.simulator.insert(
        "company/contacts",
        [{"id": 90000 + number, "firstName": f"Person {number:04}", "company": {"id": 257}} for number in range(1203)],
    )
    run = play(
        records("too many", record="contact", company=257, active=True, fields=["id"]),
        records("all", record="contact", company=257, fields=["firstName"], order_by="firstName desc", limit=5000),
        records("few", record="contact", company=257, limit=2, fields=["id", "company/name"]),
        warnings=[
            "limit: 1000 of 1204 records are returned. Raise limit, or ask for fewer.",
            "limit: 2 of 1204 records are returned. Raise limit, or ask for fewer.",
        ],
    )
    names = [entry["first_name"] for entry in run["all"]["records"]]
    assert len(set(names)) == 1204 and names == sorted(names, reverse=True)
    assert run["few"]["records"][1] == {"id": 90000, "company": {"name": "Žluťoučký kůň s.r.o."}}


@newest_only
def test_wrong_options(play: Player) -> None:
    play.simulator.fault("403", path="^finance/", times=0)
    run = play(
        records("kind", record="ticket"),
        records("no kind"),
        records("no company", record="site"),
        records("no such company", record="site", company=999),
        records("unknown company", record="site", company="Acmee"),
        records("company of no use", record="priority", company="Acme"),
        records("active of no use", record="priority", active=True),
        records("empty", record="company", name=" "),
        records("conditions", record="company", conditions="nme = 1"),
        records("child conditions", record="contact", child_conditions="nme = 1"),
        records("two of them", record="contact", name="it.manager@acme.example", child_conditions="types/id=4"),
        records("custom field conditions", record="company", custom_field_conditions="nme = 1"),
        records("order", record="company", order_by="nme"),
        records("limit", record="company", limit=0),
        records("permission", record="agreement"),
        fails=True,
    )
    refused = "answered 400 ApiFindCondition: nme is not a recognized name (request id #)"
    kinds = ", ".join(KINDS)
    assert run.messages == {
        "kind": f"value of record must be one of: {kinds}, got: ticket",
        "no kind": "missing required arguments: record",
        "no company": "company: sites are records of a company. Give it, by id, identifier or name.",
        "no such company": "company: there is no company 999.",
        "unknown company": "company: there is no company named 'Acmee'. There are: Acme Corporation (Acme, id 250).",
        "company of no use": "company: records of the kind priority can't be told apart by it.",
        "active of no use": "active: records of the kind priority can't be told apart by it.",
        "empty": "name: it is empty. Leave it out, or give a name.",
        "conditions": f"conditions: GET company/companies {refused}",
        "child conditions": f"child_conditions: GET company/contacts {refused}",
        "two of them": "child_conditions: an e-mail address as name is one already. Give one of them.",
        "custom field conditions": f"custom_field_conditions: GET company/companies {refused}",
        "order": f"order_by: GET company/companies {refused}",
        "limit": "limit: 0 is too small; 1 is the least.",
        "permission": run.messages["permission"],
    }
    allowed = "username: the security role of this API member does not allow it."
    assert run.messages["permission"].startswith(allowed)

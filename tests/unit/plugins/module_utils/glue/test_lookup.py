# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseClient,
    ConnectWisePermissionError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.lookup import (
    Lookup,
    candidates,
    described,
    display_name,
    is_inactive,
    names_of,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources import references
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import (
    TEXT,
    Field,
    Reference,
    WantedError,
    by_name,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import TICKET
from unit.plugins.support import Answering, Simulator

BOARD_1 = {"board": {"id": 1, "name": "Help Desk"}}
ACME = {"company": {"id": 250, "name": "Acme Corporation"}}


def row(name: str) -> Field:
    return by_name(TICKET, name)


@pytest.mark.parametrize(
    ("name", "value", "scope", "found"),
    [
        ("board", {"name": "help desk"}, {}, {"id": 1, "name": "Help Desk"}),
        ("board", {"id": 1}, {}, {"id": 1, "name": "Help Desk"}),
        ("status", {"name": "New"}, BOARD_1, {"id": 101, "name": "New"}),
        ("status", {"name": "new"}, {"board": {"name": "Changes & Projects"}}, {"id": 201, "name": "New"}),
        ("status", {"id": 102}, BOARD_1, {"id": 102, "name": "In Progress"}),
        ("status", {"name": "New"}, {}, {"name": "New"}),
        ("status", {"id": 102}, {}, {"id": 102}),
        ("company", {"name": "Acme"}, {}, {"id": 250, "identifier": "Acme", "name": "Acme Corporation"}),
        ("company", {"name": "acme corporation"}, {}, {"id": 250, "identifier": "Acme", "name": "Acme Corporation"}),
        ("company", {"id": 253}, {}, {"id": 253, "identifier": "OBrien", "name": "O'Brien & Söhne 100%"}),
        ("company", {"name": 'Bob\'s "Best" Burgers'}, {}, {"id": 255, "identifier": "Burgers"}),
        ("company", {"name": "[Internal] Services"}, {}, {"id": 258, "identifier": "Brackets"}),
        ("company", {"name": "žluťoučký KŮŇ s.r.o."}, {}, {"id": 257, "identifier": "Kun"}),
        ("owner", {"name": "oncall"}, {}, {"id": 639, "identifier": "oncall", "name": "On Call"}),
        ("owner", {"name": "Service Desk"}, {}, {"id": 638, "identifier": "servicedesk", "name": "Service Desk"}),
        ("owner", {"name": "oncall@msp.example"}, {}, {"id": 639}),
        ("contact", {"name": "IT Manager"}, ACME, {"name": "IT Manager"}),
        ("contact", {"name": "IT.Manager@acme.example"}, ACME, {"name": "IT Manager"}),
        ("site", {"name": "Warehouse & Yard"}, ACME, {"name": "Warehouse & Yard"}),
        ("site", {"name": "Main Office"}, {"company": {"name": "NorthwindUK"}}, {"name": "Main Office"}),
        ("contact", {"name": "IT Manager"}, {}, {"name": "IT Manager"}),
    ],
)
def test_what_is_found(
    client: ConnectWiseClient, name: str, value: dict[str, Any], scope: dict[str, Any], found: dict[str, Any]
) -> None:
    result = Lookup(client).find(row(name), value, scope)
    assert {key: result.get(key) for key in found} == found


def test_a_field_that_is_no_reference(client: ConnectWiseClient) -> None:
    assert Lookup(client).find(Field("summary", TEXT), {"name": "x"}, {}) == {"name": "x"}


@pytest.mark.parametrize(
    ("name", "value", "scope", "sentence", "code"),
    [
        ("board", {"id": 99}, {}, "board: there is no board with the id 99. There are: Help Desk (id 1), ", "NotFound"),
        (
            "status",
            {"id": 201},
            BOARD_1,
            "status: there is no status with the id 201 on board 'Help Desk'.",
            "NotFound",
        ),
        ("status", {"name": "New"}, {"board": {"name": "No"}}, "board: there is no board named 'No'.", "NotFound"),
        ("contact", {"id": 999999}, ACME, "contact: there is no contact with the id 999999", "NotFound"),
        ("company", {"name": "Go"}, {}, "company: there is no company named 'Go'.", "NotFound"),
        (
            "company",
            {"name": "Gone Ltd"},
            {},
            "company: the company Gone Ltd (Gone, id 256) is no longer in use.",
            "Inactive",
        ),
        ("company", {"name": "'\""}, {}, "company: there is no company named '\\'\"'.", "NotFound"),
        ("company", {"name": "Northwind Traders"}, {}, "company: 2 records of the kind company are named", "Ambiguous"),
    ],
)
def test_what_is_not_found(
    client: ConnectWiseClient, name: str, value: dict[str, Any], scope: dict[str, Any], sentence: str, code: str
) -> None:
    with pytest.raises(WantedError) as raised:
        Lookup(client).find(row(name), value, scope)
    assert str(raised.value).startswith(sentence)
    assert raised.value.code == code


def test_candidates_that_are_not_in_use_are_not_named(client: ConnectWiseClient) -> None:
    with pytest.raises(WantedError) as raised:
        Lookup(client).find(row("status"), {"name": "Nonsense"}, BOARD_1)
    told, _colon, names = str(raised.value).rstrip(".").rpartition(": ")
    assert told == "status: there is no status named 'Nonsense' on board 'Help Desk'. There are"
    assert sorted(names.split(", ")) == [
        ">Closed (id 105)",
        "In Progress (id 102)",
        "New (id 101)",
        "Resolved (id 456)",
        "Waiting Customer (id 103)",
    ]


def test_an_exact_name_goes_before_one_in_other_letters(simulator: Simulator, client: ConnectWiseClient) -> None:
    names = [{"name": name, "company": {"id": 250}, "type": {"id": 1}} for name in ("pc", "PC", "Pc")]
    simulator.insert("company/configurations", names)
    configurations = Field("configurations", "reference", "configurations", references.CONFIGURATION)
    assert Lookup(client).find(configurations, {"name": "PC"}, ACME)["name"] == "PC"
    with pytest.raises(
        WantedError, match="^configurations: 3 records of the kind configuration are named 'pC' of company"
    ):
        Lookup(client).find(configurations, {"name": "pC"}, ACME)


def test_each_list_is_read_once(simulator: Simulator, client: ConnectWiseClient) -> None:
    lookup = Lookup(client)
    for name in ("New", "In Progress", "new"):
        lookup.find(row("status"), {"name": name}, BOARD_1)
    lookup.all_of(references.STATUS, BOARD_1)
    lookup.find(row("priority"), {"id": 5}, {})
    lookup.find(row("priority"), {"name": "Priority 2 - High"}, {})
    assert simulator.requests() == ["GET service/boards/1/statuses", "GET service/priorities"]


def test_a_long_list_is_never_read_whole(simulator: Simulator, client: ConnectWiseClient) -> None:
    lookup = Lookup(client)
    lookup.find(row("company"), {"name": "Acme"}, {})
    lookup.find(row("company"), {"id": 251}, {})
    with pytest.raises(WantedError):
        lookup.find(row("company"), {"name": "Northwind Trading"}, {})
    conditions = [entry["query"]["conditions"] for entry in simulator.journal()]
    assert conditions == [
        'identifier = "Acme" OR name = "Acme"',
        "id = 251",
        'identifier = "Northwind Trading" OR name = "Northwind Trading"',
        'name contains "Nort"',
    ]


def test_all_of_a_scope(client: ConnectWiseClient) -> None:
    lookup = Lookup(client)
    assert [status["id"] for status in lookup.all_of(references.STATUS, {"board": {"name": "Network Operations"}})] == [
        301,
        302,
        303,
    ]
    assert lookup.all_of(references.STATUS, {}) == []
    assert len(lookup.all_of(references.PRIORITY, {})) == 4


def test_the_wanted_state_is_resolved_in_its_own_scope(client: ConnectWiseClient) -> None:
    wanted = {
        "summary": "x",
        "board": {"name": "Changes & Projects"},
        "status": {"name": "New"},
        "item": "",
        "company": {"name": "NorthwindUS"},
        "site": {"name": "Main Office"},
    }
    resolved = Lookup(client).resolved(TICKET, wanted, {**BOARD_1, **ACME}, lambda field, value: True)
    assert resolved["board"] == {"id": 2, "name": "Changes & Projects"}
    assert resolved["status"] == {"id": 201, "name": "New"}
    assert (resolved["summary"], resolved["item"]) == ("x", "")
    assert resolved["company"]["id"] == 251
    sites = client.get_all("company/companies/251/sites")
    assert resolved["site"]["id"] == sites[0]["id"]
    assert list(resolved) == list(wanted)


def test_the_scope_of_the_record_counts_where_the_wanted_state_names_none(client: ConnectWiseClient) -> None:
    resolved = Lookup(client).resolved(TICKET, {"status": {"name": "New"}}, BOARD_1, lambda field, value: True)
    assert resolved == {"status": {"id": 101, "name": "New"}}


def test_only_what_is_needed_is_looked_up(simulator: Simulator, client: ConnectWiseClient) -> None:
    wanted = {"status": {"name": "New"}, "priority": {"name": "x"}}
    resolved = Lookup(client).resolved(TICKET, wanted, BOARD_1, lambda field, value: field.name == "status")
    assert resolved == {"status": {"id": 101, "name": "New"}, "priority": {"name": "x"}}
    assert simulator.requests() == ["GET service/boards/1/statuses"]


@pytest.mark.parametrize(
    ("name", "path", "value", "scope"),
    [
        ("board", "service/boards$", {"name": "Help Desk"}, {}),
        ("status", "service/boards/1/statuses$", {"name": "New"}, BOARD_1),
        ("team", "service/boards/1/teams$", {"name": "Service Team"}, BOARD_1),
        ("subType", "service/boards/1/subtypes$", {"name": "Server"}, BOARD_1),
        ("owner", "system/members$", {"name": "oncall"}, {}),
    ],
)
def test_the_list_that_needs_fewer_rights(
    simulator: Simulator, client: ConnectWiseClient, name: str, path: str, value: dict[str, Any], scope: dict[str, Any]
) -> None:
    allowed = Lookup(client).find(row(name), value, scope)
    simulator.fault("403", path=path, times=0)
    found = Lookup(client).find(row(name), value, scope)
    assert found["id"] == allowed["id"]


def test_members_by_full_name_with_fewer_rights(simulator: Simulator, client: ConnectWiseClient) -> None:
    """That list has no e-mail addresses (MemberInfo)."""
    simulator.fault("403", path="system/members$", times=0)
    assert Lookup(client).find(row("owner"), {"name": "On Call"}, {})["id"] == 639


def test_members_in_use_with_fewer_rights(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("403", path="system/members$", times=0)
    with pytest.raises(WantedError, match="^owner: the member Former Member .retired, id 640. is no longer in use.$"):
        Lookup(client).find(row("owner"), {"name": "retired"}, {})


def test_retired_names_are_found_where_the_api_takes_them(client: ConnectWiseClient) -> None:
    assert Lookup(client).find(row("status"), {"name": "do not use"}, BOARD_1)["id"] == 104
    assert Lookup(client).find(row("board"), {"name": "Old Board"}, {})["id"] == 4


@pytest.mark.parametrize(("name", "value"), [("type", {"name": "Incident"}), ("item", {"name": "Reboot"})])
def test_no_right_and_no_other_list(
    simulator: Simulator, client: ConnectWiseClient, name: str, value: dict[str, Any]
) -> None:
    simulator.fault("403", path=f"service/boards/1/{name}s", times=0)
    with pytest.raises(ConnectWisePermissionError):
        Lookup(client).find(row(name), value, BOARD_1)


def test_many_candidates(answering: Answering) -> None:
    answering.then(200, [{"id": number, "name": f"Priority {number}"} for number in range(1, 25)])
    with pytest.raises(WantedError) as raised:
        Lookup(answering.client()).find(row("priority"), {"name": "x"}, {})
    assert "Priority 20 (id 20), and 4 more." in str(raised.value)
    assert "Priority 21" not in str(raised.value)


def test_no_candidates(answering: Answering) -> None:
    answering.then(200, [])
    with pytest.raises(WantedError) as raised:
        Lookup(answering.client()).find(row("priority"), {"name": "x"}, {})
    assert str(raised.value) == "priority: there is no priority named 'x'."


@pytest.mark.parametrize(
    ("record", "reference", "name"),
    [
        ({"name": "New", "description": "x"}, references.STATUS, "New"),
        ({"description": "Active"}, references.CONFIGURATION_STATUS, "Active"),
        ({"firstName": "On", "lastName": "Call", "identifier": "oncall"}, references.MEMBER, "On Call"),
        ({"firstName": "On", "lastName": None}, references.CONTACT, "On"),
        ({"identifier": "oncall", "id": 5}, references.MEMBER, "oncall"),
        ({"id": 5}, references.MEMBER, "5"),
    ],
)
def test_what_a_record_is_called(record: dict[str, Any], reference: Reference, name: str) -> None:
    assert display_name(record, reference) == name


def test_all_that_a_record_may_be_called() -> None:
    member = {"identifier": "oncall", "firstName": "On ", "lastName": "Call", "officeEmail": "oncall@msp.example"}
    assert {"oncall", "oncall@msp.example"} <= set(names_of(member, references.MEMBER))
    contact = {
        "firstName": "IT",
        "lastName": "Manager",
        "communicationItems": [
            {"communicationType": "Phone", "value": "555"},
            {"communicationType": "Email", "value": "it@acme.example"},
        ],
    }
    assert names_of(contact, references.CONTACT) == ["IT Manager", "it@acme.example"]
    assert names_of({"firstName": "IT"}, references.CONTACT) == ["IT"]


@pytest.mark.parametrize(
    ("record", "inactive"),
    [
        ({}, False),
        ({"inactive": True}, True),
        ({"inactiveFlag": True}, True),
        ({"deletedFlag": True}, True),
        ({"inactive": False}, False),
    ],
)
def test_what_is_not_in_use(record: dict[str, Any], inactive: bool) -> None:
    assert is_inactive(record) is inactive


def test_records_for_a_person() -> None:
    acme = {"id": 250, "identifier": "Acme", "name": "Acme Corporation"}
    same = {"id": 251, "identifier": "Same", "name": "Same"}
    assert described(acme, references.COMPANY) == "Acme Corporation (Acme, id 250)"
    assert candidates([acme, same], references.COMPANY) == "Acme Corporation (Acme, id 250), Same (id 251)"


def test_ids_that_are_texts(answering: Answering) -> None:
    """Conditions compare ids with numbers, so that a record would not be found, and be made twice."""
    answering.then(200, [{"id": "250", "identifier": "Acme", "name": "Acme Corporation"}])
    answering.then(200, [{"id": "7", "firstName": "Ada", "lastName": "Lovelace"}])
    lookup = Lookup(answering.client())
    company = lookup.find(row("company"), {"name": "Acme"}, {})
    assert company["id"] == 250
    assert lookup.find(row("contact"), {"name": "Ada Lovelace"}, {"company": {"id": "250"}})["id"] == 7
    assert "conditions=company%2Fid+%3D+250&" in answering.requests[1]["path"]

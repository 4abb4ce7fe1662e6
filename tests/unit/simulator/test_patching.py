# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Patch: the forms of paths, references, lists, custom fields."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Caller

TICKET = "service/tickets/12345"


@pytest.mark.parametrize(
    ("path", "value", "name", "expected"),
    [
        ("summary", "New text", "summary", "New text"),
        ("/summary", "New text", "summary", "New text"),
        ("status", {"id": 103}, "status", 103),
        ("status", {"name": "waiting customer"}, "status", 103),
        ("/status", {"id": 103}, "status", 103),
        ("status/id", 103, "status", 103),
        ("/status/id", 103, "status", 103),
        ("status/id", "103", "status", 103),
        ("status/name", "Waiting Customer", "status", 103),
        ("owner/identifier", "oncall", "owner", 639),
        ("owner/id", 639, "owner", 639),
        ("priority/id", 5, "priority", 5),
        ("type/id", 12, "type", 12),
        ("site/id", 1500, "site", 1500),
        ("contact/id", 2500, "contact", 2500),
        ("externalXRef", "", "externalXRef", ""),
    ],
)
@pytest.mark.parametrize("op", ["replace", "add"])
def test_paths(cw: Caller, op: str, path: str, value: Any, name: str, expected: Any) -> None:
    """Fact 6.2: all forms that were seen to work."""
    changed = cw.patch(TICKET, (op, path, value))
    found = changed[name]["id"] if isinstance(changed[name], dict) else changed[name]
    assert found == expected
    assert cw.get(TICKET) == changed
    assert changed["_info"]["lastUpdated"] > "2026-03-02T09:15:00Z"


@pytest.mark.parametrize("path", ["owner", "/owner", "owner/id"])
def test_removed_references(cw: Caller, path: str) -> None:
    """Fact 6.2: remove clears a reference; so does null."""
    assert "owner" not in cw.patch(TICKET, ("remove", path))
    assert "owner" not in cw.get(TICKET)
    cw.patch(TICKET, ("replace", "owner/id", 638))
    assert "owner" not in cw.patch(TICKET, ("replace", path, None))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Summary", "x"),
        ("Status/id", 103),
        ("status/ID", 103),
        ("nothing", 1),
        ("status/nothing", 1),
        ("status/id/x", 1),
        ("source", "Phone"),
        ("summary/x", "x"),
        ("customFields/9/value", "x"),
        ("customFields/x/value", "x"),
        ("initialDescription", "x"),
    ],
)
def test_paths_that_are_none(cw: Caller, path: str, value: Any) -> None:
    """Facts 6.1, 6.3: paths are case-sensitive; the text is the one known."""
    before = cw.get(TICKET)
    body = cw.try_patch(TICKET, ("replace", "summary", "not done"), ("replace", path, value))
    assert body.status_code == 400
    error = {"code": "InvalidField", "message": f"path {path} is not valid", "resource": "ticket", "field": path}
    assert body.json() == {"code": "InvalidObject", "message": "ticket object is invalid", "errors": [error]}
    assert cw.get(TICKET) == before


@pytest.mark.parametrize(
    "operations",
    [
        [{"op": "Replace", "path": "summary", "value": "x"}],
        [{"op": "move", "path": "summary", "from": "x"}],
        [{"path": "summary", "value": "x"}],
        [{"op": "replace", "value": "x"}],
        [{"op": "replace", "path": "", "value": {}}],
    ],
)
def test_operations_that_are_none(cw: Caller, operations: Any) -> None:
    """Upper case is unknown (fact 6.1): refused by default."""
    assert cw.error(400, "PATCH", TICKET, operations)["code"] == "InvalidObject"
    assert cw.get(TICKET)["summary"] == "Server PROD-WEB-02 needs patches"


def test_upper_case_operation(cw: Caller) -> None:
    """The switch."""
    cw.switch(patch_upper_case_op="accept")
    assert cw.patch(TICKET, ("Replace", "summary", "x"))["summary"] == "x"


@pytest.mark.parametrize("body", [{"summary": "x"}, ["x"], [None], {"op": "replace", "path": "summary", "value": "x"}])
def test_no_list_of_operations(cw: Caller, body: Any) -> None:
    """A plain object is no patch."""
    assert cw.error(500, "PATCH", TICKET, body)["code"] == "ConnectWiseApi"


def test_all_or_nothing(cw: Caller) -> None:
    """Fact 6.4: applied in order, checked together."""
    before = cw.get(TICKET)
    response = cw.try_patch(TICKET, ("replace", "summary", "x"), ("replace", "priority/id", 99))
    assert response.json()["errors"][0]["message"] == "Priority 99 not found"
    assert cw.get(TICKET) == before
    changed = cw.patch(TICKET, ("replace", "summary", "first"), ("replace", "summary", "second"))
    assert changed["summary"] == "second"


def test_wrong_types(cw: Caller) -> None:
    """Fact 5.7: 500 here too."""
    wrong: list[tuple[str, Any]] = [
        ("status/id", "abc"), ("status/id", {}), ("summary", {}), ("severity", "Huge"), ("budgetHours", "x"),
    ]  # fmt: skip
    for path, value in wrong:
        response = cw.try_patch(TICKET, ("replace", path, value))
        assert (response.status_code, response.json()["code"]) == (500, "ConnectWiseApi")


def test_required_and_length(cw: Caller) -> None:
    """The rules of a create."""
    response = cw.try_patch(TICKET, ("remove", "summary"))
    assert response.json()["errors"][0]["message"] == "The summary field is required."
    response = cw.try_patch(TICKET, ("replace", "summary", "x" * 101))
    assert response.json()["errors"][0]["code"] == "MaxLengthField"


def test_whole_record_is_checked(cw: Caller) -> None:
    """Fact 6.5: an old bad value elsewhere blocks an unrelated change."""
    [number] = cw.control(
        "POST", "records/company/companies", [{"identifier": "old", "name": "Old", "yearEstablished": 3}]
    )
    response = cw.try_patch(f"company/companies/{number}", ("replace", "name", "New"))
    assert response.json() == {
        "code": "InvalidObject",
        "message": "company object is invalid",
        "errors": [
            {
                "code": "OutOfRange",
                "message": "The field yearEstablished must be between 1900 and 9999.",
                "resource": "company",
                "field": "yearEstablished",
            }
        ],
    }


def test_what_is_done_without_effect(cw: Caller) -> None:
    """Fact 6.2: company/identifier may answer 200 and do nothing; the server's own fields likewise."""
    before = cw.get(TICKET)
    changed = cw.patch(TICKET, ("replace", "company/identifier", "Quoted"), ("replace", "closedFlag", True))
    assert (changed["company"]["id"], changed["closedFlag"]) == (before["company"]["id"], False)
    cw.switch(patch_company_identifier="accept")
    assert cw.patch(TICKET, ("replace", "company/identifier", "Quoted"))["company"]["id"] == 254


def test_switches_of_references(cw: Caller) -> None:
    """Fact 6.2: sources disagree about objects and names."""
    cw.switch(patch_reference_names="ignore")
    assert cw.patch(TICKET, ("replace", "status/name", "New"))["status"]["id"] == 102
    assert cw.patch(TICKET, ("replace", "status", {"name": "New"}))["status"]["id"] == 102
    cw.switch(patch_reference_names="refuse")
    for path, value in (("status/name", "New"), ("status", {"name": "New"})):
        assert cw.try_patch(TICKET, ("replace", path, value)).status_code == 400
    assert cw.patch(TICKET, ("replace", "status", {"id": 103}))["status"]["id"] == 103
    cw.switch(patch_object_references="refuse")
    assert cw.try_patch(TICKET, ("replace", "status", {"id": 101})).status_code == 400
    assert cw.patch(TICKET, ("replace", "status/id", 101))["status"]["id"] == 101


def values(record: Any) -> dict[str, Any]:
    """Custom fields that have a value, by caption."""
    return {field["caption"]: field["value"] for field in record["customFields"] if "value" in field}


def test_custom_fields(cw: Caller) -> None:
    """Fact 6.6: the array in one operation; what is left out stays, or is cleared."""
    sent = [
        {"id": 7, "value": "Saturday"}, {"id": 36, "value": "2026-09-30T00:00:00Z"}, {"id": 37, "value": True},
        {"id": 38, "value": 2.126}, {"id": 40, "caption": "Impact Area", "type": "Text", "value": "Server"},
    ]  # fmt: skip
    changed = cw.patch(TICKET, ("replace", "customFields", sent))
    expected = {
        "Change Window": "Saturday", "Go-live Date": "2026-09-30T00:00:00Z", "Billing Required": True,
        "Risk Score": 2.13, "Impact Area": "Server",
    }  # fmt: skip
    assert values(changed) == expected
    changed = cw.patch(TICKET, ("replace", "customFields", [{"id": 7, "value": None}, {"id": 39, "value": "k"}]))
    del expected["Change Window"]
    assert values(changed) == {**expected, "RMM Key": "k"}
    assert values(cw.patch(TICKET, ("replace", "customFields", []))) == {**expected, "RMM Key": "k"}
    place = [field["id"] for field in changed["customFields"]].index(39)
    assert values(cw.patch(TICKET, ("replace", f"customFields/{place}/value", "other")))["RMM Key"] == "other"
    cw.switch(custom_fields_left_out="clear")
    assert values(cw.patch(TICKET, ("replace", "customFields", [{"id": 39, "value": "k"}]))) == {"RMM Key": "k"}
    assert values(cw.ticket(customFields=[{"id": 39, "value": "k"}])) == {"RMM Key": "k"}


@pytest.mark.parametrize(
    "entry",
    [
        {"id": 99, "value": "x"},
        {"caption": "RMM Key", "value": "x"},
        {"id": 37, "value": "perhaps"},
        {"id": 38, "value": "many"},
        {"id": 36, "value": "tomorrow"},
        {"id": 40, "value": "Elsewhere"},
        {"id": 60, "value": "of configurations"},
        {"id": 39, "value": {"a": 1}},
    ],
)
def test_custom_fields_that_do_not_fit(cw: Caller, entry: Any) -> None:
    """By id, of the record's own screen, of the right kind."""
    response = cw.try_patch(TICKET, ("replace", "customFields", [entry]))
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].startswith("customFields")


def test_parts_of_lists(cw: Caller) -> None:
    """Fact 6.2, the recorded paths of contacts; a new default clears the old one (section 10)."""
    path = "company/contacts/2500"
    mails = [{"value": value, "communicationType": "Email"} for value in ("a@x.example", "b@x.example")]
    changed = cw.patch(path, ("add", "/communicationItems/2", mails[0]), ("add", "/communicationItems/-", mails[1]))
    items = changed["communicationItems"]
    assert [(item["value"], item["defaultFlag"]) for item in items] == [
        ("it.manager@acme.example", True), ("5550101", True), ("a@x.example", False), ("b@x.example", False),
    ]  # fmt: skip
    assert (items[2]["type"]["name"], items[2]["domain"]) == ("Email", "@x.example")
    assert len({item["id"] for item in items}) == 4
    changed = cw.patch(
        path,
        ("replace", "/communicationItems/1/value", "5550999"),
        ("replace", "communicationItems/3/defaultFlag", True),
    )
    assert [(item["value"], item["defaultFlag"]) for item in changed["communicationItems"]] == [
        ("it.manager@acme.example", False), ("5550999", True), ("a@x.example", False), ("b@x.example", True),
    ]  # fmt: skip
    assert changed["defaultPhoneNbr"] == "5550999"
    changed = cw.patch(path, ("remove", "/communicationItems/0"))
    assert [item["value"] for item in changed["communicationItems"]] == ["5550999", "a@x.example", "b@x.example"]
    assert cw.try_patch(path, ("remove", "/communicationItems/9")).status_code == 400

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources import fields
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import (
    Field,
    WantedError,
    by_name,
    normalised,
    same,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.planning import (
    Plan,
    difference,
    merged_custom_fields,
    new_record,
    plan,
    wanted_state,
    with_changes,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import TICKET

CUSTOM_ROW = by_name(TICKET, "customFields")
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
ENTRIES = [
    {"id": 7, "caption": "Change Window", "type": "Text"},
    {"id": 36, "caption": "Go-live Date", "type": "Date", "value": "2026-03-31T00:00:00Z"},
    {"id": 37, "caption": "Billing Required", "type": "Checkbox"},
    {"id": 38, "caption": "Risk Score", "type": "Number", "value": 2.5},
]


def values_of(row: Field) -> st.SearchStrategy[Any]:
    """Values that a person may want for a field."""
    texts = st.text(STORABLE, max_size=row.longest or 20)
    names = st.text(min_size=1, max_size=8, alphabet="aB 1").filter(str.strip)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        fields.TEXT: texts,
        fields.TEXTS: st.sampled_from([["b", "a"], ["a", "b", "a"], "a", []]),
        fields.FLAG: st.sampled_from([True, False, "yes", "no", ""]),
        fields.INTEGER: st.integers(-5, 5) | st.just(""),
        fields.NUMBER: st.integers(-5, 5) | st.sampled_from(["2.50", 0.1, ""]),
        fields.DAY: st.sampled_from(["2026-03-31", "2026-03-31T23:30:00-05:00", "2026-04-01T00:00:00Z", ""]),
        fields.TIME: st.sampled_from(["2026-03-31", "2026-03-31T23:30:00-05:00", "2026-04-01T04:30:00.000Z", ""]),
        fields.ENUM: st.sampled_from([*row.choices, ""]),
        fields.REFERENCE: names
        | st.integers(1, 5)
        | st.integers(1, 5).map(lambda number: {"id": number})
        | st.just(""),
        fields.MAIL_LIST: st.sampled_from(["a@x.example", "b@x.example, a@x.example", ["a@x.example"], ""]),
        fields.CUSTOM_FIELDS: st.fixed_dictionaries(
            {},
            optional={
                "change window": st.sampled_from(["", "x", "two\nlines"]),
                "Go-live Date": st.sampled_from(["", "2026-03-31", "2026-04-01T09:00:00Z"]),
                "Billing Required": st.sampled_from([True, False, "yes"]),
                "Risk Score": st.sampled_from([1, "2.50", 2.5, ""]),
            },
        ),
    }
    return kinds[row.kind].filter(lambda value: not (row.required and str(value).strip() == ""))


ROWS = {row.name: row for row in TICKET}
WANTED = st.fixed_dictionaries({}, optional={name: values_of(row) for name, row in ROWS.items()}).map(
    lambda chosen: wanted_state(TICKET, {}, dict(list(chosen.items())))
)


def current_of(row: Field) -> st.SearchStrategy[Any]:
    """Values that a record may hold."""
    if row.kind == fields.REFERENCE:
        return st.fixed_dictionaries({"id": st.integers(1, 5), "name": st.sampled_from(["A", "b 1", "B"])})
    if row.kind == fields.CUSTOM_FIELDS:
        return st.just(ENTRIES)
    return values_of(row).map(lambda value: normalised(row, value))


CURRENT = st.fixed_dictionaries(
    {"id": st.just(5), "customFields": st.just(ENTRIES)},
    optional={name: current_of(row) for name, row in ROWS.items() if name != "customFields"},
)


@settings(max_examples=40)
@given(CURRENT, WANTED)
def test_nothing_is_left_to_do_after_the_changes(current: dict[str, Any], wanted: dict[str, Any]) -> None:
    before = deepcopy(current)
    after = with_changes(TICKET, current, wanted)
    assert plan(TICKET, after, wanted) == Plan()
    assert with_changes(TICKET, after, wanted) == after
    assert current == before


@settings(max_examples=40)
@given(CURRENT, WANTED)
def test_a_plan_names_what_differs_and_nothing_else(current: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = plan(TICKET, current, wanted)
    changed = {row.name for row in found.changed}
    for name, value in wanted.items():
        row = by_name(TICKET, name)
        if row.create_only or row.unread:
            assert name not in changed
        elif not same(row, current, value):
            assert name in changed
        elif name in changed:  # set again, because it is another one on another board
            assert row.reference is not None
            assert row.reference.scope in changed
            assert "id" not in value
    paths = [operation["path"].partition("/")[0] for operation in found.operations]
    sent_along = [name for name in wanted if by_name(TICKET, name).unread] if changed else []
    assert paths == [row.name for row in found.changed] + sent_along
    assert [name for name in ROWS if name in changed] == [row.name for row in found.changed]  # in order of the table


@settings(max_examples=40)
@given(CURRENT, WANTED)
def test_the_difference_shows_the_changed_fields_only(current: dict[str, Any], wanted: dict[str, Any]) -> None:
    changed = plan(TICKET, current, wanted).changed
    shown = difference(changed, current, with_changes(TICKET, current, wanted), wanted)
    assert list(shown["before"]) == list(shown["after"]) == [row.label for row in changed]


def test_options_and_further_fields_become_the_wanted_state_in_the_order_of_the_table() -> None:
    options = {"company": "Acme", "status": "5", "summary": "Deploy", "owner": None, "unknown": "x", "key": ""}
    wanted = wanted_state(TICKET, options, {"automaticEmailCc": ["a@x.example"], "site": "", "billTime": None})
    assert list(wanted.items()) == [
        ("summary", "Deploy"),
        ("status", {"id": 5}),
        ("company", {"name": "Acme"}),
        ("site", ""),
        ("externalXRef", ""),
        ("automaticEmailCc", "a@x.example;"),
    ]


@pytest.mark.parametrize(
    ("options", "further", "sentence"),
    [
        ({"summary": "a"}, {"summary": "b"}, "fields: summary is given as the option summary already."),
        (
            {"required_date": "x"},
            {"requiredDate": ""},
            "fields: requiredDate is given as the option required_date already.",
        ),
        ({}, {"nonsense": 1}, "fields: there is no field 'nonsense' that can be set."),
        ({}, {"id": 1, "closedFlag": True}, "fields: there is no field 'closedFlag' that can be set."),
        ({}, {"Summary": "x"}, "fields: there is no field 'Summary' that can be set. Did you mean summary?"),
        ({"summary": "x" * 101}, {}, "summary: the text has 101 characters, ConnectWise takes at most 100."),
        ({}, {"poNumber": "x" * 51}, "fields, poNumber: the text has 51 characters, ConnectWise takes at most 50."),
    ],
)
def test_what_can_not_be_wanted(options: dict[str, Any], further: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        wanted_state(TICKET, options, further)
    assert str(raised.value).startswith(sentence)


def test_the_dictionaries_given_are_not_changed() -> None:
    further = {"poNumber": "5"}
    wanted_state(TICKET, {}, further)
    assert further == {"poNumber": "5"}


def test_the_body_that_creates_a_record() -> None:
    wanted = wanted_state(
        TICKET,
        {"summary": "Deploy", "board": "Help Desk", "status": 5, "company": "Acme", "site": "", "description": "x"},
        {"owner": {"id": 9}, "processNotifications": False, "budgetHours": 0, "poNumber": ""},
    )
    wanted["company"] = {"id": 250, "identifier": "Acme", "name": "Acme Corporation"}
    assert new_record(TICKET, wanted) == {
        "summary": "Deploy",
        "board": {"name": "Help Desk"},
        "status": {"id": 5},
        "company": {"id": 250},
        "owner": {"id": 9},
        "initialDescription": "x",
        "budgetHours": 0,
        "processNotifications": False,
    }


TICKET_NOW = {
    "id": 5,
    "summary": "Deploy",
    "board": {"id": 1, "name": "Help Desk"},
    "status": {"id": 101, "name": "New"},
    "type": {"id": 11, "name": "Incident"},
    "company": {"id": 250, "identifier": "Acme", "name": "Acme Corporation"},
    "site": {"id": 1, "name": "Main Office"},
    "owner": {"id": 637, "identifier": "ansible", "name": "Ansible Automation"},
    "customFields": ENTRIES,
}


def operations(options: dict[str, Any], further: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The operations that bring TICKET_NOW to the wanted state."""
    return plan(TICKET, TICKET_NOW, wanted_state(TICKET, options, further)).operations


def test_nothing_to_do() -> None:
    same_again = {"summary": "Deploy", "board": "help desk", "status": "New", "company": "acme", "owner": "637"}
    assert operations(same_again, {"processNotifications": False, "initialResolution": "x"}) == []


@pytest.mark.parametrize(
    ("options", "operation"),
    [
        ({"summary": "Other"}, {"op": "replace", "path": "summary", "value": "Other"}),
        ({"status": 102}, {"op": "replace", "path": "status/id", "value": 102}),
        ({"status": "In Progress"}, {"op": "replace", "path": "status", "value": {"name": "In Progress"}}),
        ({"owner": ""}, {"op": "remove", "path": "owner"}),
        ({"required_date": "2026-03-31"}, {"op": "replace", "path": "requiredDate", "value": "2026-03-31T00:00:00Z"}),
    ],
)
def test_one_operation(options: dict[str, Any], operation: dict[str, Any]) -> None:
    assert operations(options) == [operation]


def test_a_move_to_another_board_sets_what_is_in_its_scope_again() -> None:
    """The names stand for other records there (fact sheet 6.4, 7.4); what has an id stays what it is."""
    moved = {
        "board": "Network Operations",
        "status": "New",
        "type": "Incident",
        "company": "Acme",
        "site": "Main Office",
    }
    assert [operation["path"] for operation in operations(moved)] == ["board", "status", "type"]
    assert [operation["path"] for operation in operations({"board": 3, "status": 101})] == ["board/id"]
    assert [operation["path"] for operation in operations({"board": "Help Desk", "status": "New"})] == []


def test_a_move_to_another_company_sets_its_site_again() -> None:
    assert [
        operation["path"] for operation in operations({"company": 251, "site": "Main Office", "status": "New"})
    ] == [
        "company/id",
        "site",
    ]


def test_emptying_in_another_scope_is_not_done_twice() -> None:
    assert operations({"board": 3, "item": ""}) == [{"op": "replace", "path": "board/id", "value": 3}]


def test_what_is_never_read_goes_along_with_a_write() -> None:
    further = {"processNotifications": False, "skipCallback": True}
    assert operations({"summary": "Other"}, further) == [
        {"op": "replace", "path": "summary", "value": "Other"},
        {"op": "replace", "path": "processNotifications", "value": False},
        {"op": "replace", "path": "skipCallback", "value": True},
    ]


def test_custom_fields_are_sent_whole() -> None:
    """What a server does with entries left out is in conflict (fact sheet 6.6)."""
    before = deepcopy(TICKET_NOW)
    (operation,) = operations({"custom_fields": {"risk score": "3.50", "Change Window": "night"}})
    assert operation["op"] == "replace"
    assert operation["path"] == "customFields"
    assert {entry["id"]: entry.get("value") for entry in operation["value"]} == {
        7: "night",
        36: "2026-03-31T00:00:00Z",
        37: None,
        38: 3.5,
    }
    assert before == TICKET_NOW


def test_merged_custom_fields() -> None:
    merged = merged_custom_fields(CUSTOM_ROW, ENTRIES, {"Billing Required": "yes", "Go-live Date": ""})
    assert [entry.get("value") for entry in merged] == [None, None, True, 2.5]
    assert ENTRIES[1]["value"] == "2026-03-31T00:00:00Z"
    with pytest.raises(WantedError, match="there is no custom field 'Window' here"):
        merged_custom_fields(CUSTOM_ROW, None, {"Window": 1})


def test_with_changes() -> None:
    wanted = wanted_state(
        TICKET,
        {"summary": "Other", "owner": "", "status": "new", "custom_fields": {"Risk Score": 1}, "description": "x"},
        {"skipCallback": True},
    )
    after = with_changes(TICKET, TICKET_NOW, wanted)
    assert after["summary"] == "Other"
    assert "owner" not in after
    assert after["status"] == {"id": 101, "name": "New"}
    assert after["customFields"][3]["value"] == 1
    assert "initialDescription" not in after
    assert "skipCallback" not in after
    assert TICKET_NOW["owner"]


def test_the_difference_has_names_and_labels() -> None:
    wanted = wanted_state(
        TICKET,
        {
            "status": 102,
            "required_date": "2026-03-31",
            "owner": "",
            "custom_fields": {"risk score": 1},
            "description": "text",
        },
        {"skipCallback": True},
    )
    after = {**with_changes(TICKET, TICKET_NOW, wanted), "status": {"id": 102, "name": "In Progress"}}
    rows = [by_name(TICKET, name) for name in wanted]
    assert difference(rows, TICKET_NOW, after, wanted) == {
        "before": {
            "status": "New",
            "owner": "Ansible Automation",
            "required_date": None,
            "description": None,
            "custom_fields": {"risk score": 2.5},
        },
        "after": {
            "status": "In Progress",
            "owner": None,
            "required_date": "2026-03-31T00:00:00Z",
            "description": "text",
            "custom_fields": {"risk score": 1},
        },
    }
    assert difference(rows, {}, after, wanted)["before"] == {}


def test_the_difference_leaves_out_entries_that_stay() -> None:
    wanted = wanted_state(TICKET, {"custom_fields": {"Risk Score": 2.5, "Change Window": "Saturday"}}, None)
    after = with_changes(TICKET, TICKET_NOW, wanted)
    assert difference([CUSTOM_ROW], TICKET_NOW, after, wanted) == {
        "before": {"custom_fields": {"Change Window": None}},
        "after": {"custom_fields": {"Change Window": "Saturday"}},
    }
    assert len(difference([CUSTOM_ROW], {}, after, wanted)["after"]["custom_fields"]) == 2

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephone numbers and addresses: the operations lead where check mode says, and then nothing is left to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources.communications import (
    default_address,
    has_address,
    merged_items,
    operations,
    same_items,
    shown_items,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.contact import CONTACT_FIELDS
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError, by_name, normalised

ROW = by_name(CONTACT_FIELDS, "communicationItems")
NAMES = ("Email", "Direct", "Cell", "Fax")
Items = list[dict[str, Any]]


def item(name: str, value: str, **more: Any) -> dict[str, Any]:
    """An item as the API gives it."""
    kind = name if name in ("Email", "Fax") else "Phone"
    return {"type": {"name": name}, "value": value, "communicationType": kind, **more}


def patched(items: Items, changes: list[dict[str, Any]]) -> Items:
    """The items after JSON Patch (RFC 6902), one operation after the other."""
    items = copy.deepcopy(items)
    for change in changes:
        _list, place, *member = change["path"].split("/")
        if change["op"] == "add":
            assert int(place) <= len(items)
            items.insert(int(place), change["value"])
        elif change["op"] == "remove":
            del items[int(place)]
        else:
            items[int(place)][member[0]] = change["value"]
    return items


def without_type_details(items: Items) -> Items:
    return [{"name": each["type"]["name"], "value": each["value"], "ext": each.get("extension")} for each in items]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
items_of_a_contact = st.lists(st.builds(item, st.sampled_from(NAMES), texts, defaultFlag=st.booleans()), max_size=6)
wanted_ones = st.dictionaries(
    st.sampled_from((*NAMES, "Pager")),
    texts | st.fixed_dictionaries({"value": texts}, optional={"extension": st.text("0123456789", max_size=5)}),
    max_size=4,
)


@given(items_of_a_contact, wanted_ones)
def test_the_operations_lead_there(items: Items, asked: dict[str, Any]) -> None:
    wanted = normalised(ROW, asked)
    before = copy.deepcopy(items)
    after = patched(items, operations(items, wanted))
    assert items == before
    assert without_type_details(after) == without_type_details(merged_items(items, wanted))
    assert same_items(after, wanted)
    assert operations(after, wanted) == []
    assert (operations(items, wanted) == []) is same_items(items, wanted)
    others = {name for name in NAMES if name not in asked}
    assert [each for each in after if each["type"]["name"] in others] == [
        each for each in items if each["type"]["name"] in others
    ]


def test_what_is_sent() -> None:
    items = [item("Direct", "1"), item("Cell", "2"), item("Direct", "3", defaultFlag=True), item("Fax", "4")]
    wanted = normalised(ROW, {"direct": {"value": "33", "extension": "7"}, "Fax": "", "Cell": "", "Pager": "5"})
    assert operations(items, wanted) == [
        {"op": "replace", "path": "communicationItems/2/value", "value": "33"},
        {"op": "replace", "path": "communicationItems/2/extension", "value": "7"},
        {"op": "remove", "path": "communicationItems/3"},
        {"op": "remove", "path": "communicationItems/1"},
        {"op": "add", "path": "communicationItems/2", "value": {"type": {"name": "Pager"}, "value": "5"}},
    ]


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        ("(555) 010-123", "555.010 123", True),
        ("555010123", "+555010123", False),
        ("Jane@Acme.example", "jane@acme.example", True),
        ("jane-roe@acme.example", "janeroe@acme.example", False),
        ("", "", False),
    ],
)
def test_what_makes_no_difference(found: str, wanted: str, same: bool) -> None:
    assert same_items([item("Direct", found)], normalised(ROW, {"Direct": wanted})) is same


def test_addresses() -> None:
    items = [
        item("Email", "a@x.example"),
        item("Email", "b@x.example", defaultFlag=True),
        item("Direct", "c@x.example"),
    ]
    assert (default_address(items) or {})["value"] == "b@x.example"
    assert default_address(items[2:]) is None
    assert [has_address(items, each) for each in ("A@x.example", "c@x.example")] == [True, False]
    assert shown_items(items, ["email", "Cell"]) == {"email": "b@x.example, a@x.example", "Cell": None}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("5550101", "communications: give a dictionary of types and values."),
        (
            {"Direct": {"extension": "1"}},
            "communications, Direct: give a text, or a dictionary of value and extension.",
        ),
        ({"Direct": ["1"]}, "communications, Direct: ['1'] is not a text."),
        ({"Direct": {"value": "1", "extension": "1" * 16}}, "communications, Direct: the text has 16 characters,"),
    ],
)
def test_what_can_not_be(value: Any, sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        normalised(ROW, value)
    assert str(raised.value).startswith(sentence)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What asks for records by what they are called."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources import references as ref
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import Reference
from ansible_collections.msp.connectwise.plugins.module_utils.resources.filters import condition, wanted_by
from ansible_collections.msp.connectwise.plugins.module_utils.resources.record import (
    RECORDS,
    is_address,
    named,
    with_address,
)
from unit.plugins.support import specification


@pytest.mark.parametrize(
    ("reference", "name", "asked"),
    [
        (ref.PRIORITY, "High", 'name = "High"'),
        (ref.COMPANY, "Acme", 'identifier = "Acme" OR name = "Acme"'),
        (ref.CONFIGURATION_STATUS, "Active", 'description = "Active"'),
        (ref.CONTACT, "Zoë", 'firstName = "Zoë" AND (lastName = null OR lastName = "")'),
    ],
)
def test_what_is_asked(reference: Reference, name: str, asked: str) -> None:
    assert (str(named(reference, name)[0]), named(reference, name)[1]) == (asked, None)


def test_addresses_of_contacts() -> None:
    asked = 'communicationItems/value = "pat.o\'neil@x.example" AND communicationItems/communicationType = "Email"'
    nothing, child = named(ref.CONTACT, "pat.o'neil@x.example")
    assert (nothing, str(child)) == (None, asked)
    # Of members they are a field.
    assert 'officeEmail = "a@x.example"' in str(named(ref.MEMBER, "a@x.example")[0])


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=10), st.text(max_size=10))
def test_any_name_finds_its_person(first: str, last: str) -> None:
    first, last = " ".join(first.split()), " ".join(last.split())
    found, _child = named(ref.MEMBER, f"{first} {last}".strip())
    person = {"firstName": first, "lastName": last or None, "identifier": "x", "officeEmail": "x"}
    if first and found is not None:
        assert found.matches(person)
        assert not found.matches({**person, "firstName": first + "!"}) or (first + "!" + last) in ("", "x")


@given(st.text(max_size=30))
def test_an_address_can_be_asked_for(text: str) -> None:
    if is_address(text):
        assert with_address(text).rest is None
        assert not re.search(r"\s", text)


def test_flags_that_say_the_opposite() -> None:
    def asked(kind: str, active: bool) -> list[tuple[str, bool]]:
        options: dict[str, Any] = {row.field.option: None for row in RECORDS[kind].filters}
        made = [condition(row, value) for row, value in wanted_by(RECORDS[kind].filters, {**options, "active": active})]
        return [(str(each), each.rest is None) for each in made]

    assert asked("company", True) == [("deletedFlag = false", True)]
    assert asked("company", False) == [("deletedFlag = true", True)]
    assert asked("member", True) == [("id != null", False)]
    (row,) = RECORDS["member"].filters
    for record, active in (({"inactiveFlag": True}, False), ({"inactiveFlag": False}, True), ({}, True)):
        assert [condition(row, value).matches(record) for value in (True, False)] == [active, not active]


def test_the_filters_are_options() -> None:
    options = set(specification("cw_record_info")[0])
    assert {row.field.option for kind in RECORDS.values() for row in kind.filters} <= options
    assert list(RECORDS) == sorted(RECORDS)

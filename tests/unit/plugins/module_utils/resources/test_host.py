# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations as hosts: names, which are safe and given once, and variables."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources import host
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError

FEW = st.sampled_from(["A", "A_1", "A_2", "A_1_1", "A_x", "all", "localhost", "B"])


@given(st.text(), st.integers(1, 10**6))
def test_any_text_becomes_a_safe_name(text: str, number: int) -> None:
    name = host.host_name(text, number)
    assert re.fullmatch(r"\w[\w.-]*", name)
    assert not name.startswith(("-", ".", "_"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PROD-WEB-01", "PROD-WEB-01"),
        ("web.acme.example", "web.acme.example"),
        (" Anna's Laptop ", "Anna_s_Laptop"),
        ("Büro", "Büro"),
        ("../../etc/passwd", "etc_passwd"),
        ("-oProxyCommand=id", "oProxyCommand_id"),
        ("", "configuration_7"),
        (None, "configuration_7"),
        ("&!", "configuration_7"),
    ],
)
def test_names(text: str | None, name: str) -> None:
    assert host.host_name(text, 7) == name


@given(st.dictionaries(st.integers(1, 9), FEW), st.sampled_from(["id", "company", "first"]))
def test_no_name_is_given_twice(wanted: dict[int, str], duplicates: str) -> None:
    companies = {number: "x" if number % 2 else "y" for number in wanted}
    names = host.told_apart(wanted, companies, duplicates)
    assert len(set(names.values())) == len(names)
    assert not {"all", "localhost"} & set(names.values())
    assert list(names) == sorted(names)
    if duplicates != "first":
        assert set(names) == set(wanted)


def test_duplicates() -> None:
    wanted = {3: "A", 1: "A", 2: "B", 4: "A"}
    companies = {1: "x", 2: "x", 3: "y", 4: "y"}
    assert host.told_apart(wanted, companies, "id") == {1: "A_1", 2: "B", 3: "A_3", 4: "A_4"}
    assert host.told_apart(wanted, companies, "first") == {1: "A", 2: "B"}
    assert host.told_apart(wanted, companies, "company") == {1: "A_x", 2: "B", 3: "A_y_3", 4: "A_y_4"}
    assert host.told_apart({2: "B", 5: "all"}, companies, "fail") == {2: "B", 5: "all_5"}
    with pytest.raises(WantedError, match=r"duplicates: several .* the same name: A \(ids 1, 3, 4\)\. Rename them"):
        host.told_apart(wanted, companies, "fail")


def test_groups_of_companies() -> None:
    assert host.company_groups({1: "Acme", 2: "A&B", 3: "A-B"}) == {
        1: "company_Acme",
        2: "company_A_B_2",
        3: "company_A_B_3",
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%-oProxyCommand=id", None),
        ("192.0.2.1, 192.0.2.2", None),
        ("-oProxyCommand=id", None),
        ("DHCP", None),
        (None, None),
    ],
)
def test_only_an_address_is_one(text: str | None, address: str | None) -> None:
    assert host.address(text) == address


def test_variables_tell_only_what_was_read() -> None:
    record = {
        "id": 5,
        "name": "PC",
        "company": {"id": 1, "identifier": "Acme", "name": "Acme Corporation"},
        "questions": [
            {"question": "Role", "answer": "Web", "fieldType": "Text"},
            {"question": "Admin password", "answer": "x", "fieldType": "Password"},
        ],
    }
    asked = host.read_fields(["osType"], questions=True, custom_fields=False)
    assert host.host_variables(host.without_passwords(record), asked, "p_") == {
        "p_id": 5,
        "p_name": "PC",
        "p_company": {"id": 1, "identifier": "Acme", "name": "Acme Corporation"},
        "p_company_name": "Acme Corporation",
        "p_company_identifier": "Acme",
        "p_os_type": None,
        "p_questions": {"Role": "Web"},
    }
    assert host.read_fields(["company", "type"], questions=False, custom_fields=True) == (
        "id", "name", "company", "type", "customFields",
    )  # fmt: skip

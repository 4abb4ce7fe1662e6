# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import Condition, ConnectWiseClient
from unit.plugins.support import Simulator

ANY = "(name = null OR name != null)"
LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
ANY_TEXT = st.text() | st.text(alphabet="ab'\"\\[]%_*&+ \n\tüß")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("id", "=", 5), "id = 5"),
        (Condition("id", "!=", -5), "id != -5"),
        (Condition("budgetHours", ">=", 2.5), "budgetHours >= 2.5"),
        (Condition("closedFlag", "=", True), "closedFlag = true"),
        (Condition("closedFlag", "=", False), "closedFlag = false"),
        (Condition("owner", "=", None), "owner = null"),
        (Condition("name", "!=", None), "name != null"),
        (Condition("name", "=", "PROD-WEB-01"), 'name = "PROD-WEB-01"'),
        (Condition("name", "=", ""), 'name = ""'),
        (Condition("name", "=", "O'Brien"), 'name = "O\'Brien"'),
        (Condition("name", "=", '19" rack'), "name = '19\" rack'"),
        (Condition("name", "=", "50% & more + [x]"), 'name = "50% & more + [x]"'),
        (Condition("name", "contains", "web"), 'name contains "web"'),
        (Condition("company/identifier", "=", "Acme"), 'company/identifier = "Acme"'),
        (Condition("requiredDate", "<", date(2026, 3, 31)), "requiredDate < [2026-03-31]"),
        (
            Condition("lastUpdated", ">", datetime(2026, 3, 31, 17, 0, 5, tzinfo=timezone.utc)),
            "lastUpdated > [2026-03-31T17:00:05Z]",
        ),
        (
            Condition("lastUpdated", "<=", datetime(2026, 3, 31, 1, tzinfo=timezone(timedelta(hours=2)))),
            "lastUpdated <= [2026-03-30T23:00:00Z]",
        ),
        (Condition("id", "in", [1, 2, 3]), "id in (1,2,3)"),
        (Condition("id", "in", (1,)), "id in (1)"),
        (Condition("name", "in", ["a", 'b"c']), 'name in ("a",\'b"c\')'),
        # What can't be written: the longest part that can.
        (Condition("name", "=", 'Bob\'s "Best" Burgers'), 'name contains "Burgers"'),
        (Condition("name", "=", "[Internal] Services"), 'name contains "Services"'),
        (Condition("name", "contains", 'say "it\'s"'), 'name contains "say"'),
        (Condition("name", "=", "C:\\Windows"), 'name contains "Windows"'),
        (Condition("name", "=", "two\nlines"), 'name contains "lines"'),
        (Condition("name", "=", "'\""), "name != null"),
        (Condition("name", "<", "a'b\""), "name != null"),
        (Condition("name", "in", ["a", "b'\"c"]), '(name = "a" OR name contains "b")'),
        (Condition("name", "not contains", "web"), 'name not contains "web"'),
        (Condition("id", "not in", [1, 2]), "id not in (1,2)"),
        (Condition("name", "not in", ["a", "b'\"c"]), 'name not in ("a")'),
        # What every record meets.
        (Condition("name", "!=", "'\""), "(name = null OR name != null)"),
        (Condition("name", "not contains", "a[b"), "(name = null OR name != null)"),
        (Condition("name", "not in", ["'\""]), "(name = null OR name != null)"),
        (Condition.as_written("id = 5 OR id = 6"), "(id = 5 OR id = 6)"),
    ],
)
def test_texts(condition: Condition, text: str) -> None:
    assert str(condition) == text


@pytest.mark.parametrize("operator", ["", "==", "like", "not like", "IN", "= 1 OR id ="])
def test_an_operator_that_the_grammar_does_not_have(operator: str) -> None:
    with pytest.raises(ValueError, match="no operator of a condition; there are =, !=,"):
        Condition("id", operator, 1)


@pytest.mark.parametrize("value", [{"id": 5}, [1], object(), b"bytes"])
def test_a_value_of_another_kind(value: Any) -> None:
    with pytest.raises(ValueError, match="can't compare with a"):
        Condition("id", "=", value)


@pytest.mark.parametrize("value", [[], (), 5, "abc", None])
def test_in_needs_a_list(value: Any) -> None:
    with pytest.raises(ValueError, match="list with at least one entry"):
        Condition("id", "in", value)


def literals(text: str) -> tuple[str, list[str]]:
    """A condition's text without its literals, and the values of these."""
    return LITERAL.sub("LITERAL", text), [literal[1:-1] for literal in LITERAL.findall(text)]


@given(ANY_TEXT, st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "contains", "not contains"]))
def test_the_text_holds_no_unclosed_literal(value: str, operator: str) -> None:
    frame, values = literals(str(Condition("name", operator, value)))
    assert frame in (f"name {operator} LITERAL", "name contains LITERAL", "name != null", ANY)
    assert not [text for text in values if re.search(r"[\\\x00-\x1f\x7f]", text) or text.startswith("[")]


@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_a_list_holds_no_unclosed_literal(values: list[str]) -> None:
    frame, _values = literals(str(Condition("name", "in", values)))
    assert re.fullmatch(
        r"name in \(LITERAL(,LITERAL)*\)|\(name (= LITERAL|contains LITERAL|!= null)( OR name .*)?\)", frame
    )
    assert not re.search("[\"']", frame)


@given(ANY_TEXT)
def test_the_server_is_asked_for_at_least_the_wanted_records(value: str) -> None:
    for operator, holder in (("=", value), ("contains", value), ("contains", f"x{value}y")):
        condition = Condition("name", operator, value)
        frame, values = literals(str(condition))
        if frame == "name = LITERAL":
            assert values == [holder]
        elif frame == "name contains LITERAL":
            assert values[0] in holder
        else:
            assert frame == "name != null"
        assert condition.matches({"name": holder})


@given(ANY_TEXT, ANY_TEXT)
def test_matches_is_exact_but_for_case(value: str, other: str) -> None:
    equal = value.casefold() == other.casefold()
    record = {"name": other}
    assert Condition("name", "=", value).matches(record) is equal
    assert Condition("name", "!=", value).matches(record) is not equal
    assert Condition("name", "in", ["\x00no", value]).matches(record) is equal
    assert Condition("name", "contains", value).matches(record) is (value.casefold() in other.casefold())


@pytest.mark.parametrize(
    ("condition", "record", "matches"),
    [
        (Condition("id", "=", 5), {"id": 5}, True),
        (Condition("id", "<", 5), {"id": 4}, True),
        (Condition("id", "<", 5), {"id": 5}, False),
        (Condition("id", "<=", 5), {"id": 5}, True),
        (Condition("id", ">", 5), {"id": 5}, False),
        (Condition("id", ">=", 5), {"id": 5}, True),
        (Condition("id", ">", 5), {}, False),
        (Condition("id", "<", 5), {"id": None}, False),
        (Condition("id", "<", 5), {"id": "text"}, False),
        (Condition("id", "in", [4, 5]), {"id": 5}, True),
        (Condition("id", "in", [4, 5]), {"id": 6}, False),
        (Condition("name", "contains", "a"), {}, False),
        (Condition("name", "contains", "a"), {"name": 5}, False),
        (Condition("name", "=", "prod-WEB straße"), {"name": "PROD-web STRASSE"}, True),
        (Condition("name", "!=", "prod-web"), {"name": "PROD-WEB"}, False),
        (Condition("name", "contains", "WEB"), {"name": "prod-web-01"}, True),
        (Condition("name", "in", ["x", "prod-web"]), {"name": "PROD-WEB"}, True),
        (Condition("owner", "=", None), {}, True),
        (Condition("owner", "=", None), {"owner": {"id": 1}}, False),
        (Condition("owner", "!=", None), {"owner": {"id": 1}}, True),
        (Condition("company/id", "=", 250), {"company": {"id": 250}}, True),
        (Condition("company/id", "=", 250), {"company": {"id": 251}}, False),
        (Condition("company/id", "=", 250), {"company": None}, False),
        (Condition("company/id", "=", 250), {"company": "text"}, False),
        (Condition("company/id", "=", 250), {}, False),
        (Condition("lastUpdated", ">", date(2026, 1, 1)), {"_info": {"lastUpdated": "2026-01-02T00:00:00Z"}}, True),
        (Condition("lastUpdated", ">", date(2026, 1, 3)), {"_info": {"lastUpdated": "2026-01-02T00:00:00Z"}}, False),
        (Condition("dateEntered", "<", date(2026, 1, 3)), {"_info": {"dateEntered": "2026-01-02T00:00:00Z"}}, True),
        (
            Condition("requiredDate", "=", datetime(2026, 3, 31, 2, tzinfo=timezone(timedelta(hours=2)))),
            {"requiredDate": "2026-03-31T00:00:00Z"},
            True,
        ),
        (Condition("requiredDate", "=", date(2026, 3, 31)), {"requiredDate": "2026-03-31T00:00:00Z"}, True),
        (Condition("requiredDate", "<=", date(2026, 3, 31)), {"requiredDate": "2026-03-31T00:00:00Z"}, True),
        (Condition("requiredDate", ">", date(2026, 3, 31)), {"requiredDate": "2026-03-31T00:00:00Z"}, False),
        (Condition("requiredDate", "=", date(2026, 3, 31)), {"requiredDate": "2026-04-01T00:00:00Z"}, False),
    ],
)
def test_matches(condition: Condition, record: dict[str, Any], matches: bool) -> None:
    assert condition.matches(record) is matches


@given(st.floats(-1e18, 1e18).map(lambda number: round(number, 6)) | st.integers())
def test_numbers_are_written_as_the_grammar_has_them(number: float) -> None:
    text = str(Condition("budgetHours", "=", number))
    found = re.fullmatch(r"budgetHours = (-?[0-9]+(\.[0-9]+)?)", text)
    assert found, text
    assert float(found[1]) == float(number)


def test_joining_needs_no_parentheses_for_one_kind() -> None:
    one, two, three = (Condition("id", "=", number) for number in (1, 2, 3))
    assert str(one & two & three) == "id = 1 AND id = 2 AND id = 3"
    assert str(one & (two & three)) == "id = 1 AND id = 2 AND id = 3"
    assert str(one | two | three) == "id = 1 OR id = 2 OR id = 3"


def test_joining_with_parentheses() -> None:
    one, two, three = (Condition("id", "=", number) for number in (1, 2, 3))
    assert str(one & (two | three)) == "id = 1 AND (id = 2 OR id = 3)"
    assert str((one | two) & three) == "(id = 1 OR id = 2) AND id = 3"
    assert str(one & two | three) == "(id = 1 AND id = 2) OR id = 3"
    assert str(one & Condition("name", "in", ["a", "b'\"c"])) == 'id = 1 AND (name = "a" OR name contains "b")'


def test_joining_leaves_the_parts_as_they_are() -> None:
    one, two = Condition("id", "=", 1), Condition("id", "=", 2)
    both = one | two
    assert (str(one), str(two)) == ("id = 1", "id = 2")
    assert both.matches({"id": 2})
    assert not one.matches({"id": 2})


LEAVES = st.builds(Condition, st.sampled_from("abc"), st.just("="), st.integers(0, 1))
TREES = st.recursive(
    LEAVES,
    lambda parts: st.builds(Condition.__and__, parts, parts) | st.builds(Condition.__or__, parts, parts),
    max_leaves=8,
)


@given(TREES, st.fixed_dictionaries({name: st.integers(0, 1) for name in "abc"}))
def test_the_text_of_joined_conditions_means_what_matches_says(condition: Condition, record: dict[str, int]) -> None:
    meaning = str(condition).replace("AND", "and").replace("OR", "or").replace("=", "==")
    assert eval(meaning, {"__builtins__": {}}, dict(record)) is condition.matches(record)


def odd_names(count: int) -> list[str]:
    """Names of any characters, some of them alike; always the same."""
    chosen = random.Random(4711)
    alphabets = (
        "'\"",
        "ab'\"\\[]%_*&+ ",
        "()=<>,;/?#!{}^$|~`@.-:",
        "äöüßÄÖÜẞéŽluťoučkýИванПетров株式会社😀\u0301\u00a0\u2028\u200b",
        "".join(chr(number) for number in range(1, 128)),
        "and or not in null true contains like 1 2 3",
    )
    names = ["'", '"', "'\"", "\\", "[", "[[]", "[]", "%", "_", "*", " x ", "null", "[2026-01-01]", "Straße", "STRASSE"]
    names += ["a'b\"c", "A'B\"C", "[Internal] Services", "a[bc]d", "abd", "O'Brien & Söhne 100%", "x" * 100]
    while len(names) < count:
        alphabet = chosen.choice(alphabets)
        names.append("".join(chosen.choice(alphabet) for _number in range(chosen.randint(1, 30))))
    return names


@pytest.fixture(scope="module")
def names(running_simulator: Simulator) -> list[str]:
    """The names of the configurations of the company 258."""
    given_names = odd_names(330)
    records = [{"name": name, "company": {"id": 258}, "type": {"id": 1}, "status": {"id": 1}} for name in given_names]
    running_simulator.reset()
    assert len(running_simulator.insert("company/configurations", records)) == len(given_names)
    return given_names


@pytest.fixture
def reader(running_simulator: Simulator) -> Iterator[ConnectWiseClient]:
    """A client that only reads, so that the names are inserted once."""
    client = running_simulator.client(read_only=True)
    yield client
    running_simulator.switch(wildcards_in_contains="on", leading_bracket="escaped", case_sensitive_strings="off")
    client.close()


def found_names(client: ConnectWiseClient, condition: Condition) -> list[str]:
    """The names of the configurations of the company 258 that are found."""
    asked = Condition("company/id", "=", 258) & condition
    return [record["name"] for record in client.get_all("company/configurations", asked, fields=["name"])]


def test_a_name_of_any_characters_is_found_exactly(reader: ConnectWiseClient, names: list[str]) -> None:
    wrong = {}
    for name in dict.fromkeys(names):
        found = found_names(reader, Condition("name", "=", name))
        alike = {other for other in names if other.casefold() == name.casefold()}
        if found.count(name) != names.count(name) or not alike.issuperset(found):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(
    "switches",
    [{"wildcards_in_contains": "off"}, {"leading_bracket": "plain"}, {"case_sensitive_strings": "on"}],
    ids="-".join,
)
def test_a_name_is_found_whatever_the_server_thinks_of_texts(
    running_simulator: Simulator, reader: ConnectWiseClient, names: list[str], switches: dict[str, str]
) -> None:
    running_simulator.switch(**switches)
    missed = [name for name in names[:60] if name not in found_names(reader, Condition("name", "=", name))]
    assert missed == []


@pytest.mark.parametrize("wildcards", ["on", "off"])
def test_a_part_of_a_name_of_any_characters_is_found(
    running_simulator: Simulator, reader: ConnectWiseClient, names: list[str], wildcards: str
) -> None:
    running_simulator.switch(wildcards_in_contains=wildcards)
    missed = {}
    for name in names[:60]:
        lacking = {other for other in names if name in other}.difference(
            found_names(reader, Condition("name", "contains", name))
        )
        if lacking:
            missed[name] = lacking
    assert missed == {}


def test_several_names_at_once(reader: ConnectWiseClient, names: list[str]) -> None:
    chosen = names[:40]
    found = found_names(reader, Condition("name", "in", chosen))
    assert set(chosen) <= set(found)
    assert {name.casefold() for name in found} == {name.casefold() for name in chosen}


def test_names_joined_with_other_conditions(reader: ConnectWiseClient, names: list[str]) -> None:
    for name in names[:40]:
        here = Condition("company/id", "=", 258) & (Condition("name", "=", name) | Condition("id", "=", -1))
        elsewhere = Condition("company/id", "=", 251) & Condition("name", "=", name)
        found = reader.get_all("company/configurations", here)
        assert {record["name"].casefold() for record in found} == {name.casefold()}
        assert name in [record["name"] for record in found]
        assert reader.get_count("company/configurations", here) == len(found)
        assert reader.get_all("company/configurations", elsewhere) == []


def test_names_that_are_not_wanted(reader: ConnectWiseClient, names: list[str]) -> None:
    for name in names[:20]:
        for condition in (Condition("name", "!=", name), Condition("name", "not in", [name])):
            found = found_names(reader, condition)
            assert name not in found
            assert set(found) >= {other for other in names if other.casefold() != name.casefold()}


@given(TREES)
def test_the_parts_of_a_condition_mean_the_same_together(condition: Condition) -> None:
    for longest in (1, 20, 40, 10_000):
        parts = condition.split(longest)
        for values in ({"a": 0, "b": 1, "c": 0}, {"a": 1, "b": 1, "c": 1}, {"a": 0, "b": 0, "c": 0}):
            assert any(part.matches(values) for part in parts) is condition.matches(values)


def test_a_list_is_split_to_the_length() -> None:
    condition = Condition("company/id", "=", 258) & Condition("id", "in", list(range(10_000, 11_000)))
    parts = condition.split(1500)
    assert 4 < len(parts) < 20
    assert all(len(quote_plus(str(part))) <= 1500 for part in parts)
    assert all(part.matches({"id": 10_000, "company": {"id": 258}}) is (part is parts[0]) for part in parts)
    assert sum(part.matches({"id": 10_999, "company": {"id": 258}}) for part in parts) == 1
    one = Condition("name", "=", "x" * 5000)
    assert one.split(100) == [one]


@pytest.mark.parametrize(
    ("condition", "rest"),
    [
        (Condition("name", "=", "plain"), None),
        (Condition("id", "=", 5) & Condition("name", "=", "plain"), None),
        (Condition("name", "contains", "50%"), 'name contains "50%"'),
        (Condition("id", "=", 5) & Condition("name", "=", "a[\\b"), 'name contains "a"'),
        (Condition("id", "=", 5) | Condition("name", "=", "a'\"b"), 'id = 5 OR name contains "a"'),
        (Condition.as_written("id = 5") & Condition("name", "=", "plain"), None),
    ],
)
def test_what_is_left_to_the_client(condition: Condition, rest: str | None) -> None:
    assert condition.rest is None if rest is None else str(condition.rest) == rest


def test_the_fields_that_are_needed_to_match() -> None:
    condition = Condition("company/id", "=", 5) & (Condition("name", "=", "x") | Condition("lastUpdated", "=", None))
    assert condition.fields == {"company/id", "name", "_info/lastUpdated"}
    assert repr(Condition("id", "=", 5)) == "<Condition id = 5>"


@pytest.mark.parametrize("operator", ["contains", "not contains"])
def test_only_texts_contain(operator: str) -> None:
    with pytest.raises(ValueError, match="a text can't contain a int"):
        Condition("name", operator, 5)

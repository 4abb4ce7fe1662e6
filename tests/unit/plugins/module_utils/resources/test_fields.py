# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import (
    CUSTOM_FIELDS,
    DAY,
    ENUM,
    FLAG,
    INTEGER,
    MAIL_LIST,
    NUMBER,
    REFERENCE,
    TEXT,
    TEXTS,
    TIME,
    Field,
    Reference,
    WantedError,
    by_name,
    custom_value,
    duration,
    find_custom_field,
    normalised,
    same,
    same_custom_field,
    settled,
    shown,
)

TEXT_ROW = Field("summary", TEXT, "summary", longest=100)
FLAG_ROW = Field("automaticEmailCcFlag", FLAG)
INTEGER_ROW = Field("duration", INTEGER)
NUMBER_ROW = Field("budgetHours", NUMBER)
DAY_ROW = Field("requiredDate", DAY, "required_date")
TIME_ROW = Field("timeStart", TIME)
ENUM_ROW = Field("impact", ENUM, "impact", choices=("Low", "Medium", "High"))
MAIL_ROW = Field("automaticEmailCc", MAIL_LIST, longest=1000)
STATUS_ROW = Field("status", REFERENCE, "status", Reference("status", "service/boards/{board}/statuses", scope="board"))
CONTACT_ROW = Field("contact", REFERENCE, "contact", Reference("contact", "company/contacts"), aka=("contactEmail",))
CUSTOM_ROW = Field("customFields", CUSTOM_FIELDS, "custom_fields")
UNSTORABLE = "it holds a character that can't be stored: NUL, or half of a surrogate pair."
TWO_HOURS = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("row", "value", "sent"),
    [
        (TEXT_ROW, "Deploy", "Deploy"),
        (TEXT_ROW, "", ""),
        (TEXT_ROW, 42, "42"),
        (TEXT_ROW, "x" * 100, "x" * 100),
        (TEXT_ROW, " two \r\n\n lines\n", "two lines"),
        (Field("text", TEXT), "two\nlines", "two\nlines"),
        (Field("notes", TEXT), "x" * 5000, "x" * 5000),
        (FLAG_ROW, True, True),
        (FLAG_ROW, False, False),
        (FLAG_ROW, "yes", True),
        (FLAG_ROW, " On ", True),
        (FLAG_ROW, "1", True),
        (FLAG_ROW, 1, True),
        (FLAG_ROW, "False", False),
        (FLAG_ROW, "no", False),
        (FLAG_ROW, 0, False),
        (FLAG_ROW, "", False),
        (INTEGER_ROW, 5, 5),
        (INTEGER_ROW, " 5 ", 5),
        (INTEGER_ROW, "5.0", 5),
        (INTEGER_ROW, -3, -3),
        (INTEGER_ROW, 123456789012345, 123456789012345),
        (INTEGER_ROW, "", ""),
        (NUMBER_ROW, 2.5, 2.5),
        (NUMBER_ROW, "2.50", 2.5),
        (NUMBER_ROW, "2.0", 2),
        (NUMBER_ROW, "1e2", 100),
        (NUMBER_ROW, Decimal("0.10"), 0.1),
        (NUMBER_ROW, 0, 0),
        (DAY_ROW, "2026-03-31", "2026-03-31T00:00:00Z"),
        (DAY_ROW, "2026-03-31T17:00:00Z", "2026-03-31T00:00:00Z"),
        (DAY_ROW, "2026-03-31t17:00:00z", "2026-03-31T00:00:00Z"),
        (DAY_ROW, "2026-03-31 17:00", "2026-03-31T00:00:00Z"),
        (DAY_ROW, "2026-03-31T01:00:00+02:00", "2026-03-30T00:00:00Z"),
        (DAY_ROW, "2026-03-31T01:00:00.5+0200", "2026-03-30T00:00:00Z"),
        (DAY_ROW, date(2026, 3, 31), "2026-03-31T00:00:00Z"),
        (DAY_ROW, datetime(2026, 3, 31, 23, 30, tzinfo=TWO_HOURS), "2026-03-31T00:00:00Z"),
        (DAY_ROW, "", ""),
        (TIME_ROW, "2026-03-31T17:00:05.1234567Z", "2026-03-31T17:00:05Z"),
        (TIME_ROW, "2026-03-31T17:00:05.1+02:00", "2026-03-31T15:00:05Z"),
        (TIME_ROW, datetime(2026, 3, 31, 17), "2026-03-31T17:00:00Z"),
        (ENUM_ROW, "High", "High"),
        (ENUM_ROW, " high ", "High"),
        (ENUM_ROW, "", ""),
        (MAIL_ROW, "a@x.example", "a@x.example;"),
        (MAIL_ROW, "a@x.example;b@x.example;", "a@x.example;b@x.example;"),
        (MAIL_ROW, "a@x.example, b@x.example", "a@x.example;b@x.example;"),
        (MAIL_ROW, ["a@x.example", " b@x.example;c@x.example "], "a@x.example;b@x.example;c@x.example;"),
        (MAIL_ROW, [], ""),
        (MAIL_ROW, " ; ", ""),
        (STATUS_ROW, 5, {"id": 5}),
        (STATUS_ROW, "5", {"id": 5}),
        (STATUS_ROW, " 5 ", {"id": 5}),
        (STATUS_ROW, "In Progress", {"name": "In Progress"}),
        (STATUS_ROW, " >Closed ", {"name": ">Closed"}),
        (STATUS_ROW, "٣", {"name": "٣"}),
        (STATUS_ROW, "-5", {"name": "-5"}),
        (STATUS_ROW, {"id": 5, "name": "x"}, {"id": 5}),
        (STATUS_ROW, {"id": "5"}, {"id": 5}),
        (STATUS_ROW, {"id": None, "name": "New"}, {"name": "New"}),
        (STATUS_ROW, {"identifier": "Acme", "name": "Acme Corporation"}, {"name": "Acme"}),
        (STATUS_ROW, "", ""),
        (CUSTOM_ROW, {" Change Window ": "x", 5: 6, "Risk Score": None}, {"Change Window": "x", "5": 6}),
    ],
)
def test_normalised(row: Field, value: Any, sent: Any) -> None:
    found = normalised(row, value)
    assert found == sent
    assert type(found) is type(sent)


@pytest.mark.parametrize(
    ("row", "value", "sentence"),
    [
        (TEXT_ROW, "x" * 101, "summary: the text has 101 characters, ConnectWise takes at most 100."),
        (TEXT_ROW, ["x"], "summary: ['x'] is not a text."),
        (TEXT_ROW, {}, "summary: {} is not a text."),
        (Field("company", REFERENCE, "company", required=True), "", "company: it can't be empty."),
        (Field("summary", TEXT, "summary", longest=100, required=True), " \n ", "summary: it can't be empty."),
        (TEXT_ROW, "a\x00b", f"summary: {UNSTORABLE}"),
        (TEXT_ROW, "\udcff", f"summary: {UNSTORABLE}"),
        (MAIL_ROW, "a\x00", f"fields, automaticEmailCc: {UNSTORABLE}"),
        (FLAG_ROW, "maybe", "fields, automaticEmailCcFlag: 'maybe' is neither true nor false."),
        (FLAG_ROW, 2, "fields, automaticEmailCcFlag: 2 is neither true nor false."),
        (INTEGER_ROW, "2.5", "fields, duration: '2.5' is not a whole number."),
        (INTEGER_ROW, "two", "fields, duration: 'two' is not a number."),
        (INTEGER_ROW, True, "fields, duration: True is not a number."),
        (INTEGER_ROW, "nan", "fields, duration: 'nan' is not a number."),
        (NUMBER_ROW, "Infinity", "fields, budgetHours: 'Infinity' is not a number."),
        (NUMBER_ROW, [1], "fields, budgetHours: [1] is not a number."),
        (
            DAY_ROW,
            "31.03.2026",
            "required_date: '31.03.2026' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
        ),
        (
            DAY_ROW,
            "2026-02-30",
            "required_date: '2026-02-30' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
        ),
        (ENUM_ROW, "x" * 1000, f"impact: '{'x' * 119}...' is none of Low, Medium, High."),
        (ENUM_ROW, "Huge", "impact: 'Huge' is none of Low, Medium, High."),
        (ENUM_ROW, None, "impact: None is none of Low, Medium, High."),
        (
            MAIL_ROW,
            ["a" * 1000],
            "fields, automaticEmailCc: the text has 1001 characters, ConnectWise takes at most 1000.",
        ),
        (MAIL_ROW, {"a": 1}, "fields, automaticEmailCc: {'a': 1} is not a text."),
        (MAIL_ROW, [["a@x.example"]], "fields, automaticEmailCc: ['a@x.example'] is not a text."),
        (STATUS_ROW, {}, "status: {} is neither an id nor a name."),
        (STATUS_ROW, {"name": ""}, "status: {'name': ''} is neither an id nor a name."),
        (STATUS_ROW, [5], "status: [5] is neither an id nor a name."),
        (STATUS_ROW, True, "status: True is neither an id nor a name."),
        (STATUS_ROW, 5.0, "status: 5.0 is neither an id nor a name."),
        (STATUS_ROW, "   ", "status: '   ' is neither an id nor a name."),
        (
            CUSTOM_ROW,
            {"Risk": 1, " risk": 2},
            "custom_fields: 'Risk' is given twice; captions are the same in any case.",
        ),
        (CUSTOM_ROW, ["x"], "custom_fields: give a dictionary of captions and values."),
        (CUSTOM_ROW, "", "custom_fields: give a dictionary of captions and values."),
    ],
)
def test_what_can_not_be_wanted(row: Field, value: Any, sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        normalised(row, value)
    assert str(raised.value) == sentence
    assert sentence.startswith(f"{raised.value.option}: ")
    assert raised.value.code == "InvalidOption"


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_date_beyond_the_calendar_is_a_sentence_too(value: str) -> None:
    with pytest.raises(WantedError, match="^required_date: .* is not a date"):
        normalised(DAY_ROW, value)


@pytest.mark.parametrize("row", [INTEGER_ROW, NUMBER_ROW])
def test_a_number_of_any_size_is_a_number_or_a_sentence(row: Field) -> None:
    for value in ("1e400", "-1e400", "1e-400"):
        try:
            found = normalised(row, value)
        except WantedError as error:
            assert str(error).startswith(f"fields, {row.name}: ")
        else:
            assert isinstance(found, (int, float))
            assert abs(found) != float("inf")


@pytest.mark.parametrize(
    ("row", "current", "wanted", "is_same"),
    [
        (TEXT_ROW, {"summary": "Deploy"}, "Deploy", True),
        (TEXT_ROW, {"summary": "Deploy "}, "Deploy", True),
        (TEXT_ROW, {"summary": "a\r\nb  \r\n"}, "a\nb", True),
        (TEXT_ROW, {"summary": "a b"}, "a\nb", True),
        (TEXT_ROW, {"summary": "a  b"}, "a b", False),
        (TEXT_ROW, {"summary": "deploy"}, "Deploy", False),
        (TEXT_ROW, {}, "Deploy", False),
        (TEXT_ROW, {}, "", True),
        (TEXT_ROW, {"summary": ""}, "", True),
        (TEXT_ROW, {"summary": None}, "", True),
        (TEXT_ROW, {"summary": "x"}, "", False),
        (FLAG_ROW, {"automaticEmailCcFlag": True}, True, True),
        (FLAG_ROW, {"automaticEmailCcFlag": True}, False, False),
        (FLAG_ROW, {"automaticEmailCcFlag": False}, False, True),
        (FLAG_ROW, {}, False, True),
        (FLAG_ROW, {}, True, False),
        (INTEGER_ROW, {"duration": 0}, 0, True),
        (INTEGER_ROW, {"duration": 5}, 5, True),
        (INTEGER_ROW, {}, 0, False),
        (INTEGER_ROW, {"duration": 0}, "", False),
        (NUMBER_ROW, {"budgetHours": 2.50}, 2.5, True),
        (NUMBER_ROW, {"budgetHours": 2.0}, 2, True),
        (NUMBER_ROW, {"budgetHours": "2.50"}, 2.5, True),
        (NUMBER_ROW, {"budgetHours": 0.1}, 0.1, True),
        (NUMBER_ROW, {"budgetHours": 2.51}, 2.5, False),
        (DAY_ROW, {"requiredDate": "2026-03-31T00:00:00Z"}, "2026-03-31T00:00:00Z", True),
        (DAY_ROW, {"requiredDate": "2026-03-30T00:00:00Z"}, "2026-03-31T00:00:00Z", False),
        (DAY_ROW, {"requiredDate": "no date"}, "2026-03-31T00:00:00Z", False),
        (DAY_ROW, {}, "2026-03-31T00:00:00Z", False),
        (TIME_ROW, {"timeStart": "2026-03-31T17:00:00+02:00"}, "2026-03-31T15:00:00Z", True),
        (ENUM_ROW, {"impact": "High"}, "High", True),
        (ENUM_ROW, {"impact": "high"}, "High", True),
        (ENUM_ROW, {"impact": "Low"}, "High", False),
        (ENUM_ROW, {"impact": "Unheard"}, "High", False),
        (MAIL_ROW, {"automaticEmailCc": "a@x.example;"}, "a@x.example;", True),
        (MAIL_ROW, {"automaticEmailCc": "A@x.example; b@x.example"}, "b@x.example;a@x.example;", True),
        (MAIL_ROW, {"automaticEmailCc": "a@x.example;"}, "b@x.example;", False),
        (MAIL_ROW, {"automaticEmailCc": "a@x.example;"}, "a@x.example;b@x.example;", False),
        (MAIL_ROW, {}, "", True),
        (STATUS_ROW, {"status": {"id": 5, "name": "New"}}, {"id": 5}, True),
        (STATUS_ROW, {"status": {"id": 5, "name": "New"}}, {"id": 6}, False),
        (STATUS_ROW, {"status": {"id": 5, "name": "New"}}, {"id": 6, "name": "New"}, False),
        (STATUS_ROW, {"status": {"id": 5, "name": "New "}}, {"name": "new"}, True),
        (STATUS_ROW, {"status": {"id": 5, "name": "New"}}, {"name": "Old"}, False),
        (STATUS_ROW, {"status": {"id": 5, "identifier": "Acme"}}, {"name": "ACME"}, True),
        (STATUS_ROW, {}, {"name": "New"}, False),
        (STATUS_ROW, {}, {"id": 5}, False),
        (STATUS_ROW, {}, "", True),
        (STATUS_ROW, {"status": {"id": 5}}, "", False),
        (
            CONTACT_ROW,
            {"contact": {"id": 5, "name": "Desk"}, "contactEmail": "D@x.example"},
            {"name": "d@x.example"},
            True,
        ),
        (CONTACT_ROW, {"contact": {"id": 5, "name": "Desk"}}, {"name": "d@x.example"}, False),
    ],
)
def test_same(row: Field, current: dict[str, Any], wanted: Any, is_same: bool) -> None:
    assert same(row, current, wanted) is is_same


def stored(row: Field, sent: Any) -> Any:
    """What a server keeps of a value that is sent to it (fact sheet 6.12, 7.7, 7.8, 7.10), and gives back."""
    if sent == "":
        return None
    if row.kind == TEXT:
        return sent.replace("\n", "\r\n")
    if row.kind == NUMBER:
        return f"{sent:.2f}" if abs(sent) > 1 else sent
    if row.kind == REFERENCE:
        return {"id": sent.get("id", 7), "name": sent.get("name", "Name").upper(), "_info": {"href": "https://..."}}
    return sent


@pytest.mark.parametrize(
    "text",
    [
        "20260331",
        "2026-W14-2",
        "2026-090",
        "2026-3-31",
        "2026-03-31T17",
        "2026-03-31T24:00:00",
        "2026-03-31T1700",
        "2026-03-31T17:00:00+02",
        "2026-03-31_17:00",
        "2026-03-31T17:00:00 Z",
        "2026-03-31Z",
        "٢٠٢٦-03-31",
        "0",
        "0000-01-01",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_dates_that_only_some_pythons_read(text: str) -> None:
    """Also those that none does: the sentence is the same everywhere."""
    for row in (DAY_ROW, TIME_ROW):
        with pytest.raises(WantedError) as raised:
            normalised(row, text)
        assert str(raised.value) == (
            f"{row.place}: {text!r} is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z."
        )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=90))
def test_a_text_that_is_stored_is_the_same(text: str) -> None:
    sent = normalised(TEXT_ROW, text)
    assert same(TEXT_ROW, {"summary": stored(TEXT_ROW, sent)}, sent)
    assert same(TEXT_ROW, {"summary": sent}, sent)


@given(st.datetimes(timezones=st.timezones()) | st.dates() | st.datetimes())
def test_a_date_that_is_stored_is_the_same(moment: date) -> None:
    for row in (DAY_ROW, TIME_ROW):
        try:
            sent = normalised(row, moment)
        except WantedError:
            assert moment.year in (1, 9999)  # in UTC it is beyond the calendar
            continue
        assert same(row, {row.name: sent}, sent)
        assert normalised(row, sent) == sent
        assert len(sent) == len("2026-03-31T00:00:00Z")


@given(st.decimals(-(10**9), 10**9, places=2) | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9))
def test_a_number_that_is_stored_is_the_same(number: Any) -> None:
    rounded = round(number, 2)
    sent = normalised(NUMBER_ROW, rounded)
    assert same(NUMBER_ROW, {"budgetHours": stored(NUMBER_ROW, sent)}, sent)
    assert float(sent) == float(rounded)


@given(
    st.lists(st.sampled_from(["a@x.example", "B@x.example", "c.d@y.example"]), max_size=4),
    st.sampled_from([";", ",", "; ", " , "]),
)
def test_a_mail_list_that_is_stored_is_the_same(addresses: list[str], separator: str) -> None:
    for value in (addresses, separator.join(addresses), separator.join([*addresses, ""])):
        if value:
            sent = normalised(MAIL_ROW, value)
            assert same(MAIL_ROW, {"automaticEmailCc": stored(MAIL_ROW, sent)}, sent)
            assert normalised(MAIL_ROW, sent) == sent


@given(st.text(min_size=1, max_size=30, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_reference_that_is_stored_is_the_same(name: str) -> None:
    try:
        sent = normalised(STATUS_ROW, name)
    except WantedError:
        assert not name.strip()
        return
    if name.upper().casefold() == name.casefold():
        assert same(STATUS_ROW, {"status": stored(STATUS_ROW, sent)}, sent)
    assert same(STATUS_ROW, {"status": {"id": sent.get("id", 7), "name": sent.get("name")}}, sent)


ENTRIES = [
    {"id": 7, "caption": "Change Window", "type": "Text", "entryMethod": "EntryField"},
    {"id": 36, "caption": " Go-live Date ", "type": "Date", "value": "2026-03-31T00:00:00Z"},
    {"id": 37, "caption": "Billing Required", "type": "Checkbox", "value": False},
    {"id": 38, "caption": "Risk Score", "type": "Number", "value": 2.50},
]


@pytest.mark.parametrize("caption", ["Go-live Date", "go-LIVE date"])
def test_a_custom_field_is_found_by_its_caption(caption: str) -> None:
    assert find_custom_field(CUSTOM_ROW, ENTRIES, caption)["id"] == 36


@pytest.mark.parametrize(
    ("entries", "there_are"),
    [
        (ENTRIES, "'Change Window', 'Go-live Date', 'Billing Required', 'Risk Score'"),
        ([], "none"),
        (None, "none"),
    ],
)
def test_a_caption_that_there_is_not(entries: Any, there_are: str) -> None:
    with pytest.raises(WantedError) as raised:
        find_custom_field(CUSTOM_ROW, entries, "Window")
    assert str(raised.value) == f"custom_fields: there is no custom field 'Window' here. There are: {there_are}."
    assert raised.value.code == "NotFound"


@pytest.mark.parametrize(
    ("kind", "value", "sent"),
    [
        ("Text", 5, "5"),
        ("TextArea", "a\nb", "a\nb"),
        ("Hyperlink", "https://x.example", "https://x.example"),
        ("Checkbox", "yes", True),
        ("Number", "2.50", 2.5),
        ("Currency", "10", 10),
        ("Percent", 0.5, 0.5),
        ("Date", "2026-03-31T17:00:00Z", "2026-03-31T00:00:00Z"),
        (None, "text", "text"),
        ("Date", "", ""),
        ("Number", "", ""),
    ],
)
def test_the_value_of_a_custom_field_has_its_type(kind: str, value: Any, sent: Any) -> None:
    found = custom_value({"id": 1, "caption": "Window", "type": kind}, value)
    assert found == sent
    assert type(found) is type(sent)


def test_the_value_of_a_custom_field_that_can_not_be() -> None:
    with pytest.raises(WantedError, match="^custom_fields, Risk Score: 'high' is not a number.$"):
        custom_value(ENTRIES[3], "high")


@pytest.mark.parametrize(
    ("entry", "value", "is_same"),
    [
        ({"type": "Text"}, "", True),
        ({"type": "Text"}, "x", False),
        ({"type": "Text", "value": "x \r\n"}, "x", True),
        ({"type": "Text", "value": "x"}, "", False),
        ({"type": "TextArea", "value": "x y"}, "x\ny", True),
        ({"type": "Checkbox"}, False, True),
        ({"type": "Checkbox"}, True, False),
        ({"type": "Checkbox", "value": True}, "yes", True),
        ({"type": "Checkbox", "value": "true"}, True, True),
        ({"type": "Number", "value": 2.5}, "2.50", True),
        ({"type": "Number", "value": "2.50"}, 2.5, True),
        ({"type": "Number", "value": "many"}, 2.5, False),
        ({"type": "Number", "value": 0}, 0, True),
        ({"type": "Number"}, 0, False),
        ({"type": "Date", "value": "2026-03-31T00:00:00Z"}, "2026-03-31", True),
        ({"type": "Date", "value": "2026-03-31"}, "2026-03-31T09:00:00Z", True),
        ({"type": "Date", "value": "2026-04-01T00:00:00Z"}, "2026-03-31", False),
    ],
)
def test_same_custom_field(entry: dict[str, Any], value: Any, is_same: bool) -> None:
    assert same_custom_field({"caption": "Window", **entry}, value) is is_same


def test_custom_fields_are_the_same_if_each_wanted_one_is() -> None:
    record = {"customFields": ENTRIES}
    assert same(CUSTOM_ROW, record, {"Risk Score": 2.5, "Billing Required": False})
    assert not same(CUSTOM_ROW, record, {"Risk Score": 2.5, "Billing Required": True})
    assert same(CUSTOM_ROW, record, {})


@pytest.mark.parametrize(
    ("row", "record", "captions", "seen"),
    [
        (TEXT_ROW, {"summary": "x"}, [], "x"),
        (TEXT_ROW, {"summary": ""}, [], None),
        (TEXT_ROW, {}, [], None),
        (FLAG_ROW, {"automaticEmailCcFlag": False}, [], False),
        (STATUS_ROW, {"status": {"id": 5, "name": "New"}}, [], "New"),
        (STATUS_ROW, {"status": {"id": 5, "identifier": "new"}}, [], "new"),
        (STATUS_ROW, {"status": {"id": 5}}, [], 5),
        (STATUS_ROW, {}, [], None),
        (STATUS_ROW, {"status": ""}, [], None),
        (CUSTOM_ROW, {"customFields": ENTRIES}, ["Risk Score"], {"Risk Score": 2.5}),
        (CUSTOM_ROW, {"customFields": ENTRIES}, ["change window"], {"change window": None}),
        (DAY_ROW, {"requiredDate": "2026-03-31T00:00:00"}, [], "2026-03-31T00:00:00Z"),
        (TIME_ROW, {"timeStart": "2026-03-31T17:00:00.000+02:00"}, [], "2026-03-31T15:00:00Z"),
        (DAY_ROW, {"requiredDate": "no date"}, [], "no date"),
        (NUMBER_ROW, {"budgetHours": "many"}, [], "many"),
    ],
)
def test_what_a_person_is_shown(row: Field, record: dict[str, Any], captions: list[str], seen: Any) -> None:
    assert shown(row, record, captions) == seen


def test_settled() -> None:
    assert settled("  a  \r\nb\t\rc\n\n") == "a\nb\nc"


@given(st.text(alphabet="a \r\n", max_size=30))
def test_settled_as_the_plain_pattern_says(text: str) -> None:
    """The pattern that is easy to read, but slow for long runs of carriage returns."""
    assert settled(text) == "\n".join(line.rstrip() for line in re.split(r"\r*\n|\r", text)).strip()


@pytest.mark.parametrize(
    ("value", "sent"), [(["b", "a", "b"], ["a", "b"]), ("a", ["a"]), ("", []), ([], []), ([5, " x "], ["5", "x"])]
)
def test_lists_of_texts(value: Any, sent: list[str]) -> None:
    row = Field("integratorTags", TEXTS)
    assert normalised(row, value) == sent
    assert same(row, {"integratorTags": list(reversed(sent))}, sent)
    assert same(row, {}, sent) is (sent == [])
    assert not same(row, {"integratorTags": ["other"]}, sent)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("12 h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        ("7", timedelta(days=7)),
        ("1.5", timedelta(hours=36)),
        ("2W", timedelta(weeks=2)),
        ("0", timedelta(0)),
    ],
)
def test_durations(text: str, span: timedelta) -> None:
    assert duration("reopen_within", text) == span


@pytest.mark.parametrize("text", ["", "soon", "-1", "1y", "1d 2h", "1e5", "9999999", "\u0661d"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(WantedError, match="^reopen_within: .* is no time span. Give one such as 12h or 7d.$"):
        duration("reopen_within", text)


def test_how_a_field_is_called_that_others_are_set_with() -> None:
    assert Field("resolutionFlag", FLAG, via="kind").place == "kind"
    assert Field("budgetHours", NUMBER).place == "fields, budgetHours"


def test_a_row_by_its_name() -> None:
    assert by_name([TEXT_ROW, STATUS_ROW], "status") is STATUS_ROW
    with pytest.raises(StopIteration):
        by_name([TEXT_ROW], "status")


def test_the_label_is_what_the_person_at_the_playbook_wrote() -> None:
    assert DAY_ROW.label == "required_date"
    assert MAIL_ROW.label == "automaticEmailCc"

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import endpoints
from ansible_collections.msp.connectwise.plugins.module_utils.resources.api import (
    Change,
    as_sent,
    checked_operations,
    differing,
    endpoint_of,
    foreseen,
    is_empty,
    is_record,
    left_out,
    merged,
    parameters,
    patch_of,
    same,
    undone,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError

SITE = "https://api-na.myconnectwise.net"
RECORD: dict[str, Any] = {
    "id": 5,
    "summary": "Disk full",
    "status": {"id": 101, "name": "New", "_info": {"status_href": "x"}},
    "company": {"id": 250, "identifier": "Acme", "name": "Acme Corporation"},
    "requiredDate": "2026-03-31T00:00:00Z",
    "budgetHours": 2.5,
    "closedFlag": False,
    "typeIds": [1, 2],
    "items": [{"id": 1, "value": "a"}, {"id": 2, "value": "b"}],
    "customFields": [
        {"id": 7, "caption": "Rack", "type": "Text", "value": "A-1"},
        {"id": 8, "caption": "Height", "type": "Number"},
        {"id": 9, "caption": "Code", "type": "Password", "value": "sesame"},
    ],
    "_info": {"lastUpdated": "2026-03-01T00:00:00Z"},
}
# As records have them; the names can be paths of a JSON Patch.
NAMES = st.text("abcXYZ_019", min_size=1, max_size=5)
SCALARS = (
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8) | st.sampled_from(["a ", "2026-03-31"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=4)


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("service/tickets", "service/tickets"),
        (" /service/tickets/5 ", "service/tickets/5"),
        ("service/tickets/", "service/tickets/"),
        ("/v4_6_release/apis/3.0//service/tickets/5", "service/tickets/5"),
        ("apis/3.0/system/info", "system/info"),
        (f"{SITE}/v2025_1//apis/3.0/service/tickets/5/notes", "service/tickets/5/notes"),
        ("https://NA.myconnectwise.net:443/v4_6_release/apis/3.0/system/info", "system/info"),
        ("system/members/j%20doe", "system/members/j%20doe"),
        ("system/members/jöe@acme", "system/members/jöe@acme"),
    ],
)
def test_a_path_is_written_in_many_ways(path: str, endpoint: str) -> None:
    assert endpoint_of(path, SITE) == endpoint


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("https://evil.example/v4_6_release/apis/3.0/service/tickets", "another server than https://api-na"),
        ("http://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets", "another server"),
        (f"{SITE}:444/v4_6_release/apis/3.0/service/tickets", "another server"),
        ("https://me:secret@api-na.myconnectwise.net/x/apis/3.0/service/tickets", "another server"),
        (f"{SITE}.evil.example/v4_6_release/apis/3.0/service/tickets", "another server"),
        ("//evil.example/apis/3.0/service/tickets", "another server"),
        ("https://[::1/apis/3.0/x", "another server"),
        (f"{SITE}/login/companyinfo/x", "is no address of the API, which has /apis/3.0/ in it"),
        ("service/tickets?conditions=id=5", "holds a query. Give its parts as options, or as query."),
        ("service/tickets#5", "holds a query"),
        ("service/tick ets", "holds a character that no path has. Write a blank as %20."),
        ("service/tickets/'5'", "holds a character"),
        ('service/"tickets"', "holds a character"),
        ("service\\tickets", "holds a character"),
        ("service/tickets/{id}", "holds a character"),
        ("service/\ud800", "holds a character"),
        ("service//notes", "is empty"),
        ("", "is empty"),
        ("/", "is empty"),
        (f"{SITE}/v4_6_release/apis/3.0/", "is empty"),
        ("service/../system", "leads elsewhere"),
        ("service/%2e%2E/system", "leads elsewhere"),
        ("service/.", "leads elsewhere"),
        ("service/%2f..%2f", "leads elsewhere"),
    ],
)
def test_what_no_path_is(path: str, said: str) -> None:
    with pytest.raises(WantedError, match=f"^path: .*{said}") as told:
        endpoint_of(path, SITE)
    assert "secret" not in str(told.value)


@given(st.text(max_size=40) | st.from_regex(r"[a-z/.:%?2ef@\\-]{0,30}", fullmatch=True))
def test_any_text_as_a_path(text: str) -> None:
    """It is refused, or leads to a place below the root of the API that the client takes."""
    try:
        endpoint = endpoint_of(text, SITE)
    except WantedError:
        return
    parts = endpoint.rstrip("/").split("/")
    assert "" not in parts
    assert not any(set(unquote(part)) <= {"."} for part in parts)
    assert not set(endpoint) & set("?#\\ \n\"'")
    assert endpoints.path_of(endpoint) == endpoint.strip("/")


def test_what_one_record_is() -> None:
    assert is_record("service/tickets/5")
    assert not any(map(is_record, ("service/tickets", "service/tickets/5/notes", "system/info", "5", "x/٥")))


@pytest.mark.parametrize(
    ("query", "own", "expected"),
    [
        (None, True, {}),
        (
            {"recordType": "Ticket", "recordId": 5, "all": True, "none": None},
            True,
            {"recordType": "Ticket", "recordId": "5", "all": "true"},
        ),
        ({"page": 2, "fields": "id"}, False, {"page": "2", "fields": "id"}),
    ],
)
def test_parameters(query: dict[str, Any], own: bool, expected: dict[str, str]) -> None:
    assert parameters(query, own) == expected


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"Page": 2}, "query: Page is what this module pages with. Give limit."),
        ({"ORDERBY": "id"}, "query: ORDERBY is the option order_by here."),
        ({"a": [1]}, "query: a: [1] is not a single value."),
        ({"a": "\0"}, "query: it holds a character that can't be sent: NUL, or half of a surrogate pair."),
    ],
)
def test_parameters_that_can_not_be(query: dict[str, Any], said: str) -> None:
    with pytest.raises(WantedError) as told:
        parameters(query, own=True)
    assert str(told.value) == said


def test_times_that_yaml_read() -> None:
    body = {"timeStart": "2026-03-31T17:00:00+00:00", "list": [{"end": "2026-03-31T17:00:00+02:00"}, "x", 5]}
    assert as_sent(body) == {**body, "timeStart": "2026-03-31T17:00:00Z"}


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        (None, "", True),
        ("", None, True),
        (None, [], True),
        (None, False, False),
        (None, 0, False),
        (False, "", False),
        (5, "5", True),
        (5, "5.0", True),
        (5, "five", False),
        (5.5, "5.50", True),
        ("007", 7, False),
        ("7", 7, True),
        (True, "True", True),
        (True, "yes", False),
        (True, 1, False),
        (1, True, False),
        ("Text", "text", False),
        ("line \r\nline", "line\nline\n", True),
        ("2026-03-31T00:00:00Z", "2026-03-31", True),
        ("2026-03-31T17:00:00Z", "2026-03-31T19:00:00+02:00", True),
        ("2026-03-31T17:00:00Z", "2026-03-31", False),
        ("2026-03-31T17:00:00Z", "soon", False),
        ({"id": 5, "name": "New"}, {"id": "5"}, True),
        ({"id": 5, "name": "New"}, {"id": 5, "name": "Old"}, True),
        ({"id": 5, "name": "New"}, {"name": " new"}, True),
        ({"id": 5, "name": "New"}, {"Name": "New"}, True),
        ({"id": 5, "name": "New"}, {"id": None, "name": "New"}, False),
        ({"id": 5, "name": "New"}, {"identifier": "New"}, False),
        ({"id": 5, "name": "New"}, "New", False),
        ("New", {"name": "New"}, False),
        ([1, 2], [2, 1], True),
        ([1, 2], [1], False),
        ([1], [1, 1], False),
        ([{"id": 1, "value": "a"}], [{"value": "a"}], True),
        ("a", ["a"], False),
    ],
)
def test_what_is_the_same(found: Any, wanted: Any, expected: bool) -> None:
    assert same(found, wanted) is expected


@given(VALUES)
def test_any_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, value)
    assert is_empty(value) or not same(None, value)


@given(BODIES, BODIES)
def test_a_patch_leads_to_what_is_wanted(record: dict[str, Any], body: dict[str, Any]) -> None:
    """A record has its own values; a changed one has the wanted ones, and nothing is to be done then."""
    assert differing(record, record, exact=True) == []
    try:
        changes = differing(record, body, exact=True)
    except WantedError as error:
        assert "is called" in str(error)
        return
    assert bool(changes) == any(not same(record.get(name), wanted) for name, wanted in body.items())
    operations = patch_of(record, body, changes)
    assert {each.path for each in changes} <= {each["path"].removesuffix("/id") for each in operations} | {
        each["path"] for each in operations
    }
    after = foreseen(record, body)
    assert differing(after, body, exact=True) == []
    assert undone(after, [{"op": "replace", "path": name, "value": wanted} for name, wanted in body.items()]) == []


@given(st.lists(VALUES | st.fixed_dictionaries({"op": SCALARS, "path": SCALARS}), max_size=3))
def test_any_list_as_operations(body: list[Any]) -> None:
    try:
        operations = checked_operations(body)
    except WantedError as error:
        assert str(error).startswith("body: operation ")
        return
    undone(RECORD, operations)


def test_what_differs_is_shown_by_name() -> None:
    body = {
        "summary": "Disk full",
        "status": {"id": 102},
        "company/identifier": "ACME",
        "/budgetHours": 3,
        "requiredDate": "2026-03-31",
        "typeIds": None,
        "_info": {},
    }
    changes = differing(RECORD, body, exact=True)
    assert changes == [
        Change("status", {"id": 101, "name": "New"}, {"id": 102}),
        Change("/budgetHours", 2.5, 3),
        Change("typeIds", [1, 2], None),
    ]
    assert patch_of(RECORD, body, changes) == [
        {"op": "replace", "path": "status/id", "value": 102},
        # A name may stand for another record now.
        {"op": "replace", "path": "company/identifier", "value": "ACME"},
        {"op": "replace", "path": "/budgetHours", "value": 3},
        {"op": "remove", "path": "typeIds"},
    ]


def test_a_reference_is_emptied() -> None:
    body = {"status": "", "summary": ""}
    operations = patch_of(RECORD, body, differing(RECORD, body, exact=True))
    assert operations == [{"op": "remove", "path": "status"}, {"op": "replace", "path": "summary", "value": ""}]


def test_custom_fields_are_compared_by_their_entries() -> None:
    wanted = [{"id": 7, "value": "B-2"}, {"caption": "height", "value": "4"}, {"id": "9", "value": "other"}]
    (told,) = differing(RECORD, {"customFields": wanted}, exact=True)
    assert told.before == {"Rack": "A-1", "Height": None, "Code": "**********"}
    assert told.after == {"Rack": "B-2", "Height": 4, "Code": "**********"}
    sent = merged(RECORD, "customFields", wanted)
    assert [entry.get("value") for entry in sent] == ["B-2", 4, "other"]
    one = {"customFields": wanted[:1]}
    (operation,) = patch_of(RECORD, one, differing(RECORD, one, exact=True))
    assert [entry.get("value") for entry in operation["value"]] == ["B-2", None, "sesame"]  # always the whole list
    assert differing({**RECORD, "customFields": sent}, {"customFields": wanted}, exact=True) == []
    assert differing(RECORD, {"customFields": [{"id": 7, "value": "A-1"}, {"id": 8, "value": None}]}, exact=True) == []
    with pytest.raises(WantedError, match="^body, customFields: there is no custom field '99' here. There are: 'Rack'"):
        differing(RECORD, {"customFields": [{"id": 99, "value": 1}]}, exact=True)
    with pytest.raises(WantedError, match="^body, customFields, Height: 'high' is not a number.$"):
        differing(RECORD, {"customFields": [{"id": 8, "value": "high"}]}, exact=True)


def test_names_of_fields_in_another_case() -> None:
    with pytest.raises(WantedError, match="^body: the field 'Summary' is called summary here"):
        differing(RECORD, {"Summary": "x"}, exact=True)
    assert differing(RECORD, {"Summary": "Disk full"}, exact=False) == []


def test_operations_that_are_done() -> None:
    done: list[dict[str, Any]] = [
        {"op": "replace", "path": "/summary", "value": "Disk full"},
        {"op": "add", "path": "status/name", "value": "NEW"},
        {"op": "remove", "path": "owner"},
        {"op": "remove", "path": "items/7"},
        {"op": "replace", "path": "items/1/value", "value": "b"},
    ]
    assert undone(RECORD, done) == []
    into_lists: list[dict[str, Any]] = [
        {"op": "add", "path": "items/1", "value": {"id": 2, "value": "b"}},
        {"op": "add", "path": "items/-", "value": {"id": 2}},
        {"op": "remove", "path": "items/0"},
    ]
    assert [each.path for each in undone(RECORD, into_lists)] == ["items/1", "items/-", "items/0"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (["x"], "operation 1 has no path. Give a list of op, path and value."),
        ([{"op": "replace", "path": " / "}], "operation 1 has no path. Give a list of op, path and value."),
        ([{"op": "test", "path": "x"}], "operation 1: 'test' is none of add, replace, remove."),
        ([{"path": "x"}], "operation 1: None is none of add, replace, remove."),
        ([{"op": "ADD", "path": "x"}], "operation 1, add x, has no value."),
    ],
)
def test_operations_that_are_none(body: list[Any], said: str) -> None:
    with pytest.raises(WantedError) as told:
        checked_operations(body)
    assert str(told.value) == f"body: {said}"


def test_what_a_put_empties() -> None:
    assert left_out(RECORD, {"Summary": "x", "customFields": []}) == [
        "status",
        "company",
        "requiredDate",
        "budgetHours",
        "typeIds",
        "items",
    ]

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of conditions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.fields import TYPES
from simulator.store import Store

from .conftest import Caller

MISMATCH = (
    " String values should be enclosed with double or single quotes; "
    "DateTime values should be enclosed in square brackets;"
)


def ids(cw: Caller, conditions: str, path: str = "service/tickets") -> list[int]:
    """Ids of what a list shows."""
    return [record["id"] for record in cw.get(path, conditions=conditions)]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ("id = 123", [123]),
        ("id != 123", [12345, 12346, 12347]),
        ("id<12345", [123]),
        ("id <= 12345", [123, 12345]),
        ("id>12346", [12347]),
        ("id >= 12346", [12346, 12347]),
        ("id in (123, 12347)", [123, 12347]),
        ("id not in (123,12347)", [12345, 12346]),
        ('summary in ("mail is slow","x")', [123]),
        ("summary not in ('mail is slow')", [12345, 12346, 12347]),
        ('summary = "MAIL is slow"', [123]),
        ("summary contains 'mail'", [123, 12347]),
        ("summary not contains 'mail'", [12345, 12346]),
        ('summary like "mail*"', [123]),
        ('summary like "%slow"', [123]),
        ('summary not like "*mail*"', [12345, 12346]),
        ('board/name = "help desk" AND status/id = 101', [123]),
        ('board/name="Help Desk" and closedFlag = False', [123, 12345]),
        ("closedFlag=true OR id=123 AND summary='nothing'", [12346]),
        ("(closedFlag=TRUE or id=123) aNd id<12346", [123]),
        ('company/identifier="ACME"', [123, 12345]),
        ("owner/identifier='servicedesk'", [12345]),
        ("owner/id = null", [123, 12346, 12347]),
        ("item/name=null", [123, 12345, 12346, 12347]),
        ("type/name != null", [12345, 12347]),
        ("lastUpdated > [2026-03-01T00:00:00Z]", [123, 12345, 12346, 12347]),
        ("dateEntered >= [2026-03-03]", []),
        ("_info/lastUpdated < [2026-03-02]", []),
        ("LASTUPDATED <= [2026-03-02T10:15:00+01:00]", [123, 12345, 12346, 12347]),
        ('severity = "medium" and id=123', [123]),
        ("externalXRef='old-change-1'", [12346]),
        ("resources contains 'servicedesk'", [12345]),
        ("priority/name like 'Priority 3*' and id > 12346", [12347]),
        ("", [123, 12345, 12346, 12347]),
        ("   ", [123, 12345, 12346, 12347]),
    ],
)
def test_grammar(cw: Caller, conditions: str, expected: list[int]) -> None:
    """Facts 4.1 to 4.11."""
    assert ids(cw, conditions) == expected


@pytest.mark.parametrize(
    ("conditions", "name"),
    [
        ("ticket condition = invalid", "ticket"),
        ("resources/identifier = 'x'", "resources/identifier"),
        ("member/id = 5", "member/id"),
        ("assignedTo/identifier = 'x'", "assignedTo/identifier"),
        ("configurations/id = 5", "configurations/id"),
        ("id = 5 and nothing = 1", "nothing"),
        ("customFields/value = 'x'", "customFields/value"),
        ("initialDescription contains 'x'", "initialDescription"),
        ("status = 'New'", "status"),
        ("summary = invalid", "invalid"),
        ('summary = "a "b" c"', "b"),
        ("board/name = 'Bob's'", "s"),
        (r'summary = "a\"b"', "b"),
        ("summary = 'a''b'", "'b'"),
        ("id == 5", "="),
        ("id = 5 id = 6", "id"),
        ("(id = 5", "5"),
        ("id in ()", ")"),
    ],
)
def test_not_recognized(cw: Caller, conditions: str, name: str) -> None:
    """Facts 4.4, 4.12, 4.16: names that are none, and bad syntax which is reported in the same way."""
    body = cw.error(400, "GET", "service/tickets", params={"conditions": conditions})
    assert body == {"code": "ApiFindCondition", "message": f"{name} is not a recognized name."}


@pytest.mark.parametrize(
    ("conditions", "start"),
    [
        ("closedFlag = 1", "Expected a boolean value, not a numeric."),
        ("closedFlag = 'true'", "Expected a boolean value, not a string."),
        ("id = '123'", "Expected a numeric value, not a string."),
        ("board/id = 'Help Desk'", "Expected a numeric value, not a string."),
        ("summary = 5", "Expected a string value, not a numeric."),
        ("lastUpdated > '2026-01-01'", "Expected a datetime value, not a string."),
        ("id contains 'x'", "Expected a numeric value, not a string."),
        ("id > null", "Expected a numeric value, not a null."),
        ("id in (1, 'x')", "Expected a numeric value, not a string."),
    ],
)
def test_types_of_literals(cw: Caller, conditions: str, start: str) -> None:
    """Fact 4.16."""
    body = cw.error(400, "GET", "service/tickets", params={"conditions": conditions})
    assert body["code"] == "ApiFindCondition"
    assert body["message"].startswith(start + MISMATCH)


@pytest.mark.parametrize("conditions", ["severity='Huge'", "severity > 'Low'", "impact contains 'o'", "impact=1"])
def test_enums(cw: Caller, conditions: str) -> None:
    """Fact 4.16."""
    body = cw.error(400, "GET", "service/tickets", params={"conditions": conditions})
    assert body == {"code": "ApiFindCondition", "message": "Enum value supplied was invalid"}


def test_tickets_of_a_configuration(cw: Caller) -> None:
    """Fact 4.11: configuration/id, singular."""
    cw.post("service/tickets/123/configurations", {"id": 67890})
    cw.post("service/tickets/12346/configurations", {"id": 67890})
    assert ids(cw, "configuration/id = 67890") == [123, 12346]
    assert ids(cw, "configuration/id=67890 and closedFlag=false") == [123]
    assert ids(cw, "configuration/id in (67891,67890)") == [123, 12346]


@pytest.mark.parametrize("path", ["system/members", "system/info/members", "time/workTypes", "system/locations"])
def test_inactive_flag_is_refused(cw: Caller, path: str) -> None:
    """Fact 4.12: depends on the version."""
    body = cw.error(400, "GET", path, params={"conditions": "inactiveFlag=false"})
    assert body["message"] == "inactiveFlag is not a recognized name."
    if path != "system/locations":
        cw.switch(inactive_flag_condition="accept")
        assert cw.get(path, conditions="inactiveFlag=false")


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("service/boards", "name='help desk'", "board/name='Help Desk'"),
        ("service/boards/1/statuses", "inactive=false and closedStatus=true", "inactiveFlag=false"),
        ("service/boards/1/statuses/info", "inactiveFlag=false and closedFlag=true", "closedStatus=true"),
        ("service/boards/1/types", "inactiveFlag=true", "inactive=true"),
        ("service/tickets/12345/notes", "text contains 'patch' or detailDescriptionFlag=true", "noteType='x'"),
        ("company/contacts", "firstName='Front' and company/id=250", "name='Front Desk'"),
        ("company/contacts", "lastName='Desk'", "types/id=1"),
        ("company/configurations/statuses", "description='Active'", "name='Active'"),
        ("company/configurations", "status/name='Retired'", "questions/answer='x'"),
        ("company/companies", "deletedFlag=true", "types/id=1"),
        ("system/info/members", "identifier='oncall'", "officeEmail='x'"),
        ("service/info/boards", "name contains 'desk'", "name/x='a'"),
    ],
)
def test_names_per_record_type(cw: Caller, path: str, good: str, bad: str) -> None:
    """Facts 4.8, 4.12."""
    assert cw.get(path, conditions=good)
    assert cw.error(400, "GET", path, params={"conditions": bad})["code"] == "ApiFindCondition"


def test_child_conditions(cw: Caller) -> None:
    """Facts 4.10, 4.13: all about one and the same child; no in."""

    def found(text: str, path: str = "company/contacts") -> list[int]:
        return [record["id"] for record in cw.get(path, childConditions=text)]

    assert found('communicationItems/value like "it.manager@*" AND communicationItems/communicationType="Email"') == [
        2500
    ]
    assert found('communicationItems/value like "it.manager@*" AND communicationItems/communicationType="Phone"') == []
    assert found("communicationItems/type/name='Direct' and communicationItems/value='5550101'")[:2] == [2250, 2251]
    assert found("types/id=4") == []
    assert len(found("types/name='End User'")) == 12
    assert found("typeAssociation/id=11", "service/boards/1/subtypes") == [111]
    for text in ("types/id in (1,4)", "nothing/id=1", "firstName='x'"):
        body = cw.error(400, "GET", "company/contacts", params={"childConditions": text})
        assert body["code"] == "ApiFindCondition"


def test_custom_field_conditions(cw: Caller) -> None:
    """Facts 4.10, 4.14."""
    cw.patch("service/tickets/123", ("replace", "customFields", [{"id": 39, "value": "ninja-1"}]))
    values = [{"id": 38, "value": 2.5}, {"id": 37, "value": True}]
    cw.patch("service/tickets/12345", ("replace", "customFields", values))

    def found(text: str) -> list[int]:
        return [record["id"] for record in cw.get("service/tickets", customFieldConditions=text, pageSize=10)]

    assert found('caption="RMM Key" AND value != null') == [123]
    assert found('caption="rmm key" AND value="NINJA-1"') == [123]
    assert found('caption="Risk Score" AND value > 2') == [12345]
    assert found('caption="Billing Required" AND value = true') == [12345]
    assert found('caption="Risk Score" AND value = null') == [123, 12346, 12347]
    for text in ("caption in ('x')", "summary='x'"):
        body = cw.error(400, "GET", "service/tickets", params={"customFieldConditions": text})
        assert body["code"] == "ApiFindCondition"


def test_brackets(cw: Caller) -> None:
    """Fact 4.5: a [ at the start is written [[]; within contains and like it starts a set, as in SQL."""
    path = "company/companies"
    assert ids(cw, 'name = "[[]Internal] Services"', path) == [258]
    assert ids(cw, 'name like "[[]Internal*"', path) == [258]
    assert ids(cw, 'name contains "[[]Internal"', path) == [258]
    assert ids(cw, 'name = "[Internal] Services"', path) == []
    assert ids(cw, 'name contains "[xq]uo"', path) == [254]
    assert ids(cw, 'name contains "s_ow"', "service/boards") == []
    cw.switch(leading_bracket="plain", wildcards_in_contains="off")
    assert ids(cw, 'name = "[Internal] Services"', path) == [258]
    assert ids(cw, 'name contains "[Internal]"', path) == [258]
    assert ids(cw, 'name contains "[xq]uo"', path) == []


def test_switches_of_texts(cw: Caller) -> None:
    """Facts 4.9 and a conjecture: % in like may be ignored silently, texts may be compared with their case."""
    cw.switch(percent_in_like="ignored")
    assert len(ids(cw, "summary like '%slow%'")) == 4
    assert ids(cw, "summary like '*slow*'") == [123]
    cw.switch(case_sensitive_strings="on")
    assert ids(cw, "summary = 'MAIL is slow'") == []
    assert ids(cw, "summary = 'Mail is slow'") == [123]
    assert ids(cw, "summary contains 'mail'") == [12347]


def test_letters_beyond_ascii(cw: Caller) -> None:
    """Their case does not matter either."""
    path = "company/companies"
    assert ids(cw, "name = 'ŽLUŤOUČKÝ KŮŇ S.R.O.'", path) == [257]
    assert ids(cw, "name contains 'ŤOUČ'", path) == [257]
    assert ids(cw, 'name contains "SÖHNE 100%"', path) == [253]
    assert ids(cw, "name in ('x', 'žluťoučký KŮŇ s.r.o.')", path) == [257]


def quoted(text: str, quote: str) -> str:
    """A text as a condition must write it (facts 4.3, 4.5)."""
    return quote + ("[[]" + text[1:] if text.startswith("[") else text) + quote


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(min_size=1, max_size=90), st.sampled_from("'\""))
def test_any_text_finds_its_record(session_caller: Caller, text: str, quote: str) -> None:
    """A text in either quotes finds exactly the records that have it; with its own delimiter it gives a 400."""
    cw = session_caller
    ticket = cw.post("company/contacts", {"firstName": "x", "nickName": "y", "title": text})
    try:
        kept = ticket["title"]
        response = cw.call("GET", "company/contacts", params={"conditions": f"title = {quoted(kept, quote)}"})
        if quote in kept:
            assert response.status_code == 400
            return
        assert response.status_code == 200, response.text
        assert [found["id"] for found in response.json()] == [ticket["id"]]
    finally:
        cw.delete(f"company/contacts/{ticket['id']}")


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            ["id", "summary", "board/name", "=", "!=", "contains", "not", "in", "(", ")", ",", "and", "or", "'x'", '"',
             "'", "[", "[2024-01-01]", "[9999-99-99]", "null", "true", "5", "-5.5", "like", "severity", "'[a-'", "\\",
             "99999999999999999999", "'%[^'", "'[]'", "'[z-a]'", "lastUpdated", "closedFlag", "\u2028", "\x00"]
        ),
        max_size=12,
    ).map(" ".join)
)  # fmt: skip
def test_never_a_500(session_caller: Caller, conditions: str) -> None:
    """Whatever is written, the answer is a list or a 400 in the known form."""
    for parameter in ("conditions", "childConditions", "customFieldConditions", "orderBy"):
        response = session_caller.call("GET", "service/tickets", params={parameter: conditions, "fields": "id"})
        assert response.status_code in (200, 400), response.text
        if response.status_code == 400:
            assert response.json()["code"] == "ApiFindCondition"


def test_keys_are_found_by_index() -> None:
    """A look-up by externalXRef stays fast among many tickets."""
    from simulator.conditions import compiler_for
    from simulator.switches import Switches

    store = Store()
    found = compiler_for(TYPES["ticket"], Switches()).compile("externalXRef='x' and closedFlag=false")
    plan = store.connection.execute(
        f'EXPLAIN QUERY PLAN SELECT r.id, r.body FROM "ticket" r WHERE {found.text} ORDER BY r.id', found.parameters
    ).fetchall()
    assert "USING INDEX ticket_externalXRef" in plan[0][-1]

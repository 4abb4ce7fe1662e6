# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import quote_plus

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    Condition,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseConfigurationError,
    ConnectWiseNotFoundError,
)
from unit.plugins.support import Answering, Simulator

CONFIGURATIONS = "company/configurations"


def queries(simulator: Simulator) -> list[dict[str, str]]:
    """The query parameters of the requests, names in lower case."""
    return [{name.lower(): value for name, value in entry["query"].items()} for entry in simulator.journal()]


def test_one_record(client: ConnectWiseClient) -> None:
    ticket = client.get("service/tickets/123")
    assert (ticket["id"], ticket["summary"]) == (123, "Mail is slow")


def test_a_page_of_a_list(client: ConnectWiseClient) -> None:
    tickets = client.get("service/tickets")
    assert [ticket["id"] for ticket in tickets if ticket["id"] in (123, 12345)] == [123, 12345]


@pytest.mark.parametrize(
    "endpoint", ["service/tickets/123", "/service/tickets/123", "service/tickets/123/", "//service/tickets/123"]
)
def test_slashes_around_an_endpoint(simulator: Simulator, client: ConnectWiseClient, endpoint: str) -> None:
    assert client.get(endpoint)["id"] == 123
    assert simulator.requests() == ["GET service/tickets/123"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "/",
        "service/tickets?conditions=id=1",
        "service/tickets#1",
        "../login",
        "service/../x",
        "service tickets",
        "a\nb",
    ],
)
def test_what_is_no_endpoint(simulator: Simulator, client: ConnectWiseClient, endpoint: str) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: client.get(endpoint),
        lambda: client.get_all(endpoint),
        lambda: client.get_count(endpoint),
        lambda: client.post(endpoint, {}),
        lambda: client.patch(endpoint, 1, []),
        lambda: client.put(endpoint, 1, {}),
        lambda: client.delete(endpoint, 1),
    ]
    for call in calls:
        with pytest.raises(ConnectWiseConfigurationError, match="is not an endpoint. Give the path after /apis/3.0/"):
            call()
    assert simulator.journal() == []


def test_what_there_is_not_is_none(client: ConnectWiseClient) -> None:
    assert client.get("service/tickets/999999") is None
    assert client.get("service/nonsense") is None
    assert client.get_all("service/tickets/999999/notes") == []
    assert client.get_count("service/tickets/999999/notes") == 0
    assert client.delete("service/tickets", 999999) is False


def test_writing_to_what_there_is_not(client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseNotFoundError):
        client.patch("service/tickets", 999999, [{"op": "replace", "path": "summary", "value": "x"}])
    with pytest.raises(ConnectWiseNotFoundError):
        client.put("service/tickets", 999999, {"summary": "x"})
    with pytest.raises(ConnectWiseNotFoundError):
        client.post("service/tickets/999999/notes", {"text": "x", "internalAnalysisFlag": True})
    with pytest.raises(ConnectWiseNotFoundError):
        list(client.iterate("service/tickets/999999/notes"))


def test_a_404_that_is_a_web_page_is_no_missing_record(simulator: Simulator, client: ConnectWiseClient) -> None:
    """The API is somewhere else (fact sheet 1.9)."""
    simulator.fault("404-html", times=0)
    calls: list[Callable[[], Any]] = [
        lambda: client.get("service/tickets/123"),
        lambda: client.get_all("service/tickets"),
        lambda: client.get_count("service/tickets"),
        lambda: client.delete("service/tickets", 123),
    ]
    for call in calls:
        with pytest.raises(ConnectWiseNotFoundError, match="no answer of the API itself"):
            call()


def test_all_parameters_of_a_query(simulator: Simulator, client: ConnectWiseClient) -> None:
    client.get(
        "service/tickets",
        conditions=Condition("id", ">", 5) & Condition("summary", "contains", "Ma & il+%"),
        childconditions="",
        fields=["id", "status/name"],
        orderby="id desc",
        page=2,
        pagesize=1,
        customfieldconditions='caption = "RMM Key"',
    )
    client.get("service/tickets", fields="id,summary")
    assert queries(simulator) == [
        {
            "conditions": 'id > 5 AND summary contains "Ma & il+%"',
            "fields": "id,status/name",
            "orderby": "id desc",
            "page": "2",
            "pagesize": "1",
            "customfieldconditions": 'caption = "RMM Key"',
        },
        {"fields": "id,summary"},
    ]


def test_child_conditions(client: ConnectWiseClient) -> None:
    found = client.get_all(
        "company/contacts",
        childconditions='communicationItems/value = "it.manager@acme.example"',
        fields=["id", "lastName"],
    )
    assert [contact["lastName"] for contact in found] == ["Manager"]


def test_custom_field_conditions(client: ConnectWiseClient) -> None:
    definitions = client.get("service/tickets/123")["customFields"]
    value = [{**entry, "value": "rmm-1"} if entry["caption"] == "RMM Key" else entry for entry in definitions]
    client.patch("service/tickets", 123, [{"op": "replace", "path": "customFields", "value": value}])
    condition = Condition("caption", "=", "RMM Key") & Condition("value", "=", "rmm-1")
    assert [ticket["id"] for ticket in client.get_all("service/tickets", customfieldconditions=condition)] == [123]
    assert client.get_count("service/tickets", customfieldconditions=condition) == 1


def test_an_unknown_name_in_conditions(client: ConnectWiseClient) -> None:
    for call in (client.get, client.get_all, client.get_count):
        with pytest.raises(ConnectWiseBadRequestError) as raised:
            call("service/tickets", conditions="nonsense = 1")
        assert raised.value.code == "ApiFindCondition"
        assert "nonsense" in raised.value.message


@pytest.fixture
def many(simulator: Simulator) -> int:
    """How many configurations there are of the company 258, now."""
    names = [{"name": f"PC-{number:04}", "company": {"id": 258}, "type": {"id": 2}} for number in range(230)]
    simulator.insert(CONFIGURATIONS, names)
    simulator.forget()
    return len(names)


OF_258 = Condition("company/id", "=", 258)


def test_all_pages(simulator: Simulator, client: ConnectWiseClient, many: int) -> None:
    found = client.get_all(CONFIGURATIONS, OF_258, fields=["id", "name"], orderby="name", pagesize=100)
    assert [record["name"] for record in found] == [f"PC-{number:04}" for number in range(many)]
    asked = queries(simulator)
    assert [(query["page"], query["pagesize"]) for query in asked] == [("1", "100"), ("2", "100"), ("3", "100")]
    assert all(query["conditions"] == "company/id = 258" and query["orderby"] == "name" for query in asked)


def test_one_request_where_all_fits_into_a_page(simulator: Simulator, client: ConnectWiseClient, many: int) -> None:
    assert len(client.get_all(CONFIGURATIONS, OF_258, fields=["id"])) == many
    assert [query["pagesize"] for query in queries(simulator)] == ["1000"]


def test_a_full_last_page_costs_one_more_request_at_most(
    simulator: Simulator, client: ConnectWiseClient, many: int
) -> None:
    assert len(client.get_all(CONFIGURATIONS, OF_258, fields=["id"], pagesize=115)) == many
    assert len(simulator.journal()) in (2, 3)


@pytest.mark.parametrize("page_size_over_max", ["cap", "refuse"])
def test_a_page_size_above_the_most(
    simulator: Simulator, client: ConnectWiseClient, many: int, page_size_over_max: str
) -> None:
    simulator.switch(page_size_over_max=page_size_over_max)
    assert len(client.get_all(CONFIGURATIONS, OF_258, fields=["id"], pagesize=5000)) == many
    assert [query["pagesize"] for query in queries(simulator)] == ["1000"]


@pytest.mark.parametrize(
    ("limit", "pages"), [(1, ["1"]), (99, ["99"]), (230, ["230"]), (231, ["231"]), (5000, ["1000"]), (None, ["1000"])]
)
def test_a_limit(
    simulator: Simulator, client: ConnectWiseClient, many: int, limit: int | None, pages: list[str]
) -> None:
    found = client.get_all(CONFIGURATIONS, OF_258, fields=["id"], limit=limit)
    assert len(found) == min(limit or many, many)
    assert [query["pagesize"] for query in queries(simulator)][: len(pages)] == pages


def test_a_limit_over_several_pages(simulator: Simulator, client: ConnectWiseClient, many: int) -> None:
    assert len(client.get_all(CONFIGURATIONS, OF_258, pagesize=50, limit=120)) == 120
    assert len(simulator.journal()) == 3


def test_no_request_for_nothing(simulator: Simulator, client: ConnectWiseClient) -> None:
    assert client.get_all("service/tickets", limit=0) == []
    assert len(simulator.journal()) <= 1


def test_pages_are_read_when_they_are_needed(simulator: Simulator, client: ConnectWiseClient, many: int) -> None:
    records = client.iterate(CONFIGURATIONS, OF_258, fields=["id"], pagesize=50)
    assert len(simulator.journal()) == 0
    assert len(list(islice(records, 50))) == 50
    assert len(simulator.journal()) == 1
    assert len(list(islice(records, 1))) == 1
    assert len(simulator.journal()) == 2


def test_a_page_that_failed_for_a_while_is_asked_again(
    simulator: Simulator, client: ConnectWiseClient, many: int
) -> None:
    simulator.fault("503-html", after=1)
    found = client.get_all(CONFIGURATIONS, OF_258, fields=["id"], pagesize=100)
    assert len({record["id"] for record in found}) == len(found) == many


def test_the_count(client: ConnectWiseClient, many: int) -> None:
    assert client.get_count(CONFIGURATIONS, OF_258) == many
    assert client.get_count(CONFIGURATIONS, OF_258 & Condition("name", "=", "PC-0001")) == 1


MANY_IDS = [123, *range(500_000, 501_000), 12345]


def test_a_list_too_long_for_a_url_is_searched_for(simulator: Simulator, client: ConnectWiseClient) -> None:
    found = client.get_all("service/tickets", Condition("id", "in", MANY_IDS), fields=["id"], orderby="id desc")
    assert [ticket["id"] for ticket in found] == [12345, 123]
    (entry,) = simulator.journal()
    assert (entry["method"], entry["path"]) == ("POST", "service/tickets/search")
    assert set(entry["query"]) == {"page", "pageSize", "fields"}
    assert entry["body"]["orderBy"] == "id desc"


def test_a_search_has_pages_too(simulator: Simulator, client: ConnectWiseClient) -> None:
    ids = simulator.insert("service/tickets", [{"summary": "x", "company": {"id": 250}}] * 130)
    found = client.get_all("service/tickets", Condition("id", "in", [*ids, *range(500_000, 501_000)]), pagesize=50)
    assert sorted(ticket["id"] for ticket in found) == ids


def test_a_search_only_reads(simulator: Simulator) -> None:
    reader = simulator.client(read_only=True)
    assert len(reader.get_all("service/tickets", Condition("id", "in", MANY_IDS))) == 2


def test_a_list_too_long_for_a_url_is_asked_for_in_parts(simulator: Simulator, client: ConnectWiseClient) -> None:
    condition = Condition("id", "in", [67890, *range(500_000, 501_000), 67892, 67890])
    assert sorted(record["id"] for record in client.get_all(CONFIGURATIONS, condition)) == [67890, 67892]
    asked = queries(simulator)
    assert len(asked) > 2
    assert all(len(quote_plus(query["conditions"])) <= 1500 for query in asked)
    assert client.get_count(CONFIGURATIONS, condition) == 2
    assert client.get_all(CONFIGURATIONS, condition, limit=1) == client.get_all(CONFIGURATIONS, "id = 67890")
    with pytest.raises(ConnectWiseConfigurationError, match="too long for one request, so orderby can't be had"):
        client.get_all(CONFIGURATIONS, condition, orderby="name")


def test_what_the_grammar_can_not_say_is_found_exactly(simulator: Simulator, client: ConnectWiseClient) -> None:
    (made,) = simulator.insert(CONFIGURATIONS, [{"name": "a'b\"c", "company": {"id": 258}, "type": {"id": 2}}])
    simulator.insert(CONFIGURATIONS, [{"name": "a'b", "company": {"id": 258}, "type": {"id": 2}}])
    named = OF_258 & Condition("name", "=", "a'b\"c")
    assert [record["id"] for record in client.get_all(CONFIGURATIONS, named, fields="id")] == [made]
    assert client.get_count(CONFIGURATIONS, named) == 1
    assert client.get_all(CONFIGURATIONS, named, limit=1)[0]["id"] == made
    # Those that are not wanted do not count for the limit.
    last = Condition("name", "contains", "'b\"c")
    assert [record["id"] for record in client.get_all(CONFIGURATIONS, OF_258 & last, limit=1, pagesize=1)] == [made]


def test_the_audit_trail_is_read_by_page(answering: Answering) -> None:
    answering.then(200, [])
    answering.client().get_all("system/auditTrail")
    assert "pagination-type" not in answering.requests[0]["headers"]
    assert "page=1" in answering.requests[0]["path"]


def test_a_page_full_of_the_same_records_ends(answering: Answering) -> None:
    """A server that ignores the parameter page would else be asked for ever."""
    same = [{"id": number} for number in range(10)]
    answering.then(200, same)
    answering.then(200, same)
    assert answering.client().get_all("service/tickets", pagesize=10) == same
    assert answering.answers == []


def test_a_record_on_two_pages_comes_once(answering: Answering) -> None:
    answering.then(200, [{"id": 1}, {"id": 2}])
    answering.then(200, [{"id": 2}, {"id": 3}])
    answering.then(200, [{"id": 3}])
    assert answering.client().get_all("service/tickets", pagesize=2) == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert answering.answers == []


def test_a_server_that_gives_smaller_pages_but_says_that_there_is_more(answering: Answering) -> None:
    answering.then(200, [{"id": 1}], link='<https://cw.example.com/x?page=2>; rel="next", <https://x>; rel="last"')
    answering.then(200, [{"id": 2}], link='<https://cw.example.com/x?page=1>; rel="prev"')
    assert answering.client().get_all("service/tickets") == [{"id": 1}, {"id": 2}]
    assert "page=2" in answering.requests[1]["path"]
    assert answering.requests[1]["path"].startswith("/v4_6_release/apis/3.0/service/tickets?")


def test_records_without_an_id_are_all_kept(answering: Answering) -> None:
    answering.then(200, [{"name": "a"}, {"name": "a"}])
    answering.then(200, [])
    assert answering.client().get_all("system/x", pagesize=2) == [{"name": "a"}, {"name": "a"}]


def test_records_without_an_id_end_too(answering: Answering) -> None:
    """The same page without ids again and again, from a server that ignores the parameter page."""
    for _number in range(40):
        answering.then(200, [{"name": "a"}, {"name": "b"}])
    found = answering.client().get_all("system/x", fields="name", pagesize=2)
    assert len(found) <= 4
    assert len(answering.requests) <= 3


def test_creating_changing_replacing_deleting(simulator: Simulator, client: ConnectWiseClient) -> None:
    created = client.post("service/tickets", {"summary": "Printer", "company": {"id": 250}, "board": {"id": 1}})
    ticket_id = created["id"]
    assert ticket_id == 20000
    operations: list[dict[str, Any]] = [
        {"op": "replace", "path": "summary", "value": "Printer is on fire"},
        {"op": "replace", "path": "status/id", "value": 102},
    ]
    assert client.patch("service/tickets", ticket_id, operations)["status"]["name"] == "In Progress"
    body = {
        "summary": "Printer is out",
        "company": {"id": 250},
        "board": {"id": 1},
        "status": {"id": 101},
        "priority": {"id": 7},
        "team": {"id": 51},
        "severity": "Low",
        "impact": "Low",
    }
    assert client.put("service/tickets/", ticket_id, body)["summary"] == "Printer is out"
    assert client.delete("service/tickets", ticket_id) is True
    assert client.get(f"service/tickets/{ticket_id}") is None
    assert simulator.writes() == [
        "POST service/tickets",
        "PATCH service/tickets/20000",
        "PUT service/tickets/20000",
        "DELETE service/tickets/20000",
    ]


@pytest.mark.parametrize("record_id", ["5/notes", "abc", None, ""])
def test_an_id_is_a_number(simulator: Simulator, client: ConnectWiseClient, record_id: Any) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: client.patch("service/tickets", record_id, []),
        lambda: client.put("service/tickets", record_id, {}),
        lambda: client.delete("service/tickets", record_id),
        lambda: client.get_ticket(record_id),
        lambda: client.get_configuration(record_id),
        lambda: client.add_ticket_note(record_id, "x"),
        lambda: client.get_ticket_notes(record_id),
    ]
    for call in calls:
        with pytest.raises((ValueError, TypeError)):
            call()
    assert simulator.journal() == []


def test_non_ascii_texts_arrive(client: ConnectWiseClient) -> None:
    text = 'Žluťoučký kůň 😀 "quoted" \\ back\tslash'
    note = client.post("service/tickets/123/notes", {"text": text, "internalAnalysisFlag": True})
    assert client.get(f"service/tickets/123/notes/{note['id']}")["text"] == text


@pytest.mark.parametrize("broken_at", [0, 1])
def test_a_page_that_breaks_off_is_asked_for_again(answering: Answering, broken_at: int) -> None:
    """It comes whole and is decoded only when its turn is there."""
    pages = [[{"id": number} for number in numbers] for numbers in (range(1, 301), range(301, 306))]
    bodies: list[Any] = [*pages]
    bodies.insert(broken_at, b'[{"id": 1}, {"id')
    for body in bodies:
        answering.then(200, body, link='<https://x/y?pageId=300>; rel="next"')
    client = answering.client()
    assert client.get_all("service/tickets", pagesize=300) == [*pages[0], *pages[1]]
    assert len(answering.requests) == 3
    assert str(client.repetitions).startswith("1 request was sent again after passing failures (200: 1)")


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize(
    ("change", "method"),
    [
        (lambda client: client.patch("service/tickets", 5, [{"op": "add", "path": "x", "value": 1}]), "PATCH"),
        (lambda client: client.change_configuration_type(5, 1).to_dict(), "PATCH"),
        (lambda client: client.put("service/tickets", 5, {}), "PUT"),
    ],
)
def test_a_change_that_is_answered_by_nothing_is_read_again(
    answering: Answering, change: Callable[[ConnectWiseClient], dict[str, Any]], method: str, status: int
) -> None:
    if (method, status) == ("PUT", 200):
        answering.then(200, b"")  # is sent again, for it may have broken off
        status = 204
    answering.then(status, b"")
    answering.then(200, {"id": 5, "summary": "a"})
    assert change(answering.client())["id"] == 5
    assert [each["method"] for each in answering.requests][-2:] == [method, "GET"]
    assert answering.requests[-1]["path"].endswith("/5")


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"code": "x", "message": "y"}])
def test_a_record_without_an_id_is_looked_for(answering: Answering, answer: Any) -> None:
    answering.then(201, answer)
    answering.then(200, [{"id": 5, "summary": "a", "_info": {"dateEntered": "2999-01-01T00:00:00Z"}}])
    client = answering.client()
    assert client.post("service/tickets", {"summary": "a"}, member="id")["id"] == 5

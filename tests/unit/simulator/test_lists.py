# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paging, Link headers, partial answers, order, search."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Caller


def many(cw: Caller, number: int) -> list[int]:
    """Tickets for paging, on board 3."""
    documents = [{"summary": f"Bulk {n:04}", "company": {"id": 252}, "board": {"id": 3}} for n in range(number)]
    ids: list[int] = cw.control("POST", "records/service/tickets", documents)
    return ids


def test_25_a_page_and_empty_lists(cw: Caller) -> None:
    """Facts 3.2, 3.3."""
    ids = many(cw, 30)
    assert [ticket["id"] for ticket in cw.get("service/tickets", conditions="company/id=252")] == ids[:25]
    assert [ticket["id"] for ticket in cw.get("service/tickets", conditions="company/id=252", page=2)] == ids[25:]
    assert cw.get("service/tickets", conditions="company/id=252", page=3) == []
    assert cw.get("service/tickets", conditions="company/id=258") == []


def test_link_headers(cw: Caller) -> None:
    """Fact 3.5: the recorded form, and which links there are on which page."""
    many(cw, 7)
    conditions = "company/id = 252 and LastUpdated >= [2025-04-01T20:02:28Z]"
    base = f"{cw.url}/v4_6_release/apis/3.0/service/tickets/"
    coded = "conditions=company%2fid+%3d+252+and+LastUpdated+%3e%3d+%5b2025-04-01T20%3a02%3a28Z%5d&pageSize=3&page="

    def link(page: int) -> str | None:
        params: dict[str, Any] = {"conditions": conditions, "pageSize": 3, "page": page}
        return cw.call("GET", "service/tickets", params=params).headers.get("Link")

    def one(page: int, rel: str) -> str:
        return f'<{base}?{coded}{page}>; rel="{rel}"'

    assert link(1) == f"{one(2, 'next')}, {one(3, 'last')}"
    assert link(2) == f"{one(3, 'next')}, {one(1, 'prev')}, {one(1, 'first')}, {one(3, 'last')}"
    assert link(3) == f"{one(2, 'prev')}, {one(1, 'first')}"
    assert link(4) is None
    assert "Link" not in cw.call("GET", "service/tickets", params={"pageSize": 100}).headers
    assert "Link" not in cw.call("GET", "service/tickets", params={"pageSize": 11}).headers
    followed = cw.session.get(str(link(1)).partition(">")[0][1:], timeout=20).json()
    assert [ticket["summary"] for ticket in followed] == ["Bulk 0003", "Bulk 0004", "Bulk 0005"]


def test_forward_only(cw: Caller) -> None:
    """Fact 3.4: by id, page and orderBy ignored; always a Link, to the next page or empty at the end."""
    ids = many(cw, 5)
    last, seen = 0, []
    while True:
        params: dict[str, Any] = {
            "conditions": "company/id=252", "pageSize": 2, "pageId": last, "page": 9, "orderBy": "id desc",
        }  # fmt: skip
        response = cw.call("GET", "service/tickets", params=params, headers={"pagination-type": "forward-only"})
        page = [ticket["id"] for ticket in response.json()]
        if not page:
            assert response.headers["Link"] == ""
            break
        last = page[-1]
        assert f"pageSize=2&pageId={last}>" in response.headers["Link"]
        assert 'rel="next"' in response.headers["Link"]
        seen.append(page)
    assert seen == [ids[:2], ids[2:4], ids[4:]]


def test_forward_only_switches(cw: Caller) -> None:
    """Fact 3.4: orderBy refused; a server that does not know of it; one that sends no Link."""
    header = {"pagination-type": "forward-only"}
    first = cw.call("GET", "service/tickets", params={"pageSize": 4}, headers=header)
    assert f"pageId={first.json()[-1]['id']}>" in first.headers["Link"]
    cw.switch(link_header="off")
    assert "Link" not in cw.call("GET", "service/tickets", params={"pageSize": 1}, headers=header).headers
    assert "Link" not in cw.call("GET", "service/tickets", params={"pageSize": 1}).headers
    cw.switch(forward_only_order="refuse", link_header="on")
    assert cw.error(400, "GET", "service/tickets", params={"orderBy": "id"}, headers=header)
    assert cw.get("service/tickets", orderBy="id")
    cw.switch(forward_only="unsupported")
    params: dict[str, Any] = {"pageSize": 1, "pageId": 123, "page": 4, "orderBy": "id"}
    response = cw.call("GET", "service/tickets", params=params, headers=header)
    assert [ticket["id"] for ticket in response.json()] == [12347]
    assert "Link" not in response.headers


def test_page_cap(cw: Caller) -> None:
    """A server that silently gives less than was asked for, and no Link."""
    ids = many(cw, 150)
    cw.switch(page_cap=100)
    first = cw.call("GET", "service/tickets", params={"conditions": "company/id=252", "pageSize": 1000})
    assert [ticket["id"] for ticket in first.json()] == ids[:100]
    assert "Link" not in first.headers
    second = cw.get("service/tickets", conditions="company/id=252", pageSize=1000, page=2)
    assert [ticket["id"] for ticket in second] == ids[100:]


def test_pages_follow_what_is_written(cw: Caller) -> None:
    """What is kept between pages is dropped by each write."""
    query: dict[str, Any] = {"conditions": "company/id=250 or configuration/id=67893", "pageSize": 1, "page": 2}
    assert [ticket["id"] for ticket in cw.get("service/tickets", **query)] == [12345]
    cw.post("service/tickets/12346/configurations", {"id": 67893})
    cw.patch("service/tickets/123", ("replace", "company/id", 251))
    assert [ticket["id"] for ticket in cw.get("service/tickets", **query)] == [12346]
    cw.delete("service/tickets/12346/configurations/67893")
    assert cw.get("service/tickets", **query) == []
    cw.delete("service/tickets/12345")
    assert cw.get("service/tickets", **{**query, "page": 1}) == []


def test_page_sizes(cw: Caller) -> None:
    """Fact 3.3: 1000 at most; capped or refused."""
    many(cw, 1001)
    assert len(cw.get("service/tickets", pageSize=1000, fields="id")) == 1000
    assert len(cw.get("service/tickets", pageSize=5000, fields="id")) == 1000
    cw.switch(page_size_over_max="refuse")
    body = cw.error(400, "GET", "service/tickets", params={"pageSize": 1001})
    assert body == {
        "code": "InvalidObject",
        "message": "pageSize object is invalid",
        "errors": [
            {
                "code": "OutOfRange",
                "message": "The field pageSize must be between 1 and 1000.",
                "resource": "pageSize",
                "field": "pageSize",
            }
        ],
    }
    for params in ({"pageSize": 0}, {"page": 0}, {"page": "two"}, {"pageSize": -1}):
        assert cw.error(400, "GET", "service/tickets", params=params)["errors"][0]["code"] == "OutOfRange"
    cw.switch(page_size_over_max="cap")
    assert cw.error(400, "GET", "service/tickets", params={"pageSize": 0}) == body


def test_names_of_parameters_have_no_case(cw: Caller) -> None:
    """As ASP.NET reads them."""
    found = cw.get("service/tickets", PAGESIZE=2, orderby="id desc", CONDITIONS="id<12347", Fields="ID")
    assert found == [{"id": 12346}, {"id": 12345}]


def test_fields(cw: Caller) -> None:
    """Fact 3.9: nested parts keep their nesting, _info comes when asked for; also on one record and on POST."""
    wanted = " id , board/name,_info/lastUpdated,customFields/caption"
    expected = {
        "id": 123,
        "board": {"name": "Help Desk"},
        "_info": {"lastUpdated": "2026-03-02T09:15:00Z"},
        "customFields": [
            {"caption": caption}
            for caption in (
                "Change Window", "Go-live Date", "Billing Required", "Risk Score", "RMM Key", "Impact Area",
            )
        ],
    }  # fmt: skip
    assert cw.get("service/tickets/123", fields=wanted) == expected
    assert cw.get("service/tickets", fields=wanted, conditions="id=123") == [expected]
    made = cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}}, params={"fields": "summary"})
    assert (made.status_code, made.json()) == (201, {"summary": "x"})


def test_unknown_fields(cw: Caller) -> None:
    """Fact 3.9: ignored on tickets, refused on sites."""
    assert cw.get("service/tickets/123", fields="id,nothing") == {"id": 123}
    sites = "company/companies/250/sites"
    assert cw.error(400, "GET", sites, params={"fields": "id,nothing"})["code"] == "ApiFindCondition"
    cw.switch(unknown_fields_parameter="refuse")
    assert cw.error(400, "GET", "service/tickets", params={"fields": "nothing"})["code"] == "ApiFindCondition"


def test_order(cw: Caller) -> None:
    """Fact 3.10."""

    def ids(order: str) -> list[int]:
        return [ticket["id"] for ticket in cw.get("service/tickets", orderBy=order)]

    assert ids("id desc") == [12347, 12346, 12345, 123]
    assert ids("company/name asc,id desc") == [12345, 123, 12346, 12347]
    assert ids("board/name,Summary DESC") == [12347, 12345, 123, 12346]
    for order in ("nothing", "id sideways", "board", "customFields"):
        assert cw.error(400, "GET", "service/tickets", params={"orderBy": order})["code"] == "ApiFindCondition"


def test_count(cw: Caller) -> None:
    """Fact 3.6."""
    assert cw.get("service/tickets/count") == {"count": 4}
    assert cw.get("service/tickets/count", conditions="closedFlag=true") == {"count": 1}
    assert cw.get("company/contacts/count", childConditions='communicationItems/value like "it.*"') == {"count": 1}


def test_search(cw: Caller) -> None:
    """Fact 3.7: conditions in the body, paging in the query."""
    body = {"conditions": "id > 123", "orderBy": "id desc", "childconditions": None}
    found = cw.call("POST", "service/tickets/search", body, params={"pageSize": 2, "fields": "id"})
    assert (found.status_code, found.json()) == (200, [{"id": 12347}, {"id": 12346}])
    camel = {"customFieldConditions": 'caption="RMM Key" AND value != null', "childConditions": ""}
    assert cw.post("service/tickets/search", camel, 200) == []
    message = cw.error(400, "POST", "service/tickets/search", {"page": 2})["message"]
    assert message.startswith("Could not find member 'page' on object of type 'FilterValues'. Path 'page', line 1,")
    long = {"conditions": " or ".join(f'summary="number {n}"' for n in range(1500)) + " or id=123"}
    assert len(cw.post("service/tickets/search", long, 200)) == 1


@pytest.mark.parametrize("path", ["service/tickets/12345/configurations", "service/tickets/12345/notes"])
def test_lists_below_a_ticket_have_pages(cw: Caller, path: str) -> None:
    """The same paging everywhere."""
    for configuration in (67890, 67891):
        cw.post("service/tickets/12345/configurations", {"id": configuration})
    first = cw.call("GET", path, params={"pageSize": 1})
    assert len(first.json()) == 1
    assert f'{path}/?pageSize=1&page=2>; rel="next"' in first.headers["Link"]
    second = cw.get(path, pageSize=1, page=2)
    assert len(second) == 1
    assert second != first.json()
    assert cw.get(path, page=2) == []


def test_order_by_what_a_reference_shows(cw: Caller) -> None:
    """Names below a reference order as they filter: priority/sort too."""
    cw.patch("service/tickets/12346", ("replace", "priority/id", 5))
    cw.patch("service/tickets/123", ("replace", "priority/id", 8))
    found = cw.get("service/tickets", orderBy="priority/sort desc, id")
    assert [ticket["id"] for ticket in found] == [123, 12345, 12347, 12346]
    assert cw.get("service/tickets/count", conditions="priority/sort < 3 or status/sort = 1") == {"count": 2}


def test_conditions_and_order_of_lists_made_for_the_answer(cw: Caller) -> None:
    """allNotes, attached configurations and the lists of references are lists as any other."""
    for configuration in (67890, 67891, 67892):
        cw.post("service/tickets/12345/configurations", {"id": configuration})

    def ids(path: str, **params: Any) -> list[int]:
        return [entry["id"] for entry in cw.get(f"service/tickets/12345/{path}", **params)]

    assert ids("configurations", orderBy="deviceIdentifier desc", conditions="id > 67890") == [67892, 67891]
    assert cw.get("service/tickets/12345/configurations/count", conditions="id > 67890") == {"count": 2}
    notes = ids("allNotes")
    assert ids("allNotes", orderBy="id desc") == notes[::-1]
    assert ids("allNotes", conditions="internalAnalysisFlag = true") == notes[1:]
    assert ids("allNotes", conditions="text contains 'window' and member/identifier = 'servicedesk'") == notes[1:]
    assert ids("allNotes", conditions="lastUpdated > [2026-06-01]") == []
    bad = cw.error(400, "GET", "service/tickets/12345/allNotes", params={"conditions": "noteType='TicketNote'"})
    assert bad["message"] == "noteType is not a recognized name."
    forward = cw.call(
        "GET", "service/tickets/12345/allNotes", params={"pageSize": 1}, headers={"pagination-type": "forward-only"}
    )
    assert f"pageSize=1&pageId={notes[0]}>" in forward.headers["Link"]
    assert cw.error(400, "GET", "service/tickets/12345/products", params={"orderBy": "name"})
    assert cw.get("service/tickets/12345/products", orderBy="id desc") == []

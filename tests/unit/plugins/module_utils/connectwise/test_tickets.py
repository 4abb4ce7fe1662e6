# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    Condition,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseConfigurationError,
    ConnectWiseNotFoundError,
    Note,
    Ticket,
    TicketDefaults,
)
from unit.plugins.support import Answering, Simulator


def test_a_ticket(client: ConnectWiseClient) -> None:
    ticket = client.get_ticket(123)
    assert isinstance(ticket, Ticket)
    assert (ticket.id, ticket.summary, ticket.status_name, ticket.company_name) == (
        123,
        "Mail is slow",
        "New",
        "Acme Corporation",
    )
    assert ticket.extra == {}
    assert client.get_ticket(999999) is None


def test_tickets(simulator: Simulator, client: ConnectWiseClient) -> None:
    tickets = client.get_tickets(Condition("board/id", "=", 1), orderby="id desc")
    assert [ticket.id for ticket in tickets] == [12345, 123]
    assert all(isinstance(ticket, Ticket) for ticket in tickets)
    assert [ticket.id for ticket in client.get_tickets("board/id = 1", orderby="id", limit=1)] == [123]
    (partial,) = client.get_tickets("id = 123", fields=["id", "summary"])
    assert partial.to_dict() == {"id": 123, "summary": "Mail is slow"}
    assert partial.status_name is None
    assert len(client.get_tickets(pagesize=1)) == client.get_ticket_count() == 4
    assert client.get_ticket_count(Condition("closedFlag", "=", True)) == 1


def bodies(simulator: Simulator) -> list[Any]:
    """The bodies of the requests that write."""
    return [entry["body"] for entry in simulator.journal() if entry["write"]]


def test_a_new_ticket(simulator: Simulator, client: ConnectWiseClient) -> None:
    ticket = client.create_ticket(
        "Printer", "It is on fire.", company_id=250, board_id=1, priority_id=5, status_id=102, type_id=11, source_id=42
    )
    assert ticket.id == 20000
    assert (ticket.status_name, ticket.priority_name, ticket.type_name, ticket.source_name) == (
        "In Progress",
        "Priority 1 - Critical",
        "Incident",
        "RMM",
    )
    assert bodies(simulator) == [
        {
            "summary": "Printer",
            "initialDescription": "It is on fire.",
            "company": {"id": 250},
            "board": {"id": 1},
            "priority": {"id": 5},
            "status": {"id": 102},
            "type": {"id": 11},
            "source": {"id": 42},
        }
    ]
    (note,) = client.get_ticket_notes(20000)
    assert (note.text, note.is_discussion) == ("It is on fire.", True)


def test_defaults_fill_what_the_call_leaves_out(simulator: Simulator) -> None:
    defaults = TicketDefaults(company_id=250, board_id=1, priority_id=8, status_id=102, type_id=12, source_id=42)
    client = simulator.client(ticket_defaults=defaults)
    client.create_ticket("a", "b")
    client.create_ticket("a", "b", company_id=251, priority_id=5, fields={"severity": "High", "source": {"id": 2}})
    first, second = bodies(simulator)
    filled = {"board": {"id": 1}, "status": {"id": 102}, "type": {"id": 12}}
    assert first == {
        "summary": "a",
        "initialDescription": "b",
        "company": {"id": 250},
        "priority": {"id": 8},
        "source": {"id": 42},
        **filled,
    }
    assert second == {
        "summary": "a",
        "initialDescription": "b",
        "company": {"id": 251},
        "priority": {"id": 5},
        "severity": "High",
        "source": {"id": 2},
        **filled,
    }


def test_one_open_ticket_a_key(simulator: Simulator, client: ConnectWiseClient) -> None:
    first = client.create_ticket("Deploy", "", company_id=250, board_id=1, key="deploy 'a' \"b\"")
    assert simulator.requests() == ["GET service/tickets", "POST service/tickets", "GET service/tickets"]
    simulator.forget()
    assert client.create_ticket("Other", "", company_id=250, key="deploy 'a' \"b\"") == first
    assert simulator.requests() == ["GET service/tickets"]
    assert first.id
    client.update_ticket_status(first.id, 456)
    assert client.create_ticket("Deploy again", "", company_id=250, key="deploy 'a' \"b\"").id != first.id


def test_the_later_of_two_with_one_key_is_deleted(answering: Answering) -> None:
    """Between the first look and the creation, another caller has opened one."""
    answering.then(200, [])
    answering.then(201, {"id": 6, "externalXRef": "k"})
    answering.then(200, [{"id": 6, "externalXRef": "k"}, {"id": 5, "externalXRef": "k"}])
    answering.then(204, b"")
    assert answering.client().create_ticket("Deploy", "", company_id=250, key="k").id == 5
    assert [f"{each['method']} {each['path'].rpartition('/')[2]}" for each in answering.requests][3] == "DELETE 6"


def test_a_ticket_needs_a_company(simulator: Simulator, client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseConfigurationError, match="a ticket needs a company: give company_id, or"):
        client.create_ticket("a", "b", board_id=1)
    assert simulator.journal() == []
    assert client.create_ticket("a", "b", fields={"company": {"identifier": "Acme"}}).company_name == "Acme Corporation"


def test_a_ticket_that_the_server_refuses(client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseBadRequestError, match="maximum length of 100"):
        client.create_ticket("x" * 101, "b", company_id=250)
    with pytest.raises(ConnectWiseBadRequestError, match="Status 201 not found for Service Board"):
        client.create_ticket("x", "b", company_id=250, board_id=1, status_id=201)


@pytest.mark.parametrize("path", ["summary", "/summary"])
def test_a_field(simulator: Simulator, client: ConnectWiseClient, path: str) -> None:
    ticket = client.update_ticket_field(123, path, "Mail is fast")
    assert isinstance(ticket, Ticket)
    assert ticket.summary == "Mail is fast"
    assert bodies(simulator) == [[{"op": "replace", "path": path, "value": "Mail is fast"}]]


def test_status_and_priority(simulator: Simulator, client: ConnectWiseClient) -> None:
    assert client.update_ticket_status(123, 456).is_closed
    assert client.update_ticket_priority(123, 6).priority_name == "Priority 2 - High"
    assert bodies(simulator) == [
        [{"op": "replace", "path": "status/id", "value": 456}],
        [{"op": "replace", "path": "priority/id", "value": 6}],
    ]


def test_changing_a_ticket_that_there_is_not(client: ConnectWiseClient) -> None:
    for call in (
        lambda: client.update_ticket_status(999999, 456),
        lambda: client.update_ticket_priority(999999, 6),
        lambda: client.update_ticket_field(999999, "summary", "x"),
        lambda: client.add_ticket_note(999999, "x"),
    ):
        with pytest.raises(ConnectWiseNotFoundError):
            call()
    assert client.get_ticket_notes(999999) == []
    assert client.delete_ticket(999999) is False


def test_deleting(client: ConnectWiseClient) -> None:
    assert client.delete_ticket(123) is True
    assert client.get_ticket(123) is None


def test_notes(simulator: Simulator, client: ConnectWiseClient) -> None:
    internal = client.add_ticket_note(123, "for us")
    shown = client.add_ticket_note(123, "for the customer", internal=False)
    assert isinstance(internal, Note)
    assert (internal.is_internal, internal.is_discussion) == (True, False)
    assert (shown.is_internal, shown.is_discussion) == (False, True)
    assert internal.ticketId == 123
    assert internal.createdBy == "ansible"
    assert internal.created_datetime is not None
    texts = [note.text for note in client.get_ticket_notes(123, orderby="id desc")]
    assert texts[:2] == ["for the customer", "for us"]
    found = client.get_ticket_notes(123, conditions=Condition("text", "contains", "for us"))
    assert [note.id for note in found] == [internal.id]


def test_the_url_of_a_ticket(simulator: Simulator, client: ConnectWiseClient) -> None:
    url = client.get_ticket_url(123)
    assert url == (
        f"{simulator.url}/v4_6_release/services/system_io/Service/fv_sr100_request.rails"
        "?service_recid=123&companyName=training"
    )
    page = simulator.control.get(url, timeout=20)
    assert page.status_code == 200
    assert "Mail is slow" in page.text

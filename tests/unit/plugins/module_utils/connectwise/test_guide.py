# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people were told that the client does: each piece of its guide, as it stands there, runs."""

from __future__ import annotations

import time

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    Configuration,
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseNotFoundError,
    ConnectWiseRateLimitError,
    ConnectWiseServerError,
    Note,
    Ticket,
    TicketDefaults,
)
from unit.plugins.support import Simulator


@pytest.fixture
def cw(simulator: Simulator) -> ConnectWiseClient:
    return ConnectWiseClient(
        base_url=simulator.told["url"],
        client=simulator.told["company"],
        username=simulator.told["public_key"],
        password=simulator.told["private_key"],
        client_id=simulator.told["client_id"],
    )


def test_basic_usage(cw: ConnectWiseClient) -> None:
    ticket = cw.get_ticket(ticket_id=12345)
    assert ticket
    assert (
        f"{ticket.summary} - Status: {ticket.status_name}" == "Server PROD-WEB-02 needs patches - Status: In Progress"
    )
    new_ticket = cw.create_ticket(
        summary="Issue summary", body="Detailed description", company_id=250, board_id=1, priority_id=8
    )
    assert isinstance(new_ticket, Ticket)


def test_dataclasses_over_dicts(cw: ConnectWiseClient) -> None:
    ticket = cw.get_ticket(ticket_id=123)
    assert ticket
    assert ticket.status_name == "New"
    tickets = cw.get_tickets(conditions="closedFlag=false")
    assert tickets
    assert all(isinstance(item, Ticket) for item in tickets)
    result = cw.get("service/tickets/123", fields="id,summary")
    assert result == {"id": 123, "summary": "Mail is slow"}


def test_404s_return_none(cw: ConnectWiseClient) -> None:
    ticket = cw.get_ticket(ticket_id=999999)
    assert ticket is None


def test_properties_for_convenience(cw: ConnectWiseClient) -> None:
    ticket = cw.get_ticket(ticket_id=123)
    assert ticket
    assert ticket.company_name == "Acme Corporation"
    assert ticket.company is not None
    assert ticket.company.get("name") == ticket.company_name
    assert ticket.status_name == "New"
    assert ticket.closed_datetime is None


def test_finding_tickets(cw: ConnectWiseClient) -> None:
    tickets = cw.get_tickets(conditions="closedFlag=false AND company/id=250", pagesize=1000)
    assert {ticket.id for ticket in tickets} == {123, 12345}
    assert cw.get_tickets(conditions='summary contains "server offline"') == []
    assert [ticket.id for ticket in cw.get_tickets(conditions='summary contains "needs patches"')] == [12345]


def test_working_with_configurations(cw: ConnectWiseClient) -> None:
    configs = cw.get_configurations(conditions="company/id=250")
    assert 67890 in [config.id for config in configs]
    config = cw.attach_configuration(ticket_id=12345, config_id=67890)
    assert isinstance(config, Configuration)
    assert config.id == 67890


def test_managing_ticket_notes(cw: ConnectWiseClient) -> None:
    note = cw.add_ticket_note(ticket_id=12345, note_text="Internal investigation notes", internal=True)
    assert isinstance(note, Note)
    notes = cw.get_ticket_notes(ticket_id=12345)
    assert "Internal investigation notes" in [note.text for note in notes if note.is_internal]


def test_using_ticket_defaults(simulator: Simulator) -> None:
    defaults = TicketDefaults(company_id=250, board_id=1, priority_id=8, source_id=42)
    cw = simulator.client(ticket_defaults=defaults)
    ticket = cw.create_ticket(summary="Issue", body="Description")
    assert (ticket.company_name, ticket.board_name) == ("Acme Corporation", "Help Desk")
    assert (ticket.priority_name, ticket.source_name) == ("Priority 4 - Low", "RMM")


def test_the_exception_hierarchy(simulator: Simulator, cw: ConnectWiseClient) -> None:
    assert cw.update_ticket_status(ticket_id=123, status_id=456).status_name == "Resolved"
    with pytest.raises(ConnectWiseNotFoundError):
        cw.update_ticket_status(ticket_id=999999, status_id=456)
    with pytest.raises(ConnectWiseBadRequestError):
        cw.update_ticket_status(ticket_id=123, status_id=201)
    for kind in (
        ConnectWiseNotFoundError,
        ConnectWiseBadRequestError,
        ConnectWiseRateLimitError,
        ConnectWiseServerError,
    ):
        assert issubclass(kind, ConnectWiseAPIError)
    simulator.fault("429", retry_after=500)
    try:
        cw.update_ticket_status(ticket_id=123, status_id=101)
    except ConnectWiseRateLimitError as e:
        assert f"Rate limited. Retry after {e.retry_after} seconds" == "Rate limited. Retry after 500.0 seconds"
    else:
        pytest.fail("it was throttled")


def test_partial_data_with_the_fields_parameter(cw: ConnectWiseClient) -> None:
    result = cw.get("service/tickets", conditions="closedFlag=false", fields="id,summary,status")
    assert isinstance(result, list)
    assert all(set(item) == {"id", "summary", "status"} for item in result)


def test_updating_tickets(cw: ConnectWiseClient) -> None:
    ticket = cw.update_ticket_status(ticket_id=123, status_id=456)
    assert ticket.is_closed
    ticket = cw.update_ticket_priority(ticket_id=123, priority_id=8)
    assert ticket.priority_name == "Priority 4 - Low"
    ticket = cw.update_ticket_field(ticket_id=123, field_path="/summary", value="new value")
    assert ticket.summary == "new value"


def test_updating_a_field_that_tickets_do_not_have(cw: ConnectWiseClient) -> None:
    """The guide's "/customFieldName" stands for a real path; as it is there, the server refuses it."""
    with pytest.raises(ConnectWiseBadRequestError):
        cw.update_ticket_field(ticket_id=123, field_path="/customFieldName", value="new value")


def test_pagination(cw: ConnectWiseClient) -> None:
    for number in range(30):
        cw.create_ticket(f"ticket {number}", "", company_id=250)
    all_tickets = cw.get_tickets(conditions="closedFlag=false")
    assert f"Found {len(all_tickets)} tickets" == "Found 33 tickets"


def test_credential_security(cw: ConnectWiseClient, simulator: Simulator) -> None:
    assert str(cw._password) == "**********"
    assert cw._password.get_secret_value() == simulator.told["private_key"]


def test_all_parameters_are_required() -> None:
    with pytest.raises(TypeError):
        ConnectWiseClient()  # type: ignore[call-arg]


def test_no_environment_variable_is_read(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CW_URL", "CW_CLIENT", "CW_USERNAME", "CW_PASSWORD", "CW_CLIENT_ID", "CW_CODEBASE"):
        monkeypatch.setenv(name, "other")
    assert simulator.client().get("service/tickets/123")["id"] == 123


def test_the_endpoint_structure(cw: ConnectWiseClient) -> None:
    assert cw.get("service/tickets/123")["id"] == 123
    result = cw.get("service/tickets", conditions="closedFlag=false")
    assert isinstance(result, list)
    result = cw.post("service/tickets", data={"summary": "Posted", "company": {"id": 250}})
    assert result["id"] == 20000
    result = cw.patch(
        "service/tickets", record_id=123, operations=[{"op": "replace", "path": "summary", "value": "Patched"}]
    )
    assert result["summary"] == "Patched"
    names = ("company", "board", "status", "priority", "severity", "impact", "team")
    data = {"summary": "Put", **{name: result[name] for name in names}}
    result = cw.put("service/tickets", record_id=123, data=data)
    assert result["summary"] == "Put"
    success = cw.delete("service/tickets", record_id=123)
    assert success is True
    for endpoint in ("company/configurations", "service/tickets/12345/notes", "company/companies"):
        assert cw.get(endpoint)


def test_rate_limiting(simulator: Simulator) -> None:
    cw = simulator.client(retry_budget=0.0)
    simulator.fault("429", retry_after="0.01")
    try:
        tickets = cw.get_tickets(conditions="id=123")
    except ConnectWiseRateLimitError as e:
        assert e.retry_after
        time.sleep(e.retry_after)
        tickets = cw.get_tickets(conditions="id=123")
        assert [ticket.id for ticket in tickets] == [123]
    else:
        pytest.fail("it was throttled")


def test_a_complete_ticket_workflow(simulator: Simulator) -> None:
    defaults = TicketDefaults(company_id=250, board_id=1, priority_id=8)
    cw = simulator.client(ticket_defaults=defaults)
    ticket = cw.create_ticket(summary="Server Offline", body="Server PROD-WEB-01 is unreachable")
    assert f"Created ticket #{ticket.id}" == "Created ticket #20000"
    assert ticket.id is not None
    config = cw.get_configurations(conditions='name="PROD-WEB-01" AND company/id=250')[0]
    assert config.id == 67890
    cw.attach_configuration(ticket.id, config.id)
    cw.add_ticket_note(ticket_id=ticket.id, note_text="Investigating server connectivity", internal=True)
    updated = cw.update_ticket_status(ticket_id=ticket.id, status_id=456)
    assert f"Ticket closed: {updated.is_closed}" == "Ticket closed: True"
    assert [item.attached_name for item in cw.get_ticket_configurations(ticket.id)] == ["PROD-WEB-01"]
    assert [note.is_internal for note in cw.get_ticket_notes(ticket.id, orderby="id")] == [False, True]

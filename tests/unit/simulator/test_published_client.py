# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A published client that knows nothing of the simulator works against it, as it is."""

from __future__ import annotations

from typing import Any

from connectwise import ConnectWiseClient, TicketDefaults  # type: ignore[import-untyped]

from .conftest import Caller


def test_walk(cw: Caller, ready: dict[str, Any]) -> None:
    """ConnectPyse-Manage: create, find, attach, note, status, list, count."""
    client = ConnectWiseClient(
        base_url=ready["url"],
        client=ready["company"],
        username=ready["public_key"],
        password=ready["private_key"],
        client_id=ready["client_id"],
        ticket_defaults=TicketDefaults(company_id=250, board_id=1, priority_id=7),
    )
    [configuration] = client.get_configurations(conditions='name="PROD-WEB-01" and company/id=250')
    ticket = client.create_ticket("Deploy", "Release 7", config_ids=[configuration.id])
    assert ticket.id == 20000
    assert [found.id for found in client.get_ticket_configurations(ticket.id)] == [67890]
    note = client.add_ticket_note(ticket.id, "Started", internal=True)
    assert note.text == "Started"
    assert [found.text for found in client.get_ticket_notes(ticket.id)] == ["Release 7", "Started"]
    closed = client.update_ticket_status(ticket.id, 456)
    assert (closed.status["name"], closed.closedFlag) == ("Resolved", True)
    cw.control("POST", "records/service/tickets", [{"summary": f"n {n}", "company": {"id": 252}} for n in range(60)])
    found = client.get_all("service/tickets", conditions="company/id=252", pagesize=25)
    assert len({entry["id"] for entry in found}) == 60
    assert client.get_count("service/tickets", conditions="company/id=252") == 60
    assert client.get_ticket(999999) is None
    assert {board.name for board in client.get_boards(False)} - {board.name for board in client.get_boards()} == {
        "Old Board"
    }
    entry = client.create_schedule_entry(ticket.id, "S", 638, "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z")
    assert [(found.id, found.name) for found in client.get_ticket_schedule(ticket.id)] == [(entry.id, "Deploy")]
    assert [project.status["name"] for project in client.get_projects()] == ["Open"]
    assert [found.status["name"] for found in client.get_open_opportunities()] == ["Open"]
    assert client.detach_configuration(ticket.id, 67890) is True

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow of a service desk's script: open, find the configuration, attach, note, resolve."""

from __future__ import annotations

from typing import Any

import connectwise  # type: ignore[import-untyped]
import pytest

from ansible_collections.msp.connectwise.plugins.module_utils import connectwise as ours
from unit.plugins.support import Simulator

RESOLVED = 456


# The other one is the published package ConnectPyse-Manage, as it comes: an outside client of the same API.
@pytest.mark.parametrize("package", [ours, connectwise], ids=["ours", "outside"])
def test_workflow(simulator: Simulator, package: Any, capsys: pytest.CaptureFixture[str]) -> None:
    defaults = package.TicketDefaults(company_id=250, board_id=1, priority_id=8)
    cw = package.ConnectWiseClient(**simulator.login, ticket_defaults=defaults)
    ticket = cw.create_ticket(summary="Server Offline", body="Server PROD-WEB-01 is unreachable")
    config = cw.get_configurations(conditions='name="PROD-WEB-01" AND company/id=250')[0]
    cw.attach_configuration(ticket.id, config.id)
    cw.add_ticket_note(ticket_id=ticket.id, note_text="Investigating server connectivity", internal=True)
    updated = cw.update_ticket_status(ticket_id=ticket.id, status_id=RESOLVED)

    assert (ticket.company_name, ticket.board_name, ticket.priority_name) == (
        "Acme Corporation",
        "Help Desk",
        "Priority 4 - Low",
    )
    assert not ticket.is_closed
    assert (config.id, config.name) == (67890, "PROD-WEB-01")
    assert updated.is_closed
    assert updated.status_name == "Resolved"
    assert updated.closed_datetime is not None
    assert {(note.text, note.is_internal) for note in cw.get_ticket_notes(ticket_id=ticket.id)} == {
        ("Server PROD-WEB-01 is unreachable", False),
        ("Investigating server connectivity", True),
    }
    assert [each.id for each in cw.get_ticket_configurations(ticket.id)] == [67890]
    assert cw.get_ticket(ticket_id=999999) is None
    print(cw._password)
    assert capsys.readouterr().out == "**********\n"


def test_both_leave_the_same_behind(simulator: Simulator) -> None:
    """What the two clients make is the same."""
    tickets = []
    for package in (ours, connectwise):
        simulator.reset()
        cw: Any = package.ConnectWiseClient(**simulator.login)
        made = cw.create_ticket("Server Offline", "It is unreachable", company_id=250, board_id=1, priority_id=5)
        cw.attach_configuration(made.id, 67890)
        cw.update_ticket_status(made.id, RESOLVED)
        ticket = simulator.client().get(f"service/tickets/{made.id}")
        tickets.append({name: ticket[name] for name in ("id", "summary", "closedFlag", "closedBy")})
        tickets[-1].update({name: ticket[name]["id"] for name in ("company", "board", "status", "priority", "source")})
    assert tickets[0] == tickets[1]

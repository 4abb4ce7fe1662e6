# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tickets and their notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .endpoints import MOST_PER_PAGE, Conditions, Endpoints, Names
from .errors import ConnectWiseConfigurationError
from .models import Note, Ticket


@dataclass
class TicketDefaults:
    """Ids that :meth:`Tickets.create_ticket` uses where the call gives none."""

    company_id: int | None = None
    board_id: int | None = None
    priority_id: int | None = None
    status_id: int | None = None
    type_id: int | None = None
    source_id: int | None = None


class Tickets(Endpoints):
    """Service tickets. Project tickets are another record, under another path (fact sheet 7.14)."""

    ticket_defaults: TicketDefaults

    def get_ticket(self, ticket_id: int) -> Ticket | None:
        """A ticket; None where there is none of that id."""
        data = self.get(f"service/tickets/{int(ticket_id)}")
        return Ticket.from_dict(data) if data else None

    def get_tickets(
        self,
        conditions: Conditions = "",
        pagesize: int = MOST_PER_PAGE,
        orderby: str = "",
        limit: int | None = None,
        fields: Names = "",
        childconditions: Conditions = "",
        customfieldconditions: Conditions = "",
    ) -> list[Ticket]:
        """All tickets that meet the conditions, or the first ``limit``; arguments as of :meth:`Endpoints.get_all`."""
        data = self.get_all(
            "service/tickets", conditions, childconditions, fields, orderby, pagesize, customfieldconditions, limit
        )
        return [Ticket.from_dict(item) for item in data]

    def get_ticket_count(self, conditions: Conditions = "") -> int:
        """How many tickets meet the conditions."""
        return self.get_count("service/tickets", conditions)

    def create_ticket(
        self,
        summary: str,
        body: str,
        company_id: int | None = None,
        board_id: int | None = None,
        priority_id: int | None = None,
        status_id: int | None = None,
        type_id: int | None = None,
        source_id: int | None = None,
        fields: dict[str, Any] | None = None,
    ) -> Ticket:
        """Create a ticket; ids not given come from ``ticket_defaults``, else from the server (fact sheet 2.8, 7.11).

        Args:
            summary: at most 100 characters.
            body: becomes the first note in the discussion.
            fields: further fields, as the API names them.

        Raises:
            ConnectWiseConfigurationError: no company, neither here nor in the defaults.
            ConnectWiseBadRequestError: the server refused a value.
        """
        given = TicketDefaults(company_id, board_id, priority_id, status_id, type_id, source_id)
        data: dict[str, Any] = {"summary": summary, "initialDescription": body}
        for name in ("company", "board", "priority", "status", "type", "source"):
            record_id = getattr(given, f"{name}_id") or getattr(self.ticket_defaults, f"{name}_id")
            if record_id:
                data[name] = {"id": record_id}
        data.update(fields or {})
        if "company" not in data:
            raise ConnectWiseConfigurationError(
                "a ticket needs a company: give company_id, or ticket_defaults with one"
            )
        return Ticket.from_dict(self.post("service/tickets", data))

    def update_ticket_field(self, ticket_id: int, field_path: str, value: Any) -> Ticket:
        """Set one field.

        Args:
            field_path: as in JSON Patch, with or without leading slash: ``/summary``, ``status/id``.

        Raises:
            ConnectWiseNotFoundError: there is no such ticket.
        """
        operation = {"op": "replace", "path": field_path, "value": value}
        return Ticket.from_dict(self.patch("service/tickets", ticket_id, [operation]))

    def update_ticket_status(self, ticket_id: int, status_id: int) -> Ticket:
        """Set the status, which must be one of the ticket's board. Raises as :meth:`update_ticket_field`."""
        return self.update_ticket_field(ticket_id, "status/id", status_id)

    def update_ticket_priority(self, ticket_id: int, priority_id: int) -> Ticket:
        """Set the priority. Raises as :meth:`update_ticket_field`."""
        return self.update_ticket_field(ticket_id, "priority/id", priority_id)

    def delete_ticket(self, ticket_id: int) -> bool:
        """Delete a ticket: True; False where there was none."""
        return self.delete("service/tickets", ticket_id)

    def add_ticket_note(self, ticket_id: int, note_text: str, internal: bool = True) -> Note:
        """Add a note: internal, or else in the discussion, where the customer reads it (fact sheet 8.2).

        Raises:
            ConnectWiseNotFoundError: there is no such ticket.
        """
        data = {"text": note_text, "internalAnalysisFlag": internal, "detailDescriptionFlag": not internal}
        return Note.from_dict(self.post(f"service/tickets/{int(ticket_id)}/notes", data))

    def get_ticket_notes(self, ticket_id: int, conditions: Conditions = "", orderby: str = "") -> list[Note]:
        """All notes of a ticket, without those of time entries (fact sheet 8.5); none where there is no ticket."""
        data = self.get_all(f"service/tickets/{int(ticket_id)}/notes", conditions, orderby=orderby)
        return [Note.from_dict(item) for item in data]

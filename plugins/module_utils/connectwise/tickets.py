# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tickets and their notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .conditions import Condition
from .endpoints import MOST_PER_PAGE, Conditions, Endpoints, Names
from .errors import ConnectWiseBadRequestError, ConnectWiseConfigurationError
from .models import Note, Ticket

TICKETS = "service/tickets"


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
        return self._record(Ticket, f"{TICKETS}/{int(ticket_id)}")

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
        return self._records(
            Ticket,
            TICKETS,
            conditions,
            orderby,
            limit,
            childconditions,
            customfieldconditions,
            fields,
            pagesize,
        )

    def get_ticket_count(self, conditions: Conditions = "") -> int:
        """How many tickets meet the conditions."""
        return self.get_count(TICKETS, conditions)

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
        key: str = "",
    ) -> Ticket:
        """Create a ticket; ids not given come from ``ticket_defaults``, else from the server (fact sheet 2.8, 7.11).

        Args:
            summary: at most 100 characters.
            body: becomes the first note in the discussion.
            fields: further fields, as the API names them.
            key: your own key for the ticket, at most 100 characters, kept in ``externalXRef`` (fact sheet 7.18). Where
                an open ticket has it already, that one is returned; of several callers at the same moment, all get the
                one with the lowest id, and the others are deleted.

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
        if key:
            data["externalXRef"] = key
        if "company" not in data:
            raise ConnectWiseConfigurationError(
                "a ticket needs a company: give company_id, or ticket_defaults with one"
            )
        earlier = self._open_with_key(key) if key else None
        created = earlier or self.post(TICKETS, data, member="id")
        first = self._open_with_key(key) if key and not earlier else None
        if first and first["id"] < created["id"]:
            self.delete(TICKETS, created["id"])
            created = first
        return Ticket.from_dict(created)

    def _open_with_key(self, key: str) -> dict[str, Any] | None:
        """The open ticket with the lowest id that has the key."""
        found = self.get_all(TICKETS, Condition("externalXRef", "=", key) & Condition("closedFlag", "=", False))
        return min(found, key=lambda ticket: int(ticket["id"]), default=None)

    def merge_tickets(self, ticket_id: int, ticket_ids: list[int], status_id: int) -> None:
        """Merge other tickets into a ticket (fact sheet 7.16).

        Args:
            ticket_id: the one that stays.
            ticket_ids: those that go into it.
            status_id: the status that it gets, one of its board.

        Raises:
            ConnectWiseNotFoundError, ConnectWiseBadRequestError: there is no such ticket or status.
        """
        data = {"mergeTicketIds": [int(each) for each in ticket_ids], "status": {"id": int(status_id)}}
        self._do(f"{TICKETS}/{int(ticket_id)}/merge", data)

    def bundle_tickets(self, ticket_id: int, child_ids: list[int]) -> None:
        """Make tickets the children of a ticket (fact sheet 7.16).

        Raises:
            ConnectWiseNotFoundError, ConnectWiseBadRequestError: there is no such ticket.
        """
        data = {"childTicketIds": [int(each) for each in child_ids]}
        self._do(f"{TICKETS}/{int(ticket_id)}/attachChildren", data)

    def _do(self, path: str, data: dict[str, Any]) -> None:
        """An action, which is answered by ``{"success", "message"}``."""
        answer = self.post(path, data)
        if answer.get("success") is False:
            text = str(answer.get("message") or "no reason given")
            raise ConnectWiseBadRequestError(text, status=200, code="NotDone", method="POST", path=path, attempts=1)

    def update_ticket_field(self, ticket_id: int, field_path: str, value: Any) -> Ticket:
        """Set one field.

        Args:
            field_path: as in JSON Patch, with or without leading slash: ``/summary``, ``status/id``.

        Raises:
            ConnectWiseNotFoundError: there is no such ticket.
        """
        operation = {"op": "replace", "path": field_path, "value": value}
        return Ticket.from_dict(self.patch(TICKETS, ticket_id, [operation]))

    def update_ticket_status(self, ticket_id: int, status_id: int) -> Ticket:
        """Set the status, which must be one of the ticket's board. Raises as :meth:`update_ticket_field`."""
        return self.update_ticket_field(ticket_id, "status/id", status_id)

    def update_ticket_priority(self, ticket_id: int, priority_id: int) -> Ticket:
        """Set the priority. Raises as :meth:`update_ticket_field`."""
        return self.update_ticket_field(ticket_id, "priority/id", priority_id)

    def delete_ticket(self, ticket_id: int) -> bool:
        """Delete a ticket: True; False where there was none."""
        return self.delete(TICKETS, ticket_id)

    def add_ticket_note(self, ticket_id: int, note_text: str, internal: bool = True) -> Note:
        """Add a note: internal, or else in the discussion, where the customer reads it (fact sheet 8.2).

        Raises:
            ConnectWiseNotFoundError: there is no such ticket.
        """
        data = {"text": note_text, "internalAnalysisFlag": internal, "detailDescriptionFlag": not internal}
        return Note.from_dict(self.post(f"{TICKETS}/{int(ticket_id)}/notes", data))

    def get_ticket_notes(self, ticket_id: int, conditions: Conditions = "", orderby: str = "") -> list[Note]:
        """All notes of a ticket, without those of time entries (fact sheet 8.5); none where there is no ticket."""
        return self._records(Note, f"{TICKETS}/{int(ticket_id)}/notes", conditions, orderby)

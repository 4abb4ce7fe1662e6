# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_note_info."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import Condition, ConnectWiseAPIError, ConnectWiseClient, ConnectWiseNotFoundError, Note
from ..resources.facts import facts
from ..resources.filters import of_kinds
from ..resources.note import KINDS, key_of, kinds_of
from . import listing, of_ticket
from .arguments import RECORD_TYPE
from .finding import kind_of_ticket

OPTIONS: dict[str, dict[str, Any]] = {
    **of_ticket.OPTIONS,
    **RECORD_TYPE,
    **listing.OPTIONS,
    "kind": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "all_notes": {"type": "bool", "default": False},
}
CONSTRAINTS: dict[str, Any] = {**of_ticket.CONSTRAINTS, "required_one_of": [("ticket_id", "ticket_key")]}
_LACKING = (404, 405)  # what servers without the list of all notes answer (fact sheet 8.5)


def run_note_info(
    client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
) -> dict[str, Any]:
    """Read the notes of a ticket.

    Args:
        client: asked with GET only.
        params: the module's options.
        check_mode: the ticket need not be there yet.
        warn: told when there are more notes than ``limit``, and when the server has no list of all notes.

    Returns:
        The result: ``notes`` (list of facts), ``count``, the number of all that meet the filters, and ``url``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    ticket_id = of_ticket.ticket_id_of(client, params, check_mode)
    if not ticket_id:
        return {"changed": False, "notes": [], "count": 0, "url": None}
    conditions = [of_kinds(params["kind"])] if params["kind"] else []
    found, count = _read(client, f"{kind_of_ticket(params).endpoint}/{ticket_id}", conditions, params, warn)
    notes = [_facts(record, ticket_id, params["fields"] or []) for record in found]
    return {"changed": False, "notes": notes, "count": count, "url": client.get_ticket_url(ticket_id)}


def _read(
    client: ConnectWiseClient,
    ticket: str,
    conditions: list[Condition],
    params: dict[str, Any],
    warn: Callable[[str], None],
) -> tuple[list[dict[str, Any]], int]:
    if params["all_notes"]:
        try:
            return listing.read(client, f"{ticket}/allNotes", "notes", conditions, params, warn, countable=False)
        except ConnectWiseAPIError as error:
            if error.status not in _LACKING or error.code is None:
                raise
    try:
        found = listing.read(client, f"{ticket}/notes", "notes", conditions, params, warn)
    except ConnectWiseNotFoundError as error:
        raise of_ticket.no_ticket(params, error) from error
    if params["all_notes"]:
        warn("all_notes: this ConnectWise has no list of all notes. Those of time entries are not among the result.")
    return found


def _facts(record: dict[str, Any], ticket_id: int, only: list[str]) -> dict[str, Any]:
    """The facts of a note, the same for both lists, which call some of them by other names."""
    found = facts(Note.from_dict(record), only)
    if only:
        return found
    return {
        "note_type": "TicketNote",
        **found,
        "ticket_id": ticket_id,
        "created_by": found["created_by"] or found.get("original_author"),
        "key": key_of(record),
        "kind": kinds_of(record),
    }

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_schedule_entry."""

from __future__ import annotations

from typing import Any

from ..connectwise import Condition, ConnectWiseBadRequestError, ConnectWiseClient, ScheduleEntry
from ..connectwise.work import TICKET_SCHEDULE_TYPE
from ..resources import references as ref
from ..resources.fields import WantedError, by_name, same
from ..resources.planning import plan, wanted_state
from ..resources.schedule_entry import SCHEDULE_ENTRY
from .finding import TICKETS
from .lookup import Lookup
from .of_ticket import result, ticket_id_of
from .records import Done, bring, of_member, remove, the_only, with_id

ENTRIES = ref.SCHEDULE_ENTRY.endpoint
_TYPE = by_name(SCHEDULE_ENTRY, "type")
_TYPE_OF_TICKETS = "S"  # the identifier; its id may be another one than usual (fact sheet 11.3)


def run_schedule_entry(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a schedule entry of a ticket to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``schedule_entry`` (facts), ``url`` of the ticket, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    wanted = wanted_state(SCHEDULE_ENTRY, params, params["fields"])
    lookup = Lookup(client)
    by_ticket = params["ticket_id"] is not None or params["ticket_key"] is not None
    ticket_id = ticket_id_of(client, params, check_mode) if by_ticket else 0
    kind = TICKET_SCHEDULE_TYPE
    if params["id"] is not None:
        entry = with_id(client, ref.SCHEDULE_ENTRY, params, check_mode)
        found = [entry] if entry else []
    elif ticket_id:
        found = _of_ticket(client, lookup, ticket_id, kind, wanted)
        if not found:
            kind = lookup.find(_TYPE, {"name": _TYPE_OF_TICKETS}, {})["id"]
            if kind != TICKET_SCHEDULE_TYPE:
                found = _of_ticket(client, lookup, ticket_id, kind, wanted)
    else:
        found = []  # of a ticket that check mode did not open
    if params["state"] == "absent":
        done = remove(client, SCHEDULE_ENTRY, ENTRIES, found, check_mode)
    else:
        # Of several, one that is as wanted already will do.
        fitting = [entry for entry in found if not plan(SCHEDULE_ENTRY, entry, wanted).operations]
        before = the_only(fitting[:1] or found, "member", "schedule entries of the ticket")
        if before is None:
            wanted = {"type": {"id": kind}, "objectId": ticket_id, **wanted}
            done = _create(client, lookup, params, wanted, check_mode)
        else:
            done = bring(client, lookup, SCHEDULE_ENTRY, ENTRIES, before, wanted, check_mode)
    of_entry = int((done.record or {}).get("objectId") or 0)
    return result(client, done, "schedule_entry", ScheduleEntry, ticket_id or of_entry, objectId=ticket_id)


def _of_ticket(
    client: ConnectWiseClient, lookup: Lookup, ticket_id: int, kind: int, wanted: dict[str, Any]
) -> list[dict[str, Any]]:
    """The entries of a ticket, of the wanted member and with the wanted start."""
    entries = client.get_all(ENTRIES, Condition("type/id", "=", kind) & Condition("objectId", "=", ticket_id))
    row = by_name(SCHEDULE_ENTRY, "dateStart")
    if row.name in wanted:
        entries = [entry for entry in entries if same(row, entry, wanted[row.name])]
    return of_member(lookup, by_name(SCHEDULE_ENTRY, "member"), entries, wanted)


def _create(
    client: ConnectWiseClient, lookup: Lookup, params: dict[str, Any], wanted: dict[str, Any], check_mode: bool
) -> Done:
    option = "ticket_id" if params["ticket_id"] is not None else "ticket_key"
    missing = WantedError(option, f"there is no ticket {params[option]}.", "NotFound")
    try:
        if check_mode and wanted["objectId"] and not _is_there(client, wanted["objectId"]):
            raise missing
        return bring(client, lookup, SCHEDULE_ENTRY, ENTRIES, None, wanted, check_mode)
    except ConnectWiseBadRequestError as error:
        if any(item.get("field") == "objectId" for item in error.field_errors):
            raise missing from error
        raise


def _is_there(client: ConnectWiseClient, ticket_id: int) -> bool:
    """Whether there is such a ticket, of either kind."""
    return any(client.get(f"{kind}/{ticket_id}", fields=["id"]) for kind in (TICKETS, "project/tickets"))

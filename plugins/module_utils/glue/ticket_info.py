# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_info."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import (
    Condition,
    Configuration,
    ConnectWiseClient,
    Note,
    Record,
    ScheduleEntry,
    Ticket,
    TicketTask,
    TimeEntry,
)
from ..connectwise.work import TICKET_SCHEDULE_TYPE
from ..resources.facts import facts
from ..resources.fields import WantedError
from ..resources.filters import TICKET_FILTERS
from ..resources.ticket import TICKET_KINDS, TicketKind
from . import listing
from .arguments import RECORD_TYPE, field_options
from .finding import checked_key, find_by_key, keyless, kind_of_ticket

# Further lists of a ticket: each of its own, with what its entries are.
_LISTS: dict[str, type[Record]] = {"notes": Note, "configurations": Configuration, "tasks": TicketTask}
INCLUDED = (*_LISTS, "documents", "time_entries", "schedule")

OPTIONS: dict[str, dict[str, Any]] = {
    **field_options([row.field for row in TICKET_FILTERS]),
    **RECORD_TYPE,
    **listing.OF_RECORDS,
    "id": {"type": "list", "elements": "int", "aliases": ["ticket_id"]},
    "key": {"type": "str", "no_log": False},
    "key_field": {"type": "str", "no_log": False},
    "include": {"type": "list", "elements": "str", "choices": list(INCLUDED), "default": []},
}
CONSTRAINTS: dict[str, Any] = {"required_by": {"key_field": "key"}}


def run_ticket_info(client: ConnectWiseClient, params: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Read tickets.

    Args:
        client: asked with GET only.
        params: the module's options.
        warn: told when there are more tickets than ``limit``.

    Returns:
        The result: ``tickets`` (list of facts, with what ``include`` names) and ``count``, the number of all that meet
        the filters.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    kind, only = kind_of_ticket(params), params["fields"] or []
    conditions = _conditions(client, kind, params)
    if conditions is None:
        return {"changed": False, "tickets": [], "count": 0}
    also = ("id",) if params["include"] else ()
    found, count = listing.read(client, kind.endpoint, "tickets", conditions, params, warn, also)
    tickets = [facts(Ticket.from_dict(record), only) for record in found]
    numbers = [int(record["id"]) for record in found] if params["include"] else []
    for name in INCLUDED:
        if name in params["include"] and numbers:
            included = _included(client, kind, name, numbers)
            for number, ticket in zip(numbers, tickets):
                ticket[name] = included.get(number, [])
    return {"changed": False, "tickets": tickets, "count": count}


def _conditions(client: ConnectWiseClient, kind: TicketKind, params: dict[str, Any]) -> list[Condition] | None:
    """What the options ask for; None where no ticket can be meant."""
    options, ids = dict(params), params["id"]
    if params["key"] is not None:
        options["key"] = checked_key("key", params["key"])
        keyless("key", kind, params["key_field"])
    if params["key_field"]:
        with_key = [
            int(ticket["id"]) for ticket in find_by_key(client, options["key"], params["key_field"], kind.endpoint)
        ]
        ids = with_key if ids is None else [number for number in ids if number in with_key]
        options["key"] = None
    others = {row.name for other in TICKET_KINDS.values() for row in other.table} - {row.name for row in kind.table}
    for row in TICKET_FILTERS:
        if row.field.name in others and options[row.field.option] is not None:
            raise WantedError(row.field.option, f"{kind.name} tickets have no such field.")
    if ids == []:
        return None
    conditions = listing.filtered(client, TICKET_FILTERS, options)
    return [*([Condition("id", "in", ids)] if ids else []), *conditions]


def _included(client: ConnectWiseClient, kind: TicketKind, name: str, numbers: list[int]) -> dict[int, list[Any]]:
    """What belongs to some tickets, by their ids: in one request for all where the API has a list of all (fact sheet
    7.21), else in one a ticket."""
    if name == "time_entries":
        charged = Condition("chargeToType", "=", kind.charged_as) & Condition("chargeToId", "in", numbers)
        return _by_ticket([TimeEntry.from_dict(item) for item in client.get_all("time/entries", charged)], "chargeToId")
    if name == "schedule":
        planned = Condition("type/id", "=", TICKET_SCHEDULE_TYPE) & Condition("objectId", "in", numbers)
        entries = [ScheduleEntry.from_dict(item) for item in client.get_all("schedule/entries", planned)]
        return _by_ticket(entries, "objectId")
    if name == "documents":
        return {number: [facts(item) for item in client.get_documents("Ticket", number)] for number in numbers}
    records = {
        number: [_LISTS[name].from_dict(item) for item in client.get_all(f"{kind.endpoint}/{number}/{name}")]
        for number in numbers
    }
    return {number: [_shown(record) for record in found] for number, found in records.items()}


def _by_ticket(records: list[Any], member: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for record in records:
        found.setdefault(int(getattr(record, member)), []).append(facts(record))
    return found


def _shown(record: Record) -> dict[str, Any]:
    """Facts; of an attached configuration those that such a list has (fact sheet 9.7)."""
    if isinstance(record, Configuration):
        return {"id": record.id, "name": record.attached_name, "device_identifier": record.deviceIdentifier}
    return facts(record)

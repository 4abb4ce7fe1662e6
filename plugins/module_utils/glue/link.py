# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_link."""

from __future__ import annotations

from typing import Any

from ..connectwise import Condition, ConnectWiseClient, Ticket
from ..resources.facts import facts
from ..resources.fields import WantedError, by_name, normalised
from ..resources.ticket import TICKET
from .finding import TICKETS
from .lookup import Lookup
from .of_ticket import ticket_id_of
from .records import updating, written

# What is read of each ticket.
FIELDS = ("id", "summary", "board", "parentTicketId", "mergedParentTicket")
_STATUS = by_name(TICKET, "status")


def run_link(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Merge tickets into a ticket, or make them its children.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``tickets`` (list of facts of those that are linked), ``url`` of the
        ticket, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    absent = params["state"] == "absent"
    if absent and params["merged"]:
        raise WantedError("merged", "ConnectWise can't take a merge back. state: absent is for children.")
    parent = ticket_id_of(client, params, check_mode)
    children, merged = _ids(params, "children", parent), _ids(params, "merged", parent)
    both = sorted(set(children) & set(merged))
    if both:
        raise WantedError("merged", f"the ticket {both[0]} can't be a child and be merged.")
    option = "ticket_id" if params["ticket_id"] is not None else "ticket_key"
    tickets = _read(client, {parent: option, **dict.fromkeys(children, "children"), **dict.fromkeys(merged, "merged")})
    if absent:
        changed = {"children": [tickets[child] for child in children if tickets[child].get("parentTicketId") == parent]}
        _release(client, changed["children"], check_mode)
    else:
        changed = {
            "merged": _to_merge(tickets, merged, parent),
            "children": [tickets[child] for child in children if tickets[child].get("parentTicketId") != parent],
        }
        if changed["merged"]:
            _merge(client, params, tickets.get(parent, {}), changed["merged"], check_mode)
        if changed["children"]:
            _bundle(client, parent, changed["children"], check_mode)
    texts = {name: [f"{each.get('summary')} (id {each['id']})" for each in found] for name, found in changed.items()}
    texts = {name: found for name, found in texts.items() if found}
    nothing: dict[str, Any] = {name: [] for name in texts}
    diff = {"before": texts, "after": nothing} if absent else {"before": nothing, "after": texts}
    linked = [tickets[number] for number in (*merged, *children)]
    return {
        "changed": bool(texts),
        "operation": "updated" if texts else "unchanged",
        "tickets": [facts(Ticket.from_dict(ticket), FIELDS) for ticket in linked],
        "url": client.get_ticket_url(parent) if parent else None,
        "diff": diff,
    }


def _ids(params: dict[str, Any], option: str, parent: int) -> list[int]:
    found = list(dict.fromkeys(params[option] or []))
    for number in found:
        if number < 0 or (number == parent and parent):
            reason = "it is the ticket itself" if number == parent else "that is no id of a ticket"
            raise WantedError(option, f"{number} can't be linked: {reason}.")
    return found


def _read(client: ConnectWiseClient, wanted: dict[int, str]) -> dict[int, dict[str, Any]]:
    """The tickets by their ids, with one request; those that check mode did not open have the id 0 alone.

    Args:
        wanted: ids, and the options that name them.
    """
    found: dict[int, dict[str, Any]] = {0: {"id": 0}}
    ids = [number for number in wanted if number]
    if ids:
        records = client.get_all(TICKETS, Condition("id", "in", ids), fields=list(FIELDS))
        found.update({int(record["id"]): record for record in records})
    for number, option in wanted.items():
        if number not in found:
            hint = "(A project ticket is another kind of record.)"
            raise WantedError(option, f"there is no service ticket {number}. {hint}", "NotFound")
    return found


def _to_merge(tickets: dict[int, dict[str, Any]], merged: list[int], parent: int) -> list[dict[str, Any]]:
    left = []
    for number in merged:
        into = (tickets[number].get("mergedParentTicket") or {}).get("id")
        if into not in (None, parent):
            raise WantedError("merged", f"the ticket {number} is merged into the ticket {into} already.", "Merged")
        left += [tickets[number]] if into is None else []
    return left


def _merge(
    client: ConnectWiseClient,
    params: dict[str, Any],
    parent: dict[str, Any],
    tickets: list[dict[str, Any]],
    check_mode: bool,
) -> None:
    if params["status"] is None:
        raise WantedError("status", "ConnectWise asks for the status with which tickets are merged.", "MissingOption")
    status = normalised(_STATUS, params["status"])
    if "id" not in status or check_mode:
        status = Lookup(client).find(_STATUS, status, {"board": parent.get("board")})
    if not check_mode:
        client.merge_tickets(parent["id"], [ticket["id"] for ticket in tickets], status["id"])
    for ticket in tickets:
        ticket["mergedParentTicket"] = {"id": parent["id"], "summary": parent.get("summary")}


def _bundle(client: ConnectWiseClient, parent: int, tickets: list[dict[str, Any]], check_mode: bool) -> None:
    if not check_mode:
        client.bundle_tickets(parent, [ticket["id"] for ticket in tickets])
    for ticket in tickets:
        ticket["parentTicketId"] = parent


def _release(client: ConnectWiseClient, tickets: list[dict[str, Any]], check_mode: bool) -> None:
    """Make tickets nobody's children; there is no action for it, so the field is emptied."""
    for ticket in tickets:
        written(client, updating(Lookup(client), TICKET, TICKETS, ticket, {"parentTicketId": ""}, check_mode))
        ticket["parentTicketId"] = None

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hangs on a ticket without being a field of it: its configurations and its children."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..connectwise import Condition, ConnectWiseBadRequestError, ConnectWiseClient
from ..resources.fields import REFERENCE, TEXT, Field, WantedError, normalised, quoted
from ..resources.references import CONFIGURATION
from ..resources.ticket import TicketKind
from .finding import TICKETS, checked_id, checked_key, chosen, find_by_key, no_such_ticket
from .lookup import Lookup

_CONFIGURATIONS = Field("configurations", REFERENCE, "configurations", CONFIGURATION, required=True)
_CHILDREN = Field("children", TEXT, "children", required=True)


@dataclass
class Attached:
    """What is to be attached to a ticket, and detached from it; empty where all is as wanted."""

    client: ConnectWiseClient
    kind: TicketKind
    configurations: list[dict[str, Any]] = field(default_factory=list)
    detached: list[dict[str, Any]] = field(default_factory=list)
    children: list[dict[str, Any]] = field(default_factory=list)

    def write(self, ticket: dict[str, Any], diff: dict[str, dict[str, Any]], check_mode: bool) -> dict[str, Any]:
        """Attach and detach; the differences go into ``diff``. Returns the ticket as it is then."""
        if not check_mode:
            self._write(int(ticket["id"]))
        for side, items in (("after", self.configurations), ("before", self.detached)):
            if items:
                diff[side]["configurations"] = [item.get("name") or item.get("id") for item in items]
        if self.children:
            diff["after"]["children"] = [described_ticket(child) for child in self.children]
            ticket = {**ticket, "hasChildTicket": True}
        return ticket

    def _write(self, ticket_id: int) -> None:
        for configuration in self.configurations:
            self._attach(ticket_id, configuration["id"])
        for configuration in self.detached:
            self.client.delete(f"{self.kind.endpoint}/{ticket_id}/configurations", configuration["id"])
        if not self.children:
            return
        try:
            answer = self.client.post(
                f"{TICKETS}/{ticket_id}/attachChildren", {"childTicketIds": [child["id"] for child in self.children]}
            )
        except ConnectWiseBadRequestError as error:
            raise WantedError("children", str(error), error.code or "") from error
        if answer.get("success") is False:
            raise WantedError("children", f"ConnectWise answered: {answer.get('message')}", "NotKept")

    def _attach(self, ticket_id: int, configuration_id: int) -> None:
        endpoint = f"{self.kind.endpoint}/{ticket_id}/configurations"
        try:
            self.client.post(endpoint, {"id": configuration_id})
        except ConnectWiseBadRequestError as error:
            # Another run may have attached it since this one looked.
            if str(configuration_id) not in [str(item.get("id")) for item in self.client.get_all(endpoint)]:
                raise WantedError("configurations", str(error), error.code or "") from error


def to_attach(
    client: ConnectWiseClient,
    lookup: Lookup,
    kind: TicketKind,
    params: dict[str, Any],
    ticket: dict[str, Any],
    company: dict[str, Any] | None,
    check_mode: bool,
) -> Attached:
    """What is not attached as wanted yet.

    Args:
        params: the options ``configurations``, ``configurations_mode`` and ``children``; None stands for "not asked
            for".
        ticket: as it is; empty for one that is not there yet.
        company: in which the names of configurations are looked up.

    Raises:
        WantedError: a configuration or a child that there is not.
    """
    result = Attached(client, kind)
    if params["configurations"] is not None and (params["configurations"] or params["configurations_mode"] == "exact"):
        _add_configurations(result, lookup, params, ticket, company, check_mode)
    if params["children"]:
        _add_children(result, params["children"], ticket, check_mode)
    return result


def _add_configurations(
    result: Attached,
    lookup: Lookup,
    params: dict[str, Any],
    ticket: dict[str, Any],
    company: dict[str, Any] | None,
    check_mode: bool,
) -> None:
    endpoint = f"{result.kind.endpoint}/{ticket.get('id')}/configurations"
    attached = result.client.get_all(endpoint) if ticket.get("id") else []
    # A server may give ids as texts.
    there = {int(item["id"]): item.get("name") or (item.get("_info") or {}).get("name") for item in attached}
    wanted: dict[Any, dict[str, Any]] = {}
    for value in params["configurations"]:
        asked = normalised(_CONFIGURATIONS, value)
        found = [
            {"id": number, "name": name}
            for number, name in there.items()
            if number == asked.get("id") or ("name" in asked and str(name).casefold() == asked["name"].casefold())
        ]
        unborn = check_mode and asked.get("id") == 0
        items: list[dict[str, Any]] = found or [
            asked if unborn else lookup.find(_CONFIGURATIONS, asked, {"company": company})
        ]
        # Without its id where check mode did not open the ticket, so that the company of the name is not known.
        wanted.update({int(item["id"]) if "id" in item else item["name"]: item for item in items})
    result.configurations = [item for number, item in wanted.items() if number not in there]
    if params["configurations_mode"] == "exact":
        result.detached = [{"id": number, "name": name} for number, name in there.items() if number not in wanted]


def _add_children(result: Attached, values: list[str], ticket: dict[str, Any], check_mode: bool) -> None:
    if "parentTicketId" not in [row.name for row in result.kind.table]:
        raise WantedError("children", f"{result.kind.name} tickets have none.")
    children = tickets_named(result.client, "children", values, check_mode)
    number = int(ticket.get("id") or 0)
    if number and number in [child["id"] for child in children]:
        raise WantedError("children", f"the ticket {number} can't be its own child.")
    known = {child["id"]: child for child in children}.values()
    result.children = [child for child in known if not number or int(child.get("parentTicketId") or 0) != number]


def tickets_named(client: ConnectWiseClient, option: str, values: list[str], check_mode: bool) -> list[dict[str, Any]]:
    """The service tickets that ids and keys stand for; in check mode ``{"id": 0}`` for one that is not there yet.

    Raises:
        WantedError: there is no such ticket.
    """
    asked = [normalised(_CHILDREN, value).strip() for value in values]
    ids = [checked_id(option, int(text), check_mode) for text in asked if is_id(text)]
    found = {}
    if any(ids):
        among = Condition("id", "in", [number for number in ids if number])
        records = client.get_all(TICKETS, among, fields=["id", "summary", "parentTicketId"])
        found = {int(record["id"]): record for record in records}
    tickets: list[dict[str, Any]] = []
    for text in asked:
        if is_id(text):
            ticket = found.get(int(text)) if int(text) else {"id": 0}
            if ticket is None:
                raise no_such_ticket(option, "service", text)
        else:
            key = checked_key(option, text)
            ticket = chosen(find_by_key(client, str(key), None))
            if ticket is None and not check_mode:
                raise WantedError(option, f"no ticket has the key {quoted(key)}.", "NotFound")
        tickets.append({**ticket, "id": int(ticket["id"])} if ticket else {"id": 0})
    return tickets


def is_id(text: str) -> bool:
    """Whether a text is the number of a ticket; everything else is a key."""
    return re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) is not None


def described_ticket(ticket: dict[str, Any]) -> str:
    """A ticket for a person: ``Mail is slow (id 123)``."""
    return f"{ticket.get('summary') or 'ticket'} (id {ticket['id']})"

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration_info."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import Condition, Configuration, ConnectWiseClient, Ticket
from ..resources.facts import facts
from ..resources.filters import CONFIGURATION_FILTERS
from ..resources.ticket import TICKET_KINDS
from . import listing
from .arguments import field_options

ENDPOINT = "company/configurations"
# What is read of each ticket, and the fact that it becomes; whole ones are long, and cw_ticket_info has them.
OF_TICKET = {
    "id": "id",
    "summary": "summary",
    "board/name": "board_name",
    "status/name": "status_name",
    "priority/name": "priority_name",
    "closedFlag": "is_closed",
    "_info/dateEntered": "entered_datetime",
}

OPTIONS: dict[str, dict[str, Any]] = {
    **field_options([row.field for row in CONFIGURATION_FILTERS]),
    **listing.OF_RECORDS,
    "id": {"type": "list", "elements": "int", "aliases": ["configuration_id"]},
    "include": {"type": "list", "elements": "str", "choices": ["tickets"], "default": []},
}


def run_configuration_info(
    client: ConnectWiseClient, params: dict[str, Any], warn: Callable[[str], None]
) -> dict[str, Any]:
    """Read configurations.

    Args:
        client: asked with GET only.
        params: the module's options.
        warn: told when there are more configurations than ``limit``.

    Returns:
        The result: ``configurations`` (list of facts, with what ``include`` names) and ``count``, the number of all
        that meet the filters.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    if params["id"] == []:
        return {"changed": False, "configurations": [], "count": 0}
    conditions = listing.filtered(client, CONFIGURATION_FILTERS, params)
    if params["id"]:
        conditions.append(Condition("id", "in", params["id"]))
    also = ("id",) if params["include"] else ()
    found, count = listing.read(client, ENDPOINT, "configurations", conditions, params, warn, also)
    configurations = [facts(Configuration.from_dict(record), params["fields"] or []) for record in found]
    if "tickets" in params["include"]:
        for record, configuration in zip(found, configurations):
            configuration["tickets"] = _tickets(client, int(record["id"]))
    return {"changed": False, "configurations": configurations, "count": count}


def _tickets(client: ConnectWiseClient, number: int) -> list[dict[str, Any]]:
    """The tickets to which a configuration is attached, in one request: none of them tells its configurations, so
    that those of several can't be asked for together (fact sheet 9.8)."""
    attached = Condition("configuration/id", "=", number)
    found = client.get_all(TICKET_KINDS["service"].endpoint, attached, fields=[*OF_TICKET])
    tickets = [facts(Ticket.from_dict(item)) for item in found]
    return [{name: ticket[name] for name in OF_TICKET.values()} for ticket in tickets]

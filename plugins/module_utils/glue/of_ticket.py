# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ticket a record belongs to, the same for all modules that work on such records."""

from __future__ import annotations

from typing import Any

from ..connectwise import ConnectWiseClient, ConnectWiseNotFoundError, Record
from ..resources.facts import facts
from ..resources.fields import WantedError, quoted
from .finding import checked_id, checked_key, chosen, find_by_key, keyless, kind_of_ticket, no_such_ticket
from .records import Done

# As the documentation fragment of_ticket describes them.
OPTIONS: dict[str, dict[str, Any]] = {
    "ticket_id": {"type": "int"},
    "ticket_key": {"type": "str", "no_log": False},
    "ticket_key_field": {"type": "str", "no_log": False},
}
CONSTRAINTS: dict[str, Any] = {
    "required_by": {"ticket_key_field": "ticket_key"},
    "mutually_exclusive": [("ticket_id", "ticket_key")],
}


def ticket_id_of(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> int:
    """The id of the ticket that the options name; 0 for one that check mode did not create. See :func:`ticket_of`."""
    return ticket_of(client, params, check_mode)[0]


def ticket_of(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> tuple[int, dict[str, Any] | None]:
    """The id of the ticket that the options name, 0 for one that check mode did not create; and the ticket, where read.

    It costs no request by ``ticket_id``: that there is no such ticket is told by what is asked of it then.

    Raises:
        WantedError: no ticket can have this id; no ticket has this key, unless there is nothing to do then.
    """
    if params["ticket_id"] is not None:
        return checked_id("ticket_id", params["ticket_id"], check_mode), None
    kind = kind_of_ticket(params)
    key = checked_key("ticket_key", params["ticket_key"])
    keyless("ticket_key", kind, params["ticket_key_field"])
    found = chosen(find_by_key(client, str(key), params["ticket_key_field"], kind.endpoint))
    if found is None and not check_mode and params.get("state", "present") == "present":
        raise WantedError("ticket_key", f"no ticket has the key {quoted(key)}.", "NotFound")
    return (int(found["id"]) if found else 0), found


def no_ticket(params: dict[str, Any], error: ConnectWiseNotFoundError) -> Exception:
    """What a 404 of a list below a ticket means; the error itself where it was not the API that answered."""
    if error.code is None:
        return error
    option = "ticket_id" if params["ticket_id"] is not None else "ticket_key"
    return no_such_ticket(option, kind_of_ticket(params).name, params[option])


def listed(client: ConnectWiseClient, endpoint: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """All records of a list below a ticket; none below one that is not there, where that is as wanted.

    Raises:
        WantedError: there is no such ticket.
    """
    try:
        return list(client.iterate(endpoint))
    except ConnectWiseNotFoundError as error:
        if error.code is not None and params["state"] == "absent":
            return []
        raise no_ticket(params, error) from error


def result(
    client: ConnectWiseClient, done: Done, name: str, kind: type[Record], ticket_id: int, **known: Any
) -> dict[str, Any]:
    """What a module returns that works on one record of a ticket, with the record's facts under ``name``.

    ``known`` are fields of the record that check mode does not have of the server.
    """
    return {
        "changed": done.operation != "unchanged",
        "operation": done.operation,
        name: facts(kind.from_dict({**known, **done.record})) if done.record else None,
        "url": client.get_ticket_url(ticket_id) if ticket_id else None,
        "diff": done.diff,
    }

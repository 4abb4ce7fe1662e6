# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ticket a task means: by its id or its key."""

from __future__ import annotations

import re
from typing import Any

from ..connectwise import Condition, ConnectWiseClient
from ..resources.fields import WantedError, by_name, find_custom_field
from ..resources.ticket import TICKET, TICKET_KINDS, TicketKind

TICKETS = "service/tickets"
_UNBORN = "0 is what a ticket has that check mode did not create."


def checked_key(option: str, key: str | None) -> str | None:
    """A key as it is stored: without blanks around it.

    Raises:
        WantedError: it is empty.
    """
    if key is not None and re.search(r"[\x00-\x1f\x7f]", key.strip()):
        raise WantedError(option, "it holds a line break or another control character.")
    if key is not None and not key.strip():
        raise WantedError(option, "it is empty. Give a text by which every run finds the same record.")
    return key.strip() if key is not None else None


def checked_id(option: str, ticket_id: int, check_mode: bool) -> int:
    """An id that a ticket can have; 0 in check mode only, for a ticket that an earlier task would have opened.

    Raises:
        WantedError: it is none.
    """
    if ticket_id < 0 or (ticket_id == 0 and not check_mode):
        raise WantedError(option, f"{ticket_id} is no id of a ticket; {_UNBORN}")
    return ticket_id


def find_by_key(
    client: ConnectWiseClient, key: str, key_field: str | None, endpoint: str = TICKETS
) -> list[dict[str, Any]]:
    """All tickets with a key, which is in ``externalXRef``, or in the custom field of the caption ``key_field``."""
    if not key_field:
        found = client.get_all(endpoint, Condition("externalXRef", "=", key))
        return [ticket for ticket in found if str(ticket.get("externalXRef")).strip() == key]
    condition = Condition("caption", "=", key_field.strip()) & Condition("value", "=", key)
    found = client.get_all(endpoint, customfieldconditions=condition)
    return [ticket for ticket in found if _custom_value(ticket, key_field) == key]


def _custom_value(ticket: dict[str, Any], caption: str) -> str:
    try:
        entry = find_custom_field(by_name(TICKET, "customFields"), ticket.get("customFields"), caption.strip())
    except WantedError:
        return ""
    return str(entry.get("value")).strip()


def chosen(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Of several tickets with one key: the open one with the lowest id, else the closed one with the highest."""
    still_open = [ticket for ticket in found if not ticket.get("closedFlag")]
    if still_open:
        return min(still_open, key=lambda ticket: int(ticket["id"]))
    return max(found, key=lambda ticket: int(ticket["id"])) if found else None


def kind_of_ticket(params: dict[str, Any]) -> TicketKind:
    """Service or project tickets, by the option ``record_type``; modules without it are for service tickets."""
    return TICKET_KINDS[params.get("record_type") or "service"]


def no_such_ticket(option: str, kind: str, ticket_id: Any) -> WantedError:
    """The sentence for an id that no ticket of this kind (``service``, ``project``) has."""
    (other,) = (name for name in TICKET_KINDS if name != kind)
    hint = f"(A {other} ticket is another kind of record.)"
    return WantedError(option, f"there is no {kind} ticket {ticket_id}. {hint}", "NotFound")


def keyless(option: str, kind: TicketKind, key_field: str | None) -> None:
    """Refuse a key that the kind of ticket has no field for.

    Raises:
        WantedError: it has none, and no custom field is named.
    """
    if not key_field and "externalXRef" not in [row.name for row in kind.table]:
        raise WantedError(
            option, f"{kind.name} tickets have no external reference. Name a custom field for keys: {option}_field."
        )

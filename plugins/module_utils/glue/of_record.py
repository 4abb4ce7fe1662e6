# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which record a document hangs on, the same for all modules of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..connectwise import ConnectWiseBadRequestError, ConnectWiseClient
from ..resources.fields import WantedError
from . import of_ticket
from .finding import TICKETS

# As the documentation fragments of_ticket and of_record describe them.
OPTIONS: dict[str, dict[str, Any]] = {
    **of_ticket.OPTIONS,
    "record_type": {"type": "str"},
    "record_id": {"type": "int"},
}
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("ticket_id", "ticket_key", "record_id", "id")],
    "required_together": [("record_type", "record_id")],
    "required_by": of_ticket.CONSTRAINTS["required_by"],
    "mutually_exclusive": [("ticket_id", "ticket_key", "record_id")],
}
# Where check mode looks whether a record is there.
_LISTS = {
    "Ticket": (TICKETS, "project/tickets"),
    "Company": ("company/companies",),
    "Contact": ("company/contacts",),
    "Configuration": ("company/configurations",),
    "Project": ("project/projects",),
}


@dataclass(frozen=True)
class Owner:
    """The record: its kind as the API calls it, its id (0 for one that check mode did not create), and the option
    that names it with what was given there."""

    kind: str
    id: int
    option: str
    given: Any

    @property
    def ticket_id(self) -> int:
        """The id, where it is a ticket; else 0."""
        return self.id if self.kind == "Ticket" else 0

    def missing(self) -> WantedError:
        """The error where there is no such record."""
        return WantedError(self.option, f"there is no {self.kind.lower()} {self.given}.", "NotFound")

    def is_there(self, client: ConnectWiseClient) -> bool:
        """Whether there is such a record, as far as the client knows where to look."""
        lists = _LISTS.get(self.kind, ())
        return not lists or any(client.get(f"{path}/{self.id}", fields=["id"]) for path in lists)


def owner_of(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> Owner:
    """The record that the options name; with the id 0 where they name the document alone.

    Raises:
        WantedError: as of :func:`.of_ticket.ticket_id_of`; no record can have this id.
    """
    if all(params[option] is None for option in ("record_id", "ticket_id", "ticket_key")):
        return Owner("", 0, "id", params["id"])
    if params["record_id"] is None:
        option = "ticket_id" if params["ticket_id"] is not None else "ticket_key"
        return Owner("Ticket", of_ticket.ticket_id_of(client, params, check_mode), option, params[option])
    if params["record_id"] < (0 if check_mode else 1):
        raise WantedError("record_id", f"{params['record_id']} is no id of a record.")
    kind = params["record_type"].strip()
    known = next((name for name in _LISTS if name.casefold() == kind.casefold()), kind)
    return Owner(known, params["record_id"], "record_id", params["record_id"])


def explained(error: ConnectWiseBadRequestError, owner: Owner) -> Exception:
    """What a refusal of something below a record means."""
    for item in error.field_errors:
        if str(item.get("field")).casefold() == "recordid":
            return owner.missing()
        if str(item.get("field")).casefold() == "recordtype":
            return WantedError("record_type", str(item.get("message")), error.code or "")
    return error

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_wait."""

from __future__ import annotations

import time
from typing import Any

from ..connectwise import ConnectWiseAPIError, ConnectWiseClient, ConnectWiseRateLimitError, Ticket
from ..resources.facts import facts
from ..resources.fields import FLAG, NUMBER, REFERENCE, TEXT, Field, WantedError, normalised, same, shown
from ..resources.ticket import TICKET
from .of_ticket import ticket_id_of
from .ticket import TICKETS

FIELDS = ("id", "summary", "status", "closedFlag")  # what is read of the ticket in any case
MOST_SECONDS = 7 * 86_400.0
_STATUS = Field("status", REFERENCE, "status", required=True)
_CLOSED = Field("closedFlag", FLAG, "closed")


def run_wait(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Wait until a ticket is as wanted.

    Args:
        client: asked with GET only.
        params: the module's options.
        check_mode: look once, and don't wait.

    Returns:
        The result: ``changed`` (False), ``ticket`` (facts of what was looked at), ``met`` (whether it is as wanted,
        which it always is but for check mode), ``elapsed`` (seconds), ``looks`` (how often it was read), ``url``.

    Raises:
        WantedError: it was not as wanted in time; with what it was.
        ConnectWiseError: a sentence that names the option at fault.
    """
    interval, limit = params["interval"], params["give_up_after"]
    if not 0 < interval <= MOST_SECONDS:
        raise WantedError("interval", f"{interval:g} is no number of seconds to wait between two looks.")
    if not 0 <= limit <= MOST_SECONDS:
        raise WantedError("give_up_after", f"{limit:g} is no number of seconds to wait; a week is the most.")
    wanted = _wanted(params)
    ticket_id = ticket_id_of(client, {**params, "state": "present"}, check_mode)
    asked = list(dict.fromkeys([*FIELDS, *(params["fields"] or {})]))
    begin = time.monotonic()
    ticket: dict[str, Any] = {"id": 0}
    looks = 0
    while True:
        pause = interval
        try:
            if ticket_id:
                ticket = _read(client, ticket_id, asked, params)
            looks += 1
        except ConnectWiseAPIError as error:
            # A wait outlasts what passes.
            if not error.retryable or check_mode or time.monotonic() - begin >= limit:
                raise
            if isinstance(error, ConnectWiseRateLimitError):
                pause = max(interval, error.retry_after or 0.0)
        unmet = _unmet(ticket, wanted)
        elapsed = time.monotonic() - begin
        if check_mode or (looks and not unmet):
            return {
                "changed": False,
                "ticket": facts(Ticket.from_dict(ticket), [name.partition("/")[0] for name in asked]),
                "met": not unmet,
                "elapsed": round(elapsed, 1),
                "looks": looks,
                "url": client.get_ticket_url(ticket_id) if ticket_id else None,
            }
        if elapsed >= limit:
            raise WantedError("give_up_after", f"after {limit:g} s {'; '.join(unmet)}.", "NotMet")
        time.sleep(min(pause, limit - elapsed))


def _read(client: ConnectWiseClient, ticket_id: int, asked: list[str], params: dict[str, Any]) -> dict[str, Any]:
    ticket: dict[str, Any] | None = client.get(f"{TICKETS}/{ticket_id}", fields=asked)
    if ticket is None:
        option = "ticket_id" if params["ticket_id"] is not None else "ticket_key"
        hint = "(A project ticket is another kind of record.)"
        raise WantedError(option, f"there is no service ticket {params[option]}. {hint}", "NotFound")
    return ticket


def _wanted(params: dict[str, Any]) -> dict[str, Any]:
    """The fields, and the values of which each must have one, as they are given."""
    wanted: dict[str, Any] = {}
    if params["status"] is not None:
        wanted["status"] = params["status"]
    if params["closed"] is not None:
        wanted["closedFlag"] = params["closed"]
    wanted.update(params["fields"] or {})
    if any(values in ([], None) for values in wanted.values()) or not wanted:
        raise WantedError("status", "give at least one value to wait for.", "MissingOption")
    return wanted


def _unmet(ticket: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """What is not as wanted, in words: ``status was still 'New' where Resolved was waited for``."""
    texts = []
    for name, given in wanted.items():
        values = given if isinstance(given, list) else [given]
        row, record = _row(name, ticket)
        if not any(same(row, record, normalised(row, value)) for value in values):
            several = " or ".join(str(value) for value in values)
            texts.append(f"{row.label} was still {shown(row, record)!r} where {several} was waited for")
    return texts


def _row(name: str, ticket: dict[str, Any]) -> tuple[Field, dict[str, Any]]:
    """How a field is compared, and the record that has it; a field that can't be set is compared as what it is."""
    if name == _STATUS.name:
        return _STATUS, ticket
    if name == _CLOSED.name:
        return _CLOSED, ticket
    record: Any = ticket
    *parents, last = name.split("/")
    for parent in parents:
        record = record.get(parent) if isinstance(record, dict) else None
    record = record if isinstance(record, dict) else {}
    known = next((row for row in TICKET if row.name == name), None)
    if known:
        return known, ticket
    found = record.get(last)
    kinds = ((bool, FLAG), ((int, float), NUMBER), (dict, REFERENCE))
    kind = next((kind for types, kind in kinds if isinstance(found, types)), TEXT)
    return Field(last, kind, name), record

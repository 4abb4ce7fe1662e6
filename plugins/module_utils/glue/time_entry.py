# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_time_entry."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from ..connectwise import Condition, ConnectWiseBadRequestError, ConnectWiseClient, TimeEntry
from ..resources.fields import REFERENCE, Field, Reference, WantedError, by_name, normalised, same, same_text
from ..resources.planning import wanted_state
from ..resources.references import CHARGE_CODE, STATUS
from ..resources.time_entry import (
    MAIL_TO,
    OPEN,
    SHOWN_IN,
    TIME_ENTRY,
    internal_notes,
    key_in,
    shown_in,
    with_end_for_hours,
    with_places,
)
from .finding import TICKETS, checked_key
from .lookup import Lookup
from .of_ticket import result, ticket_id_of
from .records import Done, bring, of_member, remove, the_only, with_id

ENTRIES = "time/entries"
_REFERENCE = Reference("time entry", ENTRIES)
# The options that name what time is charged to; the type that the API has for it.
CHARGED = {
    "ticket_id": "ServiceTicket",
    "ticket_key": "ServiceTicket",
    "project_ticket_id": "ProjectTicket",
    "charge_code": "ChargeCode",
    "activity_id": "Activity",
    "company": "",
}
_CHARGE_CODE = Field("chargeToId", REFERENCE, "charge_code", CHARGE_CODE, required=True)


def run_time_entry(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a time entry to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``time_entry`` (facts), ``url`` of the ticket, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    key = checked_key("key", params["key"])
    if key and "]" in key:
        raise WantedError("key", "the key of a time entry may hold neither a line break nor ']'.")
    wanted = wanted_state(TIME_ENTRY, params, params["fields"])
    for option, flags in (("add_to", SHOWN_IN), ("email", MAIL_TO)):
        if params[option] is not None:
            wanted.update({flag: place in params[option] for place, flag in flags.items()})
    lookup = Lookup(client)
    charged = _charged(client, lookup, params, check_mode)
    found = _find(client, lookup, params, check_mode, key, charged, wanted)
    if params["state"] == "absent":
        for entry in found:
            _check_deletable(entry)
        return _result(client, remove(client, TIME_ENTRY, ENTRIES, found, check_mode), charged)
    before = the_only(found, "key" if key else "start", "time entries")
    wanted = internal_notes(wanted, key, before) if key else wanted
    if before is None:
        return _result(client, _create(client, lookup, params, {**charged, **wanted}, check_mode), charged)
    wanted = with_end_for_hours(wanted, before)
    for name in ("notes", "internalNotes"):
        if name in wanted and same_text(before.get(name), wanted[name]):
            wanted[name] = before.get(name) or ""  # only what servers rewrite is different
    return _result(client, bring(client, lookup, TIME_ENTRY, ENTRIES, before, wanted, check_mode), charged)


def _charged(client: ConnectWiseClient, lookup: Lookup, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """What the time is charged to, as members of an entry; empty by id, and where it is the company."""
    option = _charging(params)
    if not option or not CHARGED[option]:
        return {}
    if option in ("ticket_id", "ticket_key"):
        number = ticket_id_of(client, params, check_mode)
    elif option == "charge_code":
        value = normalised(_CHARGE_CODE, params[option])
        number = value["id"] if "id" in value else lookup.find(_CHARGE_CODE, value, {})["id"]
    else:
        number = params[option]
    return {"chargeToType": CHARGED[option], "chargeToId": number}


def _charging(params: dict[str, Any]) -> str:
    """The option that says what the time is charged to; empty by id."""
    return next((option for option in CHARGED if params[option] is not None), "")


def _find(
    client: ConnectWiseClient,
    lookup: Lookup,
    params: dict[str, Any],
    check_mode: bool,
    key: str | None,
    charged: dict[str, Any],
    wanted: dict[str, Any],
) -> list[dict[str, Any]]:
    """The entry by id, else by its key, else by what it is charged to, its start and its member."""
    if params["id"] is not None:
        found = with_id(client, _REFERENCE, params, check_mode)
        if found and found["id"] == 0 and "customFields" in wanted:
            found = {**found, "customFields": lookup.custom_fields(ENTRIES)}
        return [found] if found else []
    if charged and not charged["chargeToId"]:
        return []  # of a ticket that check mode did not open
    conditions = [Condition(name, "=", value) for name, value in charged.items()]
    if not charged:
        company = by_name(TIME_ENTRY, "company")
        wanted["company"] = lookup.resolved((company,), {"company": wanted["company"]}, {}, _by_name)["company"]
        conditions = [Condition("company/id", "=", wanted["company"]["id"]), Condition("chargeToId", "=", None)]
    if key:
        entries = client.get_all(ENTRIES, reduce(and_, conditions))
        return [entry for entry in entries if key_in(entry) == key]
    start = datetime.fromisoformat(wanted["timeStart"].replace("Z", "+00:00"))
    entries = client.get_all(ENTRIES, reduce(and_, [*conditions, Condition("timeStart", "=", start)]))
    row = by_name(TIME_ENTRY, "timeStart")
    entries = [entry for entry in entries if same(row, entry, wanted["timeStart"])]
    return of_member(lookup, by_name(TIME_ENTRY, "member"), entries, wanted)


def _by_name(row: Field, value: dict[str, Any]) -> bool:
    return "id" not in value


def _create(
    client: ConnectWiseClient, lookup: Lookup, params: dict[str, Any], wanted: dict[str, Any], check_mode: bool
) -> Done:
    if "timeStart" not in wanted:
        raise WantedError("start", "a new time entry needs its start.", "MissingOption")
    option = _charging(params)
    if not option:
        raise WantedError("id", f"there is no time entry {params['id']}.", "NotFound")
    if check_mode and CHARGED[option] == "ServiceTicket" and wanted["chargeToId"]:
        _check_ticket(client, lookup, option, params[option], wanted["chargeToId"])
    definitions = lookup.custom_fields(ENTRIES) if "customFields" in wanted else []
    try:
        return bring(client, lookup, TIME_ENTRY, ENTRIES, None, wanted, check_mode, definitions)
    except ConnectWiseBadRequestError as error:
        if error.code == "TimeEntryApi" and "status" in error.message:
            raise _no_time_allowed(option) from error
        if any(str(item.get("field")).partition("/")[0] == "chargeToId" for item in error.field_errors):
            raise _not_there(option, params[option]) from error
        raise


def _check_ticket(client: ConnectWiseClient, lookup: Lookup, option: str, given: Any, ticket_id: int) -> None:
    """What the server will say of the ticket, for check mode."""
    ticket = client.get(f"{TICKETS}/{ticket_id}", fields=["board", "status"])
    if ticket is None:
        raise _not_there(option, given)
    statuses = lookup.all_of(STATUS, {"board": ticket.get("board")})
    status = (ticket.get("status") or {}).get("id")
    if any(str(item["id"]) == str(status) and item.get("timeEntryNotAllowed") for item in statuses):
        raise _no_time_allowed(option)


def _no_time_allowed(option: str) -> WantedError:
    return WantedError(
        option, "the status of this ticket takes no time entries. Give the ticket another status first.", "TimeEntryApi"
    )


def _not_there(option: str, given: Any) -> WantedError:
    nouns = {"ServiceTicket": "service ticket", "ProjectTicket": "project ticket", "ChargeCode": "charge code"}
    hint = " (A project ticket is another kind of record: project_ticket_id.)" if option == "ticket_id" else ""
    return WantedError(option, f"there is no {nouns.get(CHARGED[option], 'activity')} {given}.{hint}", "NotFound")


def _check_deletable(entry: dict[str, Any]) -> None:
    status = entry.get("status")
    if status is not None and status not in OPEN:
        raise WantedError(
            "state",
            f"the time entry {entry['id']} can't be deleted, because its status is {status}: "
            "it was submitted or billed.",
            "Submitted",
        )


def _result(client: ConnectWiseClient, done: Done, charged: dict[str, Any]) -> dict[str, Any]:
    entry = {**charged, **(done.record or {})}
    ticket_id = int(entry.get("chargeToId") or 0) if entry.get("chargeToType") == "ServiceTicket" else 0
    told = result(client, done, "time_entry", TimeEntry, ticket_id, **charged)
    if done.record:
        told["diff"] = with_places(done.diff, done.record)
        told["time_entry"].update(key=key_in(done.record), add_to=shown_in(done.record))
    return told

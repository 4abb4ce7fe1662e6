# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a time entry that can be set, and how an entry is known again (fact sheet 11.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from . import references as ref
from .fields import CUSTOM_FIELDS, ENUM, FLAG, INTEGER, NUMBER, REFERENCE, TEXT, TIME, Field, by_name, normalised, same
from .note import key_of, with_key
from .ticket import BILLING

SHOWN_IN = {
    "discussion": "addToDetailDescriptionFlag",
    "internal": "addToInternalAnalysisFlag",
    "resolution": "addToResolutionFlag",
}
MAIL_TO = {"resource": "emailResourceFlag", "contact": "emailContactFlag", "cc": "emailCcFlag"}
# In these an entry is still its member's own; what was submitted or billed can't be deleted (fact sheet 11.2).
OPEN = ("Open", "Rejected", "ErrorsCorrected", "RejectBySecondTier")

TIME_ENTRY = (
    Field("company", REFERENCE, "company", ref.COMPANY),
    Field(
        "chargeToType",
        ENUM,
        via="ticket_id",
        choices=("ServiceTicket", "ProjectTicket", "ChargeCode", "Activity"),
        create_only=True,
    ),
    Field("chargeToId", INTEGER, via="ticket_id", create_only=True),
    Field("member", REFERENCE, "member", ref.MEMBER, required=True),
    Field("timeStart", TIME, "start", required=True),
    Field("timeEnd", TIME, "end"),
    Field("actualHours", NUMBER, "hours"),
    Field("hoursDeduct", NUMBER, "hours_deduct"),
    Field("workRole", REFERENCE, "work_role", ref.WORK_ROLE),
    Field("workType", REFERENCE, "work_type", ref.WORK_TYPE),
    Field("billableOption", ENUM, "billable_option", choices=BILLING),
    Field("agreement", REFERENCE, "agreement", ref.AGREEMENT),
    Field("notes", TEXT, "notes"),
    Field("internalNotes", TEXT, "internal_notes"),
    Field("addToDetailDescriptionFlag", FLAG, via="add_to"),
    Field("addToInternalAnalysisFlag", FLAG, via="add_to"),
    Field("addToResolutionFlag", FLAG, via="add_to"),
    # Whom to mail now; what is kept of it belongs to the ticket (the API's own description).
    Field("emailResourceFlag", FLAG, via="email", unread=True),
    Field("emailContactFlag", FLAG, via="email", unread=True),
    Field("emailCcFlag", FLAG, via="email", unread=True),
    Field("emailCc", TEXT, unread=True),
    Field("locationId", INTEGER),
    Field("businessUnitId", INTEGER),
    Field("invoiceHours", NUMBER),
    Field("hourlyRate", NUMBER),
    Field("customFields", CUSTOM_FIELDS, "custom_fields"),
)


def shown_in(entry: dict[str, Any]) -> list[str]:
    """The places of the ticket in which an entry's notes are shown."""
    return [place for place, flag in SHOWN_IN.items() if entry.get(flag)]


def with_places(diff: dict[str, dict[str, Any]], entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A difference with the option ``add_to`` in place of its flags."""
    told = {}
    for side, values in diff.items():
        flags = {name: value for name, value in values.items() if name in SHOWN_IN.values()}
        others = {name: value for name, value in values.items() if name not in flags}
        told[side] = {**others, "add_to": shown_in({**entry, **flags})} if flags else others
    return told


def key_in(entry: dict[str, Any]) -> str | None:
    """The key of an entry: in the last line of the internal notes, which no customer reads; None where it has none."""
    return key_of({"text": entry.get("internalNotes")})


def internal_notes(wanted: dict[str, Any], key: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """The wanted state with the key in the internal notes, unless it stays there."""
    if "internalNotes" not in wanted and before:
        return wanted
    return {**wanted, "internalNotes": with_key(wanted.get("internalNotes", ""), key).strip()}


def with_end_for_hours(wanted: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The wanted state with the end in place of the hours, where the entry has an end.

    For the server takes no notice of hours then (fact sheet 11.2).
    """
    if "actualHours" not in wanted or not before.get("timeEnd"):
        return wanted
    others = {name: value for name, value in wanted.items() if name != "actualHours"}
    start_stays = "timeStart" not in wanted or same(by_name(TIME_ENTRY, "timeStart"), before, wanted["timeStart"])
    if start_stays and same(by_name(TIME_ENTRY, "actualHours"), before, wanted["actualHours"]):
        return others
    start = datetime.fromisoformat(str(wanted.get("timeStart") or before["timeStart"]).replace("Z", "+00:00"))
    hours = wanted["actualHours"] + float(wanted.get("hoursDeduct", before.get("hoursDeduct")) or 0)
    end = normalised(by_name(TIME_ENTRY, "timeEnd"), start + timedelta(hours=hours))
    return {**others, "timeEnd": end}

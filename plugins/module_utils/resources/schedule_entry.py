# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a schedule entry that can be set: who is to work at a ticket, and when (fact sheet 11.3)."""

from __future__ import annotations

from . import references as ref
from .fields import FLAG, INTEGER, NUMBER, REFERENCE, TEXT, TIME, Field

SCHEDULE_ENTRY = (
    Field("type", REFERENCE, reference=ref.SCHEDULE_TYPE, create_only=True),
    Field("objectId", INTEGER, via="ticket_id", create_only=True),
    Field("member", REFERENCE, "member", ref.MEMBER, required=True),
    Field("dateStart", TIME, "start"),
    Field("dateEnd", TIME, "end"),
    Field("hours", NUMBER, "hours"),
    Field("status", REFERENCE, "status", ref.SCHEDULE_STATUS),
    Field("where", REFERENCE, "where", ref.SERVICE_LOCATION),
    Field("doneFlag", FLAG, "done"),
    Field("acknowledgedFlag", FLAG, "acknowledged"),
    Field("name", TEXT, "name", longest=250),
    Field("reminder", REFERENCE, reference=ref.REMINDER),
    Field("ownerFlag", FLAG),
    Field("meetingFlag", FLAG),
    Field("acknowledgedDate", TIME),
    Field("closeDate", TIME),
    Field("projectRoleId", INTEGER),
    # What is done with the write, and not kept.
    Field("allowScheduleConflictsFlag", FLAG, "allow_conflicts", unread=True),
    Field("addMemberToProjectFlag", FLAG, unread=True),
    Field("notifyResource", FLAG, unread=True),
)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a ticket's task that can be set, and how a task is known again (fact sheet 11.4)."""

from __future__ import annotations

from typing import Any

from . import references as ref
from .fields import ENUM, FLAG, INTEGER, REFERENCE, TEXT, Field, same_text

TASK = (
    Field("summary", TEXT, "summary"),
    Field("notes", TEXT, "notes"),
    Field("closedFlag", FLAG, "closed"),
    Field("priority", INTEGER, "priority"),
    Field("code", REFERENCE, "code", ref.SERVICE_CODE),
    Field("member", REFERENCE, "member", ref.MEMBER),
    Field("schedule", REFERENCE, "schedule", ref.SCHEDULE_ENTRY),
    Field("resolution", TEXT, "resolution"),
    # What becomes of the schedule entries of a child ticket: done with the change, and not kept.
    Field("childScheduleAction", ENUM, choices=("Transfer", "Delete", "Done"), unread=True),
    Field("childTicketId", INTEGER),
)


def is_about(task: dict[str, Any], text: str) -> bool:
    """Whether a task is the one of this text, which is its summary, or where it has none, its notes."""
    return same_text(task.get("summary") or task.get("notes"), text)


def in_notes(task: dict[str, Any]) -> bool:
    """Whether the text of a task is in its notes, as on servers whose tasks have no summary."""
    return bool(task.get("notes")) and not task.get("summary")

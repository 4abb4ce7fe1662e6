# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a ticket's note that can be set, and how a note is known again (fact sheet 8)."""

from __future__ import annotations

import re
from typing import Any

from . import references as ref
from .fields import FLAG, REFERENCE, TEXT, Field

KINDS = {"discussion": "detailDescriptionFlag", "internal": "internalAnalysisFlag", "resolution": "resolutionFlag"}

NOTE = (
    Field("text", TEXT, "text"),
    Field("detailDescriptionFlag", FLAG, via="kind"),
    Field("internalAnalysisFlag", FLAG, via="kind"),
    Field("resolutionFlag", FLAG, via="kind"),
    Field("issueFlag", FLAG, "issue"),
    Field("member", REFERENCE, "member", ref.MEMBER),
    Field("contact", REFERENCE, "contact", ref.CONTACT),
    Field("customerUpdatedFlag", FLAG, "customer_updated", unread=True),
    Field("processNotifications", FLAG, "process_notifications", unread=True),
)

_MARK = re.compile(r"\[key: ([^\n\]]+)\]$")


def kind_flags(kinds: list[str]) -> dict[str, bool]:
    """The three flags for a list out of ``discussion``, ``internal``, ``resolution``."""
    return {flag: kind in kinds for kind, flag in KINDS.items()}


def kinds_of(note: dict[str, Any]) -> list[str]:
    """The kinds of a note as the API gives it."""
    return [kind for kind, flag in KINDS.items() if note.get(flag)]


def with_key(text: str, key: str | None) -> str:
    """The text with its key in the last line, for a note has no field of its own for one."""
    return f"{text.rstrip()}\n\n[key: {key}]" if key else text


def key_of(note: dict[str, Any]) -> str | None:
    """The key in the last line of a note's text; None where there is none."""
    mark = _MARK.search((note.get("text") or "").rstrip())
    return mark.group(1) if mark else None

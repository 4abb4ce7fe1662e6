# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail of tickets (fact 11.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .answers import Answer, Answers, Call, Endpoints
from .conditions import columns_of_documents
from .errors import FieldError, invalid, required, unknown_name

_COLUMNS = columns_of_documents(
    {
        **dict.fromkeys(("text", "enteredBy", "auditType", "auditSubType", "auditSource"), "text"),
        "enteredDate": "datetime",
    }
)


class AuditTrail:
    """The endpoint system/audittrail. Only tickets have a trail here."""

    def __init__(self, answers: Answers) -> None:
        """For one world."""
        self.answers = answers

    def endpoints(self) -> Endpoints:
        """All of them."""
        return {"system/audittrail": {"GET": self._many}, "system/audittrail/count": {"GET": self._count}}

    def _entries(self, call: Call) -> list[dict[str, Any]]:
        kind, number = call.query.text("type"), call.query.text("id")
        missing = [required(name) for name, text in (("type", kind), ("id", number)) if not text]
        if missing:
            raise invalid("auditTrail", missing)
        if kind.lower() not in ("ticket", "configuration", "company", "contact", "agreement", "project"):
            raise invalid("auditTrail", [FieldError("InvalidField", f"type {kind} is not valid", "type")])
        history = (
            self.answers.world.store.history(call.query.number("id", 1, 2**31)) if kind.lower() == "ticket" else []
        )
        return [
            {
                "text": line["text"],
                "enteredDate": line["at"],
                "enteredBy": line["who"],
                "auditType": "Ticket",
                "auditSubType": "Record",
                "auditSource": "Api",
            }
            for line in history
        ]

    def _many(self, call: Call, ids: list[int]) -> Answer:
        """There is no orderBy, and no forward-only paging (facts 3.4, 11.6)."""
        if call.query.text("orderBy").strip():
            raise unknown_name("orderBy")
        plain = {name: value for name, value in call.headers.items() if name != "pagination-type"}
        return self.answers.page_of(replace(call, headers=plain), self._entries(call), _COLUMNS)

    def _count(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.count_of(call, self._entries(call), _COLUMNS)

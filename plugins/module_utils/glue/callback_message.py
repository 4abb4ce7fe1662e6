# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ConnectWise sends to those who registered a callback, as events of Event-Driven Ansible (fact sheet 11.5)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from ..connectwise import Company, Configuration, Contact, Member, Record, ScheduleEntry, Ticket, TimeEntry
from ..resources.facts import facts
from ..resources.host import without_passwords

# The types of records of which an event has the facts too.
_RECORDS: dict[str, type[Record]] = {
    "ticket": Ticket,
    "configuration": Configuration,
    "company": Company,
    "contact": Contact,
    "member": Member,
    "schedule": ScheduleEntry,
    "time": TimeEntry,
}


class Message:
    """The body of a callback.

    Args:
        body: as it was received.

    Attributes:
        id: by which ConnectWise tells messages apart (str).
        key_url: where it says that its signing key is (str). To be believed only after a look.
        company: what the members of that ConnectWise log in to (str).

    Raises:
        ValueError: a sentence.
    """

    def __init__(self, body: bytes) -> None:
        self._sent = _decoded(body)
        metadata = self._sent.get("Metadata")
        self.id = self._text("MessageId")
        self.company = self._text("CompanyId")
        self.key_url = str(metadata["key_url"]) if isinstance(metadata, dict) and metadata.get("key_url") else ""
        if not self.key_url:
            raise ValueError("it has no Metadata.key_url")

    def event(self) -> dict[str, Any]:
        """The event for a rulebook.

        Returns:
            ``action`` (``added``, ``updated`` or ``deleted``), ``type`` of the record, its ``id``, ``entity``, which is
            the record as the API has it, but for passwords, and None where it was deleted, ``message_id``,
            ``company_id``, ``member_id`` and ``callback_id``; for the commonest types the facts of the record too,
            under the name of the type.

        Raises:
            ValueError: a sentence.
        """
        kind, number = self._text("Type").lower(), self._sent.get("ID")
        if isinstance(number, str) and re.fullmatch("[0-9]{1,18}", number):
            number = int(number)
        if isinstance(number, bool) or not isinstance(number, int):
            raise ValueError("it has no ID of a record")
        record = self._sent.get("Entity")
        if record in ("", "null"):  # no record, in another spelling
            record = None
        if isinstance(record, str):
            record = _decoded(record)
        elif record is not None and not isinstance(record, dict):
            raise ValueError("its Entity is no record")
        if record is not None:
            record = without_passwords(record)  # rulebooks print events, and keep them
        event = {
            "action": self._text("Action").lower(),
            "type": kind,
            "id": number,
            "entity": record,
            "message_id": self.id,
            "company_id": self.company,
            "member_id": self._sent.get("MemberId"),
            "callback_id": self._sent.get("CallbackObjectRecId"),
        }
        if record is not None and kind in _RECORDS:
            event[kind] = facts(_RECORDS[kind].from_dict(record))
        return event

    def _text(self, name: str) -> str:
        value = self._sent.get(name)
        if not isinstance(value, str) or not value or re.search("[\ud800-\udfff]", value):
            raise ValueError(f"it has no {name}")
        return value


def _decoded(text: bytes | str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(constant: str) -> NoReturn:
    """Numbers such as NaN are no JSON, and the rule engine takes none."""
    raise ValueError(constant)

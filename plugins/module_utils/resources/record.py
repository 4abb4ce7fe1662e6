# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that cw_record_info reads: one row a kind (fact sheet 10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from ..connectwise import Company, Condition, Contact, Member, Priority, Record, Source
from . import references as ref
from .fields import FLAG, REFERENCE, Field, Reference
from .filters import Filter, Filters

# Without what a condition can't say exactly.
_PART = r"[^@\s\"\\\[\]\x00-\x1f\x7f\ud800-\udfff]+"
_ADDRESS = re.compile(f"{_PART}@{_PART}")

_COMPANY = Filter(Field("company", REFERENCE, "company", ref.COMPANY))
_USABLE = Filter(Field("inactiveFlag", FLAG, "active"), negated=True)
_USABLE_UNASKED = Filter(Field("inactiveFlag", FLAG, "active"), unasked=True)


def _unless(flag: str) -> Filter:
    return Filter(Field(flag, FLAG, "active"), negated=True)


@dataclass(frozen=True)
class RecordKind:
    """One row: where the records are and what they may be called, their dataclass if there is one, their filters."""

    reference: Reference
    record: type[Record] = Record
    filters: Filters = ()


RECORDS = {
    "agreement": RecordKind(ref.AGREEMENT, filters=(_COMPANY, _unless("cancelledFlag"))),
    "communication_type": RecordKind(ref.COMMUNICATION_TYPE),
    "company": RecordKind(ref.COMPANY, Company, (_unless("deletedFlag"),)),
    "company_status": RecordKind(ref.COMPANY_STATUS, filters=(_USABLE,)),
    "company_type": RecordKind(ref.COMPANY_TYPE),
    "configuration_status": RecordKind(ref.CONFIGURATION_STATUS, filters=(_unless("closedFlag"),)),
    "configuration_type": RecordKind(ref.CONFIGURATION_TYPE, filters=(_USABLE,)),
    "contact": RecordKind(ref.CONTACT, Contact, (_COMPANY, _USABLE)),
    "contact_type": RecordKind(ref.CONTACT_TYPE),
    "department": RecordKind(ref.DEPARTMENT),
    "location": RecordKind(ref.LOCATION),
    "manufacturer": RecordKind(ref.MANUFACTURER, filters=(_USABLE,)),
    "member": RecordKind(ref.MEMBER, Member, (_USABLE_UNASKED,)),
    "priority": RecordKind(ref.PRIORITY, Priority),
    "project": RecordKind(ref.PROJECT, filters=(_COMPANY, _unless("closedFlag"))),
    "schedule_status": RecordKind(ref.SCHEDULE_STATUS),
    "schedule_type": RecordKind(ref.SCHEDULE_TYPE),
    "service_location": RecordKind(ref.SERVICE_LOCATION),
    "site": RecordKind(ref.SITE, filters=(_USABLE,)),
    "sla": RecordKind(ref.SLA),
    "source": RecordKind(ref.SOURCE, Source),
    "work_role": RecordKind(ref.WORK_ROLE, filters=(_USABLE_UNASKED,)),
    "work_type": RecordKind(ref.WORK_TYPE, filters=(_USABLE_UNASKED,)),
}


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address, and one that conditions can ask for."""
    return _ADDRESS.fullmatch(text) is not None


def with_address(address: str) -> Condition:
    """The child condition for contacts that have an e-mail address (fact sheet 4.13)."""
    value = Condition("communicationItems/value", "=", address)
    return value & Condition("communicationItems/communicationType", "=", "Email")


def named(reference: Reference, name: str) -> tuple[Condition | None, Condition | None]:
    """What asks for records by what they are called: the condition, and the one on the lists that records hold."""
    if "email" in reference.names and is_address(name):
        return None, with_address(name)
    person = reference in (ref.CONTACT, ref.MEMBER)
    parts = [
        _full_name(name) if person and member == "name" else Condition(member, "=", name)
        for member in reference.names
        if member != "email"
    ]
    return reduce(or_, parts), None


def _full_name(name: str) -> Condition:
    """First and last name, which no list has in one field (fact sheet 4.12), wherever the one ends."""
    words = name.split()
    parts = [
        Condition("firstName", "=", " ".join(words[:place])) & Condition("lastName", "=", " ".join(words[place:]))
        for place in range(1, len(words))
    ]
    no_last = Condition("lastName", "=", None) | Condition("lastName", "=", "")
    return reduce(or_, [*parts, Condition("firstName", "=", " ".join(words)) & no_last])

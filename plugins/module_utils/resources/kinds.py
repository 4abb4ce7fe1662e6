# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of records that are looked up by a word: where they are, what they may be called, their dataclass."""

from __future__ import annotations

from dataclasses import replace

from ..connectwise import Board, Company, Configuration, Contact, Member, Priority, Record, Source, Ticket
from . import references as ref
from .fields import Reference, WantedError, quoted


def _anywhere(reference: Reference) -> Reference:
    """A kind whose names are looked for in all companies."""
    return replace(reference, scope="", searched=True)


KINDS: dict[str, tuple[Reference, type[Record]]] = {
    "agreement": (_anywhere(ref.AGREEMENT), Record),
    "board": (ref.BOARD, Board),
    "company": (ref.COMPANY, Company),
    "configuration": (_anywhere(ref.CONFIGURATION), Configuration),
    "configuration_status": (ref.CONFIGURATION_STATUS, Record),
    "configuration_type": (ref.CONFIGURATION_TYPE, Record),
    # No list of contacts has their names in one field (fact sheet 4.12).
    "contact": (replace(ref.CONTACT, scope="", names=()), Contact),
    "department": (ref.DEPARTMENT, Record),
    "location": (ref.LOCATION, Record),
    "manufacturer": (ref.MANUFACTURER, Record),
    "member": (ref.MEMBER, Member),
    "priority": (ref.PRIORITY, Priority),
    "project": (ref.PROJECT, Record),
    "schedule_status": (ref.SCHEDULE_STATUS, Record),
    "schedule_type": (ref.SCHEDULE_TYPE, Record),
    "service_location": (ref.SERVICE_LOCATION, Record),
    "sla": (ref.SLA, Record),
    "source": (ref.SOURCE, Source),
    "ticket": (Reference("ticket", "service/tickets", names=("externalXRef",), searched=True), Ticket),
    "work_role": (ref.WORK_ROLE, Record),
    "work_type": (ref.WORK_TYPE, Record),
}


def kind_of(record: str) -> tuple[Reference, type[Record]]:
    """The row of a word, or one for a path of the API, such as ``finance/agreements``.

    Raises:
        WantedError: it is neither.
    """
    if record in KINDS:
        return KINDS[record]
    if "/" in record.strip("/"):
        path = record.strip("/")
        return Reference(f"record in {path}", path, searched=True), Record
    there = ", ".join(KINDS)
    raise WantedError("record", f"{quoted(record)} is neither a path such as finance/agreements nor one of {there}.")

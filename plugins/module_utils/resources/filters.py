# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By what lists of records are filtered: one row an option, with the operator of its condition (fact sheet 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..connectwise import Condition
from . import references as ref
from .configuration import CONFIGURATION_FIELDS
from .fields import FLAG, INTEGER, REFERENCE, TEXT, TIME, Field, Table, WantedError, by_name, normalised
from .note import KINDS
from .ticket import PROJECT_TICKET, TICKET


@dataclass(frozen=True)
class Filter:
    """One row: the option is that of ``field``.

    ``negated`` is a flag that says the opposite of its option. ``unasked`` is one of these that some servers refuse in
    conditions (fact sheet 4.12), so that it is left to the client.
    """

    field: Field
    operator: str = "="
    negated: bool = False
    unasked: bool = False


Filters = Sequence[Filter]


def _equal(table: Table, *names: str) -> tuple[Filter, ...]:
    return tuple(Filter(by_name(table, name)) for name in names)


# What others are looked up in goes before them.
TICKET_FILTERS: Filters = (
    *_equal(PROJECT_TICKET, "project", "phase"),
    *_equal(TICKET, "board", "status", "type", "subType", "item", "team", "company", "site", "contact", "priority"),
    *_equal(TICKET, "owner", "source", "severity", "impact", "externalXRef"),
    Filter(Field("parentTicketId", INTEGER, "parent")),
    Filter(Field("configuration", REFERENCE, "configuration", ref.CONFIGURATION)),
    Filter(Field("summary", TEXT, "summary_contains"), "contains"),
    Filter(Field("closedFlag", FLAG, "closed")),
    Filter(Field("dateEntered", TIME, "entered_after"), ">="),
    Filter(Field("dateEntered", TIME, "entered_before"), "<"),
    Filter(Field("lastUpdated", TIME, "updated_after"), ">="),
    Filter(Field("lastUpdated", TIME, "updated_before"), "<"),
    Filter(Field("closedDate", TIME, "closed_after"), ">="),
    Filter(Field("closedDate", TIME, "closed_before"), "<"),
    Filter(Field("requiredDate", TIME, "required_after"), ">="),
    Filter(Field("requiredDate", TIME, "required_before"), "<"),
)


BOARD_FILTERS: Filters = (
    Filter(Field("name", TEXT, "name")),
    Filter(Field("location", REFERENCE, "location", ref.LOCATION)),
    Filter(Field("department", REFERENCE, "department", ref.DEPARTMENT)),
    Filter(Field("projectFlag", FLAG, "project")),
    Filter(Field("inactiveFlag", FLAG, "active"), negated=True),
)
CONFIGURATION_FILTERS: Filters = (
    *_equal(CONFIGURATION_FIELDS, "name", "company", "type", "status", "site", "contact", "location", "department"),
    *_equal(CONFIGURATION_FIELDS, "manufacturer", "vendor", "modelNumber", "serialNumber", "tagNumber"),
    *_equal(CONFIGURATION_FIELDS, "deviceIdentifier", "macAddress", "ipAddress"),
    Filter(Field("activeFlag", FLAG, "active")),
)


def wanted_by(filters: Filters, options: dict[str, Any]) -> list[tuple[Filter, Any]]:
    """The filters that are asked for, with their values as the tables of fields have them.

    Raises:
        WantedError: a value that can't be.
    """
    asked = [(row, options[row.field.option]) for row in filters if options[row.field.option] is not None]
    for row, value in asked:
        if isinstance(value, str) and not value.strip():
            raise WantedError(row.field.option, "it is empty. Leave it out, or give a name.")
    return [(row, normalised(row.field, value)) for row, value in asked]


def condition(row: Filter, value: Any) -> Condition:
    """What the server is asked for a filter.

    Args:
        value: as of :func:`wanted_by`; a reference by its id, else by its name.
    """
    name = row.field.name
    if row.field.kind == REFERENCE:
        member = "id" if "id" in value else "name"
        return Condition(f"{name}/{member}", row.operator, value[member])
    if row.field.kind == TIME:
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if row.unasked:
        return Condition.unasked(name, "!=" if value else "=", True)
    if row.negated:
        value = not value
    return Condition(name, row.operator, value)


def of_kinds(kinds: list[str]) -> Condition:
    """Notes of one of these kinds (``discussion``, ``internal``, ``resolution``)."""
    first, *others = (Condition(KINDS[kind], "=", True) for kind in kinds)
    for other in others:
        first = first | other
    return first

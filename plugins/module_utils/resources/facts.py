# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records as facts: snake_case dictionaries for playbooks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from ..connectwise.models import Record


def snake_case(name: str) -> str:
    """``externalXRef`` becomes ``external_x_ref``, ``escalationStartDateUTC`` ``escalation_start_date_utc``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def facts(record: Record, only: Collection[str] = ()) -> dict[str, Any]:
    """The facts of a record: its fields, those the server added, and its properties (``status_name``, ``is_closed``).

    Links (``_info``) are left out, for they are most of a record's size; what they tell of times and members is in
    the properties. Empty fields are None.

    Args:
        record: of any kind.
        only: API names of the fields that were asked for; all fields and properties where empty.
    """
    values: dict[str, Any] = {
        item.name: getattr(record, item.name) for item in fields(record) if item.name not in ("_info", "extra")
    }
    values.update(record.extra)
    if only:
        heads = {name.partition("/")[0].strip() for name in only}
        return {snake_case(name): _plain(value) for name, value in values.items() if name in heads}
    found = {snake_case(name): _plain(value) for name, value in values.items()}
    for kind in type(record).__mro__:
        found.update(
            {name: _plain(getattr(record, name)) for name, item in vars(kind).items() if isinstance(item, property)}
        )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake_case(key): _plain(item) for key, item in value.items() if key != "_info"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value

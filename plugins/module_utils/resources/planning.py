# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a table, a record and a wanted state to the operations that lead from one to the other."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from difflib import get_close_matches
from typing import Any

from .communications import merged_items, new_item, operations
from .fields import (
    COMMUNICATIONS,
    ENTRIES,
    HIDDEN,
    REFERENCE,
    TEXT,
    Field,
    Table,
    WantedError,
    by_name,
    custom_value,
    find_custom_field,
    normalised,
    quoted,
    same,
    shown,
    value_kind,
    value_member,
)


@dataclass
class Plan:
    """The rows to be changed, and the operations (JSON Patch) that change them; empty where all is as wanted."""

    changed: list[Field] = dataclass_field(default_factory=list)
    operations: list[dict[str, Any]] = dataclass_field(default_factory=list)


def wanted_state(table: Table, options: dict[str, Any], further: dict[str, Any] | None = None) -> dict[str, Any]:
    """The wanted state: API name to normalised value, in the order of the table.

    Args:
        options: the module's options; None stands for "not asked for".
        further: the module's option ``fields``: API name to value.

    Raises:
        WantedError: a value that can't be, a name in ``further`` that can't be set or is given as an option too.
    """
    further = dict(further or {})
    wanted = {}
    for row in table:
        value = options.get(row.option) if row.option else None
        if row.name in further:
            if value is not None:
                raise WantedError("fields", f"{row.name} is given as the option {row.option} already.")
            value = further.pop(row.name)
        if value is not None:
            wanted[row.name] = normalised(row, value)
    if further:
        name = min(further)
        close = get_close_matches(name, [row.name for row in table], 3, 0.5)
        hint = f"Did you mean {' or '.join(close)}?" if close else "Give the name that the API has for it."
        raise WantedError("fields", f"there is no field {quoted(name)} that can be set. {hint}")
    return wanted


def new_record(table: Table, wanted: dict[str, Any]) -> dict[str, Any]:
    """The body that creates a record as wanted; custom fields and questions as the task gives them."""
    return {name: _sent(by_name(table, name), value) for name, value in wanted.items() if value != ""}


def plan(table: Table, current: dict[str, Any], wanted: dict[str, Any]) -> Plan:
    """What has to be done so that ``current`` becomes as wanted.

    Where a record moves to another board (or company), the wanted fields in its scope are set again even if they have
    the same name now: that name stands for another record there (fact sheet 6.4, 7.4).
    """
    result = Plan()
    moved: set[str] = set()
    for name, value in wanted.items():
        row = by_name(table, name)
        if row.create_only or row.unread:
            continue
        scope = row.reference.scope if row.reference else ""
        if same(row, current, value) and not (scope in moved and value and "id" not in value):
            continue
        moved.add(name)
        result.changed.append(row)
        if row.kind == COMMUNICATIONS:
            result.operations += operations(current.get(name) or [], value)
        else:
            result.operations.append(_operation(row, current, value))
    if result.operations:
        result.operations += [
            _operation(by_name(table, name), {}, value) for name, value in wanted.items() if by_name(table, name).unread
        ]
    return result


def replacement(current: dict[str, Any], operations: list[dict[str, Any]], twins: dict[str, str]) -> dict[str, Any]:
    """The whole record with the operations of a :class:`Plan` applied: the body of a PUT, which empties what it leaves
    out (fact sheet 6.8), so that fields that no table knows go back as they came.

    Args:
        current: the record as the API gives it.
        operations: of a :class:`Plan` for this record.
        twins: by the name of a field, the one that is left out where that field is changed.
    """
    body = {name: _put_back(value) for name, value in current.items() if name != "_info"}
    changed = {operation["path"].partition("/")[0] for operation in operations}
    for name in changed:
        if twins.get(name) not in changed:
            body.pop(twins.get(name, ""), None)
    for operation in operations:
        name, _slash, member = operation["path"].partition("/")
        if operation["op"] == "remove":
            body.pop(name, None)
        else:
            body[name] = {member: operation["value"]} if member else operation["value"]
    return body


def _put_back(value: Any) -> Any:
    """A reference by its id alone, for its name may be one of several; without the links that the server adds."""
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name != "_info"}
        return {"id": kept["id"]} if kept.get("id") is not None else kept
    return value


def _operation(row: Field, current: dict[str, Any], value: Any) -> dict[str, Any]:
    if value == "" and row.kind != TEXT:
        return {"op": "remove", "path": row.name}
    if row.kind == REFERENCE and "id" in value:
        # The one form that every source saw working (fact sheet 6.2).
        return {"op": "replace", "path": f"{row.name}/id", "value": value["id"]}
    if row.kind in ENTRIES:
        # The whole list: what a server does with entries left out is in conflict (fact sheet 6.6, 6.7).
        return {"op": "replace", "path": row.name, "value": merged_custom_fields(row, current.get(row.name), value)}
    return {"op": "replace", "path": row.name, "value": _sent(row, value)}


def _sent(row: Field, value: Any) -> Any:
    """A normalised value as the API takes it: a reference by its id, else under the member that the API searches."""
    if row.kind == COMMUNICATIONS:
        return [new_item(name, entry) for name, entry in value.items() if entry["value"]]
    if row.kind != REFERENCE or not row.reference or value == "":
        return value
    return {"id": value["id"]} if "id" in value else {row.reference.api_takes or "name": value["name"]}


def merged_custom_fields(row: Field, entries: Any, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """A record's custom fields or questions with the wanted values put in and all others kept.

    Raises:
        WantedError: a caption that the record does not have, a value that its type does not take.
    """
    merged: list[dict[str, Any]] = deepcopy(entries or [])
    for caption, value in wanted.items():
        entry = find_custom_field(row, merged, caption)
        kept = custom_value(entry, value)
        entry[value_member(entry)] = None if kept == "" and value_kind(entry) != TEXT else kept
    return merged


def with_changes(table: Table, current: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """``current`` as it would be with the wanted values in it: what check mode shows."""
    record = deepcopy(current)
    for name, value in wanted.items():
        row = by_name(table, name)
        if row.create_only or row.unread:
            continue
        if row.kind == COMMUNICATIONS:
            record[name] = merged_items(record.get(name) or [], value)
        elif row.kind in ENTRIES:
            record[name] = merged_custom_fields(row, record.get(name), value)
        elif value == "":
            record.pop(name, None)
        elif record.get(name) is None or not same(row, record, value):
            record[name] = value
    return record


def difference(
    changed: list[Field], before: dict[str, Any], after: dict[str, Any], wanted: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """``{"before": {...}, "after": {...}}`` of the changed fields only, with names instead of ids."""
    shown_before, shown_after = {}, {}
    for row in changed:
        if row.unread:
            continue
        captions = list(wanted[row.name]) if row.kind in ENTRIES else []
        if before and captions:
            captions = _changed_entries(row, before, after, captions)
        if before:
            shown_before[row.label] = shown(row, before, captions)
        shown_after[row.label] = wanted[row.name] if row.create_only else shown(row, after, captions)
    return {"before": shown_before, "after": shown_after}


def _changed_entries(row: Field, before: dict[str, Any], after: dict[str, Any], captions: list[str]) -> list[str]:
    """The entries that look different afterwards, and passwords, which never do; all of them where none does."""
    was, becomes = shown(row, before, captions), shown(row, after, captions)
    return [name for name in captions if was[name] != becomes[name] or becomes[name] == HIDDEN] or captions


def all_shown(table: Table, record: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record that are not empty, for a person: what is lost where it is deleted."""
    rows = [row for row in table if row.kind not in ENTRIES and not row.unread]
    values = {row.label: shown(row, record) for row in rows}
    return {label: value for label, value in values.items() if value is not None and value is not False}

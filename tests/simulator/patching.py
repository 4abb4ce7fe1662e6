# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Patch on a record (facts 6.1 to 6.4)."""

from __future__ import annotations

import copy
import re
from typing import Any

from .errors import FieldError, conversion, invalid
from .fields import Field, RecordType
from .reading import Reader, Reading
from .switches import Switches

_NAMES = ("name", "identifier", "summary")


class _Invalid(Exception):
    """The path cannot be used."""


def read_patch(
    record_type: RecordType, shown: dict[str, Any], operations: object, text: str, switches: Switches
) -> Reading:
    """The values that a patch leads to, applied in order (fact 6.4); None for what it removes.

    ``shown`` is the record as it was before. ApiError 400 for paths that are none.
    """
    if not isinstance(operations, list):
        raise conversion("Unexpected character encountered while parsing value: {. Path '', line 1, position 1.")
    reader = Reader(record_type, text, switches)
    raw: dict[str, Any] = {}
    errors: list[FieldError] = []
    for operation in operations:
        path = _path_of(record_type, operation, switches)
        try:
            _apply(record_type, shown, raw, operation, path, switches)
        except _Invalid as error:
            raise invalid(
                record_type.resource, [FieldError("InvalidField", f"path {path} is not valid", path)]
            ) from error
    reading = Reading(errors=errors)
    for name, value in raw.items():
        reading.values[name] = reader.value(record_type.by_field[name], value, name, errors)
    return reading


def _path_of(record_type: RecordType, operation: Any, switches: Switches) -> str:
    if not isinstance(operation, dict):
        raise conversion("Error converting value to type 'PatchOperation'. Path '[0]', line 1, position 1.")
    members = {name.lower(): value for name, value in operation.items()}
    path, op = members.get("path"), members.get("op")
    if not isinstance(path, str) or not path.strip("/"):
        raise invalid(record_type.resource, [FieldError("InvalidField", f"path {path} is not valid", "path")])
    word = str(op).lower() if switches.is_("patch_upper_case_op", "accept") else op
    if word not in ("add", "replace", "remove"):
        raise invalid(record_type.resource, [FieldError("InvalidField", f"op {op} is not valid", "op")])
    operation["op"], operation["value"] = word, members.get("value")
    return path


def _apply(
    record_type: RecordType,
    shown: dict[str, Any],
    raw: dict[str, Any],
    operation: dict[str, Any],
    path: str,
    switches: Switches,
) -> None:
    first, *rest = (part.replace("~1", "/").replace("~0", "~") for part in path.strip("/").split("/"))
    row = record_type.by_field.get(first)
    # initialDescription and its like, and typeIds, are for POST only (facts 6.8, 7.2).
    if row is None or row.write in ("initial", "create"):
        raise _Invalid
    value = None if operation["op"] == "remove" else operation["value"]
    if row.write == "ignored":
        return
    if row.kind in ("reference", "loose"):
        _apply_to_reference(row, raw, rest, value, switches)
    elif rest:
        if row.kind not in ("children", "references", "custom", "questions", "integers", "texts"):
            raise _Invalid
        whole = raw.get(row.name)
        whole = copy.deepcopy(shown.get(row.name, [])) if whole is None else whole
        _apply_within(whole, rest, operation["op"], value)
        raw[row.name] = whole
    else:
        raw[row.name] = value


def _apply_to_reference(row: Field, raw: dict[str, Any], rest: list[str], value: Any, switches: Switches) -> None:
    if not rest and value is not None:
        if not isinstance(value, dict) or switches.is_("patch_object_references", "refuse"):
            # fact 6.3: the source as "Phone"
            raise _Invalid
        by_name = not any(name.lower() == "id" and part is not None for name, part in value.items())
        if not by_name or _names_allowed(row, switches):
            raw[row.name] = value
        return
    if len(rest) > 1 or (rest and rest[0] not in ("id", *_NAMES)):
        raise _Invalid
    if rest and rest[0] in _NAMES and value is not None:
        if row.name == "company" and rest[0] == "identifier" and switches.is_("patch_company_identifier", "ignore"):
            return
        if not _names_allowed(row, switches):
            return
    if isinstance(value, dict | list):
        raise conversion(f"Unexpected character encountered while parsing value: {{. Path '{row.name}', line 1.")
    raw[row.name] = {rest[0]: value} if rest and value is not None else None


def _names_allowed(row: Field, switches: Switches) -> bool:
    """Whether a name may be used; False when it is to be ignored."""
    if switches.is_("patch_reference_names", "refuse"):
        raise _Invalid
    return switches.is_("patch_reference_names", "accept")


def _apply_within(whole: Any, rest: list[str], op: str, value: Any) -> None:
    """Change a part of a list, e.g. communicationItems/1/value (fact 6.2)."""
    *steps, last = rest
    part = whole
    for step in steps:
        part = part[_index(part, step)] if isinstance(part, list) else part.get(step)
        if not isinstance(part, list | dict):
            raise _Invalid
    if isinstance(part, dict):
        if op == "remove":
            part.pop(last, None)
        else:
            part[last] = value
    elif op == "add":
        part.insert(len(part) if last == "-" else _index(part, last, len(part)), value)
    elif op == "remove":
        del part[_index(part, last)]
    else:
        part[_index(part, last)] = value


def _index(part: list[Any], step: str, highest: int | None = None) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", step) or int(step) > (len(part) - 1 if highest is None else highest):
        raise _Invalid
    return int(step)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the JSON of a request into values of fields, as strictly as the server does (facts 5.6, 5.7, 13.5)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from .errors import ApiError, FieldError, conversion
from .fields import TYPES, Field, RecordType
from .switches import Switches

Values = dict[str, Any]
_STRICT_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DEPTH = 64
_DECIMAL = 7.9e28
"""What a Decimal of .NET holds."""
_MODELS = {
    "status": "ServiceStatusReference",
    "type": "ServiceTypeReference",
    "subType": "ServiceSubTypeReference",
    "item": "ServiceItemReference",
    "team": "ServiceTeamReference",
    "source": "ServiceSourceReference",
    "site": "SiteReference",
    "location": "SystemLocationReference",
    "department": "SystemDepartmentReference",
}
_MORE_MEMBERS = {
    "status": ("sort",),
    "priority": ("sort", "level"),
    "member": ("dailyCapacity",),
    "ticket": ("summary",),
    "configuration": ("deviceIdentifier",),
    "country": ("identifier",),
}
_CHILD_MODELS = {"communicationItems": "ContactCommunicationItem", "options": "UserDefinedFieldOption"}
_CUSTOM_MEMBERS = ("id", "caption", "type", "entryMethod", "numberOfDecimals", "value", "connectWiseId")
_QUESTION_MEMBERS = (
    "answerId", "questionId", "question", "answer", "sequenceNumber", "numberOfDecimals", "fieldType", "requiredFlag",
)  # fmt: skip


@dataclass
class Reading:
    """The values that were sent, by field name, and what was wrong with them."""

    values: Values = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)


def clean(value: Any, depth: int = 0) -> Any:
    """JSON without what SQL Server and SQLite cannot hold: NUL, and halves of surrogate pairs.

    RecursionError when it is deeper than Newtonsoft's reader goes.
    """
    if depth > _DEPTH:
        raise RecursionError
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [clean(part, depth + 1) for part in value]
    if isinstance(value, dict):
        return {clean(name): clean(part, depth + 1) for name, part in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _held(value: Any) -> Any:
    """A value of any type as it can be kept: numbers beyond 64 bits as text."""
    if isinstance(value, list):
        return [_held(part) for part in value]
    if isinstance(value, dict):
        return {name: _held(part) for name, part in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63 else value


def decode(body: bytes) -> Any:
    """The JSON of a request. ApiError 400 when it is none (no sample was found: the text of Newtonsoft's reader)."""
    try:
        return clean(json.loads(body.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        start = body[:1].decode("ascii", "replace")
        raise ApiError(
            400,
            "ConnectWiseApi",
            f"Unexpected character encountered while parsing value: {start}. Path '', line 1, position 1.",
        ) from error


@dataclass(frozen=True)
class Reader:
    """Reads records of one type out of ``text``, the JSON as it was sent (for positions in messages)."""

    record_type: RecordType
    text: str
    switches: Switches

    def record(self, document: object) -> Reading:
        """The values of a whole record. ApiError for unknown members (400) and wrong JSON types (500)."""
        if not isinstance(document, Mapping):
            raise self.no_object(document)
        known = self.record_type.by_member
        reading = Reading()
        for name, value in document.items():
            row = known.get(name.lower())
            if row is not None:
                reading.values[row.name] = self.value(row, value, name, reading.errors)
            elif name.lower() != "_info":
                raise self.unknown_member(name, self.record_type.model, name)
        return reading

    def info(self, value: Any) -> dict[str, str]:
        """The dates and names of _info, for test data. ApiError when they are none."""
        found = self._members(value, ("dateEntered", "lastUpdated", "enteredBy", "updatedBy"), "Info", "_info")
        for name, part in found.items():
            if not isinstance(part, str) or (name in ("dateEntered", "lastUpdated") and read_moment(part) is None):
                raise conversion(self._converting(part, "System.String", f"_info.{name}"))
        return found

    def no_object(self, document: object) -> ApiError:
        """500 for a body that is JSON, but no object."""
        return conversion(self._unexpected(document, ""))

    def unknown_member(self, name: str, model: str, path: str) -> ApiError:
        """400 for a member that the model does not have (fact 5.6)."""
        return ApiError(
            400,
            "ConnectWiseApi",
            f"Could not find member '{name}' on object of type '{model}'. Path '{path}', {self._position(name)}."
            "Check your accept header to make sure you are using the correct version.",
        )

    def value(self, row: Field, value: Any, path: str, errors: list[FieldError]) -> Any:
        """One value. ApiError 500 for a wrong JSON type (fact 5.7)."""
        if value is None or row.kind == "any":
            return value
        if row.kind == "text":
            return self._text(value, path)
        if row.kind in ("integer", "number", "flag"):
            return self._scalar(row.kind, value, path)
        if row.kind == "enum":
            return self._enum(row, value, path)
        if row.kind in ("date", "datetime"):
            return self._date(row, value, path, errors)
        if row.kind in ("reference", "loose"):
            return self.reference(row, value, path)
        if not isinstance(value, list):
            raise conversion(self._unexpected(value, path))
        if row.kind == "references":
            return [self.reference(row, part, f"{path}[{number}]") for number, part in enumerate(value)]
        if row.kind == "integers":
            return [self._scalar("integer", part, f"{path}[{number}]") for number, part in enumerate(value)]
        if row.kind == "texts":
            return [self._text(part, f"{path}[{number}]") for number, part in enumerate(value)]
        if row.kind == "children":
            return [self._child(row, part, f"{path}[{number}]", errors) for number, part in enumerate(value)]
        return [self._entry(row, part, f"{path}[{number}]") for number, part in enumerate(value)]

    def _entry(self, row: Field, value: Any, path: str) -> dict[str, Any]:
        """A custom field or a question with its value, which may be anything."""
        members = _CUSTOM_MEMBERS if row.kind == "custom" else _QUESTION_MEMBERS
        model = "CustomFieldValue" if row.kind == "custom" else "ConfigurationQuestion"
        found = self._members(value, members, model, path)
        for name in ("id", "questionId", "answerId"):
            if found.get(name) is not None:
                found[name] = self._scalar("integer", found[name], f"{path}.{name}")
        return {name: _held(part) if name in ("value", "answer") else part for name, part in found.items()}

    def reference(self, row: Field, value: Any, path: str) -> dict[str, Any] | None:
        """A reference as sent: some of id, name, identifier; None for an empty one (fact 6.13)."""
        target = TYPES.get(row.to)
        model = _MODELS.get(row.to, f"{target.model if target else row.name[0].upper() + row.name[1:]}Reference")
        shows = target.shows if target else ("identifier",)
        allowed = ("id", "name", *shows, *_MORE_MEMBERS.get(row.to, ()), "_info")
        found = self._members(value, allowed, model, path)
        if found.get("id") is not None:
            found["id"] = self._scalar("integer", found["id"], f"{path}.id")
        wanted = {name: found[name] for name in ("id", "identifier", "name") if found.get(name) is not None}
        if "name" not in wanted and found.get("summary") is not None:
            wanted["name"] = found["summary"]
        for name in ("identifier", "name"):
            if name in wanted:
                wanted[name] = self._text(wanted[name], f"{path}.{name}")
        return wanted or None

    def _members(self, value: Any, allowed: tuple[str, ...], model: str, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            if isinstance(value, list):
                raise conversion(self._unexpected(value, path))
            raise conversion(self._converting(value, f"ConnectWise.Apis.v3_0.{model}", path))
        known = {name.lower(): name for name in allowed}
        found = {}
        for name, part in value.items():
            if name.lower() not in known:
                raise self.unknown_member(name, model, f"{path}.{name}")
            found[known[name.lower()]] = part
        return found

    def _child(self, row: Field, value: Any, path: str, errors: list[FieldError]) -> dict[str, Any]:
        names = tuple(child.name for child in row.children)
        found = self._members(value, names, _CHILD_MODELS.get(row.name, row.name), path)
        return {
            child.name: self.value(child, found[child.name], f"{path}.{child.name}", errors)
            for child in row.children
            if child.name in found
        }

    def _text(self, value: Any, path: str) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, str):
            return value
        raise conversion(self._unexpected(value, path))

    def _scalar(self, kind: str, value: Any, path: str) -> Any:
        if isinstance(value, list | dict):
            raise conversion(self._unexpected(value, path))
        names = {"integer": "System.Nullable`1[System.Int32]", "number": "System.Nullable`1[System.Decimal]"}
        try:
            if kind == "flag":
                if isinstance(value, bool):
                    return value
                return {"true": True, "false": False, "1": True, "0": False}[str(value).lower()]
            if isinstance(value, bool):
                raise ValueError
            if kind == "number":
                number = float(value)
                if not abs(number) < _DECIMAL:
                    raise ValueError
                return number
            if isinstance(value, float) and not value.is_integer():
                raise ValueError
            whole = int(value)
            if abs(whole) >= 2**31:
                raise ValueError
            return whole
        except (ValueError, KeyError, OverflowError) as error:
            wanted = names.get(kind, "System.Nullable`1[System.Boolean]")
            raise conversion(self._converting(value, wanted, path)) from error

    def _enum(self, row: Field, value: Any, path: str) -> str:
        if isinstance(value, list | dict):
            raise conversion(self._unexpected(value, path))
        for known in row.values:
            if known.lower() == str(value).lower():
                return known
        name = row.name[0].upper() + row.name[1:]
        raise conversion(self._converting(value, f"System.Nullable`1[ConnectWise.Apis.v3_0.{name}]", path))

    def _date(self, row: Field, value: Any, path: str, errors: list[FieldError]) -> str | None:
        """Only YYYY-MM-DDTHH:mm:ssZ (fact 11.2); a date loses its time (fact 7.7)."""
        if isinstance(value, list | dict):
            raise conversion(self._unexpected(value, path))
        moment = read_moment(value, lenient=self.switches.is_("date_forms", "lenient"))
        if moment is None:
            errors.append(FieldError("UnsupportedFormat", f"Unsupported format applied to {row.name}", row.name))
            return None
        return f"{moment[:10]}T00:00:00Z" if row.kind == "date" else moment

    def _position(self, name: str) -> str:
        """Where Newtonsoft's reader stands after a member's name and colon."""
        found = re.search(rf'"{re.escape(name)}"\s*:', self.text)
        before = self.text[: found.end()] if found else ""
        return f"line {before.count(chr(10)) + 1}, position {len(before) - before.rfind(chr(10)) - 1}"

    def _unexpected(self, value: object, path: str) -> str:
        start = "[" if isinstance(value, list) else "{" if isinstance(value, dict) else json.dumps(value)[0]
        return (
            f"Unexpected character encountered while parsing value: {start}. "
            f"Path '{path}', {self._position(path.rpartition('.')[2])}."
        )

    def _converting(self, value: object, wanted: str, path: str) -> str:
        shown = f'"{value}"' if isinstance(value, str) else json.dumps(value)
        return f"Error converting value {shown} to type '{wanted}'. Path '{path}', line 1, position {len(shown)}."


def read_moment(value: object, lenient: bool = False) -> str | None:
    """A moment as the API writes it, or None when its form is refused (fact 11.2)."""
    text = str(value)
    if not lenient and not _STRICT_DATE.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")

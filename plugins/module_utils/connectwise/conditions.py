# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditions: built from values, never concatenated.

The server's grammar knows no escape sequence inside a text (fact sheet 4.4), so that not every value can be written.
A :class:`Condition` therefore has two readings: ``str(condition)`` is what the server is asked, which finds at least
the wanted records, and ``condition.matches(record)`` picks exactly these out of the answer.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, Callable

from .models import parse_datetime

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda found, wanted: found == wanted,
    "!=": lambda found, wanted: found != wanted,
    "<": lambda found, wanted: found is not None and found < wanted,
    "<=": lambda found, wanted: found is not None and found <= wanted,
    ">": lambda found, wanted: found is not None and found > wanted,
    ">=": lambda found, wanted: found is not None and found >= wanted,
    "contains": lambda found, wanted: found is not None and wanted in found,
    "in": lambda found, wanted: found in wanted,
}
# Quotes end a literal, a backslash may or may not escape, brackets are pattern characters (fact sheet 4.4, 4.5).
_UNSAFE = re.compile(r"[\"'\\\[\]\x00-\x1f\x7f]")


class Condition:
    """One comparison, or several joined with ``&`` and ``|``.

    Args:
        field: the API's name; ``/`` goes into a reference: ``company/id``.
        operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``contains`` or ``in``.
        value: str, int, float, bool, None, date, datetime (with zone), or for ``in`` a list of them.

    Raises:
        ValueError: an operator that the grammar does not have, a value of another kind.

    Example:
        ``Condition("company/id", "=", 5) & Condition("name", "=", "PROD-WEB-01")``
    """

    def __init__(self, field: str, operator: str, value: Any) -> None:
        if operator not in _OPERATORS:
            raise ValueError(f"{operator!r} is no operator of a condition; there are {', '.join(_OPERATORS)}")
        self._text = _write(field, operator, value)
        self._word = ""
        self._test: Callable[[dict[str, Any]], bool] = lambda record: _compare(record, field, operator, value)

    def matches(self, record: dict[str, Any]) -> bool:
        """Whether a record (as the API gives it) really meets the condition; texts are compared without case."""
        return self._test(record)

    def __str__(self) -> str:
        return self._text

    def __and__(self, other: Condition) -> Condition:
        return self._joined(other, "AND", lambda record: self.matches(record) and other.matches(record))

    def __or__(self, other: Condition) -> Condition:
        return self._joined(other, "OR", lambda record: self.matches(record) or other.matches(record))

    def _joined(self, other: Condition, word: str, test: Callable[[dict[str, Any]], bool]) -> Condition:
        parts = [f"({part._text})" if part._word not in ("", word) else part._text for part in (self, other)]
        joined = object.__new__(Condition)
        joined._text, joined._word, joined._test = f" {word} ".join(parts), word, test
        return joined


def _write(field: str, operator: str, value: Any) -> str:
    if operator == "in":
        if not isinstance(value, (list, tuple)) or not value:
            raise ValueError("the value of an 'in' condition is a list with at least one entry")
        if any(isinstance(item, str) and not _can_be_written(item, "=") for item in value):
            return "(" + " OR ".join(_write(field, "=", item) for item in value) + ")"
        return f"{field} in ({','.join(_literal(item) for item in value)})"
    if isinstance(value, str) and not _can_be_written(value, operator):
        # At least the wanted records: the longest part that can be written; the rest is matches()'s work.
        part = max(_UNSAFE.split(value), key=len).strip()
        return f"{field} contains {_literal(part)}" if part and operator in ("=", "contains") else f"{field} != null"
    return f"{field} {operator} {_literal(value)}"


def _can_be_written(text: str, operator: str) -> bool:
    """Whether a literal can say exactly this text on any server, whatever it thinks of backslashes."""
    both_quotes = '"' in text and "'" in text
    pattern = "[" in text or "]" in text if operator == "contains" else text.startswith("[")
    return not (both_quotes or pattern or re.search(r"[\\\x00-\x1f\x7f]", text))


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return format(Decimal(str(value)), "f")  # the grammar has no exponents
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("[%Y-%m-%dT%H:%M:%SZ]")
    if isinstance(value, date):
        return value.strftime("[%Y-%m-%d]")
    if isinstance(value, str):
        return f"'{value}'" if '"' in value else f'"{value}"'
    raise ValueError(f"a condition can't compare with a {type(value).__name__}")


def _compare(record: dict[str, Any], field: str, operator: str, value: Any) -> bool:
    # Every record can be filtered by these two, though they live in _info (fact sheet 4.11).
    found: Any = record.get("_info") if field in ("lastUpdated", "dateEntered") else record
    for name in field.split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, str) and isinstance(value, date):
        found, value = parse_datetime(found), parse_datetime(_literal(value)[1:-1])
    wanted = [_folded(item) for item in value] if operator == "in" else _folded(value)
    try:
        return _OPERATORS[operator](_folded(found), wanted)
    except TypeError:
        return False


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value

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
from urllib.parse import quote_plus

from .models import parse_datetime

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda found, wanted: found == wanted,
    "!=": lambda found, wanted: found != wanted,
    "<": lambda found, wanted: found is not None and found < wanted,
    "<=": lambda found, wanted: found is not None and found <= wanted,
    ">": lambda found, wanted: found is not None and found > wanted,
    ">=": lambda found, wanted: found is not None and found >= wanted,
    "contains": lambda found, wanted: found is not None and wanted in found,
    "not contains": lambda found, wanted: found is None or wanted not in found,
    "in": lambda found, wanted: found in wanted,
    "not in": lambda found, wanted: found not in wanted,
}
# Quotes end a literal, a backslash may or may not escape, brackets are pattern characters (fact sheet 4.4, 4.5), and
# half a surrogate pair can't be sent at all.
_UNSAFE = re.compile(r"[\"'\\\[\]\x00-\x1f\x7f\ud800-\udfff]")
_WILDCARDS = re.compile(r"[%_*]")
_IN_INFO = ("lastUpdated", "dateEntered")  # every record can be filtered by these, which are in _info (fact sheet 4.11)


class Condition:
    """One comparison, or several joined with ``&`` and ``|``.

    Args:
        field: the API's name; ``/`` goes into a reference: ``company/id``.
        operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``contains``, ``not contains``, ``in`` or ``not in``.
        value: str, int, float, bool, None, date, datetime (with zone), or for ``in`` and ``not in`` a list of them.

    Raises:
        ValueError: an operator that the grammar does not have, a value of another kind.

    Example:
        ``Condition("company/id", "=", 5) & Condition("name", "=", "PROD-WEB-01")``
    """

    def __init__(self, field: str, operator: str, value: Any) -> None:
        if operator not in _OPERATORS:
            raise ValueError(f"{operator!r} is no operator of a condition; there are {', '.join(_OPERATORS)}")
        self._comparison = (field, operator, value)
        self._text, self._exact = _written(field, operator, value)
        self._word = ""
        self._parts: tuple[Condition, ...] = ()

    @classmethod
    def as_written(cls, text: str) -> Condition:
        """A condition in the server's own words, to be joined with others; what it means is left to the server."""
        condition = object.__new__(cls)
        condition._comparison = ("", "as written", None)
        condition._text, condition._exact = f"({text})", True
        condition._word, condition._parts = "", ()
        return condition

    @classmethod
    def unasked(cls, field: str, operator: str, value: Any) -> Condition:
        """A comparison that the server is not asked for, as of a field that it refuses there; :meth:`matches` tells."""
        condition = cls(field, operator, value)
        condition._text, condition._exact = "id != null", False
        return condition

    @property
    def rest(self) -> Condition | None:
        """What the server alone can't tell of it, and :meth:`matches` has to; None where it can tell all."""
        if self._exact:
            return None
        if self._word == "AND":
            return _joined("AND", tuple(part.rest for part in self._parts if part.rest))
        return self

    @property
    def fields(self) -> set[str]:
        """The fields that a record must have for :meth:`matches`, as the API's parameter ``fields`` names them."""
        if self._parts:
            return set().union(*(part.fields for part in self._parts))
        return {f"_info/{self._comparison[0]}" if self._comparison[0] in _IN_INFO else self._comparison[0]}

    def matches(self, record: dict[str, Any]) -> bool:
        """Whether a record (as the API gives it) really meets the condition; texts are compared without case."""
        if self._parts:
            return (all if self._word == "AND" else any)(part.matches(record) for part in self._parts)
        return self._comparison[1] == "as written" or _compare(record, *self._comparison)

    def split(self, longest: int) -> list[Condition]:
        """Conditions that together find the same records, each at most ``longest`` characters long in a URL.

        Only lists (``in``) can be taken apart, and what is joined with ``|``; where that is not enough, longer ones
        come back.
        """
        if _length(self) <= longest:
            return [self]
        field, operator, value = self._comparison
        if not self._parts and operator == "in" and len(value) > 1:
            half = len(value) // 2
            halves = (Condition(field, "in", value[:half]), Condition(field, "in", value[half:]))
            return [piece for part in halves for piece in part.split(longest)]
        if self._word == "OR":
            return [piece for part in self._parts for piece in part.split(longest)]
        for part in sorted(self._parts, key=_length, reverse=True):
            pieces = part.split(longest - (_length(self) - _length(part)))
            if len(pieces) > 1:
                others = [other for other in self._parts if other is not part]
                return [_joined("AND", (*others, piece)) for piece in pieces]
        return [self]

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Condition {self._text}>"

    def __and__(self, other: Condition) -> Condition:
        return _joined("AND", (self, other))

    def __or__(self, other: Condition) -> Condition:
        return _joined("OR", (self, other))


def _joined(word: str, parts: tuple[Condition, ...]) -> Condition:
    flat = tuple(piece for part in parts for piece in (part._parts if part._word == word else (part,)))
    joined = object.__new__(Condition)
    joined._comparison = ("", "", None)
    joined._word, joined._parts = word, flat
    joined._text = f" {word} ".join(f"({part})" if part._word else str(part) for part in flat)
    joined._exact = all(part._exact for part in flat)
    return joined


def _length(condition: Condition) -> int:
    return len(quote_plus(str(condition)))


def _written(field: str, operator: str, value: Any) -> tuple[str, bool]:
    """The text for the server, and whether it says all that is wanted; else it finds more, never less."""
    if operator in ("in", "not in"):
        if not isinstance(value, (list, tuple)) or not value:
            raise ValueError(f"the value of an {operator!r} condition is a list with at least one entry")
        if all(_can_be_written(item, "=") for item in value):
            return f"{field} {operator} ({','.join(_literal(item) for item in value)})", True
        if operator == "in":
            return "(" + " OR ".join(_written(field, "=", item)[0] for item in value) + ")", False
        rest = [item for item in value if _can_be_written(item, "=")]
        return (_written(field, operator, rest)[0] if rest else _any(field)), False
    if _can_be_written(value, operator):
        return f"{field} {operator} {_literal(value)}", not ("contains" in operator and _WILDCARDS.search(value))
    if operator in ("=", "contains"):
        part = max(_UNSAFE.split(value), key=len).strip()
        return f"{field} contains {_literal(part)}" if part else f"{field} != null", False
    return _any(field) if operator in ("!=", "not contains") else f"{field} != null", False


def _any(field: str) -> str:
    """What every record meets."""
    return f"({field} = null OR {field} != null)"


def _can_be_written(value: Any, operator: str) -> bool:
    """Whether a literal can say exactly this value on any server, whatever it thinks of backslashes."""
    if "contains" in operator and not isinstance(value, str):
        raise ValueError(f"a text can't contain a {type(value).__name__}")
    if not isinstance(value, str):
        return True
    both_quotes = '"' in value and "'" in value
    pattern = "[" in value or "]" in value if "contains" in operator else value.startswith("[")
    return not (both_quotes or pattern or re.search(r"[\\\x00-\x1f\x7f\ud800-\udfff]", value))


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
    found: Any = record.get("_info") if field in _IN_INFO else record
    for name in field.split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, str) and isinstance(value, date):
        found, value = parse_datetime(found), parse_datetime(_literal(value)[1:-1])
    wanted = [_folded(item) for item in value] if operator in ("in", "not in") else _folded(value)
    try:
        return _OPERATORS[operator](_folded(found), wanted)
    except TypeError:
        return False


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value

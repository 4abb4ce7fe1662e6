# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists: paging, Link headers, partial answers (fact 3)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from .conditions import Compiler, Sql, child_conditions, compiler_for, custom_field_conditions
from .errors import FieldError, bad_condition, invalid, unknown_name
from .fields import TYPES, RecordType, View
from .showing import success_text, trimmed
from .store import Record, Store
from .switches import Switches
from .world import World

PAGE_SIZE = 25
LARGEST_PAGE = 1000
_INT32 = 2**31 - 1


@dataclass(frozen=True)
class Query:
    """The parameters of a request: names in lower case (they are not case-sensitive), last value wins."""

    values: dict[str, str]
    sent: tuple[tuple[str, str], ...] = ()
    """As sent, for the Link header."""

    def text(self, name: str) -> str:
        """A parameter, "" when it is not there."""
        return self.values.get(name.lower(), "")

    def number(self, name: str, default: int, highest: int, told: int | None = None) -> int:
        """A whole number from 1 on. ApiError 400 (the shape is that of fact 3.3); ``told``: the limit it names."""
        text = self.text(name).strip()
        if not text:
            return default
        number = int(text) if re.fullmatch(r"\+?[0-9]{1,18}", text) else 0
        if not 1 <= number <= highest:
            message = f"The field {name} must be between 1 and {told or highest}."
            raise invalid(name, [FieldError("OutOfRange", message, name)])
        return number


@dataclass
class Found:
    """One page of a list, and the Link header (absent when all fits in one page)."""

    records: list[Record]
    link: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What of it goes into the headers."""
        return {} if self.link is None else {"Link": self.link}


def where(listed: RecordType | View, query: Query, within: Sql, switches: Switches) -> Sql:
    """All that limits a list, as SQL."""
    record_type = listed if isinstance(listed, RecordType) else TYPES[listed.of]
    parts = [
        within,
        compiler_for(listed, switches).compile(query.text("conditions")),
        child_conditions(record_type, query.text("childConditions"), switches),
        custom_field_conditions(record_type, query.text("customFieldConditions"), switches),
    ]
    if isinstance(listed, View) and listed.where:
        parts.append(Sql(listed.where))
    used = [part for part in parts if part.text != "1"]
    text = " AND ".join(f"({part.text})" for part in used)
    return Sql(text or "1", tuple(value for part in used for value in part.parameters))


@contextmanager
def _room_for_them() -> Iterator[None]:
    """Conditions that SQLite has no room for, e.g. nested too deep, are refused like those that cannot be parsed."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise bad_condition("The conditions could not be understood.") from error


@dataclass(frozen=True)
class Rows:
    """The records of a type, as SQL sees them: the row "r"."""

    store: Store
    record_type: RecordType

    @_room_for_them()
    def select(self, where: Sql, order: str, limit: int, offset: int) -> list[Record]:
        """Records that fulfil a condition."""
        return self.store.select(self.record_type, where.text, where.parameters, order, limit, offset)

    @_room_for_them()
    def count(self, where: Sql) -> int:
        """How many there are."""
        return len(self.store.ids(self.record_type, where.text, where.parameters, ""))

    @_room_for_them()
    def page(self, where: Sql, order: str, size: int, page: int) -> tuple[list[Record], int]:
        """One page, and how many records there are in all."""
        ids = self.store.ids(self.record_type, where.text, where.parameters, order)
        return self.store.records(self.record_type, ids[(page - 1) * size : page * size]), len(ids)


@dataclass(frozen=True)
class Documents:
    """A list that is made for the answer, e.g. allNotes; each document has an id."""

    store: Store
    documents: list[dict[str, Any]]

    @_room_for_them()
    def select(self, where: Sql, order: str, limit: int, offset: int) -> list[Record]:
        """Documents that fulfil a condition."""
        text = success_text(self.documents).decode()
        places = self.store.places(text, where.text, where.parameters, order, limit, offset)
        return [self.documents[place] for place in places]

    def count(self, where: Sql) -> int:
        """How many there are."""
        return len(self.select(where, "", -1, 0))

    def page(self, where: Sql, order: str, size: int, page: int) -> tuple[list[Record], int]:
        """One page, and how many documents there are in all."""
        found = self.select(where, order, -1, 0)
        return found[(page - 1) * size : page * size], len(found)


def page_size(query: Query, switches: Switches) -> int:
    """25 by default, 1000 at most (fact 3.3)."""
    if switches.is_("page_cap", "100"):
        return min(query.number("pageSize", PAGE_SIZE, _INT32, 100), 100)
    if switches.is_("page_size_over_max", "refuse"):
        return query.number("pageSize", PAGE_SIZE, LARGEST_PAGE)
    return min(query.number("pageSize", PAGE_SIZE, _INT32, LARGEST_PAGE), LARGEST_PAGE)


def find(world: World, listed: RecordType | View, query: Query, within: Sql, url: str, forward_only: bool) -> Found:
    """One page of the records of a type."""
    record_type = listed if isinstance(listed, RecordType) else TYPES[listed.of]
    condition = where(listed, query, within, world.switches)
    compiler = compiler_for(listed, world.switches)
    return page_of(Rows(world.store, record_type), condition, compiler, query, url, forward_only)


def page_of(
    rows: Rows | Documents, condition: Sql, compiler: Compiler, query: Query, url: str, forward_only: bool
) -> Found:
    """One page, by page number or forward-only by pageId (fact 3.4)."""
    switches = compiler.switches
    size = page_size(query, switches)
    linked = switches.is_("link_header", "on") and switches.is_("page_cap", "off")
    if forward_only and switches.is_("forward_only", "supported"):
        if query.text("orderBy").strip() and switches.is_("forward_only_order", "refuse"):
            raise unknown_name("orderBy")
        text = query.text("pageId").strip()
        seen = min(int(text), _INT32) if re.fullmatch(r"[0-9]{1,10}", text) else 0
        after = Sql(f"({condition.text}) AND r.id > ?", (*condition.parameters, seen))
        records = rows.select(after, "r.id", size, 0)
        if not linked:
            return Found(records)
        # Who supports this always sends the header; it is empty at the end, where nothing is left to come.
        last = {"pageSize": size, "pageId": records[-1]["id"]} if records else None
        return Found(records, _link(url, query, last, "next") if last else "")
    page = query.number("page", 1, _INT32)
    records, total = rows.page(condition, compiler.order(query.text("orderBy")), size, page)
    linked = linked and not forward_only
    return Found(records, navigation(url, query, page, size, total) or None if linked else None)


def navigation(url: str, query: Query, page: int, size: int, total: int) -> str:
    """Links to the neighbours and the ends; no next and last on the last page, no prev and first on the first.

    They begin with next and end with last while there is more, and end with first on the last page (fact 3.5).
    """
    pages = -(-total // size)
    around = [("prev", page - 1), ("first", 1)] if 1 < page <= pages else []
    links = [("next", page + 1), *around, ("last", pages)] if page < pages else around
    return ", ".join(_link(url, query, {"pageSize": size, "page": number}, rel) for rel, number in links)


def _link(url: str, query: Query, paging: dict[str, int], rel: str) -> str:
    """One link: slash before the question mark, lower-case percent codes, + for a blank (fact 3.5)."""
    kept = [(name, value) for name, value in query.sent if name.lower() not in ("page", "pagesize", "pageid")]
    pairs = [*kept, *((name, str(value)) for name, value in paging.items())]
    text = "&".join(f"{_code(name)}={_code(value)}" for name, value in pairs)
    return f'<{url}/?{text}>; rel="{rel}"'


def _code(text: str) -> str:
    coded = quote_plus(text, safe="-_.!*()").replace("~", "%7e")
    parts = coded.split("%")
    return parts[0] + "".join(f"%{part[:2].lower()}{part[2:]}" for part in parts[1:])


def wanted_fields(text: str) -> dict[str, Any]:
    """The names of fields= as a tree, in lower case: {"member": {"identifier": {}}}."""
    tree: dict[str, Any] = {}
    for name in filter(None, (part.strip().lower() for part in text.split(","))):
        branch = tree
        for part in name.split("/"):
            branch = branch.setdefault(part, {})
    return tree


def check_fields(listed: RecordType | View, tree: dict[str, Any], switches: Switches) -> None:
    """Unknown names are ignored on tickets, refused on sites (fact 3.9). The text of the 400 is a guess."""
    record_type = listed if isinstance(listed, RecordType) else TYPES[listed.of]
    if record_type.name != "site" and switches.is_("unknown_fields_parameter", "ignore"):
        return
    if isinstance(listed, RecordType):
        names = [row.name for row in listed.fields]
    else:
        names = [name for name, _stored in listed.fields]
    known = {name.lower() for name in (*names, "_info")}
    for name in tree:
        if name not in known:
            raise unknown_name(name)


def shown(
    query: Query,
    listed: RecordType | View,
    switches: Switches,
    records: list[Record],
    show: Callable[[Record, frozenset[str] | None], Any],
) -> list[Any]:
    """Records as the answer shows them, cut down to fields= if that is there."""
    tree = wanted_fields(query.text("fields"))
    if not tree:
        return [show(record, None) for record in records]
    check_fields(listed, tree, switches)
    only = frozenset(tree)
    return [trimmed(show(record, only), tree) for record in records]

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the API, and how records become answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import lists, records
from .conditions import Column, Compiler, Sql
from .errors import media_type
from .fields import TICKET, TYPES, RecordType, View
from .lists import Query
from .patching import read_patch
from .reading import Reader, decode
from .showing import Showing, success_text, trimmed
from .store import Record
from .world import World


@dataclass
class Call:
    """A request to the API. ``base`` is the URL up to apis/3.0; header names are in lower case."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    body: bytes
    base: str
    host: str

    def json(self) -> Any:
        """The decoded body. ApiError 415 for another media type, 400 for no JSON."""
        media = self.headers.get("content-type", "application/json").lower()
        if "json" not in media:
            raise media_type(media)
        return decode(self.body)

    @property
    def text(self) -> str:
        """The body as text, for positions in messages."""
        return self.body.decode("utf-8", "replace")

    @property
    def site(self) -> str:
        """Scheme and host that were called."""
        return f"{self.base.partition('//')[0]}//{self.host}"

    @property
    def url(self) -> str:
        """What was called, without the query."""
        return f"{self.base}/{'/'.join(filter(None, self.path.split('/')))}"

    @property
    def version(self) -> str:
        """The version of the API that Accept asks for, e.g. "2019.1"; "" when it is not said (fact 1.10)."""
        found = re.search(r"\bversion\s*=\s*\"?([^\s,;\"]+)", self.headers.get("accept", ""), re.IGNORECASE)
        return found[1] if found else ""

    @property
    def forward_only(self) -> bool:
        """Whether pages are to be forward-only (fact 3.4)."""
        return self.headers.get("pagination-type", "").lower() == "forward-only"


@dataclass
class Answer:
    """What goes back: ``body`` as JSON, none when status is 204; or bytes as they are, with their media type."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media: str = ""


Handler = Callable[[Call, list[int]], Answer]
Endpoints = dict[str, dict[str, Handler]]
"""Handlers by path, with {} for ids, and method."""


class Answers:
    """Makes answers out of the records of one world."""

    def __init__(self, world: World) -> None:
        """For one world."""
        self.world = world
        self._showing: dict[str, Showing] = {}

    def showing(self, call: Call) -> Showing:
        """What expands records into links to the host that was called."""
        if call.base not in self._showing:
            if len(self._showing) > 20:
                self._showing.clear()
            self._showing[call.base] = Showing(self.world.store, call.base)
        return self._showing[call.base]

    def reader(self, call: Call, record_type: RecordType) -> Reader:
        """What reads the body."""
        return Reader(record_type, call.text, self.world.switches)

    def sent(self, call: Call, model: str, *names: str) -> dict[str, Any]:
        """The members of a body that is no record: strict as with records (facts 5.6, 5.7)."""
        document = call.json()
        reader = self.reader(call, TICKET)
        if not isinstance(document, dict):
            raise reader.no_object(document)
        known = {name.lower(): name for name in names}
        for name in document:
            if name.lower() not in known:
                raise reader.unknown_member(name, model, name)
        return {known[name.lower()]: value for name, value in document.items()}

    # Records ---------------------------------------------------------------------------------------------------------

    def many(self, call: Call, listed: RecordType | View, within: Sql, query: Query | None = None) -> Answer:
        """A page of records."""
        query = query or call.query
        found = lists.find(self.world, listed, query, within, call.url, call.forward_only)
        return Answer(200, self._shown(call, listed, query, found.records), found.headers)

    def count(self, call: Call, listed: RecordType | View, within: Sql) -> Answer:
        """How many records there are."""
        record_type = listed if isinstance(listed, RecordType) else TYPES[listed.of]
        found = lists.where(listed, call.query, within, self.world.switches)
        return Answer(200, {"count": lists.Rows(self.world.store, record_type).count(found)})

    def one(self, call: Call, listed: RecordType | View, record: Record, status: int = 200) -> Answer:
        """One record."""
        return Answer(status, self._shown(call, listed, call.query, [record])[0])

    def _shown(self, call: Call, listed: RecordType | View, query: Query, found: list[Record]) -> list[Any]:
        showing = self.showing(call)

        def show(record: Record, only: frozenset[str] | None) -> Any:
            if isinstance(listed, View):
                return showing.view(listed, record)
            return showing.text(listed, record) if only is None else showing.record(listed, record, only)

        return lists.shown(query, listed, self.world.switches, found, show)

    def patched(self, call: Call, record_type: RecordType, old: Record, operations: Any) -> Answer:
        """A record after JSON Patch."""
        shown = decode(success_text(self.showing(call).text(record_type, old)))
        reading = read_patch(record_type, shown, operations, call.text, self.world.switches)
        return self.one(call, record_type, records.patch(self.world, record_type, old, reading))

    def locate(self, call: Call, answer: Answer, path: str) -> Answer:
        """Location with http://, whatever the scheme was (fact 6.11)."""
        if self.world.switches.is_("location_header", "on"):
            codebase = call.base.split("//", 1)[1].partition("/")[2]
            answer.headers["Location"] = f"http://{call.host}/{codebase}/{path}"
        return answer

    # Lists that are made for the answer ------------------------------------------------------------------------------

    def page_of(self, call: Call, everything: list[Any], columns: dict[str, Column]) -> Answer:
        """One page of a list that is made in memory."""
        rows, condition, compiler = self._documents(call, everything, columns)
        found = lists.page_of(rows, condition, compiler, call.query, call.url, call.forward_only)
        tree = lists.wanted_fields(call.query.text("fields"))
        body = [trimmed(entry, tree) for entry in found.records] if tree else found.records
        return Answer(200, body, found.headers)

    def count_of(self, call: Call, everything: list[Any], columns: dict[str, Column]) -> Answer:
        """How many of a list that is made in memory fulfil the conditions."""
        rows, condition, _columns = self._documents(call, everything, columns)
        return Answer(200, {"count": rows.count(condition)})

    def _documents(
        self, call: Call, everything: list[Any], columns: dict[str, Column]
    ) -> tuple[lists.Documents, Sql, Compiler]:
        compiler = Compiler(columns, self.world.switches)
        return lists.Documents(self.world.store, everything), compiler.compile(call.query.text("conditions")), compiler

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records in SQLite: one table a record type, each row an id and a JSON body.

A body holds references as ids, custom fields as an object of id: value, and the dates of ``_info``. What other
records say (names of references) is looked up when a record is shown.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson

from .fields import TYPES, RecordType

Record = dict[str, Any]
Written = tuple[RecordType, str, int, Record | None]
"""A record that was "added", "updated" or "deleted": type, what, id, and as it was before where it was deleted."""
_KEPT_LISTS = 20
_FORMAT = 2
"""Raised when a state file of older code can no longer be read."""


class StateError(Exception):
    """The state file cannot be used; the text is a sentence for the person who named it."""


def fold(text: object) -> str | None:
    """Text without its case."""
    return text.casefold() if isinstance(text, str) else None


@lru_cache(maxsize=500)
def _pattern(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    """LIKE of SQL Server as a regular expression: %, _, [set], [^set]."""
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        closing = pattern.find("]", position + 2) if character == "[" else -1
        if character == "%":
            parts.append(".*")
        elif character == "_":
            parts.append(".")
        elif closing > 0:
            inside = pattern[position + 1 : closing]
            negated = inside.startswith("^")
            wanted = re.sub(r"([\\\[\]&~|^])", r"\\\1", inside[1:] if negated else inside)
            wanted = _forward_ranges(wanted)
            parts.append(f"[{'^' if negated else ''}{wanted}]" if wanted else ("." if negated else "(?!)"))
            position = closing
        else:
            parts.append(re.escape(character))
        position += 1
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _forward_ranges(inside: str) -> str:
    """Take the meaning from ranges that run backwards, e.g. z-a, which re refuses."""

    def forward(found: re.Match[str]) -> str:
        runs_forward = found[1] <= found[2] and "\\" not in found[0]
        return found[0] if runs_forward else f"{found[1]}\\-{found[2]}"

    return re.sub(r"(.)-(.)", forward, inside, flags=re.DOTALL)


def _like(pattern: object, text: object, ignore_case: int) -> int | None:
    if not isinstance(text, str) or not isinstance(pattern, str):
        return None
    try:
        return int(_pattern(pattern, bool(ignore_case)).fullmatch(text) is not None)
    except re.error:
        return 0


class Store:
    """The records, the configurations attached to tickets, and the history of tickets."""

    def __init__(self, file: str = ":memory:") -> None:
        """Open the file or make it. StateError when that is not possible."""
        try:
            self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = OFF")
            version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as error:
            raise StateError(f"The state file {file} cannot be used: {error}.") from error
        if version not in (0, _FORMAT):
            raise StateError(f"The state file {file} is of another version of the simulator; remove it.")
        self.connection.create_function("fold", 1, fold, deterministic=True)
        self.connection.create_function("sql_like", 3, _like, deterministic=True)
        self._kept: dict[tuple[str, int], Record | None] = {}
        self._found: dict[tuple[object, ...], list[Record]] = {}
        self._ids: dict[tuple[object, ...], list[int]] = {}
        self.changes = 0
        """Grows with each change of a record that references show."""
        self.written: list[Written] = []
        """What the transaction under way wrote, or the last one."""
        self._make_tables()
        self.connection.execute(f"PRAGMA user_version = {_FORMAT}")

    def _make_tables(self) -> None:
        for record_type in TYPES.values():
            name = record_type.name
            self.connection.execute(f'CREATE TABLE IF NOT EXISTS "{name}" (id INTEGER PRIMARY KEY, body TEXT NOT NULL)')
            for field in {*record_type.indexes, *([record_type.parent_field] if record_type.parents else [])}:
                collation = "COLLATE NOCASE" if record_type.by_field[field].kind == "text" else ""
                self.connection.execute(
                    f'CREATE INDEX IF NOT EXISTS "{name}_{field}" ON "{name}" '
                    f"(json_extract(body, '$.{field}') {collation})"
                )
        self.connection.executescript(
            """
            CREATE TABLE IF NOT EXISTS attachment (ticket INTEGER, configuration INTEGER,
                PRIMARY KEY (ticket, configuration)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS attached ON attachment (configuration);
            CREATE TABLE IF NOT EXISTS history (ticket INTEGER, at TEXT, who TEXT, text TEXT);
            CREATE INDEX IF NOT EXISTS history_ticket ON history (ticket);
            CREATE TABLE IF NOT EXISTS content (document INTEGER PRIMARY KEY, body BLOB);
            CREATE TABLE IF NOT EXISTS next_id (name TEXT PRIMARY KEY, id INTEGER);
            """
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.written.clear()
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            self.forget()
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """All or nothing, within a transaction that goes on."""
        self.connection.execute("SAVEPOINT attempt")
        before = len(self.written)
        try:
            yield
        except BaseException:
            del self.written[before:]
            self.connection.execute("ROLLBACK TO attempt")
            self.forget()
            raise
        finally:
            self.connection.execute("RELEASE attempt")

    def empty(self) -> bool:
        """Whether there is nothing yet."""
        return self.count(TYPES["member"]) == 0

    def clear(self) -> None:
        """Remove everything, and start the ids anew."""
        for table in (*TYPES, "attachment", "content", "history", "next_id"):
            self.connection.execute(f'DELETE FROM "{table}"')
        self.forget()

    def get(self, record_type: RecordType, record_id: int) -> Record | None:
        """One record with its id, or None. Not to be changed by the caller when the type is fixed."""
        key = (record_type.name, record_id)
        if key in self._kept:
            return self._kept[key]
        row = self.connection.execute(
            f'SELECT body FROM "{record_type.name}" WHERE id = ?', (_integer(record_id),)
        ).fetchone()
        record = {"id": record_id, **orjson.loads(row[0])} if row else None
        if record_type.fixed:
            self._kept[key] = record
        return record

    def insert(self, record_type: RecordType, record: Record) -> int:
        """Add a record; its id is the next one unless it brings one that is higher or free."""
        given = record.get("id")
        following = self._following(record_type)
        record_id = given if isinstance(given, int) and given > 0 else following
        self.connection.execute(
            f'INSERT INTO "{record_type.name}" (id, body) VALUES (?, ?)', (record_id, _body(record))
        )
        self.connection.execute(
            "INSERT OR REPLACE INTO next_id VALUES (?, ?)",
            (record_type.numbers or record_type.name, max(following, record_id + 1)),
        )
        self._forget(record_type, record_id)
        self.written.append((record_type, "added", record_id, None))
        record["id"] = record_id
        return record_id

    def insert_many(self, record_type: RecordType, records: Iterable[Record]) -> int:
        """Add records without giving each its id; the last id."""
        following = self._following(record_type)
        rows = ((following + place, _body(record)) for place, record in enumerate(records))
        self.connection.executemany(f'INSERT INTO "{record_type.name}" (id, body) VALUES (?, ?)', rows)
        last = int(self.connection.execute(f'SELECT max(id) FROM "{record_type.name}"').fetchone()[0])
        name = record_type.numbers or record_type.name
        self.connection.execute("INSERT OR REPLACE INTO next_id VALUES (?, ?)", (name, max(following, last + 1)))
        self.forget()
        return last

    def _following(self, record_type: RecordType) -> int:
        name = record_type.numbers or record_type.name
        row = self.connection.execute("SELECT id FROM next_id WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else TYPES[name].first_id

    def replace(self, record_type: RecordType, record: Record) -> None:
        """Write a record that is there."""
        self.connection.execute(f'UPDATE "{record_type.name}" SET body = ? WHERE id = ?', (_body(record), record["id"]))
        self._forget(record_type, record["id"])
        self.written.append((record_type, "updated", record["id"], None))

    def say_nothing_of(self, record_type: RecordType, record_id: int) -> None:
        """Take a record out of what was written."""
        self.written[:] = [each for each in self.written if (each[0], each[2]) != (record_type, record_id)]

    def delete(self, record_type: RecordType, record_id: int) -> None:
        """Remove a record."""
        self.written.append((record_type, "deleted", record_id, self.get(record_type, record_id)))
        self.connection.execute(f'DELETE FROM "{record_type.name}" WHERE id = ?', (record_id,))
        self._forget(record_type, record_id)

    def _forget(self, record_type: RecordType, record_id: int) -> None:
        self._ids.clear()
        if record_type.fixed:
            self._kept.pop((record_type.name, record_id), None)
            self._found.clear()
            self.changes += 1

    def forget(self) -> None:
        """Drop what is kept decoded, after the file was changed from outside or rolled back."""
        self._ids.clear()
        self._kept.clear()
        self._found.clear()
        self.changes += 1

    def select(
        self,
        record_type: RecordType,
        where: str = "",
        parameters: Sequence[object] = (),
        order: str = "",
        limit: int = -1,
        offset: int = 0,
    ) -> list[Record]:
        """Records that fulfil an SQL condition about "r", in order of their ids if nothing else is asked for."""
        wanted = (*parameters, limit, offset)
        source = f'FROM "{record_type.name}" r WHERE {where or "1"} ORDER BY'
        if not order:
            rows = self.connection.execute(f"SELECT r.id, r.body {source} r.id LIMIT ? OFFSET ?", wanted)
            return [{"id": row[0], **orjson.loads(row[1])} for row in rows]
        # Only the ids are sorted: with the bodies it takes ten times as long.
        rows = self.connection.execute(f"SELECT r.id {source} {order}, r.id LIMIT ? OFFSET ?", wanted)
        return self.records(record_type, [row[0] for row in rows])

    def ids(self, record_type: RecordType, where: str, parameters: Sequence[object], order: str) -> list[int]:
        """The ids of all records that fulfil an SQL condition about "r", in order; kept until something is written."""
        key = (record_type.name, where, tuple(parameters), order)
        if key not in self._ids:
            if len(self._ids) >= _KEPT_LISTS:
                self._ids.clear()
            source = f'FROM "{record_type.name}" r WHERE {where or "1"} ORDER BY'
            order = f"{order}, r.id" if order else "r.id"
            self._ids[key] = [row[0] for row in self.connection.execute(f"SELECT r.id {source} {order}", parameters)]
        return self._ids[key]

    def records(self, record_type: RecordType, ids: list[int]) -> list[Record]:
        """The records with these ids, which are there, in their order."""
        bodies = dict(
            self.connection.execute(
                f'SELECT id, body FROM "{record_type.name}" WHERE id IN (SELECT value FROM json_each(?))',
                (json.dumps(ids),),
            )
        )
        return [{"id": record_id, **orjson.loads(bodies[record_id])} for record_id in ids]

    def places(
        self, documents: str, where: str, parameters: Sequence[object], order: str, limit: int, offset: int
    ) -> list[int]:
        """Places in a JSON array of the documents that fulfil an SQL condition about "r"."""
        source = "(SELECT key, value AS body, json_extract(value, '$.id') AS id FROM json_each(?)) r"
        rows = self.connection.execute(
            f"SELECT r.key FROM {source} WHERE {where or '1'} ORDER BY {order or 'r.key'}, r.key LIMIT ? OFFSET ?",
            (documents, *parameters, limit, offset),
        )
        return [row[0] for row in rows]

    def count(self, record_type: RecordType, where: str = "", parameters: Sequence[object] = ()) -> int:
        """How many records fulfil an SQL condition about "r"."""
        row = self.connection.execute(
            f'SELECT count(*) FROM "{record_type.name}" r WHERE {where or "1"}', parameters
        ).fetchone()
        return int(row[0])

    def find(self, record_type: RecordType, **values: object) -> list[Record]:
        """Records whose fields have these values, texts without their case; lowest id first.

        Not to be changed by the caller when the type is fixed.
        """
        key = (record_type.name, *values.items())
        if key in self._found:
            return self._found[key]
        found = self._find(record_type, values)
        if record_type.fixed and len(self._found) < 10_000:
            self._found[key] = found
        return found

    def _find(self, record_type: RecordType, values: dict[str, object]) -> list[Record]:
        conditions = [f"json_extract(r.body, '$.{name}') = ? COLLATE NOCASE" for name in values]
        found = self.select(record_type, " AND ".join(conditions), list(values.values()))
        if found or all(str(value).isascii() for value in values.values()):
            return found
        folded = [f"fold(json_extract(r.body, '$.{name}')) = fold(?)" for name in values]
        return self.select(record_type, " AND ".join(folded), list(values.values()))

    def attached(self, ticket: int) -> list[int]:
        """Ids of the configurations of a ticket."""
        rows = self.connection.execute(
            "SELECT configuration FROM attachment WHERE ticket = ? ORDER BY configuration", (ticket,)
        )
        return [row[0] for row in rows]

    def attach(self, ticket: int, configuration: int) -> bool:
        """Attach a configuration; False when it was attached already."""
        self._ids.clear()
        found = self.connection.execute("INSERT OR IGNORE INTO attachment VALUES (?, ?)", (ticket, configuration))
        return found.rowcount == 1

    def detach(self, ticket: int, configuration: int) -> bool:
        """Take a configuration from a ticket; False when it was not attached."""
        self._ids.clear()
        found = self.connection.execute(
            "DELETE FROM attachment WHERE ticket = ? AND configuration = ?", (ticket, configuration)
        )
        return found.rowcount == 1

    def detach_all(self, configuration: int) -> None:
        """Take a configuration from all tickets."""
        self._ids.clear()
        self.connection.execute("DELETE FROM attachment WHERE configuration = ?", (configuration,))

    def keep_content(self, document: int, content: bytes) -> None:
        """Keep the file of a document."""
        self.connection.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", (document, content))

    def content(self, document: int) -> bytes | None:
        """The file of a document, None for a link."""
        row = self.connection.execute("SELECT body FROM content WHERE document = ?", (document,)).fetchone()
        return bytes(row[0]) if row else None

    def drop_content(self, document: int) -> None:
        """Remove the file of a document."""
        self.connection.execute("DELETE FROM content WHERE document = ?", (document,))

    def remember(self, ticket: int, at: str, who: str, texts: Iterable[str]) -> None:
        """Note what happened to a ticket, for its page."""
        self.connection.executemany("INSERT INTO history VALUES (?, ?, ?, ?)", [(ticket, at, who, t) for t in texts])

    def history(self, ticket: int) -> list[dict[str, str]]:
        """What happened to a ticket, oldest first."""
        rows = self.connection.execute("SELECT at, who, text FROM history WHERE ticket = ? ORDER BY rowid", (ticket,))
        return [{"at": row[0], "who": row[1], "text": row[2]} for row in rows]


def _integer(value: int) -> int:
    """Keep ids within what SQLite holds; no record has one beyond."""
    return value if -(2**63) <= value < 2**63 else -1


def _body(record: Record) -> str:
    kept = {name: value for name, value in record.items() if name != "id" and value is not None}
    return orjson.dumps(kept).decode()

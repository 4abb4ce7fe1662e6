# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an event source that polls remembers between its starts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.models import parse_datetime
from ansible_collections.msp.connectwise.plugins.plugin_utils.state_file import StateFile


class PollState(StateFile):
    """The file.

    Args:
        path: of the file.
        account: what it is for; a file for another one is refused.
    """

    OURS = 0x4357_5031  # "CWP1"
    TABLES = (
        "CREATE TABLE IF NOT EXISTS place (name TEXT PRIMARY KEY, value TEXT)",
        "CREATE TABLE IF NOT EXISTS told (id INTEGER PRIMARY KEY, changed TEXT NOT NULL)",
    )
    DAMAGED = (
        "is damaged, or no state of msp.connectwise.cw_tickets. Move it away, and give with since the time from which "
        "on changes count."
    )

    def __init__(self, path: str, account: str) -> None:
        self._account = account
        super().__init__(path)

    def _open(self) -> None:
        (page,) = self._file.execute("PRAGMA page_size").fetchone()
        if self._path.stat().st_size % page:  # of which SQLite would make what it can
            raise sqlite3.DatabaseError("it breaks off")
        super()._open()
        (whole,) = self._file.execute("PRAGMA quick_check(1)").fetchone()
        if whole != "ok":
            raise sqlite3.DatabaseError(whole)
        if self._value("account") not in (None, self._account):
            raise self._refused("is of another base_url or client. Give each a file of its own.")
        self._set(account=self._account)
        if self.begun:  # a first look at all that is in it
            for name in ("begin", "newest", *(["entered_since"] if self._value("entered_since") else [])):
                self._time(name)

    @property
    def begun(self) -> bool:
        """Whether it is known since when changes count."""
        return self._value("begin") is not None

    @property
    def begin(self) -> datetime:
        """Nothing that was changed earlier counts."""
        return self._time("begin")

    @begin.setter
    def begin(self, time: datetime) -> None:
        self._set(begin=_text(time), newest=_text(time))

    @property
    def newest(self) -> datetime:
        """The newest change that was handed over; ``begin`` where none was."""
        return self._time("newest")

    @property
    def entered_since(self) -> datetime | None:
        """Records that were entered since then are new; None where no walk is under way."""
        return self._time("entered_since") if self._value("entered_since") else None

    def told(self, record_id: int) -> datetime | None:
        """The time of the last change of a record that was handed over; None where it is not remembered."""
        with self._sentences():
            row = self._file.execute("SELECT changed FROM told WHERE id = ?", (record_id,)).fetchone()
        return parse_datetime(row[0]) if row else None

    def begin_walk(self, entered_since: datetime) -> None:
        """A walk begins, or goes on."""
        self._set(entered_since=_text(entered_since))

    def tell(self, record_id: int, changed: datetime) -> None:
        """A change was handed over. A kill does not undo it once this returns."""
        time = _text(changed)
        with self._sentences(), self._transaction():
            self._file.execute("INSERT OR REPLACE INTO told VALUES (?, ?)", (record_id, time))
            self._file.execute("UPDATE place SET value = max(value, ?) WHERE name = 'newest'", (time,))

    def end_walk(self, forget: datetime) -> None:
        """A walk is at its end; what was changed before ``forget`` will not be met again without a further change."""
        with self._sentences(), self._transaction():
            self._file.execute("DELETE FROM told WHERE changed < ?", (_text(forget),))
            self._file.execute("DELETE FROM place WHERE name = 'entered_since'")

    def _value(self, name: str) -> str | None:
        with self._sentences():
            row = self._file.execute("SELECT value FROM place WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _time(self, name: str) -> datetime:
        found = parse_datetime(self._value(name))
        if found is None:
            raise self._refused(self.DAMAGED)
        return found

    def _set(self, **values: str) -> None:
        with self._sentences(), self._transaction():
            self._file.executemany("INSERT OR REPLACE INTO place VALUES (?, ?)", list(values.items()))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._file.execute("ROLLBACK")
            raise


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")

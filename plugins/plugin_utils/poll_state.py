# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an event source that polls remembers between its starts: a small SQLite file, whole also after a kill."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.models import parse_datetime
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError

OURS = 0x43575031  # SQLite's application_id, by which a file of another program is known
_SET_UP = (
    # Held until the end, so that no other process works with the same file; a kill ends it, too.
    "PRAGMA locking_mode = EXCLUSIVE",
    # What a crash of the machine loses then are the last changes only.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "BEGIN IMMEDIATE",
    "CREATE TABLE IF NOT EXISTS place (name TEXT PRIMARY KEY, value TEXT)",
    "CREATE TABLE IF NOT EXISTS told (id INTEGER PRIMARY KEY, changed TEXT NOT NULL)",
    f"PRAGMA application_id = {OURS}",
    "COMMIT",
)


class PollState:
    """The file. It is made where it is not there, readable by its owner alone.

    Args:
        path: of the file.
        account: what it is for; a file for another one is refused.

    Every method raises WantedError, a sentence about the option ``state_file``, where the file can't be used.
    """

    def __init__(self, path: str, account: str) -> None:
        self._path = Path(path)
        self._file: sqlite3.Connection
        with self._sentences():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._file = sqlite3.connect(self._path, timeout=2.0, isolation_level=None)
            try:
                self._open(account)
            except BaseException:
                self._file.close()
                raise

    def _open(self, account: str) -> None:
        (page,) = self._file.execute("PRAGMA page_size").fetchone()
        if self._path.stat().st_size % page:  # of which SQLite would make what it can
            raise sqlite3.DatabaseError("it breaks off")
        (kind,) = self._file.execute("PRAGMA application_id").fetchone()
        (tables,) = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and kind != OURS:
            raise sqlite3.DatabaseError("it is of another program")
        for statement in _SET_UP:
            self._file.execute(statement)
        (whole,) = self._file.execute("PRAGMA quick_check(1)").fetchone()
        if whole != "ok":
            raise sqlite3.DatabaseError(whole)
        known = self._value("account")
        if known is not None and known != account:
            raise WantedError(
                "state_file", f"{str(self._path)!r} is of another base_url or client. Give each a file of its own."
            )
        self._set(account=account)
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

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._file.close()

    def _value(self, name: str) -> str | None:
        with self._sentences():
            row = self._file.execute("SELECT value FROM place WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _time(self, name: str) -> datetime:
        found = parse_datetime(self._value(name))
        if found is None:
            raise self._damaged()
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

    def _damaged(self) -> WantedError:
        return WantedError(
            "state_file",
            f"{str(self._path)!r} is damaged, or no state of msp.connectwise.cw_tickets. Move it away, and give with "
            "since the time from which on changes count.",
        )

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WantedError("state_file", f"{str(self._path)!r} can't be used: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise WantedError(
                    "state_file",
                    f"{str(self._path)!r} is in use by another process. Give each source a file of its own.",
                ) from None
            raise WantedError("state_file", f"{str(self._path)!r} can't be used: {error}.") from None
        except sqlite3.DatabaseError:
            raise self._damaged() from None


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")

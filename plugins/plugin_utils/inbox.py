# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages that were accepted and not handed over yet, and those that were accepted before, in a file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError

REMEMBERED = 100_000  # messages by which it is known that one comes again
OURS = 0x4357_4342  # "CWCB": SQLite's application_id, by which a file of another program is known
_SET_UP = (
    # Held until the end, so that no other process works with the same file; a kill ends it, too.
    "PRAGMA locking_mode = EXCLUSIVE",
    # What a crash of the machine loses then are the last changes only; a crash of the process loses nothing.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "BEGIN IMMEDIATE",
    "CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, event TEXT)",
    "CREATE INDEX IF NOT EXISTS waiting ON message (number) WHERE event IS NOT NULL",
    f"PRAGMA application_id = {OURS}",
    "COMMIT",
)


class Full(Exception):
    """As many messages wait as may."""


class Inbox:
    """The file. It is made where it is not there, readable by its owner alone.

    Args:
        path: of the file.
        room: how many messages may wait.

    Every method may raise WantedError, a sentence about the option ``state_file``, where the file can't be used.
    """

    def __init__(self, path: str, room: int) -> None:
        self._path = Path(path)
        self._room = room
        self._file: sqlite3.Connection
        with self._sentences():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._file = sqlite3.connect(self._path, timeout=2.0, isolation_level=None)
            try:
                self._open()
            except BaseException:
                self._file.close()
                raise

    def _open(self) -> None:
        (kind,) = self._file.execute("PRAGMA application_id").fetchone()
        (tables,) = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and kind != OURS:
            raise sqlite3.DatabaseError("it is of another program")
        for statement in _SET_UP:
            self._file.execute(statement)
        (self.waiting,) = self._file.execute("SELECT count(*) FROM message WHERE event IS NOT NULL").fetchone()

    def accept(self, message_id: str, event: dict[str, Any]) -> bool:
        """Keep an event until it is handed over. A kill does not undo it once this returns.

        Returns:
            False where a message with this id was accepted before.

        Raises:
            Full: it was not accepted.
        """
        with self._sentences():
            if self._file.execute("SELECT 1 FROM message WHERE id = ?", (message_id,)).fetchone():
                return False
            if self.waiting >= self._room:
                raise Full
            row = message_id, json.dumps(event)
            number = self._file.execute("INSERT INTO message (id, event) VALUES (?, ?)", row).lastrowid or 0
            self.waiting += 1
            if number % 1000 == 0:
                old = "DELETE FROM message WHERE number <= ? AND event IS NULL"
                self._file.execute(old, (number - REMEMBERED,))
        return True

    def oldest(self) -> tuple[int, dict[str, Any]] | None:
        """The event that waits for the longest, with its number; None where none waits."""
        with self._sentences():
            query = "SELECT number, event FROM message WHERE event IS NOT NULL ORDER BY number LIMIT 1"
            row = self._file.execute(query).fetchone()
            return (row[0], json.loads(row[1])) if row else None

    def handed_over(self, number: int) -> None:
        """The event of this number need not be kept any longer."""
        with self._sentences():
            self._file.execute("UPDATE message SET event = NULL WHERE number = ?", (number,))
            self.waiting -= 1

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WantedError("state_file", f"{str(self._path)!r} can't be used: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                text = f"{str(self._path)!r} is in use by another process. Give each source a file of its own."
                raise WantedError("state_file", text) from None
            raise WantedError("state_file", f"{str(self._path)!r} can't be used: {error}.") from None
        except (sqlite3.DatabaseError, ValueError):
            text = f"{str(self._path)!r} is damaged, or no state of msp.connectwise.cw_callbacks. Move it away."
            raise WantedError("state_file", text) from None

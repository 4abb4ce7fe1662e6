# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an event source remembers between its starts: a small SQLite file, whole also after a kill."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError


class StateFile:
    """The file. It is made where it is not there, readable by its owner alone.

    Every method raises WantedError, a sentence about the option ``state_file``, where the file can't be used.
    """

    OURS: int
    """SQLite's application_id, by which a file of another program is known."""
    TABLES: tuple[str, ...]
    """The statements that make what is not there yet."""
    DAMAGED: str
    """The sentence about a file that is damaged, behind its name."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
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
        if tables and kind != self.OURS:
            raise sqlite3.DatabaseError("it is of another program")
        for statement in (
            # Held until the end, so that no other process works with the same file; a kill ends it, too.
            "PRAGMA locking_mode = EXCLUSIVE",
            # What a crash of the machine loses then are the last changes only; a crash of the process loses nothing.
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "BEGIN IMMEDIATE",
            *self.TABLES,
            f"PRAGMA application_id = {self.OURS}",
            "COMMIT",
        ):
            self._file.execute(statement)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._file.close()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except WantedError:
            raise
        except OSError as error:
            raise self._refused(f"can't be used: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            in_use = "is in use by another process. Give each source a file of its own."
            raise self._refused(in_use if "locked" in str(error) else f"can't be used: {error}.") from None
        except (sqlite3.DatabaseError, ValueError):
            raise self._refused(self.DAMAGED) from None

    def _refused(self, reason: str) -> WantedError:
        return WantedError("state_file", f"{str(self._path)!r} {reason}")

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps all processes of this user on this machine together below the server's limit of requests.

More than 1,000 requests a minute are throttled (fact sheet 12.1). Each process for itself can't know what the others
send, and 20 forks that run into the limit fight over it. So each request takes its place in a queue that they share: a
small SQLite file, whose locks also hold where a process is killed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

MINUTE = 60.0
SPARE = 1.02  # requests take different times on their way, so that the server's window may hold some more
LOCKED_FOR = 10.0  # seconds; a turn at the file takes less than a millisecond
LONGEST_QUEUE = 600.0  # seconds; a place further away was taken before the clock was set back

_SET_UP = (
    # What a crash of the machine loses is of no value after it.
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = MEMORY",
    "CREATE TABLE IF NOT EXISTS sent (place INTEGER PRIMARY KEY, at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS sent_at ON sent (at)",
    "CREATE TABLE IF NOT EXISTS held (until REAL NOT NULL)",
)


class Pacing:
    """The queue of one account. Threads may share one; a process that was forked opens the file anew.

    Args:
        account: text that is the same for all who share the limit, such as the API root and the company.
        requests: how many are sent within a window; 0 for no queue.
        window: seconds.

    Where the file can't be had, requests are sent at once: pacing is a courtesy, and never the reason of a failure.
    """

    def __init__(self, account: str, requests: int, window: float = MINUTE) -> None:
        self._name = f"{hashlib.sha256(account.encode('utf-8', 'replace')).hexdigest()[:32]}.sqlite"
        self._requests = requests
        self._window = window * SPARE
        self._lock = threading.Lock()
        self._file: Any = None
        self._process = 0

    def wait(self, longest: float) -> float:
        """Wait for the turn of one request.

        Args:
            longest: seconds that waiting for the end of a hold may take.

        Returns:
            0.0; or the seconds that a hold lasts, at once, where they are more.
        """
        held = self._turn(_held)
        if held > longest:
            return held
        pause = self._turn(self._queue)
        while pause > 0:
            time.sleep(pause)
            pause = self._turn(_held)  # somebody may have been throttled meanwhile
            if pause > longest:
                return pause
        return 0.0

    def hold(self, seconds: float) -> None:
        """Let nobody send for some seconds, for the server has asked one of them to wait."""

        def write(file: Any, now: float) -> float:
            until = now + max(seconds, _held(file, now))
            file.execute("DELETE FROM held")
            file.execute("INSERT INTO held VALUES (?)", (until,))
            return seconds

        self._turn(write)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None and self._process == os.getpid():
                self._file.close()
            self._file = None

    def _queue(self, file: Any, now: float) -> float:
        """Take the next place; returns the seconds until its turn."""
        # Counted by time and not by place, for others may have another limit.
        file.execute("DELETE FROM sent WHERE at > ? OR at < ?", (now + LONGEST_QUEUE, now - self._window))
        newest = "SELECT at FROM sent ORDER BY at DESC LIMIT 1 OFFSET ?"
        leaving = file.execute(newest, (self._requests - 1,)).fetchone()
        turn: float = max(now, leaving[0] + self._window if leaving else now, now + _held(file, now))
        file.execute("INSERT INTO sent (at) VALUES (?)", (turn,))
        return turn - now

    def _turn(self, use: Callable[[Any, float], float]) -> float:
        """What ``use`` makes of the file, which nobody else uses meanwhile; 0.0 where there is no file."""
        if not self._requests:
            return 0.0
        try:
            import sqlite3
        except ImportError:
            return 0.0
        with self._lock, suppress(OSError, sqlite3.Error):
            if self._file is None or self._process != os.getpid():
                self._file = sqlite3.connect(
                    _folder() / self._name, timeout=LOCKED_FOR, isolation_level=None, check_same_thread=False
                )
                self._process = os.getpid()
                for statement in _SET_UP:
                    self._file.execute(statement)
            self._file.execute("BEGIN IMMEDIATE")
            try:
                return use(self._file, time.time())
            finally:
                self._file.execute("COMMIT")
        return 0.0


def _held(file: Any, now: float) -> float:
    """The seconds that the hold still lasts."""
    until = file.execute("SELECT max(until) FROM held").fetchone()[0]
    return max(0.0, until - now) if until else 0.0


def _folder() -> Path:
    """A folder that is this user's alone.

    Raises:
        OSError: there can't be one.
    """
    folder = Path(tempfile.gettempdir(), f"msp.connectwise-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} is not private")
    return folder

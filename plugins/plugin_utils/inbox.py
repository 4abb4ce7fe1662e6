# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages that were accepted and not handed over yet, and those that were accepted before, in a file."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.msp.connectwise.plugins.plugin_utils.state_file import StateFile

REMEMBERED = 100_000  # messages by which it is known that one comes again


class Full(Exception):
    """As many messages wait as may."""


class Inbox(StateFile):
    """The file.

    Args:
        path: of the file.
        room: how many messages may wait.
    """

    OURS = 0x4357_4342  # "CWCB"
    TABLES = (
        "CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, event TEXT)",
        "CREATE INDEX IF NOT EXISTS waiting ON message (number) WHERE event IS NOT NULL",
    )
    DAMAGED = "is damaged, or no state of msp.connectwise.cw_callbacks. Move it away."

    def __init__(self, path: str, room: int) -> None:
        self._room = room
        super().__init__(path)

    def _open(self) -> None:
        super()._open()
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

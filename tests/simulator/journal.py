# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: every request to the API, for tests that count them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

_SECRET = ("authorization", "clientid", "cookie")


@dataclass
class Entry:
    """One request. ``path`` is what follows apis/3.0/, ``query`` is decoded.

    ``write``: meant to change something (also when a fault swallowed it); ``done``: it really did.
    """

    n: int
    method: str
    path: str
    query: dict[str, str]
    body: object
    headers: dict[str, str]
    connection: int
    write: bool
    status: int = 0
    done: bool = False
    fault: str | None = None


@dataclass
class Journal:
    """The requests since the start or the last reset."""

    entries: list[Entry] = field(default_factory=list)

    def add(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        body: object,
        headers: Mapping[str, str],
        connection: int,
    ) -> Entry:
        """Note a request as it arrives; its answer is filled in later."""
        shown = {name: "present" if name in _SECRET else value for name, value in headers.items()}
        search = method == "POST" and path.lower().rstrip("/").endswith("/search")
        entry = Entry(
            n=len(self.entries) + 1,
            method=method,
            path=path,
            query=query,
            body=body,
            headers=shown,
            connection=connection,
            write=method != "GET" and not search,
        )
        self.entries.append(entry)
        return entry

    def shown(self) -> list[dict[str, object]]:
        """All entries as JSON objects."""
        return [asdict(entry) for entry in self.entries]

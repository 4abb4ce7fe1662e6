# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports that wait to be sent: one file each, in a folder that several runs may use at once."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MOST = 100  # reports that wait; the oldest ones give way
LARGEST = 1 << 20  # bytes of a report
_NAME = re.compile(r"cw_ticket-\d{20}-[0-9a-f]{32}\.json")

Report = dict[str, Any]


class Spool:
    """The folder. It is made when it is needed, readable by its owner alone, and so are the files.

    Args:
        folder: path; other files in it are not touched.
        members: names and types of what every report holds; what is otherwise is no report. ``id``, 32 hexadecimal
            digits, must be one of them.

    Every method may raise OSError.
    """

    def __init__(self, folder: str, members: dict[str, type]) -> None:
        self.folder = Path(folder)
        self._members = members

    def add(self, report: Report) -> int:
        """Keep a report, in place of one with the same ``id``. Returns how many others had to give way."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"cw_ticket-{time.time_ns():020d}-{report['id']}.json"
        unfinished = self.folder / f".{name}"
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(file, "w", encoding="utf-8", errors="replace") as written:
                json.dump(report, written, ensure_ascii=False)
            unfinished.replace(self.folder / name)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        for each in self.names():
            if each.endswith(f"-{report['id']}.json") and each != name:
                self.remove(each)
        surplus = self.names()[:-MOST]
        for each in surplus:
            self.remove(each)
        return len(surplus)

    def names(self) -> list[str]:
        """The names of the files, oldest first."""
        return sorted(name for name in os.listdir(self.folder) if _NAME.fullmatch(name))

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While this lasts nobody else sends; waits until it is so."""
        file = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def read(self, name: str) -> Report | None:
        """A report; None where the file is broken, which is then set aside.

        Raises:
            FileNotFoundError: it is gone.
        """
        path = self.folder / name
        report = self._read(path)
        if report is None:
            path.replace(self.folder / "cw_ticket.broken")
        return report

    def remove(self, name: str) -> None:
        """Forget a report."""
        (self.folder / name).unlink(missing_ok=True)

    def _read(self, path: Path) -> Report | None:
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(file, "rb") as opened:
                if os.fstat(file).st_uid != os.geteuid():
                    return None  # somebody else may have put it there
                report = json.loads(opened.read(LARGEST))
        except FileNotFoundError:
            raise
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(report, dict) or report.get("id") != path.stem[-32:]:
            return None
        fits = all(isinstance(report.get(name), kind) for name, kind in self._members.items())
        return report if fits else None

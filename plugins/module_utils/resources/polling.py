# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking again and again what was changed: which page comes next, and what of it is new.

All times are the server's own, in whole seconds (fact sheet 13.1). Pages are not asked for by number, for a record that
is changed meanwhile moves to the end, and others move up. Each page begins at the time at which the last one ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from ..connectwise import Condition, ConnectWiseResponseError
from ..connectwise.models import parse_datetime

# No server gives fewer where so many are asked for (fact sheet 3.3), so that a shorter page is the last.
A_PAGE = 100
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """What is to be handed over of a record."""

    action: str
    """``added`` or ``updated``."""
    record: dict[str, Any]
    """As the API gives it."""
    time: datetime
    """Of the change."""


class Progress(Protocol):
    """What is remembered of what was handed over."""

    @property
    def begin(self) -> datetime:
        """Nothing that was changed earlier counts."""

    @property
    def newest(self) -> datetime:
        """The newest change that was handed over; ``begin`` where none was."""

    @property
    def entered_since(self) -> datetime | None:
        """Records that were entered since then are new; None where no walk is under way."""

    def told(self, record_id: int) -> datetime | None:
        """The time of the last change of a record that was handed over; None where it is not remembered."""


class Walk:
    """One walk over all that was changed since a time, page by page, oldest change first.

    Args:
        progress: where the last one ended. What is handed over must be told it before the next page is taken.
        overlap: how long before that this one begins, for the server may show a change later than it dates it.

    Attributes:
        start: where it begins (datetime).
        entered_since: records that were entered since then are new (datetime).
        done: whether there is no further page (bool).
    """

    def __init__(self, progress: Progress, overlap: timedelta) -> None:
        self.start = max(progress.begin, progress.newest - overlap)
        # A walk that was broken off goes on, and what was entered since that one began is still new.
        self.entered_since = progress.entered_since or self.start
        self.done = False
        self._progress = progress
        self._until: datetime | None = None
        self._from = self.start
        self._behind: int | None = None  # the id behind which a page begins, within one second

    @property
    def condition(self) -> Condition:
        """What the next page is asked for."""
        since = Condition("lastUpdated", ">=", self._from)
        if self._behind is None:
            return since
        return since & Condition("lastUpdated", "<", self._from + SECOND) & Condition("id", ">", self._behind)

    @property
    def order(self) -> str:
        """In which order."""
        return "lastUpdated asc, id asc" if self._behind is None else "id asc"

    def take(self, page: list[dict[str, Any]], clock: datetime) -> Iterator[Change]:
        """What of a page is to be handed over, in order.

        A second that is not over yet is left to the next walk: a further change in it would not show in the time.

        Args:
            page: at most :data:`A_PAGE` records, as the API gives them, in the order that was asked for.
            clock: the server's, at its answer.

        Raises:
            ConnectWiseResponseError: a record has no time of its last change, or they are not in order.
        """
        self._until = self._until or clock
        times = [_changed(record) for record in page]
        if self._behind is None and times != sorted(times):
            raise ConnectWiseResponseError("the tickets did not come in the order of their last changes")
        for record, changed in zip(page, times):
            if changed < self._until and self._progress.told(int(record["id"])) != changed:
                yield Change(self._action(record), record, changed)
        self._go_on(page, times)

    def _action(self, record: dict[str, Any]) -> str:
        entered = parse_datetime(record["_info"].get("dateEntered"))
        known = self._progress.told(int(record["id"])) is not None
        return "added" if entered and entered >= self.entered_since and not known else "updated"

    def _go_on(self, page: list[dict[str, Any]], times: list[datetime]) -> None:
        full = len(page) >= A_PAGE
        if self._until is not None and times and times[-1] >= self._until:
            self.done = True
        elif self._behind is not None and not full:  # the end of a second
            self._from, self._behind = self._from + SECOND, None
        elif self._behind is not None:
            self._behind = int(page[-1]["id"])
        elif not full:
            self.done = True
        elif times[-1] > self._from:
            self._from = times[-1]
        else:  # more than a page within one second
            self._behind = 0


def _changed(record: dict[str, Any]) -> datetime:
    info = record.get("_info")
    changed = parse_datetime(info.get("lastUpdated")) if isinstance(info, dict) else None
    if changed is None:
        raise ConnectWiseResponseError(f"ticket {record.get('id')} came without the time of its last change (_info)")
    return changed

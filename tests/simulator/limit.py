# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rate limit: so many requests within any so many seconds, the rest gets a 429 (fact 12.1)."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

FORMS = ("seconds", "date", "fraction", "none")
"""What Retry-After holds: whole seconds, at least 1; an HTTP date; seconds with a fraction; or there is none."""


@dataclass
class Limit:
    """The limit, None for no limit; by default what the guide says. Refused requests do not count against it."""

    requests: int | None = None
    seconds: float = 60.0
    retry_after: str = FORMS[0]
    refused: int = 0
    """How many requests were refused since the limit was set."""
    _let_through: deque[float] = field(default_factory=deque)

    def set(self, wanted: object) -> None:
        """Set it from decoded JSON. ValueError with a sentence when that is not understood."""
        if not isinstance(wanted, dict):
            raise ValueError("Send an object with requests and seconds.")
        unknown = set(wanted) - {"requests", "seconds", "retry_after"}
        if unknown:
            raise ValueError(f"A limit has no {', '.join(sorted(unknown))}.")
        requests, seconds = wanted.get("requests", 1000), wanted.get("seconds", 60.0)
        if isinstance(requests, bool) or not isinstance(requests, int) or requests < 1:
            raise ValueError("requests is a whole number from 1 on.")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
            raise ValueError("seconds is a number above 0.")
        if wanted.get("retry_after", FORMS[0]) not in FORMS:
            raise ValueError(f"retry_after takes {', '.join(FORMS)}.")
        self.requests, self.seconds, self.retry_after = requests, seconds, wanted.get("retry_after", FORMS[0])
        self.refused = 0
        self._let_through.clear()

    def clear(self) -> None:
        """No limit any more."""
        self.requests = None

    def shown(self) -> dict[str, object]:
        """The limit as JSON."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def refuse(self, now: float) -> float | None:
        """Count a request at ``now``, in seconds of any clock: None to let it through, else the seconds to wait."""
        if self.requests is None:
            return None
        while self._let_through and self._let_through[0] <= now - self.seconds:
            self._let_through.popleft()
        if len(self._let_through) < self.requests:
            self._let_through.append(now)
            return None
        self.refused += 1
        return self._let_through[0] + self.seconds - now

    def header(self, wait: float, now: datetime) -> str | None:
        """Retry-After for a request that has to wait so many seconds; None for no header."""
        whole = max(1, math.ceil(wait))
        forms = {
            "seconds": str(whole),
            "date": format_datetime(now + timedelta(seconds=whole), usegmt=True),
            "fraction": f"{wait:.3f}",
        }
        return forms.get(self.retry_after)

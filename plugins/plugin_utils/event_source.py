# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Between the event sources and ansible-rulebook."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

CONFIRMED_WITHIN = 120.0  # seconds


class Queue(Protocol):
    """Where events go; what ansible-rulebook gives has no more than this."""

    async def put(self, event: dict[str, Any]) -> None:
        """Hand over an event; waits until there is room."""


class SourceError(Exception):
    """The source ends: a sentence."""


async def hand_over(queue: Queue, event: dict[str, Any], confirmed: asyncio.Queue[Any] | None) -> None:
    """Hand over an event, and where there is a queue for it, wait until ansible-rulebook confirms that it has it.

    Raises:
        SourceError: it was not confirmed within CONFIRMED_WITHIN seconds.
    """
    await queue.put(event)
    if confirmed is None:
        return
    try:
        await asyncio.wait_for(confirmed.get(), CONFIRMED_WITHIN)
    except asyncio.TimeoutError:
        raise SourceError(f"feedback: no event was confirmed within {CONFIRMED_WITHIN:.0f} s.") from None

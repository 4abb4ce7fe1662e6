# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs event sources in this process, and waits for the callbacks that the simulator sends."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from unit.plugins.support import Simulator

SOON = 60.0  # seconds
Event = dict[str, Any]
Main = Callable[[Any, dict[str, Any]], Coroutine[Any, Any, None]]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_until(fulfilled: Callable[[], Any], what: str) -> None:
    """Wait for something that comes soon; the test fails where it does not."""
    until = time.monotonic() + SOON
    while not fulfilled():
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(0.02)


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def deliveries(simulator: Simulator) -> list[dict[str, Any]]:
    """The callbacks that the simulator sent, once none waits any more."""
    wait_until(lambda: not shown(simulator)["waiting"], "the end of the deliveries")
    found: list[dict[str, Any]] = shown(simulator)["deliveries"]
    return found


def shown(simulator: Simulator) -> dict[str, Any]:
    """What the simulator tells of its callbacks."""
    answer: dict[str, Any] = simulator._ask("GET", "callbacks")
    return answer


class Source:
    """An event source in a thread of this process, which takes events as a rulebook does.

    Args:
        main: of the source.
        options: as in a rulebook.
        takes: how many events are taken; None for all.
    """

    def __init__(self, main: Main, options: dict[str, Any], takes: int | None = None) -> None:
        self.events: list[Event] = []
        self.error: BaseException | None = None
        self.takes = takes
        self._work = main(self, options)
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._begun.wait(SOON)

    def _run(self) -> None:
        try:
            asyncio.run(self._until_cancelled())
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self.error = error

    async def _until_cancelled(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._begun.set()
        await self._work

    async def put(self, event: Event) -> None:
        """Take an event, in time."""
        while self.takes is not None and len(self.events) >= self.takes:
            await asyncio.sleep(0.01)
        self.events.append(event)

    def wait_for(self, number: int) -> list[Event]:
        """The events, once there are so many."""
        wait_until(lambda: len(self.events) >= number or self.error, f"event {number}")
        if self.error:
            raise self.error
        return self.events

    def stop(self) -> None:
        """Cancel it, as a rulebook does in the end."""
        if self._task:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.join()

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join(SOON)
        assert not self._thread.is_alive()

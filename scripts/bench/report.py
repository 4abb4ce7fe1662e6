# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found, as tables for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("ansible-core", "requests", "ConnectPyse-Manage", "pyconnectwise")
LICENCE = "<!--\nCopyright (c) 2026 msp.connectwise contributors\nSPDX-License-Identifier: GPL-3.0-or-later\n-->\n"


@dataclass(frozen=True)
class Table:
    """Rows of texts under a heading, with words on how they were measured."""

    title: str
    words: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]

        def line(cells: tuple[str, ...]) -> str:
            padded = [
                f"{cell:>{width}}" if place else f"{cell:<{width}}"
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ]
            return f"| {' | '.join(padded)} |"

        rule = "|".join("-" * (width + 1) + ("-" if not place else ":") for place, width in enumerate(widths))
        return "\n".join(
            [f"## {self.title}", "", self.words, "", line(self.columns), f"|{rule}|", *map(line, self.rows)]
        )


@dataclass
class Report:
    """All tables, and the targets beside what was measured."""

    tables: list[Table] = field(default_factory=list)
    targets: list[tuple[str, ...]] = field(default_factory=list)

    def target(self, what: str, most: float, measured: float) -> None:
        """What should be at most so much."""
        verdict = "reached" if measured <= most else "missed"
        self.targets.append((what, f"≤ {most:g}", f"{measured:.3g}", verdict))
        print(f"    {what}: {measured:.3g}, {verdict}", flush=True)

    def table(self, title: str, words: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Add a table."""
        self.tables.append(Table(title, words, columns, rows))

    def text(self, minutes: float) -> str:
        """The page."""
        targets = Table(
            "Targets", "Ratios of what ran in turns in one run.", ("what", "target", "measured", ""), self.targets
        )
        return (
            "\n\n".join([f"{LICENCE}# Benchmarks", circumstances(minutes), *map(str, [targets, *self.tables])]) + "\n"
        )


def circumstances(minutes: float) -> str:
    """When, where and with what."""
    versions = ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)])
    load = f"load {os.getloadavg()[2]:.1f} on average over the last 15 minutes"
    return (
        f"Written by `make bench` on {datetime.now(timezone.utc):%Y-%m-%d} in {minutes:.0f} minutes. Everything runs "
        f"on one machine against the simulator, which is a process of its own: {os.cpu_count()} cores, {system()}, "
        f"{load}. {versions}.\n\n"
        "Absolute times are those of this machine and of what else it did; ratios are what counts. Nothing is paced "
        "(`requests_per_minute: 0`), for the default of 1,000 requests a minute is what a tenant allows, and would be "
        "measured here instead of the collection. What goes wrong on the way is not measured here but tested: see the "
        "fault matrix in `tests/unit/plugins/module_utils/connectwise/test_fault_matrix.py`, a part of `make test`."
    )


def system() -> str:
    """The operating system, as it calls itself."""
    release = Path("/etc/os-release")
    found = re.search(r'^PRETTY_NAME="?([^"\n]+)', release.read_text(), re.MULTILINE) if release.exists() else None
    return f"{found[1] if found else platform.system()} ({platform.machine()}, kernel {platform.release()})"

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests on every ansible-core from the oldest that is promised, and write docs/compatibility.md.

"make test" runs all tests on two of them; this runs on each of them what depends on ansible-core and on the Python.
What this machine has no Python for is skipped, and the table says so.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import checkout
import environment
import pythons
from demo import clean_up_when_stopped

CORES = {
    "2.16.19": ("3.10", "3.11", "3.12"),
    "2.17.14": ("3.10", "3.11", "3.12"),
    "2.18.19": ("3.11", "3.12", "3.13"),
    "2.19.14": ("3.11", "3.12", "3.13"),
    "2.20.10": ("3.12", "3.13", "3.14"),
    "2.21.5": ("3.12", "3.13", "3.14"),
}
"""The last release of each ansible-core, and the Pythons that it runs on."""

WHOLE = ("2.16.19", "2.21.5")
"""Those on which all of tests/integration runs, and on the oldest of their Pythons too."""

MAIN = ("configuration_info", "note", "ping", "ticket", "wait")
"""The files of tests/integration that stand for all, and "fast_path", where modules run in Ansible's own process."""

UNIT_TESTS = [
    f"tests/unit/plugins/{folder}" for folder in ("module_utils/glue", "module_utils/resources", "plugin_utils")
]
"""Those of the code that knows Ansible; the client does not."""

OLDEST_FOR_MODULES = "3.9"

UNIT, PLAYBOOKS, SANITY = KINDS = ("unit tests", "playbooks", "ansible-test sanity")

PAGE = checkout.REPOSITORY / "docs" / "compatibility.md"
HEAD = """\
<!--
Copyright (c) 2026 msp.connectwise contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->
# What it runs on

ansible-core 2.16 and later. Where the modules run, which mostly is the controller: Python 3.9 and later, with
`requests` 2.25 and later.

"""


@dataclass
class Row:
    """One ansible-core on one Python."""

    core: str
    """Its version, "2.16.19"."""
    controller: str
    """The Python that Ansible runs on, "3.12"."""
    modules: str
    """The Python that modules run on; where it is the controller's, they run in Ansible's own process."""
    cells: dict[str, str]
    """For each of KINDS what is to run, "all" or "main", and then what came of it; or why it is skipped."""

    @property
    def name(self) -> str:
        """For messages and file names."""
        other = "" if self.modules == self.controller else f", modules on {self.modules}"
        return f"ansible-core {self.core} on {self.controller}{other}"


def rows_of(core: str, here: dict[str, Path]) -> list[Row]:
    """What is to run on one ansible-core with the Pythons that are here."""
    usable = [version for version in CORES[core] if version in here]
    if not usable:
        reason = f"skipped: needs Python {', '.join(CORES[core][:-1])} or {CORES[core][-1]}"
        return [Row(core, "-", "-", dict.fromkeys(KINDS, reason))]
    oldest, newest = usable[0], usable[-1]
    rows = [Row(core, newest, newest, {UNIT: "all", PLAYBOOKS: "all" if core in WHOLE else "main", SANITY: "all"})]
    if core in WHOLE and oldest != newest:
        rows.append(Row(core, oldest, oldest, {UNIT: "above", PLAYBOOKS: "main", SANITY: "above"}))
    old = "main" if OLDEST_FOR_MODULES in here else f"skipped: needs Python {OLDEST_FOR_MODULES}"
    rows.append(Row(core, newest, OLDEST_FOR_MODULES, {UNIT: "above", PLAYBOOKS: old, SANITY: "above"}))
    return rows


def interpreter(row: Row, here: dict[str, Path]) -> Path:
    """The Python of an environment with the row's ansible-core, and with what the unit tests need."""
    name, maker, core = f"core-{row.core}-python{row.controller}", here[row.controller], f"ansible-core=={row.core}"
    if row.controller == "3.10":  # for which nothing is pinned, for the unit tests don't run on it
        return environment.made(name, maker, [core, "requests"], core.encode())
    requirements = checkout.REPOSITORY / "requirements"
    # The pins of "make test", but for what ansible-core itself pins in each of its releases.
    pins = re.sub(r"^(ansible-core|resolvelib)==.*\n", "", (requirements / "test.txt").read_text(), flags=re.MULTILINE)
    constraints, unit = checkout.generated(".cache") / "matrix-pins.txt", requirements / "unit.in"
    constraints.write_text(pins)
    packages: list[str | Path] = [core, "--requirement", unit, "--constraint", constraints]
    return environment.made(name, maker, packages, "\n".join([core, unit.read_text(), pins]).encode())


def tests(row: Row, kind: str, python: Path, modules: Path | None) -> tuple[list[str | Path], dict[str, str]]:
    """The pytest for a cell of the table: its command line, and its environment variables."""
    core = str(python.parent.parent)
    pytest = ["-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    if kind == UNIT:
        return [python, *pytest, *UNIT_TESTS], {}
    if kind == SANITY:
        return [sys.executable, *pytest, "tests/quality/test_sanity.py"], {"MSP_CW_NEWEST": core}
    # The tests run on the Python of "make test"; what they run is the row's ansible-core, in place of the oldest.
    names = MAIN if modules else (*MAIN, "fast_path")
    files = [f"tests/integration/test_{name}.py" for name in names]
    chosen = ["tests/integration"] if row.cells[PLAYBOOKS] == "all" else files
    settings = {"MSP_CW_OLDEST": core, **({"MSP_CW_MODULES_PYTHON": str(modules)} if modules else {})}
    return [sys.executable, *pytest, "-k", "oldest and not newest", *chosen], settings


def outcome(command: list[str | Path], settings: dict[str, str], log: Path) -> str:
    """Run a pytest. Returns what came of it, beginning with "passed" or "failed"."""
    report = log.with_suffix(".xml")
    report.unlink(missing_ok=True)
    with log.open("w") as said:
        done = subprocess.run(
            [*command, f"--junit-xml={report}"],
            cwd=checkout.REPOSITORY,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    suite = ElementTree.parse(report).find("testsuite") if report.exists() else None
    if suite is None or not int(suite.attrib["tests"]):
        return f"failed: pytest ended with {done.returncode}"
    count = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    wrong = count["failures"] + count["errors"]
    if wrong or done.returncode:
        return f"failed: {wrong} of {count['tests']}"
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    return f"passed: {count['tests'] - count['skipped']}{skipped}"


def fill(row: Row, here: dict[str, Path]) -> None:
    """Run what a row is to run, telling what comes of it."""
    logs = checkout.generated(".cache") / "matrix"
    logs.mkdir(exist_ok=True)
    wanted = {kind: part for kind, part in row.cells.items() if part in ("all", "main")}
    try:
        python = interpreter(row, here) if wanted else Path()
        other = wanted and row.modules != row.controller
        modules = environment.for_modules(here[row.modules], row.modules) if other else None
    except SystemExit as error:
        print(f"{row.name}: {error}", flush=True)
        row.cells.update(dict.fromkeys(wanted, "failed: no such environment"))
        return
    for kind, part in wanted.items():
        log = logs / f"{row.core}-{row.controller}-{row.modules}-{kind.replace(' ', '-')}.log"
        start = time.monotonic()
        row.cells[kind] = outcome(*tests(row, kind, python, modules), log) + (" (main)" if part == "main" else "")
        print(f"{row.name}, {kind}: {row.cells[kind]} ({time.monotonic() - start:.0f} s)", flush=True)
        if row.cells[kind].startswith("failed"):
            lines = [line for line in log.read_text().splitlines() if re.match("(FAILED|ERROR) ", line)]
            print("\n".join([*lines, f"The whole of it: {log}"]), flush=True)


def table(rows: list[Row]) -> str:
    """The rows as a table in Markdown."""
    heads = ["ansible-core", "controller on Python", "modules on Python", *KINDS]
    lines = [heads, *([row.core, row.controller, row.modules, *row.cells.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    cells = [[text.ljust(width) for text, width in zip(line, widths, strict=True)] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def page(rows: list[Row], here: dict[str, Path], minutes: float) -> str:
    """docs/compatibility.md."""
    galaxy = (checkout.REPOSITORY / "galaxy.yml").read_text()
    (version,) = re.findall("^version: (.*)$", galaxy, re.MULTILINE)
    main = ", ".join(f"`test_{name}.py`" for name in MAIN)
    return (
        HEAD
        + f"Tested by `make test-matrix` on {date.today()} in {minutes:.0f} minutes, at version {version}:\n\n"
        + table(rows)
        + f"""
- unit tests: those of the code that knows Ansible, on the controller's Python.
- playbooks: what of `tests/integration` depends on ansible-core; "(main)" is {main}, and where the modules have no
  Python of their own `test_fast_path.py`. Python {OLDEST_FOR_MODULES} has `requests` 2.25.0.
- ansible-test sanity: without exceptions, and also compiling and importing on all of Python {", ".join(here)} that this
  ansible-core allows. Only its test "empty-init" is left out on ansible-core 2.16 and 2.17, whose later releases drop
  it for such folders: it wants `plugins/module_utils/connectwise` to export nothing.
- "above": in a row above, for the same ansible-core.
- `make test` runs all tests on two ansible-core: the oldest and the newest for the Python it is made with.
"""
    )


def main() -> None:
    """All rows, or those of some ansible-core."""
    parser = argparse.ArgumentParser(
        prog="make test-matrix", description="Run the tests on every ansible-core, and write docs/compatibility.md."
    )
    short = {version.rpartition(".")[0]: version for version in CORES}
    parser.add_argument("--core", choices=short, action="append", help="only this one; may be repeated; writes no page")
    parser.add_argument("--list", action="store_true", help="only tell what would run")
    asked = parser.parse_args()
    here = pythons.found()
    for missing in [version for version in pythons.VERSIONS if version not in here]:
        print(f"Python {missing} is not on this machine, and is left out.")
    rows = [row for name, core in short.items() if name in (asked.core or short) for row in rows_of(core, here)]
    if asked.list:
        print(table(rows), end="")
        return
    begun = time.monotonic()
    for row in rows:
        fill(row, here)
    print(f"\n{table(rows)}", end="")
    if not asked.core:
        PAGE.write_text(page(rows, here, (time.monotonic() - begun) / 60), encoding="utf-8")
        print(f"Written to {PAGE}.")
    if any(text.startswith("failed") for row in rows for text in row.cells.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    clean_up_when_stopped()
    checkout.forget_own_settings()
    main()

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program behind "make test-matrix": what it would run, and what it does with what comes of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import checkout
import matrix
from pythons import VERSIONS

SCRIPT = checkout.REPOSITORY / "scripts" / "matrix.py"


def here(*versions: str) -> dict[str, Path]:
    """As if these Pythons were on this machine."""
    return {version: Path(f"/usr/bin/python{version}") for version in versions}


def shown(core: str, *versions: str) -> list[list[str]]:
    return [[row.controller, row.modules, *row.cells.values()] for row in matrix.rows_of(core, here(*versions))]


def test_what_would_run() -> None:
    assert shown("2.16.19", "3.9", "3.10", "3.11", "3.12", "3.13") == [
        ["3.12", "3.12", "all", "all", "all"],
        ["3.10", "3.10", "above", "main", "above"],
        ["3.12", "3.9", "above", "main", "above"],
    ]
    assert shown("2.17.14", "3.9", "3.10", "3.11", "3.12") == [
        ["3.12", "3.12", "all", "main", "all"],
        ["3.12", "3.9", "above", "main", "above"],
    ]
    assert shown("2.21.5", "3.12") == [
        ["3.12", "3.12", "all", "all", "all"],
        ["3.12", "3.9", "above", "skipped: needs Python 3.9", "above"],
    ]
    assert shown("2.20.10", "3.9", "3.11") == [["-", "-", *["skipped: needs Python 3.12, 3.13 or 3.14"] * 3]]


def test_the_program_on_a_machine_with_one_python(tmp_path: Path) -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    (tmp_path / f"python{version}").symlink_to(Path(sys.base_prefix, "bin", f"python{version}"))
    said = subprocess.run(
        [sys.executable, SCRIPT, "--list", "--core", "2.16", "--core", "2.18"],
        env={**os.environ, "PATH": f"{tmp_path}:/no/such/folder", "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
        text=True,
    ).stdout
    missing = [f"Python {each} is not on this machine, and is left out.\n" for each in VERSIONS if each != version]
    rows = [row for core in ("2.16.19", "2.18.19") for row in matrix.rows_of(core, here(version))]
    assert said == "".join(missing) + matrix.table(rows)


@pytest.mark.parametrize(
    ("tests", "result"),
    [
        ("def test_a(): pass\ndef test_b(): pass", "passed: 2"),
        ("import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip()", "passed: 1, 1 skipped"),
        ("def test_a(): pass\ndef test_b(): assert False", "failed: 1 of 2"),
        ("import nothing_of_that_name", "failed: 1 of 1"),
        ("", "failed: pytest ended with 5"),
    ],
)
def test_what_came_of_it(tests: str, result: str, tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(tests)
    (tmp_path / "pytest.ini").touch()
    command: list[str | Path] = [sys.executable, "-m", "pytest", tmp_path]
    assert matrix.outcome(command, {}, tmp_path / "said.log") == result


def test_each_core_that_is_promised_or_pinned_is_in_the_table() -> None:
    runtime = yaml.safe_load((checkout.REPOSITORY / "meta" / "runtime.yml").read_text())
    oldest = runtime["requires_ansible"].removeprefix(">=").rpartition(".")[0]
    assert next(iter(matrix.CORES)).startswith(f"{oldest}.")
    for name in ("run", "oldest"):
        text = (checkout.REPOSITORY / "requirements" / f"{name}.txt").read_text()
        assert set(re.findall(r"^ansible-core==(\S+)", text, re.MULTILINE)) <= set(matrix.CORES)

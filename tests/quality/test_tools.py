# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tools say about the collection: lint, types, changelog, documentation."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import checkout
from conftest import Core
from release import CHECKS

COLLECTION = Path(".cache", "tree") / checkout.COLLECTION
"""Where mypy meets the collection's files under the names that they import each other by; see mypy_path."""


def run(*command: str | Path, path: list[Path] | None = None, **settings: str) -> str:
    """Run a program in the root of the checkout and return what it printed; the test fails with that if it failed.

    path holds folders to look for programs in first, settings are environment variables.
    """
    folders = [str(folder) for folder in path or []]
    done = subprocess.run(
        command,
        cwd=checkout.REPOSITORY,
        env={**os.environ, "PATH": os.pathsep.join([*folders, os.environ["PATH"]]), "NO_COLOR": "1", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{Path(command[1]).name} ended with {done.returncode}:\n{done.stdout}", pytrace=False)
    return done.stdout


@pytest.mark.long
def test_ansible_lint(newest: Core, collections_path: Path) -> None:
    said = run(
        *newest.command("ansible-lint"),
        *CHECKS["ansible-lint"],
        path=[newest.folder / "bin"],
        ANSIBLE_COLLECTIONS_PATH=str(collections_path),
    )
    assert "Passed: 0 failure(s), 0 warning(s)" in said


@pytest.mark.long
@pytest.mark.usefixtures("collections_path")
def test_types(newest: Core) -> None:
    said = run(*newest.command("mypy"), COLLECTION / "plugins", COLLECTION / "extensions", "tests", "scripts")
    assert said.startswith("Success: no issues found")


def test_ruff(newest: Core) -> None:
    run(newest.folder / "bin" / "ruff", "check")


def test_each_file_has_a_licence(newest: Core) -> None:
    """REUSE: a copyright and a licence for every file, and the text of the licence."""
    run(*newest.command("reuse"), "lint", "--lines")


def test_changelog(newest: Core) -> None:
    run(*newest.command("antsibull-changelog"), *CHECKS["antsibull-changelog"])
    run(*newest.command("antsibull-changelog"), "lint-changelog-yaml", "changelogs/changelog.yaml")


def test_documentation(newest: Core, collections_path: Path) -> None:
    run(
        *newest.command("antsibull-docs"),
        *CHECKS["antsibull-docs"],
        path=[newest.folder / "bin"],
        ANSIBLE_COLLECTIONS_PATH=str(collections_path),
    )


def test_ansible_doc_of_each_module(core: Core, collections_path: Path, tmp_path: Path) -> None:
    modules = [f"msp.connectwise.{path.stem}" for path in Path(checkout.REPOSITORY, "plugins/modules").glob("*.py")]
    said = run(
        *core.command("ansible-doc"),
        "--type=module",
        "--json",
        *modules,
        ANSIBLE_COLLECTIONS_PATH=str(collections_path),
        ANSIBLE_HOME=str(tmp_path),
    )
    assert "WARNING" not in said
    assert "ERROR" not in said


def test_ansible_doc_of_each_role(core: Core, collections_path: Path, tmp_path: Path) -> None:
    roles = [f"msp.connectwise.{path.name}" for path in Path(checkout.REPOSITORY, "roles").iterdir()]
    said = run(
        *core.command("ansible-doc"),
        "--type=role",
        "--json",
        *roles,
        ANSIBLE_COLLECTIONS_PATH=str(collections_path),
        ANSIBLE_HOME=str(tmp_path),
    )
    described = json.loads(said)
    assert set(described) == set(roles)
    assert all(each["entry_points"]["main"]["options"] for each in described.values())

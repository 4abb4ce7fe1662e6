# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: built, installed, and read by Ansible."""

from __future__ import annotations

import subprocess
from pathlib import Path

import checkout
from conftest import Core

# What a user gets. Anything else at the top of the package is there by mistake.
TOP = {
    "CHANGELOG.md", "FILES.json", "LICENSES", "MANIFEST.json", "Makefile", "README.md", "changelogs", "docs",
    "extensions", "meta", "playbooks", "plugins", "pyproject.toml", "requirements", "roles", "scripts", "tests",
    ".ansible-lint",
}  # fmt: skip


def test_build_and_install(core: Core, tmp_path: Path) -> None:
    def galaxy(*arguments: str | Path) -> None:
        command = [*core.command("ansible-galaxy"), "collection", *arguments]
        subprocess.run(command, cwd=checkout.REPOSITORY, check=True, stdin=subprocess.DEVNULL)

    galaxy("build", "--output-path", tmp_path)
    (tarball,) = tmp_path.glob("msp-connectwise-*.tar.gz")
    galaxy("install", "--offline", tarball, "--collections-path", tmp_path)
    installed = tmp_path / checkout.COLLECTION
    assert {path.name for path in installed.iterdir()} <= TOP
    files = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    made = {Path("FILES.json"), Path("MANIFEST.json")}
    assert files - made <= set(checkout.known_to_git())
    shipped = {
        Path("plugins"),
        Path("extensions"),
        Path("tests/simulator"),
        Path("playbooks"),
        Path("roles"),
        Path("meta"),
    }
    for folder in shipped:
        ours = {path for path in checkout.known_to_git() if path.is_relative_to(folder)}
        assert ours
        assert ours <= files

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: built, the same each time, installed; and what can't be released."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import checkout
import package
from conftest import Core

# What a user gets. Anything else at the top of the package is there by mistake.
TOP = {
    "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "LICENSES", "MANIFEST.json",
    "Makefile", "README.md", "REUSE.toml", "SECURITY.md", "changelogs", "docs", "extensions", "meta", "playbooks",
    "plugins", "pyproject.toml", "requirements", "roles", "scripts", "tests", ".ansible-lint",
}  # fmt: skip


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one commit: this checkout as it is, committed or not, but with a changelog that is complete."""
    folder = checkout.copy_tree(tmp_path_factory.mktemp("clone"))
    for fragment in (folder / "changelogs" / "fragments").glob("[!.]*"):
        fragment.unlink()
    commit(folder)
    return folder


def git(folder: Path, *arguments: str | Path, **how: Any) -> None:
    """Run git in the folder, without the user's own settings."""
    settings = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", *names, *arguments]
    subprocess.run(command, cwd=folder, check=True, env=settings, stdin=subprocess.DEVNULL, **how)


def commit(folder: Path) -> None:
    """Commit all that is in the folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All of it")


def script(folder: Path, name: str, *arguments: str | Path, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run a script of a clone with the Python of the tests."""
    command = [sys.executable, folder / "scripts" / name, *arguments]
    return subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **how
    )


def contents(tarball: Path) -> dict[str, bytes]:
    """The names in a tarball, and of files what is in them."""
    with tarfile.open(tarball) as tar:
        return {each.name: file.read() if (file := tar.extractfile(each)) else b"" for each in tar.getmembers()}


def test_build_and_install(core: Core, tmp_path: Path) -> None:
    def galaxy(*arguments: str | Path) -> None:
        command = [*core.command("ansible-galaxy"), "collection", *arguments]
        settings = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
        subprocess.run(command, cwd=checkout.REPOSITORY, check=True, stdin=subprocess.DEVNULL, env=settings)

    galaxy("build", "--output-path", tmp_path)
    (plain,) = tmp_path.glob("msp-connectwise-*.tar.gz")
    tarball = package.build(tmp_path / "dist")
    # All is as ansible-galaxy makes it, but for the order; with checksums that "install" and "verify" find right.
    made, ours = contents(plain), contents(tarball)
    listed = [sorted(json.loads(each.pop("FILES.json"))["files"], key=str) for each in (made, ours)]
    assert listed[0] == listed[1]
    manifests = [json.loads(each.pop("MANIFEST.json")) for each in (made, ours)]
    for manifest in manifests:
        del manifest["file_manifest_file"]["chksum_sha256"]
    assert manifests[0] == manifests[1]
    assert made == ours
    galaxy("install", "--offline", tarball, "--collections-path", tmp_path)
    galaxy("verify", "--offline", "msp.connectwise")
    installed = tmp_path / checkout.COLLECTION
    assert {path.name for path in installed.iterdir()} <= TOP
    files = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    generated = {Path("FILES.json"), Path("MANIFEST.json")}
    assert files - generated <= set(checkout.known_to_git())
    shipped = {Path(name) for name in ("plugins", "extensions", "tests/simulator", "playbooks", "roles", "meta")}
    for folder in shipped:
        ours_there = {path for path in checkout.known_to_git() if path.is_relative_to(folder)}
        assert ours_there
        assert ours_there <= files


def test_a_commit_is_built_to_the_same_bytes(clone: Path, tmp_path: Path) -> None:
    """By anybody, anywhere, at any time, and whatever else lies around."""
    other = tmp_path / "elsewhere"
    git(tmp_path, "clone", "--quiet", clone, other, umask=0o077)
    for path in other.rglob("*.py"):
        os.utime(path, (1e9, 1e9))
    (other / "plugins" / "__pycache__").mkdir()
    (other / "plugins" / "__pycache__" / "left.pyc").touch()
    (other / "tests" / "output").mkdir()
    (other / "tests" / "output" / "left.txt").touch()
    first = script(clone, "package.py", tmp_path / "first")
    second = script(other, "package.py", tmp_path / "second", umask=0o077, env={**os.environ, "TZ": "Asia/Tokyo"})
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    tarballs = [Path(said.stdout.strip()) for said in (first, second)]
    assert tarballs[0].parent != tarballs[1].parent
    assert tarballs[0].read_bytes() == tarballs[1].read_bytes()
    # File systems list names in orders of their own, and these two may have the same one by chance.
    with tarfile.open(tarballs[0]) as tar:
        members = tar.getmembers()
    names = [each.name for each in members]
    assert names[:2] == ["MANIFEST.json", "FILES.json"] and names[2:] == sorted(names[2:])
    assert names[2:] == [each["name"] for each in json.loads(contents(tarballs[0])["FILES.json"])["files"][1:]]
    assert {(each.uid, each.gid, each.uname, each.gname) for each in members} == {(0, 0, "", "")}
    assert {each.mode for each in members} == {0o644, 0o755}


def unfinished(folder: Path) -> None:
    (folder / "README.md").write_text("Changed")
    (folder / "new file").touch()


def tagged(folder: Path) -> None:
    git(folder, "tag", "v0.9.0")


def without_entry(folder: Path) -> None:
    path = folder / "changelogs" / "changelog.yaml"
    path.write_text(path.read_text().replace("\n  0.9.0:\n", "\n  0.8.0:\n"))
    commit(folder)


def with_fragments(folder: Path) -> None:
    (folder / "changelogs" / "fragments" / "news.yml").touch()
    commit(folder)


def of_another_version(folder: Path) -> None:
    (folder / "docs" / "install.md").write_text("ansible-galaxy collection install msp-connectwise-0.8.0.tar.gz\n")
    commit(folder)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (
            unfinished,
            "Not committed: README.md, new file. A release is what a commit holds: commit this, or remove it.",
        ),
        (tagged, "The version 0.9.0 is tagged already: write the next one into galaxy.yml."),
        (
            without_entry,
            "The changelog has no entry for 0.9.0: describe the changes in changelogs/fragments and run"
            " 'make changelog'.",
        ),
        (with_fragments, "In changelogs/fragments, but in no entry: news.yml. Run 'make changelog'."),
        (of_another_version, "docs/install.md names the version 0.8.0, and galaxy.yml 0.9.0."),
    ],
)
def test_what_is_not_released(spoil: Callable[[Path], None], reason: str, clone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    shutil.copytree(clone, folder)
    galaxy = yaml.safe_load((folder / "galaxy.yml").read_text())
    for name in ("galaxy.yml", "README.md", "changelogs/changelog.yaml"):
        path = folder / name
        path.write_text(path.read_text().replace(galaxy["version"], "0.9.0"))
    commit(folder)
    spoil(folder)
    refused = script(folder, "release.py")
    assert refused.stderr == f"This can't be released:\n{reason}\n"
    assert (refused.returncode, refused.stdout) == (1, "")
    assert not (folder / "dist").exists()

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, on the newest ansible-core and on all Pythons that this machine has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import checkout
import pythons
from conftest import Core

PIP = "25.2"
"""A pip that runs on all of these Pythons, and installs the one that ansible-test asks for."""

WITH_EMPTY_INIT = ("2.16.", "2.17.")
"""Their test "empty-init" wants that folders of module_utils export nothing; later ones want it of modules only."""

PIPS_ASKED_FOR = ("23.1.2", "24.2", "25.2")
"""What the ansible-test of ansible-core 2.16 to 2.21 asks for."""


def pip_configuration() -> str:
    """The PIP_ variables about where packages come from, as a configuration file: ansible-test passes no variables."""
    names = ("CERT", "EXTRA_INDEX_URL", "FIND_LINKS", "INDEX_URL", "NO_INDEX", "PROXY", "TRUSTED_HOST")
    given = {name: os.environ[f"PIP_{name}"] for name in names if f"PIP_{name}" in os.environ}
    lines = [f"{name.lower().replace('_', '-')} = {value}" for name, value in given.items()]
    return "\n".join(["[global]", *lines, ""])


def private_home() -> Path:
    """A home for ansible-test: the user's configuration of pip, and the stand-in for get-pip.py in its cache."""
    home = checkout.generated(".cache") / "ansible-test-home"
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    if not (cache / f"pip-{PIP}-py3-none-any.whl").exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--dest", cache, f"pip=={PIP}"], check=True
        )
    for version in PIPS_ASKED_FOR:
        shutil.copy(Path(__file__).with_name("get_pip.py"), cache / f"get_pip_{version.replace('.', '_')}.py")
    # Of the two places where pip looks, the second read one is for the variables: they win.
    for users_own in (Path.home() / ".pip" / "pip.conf", Path.home() / ".config" / "pip" / "pip.conf"):
        link = home / ".pip" / "pip.conf"
        link.parent.mkdir(exist_ok=True)
        if users_own.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(users_own)
    own = home / ".config" / "pip" / "pip.conf"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.touch(mode=0o600)
    own.write_text(pip_configuration())
    return home


@pytest.mark.long
def test_ansible_test_sanity(newest: Core) -> None:
    here = pythons.found()
    folders = [str(path.parent) for path in here.values()]
    folders += [folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.endswith("/shims")]
    left_out = ["--skip-test", "empty-init"] if newest.version.startswith(WITH_EMPTY_INIT) else []
    with tempfile.TemporaryDirectory(dir=checkout.generated(".cache")) as folder:
        done = subprocess.run(
            [*newest.command("ansible-test"), "sanity", "--color", "no", *left_out],
            cwd=checkout.copy_tree(Path(folder)),
            env={**os.environ, "HOME": str(private_home()), "PATH": os.pathsep.join(folders)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    print(done.stdout)
    problems = re.findall(r"^(?:FATAL|ERROR): .*", done.stdout, re.MULTILINE)
    assert not problems, "\n".join(problems)
    assert done.returncode == 0
    ran = set(re.findall(r'^Running sanity test "([^"]+)"$', done.stdout, re.MULTILINE))
    assert {"ansible-doc", "pep8", "pylint", "validate-modules", "yamllint"} <= ran
    for test in ("compile", "import"):
        versions = set(re.findall(rf'^Running sanity test "{test}" on Python ([0-9.]+)', done.stdout, re.MULTILINE))
        assert versions, f"No Python ran the sanity test {test}."
        missed = set(re.findall(rf'Skipping sanity test "{test}" on Python ([0-9.]+)', done.stdout))
        assert not missed & set(here), f"These Pythons are here and did not run the sanity test {test}."

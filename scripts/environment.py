# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a virtual environment from its lock file, unless it is there already, and print its interpreter.

Usage: python scripts/environment.py NAME, where requirements/NAME.txt is the lock file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import checkout

# Settings of the user's that would send the packages elsewhere; those that say where they come from stay.
_UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER", "PIP_ROOT")


def ensure(name: str) -> Path:
    """The environment of requirements/NAME.txt, made by this Python. Returns the path of its interpreter."""
    lock = checkout.REPOSITORY / "requirements" / f"{name}.txt"
    return made(name, sys.executable, ["--no-deps", "--requirement", lock], lock.read_bytes())


def for_modules(maker: Path, version: str) -> Path:
    """An environment as other hosts have one for modules: this Python, and the oldest ``requests`` that is promised."""
    promised = checkout.REPOSITORY / "meta" / "ee-requirements.txt"
    (least,) = re.findall(r"^requests>=(.+)$", promised.read_text(), re.MULTILINE)
    return made(f"modules-{version}", maker, [f"requests=={least}"], least.encode())


def made(name: str, maker: str | Path, packages: list[str | Path], told: bytes) -> Path:
    """Make .venv/NAME, unless it is there and was made by the same Python from the same.

    Args:
        name: of the folder in .venv.
        maker: the Python that makes it.
        packages: arguments of "pip install".
        told: all that decides what is installed: the contents of the files that the arguments name.

    Returns the path of its interpreter. Ends the program with a sentence where that Python cannot make environments or
    the packages cannot be installed.
    """
    folder = checkout.environment(name)
    version = subprocess.run(
        [maker, "-c", "import sys; print(sys.version, end='')"], capture_output=True, check=True
    ).stdout
    # The scripts of an environment hold its path, so a checkout that was moved needs new ones.
    wanted = hashlib.sha256(b"\0".join([told, version, os.fsencode(folder)])).hexdigest()
    stamp = folder / "made-from"
    with open(folder.with_name(f"{name}.lock"), "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            make(folder, maker, packages)
            stamp.write_text(wanted)
    return folder / "bin" / "python"


def make(folder: Path, maker: str | Path, packages: list[str | Path]) -> None:
    """Make the environment anew in any folder; for the rest see :func:`made`."""
    start = time.monotonic()
    print(f"Making the environment {folder.name} ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    settings = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    settings.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_USER="0")
    python = folder / "bin" / "python"
    steps: dict[str, list[str | Path]] = {
        "make an environment (on Debian and Ubuntu: install python3-venv)": [maker, "-m", "venv", folder],
        f"install what belongs into {folder.name}; pip's own words stand above": [
            *(python, "-m", "pip", "install", "--quiet", "--quiet", *packages)
        ],
    }
    for purpose, command in steps.items():
        done = subprocess.run(command, env=settings, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise SystemExit(f"{maker} could not {purpose}.")
    print(f"Made {folder.name} in {time.monotonic() - start:.0f} s.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(ensure(sys.argv[1]))

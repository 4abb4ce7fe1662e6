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
import shutil
import subprocess
import sys
import time
from pathlib import Path

import checkout

# Settings of the user's that would send the packages elsewhere; those that say where they come from stay.
_UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER", "PIP_ROOT")


def ensure(name: str) -> Path:
    """Make the environment if it is missing or its lock file has changed. Returns the path of its interpreter.

    Ends the program with a sentence where this Python cannot make environments or the packages cannot be installed.
    """
    folder = checkout.environment(name)
    lock = checkout.REPOSITORY / "requirements" / f"{name}.txt"
    # The scripts of an environment hold its path, so a checkout that was moved needs new ones.
    wanted = hashlib.sha256(b"\0".join([lock.read_bytes(), sys.version.encode(), os.fsencode(folder)])).hexdigest()
    stamp = folder / "made-from"
    with open(folder.with_suffix(".lock"), "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            _make(folder, lock)
            stamp.write_text(wanted)
    return folder / "bin" / "python"


def _make(folder: Path, lock: Path) -> None:
    start = time.monotonic()
    print(f"Making the environment .venv/{folder.name} ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    settings = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    settings.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_USER="0")
    python = folder / "bin" / "python"
    steps: dict[str, list[str | Path]] = {
        "make an environment (on Debian and Ubuntu: install python3-venv)": [sys.executable, "-m", "venv", folder],
        f"install requirements/{lock.name}; pip's own words stand above": [
            *(python, "-m", "pip", "install", "--quiet", "--quiet", "--no-deps", "--requirement", lock)
        ],
    }
    for purpose, command in steps.items():
        done = subprocess.run(command, env=settings, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise SystemExit(f"{sys.executable} could not {purpose}.")
    print(f"Made .venv/{folder.name} in {time.monotonic() - start:.0f} s.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(ensure(sys.argv[1]))

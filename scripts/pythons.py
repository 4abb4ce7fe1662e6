# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Pythons of this machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""Those that modules run on; ansible-core 2.16 to 2.21 runs on 3.10 and later."""


def found() -> dict[str, Path]:
    """The Pythons here that really run (the shims of pyenv may not), e.g. {"3.9": Path("/usr/bin/python3.9")}."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep) if folder]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"))
    question = "import ctypes, ssl, sys, venv; print(*sys.version_info[:2], sep='.'); print(sys._base_executable)"
    pythons: dict[str, Path] = {}
    for version in VERSIONS:
        for folder in folders:
            candidate = folder / f"python{version}"
            if version in pythons or not os.access(candidate, os.X_OK):
                continue
            answer = subprocess.run(
                [candidate, "-c", question],
                capture_output=True,
                check=False,
                cwd="/",
                stdin=subprocess.DEVNULL,
                text=True,
            )
            if answer.returncode == 0 and answer.stdout.startswith(f"{version}\n"):
                # A shim names another executable; only that one is a Python.
                real = Path(answer.stdout.splitlines()[1])
                pythons[version] = real if real.name == candidate.name else candidate
    return pythons

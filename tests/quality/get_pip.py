# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the get-pip.py that ansible-test downloads elsewhere: installs pip from a wheel beside it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(next(Path(__file__).resolve().parent.glob("pip-*.whl"))))

from pip._internal.cli.main import main

if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
    sys.exit(main(["install", "--upgrade", "--ignore-installed", *arguments]))

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For the integration tests: one simulator a test process, as new for each test, and ansible-playbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Core
from integration.plays import Player, encoded
from unit.plugins import support
from unit.plugins.support import Simulator

running_simulator, simulator = support.running_simulator, support.simulator


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder with a short path, for files of Ansible."""
    with tempfile.TemporaryDirectory(prefix="cw-") as path:
        yield Path(path).resolve()


@pytest.fixture
def play(core: Core, simulator: Simulator, folder: Path) -> Iterator[Player]:
    """Runs tasks on each of the two versions of ansible-core."""
    told = simulator.told
    secrets = encoded(told["private_key"], f"{told['company']}+{told['public_key']}")
    player = Player(core, simulator, folder, secrets)
    yield player
    player.stop()

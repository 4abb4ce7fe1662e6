# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For the unit tests of the plugins: one simulator a test process, as new for each test, and short pauses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseClient, transport
from unit.plugins import support
from unit.plugins.support import Answering, Simulator, Tasks, start_simulator

running_simulator, simulator = support.running_simulator, support.simulator

# The same examples each time: a test that fails on one machine fails on all.
# How long they take says nothing, for other tests run beside them.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def secure_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator with TLS and a certificate of its own; its data are not reset."""
    simulator = start_simulator(tmp_path_factory.mktemp("tls"), "--tls")
    yield simulator
    simulator.stop()


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server that answers what it is told."""
    server = Answering()
    yield server
    server.stop()


@pytest.fixture
def client(simulator: Simulator) -> ConnectWiseClient:
    """A client of the simulator."""
    return simulator.client()


@pytest.fixture
def tasks(simulator: Simulator) -> Tasks:
    """Tasks of the modules, run in this process."""
    return Tasks(simulator)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client wait milliseconds instead of seconds before it asks again."""
    monkeypatch.setattr(transport, "PAUSE_FIRST", 0.001)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all parts of the simulator share: the records, the switches, the clock, the caller."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .callbacks import Callbacks
from .faults import Faults
from .journal import Journal
from .limit import Limit
from .store import Store
from .switches import Switches

COMPANY = "training"
PUBLIC_KEY = "SIMpublicKey4821"
PRIVATE_KEY = "SIMprivateKey7755"
CLIENT_ID = "5b7f9e0c-0d6a-4f3e-9c3c-2a1d6c0f4e11"
CALLER_ID = 637
CALLER = "ansible"
CODEBASES = ("v4_6_release", "v2025_1")


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class World:
    """The state of the simulated server."""

    store: Store
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    limit: Limit = field(default_factory=Limit)
    journal: Journal = field(default_factory=Journal)
    callbacks: Callbacks = field(default_factory=lambda: Callbacks(COMPANY, (CALLER_ID, CALLER)))
    clock: Callable[[], datetime] = _utc_now

    def now(self) -> str:
        """The time as the API writes it: UTC, whole seconds (fact 13.1)."""
        return f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"


def new_guid() -> str:
    """A fresh mobileGuid."""
    return str(uuid.uuid4())

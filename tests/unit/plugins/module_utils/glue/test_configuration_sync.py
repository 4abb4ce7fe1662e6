# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many configurations in one task: what is read and written, in how many requests, and what is told of failures."""

from __future__ import annotations

from typing import Any

import pytest

from unit.plugins.support import Simulator, Tasks

LIST, BULK = "company/configurations", "company/configurations/bulk"
HERE: dict[str, Any] = {"company": "Acme", "type": "Server"}


def servers(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    """Entries for servers."""
    return [{"name": f"SRV-{number:04}", "serial_number": f"SN-{number}", **more} for number in numbers]


def outcomes(result: dict[str, Any]) -> list[tuple[int, str]]:
    """What came of each entry."""
    return [(item["item"], item.get("operation", "failed")) for item in result["results"]]


def test_a_life(simulator: Simulator, tasks: Tasks) -> None:
    entries = servers(1, 2, 3, questions={"Role": "Web", "CPU cores": 4}, custom_fields={"Rack": "B-12"})
    done = tasks.checked("cw_configuration_sync", configurations=entries, **HERE)
    assert outcomes(done) == [(1, "created"), (2, "created"), (3, "created")]
    assert [item["configuration"]["name"] for item in done["results"]] == ["SRV-0001", "SRV-0002", "SRV-0003"]
    assert done["diff"][0]["before_header"] == "Item 1 (name 'SRV-0001')"
    entries[0]["questions"] = {"Role": "Mail"}
    entries[1].update(ram="8 GB", status="Retired", purchase_date="2026-03-31")
    changed = tasks.checked("cw_configuration_sync", configurations=entries, **HERE)
    assert outcomes(changed) == [(1, "updated"), (2, "updated"), (3, "unchanged")]

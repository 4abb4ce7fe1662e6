# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several runs at the same moment."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from integration.plays import SECONDS, Player, note, ticket

RUNS = 4


def test_one_key(play: Player, folder: Path) -> None:
    """However many runs open a ticket with one key at once, one open ticket remains, and every run works on it."""
    # All are ready before the first may go on, and each is told that there is no ticket before the first opens one.
    gate = folder / "open"
    play.simulator.fault("slow-after", method="GET", path="service/tickets$", times=RUNS, seconds=6)
    tasks: list[dict[str, Any]] = [
        {"name": "ready", "ansible.builtin.set_fact": {"ready": True}},
        {
            "name": "wait",
            "ansible.builtin.set_fact": {"may_go": True},
            "until": f"'{gate}' is exists",
            "retries": SECONDS,
            "delay": 1,
        },
        ticket("open", {"register": "change"}, key="k", summary="One", company="Acme", board="Help Desk"),
        note("note", ticket_id="{{ change.ticket.id }}", text="Begun."),
    ]
    started = [play.start(*tasks, journal=False) for _number in range(RUNS)]
    until = time.monotonic() + SECONDS
    while not all(record.read_text() for _process, record in started) and time.monotonic() < until:
        time.sleep(0.1)
    gate.touch()
    runs = []
    for process, record in started:
        output, _nothing = process.communicate(timeout=SECONDS)
        runs.append(play.finish(process.returncode, output, record))
    creations = [line for line in play.simulator.writes() if line == "POST service/tickets"]
    assert len(creations) > 1, "the runs were not at the same moment"
    found = play.simulator.client().get_all("service/tickets", 'externalXRef="k"')
    (remaining,) = [each["id"] for each in found if not each["closedFlag"]]
    assert {run["open"]["ticket"]["id"] for run in runs} == {remaining}
    again = play(*tasks[2:])
    assert [(each.status, each.writes) for each in again] == [("ok", []), ("ok", [])]

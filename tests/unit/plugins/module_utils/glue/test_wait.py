# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWisePermissionError,
    ConnectWiseRateLimitError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue import wait
from ansible_collections.msp.connectwise.plugins.module_utils.glue.wait import run_wait
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

NEW = {"id": 5, "status": {"id": 1, "name": "New"}, "closedFlag": False}
DONE = {"id": 5, "status": {"id": 2, "name": "Done"}, "closedFlag": True}


class Clock:
    """A clock that goes on only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(wait, "time", clock)
    return clock


def waited(answering: Answering, **given: Any) -> dict[str, Any]:
    client = answering.client(retry_budget=0)
    return run_wait(client, options("cw_ticket_wait", **{"ticket_id": 5, **given}), False)


def test_it_looks_until_it_is_met(answering: Answering, clock: Clock) -> None:
    for ticket in (NEW, NEW, DONE):
        answering.then(200, ticket)
    done = waited(answering, status=["Done"])
    assert (done["looks"], done["elapsed"], done["met"], done["changed"]) == (3, 60.0, True, False)
    assert clock.slept == [30.0, 30.0]


def test_the_last_look_is_at_the_end(answering: Answering, clock: Clock) -> None:
    for _number in range(3):
        answering.then(200, NEW)
    with pytest.raises(WantedError, match="after 45 s status was still 'New' where Done was waited for"):
        waited(answering, status=["Done"], give_up_after=45)
    assert clock.slept == [30.0, 15.0]
    assert answering.answers == []


def test_it_outlasts_what_passes(answering: Answering, clock: Clock) -> None:
    answering.then(502, b"<title>502</title>")
    answering.then(200, NEW)
    answering.then(429, {"error": "x", "message": "Too many requests. Please try again in 30 seconds."})
    answering.then(200, DONE)
    assert waited(answering, closed=True, interval=5)["looks"] == 2
    assert clock.slept == [5.0, 5.0, 5.0]


def test_it_waits_as_long_as_it_is_asked_to(simulator: Simulator, clock: Clock) -> None:
    simulator.fault("429", path="tickets", retry_after=77)
    client = simulator.client(retry_budget=0)
    given = options("cw_ticket_wait", ticket_id=123, status=["New"], interval=5)
    assert run_wait(client, given, False)["met"]
    assert clock.slept == [77.0]


@pytest.mark.parametrize(("status", "error"), [(403, ConnectWisePermissionError), (429, ConnectWiseRateLimitError)])
def test_what_does_not_pass_ends_it(answering: Answering, clock: Clock, status: int, error: type[Exception]) -> None:
    for _number in range(2):
        answering.then(status, {"code": "x", "message": "no"})
    with pytest.raises(error):
        waited(answering, closed=True, give_up_after=10)


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ({"board/name": "Help Desk"}, True),
        ({"board": "Help Desk"}, True),
        ({"board": [2, 1]}, True),
        ({"board/name/x": "y"}, False),
        ({"closedFlag": "no"}, True),
        ({"status": "New", "isInSla": True}, True),
        ({"escalationLevel": [10, 11]}, True),
        ({"resources": "nobody"}, False),
        ({"requiredDate": ""}, True),
        ({"unheardOf": "x"}, False),
    ],
)
def test_any_field(tasks: Tasks, fields: dict[str, Any], met: bool) -> None:
    given: dict[str, Any] = {"ticket_id": 123, "fields": fields}
    assert tasks.run("cw_ticket_wait", True, **given)["met"] is met


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ticket_id": 123, "closed": True, "interval": 0}, "^interval: 0 is no number of seconds"),
        ({"ticket_id": 123, "closed": True, "give_up_after": -1}, "^give_up_after: -1 is no number of seconds"),
        ({"ticket_id": 123, "status": []}, "^status: give at least one value to wait for.$"),
        ({"ticket_id": 999, "closed": True}, "^ticket_id: there is no service ticket 999."),
    ],
)
def test_options_that_can_not_be(tasks: Tasks, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WantedError, match=message):
        tasks.run("cw_ticket_wait", **given)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import builtins
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseRateLimitError, pacing
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.pacing import Pacing
from unit.plugins.support import Simulator


class Clock:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept = 0.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    return clock


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place of its own for the shared files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path


def turns(queue: Pacing, clock: Clock, count: int) -> list[float]:
    """The moments at which so many requests are sent, one after the other."""
    moments = []
    for _number in range(count):
        assert queue.wait(5) == 0.0
        moments.append(clock.now)
    return moments


def most_in_a_window(moments: list[float], window: float) -> int:
    return max(sum(1 for other in moments if moment <= other < moment + window) for moment in moments)


def test_what_the_window_takes_is_sent_at_once(clock: Clock) -> None:
    turns(Pacing("a", 100), clock, 100)
    assert clock.slept == 0.0


def test_no_window_holds_more(clock: Clock) -> None:
    moments = turns(Pacing("a", 10), clock, 55)
    assert most_in_a_window(moments, 60.0) == 10
    # And not less than could be.
    assert moments[-1] - moments[0] == pytest.approx(5 * 60.0 * pacing.SPARE)


def test_requests_that_come_slowly_never_wait(clock: Clock) -> None:
    queue = Pacing("a", 10)
    for _number in range(50):
        assert queue.wait(0) == 0.0
        clock.now += 7.0
    assert clock.slept == 0.0


def test_all_who_have_one_account_share_the_queue(clock: Clock) -> None:
    one, other, elsewhere = Pacing("a", 4), Pacing("a", 4), Pacing("b", 4)
    for queue in (one, other, one, other):
        queue.wait(5)
    elsewhere.wait(5)
    assert clock.slept == 0.0
    other.wait(5)
    assert clock.slept == pytest.approx(60.0 * pacing.SPARE)


def test_a_lower_limit_of_one_does_not_lift_that_of_the_others(clock: Clock) -> None:
    fast, slow = Pacing("a", 10), Pacing("a", 2)
    slow.wait(5)
    moments = [clock.now, *turns(fast, clock, 9)]
    assert clock.slept == 0.0
    slow._turn(slow._queue)  # a process that waits from now on
    moments += turns(fast, clock, 9)
    assert most_in_a_window(moments, 60.0) == 10


def test_no_queue(clock: Clock, folder: Path) -> None:
    queue = Pacing("a", 0)
    queue.hold(1000)
    turns(queue, clock, 50)
    assert clock.slept == 0.0
    assert list(folder.iterdir()) == []


def test_a_hold_is_for_all(clock: Clock) -> None:
    one, other = Pacing("a", 100), Pacing("a", 100)
    one.hold(30)
    one.hold(10)  # the longer one counts
    assert other.wait(29) == 30.0
    assert clock.slept == 0.0
    assert other.wait(31) == 0.0
    assert clock.slept == 30.0


def test_a_hold_that_begins_while_others_wait(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, other = Pacing("a", 1), Pacing("a", 1)
    queue.wait(5)

    def sleep(seconds: float) -> None:
        monkeypatch.setattr(time, "sleep", clock.sleep)
        clock.sleep(seconds)
        other.hold(100)

    monkeypatch.setattr(time, "sleep", sleep)
    assert queue.wait(50) == 100.0


def test_a_clock_that_was_set_back(clock: Clock) -> None:
    queue = Pacing("a", 2)
    turns(queue, clock, 2)
    clock.now -= 100_000
    turns(queue, clock, 2)
    assert clock.slept == 0.0


def test_a_process_that_was_forked_opens_the_file_anew(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Pacing("a", 100)
    queue.wait(5)
    before = queue._file
    monkeypatch.setattr(os, "getpid", lambda: -1)
    queue.wait(5)
    assert queue._file is not before
    before.close()


def test_after_closing_it_goes_on(clock: Clock) -> None:
    queue = Pacing("a", 1)
    queue.wait(5)
    queue.close()
    queue.close()
    queue.wait(5)
    assert clock.slept == pytest.approx(60.0 * pacing.SPARE)


def the_folder_is_open_to_others(folder: Path) -> None:
    (folder / f"msp.connectwise-{os.getuid()}").mkdir(mode=0o777)
    (folder / f"msp.connectwise-{os.getuid()}").chmod(0o777)


def the_folder_is_a_link(folder: Path) -> None:
    (folder / "elsewhere").mkdir(mode=0o700)
    (folder / f"msp.connectwise-{os.getuid()}").symlink_to(folder / "elsewhere")


def the_folder_is_a_file(folder: Path) -> None:
    (folder / f"msp.connectwise-{os.getuid()}").touch()


@pytest.mark.parametrize("hinder", [the_folder_is_open_to_others, the_folder_is_a_link, the_folder_is_a_file])
def test_without_a_folder_of_one_s_own_nobody_waits(clock: Clock, folder: Path, hinder: Any) -> None:
    hinder(folder)
    turns(Pacing("a", 1), clock, 5)
    assert clock.slept == 0.0


def test_a_file_that_is_no_database(clock: Clock, folder: Path) -> None:
    queue = Pacing("a", 1)
    turns(queue, clock, 1)
    queue.close()
    (file,) = folder.glob("*/*.sqlite")
    file.write_bytes(b"something else" * 1000)
    turns(queue, clock, 5)
    assert clock.slept == 0.0


def test_a_file_that_stays_locked(clock: Clock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "LOCKED_FOR", 0.05)
    queue = Pacing("a", 1)
    turns(queue, clock, 1)
    queue.close()
    (file,) = folder.glob("*/*.sqlite")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    turns(queue, clock, 2)
    other.close()
    assert clock.slept == 0.0


def test_a_python_without_sqlite(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name == "sqlite3":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    turns(Pacing("a", 1), clock, 5)
    assert clock.slept == 0.0


def test_the_client_takes_its_turn(simulator: Simulator, clock: Clock) -> None:
    client = simulator.client(requests_per_minute=3)
    for _number in range(4):
        client.get_ticket(123)
    assert clock.slept == pytest.approx(60.0 * pacing.SPARE)


def test_who_is_throttled_holds_the_others(simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    one = simulator.client(requests_per_minute=1000)
    other = simulator.client(requests_per_minute=1000, retry_budget=5.0)
    refused: list[ConnectWiseRateLimitError] = []

    def sleep(seconds: float) -> None:
        """While one waits, the other one comes."""
        monkeypatch.setattr(time, "sleep", clock.sleep)
        with pytest.raises(ConnectWiseRateLimitError, match="another process on this machine was asked to wait") as no:
            other.get_ticket(123)
        refused.append(no.value)
        clock.sleep(seconds)

    monkeypatch.setattr(time, "sleep", sleep)
    simulator.fault("429", retry_after=7)
    one.get_ticket(123)
    assert 7.0 <= clock.slept <= 8.1
    assert refused[0].retry_after is not None and refused[0].retry_after > 6.9
    assert [entry["status"] for entry in simulator.journal()] == [429, 200]
    other.get_ticket(123)

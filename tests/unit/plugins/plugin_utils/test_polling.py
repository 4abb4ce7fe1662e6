# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks over what was changed, and what is remembered of them: each change once, whatever happens in between."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseResponseError
from ansible_collections.msp.connectwise.plugins.module_utils.resources import polling
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from ansible_collections.msp.connectwise.plugins.module_utils.resources.polling import Walk
from ansible_collections.msp.connectwise.plugins.plugin_utils.poll_state import PollState

START = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
OVERLAP = 5  # seconds
OLD = 4  # tickets that are there before
ACCOUNT = "https://api.example.com training"


def at(second: int) -> datetime:
    """A moment."""
    return START + timedelta(seconds=second)


@dataclass
class Server:
    """Tickets, and a clock. What is changed shows so many seconds later as it is told."""

    now: int = 0
    tickets: dict[int, tuple[int, int]] = field(default_factory=lambda: dict.fromkeys(range(OLD), (-60, -60)))
    """When each was entered and changed."""
    hidden: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """When a change will show, and what the ticket is then."""

    def change(self, number: int, late: int = 0) -> None:
        """Change a ticket, or enter it."""
        if number not in self.hidden:
            entered, _changed = self.tickets.get(number, (self.now, self.now))
            self.hidden[number] = (self.now + late, entered, self.now)
            self.pass_time(0)

    def pass_time(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds
        for number, (shows, entered, changed) in list(self.hidden.items()):
            if shows <= self.now:
                self.tickets[number] = (entered, changed)
                del self.hidden[number]

    def page(self, walk: Walk) -> list[dict[str, Any]]:
        """The page that a walk asks for."""
        records: list[dict[str, Any]] = [
            {"id": number, "_info": {"dateEntered": f"{at(times[0]):%FT%TZ}", "lastUpdated": f"{at(times[1]):%FT%TZ}"}}
            for number, times in self.tickets.items()
        ]
        found = [record for record in records if walk.condition.matches(record)]
        by_time = walk.order.startswith("lastUpdated")
        found.sort(key=lambda record: (self.tickets[record["id"]][1] if by_time else 0, record["id"]))
        return found[: polling.A_PAGE]


@dataclass
class Source:
    """What the event source does with these parts, with a state in a file."""

    server: Server
    path: str
    told: list[tuple[str, int, int]] = field(default_factory=list)
    """What was handed over: action, ticket, second of the change."""

    def poll(self, killed_after: int | None = None, between: Callable[[], None] = lambda: None) -> int:
        """One walk; returns the number of requests.

        Args:
            killed_after: hand over so many changes only, and stop without another step.
            between: done after each page was asked for.
        """
        requests = 0
        with closing(PollState(self.path, ACCOUNT)) as state:
            if not state.begun:
                state.begin = at(self.server.now)
            walk = Walk(state, timedelta(seconds=OVERLAP))
            state.begin_walk(walk.entered_since)
            while not walk.done:
                requests += 1
                assert requests < 200
                page, clock = self.server.page(walk), at(self.server.now)
                between()
                for change in walk.take(page, clock):
                    if killed_after == 0:
                        return requests
                    killed_after = None if killed_after is None else killed_after - 1
                    number, second = change.record["id"], round((change.time - START).total_seconds())
                    self.told.append((change.action, number, second))
                    state.tell(number, change.time)
            state.end_walk(max(state.begin, state.newest - timedelta(seconds=OVERLAP)))
        return requests


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A source with pages of three, that has begun."""
    monkeypatch.setattr(polling, "A_PAGE", 3)
    begun = Source(Server(), str(tmp_path / "below" / "state.sqlite"))
    assert begun.poll() == 1
    return begun


def test_what_was_there_before_is_not_told_and_each_change_is_told_once(source: Source) -> None:
    source.server.change(1)
    source.server.change(100)
    source.poll()
    assert source.told == []  # the second is not over, and more may be changed in it
    source.server.change(1)
    source.server.pass_time(1)
    for _again in range(3):
        source.poll()
    assert source.told == [("updated", 1, 0), ("added", 100, 0)]
    source.server.pass_time(100)
    source.server.change(100)
    source.server.pass_time(1)
    source.poll()
    assert source.told[2:] == [("updated", 100, 101)]


def test_more_than_a_page_in_one_second(source: Source) -> None:
    for number in range(100, 120):
        source.server.change(number)
    source.server.pass_time(1)
    source.server.change(99)
    source.server.pass_time(1)
    source.poll()
    assert source.told == [*(("added", number, 0) for number in range(100, 120)), ("added", 99, 1)]


def test_all_that_is_changed_while_pages_are_read(source: Source) -> None:
    for number in range(100, 120):
        source.server.change(number)
        source.server.pass_time(1)

    def busy() -> None:
        source.server.pass_time(1)
        source.server.change(100 + source.server.now % 20)

    source.poll(between=busy)
    source.server.pass_time(OVERLAP)
    source.poll()
    assert len(source.told) == len(set(source.told))
    assert {(number, second) for _action, number, second in source.told} >= {
        (number, changed) for number, (_entered, changed) in source.server.tickets.items() if number >= 100
    }


def test_a_walk_ends_though_more_is_changed_than_a_page_holds(source: Source) -> None:
    def busy() -> None:
        for number in range(100, 110):
            source.server.change(number)
        source.server.pass_time(1)

    busy()
    assert source.poll(between=busy) < 20


def test_new_ones_are_still_new_after_a_walk_that_was_broken_off(source: Source) -> None:
    for number in range(100, 109):
        source.server.change(number)
        source.server.pass_time(10)
    source.server.change(101)
    source.server.pass_time(1)
    source.poll(killed_after=5)
    source.poll()
    assert Counter(action for action, _number, _second in source.told) == {"added": 9}


def test_memory_is_bounded_by_the_overlap(source: Source) -> None:
    for number in range(100, 150):
        source.server.change(number)
        source.server.pass_time(1)
        source.poll()
    with closing(sqlite3.connect(source.path)) as opened:
        assert opened.execute("SELECT count(*) FROM told").fetchone()[0] <= OVERLAP + 1
    assert len(source.told) == 50


changes = st.tuples(st.integers(0, 12), st.integers(0, OVERLAP))
steps = st.lists(
    st.one_of(
        st.integers(0, 4),  # seconds that pass
        st.lists(changes, min_size=1, max_size=8),  # what is changed, and how late that shows
        st.tuples(st.none() | st.integers(0, 6), st.lists(changes, max_size=6)),  # a walk; killed; changed meanwhile
    ),
    max_size=30,
)


@given(steps=steps)
def test_any_sequence_of_changes_and_kills_tells_each_change_once(steps: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(polling, "A_PAGE", 3)
        server = Server()
        source = Source(server, f"{folder}/state.sqlite")
        source.poll()

        def meanwhile(waiting: Iterator[tuple[int, int]]) -> Callable[[], None]:
            def between() -> None:
                for number, late in waiting:
                    server.change(number, late)
                    server.pass_time(late % 2)
                    break

            return between

        for step in steps:
            if isinstance(step, int):
                server.pass_time(step)
            elif isinstance(step, list):
                for number, late in step:
                    server.change(number, late)
            else:
                source.poll(step[0], meanwhile(iter(step[1])))
        server.pass_time(OVERLAP + 1)
        source.poll()
        told = Counter((number, second) for _action, number, second in source.told)
        assert set(told.values()) <= {1}
        last = {(number, times[1]) for number, times in server.tickets.items() if times[1] >= 0}
        assert last <= set(told)
        added = Counter(number for action, number, _second in source.told if action == "added")
        assert set(added.values()) <= {1}
        assert min(added, default=OLD) >= OLD


def test_tickets_without_times_or_order_are_no_answer(source: Source) -> None:
    with closing(PollState(source.path, ACCOUNT)) as state:
        walk = Walk(state, timedelta(0))
        record = {"id": 5, "_info": {"lastUpdated": f"{at(5):%FT%TZ}"}}
        for wrong in ({"id": 5}, {"id": 5, "_info": {}}, {"id": 5, "_info": {"lastUpdated": "yesterday"}}):
            with pytest.raises(ConnectWiseResponseError, match="ticket 5 came without the time of its last change"):
                list(walk.take([wrong], at(9)))
        earlier = {"id": 6, "_info": {"lastUpdated": f"{at(4):%FT%TZ}"}}
        with pytest.raises(ConnectWiseResponseError, match="did not come in the order"):
            list(walk.take([record, earlier], at(9)))


def refused(path: Path | str, account: str = ACCOUNT) -> str:
    """The sentence for a state file that can't be used."""
    with pytest.raises(WantedError) as raised:
        PollState(str(path), account)
    return re.sub(r"'.*?'", "#", str(raised.value))


DAMAGED = (
    "state_file: # is damaged, or no state of msp.connectwise.cw_tickets. Move it away, and give with since the time "
    "from which on changes count."
)


def test_a_state_is_for_its_owner_one_process_and_one_account(source: Source) -> None:
    assert stat.S_IMODE(Path(source.path).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(source.path).parent.stat().st_mode) == 0o700
    with closing(PollState(source.path, ACCOUNT)) as state:
        state.tell(7, at(7))
        state.tell(8, at(3))  # it showed late
        in_use = "state_file: # is in use by another process. Give each source a file of its own."
        assert refused(source.path) == in_use
    other = "state_file: # is of another base_url or client. Give each a file of its own."
    assert refused(source.path, "https://api.example.com other") == other
    with closing(PollState(source.path, ACCOUNT)) as state:
        assert (state.told(7), state.newest) == (at(7), at(7))


def test_what_is_torn_or_foreign_is_told_in_a_sentence(source: Source, tmp_path: Path) -> None:
    whole = Path(source.path).read_bytes()
    torn = tmp_path / "torn"
    for size in (7, 100, 4096, 5000, 8192, len(whole) - 1):
        torn.write_bytes(whole[:size])
        assert refused(torn) == DAMAGED
    torn.write_text('{"mark": "2026-03-02T09:00:00Z"}')
    assert refused(torn) == DAMAGED
    foreign = tmp_path / "foreign"
    with closing(sqlite3.connect(foreign)) as opened:
        opened.execute("CREATE TABLE place (name TEXT, value TEXT)")
    before = foreign.read_bytes()
    assert refused(foreign) == DAMAGED
    assert foreign.read_bytes() == before
    with closing(sqlite3.connect(source.path)) as opened:
        opened.execute("UPDATE place SET value = 'soon' WHERE name = 'newest'")
        opened.commit()
    assert refused(source.path) == DAMAGED
    assert refused(tmp_path) == "state_file: # can't be used: Is a directory."
    assert refused(foreign / "state") == "state_file: # can't be used: File exists."


def test_a_disk_that_is_full_is_told_in_a_sentence(source: Source) -> None:
    with closing(PollState(source.path, ACCOUNT)) as state:
        state._file.execute("PRAGMA max_page_count = 1")
        with pytest.raises(WantedError, match=r"state_file: '.*' can't be used: database or disk is full\."):
            for number in range(100_000):
                state.tell(number, at(0))
    assert os.path.exists(source.path)

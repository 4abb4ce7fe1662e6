# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.reading import PAGES_AT_ONCE, Page, read

Records = list[dict[str, Any]]


@dataclass
class List:
    """A list on a server of one kind or another."""

    ids: list[int]
    size: int
    """Records a page."""
    pages_by_id: bool = True
    links: bool = True
    slow: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    decoded: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, place: dict[str, str]) -> Page:
        with self._lock:
            self.asked.append(place)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        if self.slow:
            time.sleep(0.01)
        try:
            page = self._page(place)
        finally:
            with self._lock:
                self._now -= 1

        def decode() -> tuple[Records, str]:
            self.decoded += 1
            return page

        return decode

    def _page(self, place: dict[str, str]) -> tuple[Records, str]:
        if "pageId" in place and self.pages_by_id:
            start = bisect_right(self.ids, int(place["pageId"]))
            found = self.ids[start : start + self.size]
            # Always a link, also at the end (fact sheet 3.4).
            link = f'<https://x/y?pageSize={self.size}&pageId={found[-1] if found else 0}>; rel="next"'
        else:
            number = int(place.get("page", "1"))
            last = max(1, -(-len(self.ids) // self.size))
            found = self.ids[(number - 1) * self.size : number * self.size]
            link = f'<https://x/y?page={number + 1}>; rel="next", ' if number < last else ""
            link += f'<https://x/y?page={last}>; rel="last"' if last > 1 else ""
        return [{"id": number} for number in found], link if self.links else ""

    def read(self, by_id: bool = True, limit: int | None = None, pagesize: int | None = None) -> list[int]:
        records = read(self.ask, pagesize or self.size, by_id, limit)
        return [record["id"] for record in islice(records, limit)]


IDS = st.lists(st.integers(1, 60), max_size=120).map(lambda steps: [sum(steps[: end + 1]) for end in range(len(steps))])


@given(IDS, st.integers(1, 30), st.booleans(), st.booleans(), st.booleans(), st.none() | st.integers(1, 130))
def test_all_are_read_once_and_in_order(
    ids: list[int], size: int, pages_by_id: bool, links: bool, by_id: bool, limit: int | None
) -> None:
    one = List(ids, size, pages_by_id, links)
    assert one.read(by_id, limit) == ids[:limit]
    assert one.most_at_once <= PAGES_AT_ONCE


@pytest.mark.parametrize(
    "ids",
    [
        list(range(1, 20_001)),
        list(range(5, 100_000, 5)),
        # dense, a hole, dense again, then sparse
        [*range(1, 5000), *range(900_000, 905_000), *range(1_000_000, 9_000_000, 1000)],
        [*range(1, 60_000, 50), *range(60_000, 70_000)],
    ],
    ids=["dense", "even", "holes", "denser"],
)
@pytest.mark.parametrize("by_id", [True, False])
def test_long_lists_are_read_several_pages_at_once(ids: list[int], by_id: bool) -> None:
    one = List(ids, 1000, slow=True)
    assert one.read(by_id) == ids
    assert one.most_at_once == PAGES_AT_ONCE
    needed = len(ids) // 1000 + 1
    # By id, pages overlap a bit, and those behind the end were asked for before it was seen; so were those far away,
    # where records came to lie closer.
    assert len(one.asked) <= (1.4 * needed + 2 * PAGES_AT_ONCE if by_id else needed)


def test_the_first_records_lie_far_apart() -> None:
    """The others are not read page after page: nearly every request has company on its way."""
    one = List([123, 12_345, 12_346, 12_347, *range(20_000, 40_000)], 1000)
    news = threading.Condition()
    arrived = under_way = alone = 0

    def ask(place: dict[str, str]) -> Page:
        nonlocal arrived, under_way, alone
        with news:
            arrived, under_way = arrived + 1, under_way + 1
            news.notify_all()
            here = arrived
            met = under_way > 1 or news.wait_for(lambda: arrived > here, timeout=0.2)
            under_way, alone = under_way - 1, alone + (not met)
        return one.ask(place)

    assert [record["id"] for record in read(ask, 1000, True, None)] == one.ids
    assert alone < 10 < len(one.asked)


@pytest.mark.parametrize("count", [0, 1, 24, 99, 999])
@pytest.mark.parametrize("by_id", [True, False])
def test_one_request_where_a_page_is_not_full(count: int, by_id: bool) -> None:
    one = List(list(range(1, count + 1)), 1000)
    assert len(one.read(by_id)) == count
    assert len(one.asked) == 1


@pytest.mark.parametrize("by_id", [True, False])
def test_short_pages_are_not_asked_for_ahead(by_id: bool) -> None:
    one = List(list(range(1, 231)), 100)
    assert len(one.read(by_id)) == 230
    assert len(one.asked) == 3


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("pages_by_id", [True, False])
@pytest.mark.parametrize("count", [25, 100, 230, 1100])
@pytest.mark.parametrize("cap", [25, 100])
def test_a_server_that_gives_smaller_pages_than_asked(cap: int, count: int, pages_by_id: bool, links: bool) -> None:
    one = List(list(range(1, count + 1)), cap, pages_by_id, links)
    assert len(one.read(pagesize=1000)) == count


@pytest.mark.parametrize("pages_by_id", [True, False])
@pytest.mark.parametrize("cap", [10, 40])
def test_smaller_pages_of_any_size_that_the_link_tells(cap: int, pages_by_id: bool) -> None:
    one = List(list(range(1, 231)), cap, pages_by_id)
    assert len(one.read(pagesize=1000)) == 230


@pytest.mark.parametrize("by_id", [True, False])
def test_no_page_behind_the_limit(by_id: bool) -> None:
    one = List(list(range(1, 10_001)), 1000)
    assert len(one.read(by_id, limit=1000)) == 1000
    assert len(one.asked) == 1
    one.asked.clear()
    assert len(one.read(by_id, limit=2500)) == 2500
    assert len(one.asked) <= 4


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("with_ids", [True, False])
def test_a_server_that_takes_no_notice_of_the_place(with_ids: bool, by_id: bool) -> None:
    page = [{"id": number} if with_ids else {"name": "a"} for number in range(1, 301)]
    asked = []

    def ask(place: dict[str, str]) -> Page:
        asked.append(place)
        return lambda: (page, '<https://x/y?pageId=300>; rel="next"')

    assert list(read(ask, 300, by_id, None)) == page
    assert len(asked) <= 1 + PAGES_AT_ONCE


def test_records_that_are_deleted_meanwhile_hide_no_others() -> None:
    """By page number, the others would move up into the page that was read already."""
    ids = list(range(1, 401))
    one = List(ids, 100, slow=True)
    records = read(one.ask, 100, True, None)
    found = [record["id"] for record in islice(records, 100)]
    del ids[:50]
    found += [record["id"] for record in records]
    assert found == list(range(1, 401))


def test_a_failure_of_a_page_is_the_failure_of_the_list() -> None:
    one = List(list(range(1, 10_001)), 1000)

    def ask(place: dict[str, str]) -> Page:
        if len(one.asked) > 3:
            raise OSError("no more")
        return one.ask(place)

    with pytest.raises(OSError, match="no more"):
        list(read(ask, 1000, True, None))


def test_nothing_is_asked_for_after_the_reader_stopped() -> None:
    one = List(list(range(1, 100_001)), 1000)
    records = read(one.ask, 1000, True, None)
    assert len(list(islice(records, 3500))) == 3500
    records.close()  # type: ignore[attr-defined]
    asked = len(one.asked)
    assert asked <= 4 + PAGES_AT_ONCE
    time.sleep(0.05)
    assert len(one.asked) == asked


@pytest.mark.parametrize("by_id", [True, False])
def test_pages_that_wait_are_not_decoded(by_id: bool) -> None:
    one = List(list(range(1, 10_001)), 1000)
    records = read(one.ask, 1000, by_id, None)
    for pages in (1, 2, 3):
        assert len(list(islice(records, 1000))) == 1000
        assert one.decoded <= pages + 1  # by id, pages overlap
    until = time.monotonic() + 10
    while len(one.asked) < one.decoded + PAGES_AT_ONCE - 1 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(one.asked) >= one.decoded + PAGES_AT_ONCE - 1


@pytest.mark.parametrize("by_id", [True, False])
def test_of_long_lists_the_next_page_is_asked_for_while_one_is_decoded(by_id: bool) -> None:
    one = List(list(range(1, 20_001)), 1000)
    news = threading.Condition()
    decoded: list[int] = []
    late: list[int] = []

    def ask(place: dict[str, str]) -> Page:
        with news:
            page = one.ask(place)
            news.notify_all()

        def decode() -> tuple[Records, str]:
            decoded.append(len(decoded) + 1)
            with news:
                # The first pages tell how long the list is, and behind the last there is nothing to ask for.
                if 6 <= decoded[-1] <= 15 and not news.wait_for(lambda: len(one.asked) >= decoded[-1] + 4, timeout=1):
                    late.append(decoded[-1])
            return page()

        return decode

    assert [record["id"] for record in read(ask, 1000, by_id, None)] == one.ids
    assert late == []

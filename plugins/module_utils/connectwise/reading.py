# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long lists, page by page: several at a time, few of them in memory, and never without end.

A server pages in one of two ways (fact sheet 3.4). Forward-only, by id: "the records behind id N", which can neither
miss nor repeat a record while others write, and where N may be any number, so that pages further on can be asked for
before the one in front of them is there. And by page number, for an order of one's own and for endpoints that know no
other way.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Callable

PAGES_AT_ONCE = 4  # twelve trip the server's limit, four do not (fact sheet 12.2)
RECORDS_FOR_ONE_AHEAD = 250  # of a list that had so many so far, one page more is asked for ahead
# Of a list that had so many pages so far, the next one is asked for before the one that came is decoded, which may turn
# out to be the last.
LONG = 4
# Sizes of pages that servers are known to give though more was asked: the default, the most of old ones (3.3). Others
# are told by the Link header.
CAPS = (25, 100)
# Of the ids that a page is guessed to span: where records lie a bit less dense than thought, pages overlap and have no
# gap.
STRIDE = 0.95

Records = list[dict[str, Any]]
Page = Callable[[], tuple[Records, str]]
"""A page that is there; to call it decodes it: its records and its Link header. Decoded, it takes much more memory."""
Ask = Callable[[dict[str, str]], Page]
"""Asks for one page, given ``page`` or ``pageId``."""


def read(ask: Ask, pagesize: int, by_id: bool, limit: int | None) -> Iterator[dict[str, Any]]:
    """The records of a list, which ends with a page that is not full. A record that comes twice is given once.

    Args:
        ask: asks for one page of ``pagesize`` records.
        pagesize: records a page.
        by_id: whether no other order is wanted.
        limit: how many records are wanted at most; pages behind them are not asked for.
    """
    records, link = ask({"pageId": "0"} if by_id else {"page": "1"})()
    yield from records
    # A server that pages by id says so in its link to the next page; others take no notice of the pageId.
    by_id = by_id and re.search(r"[?&]pageId=", link, re.IGNORECASE) is not None and _rising(records)
    told = re.search(r"[?&]pageSize=([0-9]+)", link, re.IGNORECASE)
    full = len(records) in (pagesize, *CAPS, int(told[1]) if told else 0) or (not by_id and _says_more(link))
    if not full or not records or (limit is not None and limit <= len(records)):
        return
    rest = _by_id(ask, records, limit) if by_id else _by_number(ask, records, link, limit)
    del records  # here and below: no page is kept while the next one is decoded
    yield from rest


def _rising(records: Records) -> bool:
    ids: list[Any] = [record.get("id") for record in records]
    return all(isinstance(number, int) for number in ids) and ids == sorted(ids)


def _says_more(link: str) -> bool:
    return 'rel="next"' in link


def _by_id(ask: Ask, page: Records, limit: int | None) -> Iterator[dict[str, Any]]:
    """What comes behind the first page, in the order of ids.

    Where the next pages begin is guessed from how close the ids of the last one lie at its end. A guess too near brings
    some records again; one too far leaves a gap, which is read before the page behind it. A gap of more than a page
    says that the records lie closer here, and the guess is made anew.
    """
    size = count = len(page)
    end = next_start = int(page[-1]["id"])
    stride = 0
    with _Ahead(lambda start: ask({"pageId": str(start)}), size, limit) as ahead:

        def ask_ahead() -> None:
            nonlocal next_start
            while ahead.wants_more(count):
                next_start = max(next_start, end)
                ahead.ask(next_start)
                next_start += stride

        while True:
            stride = _stride(page)
            del page
            if not ahead.empty and ahead.next_place - end > stride:
                ahead.forget()
                next_start = end
            ask_ahead()
            if ahead.next_place > end:
                ahead.ask_first(end)
            start, there = ahead.next_place, ahead.take()
            if count >= LONG * size:
                ask_ahead()
            page, _link = there()
            fresh = [record for record in page if int(record["id"]) > end]
            yield from fresh
            count += len(fresh)
            at_end = len(page) < size or (limit is not None and count >= limit)
            if at_end or (start == end and not fresh):
                return
            end = max(end, int(page[-1]["id"]))
            del fresh


def _stride(page: Records) -> int:
    """Of how many ids the next page is guessed to be, from how close the later records of this one lie."""
    later = page[len(page) // 2 :]
    span = int(later[-1]["id"]) - int(later[0]["id"])
    return max(1, int((span + 1) * len(page) / len(later) * STRIDE))


def _by_number(ask: Ask, page: Records, link: str, limit: int | None) -> Iterator[dict[str, Any]]:
    """What comes behind the first page, in the server's order."""
    size = count = len(page)
    seen = {record["id"] for record in page if record.get("id") is not None}
    links = _says_more(link)  # then a page without a link to the next one is the last
    told = re.search(r"[?&]page=([0-9]+)[^>]*>;[^,]*rel=\"last\"", link)
    last = int(told[1]) if told else 0
    number = 1
    with _Ahead(lambda place: ask({"page": str(place)}), size, limit) as ahead:

        def ask_ahead() -> None:
            nonlocal number
            while ahead.wants_more(count) and (not last or number < last):
                number += 1
                ahead.ask(number)

        while True:
            # Without ids, a server that takes no notice of the number is known by giving the same page again.
            before = [] if seen else page
            del page
            ask_ahead()
            if ahead.empty:  # the page that was said to be the last one turned out to be full
                number += 1
                ahead.ask(number)
            there = ahead.take()
            if last or count >= LONG * size:
                ask_ahead()
            page, link = there()
            fresh = [record for record in page if record.get("id") is None or record["id"] not in seen]
            seen.update(record["id"] for record in fresh if record.get("id") is not None)
            if not fresh or page == before:
                return
            yield from fresh
            count += len(fresh)
            at_end = not _says_more(link) and (links or len(page) < size)
            if at_end or (limit is not None and count >= limit):
                return
            del fresh


class _Ahead:
    """Pages that were asked for and not yet taken, in their order.

    Args:
        ask: asks for the page at a place.
        size: records a page.
        limit: how many records are wanted at most.
    """

    def __init__(self, ask: Callable[[int], Page], size: int, limit: int | None) -> None:
        # Here, for most lists have one page.
        from concurrent.futures import ThreadPoolExecutor

        self._pool = ThreadPoolExecutor(PAGES_AT_ONCE)
        self._ask = ask
        self._size = size
        self._limit = limit
        self._pages: deque[tuple[int, Any]] = deque()

    def __enter__(self) -> _Ahead:
        return self

    def __exit__(self, *exception: Any) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def empty(self) -> bool:
        """Whether no page is under way."""
        return not self._pages

    @property
    def next_place(self) -> int:
        """The place of the next page."""
        return self._pages[0][0]

    def wants_more(self, count: int) -> bool:
        """Whether another page is to be asked for, of a list that had ``count`` records so far."""
        if self._limit is not None and count + len(self._pages) * self._size >= self._limit:
            return False
        return len(self._pages) < min(PAGES_AT_ONCE, max(1, count // RECORDS_FOR_ONE_AHEAD))

    def ask(self, place: int) -> None:
        """Ask for one page more."""
        self._pages.append((place, self._pool.submit(self._ask, place)))

    def ask_first(self, place: int) -> None:
        """Ask for a page that goes before those under way."""
        self._pages.appendleft((place, self._pool.submit(self._ask, place)))

    def forget(self) -> None:
        """Take none of the pages under way."""
        for _place, page in self._pages:
            page.cancel()
        self._pages.clear()

    def take(self) -> Page:
        """The next page; waits for it. Raises what asking for it raised."""
        page: Page = self._pages.popleft()[1].result()
        return page

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many processes of one machine at the same moment."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import Condition
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.pacing import Pacing
from unit.plugins.support import Simulator

PROCESSES = 20
ROUNDS = 50
NOTES_EACH = 50
LIMIT = 100
"""Requests that the server takes in a window; the minute is scaled down."""
WINDOW, CLIENTS_WINDOW = 1.5, 1.85
"""Seconds. The spare second of a minute is not scaled down, for processes are woken no more exactly than they are."""

_processes = multiprocessing.get_context("fork")


def all_at_once(work: Callable[[int, Any], list[Any]], count: int = PROCESSES) -> list[list[Any]]:
    """Run ``work`` in so many processes, given its number and a barrier for all; returns what each returned."""
    barrier = _processes.Barrier(count)
    results = _processes.Queue()

    def run(number: int) -> None:
        try:
            results.put((number, work(number, barrier)))
        except BaseException as error:
            barrier.abort()
            results.put((number, [repr(error)]))

    started = [_processes.Process(target=run, args=(number,)) for number in range(count)]
    for process in started:
        process.start()
    found = dict(results.get(timeout=300) for _process in started)
    for process in started:
        process.join()
    return [found[number] for number in range(count)]


@pytest.mark.long
def test_one_key_one_open_ticket(simulator: Simulator, record_property: Callable[[str, object], None]) -> None:
    def work(number: int, barrier: Any) -> list[Any]:
        client = simulator.client()
        ids = []
        for each in range(ROUNDS):
            barrier.wait(60)
            ids.append(client.create_ticket("Deploy", "", company_id=250, key=f"round {each}").id)
        return ids

    results = all_at_once(work)
    client = simulator.client()
    for each in range(ROUNDS):
        of_key = Condition("externalXRef", "=", f"round {each}") & Condition("closedFlag", "=", False)
        (remaining,) = client.get_tickets(of_key)
        assert {result[each] for result in results} == {remaining.id}
    opened = simulator.writes().count("POST service/tickets")
    assert opened > ROUNDS, "no two were at the same moment"
    record_property("rounds", ROUNDS)
    record_property("tickets opened and, but for one a round, deleted again", opened)


@pytest.mark.long
def test_all_notes_are_written_below_the_limit(
    simulator: Simulator, record_property: Callable[[str, object], None], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    simulator.limit(LIMIT, WINDOW)

    def work(number: int, barrier: Any) -> list[Any]:
        client = simulator.client(retry_budget=120.0)
        client._transport._pacing = Pacing("shared", LIMIT, CLIENTS_WINDOW)
        barrier.wait(60)
        return [client.add_ticket_note(123, f"note {number} {each}").id for each in range(NOTES_EACH)]

    results = all_at_once(work)
    refused = sum(entry["status"] == 429 for entry in simulator.journal())
    simulator.no_limit()
    ids = [note_id for result in results for note_id in result]
    notes = Counter(note.text for note in simulator.client().get_ticket_notes(123))
    wanted = {f"note {number} {each}" for number in range(PROCESSES) for each in range(NOTES_EACH)}
    assert wanted <= set(notes)
    assert {notes[text] for text in wanted} == {1}
    assert len(set(ids)) == PROCESSES * NOTES_EACH
    record_property("notes", len(ids))
    record_property("refused by the limit", refused)
    # Without pacing, each process would run into the limit again and again.
    assert refused < len(ids) * 0.02


def test_without_pacing_the_limit_is_fought_over(simulator: Simulator) -> None:
    """Else the test above would prove nothing about pacing."""
    simulator.limit(20, 0.5)

    def work(number: int, barrier: Any) -> list[Any]:
        client = simulator.client(retry_budget=120.0)
        barrier.wait(60)
        return [client.add_ticket_note(123, f"note {number} {each}").id for each in range(20)]

    results = all_at_once(work, 4)
    assert len({note_id for result in results for note_id in result}) == 80
    assert sum(entry["status"] == 429 for entry in simulator.journal()) > 2
    simulator.no_limit()

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many operations, each with something that goes wrong: nothing lost, nothing twice. Beside it, an outside client."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import connectwise as outside  # type: ignore[import-untyped]
import pytest
import requests

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseServerError
from unit.plugins.support import Simulator

TICKET = 123
NOTES = f"service/tickets/{TICKET}/notes"
VERBS = ("GET", "POST", "PATCH", "PUT", "DELETE")
# Of each kind: what the simulator is told, and whether the same request can succeed later.
FAULTS: dict[str, tuple[dict[str, Any], bool]] = {
    "dropped before": ({"kind": "drop-before"}, True),
    "dropped after the write": ({"kind": "drop-after"}, True),
    "429": ({"kind": "429", "retry_after": 0}, True),
    "500 time-out": ({"kind": "500-timeout"}, True),
    "500 bad type": ({"kind": "500-type"}, False),
    "502 HTML": ({"kind": "502-html"}, True),
    "502 HTML after the write": ({"kind": "502-after"}, True),
    "truncated body": ({"kind": "truncated"}, True),
    "slow beyond the time-out": ({"kind": "slow-after", "seconds": 0.25}, True),
}
TIME_OUT = 0.12
OURS, THEIRS = 1000, 45
"""How many operations."""
BEFORE = 250
"""How many notes there are before."""


@dataclass
class Operations:
    """Seeded operations on the notes of one ticket, and what they should leave behind."""

    simulator: Simulator
    chance: random.Random = field(default_factory=lambda: random.Random(20_260_331))
    texts: dict[int, str] = field(default_factory=dict)
    """What the notes that are there should say, by id."""
    unsure: list[str] = field(default_factory=list)
    """The texts that were to be written by operations that raised."""
    failed: Counter[str] = field(default_factory=Counter)
    """Operations that raised, by verb and fault."""

    def run(self, cw: Any, count: int, errors: tuple[type[Exception], ...]) -> None:
        """Do ``count`` operations through a client that has the methods of the guide."""
        for number in range(BEFORE):
            note = cw.post(NOTES, {"text": f"first {number}", "internalAnalysisFlag": True})
            self.texts[note["id"]] = f"first {number}"
        cases = [(verb, fault) for verb in VERBS for fault in FAULTS]
        for number in range(count):
            verb, fault = cases[number % len(cases)]
            # The answer to DELETE has no body that could break off.
            if (verb, fault) == ("DELETE", "truncated body"):
                continue
            details = FAULTS[fault][0]
            self.simulator.fault(method=verb, **details)
            note_id = self.chance.choice(list(self.texts))
            try:
                self.one(cw, verb, f"{verb} {number}", note_id)
            except errors:
                self.failed[f"{verb}, {fault}"] += 1
                if FAULTS[fault][1]:
                    self.unsure.append(f"{verb} {number}")
                    del self.texts[note_id]
            self.simulator.no_faults()

    def one(self, cw: Any, verb: str, text: str, note_id: int) -> None:
        """One operation on a note, or a new note."""
        if verb == "GET":
            assert cw.get(f"{NOTES}/{note_id}")["text"] == self.texts[note_id]
        elif verb == "POST":
            made = cw.post(NOTES, {"text": text, "internalAnalysisFlag": True})
            self.texts[made["id"]] = text
        elif verb == "PATCH":
            cw.patch(NOTES, note_id, [{"op": "replace", "path": "text", "value": text}])
            self.texts[note_id] = text
        elif verb == "PUT":
            cw.put(NOTES, note_id, {"text": text, "internalAnalysisFlag": True})
            self.texts[note_id] = text
        else:
            if not cw.delete(NOTES, note_id):
                raise LookupError("it says that there was none")
            del self.texts[note_id]

    def kept(self) -> dict[int, str]:
        """What the notes really say, by id; those that were there before are left out."""
        notes = self.simulator.client().get_all(NOTES)
        return {note["id"]: note["text"] for note in notes if note["text"].startswith(("first", *VERBS))}


@pytest.mark.long
def test_nothing_is_lost_and_nothing_is_there_twice(
    simulator: Simulator, record_property: Callable[[str, object], None]
) -> None:
    ours = Operations(simulator)
    ours.run(simulator.client(timeout=TIME_OUT, retry_budget=20.0), OURS, (ConnectWiseServerError,))
    kept = ours.kept()
    assert kept == ours.texts
    assert max(Counter(kept.values()).values()) == 1
    # Only what can't pass is told to the caller, and then it was not done.
    assert set(ours.failed) == {f"{verb}, 500 bad type" for verb in VERBS}

    # The outside client has no time-outs: where an answer is slow it simply waits.
    simulator.reset()
    theirs = Operations(simulator)
    failures = (outside.ConnectWiseAPIError, requests.RequestException, ValueError, LookupError)
    theirs.run(outside.ConnectWiseClient(**simulator.login), THEIRS, failures)
    told_as_failed = sum(count for name, count in theirs.failed.items() if not name.endswith("500 bad type"))
    done_all_the_same = set(theirs.unsure).intersection(theirs.kept().values())
    figures = {
        f"ours, of {OURS} operations: failed that could have succeeded": 0,
        f"ours, of {OURS} operations: lost or done twice": 0,
        f"outside client, of {THEIRS} operations: failed that could have succeeded": told_as_failed,
        f"outside client, of {THEIRS} operations: done, but told as failed": len(done_all_the_same),
    }
    for name, figure in figures.items():
        record_property(name, figure)
        print(f"{name}: {figure}")
    # It passes each fault on to its caller, who then has to know what became of it.
    assert told_as_failed > THEIRS / 3
    assert done_all_the_same


@pytest.mark.parametrize("verb", VERBS)
def test_each_fault_really_happens(simulator: Simulator, verb: str) -> None:
    """Else the test above would prove nothing."""
    for fault, (details, _passes) in FAULTS.items():
        if (verb, fault) == ("DELETE", "truncated body"):
            continue
        simulator.reset()
        operations = Operations(simulator)
        cw = simulator.client(timeout=TIME_OUT, retry_budget=0.0)
        note = cw.post(NOTES, {"text": "first", "internalAnalysisFlag": True})
        operations.texts[note["id"]] = "first"
        simulator.forget()
        simulator.fault(method=verb, **details)
        with pytest.raises(Exception, match=rf"^{verb} "):
            operations.one(cw, verb, "x", note["id"])
        assert [entry["fault"] for entry in simulator.journal()] == [details["kind"]]

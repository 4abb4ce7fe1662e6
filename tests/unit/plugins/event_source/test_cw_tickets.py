# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source cw_tickets, run as ansible-rulebook runs it, against the simulator."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.msp.connectwise.extensions.eda.plugins.event_source import cw_tickets
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseAuthenticationError,
    ConnectWiseBadRequestError,
    ConnectWisePermissionError,
    ConnectWiseRateLimitError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue import polling
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import CONNECTION
from ansible_collections.msp.connectwise.plugins.module_utils.resources.polling import A_PAGE
from ansible_collections.msp.connectwise.plugins.plugin_utils import event_source
from unit.plugins.support import Simulator

Event = dict[str, Any]
SECONDS = 40.0


@dataclass
class Consumer:
    """What ansible-rulebook gives a source as its queue: it has room for one event, and a put that waits."""

    events: list[Event] = field(default_factory=list)
    at_each: Callable[[int], None] = lambda number: None
    """Called with the number of events so far."""

    async def put(self, event: Event) -> None:
        """Wait, and take an event; as of a real queue, it is taken where this is not cancelled before."""
        await asyncio.sleep(0)
        self.events.append(event)
        self.at_each(len(self.events))

    @property
    def changes(self) -> list[tuple[str, int, str]]:
        """What was told: action, ticket, time."""
        return [(event["action"], event["id"], event["entity"]["_info"]["lastUpdated"]) for event in self.events]


@dataclass
class Source:
    """Runs the source."""

    simulator: Simulator
    folder: Path
    consumer: Consumer = field(default_factory=Consumer)

    def options(self, **more: Any) -> dict[str, Any]:
        """Options, as a rulebook gives them."""
        usual = {"interval": 1, "state_file": str(self.folder / "state.sqlite"), "requests_per_minute": 0}
        given = {**self.simulator.login, **usual, **more}
        return {name: value for name, value in given.items() if value is not None}

    def run(self, until: Callable[[], bool], **options: Any) -> None:
        """Run it until something is so, and cancel it."""

        async def work() -> None:
            running = asyncio.create_task(cw_tickets.main(self.consumer, self.options(**options)))
            end = time.monotonic() + SECONDS
            while not until() and not running.done():
                assert time.monotonic() < end
                await asyncio.sleep(0.005)
            running.cancel()
            await asyncio.wait([running], timeout=5)
            assert running.done()
            if not running.cancelled() and running.exception():
                raise running.exception() or AssertionError

        asyncio.run(work())

    def refusal(self, **options: Any) -> str:
        """The sentence with which it ends by itself."""
        with pytest.raises(event_source.SourceError) as raised:
            self.run(lambda: False, **options)
        assert raised.value.__cause__ is None and raised.value.__suppress_context__
        text = str(raised.value)
        assert self.simulator.told["private_key"] not in text
        return re.sub(r"(?<=request id )[0-9a-f-]{36}|[0-9]+ attempts in [0-9.]+|(?<=127\.0\.0\.1:)\d+", "#", text)

    def polls(self) -> int:
        """How often it asked so far."""
        return sum(line == "GET service/tickets" for line in self.simulator.requests())

    def change(self, number: int, **fields: Any) -> None:
        """Change a ticket."""
        operations = [{"op": "replace", "path": path.replace("__", "/"), "value": fields[path]} for path in fields]
        self.simulator.client().patch("service/tickets", number, operations)


@pytest.fixture
def source(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """A source with a state of its own and short pauses."""
    monkeypatch.setattr(polling, "PAUSE_FIRST", 0.01)
    yield Source(simulator, tmp_path)


def test_its_documentation_is_what_it_takes() -> None:
    source = inspect.getsource(cw_tickets)
    assigned = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    documented = yaml.safe_load(assigned["DOCUMENTATION"])["options"]
    told = {
        name: {key: value for key, value in option.items() if key in ("type", "elements", "default")}
        for name, option in documented.items()
    }
    assert told == {name: option for name, option in polling.OPTIONS.items() if name not in CONNECTION}
    (example,) = yaml.safe_load(assigned["EXAMPLES"])
    assert set(example["sources"][0]["msp.connectwise.cw_tickets"]) <= set(documented)
    # What that playbook can't do without.
    assert set(example["rules"][0]["action"]["run_playbook"]["extra_vars"]) == {"ticket_id", "change_tasks"}


def test_an_event_is_the_ticket_with_its_facts(source: Source) -> None:
    simulator = source.simulator
    source.run(lambda: source.polls() >= 2)
    assert source.consumer.events == []
    secret = simulator.told["private_key"]
    made = simulator.client().create_ticket("Printer on fire", "It burns.", 250, board_id=1, priority_id=5)
    source.change(20000, summary="Printer was on fire", poNumber=secret)
    source.run(lambda: len(source.consumer.events) >= 1)
    source.change(20000, status__id=105)
    source.run(lambda: len(source.consumer.events) >= 2)
    added, updated = source.consumer.events
    assert made.id == 20000
    assert {name: added[name] for name in ("action", "type", "id")} == {
        "action": "added",
        "type": "ticket",
        "id": 20000,
    }
    assert set(added) == {"action", "type", "id", "entity", "ticket"}
    assert (added["entity"]["summary"], added["entity"]["board"]["id"]) == ("Printer was on fire", 1)
    assert secret not in str(source.consumer.events)
    ticket = added["ticket"]
    assert (ticket["priority_name"], ticket["company_identifier"], ticket["is_closed"]) == (
        "Priority 1 - Critical",
        "Acme",
        False,
    )
    assert (updated["action"], updated["ticket"]["is_closed"]) == ("updated", True)


def test_filters_and_fields_are_asked_for(source: Source) -> None:
    source.simulator.client().create_ticket("Deploy", "", 250, board_id=2, status_id=202)
    source.run(
        lambda: len(source.consumer.events) >= 1,
        since="2026-01-01",
        board="Changes & Projects",
        status="Approved",
        conditions='summary contains "e"',
        fields=["summary"],
    )
    entry = source.simulator.journal()[-1]
    assert entry["query"]["conditions"] == (
        'lastUpdated >= [2026-01-01T00:00:00Z] AND board/id = 2 AND status/id = 202 AND (summary contains "e")'
    )
    assert entry["query"]["orderBy"] == "lastUpdated asc, id asc"
    assert entry["query"]["fields"] == "summary,id,_info/lastUpdated,_info/dateEntered"
    event = source.consumer.events[0]
    assert set(event["entity"]) == {"id", "summary", "_info"}
    assert event["ticket"]["board_name"] is None
    names = [line for line in source.simulator.requests() if "boards" in line]
    assert len(names) == len(set(names))  # looked up once, not with each poll


@pytest.mark.long
def test_ten_thousand_changes_are_told_once_each_over_restarts_faults_and_further_changes(source: Source) -> None:
    simulator = source.simulator
    count = {"path": "service/tickets", "count": 10_000}
    simulator.control.post(f"{simulator.url}/_simulator/many", json=count, timeout=60).raise_for_status()
    for kind in ("429", "500-timeout", "502-html", "drop-before", "truncated"):
        simulator.fault(kind, path="service/tickets$", method="GET", after=20, retry_after=0)
    starts = 0

    def busy(number: int) -> None:
        if number % 500 == 0:  # one that was told, one of the last
            source.change(source.consumer.events[number // 2]["id"], summary=f"Changed at {number}")
            source.change(29_000 + number // 20, summary=f"Changed at {number}")

    options = {"since": "2025-01-01", "fields": ["summary"]}

    def enough(number: int) -> bool:
        return len(source.consumer.events) >= number

    source.consumer.at_each = busy
    while len(source.consumer.events) < 10_000:
        starts += 1
        some = min(len(source.consumer.events) + 1_700, 10_000)
        before = len(simulator.requests())
        source.run(partial(enough, some), **options)
        # What it has in memory is never more than a page.
        asked = len(simulator.requests()) - before
        assert asked <= 1_700 // A_PAGE + 12
    assert starts == 6

    def last() -> set[tuple[int, str]]:
        fields = ["id", "_info/lastUpdated"]
        found = simulator.client().get_all("service/tickets", fields=fields)
        return {(ticket["id"], ticket["_info"]["lastUpdated"]) for ticket in found}

    wanted = last()
    source.consumer.at_each = lambda number: None
    source.run(lambda: wanted <= {change[1:] for change in source.consumer.changes}, **options)
    told = Counter(change[1:] for change in source.consumer.changes)
    assert max(told.values()) == 1
    assert len(told) <= len(wanted) + 40
    added = Counter(change[1] for change in source.consumer.changes if change[0] == "added")
    assert max(added.values()) == 1


def test_passing_failures_are_logged_and_asked_again(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    simulator = source.simulator
    source.run(lambda: source.polls() >= 2)
    simulator.client().create_ticket("Printer on fire", "It burns.", 250, board_id=1)
    for kind in ("429", "500-timeout", "500-type", "503-html", "404-html", "html-200", "drop-before"):
        simulator.fault(kind, path="service/tickets$", retry_after=0)
    source.run(lambda: len(source.consumer.events) >= 1, retry_budget=0)
    said = [
        re.sub(r"(?<=127\.0\.0\.1:)\d+|request id \S+(?=\))|Asking again in \d+ s", "#", record.getMessage())
        for record in caplog.records
        if record.name == "msp.connectwise.cw_tickets"
    ]
    assert [text[: text.index(": ")] for text in said] == [
        "retry_budget",
        "GET service/tickets answered 500 ConnectWiseApi",
        "GET service/tickets answered 500 ConnectWiseApi",
        "GET service/tickets answered 503",
        "base_url",
        "base_url",
        "base_url",
    ]
    assert {text[-3:] for text in said} == {" #."}
    assert source.consumer.changes[0][:2] == ("added", 20000)


def test_pauses_grow_and_heed_what_the_server_asks(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PAUSE_FIRST", 5.0)
    busy = ConnectWiseRateLimitError("Too many requests.", retry_after=90.0, status=429, retryable=True)
    away = ConnectWiseAPIError("It is away.", status=503, retryable=True)
    assert [polling.pause_after(away, failures, False) for failures in (1, 2, 3, 8, 5000)] == [5, 10, 20, 600, 600]
    assert [polling.pause_after(busy, failures, False) for failures in (1, 6)] == [90, 160]
    for error in (
        ConnectWiseAuthenticationError("Who are you?", status=401),
        ConnectWisePermissionError("You may not.", status=403),
        ConnectWiseBadRequestError("x is not a recognized name.", status=400, code="ApiFindCondition"),
    ):
        assert polling.pause_after(error, 1, True) is None
    nobody = ConnectWiseAPIError("There is nobody.", status=404)
    assert (polling.pause_after(nobody, 1, False), polling.pause_after(nobody, 1, True)) == (None, 5)


def test_what_can_not_pass_ends_it_with_a_sentence(source: Source) -> None:
    simulator = source.simulator
    assert source.refusal(password="wrong-but-secret") == (
        "client, username, password or client_id: ConnectWise refused the login. GET service/tickets answered 401 "
        "Unauthorized: Invalid company, public key or private key (request id #)"
    )
    source.run(lambda: source.polls() >= 2)
    simulator.fault("403", path="service/tickets$")
    assert source.refusal().startswith("username: the security role of this API member does not allow it.")
    assert source.refusal(conditions="colour = 5").startswith("conditions: GET service/tickets answered 400")
    assert source.refusal(status="Aproved", board=2).startswith(
        "status: there is no status named 'Aproved' on board 2. There are: New (id 201), Approved (id 202), "
    )
    assert source.refusal(base_url=f"{simulator.url}/nowhere/apis/3.0", state_file=str(source.folder / "other")) == (
        "base_url: there is no ConnectWise API at this address. GET service/tickets answered 400: "
        "Cannot route. Codebase/company is invalid (no answer of the API itself) (request id #)"
    )
    assert source.consumer.events == []


def test_options_that_can_not_be_are_told_in_a_sentence(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in source.simulator.environment.items():
        monkeypatch.setenv(name, text)
    login = dict.fromkeys(source.simulator.login)
    source.run(lambda: source.polls() >= 1, **login)  # all from the environment
    monkeypatch.delenv("CW_CLIENT_ID")
    missing = "client_id: it is missing. Give it as an option, or set the environment variable CW_CLIENT_ID."
    assert source.refusal(**login) == missing
    assert source.refusal(intervall=5, colour=6) == "colour, intervall: there is no such option."
    assert source.refusal(interval=0) == "interval: it must be a number of seconds from 1 to 86400."
    assert source.refusal(overlap=-1) == "overlap: it must be a number of seconds from 0 to 86400."
    assert source.refusal(interval="often").startswith("options: argument 'interval' is of type")
    assert source.refusal(since="soon") == (
        "since: 'soon' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z."
    )
    assert source.refusal(base_url="nowhere") == source.refusal(base_url="nowhere")
    assert source.refusal(password="").startswith("password: it is empty")
    (source.folder / "state.sqlite").write_text("{}")
    assert source.refusal().endswith(
        "is damaged, or no state of msp.connectwise.cw_tickets. Move it away, and give with since the time from which "
        "on changes count."
    )


def test_it_ends_at_once_also_while_the_server_does_not_answer(source: Source) -> None:
    source.simulator.fault("latency", times=0, seconds=3600)
    begun = time.monotonic()
    source.run(lambda: source.polls() >= 1)
    assert time.monotonic() - begun < 30
    source.simulator.no_faults()
    source.run(lambda: source.polls() >= 3)  # the state is free again


def test_an_event_counts_when_it_is_confirmed_where_that_is_wanted(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_source, "CONFIRMED_WITHIN", 0.05)
    confirmed: asyncio.Queue[Any] = asyncio.Queue()

    def options() -> dict[str, Any]:
        nonlocal confirmed
        confirmed = asyncio.Queue()
        return {"since": "2026-01-01", "feedback": True, "eda_feedback_queue": confirmed}

    def confirm(number: int) -> None:
        if number != 5:
            confirmed.put_nowait(number)

    unconfirmed = "feedback: no event was confirmed within 0 s."
    assert source.refusal(**options()) == unconfirmed
    source.consumer.at_each = confirm
    assert source.refusal(**options()) == unconfirmed
    assert len(source.consumer.events) == 5
    source.run(lambda: source.polls() >= 6, **options())
    told = Counter(source.consumer.changes)
    assert [change for change, count in told.items() if count > 1] == [
        source.consumer.changes[0],
        source.consumer.changes[4],
    ]

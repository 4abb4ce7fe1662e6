# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ansible-rulebook with the event source cw_callbacks, which the simulator calls."""

from __future__ import annotations

import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Core
from integration.plays import encoded
from integration.rulebook import SOURCES, Process, Rulebook
from unit.plugins.event_source.sources import Source, deliveries, free_port, is_open, shown, wait_until
from unit.plugins.support import Simulator

SECRET = "s3cr3t-of-the-path"
MANY = 10_000


class Rulebooks:
    """Starts ansible-rulebook on one port, always the same, for one simulator."""

    def __init__(self, core: Core, simulator: Simulator, folder: Path) -> None:
        self.simulator, self.folder = simulator, folder
        self.port = free_port()
        self.started: list[Rulebook] = []
        self._core = core

    @property
    def options(self) -> dict[str, Any]:
        """Options of the source."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "state_file": str(self.folder / "state.sqlite"),
            "secret": SECRET,
            "url": f"http://127.0.0.1:{self.port}/",
            "callbacks": [{"type": "ticket"}, {"type": "configuration"}],
        }

    def start(self, *rules: dict[str, Any], **options: Any) -> Rulebook:
        """Start it with these rules; waits until the source's callbacks are registered."""
        source = {"name": "connectwise", "msp.connectwise.cw_callbacks": {**self.options, **options}}
        rulebook = Rulebook(self._core, self.folder, self.simulator.environment, source, list(rules))
        self.started.append(rulebook)
        client = self.simulator.client()
        wait_until(
            lambda: (
                (is_open(self.port) and len(client.get_all("system/callbacks")) == 2)
                or rulebook.process.poll() is not None
            ),
            "the listener",
        )
        return rulebook

    def check_output(self) -> None:
        """Nothing that was printed holds a secret or a traceback."""
        told = self.simulator.told
        secrets = {SECRET, *encoded(told["private_key"], f"{told['company']}+{told['public_key']}")}
        for rulebook in self.started:
            print(rulebook.output)
            assert "Traceback" not in rulebook.output
            assert [secret for secret in secrets if secret in rulebook.output] == []


@pytest.fixture
def rulebooks(newest: Core, simulator: Simulator, folder: Path) -> Iterator[Rulebooks]:
    """Starts ansible-rulebook."""
    rulebooks = Rulebooks(newest, simulator, folder)
    yield rulebooks
    for rulebook in rulebooks.started:
        rulebook.stop()


def rule(name: str, condition: str, message: str) -> dict[str, Any]:
    """A rule that prints something."""
    return {"name": name, "condition": condition, "action": {"debug": {"msg": message}}}


APPROVED = rule(
    "approved",
    'event.type == "ticket" and event.action == "updated" and event.ticket.status_name == "Approved"',
    "approved {{ event.ticket.summary }} of {{ event.ticket.company_name }} by {{ event.member_id }}",
)
GONE = rule("gone", 'event.action == "deleted"', "gone {{ event.type }} {{ event.id }} {{ event.entity }}")
SERVER = rule(
    "server",
    'event.configuration.type_name == "Server" and event.action == "added"',
    "server {{ event.entity.name }}",
)
REST = rule("rest", "event.id is defined", "{{ event.action }} {{ event.entity.summary }}")


@pytest.mark.long
def test_rules_and_restart(rulebooks: Rulebooks) -> None:
    """Rules meet their events; what is refused makes none; after a kill what was sent before comes no second time."""
    simulator = rulebooks.simulator
    client = simulator.client()
    simulator._ask("POST", "callbacks", {"delays": [0.01, 0.01]})
    first = rulebooks.start(APPROVED, GONE, SERVER, REST)
    ticket = client.create_ticket("Grüße", "", 250, board_id=2)
    number = ticket.id or 0
    deliveries(simulator)
    client.update_ticket_status(number, 202)
    client.create_configuration({"name": "SRV-9", "type": {"id": 1}, "company": {"id": 250}})
    deliveries(simulator)
    client.delete("service/tickets", number)
    wait_until(lambda: len(first.said()) >= 4, "four events")
    server = client.get("company/configurations/types/1")
    assert server and server["name"] == "Server"
    assert Counter(first.said()) == Counter(
        [
            "added Grüße",
            "approved Grüße of Acme Corporation by ansible",
            "server SRV-9",
            f"gone ticket {number} None",
        ]
    )

    for kind in ("forged", "unsigned", "key-host", "oversized", "replay"):
        simulator._ask("POST", "callbacks/faults", {"kind": kind})
        client.create_ticket(kind, "", 250)
        deliveries(simulator)
    client.create_ticket("last", "", 250)
    wait_until(lambda: "added last" in first.said(), "the last event")
    assert first.said()[4:] == ["added replay", "added last"]
    answers = [each["answers"] for each in deliveries(simulator)]
    # A forged one comes again where the key may be another by now, as it was fetched a moment ago.
    assert answers.pop(4) in ([401], [429] * 3)
    assert answers == [[204]] * 4 + [[401], [403], [413], [204, 204], [204]]
    assert shown(simulator)["keys_fetched"] <= 2
    for reason in ("signature is not right", "not from key_hosts", "larger than 1048576 bytes"):
        assert reason in first.output
    first.stop()

    second = rulebooks.start(REST)
    assert len(client.get_all("system/callbacks")) == 2
    client.create_ticket("after", "", 250)
    wait_until(second.said, "an event")
    assert second.said() == ["added after"]
    rulebooks.check_output()


@pytest.mark.long
def test_a_rulebook_that_is_busy(rulebooks: Rulebooks) -> None:
    """ConnectWise is answered at once, what has no room is sent again, and a kill loses nothing that waits."""
    simulator, folder = rulebooks.simulator, rulebooks.folder
    simulator._ask("POST", "callbacks", {"delays": [0.2] * 1000})
    gate = folder / "gate"
    module = {"name": "ansible.builtin.wait_for", "module_args": {"path": str(gate), "timeout": 300}}
    wait = {"name": "wait", "condition": "event.id is defined", "action": {"run_module": module}}
    first = rulebooks.start(wait, room=5)
    simulator._ask("POST", "callbacks/all", {"path": "service/tickets", "times": 40})

    def settled() -> bool:
        told = shown(simulator)["deliveries"]
        accepted = [each for each in told if each["state"] == "delivered"]
        refused = [each for each in told if len(each["answers"]) > 3]
        return len(accepted) >= 15 and len(accepted) + len(refused) == 40

    wait_until(settled, "a rulebook that takes no more")
    told = shown(simulator)["deliveries"]
    assert {status for each in told for status in each["answers"]} == {204, 429}
    first.stop()
    before = first.taken("message_id")
    accepted = {each["message_id"] for each in deliveries(simulator) if each["state"] == "delivered"}
    gate.touch()
    second = rulebooks.start(REST)
    expected = accepted - {*before}
    # The queue of ansible-rulebook holds one event, which is lost.
    wait_until(lambda: len(second.taken("message_id")) >= len(expected) - 1, "the rest")
    simulator._ask("POST", "callbacks/all", {"path": "service/tickets", "times": 1})
    wait_until(lambda: deliveries(simulator)[-1]["message_id"] in second.taken("message_id"), "one more")
    after = second.taken("message_id")[:-1]
    assert len(after) == len(set(after)) >= 5
    assert set(after) <= expected
    rulebooks.check_output()


def test_bad_options(rulebooks: Rulebooks) -> None:
    """ansible-rulebook ends, and says why."""
    rulebook = rulebooks.start(REST, room=0)
    assert rulebook.process.wait(60) == 1
    said = "SourceError: Source plugin failed with error message: 'room: 0 is too few. Give a number above 0.'"
    assert said in rulebook.output
    rulebooks.check_output()


def source(simulator: Simulator, folder: Path, port: int, **more: Any) -> dict[str, Any]:
    """Options for records that are small."""
    return {
        **simulator.login,
        **{"host": "127.0.0.1", "port": port, "state_file": str(folder / "state.sqlite"), "requests_per_minute": 0},
        **{"url": f"http://127.0.0.1:{port}/", "callbacks": [{"type": "agreement"}], **more},
    }


@pytest.mark.long
def test_ten_thousand(simulator: Simulator, folder: Path) -> None:
    """None is lost, none is there twice, though there is room for few."""
    port = free_port()
    simulator._ask("POST", "callbacks", {"delays": [0.5] * 100, "timeout": 60})
    main = runpy.run_path(str(SOURCES / "cw_callbacks.py"))["main"]
    running = Source(main, source(simulator, folder, port, room=500))
    try:
        wait_until(lambda: simulator.client().get_all("system/callbacks") or running.error, "the callback")
        simulator._ask("POST", "callbacks/all", {"path": "finance/agreements", "times": MANY})
        running.wait_for(MANY)
    finally:
        running.stop()
    told = {each["message_id"] for each in deliveries(simulator) if each["state"] == "delivered"}
    assert len(told) == MANY
    assert Counter(event["message_id"] for event in running.events) == Counter(told)


def test_a_kill(simulator: Simulator, folder: Path) -> None:
    """What was accepted comes after the restart, in order and once, and the callback is not registered twice."""
    port = free_port()
    simulator._ask("POST", "callbacks", {"delays": []})
    first = Process(folder, "cw_callbacks", source(simulator, folder, port), takes=100)
    try:
        wait_until(lambda: simulator.client().get_all("system/callbacks"), "the callback")
        simulator._ask("POST", "callbacks/all", {"path": "finance/agreements", "times": 300})
        accepted = {each["message_id"] for each in deliveries(simulator) if each["state"] == "delivered"}
        assert len(accepted) == 300
        wait_until(lambda: len(first.events()) == 100, "a hundred events")
    finally:
        first.kill()
    simulator._ask("POST", "callbacks/all", {"path": "finance/agreements", "times": 1})
    assert deliveries(simulator)[-1]["answers"] == ["ClientConnectorError"]
    second = Process(folder, "cw_callbacks", source(simulator, folder, port))
    try:
        wait_until(lambda: len(second.events()) == 200, "the rest")
        wait_until(lambda: is_open(port), "the listener")
        simulator._ask("POST", "callbacks/all", {"path": "finance/agreements", "times": 1})
        wait_until(lambda: len(second.events()) > 200, "one more")
    finally:
        second.kill()
    taken = [event["message_id"] for event in first.events() + second.events()[:200]]
    assert Counter(taken) == Counter(accepted)
    assert len(simulator.client().get_all("system/callbacks")) == 1

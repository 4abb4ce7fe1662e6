# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured against: the simulator, playbooks and jobs in processes of their own."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

import checkout
from demo import Server, stop

Play = list[dict[str, Any]]
"""Tasks."""
Result = dict[str, Any]
"""What was measured: "seconds", "peak" (MiB of memory of a process), and of jobs "count"."""

SECONDS = 600  # for one playbook, or one job


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    rounds: int = 3
    """How often what is compared runs, in turns; medians count."""
    tasks: int = 50
    tickets: int = 20_000
    many_tickets: int = 100_000
    one_page: int = 1000
    notes: int = 200
    configurations: int = 2000
    names: int = 10_000
    requests: int = 1000
    near: float = 0.05
    """Seconds that an answer takes on its way, and below."""
    far: float = 1.0


TINY = Sizes(1, 2, 30, 60, 20, 4, 40, 30, 20, 0.01, 0.02)


@dataclass(frozen=True)
class Setting:
    """One simulator, and a folder for what is made."""

    server: Server
    folder: Path

    @property
    def login(self) -> dict[str, str]:
        """The options of a client."""
        return {
            "base_url": self.server.url,
            "client": self.server.company,
            "username": self.server.public_key,
            "password": self.server.private_key,
            "client_id": self.server.client_id,
            "ca_path": self.server.ca_file or "",
        }

    def control(self, method: str, path: str, data: Any = None) -> Any:
        """Tell the simulator something."""
        answer = requests.request(
            method,
            f"{self.server.url}/_simulator/{path}",
            json=data,
            timeout=SECONDS,
            verify=self.server.ca_file or True,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def latency(self, seconds: float) -> None:
        """Let every answer take so long on its way."""
        self.control("DELETE", "faults")
        if seconds:
            self.control("POST", "faults", {"kind": "latency", "times": 0, "seconds": seconds})

    def counted(self, measure: Callable[[], Result]) -> Result:
        """What was measured, and how many "requests" and "writes" the simulator got meanwhile."""
        self.control("DELETE", "journal")
        result = measure()
        journal = self.control("GET", "journal")
        return {**result, "requests": len(journal), "writes": sum(bool(entry["write"]) for entry in journal)}

    def new_ticket(self, summary: str) -> int:
        """Open a ticket; returns its id."""
        made = self.control("POST", "records/service/tickets", [{"summary": summary, "company": {"id": 250}}])
        return int(made[0])

    def job(self, name: str, **options: Any) -> Result:
        """Do a job of :mod:`bench.jobs` in a process of its own."""
        path = os.pathsep.join([str(checkout.REPOSITORY / "scripts"), str(checkout.linked_tree())])
        done = subprocess.run(
            [sys.executable, "-m", "bench.jobs", name],
            input=json.dumps(options),
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"The job {name} failed; its own words stand above.")
        result: Result = json.loads(done.stdout)
        return result

    def play(self, tasks: Play) -> Result:
        """Run tasks on localhost in a playbook of their own; tells the seconds and the peak of ansible-playbook."""
        playbook = self.folder / "play.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        output_file = self.folder / "said.txt"
        with output_file.open("w") as output:
            start = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, Path(sys.executable).parent / "ansible-playbook", playbook],
                env={
                    **os.environ,
                    **self.server.settings(),
                    "CW_REQUESTS_PER_MINUTE": "0",
                    "ANSIBLE_COLLECTIONS_PATH": str(checkout.linked_tree()),
                    "ANSIBLE_HOME": str(self.folder / "ansible"),
                    "ANSIBLE_REMOTE_TMP": str(self.folder / "ansible" / "remote"),
                    "ANSIBLE_LOCALHOST_WARNING": "false",
                    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                    "ANSIBLE_NOCOLOR": "true",
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            late = threading.Timer(SECONDS, stop, [process])
            late.start()
            try:
                # Not by subprocess, which does not tell what the process and its children used.
                _pid, status, used = os.wait4(process.pid, 0)
                taken = time.perf_counter() - start
                process.returncode = os.waitstatus_to_exitcode(status)
            finally:
                late.cancel()
                stop(process)
        if process.returncode:
            raise SystemExit(f"A playbook failed:\n{output_file.read_text()}")
        peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        return {"seconds": taken, "peak": peak}

    def requests_per_second(self, path: str, count: int) -> float:
        """How many GET of a path the simulator answers, one after the other on one connection."""
        host = self.server.url.partition("://")[2]
        connection = http.client.HTTPConnection(host, timeout=SECONDS)
        request = requests.Request("GET", self.server.url, auth=self.server.login).prepare()
        headers = {**request.headers, "clientId": self.server.client_id}
        start = time.perf_counter()
        for _number in range(count):
            connection.request("GET", f"/v4_6_release/apis/3.0/{path}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"The simulator answered {answer.status} to GET {path}.")
        taken = time.perf_counter() - start
        connection.close()
        return count / taken


def in_turns(rounds: int, cases: dict[str, Callable[[], Result]]) -> dict[str, list[Result]]:
    """Measure several things, each in every round, so that what else the machine does meets all of them."""
    found: dict[str, list[Result]] = {name: [] for name in cases}
    for _round in range(rounds):
        for name, measure in cases.items():
            found[name].append(measure())
            print(f"    {name}: {found[name][-1]['seconds']:.2f} s", flush=True)
    return found


def seconds(results: list[Result]) -> list[float]:
    """The seconds of each round."""
    return [float(result["seconds"]) for result in results]


def ratio(above: list[float], below: list[float]) -> float:
    """The median of the ratios of the rounds."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))

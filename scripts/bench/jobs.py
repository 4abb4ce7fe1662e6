# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that are measured in a process of their own, so that their memory is theirs and nothing is loaded before.

A job is started by :func:`bench.setting.job`: its options come as JSON on stdin, its result goes as JSON to stdout.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Login = dict[str, str]
"""The options of a client: base_url, client, username, password, client_id, ca_path."""
Result = dict[str, Any]

TICKETS = "service/tickets"
CONFIGURATIONS = "company/configurations"
NAMES_AT_ONCE = 500
"""So many are there at a time, for the simulator looks through all of them each time."""
HARD = ["'", '"', "'\"", "\\", "[", "[[]", "%", "_", "*", " x ", "null", "[2026-01-01]", "Straße", "a'b\"c", "x" * 100]
ALPHABETS = (
    "ab'\"\\[]%_*&+ ",
    "()=<>,;/?#!{}^$|~`@.-:'\"",
    "äöüßÄÖÜẞéŽluťoučkýИванПетров株式会社😀\u0301\u00a0\u2028\u200b",
    "".join(chr(number) for number in range(1, 128)),
    "and or not in null true contains like 1 2 3",
)


def client(login: Login) -> Any:
    """Our client, not paced."""
    from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseClient

    return ConnectWiseClient(**login, requests_per_minute=0)  # type: ignore[arg-type]


def measured(work: Callable[[], Any]) -> Result:
    """How long the work took (seconds), how many records it gave or read, and the peak memory of the process (MiB)."""
    start = time.perf_counter()
    done = work()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "count": done if isinstance(done, int) else len(done), "peak": peak_memory()}


def peak_memory() -> float:
    """The most memory that this process had (MiB)."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss may be that of the process that started this one
        found = re.search(r"VmHWM:\s+([0-9]+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def number_of(records: Iterable[Any]) -> int:
    """How many there are, without keeping them."""
    return sum(1 for _record in records)


def tickets_ours(login: Login) -> Result:
    """All tickets as dataclasses, with our client."""
    return measured(client(login).get_tickets)


def tickets_connectpyse(login: Login) -> Result:
    """The same with ConnectPyse-Manage, whose page has 1,000 records, too."""
    from connectwise import ConnectWiseClient  # type: ignore[import-untyped]

    os.environ["REQUESTS_CA_BUNDLE"] = login.pop("ca_path")
    return measured(ConnectWiseClient(**login).get_tickets)


def tickets_pyconnectwise(login: Login) -> Result:
    """The same with pyconnectwise."""
    from pyconnectwise import ConnectWiseManageAPIClient

    os.environ["REQUESTS_CA_BUNDLE"] = login["ca_path"]
    host = login["base_url"].partition("://")[2]
    keys = (login["client_id"], login["username"], login["password"])
    api = ConnectWiseManageAPIClient(login["client"], host, *keys)
    api.codebase = "v4_6_release/"  # else it is asked for, and kept only where it was asked for
    tickets = api.service.tickets  # loads its models
    return measured(lambda: list(tickets.paginated(1, 1000).all()))


def nothing(login: Login) -> Result:
    """A client that asks for nothing."""
    with client(login):
        return measured(lambda: 0)


def tickets_one_by_one(login: Login, limit: int | None) -> Result:
    """Tickets as they come, none kept."""
    records = client(login).iterate(TICKETS, limit=limit)
    return measured(lambda: number_of(records))


def notes_one_client(login: Login, ticket_id: int, count: int) -> Result:
    """Notes through one client."""

    def write() -> int:
        cw = client(login)
        return number_of(cw.add_ticket_note(ticket_id, f"note {number}") for number in range(count))

    return measured(write)


def requests_of_tasks(login: Login, tasks: list[tuple[str, str, dict[str, Any]]]) -> Result:
    """How many requests tasks make.

    Args:
        login: as for the client.
        tasks: of each: a name, the module, its options.
    """
    import importlib

    import requests

    from ansible_collections.msp.connectwise.plugins.module_utils.glue import in_process

    counts = {}
    for name, module, options in tasks:
        requests.delete(f"{login['base_url']}/_simulator/journal", timeout=60)
        declared = importlib.import_module(f"ansible_collections.msp.connectwise.plugins.modules.{module}").MODULE
        given = {**login, "requests_per_minute": 0, **options}
        result = in_process.run(declared, module, given, {}, check_mode=False)
        if result.get("failed"):
            raise SystemExit(f"{name}: {result['msg']}")
        journal = requests.get(f"{login['base_url']}/_simulator/journal", timeout=60).json()
        counts[name] = {"operation": result.get("operation", "found"), "requests": len(journal)}
    return counts


def odd_names(count: int) -> list[str]:
    """Names of any characters; always the same."""
    chosen = random.Random(4711)
    names = list(HARD)
    while len(names) < count:
        alphabet = chosen.choice(ALPHABETS)
        names.append("".join(chosen.choice(alphabet) for _number in range(chosen.randint(1, 30))))
    return names[:count]


def names(login: Login, count: int) -> Result:
    """Looks for configurations by names of any characters; fails where one is not found, or another one is."""
    import requests

    from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import Condition

    cw = client(login)
    wanted = odd_names(count)
    seconds = 0.0
    wrong = []
    for start in range(0, count, NAMES_AT_ONCE):
        here = wanted[start : start + NAMES_AT_ONCE]
        records = [{"name": name, "company": {"id": 258}, "type": {"id": 1}, "status": {"id": 1}} for name in here]
        requests.post(f"{login['base_url']}/_simulator/reset", timeout=60).raise_for_status()
        control = f"{login['base_url']}/_simulator/records/{CONFIGURATIONS}"
        requests.post(control, json=records, timeout=60).raise_for_status()
        alike: dict[str, list[str]] = {}
        for name in here:
            alike.setdefault(name.casefold(), []).append(name)
        begun = time.perf_counter()
        for name in here:
            condition = Condition("company/id", "=", 258) & Condition("name", "=", name)
            found = [record["name"] for record in cw.iterate(CONFIGURATIONS, condition, fields=["name"])]
            if sorted(found) != sorted(alike[name.casefold()]):
                wrong.append(name)
        seconds += time.perf_counter() - begun
    if wrong:
        raise SystemExit(f"{len(wrong)} names are not found exactly, such as {wrong[:3]!r}")
    return {"seconds": seconds, "count": count}


def pacing(count: int) -> Result:
    """What waiting for one's turn costs where nobody has to wait: seconds for ``count`` turns."""
    from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.pacing import Pacing

    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        turns = Pacing("bench", count + 1)
        turns.wait(1.0)
        result = measured(lambda: number_of(turns.wait(1.0) for _turn in range(count)))
        turns.close()
    return result


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](**json.load(sys.stdin))))

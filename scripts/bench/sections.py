# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, a section of the page each.

A section gets two simulators, without and with TLS, how much of everything is wanted, and the report to write to.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.report import Report
from bench.setting import Play, Result, Setting, Sizes, in_turns, ratio, seconds

Task = dict[str, Any]

UNCHANGED = {"id": 123, "summary": "Mail is slow"}
NOTE = {"ticket_id": 123, "text": "The release is installed."}
TICKET_TASK: Task = {"msp.connectwise.cw_ticket": UNCHANGED}
AS_MODULE: Task = {"msp.connectwise.cw_ticket": {**UNCHANGED, "in_process": False}}
NOTE_TASK: Task = {"msp.connectwise.cw_ticket_note": NOTE}
DEBUG_TASK: Task = {"ansible.builtin.debug": {"msg": "nothing"}}
URI = "ansible.builtin.uri"
CONFIGURATIONS = "company/configurations"
READERS = {
    "msp.connectwise": "tickets_ours",
    "ConnectPyse-Manage": "tickets_connectpyse",
    "pyconnectwise": "tickets_pyconnectwise",
}
LEAST = 0.001
"""Seconds; what takes less than the noise is taken for so much."""


def uri(setting: Setting, path: str, **options: Any) -> Task:
    """The task that does without a collection."""
    user, password = setting.server.login
    return {
        "ansible.builtin.uri": {
            "url": f"{setting.server.url}/v4_6_release/apis/3.0/{path}",
            "url_username": user,
            "url_password": password,
            "force_basic_auth": True,
            "headers": {"clientId": setting.server.client_id},
            **options,
        }
    }


def looped(task: Task, count: int) -> Play:
    """The task so often in a loop."""
    return [{"name": "loop", **task, "loop": list(range(count))}]


def separate(task: Task, count: int) -> Play:
    """The task so often."""
    return [{"name": f"task {number}", **task} for number in range(count)]


def server(setting: Setting, _tls: Setting, sizes: Sizes, report: Report) -> None:
    """How fast the simulator itself is."""
    setting.control("POST", "many", {"path": "service/tickets", "count": sizes.one_page})
    pages = max(1, sizes.requests // 50)
    rows = {
        "one ticket": setting.requests_per_second("service/tickets/123", sizes.requests),
        f"a page of {sizes.one_page:,} tickets": setting.requests_per_second("service/tickets?pageSize=1000", pages),
    }
    setting.control("POST", "reset")
    turn = setting.job("pacing", count=sizes.requests)
    cost = f"Pacing, which is off here, costs {turn['seconds'] / turn['count'] * 1e6:.0f} µs a request."
    report.table(
        "The simulator",
        f"It is not the bottleneck: GET on one connection, one after the other, with `http.client`. {cost}",
        ("GET", "a second", "ms each"),
        [(name, f"{rate:,.0f}", f"{1000 / rate:.2f}") for name, rate in rows.items()],
    )


def requests(setting: Setting, _tls: Setting, _sizes: Sizes, report: Report) -> None:
    """How many requests a task makes."""
    key = {"key": "bench"}
    tasks: list[tuple[str, str, dict[str, Any]]] = [
        ("ticket by id, as it is", "cw_ticket", UNCHANGED),
        ("ticket opened by key", "cw_ticket", {**key, "summary": "Release", "company": "Acme", "board": "Help Desk"}),
        ("ticket by key, as it is", "cw_ticket", {**key, "summary": "Release"}),
        ("ticket by key, summary and priority", "cw_ticket", {**key, "summary": "Release 2", "priority": "8"}),
        ("ticket by key, status by name", "cw_ticket", {**key, "status": "In Progress"}),
        ("ticket by key, closed", "cw_ticket", {**key, "state": "closed"}),
        ("note", "cw_ticket_note", NOTE),
        ("note, as it is", "cw_ticket_note", NOTE),
        ("configuration by id", "cw_configuration_info", {"id": 67890}),
        ("configuration by company and name", "cw_configuration_info", {"company": "Acme", "name": "PROD-WEB-01"}),
    ]
    found = setting.job("requests_of_tasks", login=setting.login, tasks=tasks)
    report.table(
        "Requests of a task",
        "Counted in the simulator's journal.",
        ("task", "operation", "requests"),
        [(name, result["operation"], str(result["requests"])) for name, result in found.items()],
    )
    for name in ("ticket by id, as it is", "ticket by key, as it is", "note, as it is", "configuration by id"):
        report.target(f"requests: {name}", 1, found[name]["requests"])


def tasks(setting: Setting, tls: Setting, sizes: Sizes, report: Report) -> None:
    """Many tasks that find everything as it should be."""
    setting.play([NOTE_TASK])
    kinds = {"in a loop": looped, "as separate tasks": separate}
    for kind, form in kinds.items():
        cases: dict[str, Callable[[], Result]] = {
            "nothing": functools.partial(setting.play, []),
            "debug": functools.partial(setting.play, form(DEBUG_TASK, sizes.tasks)),
            "cw_ticket": functools.partial(setting.play, form(TICKET_TASK, sizes.tasks)),
            "cw_ticket_note": functools.partial(setting.play, form(NOTE_TASK, sizes.tasks)),
        }
        if form is looped:
            cases["cw_ticket over TLS"] = functools.partial(tls.play, form(TICKET_TASK, sizes.tasks))
            cases["cw_ticket, in_process: false"] = functools.partial(setting.play, form(AS_MODULE, sizes.tasks))
        cases[URI] = functools.partial(setting.play, form(uri(setting, "service/tickets/123"), sizes.tasks))
        found = {name: seconds(results) for name, results in in_turns(sizes.rounds, cases).items()}
        start = found.pop("nothing")
        net = {
            name: [max(LEAST, one - empty) for one, empty in zip(taken, start, strict=True)]
            for name, taken in found.items()
        }
        report.table(
            f"{sizes.tasks} tasks {kind}",
            f"Each makes one GET and finds everything as wanted. Medians of {sizes.rounds}, without the start and the "
            f"end of `ansible-playbook` itself ({median(start):.2f} s, a play without tasks).",
            ("task", "whole run, s", "ms a task", f"÷ {URI}", "÷ debug"),
            [
                (
                    name,
                    f"{median(found[name]):.2f}",
                    f"{median(taken) / sizes.tasks * 1000:.1f}",
                    f"{ratio(taken, net[URI]):.3f}",
                    f"{ratio(taken, net['debug']):.2f}",
                )
                for name, taken in net.items()
            ],
        )
        if form is looped:
            for name in ("cw_ticket", "cw_ticket_note"):
                report.target(f"{sizes.tasks}-task loop, {name} ÷ {URI}", 0.08, ratio(net[name], net[URI]))
                report.target(f"{sizes.tasks}-task loop, {name} ÷ debug", 2.0, ratio(net[name], net["debug"]))
                whole = f"{sizes.tasks}-task loop, whole run of ansible-playbook, {name} ÷ debug"
                report.target(whole, 2.0, ratio(found[name], found["debug"]))
            as_module = "cw_ticket, in_process: false"
            report.target(f"{sizes.tasks}-task loop, {as_module} ÷ {URI}", 1.0, ratio(net[as_module], net[URI]))


def notes(setting: Setting, _tls: Setting, sizes: Sizes, report: Report) -> None:
    """Many notes on one ticket, in all the ways there are; one way more is one case more."""
    times = 4
    few = max(1, sizes.notes // times)
    rows = []
    for latency in (0.0, sizes.near):
        setting.latency(latency)

        def loop(task: Callable[[int], Task], count: int) -> Result:
            return setting.play(looped(task(setting.new_ticket("Release")), count))

        def note(ticket_id: int) -> Task:
            return {"msp.connectwise.cw_ticket_note": {"ticket_id": ticket_id, "text": "note {{ item }}"}}

        def post(ticket_id: int) -> Task:
            text = {"text": "note {{ item }}", "internalAnalysisFlag": True}
            options = {"method": "POST", "body_format": "json", "body": text, "status_code": 201}
            return uri(setting, f"service/tickets/{ticket_id}/notes", **options)

        def one_client() -> Result:
            ticket_id = setting.new_ticket("Release")
            return setting.job("notes_one_client", login=setting.login, ticket_id=ticket_id, count=sizes.notes)

        cases: dict[str, Callable[[], Result]] = {
            "nothing": functools.partial(setting.play, []),
            "a loop of cw_ticket_note": functools.partial(loop, note, sizes.notes),
            f"a loop of {URI}, {few} × {times}": functools.partial(loop, post, few),
            "a script with one client": one_client,
        }
        found = {name: results[0]["seconds"] for name, results in in_turns(1, cases).items()}
        start = found.pop("nothing")
        for name in found:
            if "loop" in name:
                found[name] = max(LEAST, found[name] - start) * (times if URI in name else 1)
        slowest = max(found.values())
        rows += [
            (f"{name}, {latency * 1000:.0f} ms", f"{taken:.1f}", f"{taken / slowest:.3f}")
            for name, taken in found.items()
        ]
    setting.latency(0)
    report.table(
        f"{sizes.notes} notes on one ticket",
        f"At 0 and {sizes.near * 1000:.0f} ms latency, once each, without the start of the program. `cw_ticket_note` "
        f"looks whether the note is there, then writes it; `{URI}` only writes.",
        ("how", "s", "÷ slowest"),
        rows,
    )


def configurations(setting: Setting, _tls: Setting, sizes: Sizes, report: Report) -> None:
    """Many configurations in one task, beside a loop."""
    setting.control("POST", "reset")
    times = 20
    few = max(1, sizes.configurations // times)
    described = {"osType": "Debian 12", "ram": "16 GB", "ipAddress": "192.0.2.7", "defaultGateway": "192.0.2.1"}

    def sync(ram: str) -> Play:
        entries = [
            {"name": f"SRV-{number:05}", "serial_number": f"SN-{number}", "os_type": "Debian 12", "ram": ram}
            | {"ip_address": "192.0.2.7", "default_gateway": "192.0.2.1"}
            for number in range(sizes.configurations)
        ]
        options = {"company": "Acme", "type": "Server", "configurations": entries}
        return [{"name": "sync", "msp.connectwise.cw_configuration_sync": options}]

    body = {"name": "URI-{{ item }}", "company": {"id": 250}, "type": {"id": 1}, **described}
    post = uri(setting, CONFIGURATIONS, method="POST", body_format="json", body=body, status_code=201)
    loop = f"a loop of {URI}, {few} × {times}"
    again = "cw_configuration_sync, again"
    cases: dict[str, Callable[[], Result]] = {
        "nothing": functools.partial(setting.play, []),
        "cw_configuration_sync, all new": functools.partial(setting.play, sync("16 GB")),
        again: functools.partial(setting.play, sync("16 GB")),
        "cw_configuration_sync, one field of each changed": functools.partial(setting.play, sync("32 GB")),
        loop: functools.partial(setting.play, looped(post, few)),
    }
    counted: dict[str, Callable[[], Result]] = {
        name: functools.partial(setting.counted, measure) for name, measure in cases.items()
    }
    found = {name: results[0] for name, results in in_turns(1, counted).items()}
    start = found.pop("nothing")["seconds"]
    for name, result in found.items():
        result["seconds"] = max(LEAST, result["seconds"] - start) * (times if name == loop else 1)
        result["requests"] *= times if name == loop else 1
    report.table(
        f"{sizes.configurations:,} configurations in one task",
        f"Once each, without the start of the program. The peak is that of the largest process of `ansible-playbook`. "
        f"`{URI}` writes without looking what is there, {few} of them; seconds and requests are {times} times those.",
        ("how", "requests", "s", "peak MiB"),
        [
            (name, f"{result['requests']:,}", f"{result['seconds']:.1f}", f"{result['peak']:.0f}")
            for name, result in found.items()
        ],
    )
    first = found["cw_configuration_sync, all new"]["seconds"]
    report.target(f"{sizes.configurations:,} configurations, one task ÷ {loop}", 0.05, first / found[loop]["seconds"])
    report.target(f"{sizes.configurations:,} configurations again, writes", 0, found[again]["writes"])


def reading(_setting: Setting, tls: Setting, sizes: Sizes, report: Report) -> None:
    """All tickets, with three clients."""
    tls.control("POST", "many", {"path": "service/tickets", "count": sizes.tickets})
    ours, other, third = READERS
    jobs: dict[str, Callable[[], Result]] = {
        name: functools.partial(lambda job: tls.job(job, login=tls.login), job) for name, job in READERS.items()
    }
    rows = []
    for latency, most in ((0.0, 0.8), (sizes.far, 0.35)):
        tls.latency(latency)
        rounds = 1 if latency else sizes.rounds
        found = in_turns(rounds, {name: jobs[name] for name in (ours, other)})
        found |= in_turns(1, {third: jobs[third]})
        below = seconds(found[other])
        for name, results in found.items():
            taken = seconds(results)
            compared = ratio(taken, below) if name != third else taken[0] / median(below)
            peak = median(result["peak"] for result in results)
            cells = (f"{median(taken):.2f}", f"{compared:.2f}", f"{peak:.0f}")
            rows.append((f"{name}, {latency * 1000:.0f} ms a page", f"{results[0]['count']:,}", *cells))
        what = f"{sizes.tickets:,} tickets at {latency * 1000:.0f} ms a page, ours ÷ {other}"
        report.target(what, most, ratio(seconds(found[ours]), below))
    tls.latency(0)
    report.table(
        f"{sizes.tickets:,} tickets read",
        f"As a list of objects, over TLS, in pages of 1,000, each client in a process of its own, whose start does not "
        f"count. Medians of {sizes.rounds} at 0 ms; with latency, and {third}, once.",
        ("client", "tickets", "s", f"÷ {other}", "peak MiB"),
        rows,
    )


def memory(_setting: Setting, tls: Setting, sizes: Sizes, report: Report) -> None:
    """Tickets one by one: a page, and very many."""
    there = tls.job("tickets_one_by_one", login=tls.login, limit=None)["count"]
    if there < sizes.many_tickets:
        tls.control("POST", "many", {"path": "service/tickets", "count": sizes.many_tickets - there})
    found = {limit: tls.job("tickets_one_by_one", login=tls.login, limit=limit) for limit in (sizes.one_page, None)}
    report.table(
        "Memory",
        "`client.iterate(...)`, records not kept, each in a process of its own; Python with the client and nothing "
        f"read has {tls.job('nothing', login=tls.login)['peak']:.0f} MiB.",
        ("tickets", "s", "peak MiB"),
        [(f"{result['count']:,}", f"{result['seconds']:.2f}", f"{result['peak']:.0f}") for result in found.values()],
    )
    what = f"peak memory of {found[None]['count']:,} tickets one by one ÷ {found[sizes.one_page]['count']:,}"
    report.target(what, 1.5, found[None]["peak"] / found[sizes.one_page]["peak"])


def names(setting: Setting, _tls: Setting, sizes: Sizes, report: Report) -> None:
    """Names of any characters."""
    found = setting.job("names", login=setting.login, count=sizes.names)
    each = found["seconds"] / found["count"] * 1000
    report.table(
        f"{sizes.names:,} names of any characters",
        "Quotes of both kinds, wildcards, brackets, control characters, other scripts: each found by a condition, the "
        "right records and no others, and the server never refuses the condition.",
        ("names", "found exactly", "s", "ms each"),
        [(f"{sizes.names:,}", f"{found['count']:,}", f"{found['seconds']:.1f}", f"{each:.2f}")],
    )


SECTIONS = (server, requests, tasks, notes, configurations, reading, memory, names)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks, front ends and busy servers that misbehave."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.plays import Player, newest_only, ticket
from unit.plugins.support import start_simulator

HERE = {"key": "k", "summary": "Disk full", "company": "Acme", "board": "Help Desk"}


def again(times: str, causes: str) -> str:
    """The warning about what was sent again."""
    return f"{times} sent again after passing failures ({causes}), with # s of waiting."


def test_what_passes(play: Player) -> None:
    """Reading is repeated; a throttled write too; and each task makes what it should, once."""
    fault = play.simulator.fault
    fault("429", times=2, retry_after=0)
    fault("429", method="POST", retry_after=0)
    fault("drop-before", method="GET", path="tickets/123$")
    fault("502-html", method="GET", path="tickets/12345$")
    fault("503-html", method="GET", path="tickets/12346$")
    fault("500-timeout", method="GET", path="tickets/12347$")
    fault("truncated", method="GET", path="tickets/12347$")
    fault("drop-after", method="PATCH", path="tickets/12345$")
    run = play(
        ticket("throttled", **HERE),
        ticket("dropped", id=123),
        ticket("front end", id=12345, severity="High"),
        ticket("not available", id=12346),
        ticket("timed out and cut off", id=12347),
        warnings=[
            again("3 requests were", "429: 3"),
            again("1 request was", "no answer: 1"),
            again("2 requests were", "502: 1, no answer: 1"),
            again("1 request was", "503: 1"),
            again("2 requests were", "500: 1, no answer: 1"),
        ],
    )
    assert {each.task: [(entry["method"], entry["fault"]) for entry in each.requests] for each in run} == {
        "throttled": [
            ("GET", "429"),
            ("GET", "429"),
            ("GET", None),
            ("GET", None),
            ("POST", "429"),
            ("POST", None),
            ("GET", None),
        ],
        "dropped": [("GET", "drop-before"), ("GET", None)],
        "front end": [("GET", "502-html"), ("GET", None), ("PATCH", "drop-after"), ("PATCH", None)],
        "not available": [("GET", "503-html"), ("GET", None)],
        "timed out and cut off": [("GET", "500-timeout"), ("GET", "truncated"), ("GET", None)],
    }
    assert play.tickets() == {20000: "Disk full"}
    assert play.ticket(12345)["severity"] == "High"


FOR_EVER = {
    "429": (
        "retry_budget: it allows no further attempt. GET service/tickets/{id} answered 429 ConnectWiseAPI: "
        "Too many requests. Please try again in 0 seconds (request id #, # s)"
    ),
    "502-html": ("GET service/tickets/{id} answered 502: a web page titled '502 Bad Gateway' (request id #, # s)"),
    "drop-before": (
        "base_url: GET service/tickets/{id} got no answer: the connection to http://127.0.0.1:# broke: "
        "Remote end closed connection without response (# s)"
    ),
    "empty": "base_url: GET service/tickets/{id} answered 200: the answer is empty (request id #, # s)",
    "html-200": (
        "base_url: GET service/tickets/{id} answered 200: the answer is text/html instead of JSON: "
        "a web page titled 'ConnectWise' (request id #)"
    ),
    "404-html": (
        "base_url: there is no ConnectWise API at this address. GET service/tickets/{id} answered 404: "
        "a web page titled '404 - File or directory not found.' (no answer of the API itself) (request id #)"
    ),
    "400-text": (
        "base_url: there is no ConnectWise API at this address. GET service/tickets/{id} answered 400: "
        "Cannot route. Codebase/company is invalid (no answer of the API itself) (request id #)"
    ),
    "500-type": (
        "GET service/tickets/{id} answered 500 ConnectWiseApi: Error converting value \"{{...}}\" to type '...'. "
        "Path '...', line 1, position 1 (request id #)"
    ),
    "403": (
        "username: the security role of this API member does not allow it. GET service/tickets/{id} answered "
        "403 Security: You do not have security permission to perform this action (request id #)"
    ),
    "redirect-http": (
        "base_url: GET service/tickets/{id} answered 301: it sends on to "
        "http://127.0.0.1:#/v4_6_release/apis/3.0/service/tickets/{id}, which is not followed (request id #)"
    ),
}
PASSING = ("429", "502-html", "drop-before", "empty")


@newest_only
def test_what_does_not_pass(play: Player) -> None:
    """One sentence each, and whether trying again could help."""
    tasks = []
    for number, kind in enumerate(FOR_EVER, start=1):
        play.simulator.fault(kind, path=f"tickets/{number}$", times=0, retry_after=0)
        tasks.append(ticket(kind, id=number, severity="High", retry_budget=2))
    run = play(*tasks, fails=True)
    assert run.messages == {
        kind: text.format(id=number) for number, (kind, text) in enumerate(FOR_EVER.items(), start=1)
    }
    assert {kind: run[kind]["failure"]["retryable"] for kind in FOR_EVER} == {
        kind: kind in PASSING for kind in FOR_EVER
    }
    assert {kind: len(run[kind].requests) > 1 for kind in FOR_EVER} == {kind: kind in PASSING for kind in FOR_EVER}
    assert run["429"]["failure"]["attempts"] == len(run["429"].requests)
    assert (run["429"]["failure"]["status"], run["html-200"]["failure"]["status"]) == (429, 200)
    assert run["drop-before"]["failure"]["status"] is None


@newest_only
@pytest.mark.parametrize("kind", ["drop-after", "slow-after", "truncated", "502-html", "500-type"])
def test_lost_answers(play: Player, kind: str) -> None:
    """A creation whose answer is lost makes one ticket."""
    details = {"seconds": 3} if kind == "slow-after" else {}
    play.simulator.fault(kind, method="POST", path="service/tickets$", **details)
    warnings = [again("1 request was", "502: 1")] if kind == "502-html" else []
    run = play(ticket("first", **HERE, timeout=1), ticket("second", **HERE), warnings=warnings)
    # What was not done is sent again; so is, with ids, what was refused with a 500 that is no time-out: it may stand
    # for a name that this server does not take.
    assert run["first"].writes == ["POST service/tickets"] * (2 if kind in ("502-html", "500-type") else 1)
    assert (run["second"].status, run["second"].writes) == ("ok", [])
    assert play.tickets() == {20000: "Disk full"}


def test_untrusted_certificate(play: Player, tmp_path: Path) -> None:
    """The certificate's CA can be named, in the task or in the environment, or checking switched off."""
    secure = start_simulator(tmp_path, "--tls")
    try:
        url, ca_file = secure.url, secure.told["ca_file"]
        run = play(
            ticket("untrusted", id=123, base_url=url),
            ticket("trusted", id=123, base_url=url, ca_path=ca_file),
            ticket("environment", {"environment": {"CW_CA_PATH": ca_file}}, id=123, base_url=url),
            ticket("unchecked", id=123, base_url=url, validate_certs=False),
            ticket("environment, unchecked", {"environment": {"CW_VALIDATE_CERTS": "no"}}, id=123, base_url=url),
            ticket("other CA", id=123, base_url=url, ca_path=__file__),
            fails=True,
        )
    finally:
        secure.stop()
    assert set(run.messages) == {"untrusted", "other CA"}
    assert run.messages["untrusted"].startswith(
        "base_url: GET service/tickets/123 got no answer: the certificate of https://127.0.0.1:# is not trusted: "
    )
    assert run.messages["untrusted"].endswith(
        "Name the file with the right CA as ca_path, or set validate_certs to false to trust any certificate."
    )
    assert run.messages["other CA"].startswith("ca_path: ")
    assert {each.task for each in run if each.status == "ok"} == {
        "trusted",
        "environment",
        "unchecked",
        "environment, unchecked",
    }

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_ticket_wait: what is met at once, what is never met, and what comes to be met while it waits."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, checked, newest_only, task, ticket

TICKET = "service/tickets/123"


def wait(_name: str, /, **options: Any) -> Task:
    """A task of cw_ticket_wait."""
    which = {} if "ticket_key" in options else {"ticket_id": 123}
    return task("cw_ticket_wait", _name, None, **{**which, "interval": 0.05, **options})


def test_what_is_as_wanted(play: Player) -> None:
    later = {
        "name": "close it meanwhile",
        "msp.connectwise.cw_ticket": {"id": 123, "state": "closed"},
        "async": 60,
        "poll": 0,
    }
    run = play(
        wait("status", status=["Approved", "new"]),
        wait("id", status=[101], closed=False),
        checked(wait("check", status="Approved")),
        wait("of no ticket", ticket_key="later", closed=True) | {"check_mode": True},
        later,
        wait("until", closed=True, give_up_after=60),
        ticket("open", key="k", summary="One", company="Acme", board=1),
        wait("by key", ticket_key="k", fields={"severity": "medium", "company/identifier": "Acme"}),
    )
    assert [each.status for each in run if each.task not in ("close it meanwhile", "open")] == ["ok"] * 6
    assert run["status"].lines == [f"GET {TICKET}"]
    (request,) = run["status"].requests
    assert request["query"]["fields"] == "id,summary,status,closedFlag"
    assert run["status"]["ticket"] == {
        "id": 123,
        "summary": "Mail is slow",
        "status": {"id": 101, "name": "New"},
        "closed_flag": False,
    }
    assert (run["status"]["met"], run["status"]["looks"]) == (True, 1)
    assert (run["check"]["met"], run["of no ticket"]["met"], run["of no ticket"]["url"]) == (False, False, None)
    assert run["until"]["ticket"]["closed_flag"]
    assert run["by key"]["ticket"]["severity"] == "Medium"


@newest_only
def test_wrong_options(play: Player) -> None:
    run = play(
        wait("never", status=["Resolved", ">Closed"], closed=True, give_up_after=0.1),
        wait("not at once", fields={"owner/identifier": "oncall"}, give_up_after=0),
        wait("no ticket", ticket_id=999, closed=True),
        wait("no ticket of that key", ticket_key="nothing", closed=True),
        wait("nothing"),
        wait("no status", status=[]),
        wait("no interval", closed=True, interval=0),
        wait("too long", closed=True, give_up_after=1e9),
        wait("no severity", fields={"severity": "Huge"}),
        fails=True,
    )
    assert run.messages == {
        "never": (
            "give_up_after: after 0.1 s status was still 'New' where Resolved or >Closed was waited for; closed was "
            "still False where True was waited for."
        ),
        "not at once": "give_up_after: after 0 s owner/identifier was still None where oncall was waited for.",
        "no ticket": "ticket_id: there is no service ticket 999. (A project ticket is another kind of record.)",
        "no ticket of that key": "ticket_key: no ticket has the key 'nothing'.",
        "nothing": "one of the following is required: status, closed, fields",
        "no status": "status: give at least one value to wait for.",
        "no interval": "interval: 0 is no number of seconds to wait between two looks.",
        "too long": "give_up_after: 1e+09 is no number of seconds to wait; a week is the most.",
        "no severity": "severity: 'Huge' is none of Low, Medium, High.",
    }
    assert run["never"]["failure"]["code"] == "NotMet"
    assert len(run["never"].requests) > 1

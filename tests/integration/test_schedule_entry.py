# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_schedule_entry: each step in check mode, really, and again."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, cycle, newest_only, settles, task

ENTRIES = "schedule/entries"
NINE = "2026-03-02T09:00:00Z"


def schedule(_name: str, /, **options: Any) -> Task:
    """A task of cw_schedule_entry."""
    return task("cw_schedule_entry", _name, {"register": "made"}, **options)


def test_life_cycle(play: Player) -> None:
    run = play(
        *cycle(schedule("assign", ticket_id=123, member="oncall")),
        *cycle(schedule("plan", ticket_id=123, member="On Call", end="2026-03-02T10:00:00Z", status="Tentative")),
        *cycle(schedule("with start", ticket_id=123, member="oncall", start=NINE, hours=2, where="On-Site")),
        *cycle(schedule("move", id="{{ made.schedule_entry.id }}", start="2026-03-03T09:00:00Z", done=True)),
        *cycle(schedule("give", id="{{ made.schedule_entry.id }}", member="Service Desk")),
        *cycle(schedule("take off", ticket_id=123, member="oncall", state="absent")),
        *cycle(schedule("by id", schedule_entry_id=8001, state="absent")),
    )
    for name in ("assign", "with start"):
        settles(run, name, "created")
    for name in ("plan", "move", "give"):
        settles(run, name, "updated")
    for name in ("take off", "by id"):
        settles(run, name, "deleted")
    made = run["assign"]["schedule_entry"]
    assert (made["object_id"], made["member_name"], made["status_name"]) == (123, "On Call", "Firm")
    foreseen = run["assign, in check mode"]["schedule_entry"]
    assert (foreseen["id"], foreseen["object_id"], foreseen["member"]["name"]) == (0, 123, "On Call")
    assert run["assign"].lines == [f"GET {ENTRIES}", "GET schedule/types", "GET system/members", f"POST {ENTRIES}"]
    assert run["assign, again"].lines == [f"GET {ENTRIES}"]
    assert run["plan"].lines == [f"GET {ENTRIES}", f"PATCH {ENTRIES}/{made['id']}"]
    assert run["plan"]["diff"]["after"] == {"end": "2026-03-02T10:00:00Z", "status": "Tentative"}
    assert run["move, again"].lines == [f"GET {ENTRIES}/{made['id'] + 1}"]
    assert run["give"]["diff"] == {"before": {"member": "On Call"}, "after": {"member": "Service Desk"}}
    assert "service_recid=123&" in run["give"]["url"]
    assert play._records(ENTRIES) == []
    assert not play.ticket(123).get("resources")


@newest_only
def test_wrong_options(play: Player) -> None:
    two = play.simulator.insert(ENTRIES, [{"type": {"id": 4}, "objectId": 123, "member": {"id": 639}}] * 2)
    missing = schedule("no ticket", ticket_id=999, member="oncall")
    run = play(
        missing,
        {**missing, "name": "no ticket, in check mode", "check_mode": True},
        schedule("no ticket of that key", ticket_key="nothing", member="oncall"),
        schedule("ticket 0", ticket_id=0, member="oncall"),
        schedule("nobody", ticket_id=123),
        schedule("nothing", member="oncall"),
        schedule("unknown member", ticket_id=123, member="nobody"),
        schedule("empty member", id=two[0], member=""),
        schedule("no entry of that id", id=999, done=True),
        schedule("several", ticket_id=123, member="oncall", done=True),
        schedule("unknown status", ticket_id=123, member=638, status="Perhaps"),
        schedule("no date", ticket_id=123, member="oncall", start="soon"),
        fails=True,
    )
    assert run.messages == {
        "no ticket": "ticket_id: there is no ticket 999.",
        "no ticket, in check mode": "ticket_id: there is no ticket 999.",
        "no ticket of that key": "ticket_key: no ticket has the key 'nothing'.",
        "ticket 0": "ticket_id: 0 is no id of a ticket; 0 is what a ticket has that check mode did not create.",
        "nobody": "one of the following is required: id, member",
        "nothing": "one of the following is required: id, ticket_id, ticket_key",
        "unknown member": (
            "member: there is no member named 'nobody'. There are: Ansible Automation (ansible, id 637), Service Desk "
            "(servicedesk, id 638), On Call (oncall, id 639)."
        ),
        "empty member": "member: it can't be empty.",
        "no entry of that id": "id: there is no schedule entry 999.",
        "several": f"member: 2 schedule entries of the ticket match: {two[0]}, {two[1]}. Give the id of one.",
        "unknown status": (
            "status: there is no schedule status named 'Perhaps'. There are: Tentative (id 1), Firm (id 2)."
        ),
        "no date": "start: 'soon' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
    }
    assert len(play._records(ENTRIES)) == 2

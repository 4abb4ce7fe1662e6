# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_time_entry: each step in check mode, really, and again."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, cycle, newest_only, settles, task, ticket

ENTRIES = "time/entries"
NINE = "2026-03-02T09:00:00Z"


def time(_name: str, /, **options: Any) -> Task:
    """A task of cw_time_entry."""
    return task("cw_time_entry", _name, {"register": "made"}, **options)


def test_life_cycle(play: Player) -> None:
    run = play(
        ticket("open", key="k", summary="One", company="Acme", board=1),
        *cycle(time("by key", ticket_key="k", key="patching", start=NINE, hours=0.5, work_role="Engineer", notes="x")),
        *cycle(time("longer", ticket_key="k", key="patching", hours=0.75, add_to=["resolution", "internal"])),
        *cycle(time("later", ticket_key="k", key="patching", start="2026-03-02T12:00:00+02:00", notes="y")),
        *cycle(time("with end", ticket_id=123, start=NINE, end="2026-03-02T10:30:00Z", member="oncall")),
        *cycle(time("by start", ticket_id=123, start=NINE, hours=2, member="oncall@msp.example")),
        *cycle(time("other member", ticket_id=123, start=NINE, member="Service Desk", email=["contact"])),
        *cycle(time("by id", id="{{ made.time_entry.id }}", work_type="After Hours", billable_option="NoCharge")),
        *cycle(time("delete by key", ticket_key="k", key="patching", state="absent")),
        *cycle(time("delete", ticket_id=123, start=NINE, member="oncall", state="absent")),
    )
    for name in ("by key", "with end", "other member"):
        settles(run, name, "created")
    for name in ("longer", "later", "by start", "by id"):
        settles(run, name, "updated")
    for name in ("delete by key", "delete"):
        settles(run, name, "deleted")
    made = run["by key"]["time_entry"]
    assert (made["key"], made["internal_notes"], made["charge_to_id"], made["actual_hours"]) == (
        "patching",
        "[key: patching]",
        20000,
        0.5,
    )
    assert "service_recid=20000&" in run["by key"]["url"]
    assert run["longer"]["time_entry"]["add_to"] == ["internal", "resolution"]
    assert run["longer"]["diff"] == {
        "before": {"hours": 0.5, "add_to": []},
        "after": {"hours": 0.75, "add_to": ["internal", "resolution"]},
    }
    assert run["later"]["diff"] == {
        "before": {"start": NINE, "notes": "x"},
        "after": {"start": "2026-03-02T10:00:00Z", "notes": "y"},
    }
    assert run["with end"]["time_entry"]["actual_hours"] == 1.5
    assert run["by start"]["diff"] == {
        "before": {"end": "2026-03-02T10:30:00Z"},
        "after": {"end": "2026-03-02T11:00:00Z"},
    }
    number = run["other member"]["time_entry"]["id"]
    assert run["with end, again"].lines == [f"GET {ENTRIES}"]
    assert run["by id"].lines == [f"GET {ENTRIES}/{number}", f"PATCH {ENTRIES}/{number}"]
    assert run["by id, again"].lines == [f"GET {ENTRIES}/{number}"]
    assert [each["id"] for each in play._records(ENTRIES)] == [number]


@newest_only
def test_wrong_options(play: Player) -> None:
    sent = {"chargeToType": "ServiceTicket", "chargeToId": 12345, "timeStart": NINE, "member": {"id": 639}}
    (billed,) = play.simulator.insert(ENTRIES, [{**sent, "status": "Billed"}])
    two = play.simulator.insert(ENTRIES, [{**sent, "chargeToId": 123}, {**sent, "chargeToId": 123}])
    absent = time("billed", id=billed, state="absent")
    closed = time("closed", ticket_id=12346, start=NINE, hours=1)
    missing = time("no ticket", ticket_id=999, start=NINE, hours=1)
    run = play(
        absent,
        {**absent, "name": "billed, in check mode", "check_mode": True},
        closed,
        {**closed, "name": "closed, in check mode", "check_mode": True},
        missing,
        {**missing, "name": "no ticket, in check mode", "check_mode": True},
        time("no project ticket", project_ticket_id=999, start=NINE),
        time("no activity", activity_id=999, start=NINE),
        time("nothing", start=NINE),
        time("two tickets", ticket_id=123, project_ticket_id=999, start=NINE),
        time("no start", ticket_id=123, key="k"),
        time("no key and no start", ticket_id=123),
        time("no date", ticket_id=123, start="tomorrow"),
        time("hours and end", ticket_id=123, start=NINE, hours=1, end=NINE),
        time("no entry of that id", id=999, notes="x"),
        time("several", ticket_id=123, start=NINE, hours=1),
        time("bracket in the key", ticket_id=123, start=NINE, key="a]b"),
        time("unknown role", ticket_id=123, start=NINE, member="ansible", work_role="Nobody"),
        fails=True,
    )
    status = "the status of this ticket takes no time entries. Give the ticket another status first."
    gone = f"state: the time entry {billed} can't be deleted, because its status is Billed: it was submitted or billed."
    nothing = (
        "ticket_id: there is no service ticket 999. (A project ticket is another kind of record: project_ticket_id.)"
    )
    assert run.messages == {
        "billed": gone,
        "billed, in check mode": gone,
        "closed": f"ticket_id: {status}",
        "closed, in check mode": f"ticket_id: {status}",
        "no ticket": nothing,
        "no ticket, in check mode": nothing,
        "no project ticket": "project_ticket_id: there is no project ticket 999.",
        "no activity": "activity_id: there is no activity 999.",
        "nothing": (
            "one of the following is required: id, ticket_id, ticket_key, project_ticket_id, charge_code, activity_id, "
            "company"
        ),
        "two tickets": (
            "parameters are mutually exclusive: ticket_id|ticket_key|project_ticket_id|charge_code|activity_id|company"
        ),
        "no start": "start: a new time entry needs its start.",
        "no key and no start": "one of the following is required: id, key, start",
        "no date": "start: 'tomorrow' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
        "hours and end": "parameters are mutually exclusive: end|hours",
        "no entry of that id": "id: there is no time entry 999.",
        "several": f"start: 2 time entries match: {two[0]}, {two[1]}. Give the id of one.",
        "bracket in the key": "key: the key of a time entry may hold neither a line break nor ']'.",
        "unknown role": (
            "work_role: there is no work role named 'Nobody'. There are: Engineer (id 1), Senior Engineer (id 2), "
            "Abroad (id 3)."
        ),
    }
    assert run["closed"]["failure"]["status"] == 400
    assert len(play._records(ENTRIES)) == 3

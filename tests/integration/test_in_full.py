# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tickets and notes beyond their first options, many in one task, and what is read of them."""

from __future__ import annotations

from typing import Any

from integration.plays import Outcome, Player, Run, Task, checked, cycle, newest_only, note, settles, task, ticket

KEY = "deploy-1"
NEW: dict[str, Any] = {"summary": "Deploy webshop", "company": "Acme", "board": "Changes & Projects"}
PROJECT: dict[str, Any] = {"record_type": "project", "key": "movers", "key_field": "RMM Key"}


def tickets(name: str, *items: dict[str, Any], **options: Any) -> Task:
    """A task of cw_tickets."""
    return task("cw_tickets", name, None, tickets=list(items), **options)


def notes(name: str, *items: dict[str, Any], **options: Any) -> Task:
    """A task of cw_ticket_notes."""
    return task("cw_ticket_notes", name, None, notes=list(items), **options)


def operations(outcome: Outcome) -> list[str]:
    """What came of each item."""
    return [item.get("operation", "failed") for item in outcome["results"]]


def all_settle(run: Run, name: str, *wanted: str) -> None:
    """As settles, for a task with a list."""
    foreseen, done, again = run[f"{name}, in check mode"], run[name], run[f"{name}, again"]
    assert foreseen.writes == []
    assert operations(foreseen) == operations(done) == list(wanted)
    assert foreseen["diff"] == done["diff"] != []
    assert (again.status, again["diff"], again.writes) == ("ok", [], [])


def test_a_ticket_in_full(play: Player) -> None:
    run = play(
        *cycle(ticket("open", key=KEY, **NEW, parent="12345", configurations=["PROD-WEB-01"])),
        *cycle(ticket("children", id=123, children=[KEY, "12347"])),
        *cycle(ticket("free", key=KEY, parent="")),
        *cycle(ticket("exact", key=KEY, configurations=["PROD-WEB-02"], configurations_mode="exact")),
        *cycle(ticket("expected", key=KEY, expected_status="New", status="Approved", process_notifications=False)),
        *cycle(
            ticket("move", key=KEY, board="Help Desk", status="Waiting Customer", type="Incident", skip_callback=True)
        ),
        ticket("unexpected", {"ignore_errors": True}, key=KEY, expected_status="Approved", status="New"),
        ticket("close", key=KEY, state="closed"),
        *cycle(ticket("reopen in time", key=KEY, when_closed="reopen", reopen_within="7d", status="In Progress")),
        ticket("close again", key=KEY, state="closed"),
        *cycle(ticket("too late", key=KEY, **NEW, when_closed="reopen", reopen_within="0")),
        *cycle(ticket("delete", key=KEY, state="absent")),
        fails=True,
    )
    for name, operation in (("open", "created"), ("reopen in time", "reopened"), ("delete", "deleted")):
        settles(run, name, operation)
    for name in ("children", "free", "exact", "expected", "move"):
        settles(run, name, "updated")
    assert run["children"]["diff"]["after"]["children"] == [
        "Deploy webshop (id 20000)",
        "Move the mail server (id 12347)",
    ]
    assert run["free"]["diff"] == {"before": {"parent": 123}, "after": {"parent": None}}
    (moved,) = [entry["body"] for entry in run["move"].requests if entry["write"]]
    assert [operation["path"] for operation in moved] == ["board", "status", "type", "skipCallback"]
    assert run.messages == {
        "unexpected": (
            "expected_status: the ticket 20000 is in the status 'Waiting Customer' (id 103), not in 'Approved': "
            "somebody changed it meanwhile. Nothing was written."
        )
    }
    assert run["unexpected"]["failure"]["code"] == "Unexpected"
    # A run of reopen_within: 0 opens a new ticket, which the next one finds open.
    settles(run, "too late", "created")


def test_a_project_ticket(play: Player) -> None:
    run = play(
        *cycle(
            ticket("open", **PROJECT, summary="Book the movers", project="Office move", phase="Move", owner="oncall")
        ),
        *cycle(ticket("change", **PROJECT, phase="Planning", priority="Priority 1 - Critical")),
        *cycle(
            note(
                "note",
                record_type="project",
                ticket_key="movers",
                ticket_key_field="RMM Key",
                key="n",
                text="Two vans.",
            )
        ),
        *cycle(note("change note", record_type="project", ticket_id=12400, text="Racks.", contact="IT Manager")),
        *cycle(ticket("close", **PROJECT, state="closed", resolution="Booked.")),
        *cycle(ticket("delete", **PROJECT, state="absent")),
        task("cw_ticket_info", "list", None, record_type="project", include=["notes"]),
    )
    for name, operation in (
        ("open", "created"),
        ("change", "updated"),
        ("note", "created"),
        ("change note", "created"),
        ("close", "closed"),
        ("delete", "deleted"),
    ):
        settles(run, name, operation)
    assert [each["notes"][0]["contact_name"] for each in run["list"]["tickets"]] == ["IT Manager"]


def test_notes_in_full(play: Player) -> None:
    file = play.folder / "report.md"
    file.write_text("# Report\n\n" + "- a line **in bold**\n" * 50_000)
    by_file: dict[str, Any] = {"ticket_id": 123, "key": "report", "text_file": str(file)}
    run = play(
        *cycle(note("file", **by_file)),
        *cycle(note("author", **by_file, member="oncall@msp.example")),
        *cycle(note("kind", **by_file, kind=["resolution", "internal"], issue=True)),
        *cycle(note("text", ticket_id=123, key="report", text="Short.")),
        *cycle(note("contact", ticket_id=123, text="It is slow.", kind=["discussion"], contact="IT Manager")),
        *cycle(note("delete", ticket_id=123, key="report", state="absent")),
        task("cw_ticket_note_info", "read", None, ticket_id=123, all_notes=True),
    )
    for name, operation in (("file", "created"), ("contact", "created"), ("delete", "deleted")):
        settles(run, name, operation)
    for name in ("author", "kind", "text"):
        settles(run, name, "updated")
    assert run["file"]["note"]["text"] == file.read_text().rstrip() + "\n\n[key: report]"
    assert [(each["text"], each["contact_name"]) for each in run["read"]["notes"]] == [("It is slow.", "IT Manager")]


def test_many_in_one_task(play: Player) -> None:
    servers = [{"key": f"patch-{number}", "summary": f"Patch {number}", **NEW} for number in (1, 2, 3)]
    texts = [{"ticket_key": f"patch-{number}", "key": "progress", "text": "Begun."} for number in (1, 2, 3)]
    run = play(
        *cycle(tickets("open", *servers)),
        *cycle(tickets("change", *({"key": each["key"], "status": "Approved", "owner": "oncall"} for each in servers))),
        *cycle(notes("note", *texts)),
        *cycle(notes("note more", *({**each, "text": "Done."} for each in texts))),
        *cycle(tickets("close", *({"key": each["key"], "state": "closed", "resolution": "Done."} for each in servers))),
        *cycle(notes("delete notes", *({**each, "state": "absent"} for each in texts))),
        tickets("stop", {"id": 123, "severity": "High"}, {"id": 999}, {"id": 12345, "severity": "High"}),
        tickets("go on", {"id": 999}, {"id": 12345, "severity": "High"}, on_failure="continue"),
        notes("wrong options", {"ticket_id": 123, "text": "x"}, {"ticket_id": 123, "kind": ["public"], "text": "x"}),
        *cycle(tickets("delete", *({"key": each["key"], "state": "absent"} for each in servers))),
        fails=True,
    )
    for name, operation in (
        ("open", "created"),
        ("change", "updated"),
        ("note", "created"),
        ("note more", "updated"),
        ("close", "closed"),
        ("delete notes", "deleted"),
        ("delete", "deleted"),
    ):
        all_settle(run, name, *[operation] * 3)
    assert run.messages == {
        "stop": (
            "1 of 3 tickets failed, 1 changed, 1 not tried. Item 2 (id 999): id: there is no service ticket 999. "
            "(A project ticket is another kind of record.)"
        ),
        "go on": (
            "1 of 2 tickets failed, 1 changed. Item 1 (id 999): id: there is no service ticket 999. "
            "(A project ticket is another kind of record.)"
        ),
        "wrong options": (
            "value of kind must be one or more of: discussion, internal, resolution. Got no match for: public found in "
            "notes"
        ),
    }
    assert operations(run["stop"]) == ["updated", "failed"]
    assert run["wrong options"].requests == []
    assert len(run["note, again"].requests) == 6


def test_request_counts(play: Player) -> None:
    """No request more than promised."""
    member = {"ticket_id": 123, "text": "One.", "member": "oncall"}
    run = play(
        ticket("by key and parent", id=123, key=KEY, parent="12345"),
        ticket("by key and parent, again", key=KEY, parent="12345", severity="Medium"),
        ticket("expected", id=123, expected_status="New", status="In Progress"),
        ticket("expected, again", id=123, expected_status="In Progress", status="In Progress"),
        note("author", **member),
        note("author, again", **{**member, "member": "On Call"}),
        notes("many", *({"ticket_id": 12345, "text": f"Note {number}."} for number in range(3))),
        notes("many, again", *({"ticket_id": 12345, "text": f"Note {number}."} for number in range(3))),
        tickets("many tickets", {"id": 123, "priority": "Priority 1 - Critical"}, {"id": 12345, "status": 103}),
        task("cw_ticket_info", "list", None, id=[123, 12345], include=["time_entries", "schedule"]),
        task("cw_ticket_info", "count", None, board=1, count_only=True),
        task("cw_ticket_note_info", "notes", None, ticket_id=12345, kind=["internal"]),
    )
    of_123, notes_of = ["GET service/tickets/123", "PATCH service/tickets/123"], "service/tickets/12345/notes"
    assert {each.task: each.lines for each in run} == {
        "by key and parent": of_123,
        "by key and parent, again": ["GET service/tickets"],
        "expected": of_123,
        "expected, again": of_123[:1],
        "author": ["GET service/tickets/123/notes", "GET system/members", "POST service/tickets/123/notes"],
        "author, again": ["GET service/tickets/123/notes"],
        "many": [f"GET {notes_of}", *[f"POST {notes_of}"] * 3],
        "many, again": [f"GET {notes_of}"],
        "many tickets": [*of_123, "GET service/tickets/12345", "PATCH service/tickets/12345"],
        "list": ["GET service/tickets", "GET time/entries", "GET schedule/entries"],
        "count": ["GET service/tickets/count"],
        "notes": [f"GET {notes_of}"],
    }
    for each in run:
        assert len({entry["connection"] for entry in each.requests}) == 1, "one connection a task"


@newest_only
def test_a_fresh_playbook_in_check_mode(play: Player) -> None:
    """Tasks that build on what an earlier one would have opened."""
    run = play(
        tickets("open", {"key": "a", **NEW}, {"key": "b", **NEW, "parent": "a"}),
        ticket("mother", key="a", children=["b"], expected_status="New"),
        notes("notes", {"ticket_key": "a", "text": "x"}, {"ticket_key": "b", "text": "x", "contact": "IT Manager"}),
        task("cw_ticket_note_info", "read notes", None, ticket_key="a"),
        task("cw_ticket_info", "read", None, key="a", include=["notes"]),
        check=True,
        diff=True,
    )
    assert play.simulator.writes() == []
    assert operations(run["open"]) == operations(run["notes"]) == ["created", "created"]
    assert run["mother"]["diff"]["after"] == {"children": ["ticket (id 0)"]}
    assert (run["read notes"]["count"], run["read"]["count"]) == (0, 0)
    assert "before: Item 1 (key 'a')" in run.output


@newest_only
def test_wrong_filters(play: Player) -> None:
    info: dict[str, dict[str, Any]] = {
        "unknown include": {"include": ["money"]},
        "unknown status": {"board": "Help Desk", "status": "Approved"},
        "wrong date": {"updated_after": "yesterday"},
        "no records": {"limit": 0},
        "field key without key": {"key_field": "RMM Key"},
    }
    run = play(
        *(checked(task("cw_ticket_info", name, None, **options)) for name, options in info.items()),
        task("cw_ticket_note_info", "no ticket", None, limit=5),
        task("cw_ticket_note_info", "ticket that there is not", None, ticket_id=999),
        fails=True,
    )
    assert run.messages == {
        "unknown include": (
            "value of include must be one or more of: notes, configurations, tasks, documents, time_entries, schedule. "
            "Got no match for: money"
        ),
        "unknown status": (
            "status: there is no status named 'Approved' on board 'Help Desk'. There are: New (id 101), In Progress "
            "(id 102), Waiting Customer (id 103), >Closed (id 105), Resolved (id 456)."
        ),
        "wrong date": (
            "updated_after: 'yesterday' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z."
        ),
        "no records": "limit: 0 is too small; 1 is the least.",
        "field key without key": "missing parameter(s) required by 'key_field': key",
        "no ticket": "one of the following is required: ticket_id, ticket_key",
        "ticket that there is not": (
            "ticket_id: there is no service ticket 999. (A project ticket is another kind of record.)"
        ),
    }

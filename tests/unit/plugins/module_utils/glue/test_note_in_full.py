# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes with authors, out of files, of any length, of project tickets; and what is read of notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseAPIError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.in_process import Task
from ansible_collections.msp.connectwise.plugins.module_utils.glue.note import Known
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, module_file, options

LONG = "".join(f"| host-{number} | **ok** |\n" for number in range(50_000))  # one megabyte


def sentence(tasks: Tasks, check_mode: bool = False, /, **given: Any) -> str:
    """What cw_ticket_note says when it fails."""
    with pytest.raises(WantedError) as raised:
        tasks.note(check_mode, **given)
    return str(raised.value)


# Authors


@pytest.mark.parametrize("member", ["oncall", "On Call", "oncall@msp.example", "639", "ONCALL"])
def test_a_note_by_a_member(tasks: Tasks, member: str) -> None:
    done = tasks.checked("cw_ticket_note", ticket_id=123, text="Seen.", member=member)
    assert (done["note"]["member_name"], done["diff"]["after"]["member"]) == ("On Call", "On Call")


@pytest.mark.parametrize("contact", ["IT Manager", "it.manager@acme.example", "2500"])
def test_a_note_by_a_contact(tasks: Tasks, contact: str) -> None:
    done = tasks.checked("cw_ticket_note", ticket_id=123, text="It is slow.", kind=["discussion"], contact=contact)
    assert (done["note"]["contact_name"], done["diff"]["after"]["contact"]) == ("IT Manager", "IT Manager")


def test_another_author(simulator: Simulator, tasks: Tasks) -> None:
    tasks.note(ticket_id=123, key="k", text="Seen.")
    changed = tasks.checked("cw_ticket_note", ticket_id=123, key="k", text="Seen.", member="servicedesk")
    assert changed["diff"] == {"before": {"member": "Ansible Automation"}, "after": {"member": "Service Desk"}}
    simulator.forget()
    tasks.note(ticket_id=123, key="k", text="Seen.", member="Service Desk")
    assert simulator.requests() == ["GET service/tickets/123/notes"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_authors_that_there_are_not(simulator: Simulator, tasks: Tasks, check_mode: bool) -> None:
    nobody = sentence(tasks, check_mode, ticket_id=123, text="x", member="nobody")
    assert nobody.startswith("member: there is no member named 'nobody'. There are: ")
    others = sentence(tasks, check_mode, ticket_id=123, text="x", contact="reception@kun.example")
    assert others.startswith(
        "contact: there is no contact named 'reception@kun.example' of company 'Acme Corporation'."
    )
    two = sentence(tasks, check_mode, ticket_id=123, text="x", contact="Front Desk")
    assert two.startswith(
        "contact: 2 records of the kind contact are named 'Front Desk' of company 'Acme Corporation':"
    )
    assert simulator.writes() == []


def test_a_contact_by_the_key_of_the_ticket(simulator: Simulator, tasks: Tasks) -> None:
    """The ticket, which was read to find it, tells the company."""
    tasks.ticket(id=123, key="k")
    simulator.forget()
    tasks.note(ticket_key="k", text="Hello.", contact="IT Manager")
    assert simulator.requests().count("GET service/tickets") == 1
    assert "GET service/tickets/123" not in simulator.requests()
    assert tasks.note(True, ticket_key="not-there-yet", text="Hello.", contact="IT Manager")["operation"] == "created"


# What else a note has


def test_an_issue(simulator: Simulator, tasks: Tasks) -> None:
    made = tasks.checked("cw_ticket_note", ticket_id=123, key="k", text="Slow.", issue=True)
    assert (made["note"]["issue_flag"], made["diff"]["after"]["issue"]) == (True, True)
    changed = tasks.checked("cw_ticket_note", ticket_id=123, key="k", text="Slow.", issue=False)
    assert changed["diff"] == {"before": {"issue": True}, "after": {"issue": False}}


@pytest.mark.parametrize(
    ("option", "name"), [("process_notifications", "processNotifications"), ("customer_updated", "customerUpdatedFlag")]
)
def test_what_goes_along(simulator: Simulator, tasks: Tasks, option: str, name: str) -> None:
    tasks.checked("cw_ticket_note", ticket_id=123, key="k", text="One.", **{option: True})
    simulator.forget()
    tasks.note(ticket_id=123, key="k", text="Two.", **{option: True})
    (patch,) = [entry["body"] for entry in simulator.journal() if entry["write"]]
    assert {"op": "replace", "path": name, "value": True} in patch


def test_a_note_that_is_not_kept(answering: Answering) -> None:
    """The failure names the option and both values."""
    module = module_file("cw_ticket_note").MODULE
    given = options("cw_ticket_note", ticket_id=123, text="x", kind=["internal"], member="639")
    notes: list[Any] = []
    for kept, said in (
        ({"text": "y"}, "text: .* kept 'y' where 'x' was asked"),
        (
            {"internalAnalysisFlag": False, "resolutionFlag": True},
            r"kind: .* kept \['resolution'\] where \['internal'\]",
        ),
        ({"member": {"id": 637, "name": "Ansible"}}, "member: .* kept 'Ansible' where 639 was asked"),
    ):
        written = {"id": 5, "text": "x", "internalAnalysisFlag": True, "member": {"id": 639}, **kept}
        answering.then(200, notes)
        answering.then(201, written)
        with pytest.raises(WantedError, match=said):
            module._run(Task(given, False, []), answering.client())


# Project tickets


def test_notes_of_a_project_ticket(simulator: Simulator, tasks: Tasks) -> None:
    given: dict[str, Any] = {"record_type": "project", "ticket_id": 12400}
    assert tasks.checked("cw_ticket_note", **given, key="k", text="One.")["operation"] == "created"
    assert (
        tasks.checked("cw_ticket_note", **given, key="k", text="Two.", contact="IT Manager")["operation"] == "updated"
    )
    assert simulator.client().get_all("project/tickets/12400/notes")[0]["text"] == "Two.\n\n[key: k]"
    assert tasks.checked("cw_ticket_note", **given, key="k", state="absent")["operation"] == "deleted"
    assert sentence(tasks, ticket_id=12400, text="x") == (
        "ticket_id: there is no service ticket 12400. (A project ticket is another kind of record.)"
    )
    assert sentence(tasks, record_type="project", ticket_id=123, text="x") == (
        "ticket_id: there is no project ticket 123. (A service ticket is another kind of record.)"
    )
    assert sentence(tasks, record_type="project", ticket_key="k", text="x").startswith(
        "ticket_key: project tickets have no external reference. Name a custom field for keys: ticket_key_field."
    )


# Texts


def test_a_text_out_of_a_file(tasks: Tasks, tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    file.write_bytes(b"\xef\xbb\xbf# Report\r\n\r\n- gr\xc3\xbc\xc3\x9fe  \r\n")
    done = tasks.checked("cw_ticket_note", ticket_id=123, text_file=str(file))
    assert done["note"]["text"] == "# Report\r\n\r\n- grüße  \r\n"
    again = tasks.note(ticket_id=123, text="# Report\n\n- grüße")
    assert again["operation"] == "unchanged"


@pytest.mark.parametrize("check_mode", [True, False])
def test_files_that_can_not_be_read(simulator: Simulator, tasks: Tasks, tmp_path: Path, check_mode: bool) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").write_bytes(b" \n")
    for name, said in (
        ("nothing", "can't be read: No such file or directory."),
        ("", "can't be read: Is a directory."),
        ("binary", "holds bytes that are not UTF-8."),
    ):
        path = str(tmp_path / name)
        assert sentence(tasks, check_mode, ticket_id=123, text_file=path) == f"text_file: {path!r} {said}"
    empty = sentence(tasks, check_mode, ticket_id=123, text_file=str(tmp_path / "empty"))
    assert empty == "text_file: a note needs a text."
    assert simulator.journal() == []


def test_a_long_text_is_kept_whole(simulator: Simulator, tasks: Tasks, tmp_path: Path) -> None:
    file = tmp_path / "long.md"
    file.write_text(LONG)
    assert len(LONG) > 1_000_000
    tasks.checked("cw_ticket_note", ticket_id=123, key="report", text_file=str(file))
    (note,) = simulator.client().get_ticket_notes(123)
    assert note.text == f"{LONG.rstrip()}\n\n[key: report]"
    changed = tasks.checked("cw_ticket_note", ticket_id=123, key="report", text=LONG.replace("host-7 ", "host-x "))
    assert changed["operation"] == "updated"


@pytest.mark.parametrize("blank", ["\n", "\r", "\r\n", " ", "\t\n"])
def test_a_long_run_of_blanks_takes_no_time(tasks: Tasks, blank: str) -> None:
    text = f"a{blank * 300_000}b{blank * 300_000}"
    tasks.checked("cw_ticket_note", ticket_id=123, key="k", text=text)


# Many notes of one ticket


def test_what_is_read_once(simulator: Simulator) -> None:
    known = Known(simulator.client(), False)
    given = options("cw_ticket_note", ticket_id=12345, text="x")
    endpoint = "service/tickets/12345/notes"
    first = known.notes(endpoint, given)
    assert known.note(endpoint, first[0]["id"]) == first[0]
    assert known.note(endpoint, 5) is None
    known.replace(endpoint, first[0], None)
    known.replace(endpoint, None, {"id": 1})
    assert [note["id"] for note in known.notes(endpoint, given)] == [first[1]["id"], 1]
    assert simulator.requests() == ["GET service/tickets/12345/notes"]


# What is read


def notes_of(tasks: Tasks, **given: Any) -> tuple[list[dict[str, Any]], int]:
    """The notes that cw_ticket_note_info returns, and the count."""
    result = tasks.run("cw_ticket_note_info", **given)
    assert result["changed"] is False
    return result["notes"], result["count"]


@pytest.fixture
def with_time(simulator: Simulator) -> Simulator:
    """The simulator with a time entry for ticket 12345."""
    entry = {
        "chargeToId": 12345,
        "chargeToType": "ServiceTicket",
        "timeStart": "2026-03-03T09:00:00Z",
        "actualHours": 1,
    }
    simulator.client().post("time/entries", {**entry, "notes": "Patched.", "addToInternalAnalysisFlag": True})
    simulator.forget()
    return simulator


def test_the_notes_of_a_ticket(simulator: Simulator, tasks: Tasks) -> None:
    found, count = notes_of(tasks, ticket_id=12345)
    assert [(note["kind"], note["ticket_id"], note["note_type"], note["created_by"]) for note in found] == [
        (["discussion"], 12345, "TicketNote", "servicedesk"),
        (["internal"], 12345, "TicketNote", "servicedesk"),
    ]
    assert count == 2
    assert simulator.requests() == ["GET service/tickets/12345/notes"]


def test_notes_of_some_kinds_in_some_order(tasks: Tasks) -> None:
    for kind in ("internal", "resolution"):
        tasks.note(ticket_id=12345, key=kind, text=kind, kind=[kind])
    internal, _count = notes_of(tasks, ticket_id=12345, kind=["internal"], order_by="id desc")
    assert [note["key"] for note in internal] == ["internal", None]
    both, count = notes_of(tasks, ticket_id=12345, kind=["internal", "resolution"], conditions='text contains "i"')
    assert (len(both), count) == (3, 3)
    only, _count = notes_of(tasks, ticket_id=12345, fields=["id", "text"], kind=["resolution"])
    assert [set(note) for note in only] == [{"id", "text"}]


@pytest.mark.parametrize("all_notes", [True, False])
def test_a_limit_of_notes(with_time: Simulator, tasks: Tasks, all_notes: bool) -> None:
    warnings: list[str] = []
    run = module_file("cw_ticket_note_info").MODULE._run
    given = options("cw_ticket_note_info", ticket_id=12345, limit=1, all_notes=all_notes)
    task = Task(given, False, warnings)
    result = run(task, with_time.client())
    assert (len(result["notes"]), result["count"]) == (1, 3 if all_notes else 2)
    assert warnings == [f"limit: 1 of {result['count']} notes are returned. Raise limit, or ask for fewer."]


def test_all_notes(with_time: Simulator, tasks: Tasks) -> None:
    found, count = notes_of(tasks, ticket_id=12345, all_notes=True)
    assert with_time.requests() == ["GET service/tickets/12345/allNotes"]
    assert count == 3
    of_time = [note for note in found if note["note_type"] == "TimeEntryNote"]
    assert [(note["text"], note["kind"], note["ticket_id"], note["created_by"]) for note in of_time] == [
        ("Patched.", ["internal"], 12345, "ansible")
    ]
    discussion, _count = notes_of(tasks, ticket_id=12345, all_notes=True, kind=["discussion"])
    assert [note["kind"] for note in discussion] == [["discussion"]]


def test_all_notes_of_a_server_without_them(with_time: Simulator, tasks: Tasks) -> None:
    with_time.switch(all_notes="absent")
    warnings: list[str] = []
    given = options("cw_ticket_note_info", ticket_id=12345, all_notes=True)
    task = Task(given, False, warnings)
    assert module_file("cw_ticket_note_info").MODULE._run(task, with_time.client())["count"] == 2
    assert with_time.requests() == ["GET service/tickets/12345/allNotes", "GET service/tickets/12345/notes"]
    assert warnings == [
        "all_notes: this ConnectWise has no list of all notes. Those of time entries are not among the result."
    ]


def test_all_notes_that_may_only_be_asked_for_otherwise(answering: Answering) -> None:
    """A 405 is how some old servers answer; other failures are told."""
    run = module_file("cw_ticket_note_info").MODULE._run
    given = options("cw_ticket_note_info", ticket_id=5, all_notes=True)
    task = Task(given, False, [])
    answering.then(405, {"code": "ConnectWiseApi", "message": "The method is not allowed."})
    answering.then(200, [{"id": 1, "text": "x", "internalAnalysisFlag": True}])
    assert [note["id"] for note in run(task, answering.client())["notes"]] == [1]
    answering.then(403, {"code": "Security", "message": "You do not have security permission."})
    with pytest.raises(ConnectWiseAPIError, match="403"):
        run(task, answering.client())


@pytest.mark.parametrize("all_notes", [True, False])
def test_notes_of_a_ticket_that_there_is_not(simulator: Simulator, tasks: Tasks, all_notes: bool) -> None:
    with pytest.raises(WantedError, match="^ticket_id: there is no service ticket 999. "):
        notes_of(tasks, ticket_id=999, all_notes=all_notes)
    with pytest.raises(WantedError, match="^ticket_key: no ticket has the key 'k'.$"):
        notes_of(tasks, ticket_key="k", all_notes=all_notes)
    planned = tasks.run("cw_ticket_note_info", True, ticket_key="k", all_notes=all_notes)
    assert (planned["notes"], planned["count"], planned["url"]) == ([], 0, None)


def test_notes_by_the_key_and_of_projects(simulator: Simulator, tasks: Tasks) -> None:
    tasks.ticket(id=12345, key="k")
    assert notes_of(tasks, ticket_key="k")[1] == 2
    tasks.note(record_type="project", ticket_id=12400, text="x")
    (note,) = notes_of(tasks, record_type="project", ticket_id=12400, all_notes=True)[0]
    assert note["text"] == "x"

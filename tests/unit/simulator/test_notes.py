# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes of tickets."""

from __future__ import annotations

import pytest

from .conftest import Caller

NOTES = "service/tickets/12345/notes"


def test_life_of_a_note(cw: Caller) -> None:
    """Facts 8.1, 8.2, 8.3, 6.9."""
    note = cw.post(NOTES, {"text": "Patched", "internalAnalysisFlag": True, "internalFlag": False})
    flags = {"detailDescriptionFlag": False, "internalAnalysisFlag": True, "resolutionFlag": False, "issueFlag": False}
    assert {name: note[name] for name in flags} == flags
    assert (note["ticketId"], note["text"], note["createdBy"]) == (12345, "Patched", "ansible")
    assert (note["member"]["identifier"], note["internalFlag"], note["externalFlag"]) == ("ansible", True, True)
    assert note["dateCreated"] == note["_info"]["lastUpdated"]
    path = f"{NOTES}/{note['id']}"
    assert cw.get(path) == note
    changed = cw.patch(path, ("replace", "text", "Patched twice"), ("replace", "resolutionFlag", True))
    assert changed["text"] == "Patched twice"
    assert (changed["resolutionFlag"], changed["internalAnalysisFlag"]) == (True, True)
    replaced = cw.put(path, {"text": "Once more", "detailDescriptionFlag": True})
    assert (replaced["detailDescriptionFlag"], replaced["internalAnalysisFlag"]) == (True, False)
    for name in ("member", "createdBy", "dateCreated", "ticketId"):
        assert replaced[name] == note[name]
    assert cw.get(f"{NOTES}/count") == {"count": 3}
    cw.delete(path)
    assert cw.get(f"{NOTES}/count") == {"count": 2}
    assert cw.error(404, "GET", path)["message"] == f"Service Note {note['id']} not found"


def test_flags(cw: Caller) -> None:
    """Fact 8.2: one at least; the recorded body."""
    expected = {
        "code": "InvalidObject",
        "message": "serviceNote object is invalid",
        "errors": [
            {
                "code": "ServiceNote",
                "message": "Please choose where to display the notes in order to save this record.",
                "resource": "serviceNote",
                "field": "detailDescriptionFlag, internalAnalysisFlag, resolutionFlag",
            }
        ],
    }
    assert cw.error(400, "POST", NOTES, {"text": "x"}) == expected
    assert cw.error(400, "POST", NOTES, {"text": "x", "internalAnalysisFlag": False}) == expected
    note = cw.post(NOTES, {"text": "x", "internalAnalysisFlag": True})
    response = cw.try_patch(f"{NOTES}/{note['id']}", ("replace", "internalAnalysisFlag", False))
    assert response.json() == expected


def test_authors(cw: Caller) -> None:
    """Facts 8.3, 8.7: another member, or a contact."""
    note = cw.post(NOTES, {"text": "x", "resolutionFlag": True, "member": {"identifier": "oncall"}})
    assert (note["member"]["id"], note["createdBy"]) == (639, "ansible")
    note = cw.post(NOTES, {"text": "x", "resolutionFlag": True, "contact": {"id": 2500}, "processNotifications": False})
    assert note["contact"]["name"] == "IT Manager"
    assert not {"member", "processNotifications"} & set(note)


def test_order_and_conditions(cw: Caller) -> None:
    """Facts 8.5, 4.12."""
    ids = [note["id"] for note in cw.get(NOTES)]
    assert [note["id"] for note in cw.get(NOTES, orderBy="id desc")] == ids[::-1]
    assert [note["id"] for note in cw.get(NOTES, conditions="detailDescriptionFlag=true")] == ids[:1]
    assert [note["id"] for note in cw.get(NOTES, conditions="text contains 'saturday'")] == ids[1:]


@pytest.mark.parametrize(("switch", "expected"), [("keep", "a\nb\r\nc"), ("blank", "a b c")])
def test_newlines(cw: Caller, switch: str, expected: str) -> None:
    """Fact 8.6."""
    cw.switch(newlines_in_notes=switch)
    assert cw.post(NOTES, {"text": "a\nb\r\nc", "resolutionFlag": True})["text"] == expected
    ticket = cw.ticket(initialDescription="a\nb\r\nc")
    assert cw.get(f"service/tickets/{ticket['id']}/notes")[0]["text"] == expected


def test_all_notes(cw: Caller) -> None:
    """Fact 8.5: with the notes of time entries, which notes leaves out; old versions answer 404."""
    time = {
        "chargeToType": "ServiceTicket", "chargeToId": 12345, "timeStart": "2026-03-02T10:00:00Z",
        "timeEnd": "2026-03-02T11:30:00Z", "notes": "Worked", "addToResolutionFlag": True,
    }  # fmt: skip
    cw.post("time/entries", time)
    cw.post("time/entries", {**time, "notes": "Hidden", "addToResolutionFlag": False})
    path = "service/tickets/12345/allNotes"
    notes = cw.get(path)
    assert [note["noteType"] for note in notes] == ["TicketNote", "TicketNote", "TimeEntryNote"]
    assert (notes[2]["text"], notes[2]["resolutionFlag"]) == ("Worked", True)
    assert notes[2]["timeStart"] == "2026-03-02T10:00:00Z"
    assert len(cw.get(NOTES)) == 2
    assert len(cw.get(path, pageSize=2, page=2)) == 1
    assert cw.error(405, "POST", path, {})
    cw.switch(all_notes="absent")
    assert cw.error(404, "GET", path)["message"] == "The endpoint does not exist."


def test_notes_of_another_ticket(cw: Caller) -> None:
    """A note is only found below its own ticket."""
    note = cw.get(NOTES)[0]["id"]
    assert cw.error(404, "GET", f"service/tickets/123/notes/{note}")["message"] == f"Service Note {note} not found"
    assert cw.error(404, "POST", "service/tickets/1/notes", {"text": "x"})["message"] == "Service Ticket 1 not found"

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseNotFoundError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.note import run_note
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from ansible_collections.msp.connectwise.plugins.module_utils.resources.note import kind_flags
from unit.plugins.support import Answering, Simulator, Tasks, options

NOTES = "service/tickets/123/notes"


def test_a_note_for_the_service_desk(simulator: Simulator, tasks: Tasks) -> None:
    done = tasks.checked("cw_ticket_note", ticket_id=123, text="Patches are installed.")
    assert done["operation"] == "created"
    note = done["note"]
    assert (note["kind"], note["key"], note["text"], note["is_internal"]) == (
        ["internal"],
        None,
        "Patches are installed.",
        True,
    )
    assert (note["ticket_id"], note["created_by"]) == (123, "ansible")
    assert done["url"] == simulator.client().get_ticket_url(123)
    assert done["diff"] == {"before": {}, "after": {"text": "Patches are installed.", "kind": ["internal"]}}


@pytest.mark.parametrize(
    "kind", [["discussion"], ["internal"], ["resolution"], ["resolution", "discussion"], ["discussion", "internal"]]
)
def test_each_kind(tasks: Tasks, kind: list[str]) -> None:
    done = tasks.checked("cw_ticket_note", ticket_id=123, text="Text", kind=kind)
    assert sorted(done["note"]["kind"]) == sorted(kind)


def test_the_same_text_of_another_kind_is_another_note(tasks: Tasks) -> None:
    first = tasks.checked("cw_ticket_note", ticket_id=123, text="Text")
    second = tasks.checked("cw_ticket_note", ticket_id=123, text="Text", kind=["discussion"])
    assert second["operation"] == "created"
    assert second["note"]["id"] != first["note"]["id"]


@pytest.mark.parametrize("newlines", ["keep", "blank"])
@pytest.mark.parametrize("key", [None, "progress"])
def test_a_text_that_the_server_rewrites_is_the_same(
    simulator: Simulator, tasks: Tasks, newlines: str, key: str | None
) -> None:
    simulator.switch(newlines_in_notes=newlines)
    for text in ("two\nlines", "  blank \n\n* a\n* b  \n", "windows\r\nlines\r\n", 'ü "x" \\ 😀 **md** [a](b)'):
        if newlines == "blank":  # that this server does so is not to be seen before
            assert tasks.note(ticket_id=123, text=text, key=key)["changed"]
            assert not tasks.note(ticket_id=123, text=text, key=key)["changed"]
        else:
            assert tasks.checked("cw_ticket_note", ticket_id=123, text=text, key=key)["changed"]


def test_a_note_by_its_key(tasks: Tasks) -> None:
    created = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="1 of 5")
    assert created["note"]["text"] == "1 of 5\n\n[key: progress]"
    assert created["note"]["key"] == "progress"
    updated = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="2 of 5")
    assert (updated["operation"], updated["note"]["id"]) == ("updated", created["note"]["id"])
    assert updated["diff"] == {
        "before": {"text": "1 of 5\n\n[key: progress]"},
        "after": {"text": "2 of 5\n\n[key: progress]"},
    }
    shown = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="2 of 5", kind=["discussion"])
    assert shown["diff"] == {"before": {"kind": ["internal"]}, "after": {"kind": ["discussion"]}}
    other = tasks.checked("cw_ticket_note", ticket_id=123, key="progress 2", text="2 of 5")
    assert other["operation"] == "created"
    deleted = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", state="absent")
    assert (deleted["operation"], deleted["note"]["id"]) == ("deleted", created["note"]["id"])
    assert deleted["diff"]["after"] == {}
    assert deleted["diff"]["before"]["kind"] == ["discussion"]


@pytest.mark.parametrize(
    "key", ["stage 2 of 5", " stage 2 of 5 ", "[a", "key: a", "a/b 'c' \"d\"", "größe 🚀", "x" * 200]
)
def test_a_key_of_any_characters(tasks: Tasks, key: str) -> None:
    created = tasks.checked("cw_ticket_note", ticket_id=123, key=key, text="Begun.")
    assert created["note"]["key"] == key.strip()
    updated = tasks.checked("cw_ticket_note", ticket_id=123, key=key, text="Ended.")
    assert (updated["operation"], updated["note"]["id"]) == ("updated", created["note"]["id"])
    assert tasks.checked("cw_ticket_note", ticket_id=123, key=key, state="absent")["operation"] == "deleted"


def test_a_key_in_the_middle_of_a_text_is_none(simulator: Simulator, tasks: Tasks) -> None:
    """Somebody may quote a note with its last line."""
    quoted = simulator.client().add_ticket_note(123, "He wrote: 1 of 5\n\n[key: progress]\n\nThat is too slow.")
    before = simulator.client().add_ticket_note(123, "[key: progress] is the key.")
    created = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="2 of 5")
    assert created["operation"] == "created"
    assert tasks.checked("cw_ticket_note", ticket_id=123, key="progress", state="absent")["operation"] == "deleted"
    left = [note.id for note in simulator.client().get_ticket_notes(123)]
    assert {quoted.id, before.id} <= set(left)
    assert created["note"]["id"] not in left


def test_two_notes_with_one_key(simulator: Simulator, tasks: Tasks) -> None:
    """As a lost answer, or two runs at the same moment, may leave them: the first one counts."""
    ids = [simulator.client().add_ticket_note(123, f"{number} of 5\n\n[key: progress]").id for number in (1, 2)]
    updated = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="3 of 5")
    assert (updated["operation"], updated["note"]["id"]) == ("updated", ids[0])
    assert tasks.checked("cw_ticket_note", ticket_id=123, key="progress", state="absent")["operation"] == "deleted"
    assert not {note.id for note in simulator.client().get_ticket_notes(123)} & set(ids)


def test_a_kind_not_given_stays(tasks: Tasks) -> None:
    tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="1 of 5", kind=["discussion", "internal"])
    updated = tasks.checked("cw_ticket_note", ticket_id=123, key="progress", text="2 of 5")
    assert updated["note"]["kind"] == ["discussion", "internal"]


def test_a_note_by_its_id(simulator: Simulator, tasks: Tasks) -> None:
    note = simulator.client().add_ticket_note(123, "Text")
    updated = tasks.checked("cw_ticket_note", ticket_id=123, id=note.id, text="Other")
    assert (updated["operation"], updated["note"]["text"]) == ("updated", "Other")
    kind = tasks.checked("cw_ticket_note", ticket_id=123, id=note.id, kind=["resolution"])
    assert kind["diff"] == {"before": {"kind": ["internal"]}, "after": {"kind": ["resolution"]}}
    assert tasks.checked("cw_ticket_note", ticket_id=123, id=note.id, state="absent")["operation"] == "deleted"
    gone = tasks.checked("cw_ticket_note", ticket_id=123, id=note.id, state="absent")
    assert (gone["operation"], gone["note"], gone["diff"]) == ("unchanged", None, {"before": {}, "after": {}})


def test_a_note_of_another_ticket_is_not_there(simulator: Simulator, tasks: Tasks) -> None:
    note = simulator.client().add_ticket_note(12345, "Text")
    with pytest.raises(WantedError, match=f"^id: the ticket has no note {note.id}.$"):
        tasks.note(ticket_id=123, id=note.id, text="Other")


def test_a_note_by_its_text_is_deleted(simulator: Simulator, tasks: Tasks) -> None:
    simulator.client().add_ticket_note(123, "Text")
    assert tasks.checked("cw_ticket_note", ticket_id=123, text="Text", state="absent")["operation"] == "deleted"


def test_of_several_notes_with_one_text_none_is_left(simulator: Simulator, tasks: Tasks) -> None:
    client = simulator.client()
    ids = [client.add_ticket_note(123, text).id for text in ("One\ntwo", "One\r\ntwo  ", "One\ntwo\n")]
    shown = client.add_ticket_note(123, "One\ntwo", internal=False)
    longer = client.add_ticket_note(123, "One\ntwo\nthree")
    deleted = tasks.checked("cw_ticket_note", ticket_id=123, text="One\ntwo", state="absent")
    assert deleted["operation"] == "deleted"
    left = {note.id for note in client.get_ticket_notes(123)}
    assert not left & set(ids)
    assert {shown.id, longer.id} <= left


def test_no_note_on_a_ticket_that_is_not_there(simulator: Simulator, tasks: Tasks) -> None:
    """None is left there either."""
    for given in ({"ticket_id": 999999}, {"ticket_key": "nothing"}):
        for which in ({"text": "Text"}, {"key": "progress"}, {"id": 5}):
            assert tasks.checked("cw_ticket_note", state="absent", **given, **which)["operation"] == "unchanged"


INTERNAL = {"id": 9, "ticketId": 123, "text": "Patched.", **kind_flags(["internal"])}
KEPT = "ConnectWise answered that the note was written, but kept"


@pytest.mark.parametrize(
    ("given", "answers", "sentence"),
    [
        (
            {"text": "Patched."},
            [[], {**INTERNAL, "text": "Patched"}],
            f"text: {KEPT} 'Patched' where 'Patched.' was asked (note 9).",
        ),
        (
            {"text": "Patched.", "key": "k"},
            [[], INTERNAL],
            f"text: {KEPT} 'Patched.' where 'Patched.\\n\\n[key: k]' was asked (note 9).",
        ),
        (
            {"text": "Patched. " * 50},
            [[], {**INTERNAL, "text": None}],
            f"text: {KEPT} None where '{('Patched. ' * 50)[:119]}...' was asked (note 9).",
        ),
        (
            {"text": "Patched."},
            [[], {**INTERNAL, **kind_flags(["discussion"])}],
            f"kind: {KEPT} ['discussion'] where ['internal'] was asked (note 9).",
        ),
        (
            {"text": "Patched.", "kind": ["resolution", "internal"]},
            [[], INTERNAL],
            f"kind: {KEPT} ['internal'] where ['internal', 'resolution'] was asked (note 9).",
        ),
        (
            {"text": "Restarted.", "id": 9},
            [INTERNAL, INTERNAL],
            f"text: {KEPT} 'Patched.' where 'Restarted.' was asked (note 9).",
        ),
        (
            {"kind": ["discussion"], "id": 9},
            [INTERNAL, INTERNAL],
            f"kind: {KEPT} ['internal'] where ['discussion'] was asked (note 9).",
        ),
    ],
)
def test_a_note_that_is_not_kept_as_it_was_written(
    answering: Answering, given: dict[str, Any], answers: list[Any], sentence: str
) -> None:
    """Else the next run would not know it again, and write another one."""
    for answer in answers:
        answering.then(200, answer)
    with pytest.raises(WantedError) as raised:
        run_note(answering.client(), options("cw_ticket_note", ticket_id=123, **given), False)
    assert (str(raised.value), raised.value.code) == (sentence, "NotKept")
    assert len(answering.requests) == 2


def test_a_note_that_is_kept_in_another_form(answering: Answering) -> None:
    """Line ends and blanks are the server's, and flags that are not set may be missing."""
    stored = {"id": "9", "text": "One \r\ntwo\r\n", "internalAnalysisFlag": True}
    answering.then(200, [])
    answering.then(201, stored)
    answering.then(200, [stored])
    for operation in ("created", "unchanged"):
        given = options("cw_ticket_note", ticket_id=123, text="One\ntwo")
        assert run_note(answering.client(), given, False)["operation"] == operation


def test_the_ticket_by_its_key(simulator: Simulator, tasks: Tasks) -> None:
    with pytest.raises(WantedError, match="^ticket_key: no ticket has the key 'deploy-1'.$"):
        tasks.note(ticket_key="deploy-1", text="Text")
    planned = tasks.note(True, ticket_key="deploy-1", text="Text")
    assert (planned["operation"], planned["note"]["id"], planned["url"]) == ("created", 0, None)
    ticket = tasks.ticket(key="deploy-1", summary="Deploy", company=250, board=1)["ticket"]
    done = tasks.checked("cw_ticket_note", ticket_key=" deploy-1 ", text="Text")
    assert done["note"]["ticket_id"] == ticket["id"]


def test_the_ticket_by_its_key_in_a_custom_field(tasks: Tasks) -> None:
    ticket = tasks.ticket(key="d", key_field="RMM Key", summary="Deploy", company=250, board=1)["ticket"]
    done = tasks.checked("cw_ticket_note", ticket_key="d", ticket_key_field="RMM Key", text="Text")
    assert done["note"]["ticket_id"] == ticket["id"]


def test_the_ticket_that_check_mode_did_not_open(simulator: Simulator, tasks: Tasks) -> None:
    planned = tasks.note(True, ticket_id=0, text="Text", key="progress")
    assert (planned["operation"], planned["note"]["id"], planned["url"]) == ("created", 0, None)
    assert tasks.note(True, ticket_id=0, text="Text", state="absent")["operation"] == "unchanged"
    assert simulator.journal() == []


def test_the_note_that_check_mode_did_not_write(simulator: Simulator, tasks: Tasks) -> None:
    for ticket_id in (0, 123):
        written = tasks.note(True, ticket_id=ticket_id, text="1 of 5")["note"]["id"]
        updated = tasks.note(True, ticket_id=ticket_id, id=written, text="2 of 5", kind=["discussion"])
        assert (updated["operation"], updated["note"]["id"]) == ("updated", 0)
        assert updated["diff"]["after"] == {"text": "2 of 5", "kind": ["discussion"]}
        assert tasks.note(True, ticket_id=ticket_id, id=written, state="absent")["operation"] == "deleted"
    with pytest.raises(WantedError, match="^id: the ticket has no note 0.$"):
        tasks.note(ticket_id=123, id=0, text="2 of 5")
    assert simulator.writes() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ticket_id": 123, "text": "", "state": "absent"}, "text: a note needs a text."),
        ({"ticket_id": 123, "text": " ", "state": "absent", "kind": ["discussion"]}, "text: a note needs a text."),
        ({"ticket_id": 999999}, "ticket_id: there is no service ticket 999999. (A project ticket is another kind of"),
        ({"ticket_id": 0}, "ticket_id: 0 is no id of a ticket; 0 is what a ticket has that check mode did not create."),
        ({"ticket_id": -5}, "ticket_id: -5 is no id of a ticket"),
        ({"ticket_id": 123, "text": ""}, "text: a note needs a text."),
        ({"ticket_id": 123, "text": " \n "}, "text: a note needs a text."),
        ({"ticket_id": 123, "text": None, "key": "k"}, "text: a note needs a text."),
        ({"ticket_id": 123, "text": "a\0b"}, "text: it holds a character that can't be stored: NUL, or half of a"),
        ({"ticket_key": "k" * 1000}, f"ticket_key: no ticket has the key '{'k' * 119}...'."),
        ({"ticket_id": 123, "id": 999999}, "id: the ticket has no note 999999."),
        ({"ticket_id": 123, "text": "", "id": 5}, "text: a note needs a text."),
        ({"ticket_id": 123, "kind": []}, "kind: give at least one of discussion, internal, resolution."),
        ({"ticket_id": 123, "key": ""}, "key: it is empty"),
        ({"ticket_id": 123, "key": "a\nb"}, "key: it holds a line break or another control character."),
        ({"ticket_id": 123, "key": "a]b"}, "key: the key of a note may hold neither a line break nor ']'."),
        ({"ticket_key": " "}, "ticket_key: it is empty"),
    ],
)
def test_what_can_not_be(simulator: Simulator, tasks: Tasks, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.note(**{"text": "Text", **given})
    assert str(raised.value).startswith(sentence)
    assert simulator.writes() == []


@pytest.mark.parametrize("key", ["a\rb", "a\u2028b", "a\x0bb"])
def test_a_key_with_any_kind_of_line_break(simulator: Simulator, tasks: Tasks, key: str) -> None:
    """Either a sentence, or a note that is found again."""
    try:
        tasks.note(ticket_id=123, key=key, text="1")
    except WantedError as error:
        assert str(error).startswith("key: ")
    assert tasks_or_error(tasks, key) in ("updated", "refused")


def tasks_or_error(tasks: Tasks, key: str) -> str:
    """What a second run does."""
    try:
        return str(tasks.note(ticket_id=123, key=key, text="2")["operation"])
    except WantedError:
        return "refused"


def test_the_api_at_another_address_is_no_missing_ticket(simulator: Simulator, tasks: Tasks) -> None:
    simulator.fault("404-html", times=0)
    with pytest.raises(ConnectWiseNotFoundError, match="no answer of the API itself"):
        tasks.note(ticket_id=123, text="Text")


@pytest.mark.parametrize("kind", ["drop-after", "drop-before", "502-html", "truncated"])
@pytest.mark.parametrize("key", [None, "progress"])
def test_a_lost_answer_writes_nothing_twice(simulator: Simulator, tasks: Tasks, kind: str, key: str | None) -> None:
    simulator.fault(kind, method="POST", path="notes$")
    try:
        tasks.note(ticket_id=123, text="Text", key=key)
    except ConnectWiseAPIError as error:
        assert error.maybe_done
    tasks.note(ticket_id=123, text="Text", key=key)
    assert tasks.note(ticket_id=123, text="Text", key=key)["operation"] == "unchanged"
    assert len([note for note in simulator.client().get_ticket_notes(123) if "Text" in str(note.text)]) == 1


def test_a_deletion_whose_answer_was_lost(simulator: Simulator, tasks: Tasks) -> None:
    simulator.client().add_ticket_note(123, "Text")
    simulator.fault("drop-after", method="DELETE")
    assert tasks.note(ticket_id=123, text="Text", state="absent")["operation"] == "deleted"

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_ticket_note: each kind, each way to find a note again, each step in check mode, really, and again."""

from __future__ import annotations

import pytest

from integration.plays import Player, cycle, note, settles, ticket

TEXTS = {
    "lines": "First\r\nsecond\nthird",
    "blanks": "  indented\nends in blanks   \n\n",
    "markdown": "# Title\n\n- **bold** & [link](https://example.com/?a=1&b=2)\n\n    code\n\n| a | b |\n|---|---|",
    "letters": "größer 100% 日本 🚀 \"both\" 'quotes' \\ <b>",
}


def kinds(entry: dict[str, bool]) -> tuple[bool, bool, bool]:
    """discussion, internal, resolution."""
    return entry["detailDescriptionFlag"], entry["internalAnalysisFlag"], entry["resolutionFlag"]


def test_life_cycle(play: Player) -> None:
    run = play(
        *cycle(note("plain", {"register": "first"}, ticket_id=123, text="Patched.")),
        {"name": "remember", "ansible.builtin.set_fact": {"made": "{{ first.note.id }}"}},
        *cycle(note("customer", ticket_id=123, text="Patched.", kind=["discussion"])),
        *cycle(note("both", ticket_id=123, text="Patched.", kind=["internal", "discussion"])),
        *cycle(note("resolution", ticket_id="123", text="Patched.", kind="resolution")),
        *cycle(note("key", ticket_id=123, key="progress", text="1 of 5")),
        *cycle(note("key, new text", ticket_id=123, key="progress", text="2 of 5")),
        *cycle(note("key, new kind", ticket_id=123, key="progress", text="2 of 5", kind=["discussion"])),
        note("key, kind left", ticket_id=123, key="progress", text="2 of 5"),
        *cycle(note("id", ticket_id=123, id="{{ made }}", text="Patched and restarted.")),
        *cycle(note("alias, kind only", ticket_id=123, note_id="{{ made }}", kind=["discussion"])),
        *cycle(note("delete by key", ticket_id=123, key="progress", state="absent")),
        *cycle(note("delete by id", ticket_id=123, id="{{ made }}", state="absent")),
        *cycle(note("delete by text", ticket_id=123, text="Patched.", kind=["resolution"], state="absent")),
    )
    for name in ("plain", "customer", "both", "resolution", "key"):
        settles(run, name, "created")
    for name in ("key, new text", "key, new kind", "id", "alias, kind only"):
        settles(run, name, "updated")
    for name in ("delete by key", "delete by id", "delete by text"):
        settles(run, name, "deleted")
    made = run["plain"]["note"]
    assert (made["ticket_id"], made["kind"], made["is_internal"], made["key"]) == (123, ["internal"], True, None)
    assert made["created_by"] == "ansible"
    assert made["created_datetime"]
    assert run["plain, in check mode"]["note"]["id"] == 0
    assert run["both"]["note"]["kind"] == ["discussion", "internal"]
    assert run["key"]["note"]["key"] == "progress"
    assert run["key"]["note"]["text"] == "1 of 5\n\n[key: progress]"
    assert run["key, kind left"].status == "ok"
    assert run["key, new kind"]["diff"] == {"before": {"kind": ["internal"]}, "after": {"kind": ["discussion"]}}
    assert run["id"]["diff"] == {"before": {"text": "Patched."}, "after": {"text": "Patched and restarted."}}
    assert "service_recid=123&" in run["plain"]["url"]
    assert [(each["text"], kinds(each)) for each in play.notes(123)] == [
        ("Patched.", (True, False, False)),
        ("Patched.", (True, True, False)),
    ]


@pytest.mark.parametrize("newlines", ["keep", "blank"])
def test_texts_settle(play: Player, newlines: str) -> None:
    """Line ends, blanks and Markdown, also where the server keeps no line breaks."""
    play.simulator.switch(newlines_in_notes=newlines)
    tasks = [note(name, ticket_id=123, text=text) for name, text in TEXTS.items()]
    again = [{**task, "name": f"{task['name']}, again"} for task in tasks]
    keyed = [
        note("keyed", ticket_id=123, key="a/b 'c'", text="One\n\ntwo\n"),
        note("keyed, again", ticket_id=123, key="a/b 'c'", text="One\n\ntwo"),
        note("keyed, changed", ticket_id=123, key="a/b 'c'", text="Three"),
    ]
    run = play(*tasks, *again, *keyed)
    assert {each.task: each.status for each in run} == {
        **dict.fromkeys(TEXTS, "changed"),
        **{f"{name}, again": "ok" for name in TEXTS},
        "keyed": "changed",
        "keyed, again": "ok",
        "keyed, changed": "changed",
    }
    stored = play.notes(123)
    assert len(stored) == len(TEXTS) + 1
    if newlines == "keep":
        assert stored[2]["text"] == TEXTS["markdown"]
        assert stored[3]["text"] == TEXTS["letters"]


def test_by_key_of_the_ticket(play: Player) -> None:
    run = play(
        ticket("open", key="k", summary="One", company="Acme", board=1),
        ticket("open with field", key="k", key_field="RMM Key", summary="Two", company="Acme", board=1),
        *cycle(note("by key", ticket_key="k", text="To the first.")),
        *cycle(note("by field", ticket_key="k", ticket_key_field="RMM Key", text="To the second.")),
        ticket("close", key="k", state="closed"),
        *cycle(note("closed", ticket_key="k", text="Afterwards.")),
    )
    for name in ("by key", "by field", "closed"):
        settles(run, name, "created")
    assert [each["text"] for each in play.notes(20000)] == ["To the first.", "Afterwards."]
    assert [each["text"] for each in play.notes(20001)] == ["To the second."]


def test_wrong_options(play: Player) -> None:
    run = play(
        note("no ticket", ticket_id=999, text="One."),
        note("no ticket of that key", ticket_key="nothing", text="One."),
        note("ticket 0", ticket_id=0, text="One."),
        note("empty text", ticket_id=123, text=" "),
        note("no text", ticket_id=123, key="k"),
        note("no note of that id", ticket_id=123, id=999, text="One."),
        note("unknown kind", ticket_id=123, text="One.", kind=["public"]),
        note("no kind", ticket_id=123, text="One.", kind=[]),
        note("both tickets", ticket_id=123, ticket_key="k", text="One."),
        note("neither ticket", text="One."),
        note("nothing", ticket_id=123),
        note("bracket in the key", ticket_id=123, key="a]b", text="One."),
        note("empty key", ticket_id=123, key=" ", text="One."),
        fails=True,
    )
    assert run.messages == {
        "no ticket": "ticket_id: there is no service ticket 999. (A project ticket is another kind of record.)",
        "no ticket of that key": "ticket_key: no ticket has the key 'nothing'.",
        "ticket 0": "ticket_id: 0 is no id of a ticket; 0 is what a ticket has that check mode did not create.",
        "empty text": "text: a note needs a text.",
        "no text": "text: a note needs a text.",
        "no note of that id": "id: the ticket has no note 999.",
        "unknown kind": (
            "value of kind must be one or more of: discussion, internal, resolution. Got no match for: public"
        ),
        "no kind": "kind: give at least one of discussion, internal, resolution.",
        "both tickets": "parameters are mutually exclusive: ticket_id|ticket_key",
        "neither ticket": "one of the following is required: ticket_id, ticket_key",
        "nothing": "one of the following is required: id, key, text, text_file",
        "bracket in the key": "key: the key of a note may hold neither a line break nor ']'.",
        "empty key": "key: it is empty. Give a text by which every run finds the same record.",
    }
    assert play.simulator.writes() == []

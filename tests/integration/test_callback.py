# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_callback: each step in check mode, really, and again."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, checked, cycle, newest_only, settles, task

CALLBACKS = "system/callbacks"
URL = "https://hooks.msp.example/cw?key=a'b%20&recordId="


def callback(_name: str, /, **options: Any) -> Task:
    """A task of cw_callback."""
    return task("cw_callback", _name, {"register": "made"}, **options)


def test_life_cycle(play: Player) -> None:
    key = {"url": URL, "type": "Ticket"}
    run = play(
        *cycle(callback("register", **key, level="Owner", object_id=0, description="Events  ")),
        {"name": "remember", "ansible.builtin.set_fact": {"number": "{{ made.callback.id }}"}},
        *cycle(callback("change", **key, inactive=True, self_suppressed="yes", description="")),
        *cycle(callback("narrow", id="{{ number }}", level="board", object_id=2)),
        *cycle(callback("second", **key, level="STATUS", object_id=101, soap=True, payload_version="2.0.0")),
        *cycle(callback("move", callback_id="{{ number }}", url=f"{URL}1", type="COMPANY", level="owner")),
        *cycle(callback("remove", **key, state="absent")),
        *cycle(callback("remove by id", id="{{ number }}", state="absent")),
    )
    settles(run, "register", "created")
    settles(run, "second", "created")
    for name in ("change", "narrow", "move"):
        settles(run, name, "updated")
    for name in ("remove", "remove by id"):
        settles(run, name, "deleted")
    made = run["register"]["callback"]
    assert (made["url"], made["type"], made["level"], made["object_id"]) == (URL, "ticket", "owner", 1)
    assert (made["member_id"], made["payload_version"], made["description"]) == (637, "3.0.0", "Events")
    assert run["register, in check mode"]["callback"]["id"] == 0
    assert run["register"].lines == [f"GET {CALLBACKS}", f"POST {CALLBACKS}"]
    assert run["register"].requests[1]["body"] == {
        "url": URL,
        "type": "ticket",
        "level": "owner",
        "objectId": 1,
        "description": "Events",
    }
    one = f"{CALLBACKS}/{made['id']}"
    assert run["register, again"].lines == [f"GET {CALLBACKS}"]
    assert run["change"].lines == [f"GET {CALLBACKS}", f"PATCH {one}"]
    assert run["change"]["diff"] == {
        "before": {"description": "Events", "inactive": False, "self_suppressed": False},
        "after": {"description": None, "inactive": True, "self_suppressed": True},
    }
    assert run["narrow"].lines == [f"GET {one}", f"PATCH {one}"]
    assert run["narrow"]["diff"]["after"] == {"level": "board", "object_id": 2}
    assert run["move"]["diff"]["after"] == {"url": f"{URL}1", "type": "company", "level": "owner", "object_id": 1}
    assert run["remove"]["diff"]["before"]["object_id"] == 101
    assert run["remove"].lines == [f"GET {CALLBACKS}", f"DELETE {CALLBACKS}/{made['id'] + 1}"]
    assert run["remove by id, again"].lines == [f"GET {one}"]
    assert run["remove by id, again"]["callback"] is None
    assert play._records(CALLBACKS) == []


@newest_only
def test_bad_input(play: Player) -> None:
    """Check mode and the real run refuse the same in the same words, and nothing is done."""
    entry = {"url": URL, "type": "ticket", "level": "board"}
    ids = play.simulator.insert(CALLBACKS, [{**entry, "objectId": 1}, {**entry, "objectId": 2}])
    key: dict[str, Any] = {"url": URL, "type": "ticket"}
    new = {"url": "https://a.example/?recordId=", "type": "ticket"}
    cases: dict[str, dict[str, Any]] = {
        "nothing": {},
        "no type": {"url": URL},
        "several": {**key, "inactive": True},
        "no level": new,
        "no object": {**new, "level": "Board"},
        "empty url": {**key, "url": " \t"},
        "long": {**key, "object_id": 1, "level": "board", "description": "x" * 101},
        "no id": {"id": -1},
        "unknown id": {"id": 999, "inactive": True},
        "number": {**key, "object_id": "first"},
    }
    tasks = []
    for name, options in cases.items():
        each = callback(name, **options)
        tasks += [checked({**each, "name": f"{name}, in check mode"}), each]
    taken = callback("taken", id=ids[1], object_id=1)
    run = play(*tasks, callback("bad url", **{**new, "url": "hooks", "level": "x", "object_id": 1}), taken, fails=True)
    bad = {
        "nothing": "one of the following is required: id, url",
        "no type": "one of the following is required: id, type",
        "several": (
            f"url: 2 callbacks have this url and type: {ids[0]} (board 1), {ids[1]} (board 2). Give the id of one, or "
            "level and object_id too."
        ),
        "no level": "level: no callback has this url and type, and to register one level must be given.",
        "no object": "object_id: no callback matches, and to register one of the level 'board' it must be given.",
        "empty url": "url: it can't be empty.",
        "long": "description: the text has 101 characters, ConnectWise takes at most 100.",
        "no id": "id: -1 is no id of a callback; 0 is what one has that check mode did not create.",
        "unknown id": "id: there is no callback 999.",
    }
    number = run.messages["number"]
    assert "object_id" in number and "first" in number
    assert {name: run.messages[name] for name in bad} == bad
    assert {name: run.messages[f"{name}, in check mode"] for name in bad} == bad
    assert run.messages["bad url"] == (
        "url: Invalid URL level: Unrecognized level for type, see documentation for supported levels for each type "
        f"(POST {CALLBACKS} answered 400 InvalidObject, request id #)"
    )
    assert run.messages["taken"] == (
        "object_id: A matching callback entry already exists "
        f"(PATCH {CALLBACKS}/{ids[1]} answered 400 InvalidObject, request id #)"
    )
    assert play.simulator.writes() == [f"POST {CALLBACKS}", f"PATCH {CALLBACKS}/{ids[1]}"]

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_board_info: each filter, what is included in how many requests, and what is read without table setup."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, newest_only, task

ALL = ["statuses", "types", "subtypes", "items", "teams"]
BOARDS = "GET service/boards"


def boards(_name: str, /, **options: Any) -> Task:
    """A task of cw_board_info."""
    return task("cw_board_info", _name, None, **options)


def names(entries: list[dict[str, Any]]) -> list[str]:
    """The names of some records."""
    return [entry["name"] for entry in entries]


def test_filters_and_what_is_included(play: Player) -> None:
    run = play(
        boards("all"),
        boards("one", name="help desk", include=ALL),
        boards("two", board_id=[1, 2, 99], include=["types", "statuses"], fields=["name"]),
        boards("retired", active=False),
        boards("in use", active=True, location="Main Location", department=5, project=False, order_by="id desc"),
        boards("conditions", conditions='name contains "&"'),
        boards("none", id=[], include=ALL),
        boards("not there", name="Board 'of' \"none\"", include=ALL),
        boards("count", active=True, count_only=True, include=ALL),
        boards("limit", limit=1, include=["teams"], order_by="name desc"),
        warnings=["limit: 1 of 4 boards are returned. Raise limit, or ask for fewer."],
    )
    found = {each.task: [board.get("id") for board in each["boards"]] for each in run}
    assert found == {
        "all": [1, 2, 3, 4],
        "one": [1],
        "two": [None, None],
        "retired": [4],
        "in use": [3, 2, 1],
        "conditions": [2],
        "none": [],
        "not there": [],
        "count": [],
        "limit": [4],
    }
    assert (run["count"]["count"], run["limit"]["count"]) == (3, 4)
    (board,) = run["one"]["boards"]
    assert board["location_name"] == "Main Location"
    assert names(board["statuses"])[-2:] == [">Closed", "Cancelled"] or "Resolved" in names(board["statuses"])
    assert [names(board[name]) for name in ("types", "subtypes", "board_items", "teams")] == [
        ["Incident", "Request", "Old type"],
        ["Server", "Printer"],
        ["Reboot"],
        ["Service Team", "Escalations"],
    ]
    assert {each["name"] for each in board["statuses"] if each["closed_status"]} == {"Resolved", ">Closed", "Cancelled"}
    assert {each["name"] for each in board["statuses"] if each["inactive"]} == {"DO NOT USE", "Cancelled"}
    assert board["subtypes"][0]["type_association_ids"] == [11]
    assert (board["teams"][0]["leader_name"], board["teams"][0]["members"]) == ("Service Desk", [638, 639])
    one = f"{BOARDS}/1"
    types = "GET service/info/boardtypes"
    assert run["one"].lines == [
        BOARDS, f"{one}/statuses", types, f"{one}/subtypes", f"{one}/items", f"{one}/teams",
    ]  # fmt: skip
    assert run["two"].lines == [BOARDS, f"{one}/statuses", f"{BOARDS}/2/statuses", types]
    assert [sorted(entry) for entry in run["two"]["boards"]] == [["name", "statuses", "types"]] * 2
    assert [names(entry["types"]) for entry in run["two"]["boards"]] == [
        ["Incident", "Request", "Old type"],
        ["Change", "Incident"],
    ]
    assert run["not there"].lines == [BOARDS]
    assert run["none"].lines == []
    assert run["count"].lines == [f"{BOARDS}/count"]


def test_second_pages(play: Player) -> None:
    """Of boards, and of what belongs to one."""
    place = {"location": {"id": 11}, "department": {"id": 5}}
    play.simulator.insert("service/boards", [{"name": f"Board {number}", **place} for number in range(1005)])
    play.simulator.insert("service/boards/1/items", [{"name": f"Item {number}"} for number in range(1004)])
    run = play(
        boards("boards", fields=["id"], limit=2000),
        boards("items", id=1, fields=["id"], include=["items"]),
        boards("types", fields=["id"], include=["types"], limit=2000),
    )
    assert len({board["id"] for board in run["boards"]["boards"]}) == 1009
    assert len({item["id"] for item in run["items"]["boards"][0]["board_items"]}) == 1005
    with_types = [board["id"] for board in run["types"]["boards"] if board["types"]]
    assert with_types == [1, 2, 3]
    # The ids of so many boards are too long for one request.
    assert len(run["types"].lines) < 12


@newest_only
def test_without_table_setup(play: Player) -> None:
    """What is open to all members is read instead, and looks the same."""
    play.simulator.fault("403", path="^service/boards(/[0-9]+/(statuses|subtypes|teams))?$", times=0)
    run = play(boards("open to all", name="Help Desk", active=True, include=["statuses", "types", "subtypes", "teams"]))
    (board,) = run["open to all"]["boards"]
    assert (board["name"], names(board["teams"])) == ("Help Desk", ["Service Team", "Escalations"])
    assert {each["name"] for each in board["statuses"] if each["closed_status"]} == {"Resolved", ">Closed", "Cancelled"}
    assert {each["name"] for each in board["statuses"] if each["inactive"]} == {"DO NOT USE", "Cancelled"}
    play.simulator.no_faults()
    play.simulator.fault("403", path="^service/info/boardtypes$", times=0)
    run = play(boards("no list of all types", id=[1, 2], include=["types"]))
    assert [names(board["types"]) for board in run["no list of all types"]["boards"]] == [
        ["Incident", "Request", "Old type"],
        ["Change", "Incident"],
    ]


@newest_only
def test_wrong_options(play: Player) -> None:
    play.simulator.fault("403", path="^service/boards/1/items$", times=0)
    run = play(
        boards("location", location="Moon"),
        boards("conditions", conditions="nme = 1"),
        boards("empty", name=""),
        boards("limit", limit=-1),
        boards("items", id=1, include=["items"]),
        boards("include", include=["tickets"]),
        fails=True,
    )
    assert run.messages == {
        "location": "location: there is no location named 'Moon'. There are: Main Location (id 11).",
        "conditions": (
            "conditions: GET service/boards answered 400 ApiFindCondition: nme is not a recognized name (request id #)"
        ),
        "empty": "name: it is empty. Leave it out, or give a name.",
        "limit": "limit: -1 is too small; 1 is the least.",
        "items": run.messages["items"],
        "include": run.messages["include"],
    }
    assert run.messages["items"].startswith("username: the security role of this API member does not allow it.")
    assert run.messages["include"].startswith("value of include must be one or more of: statuses, types, subtypes,")

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_board_info."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import (
    Board,
    BoardItem,
    BoardStatus,
    BoardSubType,
    BoardTeam,
    BoardType,
    Condition,
    ConnectWiseClient,
    ConnectWiseNotFoundError,
    ConnectWisePermissionError,
    Record,
)
from ..resources import references as ref
from ..resources.facts import facts
from ..resources.fields import Reference
from ..resources.filters import BOARD_FILTERS
from . import listing
from .arguments import field_options
from .lookup import Lookup, closes, is_inactive

# What belongs to a board: where it is, and what it is.
_LISTS: dict[str, tuple[Reference, type[Record]]] = {
    "statuses": (ref.STATUS, BoardStatus),
    "types": (ref.TYPE, BoardType),
    "subtypes": (ref.SUBTYPE, BoardSubType),
    "items": (ref.ITEM, BoardItem),
    "teams": (ref.TEAM, BoardTeam),
}
# In templates board.items is a method, and not what a dict has there.
_KEYS = {"items": "board_items"}
ALL_TYPES = "service/info/boardtypes"  # of all boards, in one list

OPTIONS: dict[str, dict[str, Any]] = {
    **field_options([row.field for row in BOARD_FILTERS]),
    **listing.OF_RECORDS,
    "id": {"type": "list", "elements": "int", "aliases": ["board_id"]},
    "include": {"type": "list", "elements": "str", "choices": list(_LISTS), "default": []},
}


def run_board_info(client: ConnectWiseClient, params: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Read service boards.

    Args:
        client: asked with GET only.
        params: the module's options.
        warn: told when there are more boards than ``limit``.

    Returns:
        The result: ``boards`` (list of facts, with what ``include`` names) and ``count``, the number of all that meet
        the filters.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    if params["id"] == []:
        return {"changed": False, "boards": [], "count": 0}
    conditions = listing.filtered(client, BOARD_FILTERS, params)
    conditions += [Condition("id", "in", params["id"])] if params["id"] else []
    also = ("id",) if params["include"] else ()

    def read(endpoint: str) -> tuple[list[dict[str, Any]], int]:
        return listing.read(client, endpoint, "boards", conditions, params, warn, also)

    try:
        found, count = read(ref.BOARD.endpoint)
    except ConnectWisePermissionError:  # its twin needs fewer rights (fact sheet 2.5)
        found, count = read(ref.BOARD.info_endpoint)
    boards = [facts(Board.from_dict(record), params["fields"] or []) for record in found]
    numbers = [int(record["id"]) for record in found] if params["include"] else []
    lookup = Lookup(client)
    for name in _LISTS:
        if name in params["include"] and numbers:
            lists = _types(client, numbers) if name == "types" else None
            for number, board in zip(numbers, boards):
                entries = _of_board(lookup, name, number) if lists is None else lists.get(number, [])
                board[_KEYS.get(name, name)] = [_shown(name, entry) for entry in entries]
    return {"changed": False, "boards": boards, "count": count}


def _types(client: ConnectWiseClient, numbers: list[int]) -> dict[int, list[dict[str, Any]]] | None:
    """The types of some boards, by the boards' ids, in one request; None where this server has no such list."""
    found: dict[int, list[dict[str, Any]]] = {}
    try:
        for entry in client.iterate(ALL_TYPES, Condition("board/id", "in", numbers)):
            found.setdefault(int(entry["board"]["id"]), []).append(entry)
    except (ConnectWiseNotFoundError, ConnectWisePermissionError):
        return None
    return found


def _of_board(lookup: Lookup, name: str, number: int) -> list[dict[str, Any]]:
    return lookup.all_of(_LISTS[name][0], {"board": {"id": number}})


def _shown(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Facts. The list of statuses that needs fewer rights has other names for its flags, as :func:`closes` knows."""
    if name == "statuses":
        entry = {**entry, "closedStatus": closes(entry), "inactive": is_inactive(entry)}
    return facts(_LISTS[name][1].from_dict(entry))

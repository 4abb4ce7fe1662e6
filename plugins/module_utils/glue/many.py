# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the modules cw_tickets and cw_ticket_notes: many records in one task, over one connection.

What every module that takes a list returns is made here, too.
"""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import (
    ConnectWiseAuthenticationError,
    ConnectWiseClient,
    ConnectWiseConnectionError,
    ConnectWiseRateLimitError,
)
from ..resources.fields import WantedError, quoted
from . import note, ticket
from .lookup import Lookup
from .module import failure

MOST_TOLD = 5  # of the items that failed, in the sentence
# What ends a run in any case: no later item could do better.
ENDS = (ConnectWiseAuthenticationError, ConnectWiseConnectionError, ConnectWiseRateLimitError)

Params = dict[str, Any]


def list_options(name: str, options: Params, constraints: Params) -> Params:
    """The options of a module that takes a list: ``name`` is that of the list, ``options`` those of each entry."""
    items = {"type": "list", "elements": "dict", "required": True, "options": options, **constraints}
    return {name: items, "on_failure": {"type": "str", "choices": ["stop", "continue"], "default": "stop"}}


def run_tickets(client: ConnectWiseClient, params: Params, check_mode: bool) -> dict[str, Any]:
    """Bring tickets to their wanted states; see :func:`_run`."""
    _refuse_twice(params["tickets"])
    lookup = Lookup(client)
    return _run(client, "tickets", params, lambda item: ticket.run_ticket(client, item, check_mode, lookup))


def run_notes(client: ConnectWiseClient, params: Params, check_mode: bool) -> dict[str, Any]:
    """Bring notes to their wanted states; see :func:`_run`."""
    known = note.Known(client, check_mode)
    return _run(client, "notes", params, lambda item: note.run_note(client, item, check_mode, known))


def _run(
    client: ConnectWiseClient, name: str, params: Params, run_one: Callable[[Params], dict[str, Any]]
) -> dict[str, Any]:
    """Run the items one after the other.

    Returns:
        The result: ``changed``, ``results`` (list, for each item that was tried what the module for one returns, and
        its place in the list as ``item``), ``diff`` (list); where items failed also ``failed``, ``msg`` and the
        ``failure`` of the first.
    """
    results: list[dict[str, Any]] = []
    for place, item in enumerate(params[name], 1):
        before = client.writes
        try:
            result = run_one(item)
            ends = False
        except Exception as error:
            result = {"changed": client.writes > before, **failure(error)}
            ends = params["on_failure"] == "stop" or isinstance(error, ENDS)
        results.append({"item": place, **result})
        if ends:
            break
    return whole(name, params[name], results)


def whole(name: str, items: list[Params], results: list[dict[str, Any]]) -> dict[str, Any]:
    """The result of a task, of those of its items; ``name`` is that of the list. See :func:`_run`."""
    headers = ("before_header", "after_header")
    result = {
        "changed": any(result["changed"] for result in results),
        "results": results,
        "diff": [
            {**result["diff"], **dict.fromkeys(headers, called(result["item"], items))}
            for result in results
            if result["changed"] and "diff" in result
        ],
    }
    failed = [result for result in results if result.get("failed")]
    if failed:
        result.update(failed=True, msg=_told(name, items, results, failed), failure=failed[0]["failure"])
    return result


def _told(name: str, items: list[Params], results: list[dict[str, Any]], failed: list[dict[str, Any]]) -> str:
    counts = [f"{len(failed)} of {len(items)} {name} failed"]
    changed = sum(result["changed"] for result in results)
    counts += [f"{changed} changed"] if changed else []
    untried = len(items) - len(results)
    counts += [f"{untried} not tried"] if untried else []
    texts = [f"{called(result['item'], items)}: {result['msg']}" for result in failed[:MOST_TOLD]]
    if len(failed) > MOST_TOLD:
        texts.append(f"And {len(failed) - MOST_TOLD} more, see results.")
    return f"{', '.join(counts)}. {' '.join(texts)}"


def called(place: int, items: list[Params]) -> str:
    """An item for a person: ``Item 2 (key 'deploy-1')``."""
    item = items[place - 1]
    names = ("id", "key", "name", "serial_number", "summary", "text", "text_file")
    name = next((name for name in names if item.get(name) not in (None, "")), "")
    return f"Item {place} ({name} {quoted(item[name])})" if name else f"Item {place}"


def _refuse_twice(items: list[Params]) -> None:
    """Raise WantedError where two items name one ticket: only one of them can be its wanted state."""
    places: dict[tuple[Any, ...], int] = {}
    for place, item in enumerate(items, 1):
        identity = _identity(item)
        if identity in places:
            raise WantedError(
                "tickets", f"{called(place, items)} is the same ticket as item {places[identity]}. Give one of them."
            )
        places[identity] = place


def _identity(item: Params) -> tuple[Any, ...]:
    """By what a ticket is found."""
    if item["id"] is not None:
        return ("id", item["id"] or object())  # 0 stands for any ticket that is not there yet
    if item["key"] is not None:
        return ("key", item["record_type"], item["key_field"], item["key"].strip())
    names = item["match"] or ["company", "board", "summary"]
    return ("match", item["record_type"], *sorted((name, str(item.get(name)).strip().casefold()) for name in names))

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_task."""

from __future__ import annotations

from typing import Any

from ..connectwise import ConnectWiseBadRequestError, ConnectWiseClient, ConnectWiseNotFoundError, TicketTask
from ..resources.fields import Reference, WantedError, same_text
from ..resources.planning import wanted_state
from ..resources.task import TASK, in_notes, is_about
from .finding import TICKETS
from .lookup import Lookup
from .of_ticket import listed, no_ticket, result, ticket_id_of
from .records import Done, bring, remove, the_only, with_id


def run_task(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a task of a ticket to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``task`` (facts), ``url`` of the ticket, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    if params["id"] is None and not (params["summary"] or params["notes"] or "").strip():
        raise WantedError("summary", "a task needs a text.", "MissingOption")
    wanted = wanted_state(TASK, params, params["fields"])
    ticket_id = ticket_id_of(client, params, check_mode)
    endpoint = f"{TICKETS}/{ticket_id}/tasks"
    found = _find(client, endpoint, params, check_mode) if ticket_id or params["id"] is not None else []
    if params["state"] == "absent":
        done = remove(client, TASK, endpoint, found, check_mode)
        return result(client, done, "task", TicketTask, ticket_id)
    option = "summary" if params["summary"] else "notes"
    before = the_only(found, option, "tasks of the ticket")
    if before and in_notes(before):
        wanted = _with_text_in_notes(wanted)
    try:
        done = _bring(client, endpoint, before, wanted, check_mode)
    except ConnectWiseNotFoundError as error:
        raise no_ticket(params, error) from error
    return result(client, done, "task", TicketTask, ticket_id, ticketId=ticket_id)


def _find(client: ConnectWiseClient, endpoint: str, params: dict[str, Any], check_mode: bool) -> list[dict[str, Any]]:
    """The task by id, else all of this text."""
    if params["id"] is not None:
        found = with_id(client, Reference("task", endpoint), params, check_mode)
        return [found] if found else []
    tasks = listed(client, endpoint, params)
    if params["summary"]:
        return [task for task in tasks if is_about(task, params["summary"])]
    return [task for task in tasks if same_text(task.get("notes"), params["notes"])]


def _bring(
    client: ConnectWiseClient, endpoint: str, before: dict[str, Any] | None, wanted: dict[str, Any], check_mode: bool
) -> Done:
    """The task as wanted; on a server whose tasks have no summary, with its text in the notes."""
    lookup = Lookup(client)
    try:
        return bring(client, lookup, TASK, endpoint, before, wanted, check_mode)
    except ConnectWiseBadRequestError as error:
        # "Could not find member 'summary'" (fact sheet 5.6): a field of newer servers (appendix A).
        if "'summary'" not in error.message or "notes" in wanted:
            raise
    return bring(client, lookup, TASK, endpoint, before, _with_text_in_notes(wanted), check_mode)


def _with_text_in_notes(wanted: dict[str, Any]) -> dict[str, Any]:
    if "notes" in wanted:
        return wanted
    return {"notes" if name == "summary" else name: value for name, value in wanted.items()}

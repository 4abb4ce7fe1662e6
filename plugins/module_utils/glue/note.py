# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_note."""

from __future__ import annotations

from typing import Any

from ..connectwise import ConnectWiseClient, ConnectWiseNotFoundError, Note
from ..resources.facts import facts
from ..resources.fields import WantedError, by_name, normalised, quoted
from ..resources.note import KINDS, NOTE, key_of, kind_flags, kinds_of, same_text, with_key
from ..resources.planning import plan, with_changes
from .ticket import TICKETS, checked_key, chosen, find_by_key


def run_note(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a note of a ticket to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``note`` (facts), ``url`` of the ticket, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    key = checked_key("key", params["key"])
    if key and "]" in key:
        raise WantedError("key", "the key of a note may hold neither a line break nor ']'.")
    given = params["text"] is not None
    needed = given or params["id"] is None if params["state"] == "present" else params["id"] is None and not key
    if needed and not (params["text"] or "").strip():
        raise WantedError("text", "a note needs a text.", "MissingOption")
    if params["kind"] == []:
        raise WantedError("kind", f"give at least one of {', '.join(KINDS)}.")
    ticket_id = _ticket_id(client, params, check_mode)
    endpoint = f"{TICKETS}/{ticket_id}/notes"
    text = normalised(by_name(NOTE, "text"), params["text"]) if given else ""
    wanted: dict[str, Any] = {"text": with_key(text, key)} if given else {}
    if params["kind"]:
        wanted.update(kind_flags(params["kind"]))
    found: list[dict[str, Any]] = []
    if check_mode and params["id"] == 0:
        found = [{"id": 0, "ticketId": ticket_id}]  # what an earlier task of this run would have written
    elif ticket_id:
        found = _find(client, endpoint, params, key, wanted)
    before = found[0] if found else None

    if params["state"] == "absent":
        # All that match, so that none is left to the next run.
        gone = [note for note in found if check_mode or client.delete(endpoint, note["id"])]
        return _result(client, ticket_id, "deleted" if gone else "unchanged", before, before, None)
    if before is None:
        wanted = {**kind_flags(["internal"]), **wanted}
        if check_mode:
            after = {"id": 0, "ticketId": ticket_id, **wanted}
        else:
            after = _kept(_add(client, endpoint, params, wanted), wanted)
        return _result(client, ticket_id, "created", after, None, after)
    if given and same_text(before.get("text"), wanted["text"]):
        wanted["text"] = before["text"]  # only what servers rewrite is different
    operations = plan(NOTE, before, wanted).operations
    if not operations:
        return _result(client, ticket_id, "unchanged", before, before, before)
    if check_mode:
        after = with_changes(NOTE, before, wanted)
    else:
        after = _kept(client.patch(endpoint, before["id"], operations), wanted)
    return _result(client, ticket_id, "updated", after, before, after)


def _ticket_id(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> int:
    """The id of the ticket; 0 for one that check mode did not create."""
    if params["ticket_id"] is not None:
        ticket_id: int = params["ticket_id"]
        if ticket_id < 0 or (ticket_id == 0 and not check_mode):
            raise WantedError(
                "ticket_id", f"{ticket_id} is no id of a ticket; 0 is what a ticket has that check mode did not create."
            )
        return ticket_id
    key = checked_key("ticket_key", params["ticket_key"])
    found = chosen(find_by_key(client, str(key), params["ticket_key_field"]))
    if found is None and not check_mode and params["state"] == "present":
        raise WantedError("ticket_key", f"no ticket has the key {quoted(key)}.", "NotFound")
    return int(found["id"]) if found else 0


def _find(
    client: ConnectWiseClient, endpoint: str, params: dict[str, Any], key: str | None, wanted: dict[str, Any]
) -> list[dict[str, Any]]:
    """The notes as they are: by id, by key, or by text and kinds; none where there are none."""
    if params["id"] is not None:
        found: dict[str, Any] | None = client.get(f"{endpoint}/{params['id']}")
        if found is None and params["state"] == "present":
            raise WantedError("id", f"the ticket has no note {params['id']}.", "NotFound")
        return [found] if found else []
    try:
        notes = list(client.iterate(endpoint))
    except ConnectWiseNotFoundError as error:
        if error.code is not None and params["state"] == "absent":
            return []
        raise _no_ticket(params, error) from error
    if key:
        return [note for note in notes if key_of(note) == key]
    kinds = kinds_of(wanted) or ["internal"]
    return [note for note in notes if kinds_of(note) == kinds and same_text(note.get("text"), wanted.get("text", ""))]


def _add(client: ConnectWiseClient, endpoint: str, params: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    try:
        added: dict[str, Any] = client.post(endpoint, wanted)
    except ConnectWiseNotFoundError as error:
        raise _no_ticket(params, error) from error
    return added


def _no_ticket(params: dict[str, Any], error: ConnectWiseNotFoundError) -> Exception:
    """What a 404 of a ticket's notes means; the error itself where it was not the API that answered."""
    option = "ticket_id" if params["ticket_id"] is not None else "ticket_key"
    hint = "(A project ticket is another kind of record.)"
    return (
        error
        if error.code is None
        else WantedError(option, f"there is no service ticket {params[option]}. {hint}", "NotFound")
    )


def _kept(answer: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The note as ConnectWise answered, if it is the one that was asked for.

    Raises:
        WantedError: another text or other kinds were kept, so that the next run would not know the note again.
    """
    kept = f"ConnectWise answered that the note was written, but kept %s where %s was asked (note {answer.get('id')})."
    if "text" in wanted and not same_text(answer.get("text"), wanted["text"]):
        raise WantedError("text", kept % (quoted(answer.get("text")), quoted(wanted["text"])), "NotKept")
    asked = {name: value for name, value in wanted.items() if name != "text"}
    if any(bool(answer.get(name)) != value for name, value in asked.items()):
        raise WantedError("kind", kept % (kinds_of(answer), kinds_of(wanted)), "NotKept")
    return answer


def _result(
    client: ConnectWiseClient,
    ticket_id: int,
    operation: str,
    note: dict[str, Any] | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> dict[str, Any]:
    shown = [{"text": item.get("text"), "kind": kinds_of(item)} if item else {} for item in (before, after)]
    names = [name for name in ("text", "kind") if shown[0].get(name) != shown[1].get(name)]
    return {
        "changed": operation != "unchanged",
        "operation": operation,
        "note": {**facts(Note.from_dict(note)), "key": key_of(note), "kind": kinds_of(note)} if note else None,
        "url": client.get_ticket_url(ticket_id) if ticket_id else None,
        "diff": dict(
            zip(("before", "after"), ({name: item[name] for name in names if name in item} for item in shown))
        ),
    }

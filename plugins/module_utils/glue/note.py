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
from .of_ticket import listed, no_ticket, ticket_id_of
from .ticket import TICKETS, checked_key


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
    if params["state"] == "present" and not (params["text"] or "").strip() and (given or params["id"] is None):
        raise WantedError("text", "a note needs a text.", "MissingOption")
    if params["kind"] == []:
        raise WantedError("kind", f"give at least one of {', '.join(KINDS)}.")
    ticket_id = ticket_id_of(client, params, check_mode)
    endpoint = f"{TICKETS}/{ticket_id}/notes"
    text = normalised(by_name(NOTE, "text"), params["text"]) if given else ""
    wanted: dict[str, Any] = {"text": with_key(text, key)} if given else {}
    if params["kind"]:
        wanted.update(kind_flags(params["kind"]))
    found = _find(client, endpoint, params, key, wanted) if ticket_id else []
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


def _find(
    client: ConnectWiseClient, endpoint: str, params: dict[str, Any], key: str | None, wanted: dict[str, Any]
) -> list[dict[str, Any]]:
    """The notes as they are: by id, by key, or by text and kinds; none where there are none."""
    if params["id"] is not None:
        found: dict[str, Any] | None = client.get(f"{endpoint}/{params['id']}")
        if found is None and params["state"] == "present":
            raise WantedError("id", f"the ticket has no note {params['id']}.", "NotFound")
        return [found] if found else []
    notes = listed(client, endpoint, params)
    if key:
        return [note for note in notes if key_of(note) == key]
    kinds = kinds_of(wanted) or ["internal"]
    return [note for note in notes if kinds_of(note) == kinds and same_text(note.get("text"), wanted.get("text", ""))]


def _add(client: ConnectWiseClient, endpoint: str, params: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    try:
        added: dict[str, Any] = client.post(endpoint, wanted)
    except ConnectWiseNotFoundError as error:
        raise no_ticket(params, error) from error
    return added


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

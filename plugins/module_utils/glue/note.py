# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket_note."""

from __future__ import annotations

from typing import Any

from ..connectwise import ConnectWiseClient, ConnectWiseNotFoundError, Note
from ..resources.facts import facts
from ..resources.fields import WantedError, quoted, same, same_text, shown
from ..resources.note import KINDS, NOTE, key_of, kind_flags, kinds_of, with_key
from ..resources.planning import new_record, plan, wanted_state, with_changes
from . import of_ticket
from .arguments import RECORD_TYPE, field_options
from .finding import checked_key, kind_of_ticket
from .lookup import Lookup
from .records import needed

# As the documentation fragments of_ticket and note describe them.
OPTIONS: dict[str, dict[str, Any]] = {
    **of_ticket.OPTIONS,
    **RECORD_TYPE,
    **field_options(NOTE),
    "text_file": {"type": "path"},
    "kind": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "id": {"type": "int", "aliases": ["note_id"]},
    "key": {"type": "str", "no_log": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
CONSTRAINTS: dict[str, Any] = {
    **of_ticket.CONSTRAINTS,
    "required_one_of": [("ticket_id", "ticket_key"), ("id", "key", "text", "text_file")],
    "mutually_exclusive": [
        *of_ticket.CONSTRAINTS["mutually_exclusive"],
        ("text", "text_file"),
        ("member", "contact"),
    ],
}


class Known:
    """What is read once for all notes of a run: tickets by their keys, the notes of each, names that were looked up.

    Args:
        client: asked with GET only.
        check_mode: whether tickets need not be there yet.
    """

    def __init__(self, client: ConnectWiseClient, check_mode: bool) -> None:
        self.lookup = Lookup(client)
        self._client = client
        self._check_mode = check_mode
        self._tickets: dict[tuple[Any, ...], tuple[int, dict[str, Any] | None]] = {}
        self._notes: dict[str, list[dict[str, Any]]] = {}

    def ticket(self, params: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        """As :func:`.of_ticket.ticket_of`."""
        named = tuple(params[name] for name in ("record_type", *of_ticket.OPTIONS))
        if named in self._tickets:
            return self._tickets[named]
        found = of_ticket.ticket_of(self._client, params, self._check_mode)
        if found[0]:
            self._tickets[named] = found
        return found

    def notes(self, endpoint: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        """All notes of a ticket, a list that the run keeps as it would be.

        Raises:
            WantedError: there is no such ticket.
        """
        if endpoint not in self._notes:
            self._notes[endpoint] = of_ticket.listed(self._client, endpoint, params)
        return self._notes[endpoint]

    def note(self, endpoint: str, note_id: int) -> dict[str, Any] | None:
        """One note of a ticket; None where there is none."""
        if endpoint in self._notes:
            return next((note for note in self._notes[endpoint] if str(note.get("id")) == str(note_id)), None)
        found: dict[str, Any] | None = self._client.get(f"{endpoint}/{note_id}")
        return found

    def replace(self, endpoint: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Take over that a note was written (``before`` None), changed, or deleted (``after`` None)."""
        if endpoint in self._notes:
            others = [note for note in self._notes[endpoint] if before is None or note is not before]
            self._notes[endpoint] = others + ([after] if after else [])


def run_note(
    client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, known: Known | None = None
) -> dict[str, Any]:
    """Bring a note of a ticket to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.
        known: what the runs before it have read and written.

    Returns:
        The result: ``changed``, ``operation``, ``note`` (facts), ``url`` of the ticket, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    return _Run(client, params, check_mode, known or Known(client, check_mode)).run()


class _Run:
    """The steps of one run, and what they share."""

    def __init__(self, client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, known: Known) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.known = known
        self.key = checked_key("key", params["key"])
        if self.key and "]" in self.key:
            raise WantedError("key", "the key of a note may hold neither a line break nor ']'.")
        if params["kind"] == []:
            raise WantedError("kind", f"give at least one of {', '.join(KINDS)}.")
        text = _text(params)
        by_text = params["id"] is None and not (self.key and params["state"] == "absent")
        needed = by_text or (text is not None and params["state"] == "present")
        if needed and not (text or "").strip():
            raise WantedError("text_file" if params["text_file"] else "text", "a note needs a text.", "MissingOption")
        self.wanted = wanted_state(NOTE, {**params, "text": text})
        if text is not None:
            self.wanted["text"] = with_key(self.wanted["text"], self.key)
        if params["kind"]:
            self.wanted.update(kind_flags(params["kind"]))
        self.ticket_id, self.ticket = known.ticket(params)
        self.endpoint = f"{kind_of_ticket(params).endpoint}/{self.ticket_id}/notes"

    def run(self) -> dict[str, Any]:
        """Find the note, and write, change or delete it."""
        if self.check_mode and self.params["id"] == 0:
            # What an earlier task of this run would have written.
            found: list[dict[str, Any]] = [{"id": 0, "ticketId": self.ticket_id}]
        else:
            found = self._find() if self.ticket_id else []
        before = found[0] if found else None
        if self.params["state"] == "absent":
            # All that match, so that none is left to the next run.
            gone = [note for note in found if self.check_mode or self.client.delete(self.endpoint, note["id"])]
            for note in gone:
                self.known.replace(self.endpoint, note, None)
            return self._result("deleted" if gone else "unchanged", before, before, None)
        if before is None:
            self.wanted = {**kind_flags(["internal"]), **self.wanted}
        elif "text" in self.wanted and same_text(before.get("text"), self.wanted["text"]):
            self.wanted["text"] = before["text"]  # only what servers rewrite is different
        self._look_up(before or {})
        if before and not plan(NOTE, before, self.wanted).changed:
            return self._result("unchanged", before, before, before)
        after = self._change(before) if before else self._create()
        self.known.replace(self.endpoint, before, after)
        return self._result("updated" if before else "created", after, before, after)

    def _find(self) -> list[dict[str, Any]]:
        """The notes as they are: by id, by key, or by text and kinds; none where there are none."""
        if self.params["id"] is not None:
            found = self.known.note(self.endpoint, self.params["id"])
            if found is None and self.params["state"] == "present":
                raise WantedError("id", f"the ticket has no note {self.params['id']}.", "NotFound")
            return [found] if found else []
        notes = self.known.notes(self.endpoint, self.params)
        if self.key:
            return [note for note in notes if key_of(note) == self.key]
        kinds, text = kinds_of(self.wanted) or ["internal"], self.wanted.get("text", "")
        return [note for note in notes if kinds_of(note) == kinds and same_text(note.get("text"), text)]

    def _look_up(self, before: dict[str, Any]) -> None:
        """Put the author's id in place of a name."""
        asked = needed(self.check_mode)
        contact = self.wanted.get("contact")
        if contact and "id" not in contact and self.ticket is None and self.ticket_id:
            self.ticket = self.client.get(self.endpoint.rpartition("/")[0])
        scope = {"company": (self.ticket or {}).get("company")}
        self.wanted = self.known.lookup.resolved(
            NOTE, self.wanted, scope, lambda row, value: asked(row, value) and not same(row, before, value)
        )

    def _create(self) -> dict[str, Any]:
        if self.check_mode:
            return {"id": 0, "ticketId": self.ticket_id, **self.wanted}
        try:
            return self._kept(self.client.post(self.endpoint, new_record(NOTE, self.wanted), member="id"))
        except ConnectWiseNotFoundError as error:
            raise of_ticket.no_ticket(self.params, error) from error

    def _change(self, before: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode:
            return with_changes(NOTE, before, self.wanted)
        return self._kept(self.client.patch(self.endpoint, before["id"], plan(NOTE, before, self.wanted).operations))

    def _kept(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The note as ConnectWise answered, if it is the one that was asked for.

        Raises:
            WantedError: something else was kept, so that the next run would not know the note again.
        """
        asked = dict(self.wanted)
        if "text" in asked and same_text(answer.get("text"), asked["text"]):
            del asked["text"]
        for row in plan(NOTE, answer, asked).changed:
            kept, wanted = (kinds_of(each) if row.via else shown(row, each) for each in (answer, self.wanted))
            raise WantedError(
                row.place,
                f"ConnectWise answered that the note was written, but kept {quoted(kept)} where {quoted(wanted)} was "
                f"asked (note {answer.get('id')}).",
                "NotKept",
            )
        return answer

    def _result(
        self,
        operation: str,
        note: dict[str, Any] | None,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> dict[str, Any]:
        rows = [row for row in NOTE if row.name in self.wanted and not row.via and not row.unread]
        sides = [
            {"text": item.get("text"), "kind": kinds_of(item), **{row.label: shown(row, item) for row in rows}}
            if item
            else {}
            for item in (before, after)
        ]
        names = [name for name in {**sides[0], **sides[1]} if sides[0].get(name) != sides[1].get(name)]
        return {
            "changed": operation != "unchanged",
            "operation": operation,
            "note": {**facts(Note.from_dict(note)), "key": key_of(note), "kind": kinds_of(note)} if note else None,
            "url": self.client.get_ticket_url(self.ticket_id) if self.ticket_id else None,
            "diff": dict(
                zip(("before", "after"), ({name: side[name] for name in names if name in side} for side in sides))
            ),
        }


def _text(params: dict[str, Any]) -> str | None:
    """The text, out of its file where one is given; None where there is none.

    Raises:
        WantedError: the file can't be read.
    """
    path = params["text_file"]
    if path is None:
        text: str | None = params["text"]
        return text
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return file.read()
    except OSError as error:
        raise WantedError("text_file", f"{path!r} can't be read: {error.strerror}.", "NotFound") from error
    except UnicodeDecodeError as error:
        raise WantedError("text_file", f"{path!r} holds bytes that are not UTF-8.") from error

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from datetime import datetime, timezone
from functools import reduce
from operator import and_
from typing import Any

from ..connectwise import Condition, ConnectWiseAPIError, ConnectWiseClient, ConnectWisePermissionError, Ticket
from ..connectwise.models import parse_datetime
from ..resources.facts import facts
from ..resources.fields import (
    CUSTOM_FIELDS,
    DAY,
    REFERENCE,
    TEXT,
    Field,
    WantedError,
    by_name,
    duration,
    find_custom_field,
    normalised,
    quoted,
    same,
    same_text,
    value_kind,
)
from ..resources.note import kind_flags
from ..resources.planning import difference, wanted_state
from ..resources.references import STATUS
from ..resources.ticket import PROJECT_TICKET, TICKET, TICKET_KINDS
from .arguments import RECORD_TYPE, field_options
from .attached import Attached, described_ticket, is_id, tickets_named, to_attach
from .finding import checked_id, checked_key, chosen, find_by_key, keyless, kind_of_ticket, no_such_ticket
from .lookup import MOST_CANDIDATES, Lookup, candidates, closes, is_inactive
from .records import creating, has_to_be_looked_up, updating, written

# As the documentation fragment ticket describes them.
OPTIONS: dict[str, dict[str, Any]] = {
    **field_options(PROJECT_TICKET),
    **field_options(TICKET),
    **RECORD_TYPE,
    "id": {"type": "int", "aliases": ["ticket_id"]},
    "key": {"type": "str", "no_log": False},
    "key_field": {"type": "str", "no_log": False},
    "match": {"type": "list", "elements": "str"},
    "state": {"type": "str", "choices": ["present", "closed", "absent"], "default": "present"},
    "when_closed": {"type": "str", "choices": ["leave", "reopen", "create"], "default": "leave"},
    "reopen_within": {"type": "str"},
    "expected_status": {"type": "str"},
    "configurations": {"type": "list", "elements": "str"},
    "configurations_mode": {"type": "str", "choices": ["add", "exact"], "default": "add"},
    "parent": {"type": "str"},  # an id or a key
    "children": {"type": "list", "elements": "str"},
    "resolution": {"type": "str"},
    "fields": {"type": "dict"},
}
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("id", "key", "match", "summary")],
    "required_by": {"key_field": "key"},
    "mutually_exclusive": [("id", "match"), ("key", "match")],
}
_STATUS = by_name(TICKET, "status")
_EXPECTED = Field("status", REFERENCE, "expected_status", STATUS, required=True)


def run_ticket(
    client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, lookup: Lookup | None = None
) -> dict[str, Any]:
    """Bring a ticket to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.
        lookup: what other runs have looked up already.

    Returns:
        The result: ``changed``, ``operation``, ``ticket`` (facts), ``url``, ``diff``; ``msg`` if there is more to say.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    run = _Run(client, params, check_mode, lookup or Lookup(client))
    before = run.find()
    if params["state"] == "absent":
        return run.remove(before)
    by_key = params["key"] and params["id"] is None
    if before and before.get("closedFlag") and by_key and params["state"] == "present":
        if params["when_closed"] == "leave":
            return run.result(
                "unchanged", before, msg="The ticket is closed and was left as it is (when_closed: leave)."
            )
        if params["when_closed"] == "create" or run.closed_too_long_ago(before):
            return run.create(before)
        if "status" not in run.wanted:
            run.wanted["status"] = run.opening_status(before)
    return run.change(before) if before else run.create(None)


class _Run:
    """The steps of one run, and what they share."""

    def __init__(self, client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, lookup: Lookup) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.lookup = lookup
        self.kind = kind_of_ticket(params)
        self.closing = params["state"] == "closed"
        self.key = checked_key("key", params["key"])
        # The parent may be named by a key, and is found when it is needed.
        options = {**params, "key": self.key, "parent": None}
        if self.key:
            keyless("key", self.kind, params["key_field"])
        if self.key and params["key_field"]:
            options["key"] = None
            options["custom_fields"] = {**(params["custom_fields"] or {}), params["key_field"]: self.key}
        self._check({**options, "parent": params["parent"]})
        self.wanted = wanted_state(self.kind.table, options, params["fields"])
        self.reopen_within = duration("reopen_within", params["reopen_within"]) if params["reopen_within"] else None
        self.expected = normalised(_EXPECTED, params["expected_status"]) if params["expected_status"] else None

    def _check(self, options: dict[str, Any]) -> None:
        """Refuse options that do not go together."""
        for row in (row for kind in TICKET_KINDS.values() for row in kind.table):
            if row.option and options[row.option] is not None and row not in self.kind.table:
                raise WantedError(row.option, f"{self.kind.name} tickets have no such field.")
        if self.params["resolution"] and not self.closing:
            raise WantedError("resolution", "it is written when a ticket is closed: give state: closed with it.")
        if self.params["reopen_within"] and self.params["when_closed"] != "reopen":
            raise WantedError("reopen_within", "it counts with when_closed: reopen only. Give that too.")
        if options["parent"] is not None and "parentTicketId" in (self.params["fields"] or {}):
            raise WantedError("fields", "parentTicketId is given as the option parent already.")

    # Which ticket

    def find(self) -> dict[str, Any] | None:
        """The ticket as it is; None where there is none."""
        if self.params["id"] is not None:
            return self._find_by_id(self.params["id"])
        if self.key:
            return chosen(self._with_key())
        return self._find_by_match()

    def _with_key(self) -> list[dict[str, Any]]:
        return find_by_key(self.client, str(self.key), self.params["key_field"], self.kind.endpoint)

    def _find_by_id(self, ticket_id: int) -> dict[str, Any] | None:
        if checked_id("id", ticket_id, self.check_mode) == 0:
            return {"id": 0}  # what an earlier task of this run would have created
        found: dict[str, Any] | None = self.client.get(f"{self.kind.endpoint}/{ticket_id}")
        if found is None and self.params["state"] != "absent":
            raise no_such_ticket("id", self.kind.name, ticket_id)
        return found

    def _find_by_match(self) -> dict[str, Any] | None:
        default = [name for name in ("company", "board", "summary") if self.params[name] is not None]
        options = {name.strip() for name in self.params["match"] or default}
        given = [row for row in self.kind.table if row.name in self.wanted]
        fit = [row for row in given if row.kind != CUSTOM_FIELDS and not row.create_only and not row.unread]
        rows = [row for row in fit if row.option in options]
        if len(rows) < len(options) or not rows:
            unfit = ", ".join(sorted(options - {row.option for row in rows})) or "nothing"
            raise WantedError("match", f"{unfit}: give options of this task by which tickets differ, such as summary.")
        names = [row.name for row in rows]
        self.wanted = self.lookup.resolved(
            self.kind.table, self.wanted, {}, lambda row, value: row.name in names and has_to_be_looked_up(row, value)
        )
        conditions = [_condition(row, self.wanted[row.name]) for row in rows]
        if not self.closing:
            conditions.append(Condition("closedFlag", "=", False))
        found = self.client.get_all(self.kind.endpoint, reduce(and_, conditions))
        found = [ticket for ticket in found if all(same(row, ticket, self.wanted[row.name]) for row in rows)]
        still_open = [ticket for ticket in found if not ticket.get("closedFlag")]
        if len(still_open) > 1:
            texts = ", ".join(described_ticket(ticket) for ticket in still_open[:MOST_CANDIDATES])
            raise WantedError(
                "match", f"{len(still_open)} open tickets match: {texts}. Give the id, or work with a key.", "Ambiguous"
            )
        return chosen(found)

    # What is done with it

    def remove(self, before: dict[str, Any] | None) -> dict[str, Any]:
        """Delete the ticket, if there is one; by its key, all that have it, so that none is left to the next run."""
        found = [before] if before else []
        if before and self.key and self.params["id"] is None:
            found = self._with_key()
        unexpected = self._unexpected(before)
        if found and unexpected:
            raise unexpected
        gone = [ticket for ticket in found if self.check_mode or self.client.delete(self.kind.endpoint, ticket["id"])]
        if not gone:
            return self.result("unchanged", before)
        texts = [described_ticket(ticket) for ticket in gone]
        return self.result("deleted", before, {"before": {"tickets": texts}, "after": {"tickets": []}})

    def create(self, found: dict[str, Any] | None) -> dict[str, Any]:
        """Open a ticket; where it is to be closed, close it then. ``found`` is a closed one that stays as it is."""
        missing = [name for name in self.kind.needed if not self.wanted.get(name)]
        if missing and self.check_mode and self.key:
            # What an earlier task of this run would have created.
            known = {} if self.params["key_field"] else {"externalXRef": self.key}
            return self.change({"id": 0, **known})
        if missing:
            none = f"no ticket has the key {quoted(self.key)}" if self.key else "no open ticket matches"
            option = "key" if self.key else missing[0]
            raise WantedError(option, f"{none}, and to open one {' and '.join(missing)} must be given.", "NotFound")
        unexpected = self._unexpected(found)
        if unexpected:
            raise unexpected
        self._set_parent({})
        opening = {name: value for name, value in self.wanted.items() if name != "status" or not self.closing}
        attached = self._to_attach({})
        definitions = self._custom_fields() if "customFields" in opening else []
        table, endpoint = self.kind.table, self.kind.endpoint
        if self.params["key_field"]:
            _check_key_field(definitions, self.params["key_field"])
        ticket = written(self.client, creating(self.lookup, table, endpoint, opening, definitions, self.check_mode))
        if self.key and not self.check_mode:
            ticket = self._with_its_key(ticket)
            earlier = self._earlier_with_key(ticket)
            if earlier:
                return self.change(earlier)
        attached_diff: dict[str, dict[str, Any]] = {"before": {}, "after": {}}
        with_children = attached.write(ticket, attached_diff, self.check_mode)
        if not self.check_mode:
            ticket = written(self.client, updating(self.lookup, table, endpoint, with_children, opening, False))[0]
        elif "status" in opening:
            ticket["closedFlag"] = self._closes(ticket)
        diff = difference([by_name(table, name) for name in opening], {}, ticket, opening)
        if self.closing:
            last = {name: self.wanted[name] for name in self.wanted if name == "status" or by_name(table, name).unread}
            ticket, closing_diff = self._bring(ticket, last)
            diff["after"].update(closing_diff["after"])
        diff["after"].update(attached_diff["after"])
        return self.result("created", ticket, diff)

    def change(self, before: dict[str, Any]) -> dict[str, Any]:
        """Change what is not as wanted."""
        unexpected = self._unexpected(before)
        if unexpected and self._in_check_mode().change(before)["changed"]:
            raise unexpected
        if not before["id"] and "customFields" in self.wanted:
            before = {**before, "customFields": self._custom_fields()}
        self._set_parent(before)
        attached = self._to_attach(before)
        after, diff = self._bring(before, self.wanted)
        after = attached.write(after, diff, self.check_mode)
        if bool(before.get("closedFlag")) != bool(after.get("closedFlag")):
            operation = "closed" if after.get("closedFlag") else "reopened"
        else:
            operation = "unchanged" if diff == {"before": {}, "after": {}} else "updated"
        return self.result(operation, after, diff)

    def _bring(self, before: dict[str, Any], wanted: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The ticket as wanted (in check mode: as it would be), and the difference."""
        closes_now = self.closing and not before.get("closedFlag")
        if closes_now or (self.closing and "status" in wanted and not same(_STATUS, before, wanted["status"])):
            status = self._closing_status(before, wanted)
            wanted = (
                {**wanted, "status": status} if status else {name: wanted[name] for name in wanted if name != "status"}
            )
        resolution = self._write_resolution(before) if closes_now else False
        table, endpoint = self.kind.table, self.kind.endpoint
        after, changed, wanted = written(
            self.client, updating(self.lookup, table, endpoint, before, wanted, self.check_mode)
        )
        if self.check_mode and (closes_now or "status" in [row.name for row in changed]):
            after = {**after, "closedFlag": self.closing or self._closes(after)}
        diff = difference(changed, before, after, wanted)
        if resolution:
            diff["after"]["resolution"] = self.params["resolution"]
        return after, diff

    # Whether it is done

    def _unexpected(self, found: dict[str, Any] | None) -> WantedError | None:
        """The sentence for a ticket that is not in the status in which it was expected; None where it is.

        What an earlier task of this run would have created has no status in check mode.
        """
        if self.expected is None or (found and (not found["id"] or same(_STATUS, found, self.expected))):
            return None
        expected = self.params["expected_status"]
        if found is None:
            if self.check_mode and self.key:
                return None
            return WantedError("expected_status", f"there is no ticket, so none in {quoted(expected)}.", "Unexpected")
        status = found.get("status") or {}
        return WantedError(
            "expected_status",
            f"the ticket {found['id']} is in the status {quoted(status.get('name'))} (id {status.get('id')}), not in "
            f"{quoted(expected)}: somebody changed it meanwhile. Nothing was written.",
            "Unexpected",
        )

    def _in_check_mode(self) -> _Run:
        """The same run, which only tells what it would do."""
        planned = copy(self)
        planned.check_mode, planned.expected = True, None
        return planned

    def closed_too_long_ago(self, ticket: dict[str, Any]) -> bool:
        """Whether a closed ticket is not to be opened again, but a new one in its place."""
        closed = parse_datetime(ticket.get("closedDate"))
        if self.reopen_within is None or closed is None:
            return False
        return datetime.now(timezone.utc) - closed > self.reopen_within

    # Statuses

    def opening_status(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """The status of a ticket that is opened again: the board's default, else its first one that is open."""
        statuses = [item for item in self._statuses(ticket, self.wanted) if not closes(item) and not is_inactive(item)]
        if not statuses:
            raise WantedError("status", "the board has no status that opens a ticket. Give one.", "NotFound")
        status = min(statuses, key=lambda item: (not item.get("defaultFlag"), item.get("sortOrder") or 0, item["id"]))
        return {"id": status["id"], "name": status["name"]}

    def _closing_status(self, ticket: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """The wanted status, or else the board's one called Closed, or else its first one that closes tickets.

        Empty where the board is not known: in check mode, of a ticket that is not there yet.
        """
        statuses = self._statuses(ticket, wanted)
        closing = [status for status in statuses if closes(status)]
        in_use = [status for status in closing if not is_inactive(status)]
        if "status" in wanted:
            scope = {"board": wanted.get("board") or ticket.get("board")}
            status = self.lookup.find(_STATUS, wanted["status"], scope)
            if statuses and status["id"] not in [item["id"] for item in closing]:
                names = candidates(in_use, STATUS) or "none"
                raise WantedError(
                    "status", f"{status['name']!r} does not close a ticket. On this board these do: {names}."
                )
            return status
        if not statuses:
            return {}
        if not in_use:
            raise WantedError("state", "the board has no status that closes a ticket.", "NotFound")
        first = min(
            in_use,
            key=lambda item: (item["name"].strip("> ").casefold() != "closed", item.get("sortOrder") or 0, item["id"]),
        )
        return {"id": first["id"], "name": first["name"]}

    def _statuses(self, ticket: dict[str, Any], wanted: dict[str, Any]) -> list[dict[str, Any]]:
        """The statuses of the board that the ticket will be on; empty where it is not known."""
        return self.lookup.all_of(STATUS, {"board": wanted.get("board") or ticket.get("board")})

    def _closes(self, ticket: dict[str, Any]) -> bool:
        status = (ticket.get("status") or {}).get("id")
        return any(item["id"] == status and closes(item) for item in self._statuses(ticket, {}))

    # What hangs on a ticket

    def _write_resolution(self, ticket: dict[str, Any]) -> bool:
        """Write the resolution as a note, unless an earlier run that did not come to its end has. Goes before the
        closing itself, for boards may ask for a resolution first."""
        text = self.params["resolution"] or ""
        if not text.strip():
            return False
        endpoint = f"{self.kind.endpoint}/{ticket['id']}/notes"
        if ticket["id"] and any(
            note.get("resolutionFlag") and same_text(note.get("text"), text) for note in self.client.iterate(endpoint)
        ):
            return False
        if not self.check_mode:
            mail = {name: self.wanted[name] for name in ("processNotifications",) if name in self.wanted}
            self.client.post(endpoint, {"text": text, **kind_flags(["resolution"]), **mail})
        return True

    def _set_parent(self, ticket: dict[str, Any]) -> None:
        """Put the parent into the wanted state, by its id. In check mode, which has to find out what the server would
        say, it is looked up."""
        if self.params["parent"] is None:
            return
        text = self.params["parent"].strip()
        known = is_id(text) and (not self.check_mode or text == str(ticket.get("parentTicketId")))
        if text == "":
            parent: int | str = ""
        elif known:
            parent = checked_id("parent", int(text), self.check_mode)
        else:
            parent = tickets_named(self.client, "parent", [text], self.check_mode)[0]["id"]
        if parent and str(parent) == str(ticket.get("id")):
            raise WantedError("parent", f"the ticket {parent} can't be its own parent.")
        self.wanted["parentTicketId"] = parent

    def _to_attach(self, ticket: dict[str, Any]) -> Attached:
        company = self.wanted.get("company") or ticket.get("company")
        return to_attach(self.client, self.lookup, self.kind, self.params, ticket, company, self.check_mode)

    def _custom_fields(self) -> list[dict[str, Any]]:
        return self.lookup.ticket_fields(self.kind.endpoint, self.wanted["customFields"])

    def _with_its_key(self, created: dict[str, Any]) -> dict[str, Any]:
        """The new ticket with its key, which a server may take on change only; without it where that fails too."""
        name = "customFields" if self.params["key_field"] else "externalXRef"
        wanted = {name: self.wanted[name]}
        with suppress(WantedError, ConnectWiseAPIError):
            return written(
                self.client, updating(self.lookup, self.kind.table, self.kind.endpoint, created, wanted, False)
            )[0]
        return created

    def _earlier_with_key(self, created: dict[str, Any]) -> dict[str, Any] | None:
        """After creating with a key, look again: of two runs at the same moment, the lower id stays.

        Returns the ticket that stays where it is another one; ``created`` is gone then.
        """
        found = self._with_key()
        number = int(created["id"])
        earlier = [ticket for ticket in found if not ticket.get("closedFlag") and int(ticket["id"]) < number]
        if earlier:
            try:
                self.client.delete(self.kind.endpoint, number)
            except ConnectWisePermissionError:
                closed = {"op": "replace", "path": "status/id", "value": self._closing_status(created, {})["id"]}
                self.client.patch(self.kind.endpoint, number, [closed])
        elif number not in [int(ticket["id"]) for ticket in found]:
            self.client.delete(self.kind.endpoint, number)
            raise WantedError(
                "key_field" if self.params["key_field"] else "key",
                f"ConnectWise does not find the new ticket {number} by its key, so every run would open another; "
                "it was deleted again.",
                "NotFound",
            )
        return chosen(earlier)

    def result(
        self, operation: str, ticket: dict[str, Any] | None, diff: dict[str, Any] | None = None, msg: str = ""
    ) -> dict[str, Any]:
        """What the module returns."""
        return {
            "changed": operation != "unchanged",
            "operation": operation,
            "ticket": facts(Ticket.from_dict(ticket)) if ticket else None,
            "url": self.client.get_ticket_url(ticket["id"]) if ticket and ticket.get("id") else None,
            "diff": diff or {"before": {}, "after": {}},
            **({"msg": msg} if msg else {}),
        }


def _check_key_field(entries: list[dict[str, Any]], caption: str) -> None:
    """Raise WantedError where there is no such custom field, or it is none for texts, in which no key is found."""
    entry = find_custom_field(Field("customFields", CUSTOM_FIELDS, "key_field"), entries, caption.strip())
    if value_kind(entry) != TEXT:
        raise WantedError("key_field", f"{caption!r} is of the type {entry.get('type')}; a key needs one for texts.")


def _condition(row: Field, value: Any) -> Condition:
    """The condition that finds at least the tickets whose field has the wanted value."""
    if value == "":
        return Condition(f"{row.name}/id" if row.kind == REFERENCE else row.name, "=", None)
    if row.kind == REFERENCE:
        member = "id" if "id" in value else "name"
        return Condition(f"{row.name}/{member}", "=", value[member])
    if row.kind == DAY:
        return Condition(row.name, "=", datetime.fromisoformat(value.replace("Z", "+00:00")))
    return Condition(row.name, "=", value)

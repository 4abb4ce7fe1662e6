# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ticket."""

from __future__ import annotations

import re
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from ..connectwise import Condition, ConnectWiseBadRequestError, ConnectWiseClient, ConnectWisePermissionError, Ticket
from ..resources.facts import facts
from ..resources.fields import (
    CUSTOM_FIELDS,
    DAY,
    REFERENCE,
    Field,
    WantedError,
    by_name,
    find_custom_field,
    normalised,
    same,
)
from ..resources.note import kind_flags, same_text
from ..resources.planning import difference, wanted_state
from ..resources.references import CONFIGURATION, STATUS
from ..resources.ticket import TICKET
from .lookup import MOST_CANDIDATES, Lookup, candidates, closes, is_inactive
from .records import create, custom_field_definitions, has_to_be_looked_up, update

TICKETS = "service/tickets"
_CONFIGURATIONS = Field("configurations", REFERENCE, "configurations", CONFIGURATION, required=True)
_STATUS = by_name(TICKET, "status")


def run_ticket(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a ticket to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``ticket`` (facts), ``url``, ``diff``; ``msg`` if there is more to say.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    run = _Run(client, params, check_mode)
    before = run.find()
    if params["state"] == "absent":
        return run.remove(before)
    by_key = params["key"] and params["id"] is None
    if before and before.get("closedFlag") and by_key and params["state"] == "present":
        if params["when_closed"] == "leave":
            return run.result(
                "unchanged", before, msg="The ticket is closed and was left as it is (when_closed: leave)."
            )
        if params["when_closed"] == "create":
            before = None
        elif "status" not in run.wanted:
            run.wanted["status"] = run.opening_status(before)
    return run.create() if before is None else run.change(before)


class _Run:
    """The steps of one run, and what they share."""

    def __init__(self, client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.lookup = Lookup(client)
        self.closing = params["state"] == "closed"
        self.key = checked_key("key", params["key"])
        options = {**params, "key": self.key}
        if self.key and params["key_field"]:
            options["key"] = None
            options["custom_fields"] = {**(params["custom_fields"] or {}), params["key_field"]: self.key}
        self.wanted = wanted_state(TICKET, options, params["fields"])
        if params["resolution"] and not self.closing:
            raise WantedError("resolution", "it is written when a ticket is closed: give state: closed with it.")

    # Which ticket

    def find(self) -> dict[str, Any] | None:
        """The ticket as it is; None where there is none."""
        if self.params["id"] is not None:
            return self._find_by_id(self.params["id"])
        if self.key:
            return chosen(find_by_key(self.client, self.key, self.params["key_field"]))
        return self._find_by_match()

    def _find_by_id(self, ticket_id: int) -> dict[str, Any] | None:
        if ticket_id == 0 and self.check_mode:
            return {"id": 0}  # what an earlier task of this run would have created
        if ticket_id <= 0:
            raise WantedError(
                "id", f"{ticket_id} is no id of a ticket; 0 is what a ticket has that check mode did not create."
            )
        found: dict[str, Any] | None = self.client.get(f"{TICKETS}/{ticket_id}")
        if found is None and self.params["state"] != "absent":
            raise WantedError(
                "id",
                f"there is no service ticket {ticket_id}. (A project ticket is another kind of record.)",
                "NotFound",
            )
        return found

    def _find_by_match(self) -> dict[str, Any] | None:
        options = self.params["match"] or [
            name for name in ("company", "board", "summary") if self.params[name] is not None
        ]
        fit = [row for row in TICKET if row.name in self.wanted and row.kind != CUSTOM_FIELDS and not row.create_only]
        rows = [row for row in fit if row.option in options]
        if len(rows) < len(options) or not rows:
            unfit = ", ".join(sorted(set(options) - {row.option for row in rows})) or "nothing"
            raise WantedError("match", f"{unfit}: give options of this task by which tickets differ, such as summary.")
        names = [row.name for row in rows]
        self.wanted = self.lookup.resolved(
            TICKET, self.wanted, {}, lambda row, value: row.name in names and has_to_be_looked_up(row, value)
        )
        conditions = [_condition(row, self.wanted[row.name]) for row in rows]
        if not self.closing:
            conditions.append(Condition("closedFlag", "=", False))
        found = self.client.get_all(TICKETS, reduce(and_, conditions))
        found = [ticket for ticket in found if all(same(row, ticket, self.wanted[row.name]) for row in rows)]
        still_open = [ticket for ticket in found if not ticket.get("closedFlag")]
        if len(still_open) > 1:
            texts = ", ".join(f"{ticket.get('summary')} (id {ticket['id']})" for ticket in still_open[:MOST_CANDIDATES])
            raise WantedError(
                "match", f"{len(still_open)} open tickets match: {texts}. Give the id, or work with a key.", "Ambiguous"
            )
        return chosen(found)

    # What is done with it

    def remove(self, before: dict[str, Any] | None) -> dict[str, Any]:
        """Delete the ticket, if there is one; by its key, all that have it, so that none is left to the next run."""
        found = [before] if before else []
        if before and self.key and self.params["id"] is None:
            found = find_by_key(self.client, self.key, self.params["key_field"])
        gone = [ticket for ticket in found if self.check_mode or self.client.delete(TICKETS, ticket["id"])]
        if not gone:
            return self.result("unchanged", before)
        texts = [f"{ticket.get('summary')} (id {ticket['id']})" for ticket in gone]
        return self.result("deleted", before, {"before": {"tickets": texts}, "after": {"tickets": []}})

    def create(self) -> dict[str, Any]:
        """Open a ticket; where it is to be closed, close it then."""
        missing = [name for name in ("summary", "company") if not self.wanted.get(name)]
        if missing and self.check_mode and self.key:
            # What an earlier task of this run would have created.
            known = {} if self.params["key_field"] else {"externalXRef": self.key}
            return self.change({"id": 0, **known})
        if missing:
            found = f"no ticket has the key {self.key!r}" if self.key else "no open ticket matches"
            option = "key" if self.key else missing[0]
            raise WantedError(option, f"{found}, and to open one {' and '.join(missing)} must be given.", "NotFound")
        opening = {name: value for name, value in self.wanted.items() if name != "status" or not self.closing}
        configurations = self._to_attach({})
        definitions = self._custom_field_definitions() if "customFields" in opening else []
        ticket = create(self.client, self.lookup, TICKET, TICKETS, opening, definitions, self.check_mode)
        earlier = self._earlier_with_key(ticket)
        if earlier:
            return self.change(earlier)
        attached: dict[str, Any] = {"after": {}}
        self._attach(ticket, configurations, attached)
        if not self.check_mode:
            ticket = update(self.client, self.lookup, TICKET, TICKETS, ticket, opening, False)[0]
        elif "status" in opening:
            ticket["closedFlag"] = self._closes(ticket)
        diff = difference([by_name(TICKET, name) for name in opening], {}, ticket, opening)
        if self.closing:
            ticket, closing_diff = self._bring(
                ticket, {name: self.wanted[name] for name in ("status",) if name in self.wanted}
            )
            diff["after"].update(closing_diff["after"])
        diff["after"].update(attached["after"])
        return self.result("created", ticket, diff)

    def change(self, before: dict[str, Any]) -> dict[str, Any]:
        """Change what is not as wanted."""
        if not before["id"] and "customFields" in self.wanted:
            before = {**before, "customFields": self._custom_field_definitions()}
        configurations = self._to_attach(before)
        after, diff = self._bring(before, self.wanted)
        self._attach(after, configurations, diff)
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
        after, changed, wanted = update(self.client, self.lookup, TICKET, TICKETS, before, wanted, self.check_mode)
        if self.check_mode and (closes_now or "status" in [row.name for row in changed]):
            after = {**after, "closedFlag": self.closing or self._closes(after)}
        diff = difference(changed, before, after, wanted)
        if resolution:
            diff["after"]["resolution"] = self.params["resolution"]
        return after, diff

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
        text = self.params["resolution"]
        if not text:
            return False
        endpoint = f"{TICKETS}/{ticket['id']}/notes"
        if ticket["id"] and any(
            note.get("resolutionFlag") and same_text(note.get("text"), text) for note in self.client.iterate(endpoint)
        ):
            return False
        if not self.check_mode:
            self.client.post(endpoint, {"text": text, **kind_flags(["resolution"])})
        return True

    def _to_attach(self, ticket: dict[str, Any]) -> list[dict[str, Any]]:
        """The wanted configurations that are not attached yet, looked up in the ticket's company."""
        if not self.params["configurations"]:
            return []
        attached = self.client.get_ticket_configurations(ticket["id"]) if ticket.get("id") else []
        ids = {configuration.id for configuration in attached}
        names = {str(configuration.attached_name).casefold() for configuration in attached}
        company = self.wanted.get("company") or ticket.get("company")
        found = []
        for value in self.params["configurations"]:
            wanted = normalised(_CONFIGURATIONS, value)
            if wanted.get("id") not in ids and wanted.get("name", "").casefold() not in names:
                found.append(self.lookup.find(_CONFIGURATIONS, wanted, {"company": company}))
        return list({item["id"]: item for item in found if item["id"] not in ids}.values())

    def _attach(self, ticket: dict[str, Any], configurations: list[dict[str, Any]], diff: dict[str, Any]) -> None:
        for configuration in configurations:
            if not self.check_mode:
                self._attach_one(ticket["id"], configuration["id"])
            diff["after"].setdefault("configurations", []).append(configuration.get("name") or configuration.get("id"))

    def _attach_one(self, ticket_id: int, configuration_id: int) -> None:
        try:
            self.client.attach_configuration(ticket_id, configuration_id)
        except ConnectWiseBadRequestError as error:
            # Another run may have attached it since this one looked.
            if configuration_id not in [item.id for item in self.client.get_ticket_configurations(ticket_id)]:
                raise WantedError("configurations", str(error), error.code or "") from error

    def _custom_field_definitions(self) -> list[dict[str, Any]]:
        """Custom fields as a ticket lists them, which any ticket does (fact sheet 7.11); else their definitions."""
        entries = custom_field_definitions(self.client, TICKETS)
        captions = {str(entry.get("caption")).strip().casefold() for entry in entries}
        if captions.issuperset(caption.casefold() for caption in self.wanted["customFields"]):
            return entries
        defined = self.client.get_all("system/userDefinedFields")
        return entries + [
            {"id": field["id"], "caption": field["caption"], "type": field.get("fieldTypeIdentifier")}
            for field in defined
            if str(field.get("caption")).strip().casefold() not in captions
            and re.search(
                "ticket|service", f"{field.get('screenDescription')} {field.get('podDescription')}", re.IGNORECASE
            )
        ]

    def _earlier_with_key(self, created: dict[str, Any]) -> dict[str, Any] | None:
        """After creating with a key, look again: of two runs at the same moment, the lower id stays.

        Returns the ticket that stays where it is another one; ``created`` is gone then.
        """
        if self.check_mode or not self.key:
            return None
        first = chosen(find_by_key(self.client, self.key, self.params["key_field"]))
        if first is None:
            self.client.delete(TICKETS, created["id"])
            raise WantedError(
                "key_field" if self.params["key_field"] else "key",
                f"ConnectWise does not find the new ticket {created['id']} by its key, so that every run would open "
                "another; it was deleted again.",
                "NotFound",
            )
        if first.get("closedFlag") or first["id"] >= created["id"]:
            return None
        try:
            self.client.delete(TICKETS, created["id"])
        except ConnectWisePermissionError:
            self.client.update_ticket_status(created["id"], self._closing_status(created, {})["id"])
        return first

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


def checked_key(option: str, key: str | None) -> str | None:
    """A key as it is stored: without blanks around it.

    Raises:
        WantedError: it is empty.
    """
    if key is not None and re.search(r"[\x00-\x1f\x7f]", key.strip()):
        raise WantedError(option, "it holds a line break or another control character.")
    if key is not None and not key.strip():
        raise WantedError(option, "it is empty. Give a text by which every run finds the same record.")
    return key.strip() if key is not None else None


def find_by_key(client: ConnectWiseClient, key: str, key_field: str | None) -> list[dict[str, Any]]:
    """All tickets with a key, which is in ``externalXRef``, or in the custom field of the caption ``key_field``."""
    if not key_field:
        found = client.get_all(TICKETS, Condition("externalXRef", "=", key))
        return [ticket for ticket in found if str(ticket.get("externalXRef")).strip() == key]
    condition = Condition("caption", "=", key_field.strip()) & Condition("value", "=", key)
    found = client.get_all(TICKETS, customfieldconditions=condition)
    return [ticket for ticket in found if _custom_value(ticket, key_field) == key]


def _custom_value(ticket: dict[str, Any], caption: str) -> str:
    try:
        entry = find_custom_field(by_name(TICKET, "customFields"), ticket.get("customFields"), caption.strip())
    except WantedError:
        return ""
    return str(entry.get("value")).strip()


def chosen(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Of several tickets with one key: the open one with the lowest id, else the closed one with the highest."""
    still_open = [ticket for ticket in found if not ticket.get("closedFlag")]
    if still_open:
        return min(still_open, key=lambda ticket: int(ticket["id"]))
    return max(found, key=lambda ticket: int(ticket["id"])) if found else None


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

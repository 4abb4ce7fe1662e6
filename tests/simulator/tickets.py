# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is below a ticket, of the service desk or of a project: attached configurations, lists, actions."""

from __future__ import annotations

from typing import Any

from . import records
from .answers import Answer, Answers, Call, Endpoints
from .conditions import Sql, columns_of_documents
from .errors import FieldError, invalid, no_endpoint, no_such_version, not_found, required
from .fields import PROJECT_TICKET, TICKET, TYPES, RecordType
from .lists import Query
from .reading import Reading
from .rules import NOTE_FLAGS
from .showing import Showing
from .store import Record
from .world import CALLER

# What conditions and orderBy may name in lists that are made for the answer; noteType is refused (fact 4.12).
_REFERENCE = columns_of_documents({"id": "integer"})
_ATTACHED = columns_of_documents({"id": "integer", "deviceIdentifier": "text"})
_ALL_NOTES = columns_of_documents(
    {
        "id": "integer",
        **dict.fromkeys(("text", "originalAuthor", "ticket/summary"), "text"),
        **dict.fromkeys(("member/identifier", "member/name", "contact/name", "_info/updatedBy"), "text"),
        **dict.fromkeys(("ticket/id", "member/id", "contact/id"), "integer"),
        **dict.fromkeys(("timeStart", "timeEnd", "_info/lastUpdated"), "datetime"),
        **dict.fromkeys((*NOTE_FLAGS, "isMarkdownFlag", "issueFlag"), "flag"),
        **dict.fromkeys(("bundledFlag", "mergedFlag", "createdByParentFlag"), "flag"),
    }
)
_SUB_LISTS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("timeentries", "timeEntry", {"ticket": 0}),
    ("scheduleentries", "scheduleEntry", {"objectId": 0, "type": 4}),
    ("documents", "document", {"_recordId": 0, "_recordType": "Ticket"}),
    ("activities", "", {}),
    ("products", "", {}),
)
"""Name of the list, type of its records, and what they have in common; 0 stands for the ticket's id."""


class Tickets:
    """The endpoints below service/tickets, or below project/tickets."""

    def __init__(self, answers: Answers, tickets: RecordType) -> None:
        """For tickets of one kind."""
        self.answers = answers
        self.world, self.store = answers.world, answers.world.store
        self.tickets = tickets
        self.notes = TYPES["note" if tickets is TICKET else "projectNote"]

    def endpoints(self) -> Endpoints:
        """All of them."""
        path = self.tickets.path
        found: Endpoints = {
            f"{path}/search": {"POST": self._search},
            f"{path}/{{id}}/configurations": {"GET": self._attached, "POST": self._attach},
            f"{path}/{{id}}/configurations/count": {"GET": self._attached_count},
            f"{path}/{{id}}/configurations/{{id}}": {"GET": self._attached_one, "DELETE": self._detach},
            f"{path}/{{id}}/allNotes": {"GET": self._all_notes},
            f"{path}/{{id}}/convert": {"POST": self._convert},
        }
        if self.tickets is TICKET:
            found[f"{path}/{{id}}/merge"] = {"POST": self._merge}
            found[f"{path}/{{id}}/attachChildren"] = {"POST": self._attach_children}
            found[f"{path}/{{id}}/copy"] = {"POST": self._copy}
        for name, of, common in _SUB_LISTS:
            found.update(self._references(f"{path}/{{id}}/{name}", of, common))
        return found

    def _ticket(self, ticket_id: int) -> Record:
        ticket = self.store.get(self.tickets, ticket_id)
        if ticket is None:
            raise not_found(self.tickets.label_as_parent, ticket_id)
        return ticket

    def _search(self, call: Call, ids: list[int]) -> Answer:
        """POST search: conditions in the body, paging and fields in the query (fact 3.7)."""
        names = ("conditions", "orderBy", "childconditions", "customfieldconditions")
        sent = self.answers.sent(call, "FilterValues", *names)
        row, reader = TICKET.by_field["summary"], self.answers.reader(call, TICKET)
        values = {name.lower(): reader.value(row, value, name, []) or "" for name, value in sent.items()}
        paging = {name: text for name, text in call.query.values.items() if name in ("page", "pagesize", "pageid")}
        fields = {"fields": call.query.text("fields")}
        return self.answers.many(call, self.tickets, Sql("1"), Query({**values, **paging, **fields}, call.query.sent))

    # Lists -----------------------------------------------------------------------------------------------------------

    def _references(self, path: str, of: str, common: dict[str, object]) -> Endpoints:
        """Sub-lists of references only (fact 7.21)."""

        def found(call: Call, ids: list[int]) -> list[dict[str, Any]]:
            ticket = self._ticket(ids[0])["id"]
            values = {name: ticket if value == 0 else value for name, value in common.items()}
            there = self.store.find(TYPES[of], **values) if of else []
            links = [self.answers.showing(call).reference(TYPES[of], record["id"]) for record in there]
            names = ("id", "name", "_info") if of == "document" else ("id", "_info")
            return [{n: v for n, v in link.items() if n in names} for link in links]

        return {
            path: {"GET": lambda call, ids: self.answers.page_of(call, found(call, ids), _REFERENCE)},
            f"{path}/count": {"GET": lambda call, ids: self.answers.count_of(call, found(call, ids), _REFERENCE)},
        }

    def _all_notes(self, call: Call, ids: list[int]) -> Answer:
        """Notes and the notes of time entries (fact 8.5)."""
        ticket = self._ticket(ids[0])
        if self.world.switches.is_("all_notes", "absent"):
            raise no_endpoint()
        showing = self.answers.showing(call)
        shown = []
        for note in self.store.find(self.notes, ticketId=ticket["id"]):
            entry = showing.record(self.notes, note)
            shown.append(self._any_note(showing, ticket, "TicketNote", entry, {}))
        for time in self.store.find(TYPES["timeEntry"], ticket=ticket["id"]):
            entry = showing.record(TYPES["timeEntry"], time)
            flags = {
                "detailDescriptionFlag": time.get("addToDetailDescriptionFlag", False),
                "internalAnalysisFlag": time.get("addToInternalAnalysisFlag", False),
                "resolutionFlag": time.get("addToResolutionFlag", False),
            }
            if any(flags.values()):
                times = {name: time[name] for name in ("timeStart", "timeEnd") if time.get(name)}
                shown.append(self._any_note(showing, ticket, "TimeEntryNote", {**entry, **flags}, times))
        return self.answers.page_of(call, shown, _ALL_NOTES)

    def _any_note(
        self, showing: Showing, ticket: Record, kind: str, entry: dict[str, Any], times: dict[str, Any]
    ) -> dict[str, Any]:
        note = {
            "id": entry["id"],
            "noteType": kind,
            "ticket": showing.reference(self.tickets, ticket["id"]),
            "text": entry.get("text", entry.get("notes", "")),
            "isMarkdownFlag": False,
            **{flag: entry.get(flag, False) for flag in NOTE_FLAGS},
            **times,
            "bundledFlag": False,
            "mergedFlag": False,
            "issueFlag": entry.get("issueFlag", False),
            "originalAuthor": entry.get("createdBy", entry.get("enteredBy", "")),
            "createdByParentFlag": False,
        }
        if self.tickets is PROJECT_TICKET:
            del note["isMarkdownFlag"], note["createdByParentFlag"]
        note.update({name: entry[name] for name in ("member", "contact") if name in entry})
        note["_info"] = entry["_info"]
        return note

    # Configurations --------------------------------------------------------------------------------------------------

    def _shown(self, call: Call, configuration: Record) -> dict[str, Any]:
        with_name = self.world.switches.is_("configuration_list_name", "present")
        return self.answers.showing(call).attached(configuration, with_name)

    def _attached_list(self, call: Call, ticket_id: int) -> list[dict[str, Any]]:
        self._ticket(ticket_id)
        configurations = [self.store.get(TYPES["configuration"], number) for number in self.store.attached(ticket_id)]
        return [self._shown(call, record) for record in configurations if record]

    def _attached(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.page_of(call, self._attached_list(call, ids[0]), _ATTACHED)

    def _attached_count(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.count_of(call, self._attached_list(call, ids[0]), _ATTACHED)

    def _attached_one(self, call: Call, ids: list[int]) -> Answer:
        self._ticket(ids[0])
        if ids[1] not in self.store.attached(ids[0]):
            raise not_found("Configuration", ids[1])
        return Answer(200, self._shown(call, records.get(self.world, TYPES["configuration"], ids[1], {})))

    def _attach(self, call: Call, ids: list[int]) -> Answer:
        """Attach by id or deviceIdentifier (fact 9.7)."""
        self._ticket(ids[0])
        store, reader = self.store, self.answers.reader(call, TYPES["configuration"])
        sent = self.answers.sent(call, "ConfigurationReference", "id", "deviceIdentifier", "_info")
        errors: list[FieldError] = []
        rows = TYPES["configuration"].by_field
        wanted = reader.value(rows["id"], sent.get("id"), "id", errors)
        device = reader.value(rows["deviceIdentifier"], sent.get("deviceIdentifier"), "deviceIdentifier", errors)
        if not wanted and not device:
            text = "id or deviceIdentifier is required."
            raise invalid("configuration", [FieldError("MissingRequiredField", text, "id")])
        if wanted:
            configuration = store.get(TYPES["configuration"], wanted)
        else:
            configuration = next(iter(store.find(TYPES["configuration"], deviceIdentifier=device)), None)
        if configuration is None:
            name = "id" if wanted else "deviceIdentifier"
            text = f"Configuration {wanted or device} not found"
            raise invalid("configuration", [FieldError("NotFound", text, name)])
        if store.attach(ids[0], configuration["id"]):
            store.remember(ids[0], self.world.now(), CALLER, [f"Configuration {configuration['name']} attached"])
        elif self.world.switches.is_("attach_twice", "conflict"):
            # No sample was found (fact 9.7); duplicates elsewhere come as 400 ObjectExists (fact 5.9).
            text = "Configuration is already attached to this ticket."
            raise invalid("configuration", [FieldError("ObjectExists", text, "id")])
        answer = Answer(201, self._shown(call, configuration))
        path = f"{self.tickets.path}/{ids[0]}/configurations/{configuration['id']}"
        return self.answers.locate(call, answer, path)

    def _detach(self, call: Call, ids: list[int]) -> Answer:
        self._ticket(ids[0])
        if not self.store.detach(ids[0], ids[1]):
            raise not_found("Configuration", ids[1])
        configuration = self.store.get(TYPES["configuration"], ids[1]) or {}
        text = f"Configuration {configuration.get('name', ids[1])} detached"
        self.store.remember(ids[0], self.world.now(), CALLER, [text])
        return Answer(204)

    # Actions ---------------------------------------------------------------------------------------------------------

    def _ids(self, call: Call, value: Any, name: str) -> list[int]:
        """A list of ids out of a body; objects instead of ids give a 500 (fact 7.16)."""
        row = TYPES["subType"].by_field["typeAssociationIds"]
        found = self.answers.reader(call, TICKET).value(row, value, name, []) or []
        return list(dict.fromkeys(number for number in found if number is not None))

    def _others(self, ids: list[int], name: str, wanted: list[int]) -> list[Record]:
        tickets = []
        for number in wanted:
            ticket = self.store.get(TICKET, number)
            if ticket is None or number == ids[0]:
                raise invalid("ticket", [FieldError("NotFound", f"Service Ticket {number} not found", name)])
            tickets.append(ticket)
        return tickets

    def _merge(self, call: Call, ids: list[int]) -> Answer:
        """Merge tickets into this one, with a status of this one's board (fact 7.16)."""
        parent = self._ticket(ids[0])
        sent = self.answers.sent(call, "TicketMerge", "mergeTicketIds", "status")
        wanted, status = self._ids(call, sent.get("mergeTicketIds"), "mergeTicketIds"), sent.get("status")
        if not wanted or not status:
            raise invalid("ticketMerge", [required("status" if wanted else "mergeTicketIds")])
        children = self._others(ids, "mergeTicketIds", wanted)
        reference = self.answers.reader(call, TICKET).reference(TICKET.by_field["status"], status, "status") or {}
        for child in children:
            moved = dict(child)
            if child["board"] != parent["board"]:
                moved.update(board=parent["board"], team=parent.get("team"), type=None, subType=None, item=None)
            done = records.patch(self.world, TICKET, moved, Reading({"status": dict(reference)}))
            self.store.replace(TICKET, {**done, "mergedParentTicket": parent["id"]})
            self.store.remember(child["id"], self.world.now(), CALLER, [f"Merged into ticket {parent['id']}"])
        self.store.replace(TICKET, {**self._ticket(ids[0]), "hasMergedChildTicketFlag": True})
        return Answer(200, {"success": True, "message": "Tickets merged."})

    def _attach_children(self, call: Call, ids: list[int]) -> Answer:
        """Bundle tickets below this one (fact 7.16). With a version in Accept it is refused (fact 1.11)."""
        if call.version and self.world.switches.is_("version_of_attach_children", "refuse"):
            raise no_such_version(call.url, call.version)
        parent = self._ticket(ids[0])
        sent = self.answers.sent(call, "TicketBundle", "childTicketIds")
        children = self._others(ids, "childTicketIds", self._ids(call, sent.get("childTicketIds"), "childTicketIds"))
        for child in children:
            records.patch(self.world, TICKET, child, Reading({"parentTicketId": parent["id"]}))
        return Answer(200, {"success": True, "message": "Child tickets attached."})

    def _copy(self, call: Call, ids: list[int]) -> Answer:
        """A new ticket with the fields of this one; it is open, and has no key (what is copied is conjecture)."""
        values = self._kept(TICKET, self._ticket(ids[0]), ("status", "externalXRef", "parentTicketId"))
        return self.answers.one(call, TICKET, records.create(self.world, TICKET, Reading(values), {}))

    def _convert(self, call: Call, ids: list[int]) -> Answer:
        """A service ticket becomes a project ticket, or the other way; its number stays (fact 7.16)."""
        ticket = self._ticket(ids[0])
        target, notes, tasks = TYPES["projectTicket"], TYPES["projectNote"], TYPES["projectTask"]
        model, of_project = "ConvertToProject", ("project", "phase", "wbsCode")
        if self.tickets is PROJECT_TICKET:
            target, notes, tasks = TICKET, TYPES["note"], TYPES["task"]
            model = "ConvertItem"
        sent = self.answers.sent(call, model, "id", "recordType", *of_project)
        if self.tickets is PROJECT_TICKET and sent.get("recordType") != "ServiceTicket":
            raise invalid("convertItem", [required("recordType")])
        values = self._kept(target, ticket, ())
        if target is PROJECT_TICKET:
            reader = self.answers.reader(call, target)
            values |= reader.record({name: sent[name] for name in of_project if name in sent}).values
        for old, new in ((self.notes, notes), (TYPES["task" if self.tickets is TICKET else "projectTask"], tasks)):
            for part in self.store.find(old, ticketId=ticket["id"]):
                self.store.delete(old, part["id"])
                self.store.insert(new, part)
        self.store.delete(self.tickets, ticket["id"])
        records.create(self.world, target, Reading(values), {"id": ticket["id"]})
        return Answer(200, {"success": True, "message": "Ticket converted."})

    def _kept(self, target: RecordType, ticket: Record, without: tuple[str, ...]) -> dict[str, Any]:
        """The values of a ticket that a client could have sent, for a ticket of another kind."""
        rows = {name: row for name, row in target.by_field.items() if row.write == "always" and name not in without}
        values = {name: ticket[name] for name in rows if ticket.get(name) is not None}
        if "customFields" in values:
            held = values["customFields"].items()
            values["customFields"] = [{"id": int(number), "value": value} for number, value in held]
        return values

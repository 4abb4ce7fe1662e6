# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints below apis/3.0."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import lists, records
from .conditions import Column, Compiler, Sql, columns_of_documents
from .errors import ApiError, FieldError, invalid, no_endpoint, no_permission, not_found, wrong_method
from .fields import TICKET, TYPES, VIEWS, RecordType, View
from .lists import Query
from .patching import read_patch
from .reading import Reader, Reading, decode
from .rules import NOTE_FLAGS
from .showing import Showing, path_of, success_text, trimmed
from .store import Record
from .world import CALLER, CALLER_ID, World


@dataclass
class Call:
    """A request to the API. ``base`` is the URL up to apis/3.0; header names are in lower case."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    body: bytes
    base: str
    host: str

    def json(self) -> Any:
        """The decoded body. ApiError 415 for another media type, 400 for no JSON."""
        media = self.headers.get("content-type", "application/json").lower()
        if "json" not in media:
            shown = media.split(";")[0].strip()
            text = f"The request entity's media type '{shown}' is not supported for this resource."
            raise ApiError(415, "InvalidObject", text)
        return decode(self.body)

    @property
    def text(self) -> str:
        """The body as text, for positions in messages."""
        return self.body.decode("utf-8", "replace")


@dataclass
class Answer:
    """What goes back; no body for None when status is 204."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


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

Handler = Callable[[Call, list[int]], Answer]


_ID = re.compile(r"[0-9]{1,400}")


def _key(path: str) -> tuple[str, ...]:
    """A path as the routes know it: lower case, {} for ids."""
    parts = path.strip("/").lower().split("/")
    return tuple("{}" if part.startswith("{") or _ID.fullmatch(part) else part for part in parts)


def _ids_of(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if _ID.fullmatch(part)]


class Api:
    """Finds the handler of a path and runs it."""

    def __init__(self, world: World) -> None:
        """All endpoints for one world."""
        self.world = world
        self._showing: dict[str, Showing] = {}
        self._routes: dict[tuple[str, ...], dict[str, Handler]] = {}
        for record_type in TYPES.values():
            self._add_record_type(record_type)
        for view in VIEWS:
            self._add_view(view)
        self._add_ticket_parts()
        self._on("system/info", GET=self._system_info)
        self._on("system/myAccount", GET=self._my_account)
        self._on("system/myAccount/{id}", GET=self._my_account)
        self._on("company/configurations/{id}/changeType", PATCH=self._change_type)

    def _on(self, path: str, **handlers: Handler) -> None:
        self._routes.setdefault(_key(path), {}).update(handlers)

    def endpoints(self) -> list[tuple[str, str]]:
        """All that is served, as (method, path in lower case with {} for ids)."""
        return sorted((method, "/".join(key)) for key, handlers in self._routes.items() for method in handlers)

    def answer(self, call: Call) -> Answer:
        """Run a request. ApiError for all that goes wrong; nothing is written then."""
        member = _member_identifier(call.path)
        if member:
            return self._member_by_identifier(call, *member)
        if re.fullmatch(r"/?system/members/[^/]+/tokens/?", call.path, re.IGNORECASE):
            return self._tokens(call)
        key = _key(call.path)
        handlers = self._routes.get(key)
        if handlers is None:
            raise no_endpoint()
        handler = handlers.get(call.method)
        if handler is None:
            raise wrong_method(call.method)
        ids = _ids_of(call.path)
        with self.world.store.transaction():
            return handler(call, ids)

    def showing(self, call: Call) -> Showing:
        """What expands records into links to the host that was called."""
        if call.base not in self._showing:
            if len(self._showing) > 20:
                self._showing.clear()
            self._showing[call.base] = Showing(self.world.store, call.base)
        return self._showing[call.base]

    # Record types ----------------------------------------------------------------------------------------------------

    def _add_record_type(self, record_type: RecordType) -> None:
        if not record_type.methods:
            return

        def owned(handler: Callable[[Call, RecordType, dict[str, int], list[int]], Answer]) -> Handler:
            def run(call: Call, ids: list[int]) -> Answer:
                parents = self._parents(record_type, ids)
                return handler(call, record_type, parents, ids)

            return run

        collection = {"GET": owned(self._list), "POST": owned(self._create)}
        one = {
            "GET": owned(self._get),
            "PUT": owned(self._put),
            "PATCH": owned(self._patch),
            "DELETE": owned(self._delete),
        }
        allowed = record_type.methods.split()
        self._on(record_type.path, **{name: run for name, run in collection.items() if name in allowed})
        self._on(f"{record_type.path}/count", GET=owned(self._count))
        self._on(f"{record_type.path}/{{id}}", **{name: run for name, run in one.items() if name in allowed})

    def _parents(self, record_type: RecordType, ids: list[int]) -> dict[str, int]:
        """The fields that tie a record to its parents. ApiError 404 when a parent is not there."""
        parents: dict[str, int] = {}
        for (parent_name, name), record_id in zip(record_type.parents, ids, strict=False):
            parent = TYPES[parent_name]
            above = {up: parents[up] for _, up in parent.parents if up in parents}
            try:
                records.get(self.world, parent, record_id, above)
            except ApiError as error:
                raise not_found(parent.label_as_parent or parent.label, record_id) from error
            parents[name] = record_id
        return parents

    def _within(self, parents: dict[str, int]) -> Sql:
        text = " AND ".join(f"json_extract(r.body, '$.{name}') = ?" for name in parents)
        return Sql(text or "1", tuple(parents.values()))

    def _forward_only(self, call: Call) -> bool:
        return call.headers.get("pagination-type", "").lower() == "forward-only"

    def _list(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        return self._listed(call, record_type, self._within(parents), call.query)

    def _listed(self, call: Call, listed: RecordType | View, within: Sql, query: Query) -> Answer:
        showing = self.showing(call)
        url = f"{call.base}/{call.path.strip('/')}"
        found = lists.find(self.world, listed, query, within, url, self._forward_only(call))

        def show(record: Record, only: frozenset[str] | None) -> Any:
            if isinstance(listed, View):
                return showing.view(listed, record)
            return showing.text(listed, record) if only is None else showing.record(listed, record, only)

        body = lists.shown(query, listed, self.world.switches, found.records, show)
        return Answer(200, body, {"Link": found.link} if found.link else {})

    def _count(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        return self._counted(call, record_type, self._within(parents))

    def _counted(self, call: Call, listed: RecordType | View, within: Sql) -> Answer:
        record_type = listed if isinstance(listed, RecordType) else TYPES[listed.of]
        found = lists.where(listed, call.query, within, self.world.switches)
        return Answer(200, {"count": lists.Rows(self.world.store, record_type).count(found)})

    def _one(self, call: Call, listed: RecordType | View, record: Record, status: int = 200) -> Answer:
        showing = self.showing(call)

        def show(shown: Record, only: frozenset[str] | None) -> Any:
            if isinstance(listed, View):
                return showing.view(listed, shown)
            return showing.text(listed, shown) if only is None else showing.record(listed, shown, only)

        return Answer(status, lists.shown(call.query, listed, self.world.switches, [record], show)[0])

    def _get(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        return self._one(call, record_type, records.get(self.world, record_type, ids[-1], parents))

    def _reader(self, call: Call, record_type: RecordType) -> Reader:
        return Reader(record_type, call.text, self.world.switches)

    def _create(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        reading = self._reader(call, record_type).record(call.json())
        record = records.create(self.world, record_type, reading, parents)
        answer = self._one(call, record_type, record, 201)
        self._locate(call, answer, path_of(record_type, record))
        return answer

    def _locate(self, call: Call, answer: Answer, path: str) -> None:
        """Location with http://, whatever the scheme was (fact 6.11)."""
        if self.world.switches.is_("location_header", "on"):
            codebase = call.base.split("//", 1)[1].partition("/")[2]
            answer.headers["Location"] = f"http://{call.host}/{codebase}/{path}"

    def _put(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        old = records.get(self.world, record_type, ids[-1], parents)
        reading = self._reader(call, record_type).record(call.json())
        return self._one(call, record_type, records.put(self.world, record_type, old, reading))

    def _patch(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        old = records.get(self.world, record_type, ids[-1], parents)
        operations = call.json()
        if record_type.name == "configuration":
            # The type is changed by changeType alone (fact 9.3: that PATCH refuses is conjecture).
            for operation in operations if isinstance(operations, list) else []:
                path = str(operation.get("path")) if isinstance(operation, dict) else ""
                if path.strip("/").split("/")[0] == "type":
                    raise invalid("configuration", [FieldError("InvalidField", f"path {path} is not valid", path)])
        return self._patched(call, record_type, old, operations)

    def _patched(self, call: Call, record_type: RecordType, old: Record, operations: Any) -> Answer:
        shown = decode(success_text(self.showing(call).text(record_type, old)))
        reading = read_patch(record_type, shown, operations, call.text, self.world.switches)
        return self._one(call, record_type, records.patch(self.world, record_type, old, reading))

    def _delete(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        try:
            record = records.get(self.world, record_type, ids[-1], parents)
        except ApiError as error:
            if record_type.name == "callback":
                # Recorded so (fact 5.8).
                raise no_endpoint() from error
            raise
        records.delete(self.world, record_type, record)
        return Answer(204)

    def _change_type(self, call: Call, ids: list[int]) -> Answer:
        record_type = TYPES["configuration"]
        return self._patched(call, record_type, records.get(self.world, record_type, ids[0], {}), call.json())

    # Read-only twins -------------------------------------------------------------------------------------------------

    def _add_view(self, view: View) -> None:
        record_type = TYPES[view.of]

        def parents(ids: list[int]) -> dict[str, int]:
            return self._parents(record_type, ids) if "{" in view.path else {}

        def many(call: Call, ids: list[int]) -> Answer:
            return self._listed(call, view, self._within(parents(ids)), call.query)

        def count(call: Call, ids: list[int]) -> Answer:
            return self._counted(call, view, self._within(parents(ids)))

        def one(call: Call, ids: list[int]) -> Answer:
            return self._one(call, view, records.get(self.world, record_type, ids[-1], parents(ids)))

        if "list" in view.serves:
            self._on(view.path, GET=many)
        if "count" in view.serves:
            self._on(f"{view.path}/count", GET=count)
        if "one" in view.serves:
            folder = view.path.removesuffix("/info")
            self._on(f"{folder}/{{id}}/info" if folder != view.path else f"{folder}/{{id}}", GET=one)

    def _member_by_identifier(self, call: Call, path: str, identifier: str) -> Answer:
        """Members are also found by identifier, which is not a number."""
        if call.method != "GET":
            raise wrong_method(call.method)
        found = self.world.store.find(TYPES["member"], identifier=identifier)
        if not found:
            raise not_found("Member", identifier)
        view = next(view for view in VIEWS if view.path == "system/info/members")
        return self._one(call, view if path == view.path else TYPES["member"], found[0])

    # Parts of tickets ------------------------------------------------------------------------------------------------

    def _add_ticket_parts(self) -> None:
        self._on("service/tickets/search", POST=self._search)
        self._on("service/tickets/{id}/configurations", GET=self._attached, POST=self._attach)
        self._on("service/tickets/{id}/configurations/count", GET=self._attached_count)
        self._on("service/tickets/{id}/configurations/{id}", GET=self._attached_one, DELETE=self._detach)
        self._on("service/tickets/{id}/allNotes", GET=self._all_notes)
        self._on("service/tickets/{id}/merge", POST=self._merge)
        self._on("service/tickets/{id}/attachChildren", POST=self._attach_children)
        for name, of, key in (
            ("timeentries", "timeEntry", "ticket"),
            ("scheduleentries", "scheduleEntry", "objectId"),
            ("documents", "", ""),
            ("activities", "", ""),
            ("products", "", ""),
        ):
            self._add_references(name, of, key)

    def _add_references(self, name: str, of: str, key: str) -> None:
        """Sub-lists of references only (fact 7.21)."""

        def found(call: Call, ids: list[int]) -> list[dict[str, Any]]:
            self._ticket(ids[0])
            records = self.world.store.find(TYPES[of], **{key: ids[0]}) if of else []
            links = [self.showing(call).reference(TYPES[of], record["id"]) for record in records]
            return [{n: v for n, v in link.items() if n in ("id", "_info")} for link in links]

        self._on(
            f"service/tickets/{{id}}/{name}", GET=lambda call, ids: self._page_of(call, found(call, ids), _REFERENCE)
        )
        self._on(
            f"service/tickets/{{id}}/{name}/count",
            GET=lambda call, ids: self._count_of(call, found(call, ids), _REFERENCE),
        )

    def _ticket(self, ticket_id: int) -> Record:
        ticket = self.world.store.get(TICKET, ticket_id)
        if ticket is None:
            raise not_found("Service Ticket", ticket_id)
        return ticket

    def _page_of(self, call: Call, everything: list[Any], columns: dict[str, Column]) -> Answer:
        """One page of a list that is made in memory."""
        rows, condition, compiler = self._documents(call, everything, columns)
        url = f"{call.base}/{call.path.strip('/')}"
        found = lists.page_of(rows, condition, compiler, call.query, url, self._forward_only(call))
        tree = lists.wanted_fields(call.query.text("fields"))
        body = [trimmed(entry, tree) for entry in found.records] if tree else found.records
        return Answer(200, body, {"Link": found.link} if found.link else {})

    def _count_of(self, call: Call, everything: list[Any], columns: dict[str, Column]) -> Answer:
        """How many of a list that is made in memory fulfil the conditions."""
        rows, condition, _ = self._documents(call, everything, columns)
        return Answer(200, {"count": rows.count(condition)})

    def _documents(
        self, call: Call, everything: list[Any], columns: dict[str, Column]
    ) -> tuple[lists.Documents, Sql, Compiler]:
        compiler = Compiler(columns, self.world.switches)
        return lists.Documents(self.world.store, everything), compiler.compile(call.query.text("conditions")), compiler

    def _search(self, call: Call, ids: list[int]) -> Answer:
        """POST search: conditions in the body, paging and fields in the query (fact 3.7)."""
        sent = self._sent(call, "FilterValues", "conditions", "orderBy", "childconditions", "customfieldconditions")
        row = TICKET.by_field["summary"]
        reader = self._reader(call, TICKET)
        values = {name.lower(): reader.value(row, value, name, []) or "" for name, value in sent.items()}
        paging = {name: text for name, text in call.query.values.items() if name in ("page", "pagesize", "pageid")}
        fields = {"fields": call.query.text("fields")}
        return self._listed(call, TICKET, Sql("1"), Query({**values, **paging, **fields}, call.query.sent))

    def _attached_list(self, call: Call, ticket_id: int) -> list[dict[str, Any]]:
        self._ticket(ticket_id)
        with_name = self.world.switches.is_("configuration_list_name", "present")
        showing, store = self.showing(call), self.world.store
        configurations = [store.get(TYPES["configuration"], number) for number in store.attached(ticket_id)]
        return [showing.attached(record, with_name) for record in configurations if record]

    def _attached(self, call: Call, ids: list[int]) -> Answer:
        return self._page_of(call, self._attached_list(call, ids[0]), _ATTACHED)

    def _attached_count(self, call: Call, ids: list[int]) -> Answer:
        return self._count_of(call, self._attached_list(call, ids[0]), _ATTACHED)

    def _attached_one(self, call: Call, ids: list[int]) -> Answer:
        self._ticket(ids[0])
        if ids[1] not in self.world.store.attached(ids[0]):
            raise not_found("Configuration", ids[1])
        with_name = self.world.switches.is_("configuration_list_name", "present")
        configuration = records.get(self.world, TYPES["configuration"], ids[1], {})
        return Answer(200, self.showing(call).attached(configuration, with_name))

    def _attach(self, call: Call, ids: list[int]) -> Answer:
        """Attach by id or deviceIdentifier (fact 9.7)."""
        self._ticket(ids[0])
        store, switches = self.world.store, self.world.switches
        reader = self._reader(call, TYPES["configuration"])
        sent = self._sent(call, "ConfigurationReference", "id", "deviceIdentifier", "_info")
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
        elif switches.is_("attach_twice", "conflict"):
            # No sample was found (fact 9.7); duplicates elsewhere come as 400 ObjectExists (fact 5.9).
            text = "Configuration is already attached to this ticket."
            raise invalid("configuration", [FieldError("ObjectExists", text, "id")])
        with_name = switches.is_("configuration_list_name", "present")
        answer = Answer(201, self.showing(call).attached(configuration, with_name))
        self._locate(call, answer, f"service/tickets/{ids[0]}/configurations/{configuration['id']}")
        return answer

    def _detach(self, call: Call, ids: list[int]) -> Answer:
        self._ticket(ids[0])
        if not self.world.store.detach(ids[0], ids[1]):
            raise not_found("Configuration", ids[1])
        configuration = self.world.store.get(TYPES["configuration"], ids[1]) or {}
        text = f"Configuration {configuration.get('name', ids[1])} detached"
        self.world.store.remember(ids[0], self.world.now(), CALLER, [text])
        return Answer(204)

    def _all_notes(self, call: Call, ids: list[int]) -> Answer:
        """Notes and the notes of time entries (fact 8.5)."""
        ticket = self._ticket(ids[0])
        if self.world.switches.is_("all_notes", "absent"):
            raise no_endpoint()
        showing = self.showing(call)
        shown = []
        for note in self.world.store.find(TYPES["note"], ticketId=ticket["id"]):
            entry = showing.record(TYPES["note"], note)
            shown.append(self._any_note(showing, ticket, "TicketNote", entry, {}))
        for time in self.world.store.find(TYPES["timeEntry"], ticket=ticket["id"]):
            entry = showing.record(TYPES["timeEntry"], time)
            flags = {
                "detailDescriptionFlag": time.get("addToDetailDescriptionFlag", False),
                "internalAnalysisFlag": time.get("addToInternalAnalysisFlag", False),
                "resolutionFlag": time.get("addToResolutionFlag", False),
            }
            if any(flags.values()):
                times = {name: time[name] for name in ("timeStart", "timeEnd") if time.get(name)}
                shown.append(self._any_note(showing, ticket, "TimeEntryNote", {**entry, **flags}, times))
        return self._page_of(call, shown, _ALL_NOTES)

    def _any_note(
        self, showing: Showing, ticket: Record, kind: str, entry: dict[str, Any], times: dict[str, Any]
    ) -> dict[str, Any]:
        note = {
            "id": entry["id"],
            "noteType": kind,
            "ticket": showing.reference(TICKET, ticket["id"]),
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
        note.update({name: entry[name] for name in ("member", "contact") if name in entry})
        note["_info"] = entry["_info"]
        return note

    def _sent(self, call: Call, model: str, *names: str) -> dict[str, Any]:
        """The members of a body that is no record: strict as with records (facts 5.6, 5.7)."""
        document = call.json()
        reader = self._reader(call, TICKET)
        if not isinstance(document, dict):
            raise reader.no_object(document)
        known = {name.lower(): name for name in names}
        for name in document:
            if name.lower() not in known:
                raise reader.unknown_member(name, model, name)
        return {known[name.lower()]: value for name, value in document.items()}

    def _ids(self, call: Call, value: Any, name: str) -> list[int]:
        """A list of ids out of a body; objects instead of ids give a 500 (fact 7.16)."""
        row = TYPES["subType"].by_field["typeAssociationIds"]
        found = self._reader(call, TICKET).value(row, value, name, []) or []
        return list(dict.fromkeys(number for number in found if number is not None))

    def _others(self, ids: list[int], name: str, wanted: list[int]) -> list[Record]:
        tickets = []
        for number in wanted:
            ticket = self.world.store.get(TICKET, number)
            if ticket is None or number == ids[0]:
                raise invalid("ticket", [FieldError("NotFound", f"Service Ticket {number} not found", name)])
            tickets.append(ticket)
        return tickets

    def _merge(self, call: Call, ids: list[int]) -> Answer:
        """Merge tickets into this one, with a status of this one's board (fact 7.16)."""
        parent = self._ticket(ids[0])
        sent = self._sent(call, "TicketMerge", "mergeTicketIds", "status")
        wanted, status = self._ids(call, sent.get("mergeTicketIds"), "mergeTicketIds"), sent.get("status")
        if not wanted or not status:
            name = "status" if wanted else "mergeTicketIds"
            message = f"The {name} field is required."
            raise invalid("ticketMerge", [FieldError("MissingRequiredField", message, name)])
        children = self._others(ids, "mergeTicketIds", wanted)
        row = TICKET.by_field["status"]
        reference = self._reader(call, TICKET).reference(row, status, "status") or {}
        for child in children:
            moved = {**child, "board": parent["board"], "team": parent.get("team")}
            moved.update({"type": None, "subType": None, "item": None})
            if child["board"] == parent["board"]:
                moved = dict(child)
            reading = Reading({"status": dict(reference)})
            done = records.patch(self.world, TICKET, moved, reading)
            self.world.store.replace(TICKET, {**done, "mergedParentTicket": parent["id"]})
        self.world.store.replace(TICKET, {**parent, "hasMergedChildTicketFlag": True})
        return Answer(200, {"success": True, "message": "Tickets merged."})

    def _attach_children(self, call: Call, ids: list[int]) -> Answer:
        """Bundle tickets below this one (fact 7.16)."""
        parent = self._ticket(ids[0])
        sent = self._sent(call, "TicketBundle", "childTicketIds")
        children = self._others(ids, "childTicketIds", self._ids(call, sent.get("childTicketIds"), "childTicketIds"))
        for child in children:
            records.patch(self.world, TICKET, child, Reading({"parentTicketId": parent["id"]}))
        return Answer(200, {"success": True, "message": "Child tickets attached."})

    # System ----------------------------------------------------------------------------------------------------------

    def _tokens(self, call: Call) -> Answer:
        """The keys of an API member may not mint tokens for others (fact 2.7)."""
        if call.method != "POST":
            raise wrong_method(call.method)
        raise no_permission()

    def _system_info(self, call: Call, ids: list[int]) -> Answer:
        cloud = self.world.switches.is_("onprem", "off")
        body: dict[str, Any] = {
            "version": "v2025.1.104512",
            "isCloud": cloud,
            "serverTimeZone": "Eastern Standard Time",
            "licenseBits": [
                {"name": "PocketPC", "activeFlag": True},
                {"name": "EmailConnector", "activeFlag": True},
                {"name": "ADPInterface", "activeFlag": False},
            ],
            "maxWorkFlowRecordsAllowed": 1000,
        }
        return Answer(200, {**body, "cloudRegion": "NA"} if cloud else body)

    def _my_account(self, call: Call, ids: list[int]) -> Answer:
        """The caller's own account: the member with some settings of the web pages."""
        if ids and ids[0] != CALLER_ID:
            raise not_found("Member", ids[0])
        showing = self.showing(call)
        account = showing.record(TYPES["member"], records.get(self.world, TYPES["member"], CALLER_ID, {}))
        info = account.pop("_info")
        account.pop("securityRole", None)
        account.update(
            workRole=showing.reference(TYPES["workRole"], 1),
            timeApprover=showing.reference(TYPES["member"], 638),
            expenseApprover=showing.reference(TYPES["member"], 638),
            salesDefaultLocation=account.get("defaultLocation"),
            companyActivityTabFormat="SummaryList",
            invoiceTimeTabFormat="SummaryList",
            invoiceScreenDefaultTabFormat="ShowInvoicingTab",
            invoicingDisplayOptions="RemainOnInvoicingScreen",
            agreementInvoicingDisplayOptions="RemainOnInvoicingScreen",
            _info=info,
        )
        tree = lists.wanted_fields(call.query.text("fields"))
        return Answer(200, trimmed(account, tree) if tree else account)

    # Test data -------------------------------------------------------------------------------------------------------

    def insert(self, path: str, documents: list[Any], text: str) -> list[int]:
        """Records as given, without validation, with what the server fills in. ApiError when not understood."""
        key = _key(path)
        record_type = next((found for found in TYPES.values() if _key(found.path) == key), None)
        if record_type is None:
            raise no_endpoint()
        ids = _ids_of(path)
        with self.world.store.transaction():
            parents = self._parents(record_type, ids)
            reader = Reader(record_type, text, self.world.switches)
            made = []
            for document in documents:
                reading = reader.record(document)
                info = reader.info(document.get("_info") or {})
                record = records.create(self.world, record_type, reading, parents, lax=True, info=info)
                made.append(int(record["id"]))
            return made


def _member_identifier(path: str) -> tuple[str, str] | None:
    """(path, identifier) for system/members/NAME and system/info/members/NAME."""
    folder, _, last = path.strip("/").rpartition("/")
    known = {"system/members": "system/members", "system/info/members": "system/info/members"}
    if folder.lower() in known and last.lower() not in ("count", "types") and not _ID.fullmatch(last):
        return known[folder.lower()], last
    return None

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints below apis/3.0."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import lists, records
from .answers import Answer, Answers, Call, Handler
from .audit import AuditTrail
from .communications import Communications
from .conditions import Sql
from .configurations import Configurations
from .contact_types import ContactTypes
from .documents import Documents
from .errors import ApiError, FieldError, invalid, no_endpoint, no_permission, not_found, wrong_method
from .fields import PROJECT_TICKET, TICKET, TYPES, VIEWS, RecordType, View
from .reading import Reader
from .showing import path_of, trimmed
from .tickets import Tickets
from .world import CALLER_ID, World

_ID = re.compile(r"[0-9]{1,400}")


def _key(path: str) -> tuple[str, ...]:
    """A path as the routes know it: lower case, {} for ids, however many slashes."""
    parts = path.lower().split("/")
    return tuple("{}" if part.startswith("{") or _ID.fullmatch(part) else part for part in parts if part)


def _ids_of(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if _ID.fullmatch(part)]


class Api:
    """Finds the handler of a path and runs it."""

    def __init__(self, world: World) -> None:
        """All endpoints for one world."""
        self.world = world
        self.answers = Answers(world)
        self._routes: dict[tuple[str, ...], dict[str, Handler]] = {}
        for record_type in TYPES.values():
            self._add_record_type(record_type)
        for view in VIEWS:
            self._add_view(view)
        for more in (
            Tickets(self.answers, TICKET),
            Tickets(self.answers, PROJECT_TICKET),
            Configurations(self.answers),
            Communications(self.answers),
            ContactTypes(self.answers),
            Documents(self.answers),
            AuditTrail(self.answers),
        ):
            for path, handlers in more.endpoints().items():
                self._on(path, **handlers)
        self._on("system/info", GET=self._system_info)
        self._on("system/myAccount", GET=self._my_account)
        self._on("system/myAccount/{id}", GET=self._my_account)

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
        if re.fullmatch(r"/*system/+members/+[^/]+/+tokens/*", call.path, re.IGNORECASE):
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
            answer = handler(call, ids)
        self.world.callbacks.tell(self.world, self.world.store.written, call.site)
        return answer

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
            above = {up: parents[up] for _path, up in parent.parents if up in parents}
            try:
                records.get(self.world, parent, record_id, above)
            except ApiError as error:
                raise not_found(parent.label_as_parent or parent.label, record_id) from error
            parents[name] = record_id
        return parents

    def _within(self, parents: dict[str, int]) -> Sql:
        text = " AND ".join(f"json_extract(r.body, '$.{name}') = ?" for name in parents)
        return Sql(text or "1", tuple(parents.values()))

    def _list(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        return self.answers.many(call, record_type, self._within(parents))

    def _count(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        return self.answers.count(call, record_type, self._within(parents))

    def _get(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        return self.answers.one(call, record_type, records.get(self.world, record_type, ids[-1], parents))

    def _create(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        reading = self.answers.reader(call, record_type).record(call.json())
        record = records.create(self.world, record_type, reading, parents)
        return self.answers.locate(call, self.answers.one(call, record_type, record, 201), path_of(record_type, record))

    def _put(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        old = records.get(self.world, record_type, ids[-1], parents)
        reading = self.answers.reader(call, record_type).record(call.json())
        return self.answers.one(call, record_type, records.put(self.world, record_type, old, reading))

    def _patch(self, call: Call, record_type: RecordType, parents: dict[str, int], ids: list[int]) -> Answer:
        old = records.get(self.world, record_type, ids[-1], parents)
        operations = call.json()
        if record_type.name == "configuration":
            # The type is changed by changeType alone (fact 9.3: that PATCH refuses is conjecture).
            for operation in operations if isinstance(operations, list) else []:
                path = str(operation.get("path")) if isinstance(operation, dict) else ""
                if path.strip("/").partition("/")[0] == "type":
                    raise invalid("configuration", [FieldError("InvalidField", f"path {path} is not valid", path)])
        return self.answers.patched(call, record_type, old, operations)

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

    # Read-only twins -------------------------------------------------------------------------------------------------

    def _add_view(self, view: View) -> None:
        record_type = TYPES[view.of]

        def parents(ids: list[int]) -> dict[str, int]:
            return self._parents(record_type, ids) if "{" in view.path else {}

        def many(call: Call, ids: list[int]) -> Answer:
            return self.answers.many(call, view, self._within(parents(ids)))

        def count(call: Call, ids: list[int]) -> Answer:
            return self.answers.count(call, view, self._within(parents(ids)))

        def one(call: Call, ids: list[int]) -> Answer:
            return self.answers.one(call, view, records.get(self.world, record_type, ids[-1], parents(ids)))

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
        return self.answers.one(call, view if path == view.path else TYPES["member"], found[0])

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
        showing = self.answers.showing(call)
        account = showing.record(TYPES["member"], records.get(self.world, TYPES["member"], CALLER_ID, {}))
        info = account.pop("_info")
        account.pop("securityRole", None)
        account.update(
            workRole=showing.reference(TYPES["workRole"], 1),
            timeApprover=showing.reference(TYPES["member"], 638),
            expenseApprover=showing.reference(TYPES["member"], 638),
            salesDefaultLocation=account.get("defaultLocation"),
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
    folder, _slash, last = re.sub("/+", "/", path).strip("/").rpartition("/")
    known = {"system/members": "system/members", "system/info/members": "system/info/members"}
    if folder.lower() in known and last.lower() not in ("count", "types") and not _ID.fullmatch(last):
        return known[folder.lower()], last
    return None

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From names to ids, each list read once a run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import reduce
from operator import and_, or_
from typing import Any, Callable

from ..connectwise import Condition, ConnectWiseClient, ConnectWisePermissionError
from ..resources.fields import REFERENCE, Field, Reference, Table, WantedError, by_name, normalised, quoted
from ..resources.references import CONFIGURATION_TYPE
from ..resources.ticket import PROJECT_TICKET

MOST_CANDIDATES = 20
SCOPES = ("board", "company", "project")  # the fields of a record in which other fields are looked up
_SCOPE_ROWS = {name: by_name(PROJECT_TICKET, name) for name in SCOPES}
WHERE = {"board": "on board", "company": "of company", "project": "of project"}


class Lookup:
    """Finds the records that names and ids stand for.

    Args:
        client: asked with GET only.
        retired_too: whether records that are no longer in use may be meant, as where others are only read.
    """

    def __init__(self, client: ConnectWiseClient, retired_too: bool = False) -> None:
        self._client = client
        self._retired_too = retired_too
        self._lists: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._refused: dict[tuple[str, str], ConnectWisePermissionError] = {}
        self._custom_fields: dict[str, list[dict[str, Any]]] = {}
        self._questions: dict[int, list[dict[str, Any]]] = {}

    def resolved(
        self,
        table: Table,
        wanted: dict[str, Any],
        current: dict[str, Any],
        needed: Callable[[Field, dict[str, Any]], bool],
    ) -> dict[str, Any]:
        """The wanted state with the references that ``needed`` picks turned into ``{"id", "name", ...}``.

        Args:
            table: of the record.
            wanted: the wanted state, in the order of the table.
            current: the record as it is; its board and company are the scope where the wanted state names none.
            needed: whether a reference is to be looked up.

        Raises:
            WantedError: no record of that name or id, or several; with the candidates.
        """
        scope = {name: current.get(name) or {} for name in SCOPES}
        result = {}
        for name, value in wanted.items():
            row = by_name(table, name)
            asked = row.kind == REFERENCE and value != "" and needed(row, value)
            result[name] = self._found(row, value, scope) if asked else value
            if name in SCOPES:
                scope[name] = result[name] or {}
        return result

    def _found(self, row: Field, value: dict[str, Any], scope: dict[str, Any]) -> dict[str, Any]:
        """As :meth:`find`; a name that the API finds itself stays one where the member may not read the list."""
        try:
            return self.find(row, value, scope)
        except ConnectWisePermissionError:
            if row.reference and row.reference.api_takes:
                return value
            raise

    def find(self, row: Field, value: dict[str, Any], scope: dict[str, Any]) -> dict[str, Any]:
        """The record that ``value`` (``{"id"}`` or ``{"name"}``) stands for, or ``value`` where its scope is not known.

        Args:
            row: the field that refers to it.
            scope: ``{"board": reference, "company": reference}``; the one that counts is looked up first if need be.

        Raises:
            WantedError: no such record, or several; with the candidates.
        """
        reference = row.reference
        if reference is None:
            return value
        by_path = "{" in reference.endpoint
        within = self._within(reference, scope) if by_path or "id" not in value else {}
        if reference.scope and not within and (by_path or "id" not in value):
            return value
        records = self._records(reference, value, within)
        return self._only(row, reference, value, records, within)

    def read_ahead(self, row: Field, given: Iterable[Any]) -> None:
        """Look many names up in few requests.

        Args:
            row: a field that refers to a long list (``searched``).
            given: values of that field as the task gives them; None for none.
        """
        reference = row.reference
        if reference is None:
            return
        names: dict[str, None] = {}
        for value in given:
            with suppress(WantedError):  # which is told of the one who gave it
                wanted = normalised(row, value) if value not in (None, "") else {}
                names.update({wanted["name"]: None} if "name" in wanted else {})
        conditions = [self._wanted(reference, name) for name in names]
        if len(conditions) > 1:
            asked = reduce(or_, [Condition(field, "in", list(names)) for field in reference.names])
            records = numbered(self._client.get_all(reference.endpoint, asked))
            for condition in conditions:
                found = [record for record in records if condition.matches(record)]
                self._lists[reference.endpoint, str(condition)] = found

    def all_of(self, reference: Reference, scope: dict[str, Any]) -> list[dict[str, Any]]:
        """The whole list in a scope, such as the statuses of a board; empty where the scope is not known."""
        within = self._within(reference, scope)
        return self._records(reference, {}, within) if within or not reference.scope else []

    def custom_fields(self, endpoint: str) -> list[dict[str, Any]]:
        """The custom fields of a kind of record, without values: any record lists them all (fact sheet 7.11)."""
        if endpoint not in self._custom_fields:
            newest = self._client.get_all(endpoint, fields=["customFields"], orderby="id desc", limit=1)
            entries: list[dict[str, Any]] = newest[0].get("customFields") or [] if newest else []
            self._custom_fields[endpoint] = [
                {name: value for name, value in entry.items() if name != "value"} for entry in entries
            ]
        return self._custom_fields[endpoint]

    def questions(self, type_id: int) -> list[dict[str, Any]]:
        """The questions of a type as a configuration of that type lists them, without answers (fact sheet 9.4)."""
        if type_id not in self._questions:
            asked = self._client.get_all(f"{CONFIGURATION_TYPE.endpoint}/{type_id}/questions")
            self._questions[type_id] = [
                {"questionId": each["id"], "question": each.get("question"), "fieldType": each.get("fieldType")}
                for each in asked
                if not each.get("inactiveFlag")
            ]
        return self._questions[type_id]

    def ticket_fields(self, endpoint: str, captions: Iterable[str]) -> list[dict[str, Any]]:
        """The custom fields of tickets; also from their definitions, where a wanted one is not listed by a ticket.

        Args:
            endpoint: of the list of tickets.
            captions: those that are wanted.
        """
        entries = self.custom_fields(endpoint)
        known = {str(entry.get("caption")).strip().casefold() for entry in entries}
        if known.issuperset(caption.casefold() for caption in captions):
            return entries
        return entries + [
            {"id": field["id"], "caption": field["caption"], "type": field.get("fieldTypeIdentifier")}
            for field in self._defined_fields()
            if str(field.get("caption")).strip().casefold() not in known
            and re.search(
                "ticket|service", f"{field.get('screenDescription')} {field.get('podDescription')}", re.IGNORECASE
            )
        ]

    def _defined_fields(self) -> list[dict[str, Any]]:
        key = ("system/userDefinedFields", "")
        if key not in self._lists:
            self._lists[key] = self._client.get_all(key[0])
        return self._lists[key]

    def _within(self, reference: Reference, scope: dict[str, Any]) -> dict[str, Any]:
        """The record in whose scope names are looked up, with its id; empty where it is not known."""
        within: dict[str, Any] = scope.get(reference.scope) or {}
        if within and "id" not in within:
            within = self.find(_SCOPE_ROWS[reference.scope], within, {})
        return numbered([within])[0] if within else within

    def _records(self, reference: Reference, value: dict[str, Any], within: dict[str, Any]) -> list[dict[str, Any]]:
        asked = []
        if "id" in value and (reference.scope or reference.searched) and "{" not in reference.endpoint:
            asked.append(Condition("id", "=", value["id"]))
        elif reference.searched:
            asked.append(self._wanted(reference, value["name"]))
        if reference.scope and "{" not in reference.endpoint and within:
            asked.append(Condition(f"{reference.scope}/id", "=", within["id"]))
        condition = str(reduce(and_, asked)) if asked else ""
        ids = {reference.scope: within.get("id")} if reference.scope else {}
        key = (reference.endpoint.format(**ids), condition)
        if key in self._refused:
            raise self._refused[key]
        if key not in self._lists:
            try:
                self._lists[key] = self._readable(key[0], reference.info_endpoint.format(**ids), condition)
            except ConnectWisePermissionError as error:
                self._refused[key] = error
                raise
        return self._lists[key]

    def _readable(self, endpoint: str, info_endpoint: str, condition: str) -> list[dict[str, Any]]:
        """A list, or where the member may not read it, its twin that needs fewer rights."""
        try:
            return numbered(self._client.get_all(endpoint, condition))
        except ConnectWisePermissionError:
            if not info_endpoint:
                raise
            return numbered(self._client.get_all(info_endpoint, condition))

    @staticmethod
    def _wanted(reference: Reference, name: str) -> Condition:
        return reduce(or_, [Condition(field, "=", name) for field in reference.names])

    def _only(
        self,
        row: Field,
        reference: Reference,
        value: dict[str, Any],
        records: list[dict[str, Any]],
        within: dict[str, Any],
    ) -> dict[str, Any]:
        where = f" {WHERE[reference.scope]} {within.get('name') or within['id']!r}" if within else ""
        name = value.get("name")
        if "id" in value:
            found = [record for record in records if str(record.get("id")) == str(value["id"])]
            called = f"with the id {value['id']}"
        else:
            found = [record for record in records if name in names_of(record, reference)]
            folded = str(name).casefold()
            found = found or [
                record for record in records if folded in [other.casefold() for other in names_of(record, reference)]
            ]
            active = [record for record in found if not is_inactive(record)]
            if found and not active and not reference.api_takes and not self._retired_too:
                raise WantedError(
                    row.place,
                    f"the {reference.noun} {described(found[0], reference)}{where} is no longer in use.",
                    "Inactive",
                )
            found = active or found  # the API itself takes the retired ones too
            called = f"named {quoted(name)}"
        if len(found) > 1:
            those = f"{len(found)} records of the kind {reference.noun} are {called}{where}"
            raise WantedError(row.place, f"{those}: {candidates(found, reference)}. Give the id instead.", "Ambiguous")
        if not found:
            others = self._suggestions(reference, value, within) if reference.searched else records
            others = [record for record in others if not is_inactive(record)]
            there = f" There are: {candidates(others, reference)}." if others else ""
            raise WantedError(row.place, f"there is no {reference.noun} {called}{where}.{there}", "NotFound")
        identifier = {"identifier": found[0]["identifier"]} if "identifier" in found[0] else {}
        name = display_name(found[0], reference)
        # What has no name is called by its id, also in references to it.
        named = {"name": name} if name != str(found[0].get("id")) else {}
        return {"id": found[0].get("id"), **identifier, **named}

    def _suggestions(self, reference: Reference, value: dict[str, Any], within: dict[str, Any]) -> list[dict[str, Any]]:
        """Records of a long list whose name holds the beginning of the one that was not found."""
        word = re.match(r"[^\W_]{3,}", str(value.get("name") or ""))
        if not word:
            return []
        condition = Condition(reference.names[-1], "contains", word.group()[:4])
        if within:
            condition = condition & Condition(f"{reference.scope}/id", "=", within["id"])
        return self._client.get_all(reference.endpoint, condition, limit=MOST_CANDIDATES)


def numbered(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with ids that are numbers, as which conditions compare them, also where a server gives texts."""
    for record in records:
        if isinstance(record.get("id"), str) and record["id"].isdecimal():
            record["id"] = int(record["id"])
    return records


def display_name(record: dict[str, Any], reference: Reference) -> str:
    """What a record is called: its name, a person's first and last name, a status' description (fact sheet 9.5)."""
    person = " ".join(str(record[key]) for key in ("firstName", "lastName") if record.get(key))
    return str(
        record.get("name") or record.get("description") or person or record.get(reference.names[0]) or record.get("id")
    )


def names_of(record: dict[str, Any], reference: Reference) -> list[str]:
    """All that a record may be called."""
    names = [record.get(key) for key in reference.names if key not in ("name", "email")]
    if "name" in reference.names:
        names.append(display_name(record, reference))
    if "email" in reference.names:
        items = record.get("communicationItems") or []
        names += [item.get("value") for item in items if item.get("communicationType") == "Email"]
    return [str(name).strip() for name in names if name]


def is_inactive(record: dict[str, Any]) -> bool:
    """Whether a record is retired or deleted; the name of the flag differs between records (fact sheet 10)."""
    return any(bool(record.get(flag)) for flag in ("inactive", "inactiveFlag", "deletedFlag"))


def closes(status: dict[str, Any]) -> bool:
    """Whether a status closes tickets; the list that needs fewer rights has another name for it (BoardStatusInfo)."""
    return bool(status.get("closedStatus") or status.get("closedFlag"))


def described(record: dict[str, Any], reference: Reference) -> str:
    """A record for a person: ``Acme Corporation (Acme, id 250)``."""
    name = display_name(record, reference)
    identifier = record.get("identifier")
    also = f"{identifier}, " if identifier and identifier != name else ""
    return f"{name} ({also}id {record.get('id')})"


def candidates(records: list[dict[str, Any]], reference: Reference) -> str:
    """The records that might have been meant, for a person."""
    texts = [described(record, reference) for record in records[:MOST_CANDIDATES]]
    if len(records) > MOST_CANDIDATES:
        texts.append(f"and {len(records) - MOST_CANDIDATES} more")
    return ", ".join(texts)

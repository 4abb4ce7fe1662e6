# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as answers: references expanded, nulls left out, links in _info (facts 6.12, 7.10, 7.19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from .fields import PROJECT_TICKET, TICKET, TYPES, Field, RecordType, View
from .store import Record, Store

_ENTERED = ("ticket", "projectTicket", "company", "configuration", "contact", "timeEntry")
_CHARGE = "(chargeToType='ServiceTicket' OR chargeToType='ProjectTicket') AND chargeToId="
_TICKET_LINKS = {
    "activities_href": "sales/activities?conditions=ticket/id={id}",
    "scheduleentries_href": "schedule/entries?conditions=type/id=4 AND objectId={id}",
    "documents_href": "system/documents?recordType=Ticket&recordId={id}",
    "configurations_href": "service/tickets/{id}/configurations",
    "tasks_href": "service/tickets/{id}/tasks",
    "notes_href": "service/tickets/{id}/notes",
    "products_href": "procurement/products?conditions=chargeToType='Ticket' AND chargeToId={id}",
    "timeentries_href": "time/entries?conditions=" + _CHARGE + "{id}",
    "expenseEntries_href": "expense/entries?conditions=" + _CHARGE + "{id}",
}
_COMPANY_LINKS = {
    "contacts_href": "company/contacts?conditions=company/id={id}",
    "tickets_href": "service/tickets?conditions=company/id={id}",
    "configurations_href": "company/configurations?conditions=company/id={id}",
    "sites_href": "company/companies/{id}/sites",
}


_LINKS = {
    "ticket": _TICKET_LINKS,
    "projectTicket": {name: path.replace("service/", "project/") for name, path in _TICKET_LINKS.items()},
    "company": _COMPANY_LINKS,
}


@lru_cache(maxsize=10_000)
def decimal(value: float) -> orjson.Fragment:
    """A decimal as it is printed: at least two places (fact 7.10)."""
    whole, _point, places = f"{value:.6f}".rstrip("0").partition(".")
    return orjson.Fragment(f"{whole}.{places.ljust(2, '0')}")


_AS_KEPT = ("text", "integer", "flag", "datetime", "date", "enum", "integers", "texts", "any", "loose")


@lru_cache(maxsize=200)
def _rows(record_type: RecordType, only: frozenset[str] | None) -> list[tuple[str, str, Field]]:
    """Name, kind and row of the fields that an answer shows; no kind for those that are shown as they are kept."""
    return [
        (row.name, "" if row.kind in _AS_KEPT else row.kind, row)
        for row in record_type.fields
        if row.kind != "custom" and row.write not in ("action", "initial")
        if only is None or row.name.lower() in only
    ]


def success_text(body: object) -> bytes:
    """Compact JSON (fact 5.2)."""
    return orjson.dumps(body)


def title_of(record_type: RecordType, record: Record) -> str:
    """What a reference shows as the record's name."""
    return str(record.get(record_type.title, ""))


def path_of(record_type: RecordType, record: Record) -> str:
    """Path of a record below apis/3.0/."""
    path = record_type.path
    for parent, name in record_type.parents:
        path = path.replace(f"{{{parent}}}", str(record.get(name)))
    return f"{path}/{record['id']}"


@dataclass
class Showing:
    """Expands records. ``base`` is the URL up to apis/3.0, without a slash at the end."""

    store: Store
    base: str
    _references: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    _texts: dict[tuple[str, int], orjson.Fragment] = field(default_factory=dict)
    _custom: dict[str, list[Record]] = field(default_factory=dict)
    _empty: dict[str, orjson.Fragment] = field(default_factory=dict)
    _changes: int = -1

    def text(self, record_type: RecordType, record: Record) -> orjson.Fragment:
        """A whole record as JSON; the quick way for long lists."""
        return orjson.Fragment(success_text(self.record(record_type, record, quick=True)))

    def record(
        self, record_type: RecordType, record: Record, only: frozenset[str] | None = None, quick: bool = False
    ) -> dict[str, Any]:
        """A record as the API shows it; with ``only``, just those members (lower case), where that saves work.

        With ``quick``, parts that many records share are JSON already.
        """
        if self._changes != self.store.changes:
            for kept in (self._references, self._texts, self._custom, self._empty):
                kept.clear()
            self._changes = self.store.changes
        refer = self._reference_text if quick else self.reference
        shown: dict[str, Any] = {}
        for name, kind, row in _rows(record_type, only):
            value = record.get(name)
            if value is None:
                continue
            if not kind:
                shown[name] = value
            elif kind == "reference":
                shown[name] = refer(TYPES[row.to], value)
            elif kind == "number":
                shown[name] = decimal(value)
            elif kind == "references":
                shown[name] = [refer(TYPES[row.to], part) for part in value]
            elif kind == "children":
                shown[name] = [self._child(row.children, part) for part in value]
            else:
                shown[name] = self._questions(value)
        if only is None or "_info" in only:
            shown["_info"] = self._info(record_type, record)
        if record_type.screen and (only is None or "customfields" in only):
            empty = quick and not record.get("customFields")
            fields = self._no_custom_fields if empty else self._custom_fields
            shown["customFields"] = fields(record_type.screen, record)
        return shown

    def view(self, view: View, record: Record) -> dict[str, Any]:
        """A record as a read-only twin shows it."""
        record_type = TYPES[view.of]
        whole = self.record(record_type, record)
        for _name, stored in view.fields:
            if stored.startswith("_") and stored in record:
                whole[stored] = record[stored]
        shown = {name: whole[stored] for name, stored in view.fields if stored in whole}
        shown["_info"] = {name: text for name, text in whole["_info"].items() if not name.endswith("_href")}
        return shown

    def reference(self, record_type: RecordType, record_id: int) -> dict[str, Any]:
        """A reference: id, name (or what stands for it) and links."""
        key = (record_type.name, record_id)
        if key in self._references:
            return self._references[key]
        record = self.store.get(record_type, record_id)
        if record is None:
            # Tickets of both kinds share their numbers.
            return self.reference(PROJECT_TICKET, record_id) if record_type is TICKET else {"id": record_id}
        shown: dict[str, Any] = {"id": record_id}
        for name in record_type.shows:
            if record.get(name) is not None:
                shown[name] = record[name]
        if record_type.title == "summary":
            shown["summary"] = title_of(record_type, record)
        elif record_type.name != "scheduleType":
            shown["name"] = title_of(record_type, record)
        if record_type.name == "priority":
            shown["sort"] = record.get("sortOrder", 0)
        shown["_info"] = self._links(record_type, record)
        if record_type.fixed:
            self._references[key] = shown
        return shown

    def _reference_text(self, record_type: RecordType, record_id: int) -> Any:
        key = (record_type.name, record_id)
        if key not in self._texts:
            shown = self.reference(record_type, record_id)
            if not record_type.fixed:
                return shown
            self._texts[key] = orjson.Fragment(success_text(shown))
        return self._texts[key]

    def attached(self, configuration: Record, with_name: bool) -> dict[str, Any]:
        """A configuration in a ticket's list: id, deviceIdentifier, _info.name and nothing else (fact 9.7)."""
        shown: dict[str, Any] = {"id": configuration["id"]}
        if configuration.get("deviceIdentifier") is not None:
            shown["deviceIdentifier"] = configuration["deviceIdentifier"]
        if with_name:
            shown["name"] = configuration["name"]
        shown["_info"] = {
            "name": configuration["name"],
            "configuration_href": self._href(f"company/configurations/{configuration['id']}"),
        }
        return shown

    def _href(self, path: str) -> str:
        return f"{self.base}//{path}"

    def _links(self, record_type: RecordType, record: Record) -> dict[str, str]:
        path = path_of(record_type, record)
        links = {}
        if record.get("mobileGuid"):
            links["mobileGuid"] = record["mobileGuid"]
        if record_type.href:
            links[record_type.href] = self._href(path)
        if record_type.image:
            links["image_href"] = f"{self._href(path)}/image?lm={record.get('_lastUpdated', '')}"
        return links

    def _info(self, record_type: RecordType, record: Record) -> dict[str, str]:
        names = ("lastUpdated", "updatedBy")
        if record_type.name in _ENTERED:
            names = (*names, "dateEntered", "enteredBy")  # type: ignore[assignment]
        info = {name: str(record[f"_{name}"]) for name in names if record.get(f"_{name}") is not None}
        more = _LINKS.get(record_type.name, {})
        number = str(record["id"])
        for name, path in more.items():
            info[name] = self._href(path.replace("{id}", number))
        return info

    def _child(self, rows: tuple[Any, ...], child: Record) -> dict[str, Any]:
        return {
            row.name: self.reference(TYPES[row.to], child[row.name]) if row.kind == "reference" else child[row.name]
            for row in rows
            if child.get(row.name) is not None
        }

    def _questions(self, answers: list[Record]) -> list[dict[str, Any]]:
        shown = []
        for answer in answers:
            question = self.store.get(TYPES["question"], answer["questionId"])
            if question is None:
                continue
            entry = {
                "answerId": answer["answerId"],
                "questionId": answer["questionId"],
                "question": question["question"],
                "answer": answer.get("answer"),
                "sequenceNumber": decimal(question["sequenceNumber"]),
                "numberOfDecimals": question.get("numberOfDecimals", 0),
                "fieldType": question["fieldType"],
                "requiredFlag": question.get("requiredFlag", False),
            }
            shown.append({name: value for name, value in entry.items() if value is not None})
        return shown

    def definitions(self, screen: str) -> list[Record]:
        """The custom fields of a screen, in order of their ids."""
        if screen not in self._custom:
            self._custom[screen] = self.store.find(TYPES["userDefinedField"], screenId=screen)
        return self._custom[screen]

    def _no_custom_fields(self, screen: str, record: Record) -> orjson.Fragment:
        if screen not in self._empty:
            self._empty[screen] = orjson.Fragment(success_text(self._custom_fields(screen, record)))
        return self._empty[screen]

    def _custom_fields(self, screen: str, record: Record) -> list[dict[str, Any]]:
        """All custom fields are listed, without value when empty (fact 7.11)."""
        held = record.get("customFields", {})
        shown = []
        for definition in self.definitions(screen):
            entry = {
                "id": definition["id"],
                "caption": definition["caption"],
                "type": definition["fieldTypeIdentifier"],
                "entryMethod": definition.get("entryTypeIdentifier", "EntryField"),
                "numberOfDecimals": definition.get("numberDecimals", 0),
            }
            value = held.get(str(definition["id"]))
            if value is not None:
                entry["value"] = value
            if definition.get("connectWiseID"):
                entry["connectWiseId"] = definition["connectWiseID"]
            shown.append(entry)
        return shown


def trimmed(shown: Any, wanted: dict[str, Any]) -> Any:
    """A partial answer: the members asked for, nested parts keep their nesting (fact 3.9)."""
    if isinstance(shown, list):
        return [trimmed(part, wanted) for part in shown]
    if not isinstance(shown, dict):
        return shown
    return {
        name: trimmed(value, wanted[name.lower()]) if wanted[name.lower()] else value
        for name, value in shown.items()
        if name.lower() in wanted
    }

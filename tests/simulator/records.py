# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating and changing records: resolve references, fill in defaults, check the whole record (facts 5.4, 6)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from . import rules
from .errors import FieldError, invalid, not_found, required
from .fields import TYPES, Field, RecordType
from .reading import Reading, read_moment
from .store import Record
from .world import CALLER, World


@dataclass
class Change(rules.Change):
    """A create, PUT or PATCH under way."""

    def resolve(self, rows: list[Field]) -> None:
        """Turn what was sent for references into ids; what is not there is an error (fact 6.13)."""
        for row in rows:
            value = self.draft.get(row.name)
            if not isinstance(value, dict | list):
                continue
            if row.kind == "reference" and isinstance(value, dict):
                self.draft[row.name] = self._id_of(row, value, row.name)
            elif row.kind == "references" and value:
                found = [self._id_of(row, part, row.name) if isinstance(part, dict) else part for part in value]
                self.draft[row.name] = [part for part in found if part is not None]
            elif row.kind == "children" and value:
                for child_row in row.children:
                    for child in value:
                        part = child.get(child_row.name)
                        if child_row.kind == "reference" and isinstance(part, dict):
                            child[child_row.name] = self._id_of(child_row, part, f"{row.name}/{child_row.name}")

    def _id_of(self, row: Field, value: Record, path: str) -> int | None:
        target = TYPES[row.to]
        store = self.world.store
        scope = self._scope(row)
        if value.get("id") is not None:
            if store.get(target, value["id"]) is None:
                self._missing(row, target, value["id"], f"{path}/id", scope)
                return None
            return int(value["id"])
        by_name = self.world.switches.is_("post_reference_names", "accept") or self.kind == "patch"
        names = [("identifier", "identifier")] if "identifier" in target.by_field else []
        for sent, stored in (*names, ("name", target.title)):
            text = value.get(sent)
            if text is None:
                continue
            found = store.find(target, **{stored: text, **scope}) if by_name else []
            if not found:
                self._missing(row, target, text, f"{path}/{sent}", scope)
                return None
            return int(found[0]["id"])
        return None

    def _scope(self, row: Field) -> dict[str, object]:
        """What the referenced record must belong to, e.g. {"board": 1} for a status."""
        if not row.within:
            return {}
        owner = self.draft.get(row.within)
        if not isinstance(owner, int):
            return {}
        return {TYPES[row.to].parent_field or row.within: owner}

    def _missing(self, row: Field, target: RecordType, what: object, path: str, scope: dict[str, object]) -> None:
        """The text of fact 5.4: "Service Status 17 not found for Service Board 21"."""
        text = f"{target.label} {what} not found"
        if scope:
            owner = TYPES[self.record_type.by_field[row.within].to]
            text += f" for {owner.label} {next(iter(scope.values()))}"
        self.errors.append(FieldError("NotFound", text, path))

    def check_scopes(self, rows: list[Field]) -> None:
        """References must belong to the record's board or company, also those that were there before (fact 6.5)."""
        for row in rows:
            value, scope = self.draft.get(row.name), self._scope(row)
            if not isinstance(value, int) or not scope:
                continue
            switches = self.world.switches
            if row.within == "company" and switches.is_("contact_of_other_company", "accept"):
                continue
            if row.within == "board" and row.name not in self.given and switches.is_("board_move", "keep-old"):
                continue
            target = TYPES[row.to]
            record = self.world.store.get(target, value)
            (name, owner), *_others = scope.items()
            # A contact without a company may stand on anybody's record.
            if record is None or (record.get(name) != owner and (record.get(name) is not None or target.parents)):
                self._missing(row, target, value, f"{row.name}/id", scope)

    def validate(self) -> None:
        """Required fields, lengths, limits: of the whole record, not only of what was sent (fact 6.5)."""
        for row in self.record_type.fields:
            value = self.draft.get(row.name)
            already = any(error.field.split("/")[0] == row.name for error in self.errors)
            wanted = row.required or (row.required_on_put and self.kind == "put")
            if wanted and not already and (value is None or (isinstance(value, str) and not value.strip())):
                self.errors.append(required(row.name))
            elif row.length and isinstance(value, str) and len(value.encode("utf-16-le")) // 2 > row.length:
                message = f"The field {row.name} must be a string with a maximum length of {row.length}."
                self.errors.append(FieldError("MaxLengthField", message, row.name))
            elif row.limits and value is not None and not row.limits[0] <= value <= row.limits[1]:
                message = f"The field {row.name} must be between {row.limits[0]} and {row.limits[1]}."
                self.errors.append(FieldError("OutOfRange", message, row.name))

    def custom_fields(self) -> None:
        """Take over customFields; entries may be just id and value (fact 6.6)."""
        if "customFields" not in self.given:
            return
        keep = self.kind == "patch" and self.world.switches.is_("custom_fields_left_out", "keep")
        held = dict((self.old or {}).get("customFields", {})) if keep else {}
        definitions = {
            record["id"]: record
            for record in self.world.store.find(TYPES["userDefinedField"], screenId=self.record_type.screen)
        }
        for entry in self.given["customFields"] or []:
            number = entry.get("id")
            definition = definitions.get(number) if number is not None else None
            if definition is None:
                text = f"Custom Field {entry.get('id', entry.get('caption'))} not found"
                self.errors.append(FieldError("NotFound", text, "customFields/id"))
                continue
            if entry.get("value") is None or entry.get("value") == "":
                held.pop(str(number), None)
                continue
            value, problem = _custom_value(definition, entry["value"])
            if problem:
                self.errors.append(FieldError("InvalidField", f"{definition['caption']} {problem}", "customFields"))
            else:
                held[str(number)] = value
        self.draft["customFields"] = held

    def run(self) -> Record:
        """Do it. ApiError 400 with all that is wrong; nothing is written then."""
        rows = list(self.record_type.fields)
        inner = [row for row in rows if row.within]
        self.resolve([row for row in rows if not row.within])
        rules.between(self)
        self.resolve(inner)
        if not self.lax:
            self.check_scopes(inner)
        self.custom_fields()
        rules.finish(self)
        if not self.lax:
            self.validate()
        if self.errors:
            raise invalid(self.record_type.resource, self.errors)
        self._stamp()
        if self.old is None:
            self.world.store.insert(self.record_type, self.draft)
        else:
            self.world.store.replace(self.record_type, self.draft)
        rules.after(self)
        if self.given.get("skipCallback"):
            self.world.store.say_nothing_of(self.record_type, self.draft["id"])
        return self.draft

    def _stamp(self) -> None:
        info = self.info if self.lax else {}
        now = self.world.now()
        if self.old is None:
            self.draft["_dateEntered"] = info.get("dateEntered", now)
            self.draft["_enteredBy"] = info.get("enteredBy", CALLER)
        self.draft["_lastUpdated"] = info.get("lastUpdated", self.draft["_dateEntered"] if self.old is None else now)
        self.draft["_updatedBy"] = info.get("updatedBy", CALLER)


def _custom_value(definition: Record, value: Any) -> tuple[Any, str]:
    """A custom field's value as it is kept, and what is wrong with it (the texts are a guess)."""
    kind = definition["fieldTypeIdentifier"]
    if kind == "Checkbox":
        if isinstance(value, bool):
            return value, ""
        known = {"true": True, "false": False}
        return (known[str(value).lower()], "") if str(value).lower() in known else (None, "must be true or false")
    if kind in ("Number", "Percent", "Currency"):
        try:
            if isinstance(value, bool):
                raise ValueError
            precise = float(value)
            if not math.isfinite(precise):
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            return None, "must be a number"
        number = round(precise, int(definition.get("numberDecimals", 0)) or 0)
        return (int(number) if float(number).is_integer() else number), ""
    if isinstance(value, list | dict):
        return None, "must be a single value"
    if kind == "Date":
        moment = read_moment(value)
        return (moment, "") if moment else (None, "must be a date such as 2026-01-31T00:00:00Z")
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    if definition.get("entryTypeIdentifier") in ("List", "Option"):
        options = [option["optionValue"] for option in definition.get("options", []) if not option.get("inactiveFlag")]
        if text not in options:
            return None, f"must be one of {', '.join(options)}"
    return text, ""


def create(
    world: World,
    record_type: RecordType,
    reading: Reading,
    parents: dict[str, int],
    lax: bool = False,
    info: dict[str, str] | None = None,
) -> Record:
    """Add a record. With ``lax`` (test data) the server's own fields are taken over, and nothing is validated."""
    given = {}
    draft: Record = {}
    for name, value in reading.values.items():
        row = record_type.by_field[name]
        if row.write == "ignored" and not (lax and value is not None):
            continue
        given[name] = value
        if row.write not in ("action", "initial"):
            draft[name] = value
    for row in record_type.fields:
        if draft.get(row.name) is None and row.default is not None:
            draft[row.name] = row.default
    draft.update(parents)
    change = Change(world, record_type, "create", None, given, draft, list(reading.errors), lax, info or {})
    return change.run()


def put(world: World, record_type: RecordType, old: Record, reading: Reading) -> Record:
    """Replace a record: what is left out goes to its default or to null (fact 6.8)."""
    kept = {row.name for row in record_type.fields if row.write == "ignored"}
    draft = {name: value for name, value in old.items() if name in kept or name.startswith("_") or name == "id"}
    given = {}
    for name, value in reading.values.items():
        row = record_type.by_field[name]
        if row.write == "create":
            message = f"{name} can only be used when creating"
            reading.errors.append(FieldError("InvalidField", message, name))
        elif row.write != "ignored":
            given[name] = value
            if row.write not in ("action", "initial"):
                draft[name] = value
    for row in record_type.fields:
        if draft.get(row.name) is None and row.default is not None:
            draft[row.name] = row.default
    return Change(world, record_type, "put", old, given, draft, list(reading.errors)).run()


def patch(world: World, record_type: RecordType, old: Record, reading: Reading) -> Record:
    """Change what a patch named."""
    draft = dict(old)
    for name, value in reading.values.items():
        row = record_type.by_field[name]
        if row.write != "action":
            draft[name] = row.default if value is None else value
    return Change(world, record_type, "patch", old, dict(reading.values), draft, list(reading.errors)).run()


def delete(world: World, record_type: RecordType, record: Record) -> None:
    """Remove a record and what belongs to it; a company is only marked (section 10 of the facts)."""
    store = world.store
    if record_type.name == "company":
        marked = {**record, "deletedFlag": True, "dateDeleted": world.now(), "deletedBy": CALLER}
        store.replace(record_type, marked)
        return
    rules.may_delete(world, record_type, record)
    store.delete(record_type, record["id"])
    rules.deleted(world, record_type, record)
    if record_type.name == "configuration":
        store.detach_all(record["id"])
    parts = {"ticket": ("note", "task"), "projectTicket": ("projectNote", "projectTask")}.get(record_type.name)
    if parts:
        for name in parts:
            for part in store.find(TYPES[name], ticketId=record["id"]):
                store.delete(TYPES[name], part["id"])
        for configuration in store.attached(record["id"]):
            store.detach(record["id"], configuration)
        for document in store.find(TYPES["document"], _recordType="Ticket", _recordId=record["id"]):
            delete(world, TYPES["document"], document)


def get(world: World, record_type: RecordType, record_id: int, parents: dict[str, int]) -> Record:
    """A record below its parents. ApiError 404."""
    record = world.store.get(record_type, record_id)
    if record is None or any(record.get(name) != owner for name, owner in parents.items()):
        raise not_found(record_type.label, record_id)
    return record

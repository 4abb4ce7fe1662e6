# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The telephones and mail addresses of a contact, one by one: the same that stand in its communicationItems."""

from __future__ import annotations

from typing import Any

from . import records
from .answers import Answer, Answers, Call, Endpoints
from .conditions import columns_of_documents
from .errors import FieldError, invalid, not_found, required
from .fields import COMMUNICATION, CONTACT, TYPES
from .lists import wanted_fields
from .patching import read_patch
from .reading import Reading
from .showing import trimmed
from .store import Record

_COLUMNS = columns_of_documents(
    {
        **dict.fromkeys(("id", "contactId", "type/id"), "integer"),
        **dict.fromkeys(("value", "extension", "domain", "communicationType", "type/name"), "text"),
        "defaultFlag": "flag",
    }
)
_LABEL = "Communication"


class Communications:
    """The endpoints below company/contacts/{id}/communications."""

    def __init__(self, answers: Answers) -> None:
        """For one world."""
        self.answers = answers
        self.world = answers.world

    def endpoints(self) -> Endpoints:
        """All of them."""
        path = f"{CONTACT.path}/{{id}}/communications"
        return {
            path: {"GET": self._many, "POST": self._create},
            f"{path}/count": {"GET": self._count},
            f"{path}/{{id}}": {"GET": self._get, "PUT": self._put, "PATCH": self._patch, "DELETE": self._delete},
        }

    def _contact(self, ids: list[int]) -> Record:
        return records.get(self.world, CONTACT, ids[0], {})

    def _item(self, contact: Record, number: int) -> Record:
        for item in contact.get("communicationItems", []):
            if item["id"] == number:
                return dict(item)
        raise not_found(_LABEL, number)

    def _shown(self, call: Call, contact: Record, item: Record) -> dict[str, Any]:
        shown = {"id": item["id"], "contactId": contact["id"], **{name: item[name] for name in item if name != "id"}}
        if shown.get("type"):
            shown["type"] = self.answers.showing(call).reference(TYPES["communicationType"], item["type"])
        shown["_info"] = {"lastUpdated": contact["_lastUpdated"], "updatedBy": contact["_updatedBy"]}
        return {name: value for name, value in shown.items() if value is not None}

    def _all(self, call: Call, ids: list[int]) -> list[dict[str, Any]]:
        contact = self._contact(ids)
        return [self._shown(call, contact, item) for item in contact.get("communicationItems", [])]

    def _many(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.page_of(call, self._all(call, ids), _COLUMNS)

    def _count(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.count_of(call, self._all(call, ids), _COLUMNS)

    def _one(self, call: Call, contact: Record, number: int, status: int = 200) -> Answer:
        tree = wanted_fields(call.query.text("fields"))
        shown = self._shown(call, contact, self._item(contact, number))
        return Answer(status, trimmed(shown, tree) if tree else shown)

    def _get(self, call: Call, ids: list[int]) -> Answer:
        return self._one(call, self._contact(ids), ids[1])

    def _create(self, call: Call, ids: list[int]) -> Answer:
        contact = self._contact(ids)
        reading = self.answers.reader(call, COMMUNICATION).record(call.json())
        before = {item["id"] for item in contact.get("communicationItems", [])}
        changed = self._saved(contact, [*contact.get("communicationItems", []), self._checked(reading, {})])
        [number] = [item["id"] for item in changed["communicationItems"] if item["id"] not in before]
        path = f"{CONTACT.path}/{contact['id']}/communications/{number}"
        return self.answers.locate(call, self._one(call, changed, number, 201), path)

    def _put(self, call: Call, ids: list[int]) -> Answer:
        contact = self._contact(ids)
        old = self._item(contact, ids[1])
        reading = self.answers.reader(call, COMMUNICATION).record(call.json())
        return self._changed(call, contact, old["id"], self._checked(reading, {}))

    def _patch(self, call: Call, ids: list[int]) -> Answer:
        contact = self._contact(ids)
        old = self._item(contact, ids[1])
        shown = self._shown(call, contact, old)
        reading = read_patch(COMMUNICATION, shown, call.json(), call.text, self.world.switches)
        return self._changed(call, contact, old["id"], self._checked(reading, old))

    def _delete(self, call: Call, ids: list[int]) -> Answer:
        contact = self._contact(ids)
        gone = self._item(contact, ids[1])["id"]
        self._saved(contact, [item for item in contact["communicationItems"] if item["id"] != gone])
        return Answer(204)

    def _changed(self, call: Call, contact: Record, number: int, item: Record) -> Answer:
        items = [{**item, "id": number} if old["id"] == number else old for old in contact["communicationItems"]]
        return self._one(call, self._saved(contact, items), number)

    def _checked(self, reading: Reading, old: Record) -> Record:
        """One item as a contact keeps it. ApiError 400."""
        item = {**old, **{name: value for name, value in reading.values.items() if name != "id"}}
        errors = list(reading.errors)
        errors += [required(name) for name in ("type", "value") if item.get(name) in (None, "")]
        for row in COMMUNICATION.fields:
            if row.length and len(str(item.get(row.name) or "")) > row.length:
                text = f"The field {row.name} must be a string with a maximum length of {row.length}."
                errors.append(FieldError("MaxLengthField", text, row.name))
        if errors:
            raise invalid(COMMUNICATION.resource, errors)
        if "type" in reading.values:
            # What kind it is follows from the type.
            item.pop("communicationType", None)
        return item

    def _saved(self, contact: Record, items: list[Record]) -> Record:
        return records.patch(self.world, CONTACT, contact, Reading({"communicationItems": items}))

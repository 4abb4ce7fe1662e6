# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of a contact, one by one: OpenAPI says of typeIds that those of existing contacts are changed here."""

from __future__ import annotations

from typing import Any

from . import records
from .answers import Answer, Answers, Call, Endpoints
from .conditions import columns_of_documents
from .errors import FieldError, invalid, not_found, required
from .fields import CONTACT, TYPE_ASSOCIATION, TYPES
from .reading import Reading
from .store import Record

_COLUMNS = columns_of_documents(
    {**dict.fromkeys(("id", "type/id", "contact/id"), "integer"), **dict.fromkeys(("type/name",), "text")}
)
_NUMBERS = 1000
"""More types than there are, so that a contact and a type make the number of an association."""


class ContactTypes:
    """The endpoints below company/contacts/{id}/typeAssociations."""

    def __init__(self, answers: Answers) -> None:
        """For one world."""
        self.answers = answers
        self.world = answers.world

    def endpoints(self) -> Endpoints:
        """All but changing one, for which nobody has a use."""
        path = f"{CONTACT.path}/{{id}}/typeAssociations"
        return {
            path: {"GET": self._many, "POST": self._create},
            f"{path}/count": {"GET": self._count},
            f"{path}/{{id}}": {"GET": self._get, "DELETE": self._delete},
        }

    def _contact(self, ids: list[int]) -> Record:
        return records.get(self.world, CONTACT, ids[0], {})

    def _shown(self, call: Call, contact: Record, number: int) -> dict[str, Any]:
        refer = self.answers.showing(call).reference
        return {
            "id": contact["id"] * _NUMBERS + number,
            "type": refer(TYPES["contactType"], number),
            "contact": refer(CONTACT, contact["id"]),
            "_info": {"lastUpdated": contact["_lastUpdated"], "updatedBy": contact["_updatedBy"]},
        }

    def _all(self, call: Call, ids: list[int]) -> list[dict[str, Any]]:
        contact = self._contact(ids)
        return [self._shown(call, contact, number) for number in contact.get("types") or []]

    def _many(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.page_of(call, self._all(call, ids), _COLUMNS)

    def _count(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.count_of(call, self._all(call, ids), _COLUMNS)

    def _get(self, call: Call, ids: list[int]) -> Answer:
        found = [each for each in self._all(call, ids) if each["id"] == ids[1]]
        if not found:
            raise not_found("Contact Type Association", ids[1])
        return Answer(200, found[0])

    def _create(self, call: Call, ids: list[int]) -> Answer:
        contact = self._contact(ids)
        values = self.answers.reader(call, TYPE_ASSOCIATION).record(call.json()).values
        errors = [required(name) for name in ("type", "contact") if not values.get(name)]
        if errors:
            raise invalid(TYPE_ASSOCIATION.resource, errors)
        sent = values["type"]
        wanted, store = TYPES["contactType"], self.world.store
        found = (
            store.get(wanted, sent["id"])
            if sent.get("id") is not None
            else next(iter(store.find(wanted, description=sent.get("name"))), None)
        )
        if found is None:
            what = sent.get("id", sent.get("name"))
            raise invalid(
                TYPE_ASSOCIATION.resource, [FieldError("NotFound", f"Contact Type {what} not found", "type/id")]
            )
        if found["id"] in (contact.get("types") or []):
            error = FieldError("ObjectExists", "This type is already associated with the contact.", "type")
            raise invalid(TYPE_ASSOCIATION.resource, [error])
        changed = self._saved(contact, [*(contact.get("types") or []), found["id"]])
        shown = self._shown(call, changed, found["id"])
        path = f"{CONTACT.path}/{contact['id']}/typeAssociations/{shown['id']}"
        return self.answers.locate(call, Answer(201, shown), path)

    def _delete(self, call: Call, ids: list[int]) -> Answer:
        contact, gone = self._contact(ids), self._get(call, ids).body
        self._saved(contact, [number for number in contact["types"] if number != gone["type"]["id"]])
        return Answer(204)

    def _saved(self, contact: Record, numbers: list[int]) -> Record:
        return records.patch(self.world, CONTACT, contact, Reading({"types": numbers}))

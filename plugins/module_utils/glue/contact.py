# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_contact."""

from __future__ import annotations

from typing import Any

from ..connectwise import ConnectWiseBadRequestError, ConnectWiseClient, Contact
from ..resources.communications import EMAIL, default_address, has_address, of_type, type_name
from ..resources.contact import CONTACT_FIELDS
from ..resources.fields import REFERENCE, Field, WantedError, normalised, quoted, same
from ..resources.planning import wanted_state
from ..resources.record import is_address, with_address
from ..resources.references import COMMUNICATION_TYPE, CONTACT, CONTACT_TYPE
from .arguments import field_options
from .lookup import Lookup, numbered
from .records import Done, bring, matching, outcome, remove, the_match, with_id

CONTACTS = "company/contacts"
OPTIONS: dict[str, dict[str, Any]] = {
    **field_options(CONTACT_FIELDS),
    "id": {"type": "int", "aliases": ["contact_id"]},
    "match": {"type": "list", "elements": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "email": {"type": "str"},
    "types": {"type": "list", "elements": "str"},
    "fields": {"type": "dict"},
}
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("id", "match", "email")],
    "mutually_exclusive": [("id", "match")],
}
_COMMUNICATION = Field("type", REFERENCE, "communications", COMMUNICATION_TYPE)
_TYPE = Field("types", REFERENCE, "types", CONTACT_TYPE, required=True)


def run_contact(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a contact to its wanted state. Of two runs that make it at the same moment, the later takes its own back.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``contact`` (facts), ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    run = _Run(client, params, check_mode)
    before = run.find()
    if params["state"] == "absent":
        done = remove(client, CONTACT_FIELDS, CONTACTS, [before] if before else [], check_mode)
    else:
        done = run.bring(before)
    return outcome(done, "contact", Contact)


class _Run:
    """The steps of one run, and what they share."""

    def __init__(self, client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.lookup = Lookup(client)
        self.wanted = wanted_state(CONTACT_FIELDS, params, params["fields"])
        self.address: str | None = params["email"] if params["email"] is None else params["email"].strip()
        if self.address is not None and not is_address(self.address):
            raise WantedError("email", f"{quoted(self.address)} is no e-mail address.")

    def find(self) -> dict[str, Any] | None:
        """The contact as it is; None where there is none."""
        if self.params["id"] is not None:
            found = with_id(self.client, CONTACT, self.params, self.check_mode)
            return {**found, "customFields": self._definitions()} if found and found["id"] == 0 else found
        return the_match(self._matching(), CONTACT)

    def _matching(self) -> list[dict[str, Any]]:
        names = self.params["match"] or ["email", *(["company"] if self.params["company"] else [])]
        address = self.address if "email" in names else None
        return matching(
            self.client,
            self.lookup,
            CONTACT_FIELDS,
            CONTACT,
            self.wanted,
            [name for name in names if name != "email" or address is None],
            "email",
            with_address(address) if address else None,
            lambda record: address is None or has_address(record.get("communicationItems") or [], address),
        )

    def bring(self, before: dict[str, Any] | None) -> Done:
        """Create it, or change what is not as wanted. The types take a request each."""
        if before is None and not self.wanted.get("firstName"):
            raise WantedError(
                "first_name", "no contact matches, and to create one first_name must be given.", "NotFound"
            )
        lacking = self._types_lacking((before or {}).get("types") or [])
        self._complete_communications((before or {}).get("communicationItems") or [])
        definitions = self._definitions() if before is None else []
        done = bring(
            self.client, self.lookup, CONTACT_FIELDS, CONTACTS, before, self.wanted, self.check_mode, definitions
        )
        if done.operation == "created" and not self.check_mode:
            first = self._made_before(done)
            if first:
                return self.bring(first)
        return self._with_types(done, lacking) if lacking else done

    def _made_before(self, done: Done) -> dict[str, Any] | None:
        """The same contact, where another run made it at the same moment: the one with the lowest id stays."""
        number = int((done.record or {})["id"])
        others = [record for record in self._matching() if int(record["id"]) < number]
        if others:
            self.client.delete(CONTACTS, number)
        return min(others, key=lambda record: int(record["id"])) if others else None

    def _definitions(self) -> list[dict[str, Any]]:
        return self.lookup.custom_fields(CONTACTS) if "customFields" in self.wanted else []

    def _complete_communications(self, items: list[dict[str, Any]]) -> None:
        """Put the e-mail address among what is wanted, and to what is new the type that it needs."""
        wanted: dict[str, dict[str, Any]] = {}
        for name, entry in self.wanted.get("communicationItems", {}).items():
            if entry["value"] and not of_type(items, name):
                kind = self.lookup.find(_COMMUNICATION, normalised(_COMMUNICATION, name), {})
                new = {} if of_type(items, kind["name"]) else self._of_kind(kind)
                wanted[kind["name"]] = {**entry, **new}
            else:
                wanted[name] = entry
        if self.address is not None and not has_address(items, self.address):
            default = default_address(items)
            new = {} if default else {**self._of_kind(self._type_of_addresses()), "defaultFlag": True}
            name = type_name(default or new)
            given = next((entry for other, entry in wanted.items() if other.casefold() == name.casefold()), None)
            if given and given["value"].casefold() != self.address.casefold():
                raise WantedError("communications", f"{name} is another address than email. Give one of them.")
            if given is None:
                wanted[name] = {"value": self.address, **new}
        if wanted:
            self.wanted["communicationItems"] = wanted

    def _type_of_addresses(self) -> dict[str, Any]:
        """The type that a new e-mail address has."""
        kinds = [kind for kind in self.lookup.all_of(COMMUNICATION_TYPE, {}) if kind.get("emailFlag")]
        if not kinds:
            raise WantedError("email", "ConnectWise has no communication type for e-mail addresses.", "NotFound")
        return next((kind for kind in kinds if kind.get("defaultFlag")), kinds[0])

    def _of_kind(self, kind: dict[str, Any]) -> dict[str, Any]:
        """What tells the type of a new item: its reference, and the kind that follows from its flags."""
        (known,) = (each for each in self.lookup.all_of(COMMUNICATION_TYPE, {}) if each["id"] == kind["id"])
        flags = ((EMAIL, "emailFlag"), ("Fax", "faxFlag"), ("Phone", "phoneFlag"))
        return {
            "type": {"id": known["id"], "name": known["description"].strip()},
            "communicationType": next((word for word, flag in flags if known.get(flag)), "Phone"),
        }

    def _types_lacking(self, here: list[dict[str, Any]]) -> list[dict[str, Any]]:
        wanted = [normalised(_TYPE, name) for name in self.params["types"] or []]
        lacking = [value for value in wanted if not any(same(_TYPE, {"types": kind}, value) for kind in here)]
        found = [self.lookup.find(_TYPE, value, {}) for value in lacking]
        return list({kind["id"]: kind for kind in found}.values())

    def _with_types(self, done: Done, lacking: list[dict[str, Any]]) -> Done:
        """Give the contact the types that it lacks: each is a record of its own (OpenAPI, Contact.typeIds)."""
        record = done.record or {}
        here = numbered(record.get("types") or [])
        ids = [kind["id"] for kind in here]  # a new contact may have a default one
        for kind in lacking:
            if not self.check_mode and kind["id"] not in ids:
                self._give_type(record["id"], kind["id"])
        here = here + [kind for kind in lacking if kind["id"] not in ids]
        names = [kind["name"] for kind in lacking]
        if done.operation == "created":
            return Done(
                "created", {**record, "types": here}, {"before": {}, "after": {**done.diff["after"], "types": names}}
            )
        before = [kind.get("name") for kind in here if kind["id"] in ids]
        diff = {
            "before": {**done.diff["before"], "types": before},
            "after": {**done.diff["after"], "types": before + names},
        }
        return Done("updated", {**record, "types": here}, diff)

    def _give_type(self, contact_id: int, type_id: int) -> None:
        body = {"type": {"id": type_id}, "contact": {"id": contact_id}}
        try:
            self.client.post(f"{CONTACTS}/{contact_id}/typeAssociations", body)
        except ConnectWiseBadRequestError as error:
            # Another run was faster (fact sheet 5.9).
            if "ObjectExists" not in [item.get("code") for item in error.field_errors]:
                raise

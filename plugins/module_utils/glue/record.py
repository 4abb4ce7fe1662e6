# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One call of the lookup cw_record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from ..connectwise import Condition, ConnectWiseClient, ConnectWiseNotFoundError
from ..resources.facts import facts
from ..resources.fields import REFERENCE, Field, Reference, WantedError, normalised
from ..resources.kinds import kind_of
from . import listing
from .lookup import Lookup


def look_up(
    client: ConnectWiseClient, terms: Sequence[Any], options: dict[str, Any], warn: Callable[[str], None]
) -> list[dict[str, Any]]:
    """The records that the terms stand for, in their order; without terms a list.

    Args:
        client: asked with GET only.
        terms: ids or names.
        options: ``record``, and those of :data:`.listing.OPTIONS`.
        warn: told when there are more records than ``limit``.

    Returns:
        The facts of each record.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    reference, record = kind_of(options["record"])
    only = options["fields"] or []
    try:
        if terms:
            found = _of_terms(client, terms, reference, options)
        else:
            found, _count = listing.read(client, reference.endpoint, f"{reference.noun} records", [], options, warn)
    except ConnectWiseNotFoundError as error:
        if error.code is None:
            raise
        raise WantedError("record", f"there is no list {reference.endpoint}.", "NotFound") from error
    return [facts(record.from_dict(each), only) for each in found]


def _of_terms(
    client: ConnectWiseClient, terms: Sequence[Any], reference: Reference, options: dict[str, Any]
) -> list[dict[str, Any]]:
    for option in ("conditions", "order_by"):
        if options[option]:
            raise WantedError(option, "it is for lists, and can't be had with ids or names.")
    ids = _ids(client, terms, reference)
    asked = {**options, "limit": len(set(ids))}
    wanted = [Condition("id", "in", list(dict.fromkeys(ids)))]
    found, _count = listing.read(client, reference.endpoint, reference.noun, wanted, asked, lambda _: None, ("id",))
    by_id = {record["id"]: record for record in found}
    missing = ", ".join(str(number) for number in dict.fromkeys(ids) if number not in by_id)
    if missing:
        raise WantedError("record", f"there is no {reference.noun} with the id {missing}.", "NotFound")
    return [by_id[number] for number in ids]


def _ids(client: ConnectWiseClient, terms: Sequence[Any], reference: Reference) -> list[int]:
    row = Field(reference.noun, REFERENCE, "record", reference)
    lookup = Lookup(client, retired_too=True)
    ids = []
    for term in terms:
        value = normalised(row, term) if term is not None else None
        if not value:
            raise WantedError("record", f"nothing, or an empty text, is no id and no name of a {reference.noun}.")
        if "id" not in value and not reference.names:
            raise WantedError("record", f"a {reference.noun} is looked up by id or with conditions, not by name.")
        ids.append(int(value["id"] if "id" in value else lookup.find(row, value, {})["id"]))
    return ids

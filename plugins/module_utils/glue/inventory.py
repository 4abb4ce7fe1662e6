# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the configurations that become hosts of an inventory."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any, Callable

from ..connectwise import Condition, ConnectWiseBadRequestError, ConnectWiseClient
from ..resources.configuration import CONFIGURATION_FIELDS
from ..resources.fields import WantedError, by_name, normalised
from ..resources.host import without_passwords
from .configuration_info import ENDPOINT
from .lookup import Lookup

# Each by one or several; what is looked up in a company is left to conditions.
FILTERS = ("company", "type", "status", "location", "department", "manufacturer", "vendor")
AS_WRITTEN = ("conditions", "custom_field_conditions", "fields")
_A_PAGE = 1000


def read_hosts(
    client: ConnectWiseClient, options: dict[str, Any], fields: tuple[str, ...], progress: Callable[[int], None]
) -> list[dict[str, Any]]:
    """The configurations that the options ask for, in the order of their ids, as the API gives them, but for passwords.

    Args:
        client: asked with GET only.
        options: those of the inventory.
        fields: names of the fields to bring.
        progress: told how many were read, with each thousand.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    found: list[dict[str, Any]] = []
    try:
        for record in client.iterate(
            ENDPOINT,
            _condition(client, options),
            fields=[*fields],
            # By number: where pages are read by id, those ahead are guessed, and some are asked for in vain.
            orderby="id asc",
            customfieldconditions=options["custom_field_conditions"] or "",
        ):
            found.append(without_passwords(record))
            if len(found) % _A_PAGE == 0:
                progress(len(found))
    except ConnectWiseBadRequestError as error:
        option = next((name for name in AS_WRITTEN if options[name]), None)
        raise error if option is None or error.code is None else WantedError(option, str(error), error.code) from error
    return found


def _condition(client: ConnectWiseClient, options: dict[str, Any]) -> Condition | str:
    lookup = Lookup(client, retired_too=True)
    parts = [
        Condition(f"{name}/id", "in", _ids(lookup, name, options[name]))
        for name in FILTERS
        if options[name] is not None
    ]
    if options["active"] is not None:
        parts.append(Condition("activeFlag", "=", options["active"]))
    if options["conditions"]:
        parts.append(Condition.as_written(options["conditions"]))
    return reduce(and_, parts) if parts else ""


def _ids(lookup: Lookup, name: str, given: Any) -> list[int]:
    """The ids of one or several records that are given by id or name."""
    row = by_name(CONFIGURATION_FIELDS, name)
    ids = []
    for one in given if isinstance(given, list) else [given]:
        value = normalised(row, one)
        if not value:
            raise WantedError(name, "it is empty. Leave it out, or give a name.")
        ids.append(int(value["id"] if "id" in value else lookup.find(row, value, {})["id"]))
    if not ids:
        raise WantedError(name, "it is empty. Leave it out, or give a name.")
    return list(dict.fromkeys(ids))

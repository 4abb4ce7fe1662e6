# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a list of records: filters, conditions, limit, order and count, the same for all modules that list."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any, Callable

from ..connectwise import Condition, ConnectWiseBadRequestError, ConnectWiseClient, ConnectWiseConfigurationError
from ..resources.fields import REFERENCE, WantedError
from ..resources.filters import Filters, condition, wanted_by
from .lookup import Lookup

# As the documentation fragment listing describes them.
OPTIONS: dict[str, dict[str, Any]] = {
    "conditions": {"type": "str"},
    "fields": {"type": "list", "elements": "str"},
    "order_by": {"type": "str"},
    "limit": {"type": "int", "default": 1000},
}
# As its form listing.records does: what lists of whole records have beside.
OF_RECORDS: dict[str, dict[str, Any]] = {
    **OPTIONS,
    "child_conditions": {"type": "str"},
    "custom_field_conditions": {"type": "str"},
    "count_only": {"type": "bool", "default": False},
}
# What of them is said in the server's own words, which it may not understand.
_AS_WRITTEN = ("conditions", "child_conditions", "custom_field_conditions", "order_by", "fields", "query")


def filtered(client: ConnectWiseClient, filters: Filters, params: dict[str, Any]) -> list[Condition]:
    """The conditions for the filters that are asked for, names looked up.

    Raises:
        WantedError: a value that can't be, a name that stands for nothing or for several.
    """
    asked = wanted_by(filters, params)
    rows = [row.field for row, _value in asked if row.field.kind == REFERENCE]
    references = {row.field.name: value for row, value in asked if row.field.kind == REFERENCE}
    lookup = Lookup(client, retired_too=True)
    found = lookup.resolved(rows, references, {}, lambda row, value: "id" not in value)
    for row in rows:
        if row.reference and row.reference.searched and "id" not in found[row.name]:
            raise WantedError(row.option, f"the name says which one only with {row.reference.scope}. Give that too.")
    return [condition(row, found.get(row.field.name, value)) for row, value in asked]


def read(
    client: ConnectWiseClient,
    endpoint: str,
    noun: str,
    conditions: list[Condition],
    params: dict[str, Any],
    warn: Callable[[str], None],
    also: tuple[str, ...] = (),
    countable: bool = True,
    further: dict[str, str] | None = None,
) -> tuple[list[dict[str, Any]], int]:
    """Read a list.

    Args:
        endpoint: of the list.
        noun: what the records are called.
        conditions: which must all be met.
        params: the options :data:`OPTIONS` or :data:`OF_RECORDS`, which say what else is asked.
        warn: told when there are more than the limit.
        also: fields that are needed beside those asked for.
        countable: whether the server counts the list (``endpoint/count``); else it is read to its end.
        further: further parameters of the query.

    Returns:
        The records, none with ``count_only``, and how many there are in all.

    Raises:
        WantedError: the server did not understand an option.
        ConnectWiseNotFoundError: there is no such list.
    """
    limit, only = params["limit"], params["fields"] or []
    if limit < 1:
        raise WantedError("limit", f"{limit} is too small; 1 is the least.")
    asked = _joined(conditions, params)
    within: dict[str, Any] = {
        "childconditions": params.get("child_conditions") or "",
        "customfieldconditions": params.get("custom_field_conditions") or "",
        "further": further,
    }
    fields = list(dict.fromkeys([*only, *also])) if only else []
    try:
        if params.get("count_only"):
            return [], client.get_count(endpoint, asked, **within)
        # One more than wanted, which tells whether there are more.
        found = client.iterate(
            endpoint,
            asked,
            fields=fields,
            orderby=params["order_by"] or "",
            pagesize=min(limit + 1, 1000),
            limit=limit + 1 if countable else None,
            **within,
        )
        records = list(found)
    except ConnectWiseBadRequestError as error:
        raise explained(error, params) from error
    except ConnectWiseConfigurationError as error:
        raise (WantedError("order_by", f"{error}.") if params["order_by"] else error) from error
    count = len(records)
    if count > limit:
        # Some lists can't be counted.
        count = max(count, client.get_count(endpoint, asked, **within)) if countable else count
        warn(f"limit: {limit} of {count} {noun} are returned. Raise limit, or ask for fewer.")
    return records[:limit], count


def _joined(conditions: list[Condition], params: dict[str, Any]) -> Condition | str:
    parts = [*conditions, *([Condition.as_written(params["conditions"])] if params["conditions"] else [])]
    return reduce(and_, parts) if parts else ""


def explained(error: ConnectWiseBadRequestError, params: dict[str, Any]) -> Exception:
    """The error, beginning with the option that the server did not understand."""
    option = next((name for name in _AS_WRITTEN if params.get(name)), None)
    return error if option is None or error.code is None else WantedError(option, str(error), error.code)

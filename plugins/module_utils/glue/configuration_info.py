# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration_info."""

from __future__ import annotations

from functools import reduce
from itertools import islice
from operator import and_
from typing import Any, Callable

from ..connectwise import Condition, Configuration, ConnectWiseBadRequestError, ConnectWiseClient
from ..resources.configuration import CONFIGURATION
from ..resources.facts import facts
from ..resources.fields import REFERENCE, TEXT, Field, WantedError
from ..resources.planning import wanted_state
from .lookup import Lookup

ENDPOINT = "company/configurations"


def run_configuration_info(
    client: ConnectWiseClient, params: dict[str, Any], warn: Callable[[str], None]
) -> dict[str, Any]:
    """Read configurations.

    Args:
        client: asked with GET only.
        params: the module's options.
        warn: told when there are more configurations than ``limit``.

    Returns:
        The result: ``configurations`` (list of facts) and ``count``, the number of all that meet the filters.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    limit, only = params["limit"], params["fields"] or []
    if limit < 1:
        raise WantedError("limit", f"{limit} is too small; 1 is the least.")
    empty = [row.option for row in CONFIGURATION if params[row.option] is not None and not params[row.option].strip()]
    if empty:
        raise WantedError(empty[0], "it is empty. Leave it out, or give a name.")
    wanted = Lookup(client).resolved(
        CONFIGURATION, wanted_state(CONFIGURATION, params), {}, lambda row, value: "id" not in value
    )
    filters = [_condition(row, wanted[row.name]) for row in CONFIGURATION if row.name in wanted]
    if params["id"] is not None:
        filters.append(Condition("id", "=", params["id"]))
    given = f"({params['conditions']})" if params["conditions"] and filters else params["conditions"] or ""
    conditions = " AND ".join(part for part in (str(reduce(and_, filters)) if filters else "", given) if part)
    # The name is compared here as well, for not every name can be written into a condition.
    names = [_condition(row, wanted[row.name]) for row in CONFIGURATION if row.kind == TEXT and row.name in wanted]
    asked = list(dict.fromkeys([*only, "name"])) if only and names else only
    records = client.iterate(
        ENDPOINT, conditions, fields=asked, orderby=params["order_by"] or "", pagesize=min(limit + 1, 1000)
    )
    matching = (record for record in records if all(name.matches(record) for name in names))
    try:
        found = list(islice(matching, limit + 1))
    except ConnectWiseBadRequestError as error:
        option = next((name for name in ("conditions", "order_by", "fields") if params[name]), None)
        if option is None or error.code is None:
            raise
        raise WantedError(option, str(error), error.code) from error
    count = len(found)
    if count > limit:
        count = count + len(list(matching)) if names else client.get_count(ENDPOINT, conditions)
        warn(f"limit: {limit} of {count} configurations are returned. Raise limit, or ask for fewer.")
    return _result(found[:limit], count, only)


def _condition(row: Field, value: Any) -> Condition:
    return Condition(f"{row.name}/id", "=", value["id"]) if row.kind == REFERENCE else Condition(row.name, "=", value)


def _result(found: list[dict[str, Any]], count: int, only: list[str]) -> dict[str, Any]:
    configurations = [facts(Configuration.from_dict(record), only) for record in found]
    return {"changed": False, "configurations": configurations, "count": count}

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_record_info."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import Condition, ConnectWiseClient, ConnectWiseNotFoundError
from ..resources.facts import facts
from ..resources.fields import REFERENCE, TEXT, Field, WantedError, normalised
from ..resources.filters import Filter, wanted_by
from ..resources.record import RECORDS, RecordKind, named
from ..resources.references import COMPANY
from . import listing
from .lookup import Lookup

OPTIONS: dict[str, dict[str, Any]] = {
    "record": {"type": "str", "required": True, "choices": list(RECORDS)},
    "id": {"type": "list", "elements": "int"},
    "name": {"type": "str"},
    "company": {"type": "str"},
    "active": {"type": "bool"},
    **listing.OF_RECORDS,
}
_NAME = Filter(Field("name", TEXT, "name"))
_COMPANY = Field("company", REFERENCE, "company", COMPANY)


def run_record_info(client: ConnectWiseClient, params: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Read records of one kind.

    Args:
        client: asked with GET only.
        params: the module's options.
        warn: told when there are more records than ``limit``.

    Returns:
        The result: ``records`` (list of facts) and ``count``, the number of all that meet the filters.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    kind = RECORDS[params["record"]]
    _refuse_what_it_has_not(kind, params)
    called = wanted_by([_NAME], params)
    if params["id"] == []:
        return {"changed": False, "records": [], "count": 0}
    endpoint = _endpoint(client, kind, params)
    conditions = listing.filtered(client, kind.filters, params)
    conditions += [Condition("id", "in", params["id"])] if params["id"] else []
    asked = dict(params)
    for _row, name in called:
        condition, child = named(kind.reference, name.strip())
        conditions += [condition] if condition else []
        if child and params["child_conditions"]:
            raise WantedError("child_conditions", "an e-mail address as name is one already. Give one of them.")
        asked["child_conditions"] = str(child) if child else params["child_conditions"]
    try:
        found, count = listing.read(client, endpoint, "records", conditions, asked, warn)
    except ConnectWiseNotFoundError as error:
        if error.code is None or "{company}" not in kind.reference.endpoint:
            raise
        raise WantedError("company", f"there is no company {params['company']}.", "NotFound") from error
    records = [facts(kind.record.from_dict(record), params["fields"] or []) for record in found]
    return {"changed": False, "records": records, "count": count}


def _endpoint(client: ConnectWiseClient, kind: RecordKind, params: dict[str, Any]) -> str:
    """Where the list is: sites are a list of their company."""
    if "{company}" not in kind.reference.endpoint:
        return kind.reference.endpoint
    if params["company"] is None:
        raise WantedError("company", "sites are records of a company. Give it, by id, identifier or name.")
    value = normalised(_COMPANY, params["company"])
    company = value if "id" in value else Lookup(client, retired_too=True).find(_COMPANY, value, {})
    return kind.reference.endpoint.format(company=company["id"])


def _refuse_what_it_has_not(kind: RecordKind, params: dict[str, Any]) -> None:
    options = {row.field.option for row in kind.filters} | (
        {"company"} if "{company}" in kind.reference.endpoint else set()
    )
    for option in ("company", "active"):
        if params[option] is not None and option not in options:
            raise WantedError(option, f"records of the kind {params['record']} can't be told apart by it.")

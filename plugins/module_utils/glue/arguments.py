# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specifications: the connection options, once for everything; the fields of a record, from its table."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback

from ..resources.fields import ENTRIES, FLAG, INTEGER, NUMBER, Table
from ..resources.ticket import TICKET_KINDS


def _option(variable: str, kind: str = "str", **more: Any) -> dict[str, Any]:
    return {"type": kind, "fallback": (env_fallback, [variable]), **more}


CONNECTION: dict[str, dict[str, Any]] = {
    "base_url": _option("CW_URL", required=True),
    "client": _option("CW_CLIENT", required=True),
    "username": _option("CW_USERNAME", required=True, aliases=["public_key"]),
    "password": _option("CW_PASSWORD", required=True, no_log=True, aliases=["private_key"]),
    "client_id": _option("CW_CLIENT_ID", required=True),
    "codebase": _option("CW_CODEBASE"),
    "validate_certs": _option("CW_VALIDATE_CERTS", "bool", default=True),
    "ca_path": _option("CW_CA_PATH", "path"),
    "proxy": _option("CW_PROXY", no_log=True),  # it may hold a password
    "allow_http": _option("CW_ALLOW_HTTP", "bool", default=False),
    "timeout": _option("CW_TIMEOUT", "float", default=60.0),
    "retry_budget": _option("CW_RETRY_BUDGET", "float", default=120.0),
    "requests_per_minute": _option("CW_REQUESTS_PER_MINUTE", "int", default=1000),
}


RECORD_TYPE: dict[str, dict[str, Any]] = {
    "record_type": {"type": "str", "choices": list(TICKET_KINDS), "default": "service"}
}


_TYPES = {**dict.fromkeys(ENTRIES, "dict"), FLAG: "bool", INTEGER: "int", NUMBER: "float"}


def field_options(table: Table) -> dict[str, dict[str, Any]]:
    """The options of a table's rows. Whatever refers to a record is a text: an id, a name or an identifier."""
    options: dict[str, dict[str, Any]] = {}
    for row in table:
        if row.option:
            options[row.option] = {"type": _TYPES.get(row.kind, "str")}
            if row.choices:
                options[row.option]["choices"] = list(row.choices)
    return options

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration_info."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import Condition, Configuration, ConnectWiseClient
from ..resources.configuration import CONFIGURATION
from ..resources.facts import facts
from ..resources.filters import Filter
from .listing import filtered, read

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
    conditions = filtered(client, [Filter(row) for row in CONFIGURATION], params)
    if params["id"] is not None:
        conditions.append(Condition("id", "=", params["id"]))
    found, count = read(client, ENDPOINT, "configurations", conditions, params, warn)
    configurations = [facts(Configuration.from_dict(record), params["fields"] or []) for record in found]
    return {"changed": False, "configurations": configurations, "count": count}

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_ping."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable

from ..connectwise import ConnectWiseClient, ConnectWisePermissionError
from ..resources.facts import facts
from ..resources.fields import WantedError
from ..resources.permissions import NEEDED, Permission

ABOUT_THE_MEMBER = ("id", "identifier", "firstName", "lastName", "licenseClass", "officeEmail", "inactiveFlag")
ABOUT_THE_SERVER = ("version", "isCloud", "serverTimeZone", "cloudRegion")
CLOCKS_DIFFER = 60.0  # seconds; less does no harm


def run_ping(client: ConnectWiseClient, params: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Tell who asks whom, and what is not as it has to be.

    Args:
        client: asked with GET only.
        params: the module's options.
        warn: told of missing permissions and of a wrong clock.

    Returns:
        The result: ``changed`` (False), ``member`` and ``server`` (facts), ``clock_difference`` (seconds),
        ``permissions`` (list) and ``missing`` (their names).

    Raises:
        WantedError: permissions are missing, and that is to be a failure.
        ConnectWiseError: a sentence that names the option at fault.
    """
    member = client.get_my_account()
    server, clock = client.get_system_info()
    difference = round((datetime.now(timezone.utc) - clock).total_seconds()) if clock else None
    if difference is not None and abs(difference) > CLOCKS_DIFFER:
        way = "ahead of" if difference > 0 else "behind"
        warn(f"The clock of this machine is {abs(difference)} s {way} that of ConnectWise, so times can be wrong.")
    permissions = _permissions(client, params["modules"] or list(NEEDED))
    missing: dict[str, list[str]] = {}
    for entry in permissions:
        if entry["granted"] is False:
            missing.setdefault(entry["permission"], []).append(entry["module"])
    if missing:
        texts = [f"{name}, for {', '.join(modules)}" for name, modules in missing.items()]
        sentence = f"the security role of this API member lacks {'; '.join(texts)}."
        if params["fail_on_missing"]:
            raise WantedError("username", sentence, "Security")
        warn(f"username: {sentence}")
    return {
        "changed": False,
        "member": facts(member, ABOUT_THE_MEMBER) if member else None,
        "server": facts(server, ABOUT_THE_SERVER),
        "clock_difference": difference,
        "permissions": permissions,
        "missing": list(missing),
    }


def _permissions(client: ConnectWiseClient, modules: list[str]) -> list[dict[str, Any]]:
    """What the modules need; each permission is looked for once."""
    known: dict[Permission, bool | None] = {}
    found = []
    for module in modules:
        for permission in NEEDED[module]:
            if permission not in known:
                known[permission] = _is_granted(client, permission)
            found.append({"module": module, "permission": permission.name, "granted": known[permission]})
    return found


def _is_granted(client: ConnectWiseClient, permission: Permission) -> bool | None:
    """Whether one of its lists can be read; None where this server has none of them."""
    refused = False
    for endpoint in permission.endpoints:
        try:
            if client.get(f"{endpoint}/count") is not None:
                return True
        except ConnectWisePermissionError:
            refused = True
    return False if refused else None

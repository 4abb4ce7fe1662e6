# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the server is, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .endpoints import Endpoints, checked
from .errors import ConnectWisePermissionError
from .models import Record
from .people import Member
from .recovery import server_time


@dataclass(eq=False, repr=False)
class SystemInfo(Record):
    """A server (fact sheet 1.14). ``serverTimeZone`` is a name as Windows has them."""

    version: str | None = None
    isCloud: bool | None = None
    serverTimeZone: str | None = None
    licenseBits: list[dict[str, Any]] | None = None
    cloudRegion: str | None = None
    maxWorkFlowRecordsAllowed: int | None = None


@dataclass(eq=False, repr=False)
class Callback(Record):
    """What the server tells of changes to records, and whom (fact sheet 11.5)."""

    description: str | None = None
    url: str | None = None
    objectId: int | None = None
    type: str | None = None
    level: str | None = None
    memberId: int | None = None
    payloadVersion: str | None = None
    inactiveFlag: bool | None = None
    isSoapCallbackFlag: bool | None = None
    isSelfSuppressedFlag: bool | None = None
    connectWiseID: str | None = None


class System(Endpoints):
    """The server itself, and the member that the client is."""

    def get_system_info(self) -> tuple[SystemInfo, datetime | None]:
        """What the server is, and its clock (UTC, whole seconds); None where it does not tell its time.

        Some servers answer this to anybody (fact sheet 1.14), so that it proves no login.
        """
        answer = self._transport.request("GET", "system/info")
        info = SystemInfo.from_dict(checked(answer.data, dict, "GET", "system/info"))
        return info, server_time(answer.headers) if answer.headers.get("Date") else None

    def get_my_account(self) -> Member | None:
        """The member that asks; None where the server does not tell (fact sheet 10), or not this member."""
        try:
            found = self.get("system/myAccount")
        except ConnectWisePermissionError:
            return None
        return Member.from_dict(found) if isinstance(found, dict) else None

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for the REST API of ConnectWise PSA (Manage). It knows nothing of Ansible."""

from __future__ import annotations

from .boards import Board, BoardItem, BoardStatus, BoardSubType, BoardTeam, BoardType, Priority, Source
from .client import ConnectWiseClient
from .conditions import Condition
from .documents import DocumentInfo
from .errors import (
    ConnectWiseAPIError,
    ConnectWiseAuthenticationError,
    ConnectWiseBadRequestError,
    ConnectWiseConfigurationError,
    ConnectWiseConnectionError,
    ConnectWiseError,
    ConnectWiseNotFoundError,
    ConnectWisePermissionError,
    ConnectWiseRateLimitError,
    ConnectWiseReadOnlyError,
    ConnectWiseResponseError,
    ConnectWiseServerError,
)
from .models import Configuration, Note, Record, Ticket
from .people import Company, Contact, Member
from .secret import SecretString
from .system import Callback, SystemInfo
from .tickets import TicketDefaults
from .transport import HAS_REQUESTS, Repetitions
from .work import ScheduleEntry, TicketTask, TimeEntry

__all__ = [
    "HAS_REQUESTS",
    "Board",
    "BoardItem",
    "BoardStatus",
    "BoardSubType",
    "BoardTeam",
    "BoardType",
    "Callback",
    "Company",
    "Condition",
    "Configuration",
    "ConnectWiseAPIError",
    "ConnectWiseAuthenticationError",
    "ConnectWiseBadRequestError",
    "ConnectWiseClient",
    "ConnectWiseConfigurationError",
    "ConnectWiseConnectionError",
    "ConnectWiseError",
    "ConnectWiseNotFoundError",
    "ConnectWisePermissionError",
    "ConnectWiseRateLimitError",
    "ConnectWiseReadOnlyError",
    "ConnectWiseResponseError",
    "ConnectWiseServerError",
    "Contact",
    "DocumentInfo",
    "Member",
    "Note",
    "Priority",
    "Record",
    "Repetitions",
    "ScheduleEntry",
    "SecretString",
    "Source",
    "SystemInfo",
    "Ticket",
    "TicketDefaults",
    "TicketTask",
    "TimeEntry",
]

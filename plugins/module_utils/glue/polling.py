# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the event source cw_tickets asks ConnectWise."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import reduce
from operator import and_
from typing import Any

from ..connectwise import (
    Condition,
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWisePermissionError,
    ConnectWiseRateLimitError,
)
from ..connectwise.errors import ConnectWiseAuthenticationError
from ..resources.fields import TIME, Field, WantedError, normalised
from ..resources.filters import TICKET_FILTERS
from ..resources.polling import A_PAGE, Walk
from . import listing
from .arguments import CONNECTION, field_options
from .finding import TICKETS
from .module import build_client

FILTERS = [row for row in TICKET_FILTERS if row.field.name in ("board", "status")]
OPTIONS: dict[str, dict[str, Any]] = {
    **CONNECTION,
    **field_options([row.field for row in FILTERS]),
    "conditions": listing.OPTIONS["conditions"],
    "fields": listing.OPTIONS["fields"],
    "interval": {"type": "float", "default": 60.0},
    "overlap": {"type": "float", "default": 120.0},
    "since": {"type": "str", "default": "now"},
    "state_file": {"type": "path", "default": "~/.ansible/cw_tickets.sqlite"},
    "feedback": {"type": "bool", "default": False},
}
MOST_SECONDS = 86_400.0  # a day
# Seconds to wait after failures.
PAUSE_FIRST = 5.0
PAUSE_MOST = 600.0
_ALWAYS = ("id", "_info/lastUpdated", "_info/dateEntered")


class Reader:
    """Asks for tickets.

    Args:
        options: those of the source, checked; kept as ``options``.

    Raises:
        WantedError: an option can't be.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        for name, least in (("interval", 1.0), ("overlap", 0.0)):
            if not least <= options[name] <= MOST_SECONDS:
                raise WantedError(name, f"it must be a number of seconds from {least:g} to {MOST_SECONDS:.0f}.")
        self._since = _time(options["since"])
        self._only: list[Condition] | None = None

    @property
    def account(self) -> str:
        """What is asked: the server and the company (str)."""
        with self.client() as client:
            return f"{client.site} {client.client}"

    def client(self) -> ConnectWiseClient:
        """A client, which writes nothing. Raises ConnectWiseConfigurationError where an option can't be."""
        return build_client(self.options, read_only=True)

    def begin(self, client: ConnectWiseClient) -> datetime:
        """The time from which on changes count, on a first start: that of ``since``, else the server's now.

        Raises: as :meth:`page`.
        """
        if self._since:
            return self._since
        self._read(client, self._asked(client), "", ["id"], 1)
        return client.clock or datetime.now(timezone.utc)

    def page(self, client: ConnectWiseClient, walk: Walk) -> tuple[list[dict[str, Any]], datetime]:
        """The next page of a walk, and the server's clock.

        Raises:
            WantedError: the server does not understand an option, or a name stands for nothing.
            ConnectWiseAPIError: it does not answer, or refuses.
        """
        only = self.options["fields"] or []
        fields = [*only, *(name for name in _ALWAYS if name.partition("/")[0] not in only)] if only else []
        conditions = [walk.condition, *self._asked(client)]
        page = self._read(client, conditions, walk.order, fields, A_PAGE)
        return page, client.clock or datetime.now(timezone.utc)

    def _asked(self, client: ConnectWiseClient) -> list[Condition]:
        """What the options ask for; names are looked up once."""
        if self._only is None:
            written = self.options["conditions"]
            filters = listing.filtered(client, FILTERS, self.options)
            self._only = [*filters, *([Condition.as_written(written)] if written else [])]
        return self._only

    def _read(
        self, client: ConnectWiseClient, conditions: list[Condition], order: str, fields: list[str], most: int
    ) -> list[dict[str, Any]]:
        asked = reduce(and_, conditions) if conditions else ""
        try:
            return list(client.iterate(TICKETS, asked, fields=fields, orderby=order, pagesize=most, limit=most))
        except ConnectWiseBadRequestError as error:
            raise listing.explained(error, {"conditions": self.options["conditions"]}) from error


def pause_after(error: ConnectWiseAPIError, failures: int, worked: bool) -> float | None:
    """Seconds to wait after a failure, twice as long each time; None where asking again is of no use.

    Args:
        error: the failure.
        failures: how many there were in a row, this one among them.
        worked: whether the server has ever answered, so that its address is right.
    """
    refused = isinstance(error, (ConnectWiseAuthenticationError, ConnectWisePermissionError)) or (
        error.status == 400 and error.code is not None
    )
    if refused or not (worked or error.retryable or (error.status or 0) >= 500):
        return None
    asked = (error.retry_after or 0.0) if isinstance(error, ConnectWiseRateLimitError) else 0.0
    return max(asked, min(PAUSE_MOST, PAUSE_FIRST * 2.0 ** min(failures - 1, 10)))


def _time(since: str) -> datetime | None:
    """The time of the option ``since``; None for now."""
    if since.strip().lower() == "now":
        return None
    return datetime.fromisoformat(normalised(Field("since", TIME, "since"), since).replace("Z", "+00:00"))

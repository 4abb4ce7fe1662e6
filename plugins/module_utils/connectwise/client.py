# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: one member's access to one ConnectWise."""

from __future__ import annotations

import copy
import os
import re
import ssl
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .addresses import address_of, proxy_address, ticket_page
from .boards import Boards
from .configurations import Configurations
from .documents import Documents
from .errors import ConnectWiseConfigurationError
from .pacing import Pacing
from .people import People
from .secret import SecretString
from .system import System
from .tickets import TicketDefaults, Tickets
from .transport import Login, Repetitions, Transport
from .work import Work

if TYPE_CHECKING:
    import requests

MOST_SECONDS = 86_400.0  # a day: no wait is longer
MOST_REQUESTS = 100_000  # a minute: more would be no pacing


class ConnectWiseClient(Tickets, Configurations, Boards, People, Work, Documents, System):
    """Access to the REST API of ConnectWise PSA (Manage).

    Args:
        base_url: ``https://api-na.myconnectwise.net``, with or without codebase and ``/apis/3.0``.
        client: the company that members log in to.
        username: public key of an API member.
        password: its private key.
        client_id: the vendor's id of your integration (a GUID).
        ticket_defaults: ids that :meth:`create_ticket` uses where the call gives none.
        codebase: part of the address between host and ``/apis``; ``auto`` to ask the server for it; where empty, that
            of ``base_url``, else ``v4_6_release``.
        validate_certs: whether the server's certificate must be trusted.
        ca_path: file with the certificates to trust instead of the system's.
        proxy: address of a proxy instead of the environment's.
        timeout: seconds to wait for each part of an answer.
        connect_timeout: seconds to wait for a connection.
        retry_budget: seconds that all attempts of one operation may take together, waiting included.
        requests_per_minute: how many requests all processes of this user on this machine send together to one company;
            0 for as many as they like.
        allow_http: accept an unencrypted connection to another machine.
        read_only: raise :class:`ConnectWiseReadOnlyError` instead of writing.
        session: a ``requests.Session`` to go on with, which stays open; clients that share one must have the same
            server, certificates and proxy. The environment's settings are put into it.

    Raises:
        ConnectWiseConfigurationError: a parameter is empty, or can't be one.

    Nothing is sent before the first call. A ``with`` statement closes the session at its end.
    """

    def __init__(
        self,
        base_url: str,
        client: str,
        username: str,
        password: str | SecretString,
        client_id: str,
        ticket_defaults: TicketDefaults | None = None,
        *,
        codebase: str = "",
        validate_certs: bool = True,
        ca_path: str = "",
        proxy: str = "",
        timeout: float = 60.0,
        connect_timeout: float = 10.0,
        retry_budget: float = 120.0,
        requests_per_minute: int = 1000,
        allow_http: bool = False,
        read_only: bool = False,
        session: requests.Session | None = None,
    ) -> None:
        required = {
            "base_url": base_url,
            "client": client,
            "username": username,
            "password": password,
            "client_id": client_id,
        }
        _check_texts(required)
        if not client_id.isascii():
            raise ConnectWiseConfigurationError("client_id: it may hold only ASCII characters; it is a GUID.")
        if ca_path and validate_certs:
            _check_certificates(ca_path)
        if not (0 < timeout <= MOST_SECONDS and 0 < connect_timeout <= MOST_SECONDS):
            raise ConnectWiseConfigurationError("timeout: it must be more than 0 seconds.")
        if not 0 <= retry_budget <= MOST_SECONDS:
            raise ConnectWiseConfigurationError("retry_budget: it must be a number of seconds, 0 for no repetition.")
        if not 0 <= requests_per_minute <= MOST_REQUESTS:
            raise ConnectWiseConfigurationError(
                f"requests_per_minute: it must be a number from 1 to {MOST_REQUESTS}, or 0 for no limit."
            )
        self.client = client
        self.ticket_defaults = ticket_defaults or TicketDefaults()
        self._password = password if isinstance(password, SecretString) else SecretString(password)
        address = address_of(base_url, client, codebase, allow_http)
        self._transport = Transport(
            address=address,
            login=Login(client, username, self._password),
            client_id=client_id,
            validate_certs=validate_certs,
            ca_path=ca_path,
            proxy=proxy_address(proxy),
            connect_timeout=connect_timeout,
            timeout=timeout,
            retry_budget=retry_budget,
            pacing=Pacing(f"{address.site} {client}", requests_per_minute),
            read_only=read_only,
            session=session,
        )

    def __repr__(self) -> str:
        return f"ConnectWiseClient({self._transport.address.site!r}, client={self.client!r})"

    def __enter__(self) -> ConnectWiseClient:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def close(self) -> None:
        """End the session, unless it was given."""
        self._transport.close()

    @property
    def site(self) -> str:
        """Scheme and host of the server (str), such as ``https://api-na.myconnectwise.net``."""
        return self._transport.address.site

    @property
    def repetitions(self) -> Repetitions:
        """What had to be sent again since the client was made; false where nothing had, else a sentence as ``str``."""
        return self._transport.repetitions

    @property
    def writes(self) -> int:
        """How many requests that write were answered with success since the client was made."""
        return len(self._transport.written)

    @property
    def clock(self) -> datetime | None:
        """The server's clock at its last answer (UTC, whole seconds); None before the first.

        Where an answer does not tell the time, it is this machine's.
        """
        return self._transport.clock

    def run_as(self, username: str, password: str | SecretString) -> ConnectWiseClient:
        """The same client with another member's keys, for one call or more; the connection is shared.

        Args:
            username: public key of the other API member.
            password: its private key.

        Raises:
            ConnectWiseConfigurationError: one of them is empty, or can't be one.

        Example:
            ``cw.run_as("public key", "private key").add_ticket_note(12345, "Seen by the night shift.")``
        """
        _check_texts({"username": username, "password": password})
        other = copy.copy(self)
        other._password = password if isinstance(password, SecretString) else SecretString(password)
        other._transport = self._transport.logged_in_as(Login(self.client, username, other._password))
        return other

    def blank(self, text: str) -> str:
        """``text`` (str) with this client's secrets blanked, in any encoding."""
        return self._transport.blank(text)

    def get_ticket_url(self, ticket_id: int) -> str:
        """The address at which a browser shows the ticket (str)."""
        return ticket_page(self._transport.address.site, self.client, ticket_id)


def _check_texts(given: dict[str, str | SecretString]) -> None:
    for name, value in given.items():
        text = value.get_secret_value() if isinstance(value, SecretString) else value
        if not text:
            raise ConnectWiseConfigurationError(f"{name}: it is empty, but every request needs it.")
        if name != "base_url" and re.search(r"[\x00-\x1f\x7f]", text):
            raise ConnectWiseConfigurationError(f"{name}: it holds a line break or another control character.")
        if text != text.encode("utf-8", "ignore").decode("utf-8"):
            raise ConnectWiseConfigurationError(f"{name}: it holds bytes that are not UTF-8.")


def _check_certificates(path: str) -> None:
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(capath=path) if os.path.isdir(path) else context.load_verify_locations(path)
    except ssl.SSLError:
        raise ConnectWiseConfigurationError(f"ca_path: there is no certificate (PEM) in {path!r}.") from None
    except OSError as error:
        raise ConnectWiseConfigurationError(f"ca_path: {path!r} can't be read: {error.strerror}.") from None

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a person calls the address of ConnectWise to the URLs of its API and of its pages."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from .errors import ConnectWiseConfigurationError

AUTO = "auto"
DEFAULT_CODEBASE = "v4_6_release"


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an IP address) is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass
class Address:
    """Where one company's API is.

    Attributes:
        site: ``https://host``.
        company: the one that members log in to.
        codebase: the part between host and ``/apis``, such as ``v4_6_release``; empty until it is discovered.
        discovered: whether the server is asked for the codebase, which changes with each upgrade of a cloud.
    """

    site: str
    company: str
    codebase: str
    discovered: bool = False

    @property
    def root(self) -> str:
        """``https://host/v4_6_release/apis/3.0``."""
        return f"{self.site}/{self.codebase}/apis/3.0"

    @property
    def company_info(self) -> str:
        """The path below the site that tells the codebase, to anybody (fact sheet 1.5)."""
        return f"login/companyinfo/{quote(self.company, safe='')}"


def address_of(base_url: str, company: str, codebase: str = "", allow_http: bool = False) -> Address:
    """Take an address as people write it apart.

    Accepts a host with or without scheme, trailing slash, codebase and ``/apis/3.0`` (fact sheet 1.1, 1.4).

    Args:
        base_url: such as ``https://api-na.myconnectwise.net`` or ``https://cw.example.com/v4_6_release/apis/3.0/``.
        company: the one that members log in to.
        codebase: the part between host and ``/apis``; ``auto`` to ask the server for it; where empty, the one in
            ``base_url``, else ``v4_6_release``, which works on the cloud and on premises.
        allow_http: whether plain ``http`` is accepted for a host other than this machine.

    Raises:
        ConnectWiseConfigurationError: no host, another scheme, credentials inside the address, plain http.
    """
    address = base_url.strip()
    if "://" not in address:
        address = "https://" + address
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ConnectWiseConfigurationError(
            "base_url: this is not a web address. Give one such as https://api-na.myconnectwise.net."
        ) from None
    if parts.username is not None or parts.password is not None:
        raise ConnectWiseConfigurationError(
            "base_url: it must not hold a user name or password. Give them as username and password."
        )
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", address):
        raise ConnectWiseConfigurationError(
            f"base_url: {base_url!r} is not a web address. Give one such as https://api-na.myconnectwise.net."
        )
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise ConnectWiseConfigurationError(
            f"base_url: {base_url!r} would send the password unencrypted. Use https, or set allow_http to true."
        )
    if parts.query or parts.fragment:
        raise ConnectWiseConfigurationError(f"base_url: {base_url!r} must end after the host or the codebase.")
    path = re.sub(r"/+apis(/.*)?$", "", parts.path, flags=re.IGNORECASE).strip("/")
    discovered = codebase.strip().lower() == AUTO
    found = "" if discovered else codebase.strip("/") or path or DEFAULT_CODEBASE
    return Address(f"{parts.scheme}://{parts.netloc}", company, found, discovered)


def proxy_address(proxy: str) -> str:
    """The address of a proxy (str), with ``http://`` where it has no scheme; empty for none.

    Raises:
        ConnectWiseConfigurationError: it can't be one. The text is not repeated, for it may hold a password.
    """
    if not proxy:
        return ""
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(address)
        beyond = parts.path.strip("/") or parts.query or parts.fragment
        usable = bool(parts.hostname) and parts.port != 0 and not beyond
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", address):
        raise ConnectWiseConfigurationError(
            "proxy: this is not the address of a proxy. Give one such as http://proxy.example.com:3128, or "
            "http://user:password@proxy.example.com:3128 with %2F for a / in the password, and so on."
        ) from None
    return address


def ticket_page(site: str, company: str, ticket_id: int) -> str:
    """The address at which a browser shows a ticket. On the cloud that is the host without ``api-``."""
    browser_site = re.sub(r"^(https?://)api-", r"\1", site)
    return (
        f"{browser_site}/{DEFAULT_CODEBASE}/services/system_io/Service/fv_sr100_request.rails"
        f"?service_recid={ticket_id}&companyName={quote(company, safe='')}"
    )

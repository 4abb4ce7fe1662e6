# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseConfigurationError
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.addresses import (
    address_of,
    is_loopback,
    ticket_page,
)

CLOUD = "https://api-na.myconnectwise.net"


def api_root(written: str, codebase: str = "", allow_http: bool = False) -> tuple[str, str]:
    """Site and root of the address."""
    address = address_of(written, "training", codebase, allow_http)
    return address.site, address.root


@pytest.mark.parametrize(
    ("written", "site", "root"),
    [
        ("api-na.myconnectwise.net", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (CLOUD, CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (f"  {CLOUD}/ \n", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (f"{CLOUD}//", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (f"{CLOUD}/v4_6_release", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (f"{CLOUD}/v2025_1/", CLOUD, f"{CLOUD}/v2025_1/apis/3.0"),
        (f"{CLOUD}/v2025_1/apis/3.0", CLOUD, f"{CLOUD}/v2025_1/apis/3.0"),
        (f"{CLOUD}/v2025_1//apis/3.0//", CLOUD, f"{CLOUD}/v2025_1/apis/3.0"),
        (f"{CLOUD}/v2025_1/APIs/3.0/", CLOUD, f"{CLOUD}/v2025_1/apis/3.0"),
        (f"{CLOUD}/v2025_1/apis", CLOUD, f"{CLOUD}/v2025_1/apis/3.0"),
        (f"{CLOUD}/apis/3.0/", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (f"{CLOUD}/v4_6_release/apis/3.0/service/tickets/5", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        (f"{CLOUD}?", CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"),
        ("cw.example.com:8443", "https://cw.example.com:8443", "https://cw.example.com:8443/v4_6_release/apis/3.0"),
        ("HTTPS://cw.example.com", "https://cw.example.com", "https://cw.example.com/v4_6_release/apis/3.0"),
        (
            "https://[2001:db8::5]:8443",
            "https://[2001:db8::5]:8443",
            "https://[2001:db8::5]:8443/v4_6_release/apis/3.0",
        ),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", "http://127.0.0.1:8080/v4_6_release/apis/3.0"),
        ("localhost:8080", "https://localhost:8080", "https://localhost:8080/v4_6_release/apis/3.0"),
    ],
)
def test_each_form_of_an_address(written: str, site: str, root: str) -> None:
    assert api_root(written) == (site, root)


@pytest.mark.parametrize("codebase", ["v2025_1", "v2025_1/", "/v2025_1/"])
@pytest.mark.parametrize("written", [CLOUD, f"{CLOUD}/v4_6_release/apis/3.0"])
def test_a_codebase_given_goes_before_the_one_in_the_address(written: str, codebase: str) -> None:
    assert api_root(written, codebase) == (CLOUD, f"{CLOUD}/v2025_1/apis/3.0")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.10", "[::1]", "localhost", "LocalHost", "cw.localhost", "127.0.0.1:80", "[::1]:80"]
)
def test_http_to_this_machine(host: str) -> None:
    assert api_root(f"http://{host}") == (f"http://{host}", f"http://{host}/v4_6_release/apis/3.0")


@pytest.mark.parametrize(
    "host",
    [
        "cw.example.com",
        "10.0.0.1",
        "127.0.0.1.example.com",
        "localhost.example.com",
        "notlocalhost",
        "0.0.0.0",
        "[::2]",
    ],
)
def test_http_to_another_machine_is_refused_unless_allowed(host: str) -> None:
    with pytest.raises(ConnectWiseConfigurationError, match=r"^base_url: .* unencrypted.*allow_http"):
        api_root(f"http://{host}")
    assert api_root(f"http://{host}", allow_http=True)[0] == f"http://{host}"


@pytest.mark.parametrize(
    "address",
    [
        "https://user:s3cret@cw.example.com",
        "https://s3cret@cw.example.com/v4_6_release",
        "user:s3cret@cw.example.com",
        "http://user:s3cret@127.0.0.1",
        "https://:s3cret@cw.example.com",
        "https://user:s3/cret@cw.example.com",
        "https://user:s3?cret@cw.example.com",
        "https://user:s3#cret@cw.example.com",
    ],
)
def test_credentials_in_the_address_are_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ConnectWiseConfigurationError, match="^base_url: ") as raised:
        api_root(address)
    assert "cret" not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "   ",
        "https://",
        "https:///v4_6_release",
        "//",
        "ftp://cw.example.com",
        "file:///etc/passwd",
        "https://cw.example.com:port",
        "https://cw.example.com:99999",
        "https://[::1",
        "https://cw.example.com/?companyName=x",
        "https://cw.example.com/v4_6_release#top",
        "://cw.example.com",
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ConnectWiseConfigurationError, match="^base_url: "):
        api_root(address)


@pytest.mark.parametrize("address", ["https://cw example.com", "https://cw.example.com /x", " cw .example.com"])
def test_blanks_inside_a_host_are_refused(address: str) -> None:
    with pytest.raises(ConnectWiseConfigurationError, match="^base_url: "):
        api_root(address)


@given(st.text() | st.text(alphabet="htps:/@[]?#.:%1a \t\n").map("https://".__add__))
def test_no_text_breaks_it(address: str) -> None:
    try:
        site, root = api_root(address)
    except ConnectWiseConfigurationError as error:
        assert str(error).startswith("base_url: ")
    else:
        assert root.startswith(f"{site}/")
        assert root.endswith("/apis/3.0")


def test_is_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert not is_loopback("192.168.0.1")
    assert not is_loopback("")


def test_the_page_of_a_ticket() -> None:
    tail = "/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=5&companyName="
    assert ticket_page(CLOUD, "acme", 5) == f"https://na.myconnectwise.net{tail}acme"
    assert ticket_page("https://cw.example.com:8443", "a b&c/d", 5) == f"https://cw.example.com:8443{tail}a%20b%26c%2Fd"
    assert ticket_page("https://my-api-host.example", "a", 5).startswith("https://my-api-host.example/")

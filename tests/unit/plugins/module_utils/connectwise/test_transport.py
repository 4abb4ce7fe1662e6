# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json
import logging
import random
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import checkout
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseAuthenticationError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseConfigurationError,
    ConnectWiseConnectionError,
    ConnectWiseNotFoundError,
    ConnectWisePermissionError,
    ConnectWiseRateLimitError,
    ConnectWiseReadOnlyError,
    ConnectWiseResponseError,
    ConnectWiseServerError,
    SecretString,
    answers,
    transport,
)
from unit.plugins.support import Answering, Simulator

Call = Callable[[ConnectWiseClient], Any]
PRIORITY = [{"op": "replace", "path": "priority/id", "value": 6}]
PUT_BODY = {
    "summary": "Mail is slow",
    "company": {"id": 250},
    "board": {"id": 1},
    "status": {"id": 102},
    "priority": {"id": 7},
    "team": {"id": 51},
    "severity": "Low",
    "impact": "Low",
}
NOTE = {"text": "once", "internalAnalysisFlag": True}

SAFE: dict[str, Call] = {
    "GET": lambda client: client.get("service/tickets/123"),
    "search": lambda client: client.post("service/tickets/search", {"conditions": "id = 123"}),
    "PATCH": lambda client: client.patch("service/tickets", 123, PRIORITY),
    "PUT": lambda client: client.put("service/tickets", 123, PUT_BODY),
    "DELETE": lambda client: client.delete("service/tickets", 123),
}
POST: dict[str, Call] = {"POST": lambda client: client.post("service/tickets/123/notes", NOTE)}
UNSAFE: dict[str, Call] = {
    "PATCH add": lambda client: client.patch("service/tickets", 123, [{"op": "add", "path": "poNumber", "value": "5"}]),
}
ALL = {**SAFE, **POST, **UNSAFE}
TRANSIENT = ["500-timeout", "500-pool", "502-html", "503-html", "504-html", "drop-before", "drop-after", "truncated"]


@pytest.mark.parametrize("verb", ALL)
def test_a_throttled_request_is_repeated(simulator: Simulator, client: ConnectWiseClient, verb: str) -> None:
    """The server did nothing (fact sheet 12.1), so that this is safe for every method."""
    simulator.fault("429", retry_after=0, times=2)
    assert ALL[verb](client)
    journal = simulator.journal()
    assert [entry["status"] for entry in journal[:2]] == [429, 429]
    assert len(journal) == 3
    assert sum(entry["done"] for entry in journal) == (verb not in ("GET", "search"))


@pytest.mark.parametrize(
    ("verb", "kind"),
    # The answer to DELETE has no body that could break off.
    [(verb, kind) for verb in SAFE for kind in TRANSIENT if (verb, kind) != ("DELETE", "truncated")],
)
def test_what_is_safe_is_repeated_after_a_passing_failure(
    simulator: Simulator, client: ConnectWiseClient, verb: str, kind: str
) -> None:
    simulator.fault(kind)
    assert SAFE[verb](client)
    assert [entry["fault"] for entry in simulator.journal()] == [kind, None]


@pytest.mark.parametrize("kind", TRANSIENT)
@pytest.mark.parametrize("verb", UNSAFE)
def test_what_is_not_safe_is_sent_once(simulator: Simulator, client: ConnectWiseClient, verb: str, kind: str) -> None:
    simulator.fault(kind)
    with pytest.raises(ConnectWiseAPIError) as raised:
        UNSAFE[verb](client)
    assert raised.value.maybe_done
    assert raised.value.retryable
    assert raised.value.attempts == 1
    (entry,) = simulator.journal()
    assert entry["done"] is (kind in ("drop-after", "truncated"))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("500-type", ConnectWiseServerError),
        ("400-text", ConnectWiseBadRequestError),
        ("401", ConnectWiseAuthenticationError),
        ("403", ConnectWisePermissionError),
        ("404-html", ConnectWiseNotFoundError),
        ("html-200", ConnectWiseResponseError),
        ("redirect-http", ConnectWiseResponseError),
    ],
)
@pytest.mark.parametrize("verb", ALL)
def test_what_does_not_pass_is_not_repeated(
    simulator: Simulator, client: ConnectWiseClient, verb: str, kind: str, error: type[ConnectWiseAPIError]
) -> None:
    simulator.fault(kind, times=0)
    with pytest.raises(error) as raised:
        ALL[verb](client)
    # After a POST whose answer says nothing, one look at the list.
    assert len(simulator.journal()) == 1 + (verb == "POST" and kind == "html-200")
    assert raised.value.attempts == 1
    assert not raised.value.retryable
    assert raised.value.method == verb.split()[0].replace("search", "POST")


@pytest.mark.parametrize("verb", [verb for verb in ALL if verb != "DELETE"])
def test_an_empty_answer_is_no_answer(simulator: Simulator, client: ConnectWiseClient, verb: str) -> None:
    """Else a record that is there would seem to be missing, and be created twice."""
    simulator.fault("empty", times=0)
    with pytest.raises(ConnectWiseResponseError, match="empty"):
        ALL[verb](client)


def test_an_empty_answer_is_no_empty_list(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("empty", times=0)
    with pytest.raises(ConnectWiseResponseError):
        client.get_all("service/tickets")
    with pytest.raises(ConnectWiseResponseError):
        client.get_count("service/tickets")


@pytest.mark.parametrize("verb", ALL)
def test_a_wrong_content_type_does_not_matter(simulator: Simulator, client: ConnectWiseClient, verb: str) -> None:
    simulator.fault("wrong-type")
    assert ALL[verb](client)
    assert len(simulator.journal()) == 1


def test_a_redirect_is_never_followed(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("redirect-http")
    with pytest.raises(ConnectWiseResponseError, match="it sends on to http://.* which is not followed"):
        client.get("service/tickets/123")
    assert len(simulator.journal()) == 1


def test_a_deletion_whose_answer_was_lost_is_a_deletion(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("drop-after")
    assert client.delete("service/tickets", 123) is True
    assert [entry["status"] for entry in simulator.journal()][-1] == 404
    assert client.delete("service/tickets", 123) is False


def test_an_answer_later_than_the_time_out(simulator: Simulator) -> None:
    hasty = simulator.client(timeout=0.15)
    simulator.fault("slow-after", seconds=0.6)
    assert hasty.get("service/tickets/123")["id"] == 123
    operation = {"op": "add", "path": "poNumber", "value": "5"}
    simulator.fault("slow-after", seconds=0.6)
    with pytest.raises(ConnectWiseConnectionError, match=r"did not answer within 0\.15 s") as raised:
        hasty.patch("service/tickets", 123, [operation])
    assert raised.value.maybe_done
    simulator.fault("slow-after", seconds=0.6, method="DELETE")
    assert hasty.delete("service/tickets", 123) is True


def test_an_answer_in_time(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("latency", seconds=0.05)
    assert client.post("service/tickets/123/notes", NOTE)["id"]
    assert len(simulator.journal()) == 1


def test_it_gives_up_after_some_attempts(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("503-html", times=0)
    with pytest.raises(ConnectWiseServerError) as raised:
        client.get("service/tickets/123")
    assert raised.value.attempts == transport.MOST_ATTEMPTS == len(simulator.journal())
    assert raised.value.elapsed > 0
    assert not raised.value.maybe_done
    assert str(raised.value).startswith(
        "GET service/tickets/123 answered 503: a web page titled '503 Service Temporarily Unavailable'"
    )
    assert f", {transport.MOST_ATTEMPTS} attempts in 0." in str(raised.value)


def test_the_pauses_grow(simulator: Simulator, client: ConnectWiseClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    monkeypatch.setattr(transport, "PAUSE_FIRST", 0.5)
    monkeypatch.setattr(transport, "PAUSE_MOST", 3.0)
    simulator.fault("503-html", times=0)
    with pytest.raises(ConnectWiseServerError):
        client.get("service/tickets/123")
    assert pauses == [0.5, 1.0, 2.0, 3.0, 3.0][: transport.MOST_ATTEMPTS - 1]


def test_the_pauses_vary(simulator: Simulator, client: ConnectWiseClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(transport, "PAUSE_FIRST", 0.5)
    simulator.fault("503-html", times=0)
    for _number in range(3):
        with pytest.raises(ConnectWiseServerError):
            client.get("service/tickets/123")
    first = pauses[:: transport.MOST_ATTEMPTS - 1]
    assert len(first) == 3
    assert all(0.25 <= pause <= 0.5 for pause in first)
    assert len(set(first)) == 3


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        (7, 7.0),
        ("0.05", 0.05),
        (0, 0.0),
        ("-3", 0.0),
        (lambda: formatdate(time.time() + 20, usegmt=True), 20.0),
        (lambda: formatdate(time.time() - 20, usegmt=True), 0.0),
    ],
)
def test_it_waits_as_long_as_the_server_asks(
    simulator: Simulator,
    client: ConnectWiseClient,
    monkeypatch: pytest.MonkeyPatch,
    asked: Any,
    pause: float,
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    simulator.fault("429", retry_after=asked() if callable(asked) else asked)
    assert client.get("service/tickets/123")
    (waited,) = pauses
    # Dates have whole seconds, and the server's own may be one old.
    assert pause - 2.0 <= waited <= pause + 2.2
    assert waited >= 0


@pytest.mark.parametrize("asked", [None, "soon", ""])
def test_a_server_that_does_not_say_how_long(
    simulator: Simulator, client: ConnectWiseClient, asked: str | None
) -> None:
    simulator.fault("429", retry_after=asked)
    assert client.get("service/tickets/123")
    assert len(simulator.journal()) == 2


def test_a_pause_beyond_the_budget_is_not_begun(simulator: Simulator) -> None:
    impatient = simulator.client(retry_budget=5.0)
    simulator.fault("429", retry_after=30)
    with pytest.raises(ConnectWiseRateLimitError) as raised:
        impatient.post("service/tickets/123/notes", NOTE)
    error = raised.value
    assert (error.retry_after, error.retryable, error.status, error.attempts) == (30.0, True, 429, 1)
    assert error.code == "ConnectWiseAPI"
    assert not error.maybe_done
    assert "Too many requests. Please try again in 30 seconds" in str(error)
    assert len(simulator.journal()) == 1


def test_the_budget_of_a_throttled_request_without_a_pause_given(simulator: Simulator) -> None:
    impatient = simulator.client(retry_budget=0.0)
    simulator.fault("429", retry_after=None)
    with pytest.raises(ConnectWiseRateLimitError) as raised:
        impatient.get("service/tickets/123")
    assert raised.value.retry_after is None


def test_the_details_of_a_refusal(simulator: Simulator, client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseBadRequestError) as raised:
        client.post("service/tickets", {"summary": "x" * 101, "company": {"id": 250}})
    error = raised.value
    assert (error.status, error.code, error.message) == (400, "InvalidObject", "ticket object is invalid")
    assert [item["field"] for item in error.field_errors] == ["summary"]
    assert error.field_errors[0]["code"] == "MaxLengthField"
    assert (error.method, error.path, error.attempts, error.retryable) == ("POST", "service/tickets", 1, False)
    assert error.request_id
    assert error.request_id in str(error)
    assert not error.maybe_done


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.post("service/tickets", {}),
        lambda client: client.post("service/tickets/123/search/x", {}),
        lambda client: client.patch("service/tickets", 123, PRIORITY),
        lambda client: client.put("service/tickets", 123, PUT_BODY),
        lambda client: client.delete("service/tickets", 123),
        lambda client: client.add_ticket_note(123, "x"),
        lambda client: client.attach_configuration(123, 67890),
        lambda client: client.update_ticket_status(123, 102),
    ],
)
def test_a_client_that_may_only_read_sends_no_write(simulator: Simulator, call: Call) -> None:
    reader = simulator.client(read_only=True)
    with pytest.raises(ConnectWiseReadOnlyError, match="was held back: this client may only read"):
        call(reader)
    assert simulator.journal() == []


def test_a_client_that_may_only_read_reads_and_searches(simulator: Simulator) -> None:
    reader = simulator.client(read_only=True)
    assert reader.get("service/tickets/123")["id"] == 123
    found = reader.post("service/tickets/search", {"conditions": "id = 123"})
    assert [ticket["id"] for ticket in found] == [123]


def test_one_connection_serves_many_requests(simulator: Simulator, client: ConnectWiseClient) -> None:
    for _number in range(10):
        client.get("service/tickets/123")
    client.add_ticket_note(123, "x")
    with pytest.raises(ConnectWiseBadRequestError):
        client.get("service/tickets", conditions="nonsense = 1")
    assert client.get("service/tickets/999999") is None
    client.delete("service/tickets", 123)
    journal = simulator.journal()
    assert len(journal) == 14
    assert len({entry["connection"] for entry in journal}) == 1


def test_a_connection_that_went_away_is_made_anew(simulator: Simulator, client: ConnectWiseClient) -> None:
    client.get("service/tickets/123")
    simulator.fault("drop-before")
    client.get("service/tickets/123")
    assert len({entry["connection"] for entry in simulator.journal()}) == 2


def test_each_request_carries_login_client_id_and_kinds(simulator: Simulator, client: ConnectWiseClient) -> None:
    client.get("service/tickets/123")
    client.add_ticket_note(123, "x")
    get, post = (entry["headers"] for entry in simulator.journal())
    for headers in (get, post):
        assert headers["authorization"] == headers["clientid"] == "present"
        assert headers["accept"] == "application/json"
        assert headers["user-agent"].startswith("msp.connectwise")
    assert "content-type" not in get
    assert post["content-type"] == "application/json; charset=utf-8"


def test_the_login_itself_is_sent(answering: Answering) -> None:
    client = answering.client(password="prïvate")
    answering.then(200, [])
    client.get("service/tickets")
    authorization = answering.requests[0]["headers"]["authorization"]
    assert base64.b64decode(authorization.split()[1]).decode() == "training+public:prïvate"
    assert answering.requests[0]["headers"]["clientid"] == "guid"


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"password": "wrong"}, ConnectWiseAuthenticationError),
        ({"username": "wrong"}, ConnectWiseAuthenticationError),
        ({"client": "wrong"}, ConnectWiseAPIError),
        ({"client_id": "wrong"}, ConnectWiseAuthenticationError),
        ({"codebase": "v1999_1"}, ConnectWiseBadRequestError),
    ],
)
def test_a_wrong_login(simulator: Simulator, changed: dict[str, str], kind: type[ConnectWiseAPIError]) -> None:
    with pytest.raises(kind) as raised:
        simulator.client(**changed).get("service/tickets")
    assert simulator.told["private_key"] not in str(raised.value)
    assert raised.value.attempts == 1


@pytest.mark.parametrize("codebase", ["", "v4_6_release", "v2025_1"])
def test_each_codebase_of_the_server(simulator: Simulator, codebase: str) -> None:
    assert simulator.client(codebase=codebase).get("service/tickets/123")["id"] == 123


def test_a_netrc_file_is_not_asked(
    simulator: Simulator, client: ConnectWiseClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\nmachine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert client.get("service/tickets/123")["id"] == 123


@pytest.fixture
def without_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies count for this machine too."""
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def nobody() -> str:
    """The address of a port on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.usefixtures("without_no_proxy")
def test_the_proxy_of_the_environment_counts(
    simulator: Simulator, client: ConnectWiseClient, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", answering.url)
    answering.then(200, {"id": 5})
    assert client.get("service/tickets/123") == {"id": 5}
    assert answering.requests[0]["path"] == f"{simulator.url}/v4_6_release/apis/3.0/service/tickets/123"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert simulator.client().get("service/tickets/123")["id"] == 123


@pytest.mark.usefixtures("without_no_proxy")
def test_a_proxy_given_goes_before_the_environment(
    simulator: Simulator, answering: Answering, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the docstring of the client says: "instead of the environment's"."""
    for variable, value in (("http_proxy", nobody), ("no_proxy", "127.0.0.1")):
        monkeypatch.setenv(variable, value)
        answering.then(200, {"id": 5})
        assert simulator.client(proxy=answering.url).get("service/tickets/123") == {"id": 5}


@pytest.mark.usefixtures("without_no_proxy")
def test_a_proxy_that_is_not_there(simulator: Simulator, nobody: str) -> None:
    client = simulator.client(proxy=nobody, retry_budget=0.0)
    with pytest.raises(
        ConnectWiseConnectionError, match="the proxy on the way to .* failed: Connection refused"
    ) as raised:
        client.post("service/tickets/123/notes", NOTE)
    assert raised.value.retryable
    assert not raised.value.maybe_done


@pytest.mark.usefixtures("without_no_proxy")
@pytest.mark.parametrize("address", ["http://user:ses/ame@proxy:1", "http://user:sesame@proxy:99999", "user:ses@p:x"])
def test_a_proxy_of_the_environment_that_can_not_be(
    simulator: Simulator, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not repeated, for it may hold a password."""
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(ConnectWiseConfigurationError, match="^proxy: this is not the address of a proxy") as raised:
        simulator.client().get("service/tickets/123")
    assert "ses" not in "".join(traceback.format_exception(raised.value)).partition("ConnectWiseConfigurationError")[2]
    assert raised.value.__suppress_context__


def test_a_proxy_that_refuses(simulator: Simulator, answering: Answering) -> None:
    answering.then(407, b"Who are you?")
    client = simulator.client(base_url="https://cw.example.com", proxy=answering.url, retry_budget=0.0)
    with pytest.raises(ConnectWiseConnectionError, match="the proxy on the way to .* failed: .*407") as raised:
        client.post("service/tickets/123/notes", NOTE)
    assert not raised.value.maybe_done  # nothing went through it


def test_a_host_that_is_not_there(simulator: Simulator, nobody: str) -> None:
    client = simulator.client(base_url=nobody)
    with pytest.raises(ConnectWiseConnectionError) as raised:
        client.post("service/tickets", {})
    assert raised.value.message == f"{nobody} can't be reached: Connection refused"
    assert raised.value.attempts == transport.MOST_ATTEMPTS  # nothing was sent, so that repeating is safe for a POST
    assert not raised.value.maybe_done
    assert raised.value.status is None


def test_a_name_that_is_no_host(simulator: Simulator) -> None:
    client = simulator.client(base_url="https://no-such-host.invalid", retry_budget=0.0)
    with pytest.raises(
        ConnectWiseConnectionError, match=r"^GET .* got no answer: https://no-such-host.invalid can't be"
    ):
        client.get("service/tickets")


def test_a_tls_connection_that_is_closed_while_it_is_made(simulator: Simulator) -> None:
    """As a load balancer does that is started anew; without TLS, too, a connection that is closed is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def close_all() -> None:
            for _number in range(transport.MOST_ATTEMPTS):
                with listener.accept()[0] as connection:
                    connection.recv(1 << 16)

        threading.Thread(target=close_all, daemon=True).start()
        client = simulator.client(base_url=f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(ConnectWiseConnectionError, match="no TLS connection to .* could be made: .*EOF") as raised:
            client.get("service/tickets/123")
    assert (raised.value.attempts, raised.value.retryable) == (transport.MOST_ATTEMPTS, True)


def test_a_host_that_does_not_accept(simulator: Simulator) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = []
        for _number in range(3):  # fill the queue of connections
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(address)
        client = simulator.client(base_url=f"http://127.0.0.1:{address[1]}", connect_timeout=0.2, retry_budget=0.0)
        with pytest.raises(ConnectWiseConnectionError, match=r"did not accept a connection within 0\.2 s") as raised:
            client.post("service/tickets", {})
        for connection in waiting:
            connection.close()
    assert not raised.value.maybe_done


def test_certificates(secure_simulator: Simulator, recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(ConnectWiseConnectionError, match=r"the certificate of https://.* is not trusted: ") as raised:
        secure_simulator.client().get("service/tickets/123")
    assert raised.value.attempts == 1
    assert "certificate verify failed" in str(raised.value) or "unable to get local issuer" in str(raised.value)
    assert secure_simulator.client(ca_path=secure_simulator.told["ca_file"]).get("service/tickets/123")["id"] == 123
    assert secure_simulator.client(validate_certs=False).get("service/tickets/123")["id"] == 123
    assert [str(warning.message) for warning in recwarn] == []


def test_a_file_without_certificates(secure_simulator: Simulator, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    with pytest.raises(
        ConnectWiseConfigurationError, match="^ca_path: there is no certificate .PEM. in '.*empty.pem'.$"
    ):
        secure_simulator.client(ca_path=str(empty))
    assert secure_simulator.client(ca_path=str(empty), validate_certs=False).get("service/tickets/123")


def test_a_server_that_speaks_no_tls(simulator: Simulator) -> None:
    client = simulator.client(base_url=simulator.url.replace("http:", "https:"))
    with pytest.raises(ConnectWiseConnectionError) as raised:
        client.get("service/tickets")
    assert "not trusted" not in str(raised.value)
    assert raised.value.attempts == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"base_url": ""}, "base_url: it is empty, but every request needs it."),
        ({"client": ""}, "client: it is empty, but every request needs it."),
        ({"username": ""}, "username: it is empty, but every request needs it."),
        ({"password": ""}, "password: it is empty, but every request needs it."),
        ({"password": SecretString("")}, "password: it is empty, but every request needs it."),
        ({"client_id": ""}, "client_id: it is empty, but every request needs it."),
        ({"client_id": "gu\r\nid"}, "client_id: it holds a line break or another control character."),
        ({"username": "a\x00b"}, "username: it holds a line break or another control character."),
        ({"password": "s3cret\n"}, "password: it holds a line break or another control character."),
        ({"client_id": "gü"}, "client_id: it may hold only ASCII characters; it is a GUID."),
        ({"ca_path": "/no/such/file.pem"}, "ca_path: '/no/such/file.pem' can't be read: No such file or directory."),
        ({"timeout": 0}, "timeout: it must be more than 0 seconds."),
        ({"timeout": -5}, "timeout: it must be more than 0 seconds."),
        ({"retry_budget": -1}, "retry_budget: it must be a number of seconds, 0 for no repetition."),
        ({"retry_budget": float("nan")}, "retry_budget: it must be a number of seconds, 0 for no repetition."),
        ({"connect_timeout": 0}, "timeout: it must be more than 0 seconds."),
        ({"requests_per_minute": -1}, "requests_per_minute: it must be a number from 1 to 100000, or 0 for"),
        ({"requests_per_minute": 10**6}, "requests_per_minute: it must be a number from 1 to 100000, or 0 for"),
        ({"username": "a\udcffb"}, "username: it holds bytes that are not UTF-8."),
        ({"proxy": "http://user:s3cret@proxy:99999"}, "proxy: this is not the address of a proxy."),
        ({"proxy": "http://user:s3cret/x@proxy:80"}, "proxy: this is not the address of a proxy."),
        ({"proxy": "http://user:s3cret#x@proxy:80"}, "proxy: this is not the address of a proxy."),
        ({"proxy": "http://user:s3cret?x@proxy:80"}, "proxy: this is not the address of a proxy."),
        ({"proxy": "http://user:s3cret@"}, "proxy: this is not the address of a proxy."),
        ({"proxy": "http://user:s3cret @proxy"}, "proxy: this is not the address of a proxy."),
        ({"proxy": "user:s3cret@[::1"}, "proxy: this is not the address of a proxy."),
        ({"base_url": "http://cw.example.com"}, "base_url: 'http://cw.example.com' would send the password"),
    ],
)
def test_parameters_that_can_not_work(changed: dict[str, Any], sentence: str) -> None:
    given = {"base_url": "https://x", "client": "a", "username": "b", "password": "c", "client_id": "d", **changed}
    with pytest.raises(ConnectWiseConfigurationError) as raised:
        ConnectWiseClient(**given)
    assert str(raised.value).startswith(sentence)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("name", ["nan", "inf"])
def test_times_that_are_no_time(name: str) -> None:
    with pytest.raises(ConnectWiseConfigurationError, match="^timeout: "):
        ConnectWiseClient("https://x", "a", "b", "c", "d", timeout=float(name))


def test_without_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HAS_REQUESTS", False)
    with pytest.raises(ConnectWiseConfigurationError, match="the Python library requests is missing"):
        ConnectWiseClient("https://x", "a", "b", "c", "d")


def test_the_package_can_be_imported_without_requests() -> None:
    script = (
        "import sys; sys.modules['requests'] = None; sys.path.insert(0, sys.argv[1]);"
        "from ansible_collections.msp.connectwise.plugins.module_utils import connectwise;"
        "print(connectwise.HAS_REQUESTS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(checkout.linked_tree())], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_secret_string_is_a_password(simulator: Simulator) -> None:
    client = simulator.client(password=SecretString(simulator.told["private_key"]))
    assert client.get("service/tickets/123")["id"] == 123


def test_a_with_statement_ends_the_session(simulator: Simulator) -> None:
    with simulator.client() as client:
        first = client.get("service/tickets/123")
    again = client.get("service/tickets/123")
    assert first == again
    assert len({entry["connection"] for entry in simulator.journal()}) == 2


SECRET = "s3c/ret+ü %&'\"\\x"


def secret_forms() -> list[str]:
    """Ways in which a server may repeat what it was sent."""
    basic = base64.b64encode(f"training+public:{SECRET}".encode()).decode()
    return [SECRET, basic, f"Basic {basic}", quote(SECRET), quote(SECRET, safe=""), quote(basic, safe="")]


@pytest.mark.parametrize("form", secret_forms(), ids=range(6))
def test_no_error_repeats_the_secret_that_a_server_says(answering: Answering, form: str) -> None:
    client = answering.client(password=SECRET, retry_budget=0.0)
    field_error = {"code": form, "message": f"wrong: {form}", "resource": form, "field": form}
    page = f"<html><head><title>{form}</title></head><body>{form}</body></html>"
    for status in (400, 401, 403, 404, 409, 429, 500, 503):
        answering.then(status, {"code": form, "message": f"you sent {form}", "errors": [field_error]})
        answering.then(status, form.encode(), content_type="text/plain")
        answering.then(status, page.encode(), content_type="text/html")
        answering.then(status, b'{"message": "' + form.encode(), content_type="application/json")
    answering.then(302, b"", location=f"http://elsewhere.example/?login={quote(form, safe='')}")
    answering.then(200, form.encode(), content_type="text/plain")
    answering.then(200, page.encode(), content_type="text/html")
    answering.then(200, b'{"message": "' + form.encode(), content_type="application/json")
    answering.then(400, {"message": "x"}, request_id=quote(form, safe=""))
    count = len(answering.answers)
    for _number in range(count):
        with pytest.raises(ConnectWiseAPIError) as raised:
            client.post("service/tickets", {})
        said = f"{raised.value} {raised.value!r} {vars(raised.value)}"
        for other in (*secret_forms(), json.dumps(SECRET)[1:-1], repr(SECRET)[1:-1]):
            assert other not in said


@pytest.mark.parametrize("before", range(answers.LONGEST_QUOTE - 14, answers.LONGEST_QUOTE + 1, 2))
def test_a_secret_is_not_cut_before_it_is_blanked(answering: Answering, before: int) -> None:
    """Else its beginning would be shown at the end of the quotation."""
    client = answering.client(password="PrivateKey7755")
    answering.then(500, b"." * before + b"PrivateKey7755 and more", content_type="text/plain")
    with pytest.raises(ConnectWiseServerError) as raised:
        client.get("service/tickets")
    assert "Pri" not in str(raised.value)


def test_blanks_in_a_secret_are_not_lost_before_it_is_blanked(answering: Answering) -> None:
    client = answering.client(password="two  blanks\u00a0here")
    for status in (400, 500):
        answering.then(status, "it was two  blanks\u00a0here".encode(), content_type="text/plain; charset=utf-8")
        with pytest.raises(ConnectWiseAPIError) as raised:
            client.get("service/tickets")
        assert "blanks" not in str(raised.value)


def test_logs_hold_no_secret(simulator: Simulator, client: ConnectWiseClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    simulator.fault("503-html")
    client.get("service/tickets/123")
    simulator.fault("drop-before")
    client.get("service/tickets/123", conditions="id = 5")
    lines = [record.getMessage() for record in caplog.records if record.name == transport.logger.name]
    assert lines[0].startswith("GET service/tickets/123 503 ")
    assert lines[1].startswith("GET service/tickets/123 attempt 1 failed (503), again in 0.0 s")
    assert any("attempt 1 failed (no answer)" in line for line in lines)
    pair = f"{simulator.told['company']}+{simulator.told['public_key']}:{simulator.told['private_key']}"
    assert simulator.told["private_key"] not in caplog.text
    assert base64.b64encode(pair.encode()).decode() not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"code": "x"}],
        "text",
        5,
        None,
        True,
        {},
        {"message": None},
        {"message": {"a": 1}},
        {"message": 5, "code": 5, "errors": 5},
        {"errors": "text"},
        {"errors": [5, None, "x", {}]},
        {"errors": {"a": 1}},
        {"errors": [{"field": 5, "message": None}]},
    ],
)
@pytest.mark.parametrize("status", [400, 404, 418, 429, 500])
def test_a_refusal_of_any_shape_is_an_error_of_ours(answering: Answering, status: int, body: Any) -> None:
    client = answering.client(retry_budget=0.0)
    answering.then(status, body)
    with pytest.raises(ConnectWiseAPIError) as raised:
        client.post("service/tickets", {})
    assert raised.value.status == status
    assert str(raised.value).startswith(f"POST service/tickets answered {status}")


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"\xff\xfe", b"<html>", b"\x00", b"nonsense", b"[1, 2"])
@pytest.mark.parametrize("status", [200, 400, 404, 500, 302, 199 + 400])
def test_a_body_of_any_bytes_is_an_error_of_ours(answering: Answering, status: int, body: bytes) -> None:
    client = answering.client(retry_budget=0.0)
    answering.then(status, body)
    with pytest.raises(ConnectWiseAPIError) as raised:
        client.post("service/tickets", {})
    assert raised.value.status == status
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("data", [5, "text", True, {"code": "x"}, [5], ["x"], [None], [[]]])
def test_json_that_is_no_list_of_records_is_no_empty_list(answering: Answering, data: Any) -> None:
    """Else a ticket that is there would seem to be missing, and be opened twice."""
    client = answering.client()
    answering.then(200, data)
    with pytest.raises(ConnectWiseResponseError):
        client.get_all("service/tickets")


@pytest.mark.parametrize("data", [5, "text", True, [], [{"id": 5}]])
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.get_ticket(5),
        lambda client: client.create_ticket("a", "b", company_id=1),
        lambda client: client.update_ticket_status(5, 1),
        lambda client: client.add_ticket_note(5, "x"),
        lambda client: client.put("service/tickets", 5, {}),
    ],
)
def test_json_that_is_no_record_is_an_error_of_ours(answering: Answering, call: Call, data: Any) -> None:
    client = answering.client()
    answering.then(200, data)
    with pytest.raises(ConnectWiseResponseError):
        call(client)


def test_a_byte_order_mark_does_not_matter(answering: Answering) -> None:
    answering.then(200, b'\xef\xbb\xbf{"id": 5}')
    assert answering.client().get("service/tickets/5") == {"id": 5}


def test_a_refusal_from_before_the_api(answering: Answering) -> None:
    answering.then(404, b"<html><head><title>404 - File\r\n not found</title>", content_type="text/html")
    with pytest.raises(ConnectWiseNotFoundError) as raised:
        answering.client().get("service/tickets/5")
    assert raised.value.message == "a web page titled '404 - File not found' (no answer of the API itself)"
    assert raised.value.code is None
    answering.then(404, b"<!DOCTYPE html><p>nothing", content_type="text/html")
    with pytest.raises(ConnectWiseNotFoundError, match="a web page .no answer of the API itself."):
        answering.client().get("service/tickets/5")
    answering.then(418, b"", content_type="text/html")
    with pytest.raises(ConnectWiseResponseError, match="no answer of the API itself"):
        answering.client().get("service/tickets/5")


def test_a_gigantic_header(answering: Answering) -> None:
    answering.then(200, {"id": 1}, request_id="x" * 200_000)
    with pytest.raises(ConnectWiseConnectionError, match=r"^GET service/tickets/1 got no answer: the connection to .*"):
        answering.client(retry_budget=0.0).get("service/tickets/1")


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "application/json; charset=utf-8"),
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("utf-8-sig", "application/json"),
        ("utf-16", "application/json"),
        ("utf-32", "application/json; charset=no-such"),
        ("iso-8859-1", "application/json; charset=iso-8859-1"),
        ("cp1252", "application/json"),
        ("cp1252", "application/json; charset=no-such"),
    ],
)
def test_the_encoding_of_an_answer(answering: Answering, encoding: str, content_type: str) -> None:
    answering.then(200, json.dumps({"summary": "Größe ½"}, ensure_ascii=False).encode(encoding), content_type)
    assert answering.client().get("service/tickets/1") == {"summary": "Größe ½"}


def test_bytes_that_are_no_text(answering: Answering) -> None:
    answering.then(500, b"\x00\xff\xfe\x81\x9d" * 100, "application/json")
    with pytest.raises(ConnectWiseServerError):
        answering.client().get("service/tickets/1")


def test_json_that_is_nested_without_end(answering: Answering) -> None:
    for status, error in ((200, ConnectWiseResponseError), (500, ConnectWiseServerError)):
        answering.then(status, b"[" * 100_000)
        with pytest.raises(error):
            answering.client(retry_budget=0.0).get("service/tickets/1")


def test_an_encoding_of_the_body_that_is_broken(answering: Answering) -> None:
    answering.answers.append((200, b"no gzip", {"Content-Encoding": "gzip"}))
    with pytest.raises(ConnectWiseAPIError, match=r"^GET service/tickets/1 "):
        answering.client(retry_budget=0.0).get("service/tickets/1")

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source cw_callbacks, run as ansible-rulebook runs it, and called by the simulator."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
import yaml
from yarl import URL

from ansible_collections.msp.connectwise.extensions.eda.plugins.event_source import cw_callbacks
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.signature import signature
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import CONNECTION
from ansible_collections.msp.connectwise.plugins.plugin_utils import event_source
from unit.plugins.event_source.sources import Source, deliveries, free_port, is_open, shown, wait_until
from unit.plugins.support import Answering, Simulator

SECRET = "s3cr3t &=ß"


class Listener:
    """Starts the source, and sends to it."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulator = simulator
        self.port = free_port()
        self.folder = folder
        self.sources: list[Source] = []
        simulator._ask("POST", "callbacks", {"delays": [0.01, 0.01]})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def options(self, **more: Any) -> dict[str, Any]:
        """Options, as a rulebook gives them."""
        usual = {
            **{"host": "127.0.0.1", "port": self.port, "path": "/hook", "secret": SECRET, "requests_per_minute": 0},
            **{"state_file": str(self.folder / "state.sqlite"), "url": self.url, "callbacks": [{"type": "ticket"}]},
        }
        given = {**self.simulator.login, **usual, **more}
        return {name: value for name, value in given.items() if value is not None}

    def start(self, takes: int | None = None, **options: Any) -> Source:
        """Start the source, until its callbacks are registered."""
        given = self.options(**options)
        source = Source(cw_callbacks.main, given, takes)
        self.sources.append(source)
        wanted = given.get("callbacks", [])
        client = self.simulator.client()
        wait_until(
            lambda: (is_open(self.port) and len(client.get_all("system/callbacks")) >= len(wanted)) or source.error,
            "the listener",
        )
        if source.error:
            raise source.error
        return source

    def refused(self, **options: Any) -> str:
        """The sentence with which the source ends."""
        source = Source(cw_callbacks.main, self.options(**options))
        source.join()
        assert isinstance(source.error, event_source.SourceError)
        assert source.error.__cause__ is None and source.error.__suppress_context__
        return str(source.error)

    def message(self, **changes: Any) -> bytes:
        """A message as ConnectWise might send it."""
        key_url = f"{self.simulator.url}/v4_6_release/services/callbacks/signing-key"
        sent = {
            **{"Action": "updated", "CompanyId": "training", "Entity": '{"id": 5}', "ID": 5, "Type": "ticket"},
            **{"MessageId": str(uuid.uuid4()), "Metadata": {"key_url": key_url}, **changes},
        }
        return json.dumps(sent).encode()

    def send(self, body: bytes, key: str | None = None, path: str = "/hook", **how: Any) -> int:
        """Send a body, signed with the right key or another; returns the status of the answer."""
        if key is None:
            key_url = f"{self.simulator.url}/v4_6_release/services/callbacks/signing-key"
            key = requests.get(key_url, timeout=20).json()["signing_key"]
        return requests.post(
            f"http://127.0.0.1:{self.port}{path}",
            **{
                "data": body,
                "headers": {"X-Content-Signature": signature(key, body)},
                "params": {"secret": SECRET, "recordId": "5", "action": "updated"},
                "timeout": 20,
                **how,
            },
        ).status_code


@pytest.fixture
def listener(simulator: Simulator, tmp_path: Path) -> Iterator[Listener]:
    """Starts the source."""
    listener = Listener(simulator, tmp_path)
    yield listener
    for source in listener.sources:
        source.stop()


def answers(simulator: Simulator) -> list[list[Any]]:
    """What the simulator's callbacks were answered."""
    return [each["answers"] for each in deliveries(simulator)]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, without ports."""
    assert {record.name for record in caplog.records} <= {"msp.connectwise.cw_callbacks"}
    assert all(record.exc_info is None for record in caplog.records)
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_events(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """All that is in them, for a ticket that comes, changes and goes."""
    source, client = listener.start(), listener.simulator.client()
    ticket = client.create_ticket("Grüße", "", 250, board_id=2)
    number = ticket.id or 0
    client.update_ticket_status(number, 202)
    source.wait_for(2)
    client.delete("service/tickets", number)
    added, updated, deleted = source.wait_for(3)
    (callback,) = client.get_all("system/callbacks")
    common = {"type": "ticket", "id": number, "company_id": "training", "member_id": "ansible"}
    for event, action in ((added, "added"), (updated, "updated"), (deleted, "deleted")):
        assert {name: event[name] for name in common} == common
        assert (event["action"], event["callback_id"]) == (action, callback["id"])
    assert (added["entity"]["summary"], added["entity"]["status"]["name"]) == ("Grüße", "New")
    assert (updated["ticket"]["status_name"], updated["ticket"]["board_name"]) == ("Approved", "Changes & Projects")
    assert deleted["entity"] is None and "ticket" not in deleted
    assert [each["message_id"] for each in deliveries(listener.simulator)] == [
        each["message_id"] for each in (added, updated, deleted)
    ]
    assert answers(listener.simulator) == [[204]] * 3
    assert shown(listener.simulator)["keys_fetched"] == 1
    assert warnings(caplog) == []


@pytest.mark.parametrize(
    ("fault", "answer", "sentence"),
    [
        ({"kind": "forged"}, 401, "A message was refused: its signature is not right."),
        ({"kind": "unsigned"}, 401, "A message was refused: it is not signed."),
        (
            {"kind": "key-host"},
            403,
            "A message was refused: its key would come from 'https://keys.example.net/signing-key', "
            "not from key_hosts.",
        ),
        ({"kind": "oversized"}, 413, "A message was refused: it is larger than 1048576 bytes."),
    ],
)
def test_what_is_refused(
    listener: Listener, caplog: pytest.LogCaptureFixture, fault: dict[str, Any], answer: int, sentence: str
) -> None:
    """It is told in the log, and makes no event; what comes after it does."""
    source, client = listener.start(), listener.simulator.client()
    listener.simulator._ask("POST", "callbacks/faults", fault)
    client.create_ticket("Wrong", "", 250)
    assert answers(listener.simulator) == [[answer]]
    client.create_ticket("Right", "", 250)
    assert [event["entity"]["summary"] for event in source.wait_for(1)] == ["Right"]
    assert answers(listener.simulator) == [[answer], [204]]
    assert warnings(caplog) == [sentence]


def test_what_comes_again(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """It is answered as the first time, and makes no second event; not after a restart either."""
    source, client = listener.start(), listener.simulator.client()
    listener.simulator._ask("POST", "callbacks/faults", {"kind": "replay"})
    client.create_ticket("Twice", "", 250)
    assert answers(listener.simulator) == [[204, 204]]
    client.create_ticket("Once", "", 250)
    assert [event["entity"]["summary"] for event in source.wait_for(2)] == ["Twice", "Once"]
    body = listener.message(MessageId=source.events[0]["message_id"])
    source.stop()
    again = listener.start()
    assert listener.send(body) == 204
    assert listener.send(listener.message()) == 204
    assert len(again.wait_for(1)) == 1
    assert warnings(caplog) == []


def test_who_may_send(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """Only to the path, with the secret, by POST, from the one company; the secret is not in the log."""
    source = listener.start()
    body = listener.message()
    assert listener.send(body, key="any", path="/hook/more") == 403
    assert listener.send(body, key="any", path="/%2e%2e/hook//") == 403
    for secret in ("", "s3cr3t", f"{SECRET}x", "\udcff"):
        assert listener.send(body, key="any", params={"secret": secret.encode("utf-8", "surrogateescape")}) == 403
    assert listener.send(body, key="any", params={}) == 403
    assert requests.get(listener.url, params={"secret": SECRET}, timeout=20).status_code == 405
    assert shown(listener.simulator)["keys_fetched"] == 0
    assert listener.send(listener.message(CompanyId="other")) == 403
    assert listener.send(listener.message(CompanyId="Training")) == 204
    assert len(source.wait_for(1)) == 1
    assert warnings(caplog) == [
        "A request was refused: its path or its secret is not right.",
        "A request was refused: it is no POST.",
        "A message was refused: it is of 'other', and the option client is another.",
    ]


def test_what_is_no_message(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """Before and behind the signature; garbage that is no HTTP."""
    listener.start()
    assert listener.send(b"{") == 400
    assert listener.send(listener.message(Metadata=None)) == 400
    assert listener.send(listener.message(Entity="[")) == 400
    unzipped = {"X-Content-Signature": "x", "Content-Encoding": "gzip"}
    assert listener.send(listener.message(), headers=unzipped) == 400
    assert warnings(caplog) == ["A message was refused: it is no JSON object."]
    for garbage in (b"garbage\r\n\r\n", b"\x16\x03\x01\x02", b"POST /hook HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", listener.port), 20) as connection:
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    assert len(warnings(caplog)) == 1


def test_of_a_flood_little_is_logged(
    listener: Listener, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.start()
    for _each in range(5):
        assert listener.send(b"{}", key="x") == 400
    monkeypatch.setattr(cw_callbacks, "REPEAT_WARNING", 0.0)
    assert listener.send(b"{}", key="x") == 400
    refused = "A message was refused: it has no MessageId."
    assert warnings(caplog) == [refused, f"{refused} So it was with 4 others in between."]


def test_another_key(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is fetched where a signature does not match."""
    source, client = listener.start(), listener.simulator.client()
    client.create_ticket("Before", "", 250)
    source.wait_for(1)
    monkeypatch.setattr(cw_callbacks, "KEY_FOR", 0.0)
    listener.simulator._ask("POST", "callbacks/key")
    client.create_ticket("After", "", 250)
    client.create_ticket("And again", "", 250)
    source.wait_for(3)
    assert answers(listener.simulator) == [[204]] * 3
    assert shown(listener.simulator)["keys_fetched"] == 2


def test_another_key_at_once(listener: Listener) -> None:
    """Where the key was just fetched, the message has to come again, so that it is not lost."""
    source, client = listener.start(), listener.simulator.client()
    client.create_ticket("Before", "", 250)
    source.wait_for(1)
    listener.simulator._ask("POST", "callbacks/key")
    client.create_ticket("After", "", 250)
    assert answers(listener.simulator) == [[204], [429, 429, 429]]
    assert shown(listener.simulator)["keys_fetched"] == 1


def test_a_flood_of_forged_messages_is_none_of_requests_for_keys(listener: Listener, answering: Answering) -> None:
    """Neither with the one key that is known nor with ever other addresses of keys."""
    places = [url.partition("//")[2] for url in (listener.simulator.url, answering.url)]
    listener.start(key_hosts=places)
    for _each in range(50):
        assert listener.send(listener.message(), key="forged") in (401, 429)
    assert shown(listener.simulator)["keys_fetched"] == 1
    answering.answers.extend([(404, b"", {})] * 30)
    elsewhere = [listener.message(Metadata={"key_url": f"{answering.url}/{number}"}) for number in range(30)]
    assert {listener.send(body, key="forged") for body in elsewhere} == {429}
    assert len(answering.requests) <= 2 * cw_callbacks.MOST_REQUESTS  # if it takes longer than a few seconds


def test_keys_that_cant_be_had(
    listener: Listener, answering: Answering, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has to come again, and then is taken."""
    monkeypatch.setattr(cw_callbacks, "REPEAT_WARNING", 0.0)
    monkeypatch.setattr(cw_callbacks, "KEY_FOR", 0.0)
    source = listener.start(key_hosts=[answering.url.partition("//")[2]])
    body = listener.message(Metadata={"key_url": f"{answering.url}/key"})
    answering.then(500, {})
    answering.then(302, b"", location=f"{listener.simulator.url}/v4_6_release/services/callbacks/signing-key")
    answering.then(200, b"{", content_type="text/html")
    answering.then(200, {"signing_key": ""})
    answering.then(200, {"signing_key": "x" * 70_000})
    assert [listener.send(body, key="k") for _each in range(5)] == [429] * 5
    answering.then(200, {"signing_key": "k"})
    assert listener.send(body, key="k") == 204
    assert len(source.wait_for(1)) == 1
    reasons = [
        "the answer was 500",
        "the answer was 302",
        "there is no signing_key in the answer",
        "there is no signing_key in the answer",
        "the answer is too long",
    ]
    begin = f"A message has to come again: its key '{answering.url}/key' can't be had: "
    assert [each.removeprefix(begin) for each in warnings(caplog)] == [f"{reason}." for reason in reasons]
    assert {each["path"] for each in answering.requests} == {"/key"}
    assert not any("authorization" in each["headers"] for each in answering.requests)


def test_keys_that_are_slow(
    listener: Listener, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ConnectWise is answered before it gives up."""
    monkeypatch.setattr(cw_callbacks, "KEY_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        listener.start(key_hosts=[url[7:]])
        assert listener.send(listener.message(Metadata={"key_url": url}), key="k") == 429
    assert warnings(caplog)[0].endswith("can't be had: there was no answer within 0 s.")
    assert listener.send(listener.message(Metadata={"key_url": url}), key="k") == 429
    assert len(warnings(caplog)) == 1


def test_a_sender_that_is_slow(
    listener: Listener, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cw_callbacks, "ANSWER_WITHIN", 0.2)
    listener.start(secret=None)
    with socket.create_connection(("127.0.0.1", listener.port), 20) as connection:
        head = "POST /hook HTTP/1.1\r\nHost: x\r\nX-Content-Signature: x\r\nContent-Length: 10\r\n\r\n{"
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 429 ")
    assert warnings(caplog) == ["A message has to come again: it was not there within 0 s."]


def test_a_rulebook_that_is_slow(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """So many messages wait as there is room for; the others are refused so that they come again, and none is lost."""
    simulator = listener.simulator
    simulator._ask("POST", "callbacks", {"delays": [0.05] * 1000})
    source = listener.start(takes=3, room=5)
    simulator._ask("POST", "callbacks/all", {"path": "service/tickets", "times": 20})
    wait_until(lambda: shown(simulator)["waiting"] == 12, "a full inbox")
    wait_until(lambda: all(each["answers"] for each in shown(simulator)["deliveries"]), "answers to all")
    told = shown(simulator)["deliveries"]
    assert all((each["answers"][-1] == 429) == (each["state"] == "waiting") for each in told)
    assert len(source.events) == 3
    source.takes = None
    source.wait_for(20)
    told = deliveries(simulator)
    assert {each["state"] for each in told} == {"delivered"}
    assert {status for each in told for status in each["answers"]} == {204, 429}
    assert sorted(each["message_id"] for each in told) == sorted(each["message_id"] for each in source.events)
    assert warnings(caplog)[0] == "A message has to come again: 5 wait for the rulebook already (option room)."


def test_a_restart(listener: Listener) -> None:
    """What was accepted and not taken is handed over then, in order."""
    source = listener.start(takes=3)
    listener.simulator._ask("POST", "callbacks/all", {"path": "service/tickets", "times": 10})
    accepted = [each["message_id"] for each in deliveries(listener.simulator)]
    source.wait_for(3)
    source.stop()
    again = listener.start()
    again.wait_for(7)
    taken = [each["message_id"] for each in source.events + again.events]
    assert sorted(taken) == sorted(accepted)


def test_registration(listener: Listener) -> None:
    """At the start and once, whoever was there before; a callback that was disabled is enabled; removed at the end."""
    client = listener.simulator.client()
    wanted = [
        {"type": "ticket", "level": "board", "object_id": 2, "self_suppressed": True},
        {"type": "configuration", "description": "CMDB"},
    ]
    first = listener.start(callbacks=wanted, remove_callbacks=False)
    address = f"{listener.url}?secret=s3cr3t+%26%3D%C3%9F&recordId="
    registered = client.get_all("system/callbacks")
    names = ("url", "type", "level", "objectId", "description", "isSelfSuppressedFlag", "inactiveFlag")
    assert [[each[name] for name in names] for each in registered] == [
        [address, "ticket", "board", 2, "Event-Driven Ansible", True, False],
        [address, "configuration", "owner", 1, "CMDB", False, False],
    ]
    first.stop()
    assert client.get_all("system/callbacks") == registered
    client.patch("system/callbacks", registered[0]["id"], [{"op": "replace", "path": "inactiveFlag", "value": True}])
    listener.simulator.forget()
    second = listener.start(callbacks=wanted, url=listener.url)
    wait_until(lambda: len(listener.simulator.writes()) == 1, "the callback that was disabled")
    assert listener.simulator.writes() == [f"PATCH system/callbacks/{registered[0]['id']}"]
    wait_until(lambda: not client.get_all("system/callbacks")[0]["inactiveFlag"], "the callback that was disabled")
    second.stop()
    assert client.get_all("system/callbacks") == []


def test_registration_with_a_query_of_ones_own(listener: Listener) -> None:
    source = listener.start(url=f"{listener.url}?tenant=1", secret=None)
    (callback,) = listener.simulator.client().get_all("system/callbacks")
    assert callback["url"] == f"{listener.url}?tenant=1&recordId="
    listener.simulator.client().create_ticket("x", "", 250)
    assert len(source.wait_for(1)) == 1


def test_registration_that_fails(listener: Listener, answering: Answering, caplog: pytest.LogCaptureFixture) -> None:
    """The source ends with a sentence, without secrets; at the end there is a warning only."""
    said = listener.refused(password="wr0ng")
    assert said.startswith("client, username, password or client_id: ConnectWise refused the login.")
    assert "wr0ng" not in said
    nonsense = {"type": "ticket", "level": "nonsense", "object_id": 1}
    for callbacks in ([nonsense], [{"type": "ticket"}, nonsense]):
        assert listener.refused(callbacks=callbacks).startswith("level: Unrecognized level for type")
    assert listener.simulator.client().get_all("system/callbacks") == []
    said = listener.refused(callbacks=[{"type": "ticket", "level": "board"}])
    assert said == "object_id: no callback matches, and to register one of the level 'board' it must be given."
    answering.then(200, [])
    echoed = f"{listener.url}?secret=s3cr3t+%26%3D%C3%9F and {SECRET} and {listener.simulator.login['password']}"
    answering.then(400, {"code": "InvalidObject", "message": f"No {echoed}"})
    said = listener.refused(base_url=answering.url)
    assert "No http" in said
    assert [part for part in ("s3cr3t", listener.simulator.login["password"]) if part in said] == []
    source = listener.start()
    listener.simulator.fault("403", times=0)
    source.stop()
    assert source.error is None
    (warning,) = warnings(caplog)
    assert warning.startswith("The callbacks were not removed. username: the security role of this API member")


def test_the_end_is_not_waited_for_long(
    listener: Listener, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where ConnectWise can't be asked then."""
    monkeypatch.setattr(cw_callbacks, "LAST_REQUEST_WITHIN", 0.2)
    source = listener.start()
    listener.simulator.fault("latency", times=0, seconds=50)
    source.stop()
    assert source.error is None
    assert "The callbacks were not removed. base_url: " in caplog.text


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "port_": ({"port": None}, "port: it is missing. Give it as an option."),
    "port": ({"port": 70000}, "port: 70000 is none. Give a number from 1 to 65535."),
    "room": ({"room": 0}, "room: 0 is too few. Give a number above 0."),
    "path": ({"path": "hook"}, "path: 'hook' does not begin with a slash."),
    "unknown": ({"tokn": "x"}, "tokn: there is no such option."),
    "url_": ({"url": None}, "url: it is missing. Give the address under which ConnectWise reaches this listener."),
    "url": (
        {"url": "eda.msp.example"},
        "url: 'eda.msp.example' is no address such as 'https://eda.msp.example/connectwise'.",
    ),
    "client": (
        {"client": None},
        "client: it is missing. Give it as an option, or set the environment variable CW_CLIENT.",
    ),
    "key_hosts_": (
        {"callbacks": None, "base_url": None},
        "key_hosts: it is missing. Name the host from which the keys of the signatures come, or give base_url.",
    ),
    "key_hosts": (
        {"key_hosts": ["https://na.example"]},
        "key_hosts: 'https://na.example' is no host. Give its name such as 'api-na.myconnectwise.net', without 'https://'.",
    ),
    "key_hosts-user": (
        {"key_hosts": ["me@na.example"]},
        "key_hosts: 'me@na.example' is no host. Give its name such as 'api-na.myconnectwise.net', without 'https://'.",
    ),
    "keyfile": ({"keyfile": "/nowhere"}, "keyfile: it is of no use without certfile."),
    "certfile_": ({"certfile": "/nowhere"}, "certfile: '/nowhere' can't be used: No such file or directory."),
    "certfile": (
        {"certfile": __file__},
        f"certfile: {__file__!r} can't be used: "
        "it is no certificate in PEM, or the key is another's, or has a password.",
    ),
    "ca_path": ({"ca_path": "/nowhere"}, "ca_path: '/nowhere' can't be read, or holds no certificate in PEM."),
    "host": (
        {"host": "192.0.2.1", "port": 5000},
        "port: can't listen on 192.0.2.1 port 5000 (options host, port): "
        "error while attempting to bind on address ('192.0.2.1', 5000): cannot assign requested address.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_options(listener: Listener, case: str) -> None:
    options, sentence = BAD[case]
    assert listener.refused(**options) == sentence


def test_the_proxy() -> None:
    """As in modules: it may lack its scheme, and one that can't be is not repeated, for it may hold a password."""
    given = {"port": 5000, "base_url": "na.example"}
    options = cw_callbacks._options({**given, "proxy": "proxy.example:3128"})
    assert options["proxy"] == "http://proxy.example:3128"
    with pytest.raises(Exception, match="^proxy: this is not the address of a proxy") as raised:
        cw_callbacks._options({**given, "proxy": "http://user:ses/ame@proxy:1"})
    assert "ses" not in str(raised.value)


def test_a_port_that_is_taken(listener: Listener) -> None:
    source = listener.start()
    said = listener.refused(state_file=str(listener.folder / "other.sqlite"))
    assert said.startswith(f"port: can't listen on 127.0.0.1 port {listener.port} (options host, port): ")
    said = listener.refused()
    assert said.startswith("state_file: ") and said.endswith(
        "is in use by another process. Give each source a file of its own."
    )
    assert source.error is None


def test_https(secure_simulator: Simulator, tmp_path: Path) -> None:
    """It listens with a certificate of its own, and fetches the key from a server whose CA it is told."""
    authority = trustme.CA()
    certfile, keyfile = tmp_path / "chain.pem", tmp_path / "key.pem"
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(certfile)
    issued.private_key_pem.write_to_path(keyfile)
    ca_file = secure_simulator.told["ca_file"]
    secure_simulator.control.verify = ca_file
    listener = Listener(secure_simulator, tmp_path)
    tls = {"certfile": str(certfile), "keyfile": str(keyfile), "ca_path": ca_file}
    client = secure_simulator.client(ca_path=ca_file)
    source = Source(cw_callbacks.main, listener.options(**tls, url=f"https://127.0.0.1:{listener.port}/hook"))
    try:
        wait_until(lambda: source.error or client.get_all("system/callbacks"), "the callback")
        client.create_ticket("x", "", 250)
        assert len(source.wait_for(1)) == 1
    finally:
        source.stop()


class TestKeyHosts:
    """Where keys may come from."""

    @pytest.mark.parametrize(
        ("places", "url"),
        [
            (["na.example"], "https://na.example/key"),
            (["na.example"], "https://NA.example:443/key?x=1"),
            (["na.example:8443"], "https://na.example:8443/key"),
            (["na.example/v4_6_release/"], "https://na.example/v4_6_release/key"),
            (["other.example", "na.example"], "https://na.example"),
            (["127.0.0.1:8080"], "http://127.0.0.1:8080/key"),
            (["localhost"], "http://localhost/key"),
        ],
    )
    def test_right(self, places: list[str], url: str) -> None:
        assert str(self._keys(places)._address(url)) == str(URL(url))

    @pytest.mark.parametrize(
        "url",
        [
            "http://na.example/allowed/key",
            "ftp://na.example/key",
            "https://na.example:8443/key",
            "https://na.example.evil.example/key",
            "https://evil.example/?https://na.example/key",
            "https://na.example@evil.example/key",
            "https://na.example/allowedX",
            "https://na.example/allowed/../key",
            "https://na.example/allowed/%2e%2e/key",
            "https://na.example/allowed%2F..%2Fkey",
            "https://na.example/allowed/..%2fkey",
            "https://na.example/allowed/%2e%2e%5ckey",
            "https://na.example\\@evil.example/allowed/key",
            "https://me@na.example/allowed/key",
            "//na.example/allowed/key",
            "na.example/allowed/key",
            "https://[::1/allowed",
            "https://na.example:99999/allowed/key",
        ],
    )
    def test_wrong(self, url: str) -> None:
        with pytest.raises(cw_callbacks.Refused) as caught:
            self._keys(["na.example/allowed"])._address(url)
        assert caught.value.status == 403

    def test_http_where_it_is_allowed(self) -> None:
        assert self._keys(["na.example"], allow_http=True)._address("http://na.example/key").scheme == "http"

    def test_by_default(self) -> None:
        assert cw_callbacks._hosts_of("https://api-na.myconnectwise.net/v4_6_release") == [
            "api-na.myconnectwise.net",
            "na.myconnectwise.net",
        ]
        assert cw_callbacks._hosts_of("NA.myconnectwise.net") == ["NA.myconnectwise.net", "api-NA.myconnectwise.net"]
        assert cw_callbacks._hosts_of("https://api-cw.msp.example") == ["api-cw.msp.example"]
        assert cw_callbacks._hosts_of("cw.msp.example:8443") == ["cw.msp.example:8443"]

    def _keys(self, places: list[str], allow_http: bool = False) -> cw_callbacks.SigningKeys:
        options = {"key_hosts": [cw_callbacks._place(each) for each in places], "allow_http": allow_http, "proxy": None}
        session: Any = None
        return cw_callbacks.SigningKeys(session, options)

    def test_few_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And those that are in use."""
        fetched: list[str] = []

        async def fetch(address: URL) -> str:
            fetched.append(address.path)
            return "k"

        async def ask() -> None:
            keys = self._keys(["na.example"])
            monkeypatch.setattr(keys, "_fetch", fetch)
            monkeypatch.setattr(cw_callbacks, "KEY_FOR", 0.0)
            for number in range(40):
                await keys._key(URL("https://na.example/mine"))
                await keys._key(URL(f"https://na.example/{number}"))
            assert len(keys._known) == cw_callbacks.MOST_KEYS

        asyncio.run(ask())
        assert fetched.count("/mine") == 1


class Feedback:
    """Drives the source with the confirmations of a rulebook that is run with persistence."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.events: list[Any] = []

    def run(self, confirms: Callable[[Any], bool]) -> None:
        """Until the source ends, or three events were taken."""

        async def work() -> None:
            confirmed: asyncio.Queue[Any] = asyncio.Queue(1)
            outer = self

            class Queue:
                async def put(self, event: Any) -> None:
                    outer.events.append(event)
                    if confirms(event):
                        await confirmed.put(event)

            options = self.listener.options(feedback=True, callbacks=None, eda_feedback_queue=confirmed)
            running = asyncio.create_task(cw_callbacks.main(Queue(), options))
            bodies = [self.listener.message(Entity=f'{{"id": {number}}}') for number in range(3)]
            while not is_open(self.listener.port) and not running.done():
                await asyncio.sleep(0.01)
            for body in bodies:
                await asyncio.to_thread(self.listener.send, body)
            try:
                await asyncio.wait_for(running, 1.0)
            finally:
                running.cancel()

        asyncio.run(work())


def test_confirmations(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that was not confirmed is handed over again after a restart, one that was is not."""
    monkeypatch.setattr(event_source, "CONFIRMED_WITHIN", 0.3)
    feedback = Feedback(listener)
    with pytest.raises(event_source.SourceError, match="^feedback: no event was confirmed within 0 s.$"):
        feedback.run(lambda event: event["entity"]["id"] == 0)
    assert [event["entity"]["id"] for event in feedback.events] == [0, 1]
    again = listener.start(callbacks=None)
    assert [event["entity"]["id"] for event in again.wait_for(2)][:1] == [1]


def documentation(name: str) -> Any:
    """A documentation string of the source, parsed."""
    for node in ast.parse(Path(cw_callbacks.__file__).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(name)


def test_documentation() -> None:
    """Each option is documented as it is; the examples are options that can be."""

    def check(documented: dict[str, Any], options: dict[str, Any]) -> None:
        for name, option in options.items():
            said = documented[name]
            for key in ("type", "default", "elements", "required"):
                assert said.get(key) == option.get(key), f"{name}: {key}"
            if "options" in option:
                check(said["suboptions"], option["options"])

    described = documentation("DOCUMENTATION")["options"]
    assert set(described) == {*cw_callbacks.OPTIONS, "client"}
    check(described, cw_callbacks.OPTIONS)
    assert "client" in CONNECTION
    for rule_set in documentation("EXAMPLES"):
        (source,) = rule_set["sources"]
        given = source["msp.connectwise.cw_callbacks"]
        login = {"base_url": "na.example", "client": "c", "username": "u", "password": "p", "client_id": "i"}
        needed = login if "callbacks" in given else {}
        options = cw_callbacks._options({**needed, **given})
        assert options["state_file"].endswith(f"/.ansible/cw_callbacks-{given['port']}.sqlite")
        assert {name: options[name] for name in given if name not in ("callbacks", "key_hosts")} == {
            name: value for name, value in given.items() if name not in ("callbacks", "key_hosts")
        }

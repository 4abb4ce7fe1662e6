# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callbacks that are sent: for which changes, what is in them, how often, and what can go wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from unit.plugins.support import Answering

from .conftest import Caller

SOON = 20.0  # seconds


@pytest.fixture
def receiver() -> Iterator[Answering]:
    """A server that callbacks are sent to."""
    server = Answering()
    yield server
    server.stop()


def register(cw: Caller, receiver: Answering, **fields: Any) -> Any:
    """Register a callback for all tickets, or as the fields say; without waits between attempts."""
    cw.control("POST", "callbacks", {"delays": [0, 0]})
    wanted = {"url": f"{receiver.url}/hook?recordId=", "objectId": 1, "type": "ticket", "level": "owner", **fields}
    return cw.post("system/callbacks", wanted)


def deliveries(cw: Caller) -> list[dict[str, Any]]:
    """The deliveries, once none waits any more."""
    until = time.monotonic() + SOON
    while (shown := cw.control("GET", "callbacks"))["waiting"]:
        assert time.monotonic() < until, shown
        time.sleep(0.01)
    found: list[dict[str, Any]] = shown["deliveries"]
    return found


def told(cw: Caller) -> list[tuple[str, int]]:
    """The actions and ids of the records that were told of."""
    return [(each["action"], each["record"]) for each in deliveries(cw)]


def signature(cw: Caller, message: dict[str, Any], body: bytes) -> str:
    """The right signature of a body, with the key that its message names."""
    key = requests.get(message["Metadata"]["key_url"], timeout=20).json()["signing_key"]
    digest = hmac.new(hashlib.sha256(key.encode()).digest(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def test_what_is_sent(cw: Caller, receiver: Answering) -> None:
    """Address, body and signature, as recorded and documented (fact 11.5)."""
    callback = register(cw, receiver)
    for _each in range(3):
        receiver.then(204, b"")
    ticket = cw.ticket(summary="Grüße")
    assert told(cw) == [("added", ticket["id"])]
    cw.patch(f"service/tickets/{ticket['id']}", ("replace", "summary", "Other"))
    assert told(cw)[1:] == [("updated", ticket["id"])]
    cw.delete(f"service/tickets/{ticket['id']}")
    assert told(cw)[2:] == [("deleted", ticket["id"])]
    assert [(each["method"], each["path"]) for each in receiver.requests] == [
        ("POST", f"/hook?recordId={ticket['id']}&action={action}") for action in ("added", "updated", "deleted")
    ]
    messages = [json.loads(each["body"]) for each in receiver.requests]
    first = messages[0]
    assert first == {
        "Action": "added",
        "CallbackObjectRecId": callback["id"],
        "CompanyId": "training",
        "Entity": first["Entity"],
        "FromUrl": cw.url.partition("//")[2],
        "ID": ticket["id"],
        "MemberId": "ansible",
        "MessageId": first["MessageId"],
        "Metadata": {"key_url": f"{cw.url}/v4_6_release/services/callbacks/signing-key"},
        "PartnerId": None,
        "ProductInstanceId": None,
        "Type": "ticket",
    }
    entity = json.loads(first["Entity"])
    assert (entity["id"], entity["summary"], entity["status"]["name"]) == (ticket["id"], "Grüße", "New")
    assert "/v2025_1//apis/3.0/" in entity["status"]["_info"]["status_href"]
    assert None not in entity.values()
    assert json.loads(messages[1]["Entity"])["summary"] == "Other"
    assert messages[2]["Entity"] is None
    assert len({each["MessageId"] for each in messages}) == 3
    for seen, message in zip(receiver.requests, messages, strict=True):
        assert seen["headers"]["x-content-signature"] == signature(cw, message, seen["body"])
    shown = cw.control("GET", "callbacks")
    assert shown["keys_fetched"] == 3
    assert shown["deliveries"][0] == {
        "n": 1,
        "message_id": first["MessageId"],
        "callback": callback["id"],
        "url": f"{receiver.url}/hook?recordId={ticket['id']}&action=added",
        "type": "ticket",
        "action": "added",
        "record": ticket["id"],
        "fault": None,
        "state": "delivered",
        "answers": [204],
    }


def test_which_changes_are_told(cw: Caller, receiver: Answering) -> None:
    """By type, level and object; not what a ticket or a callback asks to keep quiet, and nothing that failed."""
    register(cw, receiver, level="Board", objectId=2, type="Ticket")
    receiver.answers.extend([(200, b"", {})] * 20)
    elsewhere = cw.ticket()
    there = cw.ticket(board={"id": 2})
    cw.error(400, "POST", "service/tickets", {"summary": "no company"})
    cw.post(f"service/tickets/{there['id']}/notes", {"text": "x", "internalAnalysisFlag": True})
    assert told(cw) == [("added", there["id"])]
    cw.patch(f"service/tickets/{there['id']}", ("add", "skipCallback", True), ("replace", "summary", "Quiet"))
    cw.patch(f"service/tickets/{elsewhere['id']}", ("replace", "board", {"id": 2}))
    assert told(cw)[1:] == [("updated", elsewhere["id"])]
    (callback,) = cw.get("system/callbacks")
    cw.patch(f"system/callbacks/{callback['id']}", ("replace", "inactiveFlag", True))
    cw.patch(f"service/tickets/{there['id']}", ("replace", "summary", "Inactive"))
    own = {"inactiveFlag": False, "isSelfSuppressedFlag": True}
    cw.patch(f"system/callbacks/{callback['id']}", *(("replace", name, value) for name, value in own.items()))
    cw.patch(f"service/tickets/{there['id']}", ("replace", "summary", "Made by the callback's own member"))
    assert len(deliveries(cw)) == 2
    cw.patch(f"system/callbacks/{callback['id']}", ("replace", "memberId", 638))
    cw.patch(f"service/tickets/{there['id']}", ("replace", "summary", "Made by another"))
    assert told(cw)[2:] == [("updated", there["id"])]


def test_other_records_and_many_at_once(cw: Caller, receiver: Answering) -> None:
    """Each record that a request writes is told of, those that failed are not."""
    register(cw, receiver, type="configuration")
    receiver.answers.extend([(200, b"", {})] * 5)
    good = {"name": "A", "type": {"id": 1}, "company": {"id": 250}}
    payload = cw.post("company/configurations/bulk", [good, {"name": "B"}, {**good, "name": "C"}], 207)["payload"]
    made = [each["data"]["id"] for each in payload if each["success"]]
    assert len(made) == 2
    assert sorted(told(cw)) == [("added", number) for number in made]


@pytest.mark.parametrize("status", [404, 409, 419, 429])
def test_sent_again_after_four_codes(cw: Caller, receiver: Answering, status: int) -> None:
    """Two more attempts, with the same body and signature."""
    register(cw, receiver)
    receiver.then(status, b"")
    receiver.then(status, b"")
    receiver.then(202, b"")
    cw.ticket()
    (delivery,) = deliveries(cw)
    assert (delivery["state"], delivery["answers"]) == ("delivered", [status, status, 202])
    bodies = {(each["body"], each["headers"]["x-content-signature"]) for each in receiver.requests}
    assert (len(receiver.requests), len(bodies)) == (3, 1)


def test_given_up(cw: Caller, receiver: Answering) -> None:
    """After three attempts; at once after any other answer, where nobody listens, and after the time-out."""
    callback = register(cw, receiver)
    for status in (429, 404, 409, 500, 401):
        receiver.then(status, b"")
    receiver.then(302, b"", location=receiver.url)
    for _each in range(4):
        cw.ticket()
        deliveries(cw)
    assert [each["answers"] for each in deliveries(cw)] == [[429, 404, 409], [500], [401], [302]]
    assert {each["state"] for each in deliveries(cw)} == {"failed"}
    cw.patch(f"system/callbacks/{callback['id']}", ("replace", "url", "http://127.0.0.1:9/?recordId="))
    cw.ticket()
    assert deliveries(cw)[-1]["answers"] == ["ClientConnectorError"]
    assert cw.get(f"system/callbacks/{callback['id']}")["inactiveFlag"] is False


def test_time_out(cw: Caller) -> None:
    """Not sent again, as only four codes are named; a switch says otherwise. The API answers meanwhile."""
    cw.control("POST", "callbacks", {"delays": [0, 0], "timeout": 0.3})
    cw.control("POST", "faults", {"kind": "latency", "times": 0, "path": "nowhere", "seconds": 30})
    url = f"{cw.url}/v4_6_release/apis/3.0/nowhere?recordId="
    cw.post("system/callbacks", {"url": url, "objectId": 1, "type": "ticket", "level": "owner"})
    cw.ticket()
    assert cw.control("GET", "callbacks")["waiting"] == 1
    assert [each["answers"] for each in deliveries(cw)] == [["timeout"]]
    cw.switch(callback_timeout="repeat")
    cw.ticket()
    assert deliveries(cw)[-1]["answers"] == ["timeout"] * 3


def test_disabled_in_the_end(cw: Caller, receiver: Answering) -> None:
    """A callback that fails for three days, or as long as a test says, becomes inactive."""
    callback = register(cw, receiver)
    cw.control("POST", "callbacks", {"disable_after": 0})
    receiver.then(500, b"")
    cw.ticket()
    deliveries(cw)
    assert cw.get(f"system/callbacks/{callback['id']}")["inactiveFlag"] is True
    cw.ticket()
    assert len(deliveries(cw)) == 1


def test_faults(cw: Caller, receiver: Answering) -> None:
    """Forged, unsigned, with a key elsewhere, sent twice, too large."""
    register(cw, receiver)
    receiver.answers.extend([(200, b"", {})] * 7)
    for kind in ("forged", "unsigned", "key-host", "replay", "oversized"):
        cw.control("POST", "callbacks/faults", {"kind": kind, **({"size": 5000} if kind == "oversized" else {})})
        cw.ticket()
        deliveries(cw)
    forged, unsigned, elsewhere, replayed, again, large = receiver.requests
    assert forged["headers"]["x-content-signature"] != signature(cw, json.loads(forged["body"]), forged["body"])
    assert "x-content-signature" not in unsigned["headers"]
    assert json.loads(elsewhere["body"])["Metadata"] == {"key_url": "https://keys.example.net/signing-key"}
    assert replayed["body"] == again["body"]
    assert json.loads(json.loads(large["body"])["Entity"])["padding"] == "x" * 5000
    assert large["headers"]["x-content-signature"] == signature(cw, json.loads(large["body"]), large["body"])
    assert [each["fault"] for each in deliveries(cw)] == ["forged", "unsigned", "key-host", "replay", "oversized"]


def test_of_many_records(cw: Caller, receiver: Answering) -> None:
    """As if each were changed, for tests that need many; the records stay as they are."""
    register(cw, receiver)
    receiver.answers.extend([(200, b"", {})] * 5)
    sent = cw.control("POST", "callbacks/all", {"path": "service/tickets", "times": 5})
    assert sent == {"sent": 5}
    assert [number for _action, number in told(cw)] == [123, 12345, 12346, 12347, 123]
    assert {json.loads(each["body"])["Action"] for each in receiver.requests} == {"updated"}
    path = {"path": "service/tickets"}
    for wrong in ({"path": "x", "times": 1}, path, {**path, "times": 0}, {**path, "times": "1"}):
        assert requests.post(f"{cw.url}/_simulator/callbacks/all", json=wrong, timeout=20).status_code == 400


def test_another_key(cw: Caller, receiver: Answering) -> None:
    """It signs from then on, and is served at the same place."""
    register(cw, receiver)
    receiver.answers.extend([(200, b"", {})] * 2)
    cw.ticket()
    (first,) = deliveries(cw) and receiver.requests
    before = signature(cw, json.loads(first["body"]), first["body"])
    cw.control("POST", "callbacks/key")
    assert signature(cw, json.loads(first["body"]), first["body"]) != before
    cw.ticket()
    deliveries(cw)
    second = receiver.requests[1]
    assert second["headers"]["x-content-signature"] == signature(cw, json.loads(second["body"]), second["body"])


def test_settings(cw: Caller) -> None:
    """As ConnectWise by default; what is not understood is refused; a reset brings them back."""
    default = {"delays": [2.0, 4.0], "timeout": 5.0, "disable_after": 259200.0}
    assert cw.control("GET", "callbacks") == {
        "settings": default,
        "keys_fetched": 0,
        "waiting": 0,
        "deliveries": [],
    }
    assert cw.control("POST", "callbacks", {"delays": [0.1]}) == {**default, "delays": [0.1]}
    refused = {
        "callbacks": [{"delay": 1}, {"timeout": "1"}, {"delays": [-1]}, {"disable_after": True}, {"delays": 5}, [1]],
        "callbacks/faults": [{"kind": "x"}, {"kind": "replay", "times": "2"}, {"kind": "replay", "much": 2}, 5],
    }
    for path, bodies in refused.items():
        for body in bodies:
            answer = requests.post(f"{cw.url}/_simulator/{path}", json=body, timeout=20)
            assert answer.status_code == 400, body
            assert answer.json()["message"].endswith(".")
    cw.control("POST", "reset")
    assert cw.control("GET", "callbacks")["settings"] == default
    cw.control("DELETE", "callbacks")

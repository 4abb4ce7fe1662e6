# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ConnectWise sends, as events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import Ticket
from ansible_collections.msp.connectwise.plugins.module_utils.glue.callback_message import Message
from ansible_collections.msp.connectwise.plugins.module_utils.resources.facts import facts

TICKET = {"id": 123, "summary": "Grüße", "status": {"id": 202, "name": "Approved"}, "closedFlag": False, "new": 1}
SENT = {
    "Action": "Updated",
    "CallbackObjectRecId": 26604,
    "CompanyId": "training",
    "Entity": json.dumps(TICKET),
    "FromUrl": "na.example.net",
    "ID": 123,
    "MemberId": "jdoe",
    "MessageId": "6dd82302",
    "Metadata": {"key_url": "https://na.example.net/key"},
    "PartnerId": None,
    "ProductInstanceId": None,
    "Type": "Ticket",
}


def message(**changes: Any) -> Message:
    """A message with other members; those that are ... are left out."""
    sent = {name: value for name, value in {**SENT, **changes}.items() if value is not ...}
    return Message(json.dumps(sent).encode())


def test_of_a_ticket() -> None:
    read = message()
    assert (read.id, read.company, read.key_url) == ("6dd82302", "training", "https://na.example.net/key")
    event = read.event()
    assert event == {
        "action": "updated",
        "type": "ticket",
        "id": 123,
        "entity": TICKET,
        "message_id": "6dd82302",
        "company_id": "training",
        "member_id": "jdoe",
        "callback_id": 26604,
        "ticket": facts(Ticket.from_dict(TICKET)),
    }
    assert (event["ticket"]["status_name"], event["ticket"]["is_closed"], event["ticket"]["new"]) == (
        "Approved",
        False,
        1,
    )
    json.dumps(event, allow_nan=False)


def test_of_what_was_deleted() -> None:
    event = message(Action="deleted", Entity=None).event()
    assert (event["action"], event["entity"], "ticket" in event) == ("deleted", None, False)
    for nothing in (..., "", "null"):
        assert message(Action="deleted", Entity=nothing).event() == event


def test_of_other_records() -> None:
    """The facts stand under the name of the type; those of types that the collection does not know are not there."""
    entity = json.dumps({"id": 5, "name": "SRV", "type": {"id": 1, "name": "Server"}})
    assert message(Type="configuration", Entity=entity).event()["configuration"]["type_name"] == "Server"
    for kind in ("company", "contact", "member", "schedule", "time"):
        assert message(Type=kind, Entity='{"id": 5}').event()[kind]["id"] == 5
    assert set(message(Type="purchaseorder", Entity='{"id": 5}').event()) == set(message(Entity=None).event())


def test_passwords_are_left_out() -> None:
    questions = [
        {"questionId": 1, "question": "Login", "fieldType": "Text", "answer": "admin"},
        {"questionId": 2, "question": "Password", "fieldType": "Password", "answer": "hunter2"},
    ]
    event = message(Type="configuration", Entity=json.dumps({"id": 5, "questions": questions})).event()
    assert event["entity"]["questions"] == questions[:1]
    assert "hunter2" not in json.dumps(event)


def test_an_id_that_is_a_text() -> None:
    assert message(ID="123").event() == message().event()


@pytest.mark.parametrize("odd", ["text", 5, {"id": 1}, [None, "text", 5]])
def test_lists_of_another_shape(odd: Any) -> None:
    """They stay as they are."""
    assert message(Entity={**TICKET, "customFields": odd}).event()["entity"]["customFields"] == odd


def test_a_record_that_is_no_text() -> None:
    assert message(Entity=TICKET).event()["entity"] == TICKET


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "it is no JSON object"),
        (b"[1]", "it is no JSON object"),
        (b"\xff{}", "it is no JSON object"),
        (b"[" * 100_000, "it is no JSON object"),
        (b'{"MessageId": NaN}', "it is no JSON object"),
        (b"{}", "it has no MessageId"),
        (b'{"MessageId": 5}', "it has no MessageId"),
        (b'{"MessageId": "\\ud800"}', "it has no MessageId"),
        (b'{"MessageId": "5"}', "it has no CompanyId"),
        (b'{"MessageId": "5", "CompanyId": "c"}', "it has no Metadata.key_url"),
        (b'{"MessageId": "5", "CompanyId": "c", "Metadata": "x"}', "it has no Metadata.key_url"),
        (b'{"MessageId": "5", "CompanyId": "c", "Metadata": {"key_url": ""}}', "it has no Metadata.key_url"),
    ],
)
def test_what_is_no_message(body: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        Message(body)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Entity": "{"}, "it is no JSON object"),
        ({"Entity": "[]"}, "it is no JSON object"),
        ({"Entity": '{"x": Infinity}'}, "it is no JSON object"),
        ({"Entity": '{"x": 1e999}'}, "it is no JSON object"),
        ({"Entity": 5}, "its Entity is no record"),
        ({"ID": ...}, "it has no ID of a record"),
        ({"ID": True}, "it has no ID of a record"),
        ({"ID": "12a"}, "it has no ID of a record"),
        ({"Type": None}, "it has no Type"),
        ({"Action": ""}, "it has no Action"),
    ],
)
def test_what_is_no_event(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        message(**changes).event()

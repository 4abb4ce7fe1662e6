# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating and changing against a server that answers what it is told, such as one that does not do what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseBadRequestError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.lookup import Lookup
from ansible_collections.msp.connectwise.plugins.module_utils.glue.records import (
    creating,
    has_to_be_looked_up,
    updating,
    written,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError, by_name
from ansible_collections.msp.connectwise.plugins.module_utils.resources.planning import wanted_state
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import TICKET
from unit.plugins.support import Answering

TICKETS = "service/tickets"
NOW: dict[str, Any] = {
    "id": 5,
    "summary": "Deploy",
    "board": {"id": 1, "name": "Help Desk"},
    "status": {"id": 101, "name": "New"},
    "customFields": [{"id": 7, "caption": "Window", "type": "Text"}],
}
STATUSES = [{"id": 101, "name": "New"}, {"id": 102, "name": "In Progress"}]
REFUSED = {"code": "InvalidObject", "message": "ticket object is invalid", "errors": []}


@pytest.fixture
def answering(answering: Answering) -> Iterator[Answering]:
    """A server that answers what it is told, and is asked for all of it."""
    yield answering
    assert answering.answers == []


def change(answering: Answering, options: dict[str, Any], further: dict[str, Any] | None = None) -> dict[str, Any]:
    """The ticket NOW, brought to the wanted state."""
    client = answering.client()
    wanted = wanted_state(TICKET, options, further)
    return written(client, updating(Lookup(client), TICKET, TICKETS, NOW, wanted, False))[0]


def sent(answering: Answering) -> list[str]:
    """The requests as lines."""
    return [
        f"{item['method']} {item['path'].partition('/apis/3.0/')[2].partition('?')[0]}" for item in answering.requests
    ]


def test_nothing_to_do(answering: Answering) -> None:
    assert change(answering, {"summary": "Deploy", "status": "new"}) == NOW
    assert sent(answering) == []


def test_a_server_that_keeps_what_it_had_where_it_gets_a_name(answering: Answering) -> None:
    """It is said to answer 200 and do nothing for some forms (fact sheet 6.2); with the id it does."""
    answering.then(200, NOW)
    answering.then(200, STATUSES)
    answering.then(200, {**NOW, "status": STATUSES[1]})
    assert change(answering, {"status": "In Progress"})["status"] == STATUSES[1]
    assert sent(answering) == [
        "PATCH service/tickets/5",
        "GET service/boards/1/statuses",
        "PATCH service/tickets/5",
    ]


@pytest.mark.parametrize(
    "error",
    [
        {"errors": [{"code": "MissingRequiredField", "message": "It is required.", "field": "customFields"}]},
        {"message": "Custom Fields are required.", "errors": None},
    ],
)
def test_a_server_that_wants_the_custom_fields_with_every_change(answering: Answering, error: dict[str, Any]) -> None:
    """As some tenants are said to (fact sheet 6.6)."""
    answering.then(400, {**REFUSED, **error})
    answering.then(200, {**NOW, "status": STATUSES[1]})
    assert change(answering, {"status": 102})["status"] == STATUSES[1]
    assert json.loads(answering.requests[1]["body"]) == [
        {"op": "replace", "path": "status/id", "value": 102},
        {"op": "replace", "path": "customFields", "value": NOW["customFields"]},
    ]


def test_custom_fields_that_are_refused_are_not_sent_twice(answering: Answering) -> None:
    answering.then(400, {**REFUSED, "errors": [{"code": "x", "message": "y", "field": "customFields"}]})
    with pytest.raises(ConnectWiseBadRequestError):
        change(answering, {"custom_fields": {"Window": "night"}})


@pytest.mark.parametrize(
    ("options", "further", "answers", "sentence"),
    [
        (
            {"summary": "Other"},
            {},
            [NOW, NOW],
            "summary: ConnectWise answered that the change was done, but kept 'Deploy'",
        ),
        (
            {"status": 102},
            {},
            [NOW, NOW],
            "status: ConnectWise answered that the change was done, but kept 'New' where 102",
        ),
        (
            {"status": "In Progress"},
            {},
            [NOW, STATUSES, NOW],
            "status: ConnectWise answered that the change was done, but kept 'New' where 'In Progress' was asked (",
        ),
        (
            {"custom_fields": {"Window": "night"}},
            {},
            [NOW, NOW],
            "custom_fields: ConnectWise answered that the change was done, but kept {'Window': None} where",
        ),
        (
            {},
            {"budgetHours": 5},
            [NOW, NOW],
            "fields, budgetHours: ConnectWise answered that the change was done, but kept None",
        ),
    ],
)
def test_a_server_that_does_not_do_what_it_says(
    answering: Answering, options: dict[str, Any], further: dict[str, Any], answers: list[Any], sentence: str
) -> None:
    for answer in answers:
        answering.then(200, answer)
    with pytest.raises(WantedError) as raised:
        change(answering, options, further)
    assert str(raised.value).startswith(sentence)
    assert raised.value.code == "NotKept"


def test_a_name_that_is_refused_is_looked_up(answering: Answering) -> None:
    answering.then(400, REFUSED)
    answering.then(200, STATUSES)
    answering.then(200, {**NOW, "status": STATUSES[1]})
    assert change(answering, {"status": "In Progress"})["status"] == STATUSES[1]


def test_a_name_that_is_refused_and_that_there_is_not(answering: Answering) -> None:
    answering.then(400, REFUSED)
    answering.then(200, STATUSES)
    with pytest.raises(
        WantedError, match="^status: there is no status named 'Gone' on board 'Help Desk'. There are: New"
    ):
        change(answering, {"status": "Gone"})


def test_a_refusal_that_has_nothing_to_do_with_names(answering: Answering) -> None:
    answering.then(400, REFUSED)
    with pytest.raises(ConnectWiseBadRequestError, match="ticket object is invalid"):
        change(answering, {"summary": "Other"})


def test_a_refusal_although_the_name_is_right(answering: Answering) -> None:
    answering.then(400, REFUSED)
    answering.then(200, STATUSES)
    answering.then(400, REFUSED)
    with pytest.raises(ConnectWiseBadRequestError):
        change(answering, {"status": "In Progress"})


def test_a_server_that_takes_less_on_create_than_on_change(answering: Answering) -> None:
    wanted = wanted_state(TICKET, {"summary": "Deploy", "company": "250", "owner": "5"})
    created = {"id": 9, "summary": "Deploy", "company": {"id": 250, "name": "Acme"}}
    answering.then(201, created)
    answering.then(200, {**created, "owner": {"id": 5, "name": "On Call"}})
    client = answering.client()
    made = written(client, creating(Lookup(client), TICKET, TICKETS, wanted, [], False))
    ticket = written(client, updating(Lookup(client), TICKET, TICKETS, made, wanted, False))[0]
    assert ticket["owner"]["id"] == 5
    assert sent(answering) == ["POST service/tickets", "PATCH service/tickets/9"]


def test_check_mode_creates_what_would_be(answering: Answering) -> None:
    client = answering.client(read_only=True)
    wanted = wanted_state(TICKET, {"summary": "Deploy", "custom_fields": {"window": "night"}})
    definitions = [{"id": 7, "caption": "Window", "type": "Text"}]
    ticket = written(client, creating(Lookup(client), TICKET, TICKETS, wanted, definitions, True))
    assert ticket == {"id": 0, "summary": "Deploy", "customFields": [{**definitions[0], "value": "night"}]}


@pytest.mark.parametrize(
    ("name", "value", "needed"),
    [
        ("status", {"name": "New"}, False),
        ("status", {"id": 5}, False),
        ("status", "", False),
        ("company", {"name": "Acme"}, True),
        ("company", {"id": 250}, False),
        ("owner", {"name": "oncall"}, True),
        ("contact", {"name": "IT Manager"}, True),
        ("site", {"name": "Main Office"}, True),
        ("summary", "x", False),
    ],
)
def test_what_has_to_be_looked_up(name: str, value: Any, needed: bool) -> None:
    assert has_to_be_looked_up(by_name(TICKET, name), value) is needed

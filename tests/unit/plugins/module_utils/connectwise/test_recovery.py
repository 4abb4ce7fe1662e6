# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A POST whose answer was lost: nothing is lost, and nothing is there twice."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseConnectionError,
    ConnectWiseResponseError,
    ConnectWiseServerError,
    recovery,
)
from unit.plugins.support import Answering, Simulator

NOTES = "service/tickets/123/notes"
DONE = ["drop-after", "truncated", "502-after", "504-after", "500-timeout-after"]
NOT_DONE = ["drop-before", "500-timeout", "500-pool", "502-html", "503-html", "504-html"]

CREATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "ticket": (
        "service/tickets",
        {
            "summary": "Disk  full",
            "company": {"identifier": "Acme"},
            "board": {"name": "Help Desk"},
            "initialDescription": "C: has no space left.",
            "automaticEmailCc": "a@example.com",
            "requiredDate": "2026-03-31T17:00:00Z",
        },
    ),
    "ticket with a key": (
        "service/tickets",
        {"summary": "Disk full", "company": {"id": 250}, "externalXRef": 'it\'s "5"'},
    ),
    "note": (NOTES, {"text": "one\r\ntwo ", "internalAnalysisFlag": True, "detailDescriptionFlag": False}),
    "configuration": ("company/configurations", {"name": "PC-1", "type": {"id": 1}, "company": {"id": 250}}),
    "attached configuration": ("service/tickets/123/configurations", {"id": 67890}),
}


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what a slow server does for milliseconds only; the time-out of a client stays what it is."""
    monkeypatch.setattr(recovery, "PATIENCE", 0.02)


@pytest.mark.parametrize("kind", DONE)
@pytest.mark.parametrize("name", CREATIONS)
def test_what_was_done_is_found_again(simulator: Simulator, client: ConnectWiseClient, name: str, kind: str) -> None:
    endpoint, data = CREATIONS[name]
    before = {record["id"] for record in client.get_all(endpoint)}
    simulator.forget()
    simulator.fault(kind, method="POST")
    made = client.post(endpoint, data)
    assert simulator.requests() == [f"POST {endpoint}", f"GET {endpoint}"]
    assert {record["id"] for record in client.get_all(endpoint)} - before == {made["id"]}
    assert not client.repetitions


@pytest.mark.parametrize("kind", NOT_DONE)
@pytest.mark.parametrize("name", CREATIONS)
def test_what_was_not_done_is_done_after_looking(
    simulator: Simulator, client: ConnectWiseClient, name: str, kind: str
) -> None:
    endpoint, data = CREATIONS[name]
    before = {record["id"] for record in client.get_all(endpoint)}
    simulator.forget()
    simulator.fault(kind, method="POST")
    made = client.post(endpoint, data)
    requests = simulator.requests()
    assert requests[0] == requests[-1] == f"POST {endpoint}"
    assert set(requests[1:-1]) == {f"GET {endpoint}"}
    assert {record["id"] for record in client.get_all(endpoint)} - before == {made["id"]}
    assert len(client.repetitions) == 1


def test_an_answer_that_comes_too_late(simulator: Simulator) -> None:
    hasty = simulator.client(timeout=0.2)
    simulator.fault("slow-after", method="POST", seconds=0.6)
    note = hasty.add_ticket_note(123, "once")
    assert [each.id for each in hasty.get_ticket_notes(123) if each.text == "once"] == [note.id]


def test_a_server_that_is_still_at_it(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is done when the client has long stopped waiting for the answer."""
    monkeypatch.setattr(recovery, "PATIENCE", 30.0)
    hasty = simulator.client(timeout=1.0)
    simulator.fault("latency", method="POST", seconds=1.4)
    note = hasty.add_ticket_note(123, "once")
    assert [each.id for each in hasty.get_ticket_notes(123) if each.text == "once"] == [note.id]
    assert simulator.writes() == [f"POST {NOTES}"]


@pytest.mark.parametrize("kind", ["drop-after", "drop-before"])
def test_an_answer_that_was_lost_behind_a_proxy(simulator: Simulator, kind: str) -> None:
    """urllib3 says then that the proxy failed, as where it can't be reached."""
    client = simulator.client(proxy=simulator.url)
    simulator.fault(kind, method="POST")
    note = client.add_ticket_note(123, "once")
    assert [each.id for each in client.get_ticket_notes(123) if each.text == "once"] == [note.id]


def test_two_notes_of_one_text_are_two_notes(simulator: Simulator, client: ConnectWiseClient) -> None:
    first = client.add_ticket_note(123, "again")
    simulator.fault("drop-before", method="POST")
    second = client.add_ticket_note(123, "again")
    simulator.fault("drop-after", method="POST")
    third = client.add_ticket_note(123, "again")
    assert len({first.id, second.id, third.id}) == 3
    assert len([each for each in client.get_ticket_notes(123) if each.text == "again"]) == 3


def test_an_older_record_is_not_taken_for_the_new_one(simulator: Simulator, client: ConnectWiseClient) -> None:
    before = {"text": "again", "internalAnalysisFlag": True, "dateCreated": "2020-01-01T00:00:00Z", "ticketId": 123}
    simulator.insert(NOTES, [before])
    simulator.fault("drop-before", method="POST")
    client.add_ticket_note(123, "again")
    assert len([each for each in client.get_ticket_notes(123) if each.text == "again"]) == 2


def test_an_action_is_not_repeated(simulator: Simulator, client: ConnectWiseClient) -> None:
    """There is no list in which could be seen whether it was done."""
    simulator.fault("drop-before", method="POST")
    with pytest.raises(ConnectWiseConnectionError) as raised:
        client.bundle_tickets(123, [12345])
    assert raised.value.maybe_done
    assert simulator.writes() == ["POST service/tickets/123/attachChildren"]


def test_a_list_that_can_not_be_read(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("drop-before", method="POST")
    simulator.fault("403", method="GET")
    with pytest.raises(ConnectWiseConnectionError) as raised:
        client.add_ticket_note(123, "x")
    assert raised.value.maybe_done


def test_a_list_without_times_does_not_tell(answering: Answering) -> None:
    answering.then(503, b"<html>")
    answering.then(200, [{"id": 5, "text": "x"}])
    with pytest.raises(ConnectWiseServerError) as raised:
        answering.client().post("project/tickets/1/notes", {"text": "x"})
    assert raised.value.maybe_done
    assert answering.answers == []


def test_no_look_without_a_budget(simulator: Simulator) -> None:
    client = simulator.client(retry_budget=0.0)
    simulator.fault("drop-before", method="POST")
    with pytest.raises(ConnectWiseConnectionError) as raised:
        client.add_ticket_note(123, "x")
    assert raised.value.maybe_done
    assert simulator.requests() == [f"POST {NOTES}"]


def test_it_gives_up(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("drop-before", method="POST", times=0)
    with pytest.raises(ConnectWiseConnectionError):
        client.add_ticket_note(123, "x")
    assert simulator.writes() == [f"POST {NOTES}"] * 5


def test_an_answer_that_says_nothing_is_not_sent_again(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("html-200", method="POST")
    with pytest.raises(ConnectWiseResponseError) as raised:
        client.add_ticket_note(123, "x")
    assert raised.value.maybe_done
    assert simulator.writes() == [f"POST {NOTES}"]


def test_a_refusal_is_no_lost_answer(simulator: Simulator, client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseBadRequestError):
        client.post(NOTES, {"text": "of no kind"})
    assert simulator.requests() == [f"POST {NOTES}"]


def test_deleting_twice_is_deleting(simulator: Simulator, client: ConnectWiseClient) -> None:
    simulator.fault("502-after", method="DELETE")
    assert client.delete_ticket(123) is True
    simulator.fault("429", method="DELETE", retry_after=0)
    assert client.delete_ticket(123) is False


@pytest.mark.parametrize("kind", ["drop-after", "502-after", "drop-before"])
def test_a_patch_that_adds_is_sent_once(simulator: Simulator, client: ConnectWiseClient, kind: str) -> None:
    simulator.fault(kind, method="PATCH")
    with pytest.raises(ConnectWiseAPIError) as raised:
        client.patch("service/tickets", 123, [{"op": "add", "path": "poNumber", "value": "5"}])
    assert raised.value.maybe_done
    assert len(simulator.writes()) == 1


NOW = datetime(2026, 3, 31, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("record", "sent", "made"),
    [
        ({"text": "a b", "dateCreated": "2026-03-31T12:00:00Z"}, {"text": "a\r\nb "}, True),
        ({"text": "a", "dateCreated": "2026-03-31T11:59:59Z"}, {"text": "a"}, True),
        ({"text": "a", "dateCreated": "2026-03-31T11:59:50Z"}, {"text": "a"}, False),
        ({"text": "b", "dateCreated": "2026-03-31T12:00:00Z"}, {"text": "a"}, False),
        ({"text": "a"}, {"text": "a"}, None),
        ({"text": "a", "_info": {"lastUpdated": "2026-03-31T12:00:00Z"}}, {"text": "a"}, True),
        ({"text": "a", "_info": "odd"}, {"text": "a"}, None),
        ({"_info": {"dateEntered": "2026-03-31T12:00:00Z"}}, {"initialDescription": "a"}, False),
        ({"id": 5}, {"id": 5}, True),
        ({"id": 5}, {"id": 6}, False),
        ({"a": {"id": 5, "name": "N"}, "dateCreated": "2026-03-31T12:00:00Z"}, {"a": {"name": "n"}}, True),
        ({"a": {"id": 5, "name": "N"}, "dateCreated": "2026-03-31T12:00:00Z"}, {"a": {"id": "5"}}, True),
        ({"a": {"id": 5, "name": "N"}, "dateCreated": "2026-03-31T12:00:00Z"}, {"a": {"id": 6}}, False),
        ({"a": None, "dateCreated": "2026-03-31T12:00:00Z"}, {"a": {"id": 6}}, False),
        ({"a": "x@y.z;", "dateCreated": "2026-03-31T12:00:00Z"}, {"a": "x@y.z"}, True),
        ({"a": "2026-03-31T00:00:00Z", "dateCreated": "2026-03-31T12:00:00Z"}, {"a": "2026-03-31T17:00:00Z"}, True),
        ({"a": False, "dateCreated": "2026-03-31T12:00:00Z"}, {"a": True}, False),
        ({"a": 2.0, "dateCreated": "2026-03-31T12:00:00Z"}, {"a": 2}, True),
    ],
)
def test_what_was_made(record: dict[str, Any], sent: dict[str, Any], made: bool | None) -> None:
    assert recovery.was_made(record, sent, NOW) is made


def test_the_server_s_clock() -> None:
    assert recovery.server_time({"Date": "Tue, 31 Mar 2026 12:00:00 GMT"}) == NOW
    for headers in ({}, {"Date": "yesterday"}):
        assert abs(recovery.server_time(headers) - datetime.now(timezone.utc)) < timedelta(seconds=5)

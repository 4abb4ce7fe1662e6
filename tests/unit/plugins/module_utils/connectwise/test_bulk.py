# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many records in one request, against servers that answer in odd ways, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseNotFoundError,
    ConnectWiseServerError,
    bulk,
    endpoints,
    recovery,
)
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.bulk import BulkResult
from unit.plugins.support import Answering, Simulator

LIST = "company/configurations"
TIMEOUT = {"code": "ConnectWiseApi", "message": "A timeout has occured. Please try again."}


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for milliseconds only."""
    monkeypatch.setattr(recovery, "PATIENCE", 0.02)
    for module in (bulk, endpoints):
        monkeypatch.setattr(module, "backoff", lambda attempts: 0.001)


@pytest.fixture
def answering(answering: Answering) -> Iterator[Answering]:
    """A server that answers what it is told, and is asked for all of it."""
    yield answering
    assert answering.answers == []


def servers(*names: str) -> list[dict[str, Any]]:
    """Bodies."""
    return [{"name": name, "type": {"id": 1}, "company": {"id": 250}} for name in names]


def there(number: int, name: str) -> dict[str, Any]:
    """A record that was made now."""
    now = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    return {"id": number, **servers(name)[0], "_info": {"dateEntered": now}}


def done(place: int, number: int) -> dict[str, Any]:
    """An item of an answer."""
    return {"success": True, "originalIndex": place, "statusCode": 201, "data": {"id": number}}


def shown(results: list[BulkResult]) -> list[Any]:
    """Ids, and statuses of errors."""
    return [result["id"] if isinstance(result, dict) else result.status for result in results]


def methods(answering: Answering) -> list[str]:
    """The requests, without what they ask."""
    return [item["method"] for item in answering.requests]


def test_each_for_itself(simulator: Simulator, client: ConnectWiseClient) -> None:
    good, nameless, last = servers("A", "", "B")
    first, error, second = client.post_bulk(LIST, [good, nameless, last])
    assert isinstance(first, dict) and isinstance(second, dict)
    assert (first["name"], second["name"]) == ("A", "B")
    assert isinstance(error, ConnectWiseBadRequestError)
    assert error.field_errors[0]["message"] == "The name field is required."
    assert (error.code, error.method, error.path) == ("InvalidObject", "POST", f"{LIST}/bulk")
    assert error.request_id
    replaced, gone = client.put_bulk(LIST, [{**first, "ram": "8 GB"}, {**good, "id": 5}])
    assert isinstance(replaced, dict) and replaced["ram"] == "8 GB"
    assert isinstance(gone, ConnectWiseNotFoundError)
    assert simulator.writes() == [f"POST {LIST}/bulk", f"PUT {LIST}/bulk"]


@pytest.mark.parametrize(
    "payload",
    [
        [done(1, 6), done(0, 5)],
        [{"statusCode": 201, "data": {"id": 5}}, {"statusCode": 201, "data": {"id": 6}}],
        [done(0, 5), done(1, 6), done(2, 7), {"originalIndex": "x"}],
    ],
)
def test_ways_to_tell(answering: Answering, payload: list[Any]) -> None:
    """In any order; without a place they come in that of the records."""
    answering.then(207, {"payload": payload})
    assert shown(answering.client().post_bulk(LIST, servers("A", "B"))) == [5, 6]


@pytest.mark.parametrize("body", [[], {}, {"payload": {}}, {"payload": [1]}, "x"])
def test_answers_that_tell_nothing(answering: Answering, body: Any) -> None:
    """It is looked what was made, and nothing is sent again."""
    answering.then(207, body)
    answering.then(200, [there(5, "A")])
    answering.then(200, [there(5, "A")])
    answering.then(200, [there(5, "A")])
    results = answering.client().post_bulk(LIST, servers("A", "B"))
    assert shown(results) == [5, 200]
    assert isinstance(results[1], ConnectWiseAPIError) and results[1].maybe_done
    assert methods(answering) == ["POST", "GET", "GET", "GET"]


def test_one_that_is_left_out(answering: Answering) -> None:
    answering.then(207, {"payload": [done(0, 5), {"success": True, "originalIndex": 1, "statusCode": 201}]})
    answering.then(200, [there(6, "B"), there(5, "A")])
    assert shown(answering.client().post_bulk(LIST, servers("A", "B"))) == [5, 6]
    answering.then(207, {"payload": [done(1, 6)]})
    left_out, told = answering.client().put_bulk(LIST, servers("A", "B"))
    assert isinstance(left_out, ConnectWiseAPIError) and left_out.maybe_done
    assert told == {"id": 6}


def test_a_server_that_is_still_at_it(answering: Answering) -> None:
    """As long as more records appear, nothing is sent again; then only what is missing is."""
    answering.then(500, TIMEOUT)
    answering.then(200, [there(5, "A")])
    answering.then(200, [there(6, "B"), there(5, "A")])
    answering.then(200, [there(6, "B"), there(5, "A")])
    answering.then(200, [there(7, "C"), there(6, "B"), there(5, "A")])
    for _look in range(2):
        answering.then(200, [there(7, "C"), there(6, "B"), there(5, "A")])
    answering.then(207, {"payload": [done(0, 8)]})
    client = answering.client()
    assert shown(client.post_bulk(LIST, servers("A", "B", "C", "D"))) == [5, 6, 7, 8]
    assert methods(answering) == ["POST", *["GET"] * 6, "POST"]
    assert "name+in" in answering.requests[1]["path"]
    assert len(client.repetitions) == 1


def test_two_alike(answering: Answering) -> None:
    """Each record that is there is one of them; one that was made before is none."""
    client = answering.client()
    answering.then(207, {"payload": [done(0, 4)]})
    client.post_bulk(LIST, servers("A"))
    answering.then(500, TIMEOUT)
    answering.then(200, [there(6, "A"), there(5, "A"), there(4, "A")])
    assert shown(client.post_bulk(LIST, servers("A", "A"))) == [5, 6]


def test_what_cannot_be_told(answering: Answering) -> None:
    """Records without times, and a list that can't be read."""
    answering.then(500, TIMEOUT)
    answering.then(200, [{"id": 5, **servers("A")[0]}])
    results = answering.client().post_bulk(LIST, servers("A"))
    assert isinstance(results[0], ConnectWiseServerError) and results[0].maybe_done
    answering.then(500, TIMEOUT)
    answering.then(403, {"code": "Security", "message": "No."})
    results = answering.client().post_bulk(LIST, servers("A", "B"))
    assert shown(results) == [500, 500]
    # Without a name there is nothing to narrow the list by.
    answering.then(500, TIMEOUT)
    answering.then(200, [{"id": 5, "type": {"id": 1}, "_info": there(5, "A")["_info"]}])
    assert shown(answering.client().post_bulk(LIST, [{"type": {"id": 1}}])) == [5]
    assert "conditions" not in answering.requests[-1]["path"]


@pytest.mark.parametrize(("status", "after"), [(404, 1), (405, 1), (400, 1), (500, 1)])
def test_refused_as_a_whole(answering: Answering, status: int, after: int) -> None:
    answering.then(status, {"code": "ConnectWiseApi", "message": "No."})
    with pytest.raises(ConnectWiseAPIError) as raised:
        answering.client().post_bulk(LIST, servers("A", "B"))
    assert (raised.value.status, raised.value.maybe_done) == (status, False)


def test_refused_after_a_lost_answer(answering: Answering) -> None:
    """What was found is not lost."""
    answering.then(500, TIMEOUT)
    for _look in range(3):
        answering.then(200, [there(5, "A")])
    answering.then(400, {"code": "ConnectWiseApi", "message": "No."})
    assert shown(answering.client().post_bulk(LIST, servers("A", "B"))) == [5, 400]


def test_secrets_are_blanked(answering: Answering) -> None:
    item = {"success": False, "originalIndex": 0, "statusCode": 500, "error": {"message": "Time-out for private"}}
    answering.then(207, {"payload": [item]})
    (error,) = answering.client().post_bulk(LIST, servers("A"))
    assert isinstance(error, ConnectWiseServerError)
    assert (error.maybe_done, "private" in str(error)) == (True, False)

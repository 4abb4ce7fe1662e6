# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal, faults, switches, reset, test data."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from starlette.types import Message

from simulator.app import make_app
from simulator.limit import Limit
from simulator.store import Store
from simulator.world import World

from .conftest import Caller

LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def fault(cw: Caller, kind: str, **more: Any) -> None:
    """Set a fault."""
    assert cw.control("POST", "faults", {"kind": kind, **more}) == {"kind": kind, **more}


def last(cw: Caller) -> Any:
    """The last entry of the journal."""
    return cw.control("GET", "journal")[-1]


def test_journal(cw: Caller) -> None:
    """What tests count."""
    cw.get("service/tickets", conditions='summary contains "mail"', pageSize=2)
    cw.post("service/tickets/search", {"conditions": ""}, 200)
    cw.ticket(summary="Ž")
    cw.error(400, "POST", "service/tickets", {"summary": "no company"})
    first, search, made, refused = cw.control("GET", "journal")
    assert [entry["n"] for entry in (first, search, made, refused)] == [1, 2, 3, 4]
    assert (first["method"], first["path"], first["status"]) == ("GET", "service/tickets", 200)
    assert first["query"] == {"conditions": 'summary contains "mail"', "pageSize": "2"}
    assert first["body"] is None
    assert (search["path"], search["write"], search["done"]) == ("service/tickets/search", False, False)
    assert (made["write"], made["done"], made["status"], made["fault"]) == (True, True, 201, None)
    assert made["body"] == {"summary": "Ž", "company": {"id": 250}}
    assert (refused["write"], refused["done"], refused["status"]) == (True, False, 400)
    assert (first["headers"]["authorization"], first["headers"]["clientid"]) == ("present", "present")
    assert first["connection"] == made["connection"] > 0
    with requests.Session() as other:
        other.get(f"{cw.url}/v4_6_release/apis/3.0/system/info", timeout=20)
    assert (last(cw)["status"], last(cw)["headers"].get("authorization")) == (401, None)
    assert last(cw)["connection"] != first["connection"]
    cw.control("DELETE", "journal")
    assert cw.control("GET", "journal") == []


CANNED = {
    "500-timeout": (500, "application/json", "A timeout has occured. Please try again."),
    "500-pool": (500, "application/json", "Timeout expired.  The timeout period elapsed prior to obtaining"),
    "500-type": (500, "application/json", "Error converting value"),
    "502-html": (502, "text/html", "Bad Gateway"),
    "503-html": (503, "text/html", "Service Temporarily Unavailable"),
    "504-html": (504, "text/html", "Gateway Time-out"),
    "404-html": (404, "text/html", "404 - File or directory not found."),
    "400-text": (400, "text/plain", "Cannot route. Codebase/company is invalid"),
    "403": (403, "application/json", "You do not have security permission to perform this action."),
    "401": (401, "application/json", "Unauthorized"),
    "empty": (200, "application/json", ""),
    "html-200": (200, "text/html", "<html>"),
}


@pytest.mark.parametrize("kind", CANNED)
def test_answers_in_place_of_the_real_one(cw: Caller, kind: str) -> None:
    """Sections 2, 5 and 12; the request is not done."""
    status, media, text = CANNED[kind]
    fault(cw, kind)
    cw.check = False
    response = cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}})
    cw.check = True
    assert (response.status_code, response.headers["Content-Type"].partition(";")[0]) == (status, media)
    assert text in response.text
    assert bool(response.content) == bool(text)
    entry = last(cw)
    assert (entry["status"], entry["fault"], entry["write"], entry["done"]) == (status, kind, True, False)
    assert cw.get("service/tickets/count") == {"count": 4}


def test_too_many_requests(cw: Caller) -> None:
    """Fact 12.1: the key is error, not code."""
    fault(cw, "429", retry_after=30)
    response = cw.call("GET", "service/tickets")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "30")
    assert response.json() == {
        "error": "ConnectWiseAPI",
        "message": "Too many requests. Please try again in 30 seconds.",
    }
    fault(cw, "429", retry_after=None)
    assert "Retry-After" not in cw.call("GET", "service/tickets").headers
    fault(cw, "429", retry_after="Fri, 31 Dec 2027 23:59:59 GMT")
    assert cw.call("GET", "service/tickets").headers["Retry-After"].startswith("Fri")
    assert cw.get("service/tickets")


def test_which_requests(cw: Caller) -> None:
    """method, path, after, times."""
    fault(cw, "429", method="POST", path=r"^service/tickets$", times=2, after=1)
    assert cw.get("service/tickets")
    cw.ticket()
    cw.post("service/tickets/123/notes", {"text": "x", "resolutionFlag": True})
    body = {"summary": "x", "company": {"id": 250}}
    assert [cw.call("POST", "service/tickets", body).status_code for _number in range(3)] == [429, 429, 201]
    fault(cw, "403", times=0)
    assert [cw.call("GET", "system/info").status_code for _number in range(3)] == [403] * 3
    cw.control("DELETE", "faults")
    assert cw.call("GET", "system/info").status_code == 200


@pytest.mark.parametrize(("kind", "done"), [("drop-before", False), ("drop-after", True), ("truncated", True)])
def test_lost_answers(cw: Caller, kind: str, done: bool) -> None:
    """The connection is closed, before or after the write was done."""
    fault(cw, kind)
    with pytest.raises(LOST):
        cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}})
    entry = last(cw)
    assert (entry["write"], entry["done"], entry["fault"]) == (True, done, kind)
    assert cw.get("service/tickets/count") == {"count": 5 if done else 4}


@pytest.mark.parametrize(("kind", "status"), [("500-timeout-after", 500), ("502-after", 502), ("503-after", 503),
                                              ("504-after", 504)])  # fmt: skip
def test_answers_that_say_the_write_failed(cw: Caller, kind: str, status: int) -> None:
    """The write was done, and then the front end or the database said otherwise (fact 12.5)."""
    fault(cw, kind)
    response = cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}})
    assert response.status_code == status
    media = "application/json; charset=utf-8" if status == 500 else "text/html"
    assert response.headers["Content-Type"] == media
    entry = last(cw)
    assert (entry["status"], entry["done"], entry["fault"]) == (status, True, kind)
    assert cw.get("service/tickets/count") == {"count": 5}
    fault(cw, kind)
    assert cw.call("POST", "service/tickets", {"summary": "no company"}).status_code == status
    assert last(cw)["done"] is False


def test_limit(cw: Caller) -> None:
    """Fact 12.1: 429 with Retry-After; what is refused is counted and stands in the journal."""
    cw.control("POST", "limit", {"requests": 2, "seconds": 3600})
    for _number in range(2):
        assert cw.get("system/info")
    response = cw.call("POST", "service/tickets", {"summary": "x", "company": {"id": 250}})
    assert response.status_code == 429
    wait = int(response.headers["Retry-After"])
    assert 3500 < wait <= 3600
    assert response.json() == {
        "error": "ConnectWiseAPI",
        "message": f"Too many requests. Please try again in {wait} seconds.",
    }
    entry = last(cw)
    assert (entry["status"], entry["fault"], entry["write"], entry["done"]) == (429, "429", True, False)
    assert cw.control("GET", "limit") == {"requests": 2, "seconds": 3600, "retry_after": "seconds", "refused": 1}
    cw.control("DELETE", "limit")
    assert cw.get("service/tickets/count") == {"count": 4}
    assert cw.control("GET", "limit")["requests"] is None
    forms = {"date": r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "fraction": r"\d+\.\d{3}", "none": ""}
    for form, pattern in forms.items():
        cw.control("POST", "limit", {"requests": 1, "seconds": 60, "retry_after": form})
        assert cw.get("system/info")
        assert re.fullmatch(pattern, cw.call("GET", "system/info").headers.get("Retry-After", ""))
    cw.control("POST", "reset")
    assert cw.get("system/info")


def test_limit_slides() -> None:
    """So many in any stretch of that length; refused requests do not count."""
    limit = Limit()
    assert limit.refuse(0.0) is None
    limit.set({"requests": 2, "seconds": 1})
    assert [limit.refuse(now) for now in (10.0, 10.5, 10.75, 11.0, 11.25)] == [None, None, 0.25, None, 0.25]
    assert (limit.refused, limit.header(0.25, datetime(2026, 1, 1, tzinfo=timezone.utc))) == (2, "1")
    assert limit.header(1.5, datetime(2026, 1, 1, tzinfo=timezone.utc)) == "2"
    limit.set({})
    assert limit.shown() == {"requests": 1000, "seconds": 60.0, "retry_after": "seconds", "refused": 0}


def test_latency_for_all(cw: Caller) -> None:
    """times 0 is for ever; other faults come besides; parallel requests wait at the same time."""
    fault(cw, "latency", times=0, seconds=0.05)
    fault(cw, "latency", times=0, seconds=0.05, path="count")
    fault(cw, "503-html")
    assert cw.call("GET", "service/tickets").status_code == 503
    assert cw.get("service/tickets/count") == {"count": 4}
    assert [entry["fault"] for entry in cw.control("GET", "journal")] == ["503-html", "latency"]


def test_waiting_requests_do_not_hold_up_each_other() -> None:
    """Twenty requests that wait for ever, and one that does not wait."""
    world = World(Store())
    world.faults.add({"kind": "latency", "times": 20, "seconds": 3600})
    app = make_app(world)
    answered: list[int] = []

    async def call() -> None:
        scope = {
            "type": "http", "method": "GET", "path": "/v4_6_release/apis/3.0/system/info", "query_string": b"",
            "headers": [], "scheme": "http", "server": ("127.0.0.1", 1),
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])

        await app(scope, receive, send)

    async def calls() -> None:
        waiting = [asyncio.create_task(call()) for _number in range(20)]
        await asyncio.sleep(0)
        while len(world.journal.entries) < 20:
            await asyncio.sleep(0)
        await call()
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()

    asyncio.run(calls())
    assert answered == [401]


def test_connection_is_closed_cleanly(cw: Caller) -> None:
    """Not a byte of an answer: what http.client calls a remote disconnect."""
    fault(cw, "drop-before")
    address = urlsplit(cw.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    connection.request("GET", "/v4_6_release/apis/3.0/system/info")
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()


def test_slow_answers(cw: Caller) -> None:
    """latency waits before, slow-after when the write is done already; others are answered meanwhile."""

    def impatient(method: str) -> None:
        with pytest.raises(requests.Timeout):
            requests.request(
                method,
                f"{cw.url}/v4_6_release/apis/3.0/service/tickets",
                json={"summary": "x", "company": {"id": 250}},
                auth=cw.session.auth,
                headers={"clientId": str(cw.session.headers["clientId"])},
                timeout=0.3,
            )

    fault(cw, "slow-after", seconds=60)
    impatient("POST")
    assert last(cw)["done"] is True
    assert cw.get("service/tickets/count") == {"count": 5}
    # Not a write: the request is done in the end, when another test has begun.
    fault(cw, "latency", seconds=60)
    impatient("GET")
    assert last(cw)["status"] == 0
    fault(cw, "latency", seconds=0.01)
    assert cw.get("system/info")


def test_odd_but_done(cw: Caller) -> None:
    """The right JSON as text/html; a redirection to http."""
    fault(cw, "wrong-type")
    response = cw.call("GET", "service/tickets/123")
    assert (response.headers["Content-Type"], response.json()["id"]) == ("text/html", 123)
    fault(cw, "redirect-http")
    response = cw.call("GET", "service/tickets/123", params={"fields": "id"})
    host = cw.url.partition("//")[2]
    assert response.status_code == 301
    assert response.headers["Location"] == f"http://{host}/v4_6_release/apis/3.0/service/tickets/123?fields=id"


@pytest.mark.parametrize(
    ("path", "sent", "text"),
    [
        ("faults", {"kind": "nothing"}, "There is no kind 'nothing'."),
        ("faults", {"kind": "429", "often": 1}, "A fault has no often."),
        ("faults", {"kind": "429", "path": "("}, "path is no regular expression"),
        ("faults", {"kind": "429", "path": 3}, "path is a text."),
        ("faults", {"kind": "429", "times": "x"}, "times is a number from 0 on."),
        ("faults", {"kind": "429", "seconds": float("inf")}, "Out of range float values are not JSON compliant"),
        ("limit", [], "Send an object with requests and seconds."),
        ("limit", {"often": 1}, "A limit has no often."),
        ("limit", {"requests": 0}, "requests is a whole number from 1 on."),
        ("limit", {"seconds": 0}, "seconds is a number above 0."),
        ("limit", {"retry_after": "later"}, "retry_after takes seconds, date, fraction, none."),
        ("faults", [], "Send an object with kind."),
        ("many", [], "Send an object with path and count."),
        ("many", {"path": "service/boards", "count": 1}, "path takes service/tickets or company/configurations."),
        ("many", {"path": "service/tickets", "count": 0}, "count is a whole number from 1 to 1000000."),
        ("switches", {"nothing": "on"}, "There is no switch 'nothing'."),
        ("switches", {"attach_twice": "perhaps"}, "Switch 'attach_twice' takes conflict, ignore, not 'perhaps'."),
        ("switches", "x", "Send an object of switch: value."),
        ("records/service/tickets", {}, "Send a list of records."),
        ("records/service/nothing", [], "The endpoint does not exist."),
        ("records/service/tickets", [{"summary": {}}], "Unexpected character"),
    ],
)
def test_controls_say_what_is_wrong(cw: Caller, path: str, sent: Any, text: str) -> None:
    """A sentence, not a traceback."""
    response = requests.post(f"{cw.url}/_simulator/{path}", data=json.dumps(sent), timeout=20)
    assert response.status_code in (400, 404)
    assert response.json()["message"].startswith(text)


def test_switches_and_reset(cw: Caller) -> None:
    """All are listed with their meaning; reset brings everything back."""
    cw.switch(case_sensitive_strings=True, missing_client_id=403)
    shown = {switch["name"]: switch for switch in cw.control("GET", "switches")}
    assert (shown["case_sensitive_strings"]["value"], shown["case_sensitive_strings"]["default"]) == ("on", "off")
    assert shown["missing_client_id"]["value"] == "403"
    assert all(switch["meaning"].endswith(".") for switch in shown.values())
    cw.ticket()
    fault(cw, "429", times=0)
    cw.control("POST", "reset")
    assert cw.control("GET", "journal") == []
    assert all(switch["value"] == switch["default"] for switch in cw.control("GET", "switches"))
    assert cw.get("service/tickets/count") == {"count": 4}
    assert cw.ticket()["id"] == 20000


def test_bulk_records(cw: Caller) -> None:
    """As given, not validated, with what the server fills in."""
    ids = cw.control(
        "POST",
        "records/service/tickets",
        [
            {"poNumber": "x" * 150, "company": {"id": 251}, "board": {"id": 3}, "status": {"id": 303}},
            {"id": 30000, "summary": "Old", "company": {"id": 250}, "closedFlag": True, "closedBy": "oncall",
             "_info": {"dateEntered": "2020-01-01T00:00:00Z", "lastUpdated": "2020-02-01T00:00:00Z"}},
        ],
    )  # fmt: skip
    assert ids == [20000, 30000]
    first = cw.get(f"service/tickets/{ids[0]}", fields="closedFlag,team,sla")
    second = cw.get(f"service/tickets/{ids[1]}")
    assert (first["closedFlag"], first["team"]["id"], first["sla"]["id"]) == (True, 54, 3)
    assert (second["closedBy"], second["_info"]["dateEntered"]) == ("oncall", "2020-01-01T00:00:00Z")
    assert [found["id"] for found in cw.get("service/tickets", conditions="lastUpdated < [2021-01-01]")] == [30000]
    assert cw.control("POST", "records/service/boards/3/statuses", [{"name": "More"}]) == [1000]
    assert cw.get("service/boards/3/statuses/1000")["board"]["id"] == 3
    assert cw.control("GET", "journal")[0]["method"] == "GET"


@pytest.mark.parametrize("path", ["service/tickets", "company/configurations"])
def test_many_records(cw: Caller, path: str) -> None:
    """Enough for long lists, each different, each as the rules would have it."""
    before = cw.get(f"{path}/count")["count"]
    made = cw.control("POST", "many", {"path": path, "count": 120})
    assert made["last"] - made["first"] == 119
    assert cw.get(f"{path}/count") == {"count": before + 120}
    found = cw.get(path, conditions=f"id >= {made['first']}", pageSize=1000)
    assert len({record["_info"]["dateEntered"] for record in found}) == 120
    assert len({record.get("summary", record.get("name")) for record in found}) == 120
    assert {record["company"]["id"] for record in found} == {250, 251, 252, 253, 254, 255, 257, 258}
    name = "status" if path == "service/tickets" else "type"
    assert len({record[name]["id"] for record in found}) > 2
    assert cw.get(f"{path}/{made['last']}") == found[-1]
    cw.patch(f"{path}/{made['last']}", ("replace", "summary" if name == "status" else "name", "changed"))
    body = {"summary": "x"} if name == "status" else {"name": "x", "type": {"id": 1}}
    assert cw.post(path, {**body, "company": {"id": 250}})["id"] == made["last"] + 1
    assert cw.control("POST", "many", {"path": path, "count": 1})["last"] == made["last"] + 2


def test_journal_keeps_what_is_no_json(cw: Caller) -> None:
    """Bodies that cannot be decoded are kept as text."""
    cw.call("POST", "service/tickets", data="{nonsense", headers={"Content-Type": "application/json"})
    assert last(cw)["body"] == "{nonsense"
    assert json.loads(json.dumps(last(cw)))["status"] == 400

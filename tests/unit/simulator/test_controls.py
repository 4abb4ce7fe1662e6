# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal, faults, switches, reset, test data."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

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
        ("faults", [], "Send an object with kind."),
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
    response = requests.post(f"{cw.url}/_simulator/{path}", json=sent, timeout=20)
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


def test_journal_keeps_what_is_no_json(cw: Caller) -> None:
    """Bodies that cannot be decoded are kept as text."""
    cw.call("POST", "service/tickets", data="{nonsense", headers={"Content-Type": "application/json"})
    assert last(cw)["body"] == "{nonsense"
    assert json.loads(json.dumps(last(cw)))["status"] == 400

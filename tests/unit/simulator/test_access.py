# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, credentials, headers and errors of the simulator."""

from __future__ import annotations

import json

import pytest
import requests

from .conftest import Caller

JSON = "application/json; charset=utf-8"


def test_wrong_keys(cw: Caller) -> None:
    """Fact 2.4: 401, code Unauthorized; the other body on a self-hosted server."""
    wrong = ("training+SIMpublicKey4821", "wrong")
    assert cw.error(401, "GET", "system/info", auth=wrong)["code"] == "Unauthorized"
    other_case = ("Training+SIMpublicKey4821", "SIMprivateKey7755")
    assert cw.error(401, "GET", "system/info", auth=other_case)["code"] == "Unauthorized"
    assert requests.get(f"{cw.url}/v4_6_release/apis/3.0/system/info", timeout=20).status_code == 401
    cw.switch(wrong_credentials="onprem")
    body = cw.error(401, "GET", "system/info", auth=wrong)
    assert body == {"code": "ConnectWiseApi", "message": "UserNotAuthenticated"}


@pytest.mark.parametrize("client_id", ["", "b1946ac9-2492-4d23-87c6-235b45005591"])
def test_client_id(cw: Caller, client_id: str) -> None:
    """Fact 2.3: sources disagree about the status."""
    headers = {"clientId": client_id}
    assert cw.call("GET", "system/info", headers=headers).status_code == 401
    for status in (403, 400, 401):
        cw.switch(missing_client_id=status)
        assert cw.call("GET", "system/info", headers=headers).status_code == status


def test_discovery(cw: Caller) -> None:
    """Facts 1.5, 1.6: no credentials; null for an unknown company."""
    body = requests.get(f"{cw.url}/login/companyinfo/training", timeout=20).json()
    assert (body["Codebase"], body["CompanyID"], body["IsCloud"]) == ("v2025_1/", "training", True)
    assert body["SiteUrl"] == cw.url.partition("//")[2]
    unknown = requests.get(f"{cw.url}/login/companyinfo/nobody", timeout=20)
    assert (unknown.status_code, unknown.text) == (200, "null")


def test_codebases(cw: Caller) -> None:
    """Facts 1.4, 1.8, 1.9: two codebases; others cannot be routed, nor can doubled paths."""
    assert cw.get("service/tickets/123")["id"] == 123
    assert cw.call("GET", "service/tickets/123", codebase="v2025_1").json()["id"] == 123
    for codebase, path in (("v2019_1", "service/tickets"), ("v4_6_release", "v4_6_release/apis/3.0/service/tickets")):
        response = cw.call("GET", path, codebase=codebase)
        assert (response.status_code, response.text) == (400, "Cannot route. Codebase/company is invalid")
        assert response.headers["Content-Type"] == "text/plain"
    page = cw.call("GET", "badpath", codebase="v2025_1")
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html")
    assert "404 - File or directory not found." in page.text
    cw.switch(wrong_codebase="not-found")
    assert cw.call("GET", "service/tickets", codebase="v2019_1").status_code == 404


@pytest.mark.parametrize("path", ["badpath", "service/nothing", "service/tickets/abc", "service/tickets/1/2/3"])
def test_unknown_path(cw: Caller, path: str) -> None:
    """Fact 5.8."""
    body = cw.error(404, "GET", path)
    assert body == {"code": "ConnectWiseApi", "message": "The endpoint does not exist."}


def test_case_and_slash_of_paths(cw: Caller) -> None:
    """Fact 1.13."""
    assert cw.get("Service/TICKETS/123/")["id"] == 123
    assert len(cw.get("service/tickets/")) == 4


@pytest.mark.parametrize("codebase", ["v4_6_release", "v2025_1", "v2025_1/"])
def test_links_lead_somewhere(cw: Caller, codebase: str) -> None:
    """Facts 7.19, 11.5: hrefs have two slashes, also below the codebase that companyinfo names."""
    ticket = cw.call("GET", "service/tickets/12345", codebase=codebase).json()
    link = ticket["board"]["_info"]["board_href"]
    assert "/apis/3.0//service/boards/1" in link
    assert cw.session.get(link, timeout=20).json()["name"] == "Help Desk"
    base = f"{cw.url}/{codebase}/apis/3.0"
    for path in ("service/tickets//12345/", "project//projects//1", "system/members//servicedesk"):
        assert cw.session.get(f"{base}/{path}", timeout=20).status_code == 200
    page = cw.session.get(f"{base}//service//tickets?pageSize=1", timeout=20)
    assert len(cw.session.get(page.headers["Link"].partition(">")[0][1:], timeout=20).json()) == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("service/tickets/1255787", "Ticket 1255787 not found"),
        ("service/tickets/404/notes", "Service Ticket 404 not found"),
        ("service/tickets/123/notes/404", "Service Note 404 not found"),
        ("service/tickets/404/notes/404", "Service Ticket 404 not found"),
        ("company/companies/404", "company 404 not found"),
        ("company/contacts/57919", "Contact 57919 not found"),
        ("company/configurations/types/1/questions/11/values/211535",
         "Configuration Type Question Value 211535 not found"),
        ("service/boards/1/statuses/201", "Service Status 201 not found"),
        ("service/tickets/99999999999999999999", "Ticket 99999999999999999999 not found"),
    ],
)  # fmt: skip
def test_record_not_found(cw: Caller, path: str, message: str) -> None:
    """Fact 5.8, the recorded texts."""
    assert cw.error(404, "GET", path) == {"code": "NotFound", "message": message}


def test_form_of_errors_and_answers(cw: Caller) -> None:
    """Facts 5.2, 13.2: errors with two blanks and CRLF (67 bytes for a ticket of six figures), answers compact."""
    response = cw.call("GET", "service/tickets/404404")
    assert response.content == b'{\r\n  "code": "NotFound",\r\n  "message": "Ticket 404404 not found"\r\n}'
    assert len(response.content) == 67
    assert response.headers["Content-Type"] == JSON
    answer = cw.call("GET", "service/tickets/123")
    assert b'"estimatedTimeCost":0.00,' in answer.content
    assert b"\n" not in answer.content
    assert answer.headers["Content-Type"] == JSON
    assert answer.headers["Cache-Control"] == "no-cache"
    assert len(answer.headers["x-cw-request-id"]) == 36
    assert answer.headers["x-cw-request-id"] != response.headers["x-cw-request-id"]


def test_wrong_method_and_media_type(cw: Caller) -> None:
    """Facts 5.9, 5.10."""
    assert cw.error(405, "DELETE", "service/tickets")["code"] == "ConnectWiseApi"
    assert cw.error(405, "PUT", "service/tickets/123/configurations/67890", {})["code"] == "ConnectWiseApi"
    headers = {"Content-Type": "text/plain"}
    body = cw.error(415, "POST", "service/tickets", data="{}", headers=headers)
    assert body["message"] == "The request entity's media type 'text/plain' is not supported for this resource."


@pytest.mark.parametrize("body", ["", "{", "nonsense", '{"summary":"x",}'])
def test_no_json(cw: Caller, body: str) -> None:
    """What is no JSON is refused as such."""
    headers = {"Content-Type": "application/json"}
    assert cw.error(400, "POST", "service/tickets", data=body, headers=headers)["code"] == "ConnectWiseApi"


def test_unknown_member(cw: Caller) -> None:
    """Fact 5.6: the exact text, with the place in the JSON."""
    text = '{"summary": "x", "company": {"id": 250}, "enteredBy": "me"}'
    body = cw.error(400, "POST", "service/tickets", data=text, headers={"Content-Type": JSON})
    place = len('{"summary": "x", "company": {"id": 250}, "enteredBy":')
    assert body == {
        "code": "ConnectWiseApi",
        "message": "Could not find member 'enteredBy' on object of type 'Ticket'. "
        f"Path 'enteredBy', line 1, position {place}."
        "Check your accept header to make sure you are using the correct version.",
    }
    body = cw.error(400, "POST", "service/tickets", {"board": {"boardName": "x"}})
    assert body["message"].startswith(
        "Could not find member 'boardName' on object of type 'BoardReference'. Path 'board.boardName', line 1,"
    )
    body = cw.error(400, "POST", "service/tickets/123/notes", {"text": "x", "emailContactFlag": True})
    assert "'emailContactFlag' on object of type 'ServiceNote'" in body["message"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"board": 5},
        {"board": [1]},
        {"board": {"id": "abc"}},
        {"summary": {"a": 1}},
        {"budgetHours": "many"},
        {"closedFlag": "perhaps"},
        {"severity": "Huge"},
        {"customFields": {"id": 7}},
        [],
    ],
)
def test_wrong_json_type(cw: Caller, wrong: object) -> None:
    """Fact 5.7: a 500 that is not transient."""
    sent = {"summary": "x", "company": {"id": 250}, **wrong} if isinstance(wrong, dict) else wrong
    body = cw.error(500, "POST", "service/tickets", sent)
    assert body["code"] == "ConnectWiseApi"
    assert body["message"].startswith(("Error converting value ", "Unexpected character encountered while parsing"))
    assert cw.get("service/tickets/count") == {"count": 4}


def test_numeric_strings_are_ids(cw: Caller) -> None:
    """Fact 5.7."""
    ticket = cw.post("service/tickets", {"summary": "x", "company": {"id": "250"}, "board": {"id": "2"}})
    assert (ticket["company"]["id"], ticket["board"]["id"]) == (250, 2)


def test_odd_characters_survive(cw: Caller) -> None:
    """Texts come back as they were sent; what no database holds is dropped or replaced."""
    text = "Žluťoučký \u2028 \U0001f600 \"quoted\" \\ back\t% _ [x] 'single'"
    assert cw.ticket(summary=text)["summary"] == text
    assert cw.ticket(summary="a\x00b")["summary"] == "ab"
    raw = json.dumps({"summary": "half \ud83d", "company": {"id": 250}})
    response = cw.call("POST", "service/tickets", data=raw, headers={"Content-Type": JSON})
    assert response.json()["summary"] == "half \ufffd"


def test_system(cw: Caller) -> None:
    """Fact 1.14, and who the caller is."""
    info = cw.get("system/info")
    assert (info["isCloud"], info["cloudRegion"]) == (True, "NA")
    me = cw.get("system/myAccount")
    assert (me["id"], me["identifier"], me["licenseClass"]) == (637, "ansible", "A")
    assert cw.get("system/members/ansible")["id"] == 637
    assert cw.get("system/info/members/oncall")["fullName"] == "On Call"
    assert cw.error(404, "GET", "system/members/nobody")["message"] == "Member nobody not found"

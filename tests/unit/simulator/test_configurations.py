# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations, and the configurations of a ticket."""

from __future__ import annotations

import pytest

from .conftest import Caller

PATH = "company/configurations"
ATTACHED = "service/tickets/123/configurations"


def test_attach_and_detach(cw: Caller) -> None:
    """Fact 9.7: the list has only id, deviceIdentifier and _info.name."""
    expected = {
        "id": 67890,
        "deviceIdentifier": "device-67890",
        "_info": {
            "name": "PROD-WEB-01",
            "configuration_href": f"{cw.url}/v4_6_release/apis/3.0//company/configurations/67890",
        },
    }
    assert cw.post(ATTACHED, {"id": 67890}) == expected
    assert cw.post(ATTACHED, {"deviceIdentifier": "DEVICE-67891"})["id"] == 67891
    assert cw.get(ATTACHED)[0] == expected
    assert cw.get(f"{ATTACHED}/67890") == expected
    assert cw.get(f"{ATTACHED}/count") == {"count": 2}
    assert [found["id"] for found in cw.get(ATTACHED, conditions="id > 67890")] == [67891]
    cw.delete(f"{ATTACHED}/67890")
    assert [found["id"] for found in cw.get(ATTACHED)] == [67891]
    for method in ("GET", "DELETE"):
        body = cw.error(404, method, f"{ATTACHED}/67890")
        assert body == {"code": "NotFound", "message": "Configuration 67890 not found"}
    assert cw.error(404, "GET", "service/tickets/1/configurations")["message"] == "Service Ticket 1 not found"


@pytest.mark.parametrize("sent", [{}, {"id": None}, {"id": 0}, {"deviceIdentifier": ""}])
def test_attach_nothing(cw: Caller, sent: object) -> None:
    """The recorded body."""
    assert cw.error(400, "POST", ATTACHED, sent) == {
        "code": "InvalidObject",
        "message": "configuration object is invalid",
        "errors": [
            {
                "code": "MissingRequiredField",
                "message": "id or deviceIdentifier is required.",
                "resource": "configuration",
                "field": "id",
            }
        ],
    }


def test_attach_what_is_not_there(cw: Caller) -> None:
    """Also a name, which is no member of the reference."""
    error = cw.error(400, "POST", ATTACHED, {"id": 1})["errors"][0]
    assert (error["code"], error["message"]) == ("NotFound", "Configuration 1 not found")
    message = cw.error(400, "POST", ATTACHED, {"name": "PROD-WEB-01"})["message"]
    assert message.startswith("Could not find member 'name' on object of type 'ConfigurationReference'.")


def test_attach_twice(cw: Caller) -> None:
    """Fact 9.7: not known; a conflict by default."""
    cw.post(ATTACHED, {"id": 67890})
    assert cw.error(400, "POST", ATTACHED, {"id": 67890})["errors"][0]["code"] == "ObjectExists"
    cw.switch(attach_twice="ignore", configuration_list_name="present")
    cw.check = False
    try:
        assert cw.post(ATTACHED, {"id": 67890})["name"] == "PROD-WEB-01"
    finally:
        cw.check = True
    assert cw.get(f"{ATTACHED}/count") == {"count": 1}


def test_create(cw: Caller) -> None:
    """Facts 9.2, 9.4, 9.6."""
    made = cw.post(PATH, {"name": "NEW-SRV", "type": {"id": 1}, "company": {"identifier": "Acme"}, "serialNumber": "7"})
    assert made["id"] == 80000
    assert (made["status"]["name"], made["activeFlag"], made["serialNumber"]) == ("Active", True, "7")
    assert [(entry["question"], entry["fieldType"]) for entry in made["questions"]] == [
        ("Role", "Text"), ("CPU cores", "Number"), ("Backed up", "Checkbox"), ("Admin password", "Password"),
    ]  # fmt: skip
    assert not any("answer" in entry for entry in made["questions"])
    assert [field["caption"] for field in made["customFields"]] == ["Rack", "U Height"]
    body = cw.error(400, "POST", PATH, {})
    assert body["message"] == "configuration object is invalid"
    assert [error["message"] for error in body["errors"]] == [
        "The name field is required.", "The type field is required.", "The company field is required.",
    ]  # fmt: skip
    base = {"name": "x", "type": {"id": 1}, "company": {"id": 250}}
    error = cw.error(400, "POST", PATH, {**base, "contact": {"id": 2251}})["errors"][0]
    assert error["message"] == "Contact 2251 not found for company 250"
    assert cw.error(400, "POST", PATH, {**base, "name": "x" * 101})["errors"][0]["code"] == "MaxLengthField"


def test_changes(cw: Caller) -> None:
    """activeFlag follows the status (fact 9.6); the type only changes by changeType (fact 9.3)."""
    path = f"{PATH}/67891"
    changed = cw.patch(path, ("replace", "status/id", 2), ("replace", "name", "PROD-WEB-02b"))
    assert (changed["status"]["name"], changed["activeFlag"]) == ("Retired", False)
    for form in ("type/id", "/type"):
        response = cw.try_patch(path, ("replace", form, {"id": 2}))
        assert response.json()["errors"][0]["message"] == f"path {form} is not valid"
    changed = cw.patch(f"{path}/changeType", ("replace", "type/id", 3))
    assert changed["type"]["name"] == "Network Device"
    assert [entry["questionId"] for entry in changed["questions"]] == [31, 32, 33, 34]
    replaced = cw.put(path, {"name": "n", "type": {"id": 3}, "company": {"id": 250}})
    assert not {"serialNumber", "ipAddress", "site"} & set(replaced)
    cw.post(ATTACHED, {"id": 67891})
    cw.delete(path)
    assert cw.error(404, "GET", path)["message"] == "Configuration 67891 not found"
    assert cw.get(ATTACHED) == cw.get("service/tickets", conditions="configuration/id=67891") == []


def test_questions(cw: Caller) -> None:
    """Fact 9.4 and 6.7: the whole array with answers changed."""
    path = f"{PATH}/67890"
    questions = cw.get(path)["questions"]
    assert [entry["answer"] for entry in questions] == ["Production", 4, True, "not-a-secret"]
    questions[0]["answer"] = "Test"
    changed = cw.patch(path, ("replace", "questions", questions))
    assert [entry["answer"] for entry in changed["questions"]] == ["Test", 4, True, "not-a-secret"]
    assert [entry["answerId"] for entry in changed["questions"]] == [entry["answerId"] for entry in questions]
    assert cw.patch(path, ("replace", "questions/1/answer", 8))["questions"][1]["answer"] == 8
    partial = [{"questionId": 14, "answer": "new"}]
    assert cw.patch(path, ("replace", "questions", partial))["questions"][3]["answer"] == "new"
    response = cw.try_patch(path, ("replace", "questions", [{"questionId": 99, "answer": "x"}]))
    assert response.json()["errors"][0]["message"] == "Configuration Type Question 99 not found"


def test_finding(cw: Caller) -> None:
    """The names that are hard to ask for."""

    def ids(conditions: str) -> list[int]:
        return [found["id"] for found in cw.get(PATH, conditions=conditions)]

    assert ids('name="PROD-WEB-01"') == [67890, 67893]
    assert ids('name="prod-web-01" and company/id=250') == [67890]
    assert ids("name='DUPLICATE-PC'") == [67894, 67895]
    assert ids('name=\'19" Rack "A"\'') == [67896]
    assert ids("name contains 'Käse & 100'") == [67897]
    assert ids("activeFlag=false") == [67898]
    assert ids("type/name='Network Device' and status/name='Active'") == [67896]
    assert cw.get(f"{PATH}/count") == {"count": 9}


def test_types_and_statuses(cw: Caller) -> None:
    """Facts 9.4, 9.5: statuses have a description, which references show as name."""
    assert [status["description"] for status in cw.get(f"{PATH}/statuses")] == ["Active", "Retired"]
    assert set(cw.get(f"{PATH}/statuses/1/info")) == {"id", "description", "closedFlag", "defaultFlag", "_info"}
    made = cw.post(f"{PATH}/types", {"name": "Printer"})
    question = {"fieldType": "Text", "entryType": "List", "sequenceNumber": 1, "question": "Where?"}
    made_question = cw.post(f"{PATH}/types/{made['id']}/questions", question)
    assert made_question["configurationType"]["id"] == made["id"]
    values = f"{PATH}/types/{made['id']}/questions/{made_question['id']}/values"
    value = cw.post(values, {"value": "Cellar"})
    assert value["question"]["name" if "name" in value["question"] else "question"] == "Where?"
    assert cw.patch(f"{values}/{value['id']}", ("replace", "value", "Attic"))["value"] == "Attic"
    cw.delete(f"{values}/{value['id']}")
    message = f"Configuration Type Question Value {value['id']} not found"
    assert cw.error(404, "PATCH", f"{values}/{value['id']}", [])["message"] == message
    assert cw.error(404, "GET", f"{PATH}/types/1/questions/{made_question['id']}/values")["code"] == "NotFound"


def test_bulk(cw: Caller) -> None:
    """Fact 9.1: 207, each item for itself; those that fail do not stop the others."""
    good = {"type": {"id": 1}, "company": {"id": 250}}
    sent = [{**good, "name": "BULK-1"}, {**good, "name": ""}, {**good, "name": "BULK-2", "company": {"id": 1}},
            {**good, "name": "BULK-3"}]  # fmt: skip
    answer = cw._good(cw.call("POST", "company/configurations/bulk", sent), 207)
    shown = [(item["success"], item["originalIndex"], item["statusCode"]) for item in answer["payload"]]
    assert shown == [(True, 0, 201), (False, 1, 400), (False, 2, 400), (True, 3, 201)]
    first, empty, foreign, last = answer["payload"]
    assert first["data"] == cw.get(f"company/configurations/{first['data']['id']}")
    assert empty["error"]["errors"][0]["message"] == "The name field is required."
    assert foreign["error"]["errors"][0]["message"] == "company 1 not found"
    assert cw.get("company/configurations/count", conditions="name like 'BULK-%'") == {"count": 2}
    changed = [{**first["data"], "name": "BULK-1a"}, {**good, "id": 9, "name": "x"}, {**good, "name": "no id"}]
    answer = cw._good(cw.call("PUT", "company/configurations/bulk", changed), 207)
    assert [item["statusCode"] for item in answer["payload"]] == [200, 404, 404]
    assert answer["payload"][1]["error"] == {"code": "NotFound", "message": "Configuration 9 not found"}
    assert cw.get(f"company/configurations/{first['data']['id']}")["name"] == "BULK-1a"
    ids = [first["data"]["id"], 9, last["data"]["id"], first["data"]["id"]]
    answer = cw._good(cw.call("DELETE", "company/configurations/bulk", {"ids": ids}), 207)
    assert [item["statusCode"] for item in answer["payload"]] == [204, 404, 204, 404]
    assert cw.get("company/configurations/count", conditions="name like 'BULK-%'") == {"count": 0}


def test_bulk_that_cannot_be_read(cw: Caller) -> None:
    """The body is read as a whole: a wrong member or type spoils it, and nothing is done."""
    good = {"name": "BULK", "type": {"id": 1}, "company": {"id": 250}}
    path = "company/configurations/bulk"
    assert cw.error(400, "POST", path, [good, {**good, "nothing": 1}])["message"].startswith("Could not find member")
    for method, body in (("POST", good), ("PUT", "x"), ("DELETE", [1]), ("DELETE", {"ids": 1}), ("POST", [good, 1])):
        assert cw.error(500, method, path, body)["code"] == "ConnectWiseApi"
    assert cw.get("company/configurations/count", conditions="name='BULK'") == {"count": 0}


def test_what_is_not_known_of_bulk(cw: Caller) -> None:
    """The switches: ids only, another order, no such endpoint."""
    path = "company/configurations/bulk"
    good = {"name": "BULK", "type": {"id": 1}, "company": {"id": 250}}
    cw.switch(bulk_data="id", bulk_order="failures-first")
    payload = cw._good(cw.call("POST", path, [good, {**good, "name": ""}, good]), 207)["payload"]
    assert [(item["originalIndex"], item.get("data")) for item in payload] == [
        (1, None), (0, {"id": 80000}), (2, {"id": 80001}),
    ]  # fmt: skip
    for status in (404, 405):
        cw.switch(bulk=str(status))
        assert cw.error(status, "POST", path, [good])["code"] == "ConnectWiseApi"
    assert cw.get("company/configurations/count", conditions="name='BULK'") == {"count": 2}

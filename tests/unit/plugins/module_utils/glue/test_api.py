# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseConnectionError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.api import run_api
from ansible_collections.msp.connectwise.plugins.module_utils.glue.api_info import run_api_info
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

MODULE = "cw_api"
ACME = "company/companies/250"
WIDTHS = {"addressLine1": 50, "city": 50, "website": 255, "phoneNumber": 30}
NO_ENDPOINT = {"code": "NotFound", "message": "The endpoint does not exist."}


def ask(answering: Answering, check_mode: bool = False, **given: Any) -> tuple[dict[str, Any], list[str]]:
    """Run cw_api against a server that answers as it is told; returns the result and the warnings."""
    warnings: list[str] = []
    client = answering.client(read_only=check_mode, retry_budget=0)
    return run_api(client, options(MODULE, **given), check_mode, warnings.append), warnings


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(WIDTHS)),
        st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
        min_size=1,
        max_size=3,
    )
)
def test_any_texts_settle(tasks: Tasks, body: dict[str, Any]) -> None:
    tasks.checked(MODULE, path=ACME, method="PATCH", body=body)
    operations = [{"op": "replace", "path": f"/{name}", "value": text} for name, text in body.items()]
    again = tasks.run(MODULE, path=ACME, method="PATCH", body=operations)
    assert again["operation"] == "unchanged"


@pytest.mark.parametrize(
    "body",
    [
        {"status": {"name": "inactive"}, "defaultContact": {"id": "2500"}},
        {"status": {"id": 2}, "defaultContact": None},
        {"dateAcquired": "2026-03-31T00:00:00Z", "annualRevenue": "1500.50", "numberOfEmployees": "12"},
        {"leadFlag": "true", "yearEstablished": 1999},
        {"types": [{"id": 1}]},
        '[{"op": "replace", "path": "status/id", "value": "2"}]',
        [{"op": "add", "path": "website", "value": "https://acme.example"}, {"op": "remove", "path": "/city"}],
    ],
)
def test_bodies_that_settle(tasks: Tasks, body: Any) -> None:
    tasks.checked(MODULE, path=ACME, method="PATCH", body=body)


def test_a_time_that_yaml_read(simulator: Simulator, tasks: Tasks) -> None:
    """As Ansible passes on what YAML took for a time; the API wants it in one form (fact sheet 11.2)."""
    entry = {"type": {"id": 4}, "objectId": 123, "member": {"id": 639}}
    (number,) = simulator.insert("schedule/entries", [{**entry, "dateStart": "2026-03-02T09:00:00Z"}])
    body = {"dateStart": "2026-03-03T09:00:00+00:00"}
    tasks.checked(MODULE, path=f"schedule/entries/{number}", method="PATCH", body=body)


def test_what_check_mode_did_not_create(simulator: Simulator, tasks: Tasks) -> None:
    """Later tasks of the run have its id, which is 0."""
    made = tasks.run(MODULE, True, path="service/sources", method="POST", body={"name": "x"}, unless='name="x"')
    path = f"service/sources/{made['record']['id']}"
    simulator.forget()
    assert tasks.run(MODULE, True, path=path, method="PATCH", body={"name": "y"})["operation"] == "updated"
    assert tasks.run(MODULE, True, path=path, method="DELETE")["operation"] == "deleted"
    assert tasks.run(MODULE, True, path=path)["record"] is None
    below = {"path": f"{path}/notes", "method": "POST", "body": {"text": "x"}, "unless": "id=5"}
    assert tasks.run(MODULE, True, **below)["operation"] == "created"
    assert simulator.journal() == []
    with pytest.raises(WantedError, match=r"^path: there is no record at service/sources/0.$"):
        tasks.run(MODULE, path=path, method="PATCH", body={"name": "y"})


def test_two_at_once(simulator: Simulator, tasks: Tasks) -> None:
    """Each is done or finds it done; where a record is gone meanwhile, nothing is changed."""
    (number,) = simulator.insert("service/sources", [{"name": "Old"}])
    operations: list[str] = []

    def delete() -> None:
        done = tasks.run(MODULE, path=f"service/sources/{number}", method="DELETE")
        operations.append(done["operation"])

    threads = [threading.Thread(target=delete) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(operations) == ["deleted", "unchanged", "unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ([{"id": 1}, {"id": 2}], (None, 2)),
        ({"success": True}, ({"success": True}, 1)),
        (17, ({"answer": 17}, 1)),
        ("done", ({"answer": "done"}, 1)),
        ([7, 8], (None, 2)),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_answers_of_every_kind(answering: Answering, method: str, answer: Any, expected: Any) -> None:
    """Some endpoints answer a list, or a number (the OpenAPI file: POST finance/agreements/{id}/invoice)."""
    if method != "POST":
        answering.then(404, NO_ENDPOINT)
    answering.then(200, answer)
    done, warnings = ask(answering, path="finance/agreements/5/invoice", method=method, body={"date": "x"})
    assert (done["record"], done["count"], done["changed"], warnings) == (*expected, True, [])


def test_an_answer_without_a_body(answering: Answering) -> None:
    answering.then(204, b"")
    done, _warnings = ask(answering, path="company/contacts/requestPassword", method="POST", body={"email": "x"})
    assert (done["operation"], done["record"], done["records"]) == ("created", None, [])


def test_a_change_that_is_answered_by_nothing(answering: Answering) -> None:
    answering.then(200, {"id": 5, "summary": "a"})
    answering.then(204, b"")
    answering.then(200, {"id": 5, "summary": "b"})
    done, warnings = ask(answering, path="service/tickets/5", method="PATCH", body={"summary": "b"})
    assert done["record"]["summary"] == "b"
    assert warnings == []


def test_a_record_whose_404_is_that_of_a_path(answering: Answering) -> None:
    """As it was recorded of callbacks (fact sheet 5.8): the list tells whether there is such an endpoint."""
    answering.then(404, NO_ENDPOINT)
    answering.then(200, [])
    done, _warnings = ask(answering, path="system/callbacks/5", method="DELETE")
    assert (done["operation"], done["record"]) == ("unchanged", None)
    answering.then(404, NO_ENDPOINT)
    answering.then(404, NO_ENDPOINT)
    with pytest.raises(WantedError, match="^path: GET system/callback/5 answered 404 NotFound: The endpoint"):
        ask(answering, path="system/callback/5", method="DELETE")


def test_a_record_that_is_deleted_meanwhile(answering: Answering) -> None:
    answering.then(200, {"id": 5})
    answering.then(404, NO_ENDPOINT)
    done, _warnings = ask(answering, path="system/callbacks/5", method="DELETE")
    assert (done["operation"], done["diff"]) == ("unchanged", {"before": {}, "after": {}})
    answering.then(200, {"id": 5})
    answering.then(404, b"<html>", "text/html")
    with pytest.raises(WantedError, match="There is no such endpoint, or base_url is not that of the API.$"):
        ask(answering, path="system/callbacks/5", method="DELETE")


def test_an_endpoint_that_is_no_record(answering: Answering) -> None:
    """What can't be read is not compared; what fails otherwise is told before anything is sent."""
    given: dict[str, Any] = {"path": "company/configurations/5/changeType", "method": "PATCH", "body": {"name": ""}}
    for status, body in ((405, {"code": "x", "message": "x"}), (404, b"<html>"), (200, b"<html>"), (200, [{"id": 1}])):
        answering.then(status, body)
        answering.then(200, {"id": 5})
        assert ask(answering, **given)[0]["changed"] is True
    answering.then(403, {"code": "Security", "message": "no"})
    with pytest.raises(Exception, match="no"):
        ask(answering, **given)
    assert answering.answers == []


def test_a_lost_answer_with_unless_is_looked_for_by_the_next_run(answering: Answering) -> None:
    given: dict[str, Any] = {"path": "finance/agreements/5/run", "method": "POST", "body": [1], "unless": 'name="x"'}
    answering.then(200, [])
    answering.then(504, b"<html>", "text/html")
    with pytest.raises(Exception, match="answered 504") as told:
        ask(answering, **given)
    assert not isinstance(told.value, WantedError)


def test_unless_finds_what_is_no_record(answering: Answering) -> None:
    answering.then(200, b"<html><title>Log in</title></html>", "text/html")
    with pytest.raises(WantedError, match="^path: .*a web page titled 'Log in'"):
        ask(answering, path="service/sources", method="POST", body={}, unless="id=5")
    with pytest.raises(WantedError, match="^unless: it holds a character that can't be sent"):
        ask(answering, path="service/sources", method="POST", body={}, unless="id=\0")


def test_reading_odd_answers(answering: Answering) -> None:
    def read(path: str, **given: Any) -> dict[str, Any]:
        return run_api_info(answering.client(), options("cw_api_info", path=path, **given), False, print)

    answering.then(200, [{"id": 1}])
    assert read("service/tickets/5")["records"] == [{"id": 1}]
    answering.then(200, [1, 2])
    with pytest.raises(WantedError, match="^path: .*the answer is JSON, but not of the kind"):
        read("service/odd")
    answering.then(200, {"count": "many"})
    with pytest.raises(WantedError, match="^count_only: there is no service/odd/count"):
        read("service/odd", count_only=True)
    answering.then(400, {"code": "ApiFindCondition", "message": "x"})
    with pytest.raises(WantedError, match="^conditions: GET service/odd/count answered 400"):
        read("service/odd", count_only=True, conditions="x")
    answering.then(200, [{"id": 1}, {"id": 2}])
    answering.then(404, NO_ENDPOINT)
    assert read("service/odd", limit=1)["count"] == 2  # a list that can't be counted
    answering.stop()
    with pytest.raises(ConnectWiseConnectionError):
        read("service/odd", count_only=True)

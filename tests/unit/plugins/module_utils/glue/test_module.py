# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module does around its run, and the modules themselves, in this process."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from requests import Response

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseConfigurationError,
    ConnectWiseReadOnlyError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.answers import refusal
from ansible_collections.msp.connectwise.plugins.module_utils.glue import arguments, module
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import TICKET
from unit.plugins.support import Simulator, module_file, run_main

MODULES = ["cw_ticket", "cw_ticket_note", "cw_configuration_info"]


TASKS: dict[str, dict[str, Any]] = {
    "cw_ticket": {"id": 123, "priority": "Priority 1 - Critical"},
    "cw_ticket_note": {"ticket_id": 123, "text": "Text"},
    "cw_configuration_info": {"name": "PROD-DB-01"},
}


def run(simulator: Simulator, tested: str, /, check_mode: bool = False, **changed: Any) -> dict[str, Any]:
    """Run a module with the options of TASKS, some changed."""
    given = {**simulator.login, **TASKS[tested], **changed}
    options = {option: value for option, value in given.items() if value is not None}
    return run_main(module_file(tested).main, options, check_mode)


@pytest.mark.parametrize("name", MODULES)
def test_each_module(simulator: Simulator, name: str) -> None:
    planned = run(simulator, name, check_mode=True)
    assert simulator.writes() == []
    done = run(simulator, name)
    assert planned["changed"] is done["changed"] is (name != "cw_configuration_info")
    simulator.forget()
    assert run(simulator, name)["changed"] is False
    assert simulator.writes() == []


def test_a_warning(simulator: Simulator) -> None:
    result = run(simulator, "cw_configuration_info", name=None, limit=1)
    assert result["count"] == 9
    assert "limit: 1 of 9 configurations are returned" in json.dumps(result["warnings"])


@pytest.mark.parametrize("name", MODULES)
def test_the_environment_fills_the_connection(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable, value in simulator.environment.items():
        monkeypatch.setenv(variable, value)
    assert not run_main(module_file(name).main, TASKS[name]).get("failed")


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("option", ["base_url", "client", "username", "password", "client_id"])
def test_what_is_missing(simulator: Simulator, name: str, option: str) -> None:
    changed: dict[str, Any] = {option: None}
    result = run(simulator, name, **changed)
    assert result["msg"] == f"missing required arguments: {option}"
    assert simulator.told["private_key"] not in json.dumps(result)


@pytest.mark.parametrize(
    ("changed", "beginning"),
    [
        ({"base_url": ""}, "base_url: it is empty, but every request needs it."),
        ({"base_url": "ftp://x"}, "base_url: 'ftp://x' is not a web address."),
        (
            {"base_url": "http://cw.example.com"},
            "base_url: 'http://cw.example.com' would send the password unencrypted.",
        ),
        ({"base_url": "https://user:word@cw.example.com"}, "base_url: it must not hold a user name or password."),
        ({"base_url": "https://no-such-host.invalid", "retry_budget": 0}, "base_url: GET "),
        ({"proxy": "http://127.0.0.1:1", "retry_budget": 0}, "proxy: GET "),
        ({"client": ""}, "client: it is empty"),
        ({"client_id": "gü"}, "client_id: it may hold only ASCII"),
        (
            {"client_id": "0b7f9e0c-0d6a-4f3e-9c3c-2a1d6c0f4e11"},
            "client, username, password or client_id: ConnectWise refused",
        ),
        ({"password": "wrong"}, "client, username, password or client_id: ConnectWise refused the login."),
        ({"username": "wrong"}, "client, username, password or client_id: ConnectWise refused the login."),
        ({"codebase": "v1999_1"}, "base_url: there is no ConnectWise API at this address."),
        ({"ca_path": "/no/such/file"}, "ca_path: '/no/such/file' can't be read: No such file or directory."),
        ({"timeout": 0}, "timeout: it must be more than 0 seconds."),
    ],
)
@pytest.mark.parametrize("name", MODULES)
def test_a_connection_that_can_not_be(simulator: Simulator, name: str, changed: dict[str, Any], beginning: str) -> None:
    result = run(simulator, name, **changed)
    assert result["failed"] is True
    assert result["msg"].startswith(beginning)
    assert set(result["failure"]) == {
        "code",
        "status",
        "message",
        "field_errors",
        "request_id",
        "retryable",
        "attempts",
    }
    assert_no_secret(simulator, result)


@pytest.mark.parametrize("name", MODULES)
def test_the_password_of_a_proxy_is_not_shown(simulator: Simulator, name: str) -> None:
    result = run(simulator, name, proxy="http://user:sesame9912@127.0.0.1:1", retry_budget=0)
    assert result["msg"].startswith("proxy: GET ")
    assert "sesame9912" not in json.dumps(result)


def assert_no_secret(simulator: Simulator, result: dict[str, Any]) -> None:
    """No secret in any encoding, no traceback."""
    key = simulator.told["private_key"]
    pair = f"{simulator.told['company']}+{simulator.told['public_key']}:{key}"
    text = json.dumps(result, ensure_ascii=False)
    assert key not in text
    assert base64.b64encode(pair.encode()).decode() not in text
    assert "Traceback" not in text
    assert result["failure"]["code"]


@pytest.mark.parametrize(
    ("fault", "beginning", "status", "retryable"),
    [
        (
            {"kind": "429", "retry_after": 900},
            "retry_budget: it allows no further attempt, but ConnectWise asks to wait 900 s. GET ",
            429,
            True,
        ),
        ({"kind": "500-type"}, "GET ", 500, False),
        ({"kind": "503-html", "times": 0}, "GET ", 503, True),
        ({"kind": "403"}, "username: the security role of this API member does not allow it. GET ", 403, False),
        ({"kind": "401"}, "client, username, password or client_id: ConnectWise refused the login. GET ", 401, False),
        ({"kind": "404-html"}, "base_url: there is no ConnectWise API at this address. GET ", 404, False),
        ({"kind": "400-text"}, "base_url: there is no ConnectWise API at this address. GET ", 400, False),
        ({"kind": "html-200"}, "base_url: GET ", 200, False),
        ({"kind": "redirect-http"}, "base_url: GET ", 301, False),
        ({"kind": "drop-before", "times": 0}, "base_url: GET ", None, True),
    ],
    ids=lambda fault: fault["kind"] if isinstance(fault, dict) else "",
)
@pytest.mark.parametrize("name", MODULES)
def test_answers_that_can_not_be_used(
    simulator: Simulator, name: str, fault: dict[str, Any], beginning: str, status: int | None, retryable: bool
) -> None:
    simulator.fault(**fault)
    result = run(simulator, name)
    assert result["msg"].startswith(beginning)
    assert (result["failure"]["status"], result["failure"]["retryable"]) == (status, retryable)
    assert result["failure"]["attempts"] == len(simulator.journal())
    assert_no_secret(simulator, result)


def test_a_write_whose_answer_was_lost(simulator: Simulator) -> None:
    simulator.fault("drop-after", method="POST")
    assert run(simulator, "cw_ticket_note")["changed"] is True
    assert run(simulator, "cw_ticket_note")["changed"] is False


@pytest.mark.parametrize(("proxied", "culprit"), [(False, "base_url: POST "), (True, "proxy: POST ")])
def test_a_write_of_which_is_not_known_whether_it_was_done(simulator: Simulator, proxied: bool, culprit: str) -> None:
    simulator.fault("drop-after", method="POST")
    simulator.fault("403", method="GET", after=1)
    result = run(simulator, "cw_ticket_note", proxy=simulator.url if proxied else None)
    assert result["msg"].startswith(f"{culprit}service/tickets/123/notes got no answer: the ")
    assert result["msg"].endswith("Whether it was done is not known; run the task again, which looks first.")
    assert run(simulator, "cw_ticket_note")["changed"] is False


def test_the_server_s_errors_of_fields(simulator: Simulator) -> None:
    """A field error that no check of ours foresees keeps the server's words and names the option."""
    result = run(simulator, "cw_ticket", id=123, priority=None, type="Request", subtype="Server")
    assert result["failed"] is True
    assert result["msg"].split(":")[0] in ("type", "subtype", "item")
    assert result["failure"]["field_errors"]
    assert result["failure"]["status"] == 400
    assert result["failure"]["request_id"]


def test_errors_of_fields_that_leave_things_empty() -> None:
    errors = [{"code": "InvalidField", "message": None, "field": "status/id"}, {"message": "No.", "field": None}]
    body = {"code": "InvalidObject", "message": "ticket object is invalid", "errors": [*errors, {"field": "x"}]}
    response = Response()
    response.status_code, response._content = 400, json.dumps(body).encode()
    error = refusal(response, str)
    assert module.sentence(error).startswith("status: InvalidField record: No. x: ticket object is invalid (")
    assert str(error) == "ticket object is invalid; status/id: InvalidField; record: No; x: no reason given"


@pytest.mark.parametrize("name", MODULES)
def test_an_untrusted_certificate(secure_simulator: Simulator, name: str) -> None:
    result = run(secure_simulator, name)
    assert result["msg"].startswith("base_url: GET ")
    assert "the certificate of https://" in result["msg"]
    assert "Name the file with the right CA as ca_path, or set validate_certs to false" in result["msg"]
    assert_no_secret(secure_simulator, result)
    ca_file = secure_simulator.told["ca_file"]
    assert not run(secure_simulator, name, check_mode=True, ca_path=ca_file).get("failed")
    assert not run(secure_simulator, name, check_mode=True, validate_certs=False).get("failed")


@pytest.mark.parametrize("name", MODULES)
def test_without_requests(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(module, "HAS_REQUESTS", False)
    result = run(simulator, name)
    assert result["msg"].startswith("Failed to import the required Python library (requests)")


def run_with(simulator: Simulator, act: Callable[[Any, Any], dict[str, Any]], **changed: Any) -> dict[str, Any]:
    """Run a module that does nothing but act."""
    return run_main(lambda: module.Module({}, act).main(), {**simulator.login, **changed})


def test_a_defect_of_ours_shows_no_secret(simulator: Simulator) -> None:
    key = simulator.told["private_key"]
    pair = base64.b64encode(f"{simulator.told['company']}+{simulator.told['public_key']}:{key}".encode()).decode()

    def defect(_module: Any, _client: Any) -> dict[str, Any]:
        raise KeyError(f"{key} and {pair}")

    result = run_with(simulator, defect)
    assert result["msg"].startswith(
        "This is a defect of msp.connectwise, please report it: KeyError in test_module.py, line "
    )
    assert "**********" in result["msg"]
    assert result["failure"]["code"] == "KeyError"
    assert_no_secret(simulator, result)


def test_a_defect_before_there_is_a_client(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_options: Any) -> None:
        raise RuntimeError(f"with {simulator.told['private_key']}")

    monkeypatch.setattr(module, "ConnectWiseClient", broken)
    result = run_with(simulator, lambda _module, _client: {})
    assert result["msg"].startswith("This is a defect of msp.connectwise, please report it: RuntimeError in ")
    assert_no_secret(simulator, result)


def test_the_client_of_check_mode_may_only_read(simulator: Simulator) -> None:
    def write(_module: Any, client: Any) -> dict[str, Any]:
        client.delete_ticket(123)
        return {}

    result = run_main(lambda: module.Module({}, write).main(), simulator.login, check_mode=True)
    assert result["msg"] == "DELETE service/tickets/123 was held back: this client may only read (check mode)"
    assert result["failure"]["code"] == "ConnectWiseReadOnlyError"
    assert simulator.journal() == []


def test_an_option_that_can_not_be(simulator: Simulator) -> None:
    def refuse(_module: Any, _client: Any) -> dict[str, Any]:
        raise WantedError("status", "there is none.", "NotFound")

    result = run_with(simulator, refuse)
    assert result["msg"] == "status: there is none."
    assert (result["failure"]["code"], result["failure"]["attempts"]) == ("NotFound", 0)


def test_all_connection_options_reach_the_client(simulator: Simulator, secure_simulator: Simulator) -> None:
    seen: list[Any] = []

    def look(_module: Any, client: Any) -> dict[str, Any]:
        seen.append(client)
        return {}

    ca_file = secure_simulator.told["ca_file"]
    run_with(
        simulator,
        look,
        codebase="v2025_1",
        ca_path=ca_file,
        proxy="http://127.0.0.1:9",
        timeout=7.5,
        retry_budget=11.0,
        allow_http=True,
        validate_certs=True,
    )
    transport = vars(seen[0]._transport)
    assert transport["address"].root.endswith("/v2025_1/apis/3.0")
    assert transport["timeout"] == 7.5
    assert transport["_retry_budget"] == 11.0
    assert ca_file in map(str, transport.values())
    assert not transport["read_only"]


def test_building_a_client_that_can_not_be() -> None:
    params: dict[str, Any] = dict.fromkeys(arguments.CONNECTION)
    params.update(base_url="https://x", client="a", username="b", password="c", client_id="")
    with pytest.raises(ConnectWiseConfigurationError, match="^client_id: it is empty"):
        module.build_client(params, read_only=True)
    params["client_id"] = "d"
    with pytest.raises(ConnectWiseReadOnlyError):
        module.build_client(params, read_only=True).post("service/tickets", {})


def test_connection_options_can_come_from_the_environment() -> None:
    for name, option in arguments.CONNECTION.items():
        _function, (variable,) = option["fallback"]
        assert variable == ("CW_URL" if name == "base_url" else f"CW_{name.upper()}")
    assert [name for name, option in arguments.CONNECTION.items() if option.get("no_log")] == ["password", "proxy"]


def test_the_options_of_a_table() -> None:
    options = arguments.field_options(TICKET)
    assert options["summary"] == {"type": "str"}
    assert options["custom_fields"] == {"type": "dict"}
    assert options["impact"] == {"type": "str", "choices": ["Low", "Medium", "High"]}
    assert "poNumber" not in options
    assert set(options) == {row.option for row in TICKET if row.option}

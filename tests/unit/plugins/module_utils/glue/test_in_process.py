# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module in this process returns what it returns as a program of its own."""

from __future__ import annotations

import base64
import datetime
import json
import logging
import os
import re
import warnings
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import pytest
from ansible.module_utils.common.parameters import remove_values
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import transport
from ansible_collections.msp.connectwise.plugins.module_utils.glue import in_process
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from unit.plugins.support import Answering, Simulator, module_file, run_main

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def run(
    name: str, options: dict[str, Any], environment: dict[str, Any] | None = None, check_mode: bool = False
) -> dict[str, Any]:
    """Run a module of the collection in this process."""
    return in_process.run(module_file(name).MODULE, name, options, environment or {}, check_mode)


def comparable(result: dict[str, Any], name: str) -> str:
    """A result as text; without what differs from run to run, and without warnings, whose form is the core's own."""
    text = json.dumps({key: value for key, value in result.items() if key != "warnings"}, sort_keys=True)
    text = text.replace(f"({name})", f"({name}.py)")  # a program is called by the name of its file
    text = text.replace("(basic.py)", f"({name}.py)")
    return re.sub(r"[0-9a-f-]{36}|[0-9-]{10}T[0-9:]{8}Z", "#", text)


CASES: list[tuple[str, dict[str, Any]]] = [
    ("cw_ticket", {"id": 123}),
    ("cw_ticket", {"id": "123", "summary": 5, "custom_fields": {"Risk Score": "2.50"}}),
    ("cw_ticket", {"key": "k", "summary": "New", "company": "Acme"}),
    ("cw_ticket", {"id": 999}),
    ("cw_ticket", {"id": 123, "board": "None"}),
    ("cw_ticket", {}),
    ("cw_ticket", {"id": "many"}),
    ("cw_ticket", {"id": 123, "match": ["summary"]}),
    ("cw_ticket", {"key_field": "x", "id": 1}),
    ("cw_ticket", {"id": 123, "severity": "Urgent"}),
    ("cw_ticket", {"id": 123, "colour": "red", "size": 2}),
    ("cw_ticket", {"id": 123, "fields": "budgetHours=1"}),
    ("cw_ticket", {"id": 123, "fields": "nothing of the kind"}),
    ("cw_ticket", {"id": 123, "validate_certs": "maybe", "timeout": "soon"}),
    ("cw_ticket", {"id": 123, "password": "wrong"}),
    ("cw_ticket", {"id": 123, "password": ["wrong"]}),
    ("cw_ticket", {"id": 123, "base_url": None}),
    ("cw_ticket", {"id": 123, "ca_path": "~/no/such.pem"}),
    ("cw_ticket_note", {"ticket_id": 123, "text": "Text {{ 1 + 1 }}", "kind": "internal,discussion"}),
    ("cw_ticket_note", {"ticket_id": 123, "text": "Text", "kind": ["private"]}),
    ("cw_configuration_info", {"name": "PROD-DB-01"}),
    ("cw_configuration_info", {"conditions": "nothing = 1"}),
]


@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("check_mode", [False, True])
def test_both_ways(simulator: Simulator, name: str, options: dict[str, Any], check_mode: bool) -> None:
    given = {key: value for key, value in {**simulator.login, **options}.items() if value is not None}
    expected = run_main(module_file(name).main, given, check_mode)
    requests = simulator.requests()
    simulator.reset()
    result = run(name, given, check_mode=check_mode)
    result.setdefault("invocation", None)
    expected.setdefault("invocation", result["invocation"])  # ansible-core 2.21 leaves it out
    assert comparable(result, name) == comparable(expected, name)
    assert simulator.requests() == requests
    assert "warnings" not in result


@given(
    value=st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
)
@pytest.mark.parametrize("option", ["summary", "fields", "match", "id", "password", "timeout", "in_process", "state"])
def test_any_value(option: str, value: Any) -> None:
    """Values are checked, converted and shown alike; no server is asked."""
    options = {"id": 1, "base_url": "ftp://x", "client": "a", "username": "b", "password": "cccc", "client_id": "d"}
    expected = run_main(module_file("cw_ticket").main, {**options, option: value})
    result = run("cw_ticket", {**options, option: value})
    expected.setdefault("invocation", result["invocation"])
    assert comparable(result, "cw_ticket") == comparable(expected, "cw_ticket")


def test_warnings_belong_to_one_run(simulator: Simulator) -> None:
    both = {**simulator.login, "public_key": simulator.told["public_key"], "limit": 1}
    for _time in range(2):
        first, second = run("cw_configuration_info", both)["warnings"]
        assert first == "Both option username and its alias public_key are set."
        assert second.startswith("limit: 1 of 9 configurations are returned.")


def test_the_environment_of_the_task(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its variables count while the module runs, and are as before then."""
    monkeypatch.setenv("CW_CLIENT", "nobody")
    monkeypatch.delenv("CW_URL", raising=False)
    environment = simulator.environment
    before = dict(os.environ)
    assert run("cw_ticket", {"id": 123}, {**environment, "CW_TIMEOUT": 20})["ticket"]["id"] == 123
    through_proxy = run("cw_ticket", {"id": 123, "retry_budget": 0}, {**environment, **PROXY})
    assert through_proxy["msg"].startswith("proxy: GET service/tickets/123 got no answer: the proxy on the way to ")
    assert run("cw_ticket", {"id": 123})["msg"] == (
        "missing required arguments: base_url, client_id, password, username"
    )
    assert dict(os.environ) == before


PROXY = {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "NO_PROXY": "", "no_proxy": ""}


def test_certificates_of_the_environment(secure_simulator: Simulator) -> None:
    options = {"id": 123, **secure_simulator.login}
    assert "is not trusted" in run("cw_ticket", options)["msg"]
    assert not run("cw_ticket", options, {"REQUESTS_CA_BUNDLE": secure_simulator.told["ca_file"]}).get("failed")


def forms(secret: str, pair: str) -> list[str]:
    """The ways in which a server could say a secret."""
    basic = base64.b64encode(pair.encode()).decode()
    return [secret, quote(secret, safe=""), json.dumps(secret)[1:-1], basic, quote(basic, safe="")]


SECRET = 'p"ä/ss+wörd\\7'


@pytest.mark.parametrize("status", [200, 400, 500])
def test_no_secret_of_any_form_in_what_a_server_says(answering: Answering, status: int) -> None:
    options = {"id": 123, "base_url": answering.url, "client": "a", "username": "b", "password": SECRET}
    said = forms(SECRET, f"a+b:{SECRET}")
    record = {"id": 123, "summary": " ".join(said), "customFields": [{"id": 1, "caption": "c", "value": said[3]}]}
    error = {"code": "X", "message": " ".join(said), "errors": [{"field": "summary", "message": " ".join(said)}]}
    options = {**options, "client_id": "guid", "retry_budget": 0}
    for _time in range(2):
        answering.then(status, record if status == 200 else error)
    result = run("cw_ticket", options)
    expected = run_main(module_file("cw_ticket").main, options)
    expected.setdefault("invocation", result["invocation"])  # ansible-core 2.21 leaves it out
    for each in (result, expected):
        assert bool(each.get("failed")) is (status != 200)
        texts = " ".join(all_texts(each))
        assert [form for form in said if form in texts] == []
        assert "**********" in texts
        assert each["invocation"]["module_args"]["password"] == HIDDEN
    assert comparable(result, "cw_ticket") == comparable(expected, "cw_ticket")


def all_texts(value: Any) -> list[str]:
    """The texts in a result as they are, not as JSON writes them."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in all_texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in all_texts(item)]
    return [str(value)]


def declared(act: Any, **options: Any) -> Module:
    """A module that does nothing but act."""
    return Module(options, act)


OPTIONS = {"base_url": "https://cw", "client": "a", "username": "b", "password": "word", "client_id": "d"}


def test_the_result_is_plain_json() -> None:
    day = datetime.date(2026, 12, 31)
    module = declared(
        lambda task, client: {"day": day, "pair": (1, 2), "ids": {3}, 4: "four"},
        when={"type": "str"},
        how={"type": "dict"},
        what={"type": "str"},
    )
    given = {**OPTIONS, "when": day, "how": MappingProxyType({"a": 1}), "what": Path("a")}
    result = in_process.run(module, "x", given, {}, False)
    assert {key: result[key] for key in ("day", "pair", "ids", "4")} == {
        "day": "2026-12-31",
        "pair": [1, 2],
        "ids": [3],
        "4": "four",
    }
    arguments = result["invocation"]["module_args"]
    assert {name: arguments[name] for name in ("when", "how", "what")} == {
        "when": "2026-12-31",
        "how": {"a": 1},
        "what": "a",
    }


def test_deprecated_options_are_told() -> None:
    option = {"type": "str", "removed_in_version": "9.0.0", "removed_from_collection": "msp.connectwise"}
    result = in_process.run(declared(lambda task, client: {}, old=option), "x", {**OPTIONS, "old": "1"}, {}, False)
    (told,) = result["deprecations"]
    assert told["msg"].startswith("Param 'old' is deprecated.")
    assert told["version"] == "9.0.0"


def test_flags_are_not_hidden_by_a_secret() -> None:
    module = declared(lambda task, client: {"changed": True, "nothing": None, "text": "True"})
    result = in_process.run(module, "x", {**OPTIONS, "password": "True"}, {}, False)
    assert (result["changed"], result["nothing"], result["text"]) == (True, None, "**********")


SECRETS = ("word", "7", "rue", "Non", 'q"uo\\te', "Straße", "a\u2028b")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden_wherever_the_module_hides_it(secret: str) -> None:
    """Also in a number, and whatever JSON makes of its characters."""
    told = {"text": f"<{secret}>", "list": [secret, 178, 1.75, True, None], "nested": {"flag": True, "empty": None}}
    module = declared(lambda task, client: {"changed": True, **told})
    result = in_process.run(module, "x", {**OPTIONS, "password": secret}, {}, False)
    expected = json.loads(json.dumps(remove_values(told, {secret})))
    # The client hides it, too, and does so first.
    assert secret not in result["text"]
    assert result["list"][1:] == expected["list"][1:]
    assert result["nested"] == expected["nested"]
    assert result["invocation"]["module_args"]["password"] == HIDDEN


def test_the_next_item_goes_on_with_the_connection(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it leads to the same server in the same way, and has not rested for long; without the server's cookies."""
    login = {"base_url": answering.url, "client": "a", "username": "b", "password": "word", "client_id": "d"}
    module = declared(lambda task, client: {"id": client.get("service/tickets/1")["id"]})

    def connection(environment: dict[str, str] | None = None, **options: Any) -> Any:
        answering.answers.append((200, b'{"id": 1}', {"Content-Type": "application/json", "Set-Cookie": "seen=1"}))
        given = {**login, "requests_per_minute": 0, **options}
        assert in_process.run(module, "x", given, environment or {}, False)["id"] == 1
        assert "cookie" not in answering.requests[-1]["headers"]
        return answering.requests[-1]["from"]

    first = connection()
    assert connection() == first
    assert connection(username="other") == first
    assert connection(validate_certs=False) != first
    assert connection({"NO_PROXY": "*"}) != first
    assert connection() == first
    monkeypatch.setattr(in_process, "_MOST_IDLE", -1.0)
    assert connection() != first


def test_nothing_is_printed(simulator: Simulator, capfd: pytest.CaptureFixture[str]) -> None:
    """Not by the client's log and not by Python's warnings, in a process without a log of its own."""
    ours = logging.getLogger(transport.__name__.rpartition(".")[0])
    assert any(isinstance(handler, logging.NullHandler) for handler in ours.handlers)

    def noisy(task: Any, client: Any) -> dict[str, Any]:
        warnings.warn("one that Python would print", UserWarning, stacklevel=1)
        return {"id": client.get_ticket(123).id}

    simulator.fault("503-html")
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as seen:
        assert in_process.run(declared(noisy), "x", simulator.login, {}, False)["id"] == 123
    assert seen == []
    assert warnings.filters == before
    assert capfd.readouterr() == ("", "")


def test_a_defect_is_a_sentence() -> None:
    def defect(task: Any, client: Any) -> dict[str, Any]:
        raise KeyError("word")

    result = in_process.run(declared(defect), "x", OPTIONS, {}, False)
    assert result["failed"] is True
    assert re.fullmatch(
        r"This is a defect of msp.connectwise, please report it: KeyError in test_in_process.py, line \d+: '\*+'",
        result["msg"],
    )


def test_what_ends_a_process_goes_on() -> None:
    """A time limit and Ctrl-C pass through, and leave the environment as it was."""

    class Stop(BaseException):
        pass

    def stop(task: Any, client: Any) -> dict[str, Any]:
        assert os.environ["CW_CODEBASE"] == "v"
        raise Stop

    with pytest.raises(Stop):
        in_process.run(declared(stop), "x", OPTIONS, {"CW_CODEBASE": "v"}, False)
    assert "CW_CODEBASE" not in os.environ

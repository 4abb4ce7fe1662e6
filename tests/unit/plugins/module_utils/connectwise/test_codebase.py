# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The codebase, asked of the server (fact sheet 1.5 to 1.7)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseConfigurationError,
    ConnectWiseConnectionError,
    ConnectWiseNotFoundError,
    ConnectWiseResponseError,
)
from unit.plugins.support import Answering, Simulator


def told(codebase: str) -> dict[str, Any]:
    return {"CompanyName": "Training", "Codebase": codebase, "IsCloud": "True"}


def paths(answering: Answering) -> list[str]:
    return [request["path"] for request in answering.requests]


def test_of_the_simulator(simulator: Simulator) -> None:
    client = simulator.client(codebase="auto")
    assert client.get("service/tickets/123")["id"] == 123
    assert client.get("service/tickets/12345")["id"] == 12345


def test_it_is_asked_once_and_without_a_login(answering: Answering) -> None:
    answering.then(200, told("v2025_1/"))
    answering.then(200, {"id": 1})
    answering.then(200, {"id": 2})
    client = answering.client(client="a/b c", codebase="Auto", base_url=f"{answering.url}/v4_6_release/apis/3.0")
    client.get("service/tickets/1")
    client.get("service/tickets/2")
    assert paths(answering) == [
        "/login/companyinfo/a%2Fb%20c",
        "/v2025_1/apis/3.0/service/tickets/1",
        "/v2025_1/apis/3.0/service/tickets/2",
    ]
    assert "authorization" not in answering.requests[0]["headers"]


def test_it_is_asked_again_after_an_upgrade(answering: Answering) -> None:
    answering.then(200, told("v2025_1/"))
    answering.then(404, b"<html><title>404</title></html>", content_type="text/html")
    answering.then(200, told("v2025_2/"))
    answering.then(200, {"id": 1})
    assert answering.client(codebase="auto").get("service/tickets/1") == {"id": 1}
    assert paths(answering)[-1] == "/v2025_2/apis/3.0/service/tickets/1"


def test_the_same_again_is_no_upgrade(answering: Answering) -> None:
    for _number in range(2):
        answering.then(200, told("v2025_1"))
        answering.then(404, b"<html>", content_type="text/html")
    answering.then(200, told("v2025_1"))
    client = answering.client(codebase="auto")
    with pytest.raises(ConnectWiseNotFoundError):
        client.get("service/tickets/1")
    assert len(answering.requests) == 3
    answering.answers.clear()
    # A record that is not there is no reason to ask.
    answering.then(404, {"code": "NotFound", "message": "Ticket 1 not found"})
    assert client.get("service/tickets/1") is None


def test_a_passing_failure_is_repeated(answering: Answering) -> None:
    answering.then(502, b"<html>")
    answering.then(200, told("v2025_1"))
    answering.then(201, {"id": 1})
    assert answering.client(codebase="auto").post("service/tickets", {"summary": "x"}) == {"id": 1}
    assert answering.answers == []


def test_an_unknown_company(answering: Answering) -> None:
    for body in (None, {}, {"Codebase": None}, [1]):
        answering.then(200, body)
        with pytest.raises(ConnectWiseConfigurationError, match=r"^client: .* knows no company 'training', so its"):
            answering.client(codebase="auto").get("service/tickets/1")


def test_a_site_that_is_something_else(answering: Answering, simulator: Simulator) -> None:
    answering.then(200, b"<html><title>Welcome</title></html>", content_type="text/html")
    with pytest.raises(ConnectWiseResponseError, match="GET login/companyinfo/training answered 200: .*'Welcome'"):
        answering.client(codebase="auto").get("service/tickets/1")
    nobody = simulator.client(base_url="http://127.0.0.1:9", codebase="auto", retry_budget=0.0)
    with pytest.raises(ConnectWiseConnectionError, match="GET login/companyinfo/training got no answer"):
        nobody.get("service/tickets/1")

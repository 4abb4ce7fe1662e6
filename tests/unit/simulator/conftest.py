# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator in a process of its own, and a caller that holds each answer against the OpenAPI file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

TESTS = Path(__file__).parents[2]
SPECIFICATION = TESTS.parents[1] / "shared" / "connectwise" / "openapi-2025.1.json"
# Members that were recorded, though the OpenAPI file does not have them.
RECORDED = {"podDescription", "screenDescription"}


def start(*words: str) -> subprocess.Popen[str]:
    """Start the simulator with more words on its command line."""
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", *words],
        cwd=TESTS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )


def wait_for(ready_file: Path, process: subprocess.Popen[str]) -> dict[str, Any]:
    """What the ready file says, once it is there."""
    until = time.monotonic() + 30
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            pytest.fail(f"The simulator did not start: {process.communicate()[1]}")
        time.sleep(0.01)
    ready: dict[str, Any] = json.loads(ready_file.read_text(encoding="utf-8"))
    return ready


class Specification:
    """The OpenAPI file, as far as answers go."""

    def __init__(self, file: Path) -> None:
        """Read it."""
        self.document = json.loads(file.read_text(encoding="utf-8"))
        schemas = self.document["components"]["schemas"]
        # Recorded values are texts, numbers and flags; the file says object.
        schemas["CustomFieldValue"]["properties"]["value"] = {}
        schemas["ConfigurationQuestion"]["properties"]["answer"] = {}
        registry: Registry[Any] = Registry()
        self.registry = registry.with_resource("urn:spec", DRAFT4.create_resource(self.document))
        self.operations: dict[tuple[str, ...], dict[str, Any]] = {}
        for path, operations in self.document["paths"].items():
            key = tuple("{}" if part.startswith("{") else part for part in path.strip("/").lower().split("/"))
            self.operations.setdefault(key, {}).update(operations)

    def validator(self, name: str) -> OAS30Validator:
        """The validator of a schema."""
        return OAS30Validator({"$ref": f"urn:spec#/components/schemas/{name}"}, registry=self.registry)

    def schema(self, method: str, path: str, status: int) -> tuple[str, bool] | None:
        """Name of the schema of an answer, and whether it is a list; None when the file has none."""
        key = tuple("{}" if part.isdigit() else part for part in path.strip("/").lower().split("/"))
        operation = self.operations.get(key, {}).get(method.lower())
        assert operation is not None, f"The OpenAPI file has no {method} {path}"
        assert str(status) in operation["responses"], f"The OpenAPI file has no {status} for {method} {path}"
        content: dict[str, Any] = operation["responses"][str(status)].get("content") or {}
        schema: dict[str, Any] | None = next((media.get("schema") for media in content.values()), None)
        if schema is None:
            return None
        listed = schema.get("items", {})
        return (schema.get("$ref") or listed.get("$ref", "")).rsplit("/", 1)[-1], bool(listed)

    def check(self, method: str, path: str, status: int, body: Any, partial: bool) -> None:
        """Fail when an answer is not what the file says."""
        found = self.schema(method, path, status)
        if found is None:
            assert body is None
            return
        name, listed = found
        if status == 207:
            # The file says CompanyConfiguration for two of the three (fact 9.1).
            name = "BulkResult"
        assert isinstance(body, list) == listed, f"{method} {path}: a list or not"
        known = set(self.document["components"]["schemas"][name].get("properties", {})) | RECORDED
        for record in body if listed else [body]:
            assert not set(record) - known, f"{method} {path}: members the OpenAPI file does not have"
            problems = [
                error.message
                for error in self.validator(name).iter_errors(record)
                if not (partial and error.validator == "required")
            ]
            assert not problems, f"{method} {path}: {problems}"


@dataclass
class Caller:
    """Calls the simulator. Successful answers are held against the OpenAPI file where that is at hand."""

    url: str
    session: requests.Session
    specification: Specification | None
    check: bool = True

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> requests.Response:
        """One request below apis/3.0."""
        codebase = more.pop("codebase", "v4_6_release")
        response = self.session.request(
            method, f"{self.url}/{codebase}/apis/3.0/{path}", json=json, timeout=20, allow_redirects=False, **more
        )
        clean = path.partition("?")[0]
        if self.check and self.specification and response.status_code < 300 and "json" in str(response.headers):
            answered = response.json() if response.content else None
            query = {name.lower() for name in more.get("params") or {}}
            if not re.search(r"members/[a-z]|system/myAccount$", clean):
                self.specification.check(method, clean, response.status_code, answered, "fields" in query)
        return response

    def get(self, path: str, **params: Any) -> Any:
        """GET that succeeds: the decoded body."""
        return self._good(self.call("GET", path, params=params), 200)

    def post(self, path: str, json: Any, status: int = 201) -> Any:
        """POST that succeeds: the decoded body."""
        return self._good(self.call("POST", path, json), status)

    def put(self, path: str, json: Any) -> Any:
        """PUT that succeeds: the decoded body."""
        return self._good(self.call("PUT", path, json), 200)

    def patch(self, path: str, *operations: tuple[str, str] | tuple[str, str, Any]) -> Any:
        """PATCH that succeeds: the decoded body."""
        return self._good(self.try_patch(path, *operations), 200)

    def try_patch(self, path: str, *operations: tuple[str, str] | tuple[str, str, Any]) -> requests.Response:
        """PATCH, whatever comes of it. Operations are (op, path) or (op, path, value)."""
        names = ("op", "path", "value")
        return self.call("PATCH", path, [dict(zip(names, operation, strict=False)) for operation in operations])

    def delete(self, path: str) -> None:
        """DELETE that succeeds."""
        response = self.call("DELETE", path)
        assert (response.status_code, response.content) == (204, b"")

    def error(self, status: int, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """A request that fails with this status: the decoded body."""
        return self._good(self.call(method, path, json, **more), status)

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """One request to the controls: the decoded body, None when there is none."""
        response = requests.request(method, f"{self.url}/_simulator/{path}", json=json, timeout=20)
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def switch(self, **values: Any) -> None:
        """Set switches."""
        self.control("POST", "switches", values)

    def _good(self, response: requests.Response, status: int) -> Any:
        assert response.status_code == status, f"{response.status_code}: {response.text}"
        return response.json()

    def ticket(self, **fields: Any) -> Any:
        """Make a ticket of Acme's."""
        return self.post("service/tickets", {"summary": "Test", "company": {"id": 250}, **fields})


@pytest.fixture(scope="session")
def specification() -> Specification | None:
    """The OpenAPI file, or None where it is not at hand."""
    return Specification(SPECIFICATION) if SPECIFICATION.exists() else None


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running simulator: what its ready file says."""
    ready_file = tmp_path_factory.mktemp("simulator") / "ready.json"
    process = start("--quiet", "--ready-file", str(ready_file))
    yield wait_for(ready_file, process)
    process.terminate()
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output, errors) == (0, "", "")


@pytest.fixture(scope="session")
def session_caller(ready: dict[str, Any], specification: Specification | None) -> Caller:
    """A caller with the credentials of the ready file."""
    session = requests.Session()
    session.auth = (f"{ready['company']}+{ready['public_key']}", ready["private_key"])
    session.headers["clientId"] = ready["client_id"]
    return Caller(ready["url"], session, specification)


@pytest.fixture
def cw(session_caller: Caller) -> Caller:
    """A caller to a simulator as it was at its start."""
    session_caller.control("POST", "reset")
    return session_caller

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is sent, an answer in the API's own shape comes back, and what was kept can be read again."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import seed
from simulator.answers import Answer, Call
from simulator.api import Api
from simulator.errors import ApiError, error_text
from simulator.fields import TYPES
from simulator.lists import Query
from simulator.showing import success_text
from simulator.store import Store
from simulator.world import World

from .conftest import Caller

BASE = "http://127.0.0.1:1/v4_6_release/apis/3.0"


class Server:
    """The API without a network, as at the start before each request."""

    def __init__(self) -> None:
        """Plant the seed once, and keep a copy."""
        self.world = World(Store())
        with self.world.store.transaction():
            seed.plant(self.world)
        self.api = Api(self.world)
        self.first = sqlite3.connect(":memory:", check_same_thread=False)
        self.world.store.connection.backup(self.first)

    def reset(self) -> None:
        """Back to the start."""
        self.first.backup(self.world.store.connection)
        self.world.store.forget()

    def call(self, method: str, path: str, body: bytes = b"", headers: Any = None, query: Any = None) -> Answer:
        """One request. Errors are answers; anything else that is raised is a defect."""
        sent = query or {}
        named = Query({name.lower(): text for name, text in sent.items()}, tuple(sent.items()))
        try:
            answer = self.api.answer(Call(method, path, named, headers or {}, body, BASE, "127.0.0.1:1"))
        except ApiError as error:
            answer = Answer(error.status, error.body())
            assert json.loads(error_text(answer.body))["code"]
            assert answer.body["message"]
            return answer
        if answer.status != 204 and not answer.media:
            answer.body = json.loads(success_text(answer.body))
        return answer


SERVER = Server()
WRITTEN = [(method, path) for method, path in SERVER.api.endpoints() if method in ("POST", "PUT", "PATCH", "DELETE")]
LISTED = [path for method, path in SERVER.api.endpoints() if method == "GET"]
RICH = [
    (method, path) for method, path in WRITTEN if path.removesuffix("/{}") in
    ("service/tickets", "company/configurations", "company/contacts", "time/entries", "schedule/entries")
]  # fmt: skip
IDS = {"service/tickets": "12345", "company/companies": "250", "company/configurations": "67890",
       "company/contacts": "2500", "system/members": "638", "configurations": "67890"}  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", " ", "²", "\x00", "\ud800", "'\"", "[", "%", "1", "-1", "9" * 400, "2026-01-31T00:00:00Z",
         "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "true", "Medium", "$.x", "a@b", "name", "summary"]
    ),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([10**400, -(10**400), 2**31, 2**63, 2**64, 1e308, -0.0, 0.5, 12345, 67890, 250, 101, 637, 7, 38]),
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "name", "identifier", "value", "questionId", "answerId", "answer", "caption", "type", "summary",
             "communicationType", "defaultFlag", "_info", "optionValue"]
        ) | TEXTS,
        inner,
        max_size=4,
    ),
    max_leaves=6,
)  # fmt: skip
ENTRIES = {
    "custom": st.fixed_dictionaries(
        {"id": st.sampled_from([7, 36, 37, 38, 39, 40, 60, 61, "²"]) | VALUES, "value": VALUES}
    ),
    "questions": st.fixed_dictionaries({"questionId": st.sampled_from([11, 12, 13]) | VALUES, "answer": VALUES}),
    "children": st.fixed_dictionaries({"value": TEXTS, "type": st.just({"id": 1}) | VALUES, "id": VALUES}),
    "references": st.fixed_dictionaries({"id": st.just(1) | VALUES}),
}
NAMES = sorted({row.name for record_type in TYPES.values() for row in record_type.fields})
MORE_NAMES = ["mergeTicketIds", "childTicketIds", "conditions", "orderBy", "deviceIdentifier"]


def full(path: str, number: str) -> str:
    """A path with ids: those of seed records below the start, ``number`` at the end."""
    parts: list[str] = []
    for part in path.split("/"):
        if part != "{}":
            parts.append(part)
            continue
        known = IDS.get("/".join(parts), IDS.get(parts[-1], "1"))
        parts.append(known)
    if parts[-1].isdigit() and number:
        parts[-1] = number
    return "/".join(parts)


@st.composite
def records(draw: st.DrawFn, path: str) -> Any:
    """A body that is near enough to a record to get far."""
    record_type = next(
        (found for found in TYPES.values() if found.path.lower().split("{")[0] == path.split("{")[0]), TYPES["ticket"]
    )
    fields = sorted(row.name for row in record_type.fields)
    record = draw(st.dictionaries(st.sampled_from(fields * 9 + MORE_NAMES + NAMES), VALUES, max_size=5))
    for row in record_type.fields:
        if row.kind in ENTRIES and draw(st.booleans()):
            record[row.name] = draw(st.lists(ENTRIES[row.kind], max_size=3))
    for row in record_type.fields:
        if row.required and draw(st.integers(0, 5)):
            usual: dict[str, Any] = {
                "reference": {"id": {"company": 250, "member": 638}.get(row.to, 1)}, "text": "x", "integer": 1,
                "number": 1, "datetime": "2026-01-31T00:00:00Z", "enum": (row.values or ("",))[0],
            }  # fmt: skip
            record.setdefault(row.name, usual[row.kind])
    return record


@st.composite
def patches(draw: st.DrawFn, path: str) -> Any:
    """A body that is near enough to a patch to get far."""
    operations = []
    for name, value in draw(records(path)).items():
        steps = draw(st.sampled_from(["", "", "", "/id", "/name", "/0", "/0/value", "/-", "/²", "/" + "9" * 400]))
        op = draw(st.sampled_from(["replace", "replace", "add", "remove"]))
        operations.append({"op": op, "path": name + steps, "value": value})
    return operations


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_body_to_any_path(data: st.DataObject) -> None:
    """Fact 5: never anything but the API's own answers; what was made can be read and listed."""
    SERVER.reset()
    method, path = data.draw(st.sampled_from(WRITTEN) | st.sampled_from(RICH))
    number = data.draw(st.sampled_from(["", "", "", "0", "99999", "9" * 18, "9" * 5000]))
    body = data.draw(
        VALUES | (patches(path) | records(path) if method == "PATCH" else records(path)) | st.binary(max_size=5)
    )
    coded = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = SERVER.call(method, full(path, number), coded)
    if answer.status in (200, 201) and isinstance(answer.body, dict) and "id" in answer.body:
        folder = full(path.removesuffix("/{}"), "") if method != "POST" else full(path, "")
        if ("GET", path if method != "POST" else f"{path}/{{}}") in SERVER.api.endpoints():
            assert SERVER.call("GET", f"{folder}/{answer.body['id']}").body == answer.body
            assert (
                SERVER.call("GET", folder, query={"conditions": "id > 0", "orderBy": "lastUpdated desc"}).status == 200
            )


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_form(data: st.DataObject) -> None:
    """Fact 11.1: forms of any text, and what is no form."""
    SERVER.reset()
    names = st.sampled_from(["recordType", "recordId", "title", "url", "privateFlag", "readOnlyFlag", "file", "x"])
    usual = {"recordType": "Ticket", "recordId": "12345"}
    values = {**usual, **data.draw(st.dictionaries(names, TEXTS, max_size=4))}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode("utf-8", "replace")
        for name, text in values.items()
    ]
    file = 'Content-Disposition: form-data; name="file"; filename="{}"'.format(data.draw(TEXTS).replace('"', ""))
    parts.append(b"--b\r\n" + file.encode("utf-8", "replace") + b"\r\n\r\n" + data.draw(st.binary()) + b"\r\n")
    body = b"".join(parts) + data.draw(st.sampled_from([b"--b--\r\n", b"--b--", b"", b"--"]))
    media = data.draw(st.sampled_from(["multipart/form-data; boundary=b"] * 6 + ["multipart/form-data", "", "x"]))
    answer = SERVER.call("POST", "system/documents", body, {"content-type": media})
    if answer.status == 201:
        SERVER.call("GET", f"system/documents/{answer.body['id']}/download")
        replaced = SERVER.call("POST", f"system/documents/{answer.body['id']}", body, {"content-type": media})
        assert replaced.status == 200


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_query_to_any_list(data: st.DataObject) -> None:
    """Facts 3 and 4: parameters of any text."""
    path = data.draw(st.sampled_from(LISTED))
    record_type = next((found for found in TYPES.values() if found.path.lower() in path), TYPES["ticket"])
    names = [f"{row.name}/id" if row.kind == "reference" else row.name for row in record_type.fields]
    name = data.draw(st.sampled_from([*names, "id", "priority/sort", "member/identifier", "lastUpdated", "value"]))
    literal = data.draw(
        st.sampled_from(["null", "true", "1", "-0.5", "9" * 400, "9" * 5000, "9" * 400 + ".5", "[2026-01-01]", "[x]"])
        | TEXTS.map(lambda text: f'"{text}"')
    )
    operator = data.draw(st.sampled_from(["=", "!=", "<", ">=", "contains", "not contains", "like", "in ({})"]))
    built = f"{name} in ({literal}, {literal})" if "in (" in operator else f"{name} {operator} {literal}"
    queries = {
        "conditions": st.just(built) | TEXTS,
        "childConditions": st.just(built) | TEXTS,
        "customFieldConditions": st.just(f"value {operator} {literal}") | TEXTS,
        "orderBy": st.just(f"{name} desc") | TEXTS,
        "fields": st.just(f"id,{name}") | TEXTS,
        "page": TEXTS,
        "pageSize": TEXTS,
        "pageId": TEXTS,
        "recordType": st.sampled_from(["Ticket", "x", ""]),
        "recordId": TEXTS,
    }
    chosen = data.draw(st.lists(st.sampled_from(sorted(queries)), max_size=3))
    # What is no UTF-8 arrives as the replacement character.
    query = {name: data.draw(queries[name]).encode("utf-8", "replace").decode() for name in chosen}
    headers = {"pagination-type": "forward-only"} if data.draw(st.booleans()) else {}
    SERVER.call("GET", full(path, ""), headers=headers, query=query)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "service/tickets", {"summary": "x", "company": {"id": 250}, "budgetHours": 10**400}, 500),
        ("POST", "service/tickets", {"summary": 10**400, "company": {"id": 250}}, 400),
        ("PATCH", "service/tickets/123", [{"op": "replace", "path": "customFields", "value": [{"id": "²"}]}], 500),
        ("PATCH", "service/tickets/123",
         [{"op": "replace", "path": "customFields", "value": [{"id": 38, "value": 10**400}]}], 400),
        ("PATCH", "service/tickets/123",
         [{"op": "replace", "path": "customFields", "value": [{"id": 38, "value": "nan"}]}], 400),
        ("PATCH", "company/configurations/67890",
         [{"op": "replace", "path": "questions", "value": [{"questionId": [], "answer": 1}]}], 500),
        ("PATCH", "company/configurations/67890",
         [{"op": "replace", "path": "questions", "value": [{"questionId": {}, "answer": 1}]}], 500),
        ("POST", "service/tickets/123/merge", None, 500),
        ("POST", "service/tickets/123/merge", [], 500),
        ("POST", "service/tickets/123/merge", {"mergeTicketIds": [{"id": 1}]}, 500),
        ("POST", "service/tickets/123/merge", {"mergeTicketIds": [12345], "status": {"id": 101}, "x": 1}, 400),
        ("POST", "service/tickets/123/attachChildren", "x", 500),
        ("POST", "service/tickets/search", {"conditions": f"summary contains '{'x' * 60_000}'"}, 400),
        ("POST", "service/tickets/search", {"conditions": "", "orderBy": ",".join(["id"] * 3000)}, 400),
        ("POST", "service/tickets/search", {"conditions": {}}, 500),
        ("DELETE", f"service/tickets/{'9' * 400}", None, 404),
        ("GET", "service/tickets/²", None, 404),
    ],
)  # fmt: skip
def test_odd_values_over_http(cw: Caller, method: str, path: str, body: Any, status: int) -> None:
    """What once was a plain text: the API's own error, in JSON."""
    coded = json.dumps(body)
    response = cw.call(method, path, data=coded, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.headers["Content-Type"].partition(";")[0]) == (status, "application/json")
    assert set(response.json()) - {"errors"} == {"code", "message"}


def test_conditions_nested_deeply() -> None:
    """How deep SQLite goes depends on its version; beyond that it is an error of the API."""
    nested = "id = 123"
    for number in range(100):
        nested = f"(id = {number} {'or' if number % 2 else 'and'} {nested})"
    body = json.dumps({"conditions": nested}).encode()
    assert SERVER.call("POST", "service/tickets/search", body).status in (200, 400)

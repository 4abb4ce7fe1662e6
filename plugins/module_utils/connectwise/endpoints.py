# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP methods of the API, for any endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Union

from .conditions import Condition
from .errors import ConnectWiseConfigurationError, ConnectWiseNotFoundError, ConnectWiseResponseError
from .transport import Transport

Conditions = Union[str, Condition]
Names = Union[str, list[str]]

MOST_PER_PAGE = 1000  # fact sheet 3.3


class Endpoints:
    """GET, POST, PATCH, PUT and DELETE of any endpoint, returning JSON.

    An endpoint is the path behind ``/apis/3.0/``, such as ``service/tickets``. Every method raises one of the kinds
    of :class:`ConnectWiseAPIError` where the server refuses or no usable answer comes.
    """

    _transport: Transport

    def get(
        self,
        endpoint: str,
        conditions: Conditions = "",
        childconditions: Conditions = "",
        fields: Names = "",
        orderby: str = "",
        page: int | None = None,
        pagesize: int | None = None,
        customfieldconditions: Conditions = "",
    ) -> Any:
        """One record (dict), or one page of a list (list of dict; the server's page has 25 records).

        Args:
            endpoint: with the id for one record: ``service/tickets/123``.
            conditions, childconditions, customfieldconditions: which records (fact sheet 4).
            fields: names of the fields to bring, as a list or comma-separated; all where empty.
            orderby: such as ``id desc``.
            page: from 1.
            pagesize: 1 to 1000.

        Returns:
            The JSON; None where the server says in JSON that there is no such record or endpoint (404).
        """
        params = _query(conditions, childconditions, customfieldconditions, fields, orderby)
        if page:
            params["page"] = str(page)
        if pagesize:
            params["pageSize"] = str(pagesize)
        try:
            answer = self._transport.request("GET", _path(endpoint), params)
            one = re.search(r"/\d+$", _path(endpoint))
            return _checked(answer.data, dict if one else (dict, list), "GET", endpoint)
        except ConnectWiseNotFoundError as error:
            if error.code is None:  # a web page: not the record is missing, but the API is somewhere else
                raise
            return None

    def iterate(
        self,
        endpoint: str,
        conditions: Conditions = "",
        childconditions: Conditions = "",
        fields: Names = "",
        orderby: str = "",
        pagesize: int = MOST_PER_PAGE,
        customfieldconditions: Conditions = "",
    ) -> Iterator[dict[str, Any]]:
        """All records of a list, one page in memory at a time; a record that appears on two pages comes once.

        Args: as of :meth:`get`; ``pagesize`` is the number of records a request.

        Raises:
            ConnectWiseNotFoundError: the list does not exist (a sub-list of a record that is not there).
        """
        params = _query(conditions, childconditions, customfieldconditions, fields, orderby)
        pagesize = min(pagesize, MOST_PER_PAGE)
        params["pageSize"] = str(pagesize)
        seen: set[int] = set()
        before: list[dict[str, Any]] = []
        page = 1
        while True:
            params["page"] = str(page)
            answer = self._transport.request("GET", _path(endpoint), params)
            records = _checked(answer.data, list, "GET", endpoint)
            fresh = [record for record in records if record.get("id") is None or record["id"] not in seen]
            seen.update(record["id"] for record in fresh if record.get("id") is not None)
            yield from fresh
            # A short page is the last one (fact sheet 3.5), unless a server that caps pages says there is more.
            more = len(records) >= pagesize or 'rel="next"' in (answer.headers.get("Link") or "")
            if not more or not fresh or records == before:
                return
            page, before = page + 1, records

    def get_all(
        self,
        endpoint: str,
        conditions: Conditions = "",
        childconditions: Conditions = "",
        fields: Names = "",
        orderby: str = "",
        pagesize: int = MOST_PER_PAGE,
        customfieldconditions: Conditions = "",
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """All records of a list (list of dict), or the first ``limit``; empty where the list does not exist (404)."""
        if limit is not None:
            pagesize = max(1, min(pagesize, limit))
        records = self.iterate(endpoint, conditions, childconditions, fields, orderby, pagesize, customfieldconditions)
        try:
            return list(islice(records, limit))
        except ConnectWiseNotFoundError as error:
            if error.code is None:
                raise
            return []

    def get_count(
        self,
        endpoint: str,
        conditions: Conditions = "",
        childconditions: Conditions = "",
        customfieldconditions: Conditions = "",
    ) -> int:
        """How many records a list has (int); 0 where it does not exist. Fact sheet 3.6."""
        answer = self.get(
            f"{_path(endpoint)}/count", conditions, childconditions, customfieldconditions=customfieldconditions
        )
        if answer is None:
            return 0
        return int(_checked(answer, dict, "GET", f"{endpoint}/count", "count")["count"])

    def post(self, endpoint: str, data: Any) -> Any:
        """Create a record, or start an action; returns the server's JSON.

        Sent once: where the answer is lost, the error has ``maybe_done`` set, and whether the record exists has to
        be looked up (fact sheet 12.5).
        """
        path = _path(endpoint)
        answer = self._transport.request("POST", path, data=data, repeatable=path.endswith("/search"))
        return _checked(answer.data, list if path.endswith("/search") else dict, "POST", endpoint)

    def patch(self, endpoint: str, record_id: int, operations: list[dict[str, Any]]) -> dict[str, Any]:
        """Change fields of a record; returns it as it is then.

        Args:
            operations: ``{"op": "replace" | "add" | "remove", "path": "status/id", "value": 5}``, applied in order
                and checked together (fact sheet 6.1, 6.4).

        Raises:
            ConnectWiseNotFoundError: there is no such record.
        """
        repeatable = all(operation.get("op") == "replace" for operation in operations)
        path = f"{_path(endpoint)}/{int(record_id)}"
        answer = self._transport.request("PATCH", path, data=operations, repeatable=repeatable)
        changed: dict[str, Any] = _checked(answer.data, dict, "PATCH", endpoint, "id")
        return changed

    def put(self, endpoint: str, record_id: int, data: dict[str, Any]) -> dict[str, Any]:
        """Replace a record; what ``data`` leaves out is emptied (fact sheet 6.8). Returns the record.

        Raises:
            ConnectWiseNotFoundError: there is no such record.
        """
        answer = self._transport.request("PUT", f"{_path(endpoint)}/{int(record_id)}", data=data)
        replaced: dict[str, Any] = _checked(answer.data, dict, "PUT", endpoint, "id")
        return replaced

    def delete(self, endpoint: str, record_id: int) -> bool:
        """Delete a record: True; False where there was none (404)."""
        try:
            self._transport.request("DELETE", f"{_path(endpoint)}/{int(record_id)}")
        except ConnectWiseNotFoundError as error:
            if error.code is None:
                raise
            return error.attempts > 1  # gone after a lost answer: the first attempt did it
        return True


def _checked(data: Any, kind: type | tuple[type, ...], method: str, endpoint: str, member: str = "") -> Any:
    """``data`` if it is what such a request is answered with: a list of records, or one that has ``member``.

    Raises:
        ConnectWiseResponseError: it is something else, such as an error with the status 200.
    """
    fits = isinstance(data, kind)
    if isinstance(data, list):
        fits = fits and all(isinstance(record, dict) for record in data)
    if not fits or (member and member not in data):
        raise ConnectWiseResponseError(
            "the answer is JSON, but not of the kind that ConnectWise gives here",
            status=200,
            method=method,
            path=endpoint,
            attempts=1,
            maybe_done=method != "GET",
        )
    return data


def _path(endpoint: str) -> str:
    path = endpoint.strip("/")
    if not path or "?" in path or "#" in path or ".." in path.split("/") or re.search(r"\s", path):
        raise ConnectWiseConfigurationError(
            f"{endpoint!r} is not an endpoint. Give the path behind /apis/3.0/, such as service/tickets."
        )
    return path


def _query(
    conditions: Conditions, childconditions: Conditions, customfieldconditions: Conditions, fields: Names, orderby: str
) -> dict[str, str]:
    names: Iterable[str] = [fields] if isinstance(fields, str) else fields
    params = {
        "conditions": str(conditions),
        "childConditions": str(childconditions),
        "customFieldConditions": str(customfieldconditions),
        "fields": ",".join(names),
        "orderBy": orderby,
    }
    return {name: value for name, value in params.items() if value}

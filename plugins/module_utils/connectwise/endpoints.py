# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP methods of the API, for any endpoint."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, TypeVar, Union
from urllib.parse import quote_plus

from . import recovery
from .conditions import Condition
from .errors import (
    ConnectWiseAPIError,
    ConnectWiseConfigurationError,
    ConnectWiseNotFoundError,
    ConnectWiseResponseError,
)
from .models import RecordType
from .reading import Page, read
from .transport import MOST_ATTEMPTS, Budget, Transport, backoff

Conditions = Union[str, Condition]
Names = Union[str, list[str]]
Listed = TypeVar("Listed")

MOST_PER_PAGE = 1000  # fact sheet 3.3
# Characters of conditions in a URL, which may have 2,000 with all that is around them (fact sheet 3.8).
LONGEST_CONDITIONS = 1500
# The lists that can be searched by POST, with conditions of any length, and what that calls its members (3.7).
SEARCHED = ("service/tickets", "project/tickets")
SEARCH_MEMBERS = {"childConditions": "childconditions", "customFieldConditions": "customfieldconditions"}
AUDIT_TRAIL = "system/audittrail"  # can't be read by id (fact sheet 3.4)


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
        further: dict[str, str] | None = None,
    ) -> Any:
        """One record (dict), or one page of a list (list of dict; the server's page has 25 records).

        Args:
            endpoint: with the id for one record: ``service/tickets/123``.
            conditions, childconditions, customfieldconditions: which records (fact sheet 4).
            fields: names of the fields to bring, as a list or comma-separated; all where empty.
            orderby: such as ``id desc``.
            page: from 1.
            pagesize: 1 to 1000.
            further: parameters that only this endpoint has, such as ``managedInformation`` of configurations.

        Returns:
            The JSON; None where the server says in JSON that there is no such record or endpoint (404).
        """
        params = query_of(conditions, childconditions, customfieldconditions, fields, orderby, further)
        if page:
            params["page"] = str(page)
        if pagesize:
            params["pageSize"] = str(pagesize)
        try:
            answer = self._transport.request("GET", path_of(endpoint), params)
            one = re.search(r"/\d+$", path_of(endpoint))
            return checked(answer.data, dict if one else (dict, list), "GET", endpoint)
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
        limit: int | None = None,
        further: dict[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """All records of a list, or the first ``limit``, with few pages in memory; one that comes twice is given once.

        Where no order is asked for, the list is read by id, which neither misses nor repeats a record while others
        write (fact sheet 3.4). Of a long list, up to four pages are asked for at once.

        Args: as of :meth:`get`; ``pagesize`` is the number of records a request; ``further`` are parameters that only
            this endpoint has, such as ``recordType`` of documents. A :class:`Condition` as ``conditions`` brings
            exactly the records that it means, also where the grammar can't express it or a list in it is too long for
            a URL; a str is sent as it is.

        Raises:
            ConnectWiseNotFoundError: the list does not exist (a sub-list of a record that is not there).
        """
        path = path_of(endpoint)
        rest = conditions.rest if isinstance(conditions, Condition) else None
        asked = _asked(fields, rest)
        parts: list[Conditions] = [conditions]
        by_search = path.lower() in SEARCHED and len(quote_plus(str(conditions))) > LONGEST_CONDITIONS
        if isinstance(conditions, Condition) and not by_search:
            parts = [*conditions.split(LONGEST_CONDITIONS)]
        if len(parts) > 1 and orderby:
            raise ConnectWiseConfigurationError("the conditions are too long for one request, so orderby can't be had")
        others = (childconditions, customfieldconditions, asked, orderby, further)
        most = None if rest else limit  # of those found, not all may be wanted
        found: Iterator[dict[str, Any]] = chain.from_iterable(
            self._read(path, query_of(part, *others), pagesize, most, by_search) for part in parts
        )
        if rest:
            found = filter(rest.matches, found)
        return islice(_once(found) if len(parts) > 1 else found, limit)

    def _read(
        self, path: str, query: dict[str, str], pagesize: int, limit: int | None, by_search: bool
    ) -> Iterator[dict[str, Any]]:
        pagesize = max(1, min(pagesize, MOST_PER_PAGE, limit or MOST_PER_PAGE))
        by_id = not ("orderBy" in query or by_search or path.lower() == AUDIT_TRAIL)
        headers = {"pagination-type": "forward-only"} if by_id else {}
        body: dict[str, str] | None = None
        if by_search:
            # Page, pageSize and fields stay in the query (fact sheet 3.7).
            names = ("conditions", "childConditions", "customFieldConditions", "orderBy")
            body = {SEARCH_MEMBERS.get(name, name): query.pop(name) for name in names if name in query}

        def ask(place: dict[str, str]) -> Page:
            params = {**query, "pageSize": str(pagesize), **place}
            if body is not None:
                send = partial(self._transport.request, "POST", f"{path}/search", params, body)
            else:
                send = partial(
                    self._transport.request, "GET", path, params, headers=headers if "pageId" in place else None
                )
            answer = send(decode=False)

            def page() -> tuple[list[dict[str, Any]], str]:
                try:
                    data = answer.data
                except ConnectWiseResponseError as error:  # it breaks off
                    self._transport.repetitions.add(error, 0.0)
                    data = send().data
                return checked(data, list, "GET", path), answer.headers.get("Link") or ""

            return page

        return read(ask, pagesize, by_id, limit)

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
        """As :meth:`iterate`, as a list (list of dict); empty where the list does not exist (404)."""
        return _listed(
            self.iterate(endpoint, conditions, childconditions, fields, orderby, pagesize, customfieldconditions, limit)
        )

    def _record(self, kind: type[RecordType], path: str) -> RecordType | None:
        data = self.get(path)
        return kind.from_dict(data) if data else None

    def _records(
        self,
        kind: type[RecordType],
        endpoint: str,
        conditions: Conditions = "",
        orderby: str = "",
        limit: int | None = None,
        childconditions: Conditions = "",
        customfieldconditions: Conditions = "",
        fields: Names = "",
        pagesize: int = MOST_PER_PAGE,
    ) -> list[RecordType]:
        found = self.iterate(
            endpoint, conditions, childconditions, fields, orderby, pagesize, customfieldconditions, limit
        )
        return _listed(map(kind.from_dict, found))

    def get_count(
        self,
        endpoint: str,
        conditions: Conditions = "",
        childconditions: Conditions = "",
        customfieldconditions: Conditions = "",
        further: dict[str, str] | None = None,
    ) -> int:
        """How many records a list has (int); 0 where it does not exist. Fact sheet 3.6.

        One request, unless ``conditions`` is a :class:`Condition` that the server alone can't meet exactly.
        """
        path = path_of(endpoint)
        if isinstance(conditions, Condition) and (conditions.rest or len(conditions.split(LONGEST_CONDITIONS)) > 1):
            ids = self.get_all(path, conditions, childconditions, "id", customfieldconditions=customfieldconditions)
            return len(ids)
        answer = self.get(
            f"{path}/count", conditions, childconditions, customfieldconditions=customfieldconditions, further=further
        )
        if answer is None:
            return 0
        return int(checked(answer, dict, "GET", f"{endpoint}/count", "count")["count"])

    def request(self, method: str, endpoint: str, data: Any = None, further: dict[str, str] | None = None) -> Any:
        """Any request but POST, for endpoints that the other methods are too narrow for.

        Args:
            method: ``GET``, ``PATCH``, ``PUT`` or ``DELETE``.
            endpoint: with the id, where there is one.
            data: body, put into JSON; None for none.
            further: parameters, not yet encoded.

        Returns:
            The JSON of any kind (fact sheet 6.1, 6.10: mostly a record); None where there is none.

        Raises:
            ConnectWiseNotFoundError: there is no such record or endpoint.
        """
        repeatable = method != "PATCH" or (
            isinstance(data, list) and all(operation.get("op") == "replace" for operation in data)
        )
        answer = self._transport.request(method, path_of(endpoint), further, data, repeatable=repeatable)
        return answer.data

    def post(
        self, endpoint: str, data: Any, further: dict[str, str] | None = None, kind: type = dict, member: str = ""
    ) -> Any:
        """Create a record, or start an action; returns the server's JSON.

        Args:
            endpoint: the list, or the action.
            data: body, put into JSON; None for none.
            further: parameters, not yet encoded.
            kind: what the answer must be; ``object`` where it may be anything, as of some actions.
            member: what it must have, such as ``id`` of a record; without it it is taken for a lost one.

        A POST whose answer was lost is not simply repeated (fact sheet 12.5): the list is looked through for a record
        with this content that was made since, and only where there is none it is sent again. Where that can't be
        told, as of an action, the error has ``maybe_done`` set.
        """
        path = path_of(endpoint)
        if path.lower().endswith("/search"):
            return checked(self._transport.request("POST", path, further, data).data, list, "POST", endpoint)
        return self._created(path, data, data if isinstance(data, dict) else None, None, further, kind, member)

    def _created(
        self,
        path: str,
        data: Any,
        known_by: dict[str, Any] | None,
        where: dict[str, str] | None = None,
        further: dict[str, str] | None = None,
        kind: type = dict,
        member: str = "",
    ) -> Any:
        """What a POST is answered; where the answer was lost, the record that it made.

        Args:
            path: of the list.
            data: the body.
            known_by: the fields by which the record is known again; None where it can't be.
            where: further parameters of the list, for looking it through.
            further: those of the POST.
            kind, member: of the answer.
        """
        budget = self._transport.budget()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            sent = budget.elapsed
            try:
                answer = self._transport.request("POST", path, further, data, repeatable=False, budget=budget)
                made = checked(answer.data, kind, "POST", path, member)
                break
            except ConnectWiseAPIError as error:
                if not error.maybe_done or known_by is None or budget.left <= 0:
                    raise
                found = self._made(path, known_by, error, sent, budget, where or {})
                if found is not None:
                    made = found
                    break
                if not error.retryable or attempt == MOST_ATTEMPTS or budget.left <= 0:
                    raise
                self._transport.repetitions.add(error, budget.elapsed - sent)
        if isinstance(made, dict) and made.get("id") is not None:
            self._transport.made.add((path, made["id"]))
        return made

    def _made(
        self,
        path: str,
        data: dict[str, Any],
        error: ConnectWiseAPIError,
        sent: float,
        budget: Budget,
        where: dict[str, str],
    ) -> dict[str, Any] | None:
        """The record that a POST made whose answer was lost; None where it made none.

        A server that was too slow to answer may still be at it, so it is given as long again.

        Raises:
            ConnectWiseAPIError: ``error``, where it can't be told.
        """
        patience = self._patience(error, budget)
        condition = recovery.narrowed(data)
        params = {**query_of(condition or "", "", "", "", "id desc"), "pageSize": str(recovery.NEWEST), **where}
        looks, begun = 0, budget.elapsed
        while True:
            looks += 1
            pause = backoff(looks)
            time.sleep(pause)
            try:
                answer = self._transport.request("GET", path, params, budget=budget)
                records = checked(answer.data, list, "GET", path)
            except ConnectWiseAPIError:
                raise error from None
            since = recovery.server_time(answer.headers) - timedelta(seconds=budget.elapsed - sent)
            unknown = [item for item in reversed(records) if (path, item.get("id")) not in self._transport.made]
            answers = [(recovery.was_made(item, data, since), item) for item in unknown]
            found: list[dict[str, Any]] = [item for made, item in answers if made]
            if found:
                return found[0]
            if any(made is None for made, _item in answers):
                raise error
            if looks > 1 and budget.elapsed - begun >= patience:
                return None

    def _patience(self, error: ConnectWiseAPIError, budget: Budget) -> float:
        """Seconds that a server is given to do what it could not answer in time."""
        slow = error.status in (502, 504) or "did not answer" in error.message
        return min(recovery.PATIENCE, self._transport.timeout, budget.left / 2) if slow else 0.0

    def patch(self, endpoint: str, record_id: int, operations: list[dict[str, Any]]) -> dict[str, Any]:
        """Change fields of a record; returns it as it is then.

        Args:
            operations: ``{"op": "replace" | "add" | "remove", "path": "status/id", "value": 5}``, applied in order
                and checked together (fact sheet 6.1, 6.4).

        Raises:
            ConnectWiseNotFoundError: there is no such record.
        """
        repeatable = all(operation.get("op") == "replace" for operation in operations)
        path = f"{path_of(endpoint)}/{int(record_id)}"
        answer = self._transport.request("PATCH", path, data=operations, repeatable=repeatable)
        return self._changed(answer.data, "PATCH", path)

    def put(self, endpoint: str, record_id: int, data: dict[str, Any]) -> dict[str, Any]:
        """Replace a record; what ``data`` leaves out is emptied (fact sheet 6.8). Returns the record.

        Raises:
            ConnectWiseNotFoundError: there is no such record.
        """
        path = f"{path_of(endpoint)}/{int(record_id)}"
        return self._changed(self._transport.request("PUT", path, data=data).data, "PUT", path)

    def _changed(self, answer: Any, method: str, path: str) -> dict[str, Any]:
        """The record of a change, by its answer; read again where that is empty."""
        found = self.get(path) if answer is None else answer
        changed: dict[str, Any] = checked(found, dict, method, path, "id")
        return changed

    def delete(self, endpoint: str, record_id: int) -> bool:
        """Delete a record: True; False where there was none (404)."""
        try:
            self._transport.request("DELETE", f"{path_of(endpoint)}/{int(record_id)}")
        except ConnectWiseNotFoundError as error:
            if error.code is None:
                raise
            return error.after_lost_answer
        return True


def checked(data: Any, kind: type | tuple[type, ...], method: str, endpoint: str, member: str = "") -> Any:
    """``data`` if it is what such a request is answered with: a list of records, or one that has ``member``.

    Raises:
        ConnectWiseResponseError: it is something else, such as an error with the status 200.
    """
    fits = isinstance(data, kind)
    if isinstance(data, list) and kind is not object:
        fits = fits and all(isinstance(record, dict) for record in data)
    if not fits or (member and data.get(member) is None):
        raise ConnectWiseResponseError(
            "the answer is JSON, but not of the kind that ConnectWise gives here",
            status=200,
            method=method,
            path=endpoint,
            attempts=1,
            maybe_done=method != "GET",
            answer=data,
        )
    return data


def path_of(endpoint: str) -> str:
    path = endpoint.strip("/")
    if not path or "?" in path or "#" in path or ".." in path.split("/") or re.search(r"\s", path):
        raise ConnectWiseConfigurationError(
            f"{endpoint!r} is not an endpoint. Give the path after /apis/3.0/, such as service/tickets."
        )
    return path


def _asked(fields: Names, rest: Condition | None) -> str:
    """The names for the parameter ``fields``: what is wanted, and what is needed to page and to pick."""
    names = fields.split(",") if isinstance(fields, str) else list(fields)
    names = [name.strip() for name in names if name.strip()]
    if not names:
        return ""
    needed = {"id"} | (rest.fields if rest else set())
    return ",".join([*names, *sorted(needed - {name.partition("/")[0] for name in names} - set(names))])


def _listed(records: Iterator[Listed]) -> list[Listed]:
    """All of them; none where the list does not exist."""
    try:
        return list(records)
    except ConnectWiseNotFoundError as error:
        if error.code is None:
            raise
        return []


def _once(records: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: set[Any] = set()
    for record in records:
        if record.get("id") is None or record["id"] not in seen:
            seen.add(record.get("id"))
            yield record


def query_of(
    conditions: Conditions,
    childconditions: Conditions,
    customfieldconditions: Conditions,
    fields: Names,
    orderby: str,
    further: dict[str, str] | None = None,
) -> dict[str, str]:
    params = {
        "conditions": str(conditions),
        "childConditions": str(childconditions),
        "customFieldConditions": str(customfieldconditions),
        "fields": fields if isinstance(fields, str) else ",".join(fields),
        "orderBy": orderby,
        **(further or {}),
    }
    return {name: value for name, value in params.items() if value}

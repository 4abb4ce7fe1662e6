# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many records in one request: the endpoints whose path ends in ``/bulk`` (fact sheet 9.1).

They answer 207 with a result for each record, so that some may be done and others refused.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, Union

from . import recovery
from .answers import refusal_of_item
from .endpoints import LONGEST_CONDITIONS, MOST_PER_PAGE, Endpoints, checked, path_of, query_of
from .errors import ConnectWiseAPIError, ConnectWiseResponseError
from .transport import MOST_ATTEMPTS, Answer, Budget, backoff

MOST_AT_ONCE = 100  # records in a request; no limit is known, but the server has to answer in time
QUIET_LOOKS = 2  # in a row that find nothing more, before what is missing is taken for not made

BulkResult = Union[dict[str, Any], ConnectWiseAPIError]
"""Of one record: the record, of which the server may give the id only; or why it was not taken."""


class Bulk(Endpoints):
    """Creating and replacing many records of a list in one request.

    Both raise ConnectWiseAPIError where the server does not take the request, and then did nothing; so does a server
    that does not have the endpoint (404, 405). Whatever else goes wrong is told of the records that it meets.
    """

    def post_bulk(self, endpoint: str, records: list[dict[str, Any]]) -> list[BulkResult]:
        """Create records, at most :data:`MOST_AT_ONCE`; a result for each, in their order.

        Where the answer was lost, the list is looked through for what was made meanwhile, as :meth:`post` does, until
        no more of it appears; only the records that are missing then are sent again.
        """
        path = path_of(endpoint)
        results: dict[int, BulkResult] = {}
        budget = self._transport.budget()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            missing = [place for place in range(len(records)) if place not in results]
            sent = budget.elapsed
            try:
                there = self._sent("POST", path, [records[place] for place in missing], budget)
                results.update({missing[place]: result for place, result in there.items()})
                missing = [place for place in missing if place not in results]
                error: ConnectWiseAPIError = _no_result("POST", path)
            except ConnectWiseAPIError as refused:
                error = refused
                if not error.maybe_done and attempt == 1:
                    raise
            if missing and error.maybe_done and budget.left > 0:
                found = self._found({place: records[place] for place in missing}, path, error, sent, budget)
                results.update(found)
                missing = [place for place in missing if place not in results]
            if not missing:
                break
            if not (error.maybe_done and error.retryable) or attempt == MOST_ATTEMPTS or budget.left <= 0:
                results.update(dict.fromkeys(missing, error))
                break
            self._transport.repetitions.add(error, budget.elapsed - sent)
        made = [result["id"] for result in results.values() if isinstance(result, dict)]
        self._transport.made.update((path, number) for number in made)
        return [results[place] for place in range(len(records))]

    def put_bulk(self, endpoint: str, records: list[dict[str, Any]]) -> list[BulkResult]:
        """Replace records, at most :data:`MOST_AT_ONCE`, each with its id; a result for each, in their order.

        What a record leaves out is emptied (fact sheet 6.8).
        """
        path = path_of(endpoint)
        results = self._sent("PUT", path, records, self._transport.budget())
        return [results.get(place, _no_result("PUT", path)) for place in range(len(records))]

    def _sent(self, method: str, path: str, records: list[dict[str, Any]], budget: Budget) -> dict[int, BulkResult]:
        """The results by the places of the records; without those that the answer does not tell of."""
        answer = self._transport.request(
            method, f"{path}/bulk", data=records, repeatable=method == "PUT", budget=budget
        )
        payload = checked(answer.data, dict, method, f"{path}/bulk", "payload")["payload"]
        results: dict[int, BulkResult] = {}
        for place, item in enumerate(checked(payload, list, method, f"{path}/bulk")):
            original = item.get("originalIndex", place)
            if isinstance(original, int) and 0 <= original < len(records):
                result = self._result(item, method, path, answer)
                if result is not None:
                    results[original] = result
        return results

    def _result(self, item: dict[str, Any], method: str, path: str, answer: Answer) -> BulkResult | None:
        """What an item of the answer says of its record; None where it says nothing that is of use."""
        status = item.get("statusCode")
        status = status if isinstance(status, int) else 0
        refused = item.get("success") is False or status >= 400 or bool(item.get("error"))
        if refused:
            blank, request_id = self._transport.blank, answer.headers.get("x-cw-request-id")
            error = refusal_of_item(status or 400, item.get("error"), request_id, blank)
            error.method, error.path, error.attempts = method, f"{path}/bulk", 1
            return error
        record = item.get("data")
        return record if isinstance(record, dict) and isinstance(record.get("id"), int) else None

    def _found(
        self,
        records: dict[int, dict[str, Any]],
        path: str,
        error: ConnectWiseAPIError,
        sent: float,
        budget: Budget,
    ) -> dict[int, BulkResult]:
        """Those of the records that a POST made whose answer was lost; with ``error`` those of which it can't be told.

        A server that was too slow to answer is given as long again, and one that is still at it until it is done.
        """
        patience = self._patience(error, budget)
        found: dict[int, BulkResult] = {}
        looks, quiet, begun = 0, 0, budget.elapsed
        while len(found) < len(records):
            looks += 1
            time.sleep(min(backoff(looks), max(0.0, budget.left)))
            try:
                listed, now = self._newest(path, list(records.values()), budget)
            except ConnectWiseAPIError:
                return {**dict.fromkeys(records, error), **found}
            since = now - timedelta(seconds=budget.elapsed - sent)
            before = len(found)
            for place, result in self._recognised(records, listed, path, since).items():
                found[place] = error if result is None else result
            quiet = 0 if len(found) > before else quiet + 1
            if quiet >= QUIET_LOOKS and budget.elapsed - begun >= patience:
                break
            if budget.left <= 0:  # it may still be at it
                return {**dict.fromkeys(records, error), **found}
        return found

    def _newest(
        self, path: str, records: list[dict[str, Any]], budget: Budget
    ) -> tuple[list[dict[str, Any]], datetime]:
        """The newest of the list that may be these records, oldest first, and the server's time."""
        listed: list[dict[str, Any]] = []
        condition = recovery.all_narrowed(records)
        for piece in condition.split(LONGEST_CONDITIONS) if condition else [""]:
            params = {**query_of(piece, "", "", "", "id desc"), "pageSize": str(MOST_PER_PAGE)}
            answer = self._transport.request("GET", path, params, budget=budget)
            listed += reversed(checked(answer.data, list, "GET", path))
        return listed, recovery.server_time(answer.headers)

    def _recognised(
        self, records: dict[int, dict[str, Any]], listed: list[dict[str, Any]], path: str, since: datetime
    ) -> dict[int, dict[str, Any] | None]:
        """Which of the records are in the list, each one there for one of them; None where that can't be told."""
        recognised: dict[int, dict[str, Any] | None] = {}
        free = [item for item in listed if (path, item.get("id")) not in self._transport.made]
        for place, record in records.items():
            for item in free:
                made = recovery.was_made(item, record, since)
                if made is not False:
                    recognised[place] = item if made else None
                    free.remove(item)
                    break
        return recognised


def _no_result(method: str, path: str) -> ConnectWiseResponseError:
    return ConnectWiseResponseError(
        "the answer has no result for this record", status=207, method=method, path=f"{path}/bulk", maybe_done=True
    )

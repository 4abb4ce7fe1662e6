# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_api: any request to any path."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Callable

from ..connectwise import (
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseNotFoundError,
    ConnectWiseResponseError,
    ConnectWiseServerError,
)
from ..resources.api import (
    OPTION_OF,
    Change,
    as_sent,
    change,
    checked_operations,
    checked_text,
    differing,
    endpoint_of,
    foreseen,
    holds,
    is_empty,
    is_record,
    left_out,
    parameters,
    parts_of,
    patch_of,
    undone,
    without_links,
)
from ..resources.fields import WantedError, quoted
from . import listing
from .api_info import at, explained, given, is_unborn, read

OPTIONS: dict[str, dict[str, Any]] = {
    "path": {"type": "str", "required": True},
    "method": {"type": "str", "choices": ["GET", "POST", "PATCH", "PUT", "DELETE"], "default": "GET"},
    "body": {"type": "raw"},
    "query": {"type": "dict"},
    "unless": {"type": "str"},
}
_FORMS = re.compile(r"system/documents(/[0-9]+)?", re.IGNORECASE)
_LISTED = {**dict.fromkeys(OPTION_OF.values()), "limit": listing.OPTIONS["limit"]["default"]}


def run_api(
    client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
) -> dict[str, Any]:
    """Send one request, where it changes something.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.
        warn: told what ConnectWise did not keep as asked, and what a PUT empties.

    Returns:
        The result: ``changed``, ``operation``, ``record``, ``records``, ``count``, ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    return _Run(client, params, check_mode, warn).result()


class _Run:
    """The steps of one run, and what they share."""

    def __init__(
        self, client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
    ) -> None:
        self.client = client
        self.check_mode = check_mode
        self.warn = warn
        self.method: str = params["method"]
        self.unless: str | None = params["unless"]
        self.query = parameters(params["query"], own=self.method == "GET")
        self.body = _body(params["body"])
        path = endpoint_of(params["path"], client.site)
        self.endpoint = path.rstrip("/")
        self.searches = self.method == "POST" and self.endpoint.lower().endswith("/search")  # fact sheet 3.7
        self.unborn = is_unborn(self.endpoint, check_mode)
        self._check(path)

    def _check(self, path: str) -> None:
        """Refuse what can't be meant. Raises WantedError."""
        method = self.method
        if method in ("PATCH", "PUT") and not self.body:
            raise WantedError("body", f"{method} needs one, which says what is wanted.")
        if method == "GET" and self.body is not None:
            raise WantedError("body", "GET has none. Give method too, to write.")
        if method == "PUT" and isinstance(self.body, list) and is_record(self.endpoint):
            raise WantedError("body", "a record is replaced by a dictionary, not by a list.")
        if method in ("PATCH", "PUT", "DELETE") and path.endswith("/"):
            raise WantedError("path", f"{quoted(path)} ends where the id of a record is missing.")
        if method == "POST" and _FORMS.fullmatch(self.endpoint):
            raise WantedError("path", "files are sent as forms, and this module sends JSON. Use cw_document for them.")
        if self.unless is not None and method != "POST":
            raise WantedError("unless", f"it is for POST. A {method} is sent where it changes something anyway.")
        if self.unless is not None and self.searches:
            raise WantedError("unless", "it is for what creates something, and a search does not.")
        if self.unless is not None and not self.unless.strip():
            raise WantedError("unless", 'it is empty, which every record meets. Give one such as name="PROD-WEB-01".')

    def result(self) -> dict[str, Any]:
        """What the module returns."""
        ways = {"GET": self._get, "POST": self._post, "PATCH": self._patch, "PUT": self._put, "DELETE": self._delete}
        return ways[self.method]()

    # The methods

    def _get(self) -> dict[str, Any]:
        if self.unborn:
            return _result("unchanged", None)
        return {**_result("unchanged", None), **read(self.client, self.endpoint, _LISTED, self.query, self.warn)}

    def _post(self) -> dict[str, Any]:
        if self.searches:
            return _result("unchanged", self._sent(self.body or {}))
        found = self._found() if self.unless and not self.unborn else []
        if found:
            return _result("unchanged", found[0])
        if self.check_mode:
            made: Any = {"id": 0, **self.body} if isinstance(self.body, dict) else None
        else:
            made = self._sent(self.body)
        return _result("created", made, {}, self.body if isinstance(self.body, dict) else {})

    def _found(self) -> list[dict[str, Any]]:
        """The first record in the list that meets ``unless``."""
        condition = checked_text("unless", self.unless or "")
        try:
            return list(self.client.iterate(self.endpoint, condition, pagesize=1, limit=1))
        except ConnectWiseBadRequestError as error:
            raise WantedError("unless", str(error), error.code or "InvalidOption") from error
        except ConnectWiseResponseError as error:
            if error.answer is None:
                raise explained(error) from error
            raise WantedError("unless", f"{self.endpoint} is no list in which something can be looked for.") from error
        except ConnectWiseAPIError as error:
            raise explained(error) from error

    def _patch(self) -> dict[str, Any]:
        before = self._before()
        if isinstance(self.body, list):
            operations = checked_operations(self.body)
            wanted = {operation["path"]: operation.get("value") for operation in operations}
            changes = undone(before, operations)
        else:
            wanted = self.body
            changes = (
                differing(before, wanted, exact=True) if before else [change({}, name, wanted[name]) for name in wanted]
            )
            operations = patch_of(before, wanted, changes)
        if before and not changes:
            return _result("unchanged", before)
        if self.check_mode:
            return _changed(before, foreseen(before, wanted), changes)
        return _changed(before, self._kept(self._sent(operations), wanted, changes), changes)

    def _put(self) -> dict[str, Any]:
        before = {} if isinstance(self.body, list) else self._before()
        wanted = {} if isinstance(self.body, list) else self.body
        changes = differing(before, wanted, exact=False)
        if before and not changes:
            return _result("unchanged", before)
        emptied = left_out(before, wanted)
        if emptied:
            self.warn(f"body: PUT empties what it leaves out, or sets a default. Set now: {', '.join(emptied)}.")
        if self.check_mode:
            after: Any = {**({"id": before["id"]} if "id" in before else {}), **wanted} or None
        else:
            after = self._kept(self._sent(self.body), wanted, changes)
        return _changed(before, after, changes)

    def _delete(self) -> dict[str, Any]:
        before = self._before()
        if before is None:
            return _result("unchanged", None)
        answer = None
        if not self.check_mode:
            try:
                answer = self._sent(self.body)
            except ConnectWiseNotFoundError as error:
                if not error.after_lost_answer:
                    return _result("unchanged", None)
        shown = {name: value for name, value in without_links(before).items() if not is_empty(value)}
        return _result("deleted", before or answer, shown, {})

    # What they share

    def _before(self) -> Any:
        """The record as it is (dict); empty where that can't be told, None for a DELETE where there is none.

        Raises:
            WantedError: there is none.
        """
        if self.unborn:
            return {"id": 0}
        if not is_record(self.endpoint):
            try:
                found = self.client.request("GET", self.endpoint)
            except ConnectWiseAPIError as error:
                if error.status in (404, 405) or isinstance(error, ConnectWiseResponseError):
                    return {}
                raise
            return found if isinstance(found, dict) else {}
        found = at(self.client, self.endpoint)
        if found is None and self.method != "DELETE":
            raise WantedError("path", f"there is no record at {self.endpoint}.", "NotFound")
        return {} if isinstance(found, list) else found

    def _sent(self, data: Any) -> Any:
        """The answer to the request."""
        try:
            if self.method == "POST":
                return self.client.post(self.endpoint, data, self.query, object)
            return self.client.request(self.method, self.endpoint, data, self.query)
        except ConnectWiseAPIError as error:
            if self.method == "DELETE" and error.status == 404 and error.code is not None and is_record(self.endpoint):
                raise  # somebody else was quicker
            if error.maybe_done and self.method == "POST" and not self.unless:
                cure = "Look before you run the task again, or give unless, with which it looks itself."
                raise WantedError("unless", f"{error}. Whether it was done is not known. {cure}", "Unknown") from error
            # A wrong JSON type gives 500 (fact sheet 5.7).
            refused = isinstance(error, ConnectWiseServerError) and not error.retryable and data is not None
            if error.code is not None and (refused or isinstance(error, ConnectWiseBadRequestError)):
                raise WantedError("body", str(error), error.code) from error
            raise explained(error) from error

    def _kept(self, answer: Any, wanted: dict[str, Any], changes: Sequence[Change]) -> Any:
        """The answer, or where that is empty the record; warns of what is not in it as asked."""
        if answer is None and is_record(self.endpoint):
            answer = at(self.client, self.endpoint)
        for each in changes if isinstance(answer, dict) else ():
            head = parts_of(each.path)[0]
            if head in answer and each.path in wanted and not holds(answer, each.path, wanted[each.path]):
                kept = change(answer, each.path, wanted[each.path]).before
                self.warn(
                    f"body: ConnectWise answered that it was done, but has {quoted(kept)} in {each.path} where "
                    f"{quoted(each.after)} was asked, so this is a change each time."
                )
        return answer


def _body(given_body: Any) -> Any:
    """The option ``body``: a dict, a list or None; a text is read as JSON.

    Raises:
        WantedError: it is something else.
    """
    body = given_body
    if isinstance(body, str):
        try:
            body = json.loads(body) if body.strip() else None
        except (ValueError, RecursionError):
            raise WantedError("body", "this text is no JSON. Give a dictionary, or for PATCH a list.") from None
    if body is not None and not isinstance(body, (dict, list)):
        raise WantedError("body", f"{quoted(body)} is neither a dictionary nor a list.")
    try:
        json.dumps(body, allow_nan=False)
    except ValueError:
        raise WantedError("body", "it holds a number that JSON does not have, such as NaN.") from None
    return as_sent(body)


def _changed(before: dict[str, Any], after: Any, changes: Sequence[Change]) -> dict[str, Any]:
    shown = {each.path: each.before for each in changes} if before else {}
    return _result("updated", after, shown, {each.path: each.after for each in changes})


def _result(
    operation: str, data: Any, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "changed": operation != "unchanged",
        "operation": operation,
        **given(data),
        "diff": {"before": before or {}, "after": after or {}},
    }

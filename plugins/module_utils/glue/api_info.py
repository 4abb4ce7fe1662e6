# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_api_info: what is at any path."""

from __future__ import annotations

from typing import Any, Callable

from ..connectwise import ConnectWiseAPIError, ConnectWiseBadRequestError, ConnectWiseClient, ConnectWiseResponseError
from ..resources.api import OPTION_OF, checked_text, endpoint_of, is_record, parameters
from ..resources.fields import WantedError
from . import listing

OPTIONS: dict[str, dict[str, Any]] = {
    **listing.OF_RECORDS,
    "path": {"type": "str", "required": True},
    "query": {"type": "dict"},
}


def run_api_info(
    client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
) -> dict[str, Any]:
    """Read what is at a path: a record or a list.

    Args:
        client: asked with GET only.
        params: the module's options.
        check_mode: whether an id of 0 in the path is one that an earlier task would have made.
        warn: told when there are more records than ``limit``.

    Returns:
        The result: ``record`` (as the API gives it; None where the path is a list, or there is none), ``records`` (list
        of such) and ``count``, the number of all that meet the conditions.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    endpoint = endpoint_of(params["path"], client.site).rstrip("/")
    query = parameters(params["query"], own=True)
    for option in OPTION_OF.values():
        checked_text(option, "".join(params[option] or ""))
    if is_unborn(endpoint, check_mode):
        return {"changed": False, **given(None)}
    if params["count_only"]:
        return {"changed": False, **given(None), "count": _count(client, endpoint, params, query)}
    return {"changed": False, **read(client, endpoint, params, query, warn)}


def read(
    client: ConnectWiseClient,
    endpoint: str,
    params: dict[str, Any],
    query: dict[str, str],
    warn: Callable[[str], None],
) -> dict[str, Any]:
    """What is at an endpoint. Arguments and errors as of :func:`run_api_info`; ``query`` are further parameters."""
    if is_record(endpoint):
        asked = {name: params[option] for name, option in OPTION_OF.items() if params[option]}
        asked = {name: value if isinstance(value, str) else ",".join(value) for name, value in asked.items()}
        return given(at(client, endpoint, {**asked, **query}))
    try:
        records, count = listing.read(client, endpoint, "records", [], params, warn, further=query)
    except ConnectWiseResponseError as error:
        if isinstance(error.answer, dict):
            return given(error.answer)
        raise explained(error) from error
    except ConnectWiseAPIError as error:
        raise explained(error) from error
    return {**given(records), "count": count}


def at(client: ConnectWiseClient, endpoint: str, asked: dict[str, str] | None = None) -> Any:
    """The JSON at the endpoint of a record; None where there is no such record.

    Raises:
        WantedError: there is no such endpoint, or what it answers is no JSON.
        ConnectWiseAPIError: the server refused.
    """
    try:
        return client.request("GET", endpoint, None, asked)
    except ConnectWiseAPIError as error:
        if error.status == 404 and error.code is not None and _is_of_a_list(client, endpoint, error):
            return None
        raise explained(error) from error


def _is_of_a_list(client: ConnectWiseClient, endpoint: str, error: ConnectWiseAPIError) -> bool:
    """Whether a 404 is for a record. For some it has the text that is for paths (fact sheet 5.8)."""
    if "endpoint does not exist" not in error.message.lower():
        return True
    return client.get(endpoint.rpartition("/")[0], fields="id", pagesize=1) is not None


def _count(client: ConnectWiseClient, endpoint: str, params: dict[str, Any], query: dict[str, str]) -> int:
    try:
        answer = client.get(
            f"{endpoint}/count",
            params["conditions"] or "",
            params["child_conditions"] or "",
            customfieldconditions=params["custom_field_conditions"] or "",
            further=query,
        )
    except ConnectWiseBadRequestError as error:
        raise listing.explained(error, params) from error
    except ConnectWiseAPIError as error:
        raise explained(error) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("count"), int):
        raise WantedError("count_only", f"there is no {endpoint}/count, so its records can't be counted.")
    return int(answer["count"])


def given(data: Any) -> dict[str, Any]:
    """The part of a result that holds what the API gave: a record, a list, nothing, or a mere number or text."""
    if isinstance(data, list):
        return {"record": None, "records": data, "count": len(data)}
    record = data if data is None or isinstance(data, dict) else {"answer": data}
    return {"record": record, "records": [] if record is None else [record], "count": int(record is not None)}


def is_unborn(endpoint: str, check_mode: bool) -> bool:
    """Whether a path leads through a record that an earlier task did not create, because of check mode."""
    return check_mode and "0" in endpoint.split("/")


def explained(error: ConnectWiseAPIError) -> Exception:
    """The error, beginning with the option at fault where it is one of these modules."""
    if error.status == 404 and error.code is None:
        return WantedError("path", f"{error}. There is no such endpoint, or base_url is not that of the API.")
    if error.status == 404:
        return WantedError("path", str(error), "NotFound")
    if error.status == 405:
        return WantedError("method", str(error), error.code or "InvalidOption")
    if isinstance(error, ConnectWiseResponseError) and error.status == 200 and not error.retryable:
        return WantedError("path", f"{error}. Only JSON can be returned; cw_document_info downloads documents.")
    return error

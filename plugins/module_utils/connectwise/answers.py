# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came back, as data or as the error that says what is wrong with it."""

from __future__ import annotations

import gc
import json
import re
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, Callable

from .errors import (
    ERRORS_BY_STATUS,
    ConnectWiseAPIError,
    ConnectWiseConnectionError,
    ConnectWiseRateLimitError,
    ConnectWiseResponseError,
    ConnectWiseServerError,
)

with suppress(ImportError):  # which the transport tells
    import requests

LONGEST_QUOTE = 300  # characters of a foreign text that an error repeats
# What is in the errors where there was no connection yet, so that nothing was sent.
_UNSENT = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError", "Tunnel connection failed")

Blank = Callable[[str], str]
"""Takes the secrets out of a text."""


def decoded(method: str, response: Any, blank: Blank) -> Any:
    """The JSON of an answer (of ``requests``) that says "done"; None where a deletion or a change has none.

    Raises:
        ConnectWiseResponseError: it is empty, breaks off, or is something else.
    """
    text = text_of(response)
    empty = not text.strip()
    if empty and (method in ("DELETE", "PATCH") or response.status_code == 204):
        return None
    try:
        return _loaded(text)
    except (ValueError, RecursionError):
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        truncated = empty or text.lstrip()[:1] in ("{", "[")
        foreign = f"{kind or 'text'} instead of JSON: {quoted(text, blank)}"
        problem = "empty" if empty else "JSON that breaks off" if truncated else foreign
        raise ConnectWiseResponseError(
            f"the answer is {problem}",
            status=response.status_code,
            retryable=truncated,
            maybe_done=True,
            request_id=response.headers.get("x-cw-request-id"),
        ) from None


def _loaded(text: str) -> Any:
    """The JSON of a text. None of what it makes is garbage, and looking for some takes a third of the time."""
    looks = gc.isenabled()
    gc.disable()
    try:
        return json.loads(text)
    finally:
        if looks:
            gc.enable()


def broken_off(response: Any) -> ConnectWiseResponseError:
    """The error for a download that is shorter than the server said."""
    return ConnectWiseResponseError(
        "the file breaks off",
        status=response.status_code,
        retryable=True,
        request_id=response.headers.get("x-cw-request-id"),
    )


def text_of(response: Any) -> str:
    """The body of an answer: UTF-8 as JSON has to be, else in the encoding that it says it has, else as Windows has."""
    for encoding in (json.detect_encoding(response.content[:4]), response.encoding):
        try:
            return str(response.content, encoding or "utf-8").lstrip("\ufeff")
        except (UnicodeError, LookupError):
            continue
    return str(response.content, "cp1252", "replace")


def refusal(response: Any, blank: Blank) -> ConnectWiseAPIError:
    """The error for an answer whose status is not 2xx, whatever its body is."""
    try:
        body = json.loads(text_of(response))
    except (ValueError, RecursionError):
        body = None
    said = body if isinstance(body, dict) else {}
    status = response.status_code
    message = said.get("message") or quoted(text_of(response), blank) or response.reason or "no reason given"
    message = blank(str(message))
    code = said.get("code") or said.get("error") or (status if isinstance(body, dict) else "")
    details = _details(status, code, said.get("errors"), response.headers.get("x-cw-request-id"), blank)
    if status == 429:
        retry_after = _seconds(response.headers.get("Retry-After"), response.headers.get("Date"))
        return ConnectWiseRateLimitError(message, retry_after=retry_after, retryable=True, **details)
    if status >= 500:
        return _server_error(message, details)
    if 300 <= status < 400:
        target = blank(response.headers.get("Location", "elsewhere"))
        return ConnectWiseResponseError(f"it sends on to {target[:LONGEST_QUOTE]}, which is not followed", **details)
    if not isinstance(body, dict):
        return ERRORS_BY_STATUS.get(status, ConnectWiseResponseError)(
            f"{message} (no answer of the API itself)", **details
        )
    return ERRORS_BY_STATUS.get(status, ConnectWiseAPIError)(message, **details)


def refusal_of_item(status: int, body: Any, request_id: str | None, blank: Blank) -> ConnectWiseAPIError:
    """The error for one record of a bulk request that the server did not take (fact sheet, ResultInfo).

    Args:
        status: of the record alone.
        body: the error as an answer of its own would have it.
        request_id: of the whole request.
        blank: takes secrets out.
    """
    said = body if isinstance(body, dict) else {}
    message = blank(str(said.get("message") or "no reason given"))
    details = _details(status, said.get("code") or status, said.get("errors"), request_id, blank)
    if status >= 500:
        return _server_error(message, details)
    return ERRORS_BY_STATUS.get(status, ConnectWiseAPIError)(message, **details)


def _details(status: int, code: Any, errors: Any, request_id: str | None, blank: Blank) -> dict[str, Any]:
    return {
        "status": status,
        "code": blank(str(code)) or None,
        "field_errors": [
            {blank(key): blank(str(value)) for key, value in error.items() if value is not None}
            for error in (errors if isinstance(errors, list) else [])
            if isinstance(error, dict)
        ],
        "request_id": blank(request_id or "") or None,
    }


def _server_error(message: str, details: dict[str, Any]) -> ConnectWiseServerError:
    # A wrong JSON type gives 500 as well (fact sheet 5.7): only those that say so were time-outs.
    transient = details["status"] in (502, 503, 504) or re.search("time-?out", message, re.IGNORECASE) is not None
    return ConnectWiseServerError(message, retryable=transient, maybe_done=transient, **details)


def no_answer(error: Exception, host: str, timeouts: tuple[float, float], blank: Blank) -> ConnectWiseConnectionError:
    """The error for a request that got no answer.

    Args:
        error: what ``requests`` raised.
        host: scheme and host that were asked.
        timeouts: seconds for the connection and for each part of the answer.
        blank: takes secrets out.
    """
    if isinstance(error, requests.exceptions.SSLError):
        reason = _reason(error, blank)
        if "certificate" in reason.lower():
            return ConnectWiseConnectionError(f"the certificate of {host} is not trusted: {reason}")
        # It was closed, as by a server that is started anew, be it before the request or in the midst of it.
        closed = "EOF" in reason
        return ConnectWiseConnectionError(
            f"no TLS connection to {host} could be made: {reason}", retryable=closed, maybe_done=closed
        )
    never_sent = any(words in repr(error) for words in _UNSENT)
    if isinstance(error, requests.exceptions.ProxyError):
        # urllib3 also says so of a connection through a proxy that broke before the answer came.
        return ConnectWiseConnectionError(
            f"the proxy on the way to {host} failed: {_reason(error, blank)}", retryable=True, maybe_done=not never_sent
        )
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return ConnectWiseConnectionError(
            f"{host} did not accept a connection within {timeouts[0]:g} s", retryable=True
        )
    if isinstance(error, requests.exceptions.Timeout):
        return ConnectWiseConnectionError(
            f"{host} did not answer within {timeouts[1]:g} s", retryable=True, maybe_done=True
        )
    broken = isinstance(error, (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError, OSError))
    return ConnectWiseConnectionError(
        f"{host} can't be reached: {_reason(error, blank)}"
        if never_sent
        else f"the connection to {host} broke: {_reason(error, blank)}",
        retryable=broken,
        maybe_done=broken and not never_sent,
    )


def _reason(error: BaseException, blank: Blank) -> str:
    """The innermost cause in the words of the system: ``Connection refused``, ``certificate has expired``."""
    while True:
        inner = getattr(error, "reason", None) or next(
            (a for a in reversed(error.args) if isinstance(a, BaseException)), None
        )
        if not isinstance(inner, BaseException) or inner is error:
            break
        error = inner
    text = (
        getattr(error, "strerror", None) or getattr(error, "verify_message", None) or str(error) or type(error).__name__
    )
    # urllib3 puts the object and its own words before those of the system.
    text = re.sub(r"^.*?(\[Errno -?\d+\] )", "", re.sub(r"^<[^>]*>: |^[\w.]+\([^)]*\): ", "", str(text)))
    return quoted(text.removesuffix(")") if text.count("(") < text.count(")") else text, blank)


def quoted(text: str, blank: Blank) -> str:
    """The gist of a foreign text: the title of a web page, else its first words; without secrets."""
    text = blank(text)
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    if title:
        text = f"a web page titled {' '.join(title.group(1).split())!r}"
    elif re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
        text = "a web page"
    return " ".join(text.split())[:LONGEST_QUOTE]


def _seconds(header: str | None, now: str | None) -> float | None:
    """Retry-After as seconds from now; it comes as a number or as a date, which the server's own clock is for."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(header).timestamp()
    except (TypeError, ValueError):
        return None
    try:
        return max(0.0, until - parsedate_to_datetime(now or "").timestamp())
    except (TypeError, ValueError):
        return max(0.0, until - time.time())

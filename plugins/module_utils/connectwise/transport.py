# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One session to the server: login, time-outs, repetition, and answers that may be anything."""

from __future__ import annotations

import base64
import json
import logging
import random
import re
import time
import warnings
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from .errors import (
    ERRORS_BY_STATUS,
    ConnectWiseAPIError,
    ConnectWiseConfigurationError,
    ConnectWiseConnectionError,
    ConnectWiseRateLimitError,
    ConnectWiseReadOnlyError,
    ConnectWiseResponseError,
    ConnectWiseServerError,
)
from .secret import SecretString, blank_secrets

try:
    import requests
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

if TYPE_CHECKING or HAS_REQUESTS:
    from requests.auth import AuthBase
else:
    AuthBase = object

logger = logging.getLogger(__name__)

LONGEST_QUOTE = 300  # characters of a foreign text that an error repeats
MOST_ATTEMPTS = 5
PAUSE_FIRST, PAUSE_MOST = (
    0.5,
    30.0,
)  # seconds; fact sheet 12.3 gives 0.2 to 0.5 and a cap of 30 to 60 for background work


@dataclass
class Answer:
    """What came back: the decoded body (None where it was empty) and the headers (names in any case)."""

    data: Any
    headers: Any


class Login(AuthBase):
    """The login of one member, put on each request; it keeps ``requests`` from taking one out of a .netrc file."""

    def __init__(self, company: str, username: str, password: SecretString) -> None:
        self._company = company
        self._username = username
        self._password = password

    @property
    def pair(self) -> str:
        """``company+public key:private key``, the text that Basic encodes (fact sheet 2.1). Holds the secret."""
        return f"{self._company}+{self._username}:{self._password.get_secret_value()}"

    def blank(self, text: str) -> str:
        """``text`` without the secret, in any encoding."""
        return blank_secrets(text, self._password, self.pair)

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = "Basic " + base64.b64encode(self.pair.encode("utf-8")).decode("ascii")
        return request


class Transport:
    """Sends requests below one API root over one kept-alive session.

    Args:
        root: ``https://host/codebase/apis/3.0``.
        login: who asks.
        client_id: the vendor's id of the integration, sent with every call (fact sheet 2.2).
        validate_certs: whether the server's certificate must be trusted.
        ca_path: file with the certificates to trust; empty for the system's.
        proxy: address of a proxy; empty for the one of the environment (``https_proxy``).
        connect_timeout, timeout: seconds to wait for the connection, and for each part of an answer.
        retry_budget: seconds that all attempts of one request may take together, waiting included.
        read_only: refuse to write.
    """

    def __init__(
        self,
        root: str,
        login: Login,
        client_id: str,
        validate_certs: bool,
        ca_path: str,
        proxy: str,
        connect_timeout: float,
        timeout: float,
        retry_budget: float,
        read_only: bool,
    ) -> None:
        if not HAS_REQUESTS:
            raise ConnectWiseConfigurationError("the Python library requests is missing")
        self.root = root
        self.read_only = read_only
        self._login = login
        self._timeouts = (connect_timeout, timeout)
        self._retry_budget = retry_budget
        # Given with each request, for only then they go before those of the environment.
        self._proxies = {"http": proxy, "https": proxy} if proxy else None
        self._verify: bool | str = (ca_path or True) if validate_certs else False
        self._session = requests.Session()
        self._session.headers.update(
            {"clientId": client_id, "Accept": "application/json", "User-Agent": "msp.connectwise"}
        )
        if not validate_certs:
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")

    def blank(self, text: str) -> str:
        """``text`` without the secrets of the login."""
        return self._login.blank(text)

    def close(self) -> None:
        """End the session and its connections."""
        self._session.close()

    def request(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        data: Any = None,
        headers: dict[str, str] | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """Send a request, again where that is safe and of use, until it is answered or the budget is used up.

        Repeated are: 429 for every method (the server did nothing), a connection that could not be made likewise;
        and where ``repeatable``, broken connections, 502, 503, 504, a 500 that speaks of a time-out
        (fact sheet 5.11), and bodies that break off.

        Args:
            method: HTTP method, upper case.
            path: below the API root, without leading slash.
            params: query, not yet encoded.
            data: body, put into JSON; None for none.
            headers: further headers.
            repeatable: whether doing it twice is the same as doing it once.

        Raises:
            ConnectWiseReadOnlyError: a write through a read-only client.
            ConnectWiseAPIError: in one of its kinds, for every other failure.
        """
        if self.read_only and method != "GET" and not (method == "POST" and path.endswith("/search")):
            raise ConnectWiseReadOnlyError(f"{method} {path} was held back: this client may only read (check mode)")
        start = time.monotonic()
        attempts = 0
        while True:
            attempts += 1
            try:
                return self._send(method, path, params, data, headers)
            except ConnectWiseAPIError as error:
                error.method, error.path = method, path
                error.attempts, error.elapsed = attempts, time.monotonic() - start
                pause = self._pause(error, attempts, repeatable)
                error.maybe_done = error.maybe_done and method != "GET"
                if pause is None or attempts == MOST_ATTEMPTS or error.elapsed + pause > self._retry_budget:
                    raise
                logger.warning(
                    "%s %s attempt %s failed (%s), again in %.1f s",
                    method,
                    path,
                    attempts,
                    error.status or "no answer",
                    pause,
                )
                time.sleep(pause)

    @staticmethod
    def _pause(error: ConnectWiseAPIError, attempts: int, repeatable: bool) -> float | None:
        """Seconds to wait before the next attempt; None where another attempt is unsafe or of no use."""
        if not error.retryable or not (repeatable or error.status == 429 or not (error.status or error.maybe_done)):
            return None
        backoff = min(PAUSE_MOST, PAUSE_FIRST * 2.0 ** (attempts - 1)) * random.uniform(0.5, 1.0)
        asked = error.retry_after if isinstance(error, ConnectWiseRateLimitError) else None
        return backoff if asked is None else asked + min(backoff, 1.0)

    def _send(self, method: str, path: str, params: Any, data: Any, headers: Any) -> Answer:
        body = None if data is None else json.dumps(data).encode("ascii")
        headers = dict(headers or {})
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        sent = time.monotonic()
        try:
            response = self._session.request(
                method,
                f"{self.root}/{path}",
                params=params,
                data=body,
                headers=headers,
                auth=self._login,
                timeout=self._timeouts,
                verify=self._verify,
                proxies=self._proxies,
                allow_redirects=False,
            )
        except (requests.RequestException, OSError, ValueError) as error:
            raise self._no_answer(error) from None
        logger.debug("%s %s %s %.0f ms", method, path, response.status_code, (time.monotonic() - sent) * 1000)
        if not 200 <= response.status_code < 300:
            raise self._refusal(response)
        return Answer(self._decoded(method, response), response.headers)

    def _decoded(self, method: str, response: Any) -> Any:
        empty = not response.content.strip()
        if empty and (method == "DELETE" or response.status_code == 204):
            return None
        try:
            return json.loads(response.content.decode("utf-8-sig", "replace"))
        except ValueError:
            kind = response.headers.get("Content-Type", "").partition(";")[0]
            truncated = empty or response.content.lstrip()[:1] in (b"{", b"[")
            foreign = f"{kind or 'text'} instead of JSON: {self._quoted(response.text)}"
            problem = "empty" if empty else "JSON that breaks off" if truncated else foreign
            raise ConnectWiseResponseError(
                f"the answer is {problem}",
                status=response.status_code,
                retryable=truncated,
                maybe_done=True,
                request_id=response.headers.get("x-cw-request-id"),
            ) from None

    def _refusal(self, response: Any) -> ConnectWiseAPIError:
        """The error for a status that is not 2xx, whatever its body is."""
        try:
            body = json.loads(response.content.decode("utf-8-sig", "replace"))
        except ValueError:
            body = None
        said = body if isinstance(body, dict) else {}
        status = response.status_code
        message = said.get("message") or self._quoted(response.text) or response.reason or "no reason given"
        message = self._login.blank(str(message))
        errors: Any = said.get("errors")
        code = said.get("code") or said.get("error") or (status if isinstance(body, dict) else "")
        details: dict[str, Any] = {
            "status": status,
            "code": self._login.blank(str(code)) or None,
            "field_errors": [
                {key: self._login.blank(str(value)) for key, value in error.items()}
                for error in (errors if isinstance(errors, list) else [])
                if isinstance(error, dict)
            ],
            "request_id": self._login.blank(response.headers.get("x-cw-request-id") or "") or None,
        }
        if status == 429:
            retry_after = _seconds(response.headers.get("Retry-After"))
            return ConnectWiseRateLimitError(message, retry_after=retry_after, retryable=True, **details)
        if status >= 500:
            # A wrong JSON type gives 500 as well (fact sheet 5.7): only those that say so were time-outs.
            transient = status in (502, 503, 504) or re.search("time-?out", message, re.IGNORECASE) is not None
            return ConnectWiseServerError(message, retryable=transient, maybe_done=transient, **details)
        if 300 <= status < 400:
            target = self._login.blank(response.headers.get("Location", "elsewhere"))
            return ConnectWiseResponseError(
                f"it sends on to {target[:LONGEST_QUOTE]}, which is not followed", **details
            )
        if not isinstance(body, dict):
            return ERRORS_BY_STATUS.get(status, ConnectWiseResponseError)(
                f"{message} (no answer of the API itself)", **details
            )
        return ERRORS_BY_STATUS.get(status, ConnectWiseAPIError)(message, **details)

    def _no_answer(self, error: Exception) -> ConnectWiseConnectionError:
        host = self.root.split("/apis/", 1)[0].rsplit("/", 1)[0]
        if isinstance(error, requests.exceptions.SSLError):
            reason = self._reason(error)
            if "certificate" in reason.lower():
                return ConnectWiseConnectionError(f"the certificate of {host} is not trusted: {reason}")
            return ConnectWiseConnectionError(f"no TLS connection to {host} could be made: {reason}")
        if isinstance(error, requests.exceptions.ProxyError):
            return ConnectWiseConnectionError(
                f"the proxy on the way to {host} failed: {self._reason(error)}", retryable=True
            )
        if isinstance(error, requests.exceptions.ConnectTimeout):
            return ConnectWiseConnectionError(
                f"{host} did not accept a connection within {self._timeouts[0]:g} s", retryable=True
            )
        if isinstance(error, requests.exceptions.Timeout):
            return ConnectWiseConnectionError(
                f"{host} did not answer within {self._timeouts[1]:g} s", retryable=True, maybe_done=True
            )
        never_sent = "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
        broken = isinstance(
            error, (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError, OSError)
        )
        return ConnectWiseConnectionError(
            f"{host} can't be reached: {self._reason(error)}"
            if never_sent
            else f"the connection to {host} broke: {self._reason(error)}",
            retryable=broken,
            maybe_done=broken and not never_sent,
        )

    def _reason(self, error: BaseException) -> str:
        """The innermost cause in the words of the system: ``Connection refused``, ``certificate has expired``."""
        while True:
            inner = getattr(error, "reason", None) or next(
                (a for a in reversed(error.args) if isinstance(a, BaseException)), None
            )
            if not isinstance(inner, BaseException) or inner is error:
                break
            error = inner
        text = (
            getattr(error, "strerror", None)
            or getattr(error, "verify_message", None)
            or str(error)
            or type(error).__name__
        )
        # urllib3 puts the object and its own words before those of the system.
        text = re.sub(r"^.*?(\[Errno -?\d+\] )", "", re.sub(r"^<[^>]*>: |^[\w.]+\([^)]*\): ", "", str(text)))
        return self._quoted(text.removesuffix(")") if text.count("(") < text.count(")") else text)

    def _quoted(self, text: str) -> str:
        """The gist of a foreign text: the title of a web page, else its first words; without secrets."""
        text = self._login.blank(text)
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        if title:
            text = f"a web page titled {' '.join(title.group(1).split())!r}"
        elif re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
            text = "a web page"
        return " ".join(text.split())[:LONGEST_QUOTE]


def _seconds(header: str | None) -> float | None:
    """Retry-After as seconds from now; it comes as a number or as a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return None

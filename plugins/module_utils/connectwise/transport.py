# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One session to the server: login, time-outs, pacing, and repetition where it is safe."""

from __future__ import annotations

import base64
import copy
import json
import logging
import mmap
import random
import time
import warnings
from collections import Counter
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Callable

from .addresses import Address, proxy_address
from .answers import broken_off, decoded, no_answer, refusal
from .errors import (
    ConnectWiseAPIError,
    ConnectWiseConfigurationError,
    ConnectWiseNotFoundError,
    ConnectWiseRateLimitError,
    ConnectWiseReadOnlyError,
)
from .forms import Form
from .pacing import Pacing
from .recovery import server_time
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

# A 429 is repeated as long as the budget lasts; what else may pass, so often.
MOST_ATTEMPTS = 5
# Seconds; fact sheet 12.3 gives 0.2 to 0.5 and a cap of 30 to 60 for background work.
PAUSE_FIRST = 0.5
PAUSE_MOST = 30.0
PIECE = 1 << 16  # bytes of a download that are in memory at once
LONG_BODY = 1 << 18  # bytes


class Answer:
    """What came back, decoded when it is first looked at.

    Attributes:
        headers: names in any case.
    """

    def __init__(self, headers: Any, decode: Callable[[], Any]) -> None:
        self.headers = headers
        self._data: Any = None
        self._decode: Callable[[], Any] | None = decode

    @property
    def data(self) -> Any:
        """The decoded body; None where it was empty. Raises ConnectWiseResponseError where it is something else."""
        if self._decode:
            self._data, self._decode = self._decode(), None
        return self._data


class Budget:
    """The seconds that all requests of one operation may take together, waiting included."""

    def __init__(self, seconds: float) -> None:
        self._start = time.monotonic()
        self._seconds = seconds

    @property
    def elapsed(self) -> float:
        """Seconds since the operation began."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds that are left; negative where it is used up."""
        return self._seconds - self.elapsed


class Repetitions:
    """What a client had to send again. False where there was nothing; its text is a sentence for the user."""

    def __init__(self) -> None:
        self._causes: list[str] = []
        self._seconds: list[float] = []

    def add(self, error: ConnectWiseAPIError, pause: float) -> None:
        """One more, for this error and after a pause of so many seconds. Threads may call this."""
        self._causes.append(str(error.status) if error.status else "no answer")
        self._seconds.append(pause)

    def __bool__(self) -> bool:
        return bool(self._causes)

    def __len__(self) -> int:
        return len(self._causes)

    def __str__(self) -> str:
        times = "1 request was" if len(self) == 1 else f"{len(self)} requests were"
        causes = ", ".join(f"{cause}: {count}" for cause, count in sorted(Counter(self._causes).items()))
        return f"{times} sent again after passing failures ({causes}), with {sum(self._seconds):.1f} s of waiting."


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
        address: where the API is.
        login: who asks.
        client_id: the vendor's id of the integration, sent with every call (fact sheet 2.2).
        validate_certs: whether the server's certificate must be trusted.
        ca_path: file with the certificates to trust; empty for the system's.
        proxy: address of a proxy; empty for the one of the environment (``https_proxy``).
        connect_timeout, timeout: seconds to wait for the connection, and for each part of an answer.
        retry_budget: seconds that all attempts of one operation may take together, waiting included.
        pacing: the queue that the requests go through.
        read_only: refuse to write.
        session: one that stays open; None for one of its own.
    """

    def __init__(
        self,
        address: Address,
        login: Login,
        client_id: str,
        validate_certs: bool,
        ca_path: str,
        proxy: str,
        connect_timeout: float,
        timeout: float,
        retry_budget: float,
        pacing: Pacing,
        read_only: bool,
        session: requests.Session | None = None,
    ) -> None:
        if not HAS_REQUESTS:
            raise ConnectWiseConfigurationError("the Python library requests is missing")
        self.address = address
        self.read_only = read_only
        self.repetitions = Repetitions()
        # Path and id of what was created here, so that it is not taken for something whose answer was lost.
        self.made: set[tuple[str, Any]] = set()
        # Method and path of what was written, as far as the server said so.
        self.written: list[str] = []
        self.timeout = timeout
        # The server's clock at its last answer.
        self.clock: datetime | None = None
        self._login = login
        self._connect_timeout = connect_timeout
        self._retry_budget = retry_budget
        self._pacing = pacing
        # Given with each request, for only then they go before those of the environment.
        self._proxies = {"http": proxy, "https": proxy} if proxy else None
        self._verify: bool | str | None = (ca_path or None) if validate_certs else False
        self._headers = {"clientId": client_id, "Accept": "application/json", "User-Agent": "msp.connectwise"}
        self._session = session or requests.Session()
        self._own_session = session is None
        if not validate_certs:
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")

    def blank(self, text: str) -> str:
        """``text`` without the secrets of the login."""
        return self._login.blank(text)

    def budget(self) -> Budget:
        """The budget of an operation that begins now."""
        return Budget(self._retry_budget)

    def logged_in_as(self, login: Login) -> Transport:
        """The same session for another member."""
        other = copy.copy(self)
        other._login = login
        return other

    def close(self) -> None:
        """End the session and its connections, where it is its own."""
        if self._own_session:
            self._session.close()
        self._pacing.close()

    def request(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        data: Any = None,
        headers: dict[str, str] | None = None,
        repeatable: bool = True,
        budget: Budget | None = None,
        into: BinaryIO | None = None,
        decode: bool = True,
    ) -> Answer:
        """Send a request, again where that is safe and of use, until it is answered or the budget is used up.

        Repeated are: 429 for every method (the server did nothing), a connection that could not be made likewise;
        and where ``repeatable``, broken connections, 502, 503, 504, a 500 that speaks of a time-out
        (fact sheet 5.11), and bodies that break off.

        Args:
            method: HTTP method, upper case.
            path: below the API root, without leading slash.
            params: query, not yet encoded.
            data: body, put into JSON, unless it is a :class:`Form`; None for none.
            headers: further headers.
            repeatable: whether doing it twice is the same as doing it once.
            budget: of the operation that this request is a part of; one of its own where None.
            into: an empty file, opened for writing in binary, for a body that is no JSON (a download).
            decode: whether the body is decoded at once; if not, a list that breaks off raises when it is looked at.

        Raises:
            ConnectWiseReadOnlyError: a write through a read-only client.
            ConnectWiseAPIError: in one of its kinds, for every other failure.
            OSError: ``into`` can't be written.
        """
        writes = method != "GET" and not (method == "POST" and path.endswith("/search"))
        if self.read_only and writes:
            raise ConnectWiseReadOnlyError(f"{method} {path} was held back: this client may only read (check mode)")
        budget = budget or self.budget()
        codebase = self._codebase(budget)

        def send(attempt: int) -> Answer:
            return self._send(method, path, params, data, headers, attempt, into, decode)

        try:
            answer = self._repeated(send, method, path, repeatable, budget)
        except ConnectWiseNotFoundError as error:
            # A web page: the codebase may be another one since an upgrade (fact sheet 1.7).
            if error.code is not None or not self.address.discovered:
                raise
            self.address.codebase = ""
            if self._codebase(budget) == codebase:
                raise
            answer = self._repeated(send, method, path, repeatable, budget)
        self.written += [f"{method} {path}"] if writes else []
        return answer

    def _repeated(
        self, send: Callable[[int], Answer], method: str, path: str, repeatable: bool, budget: Budget
    ) -> Answer:
        """What :meth:`request` does, with ``send`` for one attempt."""
        start = budget.elapsed
        attempts, failures, lost = 0, 0, False
        while True:
            attempts += 1
            try:
                self._wait_for_turn(budget)
                return send(attempts)
            except ConnectWiseAPIError as error:
                error.method, error.path = method, path
                error.attempts, error.elapsed = attempts, budget.elapsed - start
                error.maybe_done = error.maybe_done and method != "GET"
                # A 404 at the end means then that an earlier attempt did it.
                error.after_lost_answer, lost = lost, lost or error.maybe_done
                throttled = isinstance(error, ConnectWiseRateLimitError)
                failures += not throttled
                pause = _pause(error, attempts, repeatable)
                if pause is None or failures == MOST_ATTEMPTS or pause > budget.left:
                    raise
                if throttled:
                    self._pacing.hold(pause)
                logger.warning(
                    "%s %s attempt %s failed (%s), again in %.1f s",
                    method,
                    path,
                    attempts,
                    error.status or "no answer",
                    pause,
                )
                self.repetitions.add(error, pause)
                time.sleep(pause)

    def _wait_for_turn(self, budget: Budget) -> None:
        held = self._pacing.wait(budget.left)
        if held:
            raise ConnectWiseRateLimitError(
                f"another process on this machine was asked to wait, still for {held:.0f} s", retry_after=held
            )

    def _codebase(self, budget: Budget) -> str:
        """The codebase; asked of the server (fact sheet 1.5) where that is wanted and was not done yet."""
        address = self.address
        if not address.codebase:
            path = address.company_info
            url = f"{address.site}/{path}"
            more: dict[str, Any] = {"headers": self._headers, "auth": _nobody}
            answer = self._repeated(
                lambda attempt: self._exchange("GET", url, attempt, **more), "GET", path, True, budget
            )
            said = answer.data
            if not isinstance(said, dict) or not isinstance(said.get("Codebase"), str):
                raise ConnectWiseConfigurationError(
                    f"client: {address.site} knows no company {address.company!r}, so its codebase can't be found."
                )
            address.codebase = said["Codebase"].strip("/")
        return address.codebase

    def _send(
        self,
        method: str,
        path: str,
        params: Any,
        data: Any,
        headers: Any,
        attempt: int,
        into: BinaryIO | None,
        decode: bool,
    ) -> Answer:
        headers = {**self._headers, **(headers or {})}
        body: Any = None
        if isinstance(data, Form):
            body, headers["Content-Type"] = data.body(), data.content_type
        elif data is not None:
            body, headers["Content-Type"] = json.dumps(data).encode("ascii"), "application/json; charset=utf-8"
        url = f"{self.address.root}/{path}"
        more = {"params": params, "data": body, "headers": headers, "auth": self._login}
        return self._exchange(method, url, attempt, into, decode, **more)

    def _exchange(
        self, method: str, url: str, attempt: int, into: BinaryIO | None = None, decode: bool = True, **more: Any
    ) -> Answer:
        timeouts = (self._connect_timeout, self.timeout)
        if self._session.trust_env:
            # The environment's proxy and certificates: once for all requests, of whose time this would take a tenth.
            found = self._session.merge_environment_settings(self.address.site, {}, None, None, None)
            self._session.proxies, self._session.verify = found["proxies"], found["verify"]
            self._session.trust_env = False
        sent = time.monotonic()
        try:
            response = self._session.request(
                method,
                url,
                timeout=timeouts,
                verify=self._verify,
                proxies=self._proxies,
                allow_redirects=False,
                stream=True,
                **more,
            )
            if into is not None and response.ok:
                whole = _written(response, into)
            else:
                response._content = _body(response)
        except (requests.RequestException, OSError, ValueError) as error:
            if into is not None and not isinstance(error, requests.RequestException):
                raise  # the file can't be written
            if isinstance(error, ValueError):  # an address that is none; the environment's proxy was not looked at yet
                proxy_address(requests.utils.select_proxy(url, self._proxies or self._session.proxies) or "")
            raise no_answer(error, self.address.site, timeouts, self.blank) from None
        self.clock = server_time(response.headers)
        milliseconds = (time.monotonic() - sent) * 1000
        path = url.partition("/apis/3.0/")[2] or self.address.company_info
        logger.debug("%s %s %s %.0f ms, attempt %s", method, path, response.status_code, milliseconds, attempt)
        if not 200 <= response.status_code < 300:
            raise refusal(response, self.blank)
        if into is not None:
            if not whole:
                raise broken_off(response)
            return Answer(response.headers, lambda: None)
        answer = Answer(response.headers, partial(decoded, method, response, self.blank))
        if decode or response.content[:1] != b"[":
            answer.data  # noqa: B018 raises what is wrong with it
        return answer


def _body(response: Any) -> Any:
    """The body of an answer (bytes); a long one (mmap) beside the heap, in which it would leave a hole."""
    told = response.headers.get("Content-Length", "")
    if "Content-Encoding" in response.headers or not told.isdigit() or int(told) < LONG_BODY:
        return b"".join(response.iter_content(None))
    body = mmap.mmap(-1, int(told))
    for piece in response.iter_content(PIECE):
        body.write(piece)
    return body if body.tell() == len(body) else body[: body.tell()]


def _written(response: Any, into: BinaryIO) -> bool:
    """Write the body of an answer, from the file's start. False where it is shorter than the answer says it is."""
    into.seek(0)
    into.truncate()
    for piece in response.iter_content(PIECE):
        into.write(piece)
    told = response.headers.get("Content-Length", "")
    return "Content-Encoding" in response.headers or not told.isdigit() or into.tell() == int(told)


def _nobody(request: Any) -> Any:
    """No login, also none of a .netrc file."""
    return request


def _pause(error: ConnectWiseAPIError, attempts: int, repeatable: bool) -> float | None:
    """Seconds to wait before the next attempt; None where another attempt is unsafe or of no use."""
    if not error.retryable or not (repeatable or error.status == 429 or not (error.status or error.maybe_done)):
        return None
    asked = error.retry_after if isinstance(error, ConnectWiseRateLimitError) else None
    return backoff(attempts) if asked is None else asked + min(backoff(attempts), 1.0)


def backoff(attempts: int) -> float:
    """Seconds to wait after so many attempts: twice as long each time, and not the same for all who wait."""
    return min(PAUSE_MOST, PAUSE_FIRST * 2.0 ** (attempts - 1)) * random.uniform(0.5, 1.0)

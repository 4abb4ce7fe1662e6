# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that the client raises.

All of them are a :class:`ConnectWiseError`; all that come from an exchange with the server are a
:class:`ConnectWiseAPIError`. Their texts never hold a secret: the client blanks its credentials, in any
encoding, out of whatever the server said before it raises.
"""

from __future__ import annotations

from typing import Any


class ConnectWiseError(Exception):
    """Base of every error of this package."""


class ConnectWiseConfigurationError(ConnectWiseError):
    """The client was given a parameter that can't work (an empty user name, an address without a host, ...)."""


class ConnectWiseReadOnlyError(ConnectWiseError):
    """A read-only client (check mode) was asked to write. Nothing was sent."""


class ConnectWiseAPIError(ConnectWiseError):
    """The server refused a request, or no usable answer came.

    Attributes:
        message (str): what the server said, or what went wrong on the way.
        status (int or None): HTTP status; None when no answer came.
        code (str or None): the server's error code, such as ``InvalidObject`` (fact sheet 5.3); None where what
            answered was not the API (a web page, plain text) or nothing did.
        field_errors (list of dict): the server's ``errors`` list: ``code``, ``message``, ``resource``, ``field``.
        method (str), path (str): the request, path without host and query.
        request_id (str or None): the server's ``x-cw-request-id``, to quote to its support (fact sheet 13.2).
        attempts (int): how often the request was sent.
        elapsed (float): seconds from the first attempt to the last answer.
        retryable (bool): whether the same request could succeed later.
        maybe_done (bool): True when a write was sent and its answer was lost.
        after_lost_answer (bool): True when an earlier attempt of the same request was such a write.
    """

    def __init__(
        self,
        message: str,
        status: int | None = None,
        code: str | None = None,
        field_errors: list[dict[str, Any]] | None = None,
        method: str = "",
        path: str = "",
        request_id: str | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
        retryable: bool = False,
        maybe_done: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.field_errors = field_errors or []
        self.method = method
        self.path = path
        self.request_id = request_id
        self.attempts = attempts
        self.elapsed = elapsed
        self.retryable = retryable
        self.maybe_done = maybe_done
        self.after_lost_answer = False

    def __str__(self) -> str:
        said = self.message.rstrip(".")
        for error in self.field_errors:
            place = error.get("field") or error.get("resource") or "record"
            said += f"; {place}: {(error.get('message') or error.get('code') or 'no reason given').rstrip('.')}"
        if not self.method:
            return said
        answer = f"answered {self.status}" if self.status else "got no answer"
        answer += f" {self.code}" if self.code else ""
        details = [f"request id {self.request_id}"] if self.request_id else []
        details += [f"{self.attempts} attempts in {self.elapsed:.1f} s"] if self.attempts > 1 else []
        return f"{self.method} {self.path} {answer}: {said}" + (f" ({', '.join(details)})" if details else "")


class ConnectWiseBadRequestError(ConnectWiseAPIError):
    """400: the server checked the request and refused it. Repeating it is of no use."""


class ConnectWiseAuthenticationError(ConnectWiseAPIError):
    """401: company, public key, private key or client id is wrong."""


class ConnectWisePermissionError(ConnectWiseAPIError):
    """403: the member's security role does not allow it."""


class ConnectWiseNotFoundError(ConnectWiseAPIError):
    """404: the record, or the path, does not exist."""


class ConnectWiseRateLimitError(ConnectWiseAPIError):
    """429: too many requests, also after the waiting that the retry budget allowed.

    Attributes:
        retry_after (float or None): seconds that the server asks to wait; None when it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class ConnectWiseServerError(ConnectWiseAPIError):
    """5xx. Not always transient: a JSON value of a wrong type gives 500 too (fact sheet 5.7)."""


class ConnectWiseConnectionError(ConnectWiseAPIError):
    """No answer: the host can't be reached, its certificate is not trusted, or the connection broke."""


class ConnectWiseResponseError(ConnectWiseAPIError):
    """An answer that is not what the API gives: a web page, a redirect, text that is no JSON.

    Attributes:
        answer (JSON or None): what came, where it was JSON of another kind than is given here.
    """

    def __init__(self, message: str, answer: Any = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.answer = answer


ERRORS_BY_STATUS: dict[int, type[ConnectWiseAPIError]] = {
    400: ConnectWiseBadRequestError,
    401: ConnectWiseAuthenticationError,
    403: ConnectWisePermissionError,
    404: ConnectWiseNotFoundError,
}

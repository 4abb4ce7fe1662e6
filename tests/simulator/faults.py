# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: what a network, a proxy or a busy server does to a request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .errors import error_text

IIS_404 = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r\n'
    '<html xmlns="http://www.w3.org/1999/xhtml">\r\n<head>\r\n'
    '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"/>\r\n'
    "<title>404 - File or directory not found.</title>\r\n</head>\r\n<body>\r\n"
    '<div id="header"><h1>Server Error</h1></div>\r\n'
    '<div id="content">\r\n <div class="content-container"><fieldset>\r\n'
    "  <h2>404 - File or directory not found.</h2>\r\n"
    "  <h3>The resource you are looking for might have been removed, had its name changed, "
    "or is temporarily unavailable.</h3>\r\n </fieldset></div>\r\n</div>\r\n</body>\r\n</html>\r\n"
)
POOL = (
    "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.  "
    "This may have occurred because all pooled connections were in use and max pool size was reached."
)


def gateway_page(status: int, reason: str) -> str:
    """The HTML page of a front end; no body was kept by anyone (fact 5.10)."""
    return (
        f"<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n"
        f"<center><h1>{status} {reason}</h1></center>\r\n</body>\r\n</html>\r\n"
    )


@dataclass(frozen=True)
class Canned:
    """An answer that is given in place of the real one; the request is not done."""

    status: int
    content_type: str
    body: bytes


def _json(status: int, **body: object) -> Canned:
    return Canned(status, "application/json; charset=utf-8", error_text(body))


def _html(status: int, text: str) -> Canned:
    return Canned(status, "text/html", text.encode())


CANNED = {
    "500-timeout": _json(500, code="ConnectWiseApi", message="A timeout has occured. Please try again."),
    "500-pool": _json(500, code="ConnectWiseApi", message=POOL),
    "500-type": _json(
        500,
        code="ConnectWiseApi",
        message="Error converting value \"{...}\" to type '...'. Path '...', line 1, position 1.",
    ),
    "502-html": _html(502, gateway_page(502, "Bad Gateway")),
    "503-html": _html(503, gateway_page(503, "Service Temporarily Unavailable")),
    "504-html": _html(504, gateway_page(504, "Gateway Time-out")),
    "404-html": _html(404, IIS_404),
    "400-text": Canned(400, "text/plain", b"Cannot route. Codebase/company is invalid"),
    "403": _json(403, code="Security", message="You do not have security permission to perform this action."),
    "401": _json(401, code="Unauthorized", message="Invalid company, public key or private key."),
    "empty": Canned(200, "application/json; charset=utf-8", b""),
    "html-200": _html(200, "<!DOCTYPE html>\r\n<html><head><title>ConnectWise</title></head><body></body></html>\r\n"),
}
AFTER = {
    "500-timeout-after": CANNED["500-timeout"],
    "502-after": CANNED["502-html"],
    "503-after": CANNED["503-html"],
    "504-after": CANNED["504-html"],
}
"""The request is done, and then this goes back."""
# These let the request happen (or wait, or close the connection), so app.py carries them out.
AROUND = ("drop-before", "drop-after", "truncated", "latency", "slow-after", "wrong-type", "redirect-http", "429")
KINDS = (*CANNED, *AFTER, *AROUND)


def too_many_requests(seconds: int | float) -> Canned:
    """The 429: its key is "error", not "code" (fact 12.1)."""
    text = f"Too many requests. Please try again in {seconds} seconds."
    return _json(429, error="ConnectWiseAPI", message=text)


@dataclass
class Fault:
    """A fault that waits for its request.

    ``path`` is a regular expression searched in the path behind apis/3.0/; ``times`` 0 means for ever;
    ``after``: so many matching requests pass first; ``retry_after``: header value of a 429, None for no header;
    ``seconds``: how long latency and slow-after wait. Others are answered meanwhile.
    """

    kind: str
    method: str | None = None
    path: str | None = None
    times: int = 1
    after: int = 0
    retry_after: int | float | str | None = 1
    seconds: float = 1.0

    def matches(self, method: str, path: str) -> bool:
        """Whether the request is one of those meant."""
        if self.method and self.method.upper() != method:
            return False
        return not self.path or re.search(self.path, path, re.IGNORECASE) is not None


@dataclass
class Faults:
    """The faults that are waiting."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, wanted: object) -> None:
        """Add a fault from decoded JSON. ValueError with a sentence when it is not understood."""
        if not isinstance(wanted, dict):
            raise ValueError("Send an object with kind.")
        unknown = set(wanted) - set(Fault.__dataclass_fields__)
        if unknown:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
        if wanted.get("kind") not in KINDS:
            raise ValueError(f"There is no kind {wanted.get('kind')!r}. There are: {', '.join(KINDS)}.")
        fault = Fault(**wanted)
        for name in ("times", "after", "seconds"):
            value, kinds = getattr(fault, name), (int, float) if name == "seconds" else int
            if isinstance(value, bool) or not isinstance(value, kinds) or value < 0:
                raise ValueError(f"{name} is a number from 0 on.")
        for name in ("method", "path"):
            if not isinstance(getattr(fault, name), str | None):
                raise ValueError(f"{name} is a text.")
        try:
            re.compile(fault.path or "")
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}.") from error
        self.waiting.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if any; the first that matches and is due."""
        return next(
            (fault for fault in self.waiting if fault.kind != "latency" and self._due(fault, method, path)), None
        )

    def delay(self, method: str, path: str) -> float:
        """How many seconds this request waits first: latency adds up, and to any other fault."""
        waiting = [fault for fault in self.waiting if fault.kind == "latency"]
        return sum(fault.seconds for fault in waiting if self._due(fault, method, path))

    def _due(self, fault: Fault, method: str, path: str) -> bool:
        """Whether a fault meets this request; it is counted then."""
        if not fault.matches(method, path):
            return False
        if fault.after > 0:
            fault.after -= 1
            return False
        if fault.times == 1:
            self.waiting.remove(fault)
        elif fault.times > 1:
            fault.times -= 1
        return True

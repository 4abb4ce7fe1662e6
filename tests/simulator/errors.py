# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the API, in the shapes and with the texts that were recorded (facts 5.1 to 5.11)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FieldError:
    """One entry of ``errors``. ``field`` may name several fields, joined by ", " (fact 5.5)."""

    code: str
    message: str
    field: str


@dataclass
class ApiError(Exception):
    """An answer other than success.

    ``resource`` is what the entries of ``errors`` belong to, e.g. "ticket".
    """

    status: int
    code: str
    message: str
    resource: str = ""
    errors: list[FieldError] = field(default_factory=list)

    def body(self) -> dict[str, object]:
        """The body of the answer; ``errors`` is absent when there are none (fact 5.1)."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.errors:
            body["errors"] = [
                {"code": error.code, "message": error.message, "resource": self.resource, "field": error.field}
                for error in self.errors
            ]
        return body


def error_text(body: object) -> bytes:
    """JSON as the server prints errors: two blanks, CRLF (fact 5.2)."""
    return json.dumps(body, indent=2, ensure_ascii=False).replace("\n", "\r\n").encode()


def invalid(resource: str, errors: list[FieldError]) -> ApiError:
    """400 InvalidObject: the record breaks a rule (fact 5.3)."""
    return ApiError(400, "InvalidObject", f"{resource} object is invalid", resource, errors)


def required(name: str) -> FieldError:
    """A field that must be there (fact 5.4)."""
    return FieldError("MissingRequiredField", f"The {name} field is required.", name)


def not_found(label: str, record_id: object) -> ApiError:
    """404 for a record (fact 5.8), e.g. "Ticket 1255787 not found"."""
    return ApiError(404, "NotFound", f"{label} {record_id} not found")


def no_endpoint() -> ApiError:
    """404 for a path (fact 5.8)."""
    return ApiError(404, "ConnectWiseApi", "The endpoint does not exist.")


def no_such_version(url: str, version: str) -> ApiError:
    """400 for a version in Accept that an endpoint does not have (fact 1.11)."""
    text = f"The HTTP resource that matches the request URI '{url}' does not support the API version '{version}'."
    return ApiError(400, "ConnectWiseApi", text)


def wrong_method(method: str) -> ApiError:
    """405. No sample was found (fact 5.9): this is the usual text of ASP.NET."""
    return ApiError(405, "ConnectWiseApi", f"The requested resource does not support http method '{method}'.")


def media_type(media: str) -> ApiError:
    """415 for a body of the wrong kind (fact 5.10)."""
    shown = media.split(";")[0].strip()
    text = f"The request entity's media type '{shown}' is not supported for this resource."
    return ApiError(415, "InvalidObject", text)


def bad_condition(message: str) -> ApiError:
    """400 ApiFindCondition (fact 4.16)."""
    return ApiError(400, "ApiFindCondition", message)


def unknown_name(name: str) -> ApiError:
    """A name in a condition that the record does not have, or may not be filtered by (facts 4.12, 4.16)."""
    return bad_condition(f"{name} is not a recognized name.")


def conversion(message: str) -> ApiError:
    """500 for a JSON value of the wrong type (fact 5.7)."""
    return ApiError(500, "ConnectWiseApi", message)


def no_permission() -> ApiError:
    """403 (fact 2.5)."""
    return ApiError(403, "Security", "You do not have security permission to perform this action.")

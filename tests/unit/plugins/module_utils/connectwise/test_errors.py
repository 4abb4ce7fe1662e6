# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils import connectwise
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseError,
    ConnectWiseNotFoundError,
    ConnectWiseRateLimitError,
)


def test_everything_public_is_there() -> None:
    assert [name for name in connectwise.__all__ if not hasattr(connectwise, name)] == []


def test_every_error_is_one_of_the_package() -> None:
    kinds = [getattr(connectwise, name) for name in connectwise.__all__ if name.endswith("Error")]
    assert len(kinds) == 12
    assert all(issubclass(kind, ConnectWiseError) for kind in kinds)
    apart = {"ConnectWiseError", "ConnectWiseConfigurationError", "ConnectWiseReadOnlyError"}
    assert {kind.__name__ for kind in kinds if not issubclass(kind, ConnectWiseAPIError)} == apart


def test_the_text_of_an_error_before_it_is_sent() -> None:
    error = ConnectWiseAPIError("something is wrong.")
    assert str(error) == "something is wrong"
    assert error.field_errors == []


def test_the_text_of_a_refusal() -> None:
    error = ConnectWiseBadRequestError(
        "ticket object is invalid",
        status=400,
        code="InvalidObject",
        field_errors=[
            {"code": "MaxLengthField", "message": "The field summary is too long.", "field": "summary"},
            {"code": "ObjectExists", "message": "There is one.", "resource": "ticket"},
            {"message": "Else."},
        ],
        method="POST",
        path="service/tickets",
        request_id="8f2f",
        attempts=1,
    )
    assert str(error) == (
        "POST service/tickets answered 400 InvalidObject: ticket object is invalid; "
        "summary: The field summary is too long; ticket: There is one; record: Else (request id 8f2f)"
    )


def test_the_text_of_several_attempts() -> None:
    error = ConnectWiseRateLimitError(
        "Too many requests. Please try again in 30 seconds.",
        retry_after=30.0,
        status=429,
        code="ConnectWiseAPI",
        method="GET",
        path="service/tickets",
        attempts=3,
        elapsed=61.25,
    )
    assert str(error) == (
        "GET service/tickets answered 429 ConnectWiseAPI: Too many requests. Please try again in 30 seconds "
        "(3 attempts in 61.2 s)"
    )
    assert error.retry_after == 30.0


def test_the_text_without_an_answer() -> None:
    error = ConnectWiseNotFoundError("gone", method="GET", path="service/tickets/5")
    assert str(error) == "GET service/tickets/5 got no answer: gone"


def test_defaults_are_not_shared() -> None:
    first, second = ConnectWiseAPIError("a"), ConnectWiseAPIError("b")
    first.field_errors.append({"message": "x"})
    assert second.field_errors == []


def test_every_kind_can_be_caught_as_the_base() -> None:
    with pytest.raises(ConnectWiseError):
        raise ConnectWiseRateLimitError("too many")

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of callbacks."""

from __future__ import annotations

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.signature import is_signed, signature

BODY = '{"Action":"updated","Entity":"{\\"summary\\":\\"Grüße\\"}"}'.encode()
# By openssl dgst -sha256 -mac HMAC -macopt hexkey:(sha256sum of the key) -binary, and base64.
SIGNATURE = "VTxZagq8Oy82DN752Z07lt+KwPtG+aJxqLSXdAg91CQ="


def test_signature() -> None:
    assert signature("a signing key", BODY) == SIGNATURE
    assert is_signed("a signing key", BODY, SIGNATURE)
    assert is_signed("a signing key", BODY, f" {SIGNATURE}\t")


@pytest.mark.parametrize(
    ("key", "body", "given"),
    [
        ("another", BODY, SIGNATURE),
        ("a signing key", BODY + b" ", SIGNATURE),
        ("a signing key", BODY, SIGNATURE.lower()),
        ("a signing key", BODY, SIGNATURE[:-1]),
        ("a signing key", BODY, ""),
        ("a signing key", BODY, "\udce4ß"),
    ],
)
def test_what_is_no_signature(key: str, body: bytes, given: str) -> None:
    assert not is_signed(key, body, given)

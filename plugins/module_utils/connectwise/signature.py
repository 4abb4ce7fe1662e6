# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The signature of callbacks (fact sheet 11.5)."""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "x-content-signature"


def signature(signing_key: str, body: bytes) -> str:
    """The signature (base64) of a body, as it was received, with the key that the body names."""
    key = hashlib.sha256(signing_key.encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode("ascii")


def is_signed(signing_key: str, body: bytes, given: str) -> bool:
    """Whether ``given`` is the signature of a body. It takes the same time wherever the two differ."""
    expected = signature(signing_key, body).encode("ascii")
    return hmac.compare_digest(expected, given.strip().encode("utf-8", "surrogateescape"))

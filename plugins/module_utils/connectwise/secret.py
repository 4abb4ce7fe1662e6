# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A text that shows itself to nobody who does not ask for it by name."""

from __future__ import annotations

import base64
import hmac
import html
import json
import re
from typing import Any, NoReturn
from urllib.parse import quote, quote_plus

MASK = "**********"


class SecretString:
    """Wraps a secret: ``**********`` in ``str``, ``repr`` and every format; never in a pickle.

    Raises:
        TypeError: when something tries to pickle it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """The secret itself (str)."""
        return self._value

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretString):
            return NotImplemented
        return hmac.compare_digest(
            self._value.encode("utf-8", "surrogatepass"), other._value.encode("utf-8", "surrogatepass")
        )

    def __hash__(self) -> int:
        return hash((SecretString, self._value))

    def __copy__(self) -> SecretString:
        return self

    def __deepcopy__(self, memo: Any) -> SecretString:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a SecretString can't be pickled: the secret would lie open in the pickle")


def blank_secrets(text: str, secret: SecretString, pair: str) -> str:
    """``text`` (str) with the secret blanked: plain, and encoded as URL, JSON, HTML, or base64, which also its login
    ``pair`` may be in, with the company or without."""
    plain = secret.get_secret_value()
    basic, *others = (
        base64.b64encode(each.encode("utf-8", "surrogatepass")).decode("ascii")
        for each in (pair, pair[pair.find("+") + 1 :], plain)
    )
    forms = {plain, repr(plain)[1:-1], json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]}
    forms |= {html.escape(plain, quote=False), html.escape(plain), html.escape(plain).replace("&#x27;", "&#39;")}
    for each in (basic, *others):
        bare = each.rstrip("=")
        forms |= {each, bare, bare.replace("+", "-").replace("/", "_")}
    for raw in (plain, basic):
        encoded = [quote(raw, safe, errors="surrogatepass") for safe in ("", "/")]
        encoded.append(quote_plus(raw, errors="surrogatepass"))
        # The server writes percent codes in lower case (fact sheet 3.5).
        forms.update(encoded, (re.sub("%..", lambda code: code.group().lower(), item) for item in encoded))
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text

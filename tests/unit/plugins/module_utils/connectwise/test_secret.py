# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import copy
import html
import json
import pickle
import traceback
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseClient, SecretString
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.secret import MASK, blank_secrets

PLAIN = "pri vate/key+1%ü"


@pytest.fixture
def secret() -> SecretString:
    return SecretString(PLAIN)


def test_it_shows_itself_only_to_who_asks_for_it(secret: SecretString) -> None:
    assert secret.get_secret_value() == PLAIN
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r}",
        f"{secret:>30}",
        "%s" % secret,  # noqa: UP031
        "%r" % secret,  # noqa: UP031
        "{} {0!s}".replace("{} ", "").format(secret),
        format(secret, "x"),
    ]
    assert shown == [MASK] * len(shown)
    inside = {"key": secret}
    assert f"{[secret]} {inside}" == f"[{MASK}] {{'key': {MASK}}}"


def test_its_length_is_not_shown() -> None:
    assert str(SecretString("a")) == str(SecretString("a" * 100))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_not_pickled(secret: SecretString, protocol: int) -> None:
    for holder in (secret, [secret], {"password": secret}):
        with pytest.raises(TypeError, match="can't be pickled") as raised:
            pickle.dumps(holder, protocol)
        assert PLAIN not in str(raised.value)


def test_it_is_no_json(secret: SecretString) -> None:
    with pytest.raises(TypeError) as raised:
        json.dumps({"password": secret})
    assert PLAIN not in str(raised.value)


def test_it_has_no_attributes_to_look_into(secret: SecretString) -> None:
    with pytest.raises(TypeError):
        vars(secret)


def test_copies_are_the_secret(secret: SecretString) -> None:
    assert copy.copy(secret) == secret
    assert copy.deepcopy({"password": secret})["password"].get_secret_value() == PLAIN


def test_equality(secret: SecretString) -> None:
    assert secret == SecretString(PLAIN)
    assert hash(secret) == hash(SecretString(PLAIN))
    assert secret != SecretString(PLAIN + " ")
    assert secret != PLAIN
    assert secret != MASK
    assert len({secret, SecretString(PLAIN), SecretString("other")}) == 2


def test_truth(secret: SecretString) -> None:
    assert secret
    assert not SecretString("")


def test_it_is_not_in_a_traceback(secret: SecretString) -> None:
    with pytest.raises(ValueError) as raised:
        raise ValueError(f"wrong: {secret}", secret)
    text = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert PLAIN not in text
    assert MASK in text


def test_the_client_shows_no_secret() -> None:
    client = ConnectWiseClient("https://cw.example.com", "training", "public", PLAIN, "guid")
    shown = f"{client} {client!r} {vars(client)} {client._password}"
    assert PLAIN not in shown
    assert MASK in shown
    assert client._password.get_secret_value() == PLAIN
    with pytest.raises((TypeError, AttributeError)):
        pickle.dumps(client)


def forms(plain: str, pair: str) -> list[str]:
    """How a secret may come back from a server or a library."""
    encoded = base64.b64encode(pair.encode()).decode()
    return [
        plain,
        quote(plain),
        quote(plain, safe=""),
        quote_plus(plain),
        encoded,
        quote(encoded, safe=""),
        f"Basic {encoded}",
    ]


def test_each_form_is_blanked(secret: SecretString) -> None:
    pair = f"training+public:{PLAIN}"
    for form in forms(PLAIN, pair):
        text = blank_secrets(f"before {form} after", secret, pair)
        assert text.startswith("before ")
        assert text.endswith(" after")
        assert MASK in text
        assert not [other for other in forms(PLAIN, pair) if other in text]


def test_lower_case_percent_codes_are_blanked_too(secret: SecretString) -> None:
    """The server writes percent codes in lower case (fact sheet 3.5)."""
    lower = quote(PLAIN, safe="").replace("%2F", "%2f").replace("%2B", "%2b").replace("%C3%BC", "%c3%bc")
    assert blank_secrets(f"<{lower}>", secret, f"a+b:{PLAIN}") == f"<{MASK}>"


@pytest.mark.parametrize("form", [html.escape, lambda plain: html.escape(plain).replace("&#x27;", "&#39;")])
def test_the_secret_in_a_web_page_is_blanked_too(form: Callable[[str], str]) -> None:
    plain = 'so\'me&"key"<'
    assert blank_secrets(f"<p>{form(plain)}</p>", SecretString(plain), f"a+b:{plain}") == f"<p>{MASK}</p>"


@pytest.mark.parametrize("login", [f"training+public:{PLAIN}", f"public:{PLAIN}", PLAIN])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_of_each_kind_is_blanked_too(secret: SecretString, encode: Callable[[bytes], bytes], login: str) -> None:
    for form in (encode(login.encode()).decode(), encode(login.encode()).decode().rstrip("=")):
        assert form.rstrip("=") not in blank_secrets(f"<{form}>", secret, f"training+public:{PLAIN}")


def test_the_secret_in_json_is_blanked_too() -> None:
    plain = 'so"me\\key ü'
    for text in (json.dumps(plain), json.dumps(plain, ensure_ascii=False)):
        assert blank_secrets(text, SecretString(plain), f"a+b:{plain}") == f'"{MASK}"'


@given(st.text(min_size=6, max_size=30, alphabet=st.characters(exclude_categories=["Cs", "Cc"])), st.text(max_size=40))
def test_no_form_of_any_secret_stays(plain: str, around: str) -> None:
    pair = f"training+public:{plain}"
    text = blank_secrets(around + around.join(forms(plain, pair)) + around, SecretString(plain), pair)
    if plain not in MASK:
        assert plain not in text
    assert pair not in text
    assert base64.b64encode(pair.encode()).decode() not in text

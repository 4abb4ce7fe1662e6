# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import same_text
from ansible_collections.msp.connectwise.plugins.module_utils.resources.note import (
    NOTE,
    key_of,
    kind_flags,
    kinds_of,
    with_key,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.planning import plan

KINDS = ["discussion", "internal", "resolution"]
KEYS = (
    st.text(min_size=1, max_size=20, alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))
    .map(str.strip)
    .filter(lambda key: key and "]" not in key)
)


@given(st.lists(st.sampled_from(KINDS), unique=True))
def test_kinds_become_flags_and_back(kinds: list[str]) -> None:
    flags = kind_flags(kinds)
    assert len(flags) == 3
    assert kinds_of(flags) == [kind for kind in KINDS if kind in kinds]


def test_the_kinds_of_a_note_that_says_nothing() -> None:
    assert kinds_of({}) == []
    assert kinds_of({"internalFlag": True, "externalFlag": True}) == []


@given(st.text(max_size=40), KEYS)
def test_a_key_is_found_again(text: str, key: str) -> None:
    for line_end in ("\n", "\r\n"):
        for after in ("", "\n", " \r\n"):
            stored = with_key(text, key).replace("\n", line_end) + after
            assert key_of({"text": stored}) == key


@given(st.text(max_size=40), KEYS)
def test_a_key_is_found_again_where_line_breaks_become_blanks(text: str, key: str) -> None:
    """Fact sheet 8.6."""
    assert key_of({"text": with_key(text, key).replace("\n", " ")}) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (None, None),
        ("", None),
        ("text", None),
        ("[key: a]", "a"),
        ("text\n\n[key: a]", "a"),
        ("[key: a]\n\ntext", None),
        ("text [key: a]", "a"),
        ("see [key: a] and [b]", None),
        ("see [key: a] and [key: b]", "b"),
        ("text\n\n[key: a b-c/1.2]", "a b-c/1.2"),
        ("one [key: a]\n\n[key: b]", "b"),
        ("[key: ]", None),
        ("[key:a]", None),
        ("[KEY: a]", None),
    ],
)
def test_the_key_of_a_text(text: str | None, key: str | None) -> None:
    assert key_of({"text": text}) == key
    assert key_of({}) is None


def test_a_key_stands_in_the_last_line() -> None:
    assert with_key("3 of 5 are done.\n", "progress") == "3 of 5 are done.\n\n[key: progress]"
    assert with_key("3 of 5 are done.\n", None) == "3 of 5 are done.\n"
    assert with_key("", "progress").endswith("[key: progress]")


@pytest.mark.parametrize(
    ("found", "wanted", "is_same"),
    [
        ("a", "a", True),
        ("a\r\nb  \r\n", "a\nb", True),
        ("a b", "a\nb", True),
        ("a  b", "a\n\nb", True),
        ("a\nb", "a b", False),
        ("ab", "a\nb", False),
        ("a", "A", False),
        ("a b c", "a\nc", False),
        (None, "a", False),
        ("", "a", False),
        (None, "", True),
    ],
)
def test_same_text(found: str | None, wanted: str, is_same: bool) -> None:
    assert same_text(found, wanted) is is_same


@given(st.text(max_size=60, alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_stored_text_is_the_same(text: str) -> None:
    assert same_text(text, text)
    assert same_text(text.replace("\n", "\r\n"), text)
    assert same_text(f"{text} \n", text)


@pytest.mark.parametrize(
    ("current", "wanted", "paths"),
    [
        ({"text": "a", **kind_flags(["internal"])}, {"text": "a"}, []),
        ({"text": "a", **kind_flags(["internal"])}, {"text": "b"}, ["text"]),
        (
            {"text": "a", **kind_flags(["internal"])},
            kind_flags(["discussion"]),
            ["detailDescriptionFlag", "internalAnalysisFlag"],
        ),
        ({"text": "a", "internalAnalysisFlag": True}, kind_flags(["internal"]), []),
    ],
)
def test_the_plan_of_a_note(current: dict[str, Any], wanted: dict[str, Any], paths: list[str]) -> None:
    assert [operation["path"] for operation in plan(NOTE, current, wanted).operations] == paths

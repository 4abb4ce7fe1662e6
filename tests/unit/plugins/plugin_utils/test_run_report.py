# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a ticket says about a run of a playbook."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.plugin_utils import run_report
from ansible_collections.msp.connectwise.plugins.plugin_utils.run_report import Counts, Failure

NONE = dict.fromkeys(("ok", "changed", "dark", "failures", "skipped", "rescued", "ignored"), 0)


def failure(host: str = "web1", task: str = "install", count: str = "failures", message: str = "No.") -> Failure:
    """One failure."""
    return Failure(host, count, task, task, "site.yml:3", message)


def counts(**hosts: dict[str, int]) -> Counts:
    """Counts of hosts, of which those that are 0 need not be given."""
    return {host: {**NONE, **numbers} for host, numbers in hosts.items()}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/work/site.yml", "site.yml"),
        ("/work/plays/site.yml", "plays/site.yml"),
        ("/elsewhere/plays/site.yml", "site.yml"),
        ("/elsewhere/inventories/", "inventories"),
        ("/workshop/site.yml", "site.yml"),
        ("web1,web2,", "web1,web2,"),
        ("", ""),
    ],
)
def test_names_of_files(path: str, name: str) -> None:
    assert run_report.path_name(path, "/work") == name


def test_identity() -> None:
    assert run_report.identity("a", "b") == run_report.identity("a", "b")
    assert len({run_report.identity(*texts) for texts in (("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"), ())}) == 5


@given(st.text(max_size=300), st.integers(50, 200), st.booleans())
def test_shortened_texts_are_short_enough_and_say_so(text: str, longest: int, end: bool) -> None:
    short = run_report.shortened(text, longest, end)
    assert len(short) <= longest
    if short != text:
        kept = longest - 40
        left_out = f"[{len(text) - kept} characters left out]"
        assert short == (f"{left_out}\n{text[-kept:]}" if end else f"{text[:kept]}\n{left_out}")


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({}, ""),
        ({"msg": "No."}, "No."),
        ({"reason": "No such file."}, "No such file."),
        ({"msg": ["a", {"b": 1}]}, '["a", {"b": 1}]'),
        ({"msg": "rc 1", "stderr": "\x1b[31mbad\x1b[0m\r\nworse\x07"}, "rc 1\nstderr: bad\nworse"),
        ({"msg": "It said: bad", "stderr": "bad"}, "It said: bad"),
        ({"msg": "MODULE FAILURE", "module_stderr": "bad"}, "MODULE FAILURE\nstderr: bad"),
        ({"msg": "half \ud83d"}, "half"),
        ({"censored": "hidden", "msg": "secret"}, "(hidden: no_log)"),
        ({"_ansible_no_log": True, "msg": "secret"}, "(hidden: no_log)"),
        ({"censored": "hidden", "results": [{"failed": True, "msg": "secret"}]}, "(hidden: no_log)"),
        (
            {
                "msg": "One or more items failed",
                "results": [
                    {"failed": True, "censored": "hidden", "msg": "secret", "stderr": "secret"},
                    {"failed": False, "msg": "fine"},
                    {"failed": True, "msg": "bad"},
                    {"failed": True, "results": [{"failed": True, "_ansible_no_log": True, "msg": "secret"}]},
                    "no result",
                ],
            },
            "One or more items failed\n(hidden: no_log)\nbad",
        ),
        ({"results": [{"msg": "fine"}, {"exception": "(traceback unavailable)", "msg": "bad"}]}, "bad"),
    ],
)  # fmt: skip
def test_messages(result: dict[str, Any], text: str) -> None:
    assert run_report.message(result) == text


def test_a_long_message_keeps_the_end_of_stderr() -> None:
    text = run_report.message({"msg": "rc 1", "stderr": "x" * 5000 + " at last"})
    assert text.startswith("rc 1\nstderr: [")
    assert text.endswith("x at last")
    assert len(text) < run_report.LONGEST_MESSAGE
    assert len(run_report.message({"msg": "x" * 5000})) == run_report.LONGEST_MESSAGE - 40 + len(
        "\n[3540 characters left out]"
    )


def test_counts_of_one_playbook() -> None:
    """Ansible goes on counting where the playbook before it ended."""
    before = counts(web1={"ok": 2, "failures": 1}, web2={"ok": 1})
    now = counts(web1={"ok": 2, "failures": 1}, web2={"ok": 3}, web3={"dark": 1})
    assert run_report.since(now, before) == counts(web2={"ok": 2}, web3={"dark": 1})


def test_what_was_rescued_is_no_failure() -> None:
    seen = [
        failure("web1", "tried"),
        failure("web2", "tried"),
        failure("web2", "rescue"),
        failure("web3", "reach", "dark"),
        failure("web1", "last"),
    ]
    counted = counts(web1={"rescued": 1, "failures": 1}, web2={"rescued": 1, "failures": 1}, web3={"dark": 1})
    assert [each.task for each in run_report.final(seen, counted)] == ["rescue", "reach", "last"]
    assert run_report.final(seen, counts(web1={"rescued": 2})) == []


def test_summary() -> None:
    assert run_report.summary("site.yml", "install\nall") == "Playbook site.yml: install all"
    long = run_report.summary("site.yml", "x" * 100)
    assert (len(long), long[-5:]) == (100, "xx...")


def test_note() -> None:
    about = [("Playbook", "site.yml"), ("Limit", "")]
    text = run_report.note(
        about, [failure(), failure("web2", "ping", "dark", "No route.")], counts(web1={"failures": 1}, web0={"ok": 1})
    )
    assert text == (
        "Playbook: site.yml\n\n"
        "web1 failed: install (site.yml:3)\nNo.\n\n"
        "web2 unreachable: ping (site.yml:3)\nNo route.\n\n"
        "Recap:\n"
        "web1: ok=0 changed=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0\n"
        "web0: ok=1 changed=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0"
    )
    assert run_report.note(about, [], None) == "Playbook: site.yml"


def test_a_note_of_many_hosts() -> None:
    many = [failure(f"web{number:03}") for number in range(500)]
    text = run_report.note([], many, counts(**{each.host: {"failures": 1} for each in many}))
    assert "\n\n[475 more failures left out]\n\nRecap:\n" in text
    assert text.endswith("\n[475 more hosts left out]")
    longest = [failure(message="x" * run_report.LONGEST_MESSAGE)] * 25
    assert len(run_report.note([], longest, None)) <= run_report.LONGEST_NOTE

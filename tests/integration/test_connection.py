# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options: where they may come from, and that the private key goes nowhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import environment
import pythons
from integration.plays import Player, checked, configuration_info, encoded, note, ticket

NOTHING = dict.fromkeys(("CW_URL", "CW_CLIENT", "CW_USERNAME", "CW_PASSWORD", "CW_CLIENT_ID"))


def test_where_options_come_from(play: Player) -> None:
    given = play.simulator.login
    named = {name: value for name, value in given.items() if name not in ("username", "password")}
    run = play(
        ticket("task", id=123, **given),
        ticket("aliases", id=123, **named, public_key=given["username"], private_key=given["password"]),
        ticket("environment", {"environment": play.simulator.environment}, id=123),
        ticket("other form of the address", id=123, **{**given, "base_url": f"{given['base_url']}/v2025_1/apis/3.0/"}),
        ticket("codebase", id=123, **given, codebase="v2025_1"),
        ticket("environment, codebase", {"environment": {"CW_CODEBASE": "v2025_1"}}, id=123, **given),
        ticket("task before environment", {"environment": {"CW_CLIENT": "nobody"}}, id=123, **given),
        environment=NOTHING,
    )
    assert {each.status for each in run} == {"ok"}


def test_module_defaults(play: Player) -> None:
    run = play(
        ticket("ticket", key="k", summary="One", company="Acme"),
        note("note", ticket_key="k", text="Two"),
        configuration_info("information", id=67890),
        ticket("by itself", id=123),
        environment=NOTHING,
        also={"module_defaults": {"group/msp.connectwise.cw": play.simulator.login}},
    )
    assert [each.status for each in run] == ["changed", "changed", "ok", "ok"]


def test_no_secret_at_any_verbosity(play: Player) -> None:
    """The harness looks for the key in every form, in all that is printed and in all results."""
    given = play.simulator.login
    bare = {name: value for name, value in given.items() if name != "password"}
    run = play(
        ticket("fine", id=123, **given),
        checked(ticket("check mode", id=123, **given, summary=f"Key {given['password']}")),
        ticket("alias", id=123, **bare, private_key=given["password"]),
        ticket("failing", id=999, **given),
        note("note", ticket_id=123, text="Two", **given),
        configuration_info("information", name="PROD-WEB-01", **given),
        ticket("loop", {"loop": [123, 12345]}, id="{{ item }}", **given),
        ticket("wrong board", key="k", summary="One", company="Acme", board="None", **given),
        environment=NOTHING,
        verbosity=4,
        diff=True,
        fails=True,
    )
    assert set(run.messages) == {"failing", "wrong board"}
    for each in run:
        if "invocation" in each.result:
            arguments = each["invocation"]["module_args"]
            assert arguments["password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
            assert arguments["username"] == given["username"]


def test_the_password_of_a_proxy(play: Player) -> None:
    """It is in no output, wherever the proxy is given, and whether it works or not."""
    secret = "sesame 9912/é"
    play.secrets |= encoded(secret, "user") | {"sesame"}
    proxy = f"http://user:{quote(secret, safe='')}@127.0.0.1:9"
    working = proxy.replace("127.0.0.1:9", play.simulator.url.partition("//")[2])
    given: dict[str, Any] = {"verbosity": 4, "diff": True, "fails": True, "journal": False}
    run = play(
        ticket("task", id=123, proxy=proxy, retry_budget=0),
        note("note", ticket_id=123, text="Two", proxy=proxy, retry_budget=0),
        configuration_info("information", id=67890, proxy=proxy, retry_budget=0),
        ticket("working", id=123, proxy=working),
        **given,
    )
    # Not the task's environment, which ansible-core itself prints at this verbosity.
    environment = play(ticket("environment", id=123, retry_budget=0), environment={"CW_PROXY": proxy}, **given)
    assert list(run.messages) == ["task", "note", "information"]
    for sentence in [*run.messages.values(), environment.messages["environment"]]:
        assert sentence.startswith("proxy: GET ")
    for each in run:
        assert each["invocation"]["module_args"]["proxy"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_without_requests(play: Player, folder: Path) -> None:
    """The one library that is needed is named where it is missing."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "bare"], check=True)
    python = folder / "bare" / "bin" / "python"
    run = play(
        ticket("ticket", id=123),
        note("note", ticket_id=123, text="Two"),
        configuration_info("information", id=67890),
        extra={"ansible_python_interpreter": str(python)},
        fails=True,
    )
    assert len(run.messages) == 3
    for sentence in run.messages.values():
        assert sentence.startswith("Failed to import the required Python library (requests) on ")
        assert str(python) in sentence
    assert play.simulator.journal() == []


def test_the_oldest_python_of_modules(play: Player) -> None:
    """Modules run under Python 3.9, which both versions of ansible-core still allow, with the oldest requests."""
    oldest = pythons.found().get("3.9")
    if not oldest:
        pytest.skip("There is no Python 3.9 here.")
    python = environment.for_modules(oldest, "3.9")
    run = play(
        ticket("open", key="k", summary="One", company="Acme", required_date="2026-12-31T17:00:00.5Z"),
        ticket("again", key="k", summary="One", company="Acme", required_date="2026-12-31T17:00:00.5Z"),
        ticket("close", key="k", state="closed", resolution="Done."),
        note("note", ticket_key="k", text="Two"),
        configuration_info("information", name="PROD-WEB-01", company="Acme"),
        ticket("wrong", id=999),
        extra={"ansible_python_interpreter": str(python)},
        fails=True,
    )
    assert [each.status for each in run] == ["changed", "ok", "changed", "changed", "ok", "failed"]

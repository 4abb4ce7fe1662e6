# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseBadRequestError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.callback import run_callback
from unit.plugins.support import Answering, Tasks, options

MODULE = "cw_callback"
URL = "https://hooks.msp.example/?recordId="
ERROR = {"code": "ObjectExists", "message": "A matching callback entry already exists", "field": "objectId"}
REFUSAL = {"code": "InvalidObject", "message": "callbackEntry object is invalid", "errors": [ERROR]}
KEPT = {"id": 5, "url": URL, "type": "Ticket", "level": "Owner", "inactiveFlag": False}


def run(answering: Answering, **given: Any) -> dict[str, Any]:
    """Register a callback at a server that answers as it is told."""
    given = {"url": URL, "type": "ticket", "level": "owner", **given}
    return run_callback(answering.client(), options(MODULE, **given), False)


def test_another_run_was_quicker(answering: Answering) -> None:
    """What it registered is brought to the wanted state."""
    for after in ({}, {"inactive": True}):
        for status, body in ((200, []), (400, REFUSAL), (200, [KEPT])):
            answering.then(status, body)
        if after:
            answering.then(200, {**KEPT, "inactiveFlag": True})
        done = run(answering, **after)
        assert (done["operation"], done["callback"]["id"]) == ("updated" if after else "unchanged", 5)
    assert answering.answers == []


def test_a_callback_that_only_the_server_sees(answering: Answering) -> None:
    for status, body in ((200, []), (400, REFUSAL), (200, [])):
        answering.then(status, body)
    with pytest.raises(ConnectWiseBadRequestError, match="already exists"):
        run(answering)


def test_other_refusals_are_told_at_once(answering: Answering) -> None:
    answering.then(200, [])
    answering.then(400, {**REFUSAL, "errors": []})
    with pytest.raises(ConnectWiseBadRequestError):
        run(answering)
    assert len(answering.requests) == 2


def test_what_check_mode_did_not_register(tasks: Tasks) -> None:
    made = tasks.run(MODULE, True, url=URL, type="ticket", level="owner")["callback"]
    planned = tasks.run(MODULE, True, id=made["id"], inactive=True)
    assert (planned["operation"], planned["callback"]["inactive_flag"]) == ("updated", True)
    assert tasks.run(MODULE, True, id=made["id"], state="absent")["operation"] == "deleted"
    assert tasks.simulator.writes() == []

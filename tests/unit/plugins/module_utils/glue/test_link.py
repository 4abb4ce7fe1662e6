# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.link import run_link
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options


def test_children_and_merges(simulator: Simulator, tasks: Tasks) -> None:
    done = tasks.checked("cw_ticket_link", ticket_id=12345, children=[12347, 12347], merged=[123], status="Resolved")
    assert done["diff"]["after"] == {
        "merged": ["Mail is slow (id 123)"],
        "children": ["Move the mail server (id 12347)"],
    }
    simulator.forget()
    assert not tasks.run("cw_ticket_link", ticket_id=12345, children=[12347], merged=[123])["changed"]
    assert simulator.requests() == ["GET service/tickets"]
    with pytest.raises(WantedError, match="^merged: the ticket 123 is merged into the ticket 12345 already.$"):
        tasks.run("cw_ticket_link", ticket_id=12347, merged=[123], status=204)
    released = tasks.checked("cw_ticket_link", ticket_id=12345, children=[12347, 123], state="absent")
    assert released["diff"]["before"] == {"children": ["Move the mail server (id 12347)"]}
    assert [ticket["parent_ticket_id"] for ticket in released["tickets"]] == [None, None]


def test_tickets_that_check_mode_did_not_open(simulator: Simulator, tasks: Tasks) -> None:
    planned = tasks.run("cw_ticket_link", True, ticket_key="later", children=[123, 0])
    assert (planned["operation"], planned["url"], len(planned["tickets"])) == ("updated", None, 2)
    merged = tasks.run("cw_ticket_link", True, ticket_id=0, merged=[0], status="Any")
    assert merged["operation"] == "updated"
    assert simulator.writes() == []


def test_an_action_that_was_not_done(answering: Answering) -> None:
    answering.then(200, [{"id": 1}, {"id": 2}])
    answering.then(200, {"success": False, "message": "Not today."})
    with pytest.raises(ConnectWiseBadRequestError, match="Not today"):
        run_link(answering.client(), options("cw_ticket_link", ticket_id=1, children=[2]), False)


def test_a_server_that_keeps_the_parent(answering: Answering) -> None:
    kept = {"id": 2, "parentTicketId": 1}
    answering.then(200, [{"id": 1}, kept])
    answering.then(200, kept)
    answering.then(200, kept)
    with pytest.raises(WantedError, match="ConnectWise answered that the change was done, but kept 1"):
        run_link(answering.client(), options("cw_ticket_link", ticket_id=1, children=[2], state="absent"), False)


def test_an_action_whose_answer_was_lost_is_not_done_twice(simulator: Simulator, tasks: Tasks) -> None:
    simulator.fault("drop-after", method="POST", path="attachChildren")
    with pytest.raises(ConnectWiseAPIError) as caught:
        tasks.run("cw_ticket_link", ticket_id=12345, children=[123])
    assert caught.value.maybe_done
    assert simulator.writes() == ["POST service/tickets/12345/attachChildren"]
    assert tasks.run("cw_ticket_link", ticket_id=12345, children=[123])["operation"] == "unchanged"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ticket_id": 123, "children": [999]}, "^children: there is no service ticket 999."),
        ({"ticket_id": 999, "children": [123]}, "^ticket_id: there is no service ticket 999."),
        ({"ticket_id": 123, "children": [123]}, "^children: 123 can't be linked: it is the ticket itself.$"),
        ({"ticket_id": 123, "merged": [5], "children": [5]}, "^merged: the ticket 5 can't be a child and be merged.$"),
        ({"ticket_id": 123, "merged": [12345]}, "^status: ConnectWise asks for the status"),
        ({"ticket_id": 123, "merged": [12345], "state": "absent"}, "^merged: ConnectWise can't take a merge back."),
    ],
)
def test_options_that_can_not_be(tasks: Tasks, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WantedError, match=message):
        tasks.run("cw_ticket_link", **given)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_ticket_link: each step in check mode, really, and again."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, checked, cycle, newest_only, settles, task, ticket

TICKETS = "service/tickets"


def link(_name: str, /, **options: Any) -> Task:
    """A task of cw_ticket_link."""
    return task("cw_ticket_link", _name, None, **options)


def test_life_cycle(play: Player) -> None:
    run = play(
        ticket("open", key="k", summary="Outage", company="Acme", board=1),
        *cycle(link("bundle", ticket_key="k", children=[123, 12347])),
        *cycle(link("one more", ticket_id=20000, children=[123, 12345])),
        *cycle(link("take over", ticket_id=12345, children=[12347])),
        *cycle(link("release", ticket_id=20000, children=[123, 12346], state="absent")),
        *cycle(link("merge", ticket_id=20000, merged=[12346], status=">Closed", children=[12345])),
        *cycle(link("both", ticket_id=20000, merged=[123, 12346], status=105, children=[12345, 12347])),
    )
    for name in ("bundle", "one more", "take over", "release", "merge", "both"):
        settles(run, name, "updated")
    assert run["bundle"]["diff"] == {
        "before": {"children": []},
        "after": {"children": ["Mail is slow (id 123)", "Move the mail server (id 12347)"]},
    }
    assert run["one more"].lines == [f"GET {TICKETS}", f"POST {TICKETS}/20000/attachChildren"]
    assert run["one more, again"].lines == [f"GET {TICKETS}"]
    assert run["release"]["diff"] == {"before": {"children": ["Mail is slow (id 123)"]}, "after": {"children": []}}
    assert run["release"].lines == [f"GET {TICKETS}", f"PATCH {TICKETS}/123"]
    assert run["merge"].lines == [
        f"GET {TICKETS}",
        "GET service/boards/1/statuses",
        f"POST {TICKETS}/20000/merge",
    ]
    assert run["both"]["diff"]["after"] == {
        "merged": ["Mail is slow (id 123)"],
        "children": ["Move the mail server (id 12347)"],
    }
    facts = run["both"]["tickets"]
    assert [(each["id"], each["parent_ticket_id"]) for each in facts[2:]] == [(12345, 20000), (12347, 20000)]
    assert [each["merged_parent_ticket"]["id"] for each in facts[:2]] == [20000, 20000]
    assert "service_recid=20000&" in run["both"]["url"]
    assert play.ticket(12347)["parentTicketId"] == 20000
    assert play.ticket(123)["mergedParentTicket"]["id"] == 20000
    assert "parentTicketId" not in play.ticket(123)


@newest_only
def test_wrong_options(play: Player) -> None:
    unmerged = link("no status", ticket_id=123, merged=[12345])
    run = play(
        unmerged,
        {**checked(unmerged), "name": "no status, in check mode"},
        link("unknown status", ticket_id=123, merged=[12345], status="Completed"),
        link("no ticket", ticket_id=999, children=[123]),
        link("no child", ticket_id=123, children=[999]),
        link("itself", ticket_id=123, children=[123]),
        link("no id", ticket_id=123, merged=[-5]),
        link("in both", ticket_id=123, children=[12345], merged=[12345]),
        link("nothing", ticket_id=123),
        link("take back", ticket_id=123, merged=[12345], state="absent"),
        link("merge", ticket_id=123, merged=[12345], status=456),
        link("merge again", ticket_id=12347, merged=[12345], status=204),
        fails=True,
    )
    hint = "(A project ticket is another kind of record.)"
    asks = "status: ConnectWise asks for the status with which tickets are merged."
    assert run.messages == {
        "no status": asks,
        "no status, in check mode": asks,
        "unknown status": (
            "status: there is no status named 'Completed' on board 'Help Desk'. There are: New (id 101), In Progress "
            "(id 102), Waiting Customer (id 103), >Closed (id 105), Resolved (id 456)."
        ),
        "no ticket": f"ticket_id: there is no service ticket 999. {hint}",
        "no child": f"children: there is no service ticket 999. {hint}",
        "itself": "children: 123 can't be linked: it is the ticket itself.",
        "no id": "merged: -5 can't be linked: that is no id of a ticket.",
        "in both": "merged: the ticket 12345 can't be a child and be merged.",
        "nothing": "one of the following is required: children, merged",
        "take back": "merged: ConnectWise can't take a merge back. state: absent is for children.",
        "merge again": "merged: the ticket 12345 is merged into the ticket 123 already.",
    }
    assert play.simulator.writes() == [f"POST {TICKETS}/123/merge"]

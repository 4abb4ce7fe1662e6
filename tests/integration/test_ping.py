# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_ping: what it tells, warns of and fails for."""

from __future__ import annotations

from integration.plays import Player, checked, task

LACKS = "the security role of this API member lacks Service Desk > Service Tickets: Inquire, for cw_ticket_note."


def test_all_is_well(play: Player) -> None:
    run = play(task("cw_ping", "all", None), checked(task("cw_ping", "check", None)))
    told = run["all"]
    assert (told["member"]["identifier"], told["member"]["license_class"]) == ("ansible", "A")
    assert told["server"] == {
        "version": "v2025.1.104512",
        "is_cloud": True,
        "server_time_zone": "Eastern Standard Time",
        "cloud_region": "NA",
    }
    assert abs(told["clock_difference"]) <= 60
    assert told["missing"] == []
    assert {each["granted"] for each in told["permissions"]} == {True}
    assert len(told.lines) == len(set(told.lines)) == 18
    assert told.writes == []
    assert run["check"].status == "ok"


def test_what_is_missing(play: Player) -> None:
    play.simulator.fault("403", path="^service/tickets/count$", times=0)
    run = play(
        task("cw_ping", "warn", None, modules=["cw_ticket_note"]),
        task("cw_ping", "fail", None, modules=["cw_ticket_note"], fail_on_missing=True),
        task("cw_ping", "no login", None, password="wrong"),
        warnings=[f"username: {LACKS}"],
        fails=True,
    )
    assert run["warn"]["missing"] == ["Service Desk > Service Tickets: Inquire"]
    assert run.messages["fail"] == f"username: {LACKS}"
    assert run.messages["no login"].startswith("client, username, password or client_id: ConnectWise refused the login")

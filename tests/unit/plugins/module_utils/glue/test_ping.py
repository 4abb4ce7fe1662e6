# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import checkout
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import SystemInfo, system
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ping import run_ping
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from ansible_collections.msp.connectwise.plugins.module_utils.resources.permissions import NEEDED
from unit.plugins.support import Answering, Simulator, options


def pinged(simulator: Simulator, **given: Any) -> tuple[dict[str, Any], list[str]]:
    """The result and the warnings."""
    warnings: list[str] = []
    return run_ping(simulator.client(read_only=True), options("cw_ping", **given), warnings.append), warnings


def test_each_module_is_there() -> None:
    modules = {path.stem for path in (checkout.REPOSITORY / "plugins" / "modules").glob("cw_*.py")}
    assert list(NEEDED) == sorted(NEEDED)
    assert set(NEEDED) == modules - {"cw_ping"}


def test_a_twin_that_needs_fewer_rights_is_enough(simulator: Simulator) -> None:
    simulator.fault("403", path="^system/members/count$", times=0)
    simulator.fault("403", path="^service/(info/)?boards/count$", times=0)
    simulator.fault("403", path="^company/contacts/count$", times=0)
    done, warnings = pinged(simulator, modules=["cw_ticket", "cw_ticket_link"])
    assert done["missing"] == ["System > Table Setup: Inquire (boards)", "Companies > Contacts: Inquire"]
    assert warnings == [
        "username: the security role of this API member lacks System > Table Setup: Inquire (boards), for cw_ticket, "
        "cw_ticket_link; Companies > Contacts: Inquire, for cw_ticket."
    ]
    with pytest.raises(WantedError, match="^username: the security role of this API member lacks System"):
        pinged(simulator, modules=["cw_ticket_link"], fail_on_missing=True)


@pytest.mark.parametrize("kind", ["403", "404"])
def test_a_server_that_does_not_tell_who_asks(answering: Answering, kind: str) -> None:
    answering.then(int(kind), {"code": "x", "message": "x"})
    answering.then(200, {"version": "v2020.1"})
    answering.then(404, {"code": "NotFound", "message": "The endpoint does not exist."})
    warnings: list[str] = []
    done = run_ping(answering.client(), options("cw_ping", modules=["cw_ticket_note"]), warnings.append)
    assert (done["member"], done["server"]["version"], done["permissions"][0]["granted"]) == (None, "v2020.1", None)
    assert warnings == []


@pytest.mark.parametrize(("seconds", "way"), [(3600, "behind"), (-120, "ahead of"), (5, "")])
def test_a_wrong_clock(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, seconds: int, way: str) -> None:
    monkeypatch.setattr(system, "server_time", lambda headers: datetime.now(timezone.utc) + timedelta(seconds=seconds))
    done, warnings = pinged(simulator, modules=["cw_ticket_note"])
    assert abs(done["clock_difference"] + seconds) <= 1
    assert [way in warning and "The clock of this machine is" in warning for warning in warnings] == [True] * bool(way)


def test_a_server_without_a_clock(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    client = simulator.client()
    monkeypatch.setattr(client, "get_system_info", lambda: (SystemInfo(), None))
    assert run_ping(client, options("cw_ping", modules=["cw_ticket_note"]), print)["clock_difference"] is None

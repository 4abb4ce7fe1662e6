# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to contacts, request by request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Simulator, Tasks

NEW = {"email": "jane@acme.example", "first_name": "Jane", "company": "Acme"}
ALL = "company/contacts"


def test_two_at_the_same_moment(simulator: Simulator, tasks: Tasks) -> None:
    """Each is told that there is none before one makes it; one remains, and both runs end with it."""
    simulator.fault("slow-after", method="GET", path=f"^{ALL}$", times=2, seconds=1)
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _number: tasks.run("cw_contact", **NEW, types=["Approver"]), range(2)))
    assert simulator.writes().count(f"POST {ALL}") == 2
    assert simulator.writes().count(f"DELETE {ALL}/3001") == 1
    assert [run["contact"]["id"] for run in runs] == [3000, 3000]
    (found,) = simulator.client().get_contacts('firstName="Jane"')
    assert [kind["id"] for kind in found.types or []] == [4]
    tasks.checked("cw_contact", **NEW, title="Head of IT")


def test_one_in_use_is_meant(simulator: Simulator, tasks: Tasks) -> None:
    again = {"firstName": "IT", "lastName": "Manager", "company": {"id": 250}, "inactiveFlag": True}
    (retired,) = simulator.insert(ALL, [again])
    named = {"match": ["first_name", "last_name"], "first_name": "IT", "last_name": "Manager"}
    assert tasks.run("cw_contact", **named)["contact"]["id"] == 2500
    simulator.client().patch(ALL, 2500, [{"op": "replace", "path": "inactiveFlag", "value": True}])
    with pytest.raises(WantedError, match=f"2 contacts match: IT Manager .id 2500., IT Manager .id {retired}."):
        tasks.run("cw_contact", **named)


def test_servers_that_take_only_ids(simulator: Simulator, tasks: Tasks) -> None:
    simulator.switch(post_reference_names="refuse", patch_reference_names="refuse")
    made = tasks.checked("cw_contact", **NEW, department="IT", communications={"Cell": "1"}, types=["End User"])
    assert made["contact"]["department"]["name"] == "IT"
    changed = tasks.checked("cw_contact", **NEW, relationship="employee", communications={"Fax": "2"})
    assert changed["contact"]["relationship"]["name"] == "Employee"


def test_custom_fields(simulator: Simulator, tasks: Tasks) -> None:
    definition = {"podId": 1, "caption": "Badge", "sequenceNumber": 1, "fieldTypeIdentifier": "Number"}
    simulator.insert("system/userDefinedFields", [{**definition, "screenId": "ct300"}])
    made = tasks.checked("cw_contact", **NEW, custom_fields={"badge": "7"})
    assert made["contact"]["custom_fields"][0]["value"] == 7
    tasks.checked("cw_contact", **NEW, custom_fields={"Badge": 9})
    unborn = tasks.run("cw_contact", True, id=0, custom_fields={"Badge": 1})
    assert unborn["diff"]["after"] == {"custom_fields": {"Badge": 1}}


def test_types_that_a_new_contact_has_anyway(simulator: Simulator, tasks: Tasks) -> None:
    """Of several that are asked for, only those that are lacking take a request; names that can't be come first."""
    with pytest.raises(WantedError, match="^types: there is no contact type named 'Boss'"):
        tasks.run("cw_contact", **NEW, types=["End User", "Boss"])
    assert simulator.writes() == []
    tasks.checked("cw_contact", **NEW, types=["End User", "1", "end user"])
    assert sum(line.endswith("typeAssociations") for line in simulator.writes()) == 0
    simulator.forget()
    assert tasks.run("cw_contact", **NEW, types=["approver", 1])["diff"] == {
        "before": {"types": ["End User"]},
        "after": {"types": ["End User", "Approver"]},
    }
    assert sum(line.endswith("typeAssociations") for line in simulator.writes()) == 1


def test_what_is_deleted(simulator: Simulator, tasks: Tasks) -> None:
    made = tasks.run("cw_contact", **NEW)["contact"]["id"]
    for found_by in ({"id": made}, {"email": "jane@acme.example"}, {"id": made}):
        tasks.checked("cw_contact", state="absent", **found_by)
    assert tasks.run("cw_contact", state="absent", id=made)["operation"] == "unchanged"


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cc", "Cs"]), max_size=20)


@given(last=texts, value=texts, nick=texts)
def test_any_text_is_settled(running_simulator: Simulator, last: str, value: str, nick: str) -> None:
    tasks = Tasks(running_simulator)
    wanted: dict[str, Any] = {"last_name": last, "communications": {"Cell": value}, "fields": {"nickName": nick}}
    tasks.run("cw_contact", id=2501, **wanted)
    again = tasks.run("cw_contact", id=2501, **wanted)
    assert again["diff"] == {"before": {}, "after": {}}

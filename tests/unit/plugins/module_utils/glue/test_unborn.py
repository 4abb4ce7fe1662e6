# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check mode did not make has the id 0, and tasks after it can be checked as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseBadRequestError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.time_entry import run_time_entry
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Tasks, options

# What makes a record of each module, and what changes it then by its id; the name of its facts.
BY_ID: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "cw_callback": (
        {"url": "https://cb.example/?recordId=", "type": "ticket", "level": "owner"},
        {"url": "https://cb.example/?recordId=", "type": "ticket", "description": "x"},
        "callback",
    ),
    "cw_configuration": ({"name": "A", "company": "Acme", "type": "Server"}, {"serial_number": "x"}, "configuration"),
    "cw_contact": ({"first_name": "A", "company": "Acme", "email": "a@acme.example"}, {"title": "x"}, "contact"),
    "cw_document": ({"ticket_id": 123, "name": "a.txt", "content": "One"}, {"content": "Two"}, "document"),
    "cw_schedule_entry": (
        {"ticket_id": 123, "member": "oncall", "start": "2026-04-04T20:00:00Z"},
        {"start": "2026-04-05T20:00:00Z"},
        "schedule_entry",
    ),
    "cw_ticket": ({"summary": "A", "company": "Acme", "board": "Help Desk"}, {"summary": "B"}, "ticket"),
    "cw_ticket_note": ({"ticket_id": 123, "text": "One"}, {"ticket_id": 123, "text": "Two"}, "note"),
    "cw_ticket_task": ({"ticket_id": 123, "summary": "One"}, {"ticket_id": 123, "closed": True}, "task"),
    "cw_time_entry": (
        {"ticket_id": 123, "start": "2026-03-31T17:00:00Z", "hours": 1},
        {"notes": "x"},
        "time_entry",
    ),
}


@pytest.mark.parametrize("name", BY_ID)
def test_what_check_mode_did_not_make_is_changed_and_deleted_by_its_id(tasks: Tasks, name: str) -> None:
    """As in a playbook whose tasks hand the id on."""
    given, change, about = BY_ID[name]
    number = tasks.run(name, True, **given)[about]["id"]
    assert number == 0
    assert tasks.run(name, True, id=number, **change)["operation"] == "updated"
    named = {option: value for option, value in change.items() if option in ("ticket_id", "url", "type")}
    assert tasks.run(name, True, id=number, state="absent", **named)["operation"] == "deleted"
    with pytest.raises(WantedError, match="^id: (0 is no id of a|the ticket has no note 0)"):
        tasks.run(name, id=number, **change)


def test_custom_fields_of_a_time_entry_that_check_mode_did_not_make(answering: Answering) -> None:
    """They are those that another entry has."""
    answering.then(200, [{"id": 1, "customFields": [{"id": 9, "caption": "Km", "type": "Number", "value": 3}]}])
    given = options("cw_time_entry", id=0, custom_fields={"km": "12"})
    done = run_time_entry(answering.client(read_only=True), given, True)
    assert done["diff"] == {"before": {"custom_fields": {"km": None}}, "after": {"custom_fields": {"km": 12}}}


def test_a_document_that_check_mode_did_not_make_is_not_fetched(tasks: Tasks, tmp_path: Path) -> None:
    for place in ({"id": 0}, {"ticket_id": 0}):
        told = tasks.run("cw_document_info", True, dest=str(tmp_path / "a"), **place)
        assert (told["changed"], told["documents"]) == (False, [])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("cw_ticket", {"summary": "A", "company": "Acme", "board": "Help Desk", "configurations": ["0"]}),
        ("cw_ticket", {"id": 123, "configurations": ["0"], "configurations_mode": "exact"}),
        ("cw_ticket", {"id": 123, "contact": "0"}),
        ("cw_ticket_note", {"ticket_id": 123, "text": "A", "contact": "0"}),
        ("cw_configuration", {"id": 67890, "contact": "0"}),
        ("cw_document", {"record_type": "Configuration", "record_id": 0, "name": "a.txt", "content": "One"}),
    ],
)
def test_others_refer_to_what_check_mode_did_not_make(tasks: Tasks, name: str, given: dict[str, Any]) -> None:
    assert tasks.run(name, True, **given)["changed"]
    with pytest.raises((WantedError, ConnectWiseBadRequestError)):
        tasks.run(name, **given)

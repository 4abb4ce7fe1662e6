# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of docs/fields.md beside those of tickets: set once, as wanted the second time."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.resources import fields
from ansible_collections.msp.connectwise.plugins.module_utils.resources.document import DOCUMENT
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import Field
from ansible_collections.msp.connectwise.plugins.module_utils.resources.note import NOTE
from ansible_collections.msp.connectwise.plugins.module_utils.resources.schedule_entry import SCHEDULE_ENTRY
from ansible_collections.msp.connectwise.plugins.module_utils.resources.task import TASK
from ansible_collections.msp.connectwise.plugins.module_utils.resources.time_entry import TIME_ENTRY
from unit.plugins.support import Simulator, Tasks

# Of each module: what the record is called in its result, its list, its table, and a task that makes one.
MODULES: dict[str, tuple[str, str, Any, dict[str, Any]]] = {
    "cw_ticket_note": ("note", "service/tickets/123/notes", NOTE, {"ticket_id": 123, "key": "k", "text": "Begun."}),
    "cw_ticket_task": ("task", "service/tickets/123/tasks", TASK, {"ticket_id": 123, "summary": "Check the backup"}),
    "cw_time_entry": (
        "time_entry",
        "time/entries",
        TIME_ENTRY,
        {"ticket_id": 123, "key": "k", "start": "2026-03-02T09:00:00Z", "hours": 2},
    ),
    "cw_schedule_entry": (
        "schedule_entry",
        "schedule/entries",
        SCHEDULE_ENTRY,
        {"ticket_id": 123, "member": "oncall", "start": "2026-03-02T09:00:00Z", "hours": 2},
    ),
    "cw_document": ("document", "system/documents", DOCUMENT, {"ticket_id": 123, "name": "a.txt", "content": "a"}),
}
SAMPLES: dict[str, Any] = {
    fields.TEXT: "Some text",
    fields.FLAG: True,
    fields.INTEGER: 5,
    fields.NUMBER: 1.5,
    fields.TIME: "2026-03-02T08:30:00Z",
}
# Options that set a field whose value is no matter of its kind alone.
OPTIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("cw_ticket_note", "detailDescriptionFlag"): {"kind": ["discussion"]},
    ("cw_ticket_note", "internalAnalysisFlag"): {"kind": ["internal"]},
    ("cw_ticket_note", "resolutionFlag"): {"kind": ["resolution"]},
    ("cw_ticket_note", "member"): {"member": "oncall"},
    ("cw_ticket_note", "contact"): {"contact": "IT Manager"},
    ("cw_ticket_task", "code"): {"code": 1},
    ("cw_ticket_task", "schedule"): {"schedule": "8000"},
    ("cw_ticket_task", "member"): {"member": "oncall"},
    ("cw_ticket_task", "childScheduleAction"): {"fields": {"childScheduleAction": "Done"}},
    ("cw_ticket_task", "childTicketId"): {"fields": {"childTicketId": 12345}},
    ("cw_time_entry", "company"): {"company": "Acme", "ticket_id": None},
    ("cw_time_entry", "chargeToType"): {},
    ("cw_time_entry", "chargeToId"): {},
    ("cw_time_entry", "customFields"): {"custom_fields": {"On Call": True}},
    ("cw_time_entry", "member"): {"member": "oncall"},
    ("cw_time_entry", "timeEnd"): {"end": "2026-03-02T12:00:00Z", "hours": None},
    ("cw_time_entry", "workRole"): {"work_role": "Senior Engineer"},
    ("cw_time_entry", "workType"): {"work_type": "After Hours"},
    ("cw_time_entry", "billableOption"): {"billable_option": "NoCharge"},
    ("cw_time_entry", "agreement"): {"agreement": "Managed Services"},
    ("cw_time_entry", "addToDetailDescriptionFlag"): {"add_to": ["discussion"]},
    ("cw_time_entry", "addToInternalAnalysisFlag"): {"add_to": ["internal"]},
    ("cw_time_entry", "addToResolutionFlag"): {"add_to": ["resolution"]},
    ("cw_time_entry", "emailResourceFlag"): {"email": ["resource"]},
    ("cw_time_entry", "emailContactFlag"): {"email": ["contact"]},
    ("cw_time_entry", "emailCcFlag"): {"email": ["cc"]},
    ("cw_time_entry", "locationId"): {"fields": {"locationId": 11}},
    ("cw_time_entry", "businessUnitId"): {"fields": {"businessUnitId": 10}},
    ("cw_schedule_entry", "type"): {},
    ("cw_schedule_entry", "objectId"): {},
    ("cw_schedule_entry", "member"): {"member": "servicedesk"},
    ("cw_schedule_entry", "status"): {"status": "Tentative"},
    ("cw_schedule_entry", "where"): {"where": "On-Site"},
    ("cw_schedule_entry", "reminder"): {"fields": {"reminder": "15 minutes"}},
    ("cw_schedule_entry", "dateEnd"): {"end": "2026-03-02T12:00:00Z", "hours": None},
    ("cw_document", "publicFlag"): {"private": True},
}
APPOINTMENT = {"type": {"id": 4}, "objectId": 123, "member": {"id": 638}, "name": "Call back"}
ROWS = [(module, row) for module, (_name, _path, table, _made) in MODULES.items() for row in table]


def wanted(module: str, row: Field) -> dict[str, Any]:
    """Options that set a field."""
    if (module, row.name) in OPTIONS:
        return OPTIONS[module, row.name]
    value = SAMPLES.get(row.kind, True)
    return {row.option: value} if row.option else {"fields": {row.name: value}}


@pytest.mark.parametrize(("module", "row"), ROWS, ids=[f"{module} {row.name}" for module, row in ROWS])
def test_each_field_settles(simulator: Simulator, tasks: Tasks, module: str, row: Field) -> None:
    name, path, _table, made = MODULES[module]
    simulator.client().post("schedule/entries", APPOINTMENT)
    before = tasks.run(module, **made)[name]
    given = {option: value for option, value in {**made, **wanted(module, row)}.items() if value is not None}
    if row.name in ("member", "dateStart", "summary"):  # by which the record is found
        given = {"id": before["id"], **given}
    done = tasks.checked(module, **given)
    if row.unread:
        assert not done["changed"]
        return
    as_it_was = row.create_only or row.name in ("internalAnalysisFlag", "locationId")
    assert done["changed"] is not as_it_was
    assert simulator.client().get(f"{path}/{done[name]['id']}").get(row.name) not in (None, "", [])

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/fields.md: every field of the records of ConnectWise, and how a playbook reaches it."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import checkout

sys.path.insert(0, str(checkout.linked_tree()))
PLUGINS = "ansible_collections.msp.connectwise.plugins"
PAGE = checkout.REPOSITORY / "docs" / "fields.md"


@dataclass(frozen=True)
class Described:
    """A schema of the API, the dataclass and the table for it, and the module that writes such records."""

    schema: str
    record: str
    table: str
    module: str
    beside: dict[str, str] = field(default_factory=dict)
    """Fields that are in no row of the table, and the options that set them."""


# A new record type is one line.
DESCRIBED = (
    Described("Ticket", "Ticket", "ticket.TICKET", "cw_ticket"),
    Described("ServiceNote", "Note", "note.NOTE", "cw_ticket_note"),
    Described("TicketTask", "TicketTask", "task.TASK", "cw_ticket_task"),
    Described("TimeEntry", "TimeEntry", "time_entry.TIME_ENTRY", "cw_time_entry"),
    Described("ScheduleEntry", "ScheduleEntry", "schedule_entry.SCHEDULE_ENTRY", "cw_schedule_entry"),
    Described("DocumentInfo", "DocumentInfo", "document.DOCUMENT", "cw_document"),
    Described("CallbackEntry", "Callback", "callback.CALLBACK", "cw_callback"),
    Described("CompanyConfiguration", "Configuration", "configuration.CONFIGURATION_FIELDS", "cw_configuration"),
    Described("Contact", "Contact", "contact.CONTACT_FIELDS", "cw_contact", {"types": "types", "typeIds": "types"}),
)
HEAD = """<!--
Copyright (c) 2026 msp.connectwise contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->
# Every field, and how it is reached

Written by `scripts/fields_page.py` from the tables in `plugins/module_utils/resources`. All fields are returned, with
their names in snake case. "Read only" are those that ConnectWise fills in itself.
"""


def names(described: Described) -> list[str]:
    """The fields of a record, in the order of its dataclass."""
    record: Any = getattr(importlib.import_module(f"{PLUGINS}.module_utils.connectwise"), described.record)
    return ["id", *(each.name for each in fields(record) if each.name not in ("id", "_info", "extra"))]


def reached(described: Described) -> dict[str, str]:
    """How each field that can be set is reached.

    Raises:
        ValueError: a row of the table that nothing reaches.
    """
    file, _dot, name = described.table.partition(".")
    table: Any = getattr(importlib.import_module(f"{PLUGINS}.module_utils.resources.{file}"), name)
    options = importlib.import_module(f"{PLUGINS}.modules.{described.module}").MODULE.options
    ways = {name: f"`{option}`" for name, option in described.beside.items()}
    for row in table:
        option = row.option or row.via
        if not option and "fields" not in options:
            raise ValueError(f"{described.module} has no option for {row.name}, and no option fields")
        when = ", when it is made" if row.create_only else ", with what is written" if row.unread else ""
        ways[row.name] = f"`{option}`{when}" if option else f"`fields`{when}"
    return ways


def page() -> str:
    """The text of the page."""
    parts = [HEAD]
    for described in DESCRIBED:
        ways = reached(described)
        parts.append(f"\n## {described.schema}: `{described.module}`\n\n| field | option |\n|---|---|\n")
        parts += [f"| {name} | {ways.get(name, 'read only')} |\n" for name in names(described)]
    return "".join(parts)


if __name__ == "__main__":
    Path(PAGE).write_text(page(), encoding="utf-8")

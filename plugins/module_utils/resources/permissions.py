# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module reads, and what the security role calls the permission for it (fact sheet 2.5, 2.9)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """A permission to read.

    ``endpoints`` are lists that show whether it is there; the later ones are twins of the first that need fewer rights,
    and one that can be read is enough.
    """

    name: str
    endpoints: tuple[str, ...]


TICKETS = Permission("Service Desk > Service Tickets: Inquire", ("service/tickets",))
BOARDS = Permission("System > Table Setup: Inquire (boards)", ("service/boards", "service/info/boards"))
PRIORITIES = Permission("System > Table Setup: Inquire (priorities)", ("service/priorities",))
MEMBERS = Permission("System > Member Maintenance: Inquire", ("system/members", "system/info/members"))
COMPANIES = Permission("Companies > Company Maintenance: Inquire", ("company/companies",))
CONTACTS = Permission("Companies > Contacts: Inquire", ("company/contacts",))
CONFIGURATIONS = Permission("Companies > Configurations: Inquire", ("company/configurations",))
CONFIGURATION_SETUP = Permission(
    "System > Table Setup: Inquire (configurations)",
    ("company/configurations/types", "company/configurations/types/info"),
)
TIME = Permission("Time & Expense > Time Entry: Inquire", ("time/entries",))
WORK_ROLES = Permission("System > Table Setup: Inquire (work roles)", ("time/workRoles", "time/workRoles/info"))
WORK_TYPES = Permission("System > Table Setup: Inquire (work types)", ("time/workTypes", "time/workTypes/info"))
SCHEDULE = Permission("Service Desk > Resource Scheduling: Inquire", ("schedule/entries",))
SCHEDULE_TYPES = Permission("System > Table Setup: Inquire (schedule types)", ("schedule/types", "schedule/types/info"))
CALLBACKS = Permission("System > Table Setup: Inquire (callbacks)", ("system/callbacks",))
AGREEMENTS = Permission("Finance > Agreements: Inquire", ("finance/agreements",))
CONTACT_SETUP = Permission(
    "System > Table Setup: Inquire (communication types)",
    ("company/communicationTypes", "company/communicationTypes/info"),
)

NEEDED: dict[str, tuple[Permission, ...]] = {
    "cw_api": (),  # depends on the path
    "cw_api_info": (),
    "cw_board_info": (BOARDS,),
    "cw_callback": (CALLBACKS,),
    "cw_configuration": (CONFIGURATIONS, COMPANIES, CONTACTS, CONFIGURATION_SETUP),
    "cw_configuration_info": (CONFIGURATIONS, COMPANIES),
    "cw_configuration_sync": (CONFIGURATIONS, COMPANIES, CONTACTS, CONFIGURATION_SETUP),
    "cw_contact": (CONTACTS, COMPANIES, CONTACT_SETUP),
    "cw_document": (TICKETS,),
    "cw_document_info": (TICKETS,),
    "cw_record_info": (COMPANIES, CONTACTS, MEMBERS, AGREEMENTS, PRIORITIES),
    "cw_schedule_entry": (SCHEDULE, SCHEDULE_TYPES, MEMBERS, TICKETS),
    "cw_ticket": (TICKETS, BOARDS, PRIORITIES, COMPANIES, CONTACTS, CONFIGURATIONS, MEMBERS),
    "cw_ticket_info": (TICKETS, BOARDS, COMPANIES),
    "cw_ticket_link": (TICKETS, BOARDS),
    "cw_ticket_note": (TICKETS,),
    "cw_ticket_note_info": (TICKETS,),
    "cw_ticket_notes": (TICKETS,),
    "cw_ticket_task": (TICKETS, MEMBERS),
    "cw_ticket_wait": (TICKETS,),
    "cw_tickets": (TICKETS, BOARDS, PRIORITIES, COMPANIES, CONTACTS, CONFIGURATIONS, MEMBERS),
    "cw_time_entry": (TIME, WORK_ROLES, WORK_TYPES, MEMBERS, TICKETS),
}

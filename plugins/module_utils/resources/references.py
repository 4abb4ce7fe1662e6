# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that others refer to: where their names are looked up (fact sheet 10)."""

from __future__ import annotations

from .fields import Reference

BOARD = Reference("board", "service/boards", api_takes="name", info_endpoint="service/info/boards")
STATUS = Reference(
    "status",
    "service/boards/{board}/statuses",
    scope="board",
    api_takes="name",
    info_endpoint="service/boards/{board}/statuses/info",
)
TYPE = Reference(
    "type",
    "service/boards/{board}/types",
    scope="board",
    api_takes="name",
)
SUBTYPE = Reference(
    "sub-type",
    "service/boards/{board}/subtypes",
    scope="board",
    api_takes="name",
    info_endpoint="service/boards/{board}/subtypes/info",
)
ITEM = Reference(
    "item",
    "service/boards/{board}/items",
    scope="board",
    api_takes="name",
)
TEAM = Reference(
    "team",
    "service/boards/{board}/teams",
    scope="board",
    api_takes="name",
    info_endpoint="service/boards/{board}/teams/info",
)
PRIORITY = Reference("priority", "service/priorities", api_takes="name")
SOURCE = Reference("source", "service/sources", api_takes="name")
SERVICE_LOCATION = Reference("service location", "service/locations", api_takes="name")
LOCATION = Reference("location", "system/locations", api_takes="name")
DEPARTMENT = Reference("department", "system/departments", names=("name", "identifier"), api_takes="name")
WORK_ROLE = Reference("work role", "time/workRoles", api_takes="name", info_endpoint="time/workRoles/info")
WORK_TYPE = Reference("work type", "time/workTypes", api_takes="name", info_endpoint="time/workTypes/info")
SLA = Reference("SLA", "service/SLAs", api_takes="name")
MANUFACTURER = Reference(
    "manufacturer", "procurement/manufacturers", api_takes="name", info_endpoint="procurement/manufacturers/info"
)
COUNTRY = Reference("country", "company/countries", api_takes="name")
CURRENCY = Reference("currency", "finance/currencies", api_takes="name")
# Names of the following need not be unique, so that the API is never left to choose.
COMPANY = Reference("company", "company/companies", names=("identifier", "name"), searched=True)
CONTACT = Reference("contact", "company/contacts", scope="company", names=("name", "email"))
SITE = Reference("site", "company/companies/{company}/sites", scope="company")
MEMBER = Reference(
    "member",
    "system/members",
    names=("identifier", "name", "officeEmail"),
    info_endpoint="system/info/members",
)
COMPANY_STATUS = Reference("company status", "company/companies/statuses", api_takes="name")
COMPANY_TYPE = Reference("company type", "company/companies/types")
CONTACT_TYPE = Reference(
    "contact type", "company/contacts/types", names=("description",), info_endpoint="company/contacts/types/info"
)
CONTACT_RELATIONSHIP = Reference("relationship", "company/contacts/relationships", api_takes="name")
CONTACT_DEPARTMENT = Reference(
    "department",
    "company/contacts/departments",
    api_takes="name",
    info_endpoint="company/contacts/departments/info",
)
COMMUNICATION_TYPE = Reference(
    "communication type",
    "company/communicationTypes",
    names=("description",),
    info_endpoint="company/communicationTypes/info",
)
CHARGE_CODE = Reference("charge code", "time/chargeCodes", info_endpoint="time/chargeCodes/info")
SERVICE_CODE = Reference("service code", "service/codes", api_takes="name")
SCHEDULE_TYPE = Reference(
    "schedule type",
    "schedule/types",
    names=("identifier", "name"),
    info_endpoint="schedule/types/info",
)
SCHEDULE_STATUS = Reference(
    "schedule status",
    "schedule/statuses",
    api_takes="name",
    info_endpoint="schedule/statuses/info",
)
REMINDER = Reference("reminder", "schedule/reminderTimes", api_takes="name")
SCHEDULE_ENTRY = Reference("schedule entry", "schedule/entries", searched=True)
AGREEMENT = Reference("agreement", "finance/agreements", scope="company")
OPPORTUNITY = Reference("opportunity", "sales/opportunities", scope="company")
PROJECT = Reference("project", "project/projects", searched=True)
PHASE = Reference("phase", "project/projects/{project}/phases", names=("description",), scope="project")
CONFIGURATION = Reference("configuration", "company/configurations", scope="company", searched=True)
CONFIGURATION_TYPE = Reference(
    "configuration type",
    "company/configurations/types",
    api_takes="name",
)
CONFIGURATION_STATUS = Reference(
    "configuration status",
    "company/configurations/statuses",
    names=("description",),
    api_takes="name",
    info_endpoint="company/configurations/statuses/info",
)

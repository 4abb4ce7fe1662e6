# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of service and project tickets that can be set (fact sheet 7 and appendix A)."""

from __future__ import annotations

from dataclasses import dataclass

from . import references as ref
from .fields import (
    CUSTOM_FIELDS,
    DAY,
    ENUM,
    FLAG,
    INTEGER,
    MAIL_LIST,
    NUMBER,
    REFERENCE,
    TEXT,
    TEXTS,
    TIME,
    Field,
    Table,
)

LEVELS = ("Low", "Medium", "High")
BILLING = ("Billable", "DoNotBill", "NoCharge", "NoDefault")
LINKS = ("Activity", "ProjectIssue", "KnowledgeBaseArticle", "ProjectTicket", "ServiceTicket", "Time")
METHODS = ("ActualRates", "FixedFee", "NotToExceed", "OverrideRate")

# The board goes before all that is looked up in it, the company before its contacts and sites: operations are applied
# in this order (fact sheet 6.4).
TICKET = (
    Field("summary", TEXT, "summary", longest=100, required=True),
    Field("board", REFERENCE, "board", ref.BOARD, required=True),
    Field("status", REFERENCE, "status", ref.STATUS, required=True),
    Field("type", REFERENCE, "type", ref.TYPE),
    Field("subType", REFERENCE, "subtype", ref.SUBTYPE),
    Field("item", REFERENCE, "item", ref.ITEM),
    Field("team", REFERENCE, "team", ref.TEAM),
    Field("company", REFERENCE, "company", ref.COMPANY, required=True),
    Field("site", REFERENCE, "site", ref.SITE),
    Field("contact", REFERENCE, "contact", ref.CONTACT, aka=("contactEmailAddress",)),
    Field("priority", REFERENCE, "priority", ref.PRIORITY, required=True),
    Field("owner", REFERENCE, "owner", ref.MEMBER),
    Field("source", REFERENCE, "source", ref.SOURCE),
    Field("severity", ENUM, "severity", choices=LEVELS),
    Field("impact", ENUM, "impact", choices=LEVELS),
    Field("requiredDate", DAY, "required_date"),
    Field("initialDescription", TEXT, "description", create_only=True),
    Field("initialInternalAnalysis", TEXT, create_only=True),
    Field("initialResolution", TEXT, create_only=True),
    Field("initialDescriptionFrom", TEXT, create_only=True),
    Field("contactEmailLookup", TEXT, create_only=True),
    Field("externalXRef", TEXT, "key", longest=100),
    Field("poNumber", TEXT, longest=50),
    Field("siteName", TEXT, longest=50),
    Field("addressLine1", TEXT, longest=50),
    Field("addressLine2", TEXT, longest=50),
    Field("city", TEXT, longest=50),
    Field("stateIdentifier", TEXT, longest=50),
    Field("zip", TEXT, longest=12),
    Field("country", REFERENCE, reference=ref.COUNTRY),
    Field("contactName", TEXT, longest=62),
    Field("contactPhoneNumber", TEXT, longest=20),
    Field("contactPhoneExtension", TEXT, longest=15),
    Field("contactEmailAddress", TEXT, longest=250),
    Field("serviceLocation", REFERENCE, reference=ref.SERVICE_LOCATION),
    Field("location", REFERENCE, reference=ref.LOCATION),
    Field("department", REFERENCE, reference=ref.DEPARTMENT),
    Field("workRole", REFERENCE, reference=ref.WORK_ROLE),
    Field("workType", REFERENCE, reference=ref.WORK_TYPE),
    Field("agreement", REFERENCE, reference=ref.AGREEMENT),
    Field("opportunity", REFERENCE, reference=ref.OPPORTUNITY),
    Field("sla", REFERENCE, reference=ref.SLA),
    Field("currency", REFERENCE, reference=ref.CURRENCY),
    Field("budgetHours", NUMBER),
    Field("estimatedStartDate", DAY),
    Field("parentTicketId", INTEGER, "parent"),
    Field("knowledgeBaseCategoryId", INTEGER),
    Field("knowledgeBaseSubCategoryId", INTEGER),
    Field("knowledgeBaseLinkId", INTEGER),
    Field("knowledgeBaseLinkType", ENUM, choices=LINKS),
    Field("allowAllClientsPortalView", FLAG),
    Field("customerUpdatedFlag", FLAG),
    Field("automaticEmailContactFlag", FLAG),
    Field("automaticEmailResourceFlag", FLAG),
    Field("automaticEmailCcFlag", FLAG),
    Field("automaticEmailCc", MAIL_LIST, longest=1000),
    Field("estimatedExpenseCost", NUMBER),
    Field("estimatedExpenseRevenue", NUMBER),
    Field("estimatedProductCost", NUMBER),
    Field("estimatedProductRevenue", NUMBER),
    Field("estimatedTimeCost", NUMBER),
    Field("estimatedTimeRevenue", NUMBER),
    Field("billingMethod", ENUM, choices=METHODS),
    Field("billingAmount", NUMBER),
    Field("hourlyRate", NUMBER),
    Field("subBillingMethod", ENUM, choices=METHODS),
    Field("subBillingAmount", NUMBER),
    Field("subDateAccepted", TIME),
    Field("billTime", ENUM, choices=BILLING),
    Field("billExpenses", ENUM, choices=BILLING),
    Field("billProducts", ENUM, choices=BILLING),
    Field("predecessorType", ENUM, choices=("Ticket", "Phase")),
    Field("predecessorId", INTEGER),
    Field("predecessorClosedFlag", FLAG),
    Field("lagDays", INTEGER),
    Field("lagNonworkingDaysFlag", FLAG),
    Field("integratorTags", TEXTS),
    Field("processNotifications", FLAG, "process_notifications", unread=True),
    Field("skipCallback", FLAG, "skip_callback", unread=True),
    Field("customFields", CUSTOM_FIELDS, "custom_fields"),
)

# Of the fields above, those that project tickets do not have (OpenAPI 2025.1, schema ProjectTicket).
_OF_SERVICE_TICKETS = (
    "team",
    "severity",
    "impact",
    "initialDescriptionFrom",
    "externalXRef",
    "poNumber",
    "sla",
    "estimatedExpenseCost",
    "estimatedExpenseRevenue",
    "estimatedProductCost",
    "estimatedProductRevenue",
    "estimatedTimeCost",
    "estimatedTimeRevenue",
    "billingMethod",
    "billingAmount",
    "hourlyRate",
    "parentTicketId",
    "integratorTags",
)

# The project goes before its phases.
PROJECT_TICKET = (
    Field("project", REFERENCE, "project", ref.PROJECT, required=True),
    Field("phase", REFERENCE, "phase", ref.PHASE, required=True),
    *(row for row in TICKET if row.name not in _OF_SERVICE_TICKETS),
    Field("isIssueFlag", FLAG),
    Field("wbsCode", TEXT, longest=50),
    Field("scheduleStartDate", TIME),
    Field("scheduleEndDate", TIME),
)


@dataclass(frozen=True)
class TicketKind:
    """Service or project tickets: records of the same numbers under another path (fact sheet 7.14).

    ``needed`` are the options without which none can be opened, ``charged_as`` is what time entries call them.
    """

    name: str
    endpoint: str
    table: Table
    needed: tuple[str, ...]
    charged_as: str


TICKET_KINDS = {
    kind.name: kind
    for kind in (
        TicketKind("service", "service/tickets", TICKET, ("summary", "company"), "ServiceTicket"),
        TicketKind("project", "project/tickets", PROJECT_TICKET, ("summary", "phase"), "ProjectTicket"),
    )
}

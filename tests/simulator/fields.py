# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record types: one table each, one row a field (appendix A of the fact sheet, and facts 7 to 11).

A table drives what is refused, what is filled in, how references are expanded, and what conditions may name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property


@dataclass(frozen=True)
class Field:
    """One field of a record.

    ``kind``: text, integer, number (decimal, printed with two places), flag, datetime, date (loses its time),
    enum, reference, loose (a reference to a type that is not kept here), references, integers, texts, children,
    any (JSON as it comes), custom, questions.
    ``write``: always; create (refused later on); ignored (the server's own, silently ignored when sent);
    action (understood, never returned); initial (as action, for POST only).
    ``default``: value of a field that POST or PUT leaves out.
    """

    name: str
    kind: str
    length: int = 0
    to: str = ""
    """Record type that a reference leads to."""
    within: str = ""
    """Field of the same record that a referenced record must belong to, e.g. "board" for a status."""
    required: bool = False
    required_on_put: bool = False
    values: tuple[str, ...] = ()
    limits: tuple[int, int] | None = None
    write: str = "always"
    default: object = None
    filters: bool = True
    """Whether conditions may name it."""
    children: tuple[Field, ...] = ()


@dataclass(frozen=True)
class RecordType:
    """A kind of record, and where it is served."""

    name: str
    path: str
    """Below apis/3.0; {board} stands for the id of a parent of that type."""
    model: str
    """The name that errors about JSON members use, e.g. "Ticket"."""
    resource: str
    """The name in "... object is invalid", e.g. "serviceNote"."""
    label: str
    """The name in "... 404 not found"."""
    fields: tuple[Field, ...]
    parents: tuple[tuple[str, str], ...] = ()
    """Parent's record type and the field that holds its id, outermost first."""
    methods: str = "GET POST PUT PATCH DELETE"
    title: str = "name"
    """The field that a reference shows as its name."""
    shows: tuple[str, ...] = ()
    """More members of a reference to it."""
    href: str = ""
    """Key of the link in a reference's _info."""
    image: bool = False
    screen: str = ""
    """Screen whose custom fields the records have."""
    first_id: int = 1
    label_as_parent: str = ""
    indexes: tuple[str, ...] = ()
    numbers: str = ""
    """The record type whose ids it shares."""
    fixed: bool = False
    """Whether the records are few and rarely change, so that they are kept decoded."""

    @cached_property
    def by_field(self) -> dict[str, Field]:
        """The fields by name."""
        return {row.name: row for row in self.fields}

    @cached_property
    def by_member(self) -> dict[str, Field]:
        """The fields by name in lower case: members of JSON match without their case (fact 13.5)."""
        return {row.name.lower(): row for row in self.fields}

    def __hash__(self) -> int:
        """By name, which is unique."""
        return hash(self.name)

    @property
    def parent_field(self) -> str:
        """The field that holds the id of the nearest parent, or ""."""
        return self.parents[-1][1] if self.parents else ""


@dataclass(frozen=True)
class View:
    """A read-only twin that shows some fields of a type, perhaps under other names (fact 2.5)."""

    path: str
    of: str
    fields: tuple[tuple[str, str], ...]
    """Name in the view, name in the record."""
    where: str = ""
    """SQL that limits the records."""
    serves: tuple[str, ...] = ("list", "count", "one")
    """What of it there is."""


def _text(name: str, length: int = 0, **more: object) -> Field:
    return replace(Field(name, "text", length), **more)  # type: ignore[arg-type]


def _field(kind: str, name: str, **more: object) -> Field:
    return replace(Field(name, kind), **more)  # type: ignore[arg-type]


def _flag(name: str, default: object = None, **more: object) -> Field:
    return _field("flag", name, default=default, **more)


def _ref(name: str, to: str, within: str = "", **more: object) -> Field:
    return _field("reference", name, to=to, within=within, **more)


def _loose(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "loose") for name in names)


def _enum(name: str, values: str, **more: object) -> Field:
    return _field("enum", name, values=tuple(values.split()), **more)


def _server(*rows: Field) -> tuple[Field, ...]:
    return tuple(replace(row, write="ignored") for row in rows)


ID = Field("id", "integer", write="ignored")
BILL = "Billable DoNotBill NoCharge NoDefault"
BILLING = "ActualRates FixedFee NotToExceed OverrideRate"
FIELD_TYPES = "TextArea Button Currency Date Hyperlink IPAddress Checkbox Number Percent Text Password"
ENTRY_TYPES = "Date EntryField List Option"
LOW_MEDIUM_HIGH = "Low Medium High"
ADDRESS = (
    _text("addressLine1", 50),
    _text("addressLine2", 50),
    _text("city", 50),
)
CUSTOM = _field("custom", "customFields", filters=False)

TICKET = RecordType(
    "ticket",
    "service/tickets",
    "Ticket",
    "ticket",
    "Ticket",
    (
        ID,
        _text("summary", 100, required=True),
        *_server(_enum("recordType", "ServiceTicket ProjectTicket ProjectIssue")),
        _ref("board", "board"),
        _ref("status", "status", "board"),
        _ref("workRole", "workRole"),
        _ref("workType", "workType"),
        _ref("company", "company", required=True),
        _ref("site", "site", "company"),
        _text("siteName", 50),
        *ADDRESS,
        _text("stateIdentifier", 50),
        _text("zip", 12),
        _ref("country", "country"),
        _ref("contact", "contact", "company"),
        _text("contactName", 62),
        _text("contactPhoneNumber", 20),
        _text("contactPhoneExtension", 15),
        _text("contactEmailAddress", 250),
        _ref("type", "type", "board"),
        _ref("subType", "subType", "board"),
        _ref("item", "item", "board"),
        _ref("team", "team", "board"),
        _ref("owner", "member"),
        _ref("priority", "priority"),
        _ref("serviceLocation", "serviceLocation"),
        _ref("source", "source"),
        _field("date", "requiredDate"),
        _field("number", "budgetHours"),
        _ref("opportunity", "opportunity"),
        _ref("agreement", "agreement"),
        *_server(_text("agreementType")),
        _enum("severity", LOW_MEDIUM_HIGH, required_on_put=True),
        _enum("impact", LOW_MEDIUM_HIGH, required_on_put=True),
        _text("externalXRef", 100),
        _text("poNumber", 50),
        _field("integer", "knowledgeBaseCategoryId"),
        _field("integer", "knowledgeBaseSubCategoryId"),
        _flag("allowAllClientsPortalView", False),
        _flag("customerUpdatedFlag", False),
        _flag("automaticEmailContactFlag", False),
        _flag("automaticEmailResourceFlag", False),
        _flag("automaticEmailCcFlag", False),
        _text("automaticEmailCc", 1000),
        _text("initialDescription", write="initial", filters=False),
        _text("initialInternalAnalysis", write="initial", filters=False),
        _text("initialResolution", write="initial", filters=False),
        _text("initialDescriptionFrom", write="initial", filters=False),
        _text("contactEmailLookup", write="action", filters=False),
        _flag("processNotifications", write="action", filters=False),
        _flag("skipCallback", write="action", filters=False),
        *_server(
            _field("datetime", "closedDate"),
            _text("closedBy"),
            _flag("closedFlag", False),
            _field("number", "actualHours"),
            _flag("approved", True),
        ),
        _field("number", "estimatedExpenseCost", default=0),
        _field("number", "estimatedExpenseRevenue", default=0),
        _field("number", "estimatedProductCost", default=0),
        _field("number", "estimatedProductRevenue", default=0),
        _field("number", "estimatedTimeCost", default=0),
        _field("number", "estimatedTimeRevenue", default=0),
        _enum("billingMethod", BILLING, default="ActualRates"),
        _field("number", "billingAmount"),
        _field("number", "hourlyRate"),
        _enum("subBillingMethod", BILLING, default="ActualRates"),
        _field("number", "subBillingAmount"),
        _field("datetime", "subDateAccepted"),
        *_server(
            _field("datetime", "dateResolved"),
            _field("datetime", "dateResplan"),
            _field("datetime", "dateResponded"),
            _field("integer", "resolveMinutes", default=0),
            _field("integer", "resPlanMinutes", default=0),
            _field("integer", "respondMinutes", default=0),
            _flag("isInSla", True),
        ),
        _field("integer", "knowledgeBaseLinkId"),
        *_server(_text("resources")),
        _field("integer", "parentTicketId"),
        *_server(_flag("hasChildTicket", False), _flag("hasMergedChildTicketFlag", False)),
        _enum("knowledgeBaseLinkType", "Activity ProjectIssue KnowledgeBaseArticle ProjectTicket ServiceTicket Time"),
        _enum("billTime", BILL, default="NoDefault"),
        _enum("billExpenses", BILL, default="NoDefault"),
        _enum("billProducts", BILL, default="NoDefault"),
        _enum("predecessorType", "Ticket Phase"),
        _field("integer", "predecessorId"),
        _flag("predecessorClosedFlag"),
        _field("integer", "lagDays"),
        _flag("lagNonworkingDaysFlag"),
        _field("date", "estimatedStartDate"),
        *_server(_field("integer", "duration")),
        _ref("location", "location"),
        _ref("department", "department"),
        *_server(_text("mobileGuid")),
        _ref("sla", "sla"),
        *_server(_text("slaStatus"), _flag("requestForChangeFlag")),
        _ref("currency", "currency"),
        *_server(_ref("mergedParentTicket", "ticket")),
        _field("texts", "integratorTags", filters=False),
        *_server(
            _field("datetime", "escalationStartDateUTC"),
            _field("integer", "escalationLevel", default=10),
            _field("integer", "minutesBeforeWaiting", default=0),
            _field("integer", "respondedSkippedMinutes", default=0),
            _field("integer", "resplanSkippedMinutes", default=0),
            _field("number", "respondedHours"),
            _text("respondedBy"),
            _field("number", "resplanHours"),
            _text("resplanBy"),
            _field("number", "resolutionHours"),
            _text("resolvedBy"),
            _field("integer", "minutesWaiting"),
        ),
        CUSTOM,
    ),
    title="summary",
    href="ticket_href",
    screen="sr100",
    first_id=20000,
    label_as_parent="Service Ticket",
    indexes=("externalXRef", "summary", "parentTicketId"),
)

NOTE = RecordType(
    "note",
    "service/tickets/{ticket}/notes",
    "ServiceNote",
    "serviceNote",
    "Service Note",
    (
        ID,
        *_server(_field("integer", "ticketId")),
        _text("text"),
        _flag("detailDescriptionFlag", False),
        _flag("internalAnalysisFlag", False),
        _flag("resolutionFlag", False),
        _flag("issueFlag", False),
        _ref("member", "member"),
        _ref("contact", "contact"),
        _flag("customerUpdatedFlag", write="action", filters=False),
        _flag("processNotifications", write="action", filters=False),
        *_server(
            _field("datetime", "dateCreated"),
            _text("createdBy"),
            _flag("internalFlag", True),
            _flag("externalFlag", True),
            _field("number", "sentimentScore"),
        ),
    ),
    parents=(("ticket", "ticketId"),),
    title="text",
    first_id=50000,
)

TASK = RecordType(
    "task",
    "service/tickets/{ticket}/tasks",
    "ServiceTask",
    "task",
    "Service Task",
    (
        ID,
        *_server(_field("integer", "ticketId")),
        _text("notes"),
        _flag("closedFlag", False),
        _field("integer", "priority"),
        _ref("schedule", "scheduleEntry"),
        _ref("code", "serviceCode"),
        _ref("member", "member"),
        _text("resolution"),
        _enum("childScheduleAction", "Transfer Delete Done"),
        _field("integer", "childTicketId"),
        _text("summary"),
    ),
    parents=(("ticket", "ticketId"),),
    title="summary",
)

_OF_TICKET = (
    "board", "status", "workRole", "workType", "company", "site", "siteName", "addressLine1", "addressLine2", "city",
    "stateIdentifier", "zip", "country", "contact", "contactName", "contactPhoneNumber", "contactPhoneExtension",
    "contactEmailAddress", "type", "subType", "item", "owner", "priority", "serviceLocation", "source", "requiredDate",
    "budgetHours", "opportunity", "agreement", "agreementType", "knowledgeBaseCategoryId", "knowledgeBaseSubCategoryId",
    "knowledgeBaseLinkId", "knowledgeBaseLinkType", "allowAllClientsPortalView", "customerUpdatedFlag",
    "automaticEmailContactFlag", "automaticEmailResourceFlag", "automaticEmailCcFlag", "automaticEmailCc", "closedDate",
    "closedBy", "closedFlag", "actualHours", "approved", "subBillingMethod", "subBillingAmount", "subDateAccepted",
    "resources", "billTime", "billExpenses", "billProducts", "predecessorType", "predecessorId",
    "predecessorClosedFlag", "lagDays", "lagNonworkingDaysFlag", "estimatedStartDate", "location",
    "department", "duration", "mobileGuid", "currency", "initialDescription", "initialInternalAnalysis",
    "initialResolution", "contactEmailLookup",
    "processNotifications", "skipCallback", "customFields",
)  # fmt: skip
PROJECT_TICKET = RecordType(
    "projectTicket",
    "project/tickets",
    "ProjectTicket",
    "projectTicket",
    "Project Ticket",
    (
        ID,
        TICKET.by_field["summary"],
        _flag("isIssueFlag", False),
        _ref("project", "project"),
        _ref("phase", "phase", "project", required=True),
        _text("wbsCode", 50),
        *(replace(TICKET.by_field[name], required=False) for name in _OF_TICKET),
        _field("datetime", "scheduleStartDate"),
        _field("datetime", "scheduleEndDate"),
    ),
    title="summary",
    href="ticket_href",
    screen="sr100",
    label_as_parent="Project Ticket",
    numbers="ticket",
)
PROJECT_NOTE = replace(
    NOTE,
    name="projectNote",
    path="project/tickets/{projectTicket}/notes",
    model="TicketNote",
    resource="ticketNote",
    label="Project Note",
    fields=tuple(row for row in NOTE.fields if row.name not in ("dateCreated", "createdBy", "sentimentScore")),
    parents=(("projectTicket", "ticketId"),),
    numbers="note",
)
PROJECT_TASK = replace(
    TASK,
    name="projectTask",
    path="project/tickets/{projectTicket}/tasks",
    label="Project Task",
    parents=(("projectTicket", "ticketId"),),
    numbers="task",
)

BOARD = RecordType(
    "board",
    "service/boards",
    "Board",
    "board",
    "Service Board",
    (
        ID,
        _text("name", 50, required=True),
        _ref("location", "location", required=True),
        _ref("department", "department", required=True),
        _flag("inactiveFlag", False),
        _flag("projectFlag", False),
        _flag("markFirstNoteIssueFlag", False),
        _enum("billTime", BILL, default="NoDefault"),
        _enum("billExpense", BILL, default="NoDefault"),
        _enum("billProduct", BILL, default="NoDefault"),
        _enum("problemSort", "Ascending Descending", default="Ascending"),
        _enum("resolutionSort", "Ascending Descending", default="Ascending"),
        _enum("internalAnalysisSort", "Ascending Descending", default="Ascending"),
    ),
    href="board_href",
    first_id=1000,
    fixed=True,
)
_OF_BOARD = (("board", "board"),)
_BOARD = _ref("board", "board", write="ignored")
STATUS = RecordType(
    "status",
    "service/boards/{board}/statuses",
    "BoardStatus",
    "boardStatus",
    "Service Status",
    (
        ID,
        _text("name", 50, required=True),
        _BOARD,
        _field("integer", "sortOrder", default=0),
        _flag("displayOnBoard", True),
        _flag("inactive", False),
        _flag("closedStatus", False),
        _flag("timeEntryNotAllowed", False),
        _flag("roundRobinCatchall", False),
        _flag("defaultFlag", False),
        _enum(
            "escalationStatus", "NotResponded Responded ResolutionPlan Resolved NoEscalation", default="NotResponded"
        ),
        _text("customerPortalDescription", 500),
        _flag("customerPortalFlag", False),
        *_loose("emailTemplate", "statusIndicator"),
        _text("customStatusIndicatorName", 30),
        _flag("saveTimeAsNote", False),
    ),
    parents=_OF_BOARD,
    href="status_href",
    first_id=1000,
    fixed=True,
)
TYPE = RecordType(
    "type",
    "service/boards/{board}/types",
    "BoardType",
    "boardType",
    "Service Type",
    (
        ID,
        _text("name", 50, required=True),
        _enum("category", "Reactive Proactive", default="Reactive"),
        _flag("defaultFlag", False),
        _flag("inactiveFlag", False),
        _flag("requestForChangeFlag", False),
        _text("integrationXref", 50),
        *_loose("skillCategory", "skill"),
        _BOARD,
        _ref("location", "location"),
        _ref("department", "department"),
    ),
    parents=_OF_BOARD,
    href="type_href",
    first_id=2000,
    fixed=True,
)
SUBTYPE = RecordType(
    "subType",
    "service/boards/{board}/subtypes",
    "BoardSubType",
    "boardSubType",
    "Service SubType",
    (
        ID,
        _text("name", 50, required=True),
        _flag("inactiveFlag", False),
        _field("integers", "typeAssociationIds", filters=False),
        _flag("addAllTypesFlag", write="action", filters=False),
        _flag("removeAllTypesFlag", write="action", filters=False),
        _BOARD,
    ),
    parents=_OF_BOARD,
    href="subType_href",
    first_id=3000,
    fixed=True,
)
ITEM = RecordType(
    "item",
    "service/boards/{board}/items",
    "BoardItem",
    "boardItem",
    "Service Item",
    (ID, _text("name", 50, required=True), _flag("inactiveFlag", False), _BOARD),
    parents=_OF_BOARD,
    href="item_href",
    first_id=4000,
    fixed=True,
)
TEAM = RecordType(
    "team",
    "service/boards/{board}/teams",
    "BoardTeam",
    "boardTeam",
    "Service Team",
    (
        ID,
        _text("name", 30, required=True),
        _ref("teamLeader", "member", required=True),
        _field("integers", "members", filters=False),
        _flag("defaultFlag", False),
        _flag("notifyOnTicketDelete", False),
        _flag("defaultRoundRobinFlag", False),
        _flag("roundRobinFlag", False),
        *_server(_field("integer", "boardId")),
        _field("integer", "locationId"),
        _field("integer", "businessUnitId"),
    ),
    parents=(("board", "boardId"),),
    href="team_href",
    first_id=5000,
    fixed=True,
)
ASSOCIATION = RecordType(
    "association",
    "service/boards/{board}/typeSubTypeItemAssociations",
    "BoardTypeSubTypeItemAssociation",
    "boardTypeSubTypeItemAssociation",
    "Type SubType Item Association",
    (ID, _ref("type", "type"), _ref("subType", "subType"), _ref("item", "item"), _BOARD),
    parents=_OF_BOARD,
    methods="GET",
    title="id",
    fixed=True,
)

COMPANY = RecordType(
    "company",
    "company/companies",
    "Company",
    "company",
    "company",
    (
        ID,
        _text("identifier", 30, required=True),
        _text("name", 50, required=True),
        _ref("status", "companyStatus"),
        *ADDRESS,
        _text("state", 50),
        _text("zip", 12),
        _ref("country", "country"),
        _text("phoneNumber", 30),
        _text("faxNumber", 30),
        _text("website", 255),
        _ref("territory", "location"),
        _text("accountNumber"),
        *_loose("market", "sicCode", "ownershipType", "calendar", "taxCode", "billingTerms", "invoiceTemplate"),
        *_loose("pricingSchedule", "companyEntityType", "invoiceDeliveryMethod"),
        _ref("territoryManager", "member"),
        _ref("timeZoneSetup", "timeZoneSetup"),
        _ref("billToCompany", "company"),
        _ref("billingSite", "site"),
        _ref("billingContact", "contact"),
        _text("invoiceToEmailAddress"),
        _text("invoiceCCEmailAddress"),
        _text("leadSource", 50),
        _text("resellerIdentifier"),
        _text("facebookUrl"),
        _text("twitterUrl"),
        _text("linkedInUrl"),
        *(_text(f"userDefinedField{number}", 50) for number in range(1, 11)),
        _field("integer", "revenueYear"),
        _ref("defaultContact", "contact"),
        _field("datetime", "dateAcquired"),
        _ref("parentCompany", "company"),
        _field("number", "annualRevenue", default=0),
        _field("integer", "numberOfEmployees"),
        _field("integer", "yearEstablished", limits=(1900, 9999)),
        _flag("leadFlag", False),
        _flag("unsubscribeFlag", False),
        _text("vendorIdentifier"),
        _text("taxIdentifier"),
        *_server(_flag("deletedFlag", False), _field("datetime", "dateDeleted"), _text("deletedBy")),
        *_server(_text("mobileGuid")),
        _ref("currency", "currency"),
        _flag("isVendorFlag", False),
        _field("references", "types", to="companyType", filters=False),
        _ref("site", "site"),
        _field("texts", "integratorTags", filters=False),
        CUSTOM,
    ),
    shows=("identifier",),
    href="company_href",
    screen="co100",
    first_id=1000,
    fixed=True,
)
SITE = RecordType(
    "site",
    "company/companies/{company}/sites",
    "CompanySite",
    "site",
    "Site",
    (
        ID,
        _text("name", 50, required=True),
        *ADDRESS,
        *_loose("stateReference"),
        _text("zip", 12),
        _ref("country", "country"),
        _text("addressFormat"),
        _text("phoneNumber", 30),
        _text("phoneNumberExt", 30),
        _text("faxNumber", 30),
        *_loose("taxCode", "entityType", "calendar"),
        _field("number", "expenseReimbursement"),
        _ref("timeZone", "timeZoneSetup"),
        _flag("primaryAddressFlag", False),
        _flag("defaultShippingFlag", False),
        _flag("defaultBillingFlag", False),
        _flag("defaultMailingFlag", False),
        _flag("inactiveFlag", False),
        _flag("billSeparateFlag", False),
        *_server(_text("mobileGuid")),
        _ref("company", "company", write="ignored"),
    ),
    parents=(("company", "company"),),
    href="site_href",
    first_id=2000,
    fixed=True,
)
COMPANY_STATUS = RecordType(
    "companyStatus",
    "company/companies/statuses",
    "CompanyStatus",
    "companyStatus",
    "Company Status",
    (
        ID,
        _text("name", 50, required=True),
        _flag("defaultFlag", False),
        _flag("inactiveFlag", False),
        _flag("notifyFlag", False),
        _flag("disallowSavingFlag", False),
        _text("notificationMessage", 500),
    ),
    href="status_href",
    first_id=100,
    fixed=True,
)
COMPANY_TYPE = RecordType(
    "companyType",
    "company/companies/types",
    "CompanyType",
    "companyType",
    "Company Type",
    (
        ID,
        _text("name", 50, required=True),
        _flag("defaultFlag", False),
        _flag("vendorFlag", False),
        _flag("serviceAlertFlag", False),
        _text("serviceAlertMessage", 150),
    ),
    href="type_href",
    first_id=100,
    fixed=True,
)
COMMUNICATION_ITEM = (
    ID,
    _ref("type", "communicationType"),
    _text("value"),
    _text("extension"),
    _flag("defaultFlag", False),
    *_server(_text("domain")),
    _enum("communicationType", "Email Fax Phone"),
)
CONTACT = RecordType(
    "contact",
    "company/contacts",
    "Contact",
    "contact",
    "Contact",
    (
        ID,
        _text("firstName", 30, required=True),
        _text("lastName", 30),
        _ref("company", "company"),
        _ref("site", "site", "company"),
        *ADDRESS,
        _text("state", 50),
        _text("zip", 12),
        _ref("country", "country"),
        _ref("relationship", "contactRelationship"),
        _text("relationshipOverride"),
        _ref("department", "contactDepartment"),
        _flag("inactiveFlag", False),
        _field("integer", "defaultMergeContactId"),
        _text("securityIdentifier"),
        _ref("managerContact", "contact"),
        _ref("assistantContact", "contact"),
        _text("title", 100),
        _text("school"),
        _text("nickName", 30),
        _flag("marriedFlag", False),
        _flag("childrenFlag", False),
        _text("children"),
        _text("significantOther"),
        _field("integer", "portalSecurityLevel"),
        _flag("disablePortalLoginFlag", True),
        _enum("gender", "Female Male"),
        _field("datetime", "birthDay"),
        _field("datetime", "anniversary"),
        _text("facebookUrl"),
        _text("twitterUrl"),
        _text("linkedInUrl"),
        *(_text(f"userDefinedField{number}", 50) for number in range(1, 11)),
        _ref("companyLocation", "location"),
        _flag("unsubscribeFlag", False),
        *_server(
            _text("mobileGuid"), _text("defaultPhoneType"), _text("defaultPhoneNbr"), _text("defaultPhoneExtension")
        ),
        _flag("defaultBillingFlag", False),
        _flag("defaultFlag", False),
        _field("children", "communicationItems", children=COMMUNICATION_ITEM, filters=False),
        *_server(_field("references", "types", to="contactType", filters=False)),
        _field("texts", "integratorTags", filters=False),
        CUSTOM,
        _flag("ignoreDuplicates", write="action", filters=False),
        _field("integers", "typeIds", write="create", filters=False),
    ),
    title="_title",
    href="contact_href",
    screen="ct300",
    first_id=3000,
)
COMMUNICATION = RecordType(
    "communication",
    "company/contacts/{contact}/communications",
    "ContactCommunication",
    "contactCommunication",
    "Communication",
    (
        ID,
        *_server(_field("integer", "contactId")),
        _ref("type", "communicationType", required=True),
        _text("value", 250, required=True),
        _text("extension", 15),
        _flag("defaultFlag", False),
        *_server(_text("mobileGuid"), _enum("communicationType", "Email Fax Phone"), _text("domain")),
    ),
    methods="",
)
TYPE_ASSOCIATION = RecordType(
    "contactTypeAssociation",
    "company/contacts/{contact}/typeAssociations",
    "ContactTypeAssociation",
    "contactTypeAssociation",
    "Contact Type Association",
    (ID, _ref("type", "contactType", required=True), _ref("contact", "contact", required=True)),
    methods="",
)
CONTACT_TYPE = RecordType(
    "contactType",
    "company/contacts/types",
    "ContactType",
    "contactType",
    "Contact Type",
    (
        ID,
        _text("description", 50, required=True),
        _flag("defaultFlag", False),
        _flag("serviceAlertFlag", False),
        _text("serviceAlertMessage", 150),
    ),
    title="description",
    href="type_href",
    first_id=100,
    fixed=True,
)
COMMUNICATION_TYPE = RecordType(
    "communicationType",
    "company/communicationTypes",
    "CommunicationType",
    "communicationType",
    "Communication Type",
    (
        ID,
        _text("description", required=True),
        _flag("phoneFlag", False),
        _flag("faxFlag", False),
        _flag("emailFlag", False),
        _flag("defaultFlag", False),
    ),
    title="description",
    href="type_href",
    first_id=100,
    fixed=True,
)

CONFIGURATION = RecordType(
    "configuration",
    "company/configurations",
    "CompanyConfiguration",
    "configuration",
    "Configuration",
    (
        ID,
        _text("name", 100, required=True),
        _ref("type", "configurationType", required=True),
        _ref("status", "configurationStatus"),
        _ref("company", "company", required=True),
        _ref("contact", "contact", "company"),
        _ref("site", "site", "company"),
        _field("integer", "locationId"),
        _ref("location", "location"),
        _field("integer", "businessUnitId"),
        _ref("department", "department"),
        _text("deviceIdentifier", 100),
        _text("serialNumber", 250),
        _text("modelNumber", 50),
        _text("tagNumber", 50),
        _field("datetime", "purchaseDate"),
        _field("datetime", "installationDate"),
        _ref("installedBy", "member"),
        _field("datetime", "warrantyExpirationDate"),
        _text("vendorNotes"),
        _text("notes"),
        _text("macAddress", 25),
        _text("lastLoginName", 100),
        _flag("billFlag", False),
        _field("integer", "backupSuccesses"),
        _field("integer", "backupIncomplete"),
        _field("integer", "backupFailed"),
        _field("integer", "backupRestores"),
        _field("datetime", "lastBackupDate"),
        _text("backupServerName", 50),
        _field("number", "backupBillableSpaceGb"),
        _text("backupProtectedDeviceList"),
        _field("integer", "backupYear"),
        _field("integer", "backupMonth"),
        _text("ipAddress", 50),
        _text("defaultGateway", 50),
        _text("osType", 250),
        _text("osInfo", 250),
        _text("cpuSpeed", 100),
        _text("ram", 25),
        _text("localHardDrives"),
        _field("integer", "parentConfigurationId"),
        _ref("vendor", "company"),
        _ref("manufacturer", "manufacturer"),
        _field("questions", "questions", filters=False),
        *_server(_flag("activeFlag", True)),
        _text("managementLink", 1000),
        _text("remoteLink", 1000),
        _ref("sla", "sla"),
        *_server(_text("mobileGuid")),
        _flag("displayVendorFlag", False),
        _field("integer", "companyLocationId"),
        _flag("showRemoteFlag", False),
        _flag("showAutomateFlag", False),
        _flag("needsRenewalFlag", False),
        _text("manufacturerPartNumber", 50),
        CUSTOM,
    ),
    href="configuration_href",
    screen="cf100",
    first_id=80000,
    indexes=("deviceIdentifier", "name"),
)
CONFIGURATION_TYPE = RecordType(
    "configurationType",
    "company/configurations/types",
    "ConfigurationType",
    "configurationType",
    "Configuration Type",
    (ID, _text("name", 50, required=True), _flag("inactiveFlag", False), _flag("systemFlag", False)),
    href="type_href",
    first_id=100,
    fixed=True,
)
CONFIGURATION_STATUS = RecordType(
    "configurationStatus",
    "company/configurations/statuses",
    "ConfigurationStatus",
    "configurationStatus",
    "Configuration Status",
    (ID, _text("description", 50, required=True), _flag("closedFlag", False), _flag("defaultFlag", False)),
    title="description",
    href="status_href",
    first_id=100,
    fixed=True,
)
QUESTION = RecordType(
    "question",
    "company/configurations/types/{configurationType}/questions",
    "ConfigurationTypeQuestion",
    "configurationTypeQuestion",
    "Configuration Type Question",
    (
        ID,
        _ref("configurationType", "configurationType", write="ignored"),
        _enum("fieldType", FIELD_TYPES, required=True),
        _enum("entryType", ENTRY_TYPES, required=True),
        _field("number", "sequenceNumber", required=True),
        _text("question", 1000, required=True),
        _field("integer", "numberOfDecimals"),
        _flag("requiredFlag", False),
        _flag("inactiveFlag", False),
    ),
    parents=(("configurationType", "configurationType"),),
    title="question",
    href="question_href",
    first_id=500,
    fixed=True,
)
QUESTION_VALUE = RecordType(
    "questionValue",
    "company/configurations/types/{configurationType}/questions/{question}/values",
    "ConfigurationTypeQuestionValue",
    "configurationTypeQuestionValue",
    "Configuration Type Question Value",
    (
        ID,
        _ref("configurationType", "configurationType", write="ignored"),
        _ref("question", "question", write="ignored"),
        _text("value", 1000, required=True),
        _flag("defaultFlag", False),
        _flag("inactiveFlag", False),
    ),
    parents=(("configurationType", "configurationType"), ("question", "question")),
    title="value",
    first_id=500,
    fixed=True,
)

PRIORITY = RecordType(
    "priority",
    "service/priorities",
    "Priority",
    "priority",
    "Priority",
    (
        ID,
        _text("name", 50, required=True),
        _enum(
            "color",
            "Black Blue Cyan Gray Green Lime Orange Pink Purple Red White Yellow Custom",
            required=True,
        ),
        _field("integer", "sortOrder", default=0),
        _flag("defaultFlag", False),
        _text("imageLink"),
        *_server(_text("urgencySortOrder"), _text("level")),
    ),
    href="priority_href",
    image=True,
    first_id=100,
    fixed=True,
)
_NAMED = (ID, _text("name", 50, required=True))
SOURCE = RecordType(
    "source",
    "service/sources",
    "Source",
    "source",
    "Source",
    (*_NAMED, _flag("defaultFlag", False), *_server(_text("enteredBy"), _field("datetime", "dateEntered"))),
    href="source_href",
    first_id=100,
    fixed=True,
)
_SEVERITY_FIELDS = (
    ID,
    *_server(_text("name")),
    _text("description", 200, required=True),
    _flag("defaultFlag", False),
)
SEVERITY = RecordType(
    "severity", "service/severities", "Severity", "severity", "Severity", _SEVERITY_FIELDS,
    methods="GET PUT PATCH", fixed=True,
)  # fmt: skip
IMPACT = RecordType(
    "impact", "service/impacts", "Impact", "impact", "Impact", _SEVERITY_FIELDS,
    methods="GET PUT PATCH", fixed=True,
)  # fmt: skip
SERVICE_LOCATION = RecordType(
    "serviceLocation",
    "service/locations",
    "ServiceLocation",
    "serviceLocation",
    "Service Location",
    (
        ID,
        _text("name", 30, required=True),
        _enum("where", "OnSite Remote InHouse", required=True),
        _flag("defaultFlag", False),
    ),
    href="location_href",
    first_id=100,
    fixed=True,
)
SLA = RecordType(
    "sla",
    "service/SLAs",
    "SLA",
    "sla",
    "SLA",
    (
        ID,
        _text("name", 25, required=True),
        _enum("basedOn", "AllHours Customer MyCalendar Custom", required=True),
        _flag("defaultFlag", False),
    ),
    href="sla_href",
    first_id=100,
    fixed=True,
)
_INVOICING = "RemainOnInvoicingScreen ShowRecentInvoices"
MEMBER = RecordType(
    "member",
    "system/members",
    "Member",
    "member",
    "Member",
    (
        ID,
        _text("identifier", 15, required=True),
        _enum("licenseClass", "A C F X", required=True),
        _text("notes"),
        _flag("inactiveFlag", False),
        _text("firstName", 30, required=True),
        _text("middleInitial", 1),
        _text("lastName", 30, required=True),
        _field("datetime", "hireDate", required=True),
        _text("officeEmail", 250),
        _enum("defaultEmail", "Office Mobile Home", required=True),
        *_server(_text("primaryEmail")),
        _text("officePhone", 15),
        _enum("defaultPhone", "Office Mobile Home", required=True),
        _text("title"),
        _ref("securityRole", "securityRole"),
        _ref("timeZone", "timeZoneSetup"),
        _ref("defaultLocation", "location"),
        _ref("defaultDepartment", "department"),
        _ref("serviceDefaultBoard", "board"),
        _enum("companyActivityTabFormat", "SummaryList DetailList", default="SummaryList"),
        _enum("invoiceTimeTabFormat", "SummaryList DetailList", default="SummaryList"),
        _enum(
            "invoiceScreenDefaultTabFormat", "ShowInvoicingTab ShowAgreementInvoicingTab", default="ShowInvoicingTab"
        ),
        _enum("invoicingDisplayOptions", _INVOICING, default="RemainOnInvoicingScreen"),
        _enum("agreementInvoicingDisplayOptions", _INVOICING, default="RemainOnInvoicingScreen"),
    ),
    methods="GET POST PUT PATCH",
    title="_title",
    shows=("identifier",),
    href="member_href",
    image=True,
    first_id=1000,
    fixed=True,
)
LOCATION = RecordType(
    "location",
    "system/locations",
    "Location",
    "location",
    "Location",
    (
        ID,
        _ref("structureLevel", "structureLevel"),
        _text("name", 50, required=True),
        _flag("locationFlag", True),
        _flag("clientFlag", False),
    ),
    href="location_href",
    first_id=100,
    fixed=True,
)
DEPARTMENT = RecordType(
    "department",
    "system/departments",
    "Department",
    "department",
    "Department",
    (ID, _text("identifier", 15, required=True), _text("name", 50, required=True)),
    shows=("identifier",),
    href="department_href",
    first_id=100,
    fixed=True,
)
OPTION = (
    ID,
    _text("optionValue", 1000),
    _flag("defaultFlag", False),
    _flag("inactiveFlag", False),
    _field("integer", "sortOrder"),
)
USER_DEFINED_FIELD = RecordType(
    "userDefinedField",
    "system/userDefinedFields",
    "UserDefinedField",
    "userDefinedField",
    "User Defined Field",
    (
        ID,
        _field("integer", "podId", required=True),
        _text("podDescription", write="ignored"),
        _text("caption", 25, required=True),
        _field("integer", "sequenceNumber", required=True, limits=(1, 500)),
        _text("screenId", 25),
        _text("screenDescription", write="ignored"),
        _text("helpText", 1000),
        _enum("fieldTypeIdentifier", FIELD_TYPES, required=True),
        _field("integer", "numberDecimals", default=0),
        _enum("entryTypeIdentifier", ENTRY_TYPES),
        _flag("requiredFlag", False),
        _flag("displayOnScreenFlag", True),
        _flag("readOnlyFlag", False),
        _flag("listViewFlag", False),
        _text("buttonUrl", 1000),
        _field("children", "options", children=OPTION, filters=False),
        _field("integers", "businessUnitIds", filters=False),
        _field("integers", "locationIds", filters=False),
        _flag("addAllBusinessUnits", write="action", filters=False),
        _flag("removeAllBusinessUnits", write="action", filters=False),
        _flag("addAllLocations", write="action", filters=False),
        _flag("removeAllLocations", write="action", filters=False),
        *_server(_text("connectWiseID"), _field("datetime", "dateCreated")),
    ),
    title="caption",
    first_id=100,
    fixed=True,
)

TIME_ENTRY = RecordType(
    "timeEntry",
    "time/entries",
    "TimeEntry",
    "timeEntry",
    "Time Entry",
    (
        ID,
        _ref("company", "company"),
        _field("integer", "chargeToId"),
        _enum("chargeToType", "ServiceTicket ProjectTicket ChargeCode Activity"),
        _ref("member", "member"),
        _field("integer", "locationId"),
        _field("integer", "businessUnitId"),
        _ref("workType", "workType"),
        _ref("workRole", "workRole"),
        _field("datetime", "timeStart", required=True),
        _field("datetime", "timeEnd"),
        _field("number", "hoursDeduct"),
        _field("number", "actualHours"),
        _enum("billableOption", BILL, default="Billable", required_on_put=True),
        _text("notes"),
        _text("internalNotes"),
        _flag("addToDetailDescriptionFlag", False),
        _flag("addToInternalAnalysisFlag", False),
        _flag("addToResolutionFlag", False),
        _flag("emailResourceFlag", False),
        _flag("emailContactFlag", False),
        _flag("emailCcFlag", False),
        _text("emailCc"),
        *_server(
            _field("number", "hoursBilled"),
            _text("enteredBy"),
            _field("datetime", "dateEntered"),
            _text("mobileGuid"),
        ),
        _enum(
            "status",
            "Open Rejected PendingApproval ErrorsCorrected PendingProjectApproval ApprovedByTierOne "
            "RejectBySecondTier ApprovedByTierTwo ReadyToBill Billed WrittenOff BilledAgreement",
            default="Open",
            write="ignored",
        ),
        _ref("agreement", "agreement"),
        _field("number", "hourlyRate"),
        _field("number", "overageRate"),
        _field("number", "invoiceHours"),
        _ref("location", "location"),
        _ref("department", "department"),
        *_loose("taxCode"),
        *_server(
            *_loose("activity", "invoice", "timeSheet"),
            *(_text(name) for name in ("companyType", "businessGroupDesc", "agreementType", "projectActivity")),
            *(_text(name) for name in ("territory", "hourlyCost", "ticketType", "ticketSubType", "locationName")),
            *(_field("number", name) for name in ("agreementHours", "agreementAmount", "agreementAdjustment")),
            *(_field("number", name) for name in ("adjustment", "extendedInvoiceAmount")),
            _field("integer", "opportunityRecid"),
            _field("integer", "invoiceReady"),
            _flag("invoiceFlag"),
        ),
        *_server(_ref("ticket", "ticket"), _ref("project", "project"), _ref("phase", "phase")),
        *_server(_text("ticketBoard"), _text("ticketStatus")),
        CUSTOM,
    ),
    title="id",
    screen="te300",
    href="time_href",
    first_id=7000,
    indexes=("ticket",),
)
SCHEDULE_ENTRY = RecordType(
    "scheduleEntry",
    "schedule/entries",
    "ScheduleEntry",
    "schedule",
    "Schedule Entry",
    (
        ID,
        _field("integer", "objectId"),
        _text("name", 250),
        _ref("member", "member"),
        _ref("where", "serviceLocation"),
        _field("datetime", "dateStart"),
        _field("datetime", "dateEnd"),
        _ref("status", "scheduleStatus"),
        _ref("type", "scheduleType", required=True),
        *_loose("span"),
        _flag("startTimeSet"),
        _flag("endTimeSet"),
        *_server(_flag("notificationSent"), _text("notificationResponse")),
        _flag("doneFlag", False),
        _flag("acknowledgedFlag", False),
        _flag("ownerFlag", False),
        _flag("meetingFlag", False),
        _flag("allowScheduleConflictsFlag", False),
        _flag("addMemberToProjectFlag", write="action", filters=False),
        _field("integer", "projectRoleId"),
        _field("datetime", "acknowledgedDate"),
        _field("datetime", "closeDate"),
        _field("number", "hours"),
        _ref("reminder", "reminderTime"),
        _flag("notifyResource", write="action", filters=False),
        *_server(_text("mobileGuid")),
    ),
    href="schedule_href",
    first_id=8000,
    indexes=("objectId",),
)
SCHEDULE_TYPE = RecordType(
    "scheduleType",
    "schedule/types",
    "ScheduleType",
    "scheduleType",
    "Schedule Type",
    (ID, _text("name", 50, required=True), _text("identifier", 1, required=True), _flag("systemFlag", False)),
    shows=("identifier",),
    href="type_href",
    first_id=100,
    fixed=True,
)


DOCUMENT = RecordType(
    "document",
    "system/documents",
    "DocumentInfo",
    "documentInfo",
    "Document",
    (
        ID,
        *_server(
            _text("title"),
            _text("fileName"),
            _text("serverFileName"),
            _text("owner"),
            _flag("linkFlag"),
            _flag("imageFlag"),
            _flag("publicFlag"),
            _flag("htmlTemplateFlag"),
            _flag("readOnlyFlag"),
            _field("integer", "size"),
            _flag("urlFlag"),
            _field("datetime", "createdOnDate"),
            _text("guid"),
        ),
    ),
    methods="GET DELETE",
    title="title",
    href="document_href",
    first_id=9000,
)
SCHEDULE_STATUS = RecordType(
    "scheduleStatus",
    "schedule/statuses",
    "ScheduleStatus",
    "scheduleStatus",
    "Schedule Status",
    (ID, _text("name", 30, required=True), _flag("defaultFlag", False), _flag("showAsTentativeFlag", False)),
    href="status_href",
    first_id=100,
    fixed=True,
)
REMINDER_TIME = RecordType(
    "reminderTime",
    "schedule/reminderTimes",
    "ScheduleReminderTime",
    "reminderTime",
    "Reminder Time",
    (ID, _text("name", 10), _field("integer", "time"), _flag("defaultFlag", False)),
    methods="GET",
    href="reminder_href",
    first_id=100,
    fixed=True,
)
CALLBACK = RecordType(
    "callback",
    "system/callbacks",
    "CallbackEntry",
    "callbackEntry",
    "Callback",
    (
        ID,
        _text("description", 100),
        _text("url", required=True),
        _field("integer", "objectId", required=True),
        _text("type", required=True),
        _text("level", required=True),
        _field("integer", "memberId"),
        _text("payloadVersion", default="3.0.0"),
        _flag("inactiveFlag", False),
        _flag("isSoapCallbackFlag", False),
        _flag("isSelfSuppressedFlag", False),
        *_server(_text("connectWiseID")),
    ),
    title="url",
    first_id=26000,
    fixed=True,
)


def _named(name: str, path: str, model: str, label: str, href: str) -> RecordType:
    """A type of which the simulator keeps names only, so that references to it can be shown; it is not served."""
    return RecordType(name, path, model, name, label, _NAMED, methods="", href=href, first_id=100, fixed=True)


COUNTRY = replace(
    _named("country", "company/countries", "Country", "Country", "country_href"),
    fields=(*_NAMED, _ref("currency", "currency")),
    methods="GET",
)
SERVICE_CODE = replace(
    _named("serviceCode", "service/codes", "ServiceCode", "Service Code", "code_href"),
    fields=(*_NAMED, _text("description", required=True)),
    methods="GET",
)
AGREEMENT_TYPE = _named("agreementType", "finance/agreements/types", "AgreementType", "Agreement Type", "type_href")
AGREEMENT = replace(
    _named("agreement", "finance/agreements", "Agreement", "Agreement", "agreement_href"),
    fields=(
        ID,
        _text("name", 100, required=True),
        _ref("type", "agreementType", required=True),
        _ref("company", "company", required=True),
        _ref("contact", "contact", required=True),
        _ref("site", "site"),
        _ref("location", "location"),
        _ref("department", "department"),
        _field("datetime", "startDate"),
        _field("datetime", "endDate"),
        _flag("noEndingDateFlag", True),
        _flag("cancelledFlag", False),
        _ref("sla", "sla"),
        _enum("billTime", BILL, default="Billable"),
        _enum("billExpenses", BILL, default="Billable"),
        _enum("billProducts", BILL, default="Billable"),
        _field("number", "billAmount", default=0),
        _enum("agreementStatus", "Active Cancelled Expired Inactive", default="Active"),
    ),
    methods="GET",
)
CONTACT_RELATIONSHIP = replace(
    _named("contactRelationship", "company/contacts/relationships", "ContactRelationship", "Relationship", "href"),
    methods="GET",
)
CONTACT_DEPARTMENT = replace(
    _named("contactDepartment", "company/contacts/departments", "ContactDepartment", "Department", "department_href"),
    methods="GET",
)
PROJECT_STATUS = _named("projectStatus", "project/statuses", "ProjectStatus", "Project Status", "status_href")
OPPORTUNITY_STATUS = _named(
    "opportunityStatus", "sales/opportunities/statuses", "OpportunityStatus", "Opportunity Status", "status_href"
)
PROJECT = RecordType(
    "project",
    "project/projects",
    "Project",
    "project",
    "Project",
    (
        ID,
        _text("name", 100, required=True),
        _ref("board", "board", required=True),
        _ref("company", "company", required=True),
        _enum("billingMethod", BILLING, required=True, default="ActualRates"),
        _field("datetime", "estimatedStart", required=True),
        _field("datetime", "estimatedEnd", required=True),
        _ref("status", "projectStatus"),
        _flag("closedFlag", False),
    ),
    methods="GET",
    href="project_href",
    fixed=True,
)
PHASE = RecordType(
    "phase",
    "project/projects/{project}/phases",
    "ProjectPhase",
    "projectPhase",
    "Project Phase",
    (
        ID,
        *_server(_field("integer", "projectId")),
        _text("description", 100, required=True),
        _text("wbsCode", 50),
    ),
    parents=(("project", "projectId"),),
    methods="GET",
    title="description",
    href="phase_href",
    fixed=True,
)
OPPORTUNITY = replace(
    _named("opportunity", "sales/opportunities", "Opportunity", "Opportunity", "opportunity_href"),
    fields=(
        ID,
        _text("name", 100, required=True),
        _ref("company", "company", required=True),
        _ref("contact", "contact", required=True),
        _ref("site", "site"),
        _ref("primarySalesRep", "member", required=True),
        _ref("status", "opportunityStatus"),
        _field("datetime", "expectedCloseDate"),
        _field("datetime", "closedDate"),
    ),
    methods="GET",
)
MANUFACTURER = replace(
    _named("manufacturer", "procurement/manufacturers", "Manufacturer", "Manufacturer", "manufacturer_href"),
    fields=(*_NAMED, _flag("inactiveFlag", False)),
    methods="GET",
)
SECURITY_ROLE = _named("securityRole", "system/securityRoles", "SecurityRole", "Security Role", "securityRole_href")
TIME_ZONE = _named("timeZoneSetup", "system/timeZoneSetups", "TimeZoneSetup", "Time Zone", "timeZoneSetup_href")
STRUCTURE_LEVEL = _named(
    "structureLevel", "system/myCompany/corporateStructureLevels", "CorporateStructureLevel", "Structure Level", "href"
)
WORK_ROLE = replace(
    _named("workRole", "time/workRoles", "WorkRole", "Work Role", "workRole_href"),
    fields=(*_NAMED, _flag("inactiveFlag", False)),
    methods="GET",
)
WORK_TYPE = replace(
    _named("workType", "time/workTypes", "WorkType", "Work Type", "workType_href"),
    fields=(
        *_NAMED,
        _enum("billTime", "Billable DoNotBill NoCharge", default="Billable"),
        _enum("rateType", "AdjAmount Custom Multiplier", default="Multiplier"),
        _field("number", "rate", default=1),
        _flag("inactiveFlag", False),
    ),
    methods="GET",
)
LOCATION_WORK_ROLE = RecordType(
    "locationWorkRole",
    "system/locations/{location}/workRoles",
    "LocationWorkRole",
    "locationWorkRole",
    "Location Work Role",
    (ID, _ref("location", "location"), _ref("workRole", "workRole"), _flag("workRoleInactiveFlag", False)),
    parents=(("location", "location"),),
    methods="GET",
    title="id",
    fixed=True,
)
CURRENCY = replace(
    _named("currency", "finance/currencies", "Currency", "Currency", "currency_href"),
    fields=(
        ID,
        _text("symbol"),
        _text("currencyCode"),
        _text("decimalSeparator"),
        _field("integer", "numberOfDecimals"),
        _text("thousandsSeparator"),
        _flag("negativeParenthesesFlag"),
        _flag("displaySymbolFlag"),
        _text("currencyIdentifier"),
        _flag("displayIdFlag"),
        _flag("rightAlign"),
        _text("name"),
    ),
    shows=(
        "symbol",
        "currencyCode",
        "decimalSeparator",
        "numberOfDecimals",
        "thousandsSeparator",
        "negativeParenthesesFlag",
        "displaySymbolFlag",
        "currencyIdentifier",
        "displayIdFlag",
        "rightAlign",
    ),
)

TYPES: dict[str, RecordType] = {
    record_type.name: record_type
    for record_type in (
        TICKET, NOTE, TASK, PROJECT_TICKET, PROJECT_NOTE, PROJECT_TASK, PROJECT, PROJECT_STATUS, PHASE,
        BOARD, STATUS, TYPE, SUBTYPE, ITEM, TEAM, ASSOCIATION,
        COMPANY, SITE, COMPANY_STATUS, COMPANY_TYPE, CONTACT, CONTACT_TYPE, COMMUNICATION_TYPE,
        CONTACT_RELATIONSHIP, CONTACT_DEPARTMENT,
        CONFIGURATION, CONFIGURATION_TYPE, CONFIGURATION_STATUS, QUESTION, QUESTION_VALUE,
        PRIORITY, SOURCE, SEVERITY, IMPACT, SERVICE_LOCATION, SLA, SERVICE_CODE,
        MEMBER, LOCATION, DEPARTMENT, USER_DEFINED_FIELD, TIME_ENTRY, SCHEDULE_ENTRY, SCHEDULE_TYPE,
        DOCUMENT, SCHEDULE_STATUS, LOCATION_WORK_ROLE, CALLBACK, COUNTRY, AGREEMENT, AGREEMENT_TYPE, OPPORTUNITY,
        OPPORTUNITY_STATUS, MANUFACTURER, SECURITY_ROLE, TIME_ZONE, STRUCTURE_LEVEL,
        WORK_ROLE, WORK_TYPE, CURRENCY, REMINDER_TIME,
    )
}  # fmt: skip


def _same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


VIEWS = (
    View("service/tickets/info", "ticket", _same("id", "summary", "company")),
    View(
        "service/info/boards",
        "board",
        _same("id", "name", "location", "department", "projectFlag", "inactiveFlag", "billTime", "billExpense",
              "billProduct", "problemSort", "internalAnalysisSort", "resolutionSort"),
    ),
    View(
        "service/info/boards/active",
        "board",
        _same("id", "name", "location", "department", "projectFlag", "inactiveFlag"),
        where="json_extract(r.body, '$.inactiveFlag') = 0",
        serves=("list",),
    ),
    View("service/info/boardtypes", "type", _same("id", "name", "board", "inactiveFlag", "defaultFlag")),
    View(
        "service/boards/{board}/statuses/info",
        "status",
        (*_same("id", "name", "sortOrder", "defaultFlag"), ("inactiveFlag", "inactive"),
         ("closedFlag", "closedStatus")),
    ),
    View(
        "service/boards/{board}/subtypes/info", "subType", _same("id", "name", "inactiveFlag", "typeAssociationIds")
    ),
    View("service/boards/{board}/teams/info", "team", _same("id", "name")),
    View("service/sources/info", "source", _same("id", "name", "defaultFlag")),
    View("service/priority/info", "priority", _same("id", "name", "color", "sortOrder", "defaultFlag"),
         serves=("list", "one")),
    View("service/slas/info", "sla", _same("id", "name"), serves=("list", "one")),
    View("service/locations/info", "serviceLocation", _same("id", "name", "defaultFlag")),
    View(
        "company/companies/info",
        "company",
        _same("id", "identifier", "name", "territory", "defaultContact", "phoneNumber", "city", "site",
              "isVendorFlag", "currency", "deletedFlag", "types", "status", "addressLine1", "addressLine2", "state",
              "country", "zip", "leadFlag", "faxNumber"),
        serves=("list", "count"),
    ),
    View(
        "company/companies/{company}/sites/info",
        "site",
        _same("id", "name", "addressLine1", "addressLine2", "city", "country", "zip", "phoneNumber", "inactiveFlag",
              "defaultShippingFlag", "defaultBillingFlag", "primaryAddressFlag"),
    ),
    View(
        "company/contacts/info",
        "contact",
        _same("id", "firstName", "lastName", "communicationItems", "defaultPhoneNbr", "defaultPhoneType",
              "defaultFlag", "company", "site", "inactiveFlag", "title", "types", "defaultBillingFlag"),
    ),
    View(
        "company/configurations/types/info",
        "configurationType",
        _same("id", "name", "inactiveFlag", "systemFlag"),
        serves=("one",),
    ),
    View(
        "company/configurations/statuses/info",
        "configurationStatus",
        _same("id", "description", "closedFlag", "defaultFlag"),
    ),
    View(
        "system/info/members",
        "member",
        (*_same("id", "identifier", "firstName", "middleInitial", "lastName"), ("fullName", "_title"),
         *_same("defaultEmail", "licenseClass", "inactiveFlag")),
    ),
    View("company/communicationTypes/info", "communicationType",
         _same("id", "description", "phoneFlag", "faxFlag", "emailFlag", "defaultFlag")),
    View("company/contacts/types/info", "contactType", _same("id", "description", "defaultFlag"),
         serves=("list", "one")),
    View("company/contacts/departments/info", "contactDepartment", _same("id", "name")),
    View("procurement/manufacturers/info", "manufacturer", _same("id", "name", "inactiveFlag"), serves=("list", "one")),
    View("schedule/statuses/info", "scheduleStatus", _same("id", "name", "defaultFlag", "showAsTentativeFlag")),
    View("schedule/types/info", "scheduleType", _same("id", "name", "identifier", "systemFlag")),
    View("time/workRoles/info", "workRole", _same("id", "name", "inactiveFlag")),
    View("time/workTypes/info", "workType", _same("id", "name", "inactiveFlag"), serves=("list", "one")),
    View("system/info/locations", "location", _same("id", "name", "structureLevel")),
    View("system/info/departments", "department", _same("id", "name")),
    View(
        "system/userDefinedFields/info",
        "userDefinedField",
        _same("id", "podId", "caption", "sequenceNumber", "helpText", "fieldTypeIdentifier", "numberDecimals",
              "entryTypeIdentifier", "requiredFlag", "displayOnScreenFlag", "readOnlyFlag", "listViewFlag",
              "options", "businessUnitIds", "locationIds", "dateCreated"),
    ),
)  # fmt: skip

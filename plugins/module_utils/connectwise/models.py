# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of ConnectWise as dataclasses.

Attributes are named as the API names them (fact sheet, appendix A). Each may be None: the server leaves empty
fields out, and a query with ``fields`` brings only some. What a newer server adds is kept in ``extra``. Dates are the
API's texts, in UTC (``2026-03-31T17:00:00Z``); the ``*_datetime`` properties give them as datetime with zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import datetime, timezone
from typing import Any, TypeVar

Reference = dict[str, Any]
RecordType = TypeVar("RecordType", bound="Record")


def parse_datetime(text: str | None) -> datetime | None:
    """A date of the API (str) as datetime in UTC; None for None and for what is no date."""
    # Python 3.9 reads neither fractions of any length nor +0000.
    plain = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", str(text or "").replace("Z", "+00:00"))
    plain = re.sub(r"\.(\d+)", lambda digits: f".{digits[1][:6]:0<6}", plain)
    try:
        parsed = datetime.fromisoformat(plain)
        return parsed.astimezone(timezone.utc) if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def name_in(reference: Reference | None, key: str = "name") -> str | None:
    """A member of a reference (str); None where there is no reference."""
    return reference.get(key) if isinstance(reference, dict) else None


@dataclass(eq=False, repr=False)
class Record:
    """What every record has.

    Equality and text stand here once, for to generate them for a hundred fields a record costs each module's start.
    """

    id: int | None = None
    _info: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls: type[RecordType], data: dict[str, Any]) -> RecordType:
        """The record that the API gave as ``data``, whole or in part."""
        known = cls.__dataclass_fields__
        record = cls.__new__(cls)
        # Not by __init__, which sets a hundred fields one by one: what is not given is None by the class.
        record.__dict__.update({name: value for name, value in data.items() if name in known})
        record.extra = {name: value for name, value in data.items() if name not in known or name == "extra"}
        return record

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.to_dict().items())})"

    def to_dict(self) -> dict[str, Any]:
        """The record as the API gives it: fields that are None left out, unknown ones kept."""
        known = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "extra"}
        return {**{name: value for name, value in known.items() if value is not None}, **self.extra}

    @property
    def last_updated(self) -> str | None:
        return name_in(self._info, "lastUpdated")

    @property
    def updated_by(self) -> str | None:
        return name_in(self._info, "updatedBy")


@dataclass(eq=False, repr=False)
class Ticket(Record):
    """A service ticket (fact sheet 7)."""

    summary: str | None = None
    recordType: str | None = None
    board: Reference | None = None
    status: Reference | None = None
    workRole: Reference | None = None
    workType: Reference | None = None
    company: Reference | None = None
    site: Reference | None = None
    siteName: str | None = None
    addressLine1: str | None = None
    addressLine2: str | None = None
    city: str | None = None
    stateIdentifier: str | None = None
    zip: str | None = None
    country: Reference | None = None
    contact: Reference | None = None
    contactName: str | None = None
    contactPhoneNumber: str | None = None
    contactPhoneExtension: str | None = None
    contactEmailAddress: str | None = None
    type: Reference | None = None
    subType: Reference | None = None
    item: Reference | None = None
    team: Reference | None = None
    owner: Reference | None = None
    priority: Reference | None = None
    serviceLocation: Reference | None = None
    source: Reference | None = None
    requiredDate: str | None = None
    budgetHours: float | None = None
    opportunity: Reference | None = None
    agreement: Reference | None = None
    agreementType: str | None = None
    severity: str | None = None
    impact: str | None = None
    externalXRef: str | None = None
    poNumber: str | None = None
    knowledgeBaseCategoryId: int | None = None
    knowledgeBaseSubCategoryId: int | None = None
    allowAllClientsPortalView: bool | None = None
    customerUpdatedFlag: bool | None = None
    automaticEmailContactFlag: bool | None = None
    automaticEmailResourceFlag: bool | None = None
    automaticEmailCcFlag: bool | None = None
    automaticEmailCc: str | None = None
    initialDescription: str | None = None
    initialInternalAnalysis: str | None = None
    initialResolution: str | None = None
    initialDescriptionFrom: str | None = None
    contactEmailLookup: str | None = None
    processNotifications: bool | None = None
    skipCallback: bool | None = None
    closedDate: str | None = None
    closedBy: str | None = None
    closedFlag: bool | None = None
    actualHours: float | None = None
    approved: bool | None = None
    estimatedExpenseCost: float | None = None
    estimatedExpenseRevenue: float | None = None
    estimatedProductCost: float | None = None
    estimatedProductRevenue: float | None = None
    estimatedTimeCost: float | None = None
    estimatedTimeRevenue: float | None = None
    billingMethod: str | None = None
    billingAmount: float | None = None
    hourlyRate: float | None = None
    subBillingMethod: str | None = None
    subBillingAmount: float | None = None
    subDateAccepted: str | None = None
    dateResolved: str | None = None
    dateResplan: str | None = None
    dateResponded: str | None = None
    resolveMinutes: int | None = None
    resPlanMinutes: int | None = None
    respondMinutes: int | None = None
    isInSla: bool | None = None
    knowledgeBaseLinkId: int | None = None
    resources: str | None = None
    parentTicketId: int | None = None
    hasChildTicket: bool | None = None
    hasMergedChildTicketFlag: bool | None = None
    knowledgeBaseLinkType: str | None = None
    billTime: str | None = None
    billExpenses: str | None = None
    billProducts: str | None = None
    predecessorType: str | None = None
    predecessorId: int | None = None
    predecessorClosedFlag: bool | None = None
    lagDays: int | None = None
    lagNonworkingDaysFlag: bool | None = None
    estimatedStartDate: str | None = None
    duration: int | None = None
    location: Reference | None = None
    department: Reference | None = None
    mobileGuid: str | None = None
    sla: Reference | None = None
    slaStatus: str | None = None
    requestForChangeFlag: bool | None = None
    currency: Reference | None = None
    mergedParentTicket: Reference | None = None
    integratorTags: list[str] | None = None
    escalationStartDateUTC: str | None = None
    escalationLevel: int | None = None
    minutesBeforeWaiting: int | None = None
    respondedSkippedMinutes: int | None = None
    resplanSkippedMinutes: int | None = None
    respondedHours: float | None = None
    respondedBy: str | None = None
    resplanHours: float | None = None
    resplanBy: str | None = None
    resolutionHours: float | None = None
    resolvedBy: str | None = None
    minutesWaiting: int | None = None
    customFields: list[dict[str, Any]] | None = None

    @property
    def board_name(self) -> str | None:
        return name_in(self.board, "name")

    @property
    def status_name(self) -> str | None:
        return name_in(self.status, "name")

    @property
    def company_name(self) -> str | None:
        return name_in(self.company, "name")

    @property
    def company_identifier(self) -> str | None:
        return name_in(self.company, "identifier")

    @property
    def priority_name(self) -> str | None:
        return name_in(self.priority, "name")

    @property
    def owner_name(self) -> str | None:
        return name_in(self.owner, "name")

    @property
    def owner_identifier(self) -> str | None:
        return name_in(self.owner, "identifier")

    @property
    def type_name(self) -> str | None:
        return name_in(self.type, "name")

    @property
    def source_name(self) -> str | None:
        return name_in(self.source, "name")

    @property
    def team_name(self) -> str | None:
        return name_in(self.team, "name")

    @property
    def is_closed(self) -> bool:
        """Whether the status is one that closes a ticket; False where the record does not say."""
        return bool(self.closedFlag)

    @property
    def closed_datetime(self) -> datetime | None:
        return parse_datetime(self.closedDate)

    @property
    def required_datetime(self) -> datetime | None:
        return parse_datetime(self.requiredDate)

    @property
    def last_updated_datetime(self) -> datetime | None:
        return parse_datetime(self.last_updated)

    @property
    def entered_datetime(self) -> datetime | None:
        return parse_datetime(name_in(self._info, "dateEntered"))


@dataclass(eq=False, repr=False)
class Configuration(Record):
    """A configuration: a device or another asset of a company (fact sheet 9)."""

    name: str | None = None
    type: Reference | None = None
    status: Reference | None = None
    company: Reference | None = None
    contact: Reference | None = None
    site: Reference | None = None
    locationId: int | None = None
    location: Reference | None = None
    businessUnitId: int | None = None
    department: Reference | None = None
    deviceIdentifier: str | None = None
    serialNumber: str | None = None
    modelNumber: str | None = None
    tagNumber: str | None = None
    purchaseDate: str | None = None
    installationDate: str | None = None
    installedBy: Reference | None = None
    warrantyExpirationDate: str | None = None
    vendorNotes: str | None = None
    notes: str | None = None
    macAddress: str | None = None
    lastLoginName: str | None = None
    billFlag: bool | None = None
    backupSuccesses: int | None = None
    backupIncomplete: int | None = None
    backupFailed: int | None = None
    backupRestores: int | None = None
    lastBackupDate: str | None = None
    backupServerName: str | None = None
    backupBillableSpaceGb: float | None = None
    backupProtectedDeviceList: str | None = None
    backupYear: int | None = None
    backupMonth: int | None = None
    ipAddress: str | None = None
    defaultGateway: str | None = None
    osType: str | None = None
    osInfo: str | None = None
    cpuSpeed: str | None = None
    ram: str | None = None
    localHardDrives: str | None = None
    parentConfigurationId: int | None = None
    vendor: Reference | None = None
    manufacturer: Reference | None = None
    questions: list[dict[str, Any]] | None = None
    activeFlag: bool | None = None
    managementLink: str | None = None
    remoteLink: str | None = None
    sla: Reference | None = None
    mobileGuid: str | None = None
    displayVendorFlag: bool | None = None
    companyLocationId: int | None = None
    showRemoteFlag: bool | None = None
    showAutomateFlag: bool | None = None
    needsRenewalFlag: bool | None = None
    manufacturerPartNumber: str | None = None
    customFields: list[dict[str, Any]] | None = None

    @property
    def type_name(self) -> str | None:
        return name_in(self.type, "name")

    @property
    def status_name(self) -> str | None:
        return name_in(self.status, "name")

    @property
    def company_name(self) -> str | None:
        return name_in(self.company, "name")

    @property
    def company_identifier(self) -> str | None:
        return name_in(self.company, "identifier")

    @property
    def site_name(self) -> str | None:
        return name_in(self.site, "name")

    @property
    def vendor_name(self) -> str | None:
        return name_in(self.vendor, "name")

    @property
    def manufacturer_name(self) -> str | None:
        return name_in(self.manufacturer, "name")

    @property
    def is_active(self) -> bool:
        """False only where the record says so."""
        return self.activeFlag is not False

    @property
    def attached_name(self) -> str | None:
        """The name, also of an entry in a ticket's list of configurations, which has it in ``_info`` only (9.7)."""
        return self.name or name_in(self._info, "name")

    @property
    def purchase_datetime(self) -> datetime | None:
        return parse_datetime(self.purchaseDate)

    @property
    def installation_datetime(self) -> datetime | None:
        return parse_datetime(self.installationDate)

    @property
    def warranty_expiration_datetime(self) -> datetime | None:
        return parse_datetime(self.warrantyExpirationDate)


@dataclass(eq=False, repr=False)
class Note(Record):
    """A note of a ticket (fact sheet 8)."""

    ticketId: int | None = None
    text: str | None = None
    detailDescriptionFlag: bool | None = None
    internalAnalysisFlag: bool | None = None
    resolutionFlag: bool | None = None
    issueFlag: bool | None = None
    member: Reference | None = None
    contact: Reference | None = None
    customerUpdatedFlag: bool | None = None
    processNotifications: bool | None = None
    dateCreated: str | None = None
    createdBy: str | None = None
    internalFlag: bool | None = None
    externalFlag: bool | None = None
    sentimentScore: float | None = None

    @property
    def is_discussion(self) -> bool:
        """Shown in the discussion, where the customer reads it."""
        return bool(self.detailDescriptionFlag)

    @property
    def is_internal(self) -> bool:
        """Shown in the internal analysis."""
        return bool(self.internalAnalysisFlag)

    @property
    def is_resolution(self) -> bool:
        """Shown in the resolution."""
        return bool(self.resolutionFlag)

    @property
    def member_name(self) -> str | None:
        return name_in(self.member, "name")

    @property
    def contact_name(self) -> str | None:
        return name_in(self.contact, "name")

    @property
    def created_datetime(self) -> datetime | None:
        return parse_datetime(self.dateCreated)

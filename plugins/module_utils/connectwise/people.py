# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Companies, their contacts, and the members who work for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .conditions import Condition
from .endpoints import Conditions, Endpoints
from .models import Record, Reference, name_in


@dataclass(eq=False, repr=False)
class Company(Record):
    """A company (fact sheet 10). Deleted ones are kept, with ``deletedFlag``."""

    identifier: str | None = None
    name: str | None = None
    status: Reference | None = None
    addressLine1: str | None = None
    addressLine2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: Reference | None = None
    phoneNumber: str | None = None
    faxNumber: str | None = None
    website: str | None = None
    territory: Reference | None = None
    market: Reference | None = None
    accountNumber: str | None = None
    defaultContact: Reference | None = None
    dateAcquired: str | None = None
    sicCode: Reference | None = None
    parentCompany: Reference | None = None
    annualRevenue: float | None = None
    numberOfEmployees: int | None = None
    yearEstablished: int | None = None
    revenueYear: int | None = None
    ownershipType: Reference | None = None
    timeZoneSetup: Reference | None = None
    leadSource: str | None = None
    leadFlag: bool | None = None
    unsubscribeFlag: bool | None = None
    calendar: Reference | None = None
    userDefinedField1: str | None = None
    userDefinedField2: str | None = None
    userDefinedField3: str | None = None
    userDefinedField4: str | None = None
    userDefinedField5: str | None = None
    userDefinedField6: str | None = None
    userDefinedField7: str | None = None
    userDefinedField8: str | None = None
    userDefinedField9: str | None = None
    userDefinedField10: str | None = None
    vendorIdentifier: str | None = None
    taxIdentifier: str | None = None
    taxCode: Reference | None = None
    billingTerms: Reference | None = None
    invoiceTemplate: Reference | None = None
    pricingSchedule: Reference | None = None
    companyEntityType: Reference | None = None
    billToCompany: Reference | None = None
    billingSite: Reference | None = None
    billingContact: Reference | None = None
    invoiceDeliveryMethod: Reference | None = None
    invoiceToEmailAddress: str | None = None
    invoiceCCEmailAddress: str | None = None
    deletedFlag: bool | None = None
    dateDeleted: str | None = None
    deletedBy: str | None = None
    mobileGuid: str | None = None
    facebookUrl: str | None = None
    twitterUrl: str | None = None
    linkedInUrl: str | None = None
    currency: Reference | None = None
    territoryManager: Reference | None = None
    resellerIdentifier: str | None = None
    isVendorFlag: bool | None = None
    types: list[dict[str, Any]] | None = None
    site: Reference | None = None
    integratorTags: list[str] | None = None
    customFields: list[dict[str, Any]] | None = None

    @property
    def status_name(self) -> str | None:
        return name_in(self.status, "name")

    @property
    def site_name(self) -> str | None:
        return name_in(self.site, "name")

    @property
    def contact_name(self) -> str | None:
        return name_in(self.defaultContact, "name")


@dataclass(eq=False, repr=False)
class Contact(Record):
    """A contact of a company."""

    firstName: str | None = None
    lastName: str | None = None
    company: Reference | None = None
    site: Reference | None = None
    addressLine1: str | None = None
    addressLine2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: Reference | None = None
    relationship: Reference | None = None
    relationshipOverride: str | None = None
    department: Reference | None = None
    inactiveFlag: bool | None = None
    defaultMergeContactId: int | None = None
    securityIdentifier: str | None = None
    managerContact: Reference | None = None
    assistantContact: Reference | None = None
    title: str | None = None
    school: str | None = None
    nickName: str | None = None
    marriedFlag: bool | None = None
    childrenFlag: bool | None = None
    children: str | None = None
    significantOther: str | None = None
    portalSecurityLevel: int | None = None
    disablePortalLoginFlag: bool | None = None
    unsubscribeFlag: bool | None = None
    gender: str | None = None
    birthDay: str | None = None
    anniversary: str | None = None
    presence: str | None = None
    mobileGuid: str | None = None
    facebookUrl: str | None = None
    twitterUrl: str | None = None
    linkedInUrl: str | None = None
    defaultPhoneType: str | None = None
    defaultPhoneNbr: str | None = None
    defaultPhoneExtension: str | None = None
    defaultBillingFlag: bool | None = None
    defaultFlag: bool | None = None
    userDefinedField1: str | None = None
    userDefinedField2: str | None = None
    userDefinedField3: str | None = None
    userDefinedField4: str | None = None
    userDefinedField5: str | None = None
    userDefinedField6: str | None = None
    userDefinedField7: str | None = None
    userDefinedField8: str | None = None
    userDefinedField9: str | None = None
    userDefinedField10: str | None = None
    companyLocation: Reference | None = None
    communicationItems: list[dict[str, Any]] | None = None
    types: list[dict[str, Any]] | None = None
    integratorTags: list[str] | None = None
    customFields: list[dict[str, Any]] | None = None
    photo: Reference | None = None
    ignoreDuplicates: bool | None = None
    typeIds: list[int] | None = None

    @property
    def company_name(self) -> str | None:
        return name_in(self.company, "name")

    @property
    def site_name(self) -> str | None:
        return name_in(self.site, "name")

    @property
    def full_name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, [self.firstName, self.lastName]))

    @property
    def is_active(self) -> bool:
        """False only where the record says so."""
        return not self.inactiveFlag

    @property
    def primary_email(self) -> str | None:
        """The default e-mail address, else the first one (fact sheet 10); None where there is none."""
        return self._first("Email")

    @property
    def primary_phone(self) -> str | None:
        """The default telephone number, else the first one; None where there is none."""
        return self._first("Phone")

    def _first(self, kind: str) -> str | None:
        items = [item for item in self.communicationItems or [] if item.get("communicationType") == kind]
        default = next((item for item in items if item.get("defaultFlag")), items[0] if items else {})
        return default.get("value")


@dataclass(eq=False, repr=False)
class Member(Record):
    """A member: who works with ConnectWise; settings beyond these are in ``extra``."""

    identifier: str | None = None
    licenseClass: str | None = None
    inactiveDate: str | None = None
    inactiveFlag: bool | None = None
    lastLogin: str | None = None
    firstName: str | None = None
    middleInitial: str | None = None
    lastName: str | None = None
    officeEmail: str | None = None
    mobileEmail: str | None = None
    homeEmail: str | None = None
    defaultEmail: str | None = None
    primaryEmail: str | None = None
    officePhone: str | None = None
    officeExtension: str | None = None
    mobilePhone: str | None = None
    defaultPhone: str | None = None
    securityRole: Reference | None = None
    title: str | None = None
    type: Reference | None = None
    timeZone: Reference | None = None
    adminFlag: bool | None = None
    structureLevel: Reference | None = None
    defaultLocation: Reference | None = None
    defaultDepartment: Reference | None = None
    reportsTo: Reference | None = None
    workRole: Reference | None = None
    workType: Reference | None = None
    dailyCapacity: float | None = None
    hourlyCost: float | None = None
    hourlyRate: float | None = None
    serviceDefaultLocation: Reference | None = None
    serviceDefaultDepartment: Reference | None = None
    serviceDefaultBoard: Reference | None = None
    teams: list[int] | None = None
    serviceBoardTeamIds: list[int] | None = None
    calendar: Reference | None = None
    customFields: list[dict[str, Any]] | None = None

    @property
    def full_name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, [self.firstName, self.lastName]))

    @property
    def is_active(self) -> bool:
        """False only where the record says so."""
        return not self.inactiveFlag


class People(Endpoints):
    """Companies, contacts and members."""

    def get_company(self, company_id: int) -> Company | None:
        """A company; None where there is none of that id."""
        return self._record(Company, f"company/companies/{int(company_id)}")

    def get_companies(self, conditions: Conditions = "", orderby: str = "", limit: int | None = None) -> list[Company]:
        """The companies that meet the conditions; arguments as of :meth:`Endpoints.get_all`."""
        return self._records(Company, "company/companies", conditions, orderby, limit)

    def get_contact(self, contact_id: int) -> Contact | None:
        """A contact; None where there is none of that id."""
        return self._record(Contact, f"company/contacts/{int(contact_id)}")

    def get_contacts(
        self,
        conditions: Conditions = "",
        orderby: str = "",
        limit: int | None = None,
        childconditions: Conditions = "",
    ) -> list[Contact]:
        """The contacts that meet the conditions; by e-mail with ``childconditions`` (fact sheet 4.13)."""
        return self._records(Contact, "company/contacts", conditions, orderby, limit, childconditions)

    def get_member(self, member_id: int) -> Member | None:
        """A member; None where there is none of that id."""
        return self._record(Member, f"system/members/{int(member_id)}")

    def get_member_by_identifier(self, identifier: str) -> Member | None:
        """The member of an identifier, such as ``jdoe``; None where there is none."""
        found = self.get_members(Condition("identifier", "=", identifier), limit=1)
        return found[0] if found else None

    def get_members(self, conditions: Conditions = "", orderby: str = "", limit: int | None = None) -> list[Member]:
        """The members that meet the conditions; arguments as of :meth:`Endpoints.get_all`."""
        return self._records(Member, "system/members", conditions, orderby, limit)

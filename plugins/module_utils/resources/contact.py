# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a contact (fact sheet 10; OpenAPI, Contact)."""

from __future__ import annotations

from . import references as ref
from .fields import COMMUNICATIONS, CUSTOM_FIELDS, ENUM, FLAG, INTEGER, REFERENCE, TEXT, TEXTS, TIME, Field

# All that can be set, but for the types, which are records of their own, and the password of the portal. The company
# goes before what is looked up in it. The options have the names of the facts.
CONTACT_FIELDS = (
    Field("firstName", TEXT, "first_name", required=True),
    Field("lastName", TEXT, "last_name"),
    Field("company", REFERENCE, "company", ref.COMPANY),
    Field("site", REFERENCE, "site", ref.SITE),
    Field("title", TEXT, "title"),
    Field("department", REFERENCE, "department", ref.CONTACT_DEPARTMENT),
    Field("relationship", REFERENCE, "relationship", ref.CONTACT_RELATIONSHIP),
    Field("managerContact", REFERENCE, "manager", ref.CONTACT),
    Field("inactiveFlag", FLAG, "inactive"),
    Field("communicationItems", COMMUNICATIONS, "communications"),
    Field("assistantContact", REFERENCE, reference=ref.CONTACT),
    Field("relationshipOverride", TEXT),
    Field("companyLocation", REFERENCE, reference=ref.LOCATION),
    Field("addressLine1", TEXT),
    Field("addressLine2", TEXT),
    Field("city", TEXT),
    Field("state", TEXT),
    Field("zip", TEXT),
    Field("country", REFERENCE, reference=ref.COUNTRY),
    Field("nickName", TEXT),
    Field("school", TEXT),
    Field("gender", ENUM, choices=("Female", "Male")),
    Field("birthDay", TIME),
    Field("anniversary", TIME),
    Field("marriedFlag", FLAG),
    Field("significantOther", TEXT),
    Field("childrenFlag", FLAG),
    Field("children", TEXT),
    Field("portalSecurityLevel", INTEGER),
    Field("disablePortalLoginFlag", FLAG),
    Field("unsubscribeFlag", FLAG),
    Field("defaultMergeContactId", INTEGER),
    Field("securityIdentifier", TEXT),
    Field("facebookUrl", TEXT),
    Field("twitterUrl", TEXT),
    Field("linkedInUrl", TEXT),
    Field("defaultBillingFlag", FLAG),
    Field("defaultFlag", FLAG),
    Field("userDefinedField1", TEXT, longest=50),
    Field("userDefinedField2", TEXT, longest=50),
    Field("userDefinedField3", TEXT, longest=50),
    Field("userDefinedField4", TEXT, longest=50),
    Field("userDefinedField5", TEXT, longest=50),
    Field("userDefinedField6", TEXT, longest=50),
    Field("userDefinedField7", TEXT, longest=50),
    Field("userDefinedField8", TEXT, longest=50),
    Field("userDefinedField9", TEXT, longest=50),
    Field("userDefinedField10", TEXT, longest=50),
    Field("integratorTags", TEXTS),
    Field("ignoreDuplicates", FLAG, create_only=True),
    Field("customFields", CUSTOM_FIELDS, "custom_fields"),
)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a configuration (fact sheet 9 and appendix A)."""

from __future__ import annotations

from . import references as ref
from .fields import CUSTOM_FIELDS, DAY, FLAG, INTEGER, NUMBER, QUESTIONS, REFERENCE, TEXT, TIME, Field

# What else says the same, or follows: where one is set, what the other was does not go along with it.
TWINS = {
    "location": "locationId",
    "locationId": "location",
    "department": "businessUnitId",
    "businessUnitId": "department",
    "status": "activeFlag",
}
# All that can be set. The options have the names of the facts.
CONFIGURATION_FIELDS = (
    Field("name", TEXT, "name", longest=100, required=True),
    Field("company", REFERENCE, "company", ref.COMPANY, required=True),
    Field("type", REFERENCE, "type", ref.CONFIGURATION_TYPE, required=True),
    Field("status", REFERENCE, "status", ref.CONFIGURATION_STATUS, required=True),
    Field("site", REFERENCE, "site", ref.SITE),
    Field("contact", REFERENCE, "contact", ref.CONTACT),
    Field("location", REFERENCE, "location", ref.LOCATION),
    Field("department", REFERENCE, "department", ref.DEPARTMENT),
    Field("vendor", REFERENCE, "vendor", ref.COMPANY),
    Field("manufacturer", REFERENCE, "manufacturer", ref.MANUFACTURER),
    Field("manufacturerPartNumber", TEXT, "manufacturer_part_number", longest=50),
    Field("modelNumber", TEXT, "model_number", longest=50),
    Field("serialNumber", TEXT, "serial_number", longest=250),
    Field("tagNumber", TEXT, "tag_number", longest=50),
    Field("deviceIdentifier", TEXT, "device_identifier", longest=100),
    Field("macAddress", TEXT, "mac_address", longest=25),
    Field("ipAddress", TEXT, "ip_address", longest=50),
    Field("defaultGateway", TEXT, "default_gateway", longest=50),
    Field("osType", TEXT, "os_type", longest=250),
    Field("osInfo", TEXT, "os_info", longest=250),
    Field("cpuSpeed", TEXT, "cpu_speed", longest=100),
    Field("ram", TEXT, "ram", longest=25),
    Field("localHardDrives", TEXT, "local_hard_drives"),
    Field("lastLoginName", TEXT, "last_login_name", longest=100),
    Field("purchaseDate", DAY, "purchase_date"),
    Field("installationDate", DAY, "installation_date"),
    Field("installedBy", REFERENCE, "installed_by", ref.MEMBER),
    Field("warrantyExpirationDate", DAY, "warranty_expiration_date"),
    Field("sla", REFERENCE, "sla", ref.SLA),
    Field("managementLink", TEXT, "management_link", longest=1000),
    Field("remoteLink", TEXT, "remote_link", longest=1000),
    Field("notes", TEXT, "notes"),
    Field("vendorNotes", TEXT, "vendor_notes"),
    Field("parentConfigurationId", INTEGER),
    Field("locationId", INTEGER),
    Field("businessUnitId", INTEGER),
    Field("companyLocationId", INTEGER),
    Field("billFlag", FLAG),
    Field("needsRenewalFlag", FLAG),
    Field("displayVendorFlag", FLAG),
    Field("showRemoteFlag", FLAG),
    Field("showAutomateFlag", FLAG),
    Field("backupServerName", TEXT, longest=50),
    Field("backupProtectedDeviceList", TEXT),
    Field("backupBillableSpaceGb", NUMBER),
    Field("backupSuccesses", INTEGER),
    Field("backupIncomplete", INTEGER),
    Field("backupFailed", INTEGER),
    Field("backupRestores", INTEGER),
    Field("backupYear", INTEGER),
    Field("backupMonth", INTEGER),
    Field("lastBackupDate", TIME),
    Field("questions", QUESTIONS, "questions"),
    Field("customFields", CUSTOM_FIELDS, "custom_fields"),
)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils.as_list import as_list


class ModuleDocFragment:
    """The options of a configuration; as C(configuration.list) those of each configuration in a list."""

    DOCUMENTATION = r"""
options:
  id:
    description:
      - Number of the configuration.
      - A configuration that check mode would have created has the number V(0), so that tasks after it can be checked
        as well.
    type: int
    aliases: [configuration_id]
  name:
    description: Name, at most 100 characters. Required for a new configuration.
    type: str
  company:
    description: Company, by id, identifier or name. Required for a new configuration.
    type: str
  type:
    description: Type, which has its own C(questions). Required for a new configuration.
    type: str
  status:
    description: Status. If not set, a new configuration has the default one.
    type: str
  site:
    description: Site of the company.
    type: str
  contact:
    description: Contact of the company, by id, name or e-mail address.
    type: str
  location:
    description: Location.
    type: str
  department:
    description: Department.
    type: str
  vendor:
    description: Vendor, a company, by id, identifier or name.
    type: str
  manufacturer:
    description: Manufacturer.
    type: str
  manufacturer_part_number:
    description: The manufacturer's part number, at most 50 characters.
    type: str
  model_number:
    description: Model number, at most 50 characters.
    type: str
  serial_number:
    description: Serial number, at most 250 characters.
    type: str
  tag_number:
    description: Tag number, at most 50 characters.
    type: str
  device_identifier:
    description: What another system, such as an RMM, calls the device; at most 100 characters.
    type: str
  mac_address:
    description: MAC address, at most 25 characters.
    type: str
  ip_address:
    description: IP address, at most 50 characters.
    type: str
  default_gateway:
    description: Default gateway, at most 50 characters.
    type: str
  os_type:
    description: Operating system, at most 250 characters.
    type: str
  os_info:
    description: More about the operating system, at most 250 characters.
    type: str
  cpu_speed:
    description: Processor, at most 100 characters.
    type: str
  ram:
    description: Memory, at most 25 characters.
    type: str
  local_hard_drives:
    description: Hard drives.
    type: str
  last_login_name:
    description: Who logged in last, at most 100 characters.
    type: str
  purchase_date:
    description: Day of the purchase, such as V(2026-03-31).
    type: str
  installation_date:
    description: Day of the installation.
    type: str
  installed_by:
    description: Member who installed it, by id, identifier, name or e-mail address.
    type: str
  warranty_expiration_date:
    description: Day on which the warranty ends.
    type: str
  sla:
    description: Service level agreement.
    type: str
  management_link:
    description: Address at which it is managed, at most 1000 characters.
    type: str
  remote_link:
    description: Address for remote control, at most 1000 characters.
    type: str
  notes:
    description: Notes.
    type: str
  vendor_notes:
    description: Notes about the vendor.
    type: str
  questions:
    description:
      - Answers to the questions of its type, by the questions' texts. Other answers stay as they are.
      - Values are of the question's type, such as V(true) for a checkbox, a number, or V(2026-03-31) for a date.
      - A diff does not show answers to questions of the type Password. C(configuration.questions) and the invocation
        do, so give the task C(no_log) then.
    type: dict
  custom_fields:
    description:
      - Values of custom fields by their captions. Other custom fields stay as they are.
    type: dict
  fields:
    description:
      - Further fields of the configuration by the names that the API has for them, such as C(billFlag),
        C(lastBackupDate) or C(parentConfigurationId).
    type: dict
"""

    LIST: str = as_list(
        "configurations",
        "The configurations. None may be named twice.",
        "cw_configuration",
        DOCUMENTATION,
    )

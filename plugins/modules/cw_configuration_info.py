#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_configuration_info
short_description: Read configurations of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads configurations, the devices and other assets of companies, from ConnectWise PSA (Manage).
  - All filters given must be met. Nothing found is no failure.
options:
  id:
    description: Numbers of the configurations, one or many.
    type: list
    elements: int
    aliases: [configuration_id]
  name:
    description: Name of the configuration.
    type: str
  company:
    description: Company, by id, identifier or name.
    type: str
  type:
    description: Type of the configuration, by id or name.
    type: str
  status:
    description: Status of the configuration, by id or name.
    type: str
  site:
    description: Site, by id or name.
    type: str
  contact:
    description: Contact, by id or name. With O(company) also by e-mail address.
    type: str
  location:
    description: Location, by id or name.
    type: str
  department:
    description: Department, by id, identifier or name.
    type: str
  manufacturer:
    description: Manufacturer, by id or name.
    type: str
  vendor:
    description: Vendor, a company, by id, identifier or name.
    type: str
  model_number:
    description: Model number.
    type: str
  serial_number:
    description: Serial number.
    type: str
  tag_number:
    description: Tag number.
    type: str
  device_identifier:
    description: What another system, such as an RMM, calls the device.
    type: str
  mac_address:
    description: MAC address, written as it is there.
    type: str
  ip_address:
    description: IP address.
    type: str
  active:
    description: Whether they are in use. If not set, those that are retired are returned too.
    type: bool
  include:
    description:
      - What else is read of each configuration.
      - V(tickets) are the service tickets to which it is attached, open and closed ones. They take one request for each
        configuration.
    type: list
    elements: str
    choices: [tickets]
    default: []
extends_documentation_fragment:
  - msp.connectwise.listing
  - msp.connectwise.listing.records
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_configuration
  - module: msp.connectwise.cw_ticket_info
"""

EXAMPLES = r"""
- name: Find a server
  msp.connectwise.cw_configuration_info:
    name: PROD-WEB-01
    company: Acme Corporation
  register: found

- name: Show it
  ansible.builtin.debug:
    msg: "{{ found.configurations[0].type_name }} {{ found.configurations[0].serial_number }}"

- name: List the names and addresses of all active servers
  msp.connectwise.cw_configuration_info:
    type: Server
    status: Active
    fields: [id, name, ipAddress]
    order_by: name asc
    limit: 5000

- name: What was there with a device that the RMM knows
  msp.connectwise.cw_configuration_info:
    serial_number: SN-0001
    include: [tickets]
  register: device

- name: Show the tickets of it that are open
  ansible.builtin.debug:
    msg: "{{ device.configurations[0].tickets | rejectattr('is_closed') | map(attribute='summary') }}"
"""

RETURN = r"""
configurations:
  description:
    - The configurations, with the API's field names in snake case, and V(null) where a field is empty.
    - With O(fields) these only.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the configuration.
      type: int
    name:
      description: Name.
      type: str
    type_name:
      description: Name of the type.
      type: str
    status_name:
      description: Name of the status.
      type: str
    company_name:
      description: Name of the company.
      type: str
    serial_number:
      description: Serial number.
      type: str
    is_active:
      description: Whether it is in use.
      type: bool
    questions:
      description: The questions of its type with their answers.
      type: list
      elements: dict
    tickets:
      description: The tickets to which it is attached.
      returned: where they are included
      type: list
      elements: dict
      contains:
        id:
          description: Number of the ticket.
          type: int
        summary:
          description: What it is about.
          type: str
        board_name:
          description: Name of the board. Likewise C(status_name) and C(priority_name).
          type: str
        is_closed:
          description: Whether the status is one that closes tickets.
          type: bool
        entered_datetime:
          description: When it was opened, in UTC.
          type: str
  sample:
    - id: 67890
      name: PROD-WEB-01
      type_name: Server
      status_name: Active
      company_name: Acme Corporation
      serial_number: SN-0001
      is_active: true
count:
  description: How many configurations meet the filters, returned or not.
  returned: success
  type: int
  sample: 1
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.configuration_info import (
    OPTIONS,
    run_configuration_info,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(OPTIONS, lambda task, client: run_configuration_info(client, task.params, task.warn))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

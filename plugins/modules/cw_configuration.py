#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_configuration
short_description: Create, change or delete a configuration of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Brings a configuration, a device or another asset of a company, to a wanted state in ConnectWise PSA (Manage). What
    you do not name stays as it is, and what is as wanted already is not written again.
  - A configuration is found by O(id), else by O(match).
  - Whatever refers to a record, such as O(type) or C(vendor), takes an id or a name. A name that matches no record, or
    several, fails with the candidates. An empty text empties the field.
options:
  match:
    description:
      - Without O(id), the configuration is the one whose fields given here are as wanted, such as V(serial_number) or
        V(device_identifier). None of them may be empty.
      - Of several, the one whose status is not closed. Several of these fail with the candidates.
      - If not set, those of V(name), V(company) and V(type) that are given. To give a configuration another name or
        another type, use O(id), or match by something else.
    type: list
    elements: str
  state:
    description:
      - V(present) creates the configuration if it is not there, and changes what is not as wanted.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - msp.connectwise.configuration
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_configuration_info
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: A server and what is known of it
  msp.connectwise.cw_configuration:
    name: PROD-APP-01
    company: Acme Corporation
    type: Server
    site: Main Office
    serial_number: SN-1001
    ip_address: 192.0.2.31
    os_type: Debian GNU/Linux 12
    ram: 64 GB
    questions:
      Role: Application server
      CPU cores: 16
      Backed up: true
    custom_fields:
      Rack: B-12
  register: server

- name: Show its number
  ansible.builtin.debug:
    msg: "{{ server.configuration.name }} is configuration {{ server.configuration.id }}"

- name: Find a device by its serial number, and give it another address
  msp.connectwise.cw_configuration:
    match: [serial_number]
    serial_number: SN-0003
    ip_address: 192.0.2.22

- name: A workstation serves as a server now
  msp.connectwise.cw_configuration:
    id: 67894
    type: Server
    questions:
      Role: Build server

- name: Take a server out of service
  msp.connectwise.cw_configuration:
    id: 67891
    status: Retired
    fields:
      billFlag: false

- name: Delete a configuration
  msp.connectwise.cw_configuration:
    name: OLD-SRV
    company: Acme
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
configuration:
  description:
    - The configuration, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For a configuration that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the configuration; V(0) for one that check mode would have created.
      type: int
    name:
      description: Name.
      type: str
    type_name:
      description: Name of the type.
      type: str
    status_name:
      description: Name of the status. Likewise C(configuration.company_name) and so on.
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
    custom_fields:
      description: The custom fields.
      type: list
      elements: dict
  sample:
    id: 80000
    name: PROD-APP-01
    type_name: Server
    status_name: Active
    company_name: Acme Corporation
    serial_number: SN-1001
    is_active: true
diff:
  description: The changed fields only, with names instead of ids.
  returned: success
  type: dict
  sample:
    before: {status: Active}
    after: {status: Retired}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.configuration import run_configuration
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.resources.configuration import CONFIGURATION_FIELDS

MODULE = Module(
    {
        **field_options(CONFIGURATION_FIELDS),
        "id": {"type": "int", "aliases": ["configuration_id"]},
        "match": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "fields": {"type": "dict"},
    },
    lambda task, client: run_configuration(client, task.params, task.check_mode),
    required_one_of=[("id", "match", "name")],
    mutually_exclusive=[("id", "match")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

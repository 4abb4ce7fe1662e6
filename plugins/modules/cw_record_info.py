#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_record_info
short_description: Read companies, contacts, sites, members, agreements and other records of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads records of one kind from ConnectWise PSA (Manage). Kinds that have more to them have modules of their own,
    such as M(msp.connectwise.cw_ticket_info), M(msp.connectwise.cw_configuration_info) and
    M(msp.connectwise.cw_board_info).
  - All filters given must be met. Nothing found is no failure.
options:
  record:
    description: Kind of the records.
    type: str
    required: true
    choices:
      - agreement
      - communication_type
      - company
      - company_status
      - company_type
      - configuration_status
      - configuration_type
      - contact
      - contact_type
      - department
      - location
      - manufacturer
      - member
      - priority
      - project
      - schedule_status
      - schedule_type
      - service_location
      - site
      - sla
      - source
      - work_role
      - work_type
  id:
    description: Numbers of the records, one or many.
    type: list
    elements: int
  name:
    description:
      - Name of the record, all of it. Companies, departments, members and schedule types may also be called by their
        identifier, members and contacts by their e-mail address. The name of a person is the first and the last name.
    type: str
  company:
    description:
      - Company to which agreements, contacts, projects or sites belong, by id, identifier or name. Required for sites.
    type: str
  active:
    description:
      - Whether they are in use. If not set, those that are not are returned too.
      - Companies are out of use when they are deleted, agreements when they are cancelled, projects when they are
        closed.
    type: bool
extends_documentation_fragment:
  - msp.connectwise.listing
  - msp.connectwise.listing.records
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_board_info
  - module: msp.connectwise.cw_configuration_info
  - module: msp.connectwise.cw_contact
"""

EXAMPLES = r"""
- name: Find a company
  msp.connectwise.cw_record_info:
    record: company
    name: Acme
  register: found

- name: Show it
  ansible.builtin.debug:
    msg: "{{ found.records[0].name }} is company {{ found.records[0].id }}"

- name: Who has this address
  msp.connectwise.cw_record_info:
    record: contact
    name: it.manager@acme.example

- name: Sites of a company
  msp.connectwise.cw_record_info:
    record: site
    company: Acme
    active: true
    fields: [id, name, city]

- name: Names of all members who can log in
  msp.connectwise.cw_record_info:
    record: member
    active: true
    conditions: licenseClass="F"
    fields: [identifier, officeEmail]

- name: Contacts who approve
  msp.connectwise.cw_record_info:
    record: contact
    child_conditions: types/name="Approver"

- name: How many agreements a company has
  msp.connectwise.cw_record_info:
    record: agreement
    company: Acme
    active: true
    count_only: true
"""

RETURN = r"""
records:
  description:
    - The records, with the API's field names in snake case.
    - With O(fields) these only.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the record. What else there is, depends on O(record).
      type: int
  sample:
    - id: 250
      identifier: Acme
      name: Acme Corporation
      status_name: Active
      phone_number: "5550100"
count:
  description: How many records meet the filters, returned or not.
  returned: success
  type: int
  sample: 1
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.record_info import OPTIONS, run_record_info

MODULE = Module(OPTIONS, lambda task, client: run_record_info(client, task.params, task.warn))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

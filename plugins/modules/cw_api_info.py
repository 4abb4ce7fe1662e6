#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_api_info
short_description: Read any record or list of ConnectWise PSA by its path
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads whatever the REST API of ConnectWise PSA (Manage) has at a path, one record or a list, with the login, the
    repeating of what failed for a moment, the pacing and the paging of this collection.
  - Where another module of this collection is for these records, that one knows names, and returns facts in snake case.
    This one returns records as the API gives them.
  - Nothing found in a list is no failure, and neither is a record that is not there, with a path that ends in a number.
    A path that ConnectWise does not have, or a list of a record that is not there, is one.
options:
  path:
    description:
      - The path after C(/apis/3.0/), such as V(service/tickets) or V(company/companies/250/sites).
      - The address of a record on this server, as other answers have them in C(_info), is taken as well. A path on
        another server is refused, because it would be sent the login.
    type: str
    required: true
  query:
    description:
      - Further parameters that this path takes, such as C(recordType) and C(recordId) of V(system/documents).
      - Pages are asked for as needed up to O(limit), so that C(page) and C(pageSize) are refused.
    type: dict
extends_documentation_fragment:
  - msp.connectwise.listing
  - msp.connectwise.listing.records
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_api
"""

EXAMPLES = r"""
- name: Read a record
  msp.connectwise.cw_api_info:
    path: company/companies/250
  register: acme

- name: Is it there
  ansible.builtin.debug:
    msg: "{{ 'no' if acme.record is none else acme.record.name }}"

- name: List all statuses of a board that close tickets
  msp.connectwise.cw_api_info:
    path: service/boards/1/statuses
    conditions: closedStatus=true
    fields: [id, name]
    order_by: name asc

- name: Find a contact by mail
  msp.connectwise.cw_api_info:
    path: company/contacts
    child_conditions: communicationItems/value="it@acme.example"

- name: List the documents of a ticket
  msp.connectwise.cw_api_info:
    path: system/documents
    query:
      recordType: Ticket
      recordId: 123

- name: How many members are there
  msp.connectwise.cw_api_info:
    path: system/members
    count_only: true
"""

RETURN = r"""
record:
  description:
    - The record, as the API gives it; an answer that is only a number or a text as C(answer).
    - V(null) where the path is a list, and where there is no such record.
  returned: success
  type: dict
  sample:
    id: 250
    identifier: Acme
    name: Acme Corporation
records:
  description: The records of the list, as the API gives them; where the path is one record, that one.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 105
      name: ">Closed"
    - id: 106
      name: Cancelled
    - id: 456
      name: Resolved
count:
  description: How many records meet the conditions, returned or not.
  returned: success
  type: int
  sample: 3
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.api_info import OPTIONS, run_api_info
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(OPTIONS, lambda task, client: run_api_info(client, task.params, task.check_mode, task.warn))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_info
short_description: Read tickets of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads service and project tickets from ConnectWise PSA (Manage), on request with their notes, tasks, time and so on.
  - All filters given must be met. Nothing found is no failure.
options:
  id:
    description:
      - Numbers of the tickets, one or many.
    type: list
    elements: int
    aliases: [ticket_id]
  key:
    description:
      - Key of the ticket, as given to M(msp.connectwise.cw_ticket).
    type: str
  key_field:
    description:
      - Caption of the custom field in which O(key) is kept, where it is not the external reference.
    type: str
  record_type:
    description:
      - Kind of the tickets. Project tickets are records of their own.
    type: str
    choices: [service, project]
    default: service
  company:
    description: Company, by id, identifier or name.
    type: str
  board:
    description: Service board, by id or name.
    type: str
  status:
    description: Status, by id or name. With O(board) the name must be one of that board.
    type: str
  type:
    description: Type, by id or name. With O(board) the name must be one of that board.
    type: str
  subtype:
    description: Sub-type, by id or name. With O(board) the name must be one of that board.
    type: str
  item:
    description: Item, by id or name. With O(board) the name must be one of that board.
    type: str
  team:
    description: Team, by id or name. With O(board) the name must be one of that board.
    type: str
  priority:
    description: Priority, by id or name.
    type: str
  owner:
    description: Member who owns the ticket, by id, identifier, name or e-mail address.
    type: str
  contact:
    description: Contact, by id or name. With O(company) also by e-mail address.
    type: str
  site:
    description: Site, by id or name.
    type: str
  source:
    description: Source, by id or name.
    type: str
  severity:
    description: Severity.
    type: str
    choices: [Low, Medium, High]
  impact:
    description: Impact.
    type: str
    choices: [Low, Medium, High]
  project:
    description: Project of project tickets, by id or name.
    type: str
  phase:
    description: Phase of project tickets, by id or name. With O(project) the name must be one of that project.
    type: str
  parent:
    description: Number of the ticket of which they are children.
    type: int
  configuration:
    description: Configuration that is attached, by id, or by name with O(company).
    type: str
  summary_contains:
    description: A text in the summary, in any case. It takes the server long where there are many tickets.
    type: str
  closed:
    description: Whether the tickets are closed. If not set, open and closed ones are returned.
    type: bool
  entered_after:
    description: They were opened at this time (UTC) or later, such as V(2026-03-31) or V(2026-03-31T17:00:00Z).
    type: str
  entered_before:
    description: They were opened before this time (UTC).
    type: str
  updated_after:
    description: They were last changed at this time (UTC) or later.
    type: str
  updated_before:
    description: They were last changed before this time (UTC).
    type: str
  closed_after:
    description: They were closed at this time (UTC) or later.
    type: str
  closed_before:
    description: They were closed before this time (UTC).
    type: str
  required_after:
    description: They are due at this time (UTC) or later.
    type: str
  required_before:
    description: They are due before this time (UTC).
    type: str
  include:
    description:
      - What else is read of each ticket.
      - V(time_entries) and V(schedule) take one request for all tickets, the others one for each ticket.
    type: list
    elements: str
    choices: [notes, configurations, tasks, documents, time_entries, schedule]
    default: []
extends_documentation_fragment:
  - msp.connectwise.listing
  - msp.connectwise.listing.records
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_ticket
  - module: msp.connectwise.cw_ticket_note_info
"""

EXAMPLES = r"""
- name: Open tickets of a company, the urgent ones first
  msp.connectwise.cw_ticket_info:
    company: Acme
    closed: false
    order_by: priority/sort asc, id asc
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ found.tickets | map(attribute='summary') }}"

- name: One ticket with all that was said and done
  msp.connectwise.cw_ticket_info:
    id: 12345
    include: [notes, tasks, time_entries]

- name: How many tickets of the night shift are open
  msp.connectwise.cw_ticket_info:
    board: Network Operations
    owner: oncall
    closed: false
    count_only: true

- name: Numbers and summaries of what a server had this year
  msp.connectwise.cw_ticket_info:
    company: Acme
    configuration: PROD-WEB-01
    entered_after: "2026-01-01"
    fields: [id, summary, status/name]
"""

RETURN = r"""
tickets:
  description:
    - The tickets, with the API's field names in snake case, and V(null) where a field is empty; as of
      M(msp.connectwise.cw_ticket).
    - With O(fields) these only. What is included of them is in a list of the same name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the ticket.
      type: int
    summary:
      description: What it is about.
      type: str
    status_name:
      description: Name of the status. Likewise V(board_name), V(company_name) and so on.
      type: str
    is_closed:
      description: Whether the status is one that closes tickets.
      type: bool
    notes:
      description: Its notes, as of M(msp.connectwise.cw_ticket_note).
      returned: where they are included
      type: list
      elements: dict
    configurations:
      description: The attached configurations with C(id), C(name) and C(device_identifier).
      returned: where they are included
      type: list
      elements: dict
    tasks:
      description: Its check list.
      returned: where they are included
      type: list
      elements: dict
    documents:
      description: What is known of its documents, without their content.
      returned: where they are included
      type: list
      elements: dict
    time_entries:
      description: Time that was entered.
      returned: where they are included
      type: list
      elements: dict
    schedule:
      description: Schedule entries, which tell who is assigned and when.
      returned: where it is included
      type: list
      elements: dict
  sample:
    - id: 12345
      summary: Server PROD-WEB-02 needs patches
      board_name: Help Desk
      status_name: In Progress
      company_name: Acme Corporation
      is_closed: false
count:
  description: How many tickets meet the filters, returned or not.
  returned: success
  type: int
  sample: 1
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket_info import (
    CONSTRAINTS,
    OPTIONS,
    run_ticket_info,
)

MODULE = Module(OPTIONS, lambda task, client: run_ticket_info(client, task.params, task.warn), **CONSTRAINTS)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

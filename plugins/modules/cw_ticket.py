#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket
short_description: Open, change, close or delete a ticket of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Brings a service or project ticket of ConnectWise PSA (Manage) to a wanted state. What you do not name stays as it
    is, and what is already as wanted is not written again.
  - A ticket is found by O(id), else by O(key), else by O(match).
  - Whatever refers to a record, such as O(board) or O(owner), takes an id or a name. Names of statuses, types,
    sub-types, items and teams are those of the ticket's board, names of contacts and sites those of its company. A
    name that matches no record, or several, fails with the candidates. An empty text empties the field.
extends_documentation_fragment:
  - msp.connectwise.ticket
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_ticket_note
  - module: msp.connectwise.cw_configuration_info
"""

EXAMPLES = r"""
- name: Open a change ticket, once, however often this runs
  msp.connectwise.cw_ticket:
    key: deploy-webshop-4.2
    summary: Deploy webshop 4.2
    description: The pipeline deploys version 4.2 to production.
    company: Acme Corporation
    board: Changes & Projects
    type: Change
    subtype: Deployment
    priority: Priority 3 - Medium
    configurations:
      - PROD-WEB-01
  register: change

- name: Show where to read it
  ansible.builtin.debug:
    msg: "Ticket {{ change.ticket.id }} is {{ change.ticket.status_name }}, see {{ change.url }}"

- name: Say that the work has begun
  msp.connectwise.cw_ticket:
    key: deploy-webshop-4.2
    status: In Progress
    owner: oncall

- name: Close it
  msp.connectwise.cw_ticket:
    key: deploy-webshop-4.2
    state: closed
    status: Completed
    resolution: Version 4.2 is in production, all checks are green.

- name: Change a ticket by its number
  msp.connectwise.cw_ticket:
    id: 12345
    priority: Priority 2 - High
    required_date: "2026-12-31"
    custom_fields:
      Change Window: Saturday night
    fields:
      budgetHours: 2.5

- name: Open a ticket unless one with this summary is open for this company
  msp.connectwise.cw_ticket:
    summary: Disk of PROD-DB-01 is nearly full
    company: Acme
    board: Network Operations
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, reopened, closed, deleted, unchanged]
ticket:
  description:
    - The ticket, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For a ticket that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the ticket; V(0) for one that check mode would have created.
      type: int
    summary:
      description: What it is about.
      type: str
    status_name:
      description: Name of the status. Likewise RV(ticket.board_name), RV(ticket.company_name) and so on.
      type: str
    board_name:
      description: Name of the board.
      type: str
    company_name:
      description: Name of the company.
      type: str
    priority_name:
      description: Name of the priority.
      type: str
    owner_name:
      description: Name of the owner.
      type: str
    is_closed:
      description: Whether the status is one that closes tickets.
      type: bool
    closed_datetime:
      description: When it was closed (UTC).
      type: str
    external_x_ref:
      description: The external reference, where O(key) is kept.
      type: str
    custom_fields:
      description: The custom fields.
      type: list
      elements: dict
  sample:
    id: 20000
    summary: Deploy webshop 4.2
    board: {id: 2, name: Changes & Projects}
    board_name: Changes & Projects
    status: {id: 201, name: New}
    status_name: New
    company: {id: 250, identifier: Acme, name: Acme Corporation}
    company_name: Acme Corporation
    is_closed: false
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=20000&companyName=acme
diff:
  description: The changed fields only, with names instead of ids.
  returned: success
  type: dict
  sample:
    before: {status: New}
    after: {status: In Progress}
msg:
  description: Why nothing was done, where that needs saying.
  returned: when a closed ticket was left as it is
  type: str
  sample: "The ticket is closed and was left as it is (when_closed: leave)."
failure:
  description: What went wrong, for playbooks to test.
  returned: failure
  type: dict
  contains:
    code:
      description: The server's error code, or the kind of error.
      type: str
    status:
      description: HTTP status; V(null) where no answer came.
      type: int
    message:
      description: What the server said, or what went wrong on the way.
      type: str
    field_errors:
      description: The server's errors of single fields.
      type: list
      elements: dict
    request_id:
      description: The server's number of the request, to quote to its support.
      type: str
    retryable:
      description: Whether the same task could succeed later.
      type: bool
    attempts:
      description: How often the request was sent.
      type: int
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket import CONSTRAINTS, OPTIONS, run_ticket

MODULE = Module(OPTIONS, lambda task, client: run_ticket(client, task.params, task.check_mode), **CONSTRAINTS)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

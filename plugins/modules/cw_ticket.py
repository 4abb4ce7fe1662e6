#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket
short_description: Open, change, close or delete a service ticket of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Brings a service ticket of ConnectWise PSA (Manage) to a wanted state. What you do not name stays as it is, and
    what is as wanted already is not written again.
  - A ticket is found by O(id), else by O(key), else by O(match).
  - Whatever refers to a record, such as O(board) or O(owner), takes an id or a name. Names of statuses, types,
    sub-types, items and teams are those of the ticket's board, names of contacts and sites those of its company. A
    name that stands for no record, or for several, fails with the candidates. An empty text empties the field.
options:
  id:
    description:
      - Number of the ticket.
      - A ticket that check mode would have created has the number V(0), so that tasks after it can be checked as well.
    type: int
    aliases: [ticket_id]
  key:
    description:
      - Your own key for the ticket, such as the name of a deployment. Every run with this key works on the same
        ticket. Two runs at the same moment end with one open ticket.
      - It is kept in the ticket's external reference (C(externalXRef)), or in the custom field O(key_field).
      - At most 100 characters.
    type: str
  key_field:
    description:
      - Caption of a custom field in which O(key) is kept, where something else uses the external reference.
    type: str
  match:
    description:
      - Without O(id) and O(key), the ticket is the one whose fields given here are as wanted, among the open tickets.
      - With O(state=closed) closed tickets count as well, so that a second run finds what the first one closed.
      - If not set, those of V(company), V(board) and V(summary) that are given.
    type: list
    elements: str
  state:
    description:
      - V(present) opens the ticket if it is not there, and changes what is not as wanted.
      - V(closed) does the same, and closes it.
      - V(absent) deletes it; by O(key), all tickets that have it, closed ones too.
    type: str
    choices: [present, closed, absent]
    default: present
  when_closed:
    description:
      - What O(state=present) does where the ticket found by O(key) is closed.
      - V(leave) leaves it as it is, so that a playbook which opens, works on and closes a ticket changes nothing
        when it is run again.
      - V(reopen) gives it O(status), or else the board's default status.
      - V(create) opens a new ticket with the same key.
    type: str
    choices: [leave, reopen, create]
    default: leave
  summary:
    description:
      - What the ticket is about, at most 100 characters. Required to open a ticket.
    type: str
  description:
    description:
      - The first note in the discussion of a new ticket. It has no effect on a ticket that is there.
    type: str
  company:
    description:
      - Company, by id, identifier or name. Required to open a ticket.
    type: str
  board:
    description:
      - Service board. On another board than the ticket's, give O(status) too.
      - If not set, a new ticket goes to the default board of the API member.
    type: str
  status:
    description:
      - Status, one of the board's.
      - With O(state=closed) it must be one that closes tickets. If not set, the board's status V(Closed) or
        V(>Closed) is taken, else its first one that closes tickets.
    type: str
  priority:
    description: Priority.
    type: str
  type:
    description: Type, one of the board's.
    type: str
  subtype:
    description: Sub-type, one of the board's.
    type: str
  item:
    description: Item, one of the board's.
    type: str
  team:
    description: Team, one of the board's.
    type: str
  owner:
    description: Member who owns the ticket, by id, identifier, name or e-mail address.
    type: str
  contact:
    description: Contact of the company, by id, name or e-mail address.
    type: str
  site:
    description: Site of the company.
    type: str
  source:
    description: Source.
    type: str
  severity:
    description: Severity.
    type: str
    choices: [Low, Medium, High]
  impact:
    description: Impact.
    type: str
    choices: [Low, Medium, High]
  required_date:
    description:
      - Day on which the ticket is due, such as V(2026-03-31). ConnectWise keeps the day (UTC) of a time.
    type: str
  custom_fields:
    description:
      - Values of custom fields by their captions. Other custom fields stay as they are.
    type: dict
  configurations:
    description:
      - Configurations to attach, by id or by name within the company. Others that are attached stay.
    type: list
    elements: str
  resolution:
    description:
      - How it ended. Written as a resolution note when O(state=closed) closes the ticket.
    type: str
  fields:
    description:
      - Further fields of the ticket by the names that the API has for them, such as C(budgetHours) or
        C(automaticEmailCc).
    type: dict
extends_documentation_fragment:
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

from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket import run_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import TICKET

MODULE = Module(
    {
        **field_options(TICKET),
        "id": {"type": "int", "aliases": ["ticket_id"]},
        "key": {"type": "str", "no_log": False},
        "key_field": {"type": "str", "no_log": False},
        "match": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": ["present", "closed", "absent"], "default": "present"},
        "when_closed": {"type": "str", "choices": ["leave", "reopen", "create"], "default": "leave"},
        "configurations": {"type": "list", "elements": "str"},
        "resolution": {"type": "str"},
        "fields": {"type": "dict"},
    },
    lambda task, client: run_ticket(client, task.params, task.check_mode),
    required_one_of=[("id", "key", "match", "summary")],
    required_by={"key_field": "key"},
    mutually_exclusive=[("id", "match"), ("key", "match")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

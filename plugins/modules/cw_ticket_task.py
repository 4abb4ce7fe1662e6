#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_task
short_description: Write, tick off, change or delete a task of a ticket of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Keeps the tasks of service tickets of ConnectWise PSA (Manage), which are a ticket's check list.
  - A task is found by O(id), else by O(summary), else by C(notes). What you do not name stays as it is.
options:
  summary:
    description:
      - What is to be done.
      - Older servers keep it in the notes of the task; there the module writes and finds it in the notes.
    type: str
  notes:
    description:
      - Further text. Without O(summary), the task is found by it.
    type: str
  id:
    description:
      - Number of the task.
    type: int
    aliases: [task_id]
  closed:
    description:
      - Whether it is done. A new task is open, if this is not set.
    type: bool
  priority:
    description:
      - Place of the task in the list, from V(1). A new task is the last one, if this is not set.
    type: int
  code:
    description: Service code, by id or name.
    type: str
  member:
    description: Member who has to do it, by id, identifier, name or e-mail address.
    type: str
  schedule:
    description: Schedule entry of the task, by id.
    type: str
  resolution:
    description: How it ended.
    type: str
  fields:
    description:
      - Further fields of the task by the names that the API has for them, such as C(childTicketId).
    type: dict
  state:
    description:
      - Whether the task is there. V(absent) deletes all tasks of this text.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - msp.connectwise.of_ticket
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: Put the steps of the deployment on the check list
  msp.connectwise.cw_ticket_task:
    ticket_id: 12345
    summary: "{{ item }}"
  loop:
    - Take a backup
    - Install the patches
    - Restart the server

- name: Tick off the first one
  msp.connectwise.cw_ticket_task:
    ticket_id: 12345
    summary: Take a backup
    closed: true
    resolution: The backup is on the NAS.

- name: Assign a step to somebody
  msp.connectwise.cw_ticket_task:
    ticket_id: 12345
    summary: Restart the server
    member: oncall

- name: A step that is not needed
  msp.connectwise.cw_ticket_task:
    ticket_id: 12345
    summary: Call the customer
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
task:
  description:
    - The task, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For a task that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the task; V(0) for one that check mode would have created.
      type: int
    ticket_id:
      description: Number of the ticket.
      type: int
    text:
      description: What is to be done, whether it is kept as summary or as notes.
      type: str
    summary:
      description: The summary.
      type: str
    notes:
      description: The notes.
      type: str
    is_closed:
      description: Whether it is done.
      type: bool
    priority:
      description: Its place in the list.
      type: int
    member_name:
      description: Who has to do it.
      type: str
    code_name:
      description: Name of the service code.
      type: str
    resolution:
      description: How it ended.
      type: str
  sample:
    id: 4711
    ticket_id: 12345
    text: Take a backup
    summary: Take a backup
    is_closed: true
    priority: 1
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=12345&companyName=acme
diff:
  description: What changes in the task, with names instead of ids.
  returned: success
  type: dict
  sample:
    before: {closed: false}
    after: {closed: true}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.task import run_task
from ansible_collections.msp.connectwise.plugins.module_utils.resources.task import TASK

MODULE = Module(
    {
        **of_ticket.OPTIONS,
        **field_options(TASK),
        "id": {"type": "int", "aliases": ["task_id"]},
        "fields": {"type": "dict"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    lambda task, client: run_task(client, task.params, task.check_mode),
    required_one_of=[("ticket_id", "ticket_key"), ("id", "summary", "notes")],
    **of_ticket.CONSTRAINTS,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_schedule_entry
short_description: Put a member on a ticket of ConnectWise PSA, or take one off
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Assigns members to tickets of ConnectWise PSA (Manage), service tickets and project tickets, by schedule entries. A
    ticket lists them as its resources.
  - An entry is found by O(id), else by the ticket, C(member), and C(start) where that is given. What you do not name
    stays as it is.
options:
  member:
    description:
      - Member who is to work on the ticket, by id, identifier, name or e-mail address.
    type: str
  id:
    description:
      - Number of the schedule entry. Give it to move an entry to another start, or to another member.
    type: int
    aliases: [schedule_entry_id]
  start:
    description:
      - When the work is to begin, such as V(2026-03-31T17:00:00Z), or with another zone
        V(2026-03-31T19:00:00+02:00). Without a zone it is UTC.
      - A member may have several entries with a ticket, each with another start.
    type: str
  end:
    description:
      - When the work is to end.
    type: str
  hours:
    description:
      - How many hours are planned.
    type: float
  status:
    description: Schedule status, by id or name.
    type: str
  where:
    description: Service location where the work is done, by id or name.
    type: str
  done:
    description: Whether the member is done with it.
    type: bool
  acknowledged:
    description: Whether the member has acknowledged it.
    type: bool
  name:
    description:
      - Text of the entry in the calendar, at most 250 characters. If not set, ConnectWise takes the ticket's.
    type: str
  allow_conflicts:
    description:
      - Whether the entry may overlap others of the member. It is sent along with a write, and is no reason to write.
    type: bool
  fields:
    description:
      - Further fields of the entry by the names that the API has for them, such as C(reminder).
    type: dict
  state:
    description:
      - Whether the entry is there. V(absent) deletes all that match.
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
- name: Put two people on the ticket
  msp.connectwise.cw_schedule_entry:
    ticket_id: 12345
    member: "{{ item }}"
  loop: [oncall, servicedesk]

- name: Plan the maintenance window
  msp.connectwise.cw_schedule_entry:
    ticket_id: 12345
    member: oncall
    start: "2026-04-04T20:00:00Z"
    end: "2026-04-04T22:00:00Z"
    status: Firm

- name: Take somebody off it
  msp.connectwise.cw_schedule_entry:
    ticket_id: 12345
    member: ansible
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
schedule_entry:
  description:
    - The schedule entry, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For an entry that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the entry; V(0) for one that check mode would have created.
      type: int
    object_id:
      description: Number of the ticket.
      type: int
    member_name:
      description: Who is to work.
      type: str
    date_start:
      description: When the work is to begin (UTC).
      type: str
    date_end:
      description: When it is to end (UTC).
      type: str
    hours:
      description: How many hours are planned.
      type: float
    status_name:
      description: Name of the schedule status.
      type: str
    done_flag:
      description: Whether the member is done with it.
      type: bool
  sample:
    id: 8000
    object_id: 12345
    member_name: On Call
    date_start: "2026-04-04T20:00:00Z"
    date_end: "2026-04-04T22:00:00Z"
    status_name: Firm
    done_flag: false
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=12345&companyName=acme
diff:
  description: What changes in the entry, with names instead of ids.
  returned: success
  type: dict
  sample:
    before: {done: false}
    after: {done: true}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.schedule_entry import run_schedule_entry
from ansible_collections.msp.connectwise.plugins.module_utils.resources.schedule_entry import SCHEDULE_ENTRY

MODULE = Module(
    {
        **of_ticket.OPTIONS,
        **field_options(SCHEDULE_ENTRY),
        "id": {"type": "int", "aliases": ["schedule_entry_id"]},
        "fields": {"type": "dict"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    lambda task, client: run_schedule_entry(client, task.params, task.check_mode),
    required_one_of=[("id", "ticket_id", "ticket_key"), ("id", "member")],
    **of_ticket.CONSTRAINTS,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

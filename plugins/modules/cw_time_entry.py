#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_time_entry
short_description: Enter, change or delete time in ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Enters time that was worked into ConnectWise PSA (Manage), each entry once.
  - An entry is found by O(id), else by O(key), else by what it is charged to, its C(start), and C(member) where that is
    given. What you do not name stays as it is.
options:
  project_ticket_id:
    description:
      - Number of the project ticket that the time is charged to.
    type: int
  charge_code:
    description:
      - Charge code that the time is charged to, by id or name.
    type: str
  activity_id:
    description:
      - Number of the activity that the time is charged to.
    type: int
  company:
    description:
      - Company that the time is charged to, by id, identifier or name, where it is for nothing in particular.
    type: str
  id:
    description:
      - Number of the time entry.
    type: int
    aliases: [time_entry_id]
  key:
    description:
      - Your own key for the entry, so that a later run changes it instead of entering the time again.
      - "It stands in the last line of the entry's internal notes, as C([key: ...]), which customers do not see."
    type: str
  member:
    description:
      - Member who worked, by id, identifier, name or e-mail address. If not set, a new entry is the API member's.
    type: str
  start:
    description:
      - When the work began, such as V(2026-03-31T17:00:00Z), or with another zone V(2026-03-31T19:00:00+02:00).
        Without a zone it is UTC. Required for a new entry.
    type: str
  end:
    description:
      - When the work ended.
    type: str
  hours:
    description:
      - How long the work took, instead of C(end).
    type: float
  hours_deduct:
    description:
      - Hours to take off, such as those of a break.
    type: float
  work_role:
    description: Work role, by id or name.
    type: str
  work_type:
    description: Work type, by id or name.
    type: str
  billable_option:
    description: How the time is billed.
    type: str
    choices: [Billable, DoNotBill, NoCharge, NoDefault]
  agreement:
    description: Agreement of the company, by id or name.
    type: str
  notes:
    description:
      - What was done. It may stand on the invoice.
    type: str
  internal_notes:
    description:
      - Notes that customers do not see.
    type: str
  add_to:
    description:
      - Where the ticket shows the notes as well. The customer reads the V(discussion). An empty list takes them away.
    type: list
    elements: str
    choices: [discussion, internal, resolution]
  email:
    description:
      - Whom ConnectWise mails the notes when this task writes the entry. It is no reason to write it.
    type: list
    elements: str
    choices: [resource, contact, cc]
  custom_fields:
    description:
      - Values of custom fields by their captions. Other custom fields stay as they are.
    type: dict
  fields:
    description:
      - Further fields of the entry by the names that the API has for them, such as C(locationId).
    type: dict
  state:
    description:
      - Whether the entry is there. Time that was submitted or billed can't be deleted.
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
- name: Half an hour for a ticket, once, however often this runs
  msp.connectwise.cw_time_entry:
    ticket_id: 12345
    key: patch-2026-03
    start: "2026-03-31T17:00:00Z"
    hours: 0.5
    work_role: Engineer
    work_type: Regular
    notes: Twelve security updates installed.
    add_to: [resolution]

- name: Time of somebody else, with its end and its zone
  msp.connectwise.cw_time_entry:
    ticket_id: 12345
    member: oncall
    start: "2026-03-31T22:00:00+02:00"
    end: "2026-03-31T23:15:00+02:00"
    billable_option: DoNotBill

- name: Take back what was entered with another key
  msp.connectwise.cw_time_entry:
    ticket_id: 12345
    key: patch-2026-02
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
time_entry:
  description:
    - The time entry, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For an entry that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the entry; V(0) for one that check mode would have created.
      type: int
    key:
      description: The key; V(null) where it has none.
      type: str
    charge_to_id:
      description: Number of what the time is charged to.
      type: int
    charge_to_type:
      description: What the time is charged to, such as V(ServiceTicket).
      type: str
    member_name:
      description: Who worked.
      type: str
    time_start:
      description: When the work began (UTC).
      type: str
    time_end:
      description: When it ended (UTC).
      type: str
    actual_hours:
      description: How long it took.
      type: float
    status:
      description: Whether it is open, submitted or billed.
      type: str
    notes:
      description: What was done.
      type: str
    internal_notes:
      description: The internal notes, with the line that holds the key.
      type: str
    add_to:
      description: Where the ticket shows the notes.
      type: list
      elements: str
  sample:
    id: 7000
    key: patch-2026-03
    charge_to_id: 12345
    charge_to_type: ServiceTicket
    member_name: Ansible Automation
    time_start: "2026-03-31T17:00:00Z"
    actual_hours: 0.5
    status: Open
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
    before: {hours: 0.5}
    after: {hours: 0.75}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.time_entry import CHARGED, run_time_entry
from ansible_collections.msp.connectwise.plugins.module_utils.resources.time_entry import (
    MAIL_TO,
    SHOWN_IN,
    TIME_ENTRY,
)

MODULE = Module(
    {
        **of_ticket.OPTIONS,
        **field_options(TIME_ENTRY),
        "project_ticket_id": {"type": "int"},
        "charge_code": {"type": "str"},
        "activity_id": {"type": "int"},
        "id": {"type": "int", "aliases": ["time_entry_id"]},
        "key": {"type": "str", "no_log": False},
        "add_to": {"type": "list", "elements": "str", "choices": list(SHOWN_IN)},
        "email": {"type": "list", "elements": "str", "choices": list(MAIL_TO)},
        "fields": {"type": "dict"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    lambda task, client: run_time_entry(client, task.params, task.check_mode),
    required_one_of=[("id", *CHARGED), ("id", "key", "start")],
    required_by=of_ticket.CONSTRAINTS["required_by"],
    mutually_exclusive=[tuple(CHARGED), ("end", "hours")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

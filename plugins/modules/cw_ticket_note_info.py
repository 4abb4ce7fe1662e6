#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_note_info
short_description: Read the notes of a ticket of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads the notes of a service or project ticket from ConnectWise PSA (Manage), oldest first unless another order is
    asked for.
options:
  record_type:
    description:
      - Kind of the ticket. Project tickets are records of their own.
    type: str
    choices: [service, project]
    default: service
  kind:
    description:
      - Only notes that are shown in one of these places.
    type: list
    elements: str
    choices: [discussion, internal, resolution]
  all_notes:
    description:
      - Whether the notes of time entries are read too. Where a ConnectWise is too old for that, a warning tells so.
    type: bool
    default: false
extends_documentation_fragment:
  - msp.connectwise.of_ticket
  - msp.connectwise.listing
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_ticket_note
  - module: msp.connectwise.cw_ticket_info
"""

EXAMPLES = r"""
- name: What the customer and we said last
  msp.connectwise.cw_ticket_note_info:
    ticket_id: 12345
    kind: [discussion]
    order_by: id desc
    limit: 10
  register: said

- name: Show it
  ansible.builtin.debug:
    msg: "{{ said.notes | map(attribute='text') }}"

- name: All notes, those of time entries too
  msp.connectwise.cw_ticket_note_info:
    ticket_id: 12345
    all_notes: true
"""

RETURN = r"""
notes:
  description:
    - The notes, with the API's field names in snake case, and V(null) where a field is empty.
    - With O(fields) these only.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the note; of the time entry where it is one's.
      type: int
    ticket_id:
      description: Number of the ticket.
      type: int
    text:
      description: The text as stored, with the line that holds the key.
      type: str
    kind:
      description: Where it is shown.
      type: list
      elements: str
    key:
      description: The key; V(null) where it has none.
      type: str
    note_type:
      description: Whether it is a note of its own (V(TicketNote)) or that of a time entry (V(TimeEntryNote)).
      type: str
    created_by:
      description: Who wrote it.
      type: str
  sample:
    - id: 1546047
      ticket_id: 12345
      text: Patches are installed, the server restarts.
      kind: [internal]
      note_type: TicketNote
      created_by: ansible
count:
  description: How many notes meet the filters, returned or not.
  returned: success
  type: int
  sample: 1
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=12345&companyName=acme
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.note_info import CONSTRAINTS, OPTIONS, run_note_info

MODULE = Module(
    OPTIONS,
    lambda task, client: run_note_info(client, task.params, task.check_mode, task.warn),
    **CONSTRAINTS,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_note
short_description: Write, change or delete a note of a ticket of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Writes notes to service and project tickets of ConnectWise PSA (Manage), each once.
  - A note is found by O(id), else by O(key), else by its text and kind. Line ends, and blanks at the end of lines,
    do not make another note.
extends_documentation_fragment:
  - msp.connectwise.of_ticket
  - msp.connectwise.note
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: Note for the service desk
  msp.connectwise.cw_ticket_note:
    ticket_id: 12345
    text: Patches are installed, the server restarts.

- name: Tell the customer
  msp.connectwise.cw_ticket_note:
    ticket_id: 12345
    kind: [discussion]
    text: |
      The server was patched and is **available** again.

- name: Keep one note up to date
  msp.connectwise.cw_ticket_note:
    ticket_id: 12345
    key: progress
    text: 3 of 5 servers are done.

- name: Delete it again
  msp.connectwise.cw_ticket_note:
    ticket_id: 12345
    key: progress
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
note:
  description:
    - The note, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For a note that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the note; V(0) for one that check mode would have created.
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
    is_internal:
      description: Whether it is shown in the internal analysis.
      type: bool
    created_by:
      description: Who wrote it.
      type: str
    created_datetime:
      description: When it was written (UTC).
      type: str
  sample:
    id: 1546047
    ticket_id: 12345
    text: Patches are installed, the server restarts.
    kind: [internal]
    is_internal: true
    created_by: ansible
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=12345&companyName=acme
diff:
  description: What changes in the note.
  returned: success
  type: dict
  sample:
    before: {text: 2 of 5 servers are done.}
    after: {text: 3 of 5 servers are done.}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.note import CONSTRAINTS, OPTIONS, run_note

MODULE = Module(OPTIONS, lambda task, client: run_note(client, task.params, task.check_mode), **CONSTRAINTS)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_notes
short_description: Write, change or delete many notes of tickets of ConnectWise PSA in one task
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Does for each entry of a list what M(msp.connectwise.cw_ticket_note) does, with the same options and results, over
    one connection. The notes of a ticket are read once for all entries, so that a new note costs one request.
options:
  on_failure:
    description:
      - What happens after an entry that failed. V(stop) leaves those behind it alone, V(continue) goes on with them.
        The task fails in both cases.
      - Where the login is refused, the server can't be reached or asks for a pause that is too long, the run stops.
    type: str
    choices: [stop, continue]
    default: stop
extends_documentation_fragment:
  - msp.connectwise.note.list
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_ticket_note
  - module: msp.connectwise.cw_tickets
"""

EXAMPLES = r"""
- name: Tell the service desk and the customer
  msp.connectwise.cw_ticket_notes:
    notes:
      - ticket_id: 12345
        text: Patches are installed, the server restarts.
      - ticket_id: 12345
        kind: [discussion]
        text: Your server was patched and is **available** again.

- name: One note for each server, kept up to date
  msp.connectwise.cw_ticket_notes:
    notes: "{{ servers | map('combine', {'ticket_id': 12345, 'text': 'Done.'}) }}"
  vars:
    servers:
      - key: PROD-WEB-01
      - key: PROD-WEB-02
"""

RETURN = r"""
results:
  description: What came of each entry, in their order; those that were not tried are missing.
  returned: always
  type: list
  elements: dict
  contains:
    item:
      description: Place of the entry in the list, from V(1).
      type: int
    changed:
      description: Whether something was written, or would be in check mode.
      type: bool
    operation:
      description: What was done, as of M(msp.connectwise.cw_ticket_note).
      returned: where the entry did not fail
      type: str
    note:
      description: The note, as of M(msp.connectwise.cw_ticket_note).
      returned: where the entry did not fail
      type: dict
    url:
      description: Address at which a browser shows the ticket.
      returned: where the entry did not fail
      type: str
    diff:
      description: What changes in the note.
      returned: where the entry did not fail
      type: dict
    failed:
      description: V(true).
      returned: where the entry failed
      type: bool
    msg:
      description: Why it failed.
      returned: where the entry failed
      type: str
    failure:
      description: What went wrong, as of M(msp.connectwise.cw_ticket).
      returned: where the entry failed
      type: dict
  sample:
    - {item: 1, changed: true, operation: created, note: {id: 1546047, ticket_id: 12345, kind: [internal]}}
diff:
  description: What changes in each note that changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before: {text: 2 of 5 servers are done.}
      after: {text: 3 of 5 servers are done.}
      before_header: Item 1 (key 'progress')
      after_header: Item 1 (key 'progress')
failure:
  description: What went wrong with the first entry that failed; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.many import list_options, run_notes
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.note import CONSTRAINTS, OPTIONS

MODULE = Module(
    list_options("notes", OPTIONS, CONSTRAINTS),
    lambda task, client: run_notes(client, task.params, task.check_mode),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

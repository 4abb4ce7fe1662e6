#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_tickets
short_description: Open, change, close or delete many tickets of ConnectWise PSA in one task
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Does for each entry of a list what M(msp.connectwise.cw_ticket) does, with the same options and results, over one
    connection. Names are looked up once for all entries, so that this takes a fraction of the time of a loop.
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
  - msp.connectwise.ticket.list
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_ticket
  - module: msp.connectwise.cw_ticket_notes
"""

EXAMPLES = r"""
- name: One ticket for each server that is to be patched
  msp.connectwise.cw_tickets:
    tickets:
      - key: patch-2026-03-web-01
        summary: Patch PROD-WEB-01
        company: Acme
        board: Help Desk
        configurations: [PROD-WEB-01]
      - key: patch-2026-03-db-01
        summary: Patch PROD-DB-01
        company: Acme
        board: Help Desk
        configurations: [PROD-DB-01]
  register: patching

- name: Show their numbers
  ansible.builtin.debug:
    msg: "{{ patching.results | map(attribute='ticket.id') }}"

- name: Begin with all of them, whatever becomes of each
  msp.connectwise.cw_tickets:
    tickets:
      - key: patch-2026-03-web-01
        status: In Progress
      - key: patch-2026-03-db-01
        status: In Progress
        owner: oncall
    on_failure: continue
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
      description: What was done, as of M(msp.connectwise.cw_ticket).
      returned: where the entry did not fail
      type: str
    ticket:
      description: The ticket, as of M(msp.connectwise.cw_ticket).
      returned: where the entry did not fail
      type: dict
    url:
      description: Address at which a browser shows the ticket.
      returned: where the entry did not fail
      type: str
    diff:
      description: The changed fields only.
      returned: where the entry did not fail
      type: dict
    failed:
      description: V(true).
      returned: where the entry failed
      type: bool
    msg:
      description: Why it failed, or why nothing was done.
      returned: where that needs saying
      type: str
    failure:
      description: What went wrong, as of M(msp.connectwise.cw_ticket).
      returned: where the entry failed
      type: dict
  sample:
    - {item: 1, changed: true, operation: created, ticket: {id: 20000, summary: Patch PROD-WEB-01}}
diff:
  description: The changed fields of each entry that changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before: {status: New}
      after: {status: In Progress}
      before_header: Item 1 (key 'patch-2026-03-web-01')
      after_header: Item 1 (key 'patch-2026-03-web-01')
failure:
  description: What went wrong with the first entry that failed; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.many import list_options, run_tickets
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket import CONSTRAINTS, OPTIONS

MODULE = Module(
    list_options("tickets", OPTIONS, CONSTRAINTS),
    lambda task, client: run_tickets(client, task.params, task.check_mode),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

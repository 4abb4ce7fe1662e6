#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_link
short_description: Merge tickets of ConnectWise PSA into one, or make them children of one
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Links service tickets of ConnectWise PSA (Manage) with a ticket. Tickets that are linked as wanted stay as they are,
    and so do other tickets that are linked with it.
options:
  children:
    description:
      - Numbers of the tickets that are bundled below the ticket. One that is below another ticket is taken from there.
    type: list
    elements: int
  merged:
    description:
      - Numbers of the tickets that are merged into the ticket. This can't be undone.
    type: list
    elements: int
  status:
    description:
      - The status with which tickets are merged, by id or name, one of the ticket's board. Required for C(merged), as
        long as there is something to merge.
    type: str
  state:
    description:
      - Whether the tickets are linked. V(absent) releases the children.
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
- name: All that belongs to the outage below one ticket
  msp.connectwise.cw_ticket_link:
    ticket_id: 12345
    children: [123, 12347]

- name: A ticket that was opened twice
  msp.connectwise.cw_ticket_link:
    ticket_id: 12345
    merged: [12346]
    status: Resolved

- name: A ticket that does not belong to it
  msp.connectwise.cw_ticket_link:
    ticket_id: 12345
    children: [12346]
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: updated
  choices: [updated, unchanged]
tickets:
  description: The tickets that were named, as they are then; in check mode as they would be.
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
    parent_ticket_id:
      description: Number of the ticket that it is below.
      type: int
    merged_parent_ticket:
      description: The ticket that it is merged into.
      type: dict
  sample:
    - id: 123
      summary: Mail is slow
      parent_ticket_id: 12345
      merged_parent_ticket:
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=12345&companyName=acme
diff:
  description: The tickets that are linked, or no longer.
  returned: success
  type: dict
  sample:
    before: {children: []}
    after: {children: ["Mail is slow (id 123)"]}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.glue.link import run_link
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(
    {
        **of_ticket.OPTIONS,
        "children": {"type": "list", "elements": "int"},
        "merged": {"type": "list", "elements": "int"},
        "status": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    lambda task, client: run_link(client, task.params, task.check_mode),
    required_one_of=[("ticket_id", "ticket_key"), ("children", "merged")],
    **of_ticket.CONSTRAINTS,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

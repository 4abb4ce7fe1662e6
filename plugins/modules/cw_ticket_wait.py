#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ticket_wait
short_description: Wait until a ticket of ConnectWise PSA has a status, is closed, or a field has a value
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Looks at a service ticket of ConnectWise PSA (Manage) again and again until it is as wanted, such as approved or
    closed. Each look is one small request.
  - If several options are given, all of them must be met. The task fails if they are not met in time.
  - In check mode it looks once and does not wait.
options:
  status:
    description:
      - The status to wait for, by id or name; of several, any will do.
    type: list
    elements: str
  closed:
    description:
      - Wait until the ticket is closed, or with V(false), until it is open.
    type: bool
  fields:
    description:
      - Fields to wait for, by the names that the API has for them, each with its value or a list of values of which any
        will do. A slash goes into a reference, such as C(owner/identifier).
    type: dict
  interval:
    description:
      - Seconds between two looks.
    type: float
    default: 30.0
  give_up_after:
    description:
      - Seconds after which the task fails.
    type: float
    default: 3600.0
extends_documentation_fragment:
  - msp.connectwise.of_ticket
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: Wait for the approval, at most a day
  msp.connectwise.cw_ticket_wait:
    ticket_id: 12345
    status: [Approved, In Progress]
    interval: 60
    give_up_after: 86400

- name: Wait until it is closed
  msp.connectwise.cw_ticket_wait:
    ticket_id: 12346
    closed: true

- name: Wait until somebody has taken it
  msp.connectwise.cw_ticket_wait:
    ticket_id: 12345
    fields:
      owner/identifier: [servicedesk, oncall]
      severity: Medium
"""

RETURN = r"""
ticket:
  description: What was looked at of the ticket, with the API's field names in snake case.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the ticket; V(0) for one that check mode did not open.
      type: int
    summary:
      description: What it is about.
      type: str
    status:
      description: The status, with its name and id.
      type: dict
    closed_flag:
      description: Whether it is closed.
      type: bool
  sample:
    id: 12345
    summary: Server PROD-WEB-02 needs patches
    status: {id: 102, name: In Progress}
    closed_flag: false
met:
  description: Whether the ticket is as wanted. Only check mode returns V(false).
  returned: success
  type: bool
  sample: true
elapsed:
  description: Seconds that were waited.
  returned: success
  type: float
  sample: 120.4
looks:
  description: How often the ticket was read.
  returned: success
  type: int
  sample: 3
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

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.wait import run_wait

MODULE = Module(
    {
        **of_ticket.OPTIONS,
        "status": {"type": "list", "elements": "str"},
        "closed": {"type": "bool"},
        "fields": {"type": "dict"},
        "interval": {"type": "float", "default": 30.0},
        "give_up_after": {"type": "float", "default": 3600.0},
    },
    lambda task, client: run_wait(client, task.params, task.check_mode),
    required_one_of=[("ticket_id", "ticket_key"), ("status", "closed", "fields")],
    **of_ticket.CONSTRAINTS,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

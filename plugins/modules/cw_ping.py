#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_ping
short_description: Tell whether ConnectWise PSA can be reached, as whom, and which permissions are missing
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Logs in to ConnectWise PSA (Manage) and tells as which member, and what the server is.
  - Compares the clock of this machine with the server's, and warns where they are more than a minute apart.
  - Tries to read what each module reads, and warns of the permissions that the member's security role lacks. Whether it
    may write can't be tried without writing.
options:
  modules:
    description:
      - Look only at what these modules need.
    type: list
    elements: str
    choices:
      - cw_api
      - cw_api_info
      - cw_board_info
      - cw_callback
      - cw_configuration
      - cw_configuration_info
      - cw_configuration_sync
      - cw_contact
      - cw_document
      - cw_document_info
      - cw_record_info
      - cw_schedule_entry
      - cw_ticket
      - cw_ticket_info
      - cw_ticket_link
      - cw_ticket_note
      - cw_ticket_note_info
      - cw_ticket_notes
      - cw_ticket_task
      - cw_ticket_wait
      - cw_tickets
      - cw_time_entry
  fail_on_missing:
    description:
      - Fail where a permission is missing, instead of a warning.
    type: bool
    default: false
extends_documentation_fragment:
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
"""

EXAMPLES = r"""
- name: Is all well
  msp.connectwise.cw_ping:

- name: Stop here unless this play will have what it needs
  msp.connectwise.cw_ping:
    modules: [cw_ticket, cw_ticket_note]
    fail_on_missing: true
"""

RETURN = r"""
member:
  description: The member that is logged in; V(null) where the server does not tell.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the member.
      type: int
    identifier:
      description: Its identifier.
      type: str
    first_name:
      description: First name.
      type: str
    last_name:
      description: Last name.
      type: str
    license_class:
      description: V(A) for an API member.
      type: str
  sample:
    id: 637
    identifier: ansible
    first_name: Ansible
    last_name: Automation
    license_class: A
server:
  description: What the server is.
  returned: success
  type: dict
  contains:
    version:
      description: Its version.
      type: str
    is_cloud:
      description: Whether it is the vendor's cloud.
      type: bool
    server_time_zone:
      description: Its time zone, by the name that Windows has for it. The times of the API are in UTC all the same.
      type: str
    cloud_region:
      description: Region of the cloud.
      type: str
  sample:
    version: v2025.1.104512
    is_cloud: true
    server_time_zone: Eastern Standard Time
    cloud_region: NA
clock_difference:
  description: Seconds by which this machine's clock is ahead of the server's; V(null) where the server does not tell.
  returned: success
  type: int
  sample: 0
permissions:
  description: What each module reads.
  returned: success
  type: list
  elements: dict
  contains:
    module:
      description: Name of the module.
      type: str
    permission:
      description: The permission as security roles call it.
      type: str
    granted:
      description: Whether the member has it; V(null) where this server does not know the list.
      type: bool
  sample:
    - module: cw_ticket
      permission: "Service Desk > Service Tickets: Inquire"
      granted: true
missing:
  description: The permissions that are missing.
  returned: success
  type: list
  elements: str
  sample: []
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ping import run_ping
from ansible_collections.msp.connectwise.plugins.module_utils.resources.permissions import NEEDED

MODULE = Module(
    {
        "modules": {"type": "list", "elements": "str", "choices": list(NEEDED)},
        "fail_on_missing": {"type": "bool", "default": False},
    },
    lambda task, client: run_ping(client, task.params, task.warn),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

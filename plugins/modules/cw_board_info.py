#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_board_info
short_description: Read service boards of ConnectWise PSA and what belongs to them
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads service boards from ConnectWise PSA (Manage), on request with their statuses, types, sub-types, items, teams.
  - All filters given must be met. Nothing found is no failure.
  - Where the security role lacks the right for table setup, it reads what is open to all members, with fewer fields.
options:
  id:
    description: Numbers of the boards, one or many.
    type: list
    elements: int
    aliases: [board_id]
  name:
    description: Name of the board.
    type: str
  location:
    description: Location, by id or name.
    type: str
  department:
    description: Department, by id, identifier or name.
    type: str
  project:
    description: Whether they are boards of project tickets.
    type: bool
  active:
    description: Whether they are in use. If not set, those that are retired are returned too.
    type: bool
  include:
    description:
      - What else is read of each board, retired entries too.
      - V(types) take one request for all boards, the others one for each board.
    type: list
    elements: str
    choices: [statuses, types, subtypes, items, teams]
    default: []
extends_documentation_fragment:
  - msp.connectwise.listing
  - msp.connectwise.listing.records
  - msp.connectwise.connection
  - msp.connectwise.attributes
  - msp.connectwise.attributes.info
seealso:
  - module: msp.connectwise.cw_record_info
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: What tickets of the help desk can be
  msp.connectwise.cw_board_info:
    name: Help Desk
    include: [statuses, types, subtypes, items, teams]
  register: found

- name: Show the statuses that close tickets
  ansible.builtin.debug:
    msg: "{{ found.boards[0].statuses | selectattr('closed_status') | rejectattr('inactive') | map(attribute='name') }}"

- name: Names of all boards that are in use
  msp.connectwise.cw_board_info:
    active: true
    fields: [id, name]
"""

RETURN = r"""
boards:
  description:
    - The boards, with the API's field names in snake case, and V(null) where a field is empty.
    - With O(fields) these only. What is included of them is in a list of the same name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the board.
      type: int
    name:
      description: Name.
      type: str
    inactive_flag:
      description: Whether it is retired.
      type: bool
    project_flag:
      description: Whether it is for project tickets.
      type: bool
    location_name:
      description: Name of the location. Likewise C(department_name).
      type: str
    statuses:
      description:
        - Its statuses. A ticket is closed in one with C(closed_status); one with C(inactive) is no longer in use.
      returned: where they are included
      type: list
      elements: dict
    types:
      description: Its types, with C(id), C(name), C(default_flag) and C(inactive_flag).
      returned: where they are included
      type: list
      elements: dict
    subtypes:
      description: Its sub-types, with the ids of the types they are for in C(type_association_ids).
      returned: where they are included
      type: list
      elements: dict
    board_items:
      description: Its items. They are not called C(items), which in templates is a method of each board.
      returned: where they are included
      type: list
      elements: dict
    teams:
      description: Its teams, with the ids of their C(members), and C(leader_name).
      returned: where they are included
      type: list
      elements: dict
  sample:
    - id: 1
      name: Help Desk
      inactive_flag: false
      project_flag: false
      location_name: Main Location
      department_name: Engineering
count:
  description: How many boards meet the filters, returned or not.
  returned: success
  type: int
  sample: 1
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.board_info import OPTIONS, run_board_info
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(OPTIONS, lambda task, client: run_board_info(client, task.params, task.warn))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_callback
short_description: Register, change and remove callbacks (webhooks) of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - With a callback, ConnectWise PSA (Manage) tells a web address about every record that is added, changed or deleted.
  - A callback is found by O(id), else by O(url) and O(type), and by O(level) and O(object_id) where these are given.
    What you do not name stays as it is. To move a callback to another address, or to other records, give its O(id).
  - ConnectWise waits 5 seconds for an answer, repeats what was answered with 404, 409, 419 or 429 twice, and disables a
    callback after three days of failures.
options:
  id:
    description:
      - Number of the callback.
    type: int
    aliases: [callback_id]
  url:
    description:
      - Address that is told, by POST. ConnectWise appends the number of the record and then C(&action=) with C(added),
        C(updated) or C(deleted), so that it should end in V(?recordId=) or in V(&recordId=).
      - Compared letter by letter. Where it holds a secret, give the task C(no_log).
    type: str
  type:
    description:
      - Kind of the records, in any case of letters, such as V(ticket), V(company), V(contact), V(configuration),
        V(project), V(activity), V(agreement), V(invoice), V(expense), V(time), V(schedule), V(opportunity) or
        V(member).
    type: str
  level:
    description:
      - Which of these records, in any case of letters. V(owner) stands for all of them; V(board) and V(status) for
        tickets on a board or in a status. There are others for other types.
      - Needed to register a callback.
    type: str
  object_id:
    description:
      - Number of the board, status or whatever O(level) names. Needed to register a callback, but with V(owner), for
        which ConnectWise sets it.
    type: int
  description:
    description:
      - What it is for, at most 100 characters.
    type: str
  member_id:
    description:
      - Number of the member for whom it is. If not set, ConnectWise takes the one that registers it.
    type: int
  inactive:
    description:
      - Whether it is kept, but not called.
    type: bool
  self_suppressed:
    description:
      - Whether changes that the member makes itself are left out.
    type: bool
  soap:
    description:
      - Whether it is sent as SOAP, which older receivers expect.
    type: bool
  payload_version:
    description:
      - Version of what is sent. If not set, ConnectWise takes its newest.
    type: str
  state:
    description:
      - Whether the callback is there. V(absent) removes all that match.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - msp.connectwise.connection
  - msp.connectwise.attributes
"""

EXAMPLES = r"""
- name: Be told about all tickets
  msp.connectwise.cw_callback:
    url: https://hooks.msp.example/connectwise?recordId=
    type: ticket
    level: owner
    description: Event-driven automation
    self_suppressed: true
  register: registered

- name: Be told about the tickets of one board only
  msp.connectwise.cw_callback:
    url: https://hooks.msp.example/changes?recordId=
    type: ticket
    level: board
    object_id: 2

- name: Register one that is not active yet
  msp.connectwise.cw_callback:
    url: https://hooks.msp.example/companies?recordId=
    type: company
    level: owner
    inactive: true

- name: Remove whatever an old receiver had
  msp.connectwise.cw_callback:
    url: https://old.msp.example/?recordId=
    type: ticket
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
callback:
  description:
    - The callback, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For one that was removed, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the callback; V(0) for one that check mode would have registered.
      type: int
    url:
      description: Address that is told.
      type: str
    type:
      description: Kind of the records.
      type: str
    level:
      description: Which of these records.
      type: str
    object_id:
      description: Number of what the level names.
      type: int
    description:
      description: What it is for.
      type: str
    member_id:
      description: Number of the member for whom it is.
      type: int
    inactive_flag:
      description: Whether it is kept, but not called.
      type: bool
  sample:
    id: 26000
    url: https://hooks.msp.example/connectwise?recordId=
    type: ticket
    level: owner
    object_id: 1
    description: Event-driven automation
    member_id: 637
    inactive_flag: false
diff:
  description: The changed fields only.
  returned: success
  type: dict
  sample:
    before: {inactive: false}
    after: {inactive: true}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.callback import run_callback
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.resources.callback import CALLBACK

MODULE = Module(
    {
        **field_options(CALLBACK),
        "id": {"type": "int", "aliases": ["callback_id"]},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    lambda task, client: run_callback(client, task.params, task.check_mode),
    required_one_of=[("id", "url"), ("id", "type")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

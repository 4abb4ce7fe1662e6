#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_api
short_description: Send any request to ConnectWise PSA by its path
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reaches every endpoint of the REST API of ConnectWise PSA (Manage), also those that no other module of this
    collection is for, with the login, the repeating of what failed for a moment, and the pacing of this collection.
  - PATCH, PUT and DELETE look first, and send only what changes something. POST does so with O(unless).
  - Records and names of fields are those of the API. Names are not looked up; give ids, or what the API itself takes.
options:
  path:
    description:
      - The path after C(/apis/3.0/), such as V(service/tickets) or V(company/companies/250).
      - The address of a record on this server, as other answers have them in C(_info), is taken as well. A path on
        another server is refused, because it would be sent the login.
    type: str
    required: true
  method:
    description:
      - What is done. The names are those of HTTP.
      - V(GET) reads a record, or the first 1000 records of a list. M(msp.connectwise.cw_api_info) has the options for
        lists.
      - V(POST) creates a record, or starts an action. Without O(unless) it is sent each time. A path that ends in
        C(/search) only reads, so that it is sent in check mode as well, and changes nothing.
      - V(PATCH) changes the fields of a record that are not as O(body) wants them.
      - V(PUT) replaces a record if a field that O(body) gives is not so. ConnectWise then empties all that O(body)
        leaves out, or sets a default, of which a warning tells. That something is set which O(body) leaves out is no
        reason to send it. V(PATCH) is mostly what you want.
      - V(DELETE) deletes a record. That there is none changes nothing.
    type: str
    choices: [GET, POST, PATCH, PUT, DELETE]
    default: GET
  body:
    description:
      - What is sent as JSON, a dictionary in most cases; a text is read as JSON.
      - With V(PATCH) a dictionary of fields and their wanted values. A reference is the same by its C(id), else by what
        is given of it, in any case of letters. V(null) empties a field. A field may be a path, such as C(status/id).
        Custom fields and questions are given as the API lists them, and only those that are to be set, each with its
        C(id) or C(caption) and its C(value).
      - With V(PATCH) also a list of operations (C(op), C(path), C(value)), which is sent as it is, unless all of them
        are done already. To add to a list, and to remove an entry of one, is always a change.
      - Give dates as ConnectWise returns them. Where it keeps another value than was asked, a warning tells, and each
        run is a change.
    type: raw
  query:
    description:
      - Parameters that this path takes, such as C(managedInformation).
    type: dict
  unless:
    description:
      - For V(POST), conditions in the words of the API. Where a record in the list at O(path) meets them nothing is
        sent, and that record is returned.
      - Of two tasks that run at the same moment, both may find nothing.
    type: str
extends_documentation_fragment:
  - msp.connectwise.connection
  - msp.connectwise.attributes
attributes:
  idempotent:
    support: partial
    details: A POST without O(unless) is sent each time, and so is what can't be compared.
seealso:
  - module: msp.connectwise.cw_api_info
  - module: msp.connectwise.cw_document
    description: Files are uploaded as forms, which this module does not send.
"""

EXAMPLES = r"""
- name: Create a source of tickets, once
  msp.connectwise.cw_api:
    path: service/sources
    method: POST
    body:
      name: Ansible
    unless: name="Ansible"
  register: source

- name: Set some fields of a company
  msp.connectwise.cw_api:
    path: company/companies/250
    method: PATCH
    body:
      website: https://www.acme.example
      status:
        name: Active
      faxNumber: null

- name: The same as operations
  msp.connectwise.cw_api:
    path: company/companies/250
    method: PATCH
    body:
      - op: replace
        path: website
        value: https://www.acme.example

- name: Replace a record
  msp.connectwise.cw_api:
    path: "service/sources/{{ source.record.id }}"
    method: PUT
    body:
      name: Ansible
      defaultFlag: false

- name: Search with conditions of any length
  msp.connectwise.cw_api:
    path: service/tickets/search
    method: POST
    body:
      conditions: closedFlag=false
    query:
      pageSize: 5
      fields: id,summary

- name: Delete a callback
  msp.connectwise.cw_api:
    path: system/callbacks/26000
    method: DELETE
"""

RETURN = r"""
operation:
  description:
    - What was done, or would be done in check mode. Of any POST that was sent it is V(created).
  returned: success
  type: str
  sample: updated
  choices: [created, updated, deleted, unchanged]
record:
  description:
    - What the API answered, or the record as it was found where nothing was sent; an answer that is only a number or a
      text as C(answer).
    - In check mode as it would be, with the id V(0) for one that would be created. For a record that was deleted, as it
      was; V(null) where there was none, and where the answer is a list.
  returned: success
  type: dict
  sample:
    id: 250
    identifier: Acme
    website: https://www.acme.example
records:
  description: What the API answered where that is a list, else the one record.
  returned: success
  type: list
  elements: dict
count:
  description: How many records these are; of a list that was read, how many there are in all.
  returned: success
  type: int
  sample: 1
diff:
  description: The changed fields only, as the record has them and as O(body) wants them.
  returned: success
  type: dict
  sample:
    before: {website: null}
    after: {website: https://www.acme.example}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.api import OPTIONS, run_api
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(OPTIONS, lambda task, client: run_api(client, task.params, task.check_mode, task.warn))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

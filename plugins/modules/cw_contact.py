#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_contact
short_description: Create, change or delete a contact of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Brings a contact, a person at a company, to a wanted state in ConnectWise PSA (Manage). What you do not name stays
    as it is, and what is as wanted already is not written again.
  - A contact is found by O(id), else by O(match), else by O(email) and, where it is given, O(company).
  - Whatever refers to a record, such as O(company) or O(site), takes an id or a name. A name that matches no record,
    or several, fails with the candidates. An empty text empties the field.
  - ConnectWise does not delete a contact that is in use, such as by a ticket. The task fails with ConnectWise's words
    then; check mode can't foresee it. Set O(inactive) for such contacts.
options:
  id:
    description:
      - Number of the contact.
      - A contact that check mode would have created has the number V(0), so that tasks after it can be checked as well.
    type: int
    aliases: [contact_id]
  match:
    description:
      - Without O(id), the contact is the one whose options given here are as wanted, such as V(first_name) and
        V(last_name). None of them may be empty.
      - Of several, the one that is not inactive. Several of these fail with the candidates.
      - If not set, V(email), and V(company) where it is given. To move a contact to another company, use O(id), or
        match by V(email) alone.
    type: list
    elements: str
  state:
    description:
      - V(present) creates the contact if it is not there, and changes what is not as wanted.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  email:
    description:
      - E-mail address. One that the contact has already, default or not, is as wanted; else it takes the place of the
        default one.
    type: str
  first_name:
    description: First name. Required for a new contact.
    type: str
  last_name:
    description: Last name.
    type: str
  company:
    description: Company, by id, identifier or name.
    type: str
  site:
    description: Site of the company.
    type: str
  title:
    description: Position of the person at the company.
    type: str
  department:
    description: Department there.
    type: str
  relationship:
    description: Relationship.
    type: str
  manager:
    description: Manager, a contact of the company, by id, name or e-mail address.
    type: str
  inactive:
    description: Whether the contact is out of use.
    type: bool
  communications:
    description:
      - Telephone numbers, fax numbers and e-mail addresses, by the names of their types, such as V(Direct), V(Cell) or
        V(Email). Others stay as they are. An empty text removes all of the type.
      - A value is a text, or a dictionary of C(value) and C(extension).
      - Blanks, hyphens, points, slashes and parentheses in telephone numbers make no difference.
      - Of several of one type, one that is as wanted is enough; else the default one is changed.
    type: dict
  types:
    description:
      - Types that the contact must have, by id or name. Other types stay.
    type: list
    elements: str
  custom_fields:
    description:
      - Values of custom fields by their captions. Other custom fields stay as they are.
    type: dict
  fields:
    description:
      - Further fields of the contact by the names that the API has for them, such as C(nickName), C(city) or
        C(userDefinedField1).
    type: dict
extends_documentation_fragment:
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_record_info
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: A contact and how to reach her
  msp.connectwise.cw_contact:
    email: jane.roe@acme.example
    company: Acme
    first_name: Jane
    last_name: Roe
    title: Head of IT
    site: Main Office
    communications:
      Direct: {value: "5550123", extension: "12"}
      Cell: "5550124"
    types: [Approver]
  register: jane

- name: Show her number
  ansible.builtin.debug:
    msg: "{{ jane.contact.full_name }} is contact {{ jane.contact.id }}"

- name: She has another address, and no mobile telephone any more
  msp.connectwise.cw_contact:
    match: [first_name, last_name, company]
    first_name: Reception
    last_name: Desk
    company: Acme
    email: front.door@acme.example
    communications:
      Cell: ""

- name: Somebody has left
  msp.connectwise.cw_contact:
    email: it.manager@acme.example
    inactive: true

- name: Delete a contact
  msp.connectwise.cw_contact:
    email: nobody@acme.example
    company: Acme
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
contact:
  description:
    - The contact, with the API's field names in snake case, and V(null) where a field is empty.
    - In check mode as it would be. For a contact that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the contact; V(0) for one that check mode would have created.
      type: int
    full_name:
      description: First and last name.
      type: str
    company_name:
      description: Name of the company.
      type: str
    primary_email:
      description: The default e-mail address.
      type: str
    primary_phone:
      description: The default telephone number.
      type: str
    is_active:
      description: Whether the contact is in use.
      type: bool
    communication_items:
      description: All telephone numbers and e-mail addresses.
      type: list
      elements: dict
    types:
      description: The types, with C(id) and C(name).
      type: list
      elements: dict
  sample:
    id: 3000
    full_name: Jane Roe
    company_name: Acme Corporation
    primary_email: jane.roe@acme.example
    primary_phone: "5550123"
    is_active: true
diff:
  description: The changed fields only, with names instead of ids.
  returned: success
  type: dict
  sample:
    before: {title: Engineer}
    after: {title: Head of IT}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.contact import CONSTRAINTS, OPTIONS, run_contact
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(OPTIONS, lambda task, client: run_contact(client, task.params, task.check_mode), **CONSTRAINTS)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

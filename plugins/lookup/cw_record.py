# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_record
short_description: Records of ConnectWise PSA, inside expressions
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Reads records of ConnectWise PSA (Manage) by id, by name, or by conditions, where an expression needs them.
  - It reads each time that the expression is evaluated. Keep what several tasks need with
    M(ansible.builtin.set_fact), or read it with M(msp.connectwise.cw_ticket_info) or
    M(msp.connectwise.cw_configuration_info).
  - Nothing that comes from ConnectWise is ever taken for a template.
options:
  _terms:
    description:
      - Ids or names of the records. Companies may also be called by their identifier, members by their identifier or
        e-mail address, tickets are by their key. A text of digits is an id. Contacts are found by id only.
      - If not given, a list is read.
    type: list
    elements: raw
  record:
    description:
      - Kind of the records. One of V(agreement), V(board), V(communication_type), V(company), V(company_status),
        V(company_type), V(configuration), V(configuration_status), V(configuration_type), V(contact),
        V(contact_type), V(department), V(location), V(manufacturer), V(member), V(priority), V(project),
        V(schedule_status), V(schedule_type), V(service_location), V(sla), V(source), V(ticket), V(work_role),
        V(work_type).
      - For any others the path in the API, such as V(company/companies/250/sites).
    type: str
    required: true
extends_documentation_fragment:
  - msp.connectwise.listing
  - msp.connectwise.connection.plugin
seealso:
  - module: msp.connectwise.cw_configuration_info
  - module: msp.connectwise.cw_ticket_info
"""

EXAMPLES = r"""
- name: A company by its id
  ansible.builtin.debug:
    msg: "{{ lookup('msp.connectwise.cw_record', 250, record='company').name }}"

- name: A company by its identifier
  ansible.builtin.debug:
    msg: "{{ lookup('msp.connectwise.cw_record', 'Acme', record='company').phone_number }}"

- name: The addresses of two servers
  ansible.builtin.debug:
    msg: "{{ servers | map(attribute='ip_address') | join(', ') }}"
  vars:
    servers: "{{ query('msp.connectwise.cw_record', 67890, 'PROD-DB-01', record='configuration') }}"

- name: A note on each open ticket of a company
  msp.connectwise.cw_ticket_note:
    ticket_id: "{{ item.id }}"
    text: The line is down.
  loop: "{{ query('msp.connectwise.cw_record', record='ticket', conditions=asked, fields=['id']) }}"
  vars:
    asked: company/id = 250 and closedFlag = false

- name: The sites of a company, by their path in the API
  ansible.builtin.debug:
    msg: "{{ query('msp.connectwise.cw_record', record='company/companies/250/sites', order_by='name asc') }}"

- name: Nothing, where there is no such record
  ansible.builtin.debug:
    msg: "{{ query('msp.connectwise.cw_record', 999, record='company', errors='ignore') | default([], true) }}"
"""

RETURN = r"""
_raw:
  description:
    - The records, with the API's field names in snake case. With O(fields) these only.
    - For each id or name one, in the order in which they are given. C(lookup) gives a single one by itself.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.msp.connectwise.plugins.module_utils.glue.listing import OPTIONS
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import blanked
from ansible_collections.msp.connectwise.plugins.module_utils.glue.record import look_up
from ansible_collections.msp.connectwise.plugins.plugin_utils.connected import check_options, connected, untrusted


class LookupModule(LookupBase):
    """The lookup plugin."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """The facts of the records.

        Raises:
            AnsibleLookupError: a sentence.
        """
        check_options(self, kwargs, AnsibleLookupError)
        self.set_options(var_options=variables, direct=kwargs)
        options = {name: self.get_option(name) for name in ("record", *OPTIONS)}
        wanted = self._flatten(terms)
        if terms and not wanted:  # an empty list of ids; without any, all records would be meant
            return []
        with connected(self, AnsibleLookupError) as client:
            found = look_up(client, wanted, options, Display().warning)
            found = blanked({"found": found}, client)["found"]
        return [untrusted(each) for each in found]

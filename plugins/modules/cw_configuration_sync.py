#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_configuration_sync
short_description: Create and change many configurations of ConnectWise PSA in few requests
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Does for each entry of a list what M(msp.connectwise.cw_configuration) does with C(state=present), with the same
    options and results. What is there is read in pages of 1,000, and what differs is written in bulk, up to 100
    configurations a request. Configurations that no entry names are left alone.
  - A change in bulk sends the whole configuration as it was read, with what differs put in; what others write to the
    same configuration in these seconds is lost. A single one is changed field by field, and so are those that
    ConnectWise refuses in bulk, and all where it has no bulk endpoint.
  - All entries are checked before the first one is written. There is a result for each one, whatever becomes of the
    others.
  - Run it once at a time for the same configurations. Two runs at the same moment may both create one that neither has
    found.
options:
  match:
    description:
      - The fields by which the configuration of an entry is found, such as V(serial_number) or V(device_identifier).
        No entry may leave one of them empty. An entry with an O(configurations[].id) is found by that.
      - Of several, the one whose status is not closed. Several of these fail with the candidates.
      - If not set, those of V(name), V(company) and V(type) that an entry has.
    type: list
    elements: str
  company:
    description: Company of the entries that name none.
    type: str
  type:
    description: Type of the entries that name none.
    type: str
  on_failure:
    description:
      - What happens where entries fail. With V(stop), nothing is written at all where one of them can't be understood
        or is not found unambiguously; where ConnectWise refuses one, those sent along with it are done, and the ones
        behind them are not tried. V(continue) goes on with all others. The task fails in both cases.
      - Where the login is refused, the server can't be reached or asks for a pause that is too long, the run stops.
    type: str
    choices: [stop, continue]
    default: stop
extends_documentation_fragment:
  - msp.connectwise.configuration.list
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_configuration
  - module: msp.connectwise.cw_configuration_info
"""

EXAMPLES = r"""
- name: The servers of a company
  msp.connectwise.cw_configuration_sync:
    company: Acme
    type: Server
    configurations:
      - name: SYNC-WEB-01
        serial_number: SN-2001
        ip_address: 192.0.2.41
        questions:
          Role: Web server
      - name: SYNC-DB-01
        serial_number: SN-2002
        ip_address: 192.0.2.42
        custom_fields:
          Rack: B-12
  register: synced

- name: Tell what was done
  ansible.builtin.debug:
    msg: "{{ item.configuration.name }} {{ item.operation }}, id {{ item.configuration.id }}"
  loop: "{{ synced.results }}"
  loop_control:
    label: "{{ item.item }}"

- name: An export of another system, known by its own numbers, whatever is wrong with some of it
  msp.connectwise.cw_configuration_sync:
    match: [device_identifier]
    on_failure: continue
    configurations:
      - device_identifier: rmm-4711
        name: SYNC-PC-01
        company: NorthwindUS
        type: Workstation
        os_type: Windows 11 Pro
      - device_identifier: rmm-4712
        name: SYNC-PC-02
        company: NorthwindUK
        type: Workstation
        os_type: Windows 11 Pro

- name: Servers that are there already get another status
  msp.connectwise.cw_configuration_sync:
    configurations:
      - id: 67891
        status: Retired
      - id: 67893
        status: Retired
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
      description:
        - Whether something was written, or would be in check mode; V(true) also of an entry that failed after a part
          of it was written.
      type: bool
    operation:
      description: What was done, V(created), V(updated) or V(unchanged).
      returned: where the entry did not fail
      type: str
    configuration:
      description: The configuration, as of M(msp.connectwise.cw_configuration).
      returned: where the entry did not fail
      type: dict
    diff:
      description: The changed fields only.
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
    - {item: 1, changed: true, operation: created, configuration: {id: 80000, name: SYNC-WEB-01}}
diff:
  description: The changed fields of each entry that changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before: {ip_address: 192.0.2.41}
      after: {ip_address: 192.0.2.43}
      before_header: Item 1 (name 'SYNC-WEB-01')
      after_header: Item 1 (name 'SYNC-WEB-01')
failure:
  description: What went wrong with the first entry that failed; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue.configuration_sync import (
    OPTIONS,
    run_configuration_sync,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(OPTIONS, lambda task, client: run_configuration_sync(client, task.params, task.check_mode))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

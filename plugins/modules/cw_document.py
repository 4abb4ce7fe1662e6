#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_document
short_description: Attach a file or a link to a ticket or another record of ConnectWise PSA
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Attaches documents to tickets, configurations, companies and other records of ConnectWise PSA (Manage), each once.
  - A file is found by O(id), else by its C(name); a link by O(id), else by its address. A file with other content takes
    the place of the one that is there.
  - ConnectWise tells the name and the size of a document, and nothing by which its content could be compared. If both
    are as wanted, the module downloads the document and compares the content; if the size differs, that is not needed.
options:
  src:
    description:
      - Path of the file, on the host where the module runs. It is read while it is sent, so that it may be large.
        How large is up to your ConnectWise.
    type: path
  content:
    description:
      - Content of the file as a text, which is kept in UTF-8.
    type: str
  content_base64:
    description:
      - Content of the file in base64, for anything but text.
    type: str
  url:
    description:
      - Address of a page, for a link instead of a file.
    type: str
  name:
    description:
      - Name of the file in ConnectWise. If not set, the file's own.
    type: str
  title:
    description:
      - The title it is shown with. If not set, a new document is shown by its name.
    type: str
  private:
    description:
      - Whether customers do not see it.
    type: bool
  read_only:
    description:
      - Whether it can't be changed in ConnectWise.
    type: bool
  id:
    description:
      - Number of the document.
    type: int
    aliases: [document_id]
  state:
    description:
      - Whether the document is there. V(absent) deletes all that match.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - msp.connectwise.of_ticket
  - msp.connectwise.of_record
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_document_info
"""

EXAMPLES = r"""
- name: Attach a report to the ticket
  msp.connectwise.cw_document:
    ticket_id: 12345
    name: report.txt
    title: Patch report
    content: |
      12 updates installed
      1 restart

- name: Attach a file of this host to a configuration, where customers do not see it
  msp.connectwise.cw_document:
    record_type: Configuration
    record_id: 67890
    src: /etc/hosts
    private: true

- name: Link to the pipeline
  msp.connectwise.cw_document:
    ticket_id: 12345
    url: https://ci.example.com/pipelines/815
    title: Pipeline 815

- name: Take a document away
  msp.connectwise.cw_document:
    ticket_id: 12345
    name: draft.txt
    state: absent
"""

RETURN = r"""
operation:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: created
  choices: [created, updated, deleted, unchanged]
document:
  description:
    - What ConnectWise tells of the document, with the API's field names in snake case, and V(null) where a field is
      empty.
    - In check mode as it would be. For a document that was deleted, as it was; V(null) where there was none.
  returned: success
  type: dict
  contains:
    id:
      description: Number of the document; V(0) for one that check mode would have created.
      type: int
    file_name:
      description: Name of the file.
      type: str
    title:
      description: The title it is shown with.
      type: str
    size:
      description: Size in bytes.
      type: int
    is_link:
      description: Whether it is a link.
      type: bool
    is_private:
      description: Whether customers do not see it.
      type: bool
    read_only_flag:
      description: Whether it can't be changed in ConnectWise.
      type: bool
    owner:
      description: Who put it there.
      type: str
  sample:
    id: 9000
    file_name: report.txt
    title: Patch report
    size: 31
    is_link: false
    is_private: false
    owner: ansible
checksum:
  description: SHA-256 of the wanted content; V(null) for a link, and for a document that is absent.
  returned: success
  type: str
  sample: 3bf7d1bdaddc24876d5dfbd695da51d0fb34a34b63a8c1524e56d26f16cd3baf
url:
  description: Address at which a browser shows the ticket; V(null) where there is none.
  returned: success
  type: str
  sample: https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=12345&companyName=acme
diff:
  description: What changes in the document.
  returned: success
  type: dict
  sample:
    before: {size: 20}
    after: {size: 31}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_record
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import field_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.document import SOURCES, run_document
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module
from ansible_collections.msp.connectwise.plugins.module_utils.resources.document import DOCUMENT

MODULE = Module(
    {
        **of_record.OPTIONS,
        **field_options(DOCUMENT),
        "src": {"type": "path"},
        "content": {"type": "str"},
        "content_base64": {"type": "str"},
        "url": {"type": "str"},
        "id": {"type": "int", "aliases": ["document_id"]},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    lambda task, client: run_document(client, task.params, task.check_mode),
    required_if=[("state", "present", SOURCES, True), ("state", "absent", ("id", "name", "src", "url"), True)],
    **{**of_record.CONSTRAINTS, "mutually_exclusive": [*of_record.CONSTRAINTS["mutually_exclusive"], SOURCES]},
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

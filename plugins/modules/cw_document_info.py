#!/usr/bin/python
# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cw_document_info
short_description: List the documents of a record of ConnectWise PSA, and fetch them
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Lists documents of tickets, configurations, companies and other records of ConnectWise PSA (Manage).
  - Downloads them with C(dest) or C(content). Nothing is changed in ConnectWise.
options:
  id:
    description:
      - Number of the document, for this one only.
    type: int
    aliases: [document_id]
  name:
    description:
      - Name of the file, for the documents of this name only.
    type: str
  dest:
    description:
      - Where to write the files, on the host where the module runs; a folder that is there, or for one document a file.
      - To compare the content each document is downloaded in each run. A file that is as wanted is not written again,
        and no file is ever there in part.
      - In check mode a document is downloaded only where the file has its size.
    type: path
  mode:
    description:
      - Permissions of the files, in octal digits, such as V('0640'). If not set, a file that is there keeps its own.
    type: str
  content:
    description:
      - Whether to return the content, in base64. It is in memory then, and in the result.
    type: bool
    default: false
extends_documentation_fragment:
  - msp.connectwise.of_ticket
  - msp.connectwise.of_record
  - msp.connectwise.connection
  - msp.connectwise.attributes
seealso:
  - module: msp.connectwise.cw_document
"""

EXAMPLES = r"""
- name: Which documents does the ticket have
  msp.connectwise.cw_document_info:
    ticket_id: 12345
  register: documents

- name: Show it
  ansible.builtin.debug:
    msg: "{{ documents.documents | map(attribute='file_name') | list }}"

- name: Fetch all of it
  msp.connectwise.cw_document_info:
    ticket_id: 12345
    dest: ~/

- name: Read a text
  msp.connectwise.cw_document_info:
    record_type: Configuration
    record_id: 67890
    name: settings.ini
    content: true
"""

RETURN = r"""
documents:
  description:
    - What ConnectWise tells of the documents, with the API's field names in snake case, and V(null) where a field is
      empty.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the document.
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
      description: Whether it is a link. There is nothing to fetch then.
      type: bool
    is_private:
      description: Whether customers do not see it.
      type: bool
    path:
      description: Path of the file that it was written to, or is in; V(null) without C(dest).
      type: str
    checksum:
      description: SHA-256 of the content, where it was downloaded.
      type: str
    content:
      description: The content in base64; V(null) without C(content).
      type: str
  sample:
    - id: 9000
      file_name: report.txt
      title: Patch report
      size: 31
      is_link: false
      is_private: false
      path: /tmp/report.txt
count:
  description: How many documents there are.
  returned: success
  type: int
  sample: 1
diff:
  description: The files that were written, or would be in check mode.
  returned: success
  type: dict
  sample:
    before: {files: []}
    after: {files: [/tmp/report.txt]}
failure:
  description: What went wrong, for playbooks to test; as of M(msp.connectwise.cw_ticket).
  returned: failure
  type: dict
"""

from ansible_collections.msp.connectwise.plugins.module_utils.glue import of_record
from ansible_collections.msp.connectwise.plugins.module_utils.glue.document_info import run_document_info
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

MODULE = Module(
    {
        **of_record.OPTIONS,
        "id": {"type": "int", "aliases": ["document_id"]},
        "name": {"type": "str"},
        "dest": {"type": "path"},
        "mode": {"type": "str"},
        "content": {"type": "bool", "default": False},
    },
    lambda task, client: run_document_info(client, task.params, task.check_mode),
    **of_record.CONSTRAINTS,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils.as_list import as_list
from .of_ticket import ModuleDocFragment as OfTicket


class ModuleDocFragment:
    """The options of a ticket's note beside those that name the ticket; as C(note.list) all of each note in a list."""

    DOCUMENTATION = r"""
options:
  record_type:
    description:
      - Kind of the ticket. Project tickets are records of their own.
    type: str
    choices: [service, project]
    default: service
  text:
    description:
      - The note's text. Markdown is kept. A new note needs one, here or in a file.
    type: str
  text_file:
    description:
      - File that holds the text, in UTF-8, on the host where the module runs.
    type: path
  kind:
    description:
      - Where the note is shown, in one place or in several. The customer reads the V(discussion).
      - If not set, a new note is V(internal), and a note that is there stays what it is.
    type: list
    elements: str
    choices: [discussion, internal, resolution]
  member:
    description:
      - Member who is the author, by id, identifier, name or e-mail address.
      - If neither this nor O(contact) is set, a new note is by the API member.
    type: str
  contact:
    description:
      - Contact of the ticket's company who is the author, by id, name or e-mail address.
    type: str
  issue:
    description:
      - Whether the note is marked as the issue.
    type: bool
  customer_updated:
    description:
      - V(true) marks the ticket as updated by the customer. Sent with what this task writes, and not compared.
    type: bool
  process_notifications:
    description:
      - Whether ConnectWise sends notifications about what this task writes.
    type: bool
  id:
    description:
      - Number of the note.
    type: int
    aliases: [note_id]
  key:
    description:
      - Your own key for the note, so that a later run changes its text instead of writing another note.
      - "ConnectWise has no field for it, therefore it stands in the last line of the note, as C([key: ...])."
    type: str
  state:
    description:
      - Whether the note is there.
    type: str
    choices: [present, absent]
    default: present
"""

    LIST: str = as_list("notes", "The notes.", "cw_ticket_note", OfTicket.DOCUMENTATION, DOCUMENTATION)

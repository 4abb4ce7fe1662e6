# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils.as_list import as_list


class ModuleDocFragment:
    """The options of a ticket; as C(ticket.list) those of each ticket in a list."""

    DOCUMENTATION = r"""
options:
  id:
    description:
      - Number of the ticket.
      - A ticket that check mode would have created has the number V(0), so that tasks after it can be checked as well.
    type: int
    aliases: [ticket_id]
  key:
    description:
      - Your own key for the ticket, such as the name of a deployment. Every run with this key works on the same
        ticket. Two runs at the same moment end with one open ticket.
      - It is kept in the ticket's external reference (C(externalXRef)), or in the custom field O(key_field).
      - At most 100 characters.
    type: str
  key_field:
    description:
      - Caption of a custom field in which O(key) is kept, where something else uses the external reference.
    type: str
  record_type:
    description:
      - Kind of the ticket. Project tickets are records of their own with other fields, and have no external reference,
        so that O(key) needs O(key_field) for them.
    type: str
    choices: [service, project]
    default: service
  match:
    description:
      - Without O(id) and O(key), the ticket is the one whose fields given here are as wanted, among the open tickets.
      - With O(state=closed) closed tickets count as well, so that a second run finds what the first one closed.
      - If not set, those of V(company), V(board) and V(summary) that are given.
    type: list
    elements: str
  state:
    description:
      - V(present) opens the ticket if it is not there, and changes what is not as wanted.
      - V(closed) does the same, and closes it.
      - V(absent) deletes it; by O(key), all tickets that have it, closed ones too.
    type: str
    choices: [present, closed, absent]
    default: present
  when_closed:
    description:
      - What O(state=present) does where the ticket found by O(key) is closed.
      - V(leave) leaves it as it is, so that a playbook which opens, works on and closes a ticket changes nothing
        when it is run again.
      - V(reopen) gives it O(status), or else the board's default status.
      - V(create) opens a new ticket with the same key.
    type: str
    choices: [leave, reopen, create]
    default: leave
  reopen_within:
    description:
      - With O(when_closed=reopen), how long ago the ticket may have been closed, such as V(12h), V(7d) or V(2w); a
        number alone is days. In place of one closed earlier a new ticket is opened with the same key.
    type: str
  expected_status:
    description:
      - The status, by id or name, in which the ticket must be found if anything is to be written. In another one the
        task fails before it writes, because somebody has changed the ticket meanwhile.
      - A ticket that is already as wanted is no failure.
    type: str
  summary:
    description:
      - What the ticket is about, at most 100 characters. Required to open a ticket.
    type: str
  description:
    description:
      - The first note in the discussion of a new ticket. It has no effect on a ticket that is there.
    type: str
  company:
    description:
      - Company, by id, identifier or name. Required to open a service ticket.
    type: str
  project:
    description:
      - Project of a project ticket, by id or name.
    type: str
  phase:
    description:
      - Phase of the O(project), by id or name. Required to open a project ticket.
    type: str
  board:
    description:
      - Service board. A ticket moves to another board in one step with O(status), O(type) and so on, which are then
        those of the new board. Without O(status) it gets a status that ConnectWise chooses.
      - If not set, a new ticket goes to the default board of the API member.
    type: str
  status:
    description:
      - Status, one of the board's.
      - With O(state=closed) it must be one that closes tickets. If not set, the board's status V(Closed) or
        V(>Closed) is taken, else its first one that closes tickets.
    type: str
  priority:
    description: Priority.
    type: str
  type:
    description: Type, one of the board's.
    type: str
  subtype:
    description: Sub-type, one of the board's.
    type: str
  item:
    description: Item, one of the board's.
    type: str
  team:
    description: Team, one of the board's.
    type: str
  owner:
    description: Member who owns the ticket, by id, identifier, name or e-mail address.
    type: str
  contact:
    description: Contact of the company, by id, name or e-mail address.
    type: str
  site:
    description: Site of the company.
    type: str
  source:
    description: Source.
    type: str
  severity:
    description: Severity.
    type: str
    choices: [Low, Medium, High]
  impact:
    description: Impact.
    type: str
    choices: [Low, Medium, High]
  required_date:
    description:
      - Day on which the ticket is due, such as V(2026-03-31). ConnectWise keeps the day (UTC) of a time.
    type: str
  custom_fields:
    description:
      - Values of custom fields by their captions. Other custom fields stay as they are.
    type: dict
  configurations:
    description:
      - Configurations to attach, by id or by name within the company.
    type: list
    elements: str
  configurations_mode:
    description:
      - What becomes of other configurations that are attached. V(add) leaves them, V(exact) detaches them.
    type: str
    choices: [add, exact]
    default: add
  parent:
    description:
      - Ticket of which this one is a child, by its number or its key in the external reference. An empty text makes it
        a ticket without a parent.
    type: str
  children:
    description:
      - Tickets to make children of this one, by number or key. Others that are children of it stay; to take one away,
        give an empty O(parent) to that one.
    type: list
    elements: str
  resolution:
    description:
      - How it ended. Written as a resolution note when O(state=closed) closes the ticket.
    type: str
  process_notifications:
    description:
      - V(false) keeps ConnectWise from sending notifications about what this task writes.
    type: bool
  skip_callback:
    description:
      - V(true) keeps ConnectWise from calling webhooks about what this task writes.
    type: bool
  fields:
    description:
      - Further fields of the ticket by the names that the API has for them, such as C(budgetHours) or
        C(automaticEmailCc).
    type: dict
"""

    LIST: str = as_list("tickets", "The tickets. None may be named twice by its id or key.", "cw_ticket", DOCUMENTATION)

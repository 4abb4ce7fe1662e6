# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Which ticket a record belongs to."""

    DOCUMENTATION = r"""
options:
  ticket_id:
    description:
      - Number of the ticket. In check mode V(0) stands for a ticket that an earlier task would have opened.
    type: int
  ticket_key:
    description:
      - Key of the ticket, as given to M(msp.connectwise.cw_ticket) as O(msp.connectwise.cw_ticket#module:key).
      - In check mode a ticket with this key need not be there yet.
    type: str
  ticket_key_field:
    description:
      - Caption of the custom field in which tickets have their keys, where it is not the external reference.
    type: str
"""

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What is read of a list."""

    DOCUMENTATION = r"""
options:
  conditions:
    description:
      - A further filter in the words of the API, such as C(poNumber="PO 5"). Must be met beside the others.
    type: str
  fields:
    description:
      - Names of the fields to return, as the API has them. Fewer fields make large lists much faster.
      - If not set, all fields and properties are returned.
    type: list
    elements: str
  order_by:
    description:
      - In which order, in the words of the API, such as V(id desc).
    type: str
  limit:
    description:
      - How many records are returned at most. A warning tells when there are more.
    type: int
    default: 1000
"""

    RECORDS = r"""
options:
  child_conditions:
    description:
      - A further filter on what the records hold lists of, in the words of the API, such as
        C(types/name="Approver") of contacts.
    type: str
  custom_field_conditions:
    description:
      - A further filter on custom fields, in the words of the API, such as C(caption="Rack" AND value="B-12").
    type: str
  count_only:
    description: Only count them, and return none.
    type: bool
    default: false
"""

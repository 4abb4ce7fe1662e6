# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_condition
short_description: A condition with a value that may hold quotes
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Writes a condition in the words of the API, for the options C(conditions), C(child_conditions) and
    C(custom_field_conditions), with the value in the right quotes.
  - ConnectWise knows no way to write a text that holds both kinds of quotes, a backslash or a control character. Such a
    value is refused, because the condition would find other records.
options:
  _input:
    description: The value. A text, a number, true or false, nothing, or a date. With O(operator=in) a list of them.
    type: raw
  field:
    description: Name of the field, as the API has it.
    type: str
    required: true
  operator:
    description: How the field and the value are compared.
    type: str
    default: "="
    choices: ["=", "!=", "<", "<=", ">", ">=", "contains", "not contains", "in", "not in"]
positional: field, operator
seealso:
  - module: msp.connectwise.cw_configuration_info
  - module: msp.connectwise.cw_ticket_info
"""

EXAMPLES = r"""
- name: Find a device by what somebody typed
  msp.connectwise.cw_configuration_info:
    conditions: "{{ typed | msp.connectwise.cw_condition('name') }}"
  vars:
    typed: 19" Rack "A"

- name: Several, none of them retired
  msp.connectwise.cw_configuration_info:
    conditions: >-
      {{ ['PROD-WEB-01', 'PROD-DB-01'] | msp.connectwise.cw_condition('name', 'in') }}
      and {{ 'Retired' | msp.connectwise.cw_condition('status/name', '!=') }}
"""

RETURN = r"""
_value:
  description: The condition.
  type: str
  sample: name = '19" Rack "A"'
"""

import re
from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import Condition


def cw_condition(value: Any, field: str, operator: str = "=") -> str:
    """The condition that a field has to a value.

    Raises:
        AnsibleFilterError: a sentence.
    """
    if not isinstance(field, str) or not re.fullmatch(r"[A-Za-z_][\w/]*", field, re.ASCII):
        raise AnsibleFilterError(f"cw_condition: {field!r} is no name of a field, such as status/name.")
    try:
        condition = Condition(field, operator, value)
    except ValueError as error:
        raise AnsibleFilterError(f"cw_condition: {error}.") from None
    if condition.rest:
        raise AnsibleFilterError(
            f"cw_condition: ConnectWise can't be asked for exactly {value!r} with {operator}. "
            "Ask for a part of it, and pick from what is found."
        )
    return str(condition)


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By its name."""
        return {"cw_condition": cw_condition}

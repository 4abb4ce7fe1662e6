# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_key
short_description: A text as a key of a ticket
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Makes a key of any text, for O(msp.connectwise.cw_ticket#module:key), which may have at most 100 characters and no
    line breaks. The same text always gives the same key.
  - Blanks around the text are left out, and any others, with line breaks and control characters, become one blank. A
    text that is too long is cut off, and gets an end that tells it from others which begin alike.
options:
  _input:
    description: The text. A number is taken as one.
    type: raw
    required: true
  length:
    description: How many characters the key may have at most.
    type: int
    default: 100
positional: length
seealso:
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
- name: One ticket for each deployment of a branch, however long its name is
  msp.connectwise.cw_ticket:
    key: "{{ ('deploy ' ~ branch) | msp.connectwise.cw_key }}"
    summary: Deploy webshop
    company: Acme
    board: Changes & Projects
  vars:
    branch: feature/allow-customers-of-the-webshop-to-change-the-address-of-an-order-that-was-not-sent-yet-or-to-cancel
"""

RETURN = r"""
_value:
  description: The key.
  type: str
  sample: deploy webshop 4.2
"""

import hashlib
import re
from typing import Any, Callable

from ansible.errors import AnsibleFilterError

LONGEST = 100  # of the field that holds the key (fact sheet, appendix A)
DIGITS = 12  # of the end that a key gets when it is cut off


def cw_key(text: Any, length: int = LONGEST) -> str:
    """The key of a text, of at most ``length`` characters.

    Raises:
        AnsibleFilterError: a sentence.
    """
    if isinstance(length, bool) or not isinstance(length, int) or not DIGITS + 2 <= length <= LONGEST:
        raise AnsibleFilterError(f"cw_key: length is a number from {DIGITS + 2} to {LONGEST}.")
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise AnsibleFilterError("cw_key: a key is made of a text or a number. Join the parts with ~ first.")
    key = re.sub(r"[\s\x00-\x1f\x7f\ud800-\udfff]+", " ", str(text)).strip()
    if not key:
        raise AnsibleFilterError("cw_key: the text is empty. Give one by which every run finds the same record.")
    if len(key) <= length:
        return key
    end = hashlib.sha256(key.encode()).hexdigest()[:DIGITS]
    return f"{key[: length - DIGITS - 1].rstrip()}-{end}"


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By its name."""
        return {"cw_key": cw_key}

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from textwrap import indent


def as_list(name: str, about: str, module: str, *fragments: str) -> str:
    """Documentation of the option ``name``, a list whose entries have the options of the fragments (YAML), which are
    those of ``module``."""
    options = "".join(fragment.partition("options:\n")[2] for fragment in fragments)
    options = re.sub(r"\bO\((?=[a-z_]+[=)])", f"O(msp.connectwise.{module}#module:", options)
    return f"""
options:
  {name}:
    description:
      - {about}
    type: list
    elements: dict
    required: true
    suboptions:
{indent(options, "    ")}"""

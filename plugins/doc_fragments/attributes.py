# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How all modules are run, and their attributes; a module that differs writes its own."""

    DOCUMENTATION = r"""
options:
  in_process:
    description:
      - Whether the module may run inside Ansible's own worker process, which is much faster, with the same result.
      - It does so if the task runs on the controller with the connection V(local) and the controller's own Python,
        without C(become) and C(async). Otherwise it runs like any module, and this option has no effect.
      - If not set, the environment variable E(CW_IN_PROCESS) is used.
    type: bool
    default: true
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: full
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second run reports no change.
    support: full
  platform:
    description: Target OS and families that can be operated against.
    support: full
    platforms: posix
  action_group:
    description: Use C(group/msp.connectwise.cw) in C(module_defaults) to set the connection options once.
    support: full
    membership:
      - msp.connectwise.cw
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying target.
    support: full
    details: This only reads.
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: N/A
    details: This only reads.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second run reports no change.
    support: full
    details: This only reads.
"""

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection that says it leads to another machine."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: Stands in for a connection to another machine
description:
  - Does what the connection to this machine does.
options:
  pipelining:
    description: Whether to do without files.
    type: bool
    default: false
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(Local):
    """Does what the local connection does, under another name."""

    transport = "elsewhere"

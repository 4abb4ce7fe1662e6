# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Which record a document belongs to, if it is not a ticket."""

    DOCUMENTATION = r"""
options:
  record_type:
    description:
      - Kind of the record that the document belongs to, if it is not a ticket, as the API calls it; V(Company),
        V(Contact), V(Configuration), V(Agreement), V(Project), V(Opportunity) and so on.
    type: str
  record_id:
    description:
      - Number of this record.
    type: int
"""

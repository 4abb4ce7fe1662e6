# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a configuration by which configurations are listed (fact sheet 9)."""

from __future__ import annotations

from . import references as ref
from .fields import REFERENCE, TEXT, Field

CONFIGURATION = (
    Field("name", TEXT, "name", longest=100),
    Field("company", REFERENCE, "company", ref.COMPANY),
    Field("type", REFERENCE, "type", ref.CONFIGURATION_TYPE),
    Field("status", REFERENCE, "status", ref.CONFIGURATION_STATUS),
)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.msp.connectwise.plugins.modules import cw_configuration_sync
from ansible_collections.msp.connectwise.plugins.plugin_utils.action import ConnectWiseAction


class ActionModule(ConnectWiseAction):
    """Runs cw_configuration_sync."""

    MODULE = cw_configuration_sync.MODULE

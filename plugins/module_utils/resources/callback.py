# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a callback: what ConnectWise tells to which address (fact sheet 11.5)."""

from __future__ import annotations

from .fields import FLAG, INTEGER, TEXT, Field

CALLBACK = (
    Field("url", TEXT, "url", required=True),
    Field("type", TEXT, "type", required=True),
    Field("level", TEXT, "level", required=True),
    Field("objectId", INTEGER, "object_id", required=True),
    Field("description", TEXT, "description", longest=100),
    Field("memberId", INTEGER, "member_id", required=True),
    Field("inactiveFlag", FLAG, "inactive"),
    Field("isSelfSuppressedFlag", FLAG, "self_suppressed"),
    Field("isSoapCallbackFlag", FLAG, "soap"),
    Field("payloadVersion", TEXT, "payload_version"),
)

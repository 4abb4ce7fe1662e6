# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import REFERENCE, WantedError
from ansible_collections.msp.connectwise.plugins.module_utils.resources.filters import (
    TICKET_FILTERS,
    condition,
    of_kinds,
    wanted_by,
)
from unit.plugins.support import specification

NONE: dict[str, Any] = {row.field.option: None for row in TICKET_FILTERS}


@pytest.mark.parametrize(
    ("option", "value", "asked"),
    [
        ("company", "5", "company/id = 5"),
        ("status", "In Progress", 'status/name = "In Progress"'),
        ("severity", "high", 'severity = "High"'),
        ("key", "deploy-1", 'externalXRef = "deploy-1"'),
        ("parent", 12345, "parentTicketId = 12345"),
        ("summary_contains", "mail", 'summary contains "mail"'),
        ("closed", False, "closedFlag = false"),
        ("entered_after", "2026-03-31", "dateEntered >= [2026-03-31T00:00:00Z]"),
        ("updated_before", "2026-03-31T19:00:00+02:00", "lastUpdated < [2026-03-31T17:00:00Z]"),
        ("closed_after", "2026-03-31", "closedDate >= [2026-03-31T00:00:00Z]"),
        ("required_before", "2026-03-31", "requiredDate < [2026-03-31T00:00:00Z]"),
    ],
)
def test_what_is_asked(option: str, value: Any, asked: str) -> None:
    ((row, wanted),) = wanted_by(TICKET_FILTERS, {**NONE, option: value})
    assert str(condition(row, wanted)) == asked


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_filter(value: str) -> None:
    with pytest.raises(WantedError, match="^board: it is empty. Leave it out, or give a name.$"):
        wanted_by(TICKET_FILTERS, {**NONE, "board": value})


def test_notes_of_several_kinds() -> None:
    assert str(of_kinds(["internal"])) == "internalAnalysisFlag = true"
    assert str(of_kinds(["internal", "resolution"])) == "internalAnalysisFlag = true OR resolutionFlag = true"


def test_the_filters_are_options_and_looked_up_in_order() -> None:
    options = [row.field.option for row in TICKET_FILTERS]
    assert len(options) == len(set(options))
    assert set(options) <= set(specification("cw_ticket_info")[0])
    names = [row.field.name for row in TICKET_FILTERS if row.field.kind == REFERENCE]
    for row in TICKET_FILTERS:
        scope = row.field.reference.scope if row.field.reference else ""
        assert not scope or names.index(scope) < names.index(row.field.name)

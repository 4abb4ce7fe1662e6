# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/fields.md says of every field of the API how it is reached."""

from __future__ import annotations

import importlib
import json

import pytest

from checkout import REPOSITORY
from fields_page import DESCRIBED, PAGE, PLUGINS, Described, names, page, reached
from unit.plugins.support import FACTS


def test_the_page_is_that_of_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/fields_page.py"


@pytest.mark.skipif(not FACTS.exists(), reason="the OpenAPI file is not on this machine")
@pytest.mark.parametrize("described", DESCRIBED, ids=lambda described: described.schema)
def test_no_field_of_the_api_is_missing(described: Described) -> None:
    schemas = json.loads((FACTS / "openapi-2025.1.json").read_text())["components"]["schemas"]
    # The password of a contact for the portal is neither read nor written.
    assert set(names(described)) == set(schemas[described.schema]["properties"]) - {"_info", "portalPassword"}


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda described: described.schema)
def test_what_is_reached_is_on_the_page(described: Described) -> None:
    ways = reached(described)
    assert set(ways) <= set(names(described))
    for name, way in ways.items():
        assert f"\n| {name} | {way} |\n" in page()


def test_whoever_may_give_names_of_the_api_finds_them_on_the_page() -> None:
    writing = set()
    for path in (REPOSITORY / "plugins" / "modules").glob("cw_*.py"):
        options = importlib.import_module(f"{PLUGINS}.modules.{path.stem}").MODULE.options
        if options.get("fields", {}).get("type") == "dict" and "state" in options:
            writing.add(path.stem)
    assert "cw_ticket" in writing
    assert writing - {described.module for described in DESCRIBED} == set()


def test_how_fields_are_reached() -> None:
    ticket, note = (reached(described) for described in DESCRIBED[:2])
    assert [
        ticket[name] for name in ("summary", "budgetHours", "initialDescription", "skipCallback", "initialResolution")
    ] == [
        "`summary`",
        "`fields`",
        "`description`, when it is made",
        "`skip_callback`, with what is written",
        "`fields`, when it is made",
    ]
    assert note["resolutionFlag"] == "`kind`"
    assert "\n| closedDate | read only |\n" in page()

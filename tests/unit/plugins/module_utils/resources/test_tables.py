# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables against the API's own description and against the modules' documentation."""

from __future__ import annotations

import importlib
import json
from functools import cache
from typing import Any

import pytest
import yaml

from ansible_collections.msp.connectwise.plugins.module_utils.resources import fields, references
from ansible_collections.msp.connectwise.plugins.module_utils.resources.callback import CALLBACK
from ansible_collections.msp.connectwise.plugins.module_utils.resources.configuration import CONFIGURATION_FIELDS
from ansible_collections.msp.connectwise.plugins.module_utils.resources.contact import CONTACT_FIELDS
from ansible_collections.msp.connectwise.plugins.module_utils.resources.document import DOCUMENT
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import Field, Reference, Table
from ansible_collections.msp.connectwise.plugins.module_utils.resources.note import NOTE
from ansible_collections.msp.connectwise.plugins.module_utils.resources.schedule_entry import SCHEDULE_ENTRY
from ansible_collections.msp.connectwise.plugins.module_utils.resources.task import TASK
from ansible_collections.msp.connectwise.plugins.module_utils.resources.ticket import PROJECT_TICKET, TICKET
from ansible_collections.msp.connectwise.plugins.module_utils.resources.time_entry import TIME_ENTRY
from unit.plugins.support import FACTS, specification

TABLES: list[tuple[str, Table, str]] = [
    ("Ticket", TICKET, "cw_ticket"),
    ("ProjectTicket", PROJECT_TICKET, "cw_ticket"),
    ("ServiceNote", NOTE, "cw_ticket_note"),
    ("TicketTask", TASK, "cw_ticket_task"),
    ("TimeEntry", TIME_ENTRY, "cw_time_entry"),
    ("ScheduleEntry", SCHEDULE_ENTRY, "cw_schedule_entry"),
    ("DocumentInfo", DOCUMENT, "cw_document"),
    ("CallbackEntry", CALLBACK, "cw_callback"),
    ("CompanyConfiguration", CONFIGURATION_FIELDS, "cw_configuration"),
    ("Contact", CONTACT_FIELDS, "cw_contact"),
]
ROWS = [(schema, row) for schema, table, _module in TABLES for row in table]
REFERENCES = [item for item in vars(references).values() if isinstance(item, Reference)]
needs_the_facts = pytest.mark.skipif(not FACTS.exists(), reason="the OpenAPI file is not on this machine")


@cache
def openapi() -> dict[str, Any]:
    """The API's own description."""
    description: dict[str, Any] = json.loads((FACTS / "openapi-2025.1.json").read_text())
    return description


def schema_of(name: str) -> dict[str, Any]:
    """The properties of a schema."""
    schemas = openapi()["components"]["schemas"]
    properties: dict[str, Any] = schemas[name]["properties"]
    return properties


def documented_options(module: str) -> dict[str, Any]:
    """The documented options of a module, without those that all modules have."""
    plugins = "ansible_collections.msp.connectwise.plugins"
    documentation = yaml.safe_load(importlib.import_module(f"{plugins}.modules.{module}").DOCUMENTATION)
    options: dict[str, Any] = dict(documentation.get("options", {}))
    for fragment in documentation["extends_documentation_fragment"]:
        _namespace, _collection, name, *form = fragment.split(".")
        if name not in ("attributes", "connection"):
            file = importlib.import_module(f"{plugins}.doc_fragments.{name}")
            text = getattr(file.ModuleDocFragment, form[0].upper() if form else "DOCUMENTATION")
            options.update(yaml.safe_load(text)["options"])
    return options


@needs_the_facts
@pytest.mark.parametrize(("schema", "row"), ROWS, ids=lambda item: item.name if isinstance(item, Field) else item)
def test_each_row_is_a_field_of_the_api(schema: str, row: Field) -> None:
    found = schema_of(schema)[row.name]
    assert row.longest == found.get("maxLength", 0)
    kinds = {
        fields.TEXT: ("string", None),
        fields.TEXTS: ("array", None),
        fields.MAIL_LIST: ("string", None),
        fields.FLAG: ("boolean", None),
        fields.INTEGER: ("integer", "int32"),
        fields.NUMBER: ("number", "double"),
        fields.DAY: ("string", "date-time"),
        fields.TIME: ("string", "date-time"),
        fields.ENUM: ("string", None),
        fields.CUSTOM_FIELDS: ("array", None),
        fields.QUESTIONS: ("array", None),
        fields.COMMUNICATIONS: ("array", None),
    }
    if row.kind == fields.REFERENCE:
        assert "Reference" in json.dumps(found)
        assert row.reference is not None
    else:
        kind, form = kinds[row.kind]
        assert found["type"] == kind
        # Some times are called texts only.
        if row.kind == fields.DAY or (row.kind == fields.TIME and "format" in found):
            assert found["format"] == form
    assert set(row.choices) == {choice for choice in found.get("enum", []) if choice is not None}


@needs_the_facts
@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.noun)
def test_each_list_of_names_is_an_endpoint_of_the_api(reference: Reference) -> None:
    paths = {"/".join("{}" if "{" in part else part for part in path.split("/")) for path in openapi()["paths"]}
    for endpoint in filter(None, (reference.endpoint, reference.info_endpoint)):
        path = "/" + "/".join("{}" if "{" in part else part for part in endpoint.split("/"))
        assert path in paths


@pytest.mark.parametrize(("schema", "table", "module"), TABLES, ids=[schema for schema, _table, _module in TABLES])
def test_names_and_options_are_unique(schema: str, table: Table, module: str) -> None:
    names = [row.name for row in table]
    options = [row.option for row in table if row.option]
    assert len(names) == len(set(names))
    assert len(options) == len(set(options))


@pytest.mark.parametrize(("schema", "table", "module"), TABLES, ids=[schema for schema, _table, _module in TABLES])
def test_each_option_is_in_the_documentation(schema: str, table: Table, module: str) -> None:
    documented = documented_options(module)
    specified, _constraints = specification(module)
    options = {row.option for row in table if row.option}
    assert options <= set(documented)
    assert set(specified) == set(documented)
    for row in table:
        if row.option and row.choices:
            assert documented[row.option]["choices"] == list(row.choices)


@pytest.mark.parametrize(("schema", "row"), ROWS, ids=lambda item: item.name if isinstance(item, Field) else item)
def test_each_row_is_whole(schema: str, row: Field) -> None:
    assert (row.kind == fields.REFERENCE) == (row.reference is not None)
    assert (row.kind == fields.ENUM) == bool(row.choices)


@pytest.mark.parametrize(
    "table",
    [TICKET, PROJECT_TICKET, CONFIGURATION_FIELDS, CONTACT_FIELDS],
    ids=["service", "project", "configuration", "contact"],
)
def test_scopes_go_before_what_is_looked_up_in_them(table: Table) -> None:
    names = [row.name for row in table]
    for row in table:
        if row.reference and row.reference.scope:
            assert names.index(row.reference.scope) < names.index(row.name)


def test_the_endpoint_of_a_reference_has_its_scope_only() -> None:
    for reference in REFERENCES:
        for endpoint in (reference.endpoint, reference.info_endpoint):
            assert endpoint.count("{") == endpoint.count(f"{{{reference.scope}}}")

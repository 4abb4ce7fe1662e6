# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_configuration: each way to find one, each change in check mode, really, and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integration.plays import Player, Task, checked, cycle, newest_only, settles, task

LIST = "GET company/configurations"
NEW = {"name": "APP-01", "company": "Acme Corporation", "type": "Server"}


def configuration(_name: str, _also: Mapping[str, Any] | None = None, /, **options: Any) -> Task:
    """A task of cw_configuration."""
    return task("cw_configuration", _name, _also, **options)


def test_life_cycle(play: Player) -> None:
    described = {"serial_number": "SN-9", "site": "Main Office", "contact": "IT Manager", "sla": "Standard SLA"}
    entries = {"questions": {"Role": "Web", "Backed up": "yes"}, "custom_fields": {"Rack": "B-12"}}
    run = play(
        *cycle(configuration("create", {"register": "made"}, **NEW, **described, **entries)),
        {"name": "remember", "ansible.builtin.set_fact": {"made": "{{ made.configuration.id }}"}},
        *cycle(configuration("by id", id="{{ made }}", ip_address="192.0.2.9", status="Retired")),
        *cycle(configuration("by serial", match=["serial_number"], serial_number="SN-9", name="APP-02", site="")),
        *cycle(configuration("answers", configuration_id="{{ made }}", questions={"CPU cores": 8, "Role": ""})),
        *cycle(configuration("type", id="{{ made }}", type="Workstation", questions={"Role": "Desk"}, ram="8 GB")),
        *cycle(configuration("delete", name="APP-02", company=250, state="absent")),
    )
    settles(run, "create", "created")
    for name in ("by id", "by serial", "answers", "type"):
        settles(run, name, "updated")
    settles(run, "delete", "deleted")
    assert run["create"].lines == [
        "GET company/companies",
        LIST,
        f"{LIST}/types",
        f"{LIST}/types/1/questions",
        LIST,
        "GET company/companies/250/sites",
        "GET company/contacts",
        "POST company/configurations",
        LIST,
    ]
    number = run["create"]["configuration"]["id"]
    assert run["create, in check mode"]["configuration"]["id"] == 0
    assert run["by id"].lines == [f"{LIST}/{number}", f"PATCH company/configurations/{number}"]
    assert run["by id, again"].lines == [f"{LIST}/{number}"]
    assert run["by serial, again"].lines == [LIST]
    assert run["answers"]["diff"] == {
        "before": {"questions": {"CPU cores": None, "Role": "Web"}},
        "after": {"questions": {"CPU cores": 8, "Role": None}},
    }
    assert run["type"].writes == [
        f"PATCH company/configurations/{number}",
        f"PATCH company/configurations/{number}/changeType",
        f"PATCH company/configurations/{number}",
    ]
    assert run["type"]["configuration"]["type_name"] == "Workstation"
    assert run["delete"]["diff"]["before"]["serial_number"] == "SN-9"


@newest_only
def test_bad_input(play: Player) -> None:
    """Check mode and the server refuse the same in the same words, and nothing is done."""
    cases: dict[str, dict[str, Any]] = {
        "nothing": {"company": "Acme"},
        "no type": {"name": "APP-01", "company": "Acme"},
        "type": {**NEW, "type": "Servr"},
        "status": {**NEW, "status": "Broken"},
        "company": {**NEW, "company": "Northwind Traders"},
        "contact": {**NEW, "contact": "Front Desk"},
        "site of another company": {**NEW, "site": "Warehouse"},
        "question": {**NEW, "questions": {"Rolle": "Web"}},
        "answer": {**NEW, "questions": {"CPU cores": "many"}},
        "custom field": {**NEW, "custom_fields": {"Shelf": 1}},
        "field": {**NEW, "fields": {"serial": 1}},
        "date": {**NEW, "purchase_date": "31.12.2026"},
        "several": {"name": "DUPLICATE-PC", "company": "Acme", "ram": "8 GB"},
        "empty match": {"match": ["serial_number"], "serial_number": "", "name": "APP-01"},
        "id": {"id": 1, "ram": "8 GB"},
    }
    tasks = []
    for name, options in cases.items():
        each = configuration(name, **options)
        tasks += [checked({**each, "name": f"{name}, in check mode"}), each]
    run = play(*tasks, fails=True)
    assert {name: run.messages[name] for name in cases} == BAD
    assert {name: run.messages[f"{name}, in check mode"] for name in cases} == BAD
    assert [path for path in play.simulator.writes() if not path.startswith("POST")] == []
    assert run["id"]["failure"]["code"] == "NotFound"


BAD = {
    "nothing": "one of the following is required: id, match, name",
    "no type": "type: no configuration matches, and to create one type must be given.",
    "type": (
        "type: there is no configuration type named 'Servr'. "
        "There are: Server (id 1), Workstation (id 2), Network Device (id 3)."
    ),
    "status": "status: there is no configuration status named 'Broken'. There are: Active (id 1), Retired (id 2).",
    "company": (
        "company: 2 records of the kind company are named 'Northwind Traders': Northwind Traders "
        "(NorthwindUS, id 251), Northwind Traders (NorthwindUK, id 252). Give the id instead."
    ),
    "contact": (
        "contact: 2 records of the kind contact are named 'Front Desk' of company 'Acme Corporation': "
        "Front Desk (id 2501), Front Desk (id 2502). Give the id instead."
    ),
    "site of another company": (
        "site: there is no site named 'Warehouse' of company 'Acme Corporation'. "
        "There are: Main Office (id 1250), Warehouse & Yard (id 1500)."
    ),
    "question": (
        "questions: there is no question 'Rolle' here. There are: 'Role', 'CPU cores', 'Backed up', 'Admin password'."
    ),
    "answer": "questions, CPU cores: 'many' is not a number.",
    "custom field": "custom_fields: there is no custom field 'Shelf' here. There are: 'Rack', 'U Height'.",
    "field": "fields: there is no field 'serial' that can be set. Did you mean serialNumber?",
    "date": ("purchase_date: '31.12.2026' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z."),
    "several": (
        "match: 2 configurations match: DUPLICATE-PC (id 67894), DUPLICATE-PC (id 67895). Give the id, or match by "
        "fields in which they differ."
    ),
    "empty match": (
        "match: serial_number: give options of this task, none of them empty, by which configurations differ, such as "
        "serial_number."
    ),
    "id": "id: there is no configuration 1.",
}

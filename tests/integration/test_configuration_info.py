# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_configuration_info: every filter, and what is left out."""

from __future__ import annotations

from integration.plays import Player, configuration_info


def test_filters(play: Player) -> None:
    run = play(
        configuration_info("id", id=67890),
        configuration_info("no such id", id=1),
        configuration_info("name", name="PROD-WEB-01"),
        configuration_info("name and company", name="PROD-WEB-01", company="Acme Corporation"),
        configuration_info("company by id", name="PROD-WEB-01", company=251),
        configuration_info("other case", name="prod-web-01", company="acme"),
        configuration_info("quotes", name='Käse & 100% "Büro" PC\'s'),
        configuration_info("inches", name='19" Rack "A"'),
        configuration_info("type", type="Workstation"),
        configuration_info("status", status="Retired"),
        configuration_info("status by id", status=2, company="Acme"),
        configuration_info("conditions", conditions='serialNumber="SN-0001" or serialNumber="SN-0003"'),
        configuration_info("conditions and company", company="Acme", conditions='name="PROD-WEB-01" or id=67893'),
        configuration_info("nothing found", name="NO-SUCH-PC"),
        configuration_info("nothing found of the company", name="PROD-DB-01", company="OBrien"),
    )
    found = {each.task: [entry["id"] for entry in each["configurations"]] for each in run}
    assert found == {
        "id": [67890],
        "no such id": [],
        "name": [67890, 67893],
        "name and company": [67890],
        "company by id": [67893],
        "other case": [67890],
        "quotes": [67897],
        "inches": [67896],
        "type": [67894, 67895, 67897],
        "status": [67898],
        "status by id": [67898],
        "conditions": [67890, 67892],
        "conditions and company": [67890],
        "nothing found": [],
        "nothing found of the company": [],
    }
    assert {each.task: each["count"] for each in run} == {name: len(ids) for name, ids in found.items()}
    assert all(each.status == "ok" for each in run)
    assert play.simulator.writes() == []
    server = run["id"]["configurations"][0]
    assert {name: server[name] for name in ("name", "type_name", "status_name", "company_name", "serial_number")} == {
        "name": "PROD-WEB-01",
        "type_name": "Server",
        "status_name": "Active",
        "company_name": "Acme Corporation",
        "serial_number": "SN-0001",
    }
    assert (server["is_active"], run["status"]["configurations"][0]["is_active"]) == (True, False)
    assert {entry["question"] for entry in server["questions"]} >= {"Role", "CPU cores", "Backed up"}
    # Filters by id are one request; each name is one more.
    assert run["id"].lines == ["GET company/configurations"]
    assert run["name"].lines == ["GET company/configurations"]
    assert run["company by id"].lines == ["GET company/configurations"]
    assert run["name and company"].lines == ["GET company/companies", "GET company/configurations"]


def test_fields_order_and_limit(play: Player) -> None:
    play.simulator.insert(
        "company/configurations",
        [
            {"id": 71000 + number, "name": f"BULK-{number:04}", "company": {"id": 257}, "type": {"id": 2}}
            for number in range(1201)
        ],
    )
    run = play(
        configuration_info("fields", company="Acme", fields=["id", "name"], order_by="name desc"),
        configuration_info("one", name="PROD-WEB-01", company="Acme", fields=["ipAddress"]),
        configuration_info("deep", id=67890, fields=["id", "company/name"]),
        configuration_info("limit", company="Acme", limit=2, order_by="id asc"),
        configuration_info("exactly", company=251, limit=1),
        configuration_info("bulk", company=257, fields=["id"]),
        configuration_info("all of the bulk", company=257, fields=["id"], limit=5000),
        warnings=[
            "limit: 2 of 7 configurations are returned. Raise limit, or ask for fewer.",
            "limit: 1000 of 1201 configurations are returned. Raise limit, or ask for fewer.",
        ],
    )
    names = [entry["name"] for entry in run["fields"]["configurations"]]
    assert names == sorted(names, reverse=True) and len(names) == 7
    assert all(set(entry) == {"id", "name"} for entry in run["fields"]["configurations"])
    assert run["one"]["configurations"] == [{"ip_address": "192.0.2.11"}]
    assert run["deep"]["configurations"] == [{"id": 67890, "company": {"name": "Acme Corporation"}}]
    assert [entry["id"] for entry in run["limit"]["configurations"]] == [67890, 67891]
    assert run["limit"]["count"] == 7
    assert run["exactly"]["count"] == 1
    assert (len(run["bulk"]["configurations"]), run["bulk"]["count"]) == (1000, 1201)
    assert len({entry["id"] for entry in run["all of the bulk"]["configurations"]}) == 1201
    # Pages behind a full one are asked for ahead, four at once.
    assert set(run["all of the bulk"].lines) == {"GET company/configurations"}
    assert 2 <= len(run["all of the bulk"].lines) <= 5


def test_wrong_options(play: Player) -> None:
    run = play(
        configuration_info("company", company="Acmee"),
        configuration_info("ambiguous company", company="Northwind Traders"),
        configuration_info("type", type="Servr"),
        configuration_info("status", status="Broken"),
        configuration_info("conditions", conditions="serialNumbr=1"),
        configuration_info("conditions, cut off", conditions='serialNumber="SN'),
        configuration_info("order", order_by="nme"),
        configuration_info("limit", limit=0),
        configuration_info("id", id="abc"),
        fails=True,
    )
    refused = "GET company/configurations answered 400 ApiFindCondition:"
    assert run.messages == {
        "company": "company: there is no company named 'Acmee'. There are: Acme Corporation (Acme, id 250).",
        "ambiguous company": (
            "company: 2 records of the kind company are named 'Northwind Traders': Northwind Traders "
            "(NorthwindUS, id 251), Northwind Traders (NorthwindUK, id 252). Give the id instead."
        ),
        "type": (
            "type: there is no configuration type named 'Servr'. "
            "There are: Server (id 1), Workstation (id 2), Network Device (id 3)."
        ),
        "status": "status: there is no configuration status named 'Broken'. There are: Active (id 1), Retired (id 2).",
        "conditions": f"conditions: {refused} serialNumbr is not a recognized name (request id #)",
        "conditions, cut off": f"conditions: {refused} SN is not a recognized name (request id #)",
        "order": f"order_by: {refused} nme is not a recognized name (request id #)",
        "limit": "limit: 0 is too small; 1 is the least.",
        "id": run.messages["id"],  # ansible-core's words, which differ
    }
    assert "'id'" in run.messages["id"] and "int" in run.messages["id"]


def test_more_filters(play: Player) -> None:
    device = {
        "name": "FILTERED",
        "company": {"id": 250},
        "type": {"id": 1},
        "site": {"id": 1500},
        "contact": {"id": 2500},
        "manufacturer": {"id": 1},
        "vendor": {"id": 252},
        "modelNumber": "M-1",
        "serialNumber": "SN-F",
        "tagNumber": "T-1",
        "deviceIdentifier": "RMM-1",
        "macAddress": "00:00:5E:00:53:01",
        "ipAddress": "192.0.2.99",
        "customFields": [{"id": 60, "value": "B-12"}],
    }
    (number,) = play.simulator.insert("company/configurations", [device])
    run = play(
        configuration_info("ids", id=[67890, 67898, 1], active=True),
        configuration_info("no ids", id=[]),
        configuration_info("site", site="Warehouse & Yard"),
        configuration_info(
            "site of company", company="Acme", site="Warehouse & Yard", contact="it.manager@acme.example"
        ),
        configuration_info("contact", contact="IT Manager"),
        configuration_info("made by", manufacturer="Generic", vendor=252),
        configuration_info("numbers", model_number="M-1", serial_number="SN-F", tag_number="T-1"),
        configuration_info("addresses", mac_address="00:00:5E:00:53:01", ip_address="192.0.2.99"),
        configuration_info("identifier", device_identifier="RMM-1"),
        configuration_info("retired", active=False),
        configuration_info("place", location="Main Location", department="Engineering", name="FILTERED"),
        configuration_info("custom field", custom_field_conditions='caption="Rack" AND value != null'),
        configuration_info("count", company="Acme", active=True, count_only=True),
    )
    found = {each.task: [entry["id"] for entry in each["configurations"]] for each in run}
    assert found == {
        "ids": [67890],
        "no ids": [],
        "site": [number],
        "site of company": [number],
        "contact": [number],
        "made by": [number],
        "numbers": [number],
        "addresses": [number],
        "identifier": [number],
        "retired": [67898],
        "place": [number],
        "custom field": [number],
        "count": [],
    }
    assert run["count"]["count"] == 7
    assert run["site"].lines == ["GET company/configurations"]
    assert run["no ids"].lines == []
    assert run["made by"].lines == ["GET procurement/manufacturers", "GET company/configurations"]
    assert run["count"].lines == ["GET company/companies", "GET company/configurations/count"]


def test_tickets_of_configurations(play: Player) -> None:
    """One request a configuration, open and closed ones."""
    with play.simulator.client() as client:
        for ticket in (123, 12345):
            attached = {each["id"] for each in client.get_all(f"service/tickets/{ticket}/configurations")}
            if 67891 not in attached:
                client.post(f"service/tickets/{ticket}/configurations", {"id": 67891})
        client.patch("service/tickets", 123, [{"op": "replace", "path": "status/id", "value": 456}])
    run = play(
        configuration_info("with", id=[67891, 67898], include=["tickets"]),
        configuration_info("few fields", id=67891, fields=["name"], include=["tickets"]),
        configuration_info("none", name="NO-SUCH-PC", include=["tickets"]),
    )
    server, retired = run["with"]["configurations"]
    assert {each["id"]: each["is_closed"] for each in server["tickets"]} == {123: True, 12345: False}
    assert set(server["tickets"][0]) == {
        "id", "summary", "board_name", "status_name", "priority_name", "is_closed", "entered_datetime",
    }  # fmt: skip
    assert all(each["entered_datetime"] and each["summary"] and each["board_name"] for each in server["tickets"])
    assert retired["tickets"] == []
    assert run["with"].lines == ["GET company/configurations", *["GET service/tickets"] * 2]
    (entry,) = run["few fields"]["configurations"]
    assert set(entry) == {"name", "tickets"} and len(entry["tickets"]) == 2
    assert run["none"].lines == ["GET company/configurations"]

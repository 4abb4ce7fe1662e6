# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Simulator, Tasks


def ids(result: dict[str, Any]) -> list[int]:
    """The ids of the configurations returned."""
    return sorted(configuration["id"] for configuration in result["configurations"])


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"id": 67890}, [67890]),
        ({"id": 999999}, []),
        ({"name": "PROD-WEB-01"}, [67890, 67893]),
        ({"name": "prod-web-01"}, [67890, 67893]),
        ({"name": "PROD-WEB-01", "company": "Acme"}, [67890]),
        ({"name": "PROD-WEB-01", "company": "NorthwindUS"}, [67893]),
        ({"name": "DUPLICATE-PC", "company": 250}, [67894, 67895]),
        ({"name": '19" Rack "A"'}, [67896]),
        ({"name": "PROD"}, []),
        ({"company": "Acme Corporation", "status": "Retired"}, [67898]),
        ({"company": "O'Brien & Söhne 100%"}, []),
        ({"status": "2"}, [67898]),
        ({"conditions": 'serialNumber = "SN-0001"'}, [67890]),
        ({"name": "PROD-WEB-01", "conditions": "id = 67893 OR id = 67894"}, [67893]),
        ({"type": "Server", "name": "PROD-WEB-01", "status": "Active", "company": "251"}, [67893]),
    ],
)
def test_filters(tasks: Tasks, given: dict[str, Any], found: list[int]) -> None:
    result, warnings = tasks.configurations(**given)
    assert ids(result) == found
    assert result["count"] == len(found)
    assert result["changed"] is False
    assert warnings == []


def test_everything(simulator: Simulator, tasks: Tasks) -> None:
    result, _warnings = tasks.configurations()
    assert ids(result) == [67890, 67891, 67892, 67893, 67894, 67895, 67896, 67897, 67898]
    assert simulator.requests() == ["GET company/configurations"]


def test_the_facts(tasks: Tasks) -> None:
    (found,) = tasks.configurations(id=67890)[0]["configurations"]
    assert (found["name"], found["type_name"], found["company_name"], found["serial_number"], found["is_active"]) == (
        "PROD-WEB-01",
        "Server",
        "Acme Corporation",
        "SN-0001",
        True,
    )
    assert found["questions"]


def test_a_name_of_both_quotes(simulator: Simulator, tasks: Tasks) -> None:
    names = ["a'b\"c", "a'b\"c d", "[x] a'b\"", "a'b\"C"]
    inserted = simulator.insert(
        "company/configurations", [{"name": name, "company": {"id": 250}, "type": {"id": 1}} for name in names]
    )
    result, _warnings = tasks.configurations(name="a'b\"c")
    assert inserted[0] in ids(result)
    assert set(ids(result)) <= {inserted[0], inserted[3]}
    assert result["count"] == len(result["configurations"])
    partial, _warnings = tasks.configurations(name="a'b\"c", fields=["id"])
    assert ids(partial) == ids(result)


def test_only_some_fields(simulator: Simulator, tasks: Tasks) -> None:
    result, _warnings = tasks.configurations(name="PROD-DB-01", fields=["id", "serialNumber", "status/name"])
    (found,) = result["configurations"]
    assert set(found) == {"id", "serial_number", "status"}
    assert found["status"] == {"name": "Active"}
    assert tasks.configurations(id=67890, fields=["name"])[0]["configurations"] == [{"name": "PROD-WEB-01"}]


def test_an_order(tasks: Tasks) -> None:
    result, _warnings = tasks.configurations(order_by="name desc, id asc", fields=["id", "name"], company="Acme")
    names = [configuration["name"] for configuration in result["configurations"]]
    assert names == sorted(names, key=str.casefold, reverse=True)


@pytest.mark.parametrize(("limit", "returned"), [(1, 1), (8, 8), (9, 9), (10, 9), (1000, 9)])
def test_a_limit(tasks: Tasks, limit: int, returned: int) -> None:
    result, warnings = tasks.configurations(limit=limit)
    assert len(result["configurations"]) == returned
    assert result["count"] == 9
    expected = f"limit: {limit} of 9 configurations are returned. Raise limit, or ask for fewer."
    assert warnings == ([expected] if limit < 9 else [])


def test_a_limit_where_the_name_can_not_be_written(simulator: Simulator, tasks: Tasks) -> None:
    """Then the server counts more than match; the count must be of those that do."""
    names = ["a'b\"c"] * 3 + ["c'a\"", "b'c\""]
    simulator.insert(
        "company/configurations", [{"name": name, "company": {"id": 250}, "type": {"id": 1}} for name in names]
    )
    result, warnings = tasks.configurations(name="a'b\"c", limit=2)
    assert len(result["configurations"]) == 2
    assert result["count"] == 3
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"limit": 0}, "limit: 0 is too small; 1 is the least."),
        ({"limit": -1}, "limit: -1 is too small; 1 is the least."),
        ({"company": "Nobody"}, "company: there is no company named 'Nobody'."),
        ({"company": "Northwind Traders"}, "company: 2 records of the kind company are named 'Northwind Traders'"),
        ({"type": "Toaster"}, "type: there is no configuration type named 'Toaster'. There are: Server (id 1), Works"),
        (
            {"status": "Broken"},
            "status: there is no configuration status named 'Broken'. There are: Active (id 1), Ret",
        ),
        ({"name": "x" * 101}, "name: the text has 101 characters, ConnectWise takes at most 100."),
    ],
)
def test_what_can_not_be(tasks: Tasks, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.configurations(**given)
    assert str(raised.value).startswith(sentence)


def test_conditions_that_the_server_does_not_understand(tasks: Tasks) -> None:
    with pytest.raises(WantedError, match="^conditions: .*nonsense is not a recognized name"):
        tasks.configurations(conditions="nonsense = 5")
    with pytest.raises(WantedError, match="^order_by: "):
        tasks.configurations(order_by="nonsense")


@pytest.mark.parametrize("option", ["name", "company", "type", "status"])
def test_an_empty_filter(simulator: Simulator, tasks: Tasks, option: str) -> None:
    for empty in ("", " "):
        with pytest.raises(WantedError, match=f"^{option}: it is empty. Leave it out, or give a name.$"):
            tasks.configurations(**{option: empty})
    assert simulator.journal() == []

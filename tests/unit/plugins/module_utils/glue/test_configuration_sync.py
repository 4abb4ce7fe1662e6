# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many configurations in one task: what is read and written, in how many requests, and what is told of failures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWisePermissionError
from ansible_collections.msp.connectwise.plugins.module_utils.glue.configuration_sync import run_configuration_sync
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import settled
from unit.plugins.support import Simulator, Tasks, options

LIST, BULK = "company/configurations", "company/configurations/bulk"
HERE: dict[str, Any] = {"company": "Acme", "type": "Server"}


def servers(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    """Entries for servers."""
    return [{"name": f"SRV-{number:04}", "serial_number": f"SN-{number}", **more} for number in numbers]


def outcomes(result: dict[str, Any]) -> list[tuple[int, str]]:
    """What came of each entry."""
    return [(item["item"], item.get("operation", "failed")) for item in result["results"]]


def test_a_life(simulator: Simulator, tasks: Tasks) -> None:
    entries = servers(1, 2, 3, questions={"Role": "Web", "CPU cores": 4}, custom_fields={"Rack": "B-12"})
    done = tasks.checked("cw_configuration_sync", configurations=entries, **HERE)
    assert outcomes(done) == [(1, "created"), (2, "created"), (3, "created")]
    assert [item["configuration"]["name"] for item in done["results"]] == ["SRV-0001", "SRV-0002", "SRV-0003"]
    assert done["diff"][0]["before_header"] == "Item 1 (name 'SRV-0001')"
    entries[0]["questions"] = {"Role": "Mail"}
    entries[1].update(ram="8 GB", status="Retired", purchase_date="2026-03-31")
    changed = tasks.checked("cw_configuration_sync", configurations=entries, **HERE)
    assert outcomes(changed) == [(1, "updated"), (2, "updated"), (3, "unchanged")]


def sync(tasks: Tasks, entries: list[dict[str, Any]], check_mode: bool = False, **more: Any) -> dict[str, Any]:
    """Run the module for entries at Acme, servers."""
    return tasks.run("cw_configuration_sync", check_mode, configurations=entries, **{**HERE, **more})


def numbered(simulator: Simulator) -> list[str]:
    """The names of the configurations that the test made."""
    records = simulator.client().get_all(LIST)
    return sorted(record["name"] for record in records if record["id"] >= 80000)


def test_two_runs_at_one_moment(simulator: Simulator, tasks: Tasks) -> None:
    """Both find nothing, and of each configuration one remains, on which both have worked."""
    simulator.fault("slow-after", method="GET", path=f"^{LIST}(/count)?$", times=2, seconds=1)
    lists = [servers(*range(150), os_type="Debian 12"), servers(*range(149, -1, -1), ram="8 GB")]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda entries: sync(tasks, entries), lists))
    # One run alone writes twice; on a busy machine the second half of one may see what the other wrote.
    assert simulator.writes().count(f"POST {BULK}") > 2
    records = [each for each in simulator.client().get_all(LIST) if each["id"] >= 80000]
    assert sorted(each["name"] for each in records) == [entry["name"] for entry in lists[0]]
    assert {(each["osType"], each["ram"]) for each in records} == {("Debian 12", "8 GB")}
    for result in done:
        assert {item["configuration"]["id"] for item in result["results"]} == {each["id"] for each in records}
    assert sync(tasks, servers(*range(150), os_type="Debian 12", ram="8 GB"))["changed"] is False


def test_what_was_made_is_told_though_it_can_not_be_looked_for_again(simulator: Simulator, tasks: Tasks) -> None:
    """Whether another run made the same is not known then."""
    simulator.fault("403", method="GET", after=3)
    done = tasks.run(
        "cw_configuration_sync", configurations=[{"name": "A"}, {"name": "B"}], company="Acme", type="Server"
    )
    assert simulator.writes() == [f"POST {BULK}"]
    assert (done["failed"], [result["changed"] for result in done["results"]]) == (True, [True, True])


# How many requests


def test_requests(simulator: Simulator, tasks: Tasks) -> None:
    entries = servers(*range(250), questions={"Role": "Web"}, custom_fields={"Rack": "B-12"})
    simulator.forget()
    assert len(sync(tasks, entries)["diff"]) == 250
    # Of 250 names not one is there: nothing is read. What the types ask and which custom fields there are is read once.
    assert simulator.requests() == [
        "GET company/companies",
        f"GET {LIST}/types",
        f"GET {LIST}/count",
        f"GET {LIST}",
        f"GET {LIST}/types/1/questions",
        f"GET {LIST}",
        *[f"POST {BULK}"] * 3,
        f"GET {LIST}/count",
        f"GET {LIST}",
    ]
    simulator.forget()
    assert sync(tasks, entries)["changed"] is False
    assert simulator.requests() == ["GET company/companies", f"GET {LIST}/types", f"GET {LIST}/count", f"GET {LIST}"]
    simulator.forget()
    for entry in entries[:150]:
        entry["ram"] = "8 GB"
    done = sync(tasks, entries)
    assert [operation for _place, operation in outcomes(done)] == ["updated"] * 150 + ["unchanged"] * 100
    assert simulator.writes() == [f"PUT {BULK}"] * 2


def test_one_is_written_field_by_field(simulator: Simulator, tasks: Tasks) -> None:
    simulator.forget()
    sync(tasks, servers(1))
    sync(tasks, servers(1, ram="8 GB"))
    assert simulator.writes() == [f"POST {LIST}", f"PATCH {LIST}/80000"]
    assert [entry["body"] for entry in simulator.journal() if entry["method"] == "PATCH"]


def test_many_companies(simulator: Simulator, tasks: Tasks) -> None:
    """Their names are looked up together, and the configurations of all of them are read together."""
    companies = ["Acme", "NorthwindUS", "NorthwindUK", "acme"]
    entries = [{"name": f"{company}-{number}", "company": company} for company in companies[:3] for number in range(40)]
    simulator.forget()
    sync(tasks, entries, company=None)
    reads = [line for line in simulator.requests() if line.startswith("GET")]
    assert reads.count("GET company/companies") == 1
    assert len(reads) <= 6
    simulator.forget()
    assert sync(tasks, [*entries, {"name": "Acme-1", "company": "acme"}][1:], company=None, on_failure="continue")[
        "msg"
    ].startswith(
        "2 of 120 configurations failed. Item 1 (name 'Acme-1'): configurations: this is the same configuration 80001 "
        "as Item 120 (name 'Acme-1'). Give one of them."
    )


@pytest.mark.parametrize(("step", "reads"), [(100, 1), (20, 4)])
def test_few_of_a_long_list(simulator: Simulator, tasks: Tasks, step: int, reads: int) -> None:
    """Names are asked for where that takes fewer requests than to read all that is there."""
    simulator._ask("POST", "many", {"path": LIST, "count": 5000})
    entries = [{"name": f"PC-{number:06}", "ram": "8 GB"} for number in range(0, 4000, step)]
    simulator.forget()
    done = tasks.run("cw_configuration_sync", True, configurations=entries)
    assert {operation for _place, operation in outcomes(done)} == {"updated"}
    assert len(done["results"]) == len(entries)
    asked = [entry["query"].get("conditions") for entry in simulator.journal() if entry["path"] == LIST]
    assert len(asked) == reads
    assert all("name in (" in conditions for conditions in asked)


# By what they are found


def test_by_serial_number_and_by_id(simulator: Simulator, tasks: Tasks) -> None:
    entries: list[dict[str, Any]] = [
        {"serial_number": "SN-0003", "ram": "8 GB"},
        {"id": 67891, "ram": "8 GB"},
        {"configuration_id": 67893, "name": "RENAMED"},
    ]
    done = tasks.checked("cw_configuration_sync", configurations=entries, match=["serial_number"])
    assert [operation for _place, operation in outcomes(done)] == ["updated"] * 3
    assert done["results"][2]["configuration"]["name"] == "RENAMED"
    planned = tasks.run("cw_configuration_sync", True, configurations=[{"id": 0, "ram": "1"}, {"id": 0, "ram": "1"}])
    assert outcomes(planned) == [(1, "updated"), (2, "updated")]


def test_other_type(simulator: Simulator, tasks: Tasks) -> None:
    """It goes by a request of its own, and has other questions."""
    sync(tasks, servers(1, 2))
    entries = servers(1, 2, type="Workstation", questions={"Role": "Desk"}, ram="8 GB")
    done = tasks.checked("cw_configuration_sync", match=["serial_number"], configurations=entries)
    assert [item["configuration"]["type_name"] for item in done["results"]] == ["Workstation"] * 2
    assert done["diff"][0]["after"] == {"type": "Workstation", "ram": "8 GB", "questions": {"Role": "Desk"}}


def test_another_type_is_not_given_before_all_is_checked(simulator: Simulator, tasks: Tasks) -> None:
    """Nothing else is to be written for that entry."""
    other = {"id": 67890, "type": "Workstation"}
    simulator.forget()
    assert outcomes(sync(tasks, [other, UNKNOWN])) == [(2, "failed")]
    assert simulator.writes() == []
    planned, done = (tasks.run("cw_configuration_sync", mode, configurations=[other] * 1) for mode in (True, False))
    assert planned["diff"] == done["diff"]
    assert simulator.writes() == [f"PATCH {LIST}/67890/changeType"]
    simulator.fault("403", method="PATCH", path="changeType")
    refused = tasks.run("cw_configuration_sync", configurations=[{**other, "type": "Server", "ram": "1"}])
    assert (refused["failed"], refused["results"][0]["changed"], refused["diff"]) == (True, True, [])


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "19\" Rack 'B'"},
        {"name": "it's"},
        {"name": 'say "hi"'},
        {"name": "back\\slash"},
        {"name": "[a]"},
        {"name": "100 % *_"},
        {"name": "{{ 1 + 1 }}"},
        {"name": " blanks "},
        {"name": "Käse 漢字 \N{GRINNING FACE}"},
    ],
)
def test_odd_names(simulator: Simulator, tasks: Tasks, entry: dict[str, Any]) -> None:
    entries = [entry, *servers(1)]
    done = tasks.checked("cw_configuration_sync", configurations=entries, **HERE)
    assert outcomes(done) == [(1, "created"), (2, "created")]


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=2, max_size=30, unique_by=lambda name: settled(name).casefold()))
def test_any_names(simulator: Simulator, tasks: Tasks, names: list[str]) -> None:
    simulator.reset()
    done = tasks.checked("cw_configuration_sync", configurations=[{"name": name} for name in names], **HERE)
    assert {operation for _place, operation in outcomes(done)} == {"created"}


# What is wrong


UNKNOWN: dict[str, Any] = {"name": "LOST", "company": "Nobody"}
TOLD = "1 of 3 configurations failed"


@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_is_written_where_one_is_wrong(simulator: Simulator, tasks: Tasks, check_mode: bool) -> None:
    simulator.forget()
    done = sync(tasks, [*servers(1), UNKNOWN, *servers(2)], check_mode)
    assert outcomes(done) == [(2, "failed")]
    said = f"{TOLD}, 2 not tried. Item 2 (name 'LOST'): company: there is no company named 'Nobody'."
    assert (done["changed"], done["msg"]) == (False, said)
    assert simulator.writes() == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_going_on(simulator: Simulator, tasks: Tasks, check_mode: bool) -> None:
    simulator.forget()
    done = sync(tasks, [*servers(1), UNKNOWN, *servers(2)], check_mode, on_failure="continue")
    assert outcomes(done) == [(1, "created"), (2, "failed"), (3, "created")]
    assert done["msg"].startswith(f"{TOLD}, 2 changed. Item 2 (name 'LOST'): company: there is no company named")
    assert (done["changed"], done["failure"]["code"], len(done["diff"])) == (True, "NotFound", 2)
    assert simulator.writes() == ([] if check_mode else [f"POST {BULK}"])


def test_refused_by_the_server(simulator: Simulator, tasks: Tasks) -> None:
    """One in a 207: it is explained, and the others are done."""
    entries = [*servers(1), *servers(2, status="Broken"), *servers(3, fields={"backupYear": 2**40}), *servers(4)]
    simulator.forget()
    done = sync(tasks, entries)
    assert outcomes(done) == [(1, "created"), (2, "failed"), (3, "failed"), (4, "created")]
    assert done["results"][1]["msg"] == (
        "status: there is no configuration status named 'Broken'. There are: Active (id 1), Retired (id 2)."
    )
    assert done["msg"].startswith("2 of 4 configurations failed, 2 changed. Item 2 (name 'SRV-0002'): status: ")
    assert numbered(simulator) == ["SRV-0001", "SRV-0004"]
    assert len([line for line in simulator.writes() if line == f"POST {BULK}"]) == 1


def test_a_refused_change(simulator: Simulator, tasks: Tasks) -> None:
    """Tried alone, for only in bulk the whole record is sent; then explained."""
    sync(tasks, servers(1, 2, 3))
    simulator.forget()
    entries = [*servers(1, ram="1 GB"), *servers(2, status="Broken"), *servers(3, ram="1 GB")]
    done = sync(tasks, entries)
    assert outcomes(done) == [(1, "updated"), (2, "failed"), (3, "updated")]
    assert simulator.writes() == [f"PUT {BULK}", f"PATCH {LIST}/80001"]
    assert "There are: Active (id 1), Retired (id 2)." in done["msg"]


def test_stopping_after_a_request(simulator: Simulator, tasks: Tasks) -> None:
    entries = servers(*range(150))
    entries[5]["status"] = "Broken"
    done = sync(tasks, entries)
    assert done["msg"].startswith("1 of 150 configurations failed, 99 changed, 50 not tried. Item 6 (name 'SRV-0005')")
    assert len(numbered(simulator)) == 99
    again = sync(tasks, entries, on_failure="continue")
    assert [item["operation"] for item in again["results"] if "operation" in item].count("unchanged") == 99
    assert len(numbered(simulator)) == 149


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "Item 1: match: nothing: give options of this task, none of them empty"),
    "no type": ({"name": "x", "company": "Acme"}, "type: no configuration matches, and to create one type must be"),
    "type": ({"name": "x", "type": "Servr"}, "type: there is no configuration type named 'Servr'."),
    "company": ({"name": "x", "company": "Northwind Traders"}, "company: 2 records of the kind company are named"),
    "empty company": ({"name": "x", "company": " "}, "company: ' ' is neither an id nor a name."),
    "several": ({"name": "DUPLICATE-PC", "company": "Acme"}, "match: 2 configurations match: DUPLICATE-PC (id 67894)"),
    "id": ({"id": 1}, "Item 1 (id 1): id: there is no configuration 1."),
    "id 0": ({"id": 0}, "id: 0 is no id of a configuration"),
    "question": ({"name": "x", **HERE, "questions": {"Rolle": 1}}, "questions: there is no question 'Rolle' here."),
    "custom field": ({"name": "x", **HERE, "custom_fields": {"S": 1}}, "custom_fields: there is no custom field 'S'"),
    "field": ({"name": "x", "fields": {"serial": 1}}, "fields: there is no field 'serial' that can be set."),
    "date": ({"name": "x", "purchase_date": "31.12."}, "purchase_date: '31.12.' is not a date."),
    "long": ({"name": "x" * 101}, "name: the text has 101 characters, ConnectWise takes at most 100."),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_entries(simulator: Simulator, tasks: Tasks, name: str) -> None:
    entry, said = BAD[name]
    done = tasks.run("cw_configuration_sync", configurations=[entry, {"id": 67891}])
    assert done["msg"].startswith("1 of 2 configurations failed. Item 1")
    assert said in done["msg"]
    assert outcomes(done) == [(1, "failed"), (2, "unchanged")]
    assert simulator.writes() == []


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        (servers(1) * 2, "configuration as"),
        ([*servers(1, company=250), *servers(1, company="Acme Corporation", type=1)], "configuration as"),
        ([{"id": 67890}, {"name": "PROD-WEB-01"}], "configuration 67890 as"),
    ],
)
def test_one_configuration_twice(simulator: Simulator, tasks: Tasks, entries: list[dict[str, Any]], what: str) -> None:
    """Both fail, for only one of them can be its wanted state."""
    done = sync(tasks, [*entries, *servers(2)], on_failure="continue")
    assert outcomes(done) == [(1, "failed"), (2, "failed"), (3, "created")]
    assert f"configurations: this is the same {what} Item 2 (name " in done["results"][0]["msg"]
    assert f"configurations: this is the same {what} Item 1 (" in done["results"][1]["msg"]


def test_no_entries(simulator: Simulator, tasks: Tasks) -> None:
    assert sync(tasks, []) == {"changed": False, "results": [], "diff": []}
    assert simulator.journal() == []


# What goes wrong on the way


@pytest.mark.parametrize(
    "kind",
    ["429", "drop-before", "drop-after", "500-timeout", "500-timeout-after", "502-after", "503-after", "truncated"],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_nothing_is_lost_or_doubled(simulator: Simulator, tasks: Tasks, kind: str, method: str) -> None:
    entries = servers(*range(7))
    if method == "PUT":
        sync(tasks, entries)
        entries = servers(*range(7), ram="8 GB")
    simulator.fault(kind, method=method, path="bulk", times=2)
    task = options("cw_configuration_sync", configurations=entries, **HERE)
    done = run_configuration_sync(simulator.client(timeout=2.0), task, False)
    assert {operation for _place, operation in outcomes(done)} == {"created" if method == "POST" else "updated"}
    assert numbered(simulator) == [entry["name"] for entry in entries]
    assert sync(tasks, entries)["changed"] is False


@pytest.mark.parametrize("kind", ["html-200", "empty"])
def test_answers_that_are_none(simulator: Simulator, tasks: Tasks, kind: str) -> None:
    """Whether anything was done is looked for, and not taken for granted."""
    simulator.fault(kind, method="POST", path="bulk", times=1)
    done = sync(tasks, servers(1, 2), on_failure="continue")
    made = {"html-200": "failed", "empty": "created"}[kind]
    assert outcomes(done) == [(1, made), (2, made)]
    if made == "failed":
        assert "run the task again, which looks first." in done["msg"]
    assert outcomes(sync(tasks, servers(1, 2)))[0][1] in ("created", "unchanged")
    assert numbered(simulator) == ["SRV-0001", "SRV-0002"]


@pytest.mark.parametrize("kind", ["401", "403", "404-html", "400-text", "503-html"])
def test_a_server_that_refuses_everything(simulator: Simulator, kind: str) -> None:
    """From the second request of a list on: what was done before is told."""
    simulator.fault(kind, method="POST", path=LIST, times=0, after=1)
    task = options("cw_configuration_sync", configurations=servers(*range(250)), **HERE)
    done = run_configuration_sync(simulator.client(retry_budget=0.0), task, False)
    assert [operation for _place, operation in outcomes(done)][:100] == ["created"] * 100
    assert "100 changed" in done["msg"]
    assert "Item 101 (name 'SRV-0100'): " in done["msg"]
    assert len(done["results"]) < 250
    simulator.no_faults()
    assert len(numbered(simulator)) == 100


def test_one_request_that_cannot_be_read(simulator: Simulator, tasks: Tasks) -> None:
    """The server's 500 for all of them says nothing of each: they are tried alone, the next ones in bulk again."""
    simulator.fault("500-type", method="POST", path="bulk")
    simulator.forget()
    sync(tasks, servers(*range(103)))
    assert simulator.writes() == [f"POST {BULK}", *[f"POST {LIST}"] * 100, f"POST {BULK}"]


@pytest.mark.parametrize("status", ["404", "405"])
def test_a_server_without_bulk(simulator: Simulator, tasks: Tasks, status: str) -> None:
    simulator.switch(bulk=status)
    simulator.forget()
    done = sync(tasks, servers(1, 2, 3))
    assert [operation for _place, operation in outcomes(done)] == ["created"] * 3
    assert simulator.writes() == [f"POST {BULK}", *[f"POST {LIST}"] * 3]
    assert outcomes(sync(tasks, servers(1, 2, 3, ram="8 GB")))[0] == (1, "updated")
    assert sync(tasks, servers(1, 2, 3, ram="8 GB"))["changed"] is False


def test_another_reading_of_the_answer(simulator: Simulator, tasks: Tasks) -> None:
    """Ids only, and in another order."""
    simulator.switch(bulk_data="id", bulk_order="failures-first")
    entries = [*servers(1, 2), *servers(3, status="Broken"), *servers(4)]
    done = sync(tasks, entries)
    names = [(item.get("configuration") or {}).get("name") for item in done["results"]]
    assert names == ["SRV-0001", "SRV-0002", None, "SRV-0004"]
    assert done["results"][0]["configuration"]["status_name"] == "Active"
    entries = servers(1, 2, 4, ram="8 GB")
    assert [item["configuration"]["ram"] for item in sync(tasks, entries)["results"]] == ["8 GB"] * 3
    assert sync(tasks, entries)["changed"] is False


def test_a_change_keeps_all_that_is_not_asked_for(simulator: Simulator, tasks: Tasks) -> None:
    """Also in bulk, where the whole record is replaced."""
    client = simulator.client()
    before = {record["id"]: record for record in client.get_all(LIST)}
    entries = [{"id": number, "tag_number": "T"} for number in before]
    done = tasks.run("cw_configuration_sync", configurations=entries)
    assert [operation for _place, operation in outcomes(done)] == ["updated"] * len(before)
    for record in client.get_all(LIST):
        kept = {name: value for name, value in record.items() if name not in ("_info", "tagNumber")}
        old = {name: value for name, value in before[record["id"]].items() if name not in ("_info", "tagNumber")}
        assert kept == old


@pytest.mark.parametrize("path", [f"{LIST}$", f"{LIST}/types", f"{LIST}/count", "companies$", "questions$"])
def test_reading_fails(simulator: Simulator, tasks: Tasks, path: str) -> None:
    """It would meet all entries, so it is tried once, and nothing is written."""
    simulator.fault("403", method="GET", path=path, times=0)
    simulator.forget()
    with pytest.raises(ConnectWisePermissionError):
        sync(tasks, servers(*range(200), questions={"Role": "Web"}), on_failure="continue")
    assert len(simulator.requests()) < 6
    assert simulator.writes() == []


def test_without_the_right_to_read_types(simulator: Simulator, tasks: Tasks) -> None:
    """The server looks their names up itself."""
    simulator.fault("403", method="GET", path=f"{LIST}/types", times=0)
    simulator.forget()
    done = sync(tasks, [*servers(*range(20)), *servers(3)], on_failure="continue")
    assert [operation for _place, operation in outcomes(done)].count("created") == 19
    assert "Item 4 (name 'SRV-0003'): configurations: this is the same configuration as Item 21" in done["msg"]
    assert len(simulator.requests()) == 5

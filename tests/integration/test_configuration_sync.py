# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_configuration_sync and the role of that name: many configurations, in few requests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integration.plays import LOCALHOST, Player, Run, Task, checked, cycle, newest_only, task
from integration.test_fast_path import both_ways

LIST, BULK = "company/configurations", "company/configurations/bulk"
QUOTES = ["19\" Rack 'B'", "it's", 'say "hi"', "back\\slash", "[a]", "{% raw %}{{ 1 + 1 }}{% endraw %}"]


def sync(name: str, configurations: Any, **options: Any) -> Task:
    """A task of cw_configuration_sync for servers of Acme."""
    given = {"company": "Acme", "type": "Server", "configurations": configurations, **options}
    return task("cw_configuration_sync", name, None, **given)


def servers(count: int, **more: Any) -> list[dict[str, Any]]:
    """Entries."""
    return [{"name": f"SRV-{number:04}", "serial_number": f"SN-{number}", **more} for number in range(count)]


def operations(result: dict[str, Any]) -> list[str]:
    """What was done with each entry."""
    return [item.get("operation", "failed") for item in result["results"]]


def settles(run: Run, name: str, *expected: str) -> None:
    """Check mode foresaw what was done, without writing, and it was needed once."""
    foreseen, done, again = run[f"{name}, in check mode"], run[name], run[f"{name}, again"]
    assert (foreseen.status, foreseen.writes) == ("changed", [])
    assert operations(foreseen.result) == operations(done.result) == list(expected)
    assert done["diff"] == foreseen["diff"]
    assert done.writes
    assert (again.status, again.writes, again["diff"]) == ("ok", [], [])
    assert set(operations(again.result)) == {"unchanged"}


def test_life_cycle(play: Player) -> None:
    first = [
        *servers(3, questions={"Role": "Web"}, custom_fields={"Rack": "B-12"}),
        *[{"name": name} for name in QUOTES],
    ]
    second = [{**first[0], "ram": "8 GB"}, {**first[1], "questions": {"CPU cores": 4}, "status": "Retired"}, first[2]]
    third = [{**entry, "name": f"{entry['name']}-b", "type": "Workstation", "questions": {}} for entry in first[:2]]
    run = play(
        *cycle(sync("create", first)),
        *cycle(sync("change", second)),
        *cycle(sync("rename", third, match=["serial_number"])),
    )
    settles(run, "create", *["created"] * 9)
    settles(run, "change", "updated", "updated", "unchanged")
    settles(run, "rename", "updated", "updated")
    assert run["create"].lines == [
        "GET company/companies",
        f"GET {LIST}/types",
        f"GET {LIST}",
        f"GET {LIST}/types/1/questions",
        f"GET {LIST}",
        f"POST {BULK}",
        f"GET {LIST}",
    ]
    assert run["create, again"].lines == ["GET company/companies", f"GET {LIST}/types", f"GET {LIST}"]
    assert run["change"].writes == [f"PUT {BULK}"]
    assert run["rename"].writes[0] == f"PUT {BULK}"
    assert sorted(run["rename"].writes[1:]) == [f"PATCH {LIST}/8000{n}/changeType" for n in (0, 1)]
    names = [item["configuration"]["name"] for item in run["create"]["results"]]
    assert names[:3] == ["SRV-0000", "SRV-0001", "SRV-0002"]
    assert names[3:] == [*QUOTES[:5], "{{ 1 + 1 }}"]
    assert run["change"]["diff"][1]["after"] == {"status": "Retired", "questions": {"CPU cores": 4}}


@newest_only
def test_failures(play: Player) -> None:
    """In a 207, of one among many, of all; what worked is told."""
    company, status = {"name": "LOST", "company": "Nobody"}, {"name": "BROKEN", "status": "Broken"}
    run = play(
        checked(sync("unknown company, in check mode", [*servers(500), company])),
        sync("unknown company", [*servers(500), company]),
        sync("the others", [*servers(500), company], on_failure="continue"),
        sync("in a 207", [status, *servers(3, ram="8 GB"), {"name": "NEW"}]),
        sync("twice", [*servers(2), {"name": " SRV-0001"}]),
        sync("wrong type", ["SRV-0001"]),
        sync("wrong type inside", [{"name": ["a"]}, {"name": "X", "questions": "none"}]),
        fails=True,
    )
    said = "1 of 501 configurations failed, 500 not tried. Item 501 (name 'LOST'): company: there is no company named"
    for name in ("unknown company", "unknown company, in check mode"):
        assert run.messages[name].startswith(said)
        assert run[name].writes == []
    assert run.messages["the others"].startswith("1 of 501 configurations failed, 500 changed. Item 501 (name 'LOST')")
    assert run["the others"].writes == [f"POST {BULK}"] * 5
    assert run.messages["in a 207"] == (
        "1 of 5 configurations failed, 1 changed, 3 not tried. Item 1 (name 'BROKEN'): status: there is no "
        "configuration status named 'Broken'. There are: Active (id 1), Retired (id 2)."
    )
    assert [(item["item"], item["changed"]) for item in run["in a 207"]["results"]] == [(1, False), (5, True)]
    assert run["in a 207"].writes == [f"POST {BULK}"]
    assert "Item 2 (name 'SRV-0001'): configurations: this is the same configuration" in run.messages["twice"]
    assert "dict" in run.messages["wrong type"]
    assert run["wrong type inside"].requests == []


@newest_only
@pytest.mark.parametrize("kind", ["429", "500-timeout", "502-after"])
def test_faults(play: Player, kind: str) -> None:
    """Nothing is missing and nothing is there twice, whatever becomes of the first answer."""
    play.simulator.fault(kind, method="POST", path="bulk")
    warning = "1 request was sent again after passing failures ({}), with # s of waiting."
    told = {"429": [warning.format("429: 1")], "500-timeout": [warning.format("500: 1")]}
    run = play(sync("create", servers(150)), warnings=told.get(kind, []), environment={"CW_TIMEOUT": "2"})
    assert operations(run["create"].result) == ["created"] * 150
    assert run["create"].writes == [f"POST {BULK}"] * (3 if kind in told else 2)
    with play.simulator.client() as client:
        names = [each["name"] for each in client.get_all(LIST) if each["id"] >= 80000]
    assert sorted(names) == [entry["name"] for entry in servers(150)]


@newest_only
def test_very_many(play: Player) -> None:
    """2,500 entries; of the second run nothing is written, and little is asked."""
    (play.folder / "many.json").write_text(json.dumps(servers(2500, os_type="Debian 12")))
    entries = "{{ lookup('ansible.builtin.file', folder ~ '/many.json') | from_json }}"
    run = play(sync("create", entries), sync("again", entries), extra={"folder": str(play.folder)})
    assert operations(run["create"].result) == ["created"] * 2500
    assert run["create"].writes == [f"POST {BULK}"] * 25
    # What was written is read again, in pages of which some may be guessed in vain.
    assert len(run["create"].requests) <= 25 + 4 + 10
    assert run["again"].status == "ok"
    assert run["again"].writes == []
    assert len(run["again"].requests) <= 15


def test_both_ways(play: Player) -> None:
    """In this process and as a module of its own."""
    wrong = [{"name": "X", "company": "Nobody"}, *servers(1)]
    tasks = [*cycle(sync("create", servers(3))), sync("wrong", wrong, on_failure="continue")]
    run = both_ways(play, *tasks, diff=True, fails=True)
    settles(run, "create", *["created"] * 3)


# The role

FACTS: dict[str, Any] = {
    "product_serial": "SN-{{ inventory_hostname }}",
    "product_name": "PowerEdge R650",
    "system_vendor": "Dell Inc.",
    "distribution": "Debian",
    "distribution_version": "12.11",
    "kernel": "6.1.0",
    "architecture": "x86_64",
    "default_ipv4": {"address": "192.0.2.7", "macaddress": "00:00:5e:00:53:07", "gateway": "192.0.2.1"},
    "processor": ["0", "GenuineIntel", "Intel Xeon", "1", "GenuineIntel", "Intel Xeon"],
    "processor_vcpus": 2,
    "memtotal_mb": 15900,
    "date_time": {"date": "2026-03-31"},
}
WINDOWS: dict[str, Any] = {
    "product_serial": "To Be Filled By O.E.M.",
    "distribution": "Microsoft Windows Server 2022 Standard",
    "distribution_version": "10.0.20348.0",
    "interfaces": [{"macaddress": "x"}, {"macaddress": "00:00:5E:00:53:08", "default_gateway": "192.0.2.1"}],
    "ip_addresses": ["192.0.2.8", "2001:db8::8"],
    "processor": "Apple",
    "memtotal_mb": 512,
}
TOLD = "Bring the configurations to what the hosts tell"
LEFT_OUT = "Tell which hosts are left out"


def known(name: str, host: str, facts: dict[str, Any]) -> Task:
    """Facts as if they were gathered of one host, or of those of a pattern."""
    given = {"cacheable": True, **facts}
    return {"name": name, "ansible.builtin.set_fact": given, "when": f"inventory_hostname is match('{host}')"}


def role(**options: Any) -> Task:
    """The role, for servers of Acme."""
    given = {"configuration_sync_company": "Acme", **options}
    return {
        "name": "role",
        "ansible.builtin.include_role": {"name": "msp.connectwise.configuration_sync"},
        "vars": {
            name if name.startswith("configuration") else f"configuration_sync_{name}": given[name] for name in given
        },
    }


def hosts(*names: str) -> str:
    """An inventory."""
    return "".join(f"{name} {LOCALHOST.partition(' ')[2]}" for name in names)


def configurations(run: Run) -> dict[str, dict[str, Any]]:
    """What the role's task returned, by name, without what is empty."""
    (done,) = [each for each in run if each.task.endswith(TOLD) and each.status != "skipped"]
    found = [item["configuration"] for item in done["results"]]
    return {each["name"]: {name: value for name, value in each.items() if value is not None} for each in found}


@pytest.mark.parametrize("serial", [0, 3])
def test_role(play: Player, serial: int) -> None:
    """One task for all hosts, in the last batch; those without facts are told of, those that failed are not there."""
    (play.folder / "evil").write_text("{{ lookup('pipe', 'id') }} {% if")
    evil = {"kernel": "{{ lookup('ansible.builtin.file', folder ~ '/evil') }}"}
    tasks = [
        known("linux", "web|db", FACTS),
        known("windows", "win", WINDOWS),
        known("evil", "evil", evil),
        {"name": "failed", "ansible.builtin.fail": {"msg": "x"}, "when": "inventory_hostname == 'broken'"},
        role(
            questions={"Role": "x", "CPU cores": "{{ ansible_facts.processor_vcpus | default('') }}"},
            custom_fields={"Rack": "{{ rack | default('') }}"},
            more={"tag_number": "T-{{ inventory_hostname }}", "os_info": "{{ ansible_facts.kernel | default('') }}"},
            last_seen="",
            manufacturers={},
        ),
    ]  # fmt: skip
    how: dict[str, Any] = {
        "inventory": hosts("web1", "web2", "silent", "broken", "db", "win", "evil"),
        "also": {"hosts": "all", "ignore_errors": False, **({"serial": serial} if serial else {})},
        "extra": {"folder": str(play.folder)},
        "fails": True,
    }
    runs = [] if serial else [play(*tasks, check=True, **how)]
    assert play.simulator.writes() == []
    first = play(*tasks, **how)
    assert play.simulator.writes() == [f"POST {BULK}"]
    for run in (*runs, first):
        assert list(configurations(run)) == ["web1", "web2", "db", "win", "evil"]
        (told,) = [each for each in run if each.task.endswith(LEFT_OUT) and each.status != "skipped"]
        assert told["msg"] == "No facts are known of silent, so that their configurations stay as they are."
        assert set(run.messages) == {"failed"}
    found = configurations(first)
    expected = {
        "serial_number": "SN-web1", "model_number": "PowerEdge R650", "os_type": "Debian 12.11", "os_info": "6.1.0",
        "ip_address": "192.0.2.7", "mac_address": "00:00:5e:00:53:07", "default_gateway": "192.0.2.1",
        "cpu_speed": "2 x Intel Xeon", "ram": "16 GB", "tag_number": "T-web1", "type_name": "Server",
        "company_name": "Acme Corporation",
    }  # fmt: skip
    assert {name: found["web1"][name] for name in expected} == expected
    assert {each["question"]: each.get("answer") for each in found["web1"]["questions"]}["CPU cores"] == 2
    windows = {
        "ip_address": "192.0.2.8", "mac_address": "00:00:5E:00:53:08", "default_gateway": "192.0.2.1",
        "cpu_speed": "Apple", "ram": "512 MB",
    }  # fmt: skip
    assert {name: found["win"][name] for name in windows} == windows
    assert not {"serial_number", "model_number", "os_info"} & set(found["win"])
    assert found["evil"]["os_info"] == "{{ lookup('pipe', 'id') }} {% if"
    if serial:
        assert list(configurations(play(*tasks, **how))) == list(found)
        assert len(play.simulator.writes()) == 1


@newest_only
def test_mapping_of_ones_own(play: Player) -> None:
    inventory = hosts("web1", "web2") + "[all:vars]\nsite=Acme\n"
    options: dict[str, Any] = {
        "company": "{{ site }}",
        "mapping": {
            "name": "{{ inventory_hostname | upper }}",
            "device_identifier": "rmm-{{ ansible_facts.product_serial }}",
            "company": "{{ configuration_sync_company }}",
            "type": "{{ configuration_sync_type }}",
        },
        "type": "Workstation",
        "match": ["device_identifier"],
    }
    how: dict[str, Any] = {"inventory": inventory, "also": {"hosts": "all"}}
    run = play(known("facts", "web", FACTS), role(**options), **how)
    found = configurations(run)
    assert {name: each["device_identifier"] for name, each in found.items()} == {
        "WEB1": "rmm-SN-web1",
        "WEB2": "rmm-SN-web2",
    }
    assert found["WEB1"]["type_name"] == "Workstation"
    assert "ram" not in found["WEB1"]
    assert play.simulator.writes() == [f"POST {BULK}"]
    # The name is not what it is found by.
    options["mapping"]["name"] = "{{ inventory_hostname }}"
    run = play(known("facts", "web", FACTS), role(**options), **how)
    assert list(configurations(run)) == ["web1", "web2"]
    assert play.simulator.writes()[1:] == [f"PUT {BULK}"]


@newest_only
def test_role_where_hosts_fail(play: Player) -> None:
    """The others are written; and without a company nothing begins."""
    how: dict[str, Any] = {"inventory": hosts("web1", "web2"), "also": {"hosts": "all"}, "fails": True}
    companies = "{{ 'Acme' if inventory_hostname == 'web1' else 'Nobody' }}"
    run = play(known("facts", "web", FACTS), role(company=companies), **how)
    (said,) = set(run.messages.values())
    assert said.startswith(
        "1 of 2 configurations failed, 1 changed. Item 2 (name 'web2'): company: there is no company"
    )
    task_without = role()
    del task_without["vars"]["configuration_sync_company"]
    run = play(known("facts", "web", FACTS), task_without, **how)
    assert any("configuration_sync_company" in said for said in run.messages.values())
    assert play.simulator.writes() == [f"POST {LIST}"]

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory cw_configurations: hosts, groups and variables, requests, cache, failures, and texts like templates."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from integration.plays import SECONDS, Player, newest_only
from integration.test_documentation import documentation

SEED = [
    "PROD-WEB-01_67890", "PROD-WEB-02", "PROD-DB-01", "PROD-WEB-01_67893", "DUPLICATE-PC_67894", "DUPLICATE-PC_67895",
    "19_Rack_A", "Käse_100_Büro_PC_s", "OLD-SRV",
]  # fmt: skip
TEMPLATE = "{{ lookup('file', '/etc/hostname') }}{{ 1 + 1 }}{% for i in [7] %}{{ i }}{% endfor %}"


@dataclass(frozen=True)
class Inventory:
    """What ansible-inventory told, and what it asked the simulator."""

    hosts: dict[str, dict[str, Any]]
    """The variables of each host."""
    groups: dict[str, list[str]]
    """The hosts of each group."""
    said: str
    """What it told beside, with # for what differs from run to run."""
    requests: list[dict[str, Any]]

    @property
    def lines(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}" for entry in self.requests]

    @property
    def reasons(self) -> list[str]:
        """The sentences of the failures."""
        return re.findall(r"with '?auto'? plugin: (.*?) (?=\[WARNING\]|Failed to parse)", self.said)


def taken(play: Player, /, *files: dict[str, Any], **options: Any) -> Inventory:
    """The inventory of a file with these options, or of several."""
    folder = Path(tempfile.mkdtemp(dir=play.folder))
    for place, each in enumerate(files or [options]):
        write(folder / f"{place}.cw_configurations.yml", **each)
    return taken_from(play, folder)


def write(path: Path, **options: Any) -> None:
    """Write a file of the plugin with these options."""
    path.write_text(yaml.safe_dump({"plugin": "msp.connectwise.cw_configurations", **options}, sort_keys=False))


def taken_from(play: Player, folder: Path, environment: dict[str, str | None] | None = None) -> Inventory:
    """The inventory of the files in a folder, in their order."""
    play.simulator.forget()
    files = [word for path in sorted(folder.glob("*.yml")) for word in ("--inventory", path.name)]
    done = subprocess.run(
        [*play.core.command("ansible-inventory"), "-v", *files, "--list"],
        cwd=folder,
        env=play.environment(folder, environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    for secret in play.secrets:
        assert secret not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    start = done.stdout.index("{\n")
    told = json.loads(done.stdout[start:])
    hosts = {name: _plain(variables) for name, variables in told.pop("_meta")["hostvars"].items()}
    groups = {name: group["hosts"] for name, group in told.items() if "hosts" in group}
    said = " ".join(f"{done.stdout[:start]}{done.stderr}".split())
    said = re.sub(r"(?<=request id )[0-9a-f -]{36,37}", "#", said)
    return Inventory(hosts, groups, said, play.simulator.journal())


def _plain(value: Any) -> Any:
    """A value without ansible-core 2.16's mark of texts that are no templates."""
    if isinstance(value, dict):
        return value["__ansible_unsafe"] if "__ansible_unsafe" in value else {k: _plain(v) for k, v in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def many(play: Player, count: int) -> None:
    """Make so many configurations, with ids from 80000 on."""
    answer = play.simulator.control.post(
        f"{play.simulator.url}/_simulator/many", json={"path": "company/configurations", "count": count}, timeout=60
    )
    assert answer.json()["first"] == 80000


def test_hosts_groups_and_variables(play: Player) -> None:
    found = taken(play)
    assert sorted(found.hosts) == sorted(SEED)
    assert found.groups["company_Acme"] == [name for name in SEED if name not in (SEED[3], SEED[7])]
    assert found.groups["company_NorthwindUS"] == ["PROD-WEB-01_67893"]
    server = found.hosts["PROD-WEB-02"]
    assert {name: server[f"cw_{name}"] for name in ("id", "name", "serial_number", "ip_address", "is_active")} == {
        "id": 67891,
        "name": "PROD-WEB-02",
        "serial_number": "SN-0002",
        "ip_address": "192.0.2.12",
        "is_active": True,
    }
    assert (server["cw_type_name"], server["cw_company_identifier"], server["cw_site_name"]) == (
        "Server",
        "Acme",
        "Main Office",
    )
    assert found.hosts["OLD-SRV"]["cw_is_active"] is False
    assert found.hosts["19_Rack_A"]["cw_name"] == '19" Rack "A"'
    # Nothing is told that was not read.
    assert not {"cw_questions", "cw_custom_fields", "cw_notes", "cw_vendor_name", "cw_last_updated"} & set(server)
    assert "ansible_host" not in server
    assert found.lines == ["GET company/configurations"]
    assert "questions" not in found.requests[0]["query"]["fields"]
    assert "9 configurations read, all" in found.said


def test_options_of_names_variables_and_groups(play: Player) -> None:
    found = taken(
        play,
        hostname="device_name ~ '.' ~ (device_company_identifier | lower)",
        duplicates="company",
        prefix="device_",
        company_groups=False,
        use_ip_address=True,
        questions=True,
        custom_fields=True,
        fields=["type", "ipAddress", "_info/lastUpdated"],
        compose={"role": "device_questions['Role']", "more": "device_questions['CPU cores'] | int + 1"},
        groups={"web": "'WEB' in device_name"},
        keyed_groups=[{"key": "device_type_name", "prefix": "type"}],
    )
    server = found.hosts["PROD-WEB-01.northwindus"]
    assert server["ansible_host"] == "198.51.100.11"
    assert (server["role"], int(server["more"])) == ("Production", 5)
    # The question that is a password is left out.
    assert server["device_questions"] == {"Role": "Production", "CPU cores": 4, "Backed up": True}
    assert set(server["device_custom_fields"]) == {"Rack", "U Height"}
    assert server["device_last_updated"]
    # Without the field that says it, nothing is said of it.
    assert not {"device_is_active", "device_status_name", "device_serial_number"} & set(server)
    assert set(found.groups) == {"web", "type_Server", "type_Workstation", "type_Network_Device"}
    assert found.groups["type_Network_Device"] == ["19_Rack_A_.acme"]
    assert [name for name in found.hosts if "DUPLICATE" in name] == [
        "DUPLICATE-PC.acme_Acme_67894",
        "DUPLICATE-PC.acme_Acme_67895",
    ]


def test_duplicates(play: Player) -> None:
    first = taken(play, duplicates="first")
    assert {"PROD-WEB-01", "DUPLICATE-PC"} < set(first.hosts)
    assert (first.hosts["PROD-WEB-01"]["cw_id"], len(first.hosts)) == (67890, 7)
    assert "duplicates: 2 configurations are left out, because others have the same names." in first.said
    company = taken(play, duplicates="company")
    assert {"PROD-WEB-01_Acme", "PROD-WEB-01_NorthwindUS", "DUPLICATE-PC_Acme_67894"} < set(company.hosts)


def test_a_host_that_is_called_like_a_group(play: Player) -> None:
    """It is a host, beside the group."""
    row = {"company": {"id": 250}, "type": {"id": 1}}
    play.simulator.insert("company/configurations", [{"id": 92000, "name": "company_Acme", **row}])
    play.simulator.insert("company/configurations", [{"id": 92001, "name": "kind_Server", **row}])
    found = taken(play, keyed_groups=[{"key": "cw_type_name", "prefix": "kind"}])
    assert found.reasons == []
    assert found.hosts["company_Acme_92000"]["cw_name"] == "company_Acme"
    assert found.hosts["kind_Server_92001"]["cw_name"] == "kind_Server"
    assert {"company_Acme_92000", "kind_Server_92001"} < set(found.groups["company_Acme"])


@newest_only
def test_filters(play: Player) -> None:
    def numbers(**options: Any) -> list[int]:
        return sorted(host["cw_id"] - 67890 for host in taken(play, **options).hosts.values())

    assert numbers(company=[251, "NorthwindUK"]) == [3, 7]
    assert numbers(company=251) == [3]
    assert numbers(type="Workstation") == [4, 5, 7]
    assert numbers(type=["Workstation", "Network Device"], company="Acme Corporation") == [4, 5, 6]
    assert numbers(status="Retired") == [8]
    assert numbers(active=False) == [8]
    assert numbers(active=True, type="Server") == [0, 1, 2, 3]
    assert numbers(conditions='serialNumber="SN-0001" or serialNumber="SN-0003"', company="Acme") == [0, 2]
    play.simulator.insert(
        "company/configurations",
        [
            {
                "id": 67999,
                "name": "RACKED",
                "company": {"id": 250},
                "type": {"id": 1},
                "customFields": [{"id": 60, "value": "B-12"}],
            }
        ],
    )
    assert numbers(custom_field_conditions='caption="Rack" AND value="B-12"') == [109]


@newest_only
def test_twenty_thousand_are_twenty_requests(play: Player) -> None:
    many(play, 20000)
    found = taken(play, conditions="id >= 80000", fields=["id"], company_groups=False)
    assert len(found.hosts) == 20000
    assert found.lines == ["GET company/configurations"] * 20
    assert {entry["query"]["pageSize"] for entry in found.requests} == {"1000"}
    assert "7,000 configurations read, so far" in found.said
    assert "20,000 configurations read, all" in found.said


def test_cache(play: Player) -> None:
    options = {
        "questions": True,
        "custom_fields": True,
        "keyed_groups": [{"key": "cw_questions['Role']"}],
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(play.folder / "cache"),
    }
    play.simulator.insert(
        "company/configurations",
        [{"id": 68000, "name": TEMPLATE, "company": {"id": 250}, "type": {"id": 1}, "serialNumber": TEMPLATE}],
    )
    plain = taken(play, **{**options, "cache": False})
    folder = Path(tempfile.mkdtemp(dir=play.folder))
    write(folder / "test.cw_configurations.yml", **options)
    first, second = taken_from(play, folder), taken_from(play, folder)
    assert (first.hosts, first.groups) == (second.hosts, second.groups) == (plain.hosts, plain.groups)
    assert (first.lines, second.lines) == (["GET company/configurations"], [])
    assert "10 configurations from the cache" in second.said
    (file,) = (play.folder / "cache").iterdir()
    assert "Production" in file.read_text()
    assert "not-a-secret" not in file.read_text()  # the answer to the question that is a password
    # What was read for another member, or for another question, is not the answer to this one.
    assert taken_from(play, folder, {"CW_CLIENT": "nobody"}).hosts == {}
    write(folder / "test.cw_configurations.yml", **options, type=[3])
    assert list(taken_from(play, folder).hosts) == ["19_Rack_A"]


def test_failures(play: Player) -> None:
    refused = "GET company/configurations answered"
    play.simulator.fault("403", path="company/configurations")
    found = taken(
        play,
        {},
        {"password": "wrong-and-never-shown"},
        {"compnay": "Acme", "tpye": 1},
        {"company": ["Acme", "Nobody"]},
        {"type": []},
        {"conditions": "nme=1"},
        {"prefix": "a-b"},
        {"duplicates": "fail"},
    )
    assert found.hosts == {}
    assert "wrong-and-never-shown" not in found.said
    assert found.reasons == [
        "username: the security role of this API member does not allow it. "
        f"{refused} 403 Security: You do not have security permission to perform this action (request id #)",
        "client, username, password or client_id: ConnectWise refused the login. "
        f"{refused} 401 Unauthorized: Invalid company, public key or private key (request id #)",
        "compnay, tpye: there is no such option.",
        "company: there is no company named 'Nobody'.",
        "type: it is empty. Leave it out, or give a name.",
        f"conditions: {refused} 400 ApiFindCondition: nme is not a recognized name (request id #)",
        "prefix: 'a-b' can't be the beginning of the name of a variable.",
        "duplicates: several configurations have the same name: PROD-WEB-01 (ids 67890, 67893), "
        "DUPLICATE-PC (ids 67894, 67895). Rename them, or choose id, company or first.",
    ]
    folder = Path(tempfile.mkdtemp(dir=play.folder))
    write(folder / "test.cw_configurations.yml", hostname="cw_nmae ~ 1", strict=True)
    assert taken_from(play, folder).reasons[0].startswith("hostname: for the configuration 67890: ")
    assert taken_from(play, folder, {"CW_URL": None}).reasons == [
        "base_url: it is missing. Give it as an option, or set the environment variable CW_URL."
    ]


@newest_only
def test_a_page_that_fails_leaves_no_half_of_an_inventory(play: Player) -> None:
    many(play, 1500)
    play.simulator.fault("403", path="company/configurations", after=1)
    found = taken(play)
    assert (found.hosts, len(found.lines)) == ({}, 2)


def test_no_text_is_a_template(play: Player) -> None:
    """Whatever is in ConnectWise, in whichever field: it stays what it is, also in what is made of it."""
    play.simulator.insert("company/companies", [{"id": 900, "identifier": "{{ 1 + 1 }}", "name": TEMPLATE}])
    names = [TEMPLATE, "../../etc/passwd", "-oProxyCommand=id", "localhost", "all", "&*?!"]
    play.simulator.insert(
        "company/configurations",
        [
            {
                "id": 91000 + place,
                "name": name,
                "company": {"id": 900},
                "type": {"id": 1},
                "notes": TEMPLATE,
                "serialNumber": "!unsafe '{{ 7 * 7 }}'",
                "modelNumber": "{# hidden #}{{ 7 * 7 }}",
                "ipAddress": "-oProxyCommand=id",
                "questions": [{"questionId": 11, "answer": TEMPLATE}],
                "customFields": [{"id": 60, "value": TEMPLATE}],
            }
            for place, name in enumerate(names)
        ],
    )
    options = {
        "conditions": "id >= 91000",
        "fields": ["notes", "serialNumber", "modelNumber", "ipAddress"],
        "questions": True,
        "custom_fields": True,
        "use_ip_address": True,
        "compose": {
            "composed": "cw_notes",
            "joined": "'a' ~ cw_notes",
            "listed": "[cw_notes, cw_custom_fields['Rack']]",
        },
        "keyed_groups": [{"key": "cw_notes"}, {"key": "cw_custom_fields", "parent_group": "{{ cw_model_number }}"}],
    }
    shown = {
        "name": "{{ cw_name }}",
        "upper": "{{ cw_name | upper }}",
        "notes": "{{ cw_notes }}",
        "serial": "{{ cw_serial_number }}",
        "model": "{{ cw_model_number }}",
        "question": "{{ cw_questions['Role'] }}",
        "custom": "{{ cw_custom_fields }}",
        "company": "{{ cw_company_name }}",
        "made": "{{ [composed, joined, listed] }}",
        "hostvars": "{{ hostvars[inventory_hostname].cw_name }}",
        "names": "{{ [inventory_hostname, inventory_hostname_short, ansible_host] }}",
        "groups": "{{ group_names }}",
        "all_groups": "{{ groups }}",
        "again": "{{ again }}",
    }
    run = play(
        {"name": "show", "ansible.builtin.debug": {"msg": shown}, "vars": {"again": "{{ cw_name }}"}},
        {"name": "keep", "ansible.builtin.set_fact": {"kept": "{{ cw_name }}"}},
        {"name": "kept", "ansible.builtin.debug": {"msg": "{{ kept }}"}},
        inventory=json.dumps({"plugin": "msp.connectwise.cw_configurations", **options}),
        inventory_file="test.cw_configurations.yml",
        also={"hosts": "all", "connection": "local"},
    )
    found = {each.host: each.result["msg"] for each in run if each.task == "show"}
    called = dict(zip([each["name"] for each in found.values()], found, strict=True))
    assert [called[name] for name in names[1:]] == [
        "etc_passwd", "oProxyCommand_id", "localhost_91003", "all_91004", "configuration_91005",
    ]  # fmt: skip
    assert re.fullmatch(r"[\w.-]+", called[TEMPLATE])
    for name, host in called.items():
        shown_there = found[host]
        assert shown_there["hostvars"] == shown_there["again"] == name
        assert shown_there["upper"] == name.upper()
        assert shown_there["notes"] == shown_there["question"] == shown_there["company"] == TEMPLATE
        assert shown_there["serial"] == "!unsafe '{{ 7 * 7 }}'"
        assert shown_there["model"] == "{# hidden #}{{ 7 * 7 }}"
        assert shown_there["custom"]["Rack"] == TEMPLATE
        assert shown_there["made"] == [TEMPLATE, f"a{TEMPLATE}", [TEMPLATE, TEMPLATE]]
        assert shown_there["names"] == [host, host.partition(".")[0], host]
        assert all(re.fullmatch(r"\w+", group) for group in [*shown_there["groups"], *shown_there["all_groups"]])
        assert len(shown_there["groups"]) == 5
    assert {each.result["msg"] for each in run if each.task == "kept"} == set(names)


def test_examples(play: Player) -> None:
    """Each example gives hosts, and no warning."""
    examples = documentation("cw_configurations", "EXAMPLES", "inventory")
    assert len(examples) > 1
    for example in examples:
        if "cache_connection" in example:
            example["cache_connection"] = str(play.folder / "cache")
        found = taken(play, **example)
        assert found.hosts
        assert "WARNING" not in found.said
        composed = [*example.get("compose", {})]
        assert all(set(composed) <= set(host) for host in found.hosts.values())
        for keyed in example.get("keyed_groups", []):
            assert any(name.startswith(keyed["prefix"]) for name in found.groups)
        assert set(example.get("groups", {})) <= set(found.groups)


@newest_only
def test_a_file_of_another_name_is_not_taken(play: Player) -> None:
    folder = Path(tempfile.mkdtemp(dir=play.folder))
    write(folder / "hosts.yml")
    found = taken_from(play, folder)
    assert (found.hosts, found.lines) == ({}, [])
    assert "could not be verified by inventory plugin" in found.said

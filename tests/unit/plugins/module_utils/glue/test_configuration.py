# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.glue.configuration import run_configuration
from ansible_collections.msp.connectwise.plugins.module_utils.resources.configuration import CONFIGURATION_FIELDS
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import (
    ENTRIES,
    HIDDEN,
    TEXT,
    WantedError,
    by_name,
)
from ansible_collections.msp.connectwise.plugins.module_utils.resources.planning import plan, with_changes
from unit.plugins.support import Answering, Simulator, Tasks, options

CONFIGURATIONS = "company/configurations"
NEW = {"name": "NEW-SRV", "company": "Acme", "type": "Server"}
QUESTIONS = by_name(CONFIGURATION_FIELDS, "questions")
NOT_KEPT = "ConnectWise answered that the change was done, but kept"


def answers(configuration: dict[str, Any]) -> dict[str, Any]:
    """The answers by the questions' texts."""
    return {entry["question"]: entry.get("answer") for entry in configuration["questions"]}


def test_requests_to_create_by_names(simulator: Simulator, tasks: Tasks) -> None:
    made = tasks.run("cw_configuration", **NEW, status="Retired", manufacturer="Generic", vendor="NorthwindUK")
    assert simulator.requests() == [
        "GET company/companies",
        "GET company/configurations",
        "GET company/companies",
        "POST company/configurations",
        "GET company/configurations",
    ]
    assert made["operation"] == "created"
    record = made["configuration"]
    assert (record["status_name"], record["manufacturer_name"], record["vendor"]["identifier"]) == (
        "Retired",
        "Generic",
        "NorthwindUK",
    )
    simulator.forget()
    assert tasks.run("cw_configuration", **NEW, status="Retired")["operation"] == "unchanged"
    assert simulator.requests() == ["GET company/companies", "GET company/configurations"]


def test_requests_to_create_with_entries(simulator: Simulator, tasks: Tasks) -> None:
    """All goes in the one POST."""
    given = {**NEW, "company": 250, "type": 1, "custom_fields": {"rack": "B-12"}, "questions": {"cpu cores": "8"}}
    made = tasks.run("cw_configuration", **given)
    assert simulator.requests() == [
        "GET company/configurations",
        "GET company/configurations/types",
        "GET company/configurations/types/1/questions",
        "GET company/configurations",
        "POST company/configurations",
        "GET company/configurations",
    ]
    assert answers(made["configuration"])["CPU cores"] == 8
    assert made["diff"]["after"]["questions"] == {"cpu cores": 8}
    assert made["diff"]["after"]["custom_fields"] == {"rack": "B-12"}


def test_two_runs_at_one_moment(simulator: Simulator, tasks: Tasks) -> None:
    """Both find none, and one remains, on which both have worked."""
    simulator.fault("slow-after", method="GET", path="^company/configurations$", times=2, seconds=1)
    given = ({**NEW, "company": 250, "type": 1, **more} for more in ({"os_type": "Debian 12"}, {"ram": "8 GB"}))
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda options: tasks.run("cw_configuration", **options), given))
    assert simulator.writes().count("POST company/configurations") == 2
    (left,) = [each for each in simulator.client().get_all("company/configurations") if each["name"] == "NEW-SRV"]
    assert {each["configuration"]["id"] for each in done} == {left["id"]}
    assert (left["osType"], left["ram"]) == ("Debian 12", "8 GB")


def test_requests_to_change_and_to_leave(simulator: Simulator, tasks: Tasks) -> None:
    given = {"id": 67890, "ram": "64 GB", "status": "Retired", "site": 1500, "fields": {"billFlag": "yes"}}
    changed = tasks.run("cw_configuration", **given)
    assert changed["diff"] == {
        "before": {"status": "Active", "site": "Main Office", "ram": None, "billFlag": False},
        "after": {"status": "Retired", "site": "Warehouse & Yard", "ram": "64 GB", "billFlag": True},
    }
    assert simulator.requests() == [f"GET {CONFIGURATIONS}/67890", f"PATCH {CONFIGURATIONS}/67890"]
    simulator.forget()
    assert tasks.run("cw_configuration", **given)["operation"] == "unchanged"
    assert simulator.requests() == [f"GET {CONFIGURATIONS}/67890"]
    simulator.forget()
    by_serial = {"match": ["serial_number"], "serial_number": "SN-0001", "ram": "64 GB"}
    assert tasks.run("cw_configuration", **by_serial)["operation"] == "unchanged"
    assert simulator.requests() == [f"GET {CONFIGURATIONS}"]


def test_each_option_settles(tasks: Tasks) -> None:
    given: dict[str, Any] = {
        **{row.option: f"{row.option} ü" for row in CONFIGURATION_FIELDS if row.option and row.kind == TEXT},
        "company": "Acme Corporation",
        "type": "Network Device",
        "status": "Active",
        "site": "Warehouse & Yard",
        "contact": "it.manager@acme.example",
        "location": "Main Location",
        "department": "Engineering",
        "vendor": "O'Brien & Söhne 100%",
        "manufacturer": 1,
        "installed_by": "oncall",
        "sla": "Standard SLA",
        "purchase_date": "2026-03-31T17:00:00+02:00",
        "installation_date": "2026-04-01",
        "warranty_expiration_date": "2031-04-01",
        "questions": {"Role": "Core", "CPU cores": "2", "Backed up": "no", "Admin password": "s3cret-9912"},
        "custom_fields": {"Rack": "B-12", "U Height": "2"},
        "fields": {
            "lastBackupDate": "2026-03-31T17:00:00Z",
            "backupBillableSpaceGb": "1.5",
            "parentConfigurationId": 5,
        },
    }
    assert set(given) == {row.option for row in CONFIGURATION_FIELDS if row.option} | {"fields"}
    del given["manufacturer"]  # check mode looks it up, and the simulator does not list manufacturers
    made = tasks.checked("cw_configuration", **given)
    assert made["operation"] == "created"
    assert made["diff"]["after"]["questions"] == {
        "Role": "Core", "CPU cores": 2, "Backed up": False, "Admin password": HIDDEN
    }  # fmt: skip
    record = made["configuration"]
    assert (record["purchase_date"], record["last_backup_date"]) == ("2026-03-31T00:00:00Z", "2026-03-31T17:00:00Z")
    assert record["contact"]["id"] == 2500
    staying = ("name", "company", "type", "status", "location", "department", "questions", "custom_fields", "fields")
    emptied = {name: "" for name in given if name not in staying}
    changed = tasks.checked("cw_configuration", id=record["id"], **emptied, custom_fields={"Rack": "", "U Height": ""})
    nothing = {**dict.fromkeys(emptied), "custom_fields": {"Rack": None, "U Height": None}}
    assert changed["diff"]["after"] == nothing


def test_answers_that_are_not_named_stay(simulator: Simulator, tasks: Tasks) -> None:
    changed = tasks.checked("cw_configuration", id=67890, questions={"role ": "Staging", "Backed up": False})
    assert changed["diff"] == {
        "before": {"questions": {"role": "Production", "Backed up": True}},
        "after": {"questions": {"role": "Staging", "Backed up": False}},
    }
    assert answers(changed["configuration"]) == {
        "Role": "Staging",
        "CPU cores": 4,
        "Backed up": False,
        "Admin password": "not-a-secret",
    }
    secret = tasks.checked("cw_configuration", id=67890, questions={"Admin password": "other-9912"})
    assert secret["diff"] == {
        "before": {"questions": {"Admin password": HIDDEN}},
        "after": {"questions": {"Admin password": HIDDEN}},
    }
    emptied = tasks.checked("cw_configuration", id=67890, questions={"CPU cores": "", "Role": ""})
    assert emptied["diff"]["after"] == {"questions": {"CPU cores": None, "Role": None}}


def test_another_type(simulator: Simulator, tasks: Tasks) -> None:
    changed = tasks.checked("cw_configuration", id=67894, type="Server", ram="8 GB", questions={"Role": "Build"})
    assert changed["operation"] == "updated"
    assert changed["diff"] == {
        "before": {"type": "Workstation", "ram": None, "questions": {"Role": None}},
        "after": {"type": "Server", "ram": "8 GB", "questions": {"Role": "Build"}},
    }
    assert {entry["question_id"] for entry in changed["configuration"]["questions"]} == {11, 12, 13, 14}
    simulator.forget()
    tasks.run("cw_configuration", id=67895, type="Server")
    assert simulator.requests() == [
        f"GET {CONFIGURATIONS}/67895",
        f"GET {CONFIGURATIONS}/types",
        f"PATCH {CONFIGURATIONS}/67895/changeType",
    ]


def test_nothing_is_done_where_the_new_type_has_no_such_question(simulator: Simulator, tasks: Tasks) -> None:
    with pytest.raises(WantedError, match="^questions: there is no question 'Rolle' here. There are: 'Role', 'CPU"):
        tasks.run("cw_configuration", id=67894, type="Server", ram="8 GB", questions={"Rolle": "Build"})
    assert simulator.writes() == []


def test_of_several_the_one_in_use(simulator: Simulator, tasks: Tasks) -> None:
    simulator.client().patch(CONFIGURATIONS, 67894, [{"op": "replace", "path": "status/id", "value": 2}])
    done = tasks.checked("cw_configuration", name="DUPLICATE-PC", company="Acme", type="Workstation", ram="8 GB")
    assert done["configuration"]["id"] == 67895
    retired = tasks.checked("cw_configuration", name="OLD-SRV", company="Acme", type="Server", ram="8 GB")
    assert retired["configuration"]["id"] == 67898


def test_names_of_all_kinds(tasks: Tasks) -> None:
    for name in ("a'b\"c", '19" Rack', "it's", "[x] 100% *", "käse 日本 🚀", "back\\slash"):
        made = tasks.checked("cw_configuration", name=name, company=250, type="Server")
        assert (made["operation"], made["configuration"]["name"]) == ("created", name)


def test_by_id_and_away(tasks: Tasks) -> None:
    gone = tasks.checked("cw_configuration", id=67890, state="absent")
    assert (gone["operation"], gone["configuration"]["id"]) == ("deleted", 67890)
    assert gone["diff"]["before"]["name"] == "PROD-WEB-01" and gone["diff"]["after"] == {}
    assert tasks.run("cw_configuration", id=67890, state="absent")["configuration"] is None


def test_what_check_mode_did_not_create(simulator: Simulator, tasks: Tasks) -> None:
    given = {"ram": "8 GB", "questions": {"Role": "Web"}, "custom_fields": {"Rack": "B"}}
    planned = tasks.run("cw_configuration", True, id=0, **given)
    assert (planned["operation"], planned["configuration"]["id"]) == ("updated", 0)
    assert planned["diff"]["after"] == given
    typed = tasks.run("cw_configuration", True, id=0, type="Server", **given)
    assert typed["diff"]["after"] == {"type": "Server", **given}
    assert tasks.run("cw_configuration", True, id=0, state="absent")["operation"] == "deleted"
    assert simulator.writes() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"id": 0}, "id: 0 is no id of a configuration; 0 is what one has that check mode did not create."),
        ({"id": 99}, "id: there is no configuration 99."),
        ({"name": "NEW"}, "company: no configuration matches, and to create one company and type must be given."),
        ({"name": "NEW", "company": "Acme"}, "type: no configuration matches, and to create one type must be given."),
        (
            {"name": "DUPLICATE-PC", "company": "Acme"},
            "match: 2 configurations match: DUPLICATE-PC (id 67894), DUPLICATE-PC (id 67895). Give the id, or match "
            "by fields in which they differ.",
        ),
        (
            {"match": ["serial_number", "name"], "name": "NEW", "serial_number": ""},
            "match: serial_number: give options of this task, none of them empty, by which configurations differ, "
            "such as serial_number.",
        ),
        (
            {"match": ["serialNumber"], "name": "NEW"},
            "match: serialNumber: give options of this task, none of them empty, by which configurations differ, "
            "such as serial_number.",
        ),
        ({"id": 67890, "name": ""}, "name: it can't be empty."),
        ({"id": 67890, "questions": {"Role": "a", "role": "b"}}, "questions: 'Role' is given twice; questions are the"),
        (
            {"id": 67890, "questions": {"Rolle": "a"}},
            "questions: there is no question 'Rolle' here. There are: 'Role', 'CPU cores', 'Backed up', 'Admin passw",
        ),
        ({"id": 67890, "questions": {"CPU cores": "many"}}, "questions, CPU cores: 'many' is not a number."),
        ({"id": 67890, "custom_fields": {"Rak": 1}}, "custom_fields: there is no custom field 'Rak' here. There are: "),
        ({"id": 67890, "fields": {"activeFlag": True}}, "fields: there is no field 'activeFlag' that can be set."),
        ({"id": 67890, "contact": "1"}, "contact: there is no contact with the id 1."),
        ({"id": 67890, "type": "Servr"}, "type: there is no configuration type named 'Servr'. There are: Server (id 1"),
    ],
)
def test_what_can_not_be(simulator: Simulator, tasks: Tasks, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.run("cw_configuration", **given)
    assert str(raised.value).startswith(sentence)
    # What only the server can tell is refused by it.
    assert simulator.writes() == ([f"PATCH {CONFIGURATIONS}/67890"] if "contact" in given else [])


CURRENT = {
    "id": 5,
    "name": "PC",
    "type": {"id": 1, "name": "Server"},
    "questions": [
        {"questionId": 1, "question": "Role", "fieldType": "Text", "answer": "Web"},
        {"questionId": 2, "question": "Pass", "fieldType": "Password", "answer": "old-9912"},
    ],
}


def test_a_type_that_is_not_kept(answering: Answering) -> None:
    answering.then(200, CURRENT)
    answering.then(200, [{"id": 1, "name": "Server"}, {"id": 2, "name": "Workstation"}])
    answering.then(200, CURRENT)
    with pytest.raises(WantedError, match=f"^type: {NOT_KEPT} 'Server' where 'Workstation' was asked .id 5..$"):
        run_configuration(answering.client(), options("cw_configuration", id=5, type="Workstation"), False)


def test_a_password_that_is_not_kept_is_not_told(answering: Answering) -> None:
    for _number in range(3):
        answering.then(200, CURRENT)
    with pytest.raises(WantedError) as raised:
        run_configuration(answering.client(), options("cw_configuration", id=5, questions={"Pass": "new-9912"}), False)
    assert str(raised.value).startswith(f"questions: {NOT_KEPT} {{'Pass': '{HIDDEN}'}} where")
    assert "9912" not in str(raised.value)


TYPES = ["Text", "TextArea", "Number", "Currency", "Percent", "Checkbox", "Date", "Hyperlink", "IPAddress", "Password"]


@given(
    st.sampled_from(TYPES),
    st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)),
    st.one_of(st.none(), st.text(max_size=5), st.integers(), st.booleans()),
)
def test_any_answer_settles_or_is_refused(kind: str, value: Any, before: Any) -> None:
    """What is sent for it is as wanted afterwards, and other answers are not touched."""
    other = {"questionId": 2, "question": "Other", "fieldType": "Text", "answer": "stays"}
    current = {"questions": [{"questionId": 1, "question": "Q", "fieldType": kind, "answer": before}, other]}
    wanted = {"questions": {"Q": value}}
    try:
        operations = plan(CONFIGURATION_FIELDS, current, wanted).operations
    except WantedError as error:
        assert str(error).startswith("questions, Q: ")
        return
    after = with_changes(CONFIGURATION_FIELDS, current, wanted)
    assert plan(CONFIGURATION_FIELDS, after, wanted).operations == []
    for operation in operations:
        assert (operation["op"], operation["path"]) == ("replace", "questions")
        assert operation["value"] == after["questions"]
        assert operation["value"][1] == other
    assert QUESTIONS.kind in ENTRIES

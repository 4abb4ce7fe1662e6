# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseAPIError,
    ConnectWisePermissionError,
    ConnectWiseServerError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.finding import find_by_key
from ansible_collections.msp.connectwise.plugins.module_utils.glue.ticket import run_ticket
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

NEW: dict[str, Any] = {"summary": "Deploy webshop", "company": "Acme", "board": "Changes & Projects"}
OPENING = "POST service/tickets"


class Race:
    """A run of cw_ticket, held up at one of its requests (``POST service/tickets``), so that others go before it."""

    def __init__(self, simulator: Simulator, tasks: Tasks, held_up_at: str = OPENING, **given: Any) -> None:
        self.results: list[dict[str, Any]] = []
        self.errors: list[Exception] = []
        method, _blank, path = held_up_at.partition(" ")
        simulator.fault("latency", method=method, path=f"{path}$", seconds=1)
        self._thread = threading.Thread(target=self._run, args=(tasks, given))
        self._thread.start()
        until = time.monotonic() + 10
        while held_up_at not in simulator.requests() and time.monotonic() < until:
            time.sleep(0.01)

    def _run(self, tasks: Tasks, given: dict[str, Any]) -> None:
        try:
            self.results.append(tasks.ticket(**given))
        except Exception as error:
            self.errors.append(error)

    def result(self) -> dict[str, Any]:
        """What it returned."""
        self.join()
        assert self.errors == []
        return self.results[0]

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join(20)
        assert not self._thread.is_alive()


def test_the_whole_life_of_a_ticket(simulator: Simulator, tasks: Tasks) -> None:
    created = tasks.checked(
        "cw_ticket",
        key="deploy-1",
        **NEW,
        description="Version 4.2",
        type="Change",
        subtype="Deployment",
        priority="Priority 2 - High",
        source="RMM",
        owner="oncall",
        contact="it.manager@acme.example",
        site="Warehouse & Yard",
        severity="High",
        impact="Low",
        required_date="2026-03-31T17:00:00Z",
        custom_fields={"Change Window": "night", "Risk Score": "2.50", "Billing Required": "yes"},
        configurations=["PROD-WEB-01", "67892"],
        fields={"automaticEmailCc": ["a@x.example"], "budgetHours": 2.5, "poNumber": "PO 5"},
    )
    assert created["operation"] == "created"
    ticket = created["ticket"]
    assert ticket["id"] == 20000
    assert ticket["external_x_ref"] == "deploy-1"
    assert ticket["status_name"] == "New"
    assert ticket["owner_identifier"] == "oncall"
    assert ticket["required_date"] == "2026-03-31T00:00:00Z"
    assert ticket["automatic_email_cc"] == "a@x.example;"
    assert created["url"].startswith(simulator.url)
    assert created["diff"]["before"] == {}
    assert created["diff"]["after"]["board"] == "Changes & Projects"
    assert created["diff"]["after"]["configurations"] == ["PROD-WEB-01", "PROD-DB-01"]
    assert created["diff"]["after"]["description"] == "Version 4.2"

    updated = tasks.checked("cw_ticket", key="deploy-1", status="In Progress", owner="", fields={"poNumber": ""})
    assert updated["operation"] == "updated"
    assert updated["diff"] == {
        "before": {"status": "New", "owner": "On Call", "poNumber": "PO 5"},
        "after": {"status": "In Progress", "owner": None, "poNumber": None},
    }
    closed = tasks.checked("cw_ticket", key="deploy-1", state="closed", status="Completed", resolution="All green.")
    assert closed["operation"] == "closed"
    assert closed["ticket"]["is_closed"] is True
    assert closed["diff"]["after"] == {"status": "Completed", "resolution": "All green."}
    deleted = tasks.checked("cw_ticket", key="deploy-1", state="absent")
    assert deleted["operation"] == "deleted"
    assert deleted["ticket"]["id"] == 20000


# Which ticket


def test_by_its_id(tasks: Tasks) -> None:
    changed = tasks.checked("cw_ticket", id=123, summary="Mail is fast", priority=6)
    assert changed["operation"] == "updated"
    assert changed["diff"] == {
        "before": {"summary": "Mail is slow", "priority": "Priority 3 - Medium"},
        "after": {"summary": "Mail is fast", "priority": "Priority 2 - High"},
    }


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("ticket_id", "sentence"),
    [(999999, "id: there is no service ticket 999999. (A project ticket is"), (-1, "id: -1 is no id of a ticket")],
)
def test_an_id_that_there_is_not(tasks: Tasks, check_mode: bool, ticket_id: int, sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.ticket(check_mode, id=ticket_id, summary="x")
    assert str(raised.value).startswith(sentence)


def test_the_id_that_check_mode_gives(simulator: Simulator, tasks: Tasks) -> None:
    planned = tasks.ticket(True, id=0, status="In Progress", custom_fields={"Risk Score": 5}, configurations=["67890"])
    assert planned["operation"] == "updated"
    assert planned["url"] is None
    assert planned["diff"]["after"]["custom_fields"] == {"Risk Score": 5}
    assert planned["diff"]["after"]["configurations"] == ["PROD-WEB-01"]
    # The company in which names are looked up is not known then.
    named = tasks.ticket(True, id=0, configurations=["PROD-WEB-01", "PROD-DB-01"])
    assert named["diff"]["after"] == {"configurations": ["PROD-WEB-01", "PROD-DB-01"]}
    assert tasks.ticket(True, id=0, state="closed", resolution="Done.")["operation"] == "closed"
    assert tasks.ticket(True, id=0, state="absent")["diff"]["before"] == {"tickets": ["ticket (id 0)"]}
    with pytest.raises(
        WantedError, match="^id: 0 is no id of a ticket; 0 is what a ticket has that check mode did not"
    ):
        tasks.ticket(id=0, status="In Progress")
    assert simulator.writes() == []


def test_a_later_task_of_check_mode_by_key(tasks: Tasks) -> None:
    """The task before would have opened the ticket."""
    planned = tasks.ticket(True, key="not-there-yet", status="In Progress", priority="Priority 1 - Critical")
    assert planned["changed"]
    assert planned["ticket"]["id"] == 0
    assert planned["url"] is None
    closed = tasks.ticket(True, key="not-there-yet", state="closed", resolution="Done.")
    assert closed["operation"] == "closed"
    with pytest.raises(WantedError, match="^key: no ticket has the key 'not-there-yet', and to open one summary and"):
        tasks.ticket(key="not-there-yet", status="In Progress")


@pytest.mark.parametrize("key", ["deploy-1", " deploy-1 ", 'it\'s "5" %_*[x] & \\ ü', "[a]", "5", "x" * 100])
def test_by_its_key(simulator: Simulator, tasks: Tasks, key: str) -> None:
    other = {"summary": "other", "company": {"id": 250}, "board": {"id": 1}, "status": {"id": 101}}
    simulator.insert("service/tickets", [{**other, "externalXRef": name} for name in (f"{key}x", key[1:], "x5x")])
    created = tasks.checked("cw_ticket", key=key, **NEW)
    assert created["operation"] == "created"
    assert created["ticket"]["external_x_ref"] == key.strip()


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("", "key: it is empty"), ("  ", "key: it is empty"), ("x" * 101, "key: the text has 101 characters")],
)
def test_a_key_that_can_not_be(simulator: Simulator, tasks: Tasks, key: str, sentence: str) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.ticket(key=key, **NEW)
    assert str(raised.value).startswith(sentence)
    assert simulator.journal() == []


def with_key(key: str, status: int = 101) -> dict[str, Any]:
    """A ticket to insert."""
    common = {"company": {"id": 250}, "board": {"id": 1}, "priority": {"id": 7}}
    return {"summary": f"status {status}", **common, "status": {"id": status}, "externalXRef": key}


def test_of_several_with_one_key_the_oldest_open_one(simulator: Simulator, tasks: Tasks) -> None:
    closed, first, _second = simulator.insert("service/tickets", [with_key("k", 456), with_key("k"), with_key("k")])
    assert closed < first
    assert tasks.checked("cw_ticket", key="k", priority=5)["ticket"]["id"] == first


def test_of_several_closed_ones_with_one_key_the_newest(simulator: Simulator, tasks: Tasks) -> None:
    _first, last = simulator.insert("service/tickets", [with_key("k", 456), with_key("k", 456)])
    assert tasks.ticket(key="k")["ticket"]["id"] == last


def test_a_closed_ticket_is_left_as_it_is(simulator: Simulator, tasks: Tasks) -> None:
    (ticket_id,) = simulator.insert("service/tickets", [with_key("k", 456)])
    result = tasks.checked("cw_ticket", key="k", summary="other", priority=5)
    assert (result["operation"], result["ticket"]["id"]) == ("unchanged", ticket_id)
    assert result["msg"] == "The ticket is closed and was left as it is (when_closed: leave)."
    assert result["diff"] == {"before": {}, "after": {}}


def test_a_closed_ticket_is_opened_again(simulator: Simulator, tasks: Tasks) -> None:
    (ticket_id,) = simulator.insert("service/tickets", [with_key("k", 456)])
    result = tasks.checked("cw_ticket", key="k", when_closed="reopen", priority=5)
    assert (result["operation"], result["ticket"]["id"], result["ticket"]["status_name"]) == (
        "reopened",
        ticket_id,
        "New",
    )
    assert result["ticket"]["is_closed"] is False
    assert result["diff"]["before"]["status"] == "Resolved"


def test_a_closed_ticket_is_opened_again_with_a_status(simulator: Simulator, tasks: Tasks) -> None:
    simulator.insert("service/tickets", [with_key("k", 456)])
    result = tasks.checked("cw_ticket", key="k", when_closed="reopen", status="In Progress")
    assert (result["operation"], result["ticket"]["status_name"]) == ("reopened", "In Progress")


def test_a_closed_ticket_is_opened_again_on_another_board(simulator: Simulator, tasks: Tasks) -> None:
    simulator.insert("service/tickets", [with_key("k", 456)])
    result = tasks.checked("cw_ticket", key="k", when_closed="reopen", board="Network Operations")
    assert (result["operation"], result["ticket"]["status"]["id"]) == ("reopened", 301)


def test_a_new_ticket_in_place_of_a_closed_one(simulator: Simulator, tasks: Tasks) -> None:
    (ticket_id,) = simulator.insert("service/tickets", [with_key("k", 456)])
    result = tasks.checked("cw_ticket", key="k", when_closed="create", **NEW)
    assert result["operation"] == "created"
    assert result["ticket"]["id"] > ticket_id


def test_what_when_closed_does_with_a_ticket_by_id(simulator: Simulator, tasks: Tasks) -> None:
    """A ticket that is named by its id is the one that is meant, closed or not."""
    (ticket_id,) = simulator.insert("service/tickets", [with_key("k", 456)])
    assert tasks.checked("cw_ticket", id=ticket_id, key="k2", priority=5)["operation"] == "updated"
    assert tasks.checked("cw_ticket", id=ticket_id, status="New")["operation"] == "reopened"


def test_a_key_in_a_custom_field(simulator: Simulator, tasks: Tasks) -> None:
    created = tasks.checked("cw_ticket", key="deploy-1", key_field="RMM Key", **NEW, custom_fields={"Risk Score": 1})
    assert created["operation"] == "created"
    assert created["ticket"]["external_x_ref"] is None
    values = {entry["caption"]: entry.get("value") for entry in created["ticket"]["custom_fields"]}
    assert (values["RMM Key"], values["Risk Score"]) == ("deploy-1", 1)
    assert tasks.checked("cw_ticket", key="deploy-1", key_field="RMM Key", status="Approved")["operation"] == "updated"
    assert tasks.ticket(True, key="deploy-1", **NEW)["operation"] == "created"
    assert tasks.ticket(True, key="deploy", key_field="RMM Key", **NEW)["operation"] == "created"


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("key_field", "sentence"),
    [
        ("Nonsense", "there is no custom field 'Nonsense' here. There are: 'Change Window', 'Go-live Date', "),
        (" ", "there is no custom field '' here. There are: 'Change Window', "),
        ("Risk Score", "'Risk Score' is of the type Number; a key needs one for texts."),
        (" go-live date", "' go-live date' is of the type Date; a key needs one for texts."),
        ("Billing Required", "'Billing Required' is of the type Checkbox; a key needs one for texts."),
    ],
)
def test_a_custom_field_that_holds_no_keys(
    simulator: Simulator, tasks: Tasks, key_field: str, sentence: str, check_mode: bool
) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.ticket(check_mode, key="5", key_field=key_field, **NEW)
    assert str(raised.value).startswith(f"key_field: {sentence}")
    assert simulator.writes() == []


@pytest.mark.parametrize("key", ["x", 'it\'s "5"'])
def test_a_key_in_a_custom_field_of_any_characters(tasks: Tasks, key: str) -> None:
    assert tasks.checked("cw_ticket", key=key, key_field="RMM Key", **NEW)["operation"] == "created"


def test_by_what_it_says(simulator: Simulator, tasks: Tasks) -> None:
    created = tasks.checked("cw_ticket", **NEW)
    assert created["operation"] == "created"
    assert tasks.checked("cw_ticket", **NEW, priority=5)["ticket"]["id"] == created["ticket"]["id"]
    elsewhere = tasks.checked("cw_ticket", **{**NEW, "company": 251})
    assert elsewhere["operation"] == "created"


def test_by_other_options(tasks: Tasks) -> None:
    matched = tasks.checked(
        "cw_ticket", match=["summary", "company"], summary="Mail is slow", company="Acme", priority=5
    )
    assert matched["ticket"]["id"] == 123
    dated = {"summary": "dated", "company": "Acme", "required_date": "2026-03-31", "owner": ""}
    created = tasks.checked("cw_ticket", match=["summary", "required_date", "owner"], **dated)
    assert created["operation"] == "created"


def test_an_option_to_match_by_that_is_named_twice(tasks: Tasks) -> None:
    given = {"match": ["summary", " summary", "company"], "summary": "Mail is slow", "company": "Acme", "priority": 5}
    assert tasks.checked("cw_ticket", **given)["ticket"]["id"] == 123


def test_several_match(simulator: Simulator, tasks: Tasks) -> None:
    ids = simulator.insert("service/tickets", [with_key("a"), with_key("b")])
    for check_mode in (True, False):
        with pytest.raises(WantedError) as raised:
            tasks.ticket(check_mode, summary="status 101", company=250)
        assert str(raised.value) == (
            f"match: 2 open tickets match: status 101 (id {ids[0]}), status 101 (id {ids[1]}). "
            "Give the id, or work with a key."
        )
        assert raised.value.code == "Ambiguous"


def test_only_open_tickets_match(simulator: Simulator, tasks: Tasks) -> None:
    (closed,) = simulator.insert("service/tickets", [with_key("a", 456)])
    given = {"summary": "status 456", "company": "Acme", "board": "Help Desk"}
    created = tasks.checked("cw_ticket", **given)
    assert created["operation"] == "created"
    assert created["ticket"]["id"] != closed


def test_closed_tickets_match_where_a_closed_one_is_wanted(simulator: Simulator, tasks: Tasks) -> None:
    given = {"summary": "status 456", "company": "Acme", "board": "Help Desk", "state": "closed"}
    (closed,) = simulator.insert("service/tickets", [with_key("a", 456)])
    assert tasks.checked("cw_ticket", **given)["ticket"]["id"] == closed


@pytest.mark.parametrize(
    ("match", "named"),
    [
        (["nonsense"], "nonsense"),
        (["description"], "description"),
        (["owner"], "owner"),
        (["custom_fields"], "custom_"),
        (["summary", "summary", "owner", "owner"], "owner"),
        ([""], ""),
    ],
)
def test_what_can_not_be_matched(tasks: Tasks, match: list[str], named: str) -> None:
    with pytest.raises(WantedError, match=f"^match: {named}.*: give options of this task by which tickets differ"):
        tasks.ticket(match=match, summary="x", company=250, description="y", custom_fields={"Risk Score": 1})


def test_matching_by_a_company_whose_name_is_not_unique(simulator: Simulator, tasks: Tasks) -> None:
    for check_mode in (True, False):
        with pytest.raises(WantedError) as raised:
            tasks.ticket(check_mode, summary="x", company="Northwind Traders", board=1)
        assert str(raised.value) == (
            "company: 2 records of the kind company are named 'Northwind Traders': "
            "Northwind Traders (NorthwindUS, id 251), Northwind Traders (NorthwindUK, id 252). Give the id instead."
        )
    assert simulator.writes() == []


def test_all_tickets_with_a_key_are_deleted(simulator: Simulator, tasks: Tasks) -> None:
    """Else the next run would find another one to delete."""
    ids = simulator.insert("service/tickets", [with_key("k", 456), with_key("k"), with_key("kk")])
    deleted = tasks.checked("cw_ticket", key="k", state="absent")
    assert deleted["operation"] == "deleted"
    assert deleted["diff"] == {
        "before": {"tickets": [f"status 456 (id {ids[0]})", f"status 101 (id {ids[1]})"]},
        "after": {"tickets": []},
    }
    assert deleted["ticket"]["id"] == ids[1]
    assert simulator.client().get_ticket(ids[2])
    nothing = tasks.checked("cw_ticket", key="k", state="absent")
    assert (nothing["operation"], nothing["ticket"], nothing["url"]) == ("unchanged", None, None)


def test_deleting_what_is_not_there(simulator: Simulator, tasks: Tasks) -> None:
    for given in ({"id": 999999}, {"key": "k"}, {"summary": "x", "company": "Acme"}):
        assert tasks.checked("cw_ticket", state="absent", **given)["operation"] == "unchanged"


# Opening


@pytest.mark.parametrize("state", ["present", "closed"])
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"key": "k", "company": 250}, "key: no ticket has the key 'k', and to open one summary must be given."),
        ({"summary": "x"}, "company: no open ticket matches, and to open one company must be given."),
        (
            {"match": ["owner"], "owner": "oncall"},
            "summary: no open ticket matches, and to open one summary and company",
        ),
    ],
)
def test_what_is_missing_to_open_a_ticket(
    simulator: Simulator, tasks: Tasks, given: dict[str, Any], sentence: str, state: str
) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.ticket(state=state, **given)
    assert str(raised.value).startswith(sentence)
    assert simulator.writes() == []


def test_a_blank_resolution_is_none(simulator: Simulator, tasks: Tasks) -> None:
    before = len(simulator.client().get_ticket_notes(123))
    closed = tasks.checked("cw_ticket", id=123, state="closed", resolution=" \n")
    assert (closed["operation"], list(closed["diff"]["after"])) == ("closed", ["status"])
    assert len(simulator.client().get_ticket_notes(123)) == before


def test_opening_one_that_is_closed(simulator: Simulator, tasks: Tasks) -> None:
    created = tasks.checked(
        "cw_ticket", key="k", **NEW, state="closed", status="Completed", resolution="Done.", description="Begun."
    )
    assert created["operation"] == "created"
    assert created["ticket"]["is_closed"] is True
    assert created["ticket"]["status_name"] == "Completed"
    notes = simulator.client().get_ticket_notes(created["ticket"]["id"], orderby="id")
    assert [(note.text, note.is_resolution) for note in notes] == [("Begun.", False), ("Done.", True)]


def test_opening_one_that_is_closed_by_the_status_of_the_board(tasks: Tasks) -> None:
    created = tasks.checked("cw_ticket", key="k", summary="x", company="Acme", board="Help Desk", state="closed")
    assert created["ticket"]["status_name"] == ">Closed"


def test_custom_fields_where_there_is_no_ticket_yet(simulator: Simulator, tasks: Tasks) -> None:
    client = simulator.client()
    for ticket in client.get_tickets(fields="id"):
        client.delete_ticket(ticket.id or 0)
    created = tasks.checked("cw_ticket", key="k", **NEW, custom_fields={"risk score": 3, "Go-live Date": "2026-03-31"})
    values = {entry["caption"]: entry.get("value") for entry in created["ticket"]["custom_fields"]}
    assert values["Risk Score"] == 3
    assert values["Go-live Date"] == "2026-03-31T00:00:00Z"


def test_a_custom_field_that_there_is_not(simulator: Simulator, tasks: Tasks) -> None:
    for given in ({"key": "k", **NEW}, {"id": 123}):
        for check_mode in (True, False):
            with pytest.raises(WantedError, match="^custom_fields: there is no custom field 'Rack' here. There are: "):
                tasks.ticket(check_mode, **given, custom_fields={"Rack": "x"})
    assert simulator.writes() == []


def test_what_a_custom_field_does_not_take(simulator: Simulator, tasks: Tasks) -> None:
    for given in ({"key": "k", **NEW}, {"id": 123}):
        for check_mode in (True, False):
            with pytest.raises(WantedError, match="^custom_fields, Risk Score: 'high' is not a number.$"):
                tasks.ticket(check_mode, **given, custom_fields={"Risk Score": "high"})
    assert simulator.writes() == []


def test_custom_fields_not_named_stay(simulator: Simulator, tasks: Tasks) -> None:
    for switch in ("keep", "clear"):
        simulator.switch(custom_fields_left_out=switch)
        tasks.checked("cw_ticket", id=123, custom_fields={"Risk Score": 1, "Billing Required": True})
        changed = tasks.checked("cw_ticket", id=123, custom_fields={"Risk Score": 2, "Change Window": switch})
        values = {entry["caption"]: entry.get("value") for entry in changed["ticket"]["custom_fields"]}
        assert (values["Risk Score"], values["Billing Required"], values["Change Window"]) == (2, True, switch)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"board": "Nonsense"},
            "board: there is no board named 'Nonsense'. There are: Help Desk (id 1), Changes & Pro",
        ),
        (
            {"status": "Approved", "board": "Help Desk"},
            "status: there is no status named 'Approved' on board 'Help Desk'.",
        ),
        (
            {"priority": "Urgent"},
            "priority: there is no priority named 'Urgent'. There are: Priority 1 - Critical (id 5)",
        ),
        ({"owner": "retired"}, "owner: the member Former Member (retired, id 640) is no longer in use."),
        ({"owner": "nobody"}, "owner: there is no member named 'nobody'. There are: "),
        ({"company": "Gone"}, "company: the company Gone Ltd (Gone, id 256) is no longer in use."),
        ({"company": "Acmx Corp"}, "company: there is no company named 'Acmx Corp'."),
        ({"company": "Northwind"}, "company: there is no company named 'Northwind'. There are: Northwind Traders (Nor"),
        (
            {"contact": "Front Desk"},
            "contact: 2 records of the kind contact are named 'Front Desk' of company 'Acme Corp",
        ),
        (
            {"contact": "Nobody"},
            "contact: there is no contact named 'Nobody' of company 'Acme Corporation'. There are: ",
        ),
        (
            {"site": "Main"},
            "site: there is no site named 'Main' of company 'Acme Corporation'. There are: Main Office (id",
        ),
        (
            {"configurations": ["DUPLICATE-PC"]},
            "configurations: 2 records of the kind configuration are named 'DUPLICATE",
        ),
        (
            {"configurations": ["PROD-XXX"]},
            "configurations: there is no configuration named 'PROD-XXX' of company 'Acme C",
        ),
        ({"summary": "x" * 101}, "summary: the text has 101 characters, ConnectWise takes at most 100."),
        ({"summary": " \n"}, "summary: it can't be empty."),
        ({"summary": "a\0b"}, "summary: it holds a character that can't be stored"),
        ({"description": "a\udc80"}, "description: it holds a character that can't be stored"),
        ({"custom_fields": {"Change Window": "a\0b"}}, "custom_fields, Change Window: it holds a character that can't"),
        ({"board": "x" * 1000}, f"board: there is no board named '{'x' * 119}...'. There are: Help Desk (id 1), "),
        ({"owner": "9" * 1000}, f"owner: there is no member named '{'9' * 119}...'. There are: "),
        ({"required_date": "soon"}, "required_date: 'soon' is not a date."),
        ({"fields": {"nonsense": 1}}, "fields: there is no field 'nonsense' that can be set."),
        ({"fields": {"summary": 1}}, "fields: summary is given as the option summary already."),
        ({"resolution": "Done."}, "resolution: it is written when a ticket is closed: give state: closed with it."),
        (
            {"state": "closed", "status": "In Progress"},
            "status: 'In Progress' does not close a ticket. On this board these ",
        ),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_options_that_can_not_be(
    simulator: Simulator, tasks: Tasks, given: dict[str, Any], sentence: str, check_mode: bool
) -> None:
    """One sentence, the same in check mode, and no half-made ticket that a second run would not find again."""
    with pytest.raises(WantedError) as raised:
        tasks.ticket(check_mode, key="k", **{**NEW, **given})
    assert str(raised.value).startswith(sentence)
    left = simulator.client().get_tickets('externalXRef = "k"')
    assert len(left) <= (given.get("state") == "closed" and not check_mode)


def test_a_flag_that_is_not_set(tasks: Tasks) -> None:
    """False, also where the record does not have it yet; an empty text says the same."""
    flags = {"allowAllClientsPortalView": False, "automaticEmailCcFlag": "", "customerUpdatedFlag": "no"}
    created = tasks.checked("cw_ticket", key="k", **NEW, fields=flags, custom_fields={"Billing Required": ""})
    assert {name: created["diff"]["after"][name] for name in flags} == dict.fromkeys(flags, False)
    assert tasks.checked("cw_ticket", key="k", fields={"customerUpdatedFlag": True})["operation"] == "updated"
    emptied = tasks.checked("cw_ticket", key="k", fields={"customerUpdatedFlag": ""})
    assert emptied["diff"] == {"before": {"customerUpdatedFlag": True}, "after": {"customerUpdatedFlag": False}}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"owner": "retired"}, "owner: the member Former Member (retired, id 640) is no longer in use."),
        (
            {"status": "Approved"},
            "status: there is no status named 'Approved' on board 'Help Desk'. There are: New (id 101)",
        ),
        (
            {"board": "Network Operations", "status": "Resolved"},
            "status: there is no status named 'Resolved' on board 'Netw",
        ),
        ({"owner": "nobody"}, "owner: there is no member named 'nobody'."),
        ({"contact": "Front Desk"}, "contact: 2 records of the kind contact"),
        ({"priority": 999}, "priority: there is no priority with the id 999."),
        ({"configurations": ["PROD-WEB-01", "999999"]}, "configurations: there is no configuration with the id 999999"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_changes_that_can_not_be(
    simulator: Simulator, tasks: Tasks, given: dict[str, Any], sentence: str, check_mode: bool
) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.ticket(check_mode, id=123, **given)
    assert str(raised.value).startswith(sentence)
    assert [entry for entry in simulator.journal() if entry["done"]] == []


@pytest.mark.parametrize("switches", [{}, {"post_reference_names": "refuse", "patch_reference_names": "refuse"}])
def test_retired_names_are_taken_where_the_api_takes_them(
    simulator: Simulator, tasks: Tasks, switches: dict[str, str]
) -> None:
    """In check mode as well, which would else say something else than the run."""
    simulator.switch(**switches)
    created = tasks.checked("cw_ticket", key="k", summary="x", company=250, board=1, type="Old type")
    assert created["ticket"]["type"]["id"] == 13
    assert tasks.checked("cw_ticket", id=123, status="DO NOT USE")["ticket"]["status"]["id"] == 104
    closed = tasks.checked("cw_ticket", id=12345, state="closed", status="Cancelled")
    assert (closed["operation"], closed["ticket"]["status"]["id"]) == ("closed", 106)
    assert tasks.checked("cw_ticket", key="k", board="Old Board", status="New")["ticket"]["board"]["id"] == 4


# Names that the server takes, or not

SWITCHES: list[dict[str, str]] = [
    {},
    {"patch_reference_names": "refuse"},
    {"patch_reference_names": "ignore"},
    {"post_reference_names": "refuse"},
    {"patch_object_references": "refuse"},
    {"patch_object_references": "refuse", "post_reference_names": "refuse", "patch_reference_names": "refuse"},
    {"board_move": "keep-old"},
    {"board_move": "refuse"},
    {"case_sensitive_strings": "on"},
    {"configuration_list_name": "present"},
    {"attach_twice": "ignore"},
    {"newlines_in_notes": "blank"},
    {"location_header": "off"},
    {"date_forms": "lenient"},
    {"unknown_fields_parameter": "refuse"},
    {"percent_in_like": "ignored"},
    {"leading_bracket": "plain"},
    {"wildcards_in_contains": "off"},
    {"inactive_flag_condition": "accept"},
    {"contact_of_other_company": "accept"},
    {"onprem": "on"},
]


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: "-".join(switches) or "as-it-is")
def test_the_wanted_state_is_reached_whatever_the_server_thinks(
    simulator: Simulator, tasks: Tasks, switches: dict[str, str]
) -> None:
    simulator.switch(**switches)
    created = tasks.checked(
        "cw_ticket",
        key="deploy-1",
        **{**NEW, "company": "O'Brien & Söhne 100%"},
        type="Change",
        subtype="Deployment",
        item="Rollback",
        team="Change Team",
        status="Approved",
        priority="Priority 2 - High",
        owner="oncall",
        site="Main Office",
        description="two\nlines",
        custom_fields={"Risk Score": 1},
    )
    ticket = created["ticket"]
    assert (ticket["company"]["id"], ticket["type"]["id"], ticket["sub_type"]["id"], ticket["item"]["id"]) == (
        253,
        21,
        121,
        1211,
    )
    assert (ticket["status"]["id"], ticket["priority"]["id"], ticket["owner"]["id"]) == (202, 6, 639)
    updated = tasks.checked("cw_ticket", id=ticket["id"], status="In Progress", priority="Priority 4 - Low")
    assert (updated["ticket"]["status"]["id"], updated["ticket"]["priority"]["id"]) == (203, 8)
    moved = tasks.checked(
        "cw_ticket",
        id=ticket["id"],
        board="Help Desk",
        status="In Progress",
        type="Incident",
        subtype="Server",
        item="Reboot",
        team="Escalations",
        company="Acme",
        site="Warehouse & Yard",
    )["ticket"]
    assert (moved["board"]["id"], moved["status"]["id"], moved["type"]["id"]) == (1, 102, 11)
    assert (moved["sub_type"]["id"], moved["item"]["id"], moved["team"]["id"]) == (111, 1111, 52)
    assert (moved["company"]["id"], moved["site_name"]) == (250, "Warehouse & Yard")
    assert tasks.checked("cw_ticket", key="deploy-1", configurations=["PROD-WEB-01"])["operation"] == "updated"
    closed = tasks.checked("cw_ticket", key="deploy-1", state="closed", resolution="two\n\nlines")
    assert (closed["operation"], closed["ticket"]["status"]["id"]) == ("closed", 105)


def test_names_that_the_server_knows_cost_no_look_up(simulator: Simulator, tasks: Tasks) -> None:
    tasks.ticket(id=123, status="In Progress", priority="Priority 2 - High", source="Email")
    assert simulator.requests() == ["GET service/tickets/123", "PATCH service/tickets/123"]


def test_each_list_is_read_once(simulator: Simulator, tasks: Tasks) -> None:
    simulator.insert("service/tickets", [with_key("k", 456)])
    tasks.ticket(True, key="k", when_closed="reopen", status="New")
    requests = simulator.requests()
    assert len(requests) == len(set(requests))


# Rights


@pytest.mark.parametrize("given", [{"state": "closed"}, {"when_closed": "reopen"}])
def test_lists_that_need_fewer_rights(simulator: Simulator, tasks: Tasks, given: dict[str, Any]) -> None:
    simulator.insert("service/tickets", [with_key("k", 456 if "when_closed" in given else 101)])
    simulator.fault("403", path=r"service/boards/\d+/statuses$", times=0)
    assert tasks.checked("cw_ticket", key="k", **given)["changed"]
    assert tasks.ticket(True, id=123, status="In Progress")["changed"]


def test_lists_without_a_twin_that_needs_fewer_rights(simulator: Simulator, tasks: Tasks) -> None:
    simulator.fault("403", path="company/companies$", times=0)
    with pytest.raises(ConnectWisePermissionError):
        tasks.ticket(key="k", **NEW)
    simulator.no_faults()
    simulator.fault("403", path="/(types|items)", times=0)
    foreseen = tasks.ticket(True, key="k", **NEW, type="Incident")
    assert foreseen["diff"] == tasks.ticket(key="k", **NEW, type="Incident")["diff"]


# Closing


@pytest.mark.parametrize(("board", "status"), [(1, ">Closed"), (2, "Completed"), (3, ">Closed")])
def test_the_status_that_closes(tasks: Tasks, board: int, status: str) -> None:
    created = tasks.ticket(key="k", summary="x", company=250, board=board)
    closed = tasks.checked("cw_ticket", id=created["ticket"]["id"], state="closed")
    assert closed["ticket"]["status_name"] == status
    assert closed["diff"]["after"] == {"status": status}


def test_a_ticket_that_is_closed_already_keeps_its_status(simulator: Simulator, tasks: Tasks) -> None:
    (ticket_id,) = simulator.insert("service/tickets", [with_key("k", 456)])
    unchanged = tasks.checked("cw_ticket", id=ticket_id, state="closed", resolution="Late.")
    assert unchanged["operation"] == "unchanged"
    changed = tasks.checked("cw_ticket", id=ticket_id, state="closed", status=">Closed")
    assert (changed["operation"], changed["ticket"]["status_name"]) == ("updated", ">Closed")


@pytest.mark.parametrize("status", ["Resolved", "456", 456])
def test_the_status_given_closes(tasks: Tasks, status: Any) -> None:
    assert tasks.checked("cw_ticket", id=123, state="closed", status=status)["ticket"]["status"]["id"] == 456


@pytest.mark.parametrize("status", ["In Progress", "102"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_status_given_that_does_not_close(simulator: Simulator, tasks: Tasks, status: str, check_mode: bool) -> None:
    with pytest.raises(WantedError) as raised:
        tasks.ticket(check_mode, id=123, state="closed", status=status, resolution="Done.")
    told, _colon, names = str(raised.value).rstrip(".").rpartition(": ")
    assert told == "status: 'In Progress' does not close a ticket. On this board these do"
    assert sorted(names.split(", ")) == [">Closed (id 105)", "Resolved (id 456)"]
    assert simulator.writes() == []


def test_closing_and_moving(tasks: Tasks) -> None:
    closed = tasks.checked("cw_ticket", id=123, state="closed", board="Network Operations")
    assert (closed["ticket"]["board"]["id"], closed["ticket"]["status"]["id"]) == (3, 303)


def test_a_board_without_a_status_that_closes_or_opens(simulator: Simulator, tasks: Tasks) -> None:
    client = simulator.client()
    for status in client.get_all("service/boards/3/statuses"):
        operation = {"op": "replace", "path": "closedStatus", "value": False}
        client.patch("service/boards/3/statuses", status["id"], [operation])
    for check_mode in (True, False):
        with pytest.raises(WantedError, match="^state: the board has no status that closes a ticket.$"):
            tasks.ticket(check_mode, id=123, board=3, state="closed")
    (ticket_id,) = simulator.insert("service/tickets", [with_key("k", 456)])
    for status in client.get_all("service/boards/1/statuses"):
        operation = {"op": "replace", "path": "closedStatus", "value": True}
        client.patch("service/boards/1/statuses", status["id"], [operation])
    with pytest.raises(WantedError, match="^status: the board has no status that opens a ticket. Give one.$"):
        tasks.ticket(key="k", when_closed="reopen")
    assert client.get_ticket(ticket_id)


def test_the_resolution_is_written_once_though_the_run_was_interrupted(simulator: Simulator, tasks: Tasks) -> None:
    given: dict[str, Any] = {"id": 123, "state": "closed", "resolution": "All green.\nReally."}
    simulator.fault("403", method="PATCH")
    with pytest.raises(ConnectWisePermissionError):
        tasks.ticket(**given)
    simulator.fault("drop-after", method="POST", path="notes$")
    closed = tasks.ticket(**given)
    assert closed["operation"] == "closed"
    assert "resolution" not in closed["diff"]["after"]
    notes = simulator.client().get_ticket_notes(123)
    assert [note.text for note in notes if note.is_resolution] == ["All green.\nReally."]


def test_the_resolution_is_written_once_though_its_answer_was_lost(simulator: Simulator, tasks: Tasks) -> None:
    given: dict[str, Any] = {"id": 123, "state": "closed", "resolution": "All green."}
    simulator.fault("drop-after", method="POST", path="notes$")
    assert tasks.ticket(**given)["operation"] == "closed"
    notes = simulator.client().get_ticket_notes(123)
    assert [note.text for note in notes if note.is_resolution] == ["All green."]


# Configurations


def test_configurations_are_attached_once(simulator: Simulator, tasks: Tasks) -> None:
    first = tasks.checked("cw_ticket", id=12345, configurations=["PROD-WEB-01"])
    assert first["diff"] == {"before": {}, "after": {"configurations": ["PROD-WEB-01"]}}
    more = tasks.checked("cw_ticket", id=12345, configurations=["67890", "prod-web-01", '19" Rack "A"', "67892"])
    assert more["diff"]["after"] == {"configurations": ['19" Rack "A"', "PROD-DB-01"]}
    assert simulator.client().get_ticket_configurations(12345)


def test_one_configuration_named_twice_is_attached_once(tasks: Tasks) -> None:
    done = tasks.checked("cw_ticket", id=12345, configurations=["67890", "PROD-WEB-01", "67890"])
    assert done["diff"]["after"] == {"configurations": ["PROD-WEB-01"]}


def test_configurations_of_another_company_are_not_found(simulator: Simulator, tasks: Tasks) -> None:
    with pytest.raises(
        WantedError, match="^configurations: there is no configuration named 'PROD-WEB-02' of company 'Nor"
    ):
        tasks.ticket(key="k", summary="x", company="NorthwindUS", board=1, configurations=["PROD-WEB-02"])
    assert simulator.writes() == []


def test_a_configuration_that_another_run_attaches_at_the_same_moment(simulator: Simulator, tasks: Tasks) -> None:
    attaching = "POST service/tickets/12345/configurations"
    race = Race(simulator, tasks, attaching, id=12345, configurations=["67890"])
    simulator.client().attach_configuration(12345, 67890)
    assert race.result()["diff"]["after"] == {"configurations": ["PROD-WEB-01"]}
    assert sorted(entry["status"] for entry in simulator.journal() if entry["write"]) == [201, 400]
    assert [item.id for item in simulator.client().get_ticket_configurations(12345)] == [67890]


@pytest.mark.parametrize(("attached", "is_there"), [([{"id": 67890}], True), ([{"id": "67890"}], True), ([], False)])
def test_a_configuration_that_is_refused(answering: Answering, attached: list[Any], is_there: bool) -> None:
    """No failure where it is attached in spite of it."""
    answering.then(200, {"id": 5, "company": {"id": 250}})
    answering.then(200, [])
    answering.then(200, [{"id": "67890", "name": "PROD-WEB-01"}])
    answering.then(400, {"code": "InvalidObject", "message": "configuration object is invalid", "errors": []})
    answering.then(200, attached)
    given = options("cw_ticket", id=5, configurations=["67890"])
    if is_there:
        assert run_ticket(answering.client(), given, False)["diff"]["after"] == {"configurations": ["PROD-WEB-01"]}
    else:
        with pytest.raises(WantedError) as raised:
            run_ticket(answering.client(), given, False)
        assert (str(raised.value), raised.value.code) == (
            "configurations: POST service/tickets/5/configurations answered 400 InvalidObject: "
            "configuration object is invalid",
            "InvalidObject",
        )
    assert answering.answers == []


@pytest.mark.parametrize("configuration", ["67890", "PROD-WEB-01"])
def test_a_configuration_whose_id_is_a_text(answering: Answering, configuration: str) -> None:
    answering.then(200, {"id": "5", "company": {"id": "250"}})
    answering.then(200, [{"id": "67890", "_info": {"name": "PROD-WEB-01"}}])
    given = options("cw_ticket", id=5, configurations=[configuration])
    assert run_ticket(answering.client(), given, False)["operation"] == "unchanged"


# What goes wrong on the way


@pytest.mark.parametrize("kind", ["drop-after", "drop-before", "502-html", "500-timeout", "truncated"])
@pytest.mark.parametrize("given", [{"key": "k", **NEW}, NEW], ids=["key", "match"])
def test_a_lost_answer_opens_nothing_twice(
    simulator: Simulator, tasks: Tasks, kind: str, given: dict[str, Any]
) -> None:
    simulator.fault(kind, method="POST", path="service/tickets$")
    assert tasks.ticket(**given)["operation"] == "created"
    simulator.forget()
    assert tasks.ticket(**given)["operation"] == "unchanged"
    assert len(simulator.client().get_tickets('summary = "Deploy webshop"')) == 1


@pytest.mark.parametrize("kind", ["drop-after", "502-html", "429"])
def test_a_change_whose_answer_was_lost_is_done(simulator: Simulator, tasks: Tasks, kind: str) -> None:
    simulator.fault(kind, method="PATCH", **({"retry_after": 0} if kind == "429" else {}))
    assert tasks.ticket(id=123, status="In Progress")["operation"] == "updated"
    assert tasks.ticket(id=123, status="In Progress")["operation"] == "unchanged"


def test_a_deletion_whose_answer_was_lost_is_done(simulator: Simulator, tasks: Tasks) -> None:
    simulator.fault("drop-after", method="DELETE")
    assert tasks.ticket(id=123, state="absent")["operation"] == "deleted"
    assert tasks.ticket(id=123, state="absent")["operation"] == "unchanged"


def test_a_ticket_that_somebody_else_deleted_meanwhile(simulator: Simulator, tasks: Tasks) -> None:
    def delete() -> None:
        time.sleep(0.1)
        simulator.client().delete_ticket(123)

    simulator.fault("latency", method="DELETE", seconds=0.3)
    thread = threading.Thread(target=delete)
    thread.start()
    result = tasks.ticket(id=123, state="absent")
    thread.join()
    assert result["operation"] in ("unchanged", "deleted")
    assert simulator.client().get_ticket(123) is None


def test_an_empty_list_is_believed_from_the_api_only(simulator: Simulator, tasks: Tasks) -> None:
    """Else a ticket that is there would be opened a second time."""
    tasks.ticket(key="k", **NEW)
    simulator.forget()
    for kind in ("empty", "html-200", "404-html"):
        simulator.fault(kind, method="GET", path="service/tickets$", times=0)
        with pytest.raises(ConnectWiseAPIError):
            tasks.ticket(key="k", **NEW)
        simulator.no_faults()
    assert simulator.writes() == []


def test_an_error_that_is_not_about_names_is_told(simulator: Simulator, tasks: Tasks) -> None:
    simulator.fault("500-type", method="PATCH", times=0)
    with pytest.raises(ConnectWiseServerError, match="Error converting value"):
        tasks.ticket(id=123, status="In Progress")
    assert len(simulator.writes()) == 2  # with the name, and with the id that it stands for


def test_a_form_that_gives_500_is_tried_with_ids(simulator: Simulator, tasks: Tasks) -> None:
    simulator.fault("500-type", method="PATCH")
    assert tasks.ticket(id=123, status="In Progress")["ticket"]["status_name"] == "In Progress"


# Two runs at the same moment


def test_of_two_runs_at_the_same_moment_the_lower_id_stays(simulator: Simulator, tasks: Tasks) -> None:
    race = Race(simulator, tasks, key="k", **NEW, priority=5)
    (winner,) = simulator.insert("service/tickets", [with_key("k")])
    result = race.result()
    assert result["ticket"]["id"] == winner
    assert result["operation"] == "updated"
    assert result["ticket"]["priority"]["id"] == 5
    left = simulator.client().get_tickets('externalXRef = "k"')
    assert [ticket.id for ticket in left] == [winner]


def test_nothing_is_done_to_the_ticket_that_does_not_stay(simulator: Simulator, tasks: Tasks) -> None:
    """It goes before anything that could fail: else both would stay."""
    race = Race(simulator, tasks, key="k", **NEW, configurations=["PROD-WEB-01"], state="closed", resolution="Done.")
    simulator.fault("403", method="PATCH")
    (winner,) = simulator.insert("service/tickets", [with_key("k")])
    race.join()
    assert simulator.writes() == [
        OPENING,
        f"DELETE service/tickets/{winner + 1}",
        f"POST service/tickets/{winner}/notes",
        f"PATCH service/tickets/{winner}",
    ]
    assert [type(error) for error in race.errors] == [ConnectWisePermissionError]
    assert [ticket.id for ticket in simulator.client().get_tickets('externalXRef = "k"')] == [winner]


def test_a_ticket_that_was_closed_at_the_same_moment_is_no_rival(simulator: Simulator, tasks: Tasks) -> None:
    race = Race(simulator, tasks, key="k", **NEW)
    (closed,) = simulator.insert("service/tickets", [with_key("k", 456)])
    result = race.result()
    assert (result["operation"], result["ticket"]["id"], result["ticket"]["is_closed"]) == (
        "created",
        closed + 1,
        False,
    )
    assert len(simulator.client().get_tickets('externalXRef = "k"')) == 2


def test_both_runs_tell_the_same_ticket(simulator: Simulator, tasks: Tasks) -> None:
    race = Race(simulator, tasks, key="k", **NEW)
    other = tasks.ticket(key="k", **NEW)
    result = race.result()
    assert (other["operation"], result["operation"]) == ("created", "unchanged")
    assert result["ticket"]["id"] == other["ticket"]["id"]
    assert len(simulator.client().get_tickets('externalXRef = "k"')) == 1


def test_the_loser_of_the_race_is_closed_where_it_can_not_be_deleted(simulator: Simulator, tasks: Tasks) -> None:
    race = Race(simulator, tasks, key="k", **NEW)
    simulator.fault("403", method="DELETE", times=0)
    (winner,) = simulator.insert("service/tickets", [with_key("k")])
    assert race.result()["ticket"]["id"] == winner
    found = simulator.client().get_tickets('externalXRef = "k"', orderby="id")
    assert [(ticket.id == winner, ticket.is_closed) for ticket in found] == [(True, False), (False, True)]
    assert tasks.ticket(key="k", **NEW)["ticket"]["id"] == winner


def test_the_race_by_a_key_in_a_custom_field(simulator: Simulator, tasks: Tasks) -> None:
    race = Race(simulator, tasks, key="k", key_field="RMM Key", **NEW)
    other = tasks.ticket(key="k", key_field="RMM Key", **NEW)
    assert race.result()["ticket"]["id"] == other["ticket"]["id"]
    assert len(simulator.client().get_tickets('summary = "Deploy webshop"')) == 1


MADE = {"id": 9, "summary": "x", "company": {"id": 250, "name": "Acme Corporation"}}
KEYED = {**MADE, "externalXRef": "k"}
NOT_FOUND = (
    "key: ConnectWise does not find the new ticket 9 by its key, so every run would open another; it was deleted again."
)


@pytest.mark.parametrize(
    ("answers", "methods"),
    [
        ([(201, KEYED), (200, [])], ["POST", "GET"]),
        ([(201, MADE), (200, MADE), (200, MADE), (200, [])], ["POST", "PATCH", "PATCH", "GET"]),
        ([(201, MADE), (403, {"code": "Security", "message": "No."}), (200, [])], ["POST", "PATCH", "GET"]),
    ],
    ids=["kept, not found", "not kept", "not to be changed"],
)
def test_a_new_ticket_that_is_not_found_by_its_key_does_not_stay(
    answering: Answering, answers: list[Any], methods: list[str]
) -> None:
    """Else every run would open another one."""
    for status, body in [(200, []), *answers, (204, b"")]:
        answering.then(status, body)
    with pytest.raises(WantedError) as raised:
        run_ticket(answering.client(), options("cw_ticket", key="k", summary="x", company="250"), False)
    assert (str(raised.value), raised.value.code) == (NOT_FOUND, "NotFound")
    assert [request["method"] for request in answering.requests] == ["GET", *methods, "DELETE"]


def test_a_closed_ticket_with_the_key_does_not_stand_for_the_new_one(answering: Answering) -> None:
    closed = {**KEYED, "id": 8, "closedFlag": True}
    for status, body in [(200, [closed]), (201, KEYED), (200, [closed]), (204, b"")]:
        answering.then(status, body)
    given = options("cw_ticket", key="k", when_closed="create", summary="x", company="250")
    with pytest.raises(WantedError) as raised:
        run_ticket(answering.client(), given, False)
    assert str(raised.value) == NOT_FOUND


def test_the_lower_id_stays_though_ids_are_texts(answering: Answering) -> None:
    made, earlier = {**KEYED, "id": "10"}, {**KEYED, "id": "9"}
    for status, body in [(200, []), (201, made), (200, [made, earlier]), (204, b"")]:
        answering.then(status, body)
    given = options("cw_ticket", key="k", summary="x", company="250")
    assert run_ticket(answering.client(), given, False)["ticket"]["id"] == "9"
    assert answering.requests[-1]["path"].endswith("service/tickets/10")


def test_a_server_that_takes_the_key_on_change_only(answering: Answering) -> None:
    for status, body in [(200, []), (201, MADE), (200, KEYED), (200, [KEYED])]:
        answering.then(status, body)
    given = options("cw_ticket", key="k", summary="x", company="250")
    assert run_ticket(answering.client(), given, False)["operation"] == "created"
    assert [request["method"] for request in answering.requests] == ["GET", "POST", "PATCH", "GET"]


def test_a_new_ticket_that_is_not_found_by_its_key_in_a_custom_field(answering: Answering) -> None:
    fields = [{"id": 7, "caption": "RMM Key", "type": "Text"}]
    filled = {**MADE, "customFields": [{**fields[0], "value": "k"}]}
    for status, body in [(200, []), (200, [{"id": 8, "customFields": fields}]), (201, filled), (200, []), (204, b"")]:
        answering.then(status, body)
    given = options("cw_ticket", key="k", key_field="RMM Key", summary="x", company="250")
    with pytest.raises(WantedError) as raised:
        run_ticket(answering.client(), given, False)
    assert str(raised.value) == NOT_FOUND.replace("key:", "key_field:")


def test_a_ticket_without_the_custom_field_does_not_have_the_key(answering: Answering) -> None:
    answering.then(200, [{"id": 9, "customFields": [{"id": 7, "caption": "Window", "value": "k"}]}, {"id": 10}])
    assert find_by_key(answering.client(), "k", "RMM Key") == []


def test_a_closed_ticket_with_the_key_is_no_rival(simulator: Simulator, tasks: Tasks) -> None:
    simulator.insert("service/tickets", [with_key("k", 456)])
    created = tasks.ticket(key="k", when_closed="create", **NEW)
    assert created["operation"] == "created"
    assert created["ticket"]["is_closed"] is False


@pytest.mark.parametrize("asked", [{"state": "closed", "status": "Done"}, {"status": "Done"}])
def test_ids_that_are_texts(answering: Answering, asked: dict[str, Any]) -> None:
    answering.then(200, {"id": "5", "board": {"id": "1", "name": "Desk"}, "status": {"id": "101", "name": "New"}})
    answering.then(200, [{"id": "101", "name": "New"}, {"id": "103", "name": "Done", "closedStatus": True}])
    result = run_ticket(answering.client(read_only=True), options("cw_ticket", id=5, **asked), True)
    assert (result["operation"], result["ticket"]["is_closed"]) == ("closed", True)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_contact: each way to find one, each change in check mode, really, and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integration.plays import Player, Task, checked, cycle, newest_only, settles, task

LIST = "GET company/contacts"
NEW = {"email": "jane.roe@acme.example", "company": "Acme", "first_name": "Jane"}


def contact(_name: str, _also: Mapping[str, Any] | None = None, /, **options: Any) -> Task:
    """A task of cw_contact."""
    return task("cw_contact", _name, _also, **options)


def test_life_cycle(play: Player) -> None:
    more = {"last_name": "Roe", "title": "Head of IT", "site": "Main Office", "manager": "IT Manager"}
    phones = {"Direct": {"value": "(555) 010-123", "extension": "12"}, "cell": "5550124"}
    run = play(
        *cycle(contact("create", {"register": "made"}, **NEW, **more, communications=phones, types=["Approver"])),
        {"name": "remember", "ansible.builtin.set_fact": {"made": "{{ made.contact.id }}"}},
        *cycle(contact("by id", id="{{ made }}", title="", inactive=True, fields={"nickName": "Ms Roe"})),
        *cycle(contact("address", contact_id="{{ made }}", email="roe@acme.example")),
        *cycle(
            contact(
                "telephones",
                match=["first_name", "last_name"],
                first_name="Jane",
                last_name="Roe",
                communications={"Direct": "5550199", "Cell": "", "Fax": "5550777"},
            )
        ),
        *cycle(contact("types", email="ROE@acme.example", types=["End User", 4])),
        *cycle(contact("move", email="roe@acme.example", match=["email"], company="OBrien", site="Main Office")),
        *cycle(contact("delete", email="roe@acme.example", state="absent")),
    )
    settles(run, "create", "created")
    for name in ("by id", "address", "telephones", "types", "move"):
        settles(run, name, "updated")
    settles(run, "delete", "deleted")
    number = run["create"]["contact"]["id"]
    one, types = f"company/contacts/{number}", f"company/contacts/{number}/typeAssociations"
    assert run["create, in check mode"]["contact"]["id"] == 0
    assert run["create"].lines == [
        "GET company/companies",
        LIST,
        "GET company/contacts/types",
        "GET company/communicationTypes",
        "GET company/companies/250/sites",
        LIST,
        "POST company/contacts",
        LIST,
        f"POST {types}",
    ]
    assert run["create, again"].lines == ["GET company/companies", LIST]
    made = run["create"]["contact"]
    assert {name: made[name] for name in ("full_name", "primary_email", "primary_phone", "company_name")} == {
        "full_name": "Jane Roe",
        "primary_email": "jane.roe@acme.example",
        "primary_phone": "(555) 010-123",
        "company_name": "Acme Corporation",
    }
    assert [kind["name"] for kind in made["types"]] == ["Approver"]
    assert run["by id"].lines == [f"GET {one}", f"PATCH {one}"]
    assert run["by id"]["contact"]["is_active"] is False
    assert run["address"].lines == [f"GET {one}", f"PATCH {one}"]
    assert run["address"]["diff"] == {
        "before": {"communications": {"Email": "jane.roe@acme.example"}},
        "after": {"communications": {"Email": "roe@acme.example"}},
    }
    assert run["telephones"].lines == [LIST, "GET company/communicationTypes", f"PATCH {one}"]
    assert run["telephones"]["diff"] == {
        "before": {"communications": {"Direct": "(555) 010-123 12", "Cell": "5550124", "Fax": None}},
        "after": {"communications": {"Direct": "5550199 12", "Cell": None, "Fax": "5550777"}},
    }
    assert run["types"].lines == [LIST, "GET company/contacts/types", f"POST {types}"]
    assert run["types"]["diff"] == {"before": {"types": ["Approver"]}, "after": {"types": ["Approver", "End User"]}}
    assert run["move"]["contact"]["company_name"] == "O'Brien & Söhne 100%"
    assert run["delete"].lines == [LIST, f"DELETE {one}"]
    assert run["delete"]["diff"]["before"]["first_name"] == "Jane"


def test_which_address(play: Player) -> None:
    """Any address that the contact has is as wanted; of several contacts, one in use is meant."""
    play.simulator.insert(
        "company/contacts",
        [
            {
                "firstName": "Zoë",
                "company": {"id": 250},
                "inactiveFlag": number == 2,
                "communicationItems": [
                    {"communicationType": "Email", "value": "zoë@acme.example", "defaultFlag": True},
                    {"communicationType": "Email", "value": "z@acme.example"},
                    {"communicationType": "Phone", "value": "5550111"},
                ],
            }
            for number in (1, 2)
        ],
    )
    run = play(
        contact("default", email="ZOË@acme.example", first_name="Zoë"),
        contact("other", email="z@acme.example", company=250, communications={"Email": "z@acme.example"}),
        contact("elsewhere", email="z@acme.example", company=251, state="absent"),
        contact("written otherwise", email="z@acme.example", communications={"Direct": "(555) 01-11"}),
        contact("quotes", email="z@acme.example", last_name='O\'Neil "Z" 漢'),
        contact("found by them", match=["last_name"], last_name='O\'Neil "Z" 漢', title="Cook"),
        contact("no e-mail", match=["first_name"], first_name="Nobody", communications={"Cell": "1"}),
        contact("its first", match=["first_name"], first_name="Nobody", email="nobody@acme.example"),
        contact("none of it", match=["first_name"], first_name="Nobody", communications={"Email": "", "Cell": ""}),
        contact("apostrophe", email="pat.o'neil@acme.example", first_name="Pat"),
        contact("never there", email="nobody@acme.example", state="absent"),
    )
    changed = [each.task for each in run if each.status == "changed"]
    assert changed == ["quotes", "found by them", "no e-mail", "its first", "none of it", "apostrophe"]
    assert run["default"].lines == [LIST]
    assert run["no e-mail"]["contact"]["primary_email"] is None
    assert run["its first"]["contact"]["primary_email"] == "nobody@acme.example"
    assert run["none of it"]["contact"]["communication_items"] == []
    assert run["never there"]["contact"] is None


@newest_only
def test_bad_input(play: Player) -> None:
    """Check mode and the server refuse the same in the same words, and nothing is done."""
    cases: dict[str, dict[str, Any]] = {
        "nothing": {"company": "Acme"},
        "no name": {"email": "new@acme.example", "company": "Acme"},
        "address": {"email": "jane at acme"},
        "quotes in it": {"email": "j\"a'ne@acme.example"},
        "company": {**NEW, "company": "Northwind Traders"},
        "site": {**NEW, "site": "Warehouse"},
        "type": {**NEW, "types": ["Boss"]},
        "telephone": {**NEW, "communications": {"Pager": "1"}},
        "twice": {**NEW, "communications": {"Direct": "1", "direct": "2"}},
        "no text": {**NEW, "communications": {"Direct": {"number": "1"}}},
        "too long": {**NEW, "communications": {"Direct": "1" * 251}},
        "two addresses": {**NEW, "communications": {"Email": "jr@acme.example"}},
        "several": {"match": ["first_name"], "first_name": "Front"},
        "empty match": {"match": ["last_name"], "last_name": "", "first_name": "Jane"},
        "empty type": {**NEW, "types": [""]},
        "match": {"match": ["communications"], "communications": {"Direct": "1"}},
        "field": {**NEW, "fields": {"nickname": "J"}},
        "id": {"id": 1, "title": "x"},
        "negative": {"id": -1, "title": "x"},
        "custom field": {**NEW, "custom_fields": {"Shoe size": 42}},
    }
    tasks = []
    for name, options in cases.items():
        each = contact(name, **options)
        tasks += [checked({**each, "name": f"{name}, in check mode"}), each]
    run = play(
        *tasks,
        contact("in use", email="it.manager@acme.example", state="absent"),
        contact("too long for ConnectWise", **{**NEW, "first_name": "J" * 31}),
        fails=True,
    )
    said = {name: run.messages[name] for name in cases}
    assert said == BAD
    assert {name: run.messages[f"{name}, in check mode"] for name in cases} == BAD
    assert play.simulator.writes() == ["DELETE company/contacts/2500", "POST company/contacts"]
    assert run.messages["in use"] == (
        "id: Contact 2500 cannot be deleted, it is in use by Agreement. "
        "(DELETE company/contacts/2500 answered 400 InvalidObject, request id #)"
    )
    assert run.messages["too long for ConnectWise"].startswith(
        "first_name: The field firstName must be a string with a maximum length of 30."
    )


BAD = {
    "nothing": "one of the following is required: id, match, email",
    "no name": "first_name: no contact matches, and to create one first_name must be given.",
    "address": "email: 'jane at acme' is no e-mail address.",
    "quotes in it": "email: 'j\"a\\'ne@acme.example' is no e-mail address.",
    "company": (
        "company: 2 records of the kind company are named 'Northwind Traders': Northwind Traders "
        "(NorthwindUS, id 251), Northwind Traders (NorthwindUK, id 252). Give the id instead."
    ),
    "site": (
        "site: there is no site named 'Warehouse' of company 'Acme Corporation'. "
        "There are: Main Office (id 1250), Warehouse & Yard (id 1500)."
    ),
    "type": "types: there is no contact type named 'Boss'. There are: End User (id 1), Approver (id 4).",
    "telephone": (
        "communications: there is no communication type named 'Pager'. "
        "There are: Email (id 1), Direct (id 2), Fax (id 3), Cell (id 4)."
    ),
    "twice": "communications: 'Direct' is given twice; types are the same in any case.",
    "no text": "communications, Direct: give a text, or a dictionary of value and extension.",
    "too long": "communications, Direct: the text has 251 characters, ConnectWise takes at most 250.",
    "two addresses": "communications: Email is another address than email. Give one of them.",
    "several": (
        "match: 2 contacts match: Front Desk (id 2501), Front Desk (id 2502). Give the id, or match by "
        "fields in which they differ."
    ),
    "empty match": (
        "match: last_name: give options of this task, none of them empty, by which contacts differ, such as email."
    ),
    "empty type": "types: it can't be empty.",
    "match": (
        "match: communications: give options of this task, none of them empty, by which contacts differ, such as email."
    ),
    "field": "fields: there is no field 'nickname' that can be set. Did you mean nickName?",
    "id": "id: there is no contact 1.",
    "negative": "id: -1 is no id of a contact; 0 is what one has that check mode did not create.",
    "custom field": "custom_fields: there is no custom field 'Shoe size' here. There are: none.",
}

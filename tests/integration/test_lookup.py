# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup cw_record and the filters: what they give, ask and refuse, and texts that look like templates."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task
from integration.test_documentation import documentation

TEMPLATE = "{{ 1 + 1 }}{% for i in [7] %}{{ i }}{% endfor %}"


def shown(name: str, expression: str, **variables: Any) -> Task:
    """A task that shows what an expression gives."""
    return {"name": name, "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"}, "vars": variables}


def record(name: str, *terms: Any, function: str = "query", **options: Any) -> Task:
    """A task that shows what the lookup gives."""
    given = [repr(term) for term in ("msp.connectwise.cw_record", *terms)]
    return shown(name, f"{function}({', '.join(given + [f'{key}={value!r}' for key, value in options.items()])})")


def test_records(play: Player) -> None:
    play.simulator.insert(
        "company/configurations",
        [{"id": 91000, "name": TEMPLATE, "company": {"id": 250}, "type": {"id": 1}, "notes": TEMPLATE}],
    )
    ids = list(range(67890, 67899))
    run = play(
        record("id", 250, function="lookup", record="company"),
        record("name", "acme", function="lookup", record="company"),
        record("several", 67892, "PROD-WEB-02", "67892", record="configuration", fields=["id", "ipAddress"]),
        record("list", record="board", fields=["name"], order_by="name asc"),
        record("conditions", record="configuration", conditions='serialNumber="SN-0001"', fields=["id"]),
        record("path", "Main Office", record="/company/companies/250/sites/", fields=["name"]),
        record("contact", 2250, record="contact", fields=["id"]),
        record("many", ids, record="configuration", fields=["id"]),
        record("none of none", [], record="company"),
        record("ignored", 999, record="company", errors="ignore"),
        record("template", 91000, record="configuration", fields=["name", "notes"]),
        shown(
            "made of it",
            "['a' ~ found.notes, found.name | upper]",
            found="{{ lookup('msp.connectwise.cw_record', 91000, record='configuration') }}",
        ),
    )
    found = {each.task: each["msg"] for each in run}
    assert (found["id"]["name"], found["id"]["status_name"], found["name"]["id"]) == ("Acme Corporation", "Active", 250)
    assert found["several"] == [
        {"id": 67892, "ip_address": "192.0.2.21"},
        {"id": 67891, "ip_address": "192.0.2.12"},
        {"id": 67892, "ip_address": "192.0.2.21"},
    ]
    names = [each["name"] for each in found["list"]]
    assert "Help Desk" in names and names == sorted(names)
    assert found["conditions"] == [{"id": 67890}]
    assert found["path"] == [{"name": "Main Office"}]
    assert found["contact"] == [{"id": 2250}]
    assert found["many"] == [{"id": number} for number in ids]
    assert (found["none of none"], found["ignored"] or []) == ([], [])
    assert found["template"] == [{"name": TEMPLATE, "notes": TEMPLATE}]
    assert found["made of it"] == [f"a{TEMPLATE}", TEMPLATE.upper()]
    assert run["many"].lines == ["GET company/configurations"]
    assert run["name"].lines == ["GET company/companies", "GET company/companies"]
    assert run["none of none"].lines == []
    assert play.simulator.writes() == []


def test_failures(play: Player) -> None:
    play.simulator.fault("403", path="service/boards")
    run = play(
        record("forbidden", record="board"),
        record("unknown name", "nobody", record="company"),
        record("unknown id", 250, 999, 998, record="company"),
        record("ambiguous", "DUPLICATE-PC", record="configuration"),
        record("contact", "Anna", record="contact"),
        record("kind", 1, record="compnay"),
        record("path", record="no/such"),
        record("upwards", record="../system/members"),
        record("missing", 1),
        record("slip", record="company", condition="id=1"),
        record("conditions", record="company", conditions="nme=1"),
        record("both", 250, record="company", conditions="id=1"),
        record("login", 250, record="company", password="wrong-and-never-shown"),
        record("empty", "", record="company"),
        record("none", None, record="company"),
        shown("key", "'' | msp.connectwise.cw_key"),
        shown("length", "'x' | msp.connectwise.cw_key(500)"),
        shown("quotes", "typed | msp.connectwise.cw_condition('name')", typed="19\" 'A'"),
        shown("operator", "1 | msp.connectwise.cw_condition('id', 'is')"),
        shown("field", "1 | msp.connectwise.cw_condition('id=1 or id')"),
        fails=True,
    )
    # ansible-core 2.19 puts the place before the sentence.
    sentences = {name: text.rpartition("failed: ")[2] for name, text in run.messages.items()}
    refused = "GET company/companies answered"
    kinds = sentences.pop("kind")
    assert kinds.startswith(
        "record: 'compnay' is neither a path such as finance/agreements nor one of agreement, board"
    )
    assert sentences == {
        "forbidden": "username: the security role of this API member does not allow it. GET service/boards answered "
        "403 Security: You do not have security permission to perform this action (request id #)",
        "unknown name": "record: there is no company named 'nobody'.",
        "unknown id": "record: there is no company with the id 999, 998.",
        "ambiguous": "record: 2 records of the kind configuration are named 'DUPLICATE-PC': DUPLICATE-PC (id 67894), "
        "DUPLICATE-PC (id 67895). Give the id instead.",
        "contact": "record: a contact is looked up by id or with conditions, not by name.",
        "path": "record: there is no list no/such.",
        "upwards": "'../system/members' is not an endpoint. Give the path after /apis/3.0/, such as service/tickets.",
        "missing": "record: it is missing. Give it as an option.",
        "slip": "condition: there is no such option.",
        "conditions": f"conditions: {refused} 400 ApiFindCondition: nme is not a recognized name (request id #)",
        "both": "conditions: it is for lists, and can't be had with ids or names.",
        "login": "client, username, password or client_id: ConnectWise refused the login. "
        f"{refused} 401 Unauthorized: Invalid company, public key or private key (request id #)",
        "empty": "record: nothing, or an empty text, is no id and no name of a company.",
        "none": "record: nothing, or an empty text, is no id and no name of a company.",
        "key": "cw_key: the text is empty. Give one by which every run finds the same record.",
        "length": "cw_key: length is a number from 14 to 100.",
        "quotes": "cw_condition: ConnectWise can't be asked for exactly '19\" \\'A\\'' with =. "
        "Ask for a part of it, and pick from what is found.",
        "operator": "cw_condition: 'is' is no operator of a condition; there are =, !=, <, <=, >, >=, contains, "
        "not contains, in, not in.",
        "field": "cw_condition: 'id=1 or id' is no name of a field, such as status/name.",
    }
    assert "wrong-and-never-shown" not in str([sentences, *(each.result.get("exception") for each in run)])


def test_filters(play: Player) -> None:
    long = "deploy " * 30
    run = play(
        shown("key", "' deploy\n  webshop ' | msp.connectwise.cw_key"),
        shown("long", "long | msp.connectwise.cw_key", long=long),
        shown("other", "long | msp.connectwise.cw_key", long=long + "x"),
        shown("short", "long | msp.connectwise.cw_key(length=20)", long=long),
        shown("number", "4711 | msp.connectwise.cw_key"),
        shown("text", "typed | msp.connectwise.cw_condition('name')", typed='19" Rack "A"'),
        shown("list", "[1, 2] | msp.connectwise.cw_condition('id', 'in')"),
        shown("nothing", "none | msp.connectwise.cw_condition('name', '!=')"),
        shown("flag", "true | msp.connectwise.cw_condition('closedFlag')"),
    )
    found = {each.task: each["msg"] for each in run}
    assert (found["key"], str(found["number"])) == ("deploy webshop", "4711")
    assert 98 < len(found["long"]) <= 100
    assert 18 < len(found["short"]) <= 20
    assert found["long"][:80] == found["other"][:80] and found["long"] != found["other"]
    assert (found["text"], found["list"]) == ('name = \'19" Rack "A"\'', "id in (1,2)")
    assert (found["nothing"], found["flag"]) == ("name != null", "closedFlag = true")


def test_examples(play: Player) -> None:
    examples: list[Task] = []
    for name, kind in (("cw_record", "lookup"), ("cw_key", "filter"), ("cw_condition", "filter")):
        found = documentation(name, "EXAMPLES", kind)
        examples += found if isinstance(found, list) else [found]
    assert len(examples) > 6
    run = play(*examples)
    assert {each.task for each in run} == {example["name"] for example in examples}
    assert run["The addresses of two servers"]["msg"] == "192.0.2.11, 192.0.2.21"
    assert (
        len(run["One ticket for each deployment of a branch, however long its name is"]["ticket"]["external_x_ref"])
        == 100
    )
    found = run["Several, none of them retired"]["configurations"]
    assert sorted(each["id"] for each in found) == [67890, 67892, 67893]
    assert [each["id"] for each in run["Find a device by what somebody typed"]["configurations"]] == [67896]

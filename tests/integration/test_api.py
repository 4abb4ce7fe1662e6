# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_api and cw_api_info: each method in check mode, really, and again; and what is wrong."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, Task, checked, cycle, newest_only, settles, task

SOURCES = "service/sources"
ACME = "company/companies/250"


def api(_name: str, _path: str, _method: str = "GET", /, **options: Any) -> Task:
    """A task of cw_api."""
    return task("cw_api", _name, {"register": "made"}, path=_path, method=_method, **options)


def info(_name: str, _path: str, /, **options: Any) -> Task:
    """A task of cw_api_info."""
    return task("cw_api_info", _name, None, path=_path, **options)


def test_life_cycle(play: Player) -> None:
    made = f"{SOURCES}/{{{{ number }}}}"
    run = play(
        *cycle(api("create", SOURCES, "POST", body={"name": "Käse 漢"}, unless="name='Käse 漢'")),
        {"name": "remember", "ansible.builtin.set_fact": {"number": "{{ made.record.id }}"}},
        *cycle(api("change", f"/{made}", "PATCH", body={"name": "käse 漢", "defaultFlag": False})),
        *cycle(api("operations", made, "PATCH", body=[{"op": "replace", "path": "/name", "value": "Ansible"}])),
        *cycle(api("as text", made, "PATCH", body='{"name": "Text"}')),
        *cycle(api("replace", made, "PUT", body={"Name": "Replaced"})),
        *cycle(api("delete", made, "DELETE")),
    )
    settles(run, "create", "created")
    for name in ("change", "operations", "as text", "replace"):
        settles(run, name, "updated")
    settles(run, "delete", "deleted")
    number = run["create"]["record"]["id"]
    one = f"{SOURCES}/{number}"
    assert run["create"].lines == [f"GET {SOURCES}", f"POST {SOURCES}"]
    assert run["create, again"].lines == [f"GET {SOURCES}"]
    assert run["create, again"]["record"]["id"] == number
    assert run["create, in check mode"]["record"] == {"id": 0, "name": "Käse 漢"}
    assert run["create"]["diff"] == {"before": {}, "after": {"name": "Käse 漢"}}
    assert run["change"].lines == [f"GET {one}", f"PATCH {one}"]
    assert run["change"].requests[1]["body"] == [{"op": "replace", "path": "name", "value": "käse 漢"}]
    assert run["change, in check mode"]["record"]["name"] == "käse 漢"
    assert run["change"]["diff"] == {"before": {"name": "Käse 漢"}, "after": {"name": "käse 漢"}}
    assert run["operations"]["diff"] == {"before": {"/name": "käse 漢"}, "after": {"/name": "Ansible"}}
    assert run["replace"].lines == [f"GET {one}", f"PUT {one}"]
    assert run["replace"]["diff"] == {"before": {"name": "Text"}, "after": {"name": "Replaced"}}
    assert run["delete"].lines == [f"GET {one}", f"DELETE {one}"]
    assert run["delete"]["diff"]["before"]["name"] == "Replaced"
    assert run["delete, again"].lines == [f"GET {one}"]
    assert (run["delete, again"]["record"], run["delete, again"]["count"]) == (None, 0)


def test_references_and_custom_fields(play: Player) -> None:
    """Moved to another board by name: the status of the same name is another one there."""
    rack = [{"id": 60, "value": "B-12"}, {"caption": "u height", "value": "4"}]
    run = play(
        *cycle(api("ids", "service/tickets/12345", "PATCH", body={"status": {"id": 103}, "owner": None})),
        *cycle(api("path", "service/tickets/12345", "PATCH", body={"status/name": "in progress", "type/id": "12"})),
        *cycle(
            api(
                "move",
                "service/tickets/12345",
                "PATCH",
                body={"board": {"name": "Changes & Projects"}, "status": {"name": "In Progress"}, "type": None},
            )
        ),
        *cycle(api("fields", "company/configurations/67890", "PATCH", body={"customFields": rack, "questions": []})),
        *cycle(
            api(
                "password",
                "company/configurations/67890",
                "PATCH",
                body={"questions": [{"questionId": 14, "answer": "new"}, {"question": "CPU cores", "answer": "8"}]},
            )
        ),
    )
    for name in ("ids", "path", "move", "fields", "password"):
        settles(run, name, "updated")
    assert run["ids"]["diff"] == {
        "before": {
            "status": {"id": 102, "name": "In Progress"},
            "owner": {"id": 638, "identifier": "servicedesk", "name": "Service Desk"},
        },
        "after": {"status": {"id": 103}, "owner": None},
    }
    assert run["ids"].requests[1]["body"] == [
        {"op": "replace", "path": "status/id", "value": 103},
        {"op": "remove", "path": "owner"},
    ]
    assert [each["path"] for each in run["move"].requests[1]["body"]] == ["board", "status", "type"]
    assert run["move"]["record"]["status"]["id"] == 203
    assert run["fields"]["diff"]["after"] == {"customFields": {"Rack": "B-12", "U Height": 4}}
    assert len(run["fields"].requests[1]["body"][0]["value"]) == 2
    assert set(run["password"]["diff"]["after"]["questions"].values()) == {"**********", 8}
    assert len(run["password"].requests[1]["body"][0]["value"]) == 4


def test_actions_and_searches(play: Player) -> None:
    """What can't be compared is sent each time; a search only reads, in check mode too."""
    search = api("search", "/service/tickets/search/", "POST", body={"conditions": "closedFlag=true"})
    to_type = [{"op": "replace", "path": "type/id", "value": 2}]
    change_type = api("change type", "company/configurations/67890/changeType", "PATCH", body=to_type)
    run = play(
        checked({**search, "name": "search, in check mode"}),
        api("search", "service/tickets/search", "POST", query={"pageSize": 1, "fields": "id"}),
        checked({**change_type, "name": "change type, in check mode"}),
        change_type,
        api("merge", "service/tickets/123/merge", "POST", body={"mergeTicketIds": [12345], "status": {"id": 105}}),
        api("read", ACME, query={"managedInformation": False}),
        api("list", SOURCES),
        api("bulk", "company/configurations/bulk", "DELETE", body={"ids": [67894]}),
        fails=True,
    )
    assert [ticket["id"] for ticket in run["search, in check mode"]["records"]] == [12346]
    assert run["search, in check mode"].lines == ["POST service/tickets/search"]
    assert run["search"]["count"] == 1
    assert {each["operation"] for each in (run["search"], run["read"], run["list"])} == {"unchanged"}
    assert run["change type, in check mode"].lines == ["GET company/configurations/67890/changeType"]
    assert run["change type"]["record"]["type"]["id"] == 2
    assert (run["merge"].status, run["merge"]["record"]["success"]) == ("changed", True)
    assert (run["read"]["record"]["id"], run["list"]["count"]) == (250, 4)
    assert run["bulk"]["record"]["payload"][0]["statusCode"] == 204


def test_reading(play: Player) -> None:
    run = play(
        info("record", f"{play.simulator.url}/v4_6_release/apis/3.0//{ACME}", fields=["id", "status/name"]),
        info("gone", "company/companies/999"),
        info("one by another name", "system/info"),
        info("by identifier", "system/members/oncall"),
        info("list", "service/boards/1/statuses", conditions="closedStatus=true\n", order_by="id desc", fields=["id"]),
        info("few", "/company/companies/", limit=2),
        info("none", "company/companies", conditions='name="Nobody"'),
        info("children", "company/contacts", child_conditions='communicationItems/value="oncall"'),
        info("custom", "service/tickets", custom_field_conditions='caption="RMM Key" AND value="x"', count_only=True),
        info("query", "system/documents", query={"recordType": "Ticket", "recordId": 123}),
        info("count", "service/tickets", conditions="closedFlag=true", count_only=True),
        info("count as record", "service/tickets/count"),
        checked(info("not created", "service/tickets/0/notes")),
        warnings=["limit: 2 of 9 records are returned. Raise limit, or ask for fewer."],
    )
    assert run["record"]["record"] == {"id": 250, "status": {"name": "Active"}}
    assert run["record"]["records"] == [run["record"]["record"]]
    assert run["record"].lines == [f"GET {ACME}"]
    assert (run["gone"]["record"], run["gone"]["records"], run["gone"]["count"]) == (None, [], 0)
    assert run["gone"].lines == ["GET company/companies/999"]
    assert run["one by another name"]["record"]["cloudRegion"] == "NA"
    assert run["one by another name"].lines == ["GET system/info"]
    assert run["by identifier"]["record"]["id"] == 639
    assert (run["list"]["record"], run["list"]["records"]) == (None, [{"id": 456}, {"id": 106}, {"id": 105}])
    assert (len(run["few"]["records"]), run["few"]["count"]) == (2, 9)
    assert run["few"].lines == ["GET company/companies", "GET company/companies/count"]
    for name in ("none", "children", "custom", "query", "not created"):
        assert (run[name]["records"], run[name]["count"]) == ([], 0)
    assert run["not created"].lines == []
    assert (run["count"]["records"], run["count"]["count"]) == ([], 1)
    assert run["count"].lines == ["GET service/tickets/count"]
    assert run["count as record"]["record"] == {"count": 4}


@newest_only
def test_bad_input(play: Player) -> None:
    """Check mode and the real run refuse the same in the same words, and nothing is done."""
    other = "https://evil.example/v4_6_release/apis/3.0/service/tickets"
    name = {"name": "x"}
    cases: dict[str, Task] = {
        "other server": api("", other, "POST", body=name),
        "query in the path": api("", "service/tickets?id=5"),
        "blank": api("", "system/members/on call"),
        "up": api("", "service/../system/info"),
        "no id": api("", f"{SOURCES}/", "DELETE"),
        "hole": api("", "service/tickets//notes"),
        "document": api("", "system/documents", "POST", body={"recordId": 1}),
        "no body": api("", ACME, "PATCH"),
        "empty body": api("", ACME, "PUT", body={}),
        "body to read": api("", ACME, body=name),
        "text": api("", ACME, "PATCH", body="name=x"),
        "number": api("", ACME, "PATCH", body=5),
        "list to replace": api("", ACME, "PUT", body=[name]),
        "operation": api("", ACME, "PATCH", body=[{"op": "move", "path": "name"}]),
        "case": api("", ACME, "PATCH", body={"Name": "x"}),
        "unless": api("", ACME, "PATCH", body=name, unless="id=5"),
        "empty unless": api("", SOURCES, "POST", body=name, unless=" "),
        "bad unless": api("", SOURCES, "POST", body=name, unless="nothing = 1"),
        "unless of a record": api("", "system/info", "POST", body=name, unless="id=5"),
        "unless of nobody": api("", "service/tickets/999/notes", "POST", body=name, unless="id=5"),
        "unless of a search": api("", "service/tickets/search", "POST", unless="id=5"),
        "no number": api("", ACME, "PATCH", body='{"annualRevenue": NaN}'),
        "no record": api("", "company/companies/999", "PATCH", body=name),
        "no endpoint": api("", "company/company/250", "DELETE"),
        "no such custom field": api(
            "", "company/configurations/67890", "PATCH", body={"customFields": [{"id": 9, "value": 1}]}
        ),
        "page": info("", ACME, query={"page": 1}),
        "bad conditions": info("", SOURCES, conditions="nothing = 1"),
        "bad order": info("", SOURCES, order_by="nothing"),
        "no list": info("", "service/tickets/999/notes"),
        "list misspelt": info("", "service/ticket"),
        "record misspelt": info("", "service/ticket/5"),
        "no count": info("", "system/info", count_only=True),
        "limit": info("", SOURCES, limit=0),
    }
    tasks = []
    for label, each in cases.items():
        tasks += [checked({**each, "name": f"{label}, in check mode"}), {**each, "name": label}]
    run = play(*tasks, fails=True)
    assert {label: run.messages.get(label) for label in cases} == BAD
    assert {label: run.messages.get(f"{label}, in check mode") for label in cases} == BAD
    assert play.simulator.writes() == []
    assert run["no record"]["failure"]["code"] == "NotFound"


@newest_only
def test_what_the_server_refuses(play: Player) -> None:
    """Sentences begin with the option at fault, and have the API's own names."""
    run = play(
        api("field", ACME, "PATCH", body={"externalXRef": "x"}),
        api("value", "service/tickets/123", "PATCH", body={"status": {"id": 202}}),
        api("member", SOURCES, "POST", body={"nome": "x"}),
        api("type", SOURCES, "POST", body={"name": {"id": 5}}),
        api("method", "system/info", "DELETE"),
        api("no such action", "service/tickets/123/explode", "POST"),
        fails=True,
    )
    assert run.messages == REFUSED


@newest_only
def test_answers_of_others(play: Player) -> None:
    """Web pages and files, no rights, and a write whose answer was lost."""
    play.simulator.fault("404-html", path="^service/impacts", times=0)
    play.simulator.fault("403", path="^service/severities", times=0)
    play.simulator.fault("drop-after", method="POST", path="^service/tickets/123/merge$")
    play.simulator.fault("500-timeout", path="^service/sources/1$")
    merge = {"mergeTicketIds": [12345], "status": {"id": 105}}
    run = play(
        info("page", "service/impacts"),
        api("page of a record", "service/impacts/1", "DELETE"),
        info("no right", "service/severities/1"),
        info("upload form", "system/documents/uploadsample"),
        api("lost", "service/tickets/123/merge", "POST", body=merge),
        api("once more", "service/sources/1", "PATCH", body={"name": "Telephone"}),
        fails=True,
        warnings=["1 request was sent again after passing failures (500: 1), with # s of waiting."],
    )
    assert run.messages == ODD
    assert run["once more"]["operation"] == "updated"


def test_what_is_not_kept(play: Player) -> None:
    """The identifier of a ticket's company in a PATCH is ignored (fact sheet 6.2); a time becomes a day."""
    body = {"company/identifier": "NorthwindUS", "requiredDate": "2026-03-31T17:00:00Z"}
    warned = (
        "body: ConnectWise answered that it was done, but has 'Acme' in company/identifier where 'NorthwindUS' was "
        "asked, so this is a change each time."
    )
    day = (
        "body: ConnectWise answered that it was done, but has '2026-03-31T00:00:00Z' in requiredDate where "
        "'2026-03-31T17:00:00Z' was asked, so this is a change each time."
    )
    emptied = (
        "body: PUT empties what it leaves out, or sets a default. Set now: type, status, company, site, locationId, "
        "location, businessUnitId, department, deviceIdentifier, serialNumber, ipAddress, questions, activeFlag, "
        "mobileGuid, customFields."
    )
    run = play(
        api("ignored", "service/tickets/123", "PATCH", body=body),
        checked(api("foreseen", "company/configurations/67890", "PUT", body={"name": "X"})),
        warnings=[warned, day, emptied],
    )
    assert run["ignored"].status == "changed"


BAD = {
    "unless of a search": "unless: it is for what creates something, and a search does not.",
    "no number": "body: it holds a number that JSON does not have, such as NaN.",
    "other server": (
        "path: it is an address on another server than http://127.0.0.1:#. Give the path after /apis/3.0/ alone."
    ),
    "query in the path": "path: 'service/tickets?id=5' holds a query. Give its parts as options, or as query.",
    "blank": "path: 'system/members/on call' holds a character that no path has. Write a blank as %20.",
    "up": "path: 'service/../system/info' leads elsewhere. Give one such as service/tickets/123.",
    "no id": "path: 'service/sources/' ends where the id of a record is missing.",
    "hole": "path: a part of 'service/tickets//notes' is empty. Give one such as service/tickets/123.",
    "document": "path: files are sent as forms, and this module sends JSON. Use cw_document for them.",
    "no body": "body: PATCH needs one, which says what is wanted.",
    "empty body": "body: PUT needs one, which says what is wanted.",
    "body to read": "body: GET has none. Give method too, to write.",
    "text": "body: this text is no JSON. Give a dictionary, or for PATCH a list.",
    "number": "body: 5 is neither a dictionary nor a list.",
    "list to replace": "body: a record is replaced by a dictionary, not by a list.",
    "operation": "body: operation 1: 'move' is none of add, replace, remove.",
    "case": "body: the field 'Name' is called name here, in this case of letters.",
    "unless": "unless: it is for POST. A PATCH is sent where it changes something anyway.",
    "empty unless": 'unless: it is empty, which every record meets. Give one such as name="PROD-WEB-01".',
    "bad unless": (
        "unless: GET service/sources answered 400 ApiFindCondition: nothing is not a recognized name (request id #)"
    ),
    "unless of a record": "unless: system/info is no list in which something can be looked for.",
    "unless of nobody": (
        "path: GET service/tickets/999/notes answered 404 NotFound: Service Ticket 999 not found (request id #)"
    ),
    "no record": "path: there is no record at company/companies/999.",
    "no endpoint": (
        "path: GET company/company/250 answered 404 ConnectWiseApi: The endpoint does not exist (request id #)"
    ),
    "no such custom field": "body, customFields: there is no custom field '9' here. There are: 'Rack', 'U Height'.",
    "page": "query: page is what this module pages with. Give limit.",
    "bad conditions": (
        "conditions: GET service/sources answered 400 ApiFindCondition: nothing is not a recognized name (request id #)"
    ),
    "bad order": (
        "order_by: GET service/sources answered 400 ApiFindCondition: nothing is not a recognized name (request id #)"
    ),
    "no list": (
        "path: GET service/tickets/999/notes answered 404 NotFound: Service Ticket 999 not found (request id #)"
    ),
    "list misspelt": "path: GET service/ticket answered 404 ConnectWiseApi: The endpoint does not exist (request id #)",
    "record misspelt": (
        "path: GET service/ticket/5 answered 404 ConnectWiseApi: The endpoint does not exist (request id #)"
    ),
    "no count": "count_only: there is no system/info/count, so its records can't be counted.",
    "limit": "limit: 0 is too small; 1 is the least.",
}
REFUSED = {
    "field": (
        "body: PATCH company/companies/250 answered 400 InvalidObject: company object is invalid; "
        "externalXRef: path externalXRef is not valid (request id #)"
    ),
    "value": (
        "body: PATCH service/tickets/123 answered 400 InvalidObject: ticket object is invalid; "
        "status/id: Service Status 202 not found for Service Board 1 (request id #)"
    ),
    "member": (
        "body: POST service/sources answered 400 ConnectWiseApi: Could not find member 'nome' on object "
        "of type 'Source'. Path 'nome', line 1, position 8.Check your accept header to make sure you "
        "are using the correct version (request id #)"
    ),
    "type": (
        "body: POST service/sources answered 500 ConnectWiseApi: Unexpected character encountered while "
        "parsing value: {. Path 'name', line 1, position 8 (request id #)"
    ),
    "method": (
        "method: DELETE system/info answered 405 ConnectWiseApi: The requested resource does not "
        "support http method 'DELETE' (request id #)"
    ),
    "no such action": (
        "path: POST service/tickets/123/explode answered 404 ConnectWiseApi: The endpoint does not exist (request id #)"
    ),
}
ODD = {
    "page": (
        "path: GET service/impacts answered 404: a web page titled '404 - File or directory not found.' "
        "(no answer of the API itself) (request id #). There is no such endpoint, or base_url is not "
        "that of the API."
    ),
    "page of a record": (
        "path: GET service/impacts/1 answered 404: a web page titled '404 - File or directory not "
        "found.' (no answer of the API itself) (request id #). There is no such endpoint, or base_url "
        "is not that of the API."
    ),
    "no right": (
        "username: the security role of this API member does not allow it. GET service/severities/1 "
        "answered 403 Security: You do not have security permission to perform this action (request id "
        "#)"
    ),
    "upload form": (
        "path: GET system/documents/uploadsample answered 200: the answer is text/html instead of JSON: "
        "a web page (request id #). Only JSON can be returned; cw_document_info downloads documents."
    ),
    "lost": (
        "unless: POST service/tickets/123/merge got no answer: the connection to http://127.0.0.1:# "
        "broke: Remote end closed connection without response. Whether it was done is not known. Look "
        "before you run the task again, or give unless, with which it looks itself."
    ),
}

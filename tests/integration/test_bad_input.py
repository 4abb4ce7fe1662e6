# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong in a playbook is told in one sentence, and nothing is half done."""

from __future__ import annotations

from typing import Any

from integration.plays import Player, checked, encoded, newest_only, ticket

HERE = {"summary": "Disk full", "company": "Acme", "board": "Help Desk"}


@newest_only
def test_names_of_a_ticket(play: Player) -> None:
    """The server and check mode refuse the same names in the same words, and no ticket is made."""
    cases: dict[str, dict[str, Any]] = {
        "board": {"board": "Helpdesk"},
        "board by id": {"board": 99},
        "status of another board": {"status": "Approved"},
        "status by id of another board": {"status": 202},
        "type": {"type": "Change"},
        "subtype": {"type": "Incident", "subtype": "Deployment"},
        "team": {"team": "Network Team"},
        "company": {"company": "Acme Corp"},
        "deleted company": {"company": "Gone Ltd"},
        "ambiguous company": {"company": "Northwind Traders"},
        "contact": {"contact": "Nobody Here"},
        "ambiguous contact": {"contact": "Front Desk"},
        "site": {"site": "Warehouse"},
        "owner": {"owner": "nobody"},
        "inactive owner": {"owner": "retired"},
        "priority": {"priority": "High"},
        "long name": {"priority": "x" * 1000},
        "source": {"source": "Fax"},
        "configuration": {"configurations": ["PROD-WEB-99"]},
        "ambiguous configuration": {"configurations": ["DUPLICATE-PC"]},
    }
    tasks = []
    for name, options in cases.items():
        task = ticket(name, **{**HERE, **options})
        tasks += [checked({**task, "name": f"{name}, in check mode"}), task]
    run = play(*tasks, fails=True)
    told = {name: run.messages.get(name, "") for name in cases}
    assert told.pop("configuration").startswith(
        "configurations: there is no configuration named 'PROD-WEB-99' of company 'Acme Corporation'. There are: "
    )
    assert "PROD-WEB-01 (id 67890)" in run.messages["configuration"]
    assert told == NAMES
    assert {name: run.messages.get(f"{name}, in check mode") for name in cases} == {
        name: run.messages.get(name) for name in cases
    }
    assert play.tickets() == {}
    for each in run:
        assert each["failure"]["retryable"] is False
        assert set(each["failure"]) == FAILURE


@newest_only
def test_values_of_a_ticket(play: Player) -> None:
    """Values that can't be are refused before anything is sent."""
    cases: dict[str, dict[str, Any]] = {
        "summary": {**HERE, "summary": "x" * 101},
        "key": {**HERE, "key": "x" * 101},
        "date": {**HERE, "required_date": "31.12.2026"},
        "no such day": {**HERE, "required_date": "2026-02-30"},
        "date of digits": {**HERE, "required_date": 20260331},
        "blank summary": {**HERE, "summary": " "},
        "key field for numbers": {**HERE, "key": "5", "key_field": "Risk Score"},
        "custom field": {**HERE, "custom_fields": {"Risk": 1}},
        "value of a custom field": {**HERE, "custom_fields": {"Risk Score": "high"}},
        "field": {**HERE, "fields": {"budget_hours": 1}},
        "value of a field": {**HERE, "fields": {"budgetHours": "many"}},
        "field of an option": {**HERE, "fields": {"summary": "Disk full"}},
        "no summary": {"key": "k", "company": "Acme"},
        "no company": {"key": "k", "summary": "Disk full"},
        "nothing": {"company": "Acme"},
        "key field alone": {**HERE, "key_field": "RMM Key"},
        "key and match": {**HERE, "key": "k", "match": ["summary"]},
        "match": {**HERE, "match": ["severity"]},
    }
    run = play(*[ticket(name, **options) for name, options in cases.items()], fails=True)
    assert run.messages == VALUES
    assert play.simulator.writes() == []


def test_changes_of_a_ticket(play: Player) -> None:
    """A change that is refused in one field is not done in another."""
    cases: dict[str, dict[str, Any]] = {
        "status of another board": {"id": 123, "status": "Approved", "severity": "High"},
        "status of the new board": {"id": 123, "board": "Changes & Projects", "status": "Waiting Customer"},
        "contact of another company": {"id": 123, "contact": "1"},
        "unknown type": {"id": 123, "type": "Change", "severity": "High"},
        "no such configuration": {"id": 123, "configurations": ["1"]},
        "no such ticket": {"id": 999, "severity": "High"},
        "choice": {"id": 123, "severity": "Urgent"},
        "list value": {"id": 123, "fields": {"poNumber": "x" * 51}},
    }
    tasks = []
    for name, options in cases.items():
        tasks += [ticket(name, **options), checked(ticket(f"{name}, in check mode", **options))]
    run = play(*tasks, fails=True)
    assert {name: run.messages.get(name, "NONE") for name in cases} == CHANGES
    for name in cases:
        assert run.messages.get(f"{name}, in check mode") == CHANGES[name]
    assert play.ticket(123)["severity"] == "Medium"
    assert play.attached(123) == []


def test_connection_options(play: Player) -> None:
    """Each wrong option is named, and no secret is."""
    odd = "pri vate/k+y&1% \"ü'\\x"
    login = f"{play.simulator.told['company']}+{play.simulator.told['public_key']}"
    play.secrets |= encoded(odd, login) | encoded("wrong-key-9912", login)
    secret_url = play.simulator.url.replace("//", "//me:sesame9912@")
    cases: dict[str, dict[str, Any]] = {
        "wrong private key": {"password": "wrong-key-9912"},
        "odd private key": {"password": odd},
        "wrong public key": {"username": "nobody"},
        "wrong company": {"client": "nobody"},
        "unknown client id": {"client_id": "00000000-0000-0000-0000-000000000000"},
        "client id that is none": {"client_id": "käse"},
        "empty client id": {"client_id": ""},
        "unreachable port": {"base_url": "http://127.0.0.1:9"},
        "unreachable host": {"base_url": "https://no-such-host.invalid"},
        "no host": {"base_url": "https://"},
        "another scheme": {"base_url": "ftp://127.0.0.1"},
        "unencrypted": {"base_url": "http://connect.example.com"},
        "login in the address": {"base_url": secret_url},
        "wrong codebase": {"codebase": "v2030_1"},
        "no TLS there": {"base_url": play.simulator.url.replace("http:", "https:")},
        "no CA file": {"ca_path": "/nowhere/ca.pem"},
        "proxy": {"base_url": "https://cw.example.com", "proxy": "http://127.0.0.1:9"},
        "timeout": {"timeout": 0},
    }
    tasks = [ticket(name, id=123, retry_budget=0, **options) for name, options in cases.items()]
    run = play(*tasks, ticket("both bools", id=123, validate_certs="maybe"), fails=True, verbosity=4)
    told = {name: run.messages[name] for name in cases}
    # The rest of these is the system's, and the TLS library's.
    unknown_host, no_tls = told.pop("unreachable host"), told.pop("no TLS there")
    assert unknown_host.startswith(f"{_NO_ANSWER} https://no-such-host.invalid can't be reached: ")
    assert not unknown_host.endswith(")")
    assert no_tls.startswith(f"{_NO_ANSWER} no TLS connection to https://127.0.0.1:# could be made: ")
    assert told == CONNECTION
    assert "validate_certs" in run.messages["both bools"]
    assert "sesame9912" not in str(run.messages)
    assert play.simulator.writes() == []


def test_missing_options(play: Player) -> None:
    """Without options and without environment, all that is missing is named."""
    names = {
        "CW_URL": "base_url",
        "CW_CLIENT": "client",
        "CW_USERNAME": "username",
        "CW_PASSWORD": "password",
        "CW_CLIENT_ID": "client_id",
    }
    run = play(ticket("nothing", id=123), fails=True, environment=dict.fromkeys(names))
    listed = ", ".join(sorted(names.values()))
    assert run.messages == {"nothing": f"missing required arguments: {listed}"}
    run = play(ticket("one", id=123), fails=True, environment={"CW_CLIENT_ID": None})
    assert run.messages == {"one": "missing required arguments: client_id"}
    assert play.simulator.journal() == []


FAILURE = {"code", "status", "message", "field_errors", "request_id", "retryable", "attempts"}
_OPEN = "New (id 101), In Progress (id 102), Waiting Customer (id 103), >Closed (id 105), Resolved (id 456)"
_REFUSED = (
    "client, username, password or client_id: ConnectWise refused the login. GET service/tickets/123 answered "
    "401 Unauthorized:"
)
_NO_ANSWER = "base_url: GET service/tickets/123 got no answer:"
NAMES = {
    "board": (
        "board: there is no board named 'Helpdesk'. "
        "There are: Help Desk (id 1), Changes & Projects (id 2), Network Operations (id 3)."
    ),
    "board by id": (
        "board: there is no board with the id 99. "
        "There are: Help Desk (id 1), Changes & Projects (id 2), Network Operations (id 3)."
    ),
    "status of another board": (
        f"status: there is no status named 'Approved' on board 'Help Desk'. There are: {_OPEN}."
    ),
    "status by id of another board": (
        f"status: there is no status with the id 202 on board 'Help Desk'. There are: {_OPEN}."
    ),
    "type": (
        "type: there is no type named 'Change' on board 'Help Desk'. There are: Incident (id 11), Request (id 12)."
    ),
    "subtype": (
        "subtype: there is no sub-type named 'Deployment' on board 'Help Desk'. "
        "There are: Server (id 111), Printer (id 112)."
    ),
    "team": (
        "team: there is no team named 'Network Team' on board 'Help Desk'. "
        "There are: Service Team (id 51), Escalations (id 52)."
    ),
    "company": "company: there is no company named 'Acme Corp'. There are: Acme Corporation (Acme, id 250).",
    "deleted company": "company: the company Gone Ltd (Gone, id 256) is no longer in use.",
    "ambiguous company": (
        "company: 2 records of the kind company are named 'Northwind Traders': Northwind Traders "
        "(NorthwindUS, id 251), Northwind Traders (NorthwindUK, id 252). Give the id instead."
    ),
    "contact": (
        "contact: there is no contact named 'Nobody Here' of company 'Acme Corporation'. There are: "
        "Reception Desk (id 2250), IT Manager (id 2500), Front Desk (id 2501), Front Desk (id 2502)."
    ),
    "ambiguous contact": (
        "contact: 2 records of the kind contact are named 'Front Desk' of company 'Acme Corporation': "
        "Front Desk (id 2501), Front Desk (id 2502). Give the id instead."
    ),
    "site": (
        "site: there is no site named 'Warehouse' of company 'Acme Corporation'. "
        "There are: Main Office (id 1250), Warehouse & Yard (id 1500)."
    ),
    "owner": (
        "owner: there is no member named 'nobody'. There are: Ansible Automation (ansible, id 637), "
        "Service Desk (servicedesk, id 638), On Call (oncall, id 639)."
    ),
    "inactive owner": "owner: the member Former Member (retired, id 640) is no longer in use.",
    "priority": (
        "priority: there is no priority named 'High'. There are: Priority 1 - Critical (id 5), "
        "Priority 2 - High (id 6), Priority 3 - Medium (id 7), Priority 4 - Low (id 8)."
    ),
    "long name": (
        f"priority: there is no priority named '{'x' * 119}...'. There are: Priority 1 - Critical (id 5), "
        "Priority 2 - High (id 6), Priority 3 - Medium (id 7), Priority 4 - Low (id 8)."
    ),
    "source": (
        "source: there is no source named 'Fax'. There are: Call (id 1), Email (id 2), Automate (id 11), RMM (id 42)."
    ),
    "ambiguous configuration": (
        "configurations: 2 records of the kind configuration are named 'DUPLICATE-PC' of company "
        "'Acme Corporation': DUPLICATE-PC (id 67894), DUPLICATE-PC (id 67895). Give the id instead."
    ),
}
VALUES = {
    "summary": "summary: the text has 101 characters, ConnectWise takes at most 100.",
    "key": "key: the text has 101 characters, ConnectWise takes at most 100.",
    "date": "required_date: '31.12.2026' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
    "no such day": "required_date: '2026-02-30' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
    "date of digits": "required_date: '20260331' is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z.",
    "blank summary": "summary: it can't be empty.",
    "key field for numbers": "key_field: 'Risk Score' is of the type Number; a key needs one for texts.",
    "custom field": (
        "custom_fields: there is no custom field 'Risk' here. There are: 'Change Window', 'Go-live Date', "
        "'Billing Required', 'Risk Score', 'RMM Key', 'Impact Area'."
    ),
    "value of a custom field": "custom_fields, Risk Score: 'high' is not a number.",
    "field": "fields: there is no field 'budget_hours' that can be set. Did you mean budgetHours?",
    "value of a field": "fields, budgetHours: 'many' is not a number.",
    "field of an option": "fields: summary is given as the option summary already.",
    "no summary": "key: no ticket has the key 'k', and to open one summary must be given.",
    "no company": "key: no ticket has the key 'k', and to open one company must be given.",
    "nothing": "one of the following is required: id, key, match, summary",
    "key field alone": "missing parameter(s) required by 'key_field': key",
    "key and match": "parameters are mutually exclusive: key|match",
    "match": "match: severity: give options of this task by which tickets differ, such as summary.",
}
CHANGES = {
    "status of another board": (
        f"status: there is no status named 'Approved' on board 'Help Desk'. There are: {_OPEN}."
    ),
    "status of the new board": (
        "status: there is no status named 'Waiting Customer' on board 'Changes & Projects'. There are: New (id 201), "
        "Approved (id 202), In Progress (id 203), Completed (id 204), Failed (id 205)."
    ),
    "contact of another company": "contact: there is no contact with the id 1.",
    "unknown type": (
        "type: there is no type named 'Change' on board 'Help Desk'. There are: Incident (id 11), Request (id 12)."
    ),
    "no such configuration": "configurations: there is no configuration with the id 1.",
    "no such ticket": "id: there is no service ticket 999. (A project ticket is another kind of record.)",
    "choice": "value of severity must be one of: Low, Medium, High, got: Urgent",
    "list value": "fields, poNumber: the text has 51 characters, ConnectWise takes at most 50.",
}
_NOT_AN_ADDRESS = "is not a web address. Give one such as https://api-na.myconnectwise.net."
CONNECTION = {
    **dict.fromkeys(
        ("wrong private key", "odd private key", "wrong public key", "wrong company"),
        f"{_REFUSED} Invalid company, public key or private key (request id #)",
    ),
    "unknown client id": f"{_REFUSED} The clientId header is missing or not known (request id #)",
    "client id that is none": "client_id: it may hold only ASCII characters; it is a GUID.",
    "empty client id": "client_id: it is empty, but every request needs it.",
    "unreachable port": f"{_NO_ANSWER} http://127.0.0.1:# can't be reached: Connection refused",
    "no host": f"base_url: 'https://' {_NOT_AN_ADDRESS}",
    "another scheme": f"base_url: 'ftp://127.0.0.1' {_NOT_AN_ADDRESS}",
    "unencrypted": (
        "base_url: 'http://connect.example.com' would send the password unencrypted. "
        "Use https, or set allow_http to true."
    ),
    "login in the address": ("base_url: it must not hold a user name or password. Give them as username and password."),
    "wrong codebase": (
        "base_url: there is no ConnectWise API at this address. GET service/tickets/123 answered 400: "
        "Cannot route. Codebase/company is invalid (no answer of the API itself) (request id #)"
    ),
    "no CA file": "ca_path: '/nowhere/ca.pem' can't be read: No such file or directory.",
    "proxy": (
        "proxy: GET service/tickets/123 got no answer: the proxy on the way to https://cw.example.com failed: "
        "Connection refused"
    ),
    "timeout": "timeout: it must be more than 0 seconds.",
}

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_ticket from opening to deleting, each step in check mode, really, and again."""

from __future__ import annotations

from integration.plays import Player, cycle, names_and_ids, newest_only, note, settles, task, ticket

KEY = "deploy-1"


def test_life_cycle(play: Player) -> None:
    opened = {
        "key": KEY,
        "summary": "Deploy webshop",
        "description": "Version 4.2.",
        "company": "Acme Corporation",
        "board": "Changes & Projects",
        "type": "Change",
        "subtype": "Deployment",
        "priority": "Priority 2 - High",
    }
    run = play(
        *cycle(ticket("open", **opened)),
        *cycle(ticket("change", key=KEY, status="In Progress", priority="Priority 4 - Low", owner="oncall")),
        *cycle(ticket("close", key=KEY, state="closed", resolution="It runs.")),
        ticket("open again, closed", **opened),
        ticket("change, closed", key=KEY, status="In Progress"),
        *cycle(ticket("reopen", key=KEY, when_closed="reopen")),
        *cycle(ticket("close as failed", key=KEY, state="closed", status="Failed")),
        *cycle(ticket("reopen as", key=KEY, when_closed="reopen", status="Approved", priority="Priority 1 - Critical")),
        ticket("close for good", key=KEY, state="closed"),
        *cycle(ticket("open a second", **opened, when_closed="create")),
        *cycle(ticket("delete", key=KEY, state="absent")),
    )
    settles(run, "open", "created")
    foreseen, real, again = (run[name]["ticket"] for name in ("open, in check mode", "open", "open, again"))
    assert (foreseen["id"], real["id"], again["id"]) == (0, 20000, 20000)
    wanted = {
        "board": (2, "Changes & Projects"),
        "company": (250, "Acme Corporation"),
        "priority": (6, "Priority 2 - High"),
        "subtype": (121, "Deployment"),
        "type": (21, "Change"),
    }
    assert names_and_ids(foreseen) == wanted
    assert names_and_ids(real) == {**wanted, "status": (201, "New"), "team": (53, "Change Team")}
    assert run["open"]["url"].startswith(play.simulator.url) and "service_recid=20000&" in run["open"]["url"]
    assert run["open, in check mode"]["url"] is None

    settles(run, "change", "updated")
    assert run["change"]["diff"] == {
        "before": {"status": "New", "priority": "Priority 2 - High", "owner": None},
        "after": {"status": "In Progress", "priority": "Priority 4 - Low", "owner": "On Call"},
    }
    assert run["change"]["ticket"]["status"]["id"] == 203

    settles(run, "close", "closed")
    assert run["close"]["diff"] == {
        "before": {"status": "In Progress"},
        "after": {"status": "Completed", "resolution": "It runs."},
    }
    closed = run["close"]["ticket"]
    assert (closed["is_closed"], closed["status_name"]) == (True, "Completed")
    assert closed["closed_datetime"] is not None
    assert run["close, in check mode"]["ticket"]["is_closed"] is True

    for name in ("open again, closed", "change, closed"):
        assert (run[name].status, run[name]["operation"], run[name].writes) == ("ok", "unchanged", [])
        assert run[name]["msg"] == "The ticket is closed and was left as it is (when_closed: leave)."

    settles(run, "reopen", "reopened")
    assert run["reopen"]["diff"] == {"before": {"status": "Completed"}, "after": {"status": "New"}}
    assert run["reopen"]["ticket"]["is_closed"] is False
    settles(run, "close as failed", "closed")
    assert run["close as failed"]["ticket"]["status_name"] == "Failed"
    settles(run, "reopen as", "reopened")
    assert run["reopen as"]["diff"]["after"] == {"status": "Approved", "priority": "Priority 1 - Critical"}

    settles(run, "open a second", "created")
    assert run["open a second"]["ticket"]["id"] == 20001
    settles(run, "delete", "deleted")
    assert 20001 not in play.tickets()


def test_check_mode_of_a_fresh_playbook(play: Player) -> None:
    """Tasks that build on what an earlier one would have done do not fail, and nothing is written."""
    run = play(
        ticket(
            "open",
            {"register": "change"},
            key=KEY,
            summary="Deploy webshop",
            company="Acme",
            board="Changes & Projects",
            custom_fields={"Risk Score": 3},
            configurations=["PROD-WEB-01"],
        ),
        note("note by id", ticket_id="{{ change.ticket.id }}", text="It has begun."),
        note("note by key", ticket_key=KEY, text="It has begun.", key="progress"),
        note("no note", ticket_key=KEY, key="progress", state="absent"),
        ticket("status by id", id="{{ change.ticket.id }}", status="In Progress"),
        ticket("status by key", key=KEY, status="In Progress", custom_fields={"Billing Required": True}),
        ticket("attach by key", key=KEY, configurations=["67890"]),
        ticket("close by id", id="{{ change.ticket.id }}", state="closed", status="Completed", resolution="Done."),
        ticket("close by key", key=KEY, state="closed", status="Completed", resolution="Done."),
        ticket("close without a status", key=KEY, state="closed"),
        ticket("delete", key=KEY, state="absent"),
        check=True,
        diff=True,
    )
    assert play.simulator.writes() == []
    assert {each.task: each["operation"] for each in run} == {
        "open": "created",
        "note by id": "created",
        "note by key": "created",
        "no note": "unchanged",
        "status by id": "updated",
        "status by key": "updated",
        "attach by key": "updated",
        "close by id": "closed",
        "close by key": "closed",
        "close without a status": "closed",
        "delete": "unchanged",
    }
    for name in ("note by id", "status by id", "close by id"):
        assert run[name]["url"] is None
    assert "+++ after" in run.output and '"status": "In Progress"' in run.output


def test_closing(play: Player) -> None:
    """Which status closes, and the resolution."""
    here = {"summary": "Printer is on fire", "company": "Acme", "board": "Help Desk"}
    run = play(
        *cycle(ticket("open and close", key="a", **here, state="closed", resolution="Put out.")),
        *cycle(ticket("open and close by match", **{**here, "summary": "Toner"}, state="closed", status="Resolved")),
        *cycle(ticket("another closing status", key="a", state="closed", status="Resolved")),
        *cycle(ticket("close by id", id=123, state="closed", resolution="Deleted 40000 mails.")),
        ticket("not a closing status", id=12345, state="closed", status="In Progress"),
        ticket("resolution without closing", id=12345, resolution="Done."),
        *cycle(ticket("reopen by id", id=123, status="In Progress")),
        fails=True,
    )
    settles(run, "open and close", "created")
    ticket_a = run["open and close"]["ticket"]
    assert (ticket_a["status_name"], ticket_a["is_closed"]) == (">Closed", True)
    assert run["open and close, in check mode"]["ticket"]["is_closed"] is True
    settles(run, "open and close by match", "created")
    assert run["open and close by match"]["ticket"]["status_name"] == "Resolved"
    settles(run, "another closing status", "updated")
    settles(run, "close by id", "closed")
    assert [(each["text"], each["resolutionFlag"]) for each in play.notes(123)] == [("Deleted 40000 mails.", True)]
    assert [(each["text"], each["resolutionFlag"]) for each in play.notes(20000)] == [("Put out.", True)]
    settles(run, "reopen by id", "reopened")
    assert run.messages == {
        "not a closing status": (
            "status: 'In Progress' does not close a ticket. On this board these do: "
            ">Closed (id 105), Resolved (id 456)."
        ),
        "resolution without closing": "resolution: it is written when a ticket is closed: give state: closed with it.",
    }


def test_an_interrupted_run_is_brought_to_its_end(play: Player) -> None:
    """What a run that broke off has done is found by the next one, and nothing is there twice."""
    whole = ticket(
        "whole",
        key=KEY,
        summary="Deploy webshop",
        company="Acme",
        board="Changes & Projects",
        configurations=["PROD-WEB-01", "PROD-WEB-02"],
        state="closed",
        resolution="It runs.",
    )
    faults = [r"tickets/\d+/notes$", r"tickets/20000$", r"tickets/\d+/configurations$"]
    tasks = []
    for number, _path in enumerate(faults):
        tasks.append({**whole, "name": f"broken {number}"})
    for method, path in zip(("POST", "PATCH", "POST"), faults, strict=True):
        play.simulator.fault("403", method=method, path=path)
    run = play(*tasks, *[{**whole, "name": "to its end"}, {**whole, "name": "again"}], fails=True)
    assert [each.status for each in run] == ["failed", "failed", "failed", "changed", "ok"]
    # The second one failed at its first write.
    assert [run[f"broken {number}"]["changed"] for number in range(3)] == [True, False, True]
    assert run["again"].writes == []
    assert play.tickets() == {20000: "Deploy webshop"}
    assert [each["text"] for each in play.notes(20000)] == ["It runs."]
    assert play.attached(20000) == [67890, 67891]
    assert run["again"]["ticket"]["is_closed"] is True


def test_found(play: Player) -> None:
    """By id, key, custom field and match; numbers also as text."""
    run = play(
        ticket("id", id=12345, severity="High"),
        ticket("id as text", id="12345", severity="Low"),
        ticket("alias", ticket_id=12345, severity="Medium"),
        ticket("id before key", id=12345, key="kept-1"),
        ticket("by that key", key="kept-1", severity="High"),
        ticket("blanks around a key", key=" kept-1 ", severity="High"),
        *cycle(ticket("key field", key="rmm-7", key_field="RMM Key", summary="Disk full", company="Acme")),
        ticket("key field, changed", key="rmm-7", key_field="RMM Key", severity="High"),
        *cycle(ticket("match", summary="Disk full", company="Acme", board="1", severity="Low", match=["severity"])),
        *cycle(ticket("match of three", summary="Disk full", company="Acme", board="Network Operations")),
        ticket("closed is no match", summary="Switch replaced", company="NorthwindUS", board="Network Operations"),
        ticket("match by id of board", summary="Disk full", board="3", match=["board", "summary"]),
    )
    assert [run[name]["ticket"]["id"] for name in ("id", "id as text", "alias", "id before key")] == [12345] * 4
    assert run["by that key"].status == "changed"
    assert run["by that key"]["ticket"]["id"] == 12345
    assert run["blanks around a key"].status == "ok"
    settles(run, "key field", "created")
    made = run["key field"]["ticket"]
    assert made["external_x_ref"] is None
    assert {entry["caption"]: entry.get("value") for entry in made["custom_fields"] if entry.get("value")} == {
        "RMM Key": "rmm-7"
    }
    assert run["key field, changed"]["ticket"]["id"] == made["id"]
    settles(run, "match", "created")
    settles(run, "match of three", "created")
    assert run["match of three"]["ticket"]["board_name"] == "Network Operations"
    assert run["closed is no match"]["operation"] == "created"
    assert run["match by id of board"]["operation"] == "unchanged"


def test_names_in_their_scope(play: Player) -> None:
    """One name stands for other records on another board, and each task gets its board's."""
    same = {"company": "Acme", "status": "In Progress", "type": "Incident"}
    run = play(
        ticket("help desk", key="b1", summary="One", board="Help Desk", **same, subtype="Server", item="Reboot"),
        ticket("network", key="b3", summary="Three", board="Network Operations", **same, subtype="Server"),
        ticket("by ids", key="ids", summary="Ids", company=250, board=1, status=102, type="11", subtype=111, item=1111),
        *cycle(
            ticket(
                "moved",
                key="b1",
                board="Network Operations",
                status="In Progress",
                type="Incident",
                subtype="Server",
                team="Network Team",
                item="",
            )
        ),
        ticket("identifier", key="b3", company="acme", owner="oncall", team="network team"),
        ticket("member by name", key="b3", owner="On Call"),
        ticket("member by mail", key="b3", owner="oncall@msp.example"),
        *cycle(ticket("contact and site", key="b3", contact="IT Manager", site="Warehouse & Yard")),
        ticket("contact by mail", key="b3", contact="it.manager@acme.example"),
        *cycle(ticket("empties", key="b3", contact="", owner="", required_date="", fields={"poNumber": ""})),
    )
    assert names_and_ids(run["help desk"]["ticket"]) == {
        "board": (1, "Help Desk"),
        "company": (250, "Acme Corporation"),
        "item": (1111, "Reboot"),
        "priority": (7, "Priority 3 - Medium"),
        "status": (102, "In Progress"),
        "subtype": (111, "Server"),
        "team": (51, "Service Team"),
        "type": (11, "Incident"),
    }
    network = names_and_ids(run["network"]["ticket"])
    assert {name: network[name] for name in ("status", "type", "subtype")} == {
        "status": (302, "In Progress"),
        "type": (31, "Incident"),
        "subtype": (131, "Server"),
    }
    assert names_and_ids(run["by ids"]["ticket"]) == names_and_ids(run["help desk"]["ticket"])
    settles(run, "moved", "updated")
    moved = names_and_ids(run["moved"]["ticket"])
    assert {name: moved.get(name) for name in ("board", "status", "type", "subtype", "item", "team")} == {
        "board": (3, "Network Operations"),
        "status": (302, "In Progress"),
        "type": (31, "Incident"),
        "subtype": (131, "Server"),
        "item": None,
        "team": (54, "Network Team"),
    }
    assert run["identifier"]["diff"]["after"] == {"owner": "On Call"}
    for name in ("member by name", "member by mail", "contact by mail"):
        assert (run[name].status, run[name].writes) == ("ok", []), name
    settles(run, "contact and site", "updated")
    assert run["contact and site"]["diff"]["after"] == {"contact": "IT Manager", "site": "Warehouse & Yard"}
    settles(run, "empties", "updated")
    assert run["empties"]["diff"]["after"] == {"contact": None, "owner": None}


def test_odd_names(play: Player) -> None:
    """Quotes of both kinds, ampersands, percent signs, brackets and letters beyond ASCII, wherever a name goes."""
    companies = [
        "O'Brien & Söhne 100%",
        'The "Quoted" Company',
        'Bob\'s "Best" Burgers',
        "Žluťoučký kůň s.r.o.",
        "[Internal] Services",
    ]
    texts = ['It\'s 100% "done" & [so]', "[1] 90% \\ größer", "%", "under_scores_ and 日本 🚀"]
    tasks = []
    for number, company in enumerate(companies):
        text = texts[number % len(texts)]
        # Ansible would take "{{" for a template, so these go in as variables that are marked as none.
        tasks += [
            ticket(f"key {number}", key=f"{text} {number}", summary=text, company=company, description=text),
            ticket(f"key {number}, again", key=f"{text} {number}", summary=text, company=company, description=text),
            ticket(f"match {number}", summary=f"{text}?", company=company),
            ticket(f"match {number}, again", summary=f"{text}?", company=company),
        ]
    run = play(*tasks)
    for number, company in enumerate(companies):
        for kind in ("key", "match"):
            first, again = run[f"{kind} {number}"], run[f"{kind} {number}, again"]
            assert first["operation"] == "created"
            assert first["ticket"]["company_name"] == company
            assert (again["operation"], again.writes) == ("unchanged", [])
            assert again["ticket"]["id"] == first["ticket"]["id"]
        assert run[f"key {number}"]["ticket"]["summary"] == texts[number % len(texts)]
        assert play.notes(run[f"key {number}"]["ticket"]["id"])[0]["text"] == texts[number % len(texts)]


def test_configurations(play: Player) -> None:
    """By name within the company and by id; attached once; others stay."""
    run = play(
        *cycle(ticket("by name", id=123, configurations=["PROD-WEB-01", '19" Rack "A"'])),
        *cycle(ticket("one more, by id", id=123, configurations=[67890, "67892"])),
        ticket("other case", id=123, configurations=["prod-web-01", "prod-db-01"]),
        ticket("twice the same", id=12345, configurations=["PROD-DB-01", 67892, "PROD-DB-01"]),
        ticket("twice the same, again", id=12345, configurations=["PROD-DB-01", 67892, "PROD-DB-01"]),
        *cycle(
            ticket(
                "of another company",
                key="c",
                summary="Two",
                company="NorthwindUS",
                board=1,
                configurations=["PROD-WEB-01"],
            )
        ),
        ticket("odd name", key="d", summary="Three", company=252, configurations=['Käse & 100% "Büro" PC\'s']),
    )
    settles(run, "by name", "updated")
    assert run["by name"]["diff"] == {"before": {}, "after": {"configurations": ["PROD-WEB-01", '19" Rack "A"']}}
    settles(run, "one more, by id", "updated")
    assert run["one more, by id"]["diff"]["after"] == {"configurations": ["PROD-DB-01"]}
    assert run["other case"].status == "ok"
    assert play.attached(123) == [67890, 67892, 67896]
    assert play.attached(12345) == [67892]
    assert run["twice the same, again"].writes == []
    settles(run, "of another company", "created")
    assert play.attached(run["of another company"]["ticket"]["id"]) == [67893]
    assert play.attached(run["odd name"]["ticket"]["id"]) == [67897]


def test_custom_fields(play: Player) -> None:
    """Each type settles, what is not named stays, and an empty text empties."""
    first = {"Risk Score": "1.50", "Billing Required": "yes", "Go-live Date": "2026-12-31", "Change Window": "Saturday"}
    run = play(
        *cycle(ticket("all types", id=123, custom_fields=first)),
        ticket("other forms", id=123, custom_fields={"risk score": 1.5, "Billing Required": True}),
        ticket("a time", id=123, custom_fields={"Go-live Date": "2026-12-31T17:00:00Z"}),
        *cycle(ticket("one of them", id=123, custom_fields={"Risk Score": 0})),
        *cycle(ticket("a list", id=123, custom_fields={"Impact Area": "Network"})),
        *cycle(ticket("empty", id=123, custom_fields={"Go-live Date": "", "Change Window": ""})),
        *cycle(ticket("unchecked", id=123, custom_fields={"Billing Required": False})),
        *cycle(ticket("on create", key=KEY, summary="New", company="Acme", custom_fields=first)),
    )
    settles(run, "all types", "updated")
    assert run["all types"]["diff"]["after"]["custom_fields"] == {
        "Risk Score": 1.5,
        "Billing Required": True,
        "Go-live Date": "2026-12-31T00:00:00Z",
        "Change Window": "Saturday",
    }
    assert run["other forms"].status == "ok"
    assert run["a time"].status == "ok"
    for name in ("one of them", "a list", "empty", "unchecked"):
        settles(run, name, "updated")
    values = {entry["caption"]: entry.get("value") for entry in run["unchecked"]["ticket"]["custom_fields"]}
    assert values == {
        "Change Window": None,
        "Go-live Date": None,
        "Billing Required": False,
        "Risk Score": 0,
        "RMM Key": None,
        "Impact Area": "Network",
    }
    settles(run, "on create", "created")
    made = {entry["caption"]: entry.get("value") for entry in run["on create"]["ticket"]["custom_fields"]}
    assert {caption: made[caption] for caption in first} == {
        "Risk Score": 1.5,
        "Billing Required": True,
        "Go-live Date": "2026-12-31T00:00:00Z",
        "Change Window": "Saturday",
    }


def test_fields(play: Player) -> None:
    """Dates that the server rewrites, and the fields that have no option of their own."""
    further = {
        "automaticEmailCc": ["b@acme.example", "a@acme.example"],
        "automaticEmailCcFlag": True,
        "budgetHours": "2.50",
        "poNumber": "PO 7/8",
        "serviceLocation": "On-Site",
        "billTime": "nocharge",
        "estimatedStartDate": "2026-12-24",
    }
    run = play(
        *cycle(ticket("date", id=123, required_date="2026-12-31")),
        ticket("date with a time", id=123, required_date="2026-12-31T17:00:00Z"),
        ticket("date in another zone", id=123, required_date="2026-12-31T23:30:00-05:00"),
        *cycle(ticket("fields", id=123, severity="High", impact="Low", source="RMM", fields=further)),
        ticket("mails in another order", id=123, fields={"automaticEmailCc": "A@acme.example; b@acme.example"}),
        *cycle(ticket("fewer mails", id=123, fields={"automaticEmailCc": "b@acme.example"})),
        *cycle(ticket("quietly", id=123, summary="Mail is fast", fields={"processNotifications": False})),
        *cycle(ticket("on create", key=KEY, summary="New", company="Acme", required_date="2026-12-31", fields=further)),
    )
    settles(run, "date", "updated")
    assert run["date"]["diff"]["after"] == {"required_date": "2026-12-31T00:00:00Z"}
    assert run["date with a time"].status == "ok"
    assert run["date in another zone"]["diff"]["after"] == {"required_date": "2027-01-01T00:00:00Z"}
    settles(run, "fields", "updated")
    assert run["fields"]["ticket"]["automatic_email_cc"] == "b@acme.example;a@acme.example;"
    assert run["fields"]["ticket"]["budget_hours"] == 2.5
    assert run["fields"]["ticket"]["service_location"]["name"] == "On-Site"
    assert run["mails in another order"].status == "ok"
    settles(run, "fewer mails", "updated")
    settles(run, "quietly", "updated")
    assert run["quietly"]["diff"]["after"] == {"summary": "Mail is fast"}
    (change,) = [entry for entry in run["quietly"].requests if entry["write"]]
    assert {"op": "replace", "path": "processNotifications", "value": False} in change["body"]
    settles(run, "on create", "created")


def test_request_counts(play: Player) -> None:
    """No request more than promised."""
    by_ids = {"company": 250, "board": 1, "status": 102, "priority": 6, "type": 11}
    run = play(
        ticket("create by match", summary="Ids", **by_ids),
        ticket("create by match, again", summary="Ids", **by_ids),
        ticket("create by key", key=KEY, summary="Keyed", **by_ids),
        ticket("create by key, again", key=KEY, summary="Keyed", **by_ids),
        ticket("unchanged by id", id=12345, status="In Progress", company="Acme", board="Help Desk"),
        ticket("unchanged by key", key=KEY, status="In Progress", priority="Priority 2 - High"),
        ticket("changed by name", id=12345, status="Waiting Customer", priority="Priority 1 - Critical"),
        ticket("changed by id", key=KEY, status=103),
        ticket("nothing asked", id=12345),
        note("note", ticket_id=12345, text="One."),
        note("note, again", ticket_id=12345, text="One."),
        note("note, changed", ticket_id=12345, text="Two.", key="k"),
        note("note, changed again", ticket_id=12345, text="Three.", key="k"),
        note("note by keys", ticket_key=KEY, text="One."),
        note("note by keys, again", ticket_key=KEY, text="One."),
    )
    assert {each.task: each.lines for each in run} == {
        "create by match": ["GET service/tickets", "POST service/tickets"],
        "create by match, again": ["GET service/tickets"],
        # The last one looks whether another run opened a ticket with this key at the same moment.
        "create by key": ["GET service/tickets", "POST service/tickets", "GET service/tickets"],
        "create by key, again": ["GET service/tickets"],
        "unchanged by id": ["GET service/tickets/12345"],
        "unchanged by key": ["GET service/tickets"],
        "changed by name": ["GET service/tickets/12345", "PATCH service/tickets/12345"],
        "changed by id": ["GET service/tickets", "PATCH service/tickets/20001"],
        "nothing asked": ["GET service/tickets/12345"],
        "note": ["GET service/tickets/12345/notes", "POST service/tickets/12345/notes"],
        "note, again": ["GET service/tickets/12345/notes"],
        "note, changed": ["GET service/tickets/12345/notes", "POST service/tickets/12345/notes"],
        "note, changed again": ["GET service/tickets/12345/notes", "PATCH service/tickets/12345/notes/50003"],
        "note by keys": [
            "GET service/tickets",
            "GET service/tickets/20001/notes",
            "POST service/tickets/20001/notes",
        ],
        "note by keys, again": ["GET service/tickets", "GET service/tickets/20001/notes"],
    }
    for each in run:
        assert len({entry["connection"] for entry in each.requests}) == 1, "one connection a task"


@newest_only
def test_servers_that_take_less(play: Player) -> None:
    """Names are looked up where the server refuses them, or says yes and keeps what it had."""
    made = {"summary": "Names", "company": "Acme", "board": "Network Operations", "status": "In Progress"}
    for number, switches in enumerate(
        [
            {"patch_reference_names": "refuse", "post_reference_names": "refuse", "attach_twice": "ignore"},
            {"patch_reference_names": "ignore", "board_move": "keep-old", "custom_fields_left_out": "clear"},
        ]
    ):
        play.simulator.reset()
        play.simulator.switch(**switches)
        run = play(
            *cycle(ticket("open", key=KEY, **made, configurations=["PROD-WEB-01"])),
            *cycle(ticket("change", key=KEY, board="Help Desk", status="In Progress", team="Service Team")),
            *cycle(ticket("custom", key=KEY, custom_fields={"Risk Score": 2})),
            *cycle(ticket("close", key=KEY, state="closed", resolution="Done.")),
        )
        settles(run, "open", "created")
        assert run["open"]["ticket"]["status"]["id"] == 302, number
        settles(run, "change", "updated")
        assert run["change"]["ticket"]["status"]["id"] == 102, number
        settles(run, "custom", "updated")
        settles(run, "close", "closed")


def test_loop_and_templates(play: Player) -> None:
    """Text from the server is data: it is never taken for a template."""
    play.simulator.insert(
        "company/configurations",
        [{"id": 70000, "name": "{{ lookup('env', 'HOME') }}", "company": {"id": 250}, "type": {"id": 1}}],
    )
    run = play(
        task("cw_configuration_info", "read", {"register": "found"}, id=70000),
        {
            "name": "use",
            "ansible.builtin.set_fact": {"used": "{{ found.configurations[0].name }}"},
        },
        {"name": "show", "ansible.builtin.debug": {"var": "used"}},
    )
    assert run["show"]["used"] == "{{ lookup('env', 'HOME') }}"

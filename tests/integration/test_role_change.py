# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role change: one ticket around the user's tasks, whatever comes of them."""

from __future__ import annotations

import json
import re
from typing import Any

from integration.plays import SECONDS, Player, Run, Task, newest_only

PYTHON = "ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'"
WEB = "\n".join(["[web]", *(f"web{number} {PYTHON}" for number in (1, 2, 3, 4))]) + "\n"
KEY = "deploy-1"
NEW = {"change_summary": "Deploy", "change_company": "Acme", "change_board": "Changes & Projects"}
FAILS = "msp.connectwise.change : Fail as the change did"
DONE: Task = {"name": "Install", "ansible.builtin.command": {"argv": ["true"]}}
FAILS_ON_3: Task = {
    "name": "Install",
    "ansible.builtin.command": {"argv": ["sh", "-c", "echo disk full; exit 1"]},
    "when": "inventory_hostname == 'web3'",
}


def inside(play: Player, *tasks: Task, key: str = KEY, **variables: Any) -> Task:
    """The role around tasks."""
    file = play.folder / f"{key}.yml"
    file.write_text(json.dumps(list(tasks)))
    return {
        "name": "Deploy",
        "ansible.builtin.include_role": {"name": "msp.connectwise.change"},
        "vars": {"change_key": key, **NEW, "change_tasks": str(file), **variables},
    }


def on_all(play: Player, *tasks: Task, inventory: str = WEB, fails: bool = False, **how: Any) -> Run:
    """Run a play on the hosts of a group; further keywords as of Player.start."""
    also = {"hosts": "web", "ignore_errors": False, **how.pop("also", {})}
    return play(*tasks, inventory=inventory, also=also, fails=fails, **how)


def change(play: Player, *tasks: Task, serial: int = 4, **how: Any) -> Run:
    """Run tasks inside the role on the hosts of a group."""
    role = inside(play, *tasks, **how.pop("variables", {}))
    also = {"serial": serial, **how.pop("also", {})}
    return on_all(play, role, also=also, **how)


def result(play: Player, ticket_id: int) -> tuple[bool, list[str]]:
    """Whether a ticket is closed, and the lines of its last note."""
    lines = texts(play, ticket_id)[-1].splitlines()
    return bool(play.ticket(ticket_id)["closedFlag"]), [line for line in lines if line]


def texts(play: Player, ticket_id: int) -> list[str]:
    """The notes of a ticket, without their keys and with # for times."""
    found = [each["text"].rpartition("\n\n[key: ")[0] for each in play.notes(ticket_id)]
    return [said(re.sub(r"[0-9]:[0-9]{2}:[0-9]{2}", "#", text)) for text in found]


def said(text: str) -> str:
    """What Ansible says of a command that failed, in the words of ansible-core before 2.21."""
    return text.replace("The command exited with a non-zero return code", "non-zero return code")


def test_one_ticket_for_all_batches(play: Player) -> None:
    planned = change(play, DONE, serial=2, check=True)
    assert [write for each in planned for write in each.writes] == []
    assert play.tickets() == {}
    change(play, DONE, serial=2)
    (ticket_id,) = play.tickets()
    assert play.ticket(ticket_id)["closedFlag"]
    assert texts(play, ticket_id) == [
        "Begun on 4 hosts.\n- web1\n- web2\n- web3\n- web4",
        "2 of 4 hosts done after #.",
        "The change is done after #.\n\n- 4 of 4 hosts done",
    ]
    # The same change once more is the same ticket.
    change(play, DONE, variables={"change_done_status": "Completed"})
    assert list(play.tickets()) == [ticket_id]
    assert play.ticket(ticket_id)["status"]["name"] == "Completed"
    assert len(play.notes(ticket_id)) == 5


def test_a_host_that_fails(play: Player) -> None:
    log = play.folder / "deploy.log"
    log.write_text("all that was printed")
    variables = {"change_failed_status": "Approved", "change_log": str(log)}
    run = change(play, FAILS_ON_3, serial=2, fails=True, variables=variables)
    assert run.code == 2
    assert said(run.messages[FAILS]) == "Install: non-zero return code: disk full"
    (ticket_id,) = play.tickets()
    assert (play.ticket(ticket_id)["status"]["name"], play.ticket(ticket_id)["closedFlag"]) == ("Approved", False)
    assert texts(play, ticket_id)[-1] == (
        "The change failed after #.\n\n- 3 of 4 hosts done\n- web3 failed at Install: non-zero return code: disk full"
    )
    assert texts(play, ticket_id)[1] == "2 of 4 hosts done after #."
    with play.simulator.client() as client:
        (document,) = client.get_documents("Ticket", ticket_id)
    assert (document.fileName, document.is_private) == ("deploy.log", True)


def test_what_a_failure_says(play: Player) -> None:
    """Neither hidden results nor templates get into the ticket."""
    hidden: Task = {
        "name": "Hidden",
        "ansible.builtin.fail": {"msg": "my own secret"},
        "no_log": True,
        "when": "inventory_hostname == 'web1'",
    }
    odd: Task = {
        "name": "Odd",
        "ansible.builtin.fail": {"msg": "{{ '{{' }} 1 + 1 {{ '}}' }}"},
        "when": "inventory_hostname == 'web2'",
    }
    change(play, hidden, odd, fails=True)
    (ticket_id,) = play.tickets()
    assert "my own secret" not in str(play.simulator.journal())
    said = texts(play, ticket_id)[-1].splitlines()
    assert said[3] == "- web1 failed at Hidden: it hides its result (no_log)"
    assert said[4] == "- web2 failed at Odd: {{ 1 + 1 }}"


def test_hosts_that_are_lost(play: Player) -> None:
    gone = WEB.replace(f"web2 {PYTHON}", "web2 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1")
    run = change(play, {"name": "Ask", "ansible.builtin.command": {"argv": ["true"]}}, inventory=gone, fails=True)
    assert run.code == 4
    (ticket_id,) = play.tickets()
    assert texts(play, ticket_id)[-1].splitlines()[2:] == [
        "- 3 of 4 hosts done",
        "- web2 left the play: unreachable, failed or ended",
    ]
    assert not play.ticket(ticket_id)["closedFlag"]


def test_connectwise_is_lost(play: Player) -> None:
    """Before the change it does not begin; behind it the play fails; and what failed itself is not hidden."""
    environment = {"CW_RETRY_BUDGET": "0"}
    play.simulator.fault("503-html", path="^service/tickets$", times=0)
    run = change(play, DONE, fails=True, environment=environment)
    assert [each.status for each in run if each.task == "Install"] == []
    play.simulator.no_faults()
    play.simulator.fault("503-html", path="notes", method="POST", times=0, after=1)
    run = change(play, FAILS_ON_3, fails=True, environment=environment)
    assert said(run.messages[FAILS]) == "Install: non-zero return code: disk full"


def test_hosts_that_do_not_keep_step(play: Player) -> None:
    """With the strategy free the ticket stays open until the last host is done."""
    here, go = play.folder / "web4 is here", play.folder / "go on"
    last: Task = {
        "name": "Wait",
        "ansible.builtin.shell": f"touch '{here}'; until test -e '{go}'; do sleep 0.1; done",
        "when": "inventory_hostname == 'web4'",
    }
    other: Task = {
        "name": "Wait for the last",
        "ansible.builtin.shell": f"until test -e '{here}'; do sleep 0.1; done",
        "when": "inventory_hostname != 'web4'",
    }
    look: Task = {
        "name": "Look",
        "msp.connectwise.cw_ticket_info": {"conditions": "id >= 20000", "closed": True},
        "when": "inventory_hostname == 'web1'",
        "delegate_to": "localhost",
    }
    let: Task = {
        "name": "Let it go on",
        "ansible.builtin.file": {"path": str(go), "state": "touch", "mode": "0600"},
        "when": "inventory_hostname == 'web1'",
    }
    process, record = play.start(
        inside(play, last, other), look, let, inventory=WEB, also={"hosts": "web", "strategy": "free"}
    )
    output, _nothing = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, output
    found = [json.loads(line) for line in record.read_text().splitlines()]
    assert [each["result"]["count"] for each in found if each["task"] == "Look" and each["status"] == "ok"] == [0]
    (ticket_id,) = play.tickets()
    assert result(play, ticket_id) == (True, ["The change is done after #.", "- 4 of 4 hosts done"])


@newest_only
def test_only_some_hosts_take_part(play: Player) -> None:
    """The change is done when those are that take part; a host that was lost before is missing."""
    some = {**inside(play, DONE), "when": "inventory_hostname in ('web1', 'web3')"}
    on_all(play, some, also={"serial": 2})
    once = {**inside(play, DONE, key="once"), "run_once": True}
    on_all(play, once)
    broken: Task = {
        "name": "Prepare",
        "ansible.builtin.fail": {"msg": "off"},
        "when": "inventory_hostname == 'web2'",
    }
    on_all(play, broken, inside(play, DONE, key="before"), fails=True)
    first, second, third = play.tickets()
    assert result(play, first) == (True, ["The change is done after #.", "- 2 of 2 hosts done"])
    assert result(play, second) == (True, ["The change is done after #.", "- 1 of 1 hosts done"])
    assert result(play, third) == (
        False,
        [
            "The change failed after #.",
            "- 3 of 4 hosts done",
            "- web2 left the play before the change: unreachable, failed or ended",
        ],
    )


def test_one_failure_ends_all(play: Player) -> None:
    """With any_errors_fatal the ticket tells which host it was, and the play fails with its message."""
    run = change(play, FAILS_ON_3, also={"any_errors_fatal": True}, fails=True)
    (ticket_id,) = play.tickets()
    closed, lines = result(play, ticket_id)
    assert not closed
    assert "- web3 failed at Install: non-zero return code: disk full" in lines
    told = {each.host: each["msg"] for each in run if each.task == FAILS and each.status == "failed"}
    assert said(told["web3"]) == "Install: non-zero return code: disk full"


def test_a_change_after_one_that_failed(play: Player) -> None:
    """Neither the next change nor the second try takes over the failure of the first."""
    broken: Task = {"name": "Install", "ansible.builtin.fail": {"msg": "disk full"}}
    again: Task = inside(play, DONE, key="again")
    rescued = {
        "block": [inside(play, broken)],
        "rescue": [inside(play, DONE, key="rollback"), {**again, "vars": {**again["vars"], "change_key": KEY}}],
    }
    assert on_all(play, rescued, fails=True).code == 0
    first, rollback = play.tickets()
    assert result(play, first)[0] and result(play, rollback)[0]
    assert [text.splitlines()[0] for text in texts(play, first)] == [
        "Begun on 4 hosts.",
        "The change failed after #.",
        "Begun on 4 hosts.",
        "The change is done after #.",
    ]


@newest_only
def test_a_change_inside_a_change(play: Player) -> None:
    """Each has its own ticket, and notes go into that of their key, once."""
    inner = inside(play, DONE, key="inner")
    told: Task = {
        "name": "Tell",
        "ansible.builtin.include_role": {"name": "msp.connectwise.change", "tasks_from": "note"},
        "vars": {"change_key": KEY, "change_note": "Between the two."},
    }
    change(play, inner, told)
    outer_id, inner_id = play.tickets()
    assert [text.splitlines()[0] for text in texts(play, inner_id)] == [
        "Begun on 4 hosts.",
        "The change is done after #.",
    ]
    assert [each["text"] for each in play.notes(outer_id)].count("Between the two.") == 1
    assert (
        result(play, outer_id)
        == result(play, inner_id)
        == (
            True,
            ["The change is done after #.", "- 4 of 4 hosts done"],
        )
    )


def test_what_a_loop_and_odd_output_say(play: Player) -> None:
    """A loop tells of its items unless one is hidden; what can't be stored is left out."""
    loop: Task = {
        "name": "Loop",
        "ansible.builtin.command": {"argv": ["sh", "-c", "echo {{ item }}; exit 1"]},
        "loop": ["my own secret", "b"],
    }
    hidden = {**loop, "no_log": "{{ item == 'my own secret' }}", "when": "inventory_hostname == 'web1'"}
    shown = {**loop, "loop": ["a", "b"], "when": "inventory_hostname == 'web2'"}
    odd: Task = {
        "name": 'Odd "x" 😀',
        "ansible.builtin.command": {"argv": ["sh", "-c", "printf 'a\\033[31mb\\000\\001c' >&2; exit 1"]},
        "when": "inventory_hostname == 'web3'",
    }
    change(play, hidden, shown, odd, fails=True)
    (ticket_id,) = play.tickets()
    assert "my own secret" not in str(play.simulator.journal())
    assert result(play, ticket_id)[1][2:] == [
        "- web1 failed at Loop: it hides its result (no_log)",
        "- web2 failed at Loop: non-zero return code: a; non-zero return code: b",
        '- web3 failed at Odd "x" 😀: non-zero return code: abc',
    ]


@newest_only
def test_a_file_of_tasks_that_is_not_there(play: Player) -> None:
    """It is told before a ticket is opened."""
    run = change(play, fails=True, variables={"change_tasks": "/no/such.yml"})
    assert run.messages["msp.connectwise.change : Look for the tasks of the change"] == (
        "change_tasks: there is no file /no/such.yml."
    )
    assert play.tickets() == {}

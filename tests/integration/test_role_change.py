# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role change: one ticket around the user's tasks, whatever comes of them."""

from __future__ import annotations

import json
import re
from typing import Any

from integration.plays import Player, Run, Task

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


def change(play: Player, *tasks: Task, serial: int = 4, inventory: str = WEB, fails: bool = False, **how: Any) -> Run:
    """Run tasks inside the role on the hosts of a group."""
    file = play.folder / "change.yml"
    file.write_text(json.dumps(list(tasks)))
    variables = {"change_key": KEY, **NEW, "change_tasks": str(file), **how.pop("variables", {})}
    role: Task = {
        "name": "Deploy",
        "ansible.builtin.include_role": {"name": "msp.connectwise.change"},
        "vars": variables,
    }
    also = {"hosts": "web", "serial": serial, "ignore_errors": False}
    return play(role, inventory=inventory, also=also, fails=fails, **how)


def texts(play: Player, ticket_id: int) -> list[str]:
    """The notes of a ticket, without their keys and with # for times."""
    found = [each["text"].rpartition("\n\n[key: ")[0] for each in play.notes(ticket_id)]
    return [re.sub(r"[0-9]:[0-9]{2}:[0-9]{2}", "#", text) for text in found]


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
    assert run.messages[FAILS] == "Install: non-zero return code: disk full"
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
        "- web2 could not be reached any more",
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
    assert run.messages[FAILS] == "Install: non-zero return code: disk full"

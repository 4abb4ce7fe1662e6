# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_ticket
type: notification
short_description: Opens a ticket of ConnectWise PSA for a playbook that fails, and closes it when it succeeds again
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - When a playbook ends with failed tasks or unreachable hosts, or does not come to its end, a service ticket is
    opened, or the one that is open already gets a further note with the failures and the recap. The next run of the
    playbook without failures closes it.
  - There is one ticket for the same playbook, inventory and first failing task. Its key, of which O(key_prefix) is the
    first part, is kept in the ticket's external reference (C(externalXRef)).
  - What is ignored (C(ignore_errors), C(ignore_unreachable)) or made good by a C(rescue) is no failure. What is hidden
    by C(no_log) is hidden in the note. In check mode nothing is written.
  - Everything is written at the end of the playbook and within O(time_limit). Where ConnectWise can't be reached, the
    playbook ends as it would without this plugin, but for a warning. The report is kept in the folder O(spool) and sent
    at the end of the next playbook.
  - Ansible calls no plugin when it is ended by C(SIGTERM) or C(SIGKILL), or when a playbook can't be loaded. There is
    no ticket for that. Ctrl-C and errors that end a playbook half-way count as failures.
requirements:
  - enable in the configuration of Ansible (C(callbacks_enabled = msp.connectwise.cw_ticket))
extends_documentation_fragment:
  - msp.connectwise.connection.plugin
options:
  company:
    description: Company of the tickets, by id, identifier or name.
    type: str
    required: true
    env: [{name: CW_TICKET_COMPANY}]
    ini: [{section: callback_cw_ticket, key: company}]
  board:
    description:
      - Service board of new tickets.
      - If not set, the default board of the API member.
    type: str
    env: [{name: CW_TICKET_BOARD}]
    ini: [{section: callback_cw_ticket, key: board}]
  status:
    description:
      - Status of new tickets, and of those that are opened again.
      - If not set, the board's default status.
    type: str
    env: [{name: CW_TICKET_STATUS}]
    ini: [{section: callback_cw_ticket, key: status}]
  closed_status:
    description:
      - Status that tickets are closed with.
      - If not set, the board's status V(Closed) or V(>Closed), else its first one that closes tickets.
    type: str
    env: [{name: CW_TICKET_CLOSED_STATUS}]
    ini: [{section: callback_cw_ticket, key: closed_status}]
  priority:
    description: Priority of new tickets.
    type: str
    env: [{name: CW_TICKET_PRIORITY}]
    ini: [{section: callback_cw_ticket, key: priority}]
  type:
    description: Type of new tickets, one of the board's.
    type: str
    env: [{name: CW_TICKET_TYPE}]
    ini: [{section: callback_cw_ticket, key: type}]
  key_prefix:
    description:
      - The first part of the tickets' keys, at most 60 characters.
      - The rest is made of the O(company), the names of playbook and inventory below the current folder, and the name
        of the task. Set it where projects of one company have playbooks and inventories of the same names, such as to
        the name of the job template.
    type: str
    default: ansible
    env: [{name: CW_TICKET_KEY_PREFIX}]
    ini: [{section: callback_cw_ticket, key: key_prefix}]
  close_on_success:
    description:
      - Which runs without failures close the open tickets of the playbook and inventory.
      - V(whole) is for those of the whole playbook; with C(--limit), C(--tags), C(--skip-tags), C(--start-at-task) or
        C(--step) it is not known whether the failure is gone.
      - V(any) is for all, V(never) for none.
    type: str
    choices: [whole, any, never]
    default: whole
    env: [{name: CW_TICKET_CLOSE_ON_SUCCESS}]
    ini: [{section: callback_cw_ticket, key: close_on_success}]
  reopen_within:
    description:
      - How long ago a ticket may have been closed to be opened again, such as V(12h), V(7d) or V(2w). In place of one
        that was closed earlier a new one is opened.
      - If not set, always a new one.
    type: str
    env: [{name: CW_TICKET_REOPEN_WITHIN}]
    ini: [{section: callback_cw_ticket, key: reopen_within}]
  ignore_hosts:
    description: Hosts whose failures do not count, by names or patterns such as V(lab-*).
    type: list
    elements: str
    default: []
    env: [{name: CW_TICKET_IGNORE_HOSTS}]
    ini: [{section: callback_cw_ticket, key: ignore_hosts}]
  time_limit:
    description:
      - Seconds that writing may take at the end of a playbook, all together.
      - O(timeout) and O(retry_budget) are never longer.
    type: float
    default: 15.0
    env: [{name: CW_TICKET_TIME_LIMIT}]
    ini: [{section: callback_cw_ticket, key: time_limit}]
  spool:
    description:
      - Folder for reports that could not be written yet, at most 100. It is made readable by its owner only.
    type: path
    default: ~/.ansible/cw_ticket
    env: [{name: CW_TICKET_SPOOL}]
    ini: [{section: callback_cw_ticket, key: spool}]
seealso:
  - module: msp.connectwise.cw_ticket
"""

EXAMPLES = r"""
# ansible.cfg; the connection comes from the environment: CW_URL, CW_CLIENT, CW_USERNAME, CW_PASSWORD, CW_CLIENT_ID
ansible_cfg: |
  [defaults]
  callbacks_enabled = msp.connectwise.cw_ticket

  [callback_cw_ticket]
  company = Acme
  board = Network Operations
  priority = Priority 2 - High
"""

import atexit
import os
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from typing import Any

from ansible import context
from ansible.errors import AnsibleError
from ansible.plugins.callback import CallbackBase

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import HAS_REQUESTS, ConnectWiseClient
from ansible_collections.msp.connectwise.plugins.module_utils.glue import in_process
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import CONNECTION
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module, build_client, failure
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import duration
from ansible_collections.msp.connectwise.plugins.modules import cw_ticket, cw_ticket_info, cw_ticket_note
from ansible_collections.msp.connectwise.plugins.plugin_utils import run_report
from ansible_collections.msp.connectwise.plugins.plugin_utils.run_report import Counts, Failure
from ansible_collections.msp.connectwise.plugins.plugin_utils.spool import Report, Spool

LONGEST_PREFIX = 60  # characters; the rest of a key has 34, and all may have 100
MOST_SECONDS = 3600
# What a report holds. "key" is empty for a run without failures; "tickets" is the part of the key that all tickets of
# the playbook and inventory have, "options" those of cw_ticket.
MEMBERS: dict[str, type] = {
    "id": str,
    "account": str,
    "prefix": str,
    "tickets": str,
    "key": str,
    "text": str,
    "options": dict,
}
TICKET_OPTIONS = ("company", "board", "status", "priority", "type", "reopen_within")


class Refused(Exception):
    """A report could not be written; ``last`` says that others can't either."""

    def __init__(self, text: str, last: bool) -> None:
        super().__init__(text)
        self.last = last


class TimeUp(BaseException):
    """The time limit is reached. No Exception, so that nothing on the way takes it for a failure of its own."""


@dataclass
class Run:
    """A playbook that is running."""

    playbook: str
    begun: str
    process: int = field(default_factory=os.getpid)
    failures: list[Failure] = field(default_factory=list)
    task: str = ""
    """The task that is running."""


class CallbackModule(CallbackBase):
    """Keeps what fails, and reports it at the end of each playbook."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "msp.connectwise.cw_ticket"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._counts: Counts = {}
        self._settings: dict[str, Any] = {}
        self._client: ConnectWiseClient

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Read the options; where they can't be, warn once and do nothing from then on."""
        try:
            if not HAS_REQUESTS:
                raise AnsibleError("the Python library requests is missing")
            super().set_options(task_keys, var_options, direct)  # type: ignore[no-untyped-call]
            self._settings = dict(self._plugin_options)
            if len(self._settings["key_prefix"]) > LONGEST_PREFIX:
                raise AnsibleError(f"key_prefix: it is longer than {LONGEST_PREFIX} characters")
            if not 0 < self._settings["time_limit"] <= MOST_SECONDS:
                raise AnsibleError(f"time_limit: it must be more than 0 and at most {MOST_SECONDS} seconds")
            if self._settings["reopen_within"]:
                duration("reopen_within", self._settings["reopen_within"])
            self._client = build_client(self._connection(), read_only=True)
        except AnsibleError as error:
            self._give_up(f"{error}".rstrip("."))
        except Exception as error:
            self._give_up(failure(error)["msg"].rstrip("."))

    def _give_up(self, reason: str) -> None:
        self.disabled = True
        self._warn(f"{reason}. No ticket will be written.")

    def _warn(self, text: str) -> None:
        self._display.warning(f"msp.connectwise.cw_ticket: {text}")

    def _connection(self) -> dict[str, Any]:
        options = {name: self._settings[name] for name in CONNECTION}
        limit = self._settings["time_limit"]
        options["timeout"] = min(options["timeout"], limit)
        options["retry_budget"] = min(options["retry_budget"], limit / 3)
        return options

    # What Ansible tells

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Begin a run, unless it is one that writes nothing."""
        name = playbook._file_name or ""
        if context.CLIARGS.get("check") or name == "__adhoc_playbook__":
            return
        begun = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
        self._run = Run(run_report.path_name(os.path.abspath(name), os.getcwd()), begun)
        atexit.unregister(self._aborted)
        atexit.register(self._aborted)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Remember where the run is."""
        if self._run:
            self._run.task = _name_of(task)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        """Likewise."""
        self.v2_playbook_on_task_start(task, False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Keep a failure."""
        if not ignore_errors:
            self._keep(result, "failures")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Keep that a host is unreachable."""
        if not result._task.ignore_unreachable:
            self._keep(result, "dark")

    def _keep(self, result: Any, count: str) -> None:
        host, task = result._host.get_name(), result._task
        if self._run and not self._ignored(host):
            place = run_report.path_name(task.get_path() or "", os.getcwd())
            told = run_report.message(result._result)
            self._run.failures.append(Failure(host, count, _name_of(task), _key_of(task), place, told))

    def _ignored(self, host: str) -> bool:
        return any(fnmatchcase(host, pattern) for pattern in self._settings["ignore_hosts"])

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Report the run at its end."""
        run, self._run = self._run, None
        before, self._counts = self._counts, run_report.counted(stats)
        if run:
            counts = run_report.since(self._counts, before)
            self._report(run, {host: numbers for host, numbers in counts.items() if not self._ignored(host)})

    def _aborted(self) -> None:
        """Report a run that did not come to its end, when Python ends."""
        run, self._run = self._run, None
        if run and run.process == os.getpid():
            self._report(run, None)

    # What is made of it

    def _report(self, run: Run, counts: Counts | None) -> None:
        """Report a run; ``counts`` is None for one that was aborted."""
        try:
            report = self._made(run, counts)
            if report:
                self._send(report)
        except Exception as error:
            self._warn(str(failure(error)["msg"]))

    def _made(self, run: Run, counts: Counts | None) -> Report | None:
        """What is to be said of a run; None where it is nothing."""
        failures = run.failures if counts is None else run_report.final(run.failures, counts)
        failed = counts is None or any(each["failures"] or each["dark"] for each in counts.values())
        if not failed and not (counts and self._closes()):
            return None
        inventories = [run_report.path_name(path, os.getcwd()) for path in context.CLIARGS.get("inventory") or ()]
        prefix = self._settings["key_prefix"].strip()
        account = run_report.identity(self._settings["base_url"], self._settings["client"])
        tickets = run_report.identity(self._settings["company"], run.playbook, *inventories)
        first = failures[0] if failures else None
        task = first.task if first else run_report.ABORTED
        options = {name: self._settings[name] for name in TICKET_OPTIONS}
        about = [
            ("Playbook", run.playbook),
            ("Inventory", ", ".join(inventories)),
            ("Limit", str(context.CLIARGS.get("subset") or "")),
            ("Begun", run.begun),
        ]
        if not failed:
            about.insert(0, ("No failures", "the ticket is closed"))
        elif counts is None:
            about.append(("Aborted", f"{run_report.ABORTED}; its last task was {run.task or '(none)'}"))
        options["summary"] = run_report.summary(run.playbook, task)
        options["description"] = (
            f"Ansible opened this ticket because the playbook {run.playbook} failed. "
            "Each failed run is an internal note."
        )
        # Of runs without failures one report for all is enough.
        settled = run_report.identity(account, prefix) + tickets
        return {
            "id": uuid.uuid4().hex if failed else settled,
            "account": account,
            "prefix": prefix,
            "tickets": tickets,
            "key": run_report.identity(first.task_key if first else "") if failed else "",
            "text": self._client.blank(run_report.note(about, failures, counts)),
            "options": {name: self._client.blank(text) if text else text for name, text in options.items()},
            "closed_status": self._settings["closed_status"],
        }

    def _closes(self) -> bool:
        """Whether this run, without failures, closes tickets."""
        wanted = self._settings["close_on_success"]
        given = context.CLIARGS
        whole = tuple(given.get("tags") or ("all",)) == ("all",) and not any(
            given.get(name) for name in ("subset", "skip_tags", "start_at_task", "step")
        )
        return bool(wanted == "any" or (wanted == "whole" and whole))

    # How it is written

    def _send(self, report: Report) -> None:
        """Write a report, and those that wait. What can't be written waits for the next run."""
        spool = Spool(self._settings["spool"], MEMBERS)
        limit = self._settings["time_limit"]
        troubles, unusable = [], ""
        # First of all it is kept: this process may be killed while it sends.
        try:
            given_up = spool.add(report)
            if given_up:
                troubles.append(f"spool: {given_up} old reports were given up")
        except OSError as error:
            unusable = f"spool: {str(spool.folder)!r} can't be used: {error.strerror}"
        sys.stdout.flush()  # the recap need not wait for this
        try:
            with time_limit(limit):
                if unusable:
                    self._write(report, again=False)
                else:
                    troubles += self._send_waiting(spool, report)
        except TimeUp:
            troubles.append(f"time_limit: ConnectWise took longer than {limit:g} s")
        except Refused as error:
            troubles.append(str(error))
        except OSError as error:
            unusable = f"spool: {str(spool.folder)!r} can't be used: {error.strerror}"
        if unusable:
            troubles.append(unusable)
        elif troubles and spool.names():
            troubles.append(f"Reports that wait in {str(spool.folder)!r} for the next run: {len(spool.names())}")
        if troubles:
            self._warn(" ".join(f"{text.rstrip('.')}." for text in dict.fromkeys(troubles)))

    def _send_waiting(self, spool: Spool, new: Report) -> list[str]:
        """Write all reports that wait, oldest first. Returns what is to be told."""
        troubles = []
        with spool.sending():
            for name in spool.names():
                try:
                    report = spool.read(name)
                except FileNotFoundError:
                    continue  # it gave way to a newer one
                if report is None:
                    troubles.append(f"spool: the file {name} was broken and is set aside as cw_ticket.broken")
                    continue
                if report["account"] != new["account"]:
                    continue
                if (report["prefix"], report["tickets"]) == (new["prefix"], new["tickets"]):
                    # What was wrong with the options may have been put right.
                    options = {**new["options"], "summary": report["options"].get("summary")}
                    report = {**report, "options": options, "closed_status": new["closed_status"]}
                try:
                    self._write(report, again=report["id"] != new["id"])
                except Refused as error:
                    troubles.append(str(error))
                    if error.last:
                        break
                else:
                    spool.remove(name)
        return troubles

    def _write(self, report: Report, again: bool) -> None:
        """Write a report; if it is not the first attempt, look first whether an earlier one did it.

        Raises:
            Refused: it could not be done.
        """
        start = f"{report['prefix']}:{report['tickets']}:"
        # Not the prefix, which can hold anything; and no "like", which some servers take no notice of (fact sheet 4.9).
        condition = f'externalXRef contains "{report["tickets"]}"'
        found = self._ask(cw_ticket_info.MODULE, conditions=condition, closed=False, fields=["id", "externalXRef"])
        keys = {each["id"]: str(each["external_x_ref"]) for each in found["tickets"]}
        there = sorted(number for number, key in keys.items() if key.startswith(start))
        if not report["key"]:
            closing = {"state": "closed", "status": report.get("closed_status"), "resolution": report["text"]}
            refused = []
            for number in there:
                try:
                    self._ask(cw_ticket.MODULE, id=number, **closing)
                except Refused as error:
                    refused.append(error)
            if refused:
                raise refused[0]
            return
        key = start + report["key"]
        note = {"key": report["id"], "text": report["text"]}
        if again and self._ask(cw_ticket_note.MODULE, True, ticket_key=key, **note)["operation"] != "created":
            return
        number = next((number for number in there if keys[number] == key), 0)
        if not number:
            when_closed = "reopen" if report["options"].get("reopen_within") else "create"
            opened = self._ask(cw_ticket.MODULE, key=key, when_closed=when_closed, **report["options"])
            number = opened["ticket"]["id"]
        self._ask(cw_ticket_note.MODULE, ticket_id=number, **note)

    def _ask(self, module: Module, check_mode: bool = False, /, **options: Any) -> dict[str, Any]:
        """Run a module of the collection and return its result.

        Raises:
            Refused: it failed.
        """
        given = {name: value for name, value in {**self._connection(), **options}.items() if value is not None}
        result = in_process.run(module, self.CALLBACK_NAME, given, {}, check_mode)
        if result.get("failed"):
            details = result.get("failure", {})
            raise Refused(result["msg"], bool(details.get("retryable")) or details.get("status") == 401)
        return result


def _name_of(task: Any) -> str:
    """What a task is called for people; as it stands in the playbook where its values are not for them."""
    return _key_of(task) if task.no_log else str(task.get_name())


def _key_of(task: Any) -> str:
    """The name of a task as it stands in the playbook, with its role; the same for all hosts."""
    written = task.get_ds()
    name = written.get("name") if isinstance(written, dict) else None
    if not name:
        return str(task.action)
    return f"{task._role.get_name()} : {name}" if task._role else str(name)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp in what takes longer. Python can do it in the main thread only, which is where Ansible is at the end
    of a playbook; programs that use Ansible as a library may not be, and have the time-outs of the client."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    running = [True]

    def up(_signal: int, _frame: Any) -> None:
        if running:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, up)
    # More than once, for an exception that is raised while an object is deleted is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        try:
            yield
        finally:
            running.clear()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)

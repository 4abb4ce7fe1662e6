# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the guides run, and the errors that docs/troubleshooting.md explains are those that come.

A block of code in docs/*.md is run by what its first line says:

- ``yaml``: tasks or plays, all of a page in one ansible-playbook; ``yaml vars``: variables for its tasks. Rulebooks are
  run by the tests of the event sources.
- ``yaml file=NAME``, or any language: the file of that name, beside the others.
- ``console`` and ``shell``: all of a page in one shell, after the playbook.
- ``python``: all of a page in one program, after the shell.
- ``text``: what something says; not run.

What can't be run says why, in the next line: ``*Not run by the tests: it needs a controller.*``
A block in a comment is run as well, so that files which a reader has anyway need not be shown.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.basic import missing_required_lib

import checkout
from conftest import TREE
from integration.plays import LOCALHOST, SECONDS, Player, Task, newest_only

DOCS = checkout.REPOSITORY / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
FENCE = re.compile(
    r"^ *```(?P<language>\w+)(?: (?P<argument>[^\n`]+))?\n(?P<text>.*?)^ *```$"
    r"(?:\n+\*Not run by the tests: (?P<reason>[^*]+)\.\*$)?",
    re.MULTILINE | re.DOTALL,
)
SHELLS = ("console", "shell")
NOT_CODE = ("text", "mermaid")
# How many blocks of a page say that they are not run.
NOT_RUN = {"architecture.md": 1, "awx.md": 2, "events.md": 2, "first-ticket.md": 2, "simulator.md": 1, "testing.md": 1}


@dataclass(frozen=True)
class Block:
    """A block of code of a page."""

    language: str
    argument: str
    text: str
    reason: str
    """Why it is not run; empty where it is."""

    @property
    def file(self) -> str:
        """The name of the file that it is; empty where it is run in place."""
        return self.argument.removeprefix("file=") if self.argument.startswith("file=") else ""


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = [Block(*(part or "" for part in match.groups())) for match in FENCE.finditer(text)]
    assert len(found) == len(re.findall(r"^ *```\w", text, re.MULTILINE))
    return found


def is_rulebook(entries: Any) -> bool:
    return isinstance(entries, list) and all("rules" in entry for entry in entries)


def playbook(page: str) -> list[Task]:
    """The plays of a page; tasks beside plays are plays of their own."""
    plays: list[Task] = []
    variables: Task = {}
    for block in blocks(page):
        if block.language != "yaml" or block.file or block.reason:
            continue
        entries = yaml.safe_load(block.text)
        if block.argument == "vars":
            variables.update(entries)
        elif not is_rulebook(entries):
            assert isinstance(entries, list), f"{page}: this is neither tasks nor plays: {block.text}"
            plays += entries if "hosts" in entries[0] else [{"tasks": entries}]
    common = {"name": "Examples", "hosts": "localhost", "gather_facts": False, "vars": variables}
    return [{**common, **play} if "tasks" in play and "hosts" not in play else play for play in plays]


def scripts(page: str, languages: Sequence[str]) -> str:
    """The blocks of these languages that are run in place."""
    return "\n".join(
        block.text for block in blocks(page) if block.language in languages and not block.file and not block.reason
    )


@dataclass
class Reader:
    """Does what a page says, in a folder."""

    play: Player
    folder: Path

    def __call__(self, *command: str, **settings: str) -> None:
        """Run a command, which must succeed without a warning, a traceback or a secret."""
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.play.environment(self.folder, {**self._settings(), **settings}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.play.processes.append(process)
        output, _nothing = process.communicate(timeout=SECONDS)
        print(output)
        assert process.returncode == 0
        assert "Traceback" not in output
        assert not [secret for secret in self.play.secrets if secret in output]

    def _settings(self) -> dict[str, str]:
        own = self.folder / "ansible.cfg"
        return {
            "ANSIBLE_INVENTORY": str(self.folder / "hosts"),
            **({"ANSIBLE_CONFIG": str(own)} if own.exists() else {}),
        }


@newest_only
@pytest.mark.parametrize("page", PAGES)
def test_examples(play: Player, page: str) -> None:
    folder = play.folder
    read = Reader(play, folder)
    (folder / "hosts").write_text(LOCALHOST)
    (folder / "msp.connectwise").symlink_to(checkout.REPOSITORY)
    for block in blocks(page):
        if block.file:
            (folder / block.file).write_text(block.text)
    plays = playbook(page)
    if plays:
        (folder / "examples.yml").write_text(json.dumps(plays))
        read(*play.core.command("ansible-playbook"), "examples.yml")
    shell = scripts(page, SHELLS)
    if shell:
        read("bash", "-e", "-o", "pipefail", "-c", shell)
    program = scripts(page, ["python"])
    for name, placeholder in (
        ("base_url", "https://api-na.myconnectwise.net"),
        ("username", "public key"),
        ("password", "private key"),
        ("client_id", "your client id"),
    ):
        program = program.replace(f'{name}="{placeholder}"', f"{name}={play.simulator.login[name]!r}")
    if program:
        read(str(play.core.python), "-c", program, PYTHONPATH=str(TREE))


@newest_only
@pytest.mark.parametrize("page", ["README.md", "roles/change/README.md", "roles/configuration_sync/README.md"])
def test_playbooks_of_front_pages(play: Player, page: str) -> None:
    """Run, and run again, which changes nothing but what the role change notes of a second time."""
    folder = play.folder
    hosts = [LOCALHOST, "[web]\n", *(f"web{number} ansible_connection=local\n" for number in range(3))]
    (folder / "hosts").write_text("".join(hosts))
    (folder / "deploy.yml").write_text(json.dumps([{"name": "Deploy", "ansible.builtin.debug": {"msg": "deployed"}}]))
    (folder / "examples.yml").write_text(json.dumps(playbook(f"../{page}")))
    read = Reader(play, folder)
    read(*play.core.command("ansible-playbook"), "examples.yml")
    written = play.simulator.writes()
    assert written
    read(*play.core.command("ansible-playbook"), "examples.yml")
    if "change" not in page:
        assert play.simulator.writes() == written


def test_blocks_are_run_or_say_why() -> None:
    counted = {}
    for page in PAGES:
        for block in blocks(page):
            known = block.language in ("yaml", "python", *SHELLS, *NOT_CODE) or block.file
            assert known or block.reason, f"{page}: {block.language} is not run: {block.text}"
        reasons = [block.reason for block in blocks(page) if block.reason]
        counted.update({page: len(reasons)} if reasons else {})
    assert counted == {page: count for page, count in NOT_RUN.items() if page in PAGES}


@dataclass(frozen=True)
class Explained:
    """An error of docs/troubleshooting.md."""

    sentence: str
    provoked: Task
    """What brings it about; empty where a test can't. ``fault``: of the simulator; ``tasks``: run before; ``ok``: it
    is told without a failure; ``unset``: the environment names no connection; the rest are keywords of the task.
    """

    def matches(self, message: str) -> bool:
        """Whether the message is this sentence, whatever ``…`` stands for."""
        parts = [re.escape(part) for part in self.sentence.split("…")]
        return re.search(".*".join(parts), message, re.DOTALL) is not None


def explained() -> list[Explained]:
    """The errors in the order of the page."""
    text = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    found = re.findall(r"^### `([^\n]+)`\n\n(?:<!-- provoked by\n(.*?)-->\n)?", text, re.MULTILINE | re.DOTALL)
    return [Explained(sentence, yaml.safe_load(how) if how else {}) for sentence, how in found]


def fault(**details: Any) -> Task:
    """A task that lets the next request go wrong."""
    address = "{{ lookup('ansible.builtin.env', 'CW_URL') }}/_simulator/faults"
    sent = {"method": "POST", "status_code": [200, 201, 204], "body_format": "json", "body": details}
    return {"name": "Next, something goes wrong", "ansible.builtin.uri": {"url": address, **sent}}


def steps(error: Explained) -> list[Task]:
    """The tasks that bring an error about; the last one with its name is the one that tells it."""
    keywords = {name: value for name, value in error.provoked.items() if name not in ("fault", "tasks", "ok", "unset")}
    before = [{"name": "Before", **task} for task in error.provoked.get("tasks", [])]
    told: list[Task] = [{"name": error.sentence, **keywords}]
    if "fault" in error.provoked:
        told = [fault(**error.provoked["fault"]), *told]
    return before + told


@newest_only
def test_errors_that_are_explained(play: Player) -> None:
    """Each comes as the page has it, where a task can bring it about."""
    errors = [error for error in explained() if error.provoked]
    assert len(errors) > 25
    there = [error for error in errors if "unset" not in error.provoked]
    run = play(*[step for error in there for step in steps(error)], fails=True)
    missing = [error for error in errors if "unset" in error.provoked]
    nothing = dict.fromkeys(play.simulator.environment)
    alone = play(*[step for error in missing for step in steps(error)], fails=True, environment=nothing, journal=False)
    outcomes = {each.task: each for each in [*run, *alone]}
    for error in errors:
        outcome = outcomes[error.sentence]
        assert (outcome.status == "failed") is not error.provoked.get("ok", False), error.sentence
        assert error.matches(str(outcome["msg"])), f"{error.sentence}\ncame as: {outcome['msg']}"


def constants() -> str:
    """All texts in the code of the collection; those of an f-string are several."""
    found = []
    for path in (checkout.REPOSITORY / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


@newest_only
def test_other_errors_that_are_explained(play: Player) -> None:
    """Those that no task brings about here are in the code, or Ansible's own."""
    ours = constants()
    said = missing_required_lib("requests")
    broken, _record = play.start(
        {"name": "No collection", "msp.connectwise.cw_ticket": {"id": 1}},
        environment={"ANSIBLE_COLLECTIONS_PATH": str(play.folder)},
    )
    said += broken.communicate(timeout=SECONDS)[0]
    for error in explained():
        if error.provoked or error.matches(said):
            continue
        parts = [part.strip(" .") for part in error.sentence.split("…")]
        assert max(map(len, parts)) > 12, error.sentence
        assert [part for part in parts if part not in ours] == [], error.sentence

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of docs/awx: jobs run as AWX runs them, and its images are made of what the collection says it needs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

import checkout
from conftest import Core
from integration.plays import SECONDS, Player, newest_only

AWX = checkout.REPOSITORY / "docs" / "awx"
RELEASE = {"release": "webshop 4.2", "company": "Acme"}
# What runs a job, and cancels it as AWX does: ansible-runner asks again and again whether it is to go on.
RUN = """
import json, os, sys
import ansible_runner
told = json.loads(sys.argv[1])
cancel = told.pop("cancel_at")
run = ansible_runner.run(**told, quiet=True, cancel_callback=lambda: bool(cancel) and os.path.exists(cancel))
print(json.dumps([run.status, run.rc]))
"""


def inputs() -> dict[str, Any]:
    """The inputs of the credential type, by their ids."""
    return {field["id"]: field for field in yaml.safe_load((AWX / "credential_type_inputs.yml").read_text())["fields"]}


def injected(values: dict[str, Any]) -> dict[str, str]:
    """The environment that a credential of the type gives to a job; rendered as AWX does it."""
    injectors = yaml.safe_load((AWX / "credential_type_injectors.yml").read_text())
    assert set(injectors) == {"env"}
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    return {name: environment.from_string(text).render(**values) for name, text in injectors["env"].items()}


@dataclass
class Job:
    """A job that has ended."""

    status: str
    code: int
    folder: Path

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its events, in order."""
        files = sorted((self.folder / "job_events").glob("*.json"), key=lambda file: int(file.name.partition("-")[0]))
        return [json.loads(file.read_text()) for file in files]

    @property
    def stats(self) -> dict[str, Any]:
        """What it hands on to the next job of a workflow."""
        (last,) = [event for event in self.events if event["event"] == "playbook_on_stats"]
        return dict(last["event_data"]["artifact_data"])


@dataclass
class Controller:
    """Runs jobs as AWX does, with ansible-runner."""

    play: Player
    folder: Path
    jobs: int = 0

    def __call__(
        self, playbook: str, tasks: list[Any] | None = None, cancel_at: Path | None = None, **variables: Any
    ) -> Job:
        """Run a job of a template with a survey."""
        self.jobs += 1
        base = self.folder / f"job{self.jobs}"
        project = base / "project"
        shutil.copytree(AWX / "project", project)
        if tasks:
            (project / "tasks.yml").write_text(json.dumps(tasks))
        for name in ("env", "inventory"):
            (base / name).mkdir()
        settings = self.play.simulator.environment
        credential = {
            "base_url": settings["CW_URL"],
            "client": settings["CW_CLIENT"],
            "client_id": settings["CW_CLIENT_ID"],
            "username": settings["CW_USERNAME"],
            "password": settings["CW_PASSWORD"],
            "validate_certs": True,
        }
        assert set(credential) == set(inputs())
        awx = {
            "ANSIBLE_COLLECTIONS_PATH": str(checkout.linked_tree()),
            "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"],
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_UNSAFE_WRITES": "1",
            "HOME": str(base),
            "JOB_ID": str(self.jobs),
            "NO_PROXY": "127.0.0.1,localhost",
            "PATH": f"{self.play.core.folder / 'bin'}:/usr/bin:/bin",
        }
        (base / "env" / "envvars").write_text(json.dumps({**awx, **injected(credential)}))
        extra = {"awx_job_id": self.jobs, "awx_job_template_name": "Deploy a release", **RELEASE, **variables}
        (base / "env" / "extravars").write_text(json.dumps(extra))
        python = "ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'"
        (base / "inventory" / "hosts").write_text(f"web1 {python}\nweb2 {python}\n")
        told = {
            "private_data_dir": str(base),
            "playbook": playbook,
            "ident": str(self.jobs),
            "cancel_at": str(cancel_at or ""),
        }
        done = subprocess.run(
            [sys.executable, "-c", RUN, json.dumps(told)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
        )
        status, code = json.loads(done.stdout.splitlines()[-1])
        job = Job(status, code, base / "artifacts" / str(self.jobs))
        self._look_for_secrets(job)
        return job

    def _look_for_secrets(self, job: Job) -> None:
        """Nothing that AWX keeps of a job, or shows, may hold the password."""
        for file in job.folder.rglob("*"):
            if file.is_file() and file.name != "command":  # which AWX keeps for itself, with the environment
                text = file.read_text(errors="replace")
                assert not [secret for secret in self.play.secrets if secret in text], file.name


@pytest.fixture
def controller(play: Player, folder: Path) -> Controller:
    """Runs jobs."""
    return Controller(play, folder)


def test_the_credential_type_is_one_that_awx_takes() -> None:
    """Its rules (awx/main/fields.py): types, names of variables, no name that begins with ANSIBLE_."""
    fields = inputs()
    for field in fields.values():
        assert set(field) <= {"id", "label", "type", "secret", "default", "help_text", "choices", "multiline"}
        assert field["type"] in ("string", "boolean")
        assert field["type"] == "string" or "secret" not in field
    assert fields["password"]["secret"] and fields["client_id"]["secret"]
    required = yaml.safe_load((AWX / "credential_type_inputs.yml").read_text())["required"]
    assert set(required) <= set(fields)
    for name in injected(dict.fromkeys(fields, "x")):
        assert re.fullmatch(r"[a-zA-Z_]+[a-zA-Z0-9_]*", name)
        assert not name.startswith("ANSIBLE_")


def test_the_survey_asks_what_the_playbook_needs() -> None:
    questions = json.loads((AWX / "survey.json").read_text())["spec"]
    assert {question["variable"] for question in questions} == set(RELEASE)
    assert {question["type"] for question in questions} == {"text"}


@newest_only
def test_a_workflow(controller: Controller, play: Player) -> None:
    deployed = controller("deploy.yml")
    assert (deployed.status, deployed.code) == ("successful", 0)
    (ticket_id,) = play.tickets()
    assert deployed.stats == {"change_ticket_id": ticket_id}
    assert play.ticket(ticket_id)["closedFlag"]
    verified = controller("verify.yml", **deployed.stats)
    assert verified.status == "successful"
    assert play.notes(ticket_id)[-1]["text"] == "webshop 4.2 answers as it should."


@newest_only
def test_a_job_that_fails(controller: Controller, play: Player) -> None:
    job = controller("deploy.yml", [{"name": "Break", "ansible.builtin.fail": {"msg": "disk full"}}])
    assert (job.status, job.code) == ("failed", 2)
    (ticket_id,) = play.tickets()
    assert not play.ticket(ticket_id)["closedFlag"]
    assert "web1 failed at Break: disk full" in play.notes(ticket_id)[-1]["text"]
    assert controller("deploy.yml").status == "successful"
    assert list(play.tickets()) == [ticket_id]


@newest_only
def test_a_job_that_is_cancelled(controller: Controller, play: Player, folder: Path) -> None:
    begun = folder / "begun"
    tasks = [
        {"name": "Begin", "ansible.builtin.copy": {"dest": str(begun), "content": "", "mode": "0600"}},
        {"name": "Take long", "ansible.builtin.pause": {"seconds": SECONDS}},
    ]
    job = controller("deploy.yml", tasks, cancel_at=begun)
    assert job.status == "canceled"
    (ticket_id,) = play.tickets()
    assert not play.ticket(ticket_id)["closedFlag"]
    assert controller("deploy.yml").status == "successful"
    assert list(play.tickets()) == [ticket_id]


@newest_only
def test_the_image_can_be_made(core: Core, tmp_path: Path) -> None:
    """As far as without a container engine: its context, and what the collection says it needs."""

    def builder(*arguments: str | Path) -> str:
        command = [*core.command("ansible-builder"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout

    context = tmp_path / "context"
    builder("create", "--file", AWX / "execution-environment.yml", "--context", context)
    assert "msp.connectwise" in (context / "_build" / "requirements.yml").read_text()
    # It reads collections in the folders that a real installation has; ours is a link.
    tree = tmp_path / "tree"
    target = tree / checkout.COLLECTION
    target.parent.mkdir(parents=True)
    shutil.copytree(checkout.REPOSITORY / "meta", target / "meta")
    shutil.copy(checkout.REPOSITORY / "galaxy.yml", target)
    assert "requests" in builder("introspect", tree)


@newest_only
def test_the_package_alone_is_enough(play: Player, core: Core, folder: Path) -> None:
    """Built, installed where nothing else is, and run by an ansible-core with requests and nothing else beside."""
    bare = checkout.environment("oldest")
    galaxy = [*core.command("ansible-galaxy"), "collection"]
    subprocess.run([*galaxy, "build", "--output-path", folder], cwd=checkout.REPOSITORY, check=True)
    (tarball,) = folder.glob("msp-connectwise-*.tar.gz")
    subprocess.run([*galaxy, "install", "--offline", tarball, "--collections-path", folder / "c"], check=True)
    job = Controller(play, folder)
    play.core = Core("oldest", bare)
    done = subprocess.run(
        [*play.core.command("ansible-playbook"), "msp.connectwise.demo", "-e", f"demo_folder={folder / 'web'}"],
        env={
            "PATH": f"{bare / 'bin'}:/usr/bin:/bin",
            "HOME": str(folder),
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"],
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "c"),
            **job.play.simulator.environment,
        },
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0
    assert len(play.tickets()) == 1

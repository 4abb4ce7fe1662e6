# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of docs/ci: their shell steps run as in a pipeline, a process each with only variables in between."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

import checkout
from conftest import TREE
from integration.plays import SECONDS, Player, newest_only

CI = checkout.REPOSITORY / "docs" / "ci"
REPOSITORY, TAG = "acme/webshop", "v4.2"
Variables = dict[str, str]


@dataclass(frozen=True)
class Step:
    """A shell step of a pipeline."""

    script: str
    when: str = "on success"
    """ "on success" of the steps before, "on failure", or "always"."""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class Pipeline:
    """What a file says."""

    steps: list[Step]
    variables: Variables


def replaced(text: str, pattern: str, values: Callable[[str], str]) -> str:
    """The text with each expression of a pipeline's own language replaced."""
    return re.sub(pattern, lambda match: values(match[1].strip()), str(text))


def github(secrets: Variables, status: str) -> Pipeline:
    """GitHub Actions."""
    known = {"github.repository": REPOSITORY, "github.ref_name": TAG, "job.status": status}
    known["job.status == 'success' && 'success' || 'failure'"] = "success" if status == "success" else "failure"
    known |= {f"{kind}.{name}": value for name, value in secrets.items() for kind in ("vars", "secrets")}

    def rendered(given: dict[str, Any]) -> Variables:
        return {name: replaced(value, r"\$\{\{(.*?)\}\}", known.__getitem__) for name, value in given.items()}

    file = yaml.safe_load((CI / "github-actions.yml").read_text())
    steps = [
        Step(step["run"], "always" if step.get("if") == "always()" else "on success", rendered(step.get("env", {})))
        for step in file["jobs"]["deploy"]["steps"]
        if "run" in step
    ]
    return Pipeline(steps, rendered(file["env"]))


def gitlab(secrets: Variables, status: str) -> Pipeline:
    """GitLab CI."""
    known = {"CI_PROJECT_PATH": REPOSITORY, "CI_COMMIT_TAG": TAG, "CI_JOB_STATUS": status, **secrets}
    file = yaml.safe_load((CI / "gitlab-ci.yml").read_text())
    variables = {name: replaced(value, r"\$(\w+)", known.__getitem__) for name, value in file["variables"].items()}
    job = file["deploy"]
    steps = [
        Step("\n".join(job["before_script"] + job["script"])),
        Step("\n".join(job["after_script"]), "always"),
    ]
    return Pipeline(steps, {**known, **variables})


def azure(secrets: Variables, status: str) -> Pipeline:
    """Azure Pipelines: secrets are given to the steps that ask for them, and to no others."""
    known = {"Build.Repository.Name": REPOSITORY, "Build.SourceBranchName": TAG, **secrets}

    def rendered(value: str) -> str:
        return replaced(value, r"\$\(([\w.]+)\)", known.__getitem__)

    file = yaml.safe_load((CI / "azure-pipelines.yml").read_text())
    variables = {entry["name"]: rendered(entry["value"]) for entry in file["variables"] if "name" in entry}
    open_ones = {name: value for name, value in secrets.items() if name != "CW_PASSWORD"}
    steps = [
        Step(
            step["script"],
            "always" if step.get("condition") == "always()" else "on success",
            {name: rendered(value) for name, value in step.get("env", {}).items()},
        )
        for step in file["steps"]
    ]
    agent = {"AGENT_JOBSTATUS": "Succeeded" if status == "success" else "Failed"}
    return Pipeline(steps, {**open_ones, **variables, **agent})


def jenkins(secrets: Variables, _status: str) -> Pipeline:
    """Jenkins."""
    known = {"env.JOB_NAME": REPOSITORY, "env.TAG_NAME": TAG}
    text = (CI / "Jenkinsfile").read_text()
    given = dict(re.findall(r"^ +(\w+) = [\"'](.*)[\"']$", text, re.MULTILINE))
    variables = {name: replaced(value, r"\$\{(.*?)\}", known.__getitem__) for name, value in given.items()}
    assert "CW = credentials('connectwise')" in text
    keys = {"CW_USR": secrets["CW_USERNAME"], "CW_PSW": secrets["CW_PASSWORD"], "BUILD_URL": "https://ci.example/1"}
    where = {name: value for name, value in secrets.items() if name not in ("CW_USERNAME", "CW_PASSWORD")}
    steps = []
    parts = re.split(r"post \{|unsuccessful \{", text)
    for part, when in zip(parts, ("on success", "on success", "on failure"), strict=True):
        scripts = re.findall(r"sh (?:'''(.*?)'''|'(.*?)')", part, re.DOTALL)
        steps += [Step(long or short, when) for long, short in scripts]
    return Pipeline(steps, {**variables, **where, **keys})


PIPELINES = {"github": github, "gitlab": gitlab, "azure": azure, "jenkins": jenkins}
each_pipeline = pytest.mark.parametrize("pipeline", PIPELINES)


@dataclass
class Runner:
    """Runs the steps of a pipeline."""

    play: Player
    folder: Path

    def __post_init__(self) -> None:
        tools = self.folder / "tools"
        tools.mkdir()
        for name, text in (
            ("pip", "exit 0"),
            ("ansible-galaxy", "exit 0"),
            ("make", '[ "$1" = "$BROKEN" ] && exit 2; [ "$1" = "$SLOW" ] && exec sleep 60; exit 0'),
        ):
            (tools / name).write_text(f"#!/bin/sh\n{text}\n")
            (tools / name).chmod(0o755)
        (tools / "ansible-playbook").symlink_to(self.play.core.folder / "bin" / "ansible-playbook")

    def environment(self, variables: Variables) -> Variables:
        """What a step sees."""
        return {
            "PATH": f"{self.folder / 'tools'}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "NO_PROXY": "127.0.0.1,localhost",
            "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"],
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_NOCOLOR": "true",
            **variables,
        }

    def __call__(self, name: str, broken: str = "", abort: bool = False) -> str:
        """Run a pipeline; with ``abort``, its deployment hangs and is killed, and nothing comes behind it.

        Returns:
            "success", "failure" or "aborted".
        """
        secrets = dict(self.play.simulator.environment)
        status = "success"
        for number, step in enumerate(PIPELINES[name](secrets, status).steps):
            if status == "failure" and step.when == "on success":
                continue
            if status == "success" and step.when == "on failure":
                continue
            told = PIPELINES[name](secrets, status)
            own = {"BROKEN": broken, "SLOW": "deploy" if abort else ""}
            process = subprocess.Popen(
                ["bash", "-e", "-c", step.script],
                env=self.environment({**told.variables, **told.steps[number].variables, **own}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            self.play.processes.append(process)
            if abort and "make deploy" in step.script:
                self._until_tests_are_noted()
                self.play.stop()
                return "aborted"
            output, _nothing = process.communicate(timeout=SECONDS)
            print(output)
            assert not [secret for secret in self.play.secrets if secret in output]
            assert "Traceback" not in output
            if process.returncode:
                status = "failure"
        return status

    def _until_tests_are_noted(self) -> None:
        end = time.monotonic() + SECONDS
        while not any(self.play.notes(ticket_id) for ticket_id in self.play.tickets()):
            assert time.monotonic() < end
            time.sleep(0.2)


@pytest.fixture
def run(play: Player) -> Runner:
    """Runs pipelines."""
    return Runner(play, play.folder)


def told(play: Player) -> list[tuple[bool, list[str]]]:
    """Of each ticket of the test: whether it is closed, and its notes."""
    return [
        (bool(play.ticket(number)["closedFlag"]), [note["text"] for note in play.notes(number)])
        for number in play.tickets()
    ]


@each_pipeline
def test_a_pipeline(run: Runner, play: Player, pipeline: str) -> None:
    assert run(pipeline) == "success"
    ((closed, notes),) = told(play)
    assert closed
    assert notes[0] == "The tests have passed."
    assert list(play.tickets().values()) == [f"Deploy {REPOSITORY} {TAG}"]


@newest_only
@each_pipeline
def test_a_pipeline_that_fails_and_runs_again(run: Runner, play: Player, pipeline: str) -> None:
    assert run(pipeline, broken="deploy") == "failure"
    ((closed, notes),) = told(play)
    assert not closed
    assert "fail" in notes[-1].casefold()
    assert run(pipeline) == "success"
    ((closed, notes),) = told(play)
    assert closed
    assert notes.count("The tests have passed.") == 1


@newest_only
@each_pipeline
def test_a_pipeline_that_is_aborted_and_runs_again(run: Runner, play: Player, pipeline: str) -> None:
    assert run(pipeline, abort=True) == "aborted"
    ((closed, _notes),) = told(play)
    assert not closed
    assert run(pipeline) == "success"
    ((closed, notes),) = told(play)
    assert closed
    assert notes.count("The tests have passed.") == 1


@newest_only
def test_pipelines_at_one_moment(run: Runner, play: Player) -> None:
    """All four have the same key, and there is one ticket."""
    with ThreadPoolExecutor(len(PIPELINES)) as pool:
        assert list(pool.map(run, PIPELINES)) == ["success"] * len(PIPELINES)
    ((closed, notes),) = told(play)
    assert closed
    assert "The tests have passed." in notes

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection, check it, install it where nothing else is, and try it there. Publishes nothing.

Ends with 0 if what lies in dist then can be published, else with 1 and the reason.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

import checkout
import demo
import environment
import package

CHECKS = {
    "ansible-lint": ("--offline", "--profile=production", "--strict"),
    "antsibull-changelog": ("lint",),
    "antsibull-docs": (
        *("lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", "--check-extra-docs-refs", "."),
    ),
}
"""Programs that must have nothing to say, and their arguments; they run in the root of the checkout."""


def version() -> str:
    """The version in galaxy.yml."""
    return str(yaml.safe_load((checkout.REPOSITORY / "galaxy.yml").read_text())["version"])


def obstacles(version: str) -> list[str]:
    """Why this checkout can't be released as that version, in sentences; empty where it can."""
    found = []
    status = checkout.git("status", "--porcelain", "--no-renames", "-z")
    if dirty := [os.fsdecode(line[3:]) for line in status.split(b"\0") if line]:
        found.append(f"Not committed: {', '.join(dirty)}. A release is what a commit holds: commit this, or remove it.")
    if checkout.git("tag", "--list", version, f"v{version}"):
        found.append(f"The version {version} is tagged already: write the next one into galaxy.yml.")
    changelogs = checkout.REPOSITORY / "changelogs"
    if version not in yaml.safe_load((changelogs / "changelog.yaml").read_text())["releases"]:
        found.append(
            f"The changelog has no entry for {version}: describe the changes in changelogs/fragments and run"
            " 'make changelog'."
        )
    fragments = sorted(path.name for path in (changelogs / "fragments").glob("[!.]*"))
    if fragments:
        found.append(f"In changelogs/fragments, but in no entry: {', '.join(fragments)}. Run 'make changelog'.")
    for path in checkout.known_to_git():
        if path.suffix in (".md", ".yml"):
            text = (checkout.REPOSITORY / path).read_text()
            others = set(re.findall(r"\bmsp-connectwise-([0-9][^\s/]*)\.tar\.gz", text)) - {version}
            found += [f"{path} names the version {other}, and galaxy.yml {version}." for other in sorted(others)]
    return found


def check(tarball: Path, folder: Path) -> None:
    """Galaxy's importer on the tarball, and CHECKS; ends the program where one of them finds something."""
    settings = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(checkout.linked_tree()),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "PATH": os.pathsep.join([str(demo.BIN), os.environ["PATH"]]),
        "NO_COLOR": "1",
    }
    commands: dict[str, list[str | Path]] = {
        "galaxy-importer": ["-m", "galaxy_importer.main", tarball],
        **{program: [demo.BIN / program, *arguments] for program, arguments in CHECKS.items()},
    }
    for program, command in commands.items():
        done = subprocess.run(
            [sys.executable, *command],
            cwd=folder if program == "galaxy-importer" else checkout.REPOSITORY,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # The importer tells of problems and goes on.
        problems = re.findall("^(?:ERROR|WARNING): .*", done.stdout, re.MULTILINE)
        if done.returncode or problems:
            raise SystemExit(f"{done.stdout}\n{program} found something (it ended with {done.returncode}).")
        print(f"{program}: nothing to say", flush=True)


def try_out(tarball: Path, folder: Path) -> None:
    """Install the tarball beside ansible-core and requests and nothing else, and run its demo playbook twice there.

    The simulator runs from this checkout. Ends the program where the second run writes something.
    """
    pins = checkout.REPOSITORY / "requirements" / "release.txt"
    bare, collections = folder / "bare", folder / "collections"
    environment.make(bare, sys.executable, ["ansible-core", "requests", "--constraint", pins])
    programs = bare / "bin"
    settings = {**os.environ, "ANSIBLE_HOME": str(folder / "ansible"), "ANSIBLE_COLLECTIONS_PATH": str(collections)}
    for command in (["install", "--offline", tarball, "-p", collections], ["verify", "--offline", "msp.connectwise"]):
        galaxy: list[str | Path] = [programs / "python", programs / "ansible-galaxy", "collection", *command]
        if subprocess.run(galaxy, cwd=folder, env=settings, stdin=subprocess.DEVNULL, check=False).returncode:
            raise SystemExit(f"ansible-galaxy collection {command[0]} failed; its own words stand above.")
    with demo.simulator(folder) as server:
        writes = []
        for _run in range(2):
            demo.play(server, folder, programs=programs, collections=collections)
            writes.append(server.writes())
    if writes[0] == 0 or writes[1] > 0:
        raise SystemExit(f"The demo playbook wrote {writes[0]} times at first, and {writes[1]} times when run again.")
    print(f"As installed, the demo playbook writes {writes[0]} times at first, and nothing when run again.\n")


def main() -> None:
    """The whole of it."""
    wanted = version()
    if reasons := obstacles(wanted):
        raise SystemExit("\n".join(["This can't be released:", *reasons]))
    tarball = package.build(checkout.REPOSITORY / "dist")
    # A short name: Ansible makes sockets below it, whose paths may have 104 characters.
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        check(tarball, Path(folder))
        try_out(tarball, Path(folder))
    shown, content = tarball.relative_to(checkout.REPOSITORY), tarball.read_bytes()
    print(f"{shown}, {len(content):,} bytes")
    print(f"sha256 {hashlib.sha256(content).hexdigest()}")
    print(f"commit {checkout.git('rev-parse', 'HEAD').decode().strip()}")
    print(
        "\nNothing was published. To do it, with the token of your Galaxy account in ANSIBLE_GALAXY_TOKEN:\n\n"
        f"  git tag --annotate {wanted} --message 'msp.connectwise {wanted}'\n"
        f"  git push origin {wanted}\n"
        f"  ansible-galaxy collection publish {shown}\n\n"
        "Then write the next version into galaxy.yml."
    )


if __name__ == "__main__":
    demo.clean_up_when_stopped()
    checkout.forget_own_settings()
    main()

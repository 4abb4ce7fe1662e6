# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the Makefile, as far as they can be tried from inside one of them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import checkout
import demo
from conftest import Core

ODD_NAME = "an odd näme: $HOME 'x' \"y\""


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder with a short and plain path; pytest's own are too long for the sockets that Ansible makes."""
    with tempfile.TemporaryDirectory(prefix="msp-", dir="/tmp") as path:
        yield Path(path).resolve()


def processes_that_mention(text: str) -> list[str]:
    """The command lines of the running processes in which the text occurs."""
    lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    return [line for line in lines if text in line]


def start_demo(newest: Core, folder: Path) -> subprocess.Popen[str]:
    """Start the demo with the folder as the place of its temporary files, which its processes then mention."""
    return subprocess.Popen(
        [newest.python, "scripts/demo.py"],
        cwd=checkout.REPOSITORY,
        env={**os.environ, "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.long
def test_demo(newest: Core, folder: Path) -> None:
    running = start_demo(newest, folder)
    said, _nothing = running.communicate()
    print(said)
    assert running.returncode == 0
    assert "WARNING" not in said
    assert re.findall(r"^  (.* run|check mode): +changed=([1-9])?", said, re.MULTILINE) == [
        ("first run", "7"),
        ("second run", ""),
        ("check mode", "1"),
    ]
    assert re.search(r"^ +Configurations: +PROD-WEB-01$", said, re.MULTILINE)
    assert "Release 4.2.0 of the web shop is installed" in said
    assert processes_that_mention(str(folder)) == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_interrupted_demo_leaves_nothing(number: signal.Signals, newest: Core, folder: Path) -> None:
    running = start_demo(newest, folder)
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("TASK"):
            break
    started = processes_that_mention(str(folder))
    assert any("-m simulator" in line for line in started)
    assert any("ansible-playbook" in line for line in started)
    running.send_signal(number)
    rest = running.stdout.read()
    assert running.wait() == 128 + number
    assert "Traceback" not in rest
    assert processes_that_mention(str(folder)) == []
    assert list(folder.iterdir()) == []


# With so many areas of memory a fork takes long enough for the stop to come in the middle of it.
FORKS_SLOWLY = """
import mmap, os, time
areas = [mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=n % 2 + 1) for n in range(60000)]
print("ready", flush=True)
for _ in range(40):
    if not os.fork():
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


def test_what_is_stopped_while_it_starts_something_leaves_nothing(newest: Core, folder: Path) -> None:
    for milliseconds in range(50, 150, 8):
        command = [str(newest.python), "-c", FORKS_SLOWLY, str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(milliseconds / 1000)
        demo.stop(process)
        assert processes_that_mention(str(folder)) == []


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "odd"])
def test_generated_files_lie_in_a_plain_path(plain: bool, newest: Core, folder: Path) -> None:
    copy = folder / ("checkout" if plain else ODD_NAME)
    (copy / "scripts").mkdir(parents=True)
    shutil.copy(checkout.REPOSITORY / "scripts" / "checkout.py", copy / "scripts")
    question = "import checkout; print(checkout.linked_tree(), checkout.environment('test'), sep='\\n')"
    said = subprocess.run(
        [newest.python, "-c", question],
        cwd=copy / "scripts",
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", path) for path in said)
    assert Path(said[0], checkout.COLLECTION).resolve() == copy
    assert (copy / ".cache" / "tree").samefile(said[0])
    assert (copy / ".venv").samefile(Path(said[1]).parent)
    assert (copy / ".venv").is_symlink() is not plain

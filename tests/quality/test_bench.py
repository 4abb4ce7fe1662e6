# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program behind "make bench", with so little of everything that its times mean nothing."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

import checkout
from conftest import Core

TARGETS = [
    "requests: ticket by id, as it is",
    "requests: ticket by key, as it is",
    "requests: note, as it is",
    "requests: configuration by id",
    "2-task loop, cw_ticket ÷ ansible.builtin.uri",
    "2-task loop, cw_ticket ÷ debug",
    "2-task loop, whole run of ansible-playbook, cw_ticket ÷ debug",
    "2-task loop, cw_ticket_note ÷ ansible.builtin.uri",
    "2-task loop, cw_ticket_note ÷ debug",
    "2-task loop, whole run of ansible-playbook, cw_ticket_note ÷ debug",
    "2-task loop, cw_ticket, in_process: false ÷ ansible.builtin.uri",
    "40 configurations, one task ÷ a loop of ansible.builtin.uri, 2 × 20",
    "40 configurations again, writes",
    "30 tickets at 0 ms a page, ours ÷ ConnectPyse-Manage",
    "30 tickets at 20 ms a page, ours ÷ ConnectPyse-Manage",
    "peak memory of 60 tickets one by one ÷ 20",
]


@pytest.mark.long
def test_bench(newest: Core, tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    done = subprocess.run(
        [newest.python, "-m", "bench", "--tiny", "--output", page],
        env={**os.environ, "PYTHONPATH": str(checkout.REPOSITORY / "scripts")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    text = page.read_text()
    assert text in done.stdout
    rows = re.findall(r"^\| (.*?) *\| +≤ [0-9.]+ \| +([0-9.e+-]+) \| +(reached|missed) \|$", text, re.MULTILINE)
    assert [name for name, _measured, _verdict in rows] == TARGETS
    assert {row[1:] for row in rows if row[0].startswith("requests: ")} == {("1", "reached")}
    # All three clients read all tickets: those of the seed, and those that were made.
    clients = "msp.connectwise|ConnectPyse-Manage|pyconnectwise"
    assert re.findall(rf"^\| (?:{clients}), .*?\| +([0-9]+) \|", text, re.MULTILINE) == ["34"] * 6
    assert re.search(r"^\| 30 +\| +30 \|", text, re.MULTILINE)  # names, and those found

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the pictures of docs/images that show what the examples of the guides do: a terminal, and a page of a ticket.

Run it with the Python of .venv/test. The page needs chromium, on PATH.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import checkout
import demo
import picture

DOCS = checkout.REPOSITORY / "docs"
IMAGES = DOCS / "images"
SIZE = "860,500"  # of the page of a ticket, in pixels


def example(page: str, name: str) -> str:
    """The file of that name that a guide shows."""
    found = re.search(
        rf"^```\w+ file={re.escape(name)}\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL
    )
    if not found:
        raise SystemExit(f"There is no {name} in {page}.")
    return found[1]


def play(server: demo.Server, folder: Path, page: str, name: str, *options: str) -> str:
    """Run a playbook of a guide. Returns what it printed, with colours."""
    (folder / name).write_text(example(page, name))
    settings = {
        **os.environ,
        **server.settings(),
        "ANSIBLE_COLLECTIONS_PATH": str(checkout.linked_tree()),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOWS": "true",
        "ANSIBLE_FORCE_COLOR": "true",
        "COLUMNS": str(picture.WIDTH),
    }
    command: list[str | Path] = [sys.executable, demo.BIN / "ansible-playbook", name, *options]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=True).stdout


def screenshot(address: str, file: Path, folder: Path) -> None:
    """Draw what a browser shows."""
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder / 'browser'}"]
    command = ["chromium", *options, f"--window-size={SIZE}", f"--screenshot={file}", address]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def pictures() -> None:
    """Make them all."""
    with tempfile.TemporaryDirectory(prefix="cw-") as temporary, demo.simulator(Path(temporary)) as server:
        folder = Path(temporary)
        output = play(server, folder, "check-mode.md", "outage.yml", "--check", "--diff")
        picture.draw(output.strip(), "ansible-playbook outage.yml --check --diff", IMAGES / "diff.svg")
        play(server, folder, "first-ticket.md", "first.yml")
        (ticket,) = server.records("service/tickets", conditions='externalXRef="deploy-webshop-4.2"')
        page = f"/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid={ticket['id']}"
        screenshot(server.url + page, IMAGES / "ticket.png", folder)


if __name__ == "__main__":
    checkout.forget_own_settings()
    pictures()

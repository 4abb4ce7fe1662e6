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

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

import checkout
import demo

DOCS = checkout.REPOSITORY / "docs"
COLUMNS = 110
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
        "COLUMNS": str(COLUMNS),
    }
    command: list[str | Path] = [sys.executable, demo.BIN / "ansible-playbook", name, *options]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=True).stdout


def terminal(command: str, output: str, picture: Path) -> None:
    """Draw what a terminal shows."""
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(f"$ {command}\n", highlight=False, markup=False)
        console.print(Text.from_ansi(output.strip()))
        drawn = console.export_svg(title="Terminal", theme=DIMMED_MONOKAI, unique_id=picture.stem)
    # No letters from elsewhere: those that the reader's browser has will do.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    licence = "Copyright (c) 2026 msp.connectwise contributors\nSPDX-License-Identifier: GPL-3.0-or-later"
    picture.write_text(f"<!--\n{licence}\n-->\n{drawn}")


def screenshot(address: str, picture: Path, folder: Path) -> None:
    """Draw what a browser shows."""
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder / 'browser'}"]
    command = ["chromium", *options, f"--window-size={SIZE}", f"--screenshot={picture}", address]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def pictures() -> None:
    """Make them all."""
    with tempfile.TemporaryDirectory(prefix="cw-") as temporary, demo.simulator(Path(temporary)) as server:
        folder = Path(temporary)
        output = play(server, folder, "check-mode.md", "outage.yml", "--check", "--diff")
        terminal("ansible-playbook outage.yml --check --diff", output, DOCS / "images" / "diff.svg")
        play(server, folder, "first-ticket.md", "first.yml")
        (ticket,) = server.records("service/tickets", conditions='externalXRef="deploy-webshop-4.2"')
        page = f"/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid={ticket['id']}"
        screenshot(server.url + page, DOCS / "images" / "ticket.png", folder)


if __name__ == "__main__":
    checkout.forget_own_settings()
    pictures()

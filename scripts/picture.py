# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the demo and draw what matters of its output as docs/images/run.svg, the picture in README.md."""

from __future__ import annotations

import io
import os
import pty
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

import checkout

PICTURE = checkout.REPOSITORY / "docs" / "images" / "run.svg"
LICENCE = "<!--\nCopyright (c) 2026 msp.connectwise contributors\nSPDX-License-Identifier: GPL-3.0-or-later\n-->\n"
WIDTH = 88  # columns
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def demo() -> str:
    """The output of the demo on a terminal, where it has colours.

    Raises:
        SystemExit: it failed.
    """
    output = bytearray()

    def read(terminal: int) -> bytes:
        part = os.read(terminal, 65536)
        output.extend(part)
        return part

    status = pty.spawn([sys.executable, str(checkout.REPOSITORY / "scripts" / "demo.py")], read)
    if status:
        raise SystemExit("The demo failed; its own words stand above.")
    return output.decode().replace("\r\n", "\n")


def telling(output: str) -> str:
    """What changes something, with the headings, the recaps and the diff."""
    chosen = []
    for block in re.split(r"\n{2,}", output.strip().partition("The ticket\n")[0]):
        plain = COLOUR.sub("", block)
        if re.match(r"\d\. |PLAY RECAP", plain) or re.search(r"^(changed: |--- before)", plain, re.MULTILINE):
            chosen.append(block)
    text = "\n\n".join(chosen)
    for noise in (r"\n=+(?=\W)", r"(?<=\*{20})\*+", r" +skipped=0.*"):
        text = re.sub(noise, "", text)
    return text


def draw(output: str, title: str, picture: Path) -> None:
    """Draw what a terminal shows, under a title."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(output), soft_wrap=False)
    drawn = console.export_svg(title=title, unique_id=picture.stem)
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)  # nothing is fetched from elsewhere
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(LICENCE + drawn, encoding="utf-8")
    print(f"Wrote {picture.relative_to(checkout.REPOSITORY)}.")


if __name__ == "__main__":
    checkout.forget_own_settings()
    draw(telling(demo()), "make demo", PICTURE)

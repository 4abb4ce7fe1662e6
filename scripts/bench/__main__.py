# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program: python -m bench, with scripts on the path."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import checkout
from bench.report import Report
from bench.sections import SECTIONS
from bench.setting import TINY, Setting, Sizes
from demo import clean_up_when_stopped, simulator


def main() -> None:
    """All sections, and the page."""
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measure the collection; writes docs/benchmarks.md."
    )
    parser.add_argument("--output", type=Path, default=checkout.REPOSITORY / "docs" / "benchmarks.md")
    parser.add_argument("--tiny", action="store_true", help="so small that only the program itself is tried")
    parser.add_argument("--only", choices=[section.__name__ for section in SECTIONS], help="one section; no page")
    asked = parser.parse_args()
    sizes = TINY if asked.tiny else Sizes()
    report = Report()
    begun = time.monotonic()
    # A short name: Ansible makes sockets below it, whose paths may have 104 characters.
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        plain, encrypted = Path(folder, "plain"), Path(folder, "tls")
        plain.mkdir()
        encrypted.mkdir()
        with simulator(plain) as one, simulator(encrypted, "--tls") as other:
            for section in SECTIONS:
                if asked.only in (None, section.__name__):
                    print(f"{time.monotonic() - begun:4.0f} s  {section.__name__}: {section.__doc__}", flush=True)
                    section(Setting(one, plain), Setting(other, encrypted), sizes, report)
    text = report.text((time.monotonic() - begun) / 60)
    print(text)
    if not asked.only:
        asked.output.write_text(text, encoding="utf-8")
        print(f"Written to {asked.output}.")


if __name__ == "__main__":
    clean_up_when_stopped()
    checkout.forget_own_settings()
    main()

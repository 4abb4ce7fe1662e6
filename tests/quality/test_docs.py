# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site: it can be built, no link in it is broken, and nothing is missing."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import checkout
import website
from conftest import Core

FRONT = "index.html"
# Pages that Sphinx makes beside those of the toctree.
OF_SPHINX = {"search.html"}
KINDS = ("modules", "inventory", "lookup", "filter", "callback")
EXTERNAL = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/[^\s<>]*)?(#\S*)?", re.IGNORECASE)
EVENT_SOURCE = '''
DOCUMENTATION = """
short_description: Tell of tickets
description: [Asks again and again., "See M(msp.connectwise.cw_ticket)."]
options:
  interval:
    description: Seconds between two looks, as O(interval) or E(CW_INTERVAL).
    type: float
    default: 60.0
  only:
    description: What is wanted.
    type: list
    elements: str
    choices: [new, closed]
    required: true
notes: [Needs V(ansible-rulebook).]
extends_documentation_fragment: [msp.connectwise.connection, msp.connectwise.attributes.info]
"""
EXAMPLES = """
- name: React to tickets
  hosts: localhost
"""
'''


@dataclass
class Page(HTMLParser):
    """What a page of the site links to, and what it can be linked to by."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    """The addresses among them that a browser fetches by itself."""
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the addresses and the names."""
        given = dict(attrs)
        self.anchors.update(name for name in (given.get("id"), given.get("name")) if name)
        addresses = [address for address in (given.get("href"), given.get("src")) if address]
        self.links += addresses
        self.fetched += addresses if tag != "a" else []


def pages_of(site: Path) -> dict[str, Page]:
    """The pages of the site, by their paths in it."""
    pages = {}
    for file in sorted(site.rglob("*.html")):
        page = Page()
        page.feed(file.read_text(encoding="utf-8"))
        pages[file.relative_to(site).as_posix()] = page
    return pages


def target(page: str, address: str) -> tuple[str, str]:
    """The file of the site that an address on a page leads to, and the place in it."""
    parts = urlsplit(address)
    file = os.path.normpath(Path(page).parent / unquote(parts.path)) if parts.path else page
    return file, unquote(parts.fragment)


def is_external(address: str) -> bool:
    return bool(re.match(r"[a-z]+:|//", address, re.IGNORECASE))


def broken(site: Path, pages: dict[str, Page]) -> list[str]:
    """The links that lead nowhere, with the pages that they are on; external ones by their form only."""
    found = []
    for name, page in pages.items():
        for address in page.links:
            if is_external(address):
                if not EXTERNAL.fullmatch(address) and not address.startswith("data:image/"):
                    found.append(f"{name}: {address}")
                continue
            file, place = target(name, address)
            there = (site / file).is_file() and (not place or file not in pages or place in pages[file].anchors)
            if not there:
                found.append(f"{name}: {address}")
    return found


def reachable(pages: dict[str, Page]) -> set[str]:
    """The pages that a reader comes to from the front page."""
    reached: set[str] = set()
    waiting = [FRONT]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in pages:
            continue
        reached.add(name)
        waiting += [target(name, address)[0] for address in pages[name].links if not is_external(address)]
    return reached


def expected_pages() -> set[str]:
    """A page for each plugin and role, and one for each guide."""
    repository = checkout.REPOSITORY
    pages = {
        f"reference/{path.stem}_{kind.removesuffix('s')}.html"
        for kind in KINDS
        for path in (repository / "plugins" / kind).glob("cw_*.py")
    }
    pages |= {f"reference/{path.name}_role.html" for path in (repository / "roles").iterdir()}
    sources = (repository / website.EVENT_SOURCES).glob("[!_]*.py")
    pages |= {f"reference/{path.stem}_event_source.html" for path in sources}
    guides = [*repository.glob("docs/*.md"), *repository.glob("roles/*/README.md")]
    pages |= {path.relative_to(repository).with_suffix(".html").as_posix() for path in guides}
    return pages | {f"{name}.html" for name in ("README", "CHANGELOG", "CONTRIBUTING", "SECURITY")}


@pytest.mark.long
def test_site(newest: Core, tmp_path: Path) -> None:
    """One test, for it is built once: all pages are there and can be reached, and all links are good."""
    site = tmp_path / "site"
    done = subprocess.run(
        [newest.python, "scripts/website.py", site],
        cwd=checkout.REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    pages = pages_of(site)
    assert expected_pages() - set(pages) == set()
    assert set(pages) - OF_SPHINX - reachable(pages) == set()
    assert broken(site, pages) == []
    # A reader's browser fetches nothing from elsewhere.
    assert [address for page in pages.values() for address in page.fetched if is_external(address)] == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / FRONT).write_text(
        '<a id="here" href="sub/other.html#there"></a><a href="#here"></a><a href="#nowhere"></a>'
        '<a href="missing.html"></a><img src="missing.svg"><a href="https://example.com/a#b"></a>'
        '<a href="https://no spaces"></a><a href="htp:nothing"></a>'
    )
    (tmp_path / "sub" / "other.html").write_text('<p id="there"><a href="../index.html"></a><a href="../index.html#x">')
    (tmp_path / "alone.html").write_text("")
    pages = pages_of(tmp_path)
    assert broken(tmp_path, pages) == [
        "index.html: #nowhere",
        "index.html: missing.html",
        "index.html: missing.svg",
        "index.html: https://no spaces",
        "index.html: htp:nothing",
        "sub/other.html: ../index.html#x",
    ]
    assert reachable(pages) == {FRONT, "sub/other.html"}


def test_page_of_an_event_source(tmp_path: Path) -> None:
    plugin = tmp_path / "cw_some.py"
    plugin.write_text(EVENT_SOURCE)
    page = website.event_source_page(plugin)
    assert "# msp.connectwise.cw_some event source\n\nTell of tickets\n\nAsks again and again" in page
    assert "- `interval` (float; default `60.0`)" in page
    assert "- `only` (list of str; required; one of `new`, `closed`)" in page
    assert "```yaml\n- name: React to tickets\n" in page
    assert "O(interval)" not in page
    assert "- `base_url` (str; required)\n\n  Address of ConnectWise" in page
    assert "## Requirements\n\n- requests \\(Python library\\)\n" in page


def test_links_to_plugins_lead_to_the_reference() -> None:
    text = (
        "[a](../plugins/modules/cw_ticket.py) [b](../../plugins/filter/cw_key.py) [c](ci.md)"
        " [d](../extensions/eda/plugins/event_source/cw_tickets.py)"
    )
    assert website.linked_to_reference(text) == (
        "[a](/reference/cw_ticket_module.rst) [b](/reference/cw_key_filter.rst) [c](ci.md)"
        " [d](/reference/cw_tickets_event_source.md)"
    )

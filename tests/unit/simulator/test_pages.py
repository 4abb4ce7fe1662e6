# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people."""

from __future__ import annotations

import html
import re

import requests

from .conftest import Caller

TICKET = "v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid="


def page(cw: Caller, path: str) -> str:
    """The text of a page, without tags and styles."""
    response = requests.get(f"{cw.url}/{path}", timeout=20)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    without = re.sub(r"<style>.*?</style>|<[^>]*>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(without))


def test_ticket(cw: Caller) -> None:
    """Ticket, notes in order with kind and author, configurations, history."""
    cw.post("service/tickets/12345/configurations", {"id": 67891})
    cw.patch("service/tickets/12345", ("replace", "status/id", 103), ("replace", "externalXRef", "CHG-7"))
    cw.post("service/tickets/12345/notes", {"text": "<b>Done</b> & dusted", "resolutionFlag": True})
    text = page(cw, TICKET + "12345")
    for words in (
        "#12345 Server PROD-WEB-02 needs patches",
        "Waiting Customer Acme Corporation",
        "Discussion IT Manager 2026-03-02 09:15",
        "Internal Service Desk",
        "Resolution Ansible Automation",
        "<b>Done</b> & dusted",
        "PROD-WEB-02 #67891",
        "Key CHG-7",
        "Configuration PROD-WEB-02 attached",
        "status: In Progress \u2192 Waiting Customer",
    ):
        assert words in text
    assert text.index("Twelve security updates") < text.index("Maintenance window") < text.index("dusted")


def test_list(cw: Caller) -> None:
    """Newest first, with links; no network is needed."""
    cw.ticket(summary="The newest")
    text = page(cw, "")
    assert text.index("The newest") < text.index("Move the mail server") < text.index("Mail is slow")
    source = requests.get(cw.url, timeout=20).text
    assert f'href="/{TICKET}20000"' in source
    assert not re.search(r'(?:src|href)="https?:', source)


def test_no_such_ticket(cw: Caller) -> None:
    """A page, with a 404."""
    for number in ("1", "x", ""):
        response = requests.get(f"{cw.url}/{TICKET}{number}", timeout=20)
        assert response.status_code == 404
        assert "There is no ticket with this number." in response.text

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people."""

from __future__ import annotations

import html
import re
from typing import Any

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


def test_all_that_hangs_on_a_ticket(cw: Caller) -> None:
    """Tasks, time, documents, children; nothing of it where there is none."""
    empty = page(cw, TICKET + "12345")
    assert not [words for words in ("Tasks", "Time", "Documents", "Child tickets") if words in empty]
    task = cw.post("service/tickets/12345/tasks", {"summary": "Back up first"})
    cw.post("service/tickets/12345/tasks", {"notes": "Reboot"})
    cw.patch(f"service/tickets/12345/tasks/{task['id']}", ("replace", "closedFlag", True))
    time = {"chargeToType": "ServiceTicket", "chargeToId": 12345, "timeStart": "2026-03-02T10:00:00Z"}
    cw.post("time/entries", {**time, "actualHours": 1.5, "notes": "Installed <all>"})
    form: dict[str, Any] = {"recordType": (None, "Ticket"), "recordId": (None, "12345"), "file": ("plan.pdf", b"x")}
    assert cw.call("POST", "system/documents", files=form).status_code == 201
    cw.post("service/tickets/12345/attachChildren", {"childTicketIds": [123]}, 200)
    text = page(cw, TICKET + "12345")
    for words in ("☑ Back up first", "☐ Reboot", "1.5 h Ansible Automation Installed <all>", "plan.pdf",
                  "#123 Mail is slow", "Hours 1.50"):  # fmt: skip
        assert words in text
    assert "Parent 12345" in page(cw, TICKET + "123")
    assert "Phase Planning" in page(cw, TICKET + "12400")


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

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people: a ticket as one wants to read it, and the list of tickets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from orjson import Fragment

from .fields import PROJECT_TICKET, TYPES
from .rules import any_ticket
from .showing import Showing, success_text
from .store import Record
from .world import World

_NEWEST = 200
_KINDS = (
    ("detailDescriptionFlag", "Discussion"),
    ("internalAnalysisFlag", "Internal"),
    ("resolutionFlag", "Resolution"),
)
_FACTS = (
    ("Board", "board"),
    ("Status", "status"),
    ("Priority", "priority"),
    ("Type", "type"),
    ("Subtype", "subType"),
    ("Item", "item"),
    ("Team", "team"),
    ("Owner", "owner"),
    ("Source", "source"),
    ("Severity", "severity"),
    ("Impact", "impact"),
    ("Site", "site"),
    ("Contact", "contact"),
    ("Required by", "requiredDate"),
    ("Key", "externalXRef"),
    ("Cc", "automaticEmailCc"),
    ("Resources", "resources"),
    ("Hours", "actualHours"),
    ("Project", "project"),
    ("Phase", "phase"),
    ("Parent", "parentTicketId"),
    ("Merged into", "mergedParentTicket"),
)


def when(text: str | None) -> str:
    """A moment for people: 2026-01-31 14:05."""
    return f"{text[:10]} {text[11:16]}" if text else ""


class Pages:
    """Renders the pages of one world."""

    def __init__(self, world: World) -> None:
        """Load the templates."""
        self.world = world
        loader = FileSystemLoader(Path(__file__).with_name("templates"))
        self.templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self.templates.filters["when"] = when

    def tickets(self, base: str) -> str:
        """The newest tickets with links."""
        tickets = self.world.store.select(TYPES["ticket"], order="r.id DESC", limit=_NEWEST)
        total = self.world.store.count(TYPES["ticket"])
        showing = Showing(self.world.store, base)
        rows = [self._summary(showing, ticket) for ticket in tickets]
        return self.templates.get_template("tickets.html").render(tickets=rows, total=total)

    def missing(self) -> str:
        """The page for a ticket that is not there."""
        return self.templates.get_template("missing.html").render()

    def ticket(self, number: str, base: str) -> str | None:
        """The page of a ticket; None when there is none of that number."""
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return None
        store = self.world.store
        found = any_ticket(self.world, int(number))
        if found is None:
            return None
        kind, ticket = found
        project = kind is PROJECT_TICKET
        showing = Showing(store, base)
        shown = showing.record(kind, ticket)
        facts = [(label, _words(shown[name])) for label, name in _FACTS if shown.get(name)]
        facts += [(field["caption"], str(field["value"])) for field in shown["customFields"] if "value" in field]
        configurations = [store.get(TYPES["configuration"], number) for number in store.attached(ticket["id"])]
        notes = store.find(TYPES["projectNote" if project else "note"], ticketId=ticket["id"])
        tasks = store.find(TYPES["projectTask" if project else "task"], ticketId=ticket["id"])
        documents = store.find(TYPES["document"], _recordType="Ticket", _recordId=ticket["id"])
        return self.templates.get_template("ticket.html").render(
            ticket=self._summary(showing, ticket),
            facts=facts,
            notes=[self._note(note) for note in notes],
            tasks=sorted(tasks, key=lambda task: (task.get("priority") or 0, task["id"])),
            times=[self._time(time) for time in store.find(TYPES["timeEntry"], ticket=ticket["id"])],
            documents=[document["title"] for document in documents],
            children=store.find(TYPES["ticket"], parentTicketId=ticket["id"]),
            configurations=[self._configuration(showing, record) for record in configurations if record],
            history=store.history(ticket["id"]),
        )

    def _summary(self, showing: Showing, ticket: Record) -> dict[str, Any]:
        def name(field: str) -> str:
            return _words(showing.reference(TYPES[field], ticket[field])) if ticket.get(field) else ""

        return {
            "id": ticket["id"],
            "summary": ticket["summary"],
            "company": name("company"),
            "board": name("board"),
            "status": name("status"),
            "closed": bool(ticket.get("closedFlag")),
            "entered": ticket["_dateEntered"],
            "updated": ticket["_lastUpdated"],
            "entered_by": ticket["_enteredBy"],
            "closed_date": ticket.get("closedDate"),
        }

    def _note(self, note: Record) -> dict[str, Any]:
        member = self.world.store.get(TYPES["member"], note.get("member") or 0) or {}
        contact = self.world.store.get(TYPES["contact"], note.get("contact") or 0) or {}
        return {
            "text": note.get("text", ""),
            "at": note.get("dateCreated"),
            "author": contact.get("_title") or member.get("_title") or note.get("createdBy", ""),
            "kinds": [label for flag, label in _KINDS if note.get(flag)],
        }

    def _time(self, time: Record) -> dict[str, Any]:
        member = self.world.store.get(TYPES["member"], time.get("member") or 0) or {}
        return {
            "at": time.get("timeStart"),
            "hours": f"{time.get('actualHours') or 0:g}",
            "who": member.get("_title", ""),
            "text": time.get("notes", ""),
        }

    def _configuration(self, showing: Showing, configuration: Record) -> dict[str, str]:
        shown = showing.record(TYPES["configuration"], configuration)
        return {
            "id": shown["id"],
            "name": shown["name"],
            "type": _words(shown.get("type", "")),
            "company": _words(shown.get("company", "")),
            "serial": shown.get("serialNumber", ""),
        }


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name", value.get("summary", value.get("id", ""))))
    if isinstance(value, Fragment):
        return str(success_text(value).decode())
    text = str(value)
    return text[:10] if text.endswith("T00:00:00Z") else text

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server does to records beyond their tables: defaults, derived fields, side effects (facts 7, 8, 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .errors import ApiError, FieldError, invalid, required
from .fields import TYPES, RecordType
from .reading import Values
from .store import Record
from .world import CALLER, CALLER_ID, World, new_guid


@dataclass
class Change:
    """A create ("create"), PUT ("put") or PATCH ("patch") of a record."""

    world: World
    record_type: RecordType
    kind: str
    old: Record | None
    given: Values
    """What was sent, with actions."""
    draft: Record
    """The record as it will be."""
    errors: list[FieldError] = field(default_factory=list)
    lax: bool = False
    info: dict[str, str] = field(default_factory=dict)

    def changed(self, name: str) -> bool:
        """Whether a field gets another value."""
        return bool(self.draft.get(name) != (self.old or {}).get(name))

    def record(self, name: str, type_name: str = "") -> Record | None:
        """The record that a reference of the draft leads to."""
        target = self.draft.get(name)
        return self.world.store.get(TYPES[type_name or name], target) if isinstance(target, int) else None

    def default(self, type_name: str, **within: object) -> int | None:
        """The id of the default record of a list, or of its first."""
        store = self.world.store
        found = store.find(TYPES[type_name], defaultFlag=1, **within) or store.find(TYPES[type_name], **within)
        return int(found[0]["id"]) if found else None


def between(change: Change) -> None:
    """After board and company are known, before what belongs to them is looked up."""
    step = _BETWEEN.get(change.record_type.name)
    if step:
        step(change)


def finish(change: Change) -> None:
    """Before the record is checked and written."""
    draft = change.draft
    if "mobileGuid" in change.record_type.by_field and not draft.get("mobileGuid"):
        draft["mobileGuid"] = new_guid()
    step = _FINISH.get(change.record_type.name)
    if step:
        step(change)


def after(change: Change) -> None:
    """After the record is written."""
    step = _AFTER.get(change.record_type.name)
    if step:
        step(change)


_USED_BY = (
    ("ticket", "contact"), ("projectTicket", "contact"), ("configuration", "contact"), ("agreement", "contact"),
    ("company", "defaultContact"),
)  # fmt: skip


def may_delete(world: World, record_type: RecordType, record: Record) -> None:
    """ApiError when a record has to stay (codes and texts are a guess).

    Time that was submitted or billed (fact 11.2), and contacts that others refer to: usages tell what blocks (11.6).
    """
    if record_type.name == "contact":
        for name, field_name in _USED_BY:
            if world.store.find(TYPES[name], **{field_name: record["id"]}):
                text = f"Contact {record['id']} cannot be deleted, it is in use by {TYPES[name].label}."
                raise invalid(record_type.resource, [FieldError("InvalidObject", text, "id")])
    if record_type.name == "timeEntry" and record.get("status") not in _STILL_OPEN:
        text = f"A time entry with status {record.get('status')} cannot be deleted."
        raise invalid(record_type.resource, [FieldError("InvalidField", text, "status")])


def deleted(world: World, record_type: RecordType, record: Record) -> None:
    """After a record is gone."""
    if record_type.name == "timeEntry":
        _sum_hours(world, record)
    elif record_type.name == "scheduleEntry":
        _unschedule(world, record)
    elif record_type.name == "document":
        world.store.drop_content(record["id"])
    elif record_type.name == "ticket":
        _count_children(world, record.get("parentTicketId"))


_STILL_OPEN = ("Open", "Rejected", "ErrorsCorrected", "RejectBySecondTier")


def any_ticket(world: World, ticket_id: int | None, kind: str = "") -> tuple[RecordType, Record] | None:
    """A ticket of the service desk or of a project, by its number; of one kind only if that is said."""
    for name in (kind,) if kind else ("ticket", "projectTicket"):
        found = world.store.get(TYPES[name], ticket_id or 0)
        if found:
            return TYPES[name], found
    return None


# Tickets ----------------------------------------------------------------------------------------------------------


def _ticket_between(change: Change) -> None:
    draft, given = change.draft, change.given
    if change.kind != "patch" or draft.get("board") is None:
        member = change.world.store.get(TYPES["member"], CALLER_ID) or {}
        if not draft.get("board") and not _failed(change, "board"):
            draft["board"] = member.get("serviceDefaultBoard") or change.default("board")
    board = draft.get("board")
    if change.kind == "patch" and change.changed("board"):
        _move_board(change)
    if change.kind == "patch" and change.changed("company"):
        for name in ("site", "contact"):
            if name not in given:
                draft[name] = None
        if "site" not in given:
            draft["site"] = _default_site(change)
    if draft.get("status") is None and isinstance(board, int):
        draft["status"] = change.default("status", board=board)


def _project_ticket_between(change: Change) -> None:
    """Project, board and company follow from the phase."""
    draft = change.draft
    phase = change.world.store.get(TYPES["phase"], draft["phase"]) if isinstance(draft.get("phase"), int) else None
    wanted = change.given.get("phase")
    if phase is None and isinstance(wanted, dict) and draft.get("project") is None:
        phase = change.world.store.get(TYPES["phase"], wanted.get("id") or 0)
    if draft.get("project") is None and phase:
        draft["project"] = phase["projectId"]
    project = change.record("project") or {}
    for name in ("board", "company"):
        if draft.get(name) is None and not _failed(change, name):
            draft[name] = project.get(name)
    _ticket_between(change)


def _project_ticket_finish(change: Change) -> None:
    """As a service ticket, as far as it has the fields (fact 7.14)."""
    _ticket_finish(change)
    for name in set(change.draft) - set(change.record_type.by_field):
        if not name.startswith("_"):
            del change.draft[name]


def _move_board(change: Change) -> None:
    """A board alone is accepted; what becomes of the rest is not recorded (fact 7.4): a switch."""
    if not change.world.switches.is_("board_move", "new-default"):
        return
    draft, given = change.draft, change.given
    if "status" not in given:
        draft["status"] = None
    for name in ("type", "subType", "item"):
        if name not in given:
            draft[name] = None
    if "team" not in given:
        draft["team"] = change.default("team", boardId=draft["board"])


def _failed(change: Change, name: str) -> bool:
    return any(error.field.split("/")[0] == name for error in change.errors)


def _default_site(change: Change) -> int | None:
    company = change.record("company") or {}
    site = company.get("site")
    return int(site) if site else None


def _ticket_finish(change: Change) -> None:
    draft, given, world = change.draft, change.given, change.world
    draft["recordType"] = "ServiceTicket"
    if change.kind == "create":
        _ticket_defaults(change)
    board = change.record("board") or {}
    for name, default in (
        ("location", board.get("location")),
        ("department", board.get("department")),
        ("sla", change.default("sla")),
        ("currency", change.default("currency")),
        ("priority", change.default("priority")),
    ):
        if draft.get(name) is None and not _failed(change, name):
            draft[name] = default
    if draft.get("site") and (change.changed("site") or change.kind == "create"):
        _copy_site(change)
    if change.changed("contact") or change.kind == "put":
        _copy_contact(change)
    emails = draft.get("automaticEmailCc")
    if emails and "automaticEmailCc" in given and not emails.endswith(";"):
        draft["automaticEmailCc"] = f"{emails};"
    draft["duration"] = _working_days(draft.get("estimatedStartDate"), draft.get("requiredDate"))
    kind = change.record("type")
    draft["requestForChangeFlag"] = bool(kind.get("requestForChangeFlag")) if kind else None
    owner = change.record("owner", "member")
    if owner and change.changed("owner"):
        # The owner is a resource, besides those who are on the schedule (facts 7.9, 11.3).
        others = [name for name in _scheduled(world, draft.get("id")) if name != owner["identifier"]]
        draft["resources"] = ", ".join([owner["identifier"], *others])
    if not change.lax:
        _check_association(change)
        if change.old is None or change.changed("status"):
            _close_or_open(change)
    elif draft.get("closedFlag") is not True:
        _close_or_open(change)
    if draft.get("parentTicketId") and change.changed("parentTicketId"):
        parent = world.store.get(TYPES["ticket"], draft["parentTicketId"])
        if parent is None:
            text = f"Service Ticket {draft['parentTicketId']} not found"
            change.errors.append(FieldError("NotFound", text, "parentTicketId"))


def _ticket_defaults(change: Change) -> None:
    """What a bare create gets (fact 7.11). A PUT does not get all of it again (fact 6.8)."""
    draft, now = change.draft, change.world.now()
    for name, default in (
        ("source", change.default("source")),
        ("serviceLocation", change.default("serviceLocation")),
        ("team", change.default("team", boardId=draft.get("board"))),
        ("severity", "Medium"),
        ("impact", "Medium"),
        ("site", _default_site(change)),
    ):
        if draft.get(name) is None and not _failed(change, name):
            draft[name] = default
    entered = change.info.get("dateEntered", now)
    for name in ("dateResplan", "dateResponded", "escalationStartDateUTC"):
        draft.setdefault(name, entered)


def _copy_site(change: Change) -> None:
    site, given = change.record("site") or {}, change.given
    for name, source in (
        ("siteName", "name"),
        ("addressLine1", "addressLine1"),
        ("addressLine2", "addressLine2"),
        ("city", "city"),
        ("zip", "zip"),
        ("country", "country"),
    ):
        if given.get(name) is None:
            change.draft[name] = site.get(source)


def _copy_contact(change: Change) -> None:
    contact, given = change.record("contact"), change.given
    items = contact.get("communicationItems", []) if contact else []
    values = {
        "contactName": contact.get("_title") if contact else None,
        "contactPhoneNumber": _default_value(items, "Phone"),
        "contactEmailAddress": _default_value(items, "Email"),
    }
    for name, value in values.items():
        if given.get(name) is None:
            change.draft[name] = value


def _default_value(items: list[Record], kind: str) -> str | None:
    of_kind = [item for item in items if item.get("communicationType") == kind]
    chosen = [item for item in of_kind if item.get("defaultFlag")] or of_kind
    return chosen[0].get("value") if chosen else None


def _working_days(start: str | None, end: str | None) -> int | None:
    """Days from Monday to Friday, both ends counted: 22 from 1 to 30 September 2022 (fact 7.7)."""
    if not start or not end:
        return None
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum(1 for day in range(rest) if (first + timedelta(day)).weekday() < 5)


def _scheduled(world: World, ticket: int | None) -> list[str]:
    if ticket is None:
        return []
    names = []
    for entry in world.store.find(TYPES["scheduleEntry"], objectId=ticket):
        member = world.store.get(TYPES["member"], entry.get("member") or 0)
        if member and entry.get("type") == 4 and member["identifier"] not in names:
            names.append(member["identifier"])
    return names


def _check_association(change: Change) -> None:
    """Type, subType and item must be an allowed combination (fact 7.5). The texts follow fact 5.4."""
    draft = change.draft
    kind, sub, item = draft.get("type"), draft.get("subType"), draft.get("item")
    if any(_failed(change, name) for name in ("type", "subType", "item")) or not (sub or item):
        return
    if kind is None:
        change.errors.append(required("type"))
        return
    allowed = change.world.store.find(TYPES["association"], board=draft.get("board"))
    if sub and not any(row.get("type") == kind and row.get("subType") == sub for row in allowed):
        text = f"Service SubType {sub} not found for Service Type {kind}"
        change.errors.append(FieldError("NotFound", text, "subType/id"))
    elif item and not any(
        row.get("type") == kind and row.get("subType") == sub and row.get("item") == item for row in allowed
    ):
        text = f"Service Item {item} not found for Service SubType {sub}"
        change.errors.append(FieldError("NotFound", text, "item/id"))


def _close_or_open(change: Change) -> None:
    """closedFlag is read-only and follows the status (fact 7.6)."""
    draft, now = change.draft, change.world.now()
    status = change.record("status") or {}
    closed = bool(status.get("closedStatus"))
    if closed and not (change.old or {}).get("closedFlag"):
        draft["closedDate"] = draft.get("closedDate") or now
        draft["closedBy"] = draft.get("closedBy") or CALLER
        draft["dateResolved"] = draft.get("dateResolved") or now
    elif not closed:
        draft["closedDate"] = draft["closedBy"] = draft["dateResolved"] = None
    draft["closedFlag"] = closed
    entered_at = draft.get("_dateEntered") or change.info.get("dateEntered", now)
    entered = datetime.fromisoformat(entered_at.replace("Z", "+00:00"))
    due = entered + timedelta(days=3)
    hour = f"{due:%I}".lstrip("0")
    draft["slaStatus"] = "Resolved" if closed else f"Resolve by {due:%a %m/%d} {hour}:{due:%M %p} UTC+00"


_HISTORY = (
    "summary", "board", "status", "company", "site", "contact", "type", "subType", "item", "team", "owner", "priority",
    "source", "severity", "impact", "requiredDate", "externalXRef", "closedFlag", "customFields",
)  # fmt: skip


def _ticket_after(change: Change) -> None:
    world, ticket = change.world, change.draft
    for name, flag in (
        ("initialDescription", "detailDescriptionFlag"),
        ("initialInternalAnalysis", "internalAnalysisFlag"),
        ("initialResolution", "resolutionFlag"),
    ):
        if change.kind == "create" and change.given.get(name):
            kind = "note" if change.record_type.name == "ticket" else "projectNote"
            add_note(world, kind, ticket["id"], change.given[name], flag)
    if change.old is None:
        world.store.remember(ticket["id"], world.now(), CALLER, ["Ticket created"])
    else:
        lines = [
            f"{name}: {_words(change, name, change.old)} \u2192 {_words(change, name, ticket)}"
            for name in _HISTORY
            if name in change.record_type.by_field and change.changed(name)
        ]
        world.store.remember(ticket["id"], world.now(), CALLER, lines)
    if change.changed("parentTicketId"):
        for parent in (ticket.get("parentTicketId"), (change.old or {}).get("parentTicketId")):
            _count_children(world, parent)


def _count_children(world: World, parent: int | None) -> None:
    """A ticket knows whether it has children (fact 7.16)."""
    record = world.store.get(TYPES["ticket"], parent or 0)
    if record:
        children = world.store.find(TYPES["ticket"], parentTicketId=record["id"])
        world.store.replace(TYPES["ticket"], {**record, "hasChildTicket": bool(children)})


def _words(change: Change, name: str, record: Record) -> str:
    value = record.get(name)
    row = change.record_type.by_field[name]
    if value is None or value == {}:
        return "(empty)"
    if row.kind == "reference":
        target = change.world.store.get(TYPES[row.to], value)
        return str((target or {}).get(TYPES[row.to].title, value))
    if isinstance(value, dict):
        return ", ".join(f"{number}={part}" for number, part in value.items())
    return str(value)


def add_note(world: World, kind: str, ticket: int, text: str, flag: str) -> None:
    """A note made by the server, e.g. from initialDescription (fact 7.2)."""
    now = world.now()
    note: Record = {
        "ticketId": ticket,
        "text": _note_text(world, text),
        "detailDescriptionFlag": False,
        "internalAnalysisFlag": False,
        "resolutionFlag": False,
        "issueFlag": False,
        "member": CALLER_ID,
        "dateCreated": now,
        "createdBy": CALLER,
        "internalFlag": True,
        "externalFlag": True,
        "_lastUpdated": now,
        "_updatedBy": CALLER,
        "_dateEntered": now,
        "_enteredBy": CALLER,
    }
    world.store.insert(TYPES[kind], {**note, flag: True})


# Notes, tasks, time and schedule ------------------------------------------------------------------------------------

NOTE_FLAGS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")


def _note_text(world: World, text: str) -> str:
    if world.switches.is_("newlines_in_notes", "blank"):
        return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    return text


def _note_finish(change: Change) -> None:
    draft, old = change.draft, change.old or {}
    if not any(draft.get(flag) for flag in NOTE_FLAGS):
        text = "Please choose where to display the notes in order to save this record."
        change.errors.append(FieldError("ServiceNote", text, ", ".join(NOTE_FLAGS)))
    if draft.get("text"):
        draft["text"] = _note_text(change.world, draft["text"])
    if change.kind == "put":
        # A PUT with text and flags kept the author (fact 6.9).
        draft["member"] = draft.get("member") or old.get("member")
        draft["contact"] = draft.get("contact") or old.get("contact")
    if change.kind == "create":
        if draft.get("member") is None and draft.get("contact") is None and not _failed(change, "member"):
            draft["member"] = CALLER_ID
        draft["dateCreated"] = draft.get("dateCreated") or change.info.get("dateEntered", change.world.now())
        draft["createdBy"] = draft.get("createdBy") or CALLER


def _note_after(change: Change) -> None:
    done = {"create": "added", "put": "changed", "patch": "changed"}[change.kind]
    change.world.store.remember(
        change.draft["ticketId"], change.world.now(), CALLER, [f"Note {change.draft['id']} {done}"]
    )


def _task_finish(change: Change) -> None:
    draft = change.draft
    if draft.get("priority") is None:
        draft["priority"] = len(change.world.store.find(change.record_type, ticketId=draft["ticketId"])) + 1


def _task_after(change: Change) -> None:
    draft, world = change.draft, change.world
    done = {"create": "added", "put": "changed", "patch": "changed"}[change.kind]
    text = f"Task {draft['id']} {done}: {draft.get('summary') or draft.get('notes') or ''}"
    world.store.remember(draft["ticketId"], world.now(), CALLER, [text])


_CHARGED = {"ServiceTicket": "ticket", "ProjectTicket": "projectTicket"}


def _time_finish(change: Change) -> None:
    draft, world = change.draft, change.world
    charged = _CHARGED.get(draft.get("chargeToType") or "")
    if draft.get("chargeToId") is None:
        # Without it the time is entered against the company (the OpenAPI file).
        charged = None
        if draft.get("company") is None and not change.lax and not _failed(change, "company"):
            change.errors.append(required("company"))
    if charged:
        ticket = world.store.get(TYPES[charged], draft["chargeToId"])
        if ticket is None:
            text = f"{TYPES[charged].label_as_parent} {draft['chargeToId']} not found"
            change.errors.append(FieldError("NotFound", text, "chargeToId"))
            return
        _time_of_ticket(change, ticket)
    elif draft.get("chargeToType") == "Activity":
        text = f"Activity {draft.get('chargeToId')} not found"
        change.errors.append(FieldError("NotFound", text, "chargeToId"))
    draft["member"] = draft.get("member") or (None if _failed(change, "member") else CALLER_ID)
    for name in ("workRole", "workType"):
        if draft.get(name) is None and not _failed(change, name):
            draft[name] = change.default(name)
    for number, name in (("locationId", "location"), ("businessUnitId", "department")):
        # The same twice; the number counts where both were sent.
        if change.given.get(name) and number not in change.given:
            draft[number] = draft.get(name)
        draft[name] = draft.get(number)
    _check_work_role(change)
    start, end = draft.get("timeStart"), draft.get("timeEnd")
    if start and end:
        # actualHours is ignored when start and end are given (fact 11.2).
        first, last = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (start, end))
        draft["actualHours"] = round((last - first).total_seconds() / 3600, 2)
    draft["enteredBy"] = draft.get("enteredBy") or CALLER
    draft["dateEntered"] = draft.get("dateEntered") or world.now()


def _time_of_ticket(change: Change, ticket: Record) -> None:
    """What time takes over from its ticket; a closed status may forbid it (fact 5.12)."""
    draft = change.draft
    status = change.world.store.get(TYPES["status"], ticket["status"]) or {}
    if status.get("timeEntryNotAllowed") and change.kind == "create":
        raise ApiError(400, "TimeEntryApi", "Please update the status of this ticket before entering time...")
    board = change.world.store.get(TYPES["board"], ticket["board"]) or {}
    draft.update(project=ticket.get("project"), phase=ticket.get("phase"))
    draft.update(ticket=ticket["id"], ticketStatus=status.get("name"), ticketBoard=board.get("name"))
    draft["company"] = draft.get("company") or ticket.get("company")
    for name, source in (("locationId", "location"), ("businessUnitId", "department"), ("agreement", "agreement")):
        draft[name] = draft.get(name) or ticket.get(source)


def _check_work_role(change: Change) -> None:
    """A work role is for some locations (the text is known, code and field are a guess)."""
    draft, store = change.draft, change.world.store
    location, role = draft.get("locationId"), draft.get("workRole")
    if change.lax or location is None or role is None:
        return
    if not store.find(TYPES["locationWorkRole"], location=location, workRole=role):
        text = "The default Work Role is not valid for the selected location"
        change.errors.append(FieldError("InvalidField", text, "workRole"))


def _time_after(change: Change) -> None:
    for entry in (change.old or {}, change.draft):
        _sum_hours(change.world, entry)


def _sum_hours(world: World, entry: Record) -> None:
    """The hours of a ticket are those of its time entries."""
    found = any_ticket(world, entry.get("ticket"))
    if found:
        kind, ticket = found
        times = world.store.find(TYPES["timeEntry"], ticket=ticket["id"])
        hours = sum(time.get("actualHours") or 0 for time in times)
        world.store.replace(kind, {**ticket, "actualHours": round(hours, 2)})


def _schedule_finish(change: Change) -> None:
    draft = change.draft
    found = any_ticket(change.world, draft.get("objectId")) if draft.get("type") == 4 else None
    if found:
        # Clients rely on it being there; what it is called by the server is a guess.
        draft["name"] = draft.get("name") or found[1].get("summary")
    elif draft.get("type") == 4:
        text = f"Service Ticket {draft.get('objectId')} not found"
        change.errors.append(FieldError("NotFound", text, "objectId"))
    elif draft.get("type") == 1:
        text = f"Activity {draft.get('objectId')} not found"
        change.errors.append(FieldError("NotFound", text, "objectId"))
    draft["member"] = draft.get("member") or (None if _failed(change, "member") else CALLER_ID)
    if draft.get("status") is None and not _failed(change, "status"):
        draft["status"] = change.default("scheduleStatus")


def _schedule_after(change: Change) -> None:
    if change.old:
        _unschedule(change.world, change.old)
    found = _scheduled_ticket(change.world, change.draft)
    if found:
        kind, ticket = found
        names = _names(ticket)
        names += [name for name in _scheduled(change.world, ticket["id"]) if name not in names]
        change.world.store.replace(kind, {**ticket, "resources": ", ".join(names)})


def _scheduled_ticket(world: World, entry: Record) -> tuple[RecordType, Record] | None:
    """The ticket of a schedule entry: they are how more people get onto it (fact 11.3)."""
    return any_ticket(world, entry.get("objectId")) if entry.get("type") == 4 else None


def _names(ticket: Record) -> list[str]:
    return [name for name in (ticket.get("resources") or "").split(", ") if name]


def _unschedule(world: World, entry: Record) -> None:
    """Take a member from the resources of a ticket, unless they own it or are on the schedule elsewhere."""
    found = _scheduled_ticket(world, entry)
    member = world.store.get(TYPES["member"], entry.get("member") or 0)
    if found is None or member is None or found[1].get("owner") == member["id"]:
        return
    kind, ticket = found
    if member["identifier"] not in _scheduled(world, ticket["id"]):
        names = [name for name in _names(ticket) if name != member["identifier"]]
        world.store.replace(kind, {**ticket, "resources": ", ".join(names)})


# Callbacks ----------------------------------------------------------------------------------------------------------

_CALLBACK_TYPES = (
    "ticket", "company", "contact", "configuration", "project", "activity", "agreement", "invoice", "expense", "time",
    "schedule", "opportunity", "purchaseorder", "productcatalog", "member", "site",
)  # fmt: skip
_LEVELS = ("owner", "board", "status", "type", "company", "territory", "location", "project")
_OWNER = 1


def _callback_finish(change: Change) -> None:
    """Fact 11.5. Which levels there are for which type is not known in full."""
    draft, store = change.draft, change.world.store
    draft["connectWiseID"] = draft.get("connectWiseID") or new_guid()
    draft["memberId"] = draft.get("memberId") or CALLER_ID
    if str(draft.get("level")).lower() == "owner" and draft.get("objectId") is not None:
        draft["objectId"] = _OWNER
    url = urlsplit(draft.get("url") or "")
    if draft.get("url") and (url.scheme not in ("http", "https") or not url.netloc):
        change.errors.append(FieldError("InvalidField", "Invalid URL", "url"))
    kind, level = str(draft.get("type") or "").lower(), str(draft.get("level") or "").lower()
    if kind and level and (kind not in _CALLBACK_TYPES or level not in _LEVELS):
        text = "Unrecognized level for type, see documentation for supported levels for each type"
        change.errors.append(FieldError("InvalidObject", text, "level"))
    key = {name: draft.get(name) for name in ("url", "type", "level", "objectId")}
    same = store.find(TYPES["callback"], **key)
    if any(found["id"] != draft.get("id") for found in same):
        text = "A matching callback entry already exists"
        change.errors.append(FieldError("ObjectExists", text, "objectId"))


# Companies and contacts ---------------------------------------------------------------------------------------------


_COMPANY_ADDRESS = ("addressLine1", "addressLine2", "city", "state", "zip", "country")


def _company_finish(change: Change) -> None:
    draft, store = change.draft, change.world.store
    if draft.get("status") is None and not _failed(change, "status"):
        draft["status"] = change.default("companyStatus")
    draft["currency"] = draft.get("currency") or change.default("currency")
    addressed = _failed(change, "country") or any(draft.get(name) for name in _COMPANY_ADDRESS)
    if not (addressed or change.lax or change.kind == "patch"):
        # The description of these fields in the OpenAPI file; the code is a guess, and that PATCH does not ask for it.
        text = "At least one address field is required -- addressLine1, addressLine2, city, state, zip and/or country."
        change.errors.append(FieldError("MissingRequiredField", text, ", ".join(_COMPANY_ADDRESS)))
    if change.kind != "create" and change.old:
        draft["site"] = draft.get("site") or change.old.get("site")
    same = store.find(TYPES["company"], identifier=draft.get("identifier") or "")
    if not change.lax and any(record["id"] != draft.get("id") for record in same):
        change.errors.append(FieldError("ObjectExists", "Company ID already in use.", "identifier"))


def _company_after(change: Change) -> None:
    if change.kind != "create" or change.draft.get("site"):
        return
    store, company = change.world.store, change.draft
    now = change.world.now()
    site = {
        "name": "Main",
        "company": company["id"],
        "primaryAddressFlag": True,
        "inactiveFlag": False,
        "mobileGuid": new_guid(),
        **{name: company.get(name) for name in ("addressLine1", "addressLine2", "city", "zip", "country")},
        "_lastUpdated": now,
        "_updatedBy": CALLER,
    }
    store.insert(TYPES["site"], site)
    company["site"] = site["id"]
    store.replace(TYPES["company"], company)


def _contact_finish(change: Change) -> None:
    draft = change.draft
    draft["_title"] = f"{draft.get('firstName') or ''} {draft.get('lastName') or ''}".strip()
    if change.given.get("typeIds"):
        draft["types"] = list(change.given["typeIds"])
        for number in draft["types"]:
            if change.world.store.get(TYPES["contactType"], number or 0) is None:
                change.errors.append(FieldError("NotFound", f"Contact Type {number} not found", "typeIds"))
    draft.pop("typeIds", None)
    items = draft.get("communicationItems") or []
    for item in items:
        kind = change.world.store.get(TYPES["communicationType"], item.get("type") or 0)
        if kind and not item.get("communicationType"):
            flags = (("Email", "emailFlag"), ("Fax", "faxFlag"), ("Phone", "phoneFlag"))
            item["communicationType"] = next((word for word, flag in flags if kind.get(flag)), "Phone")
        elif not kind and item.get("communicationType"):
            item["type"] = change.default("communicationType", **{f"{item['communicationType'].lower()}Flag": 1})
        if item.get("communicationType") == "Email" and "@" in (item.get("value") or ""):
            item["domain"] = f"@{item['value'].rpartition('@')[2]}"
    _one_default_per_kind(items, (change.old or {}).get("communicationItems") or [])
    phones = [item for item in items if item.get("communicationType") == "Phone" and item.get("defaultFlag")]
    draft["defaultPhoneNbr"] = phones[0].get("value") if phones else None
    draft["defaultPhoneType"] = "Direct" if phones else None
    draft["communicationItems"] = items
    highest = max([item.get("id") or 0 for item in items], default=0) or 10 * (draft.get("id") or 0)
    for item in items:
        if not item.get("id"):
            highest += 1
            item["id"] = highest
        item.setdefault("defaultFlag", False)


def _one_default_per_kind(items: list[Record], old: list[Record]) -> None:
    """One default of each kind; a new default clears the old (section 10 of the facts)."""
    before = {item.get("id") for item in old if item.get("defaultFlag")}
    kinds = {item.get("communicationType") for item in items}
    for kind in kinds:
        defaults = [item for item in items if item.get("communicationType") == kind and item.get("defaultFlag")]
        new = [item for item in defaults if item.get("id") not in before]
        chosen = (new or defaults)[-1:]
        of_kind = [item for item in items if item.get("communicationType") == kind]
        for item in of_kind:
            item["defaultFlag"] = item is (chosen or of_kind)[0]


def _member_finish(change: Change) -> None:
    draft = change.draft
    draft["_title"] = f"{draft.get('firstName') or ''} {draft.get('lastName') or ''}".strip()
    draft["primaryEmail"] = draft.get("officeEmail")


# Configurations -----------------------------------------------------------------------------------------------------


def _configuration_finish(change: Change) -> None:
    draft = change.draft
    if draft.get("status") is None and not _failed(change, "status"):
        draft["status"] = change.default("configurationStatus")
    status = change.record("status", "configurationStatus") or {}
    draft["activeFlag"] = not status.get("closedFlag")
    member = change.world.store.get(TYPES["member"], CALLER_ID) or {}
    draft["location"] = draft.get("location") or member.get("defaultLocation")
    draft["department"] = draft.get("department") or member.get("defaultDepartment")
    draft["locationId"] = draft.get("locationId") or draft["location"]
    draft["businessUnitId"] = draft.get("businessUnitId") or draft["department"]
    draft["questions"] = _answers(change)


def _answers(change: Change) -> list[Record]:
    """The questions of the type with their answers; an array with answers changed is taken over (fact 6.7)."""
    draft, store = change.draft, change.world.store
    if draft.get("type") is None:
        return []
    asked = [
        question
        for question in store.find(TYPES["question"], configurationType=draft["type"])
        if not question.get("inactiveFlag")
    ]
    asked.sort(key=lambda question: question["sequenceNumber"])
    held = {entry["questionId"]: entry for entry in (change.old or {}).get("questions", [])}
    answers: list[Record] = [
        {"questionId": question["id"], "answer": held.get(question["id"], {}).get("answer")} for question in asked
    ]
    sent = change.given.get("questions") or []
    by_question: dict[Any, Record] = {answer["questionId"]: answer for answer in answers}
    by_answer = {entry["answerId"]: entry["questionId"] for entry in held.values()}
    for entry in sent:
        number = entry.get("questionId") or by_answer.get(entry.get("answerId"))
        if number not in by_question:
            text = f"Configuration Type Question {number} not found"
            change.errors.append(FieldError("NotFound", text, "questions/questionId"))
            continue
        by_question[number]["answer"] = entry.get("answer")
    for answer in answers:
        answer["answerId"] = held.get(answer["questionId"], {}).get("answerId") or _next_answer(change)
    return answers


def _next_answer(change: Change) -> int:
    connection = change.world.store.connection
    connection.execute("INSERT OR IGNORE INTO next_id VALUES ('answer', 9000)")
    connection.execute("UPDATE next_id SET id = id + 1 WHERE name = 'answer'")
    return int(connection.execute("SELECT id FROM next_id WHERE name = 'answer'").fetchone()[0])


# Boards -------------------------------------------------------------------------------------------------------------


def _only_default(change: Change) -> None:
    """A new default takes the flag from the old one."""
    record_type, draft, store = change.record_type, change.draft, change.world.store
    if not draft.get("defaultFlag"):
        return
    parents = {name: draft[name] for _path, name in record_type.parents}
    for other in store.find(record_type, defaultFlag=1, **parents):
        if other["id"] != draft["id"]:
            store.replace(record_type, {**other, "defaultFlag": False})


def _subtype_after(change: Change) -> None:
    """The associations of a subtype, kept as rows of their own."""
    draft, store = change.draft, change.world.store
    if change.lax:
        return
    wanted = set(draft.get("typeAssociationIds") or [])
    if change.given.get("addAllTypesFlag"):
        wanted |= {record["id"] for record in store.find(TYPES["type"], board=draft["board"])}
    there = {
        row["type"]: row
        for row in store.find(TYPES["association"], board=draft["board"], subType=draft["id"])
        if not row.get("item")
    }
    for number in wanted - set(there):
        row = {"type": number, "subType": draft["id"], "board": draft["board"], "_lastUpdated": change.world.now()}
        store.insert(TYPES["association"], row)


_BETWEEN = {"ticket": _ticket_between, "projectTicket": _project_ticket_between}
_FINISH = {
    "ticket": _ticket_finish,
    "projectTicket": _project_ticket_finish,
    **dict.fromkeys(("note", "projectNote"), _note_finish),
    **dict.fromkeys(("task", "projectTask"), _task_finish),
    "callback": _callback_finish,
    "timeEntry": _time_finish,
    "scheduleEntry": _schedule_finish,
    "company": _company_finish,
    "contact": _contact_finish,
    "member": _member_finish,
    "configuration": _configuration_finish,
}
_AFTER = {
    **dict.fromkeys(("ticket", "projectTicket"), _ticket_after),
    **dict.fromkeys(("note", "projectNote"), _note_after),
    **dict.fromkeys(("task", "projectTask"), _task_after),
    "timeEntry": _time_after,
    "scheduleEntry": _schedule_after,
    "company": _company_after,
    "subType": _subtype_after,
    **dict.fromkeys(
        ("status", "type", "team", "priority", "source", "configurationStatus", "scheduleStatus"), _only_default
    ),
}

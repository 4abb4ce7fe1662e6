# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    Configuration,
    Note,
    Record,
    Ticket,
    TicketTask,
)
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.models import parse_datetime
from unit.plugins.support import FACTS

KINDS: list[type[Record]] = [Ticket, Configuration, Note, TicketTask]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=5), parts, max_size=3),
    max_leaves=5,
)


def properties(kind: type[Record]) -> list[str]:
    """The names of all properties of a kind of record."""
    return [name for part in kind.__mro__ for name, item in vars(part).items() if isinstance(item, property)]


def recorded(folder_has: str) -> list[tuple[str, dict[str, Any]]]:
    """The recorded records whose file name holds a word."""
    found = []
    for file in sorted((FACTS / "samples").glob("*.response.json")):
        if folder_has in file.name:
            answer = json.loads(file.read_text())
            for record in answer if isinstance(answer, list) else [answer]:
                if "id" in record:
                    found.append((file.name, record))
    return found


@pytest.mark.skipif(not FACTS.exists(), reason="the recorded answers are not on this machine")
@pytest.mark.parametrize(("word", "kind", "least"), [("note", Note, 1), ("ticket_", Ticket, 3), ("tickets", Ticket, 2)])
def test_recorded_records_lose_nothing(word: str, kind: type[Record], least: int) -> None:
    records = [(name, data) for name, data in recorded(word) if (kind is Note) == ("note" in name)]
    assert len(records) >= least
    for name, data in records:
        record = kind.from_dict(data)
        assert record.to_dict() == data, name
        assert record.extra == {}, name


@pytest.mark.skipif(not FACTS.exists(), reason="the recorded answers are not on this machine")
def test_the_properties_of_recorded_tickets() -> None:
    tickets = [Ticket.from_dict(data) for name, data in recorded("ticket") if "note" not in name]
    closed = [ticket for ticket in tickets if ticket.is_closed]
    assert closed
    for ticket in closed:
        assert ticket.status_name == ">Closed"
        assert ticket.closed_datetime is not None
        assert ticket.closed_datetime.tzinfo is timezone.utc
    for ticket in tickets:
        assert ticket.board_name
        assert ticket.company_name
        assert ticket.company_identifier
        assert ticket.entered_datetime is not None
        assert ticket.last_updated_datetime is not None
        assert ticket.entered_datetime <= ticket.last_updated_datetime
        assert ticket.updated_by


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_record_breaks_no_property(kind: type[Record]) -> None:
    record = kind.from_dict({})
    assert record.to_dict() == {}
    found = {name: getattr(record, name) for name in properties(kind)}
    assert {name for name, value in found.items() if value is not None} == {
        name for name in found if name.startswith("is_")
    }
    assert all(found[name] is (name == "is_active") for name in found if name.startswith("is_"))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_no_partial_data_breaks_a_property(kind: type[Record], data: st.DataObject) -> None:
    names = {name: str(item.type) for name, item in kind.__dataclass_fields__.items()}
    texts = [name for name, type_name in names.items() if type_name.startswith("str")]
    others = [name for name in names if name not in texts and name != "extra"]
    record = kind.from_dict(
        {
            **data.draw(st.dictionaries(st.sampled_from(texts), st.none() | st.text(max_size=25), max_size=5)),
            **data.draw(st.dictionaries(st.sampled_from(others), JSON_VALUES, max_size=5)),
        }
    )
    for name in properties(kind):
        getattr(record, name)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.dictionaries(st.sampled_from(["id", "name", "text", "summary", "new", "_info", "x y"]), JSON_VALUES))
def test_nothing_is_lost_but_empty_fields(kind: type[Record], data: dict[str, Any]) -> None:
    known = kind.__dataclass_fields__.keys()
    expected = {name: value for name, value in data.items() if value is not None or name not in known}
    assert kind.from_dict(data).to_dict() == expected
    assert kind.from_dict(kind.from_dict(data).to_dict()) == kind.from_dict(expected)


def test_a_field_of_the_api_that_is_called_extra_is_kept() -> None:
    data = {"id": 5, "extra": {"a": 1}, "brandNewField": True}
    assert Ticket.from_dict(data).to_dict() == data
    assert Ticket.from_dict(data).extra == {"extra": {"a": 1}, "brandNewField": True}


def test_records_share_nothing() -> None:
    first, second = Ticket(), Ticket()
    first.extra["a"] = 1
    assert second.extra == {}


def test_a_ticket() -> None:
    ticket = Ticket.from_dict(
        {
            "id": 5,
            "board": {"id": 1, "name": "Help Desk"},
            "status": {"id": 2, "name": ">Closed"},
            "company": {"id": 3, "identifier": "Acme", "name": "Acme Corporation"},
            "priority": {"id": 4, "name": "High"},
            "owner": {"id": 5, "identifier": "oncall", "name": "On Call"},
            "type": {"id": 6, "name": "Incident"},
            "source": {"id": 7, "name": "Call"},
            "team": {"id": 8, "name": "Service Team"},
            "closedFlag": True,
            "closedDate": "2026-03-31T17:00:00Z",
            "requiredDate": "2026-04-01T00:00:00Z",
            "_info": {
                "lastUpdated": "2026-03-31T17:00:01Z",
                "updatedBy": "oncall",
                "dateEntered": "2026-03-30T08:00:00Z",
            },
        }
    )
    assert {name: getattr(ticket, name) for name in properties(Ticket)} == {
        "board_name": "Help Desk",
        "status_name": ">Closed",
        "company_name": "Acme Corporation",
        "company_identifier": "Acme",
        "priority_name": "High",
        "owner_name": "On Call",
        "owner_identifier": "oncall",
        "type_name": "Incident",
        "source_name": "Call",
        "team_name": "Service Team",
        "is_closed": True,
        "closed_datetime": datetime(2026, 3, 31, 17, tzinfo=timezone.utc),
        "required_datetime": datetime(2026, 4, 1, tzinfo=timezone.utc),
        "last_updated": "2026-03-31T17:00:01Z",
        "last_updated_datetime": datetime(2026, 3, 31, 17, 0, 1, tzinfo=timezone.utc),
        "updated_by": "oncall",
        "entered_datetime": datetime(2026, 3, 30, 8, tzinfo=timezone.utc),
    }


def test_a_configuration() -> None:
    configuration = Configuration.from_dict(
        {
            "name": "PROD-WEB-01",
            "type": {"name": "Server"},
            "status": {"name": "Active"},
            "company": {"name": "Acme Corporation", "identifier": "Acme"},
            "site": {"name": "Main Office"},
            "vendor": {"name": "Vendor"},
            "manufacturer": {"name": "Maker"},
            "activeFlag": False,
            "purchaseDate": "2020-01-02T00:00:00Z",
            "installationDate": "2020-02-03T00:00:00Z",
            "warrantyExpirationDate": "2030-01-01T00:00:00Z",
        }
    )
    assert {name: getattr(configuration, name) for name in properties(Configuration)} == {
        "type_name": "Server",
        "status_name": "Active",
        "company_name": "Acme Corporation",
        "company_identifier": "Acme",
        "site_name": "Main Office",
        "vendor_name": "Vendor",
        "manufacturer_name": "Maker",
        "is_active": False,
        "attached_name": "PROD-WEB-01",
        "purchase_datetime": datetime(2020, 1, 2, tzinfo=timezone.utc),
        "installation_datetime": datetime(2020, 2, 3, tzinfo=timezone.utc),
        "warranty_expiration_datetime": datetime(2030, 1, 1, tzinfo=timezone.utc),
        "last_updated": None,
        "updated_by": None,
    }


def test_an_attached_configuration_has_its_name_in_info_only() -> None:
    """Fact sheet 9.7."""
    configuration = Configuration.from_dict({"id": 5, "deviceIdentifier": "", "_info": {"name": "PROD-WEB-01"}})
    assert configuration.name is None
    assert configuration.attached_name == "PROD-WEB-01"


@pytest.mark.parametrize(
    ("flag", "name"),
    [
        ("detailDescriptionFlag", "is_discussion"),
        ("internalAnalysisFlag", "is_internal"),
        ("resolutionFlag", "is_resolution"),
    ],
)
def test_the_kinds_of_a_note(flag: str, name: str) -> None:
    note = Note.from_dict({flag: True, "internalFlag": True})
    assert [kind for kind in ("is_discussion", "is_internal", "is_resolution") if getattr(note, kind)] == [name]


def test_the_author_of_a_note() -> None:
    note = Note.from_dict({"member": {"name": "On Call"}, "dateCreated": "2026-01-01T00:00:00Z", "createdBy": "oncall"})
    assert (note.member_name, note.contact_name, note.createdBy) == ("On Call", None, "oncall")
    assert note.created_datetime == datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-31T17:00:00Z", datetime(2026, 3, 31, 17, tzinfo=timezone.utc)),
        ("2026-03-31T17:00:00", datetime(2026, 3, 31, 17, tzinfo=timezone.utc)),
        ("2026-03-31T17:00:00+02:00", datetime(2026, 3, 31, 15, tzinfo=timezone.utc)),
        ("2026-03-31T17:00:00.123Z", datetime(2026, 3, 31, 17, 0, 0, 123000, tzinfo=timezone.utc)),
        ("2026-03-31T17:00:00.1234567Z", datetime(2026, 3, 31, 17, 0, 0, 123456, tzinfo=timezone.utc)),
        ("2026-03-31T17:00:00+0200", datetime(2026, 3, 31, 15, tzinfo=timezone.utc)),
        ("2026-03-31", datetime(2026, 3, 31, tzinfo=timezone.utc)),
        ("0001-01-01T00:00:00+05:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        (5, None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: Any, moment: datetime | None) -> None:
    assert parse_datetime(text) == moment


def test_dates_are_in_utc() -> None:
    """As the docstring says; a fact made of it would else show another hour."""
    moment = parse_datetime("2026-03-31T17:00:00+02:00")
    assert moment is not None
    assert moment.utcoffset() == timedelta(0)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards, people and work as dataclasses; other members' credentials; merged and bundled tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    Board,
    BoardItem,
    BoardStatus,
    BoardSubType,
    BoardTeam,
    BoardType,
    Company,
    Condition,
    ConnectWiseAuthenticationError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseConfigurationError,
    Contact,
    Member,
    Priority,
    Record,
    ScheduleEntry,
    SecretString,
    Source,
    TimeEntry,
)
from unit.plugins.support import Simulator


def test_boards(client: ConnectWiseClient) -> None:
    board = client.get_board(1)
    assert isinstance(board, Board)
    assert (board.name, board.location_name is None) == ("Help Desk", not board.location)
    assert board.department_name == (board.department or {}).get("name")
    assert client.get_board(999) is None
    assert [each.id for each in client.get_boards(Condition("name", "=", "Help Desk"))] == [1]


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        (BoardStatus, ConnectWiseClient.get_board_statuses),
        (BoardType, ConnectWiseClient.get_board_types),
        (BoardSubType, ConnectWiseClient.get_board_subtypes),
        (BoardItem, ConnectWiseClient.get_board_items),
        (BoardTeam, ConnectWiseClient.get_board_teams),
    ],
)
def test_what_belongs_to_a_board(client: ConnectWiseClient, kind: type[Record], read: Callable[..., list[Any]]) -> None:
    found = read(client, 1)
    assert found
    assert {type(each) for each in found} == {kind}
    assert all(each.name for each in found)
    if kind is not BoardTeam:
        assert {each.board_name for each in found} == {"Help Desk"}
    first = found[0]
    assert read(client, 1, Condition("name", "=", first.name))[0] == first
    assert read(client, 999) == []


def test_the_statuses_say_which_of_them_close(client: ConnectWiseClient) -> None:
    statuses = {each.name: each for each in client.get_board_statuses(1)}
    assert statuses["Resolved"].closedStatus is True
    assert statuses["New"].closedStatus is False
    assert True in {each.is_inactive for each in statuses.values()}


def test_the_leader_of_a_team() -> None:
    assert BoardTeam.from_dict({"teamLeader": {"id": 1, "name": "Jo"}}).leader_name == "Jo"


def test_priorities_and_sources(client: ConnectWiseClient) -> None:
    assert {type(each) for each in client.get_priorities()} == {Priority}
    assert [each.name for each in client.get_sources(Condition("id", "=", 42))] == ["RMM"]
    assert {type(each) for each in client.get_sources()} == {Source}


def test_companies(client: ConnectWiseClient) -> None:
    company = client.get_company(250)
    assert isinstance(company, Company)
    assert (company.identifier, company.name) == ("Acme", "Acme Corporation")
    assert company.status_name == (company.status or {}).get("name")
    assert company.site_name == (company.site or {}).get("name")
    assert company.contact_name == (company.defaultContact or {}).get("name")
    assert client.get_company(999999) is None
    assert [each.id for each in client.get_companies('identifier = "Acme"', limit=1)] == [250]


def test_contacts(client: ConnectWiseClient) -> None:
    (contact,) = client.get_contacts(childconditions='communicationItems/value = "it.manager@acme.example"')
    assert isinstance(contact, Contact)
    assert (contact.full_name, contact.company_name, contact.is_active) == ("IT Manager", "Acme Corporation", True)
    assert contact.primary_email == "it.manager@acme.example"
    assert client.get_contact(contact.id or 0) == contact
    assert client.get_contact(999999) is None
    assert contact.site_name == (contact.site or {}).get("name")
    bare = Contact.from_dict({"lastName": "Doe", "inactiveFlag": True})
    assert (bare.full_name, bare.primary_email, bare.primary_phone, bare.is_active) == ("Doe", None, None, False)
    items = [{"communicationType": "Phone", "value": "1"}, {"communicationType": "Phone", "value": "2"}]
    assert Contact.from_dict({"communicationItems": items}).primary_phone == "1"
    items[1]["defaultFlag"] = True  # type: ignore[assignment]
    assert Contact.from_dict({"communicationItems": items}).primary_phone == "2"


def test_members(client: ConnectWiseClient) -> None:
    member = client.get_members(limit=1)[0]
    assert isinstance(member, Member)
    assert member.full_name
    assert member.is_active
    assert client.get_member(member.id or 0) == member
    assert client.get_member_by_identifier(str(member.identifier)) == member
    assert client.get_member_by_identifier('it\'s "nobody"') is None


def test_time_entries(client: ConnectWiseClient) -> None:
    data = {
        "chargeToType": "ServiceTicket",
        "chargeToId": 123,
        "timeStart": "2026-03-31T08:00:00Z",
        "timeEnd": "2026-03-31T09:30:00Z",
        "notes": "Patched.",
    }
    entry = TimeEntry.from_dict(client.post("time/entries", data))
    assert client.get_ticket_time_entries(123) == [entry]
    assert client.get_time_entry(entry.id or 0) == entry
    assert client.get_time_entry(999999) is None
    assert (entry.start_datetime, entry.end_datetime) != (None, None)
    assert entry.member_name == (entry.member or {}).get("name")
    assert entry.company_name == (entry.company or {}).get("name")


def test_schedule_entries(client: ConnectWiseClient) -> None:
    member = client.get_members(limit=1)[0]
    data = {
        "type": {"id": 4},
        "objectId": 123,
        "member": {"id": member.id},
        "dateStart": "2026-03-31T08:00:00Z",
        "dateEnd": "2026-03-31T09:30:00Z",
    }
    entry = ScheduleEntry.from_dict(client.post("schedule/entries", data))
    assert client.get_ticket_schedule_entries(123) == [entry]
    assert client.get_schedule_entry(entry.id or 0) == entry
    assert client.get_schedule_entry(999999) is None
    assert entry.start_datetime is not None and entry.end_datetime is not None
    assert entry.member_name == (entry.member or {}).get("name")
    assert entry.status_name == (entry.status or {}).get("name")


def test_counts(client: ConnectWiseClient, simulator: Simulator) -> None:
    assert client.get_ticket_count("id = 123") == client.get_configuration_count("id = 67890") == 1
    many = Condition("id", "in", [123, *range(500_000, 501_000)])
    simulator.forget()
    assert client.get_count("service/tickets", many) == 1
    assert client.get_count("company/companies", Condition("id", "in", [250, *range(500_000, 501_000)])) == 1


def test_merged_and_bundled(client: ConnectWiseClient) -> None:
    one, two, three = (client.create_ticket(f"part {number}", "", company_id=250, board_id=1) for number in range(3))
    assert one.id and two.id and three.id
    client.bundle_tickets(one.id, [two.id])
    child = client.get_ticket(two.id)
    assert child and child.parentTicketId == one.id
    client.merge_tickets(one.id, [three.id], status_id=102)
    merged = client.get_ticket(three.id)
    assert merged and (merged.mergedParentTicket or {}).get("id") == one.id
    with pytest.raises(ConnectWiseBadRequestError):
        client.merge_tickets(one.id, [123], status_id=201)


def test_run_as_another_member(simulator: Simulator, client: ConnectWiseClient) -> None:
    own = client.create_ticket("own", "", company_id=250)
    with pytest.raises(ConnectWiseAuthenticationError):
        client.run_as("nobody", "no password").get_ticket(123)
    same = client.run_as(simulator.told["public_key"], SecretString(simulator.told["private_key"]))
    assert same.get_ticket(own.id or 0) == own
    assert client.get_ticket(own.id or 0) == own
    assert {entry["connection"] for entry in simulator.journal()} == {simulator.journal()[0]["connection"]}
    for keys in (("", "x"), ("x", ""), ("x", SecretString("")), ("a\nb", "x")):
        with pytest.raises(ConnectWiseConfigurationError):
            client.run_as(*keys)


def test_the_login_of_another_member_is_sent_and_hidden(answering: Any) -> None:
    answering.then(200, {"id": 1})
    answering.then(401, {"code": "Unauthorized", "message": "not s3cret+/"})
    other = answering.client().run_as("other", "s3cret+/")
    other.get("service/tickets/1")
    with pytest.raises(ConnectWiseAuthenticationError) as raised:
        other.get("service/tickets/1")
    assert "s3cret" not in f"{raised.value!r} {raised.value} {other!r}"
    logins = {request["headers"]["authorization"] for request in answering.requests}
    assert len(logins) == 1

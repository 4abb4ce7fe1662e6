# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import Configuration, Note, Record, Ticket
from ansible_collections.msp.connectwise.plugins.module_utils.resources.facts import facts, snake_case


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("id", "id"),
        ("summary", "summary"),
        ("closedFlag", "closed_flag"),
        ("externalXRef", "external_x_ref"),
        ("escalationStartDateUTC", "escalation_start_date_utc"),
        ("poNumber", "po_number"),
        ("addressLine1", "address_line1"),
        ("resPlanMinutes", "res_plan_minutes"),
        ("isInSla", "is_in_sla"),
        ("backupBillableSpaceGb", "backup_billable_space_gb"),
        ("respondByGoalUTC", "respond_by_goal_utc"),
        ("status_name", "status_name"),
        ("SLAStatus", "sla_status"),
    ],
)
def test_snake_case(name: str, fact: str) -> None:
    assert snake_case(name) == fact
    assert snake_case(fact) == fact


@pytest.mark.parametrize("kind", [Ticket, Configuration, Note])
def test_no_two_fields_or_properties_become_one_fact(kind: type[Record]) -> None:
    names = [snake_case(name) for name in kind.__dataclass_fields__]
    for part in kind.__mro__:
        names += [name for name, item in vars(part).items() if isinstance(item, property)]
    assert len(names) == len(set(names))


TICKET = {
    "id": 5,
    "summary": "Deploy",
    "board": {"id": 1, "name": "Help Desk", "_info": {"board_href": "https://..."}},
    "status": {"id": 105, "name": ">Closed", "Sort": 3},
    "closedFlag": True,
    "closedDate": "2026-03-31T17:00:00Z",
    "brandNewField": {"someName": [{"innerName": 1, "_info": {}}]},
    "customFields": [{"id": 7, "caption": "Change Window", "connectWiseId": "x", "value": {"aB": 1}}],
    "_info": {"lastUpdated": "2026-03-31T17:00:01Z", "updatedBy": "oncall"},
}


def test_the_facts_of_a_ticket() -> None:
    found = facts(Ticket.from_dict(TICKET))
    assert found["id"] == 5
    assert found["board"] == {"id": 1, "name": "Help Desk"}
    assert found["board_name"] == "Help Desk"
    assert found["status"] == {"id": 105, "name": ">Closed", "sort": 3}
    assert found["status_name"] == ">Closed"
    assert found["is_closed"] is True
    assert found["closed_date"] == "2026-03-31T17:00:00Z"
    assert found["closed_datetime"] == "2026-03-31T17:00:00Z"
    assert found["last_updated"] == "2026-03-31T17:00:01Z"
    assert found["updated_by"] == "oncall"
    assert found["brand_new_field"] == {"some_name": [{"inner_name": 1}]}
    assert found["custom_fields"][0]["connect_wise_id"] == "x"
    assert found["owner"] is None
    assert found["owner_name"] is None
    assert "extra" not in found
    assert not [name for name in found if "info" in name]


@pytest.mark.parametrize("kind", [Ticket, Configuration, Note])
def test_all_fields_and_properties_are_there_also_when_empty(kind: type[Record]) -> None:
    found = facts(kind())
    names = {snake_case(name) for name in kind.__dataclass_fields__} - {"_info", "extra"}
    for part in kind.__mro__:
        names |= {name for name, item in vars(part).items() if isinstance(item, property)}
    assert set(found) == names
    assert {name for name, value in found.items() if value is not None} == {
        name for name in names if name.startswith("is_") and name != "is_in_sla"
    }


def test_only_the_fields_asked_for() -> None:
    record = Ticket.from_dict(TICKET)
    assert facts(record, ["id", "status/name", " summary ", "brandNewField", "nothing"]) == {
        "id": 5,
        "summary": "Deploy",
        "status": {"id": 105, "name": ">Closed", "sort": 3},
        "brand_new_field": {"some_name": [{"inner_name": 1}]},
    }
    assert facts(record, ["poNumber"]) == {"po_number": None}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(st.sampled_from(["_info", "aB", "c", "longName"]), parts, max_size=3)
    ),
    max_leaves=6,
)


def without_info(value: Any) -> Any:
    """A JSON value without links, with its names in snake case."""
    if isinstance(value, dict):
        return {snake_case(key): without_info(item) for key, item in value.items() if key != "_info"}
    return [without_info(item) for item in value] if isinstance(value, list) else value


@given(st.dictionaries(st.sampled_from(["board", "owner", "questions", "newField", "other"]), JSON_VALUES))
def test_nothing_is_lost_but_links(data: dict[str, Any]) -> None:
    found = facts(Ticket.from_dict(data))
    for name, value in data.items():
        assert found[snake_case(name)] == without_info(value)


def test_facts_share_nothing_with_the_record() -> None:
    record = Ticket.from_dict({"customFields": [{"caption": "a"}]})
    facts(record)["custom_fields"][0]["caption"] = "changed"
    assert record.customFields == [{"caption": "a"}]


def test_moments_are_texts_in_utc() -> None:
    closed = facts(Ticket(closedDate="2026-03-31T17:00:00+02:00"))["closed_datetime"]
    assert closed == datetime(2026, 3, 31, 15, tzinfo=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

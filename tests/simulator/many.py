# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many records at once, for long lists: a few are made by the rules, the rest are copies with differences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, product

from . import records
from .errors import ApiError
from .fields import TYPES, RecordType
from .reading import Reader
from .store import Record
from .world import World, new_guid

_START = datetime(2025, 1, 6, 8, 0)
_MOST = 1_000_000
_TROUBLE = ("Disk space low", "Backup failed", "Cannot print", "Mail is slow", "Account locked", "Patches are missing",
            "VPN drops", "High CPU load", "New starter", "Certificate expires")  # fmt: skip
_COMPANIES = (250, 251, 252, 253, 254, 255, 257, 258)


def _tickets() -> Iterator[Record]:
    """Tickets of all companies on all boards, one in three closed."""
    statuses = {1: (101, 102, 105), 2: (201, 203, 204), 3: (301, 302, 303)}
    for place, (board, company) in enumerate(product(statuses, _COMPANIES)):
        for status in statuses[board]:
            yield {
                "summary": "x",
                "board": {"id": board},
                "status": {"id": status},
                "company": {"id": company},
                "contact": {"id": 2000 + company},
                "priority": {"id": 5 + place % 4},
                "owner": {"id": 638 + place % 2},
            }


def _configurations() -> Iterator[Record]:
    """Servers, workstations and network devices of all companies, one in four retired."""
    for place, (kind, company) in enumerate(product((1, 2, 3), _COMPANIES)):
        yield {
            "name": "x",
            "type": {"id": kind},
            "company": {"id": company},
            "status": {"id": 2 if place % 4 == 3 else 1},
            "questions": [{"questionId": kind * 10 + 1, "answer": "Production"}],
        }


_MADE = {"ticket": _tickets, "configuration": _configurations}


def _differ(record: Record, number: int) -> Record:
    """A copy with what is its own: name, dates, guid."""
    entered = _START + timedelta(minutes=7 * number)
    changed = f"{entered + timedelta(hours=number % 90):%Y-%m-%dT%H:%M:%SZ}"
    copy = {**record, "_dateEntered": f"{entered:%Y-%m-%dT%H:%M:%SZ}", "_lastUpdated": changed}
    copy["mobileGuid"] = new_guid()
    if "summary" in record:
        copy["summary"] = f"{_TROUBLE[number % 10]} on PC-{number:06}"
        for name in ("closedDate", "dateResolved"):
            if record.get(name):
                copy[name] = changed
    else:
        copy["name"] = f"PC-{number:06}"
        copy.update(deviceIdentifier=f"many-{number}", serialNumber=f"SN-{number:06}")
    return copy


def make(world: World, path: object, count: object) -> list[int]:
    """Make so many tickets or configurations; the first id and the last. ValueError with a sentence."""
    known: dict[str, RecordType] = {TYPES[name].path: TYPES[name] for name in _MADE}
    record_type = known.get(str(path).strip("/"))
    if record_type is None:
        raise ValueError(f"path takes {' or '.join(known)}.")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= _MOST:
        raise ValueError(f"count is a whole number from 1 to {_MOST}.")
    reader = Reader(record_type, "", world.switches)
    try:
        documents = islice(_MADE[record_type.name](), count)
        patterns = [records.create(world, record_type, reader.record(found), {}, lax=True) for found in documents]
    except ApiError as error:
        raise ValueError(f"The records of the seed are needed for that: {error.message}.") from error
    for number, pattern in enumerate(patterns):
        world.store.replace(record_type, _differ(pattern, number))
    rest = (_differ(patterns[number % len(patterns)], number) for number in range(len(patterns), count))
    last = world.store.insert_many(record_type, rest)
    return [int(patterns[0]["id"]), last]

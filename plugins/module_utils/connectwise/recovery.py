# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After the answer to a POST was lost: how the record that it made is known again.

The API has no key that makes a POST repeatable (fact sheet 7.18, 12.5). So the newest records of the list are compared
with what was sent: the same content, made since it was sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from .conditions import Condition
from .models import parse_datetime

NEWEST = 100  # records that are looked at
PATIENCE = 60.0  # seconds that a slow server is given at most to do what it could not answer in time
SLACK = timedelta(seconds=2)  # the API's times have whole seconds (fact sheet 13.1)

# By these texts a list can be narrowed; the first one that was sent is enough.
_NARROWING = ("externalXRef", "summary", "name", "identifier")
_TIMES = ("dateEntered", "dateCreated")


def narrowed(sent: dict[str, Any]) -> Condition | None:
    """The condition under which the list of records is looked through; None for the whole list."""
    for name in _NARROWING:
        if isinstance(sent.get(name), str) and sent[name]:
            return Condition(name, "=", sent[name])
    return None


def all_narrowed(sent: list[dict[str, Any]]) -> Condition | None:
    """As :func:`narrowed`, for several records at once."""
    for name in _NARROWING:
        texts = [record.get(name) for record in sent]
        if all(isinstance(text, str) and text for text in texts):
            return Condition(name, "in", list(dict.fromkeys(texts)))
    return None


def was_made(record: dict[str, Any], sent: dict[str, Any], since: datetime) -> bool | None:
    """Whether a record of the list is what a POST of ``sent`` made; None where that can't be told.

    Args:
        record: as the API gives it.
        sent: the body of the POST.
        since: when it was sent, by the server's clock.

    What the record does not have (texts that become notes, fact sheet 7.2) says nothing.
    """
    shared = [name for name in sent if name in record and not isinstance(sent[name], list)]
    if not shared or not all(_same(sent[name], record[name]) for name in shared):
        return False
    if shared == ["id"]:  # something that was there already was attached to something else (fact sheet 9.7)
        return True
    info = record.get("_info")
    info = info if isinstance(info, dict) else {}
    texts = [record.get(name) for name in _TIMES] + [info.get(name) for name in (*_TIMES, "lastUpdated")]
    made = next((parse_datetime(text) for text in texts if isinstance(text, str)), None)
    return None if made is None else made >= since - SLACK


def _same(sent: Any, kept: Any) -> bool:
    """Whether a value was kept, with what servers rewrite of it (fact sheet 7.7, 7.8, 8.6)."""
    if isinstance(sent, dict):
        if not isinstance(kept, dict):
            return False
        return all(_same(sent[name], kept[name]) for name in sent if name in kept)
    if isinstance(sent, bool) or isinstance(kept, bool):
        return bool(sent) == bool(kept)
    if isinstance(sent, str) and isinstance(kept, str):
        a_day = parse_datetime(sent) and parse_datetime(kept)
        one, other = (sent[:10], kept[:10]) if a_day else (" ".join(sent.split()), " ".join(kept.split()))
        return one.casefold() == other.rstrip(";").casefold() or one.casefold() == other.casefold()
    return bool(sent == kept) or str(sent) == str(kept)


def server_time(headers: Any) -> datetime:
    """The server's clock at its answer; this machine's where the answer does not tell."""
    try:
        told = parsedate_to_datetime(headers.get("Date") or "")
        return told if told.tzinfo else told.replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        return datetime.now(timezone.utc)

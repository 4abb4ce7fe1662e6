# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to any endpoint: what a path may be, and what "already as wanted" means where no table says it.

Values are compared by what they are in JSON, as the record has them: an empty field is one that is left out (fact sheet
7.10), a reference is the same by its id, else by what is given of it (6.12), a time is a moment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote, urlsplit

from .configuration import CONFIGURATION_FIELDS
from .fields import (
    TIME,
    Field,
    WantedError,
    by_name,
    caption_of,
    find_custom_field,
    normalised,
    quoted,
    same_custom_field,
    settled,
    shown_entry,
    value_kind,
    value_member,
)

# What lists are asked with, and the option for it.
OPTION_OF = {
    "conditions": "conditions",
    "childConditions": "child_conditions",
    "customFieldConditions": "custom_field_conditions",
    "fields": "fields",
    "orderBy": "order_by",
}
_PAGING = ("page", "pagesize", "pageid")
NAMES = ("name", "identifier")  # by which a reference may be given (fact sheet 6.13)
OPERATIONS = ("add", "replace", "remove")  # fact sheet 6.1
_TIME = Field("time", TIME)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_WITH_OFFSET = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\+00:00", re.ASCII)
_CANT_BE_SENT = re.compile(r"[\x00\ud800-\udfff]")
# Lists of a record of which a body may name some entries, by this number (fact sheet 6.6, 6.7).
_ENTRIES = {"customFields": "id", "questions": "questionId"}


# Paths


def endpoint_of(path: str, site: str) -> str:
    """The endpoint that a person means by a path: ``/service/tickets/5``, or such an address on the own server.

    Args:
        path: the option.
        site: scheme and host of the server, as ``https://api-na.myconnectwise.net``.

    Raises:
        WantedError: it is none, or is on another server.
    """
    text = path.strip()
    if re.match(r"([\w+.-]+:)?//", text):
        text = _on_this_site(text, site)
    # Links of records have two slashes here (fact sheet 7.19).
    text = re.sub(r"^(.*?/)?apis/3\.0/", "", text, flags=re.IGNORECASE).lstrip("/")
    if re.search(r"[?#]", text):
        raise WantedError("path", f"{quoted(path)} holds a query. Give its parts as options, or as query.")
    if re.search(r"[\s\x00-\x20\x7f\ud800-\udfff\"'\\<>`{}|^]", text):
        raise WantedError("path", f"{quoted(path)} holds a character that no path has. Write a blank as %20.")
    parts = text.rstrip("/").split("/")
    if "" in parts:
        raise WantedError("path", f"a part of {quoted(path)} is empty. Give one such as service/tickets/123.")
    if any(not unquote(part).strip(".") or re.search("%2f|%5c", part, re.IGNORECASE) for part in parts):
        raise WantedError("path", f"{quoted(path)} leads elsewhere. Give one such as service/tickets/123.")
    return text


def _on_this_site(address: str, site: str) -> str:
    """The path of an address.

    Raises:
        WantedError: of another server. What was given as a path may hold a password, so it is not repeated.
    """
    try:
        own, other = urlsplit(site), urlsplit(address)
        hosts = [re.sub("^api-", "", str(each.hostname)) for each in (own, other)]
        ports = [each.port or {"http": 80, "https": 443}.get(each.scheme) for each in (own, other)]
        login = other.username is not None or other.password is not None
        here = (other.scheme, hosts[1], ports[1]) == (own.scheme, hosts[0], ports[0]) and not login
    except ValueError:
        here = False
    if not here:
        raise WantedError(
            "path", f"it is an address on another server than {site}. Give the path after /apis/3.0/ alone."
        )
    if not re.search("/apis/3\\.0/", address, re.IGNORECASE):
        raise WantedError("path", f"{quoted(address)} is no address of the API, which has /apis/3.0/ in it.")
    return address


def is_record(endpoint: str) -> bool:
    """Whether an endpoint is one record, as it ends in a number; others may be one too (``system/info``)."""
    return re.search(r"/[0-9]+$", endpoint, re.ASCII) is not None


def checked_text(option: str, text: str) -> str:
    """A text that can be sent in a query.

    Raises:
        WantedError: it can't.
    """
    if _CANT_BE_SENT.search(text):
        raise WantedError(option, "it holds a character that can't be sent: NUL, or half of a surrogate pair.")
    return text


def parameters(query: dict[str, Any] | None, own: bool) -> dict[str, str]:
    """The parameters of the option ``query`` as texts; those that are null are left out.

    Args:
        own: whether lists are read, which has options of its own.

    Raises:
        WantedError: a value that can't be, a parameter that an option is for.
    """
    options = {name.casefold(): option for name, option in OPTION_OF.items()}
    found = {}
    for name, value in (query or {}).items():
        if own and str(name).casefold() in _PAGING:
            raise WantedError("query", f"{name} is what this module pages with. Give limit.")
        if own and str(name).casefold() in options:
            raise WantedError("query", f"{name} is the option {options[str(name).casefold()]} here.")
        if isinstance(value, (dict, list)):
            raise WantedError("query", f"{name}: {quoted(value)} is not a single value.")
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            found[checked_text("query", str(name))] = checked_text("query", text)
    return found


# Bodies


def as_sent(value: Any) -> Any:
    """A body with times in the one form that every endpoint takes (fact sheet 11.2, 13.1).

    YAML reads ``2026-03-31T17:00:00Z`` as a time, which Ansible passes on as ``2026-03-31T17:00:00+00:00``.
    """
    if isinstance(value, dict):
        return {name: as_sent(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    parts = _WITH_OFFSET.fullmatch(value) if isinstance(value, str) else None
    return f"{parts[1]}Z" if parts else value


def is_empty(value: Any) -> bool:
    """Whether a field that has this value is not set."""
    return value is None or value in ("", [], {})


def same(found: Any, wanted: Any) -> bool:
    """Whether a record has a wanted value already.

    Args:
        found: as the API gives it; None where it gives none.
        wanted: as a body gives it.
    """
    if is_empty(wanted) or is_empty(found):
        return is_empty(wanted) and is_empty(found)
    if isinstance(wanted, dict):
        return isinstance(found, dict) and _same_members(found, wanted)
    if isinstance(wanted, list):
        return isinstance(found, list) and _same_lists(found, wanted)
    if isinstance(found, (dict, list)):
        return False
    if isinstance(found, bool) or isinstance(wanted, bool):
        return str(found).casefold() == str(wanted).casefold()
    if isinstance(found, (int, float)):
        return _number(found) == _number(wanted)
    if _MOMENT.fullmatch(str(found)):
        try:
            return bool(normalised(_TIME, wanted) == found)
        except WantedError:
            return False
    return settled(str(found)) == settled(str(wanted))


def _same_members(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    if not is_empty(wanted.get("id")):
        return same(found.get("id"), wanted["id"])
    return all(
        _same_member(name, found.get(member_of(found, name)), value)
        for name, value in wanted.items()
        if name != "_info"
    )


def _same_member(name: str, found: Any, wanted: Any) -> bool:
    """Whether a member of a reference is as wanted; records are called by their names in any case of letters."""
    if name in NAMES and isinstance(found, str) and isinstance(wanted, str):
        return found.strip().casefold() == wanted.strip().casefold()
    return same(found, wanted)


def _same_lists(found: list[Any], wanted: list[Any]) -> bool:
    """In any order, for the server may have one of its own."""
    left = list(found)
    for value in wanted:
        match = next((index for index, there in enumerate(left) if same(there, value)), None)
        if match is None:
            return False
        del left[match]
    return not left


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return None


def member_of(record: dict[str, Any], name: str) -> str:
    """The name of a member as a record has it; bodies may have it in another case (fact sheet 13.5)."""
    return name if name in record else next((known for known in record if known.casefold() == name.casefold()), name)


# Changes


@dataclass(frozen=True)
class Change:
    """A field that is not as wanted. ``before`` and ``after`` are for a person."""

    path: str
    before: Any
    after: Any


def parts_of(path: str) -> list[str]:
    """A path of a JSON Patch, with or without slash before it (fact sheet 6.2), taken apart."""
    return [part.replace("~1", "/").replace("~0", "~") for part in path.strip("/").split("/")]


def value_at(record: Any, path: str) -> Any:
    """What a record has at a path; None where there is nothing."""
    found = record
    for part in parts_of(path):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and re.fullmatch("[0-9]{1,9}", part) and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def holds(record: dict[str, Any], path: str, wanted: Any) -> bool:
    """Whether a record has a wanted value at a path.

    Raises:
        WantedError: a custom field or a question that the record does not have.
    """
    found = value_at(record, path)
    entries = _entries(path, found, wanted)
    if entries is not None:
        return all(same_custom_field(entry, value) for entry, value in entries)
    *above, last = parts_of(path)
    return _same_member(last, found, wanted) if above else same(found, wanted)


def change(record: dict[str, Any], path: str, wanted: Any) -> Change:
    """A field that is not as wanted, as a person is shown it: without links, passwords and what an id stands for."""
    found = value_at(record, path)
    entries = _entries(path, found, wanted)
    if entries is None:
        return Change(path, without_links(found), None if is_empty(wanted) else without_links(wanted))
    before = {caption_of(entry): shown_entry(entry) for entry, _value in entries}
    after = {caption_of(entry): shown_entry({**entry, value_member(entry): value}) for entry, value in entries}
    return Change(path, before, after)


def _entries(path: str, found: Any, wanted: Any) -> list[tuple[dict[str, Any], Any]] | None:
    """The wanted entries of a record's custom fields or questions, as (entry of the record, value).

    None where the path is another one, or the record does not list them.

    Raises:
        WantedError: the record does not have such an entry.
    """
    name = path.strip("/")
    number = _ENTRIES.get(name)
    if number is None or not isinstance(found, list) or not isinstance(wanted, list):
        return None
    row = by_name(CONFIGURATION_FIELDS, name)
    row = Field(row.name, row.kind, via=f"body, {row.name}")
    entries = []
    for item in wanted:
        if not isinstance(item, dict):
            return None
        entry = next((entry for entry in found if not is_empty(item.get(number)) and _is(entry, number, item)), None)
        if entry is None:
            caption = item.get("question" if name == "questions" else "caption")
            entry = find_custom_field(row, found, str(item.get(number) if caption is None else caption).strip())
        value = item.get(value_member(entry))
        place = Field(name, value_kind(entry), via=f"{row.via}, {caption_of(entry)}")
        entries.append((entry, "" if value is None else normalised(place, value)))
    return entries


def _is(entry: dict[str, Any], number: str, item: dict[str, Any]) -> bool:
    return str(entry.get(number)) == str(item[number]).strip()


def merged(record: dict[str, Any], path: str, wanted: Any) -> Any:
    """The value that is sent: of custom fields and questions always the whole list, with the wanted values in it."""
    entries = _entries(path, value_at(record, path), wanted)
    if entries is None:
        return wanted
    values = {id(entry): value for entry, value in entries}
    whole = []
    for entry in value_at(record, path):
        whole.append(deepcopy(entry))
        if id(entry) in values:
            whole[-1][value_member(entry)] = values[id(entry)] if values[id(entry)] != "" else None
    return whole


def without_links(value: Any) -> Any:
    """A value without ``_info``, which is most of it and says little."""
    if isinstance(value, dict):
        return {name: without_links(item) for name, item in value.items() if name != "_info"}
    return [without_links(item) for item in value] if isinstance(value, list) else value


def differing(record: dict[str, Any], body: dict[str, Any], exact: bool) -> list[Change]:
    """The fields of a body that a record does not have as wanted.

    Args:
        exact: whether names of fields must be written as the record has them, as PATCH wants it (fact sheet 13.5).

    Raises:
        WantedError: a name in another case, a custom field that the record does not have.
    """
    found = []
    for name, wanted in body.items():
        head = parts_of(name)[0] if exact else name
        known = member_of(record, head)
        if exact and known != head:
            raise WantedError("body", f"the field {quoted(head)} is called {known} here, in this case of letters.")
        path = name if exact else known
        if name != "_info" and not holds(record, path, wanted):
            found.append(change(record, path, wanted))
    return found


def patch_of(record: dict[str, Any], body: dict[str, Any], changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The operations for the fields of a body that differ.

    Where a reference changes, what is given by name is set too, changed or not: it may stand for another record then,
    as a status does on another board (fact sheet 6.4).
    """
    names = {each.path for each in changes}
    moved = any(isinstance(body[name], dict) or len(parts_of(name)) > 1 for name in names)
    return [
        _operation(record, name, wanted)
        for name, wanted in body.items()
        if name in names or (moved and name != "_info" and _is_by_name(name, wanted))
    ]


def _is_by_name(path: str, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return is_empty(wanted.get("id"))
    *above, last = parts_of(path)
    return bool(above) and last in NAMES


def _operation(record: dict[str, Any], path: str, wanted: Any) -> dict[str, Any]:
    if wanted is None or (wanted == "" and isinstance(value_at(record, path), dict)):
        return {"op": "remove", "path": path}
    if isinstance(wanted, dict) and not is_empty(wanted.get("id")):
        # The one form that every source saw working (fact sheet 6.2).
        return {"op": "replace", "path": f"{path}/id", "value": wanted["id"]}
    return {"op": "replace", "path": path, "value": merged(record, path, wanted)}


def checked_operations(body: list[Any]) -> list[dict[str, Any]]:
    """A JSON Patch as the API takes it.

    Raises:
        WantedError: it is none.
    """
    checked = []
    for number, given in enumerate(body, 1):
        if not isinstance(given, dict) or not isinstance(given.get("path"), str) or not given["path"].strip("/ "):
            raise WantedError("body", f"operation {number} has no path. Give a list of op, path and value.")
        op = str(given.get("op")).strip().lower()
        if op not in OPERATIONS:
            raise WantedError("body", f"operation {number}: {quoted(given.get('op'))} is none of add, replace, remove.")
        if op != "remove" and "value" not in given:
            raise WantedError("body", f"operation {number}, {op} {given['path']}, has no value.")
        checked.append({**given, "op": op})
    return checked


def undone(record: dict[str, Any], operations: Sequence[dict[str, Any]]) -> list[Change]:
    """The operations that change something. To add to a list, or to take one of its entries away, always does.

    Raises:
        WantedError: as of :func:`holds`.
    """
    found = []
    for operation in operations:
        path, wanted = operation["path"], operation.get("value")
        last = parts_of(path)[-1]
        into_list = isinstance(value_at(record, path.strip("/").rpartition("/")[0]), list) if "/" in path else False
        if operation["op"] == "remove":
            wanted, is_done = None, is_empty(value_at(record, path))
        else:
            inserted = operation["op"] == "add" and into_list and (last == "-" or last.isdigit())
            is_done = not inserted and holds(record, path, wanted)
        if not is_done:
            found.append(change(record, path, wanted))
    return found


def left_out(record: dict[str, Any], body: dict[str, Any]) -> list[str]:
    """The fields that are set now and that a PUT of this body empties (fact sheet 6.8)."""
    given = {name.casefold() for name in body}
    return [
        name
        for name, value in record.items()
        if name not in ("id", "_info") and name.casefold() not in given and not is_empty(value) and value is not False
    ]


def foreseen(record: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """A record with wanted values (path to value) in it: what check mode returns. Within lists it stays as it is."""
    whole = deepcopy(record)
    for path, value in wanted.items():
        head, *rest = parts_of(path)
        if is_empty(value):
            whole.pop(head, None)
        elif not rest:
            whole[head] = merged(record, path, value)
        elif len(rest) == 1 and not isinstance(whole.get(head), list):
            whole[head] = {rest[0]: value}
    return whole

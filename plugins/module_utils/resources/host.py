# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations as hosts of an inventory: what they are called, and their variables."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from ..connectwise import Configuration
from .facts import facts, snake_case
from .fields import WantedError, caption_of, is_password, value_member

# What is read of each configuration where nothing else is asked for: members of references by name, for whole ones
# are mostly links. Fields that older servers do not know (fact sheet, appendix A) are not among them.
FIELDS = (
    "id", "name", "type/id", "type/name", "status/id", "status/name", "company/id", "company/identifier",
    "company/name", "site/id", "site/name", "contact/id", "contact/name", "manufacturer/id", "manufacturer/name",
    "deviceIdentifier", "serialNumber", "modelNumber", "tagNumber", "macAddress", "ipAddress", "defaultGateway",
    "osType", "osInfo", "cpuSpeed", "ram", "purchaseDate", "installationDate", "warrantyExpirationDate", "activeFlag",
)  # fmt: skip
# Without these there are no names of hosts and groups.
NEEDED = ("id", "name", "company/id", "company/identifier", "company/name")
# Lists of entries, which become dictionaries of their values.
_ENTRIES = ("questions", "customFields")
# Hosts of these names are Ansible's own, or would hide its groups.
_TAKEN = ("127.0.0.1", "all", "localhost", "ungrouped")
_MOST_NAMED = 5  # names and ids that an error lists


def read_fields(asked: Collection[str], questions: bool, custom_fields: bool) -> tuple[str, ...]:
    """The names for the parameter ``fields`` of the API.

    Args:
        asked: API names in place of :data:`FIELDS`; empty for these.
        questions, custom_fields: whether they are read too.
    """
    names = [*NEEDED, *asked] if asked else [*FIELDS]
    names += [name for name, wanted in zip(_ENTRIES, (questions, custom_fields)) if wanted]
    heads = {name for name in names if "/" not in name}
    return tuple(name for name in dict.fromkeys(names) if "/" not in name or name.partition("/")[0] not in heads)


def host_variables(record: dict[str, Any], asked: tuple[str, ...], prefix: str) -> dict[str, Any]:
    """The facts of a configuration, with its questions and custom fields as dictionaries, each name with ``prefix``.

    Args:
        record: as the API gives it.
        asked: as of :func:`read_fields`; facts of what was not asked for are left out.
        prefix: of the names.
    """
    unread = _unread(asked)
    found = {name: value for name, value in facts(Configuration.from_dict(record)).items() if name not in unread}
    for name in _ENTRIES:
        if snake_case(name) in found:
            found[snake_case(name)] = _answers(record.get(name) or [])
    return {f"{prefix}{name}": value for name, value in found.items()}


@lru_cache(maxsize=1)
def _unread(asked: tuple[str, ...]) -> frozenset[str]:
    """The facts of fields that were not asked for, and the properties that look at one of them."""
    known = {item.name for item in fields(Configuration)} - {name.partition("/")[0] for name in asked}
    properties = {
        name: item.fget.__code__.co_names  # type: ignore[union-attr]
        for kind in Configuration.__mro__
        for name, item in vars(kind).items()
        if isinstance(item, property)
    }
    return frozenset(
        [*map(snake_case, known), *(name for name, looked_at in properties.items() if known.intersection(looked_at))]
    )


def without_passwords(record: dict[str, Any]) -> dict[str, Any]:
    """A record without the questions and custom fields that are passwords: variables of hosts are shown and cached."""
    lists = {name: record[name] for name in _ENTRIES if isinstance(record.get(name), list)}
    kept = {
        name: [each for each in entries if not (isinstance(each, dict) and is_password(each))]
        for name, entries in lists.items()
    }
    return {**record, **kept}


def _answers(entries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Values by caption or question."""
    answers: dict[str, Any] = {}
    for entry in entries:
        answers.setdefault(caption_of(entry), entry.get(value_member(entry)))
    return answers


def address(text: Any) -> str | None:
    """An IP address (str) if the text is one, and nothing else: it becomes an argument of programs such as ssh."""
    try:
        return str(ipaddress.ip_address(str(text).strip())) if "%" not in str(text) else None
    except ValueError:
        return None


def host_name(text: Any, number: int) -> str:
    """A text as the name of a host: of letters, digits, dots, hyphens and underscores, beginning with none of the last.

    Such names can be written in patterns of hosts, are names of files in caches and folders of variables, and can be
    neither templates nor options of commands.

    Args:
        text: such as a configuration's name.
        number: the id, of which the name is made where nothing of the text is left.
    """
    return re.sub(r"[^\w.-]+", "_", str(text or "").strip()).strip("_").lstrip(".-_") or f"configuration_{number}"


def told_apart(wanted: Mapping[int, str], companies: Mapping[int, str], duplicates: str) -> dict[int, str]:
    """Names of hosts of which none is given twice.

    Args:
        wanted: name by id.
        companies: what tells the company, by id.
        duplicates: ``fail``; ``first``, which leaves out all but that of the lowest id; ``id`` or ``company``, which
            is appended to the names of all that share one.

    Returns:
        Name by id, in the order of ids.

    Raises:
        WantedError: several have one name, and ``duplicates`` is ``fail``.
    """
    sharing: dict[str, list[int]] = defaultdict(list)
    for number in sorted(wanted):
        sharing[wanted[number]].append(number)
    shared = {name: numbers for name, numbers in sharing.items() if len(numbers) > 1}
    if shared and duplicates == "fail":
        raise WantedError("duplicates", _complaint(shared))
    names: dict[int, str] = {}
    again: dict[int, str] = {}
    for name, numbers in sharing.items():
        if name in _TAKEN or (name in shared and duplicates != "first"):
            again.update(dict.fromkeys(numbers, name))
        else:
            names[numbers[0]] = name
    if duplicates == "company":
        again = {number: host_name(f"{name}_{companies[number]}", number) for number, name in again.items()}
        alone = Counter([*again.values(), *names.values()])
        names.update({number: name for number, name in again.items() if alone[name] == 1})
    taken = set(names.values())
    for number in sorted(set(again) - set(names)):
        name = f"{again[number]}_{number}"
        while name in taken:
            name = f"{name}_{number}"
        taken.add(name)
        names[number] = name
    return dict(sorted(names.items()))


def _complaint(shared: Mapping[str, list[int]]) -> str:
    parts = [f"{name} (ids {', '.join(map(str, ids[:_MOST_NAMED]))})" for name, ids in [*shared.items()][:_MOST_NAMED]]
    more = f", and {len(shared) - _MOST_NAMED} more" if len(shared) > _MOST_NAMED else ""
    return (
        f"several configurations have the same name: {', '.join(parts)}{more}. "
        "Rename them, or choose id, company or first."
    )


def company_groups(companies: Mapping[int, str]) -> dict[int, str]:
    """The name of each company's group, by its id; where two would get the same, both get their id appended.

    Args:
        companies: identifier or name, by id.
    """
    names = {number: "company_" + re.sub(r"\W", "_", text) for number, text in companies.items()}
    count = Counter(names.values())
    return {number: name if count[name] == 1 else f"{name}_{number}" for number, name in names.items()}

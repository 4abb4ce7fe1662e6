# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The telephone numbers and e-mail addresses of a contact (fact sheet 6.2 and 10).

``items`` are the contact's ``communicationItems``. ``wanted`` are some of them by the name of their type: ``{"Direct":
{"value": "5550101", "extension": "12"}}``, where an empty value stands for none of that type. A type that the contact
has none of yet has its reference under ``type``.
"""

from __future__ import annotations

import re
from typing import Any

Items = list[dict[str, Any]]
Wanted = dict[str, dict[str, Any]]

EMAIL = "Email"  # the kind (communicationType); types of this kind may have other names


def of_type(items: Items, name: str) -> Items:
    """The items of a type, the default one first."""
    found = [item for item in items if type_name(item).casefold() == name.casefold()]
    return sorted(found, key=lambda item: not item.get("defaultFlag"))


def type_name(item: dict[str, Any]) -> str:
    """The name of an item's type."""
    return str((item.get("type") or {}).get("name") or "").strip()


def has_address(items: Items, address: str) -> bool:
    """Whether one of the e-mail addresses is this one."""
    return any(_alike(item, {"value": address}) for item in items if item.get("communicationType") == EMAIL)


def default_address(items: Items) -> dict[str, Any] | None:
    """The item of the default e-mail address, else of the first; None where there is none."""
    found = [item for item in items if item.get("communicationType") == EMAIL]
    return next((item for item in found if item.get("defaultFlag")), found[0] if found else None)


def same_items(items: Items, wanted: Wanted) -> bool:
    """Whether all is there as wanted."""
    return all(_settled(items, name, entry) for name, entry in wanted.items())


def merged_items(items: Items, wanted: Wanted) -> Items:
    """The items as they would be: what is wanted put in, all others kept."""
    merged = [dict(item) for item in items]
    for name, entry in wanted.items():
        found = of_type(merged, name)
        if _settled(merged, name, entry):
            continue
        if not entry["value"]:
            merged = [item for item in merged if item not in found]
        elif found:
            found[0].update(_given(entry))
        else:
            merged.append({"type": entry.get("type") or {"name": name}, **_kind(entry), **_given(entry)})
    return merged


def operations(items: Items, wanted: Wanted) -> list[dict[str, Any]]:
    """The operations (JSON Patch) on a contact that lead there: by the item's place, as recorded (fact sheet 6.2)."""
    changes, added, gone = [], [], []
    for name, entry in wanted.items():
        if _settled(items, name, entry):
            continue
        # Not by index(), for two items can be equal.
        places = [place for found in of_type(items, name) for place, item in enumerate(items) if item is found]
        if not entry["value"]:
            gone += places
        elif places:
            changes += [
                {"op": "replace", "path": f"communicationItems/{places[0]}/{member}", "value": value}
                for member, value in _given(entry).items()
            ]
        else:
            added.append(new_item(name, entry))
    # The last one first, for each that goes moves those behind it.
    removed = [{"op": "remove", "path": f"communicationItems/{place}"} for place in sorted(gone, reverse=True)]
    first = len(items) - len(gone)
    more = [
        {"op": "add", "path": f"communicationItems/{place}", "value": item} for place, item in enumerate(added, first)
    ]
    return changes + removed + more


def new_item(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """An item as it is sent."""
    known = entry.get("type") or {}
    return {"type": {"id": known["id"]} if "id" in known else {"name": name}, **_kind(entry), **_given(entry)}


def shown_items(items: Items, names: list[str]) -> dict[str, str | None]:
    """The items of some types for a person: ``{"Direct": "5550101 12"}``; None where there is none."""
    found: dict[str, str | None] = {}
    for name in names:
        texts = [" ".join(filter(None, (item.get("value"), item.get("extension")))) for item in of_type(items, name)]
        found[name] = ", ".join(texts) or None
    return found


def _settled(items: Items, name: str, entry: dict[str, Any]) -> bool:
    found = of_type(items, name)
    return any(_alike(item, entry) for item in found) if entry["value"] else not found


def _alike(item: dict[str, Any], entry: dict[str, Any]) -> bool:
    asked = [member for member in ("value", "extension") if member in entry]
    return all(_folded(item.get(member)) == _folded(entry[member]) for member in asked)


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    return {member: entry[member] for member in ("value", "extension", "defaultFlag") if member in entry}


def _kind(entry: dict[str, Any]) -> dict[str, Any]:
    return {"communicationType": entry["communicationType"]} if "communicationType" in entry else {}


def _folded(value: Any) -> Any:
    """Without what means nothing in telephone numbers, which some servers drop."""
    text = str(value or "").strip().casefold()
    return text if "@" in text else re.sub(r"[\s()./-]", "", text)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be set of a document, and how a document is known again (fact sheet 11.1)."""

from __future__ import annotations

from typing import Any

from .fields import FLAG, TEXT, Field

DOCUMENT = (
    Field("fileName", TEXT, "name"),
    Field("title", TEXT, "title"),
    Field("publicFlag", FLAG, "private"),  # which is its opposite
    Field("readOnlyFlag", FLAG, "read_only"),
)


def is_link(document: dict[str, Any]) -> bool:
    """Whether a document is a link, which has no content."""
    return bool(document.get("linkFlag") or document.get("urlFlag"))


def is_called(document: dict[str, Any], name: str) -> bool:
    """Whether a document is the file of this name."""
    return not is_link(document) and str(document.get("fileName")) == name


def links_to(document: dict[str, Any], url: str, title: str) -> bool:
    """Whether a document is the link of this address; where the server does not tell that, of this title."""
    told = [document.get(name) for name in ("fileName", "serverFileName")]
    return is_link(document) and (
        url in told or (not any("://" in str(text) for text in told) and is_titled(document, title))
    )


def is_titled(document: dict[str, Any], title: str) -> bool:
    """Whether a document has this title."""
    return str(document.get("title") or "") == title


def described(document: dict[str, Any]) -> dict[str, Any]:
    """A document by the options of the module; without what the server does not tell."""
    private = None if document.get("publicFlag") is None else not document["publicFlag"]
    told = {
        "name": document.get("fileName"),
        "title": document.get("title") or "",
        "private": private,
        "read_only": document.get("readOnlyFlag"),
        "size": None if is_link(document) else document.get("size"),
    }
    return {name: value for name, value in told.items() if value is not None}


def changes(before: dict[str, Any], wanted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The difference between two descriptions; of what is wanted alone, and told before."""
    names = [name for name, value in wanted.items() if name in before and before[name] != value]
    return {"before": {name: before[name] for name in names}, "after": {name: wanted[name] for name in names}}

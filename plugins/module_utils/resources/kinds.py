# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of records that are looked up by a word: where they are, what they may be called, their dataclass."""

from __future__ import annotations

from dataclasses import replace

from ..connectwise import Board, Configuration, Contact, Record, Ticket
from . import references as ref
from .fields import Reference, WantedError, quoted
from .record import RECORDS


def _anywhere(reference: Reference) -> Reference:
    """A kind whose names are looked for in all companies."""
    return replace(reference, scope="", searched=True) if reference.scope else reference


KINDS: dict[str, tuple[Reference, type[Record]]] = {
    # Sites are below their company, so that none is known by itself.
    **{name: (_anywhere(row.reference), row.record) for name, row in RECORDS.items() if name != "site"},
    "board": (ref.BOARD, Board),
    "configuration": (_anywhere(ref.CONFIGURATION), Configuration),
    # No list of contacts has their names in one field (fact sheet 4.12).
    "contact": (replace(ref.CONTACT, scope="", names=()), Contact),
    "ticket": (Reference("ticket", "service/tickets", names=("externalXRef",), searched=True), Ticket),
}


def kind_of(record: str) -> tuple[Reference, type[Record]]:
    """The row of a word, or one for a path of the API, such as ``finance/agreements``.

    Raises:
        WantedError: it is neither.
    """
    if record in KINDS:
        return KINDS[record]
    if "/" in record.strip("/"):
        path = record.strip("/")
        return Reference(f"record in {path}", path, searched=True), Record
    there = ", ".join(sorted(KINDS))
    raise WantedError("record", f"{quoted(record)} is neither a path such as finance/agreements nor one of {there}.")

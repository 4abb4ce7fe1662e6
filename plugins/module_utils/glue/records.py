# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating and changing a record as wanted, whatever forms of references the server takes.

Names go to the server as they are, for it can look them up itself (fact sheet 6.13). Where it refuses, or keeps what
it had, they are looked up: that either tells what is wrong, with the candidates, or brings the ids that every server
takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Callable

from ..connectwise import (
    Condition,
    ConnectWiseAPIError,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseServerError,
    Record,
)
from ..resources.facts import facts
from ..resources.fields import (
    ENTRIES,
    REFERENCE,
    Field,
    Reference,
    Table,
    WantedError,
    by_name,
    quoted,
    same,
    shown,
    value_member,
)
from ..resources.planning import all_shown, difference, merged_custom_fields, new_record, plan, with_changes
from .lookup import WHERE, Lookup, candidates, is_inactive

_ENTRY_MEMBERS = ("id", "value", "questionId", "answer")  # what is sent of an entry that a new record has


@dataclass(frozen=True)
class Done:
    """What came of one record: the operation, the record as it is then, and the difference.

    In check mode what would come of it. A record that was deleted is given as it was; None where there was none.
    """

    operation: str
    record: dict[str, Any] | None
    diff: dict[str, dict[str, Any]]


def outcome(done: Done, name: str, kind: type[Record]) -> dict[str, Any]:
    """The result of a module: ``changed``, ``operation``, the facts of the record under its name, and ``diff``."""
    return {
        "changed": done.operation != "unchanged",
        "operation": done.operation,
        name: facts(kind.from_dict(done.record)) if done.record else None,
        "diff": done.diff,
    }


def bring(
    client: ConnectWiseClient,
    lookup: Lookup,
    table: Table,
    endpoint: str,
    before: dict[str, Any] | None,
    wanted: dict[str, Any],
    check_mode: bool,
    definitions: Sequence[dict[str, Any]] = (),
    questions: Sequence[dict[str, Any]] = (),
) -> Done:
    """Create a record, or change what is not as wanted. Arguments and errors as of :func:`create` and :func:`update`.

    Args:
        before: the record as it is; None where there is none.
    """
    if before is None:
        record = create(client, lookup, table, endpoint, wanted, definitions, check_mode, questions)
        if not check_mode:
            record = update(client, lookup, table, endpoint, record, wanted, False)[0]
        return Done("created", record, difference([by_name(table, name) for name in wanted], {}, record, wanted))
    after, changed, wanted = update(client, lookup, table, endpoint, before, wanted, check_mode)
    return Done("updated" if changed else "unchanged", after, difference(changed, before, after, wanted))


def remove(
    client: ConnectWiseClient, table: Table, endpoint: str, found: list[dict[str, Any]], check_mode: bool
) -> Done:
    """Delete all records that were found, so that none is left to the next run."""
    gone = [record for record in found if check_mode or client.delete(endpoint, record["id"])]
    before = found[0] if found else None
    diff = {"before": all_shown(table, gone[0]) if gone else {}, "after": {}}
    return Done("deleted" if gone else "unchanged", before, diff)


def with_id(
    client: ConnectWiseClient, reference: Reference, params: dict[str, Any], check_mode: bool
) -> dict[str, Any] | None:
    """The record with the number that the option ``id`` names; only its id where it is 0, in check mode.

    Returns:
        None where there is none, and ``state`` is absent.

    Raises:
        WantedError: it can't be the number of a record, or there is none.
    """
    number: int = params["id"]
    if number == 0 and check_mode:
        return {"id": 0}
    noun = reference.noun
    if number <= 0:
        raise WantedError("id", f"{number} is no id of a {noun}; 0 is what one has that check mode did not create.")
    found: dict[str, Any] | None = client.get(f"{reference.endpoint}/{number}")
    if found is None and params["state"] == "present":
        raise WantedError("id", f"there is no {noun} {number}.", "NotFound")
    return found


def matching(
    client: ConnectWiseClient,
    lookup: Lookup,
    table: Table,
    reference: Reference,
    wanted: dict[str, Any],
    names: Sequence[str],
    example: str,
    within: Condition | None = None,
    fits: Callable[[dict[str, Any]], bool] = lambda record: True,
) -> list[dict[str, Any]]:
    """The records whose fields are as wanted; those in use, where some of them are.

    Args:
        reference: what the records are called, and where they are.
        wanted: the wanted state; what is looked up for the search is in it then.
        names: the options that count.
        example: an option by which such records differ, for the error.
        within: a condition on what the records hold lists of.
        fits: whether a record is meant, beside its fields.

    Raises:
        WantedError: an option that can't be searched by.
    """
    options = {name.strip() for name in names}
    rows = [
        row for row in table if row.option in options and wanted.get(row.name, "") != "" and row.kind not in ENTRIES
    ]
    if len(rows) < len(options) or not (rows or within):
        unfit = ", ".join(sorted(options - {row.option for row in rows})) or "nothing"
        raise WantedError(
            "match",
            f"{unfit}: give options of this task, none of them empty, by which {reference.noun}s differ, such as "
            f"{example}.",
        )
    chosen = [row.name for row in rows]
    wanted.update(
        lookup.resolved(table, wanted, {}, lambda row, value: row.name in chosen and has_to_be_looked_up(row, value))
    )
    conditions = []
    for row in rows:
        value, path = wanted[row.name], row.name
        if row.kind == REFERENCE:
            member = "id" if "id" in value else "name"
            value, path = value[member], f"{row.name}/{member}"
        conditions.append(Condition(path, "=", value))
    condition = reduce(and_, conditions) if conditions else ""
    records = client.get_all(reference.endpoint, condition, str(within or ""))
    found = [record for record in records if fits(record) and all(same(row, record, wanted[row.name]) for row in rows)]
    in_use = [record for record in found if record.get("activeFlag") is not False and not is_inactive(record)]
    return in_use or found


def the_match(found: list[dict[str, Any]], reference: Reference) -> dict[str, Any] | None:
    """The record that :func:`matching` found; None where there is none.

    Raises:
        WantedError: there are several.
    """
    if len(found) > 1:
        raise WantedError(
            "match",
            f"{len(found)} {reference.noun}s match: {candidates(found, reference)}. Give the id, or match by "
            "fields in which they differ.",
            "Ambiguous",
        )
    return found[0] if found else None


def the_only(found: list[dict[str, Any]], option: str, noun: str) -> dict[str, Any] | None:
    """The record that was found; None where there is none.

    Raises:
        WantedError: there are several; with their ids.
    """
    if len(found) > 1:
        ids = ", ".join(str(record["id"]) for record in found)
        raise WantedError(option, f"{len(found)} {noun} are so: {ids}. Give the id of one.", "Ambiguous")
    return found[0] if found else None


def of_member(
    lookup: Lookup, row: Field, records: list[dict[str, Any]], wanted: dict[str, Any]
) -> list[dict[str, Any]]:
    """Those of some records that belong to the wanted member; all where none is wanted.

    The member is looked up where the records do not tell, as of an e-mail address. ``wanted`` has it by its id then.
    """
    if row.name not in wanted or not records:
        return records
    found = [record for record in records if same(row, record, wanted[row.name])]
    if not found and "id" not in wanted[row.name]:
        wanted[row.name] = lookup.find(row, wanted[row.name], {})
        found = [record for record in records if same(row, record, wanted[row.name])]
    return found


def create(
    client: ConnectWiseClient,
    lookup: Lookup,
    table: Table,
    endpoint: str,
    wanted: dict[str, Any],
    definitions: Sequence[dict[str, Any]],
    check_mode: bool,
    questions: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Create a record and return it as the server made it; in check mode as it would be, with the id 0.

    Some servers take less on create than on change: :func:`update` brings the rest, or tells that it is not kept.

    Args:
        definitions: entries of ``customFields`` as a record of this kind has them; used where custom fields are wanted.
        questions: likewise entries of ``questions``, of a configuration of the wanted type.

    Raises:
        WantedError: a name that stands for nothing or for several.
        ConnectWiseAPIError: the server refused.
    """
    wanted = lookup.resolved(table, wanted, {}, _needed(check_mode))
    entries = {"customFields": [*definitions], "questions": [*questions]}
    if check_mode:
        return with_changes(table, {"id": 0, **{name: given for name, given in entries.items() if given}}, wanted)

    def post(state: dict[str, Any]) -> dict[str, Any]:
        body = new_record(table, state)
        for name in [name for name in entries if name in body]:
            merged = merged_custom_fields(by_name(table, name), entries[name], body[name])
            body[name] = [
                {member: entry[member] for member in _ENTRY_MEMBERS if member in entry}
                for entry in merged
                if value_member(entry) in entry
            ]
        created: dict[str, Any] = client.post(endpoint, body)
        return created

    return _with_names_explained(post, lookup, table, wanted, {})


def update(
    client: ConnectWiseClient,
    lookup: Lookup,
    table: Table,
    endpoint: str,
    current: dict[str, Any],
    wanted: dict[str, Any],
    check_mode: bool,
) -> tuple[dict[str, Any], list[Field], dict[str, Any]]:
    """Change a record where it is not as wanted.

    Returns:
        The record as it is then (in check mode: as it would be), the rows that were changed, the resolved wanted state.

    Raises: as :func:`create`, and
        WantedError: the server did not keep a value.
    """
    differing = [row.name for row in plan(table, current, wanted).changed]
    if not differing:
        return current, [], wanted
    needed = _needed(check_mode)
    wanted = lookup.resolved(table, wanted, current, lambda row, value: row.name in differing and needed(row, value))
    changed = plan(table, current, wanted).changed
    if check_mode or not changed:
        return (with_changes(table, current, wanted) if changed else current), changed, wanted

    def patch(state: dict[str, Any]) -> dict[str, Any]:
        return client.patch(endpoint, current["id"], plan(table, current, state).operations)

    answer = _with_names_explained(patch, lookup, table, wanted, current)
    if plan(table, answer, wanted).operations:
        # The server answered "done" and kept what it had, as it is said to do for some forms (fact sheet 6.2).
        wanted = lookup.resolved(table, wanted, answer, _by_name)
        again = plan(table, answer, wanted).operations
        answer = client.patch(endpoint, current["id"], again) if again else answer
        _fail_where_not_kept(lookup, table, answer, wanted)
    return answer, changed, wanted


def _with_names_explained(
    write: Callable[[dict[str, Any]], dict[str, Any]],
    lookup: Lookup,
    table: Table,
    wanted: dict[str, Any],
    current: dict[str, Any],
) -> dict[str, Any]:
    try:
        return write(wanted)
    except (ConnectWiseBadRequestError, ConnectWiseServerError) as error:
        if error.maybe_done or error.retryable:
            raise
        # 400, or the 500 of a JSON type that is not taken here (fact sheet 5.7): nothing was done.
        refused = {str(item.get("field")).partition("/")[0] for item in error.field_errors}
        resolved = lookup.resolved(
            table, wanted, current, lambda row, value: _by_name(row, value) or row.name in refused
        )
        if new_record(table, resolved) == new_record(table, wanted):
            raise
        return write(resolved)


def _fail_where_not_kept(lookup: Lookup, table: Table, answer: dict[str, Any], wanted: dict[str, Any]) -> None:
    for row in plan(table, answer, wanted).changed:
        captions = list(wanted[row.name]) if row.kind in ENTRIES else ()
        asked = shown(row, with_changes(table, answer, {row.name: wanted[row.name]}), captions)
        kept = shown(row, answer, captions)
        raise WantedError(
            row.place,
            f"ConnectWise answered that the change was done, but kept {quoted(kept)} where {quoted(asked)} was asked "
            f"(id {answer.get('id')}).{_allowed(lookup, row, answer)}",
            "NotKept",
        )


def _allowed(lookup: Lookup, row: Field, record: dict[str, Any]) -> str:
    """The sentence that tells what a field may refer to, such as the statuses of the record's board."""
    if not row.reference or not row.reference.scope or row.reference.searched:
        return ""
    try:
        there = [item for item in lookup.all_of(row.reference, record) if not is_inactive(item)]
    except ConnectWiseAPIError:
        return ""  # what is to be told is the failure before it
    if not there:
        return ""
    within = record.get(row.reference.scope) or {}
    return f" There are {WHERE[row.reference.scope]} {quoted(within.get('name'))}: {candidates(there, row.reference)}."


def _needed(check_mode: bool) -> Callable[[Field, dict[str, Any]], bool]:
    """Which references are looked up before a write: those that the API can't look up itself; all in check mode,
    which has to find out what the server would say."""
    return lambda row, value: check_mode or has_to_be_looked_up(row, value)


def has_to_be_looked_up(row: Field, value: dict[str, Any]) -> bool:
    """Whether a reference is a name that the API can't look up itself, or would take the first of several for."""
    return _by_name(row, value) and not (row.reference and row.reference.api_takes)


def _by_name(row: Field, value: dict[str, Any]) -> bool:
    return row.kind == REFERENCE and bool(value) and "id" not in value

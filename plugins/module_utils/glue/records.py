# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating and changing a record as wanted, whatever forms of references the server takes.

Names go to the server as they are, for it can look them up itself (fact sheet 6.13). Where it refuses, or keeps what
it had, they are looked up: that either tells what is wrong, with the candidates, or brings the ids that every server
takes.

The steps that lead there (:func:`bringing` and so on) yield what is to be written and are sent what came of it, so that
whoever takes them decides how it is written: :func:`written` one by one, cw_configuration_sync many in one request.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Callable, Protocol, TypeVar

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
Given = TypeVar("Given")


@dataclass(frozen=True)
class Create:
    """A record to be created: where, and the body."""

    endpoint: str
    body: dict[str, Any]

    def by(self, client: ConnectWiseClient) -> dict[str, Any]:
        """Create it; returns the record. Raises ConnectWiseAPIError."""
        created: dict[str, Any] = client.post(self.endpoint, self.body, member="id")
        return created


@dataclass(frozen=True)
class Change:
    """A record to be changed: where, the record as it is, and the operations (JSON Patch)."""

    endpoint: str
    before: dict[str, Any]
    operations: list[dict[str, Any]]

    def by(self, client: ConnectWiseClient) -> dict[str, Any]:
        """Change it; returns the record. Raises ConnectWiseAPIError."""
        try:
            return client.patch(self.endpoint, self.before["id"], self.operations)
        except ConnectWiseBadRequestError as error:
            entries = self.before.get("customFields")
            given = any(operation["path"] == "customFields" for operation in self.operations)
            if given or not entries or not re.search("custom ?field", str(error), re.IGNORECASE):
                raise
        # Some servers want them with every change (fact sheet 6.6).
        kept = {"op": "replace", "path": "customFields", "value": entries}
        return client.patch(self.endpoint, self.before["id"], [*self.operations, kept])


class Write(Protocol):
    """What is to be written: a :class:`Create`, a :class:`Change`, or what only some records have."""

    def by(self, client: ConnectWiseClient) -> dict[str, Any]:
        """Write it; returns the record as it is then. Raises ConnectWiseAPIError."""


Steps = Generator[Write, dict[str, Any], Given]
"""Yield a write, are sent the record that came of it, or thrown the ConnectWiseAPIError; end with what they give."""


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


def written(client: ConnectWiseClient, steps: Steps[Given]) -> Given:
    """Take the steps, with a request for each write. Raises what they raise."""
    try:
        write = next(steps)
        while True:
            try:
                record = write.by(client)
            except ConnectWiseAPIError as error:
                write = steps.throw(error)
            else:
                write = steps.send(record)
    except StopIteration as end:
        given: Given = end.args[0]  # its value, which pylint takes for None
        return given


def bring(
    client: ConnectWiseClient,
    lookup: Lookup,
    table: Table,
    endpoint: str,
    before: dict[str, Any] | None,
    wanted: dict[str, Any],
    check_mode: bool,
    definitions: Sequence[dict[str, Any]] = (),
) -> Done:
    """As :func:`bringing`, one request after the other."""
    return written(client, bringing(lookup, table, endpoint, before, wanted, check_mode, definitions))


def bringing(
    lookup: Lookup,
    table: Table,
    endpoint: str,
    before: dict[str, Any] | None,
    wanted: dict[str, Any],
    check_mode: bool,
    definitions: Sequence[dict[str, Any]] = (),
    questions: Sequence[dict[str, Any]] = (),
) -> Steps[Done]:
    """Create a record, or change what is not as wanted. Arguments and errors as of :func:`creating`, :func:`updating`.

    Args:
        before: the record as it is; None where there is none.
    """
    if before is None:
        record = yield from creating(lookup, table, endpoint, wanted, definitions, check_mode, questions)
        if not check_mode:
            record = (yield from updating(lookup, table, endpoint, record, wanted, False))[0]
        return Done("created", record, difference([by_name(table, name) for name in wanted], {}, record, wanted))
    after, changed, wanted = yield from updating(lookup, table, endpoint, before, wanted, check_mode)
    return Done("updated" if changed else "unchanged", after, difference(changed, before, after, wanted))


def remove(
    client: ConnectWiseClient, table: Table, endpoint: str, found: list[dict[str, Any]], check_mode: bool
) -> Done:
    """Delete all records that were found, so that none is left to the next run."""
    gone = [record for record in found if check_mode or client.delete(endpoint, record["id"])]
    before = found[0] if found else None
    diff = {"before": all_shown(table, gone[0]) if gone else {}, "after": {}}
    return Done("deleted" if gone else "unchanged", before, diff)


def checked_id(params: dict[str, Any], reference: Reference, check_mode: bool) -> int | None:
    """The option ``id``; 0 in check mode only, None where it is not given.

    Raises:
        WantedError: it can't be the number of a record.
    """
    number: int | None = params["id"]
    if number is not None and (number < 0 or (number == 0 and not check_mode)):
        raise WantedError(
            "id",
            f"{number} is no id of a {reference.noun}; 0 is what one has that check mode did not create.",
        )
    return number


def known(found: dict[str, Any] | None, params: dict[str, Any], reference: Reference) -> dict[str, Any] | None:
    """What was found by the option ``id``. Raises WantedError where it is not there and has to be."""
    if found is None and params["state"] == "present":
        raise WantedError("id", f"there is no {reference.noun} {params['id']}.", "NotFound")
    return found


def with_id(
    client: ConnectWiseClient, reference: Reference, params: dict[str, Any], check_mode: bool
) -> dict[str, Any] | None:
    """The record with the number that the option ``id`` names; only its id where it is 0, in check mode.

    Returns:
        None where there is none, and ``state`` is absent.

    Raises:
        WantedError: it can't be the number of a record, or there is none.
    """
    number = checked_id(params, reference, check_mode)
    if number == 0:
        return {"id": 0}
    return known(client.get(f"{reference.endpoint}/{number}"), params, reference)


def match_rows(
    table: Table, reference: Reference, wanted: dict[str, Any], names: Sequence[str], example: str, beside: bool = False
) -> list[Field]:
    """The fields by which a record is found.

    Args:
        reference: what the records are called.
        wanted: the wanted state.
        names: the options that count.
        example: an option by which such records differ, for the error.
        beside: whether it is found by something else beside, so that there may be none.

    Raises:
        WantedError: an option that can't be searched by.
    """
    options = {name.strip() for name in names}
    rows = [
        row for row in table if row.option in options and wanted.get(row.name, "") != "" and row.kind not in ENTRIES
    ]
    if len(rows) < len(options) or not (rows or beside):
        unfit = ", ".join(sorted(options - {row.option for row in rows})) or "nothing"
        raise WantedError(
            "match",
            f"{unfit}: give options of this task, none of them empty, by which {reference.noun}s differ, such as "
            f"{example}.",
        )
    return rows


def match_values(rows: Sequence[Field], wanted: dict[str, Any]) -> dict[str, Any]:
    """The values by which a record is found, by the paths that conditions have for them."""
    values = {}
    for row in rows:
        value, path = wanted[row.name], row.name
        if row.kind == REFERENCE:
            member = "id" if "id" in value else "name"
            value, path = value[member], f"{row.name}/{member}"
        values[path] = value
    return values


def fitting(rows: Sequence[Field], records: Sequence[dict[str, Any]], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the records whose fields are as wanted; only those in use, where some of them are."""
    found = [record for record in records if all(same(row, record, wanted[row.name]) for row in rows)]
    in_use = [record for record in found if record.get("activeFlag") is not False and not is_inactive(record)]
    return in_use or found


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

    Args: as of :func:`match_rows`, and
        reference: also where the records are.
        wanted: what is looked up for the search is in it then.
        within: a condition on what the records hold lists of.
        fits: whether a record is meant, beside its fields.

    Raises:
        WantedError: an option that can't be searched by.
    """
    rows = match_rows(table, reference, wanted, names, example, beside=within is not None)
    wanted.update(
        lookup.resolved(table, wanted, {}, lambda row, value: row in rows and has_to_be_looked_up(row, value))
    )
    conditions = [Condition(path, "=", value) for path, value in match_values(rows, wanted).items()]
    condition = reduce(and_, conditions) if conditions else ""
    records = client.get_all(reference.endpoint, condition, str(within or ""))
    return fitting(rows, [record for record in records if fits(record)], wanted)


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
        raise WantedError(option, f"{len(found)} {noun} match: {ids}. Give the id of one.", "Ambiguous")
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


def creating(
    lookup: Lookup,
    table: Table,
    endpoint: str,
    wanted: dict[str, Any],
    definitions: Sequence[dict[str, Any]],
    check_mode: bool,
    questions: Sequence[dict[str, Any]] = (),
) -> Steps[dict[str, Any]]:
    """Create a record and return it as the server made it; in check mode as it would be, with the id 0.

    Some servers take less on create than on change: :func:`updating` brings the rest, or tells that it is not kept.

    Args:
        definitions: entries of ``customFields`` as a record of this kind has them; used where custom fields are wanted.
        questions: likewise entries of ``questions``, of a configuration of the wanted type.

    Raises:
        WantedError: a name that stands for nothing or for several.
        ConnectWiseAPIError: the server refused.
    """
    wanted = lookup.resolved(table, wanted, {}, needed(check_mode))
    entries = {"customFields": [*definitions], "questions": [*questions]}
    if check_mode:
        return with_changes(table, {"id": 0, **{name: given for name, given in entries.items() if given}}, wanted)

    def post(state: dict[str, Any]) -> Create:
        body = new_record(table, state)
        for name in [name for name in entries if name in body]:
            merged = merged_custom_fields(by_name(table, name), entries[name], body[name])
            body[name] = [
                {member: entry[member] for member in _ENTRY_MEMBERS if member in entry}
                for entry in merged
                if value_member(entry) in entry
            ]
        return Create(endpoint, body)

    return (yield from _with_names_explained(post, lookup, table, wanted, {}))


def updating(
    lookup: Lookup,
    table: Table,
    endpoint: str,
    current: dict[str, Any],
    wanted: dict[str, Any],
    check_mode: bool,
) -> Steps[tuple[dict[str, Any], list[Field], dict[str, Any]]]:
    """Change a record where it is not as wanted.

    Returns:
        The record as it is then (in check mode: as it would be), the rows that were changed, the resolved wanted state.

    Raises: as :func:`creating`, and
        WantedError: the server did not keep a value.
    """
    differing = [row.name for row in plan(table, current, wanted).changed]
    if not differing:
        return current, [], wanted
    asked = needed(check_mode)
    wanted = lookup.resolved(table, wanted, current, lambda row, value: row.name in differing and asked(row, value))
    changed = plan(table, current, wanted).changed
    if check_mode or not changed:
        return (with_changes(table, current, wanted) if changed else current), changed, wanted

    def patch(state: dict[str, Any]) -> Change:
        return Change(endpoint, current, plan(table, current, state).operations)

    answer = yield from _with_names_explained(patch, lookup, table, wanted, current)
    if plan(table, answer, wanted).operations:
        # The server answered "done" and kept what it had, as it is said to do for some forms (fact sheet 6.2).
        wanted = lookup.resolved(table, wanted, answer, _by_name)
        again = plan(table, answer, wanted).operations
        if again:
            answer = yield Change(endpoint, {**answer, "id": current["id"]}, again)
        _fail_where_not_kept(lookup, table, answer, wanted)
    return answer, changed, wanted


def _with_names_explained(
    write: Callable[[dict[str, Any]], Write],
    lookup: Lookup,
    table: Table,
    wanted: dict[str, Any],
    current: dict[str, Any],
) -> Steps[dict[str, Any]]:
    try:
        return (yield write(wanted))
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
        return (yield write(resolved))


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


def needed(check_mode: bool) -> Callable[[Field, dict[str, Any]], bool]:
    """Which references are looked up before a write: those that the API can't look up itself; all in check mode,
    which has to find out what the server would say, but for what check mode itself did not create."""
    return lambda row, value: (check_mode and value.get("id") != 0) or has_to_be_looked_up(row, value)


def has_to_be_looked_up(row: Field, value: dict[str, Any]) -> bool:
    """Whether a reference is a name that the API can't look up itself, or would take the first of several for."""
    return _by_name(row, value) and not (row.reference and row.reference.api_takes)


def _by_name(row: Field, value: dict[str, Any]) -> bool:
    return row.kind == REFERENCE and bool(value) and "id" not in value

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration_sync: many configurations in few requests.

Each entry takes the steps that cw_configuration takes. What all entries need is read together, and what they write goes
to the server in bulk; each is then told what became of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any, Callable, Union

from ..connectwise import Condition, ConnectWiseAPIError, ConnectWiseClient, ConnectWiseError
from ..connectwise.bulk import MOST_AT_ONCE
from ..connectwise.endpoints import LONGEST_CONDITIONS, MOST_PER_PAGE
from ..resources.configuration import CONFIGURATION_FIELDS, TWINS
from ..resources.fields import TEXT, Field, WantedError, by_name, settled
from ..resources.planning import replacement
from .arguments import field_options
from .configuration import CONFIGURATIONS, ChangeType, ConfigurationRun, told
from .lookup import Lookup
from .many import ENDS, Params, called, list_options, whole
from .module import failure
from .records import Change, Create, Done, Steps, Write

DEFAULTS = ("company", "type")  # that all entries have where they give none
KINDS = (Create, Change, ChangeType)  # of writes, in this order
UNBORN = {"id": 0}  # what check mode did not create
SHORT = 300  # characters of a list of values that narrows a condition beside a longer one
# The statuses by which a server tells that it has no bulk endpoint, and that it can't take a request as a whole.
NO_BULK = (404, 405, 501)
NOT_TAKEN = (*NO_BULK, 400, 413, 415, 500)
_COMPANY = by_name(CONFIGURATION_FIELDS, "company")
_TEXTS = [row.name for row in CONFIGURATION_FIELDS if row.kind == TEXT]

OPTIONS = {
    **list_options(
        "configurations",
        {
            **field_options(CONFIGURATION_FIELDS),
            "id": {"type": "int", "aliases": ["configuration_id"]},
            "fields": {"type": "dict"},
        },
        {},
    ),
    "match": {"type": "list", "elements": "str"},
    **{name: {"type": "str"} for name in DEFAULTS},
}

Outcome = Union[dict[str, Any], ConnectWiseAPIError]


@dataclass
class _Entry:
    """An entry of the list on its way.

    Attributes:
        place: in the list, from 1.
        run: its steps; None where the entry can't be understood.
        values: by which its configuration is found, by the paths that conditions have for them.
        before: the configuration as it is; None where there is none.
        write: what it waits for.
        written: whether something was written for it.
        error, result: of an entry that is through; the error of one that failed.
    """

    place: int
    run: ConfigurationRun | None = None
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] | None = None
    steps: Steps[Done] | None = None
    write: Write | None = None
    written: bool = False
    error: Exception | None = None
    result: dict[str, Any] | None = None

    def fail(self, error: Exception) -> None:
        """It is through, and failed."""
        self.error, self.result = error, {"changed": self.written, **failure(error)}


def run_configuration_sync(client: ConnectWiseClient, params: Params, check_mode: bool) -> dict[str, Any]:
    """Bring configurations to their wanted states.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result, as of :func:`.many.whole`.

    Raises:
        WantedError, ConnectWiseError: nothing was written.
    """
    entries = _Sync(client, params, check_mode).entries()
    results = [{"item": entry.place, **entry.result} for entry in entries if entry.result]
    return whole("configurations", params["configurations"], results)


class _Sync:
    """The way of all entries, and what they share."""

    def __init__(self, client: ConnectWiseClient, params: Params, check_mode: bool) -> None:
        self.client = client
        self.items: list[Params] = params["configurations"]
        self.common = {name: params[name] for name in DEFAULTS if params[name] is not None}
        self.match = params["match"]
        self.stops = params["on_failure"] == "stop"
        self.check_mode = check_mode
        self.lookup = Lookup(client)
        self.in_bulk = True

    def entries(self) -> list[_Entry]:
        """All entries, each with its result, but for those that were not tried."""
        wanted = [self._wanted(item) for item in self.items]
        self.lookup.read_ahead(_COMPANY, [params["company"] for params in wanted])
        entries = [self._understood(place, params) for place, params in enumerate(wanted, 1)]
        self._find([entry for entry in entries if not entry.error and entry.values != UNBORN], self._choose)
        self._refuse_twice([entry for entry in entries if not entry.error and entry.values != UNBORN])
        for entry in entries:
            if entry.run and not entry.error:
                entry.steps = entry.run.steps(entry.before)
                self._go_on(entry)
        if self.stops and any(entry.error for entry in entries):
            # Nothing was written yet, and nothing will be.
            return [entry for entry in entries if entry.result and (entry.error or not entry.result["changed"])]
        self._write_kinds(entries)
        self._settle([entry for entry in entries if entry.result and entry.result.get("operation") == "created"])
        return [entry for entry in entries if entry.result]

    def _write_kinds(self, entries: list[_Entry]) -> None:
        """Write what the entries wait for, one kind of write after the other."""
        for kind in KINDS:
            self._write_all([entry for entry in entries if isinstance(entry.write, kind)])
            if self._ends(entries):
                break

    def _settle(self, made: list[_Entry]) -> None:
        """Look again for what was made: where another run made it at the same moment, the first one stays."""
        if self.check_mode or not made:
            return
        try:
            self._find(made, self._keep_first)
        except ConnectWiseError as error:
            for entry in made:
                entry.fail(error)
        else:
            self._write_kinds(made)

    def _keep_first(self, entry: _Entry, records: list[dict[str, Any]]) -> None:
        if entry.run is None or entry.result is None:
            return
        try:
            first = entry.run.keep_first(entry.result["configuration"], records)
        except ConnectWiseError as error:
            entry.fail(error)
            return
        if first:
            entry.before, entry.steps, entry.result = first, entry.run.steps(first), None
            self._go_on(entry)

    # What is wanted, and what is there

    def _wanted(self, item: Params) -> Params:
        """The options of cw_configuration for an entry."""
        given = {name: value for name, value in item.items() if value is not None}
        return {**item, **self.common, **given, "match": self.match, "state": "present"}

    def _understood(self, place: int, params: Params) -> _Entry:
        entry = _Entry(place)
        try:
            entry.run = ConfigurationRun(self.client, self.lookup, params, self.check_mode)
            number = entry.run.checked_id()
            entry.values = {"id": number} if number is not None else entry.run.match(_named)
            entry.before = entry.run.known(None) if entry.values == UNBORN else None
        except WantedError as error:
            entry.fail(error)
        return entry

    def _find(self, entries: list[_Entry], choose: Callable[[_Entry, list[dict[str, Any]]], None]) -> None:
        """Read the configurations that the entries mean, those that are found by the same fields together.

        Args:
            choose: told what was found, for each entry.
        """
        groups: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
        for entry in entries:
            groups[tuple(entry.values)].append(entry)
        for group in groups.values():
            wanted = [entry.values for entry in group]
            key = _telling(wanted)
            records: dict[Any, list[dict[str, Any]]] = defaultdict(list)
            for record in self._read(wanted):
                records[_plain(record.get(key))].append(record)
            for entry in group:
                choose(entry, records[_plain(entry.values.get(key))])

    def _choose(self, entry: _Entry, records: list[dict[str, Any]]) -> None:
        if entry.run is None:
            return
        try:
            by_id = "id" in entry.values
            entry.before = entry.run.known(next(iter(records), None)) if by_id else entry.run.chosen(records)
        except WantedError as error:
            entry.fail(error)

    def _read(self, wanted: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The configurations that have these values, and maybe others, in the way that takes fewer requests: by lists
        of values, of which a request takes only so many, or all that have what the entries have in common."""
        common, narrow = _conditions(wanted)
        requests = len(narrow.split(LONGEST_CONDITIONS))
        if requests > 1:
            there = self.client.get_count(CONFIGURATIONS, common or "")
            if there // MOST_PER_PAGE < requests:
                return self.client.iterate(CONFIGURATIONS, common or "") if there else iter(())
        return self.client.iterate(CONFIGURATIONS, narrow)

    def _refuse_twice(self, entries: list[_Entry]) -> None:
        """Entries that mean one configuration fail, all of them: only one could be its wanted state."""
        alike: dict[Any, list[_Entry]] = defaultdict(list)
        for entry in entries:
            if not entry.error:
                values = tuple((path, _plain(value)) for path, value in entry.values.items())
                alike[entry.before["id"] if entry.before else values].append(entry)
        for group in alike.values():
            for entry in group if len(group) > 1 else ():
                other = next(each for each in group if each is not entry)
                number = f" {entry.before['id']}" if entry.before else ""
                what = f"this is the same configuration{number} as {called(other.place, self.items)}. Give one of them."
                entry.fail(WantedError("configurations", what, "Ambiguous"))

    # What is done

    def _go_on(self, entry: _Entry, outcome: Outcome | None = None) -> None:
        """Take the entry to its next write, or to its end; ``outcome`` is what came of the write before.

        Raises:
            ConnectWiseError: before the first write, for it would meet all entries.
        """
        steps, entry.write = entry.steps, None
        if steps is None:
            return
        try:
            if isinstance(outcome, ConnectWiseAPIError):
                entry.write = steps.throw(outcome)
            elif outcome is not None:
                entry.written = True
                entry.write = steps.send(outcome)
            else:
                entry.write = next(steps)
        except StopIteration as end:
            entry.result = told(end.value)
        except Exception as error:
            if outcome is None and isinstance(error, ConnectWiseError):
                raise
            entry.fail(error)

    def _write_all(self, entries: list[_Entry]) -> None:
        """Write what the entries wait for, so many at once, and take these to their end before the next ones."""
        while entries:
            most = MOST_AT_ONCE if self.in_bulk else 1
            batch, entries = entries[:most], entries[most:]
            waiting = batch
            while waiting:
                for kind in KINDS:
                    self._write([entry for entry in waiting if isinstance(entry.write, kind)])
                waiting = [entry for entry in waiting if entry.write]
            if self._ends(batch):
                break

    def _ends(self, entries: list[_Entry]) -> bool:
        """Whether nothing more is to be written after these."""
        errors = [entry.error for entry in entries if entry.error]
        return any(self.stops or isinstance(error, ENDS) for error in errors)

    def _write(self, entries: list[_Entry]) -> None:
        """Write for each entry, with writes of one kind."""
        writes = [entry.write for entry in entries if entry.write]
        outcomes: list[Outcome | None] = [None] * len(writes)
        if self.in_bulk and len(writes) > 1 and not isinstance(writes[0], ChangeType):
            outcomes = self._bulk(writes)
        for entry, write, outcome in zip(entries, writes, outcomes):
            self._go_on(entry, self._alone(write) if outcome is None else outcome)

    def _alone(self, write: Write) -> Outcome:
        try:
            return write.by(self.client)
        except ConnectWiseAPIError as error:
            return error

    def _bulk(self, writes: list[Write]) -> list[Outcome | None]:
        """What came of each write; None for those that have to be tried alone.

        A change that is refused in bulk may be taken alone, for in bulk the whole record has to be sent.
        """
        bodies = [write.body for write in writes if isinstance(write, Create)]
        creates = bool(bodies)
        bodies += [replacement(write.before, write.operations, TWINS) for write in writes if isinstance(write, Change)]
        try:
            outcomes = (self.client.post_bulk if creates else self.client.put_bulk)(CONFIGURATIONS, bodies)
        except ConnectWiseAPIError as error:
            self.in_bulk = self.in_bulk and error.status not in NO_BULK
            alone = error.status in NOT_TAKEN and not (error.maybe_done or error.retryable)
            return [None if alone else error] * len(writes)
        whole_records = self._completed(outcomes, bodies)
        return [
            None if isinstance(outcome, ConnectWiseAPIError) and not creates else outcome for outcome in whole_records
        ]

    def _completed(self, outcomes: list[Outcome], bodies: list[dict[str, Any]]) -> list[Outcome]:
        """The outcomes with whole records, where the server gave ids only (fact sheet, ResultInfo)."""
        short = [outcome["id"] for outcome in outcomes if isinstance(outcome, dict) and "name" not in outcome]
        if not short:
            return outcomes
        try:
            there = {each["id"]: each for each in self.client.iterate(CONFIGURATIONS, Condition("id", "in", short))}
        except ConnectWiseAPIError:
            there = {}  # they are taken for what was sent
        return [
            {**body, **there.get(outcome["id"], {}), **outcome} if isinstance(outcome, dict) else outcome
            for outcome, body in zip(outcomes, bodies)
        ]


def _named(_row: Field, value: dict[str, Any]) -> bool:
    """All names are looked up, so that two entries that mean one company or type are known for it."""
    return "id" not in value


def _conditions(wanted: list[dict[str, Any]]) -> tuple[Condition | None, Condition]:
    """What the entries have in common, None where that is nothing; and the same, narrowed to lists of what they want.

    Args:
        wanted: the values of each entry, by the same paths.
    """
    values = {path: list(dict.fromkeys(each[path] for each in wanted)) for path in wanted[0]}
    common = [Condition(path, "=", given[0]) for path, given in values.items() if len(given) == 1]
    lists = sorted((Condition(path, "in", given) for path, given in values.items() if len(given) > 1), key=_length)
    narrow = common + [condition for condition in lists[:-1] if _length(condition) <= SHORT] + lists[-1:]
    return (reduce(and_, common) if common else None), reduce(and_, narrow)


def _length(condition: Condition) -> int:
    return len(str(condition))


def _telling(wanted: list[dict[str, Any]]) -> str:
    """The field in which the entries differ most, of those that are compared as they are; empty where there is none."""
    paths = [path for path in wanted[0] if path == "id" or path in _TEXTS]
    return max(paths, key=lambda path: len({each[path] for each in wanted}), default="")


def _plain(value: Any) -> Any:
    """A value as it is compared."""
    return settled(value) if isinstance(value, str) else value

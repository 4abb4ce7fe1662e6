# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration, and what cw_configuration_sync shares with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Callable

from ..connectwise import Condition, Configuration, ConnectWiseClient
from ..resources.configuration import CONFIGURATION_FIELDS
from ..resources.facts import facts
from ..resources.fields import ENTRIES, REFERENCE, Field, WantedError, by_name, quoted, same
from ..resources.planning import merged_custom_fields, wanted_state
from ..resources.references import CONFIGURATION
from .lookup import Lookup, candidates
from .records import Done, Steps, bringing, has_to_be_looked_up, remove, written

CONFIGURATIONS = "company/configurations"
REQUIRED = ("name", "company", "type")  # without which there is no configuration (fact sheet 9.2)
_TYPE = by_name(CONFIGURATION_FIELDS, "type")
_QUESTIONS = by_name(CONFIGURATION_FIELDS, "questions")


def run_configuration(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a configuration to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``configuration`` (facts), ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    run = ConfigurationRun(client, Lookup(client), params, check_mode)
    before = run.find()
    if params["state"] == "absent":
        done = remove(client, CONFIGURATION_FIELDS, CONFIGURATIONS, [before] if before else [], check_mode)
    else:
        done = written(client, run.steps(before))
    return told(done)


def told(done: Done) -> dict[str, Any]:
    """What came of a configuration, as the modules return it."""
    return {
        "changed": done.operation != "unchanged",
        "operation": done.operation,
        "configuration": facts(Configuration.from_dict(done.record)) if done.record else None,
        "diff": done.diff,
    }


@dataclass(frozen=True)
class ChangeType:
    """A configuration that is to have another type, by their ids."""

    configuration: int
    type: int

    def by(self, client: ConnectWiseClient) -> dict[str, Any]:
        """Change it; returns the record. Raises ConnectWiseAPIError."""
        return client.change_configuration_type(self.configuration, self.type).to_dict()


class ConfigurationRun:
    """The steps of one run, and what they share.

    Args:
        client: read-only in check mode.
        lookup: may be shared by several runs.
        params: the options of cw_configuration.
        check_mode: tell what would be done instead of doing it.

    Raises:
        WantedError: a value that can't be.
    """

    def __init__(self, client: ConnectWiseClient, lookup: Lookup, params: dict[str, Any], check_mode: bool) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.lookup = lookup
        self.wanted = wanted_state(CONFIGURATION_FIELDS, params, params["fields"])

    # Which configuration

    def find(self) -> dict[str, Any] | None:
        """The configuration as it is; None where there is none."""
        number = self.checked_id()
        if number is None:
            conditions = [Condition(path, "=", value) for path, value in self.match(has_to_be_looked_up).items()]
            return self.chosen(self.client.get_all(CONFIGURATIONS, reduce(and_, conditions)))
        return self.known(self.client.get(f"{CONFIGURATIONS}/{number}") if number else None)

    def checked_id(self) -> int | None:
        """The option ``id``; 0 in check mode only, None where it is not given."""
        number: int | None = self.params["id"]
        if number is not None and (number < 0 or (number == 0 and not self.check_mode)):
            raise WantedError(
                "id", f"{number} is no id of a configuration; 0 is what one has that check mode did not create."
            )
        return number

    def known(self, found: dict[str, Any] | None) -> dict[str, Any] | None:
        """What was found by the option ``id``, where it has to be there."""
        number = self.params["id"]
        if number == 0:
            return self._unborn()
        if found is None and self.params["state"] == "present":
            raise WantedError("id", f"there is no configuration {number}.", "NotFound")
        return found

    def _match_rows(self) -> list[Field]:
        """The fields by which the configuration is found."""
        names = self.params["match"] or [name for name in REQUIRED if self.params[name] is not None]
        options = {name.strip() for name in names}
        rows = [
            row
            for row in CONFIGURATION_FIELDS
            if row.option in options and self.wanted.get(row.name, "") != "" and row.kind not in ENTRIES
        ]
        if len(rows) < len(options) or not rows:
            unfit = ", ".join(sorted(options - {row.option for row in rows})) or "nothing"
            raise WantedError(
                "match",
                f"{unfit}: give options of this task, none of them empty, by which configurations differ, such as "
                "serial_number.",
            )
        return rows

    def match(self, needed: Callable[[Field, dict[str, Any]], bool]) -> dict[str, Any]:
        """The values by which the configuration is found, by the paths that conditions have for them.

        Args:
            needed: which of the names of records are looked up first.
        """
        rows = self._match_rows()
        self.wanted = self.lookup.resolved(
            CONFIGURATION_FIELDS, self.wanted, {}, lambda row, value: row in rows and needed(row, value)
        )
        values = {}
        for row in rows:
            value, path = self.wanted[row.name], row.name
            if row.kind == REFERENCE:
                member = "id" if "id" in value else "name"
                value, path = value[member], f"{row.name}/{member}"
            values[path] = value
        return values

    def chosen(self, records: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The only one whose fields named in ``match`` are as wanted; of several the only one in use."""
        rows = self._match_rows()
        found = [record for record in records if all(same(row, record, self.wanted[row.name]) for row in rows)]
        in_use = [record for record in found if record.get("activeFlag") is not False]
        if len(in_use or found) > 1:
            several = in_use or found
            raise WantedError(
                "match",
                f"{len(several)} configurations match: {candidates(several, CONFIGURATION)}. Give the id, or match by "
                "fields in which they differ.",
                "Ambiguous",
            )
        return next(iter(in_use or found), None)

    def _unborn(self) -> dict[str, Any]:
        """What an earlier task of this run would have created, had it not been check mode."""
        return {
            "id": 0,
            "customFields": self._definitions(),
            "questions": [{"question": text} for text in self.wanted.get("questions", {})],
        }

    # What is done with it

    def steps(self, before: dict[str, Any] | None) -> Steps[Done]:
        """Create it, or change what is not as wanted; ``before`` is the configuration as it is."""
        return self._create() if before is None else self._change(before)

    def _create(self) -> Steps[Done]:
        """Create it, with all that is wanted, in one request."""
        missing = [name for name in REQUIRED if not self.wanted.get(name)]
        if missing:
            raise WantedError(
                missing[0],
                f"no configuration matches, and to create one {' and '.join(missing)} must be given.",
                "NotFound",
            )
        questions = []
        if "questions" in self.wanted:
            self.wanted["type"] = self.lookup.find(_TYPE, self.wanted["type"], {})
            questions = self.lookup.questions(self.wanted["type"]["id"])
        return (yield from self._bring(None, self.wanted, self._definitions(), questions))

    def _change(self, before: dict[str, Any]) -> Steps[Done]:
        """Change what is not as wanted. Another type needs a request of its own, and has other questions."""
        if "type" in self.wanted and not same(_TYPE, before, self.wanted["type"]):
            return self._change_with_type(before)
        return self._bring(before, self.wanted)

    def _change_with_type(self, before: dict[str, Any]) -> Steps[Done]:
        wanted = {name: value for name, value in self.wanted.items() if name not in ("type", "questions")}
        answers = {name: self.wanted[name] for name in ("questions",) if name in self.wanted}
        new = self.lookup.find(_TYPE, self.wanted["type"], {})
        questions = self.lookup.questions(new["id"]) if answers else []
        if answers:  # what can't be is told before anything is done
            merged_custom_fields(_QUESTIONS, questions, answers["questions"])
        changed = yield from self._bring(before, wanted)
        record: dict[str, Any] = {**(changed.record or {}), "type": new, "questions": questions}
        if not self.check_mode:
            record = yield ChangeType(before["id"], new["id"])
            if not same(_TYPE, record, new):
                kept = quoted((record.get("type") or {}).get("name"))
                raise WantedError(
                    "type",
                    f"ConnectWise answered that the change was done, but kept {kept} where {quoted(new['name'])} was "
                    f"asked (id {before['id']}).",
                    "NotKept",
                )
        answered = yield from self._bring(record, answers)
        types = {"before": (before.get("type") or {}).get("name"), "after": new["name"]}
        diff = {when: {"type": types[when], **changed.diff[when], **answered.diff[when]} for when in types}
        return Done("updated", answered.record, diff)

    def _bring(
        self,
        before: dict[str, Any] | None,
        wanted: dict[str, Any],
        definitions: list[dict[str, Any]] | None = None,
        questions: list[dict[str, Any]] | None = None,
    ) -> Steps[Done]:
        return bringing(
            self.lookup,
            CONFIGURATION_FIELDS,
            CONFIGURATIONS,
            before,
            wanted,
            self.check_mode,
            definitions or (),
            questions or (),
        )

    def _definitions(self) -> list[dict[str, Any]]:
        return self.lookup.custom_fields(CONFIGURATIONS) if "customFields" in self.wanted else []

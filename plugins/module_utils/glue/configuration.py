# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration, and what cw_configuration_sync shares with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from ..connectwise import Configuration, ConnectWiseClient
from ..resources.configuration import CONFIGURATION_FIELDS
from ..resources.fields import Field, WantedError, by_name, quoted, same
from ..resources.planning import merged_custom_fields, wanted_state
from ..resources.references import CONFIGURATION
from .lookup import Lookup
from .records import (
    Done,
    Steps,
    bringing,
    checked_id,
    fitting,
    known,
    match_rows,
    match_values,
    matching,
    outcome,
    remove,
    the_match,
    written,
)

CONFIGURATIONS = "company/configurations"
REQUIRED = ("name", "company", "type")  # without which there is no configuration (fact sheet 9.2)
_TYPE = by_name(CONFIGURATION_FIELDS, "type")
_QUESTIONS = by_name(CONFIGURATION_FIELDS, "questions")
_EXAMPLE = "serial_number"  # by what configurations differ, for errors


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
        first = run.made_before(done) if done.operation == "created" and not check_mode else None
        done = written(client, run.steps(first)) if first else done
    return told(done)


def told(done: Done) -> dict[str, Any]:
    """What came of a configuration, as the modules return it."""
    return outcome(done, "configuration", Configuration)


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
        if self.params["id"] is None:
            found_by = (CONFIGURATION_FIELDS, CONFIGURATION, self.wanted, self._names(), _EXAMPLE)
            return the_match(matching(self.client, self.lookup, *found_by), CONFIGURATION)
        number = self.checked_id()
        return self.known(self.client.get(f"{CONFIGURATIONS}/{number}") if number else None)

    def checked_id(self) -> int | None:
        """The option ``id``; 0 in check mode only, None where it is not given."""
        return checked_id(self.params, CONFIGURATION, self.check_mode)

    def known(self, found: dict[str, Any] | None) -> dict[str, Any] | None:
        """What was found by the option ``id``, where it has to be there."""
        return self._unborn() if self.params["id"] == 0 else known(found, self.params, CONFIGURATION)

    def match(self, needed: Callable[[Field, dict[str, Any]], bool]) -> dict[str, Any]:
        """The values by which the configuration is found, by the paths that conditions have for them.

        Args:
            needed: which of the names of records are looked up first.
        """
        rows = self._rows()
        self.wanted = self.lookup.resolved(
            CONFIGURATION_FIELDS, self.wanted, {}, lambda row, value: row in rows and needed(row, value)
        )
        return match_values(rows, self.wanted)

    def made_before(self, done: Done) -> dict[str, Any] | None:
        """The same configuration, where another run made it at the same moment: that with the lowest id stays."""
        found_by = (CONFIGURATION_FIELDS, CONFIGURATION, self.wanted, self._names(), _EXAMPLE)
        return self.keep_first(done.record or {}, matching(self.client, self.lookup, *found_by))

    def keep_first(self, own: dict[str, Any], records: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Now that ``own`` was made: what was made before it, and then it is deleted; None where it is the first."""
        first = min(fitting(self._rows(), records, self.wanted), key=lambda record: int(record["id"]), default=own)
        if int(first["id"]) >= int(own["id"]):
            return None
        self.client.delete(CONFIGURATIONS, own["id"])
        return first

    def chosen(self, records: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The only one whose fields named in ``match`` are as wanted; of several the only one in use."""
        return the_match(fitting(self._rows(), records, self.wanted), CONFIGURATION)

    def _names(self) -> list[str]:
        return self.params["match"] or [name for name in REQUIRED if self.params[name] is not None]

    def _rows(self) -> list[Field]:
        return match_rows(CONFIGURATION_FIELDS, CONFIGURATION, self.wanted, self._names(), _EXAMPLE)

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

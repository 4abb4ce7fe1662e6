# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_configuration."""

from __future__ import annotations

from typing import Any

from ..connectwise import Configuration, ConnectWiseClient
from ..resources.configuration import CONFIGURATION_FIELDS
from ..resources.fields import WantedError, by_name, quoted, same
from ..resources.planning import merged_custom_fields, wanted_state
from ..resources.references import CONFIGURATION
from .lookup import Lookup
from .records import Done, bring, matching, outcome, remove, the_match, with_id

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
    run = _Run(client, params, check_mode)
    before = run.find()
    if params["state"] == "absent":
        done = remove(client, CONFIGURATION_FIELDS, CONFIGURATIONS, [before] if before else [], check_mode)
    else:
        done = run.create() if before is None else run.change(before)
    return outcome(done, "configuration", Configuration)


class _Run:
    """The steps of one run, and what they share."""

    def __init__(self, client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.lookup = Lookup(client)
        self.wanted = wanted_state(CONFIGURATION_FIELDS, params, params["fields"])

    # Which configuration

    def find(self) -> dict[str, Any] | None:
        """The configuration as it is; None where there is none."""
        if self.params["id"] is None:
            names = self.params["match"] or [name for name in REQUIRED if self.params[name] is not None]
            found_by = (CONFIGURATION_FIELDS, CONFIGURATION, self.wanted, names, "serial_number")
            return the_match(matching(self.client, self.lookup, *found_by), CONFIGURATION)
        found = with_id(self.client, CONFIGURATION, self.params, self.check_mode)
        return self._unborn() if found and found["id"] == 0 else found

    def _unborn(self) -> dict[str, Any]:
        """What an earlier task of this run would have created, had it not been check mode."""
        return {
            "id": 0,
            "customFields": self._definitions(),
            "questions": [{"question": text} for text in self.wanted.get("questions", {})],
        }

    # What is done with it

    def create(self) -> Done:
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
            questions = self._questions_of(self.wanted["type"])
        return self._bring(None, self.wanted, self._definitions(), questions)

    def change(self, before: dict[str, Any]) -> Done:
        """Change what is not as wanted. Another type needs a request of its own, and has other questions."""
        if "type" in self.wanted and not same(_TYPE, before, self.wanted["type"]):
            return self._change_with_type(before)
        return self._bring(before, self.wanted)

    def _change_with_type(self, before: dict[str, Any]) -> Done:
        wanted = {name: value for name, value in self.wanted.items() if name not in ("type", "questions")}
        answers = {name: self.wanted[name] for name in ("questions",) if name in self.wanted}
        new = self.lookup.find(_TYPE, self.wanted["type"], {})
        questions = self._questions_of(new) if answers else []
        if answers:  # what can't be is told before anything is done
            merged_custom_fields(_QUESTIONS, questions, answers["questions"])
        changed = self._bring(before, wanted)
        record: dict[str, Any] = {**(changed.record or {}), "type": new, "questions": questions}
        if not self.check_mode:
            record = self.client.change_configuration_type(before["id"], new["id"]).to_dict()
            if not same(_TYPE, record, new):
                kept = quoted((record.get("type") or {}).get("name"))
                raise WantedError(
                    "type",
                    f"ConnectWise answered that the change was done, but kept {kept} where {quoted(new['name'])} was "
                    f"asked (id {before['id']}).",
                    "NotKept",
                )
        answered = self._bring(record, answers)
        types = {"before": (before.get("type") or {}).get("name"), "after": new["name"]}
        diff = {when: {"type": types[when], **changed.diff[when], **answered.diff[when]} for when in types}
        return Done("updated", answered.record, diff)

    def _bring(
        self,
        before: dict[str, Any] | None,
        wanted: dict[str, Any],
        definitions: list[dict[str, Any]] | None = None,
        questions: list[dict[str, Any]] | None = None,
    ) -> Done:
        return bring(
            self.client,
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

    def _questions_of(self, new: dict[str, Any]) -> list[dict[str, Any]]:
        """The questions of a type as a configuration of that type lists them, without answers (fact sheet 9.4)."""
        asked = self.client.get_all(f"{CONFIGURATIONS}/types/{new['id']}/questions")
        return [
            {"questionId": each["id"], "question": each.get("question"), "fieldType": each.get("fieldType")}
            for each in asked
            if not each.get("inactiveFlag")
        ]

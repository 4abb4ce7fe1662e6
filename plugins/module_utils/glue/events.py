# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an event source of Event-Driven Ansible needs: its options checked, and events of tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..connectwise import Ticket
from ..resources.facts import facts
from ..resources.fields import WantedError


def checked_options(specification: Mapping[str, dict[str, Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a source, converted, with those of the environment and defaults.

    Args:
        specification: as of a module.
        given: as they stand in the rulebook.

    Raises:
        WantedError: a sentence that names the option at fault.
    """
    # What is missing has a sentence of its own, below.
    lenient = {
        name: {key: value for key, value in option.items() if key != "required"}
        for name, option in specification.items()
    }
    known = {name for name, option in specification.items() for name in (name, *option.get("aliases", ()))}
    unknown = sorted(str(name) for name in given if name not in known)
    if unknown:
        raise WantedError(", ".join(unknown), "there is no such option.")
    checked = ArgumentSpecValidator(lenient).validate(dict(given))
    if checked.error_messages:
        raise WantedError("options", f"{checked.errors.msg}.")
    options: dict[str, Any] = checked.validated_parameters
    for name, option in specification.items():
        if option.get("required") and options[name] is None:
            variables = option["fallback"][1] if "fallback" in option else []
            also = f", or set the environment variable {variables[0]}" if variables else ""
            raise WantedError(name, f"it is missing. Give it as an option{also}.")
    return options


def ticket_event(action: str, record: dict[str, Any]) -> dict[str, Any]:
    """The event for a ticket.

    Args:
        action: ``added``, ``updated`` or ``deleted``.
        record: as the API gives it, whole or in part.

    Returns:
        ``action``, ``type``, ``id``, ``entity`` (the record) and ``ticket`` (its facts; what is not known is None).
    """
    facts_of_it = facts(Ticket.from_dict(record))
    return {"action": action, "type": "ticket", "id": record["id"], "entity": record, "ticket": facts_of_it}

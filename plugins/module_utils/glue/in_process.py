# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module in this process, which is one of Ansible's own, with the result that the module would return."""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError

from .. import connectwise
from .module import Module

# Nobody asked for the client's log here; without a handler Python would write its warnings to Ansible's stderr.
logging.getLogger(connectwise.__name__).addHandler(logging.NullHandler())


@dataclass
class Task:
    """What a run is told, in place of an AnsibleModule."""

    params: dict[str, Any]
    check_mode: bool
    warnings: list[str]

    def warn(self, warning: str) -> None:
        """Keep a warning for the result."""
        self.warnings.append(warning)


def run(
    module: Module, name: str, given: Mapping[str, Any], environment: Mapping[str, Any], check_mode: bool
) -> dict[str, Any]:
    """Run a module.

    Args:
        module: as its file declares it.
        name: what the task calls it.
        given: the task's options, templated.
        environment: the task's environment variables, which count while the module runs.
        check_mode: whether to write nothing.

    Returns:
        What the module would return: plain JSON values, the arguments as ``invocation``, no ``no_log`` value anywhere.
    """
    with _surroundings(environment):
        checked = ArgumentSpecValidator(module.options, **module.constraints).validate(_as_json(given))
        both = [f"Both option {each['option']} and its alias {each['alias']} are set." for each in checked._warnings]
        task = Task(checked.validated_parameters, check_mode, both)
        refusal = _refusal(name, checked.errors) if checked.error_messages else ""
        result = {"failed": True, "msg": refusal} if refusal else module.outcome(task)
    result["invocation"] = {"module_args": task.params}
    if task.warnings:
        result["warnings"] = task.warnings
    if checked._deprecations:
        result["deprecations"] = checked._deprecations
    # As AnsibleModule: a secret that reads "true" or "none" does not hide every flag.
    flags = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
    shown: dict[str, Any] = _as_json({**remove_values(result, checked._no_log_values), **flags})
    return shown


@contextmanager
def _surroundings(environment: Mapping[str, Any]) -> Iterator[None]:
    """The environment variables and the quiet that a module has in a process of its own."""
    before = {name: os.environ.get(name) for name in map(str, environment)}
    try:
        os.environ.update({str(name): str(value) for name, value in environment.items()})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _refusal(name: str, errors: Any) -> str:
    """The sentence of AnsibleModule for options that can't be."""
    kind = f"Unsupported parameters for ({name}) module: " if isinstance(errors[0], UnsupportedError) else ""
    return f"{kind}{errors.msg}"


def _as_json(value: Any) -> Any:
    """A value as it is after its way to a module, or back: dates are texts, and Ansible's own types plain ones."""

    def plain(other: Any) -> Any:
        if isinstance(other, Mapping):
            return dict(other)
        if isinstance(other, Set):
            return list(other)
        return other.isoformat() if hasattr(other, "isoformat") else str(other)

    return json.loads(json.dumps(value, default=plain))

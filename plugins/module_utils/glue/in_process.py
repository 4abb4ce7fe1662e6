# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module in this process, which is one of Ansible's own, with the result that the module would return."""

from __future__ import annotations

import json
import logging
import os
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Set
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

# What two runs must have in common to share a connection.
_SAME_CONNECTION = ("base_url", "validate_certs", "ca_path", "proxy")
_MOST_IDLE = 20.0  # seconds; firewalls drop connections that rest for minutes, and tell nobody
# Sessions of earlier items of a loop, which all run in one process, and when they were last used.
_sessions: dict[tuple[Any, ...], tuple[Any, float]] = {}


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
        checked = ArgumentSpecValidator(module.options, **module.constraints).validate(json.loads(_to_json(given)))
        both = [f"Both option {each['option']} and its alias {each['alias']} are set." for each in checked._warnings]
        task = Task(checked.validated_parameters, check_mode, both)
        refusal = _refusal(name, checked.errors) if checked.error_messages else ""
        if refusal:
            result: dict[str, Any] = {"failed": True, "msg": refusal}
        else:
            with _session(task.params, environment) as session:
                result = module.outcome(task, session)
    if task.warnings:
        result["warnings"] = task.warnings
    if checked._deprecations:
        result["deprecations"] = checked._deprecations
    secrets = checked._no_log_values
    if _holds(_to_json(result), secrets):
        # As AnsibleModule: a secret that reads "true" or "none" does not hide every flag.
        flags = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
        result = {**remove_values(result, secrets), **flags}
    result["invocation"] = remove_values({"module_args": task.params}, secrets)
    shown: dict[str, Any] = json.loads(_to_json(result))
    return shown


@contextmanager
def _session(params: Mapping[str, Any], environment: Mapping[str, Any]) -> Iterator[Any]:
    """A session of ``requests``: that of the item before, with its open connection, if it leads to the same server."""
    from requests import Session  # not everywhere, and where it is missing nothing runs in this process

    key = (os.getpid(), *(params[name] for name in _SAME_CONNECTION), *map(str, environment.items()))
    session, used = _sessions.pop(key, (None, 0.0))
    if session is None or time.monotonic() - used > _MOST_IDLE:
        session = Session()
    session.cookies.clear()
    try:
        yield session
    finally:
        _sessions[key] = session, time.monotonic()


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


def _holds(text: str, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets may stand in what became this JSON: in a text, a number, or what Python calls None."""
    seen = f"{text} none".casefold()
    return any(json.dumps(secret, ensure_ascii=False)[1:-1].casefold() in seen for secret in secrets)


def _to_json(value: Any) -> str:
    """A value as it goes to a module, or comes back: dates are texts, and Ansible's own types plain ones."""

    def plain(other: Any) -> Any:
        if isinstance(other, Mapping):
            return dict(other)
        if isinstance(other, Set):
            return list(other)
        return other.isoformat() if hasattr(other, "isoformat") else str(other)

    return json.dumps(value, default=plain, ensure_ascii=False)

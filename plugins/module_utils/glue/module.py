# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module does around its run: options, client, failures."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any, Callable, Protocol

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from ..connectwise import (
    HAS_REQUESTS,
    ConnectWiseAPIError,
    ConnectWiseAuthenticationError,
    ConnectWiseClient,
    ConnectWiseConnectionError,
    ConnectWiseError,
    ConnectWisePermissionError,
    ConnectWiseRateLimitError,
    ConnectWiseResponseError,
)
from ..resources.fields import WantedError
from .arguments import CONNECTION

# What every module takes beside its own options; in_process is for the action plugin, which runs before the module.
COMMON: dict[str, dict[str, Any]] = {
    **CONNECTION,
    "in_process": {"type": "bool", "default": True, "fallback": (env_fallback, ["CW_IN_PROCESS"])},
}


class Task(Protocol):
    """What a run is told; AnsibleModule is one, and so is :class:`.in_process.Task`."""

    params: dict[str, Any]
    """The options, checked and converted."""
    check_mode: bool

    def warn(self, warning: str) -> None:
        """Tell the user something beside the result."""


Run = Callable[[Task, ConnectWiseClient], dict[str, Any]]


class Module:
    """A module, as its file declares it: :meth:`main` is one way to run it, ``in_process.run`` the other.

    Args:
        options: argument specification of the module's own options; those that all modules have are added.
        run: given the task and a client (read-only in check mode), returns the result.
        constraints: ``required_one_of``, ``mutually_exclusive`` and the like, as AnsibleModule takes them.
    """

    def __init__(self, options: dict[str, Any], run: Run, **constraints: Any) -> None:
        self.options: dict[str, Any] = {**COMMON, **options}
        self.constraints = constraints
        self._run = run

    def main(self) -> None:
        """Run as a program of its own, as Ansible starts modules."""
        module = AnsibleModule(argument_spec=self.options, supports_check_mode=True, **self.constraints)
        if not HAS_REQUESTS:
            module.fail_json(msg=missing_required_lib("requests"))
        result = self.outcome(module)
        if result.get("failed"):
            # Not inside an except clause, where ansible-core 2.16 adds a traceback.
            module.fail_json(**result)
        module.exit_json(**result)

    def outcome(self, task: Task, session: Any = None) -> dict[str, Any]:
        """Run the task, in either way: the result, or a failure in one sentence; without secrets.

        ``session`` is one of ``requests`` to go on with, if there is one.
        """
        client = None
        try:
            with build_client(task.params, task.check_mode, session) as client:
                result = self._run(task, client)
        except Exception as error:
            # What failed in its second step has taken its first.
            result = {"changed": bool(client and client.writes), **failure(error)}
        if client and client.repetitions and not result.get("failed"):
            task.warn(str(client.repetitions))
        return blanked(result, client) if client else result


def build_client(params: dict[str, Any], read_only: bool, session: Any = None) -> ConnectWiseClient:
    """The client that the connection options describe; ``session`` as :class:`ConnectWiseClient` takes it.

    Raises:
        ConnectWiseConfigurationError: an option is empty or can't be.
    """
    names = ("base_url", "client", "username", "password", "client_id")
    given = {name: params[name] for name in CONNECTION if name not in names and params[name] is not None}
    return ConnectWiseClient(*(params[name] for name in names), **given, read_only=read_only, session=session)


def blanked(result: dict[str, Any], client: ConnectWiseClient) -> dict[str, Any]:
    """A result without the client's secrets in any encoding; Ansible itself finds them only as they were given."""
    texts = "\n".join(_texts(result))
    if client.blank(texts) == texts:
        return result
    return {name: _blanked(value, client) for name, value in result.items()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _blanked(value: Any, client: ConnectWiseClient) -> Any:
    if isinstance(value, dict):
        return {name: _blanked(item, client) for name, item in value.items()}
    if isinstance(value, list):
        return [_blanked(item, client) for item in value]
    return client.blank(value) if isinstance(value, str) else value


def failure(error: Exception) -> dict[str, Any]:
    """The result for an error: ``failed``, ``msg``, one sentence, and ``failure`` for playbooks to test."""
    told = error.__cause__ if isinstance(error.__cause__, ConnectWiseAPIError) else error
    details: dict[str, Any] = {
        "code": getattr(error, "code", None) or type(error).__name__,
        "status": getattr(told, "status", None),
        "message": getattr(told, "message", str(error)),
        "field_errors": getattr(told, "field_errors", []),
        "request_id": getattr(told, "request_id", None),
        "retryable": getattr(told, "retryable", False),
        "attempts": getattr(told, "attempts", 0),
    }
    if isinstance(error, (WantedError, ConnectWiseError)):
        return {"failed": True, "msg": sentence(error), "failure": details}
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}, line {last.lineno}"
    msg = f"This is a defect of msp.connectwise, please report it: {type(error).__name__} in {place}: {error}"
    details["message"] = msg
    return {"failed": True, "msg": msg, "failure": details}


def sentence(error: Exception) -> str:
    """An error for the person at the playbook, beginning with the option at fault where it is known."""
    if isinstance(error, ConnectWiseAuthenticationError):
        return f"client, username, password or client_id: ConnectWise refused the login. {error}"
    if isinstance(error, ConnectWiseConnectionError) and "is not trusted" in error.message:
        cure = "Name the file with the right CA as ca_path, or set validate_certs to false to trust any certificate."
        return f"base_url: {error}. {cure}"
    if isinstance(error, ConnectWiseRateLimitError):
        wait = f", but ConnectWise asks to wait {error.retry_after:.0f} s" if error.retry_after else ""
        return f"retry_budget: it allows no further attempt{wait}. {error}"
    option = "proxy" if isinstance(error, ConnectWiseAPIError) and error.message.startswith("the proxy") else "base_url"
    if isinstance(error, ConnectWiseAPIError) and error.maybe_done:
        return f"{option}: {error}. Whether it was done is not known; run the task again, which looks first."
    if isinstance(error, (ConnectWiseConnectionError, ConnectWiseResponseError)):
        return f"{option}: {error}"
    if isinstance(error, ConnectWisePermissionError):
        return f"username: the security role of this API member does not allow it. {error}"
    if isinstance(error, ConnectWiseAPIError) and error.code is None and error.status in (400, 404):
        return f"base_url: there is no ConnectWise API at this address. {error}"
    if isinstance(error, ConnectWiseAPIError) and error.field_errors:
        heads = [str(item.get("field") or "").partition("/")[0] for item in error.field_errors]
        labels = _labels()
        texts = [f"{labels.get(head.casefold(), head or 'record')}: " for head in heads]
        messages = [item.get("message") or item.get("code") or error.message for item in error.field_errors]
        said = " ".join(text + message for text, message in zip(texts, messages))
        request = f", request id {error.request_id}" if error.request_id else ""
        return f"{said} ({error.method} {error.path} answered {error.status} {error.code}{request})"
    return str(error)


def _labels() -> dict[str, str]:
    """What the options call the fields that the server names."""
    # Only here, for importing all tables takes a task several milliseconds.
    from ..resources.callback import CALLBACK
    from ..resources.configuration import CONFIGURATION_FIELDS
    from ..resources.contact import CONTACT_FIELDS
    from ..resources.note import NOTE
    from ..resources.schedule_entry import SCHEDULE_ENTRY
    from ..resources.task import TASK
    from ..resources.ticket import TICKET
    from ..resources.time_entry import TIME_ENTRY

    tables = (SCHEDULE_ENTRY, CALLBACK, TIME_ENTRY, CONTACT_FIELDS, CONFIGURATION_FIELDS, TASK, NOTE, TICKET)
    return {row.name.casefold(): row.label for table in tables for row in table}

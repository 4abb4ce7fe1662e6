# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module does around its run: options, client, failures."""

from __future__ import annotations

import traceback
from typing import Any, Callable

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ..connectwise import (
    HAS_REQUESTS,
    ConnectWiseAPIError,
    ConnectWiseAuthenticationError,
    ConnectWiseClient,
    ConnectWiseConnectionError,
    ConnectWiseError,
    ConnectWisePermissionError,
    ConnectWiseResponseError,
)
from ..resources.configuration import CONFIGURATION
from ..resources.fields import WantedError
from ..resources.note import NOTE
from ..resources.ticket import TICKET
from .arguments import CONNECTION

Run = Callable[[AnsibleModule, ConnectWiseClient], dict[str, Any]]
_LABELS = {row.name.casefold(): row.label for table in (CONFIGURATION, NOTE, TICKET) for row in table}


def run_module(options: dict[str, Any], run: Run, **constraints: Any) -> None:
    """Run a module from its options to its result.

    Args:
        options: argument specification of the module's own options; the connection's are added.
        run: given the module and a client (read-only in check mode), returns the result.
        constraints: ``required_one_of``, ``mutually_exclusive`` and the like, as AnsibleModule takes them.
    """
    module = AnsibleModule(argument_spec={**CONNECTION, **options}, supports_check_mode=True, **constraints)
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"))
    client = None
    result: dict[str, Any] = {}
    failed: dict[str, Any] = {}
    try:
        with build_client(module.params, read_only=module.check_mode) as client:
            result = run(module, client)
    except Exception as error:
        failed = failure(error, client)
    if failed:
        # Not inside the except clause, where ansible-core 2.16 adds a traceback.
        module.fail_json(**failed)
    module.exit_json(**result)


def build_client(params: dict[str, Any], read_only: bool) -> ConnectWiseClient:
    """The client that the connection options describe.

    Raises:
        ConnectWiseConfigurationError: an option is empty or can't be.
    """
    names = ("base_url", "client", "username", "password", "client_id")
    further = ("codebase", "validate_certs", "ca_path", "proxy", "allow_http", "timeout", "retry_budget")
    given = {name: params[name] for name in further if params[name] is not None}
    return ConnectWiseClient(*(params[name] for name in names), **given, read_only=read_only)


def failure(error: Exception, client: ConnectWiseClient | None = None) -> dict[str, Any]:
    """The arguments of ``fail_json`` for an error: ``msg``, one sentence, and ``failure`` for playbooks to test."""
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
        return {"msg": sentence(error), "failure": details}
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}, line {last.lineno}"
    msg = f"This is a defect of msp.connectwise, please report it: {type(error).__name__} in {place}: {error}"
    details["message"] = msg = client.blank(msg) if client else msg
    return {"msg": msg, "failure": details}


def sentence(error: Exception) -> str:
    """An error for the person at the playbook, beginning with the option at fault where it is known."""
    if isinstance(error, ConnectWiseAuthenticationError):
        return f"client, username, password or client_id: ConnectWise refused the login. {error}"
    if isinstance(error, ConnectWiseConnectionError) and "is not trusted" in error.message:
        cure = "Name the file with the right CA as ca_path, or set validate_certs to false to trust any certificate."
        return f"base_url: {error}. {cure}"
    if isinstance(error, ConnectWiseConnectionError) and error.message.startswith("the proxy"):
        return f"proxy: {error}"
    if isinstance(error, ConnectWiseAPIError) and error.maybe_done:
        return f"base_url: {error}. Whether it was done is not known; run the task again, which looks first."
    if isinstance(error, (ConnectWiseConnectionError, ConnectWiseResponseError)):
        return f"base_url: {error}"
    if isinstance(error, ConnectWisePermissionError):
        return f"username: the security role of this API member does not allow it. {error}"
    if isinstance(error, ConnectWiseAPIError) and error.code is None and error.status in (400, 404):
        return f"base_url: there is no ConnectWise API at this address. {error}"
    if isinstance(error, ConnectWiseAPIError) and error.field_errors:
        heads = [str(item.get("field") or "").partition("/")[0] for item in error.field_errors]
        texts = [f"{_LABELS.get(head.casefold(), head or 'record')}: " for head in heads]
        said = " ".join(text + str(item.get("message")) for text, item in zip(texts, error.field_errors))
        request = f", request id {error.request_id}" if error.request_id else ""
        return f"{said} ({error.method} {error.path} answered {error.status} {error.code}{request})"
    return str(error)

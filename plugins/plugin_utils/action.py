# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of every module: runs it in Ansible's own worker process where that is the same, else as a module.

Ansible finds an action by the name of its module, so each module has a file in plugins/action that says which it is.
It loads an action before it forks its workers, so that the imports are paid once and not by each task.
"""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from functools import cache
from typing import Any

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import HAS_REQUESTS
from ansible_collections.msp.connectwise.plugins.module_utils.glue import in_process
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import Module

with suppress(ImportError):  # the client paces itself with it, and imports it with its first request
    importlib.import_module("sqlite3")

FOR_NEW_PROCESSES = ("DYLD_", "LD_", "OPENSSL_", "PYTHON")  # environment variables that are read when a process starts


class ConnectWiseAction(NormalAction):
    """Runs the module that a subclass names."""

    MODULE: Module

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task; returns the result, which is the same in both ways."""
        variables = task_vars or {}
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)  # type: ignore[no-untyped-call]
        obstacle = self._obstacle(variables, environment)
        way = f"as a module of its own ({obstacle})" if obstacle else "in this process"
        self._display.vvv(f"{self._task.action} runs {way}", host=self._play_context.remote_addr)
        if obstacle:
            result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]
            return result
        result = in_process.run(self.MODULE, self._task.action, self._task.args, environment, self._task.check_mode)
        if not self._shows_invocation(variables):
            del result["invocation"]
        return result

    def _obstacle(self, variables: dict[str, Any], environment: dict[str, Any]) -> str:
        """Why the module can't run in this process (str); empty if it can."""
        wanted = self._task.args.get("in_process")
        if wanted is None:
            wanted = {**os.environ, **environment}.get("CW_IN_PROCESS", True)
        obstacles = {
            "in_process": not boolean(wanted, strict=False),
            "connection": self._connection.transport != "local",
            "become": self._connection.become is not None,
            "async": self._task.async_val,
            "environment": any(str(name).startswith(FOR_NEW_PROCESSES) for name in environment),
            "requests is missing here": not HAS_REQUESTS,
            "interpreter": not self._same_interpreter(variables),
        }
        return next((name for name, found in obstacles.items() if found), "")

    def _same_interpreter(self, variables: dict[str, Any]) -> bool:
        """Whether modules on this host run with the Python of this process, or with none in particular."""
        if self._task.delegate_to:
            variables = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        setting = C.config.get_config_value("INTERPRETER_PYTHON", variables=variables)
        path = str(self._templar.template(setting) or "auto")
        return path.startswith("auto") or _is_this_python(path)

    @staticmethod
    def _shows_invocation(variables: dict[str, Any]) -> bool:
        """Whether results hold the arguments: always, but for ansible-core 2.21 and later, which have a setting."""
        if not hasattr(C, "INJECT_INVOCATION"):
            return True
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))


@cache
def _is_this_python(path: str) -> bool:
    """Whether an interpreter is that of this process; it is a link in its virtual environment, so its folder counts."""
    folders = {os.path.realpath(os.path.dirname(each)) for each in (path, sys.executable)}
    return len(folders) == 1 and os.path.realpath(path) == os.path.realpath(sys.executable)

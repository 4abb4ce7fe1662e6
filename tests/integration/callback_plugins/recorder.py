# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's default output, and beside it each result as a line of JSON, with the requests that the task made."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any

from ansible.plugins.callback.default import CallbackModule as Default

DOCUMENTATION = """
name: recorder
type: stdout
short_description: Records results for the tests
description:
  - Appends each result to the file in E(RECORDER_FILE), with the requests of the journal at E(RECORDER_JOURNAL).
extends_documentation_fragment:
  - default_callback
  - result_format_callback
"""


def _journal() -> list[dict[str, Any]]:
    address = os.environ.get("RECORDER_JOURNAL")
    if not address:
        return []
    with urllib.request.urlopen(address, timeout=20) as answer:
        entries: list[dict[str, Any]] = json.load(answer)
    return entries


class CallbackModule(Default):
    """The default callback that records what it is told before it prints it."""

    CALLBACK_NAME = "recorder"

    def __init__(self) -> None:
        """Requests made before the play belong to no task."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._seen = len(_journal())

    def _record(self, result: Any, status: str) -> None:
        entries = _journal()
        data = result._result
        line = {
            "task": result._task.get_name(),
            "host": result._host.get_name(),
            "status": "changed" if status == "ok" and data.get("changed") else status,
            "result": data,
            "requests": entries[self._seen :],
        }
        self._seen = len(entries)
        with open(os.environ["RECORDER_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record(result, "ok")
        super().v2_runner_on_ok(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record(result, "failed")
        super().v2_runner_on_failed(result, ignore_errors)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record(result, "skipped")
        super().v2_runner_on_skipped(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record(result, "unreachable")
        super().v2_runner_on_unreachable(result)

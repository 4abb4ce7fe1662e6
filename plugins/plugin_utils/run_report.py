# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a ticket says about a run of a playbook, and the key by which the next run finds it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_SUMMARY = 100  # characters; fact sheet, appendix A
LONGEST_MESSAGE = 1500  # characters that are kept of what one host printed
LONGEST_NOTE = 20000
MOST_HOSTS = 25  # that are told of one by one
CENSORED = "(hidden: no_log)"
ABORTED = "the run did not come to its end"

_COUNTS = ("ok", "changed", "dark", "failures", "skipped", "rescued", "ignored")
_COUNT_NAMES = {"dark": "unreachable", "failures": "failed"}
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Counts = dict[str, dict[str, int]]
"""For each host: how many of its tasks were ``ok``, ``changed``, ``dark`` (unreachable), ``failures`` and so on."""


@dataclass(frozen=True)
class Failure:
    """A task that failed on a host, or a host that could not be reached at a task."""

    host: str
    count: str
    """ "failures" or "dark": where Ansible counts it."""
    task: str
    task_key: str
    """The task's name as it stands in the playbook, where it is the same for all hosts."""
    place: str
    """File and line; empty where they are not known."""
    message: str


def path_name(path: str, folder: str) -> str:
    """How a file is called on every machine: its path below the folder, of one elsewhere its file name. A list of
    hosts ("a,b,") stays as it is, and so does an empty text."""
    if "," in path or not path:
        return path
    below = os.path.relpath(path, folder)
    return os.path.basename(path.rstrip("/")) if below.startswith(os.pardir) else below


def identity(*texts: str) -> str:
    """16 characters that are the same for the same texts."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]


def shortened(text: str, longest: int, end: bool = False) -> str:
    """A text of at most so many characters, which says how much was left out: its beginning, or its ``end``."""
    if len(text) <= longest:
        return text
    said = f"[{len(text) - longest + 40} characters left out]"
    kept = longest - 40
    return f"{said}\n{text[-kept:]}" if end else f"{text[:kept]}\n{said}"


def message(result: Mapping[str, Any]) -> str:
    """What a failed task printed: its message, those of the failed items of a loop, and the end of its stderr.

    Nothing of a result that is hidden, as a whole or an item.
    """
    if "censored" in result or result.get("_ansible_no_log"):
        return CENSORED
    parts = [_printable(result.get("msg") or result.get("reason"))]
    items = result.get("results")
    for item in items if isinstance(items, list) else ():
        # With ansible-core 2.21 and later only the exception tells that an item failed.
        if isinstance(item, Mapping) and (item.get("failed", "exception" in item) or item.get("unreachable")):
            parts.append(message(item))
    errors = _printable(result.get("stderr") or result.get("module_stderr"))
    if errors and errors not in parts[0]:
        parts.append(f"stderr: {shortened(errors, LONGEST_MESSAGE // 2, end=True)}")
    return shortened("\n".join(filter(None, dict.fromkeys(parts))), LONGEST_MESSAGE)


def _printable(value: Any) -> str:
    if not value:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return _UNPRINTABLE.sub("", _COLOURS.sub("", text.replace("\r\n", "\n"))).strip()


def since(counts: Counts, before: Counts) -> Counts:
    """What was counted since then; Ansible counts all playbooks of a command together."""
    found = {}
    for host, numbers in counts.items():
        new = {name: number - before.get(host, {}).get(name, 0) for name, number in numbers.items()}
        if any(new.values()):
            found[host] = new
    return found


def final(failures: Sequence[Failure], counts: Counts) -> list[Failure]:
    """Those failures that Ansible counts as such, the first one first.

    What a rescue made good is reported to plugins like any other failure, and only not counted. It comes before the
    failure that ends the host.
    """
    left = {(host, name): numbers.get(name, 0) for host, numbers in counts.items() for name in ("failures", "dark")}
    found = []
    for failure in reversed(failures):
        if left.get((failure.host, failure.count), 0) > 0:
            left[failure.host, failure.count] -= 1
            found.append(failure)
    return found[::-1]


def summary(playbook: str, task: str) -> str:
    """The summary of the ticket: one line."""
    text = " ".join(_printable(f"Playbook {playbook}: {task}").split())
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 3]}..."


def note(about: Iterable[tuple[str, str]], failures: Sequence[Failure], counts: Counts | None) -> str:
    """The text of a note.

    Args:
        about: what else there is to say of the run: titles and values, of which empty ones are left out.
        failures: first one first.
        counts: None where there is no recap, for the run was aborted.
    """
    lines = [f"{title}: {value}" for title, value in about if value]
    for failure in failures[:MOST_HOSTS]:
        what = "unreachable" if failure.count == "dark" else "failed"
        place = f" ({failure.place})" if failure.place else ""
        lines += ["", f"{failure.host} {what}: {failure.task}{place}", failure.message]
    if len(failures) > MOST_HOSTS:
        lines += ["", f"[{len(failures) - MOST_HOSTS} more failures left out]"]
    if counts is not None:
        lines += ["", *recap(counts)]
    return shortened(_printable("\n".join(lines)), LONGEST_NOTE)


def recap(counts: Counts) -> list[str]:
    """The lines of the recap, hosts with failures first."""
    hosts = sorted(counts, key=lambda host: (not any(counts[host].get(name) for name in ("failures", "dark")), host))
    lines = ["Recap:"]
    for host in hosts[:MOST_HOSTS]:
        numbers = [f"{_COUNT_NAMES.get(name, name)}={counts[host].get(name, 0)}" for name in _COUNTS]
        lines.append(f"{host}: {' '.join(numbers)}")
    if len(hosts) > MOST_HOSTS:
        lines.append(f"[{len(hosts) - MOST_HOSTS} more hosts left out]")
    return lines


def counted(stats: Any) -> Counts:
    """The counts of Ansible's statistics, as they are now."""
    return {host: {name: getattr(stats, name).get(host, 0) for name in _COUNTS} for host in stats.processed}

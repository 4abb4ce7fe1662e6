# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules' documentation says is true: its examples run, and RETURN lists what is returned."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import yaml

import checkout
from integration.plays import Player, Run, Task

MODULES = sorted(path.stem for path in (checkout.REPOSITORY / "plugins" / "modules").glob("cw_*.py"))
# What ansible-core adds to every result.
OF_ANSIBLE = {"changed", "invocation", "warnings", "deprecations", "exception", "failed"}


def documentation(plugin: str, variable: str, kind: str = "modules") -> Any:
    """One of the strings DOCUMENTATION, EXAMPLES and RETURN of a module or another plugin, parsed.

    Several documents in one, as examples of an inventory are, become a list.
    """
    source = (checkout.REPOSITORY / "plugins" / kind / f"{plugin}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == variable:
            found = list(yaml.safe_load_all(ast.literal_eval(node.value)))
            return found if len(found) > 1 else found[0]
    raise AssertionError(f"{plugin} has no {variable}")


def check_returned(run: Run, module: str) -> None:
    """The keys of the module's results are the documented ones."""
    documented: dict[str, Any] = documentation(module, "RETURN")
    always = {name for name, entry in documented.items() if entry["returned"] in ("success", "always")}
    on_failure = {name for name, entry in documented.items() if entry["returned"] in ("failure", "always")} | {"msg"}
    for each in run:
        if each.result.get("msg") == "All items completed":
            continue  # what Ansible makes of a loop; its items are no results of their own
        if set(each.result) & {"operation", "count", "failure", "results", "met", "missing"}:
            keys = {key for key in each.result if not key.startswith("_ansible_")} - OF_ANSIBLE
            if each.status == "failed":
                assert keys <= on_failure
                continue
            assert always <= keys <= set(documented), each.task
            if not each["invocation"]["module_args"].get("fields") or module == "cw_ticket":
                for name in keys:
                    check_kind(each.result[name], documented[name], name)


def check_kind(value: Any, entry: dict[str, Any], name: str) -> None:
    """A value has its documented type, and so has what is in it."""
    kinds: dict[str, Any] = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list, "float": (int, float)}
    if value is None:
        return
    assert isinstance(value, kinds[entry["type"]]), name
    if "choices" in entry:
        assert value in entry["choices"], name
    for one in value if isinstance(value, list) else [value]:
        for key, inner in entry.get("contains", {}).items():
            assert key in one or "returned" in inner, f"{name}.{key} is documented and not returned"
            check_kind(one.get(key), inner, f"{name}.{key}")


@pytest.mark.parametrize("module", MODULES)
def test_examples(play: Player, module: str) -> None:
    """All examples of a module as one play, in check mode, really, and again."""
    examples: list[Task] = documentation(module, "EXAMPLES")
    assert len(examples) > 1
    at_home = {"HOME": str(play.folder)}  # files that the first run fetches are there in the second
    foreseen = play(*examples, check=True, environment=at_home)
    assert foreseen.code == 0
    assert play.simulator.writes() == []
    first = play(*examples, environment=at_home)
    assert len(first.outcomes) == len(examples)
    check_returned(first, module)
    check_returned(foreseen, module)
    second = play(*examples, environment=at_home)
    lasting = [
        each
        for each, example in zip(second.outcomes, examples, strict=True)
        # The examples write one note with a key, and take it away again.
        if "progress" not in str(example)
    ]
    for each, example in zip(second.outcomes, examples, strict=True):
        # What is not compared below is there to be taken away.
        assert "progress" not in str(example) or each["operation"] in ("created", "deleted"), each.task
    assert [each.task for each in lasting if each.status != "ok" or each.writes] == []
    check_returned(second, module)


def test_failures_are_as_documented(play: Player) -> None:
    """The keys of a failure are those that cw_ticket documents, in every module."""
    run = play(
        {"name": "cw_ticket", "msp.connectwise.cw_ticket": {"id": 999}},
        {"name": "cw_ticket_note", "msp.connectwise.cw_ticket_note": {"ticket_id": 999, "text": "x"}},
        {"name": "cw_configuration_info", "msp.connectwise.cw_configuration_info": {"company": "Nobody"}},
        {"name": "server", "msp.connectwise.cw_configuration_info": {"conditions": "nothing=1"}},
        fails=True,
    )
    documented = documentation("cw_ticket", "RETURN")["failure"]
    for each in run:
        assert set(each["failure"]) == set(documented["contains"]), each.task
        check_kind(each["failure"], documented, each.task)
    for module in MODULES:
        check_returned(run, module)

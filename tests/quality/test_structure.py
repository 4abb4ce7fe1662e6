# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the house that no tool knows: layers, sizes, what is in the action group."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import checkout

REPOSITORY = checkout.REPOSITORY
MODULES = sorted((REPOSITORY / "plugins" / "modules").glob("*.py"))
MODULE_UTILS = "ansible_collections.msp.connectwise.plugins.module_utils"
LARGEST_FILE = 400 * 1024
LONGEST_MODULE = 40
DOCUMENTATION = ("DOCUMENTATION", "EXAMPLES", "RETURN")


def imported_names(path: Path, package: str) -> Iterator[str]:
    """The dotted names that a file imports, those under conditions too; package is the one that the file is in."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            start = ".".join(filter(None, [base, node.module]))
            yield from (f"{start}.{alias.name}" for alias in node.names)


def imports_below(folder: str, package: str) -> dict[str, set[str]]:
    """For each file below the folder: what it imports."""
    found = {}
    for path in sorted((REPOSITORY / folder).rglob("*.py")):
        inner = path.relative_to(REPOSITORY / folder).parent.parts
        found[str(path.relative_to(REPOSITORY))] = set(imported_names(path, ".".join([package, *inner])))
    return found


def starting_with(names: set[str], *prefixes: str) -> set[str]:
    return {name for name in names if any(f"{name}.".startswith(f"{prefix}.") for prefix in prefixes)}


def test_the_client_knows_neither_ansible_nor_the_other_layers() -> None:
    files = imports_below("plugins/module_utils/connectwise", f"{MODULE_UTILS}.connectwise")
    assert files
    for file, names in files.items():
        own = starting_with(names, f"{MODULE_UTILS}.connectwise")
        assert not starting_with(names, "ansible", "ansible_collections") - own, file


def test_the_resources_know_only_the_client() -> None:
    files = imports_below("plugins/module_utils/resources", f"{MODULE_UTILS}.resources")
    assert files
    for file, names in files.items():
        allowed = starting_with(names, f"{MODULE_UTILS}.connectwise", f"{MODULE_UTILS}.resources")
        assert not starting_with(names, "ansible", "ansible_collections", "requests", "urllib3", "http") - allowed, file


def test_the_simulator_and_the_collection_share_nothing() -> None:
    simulator = imports_below("tests/simulator", "simulator")
    assert simulator
    for file, names in simulator.items():
        assert not starting_with(names, "ansible", "ansible_collections", "plugins"), file
    for file, names in imports_below("plugins", "ansible_collections.msp.connectwise.plugins").items():
        assert not starting_with(names, "simulator", "tests", "ansible_collections.msp.connectwise.tests"), file


def code_lines(source: str) -> int:
    """Counts the lines that hold code, without comments, docstrings and documentation strings."""
    without = {
        tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
        tokenize.ENDMARKER,
    }  # fmt: skip
    documentation: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        is_docstring = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        is_documentation = isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in DOCUMENTATION for target in node.targets
        )
        if is_docstring or is_documentation:
            assert isinstance(node, (ast.Expr, ast.Assign))
            documentation.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in without:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - documentation)


def test_code_lines_are_counted_without_documentation() -> None:
    assert code_lines('"""Said."""\n# why\nDOCUMENTATION = """\nmany\nlines\n"""\nx = [\n    1,\n]\n\nprint(x)\n') == 4


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_is_documentation_and_few_lines(module: Path) -> None:
    source = module.read_text()
    assert code_lines(source) <= LONGEST_MODULE
    names = {
        target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert set(DOCUMENTATION) <= names


def test_each_module_is_in_the_action_group() -> None:
    runtime = yaml.safe_load((REPOSITORY / "meta" / "runtime.yml").read_text())
    assert runtime["action_groups"]["cw"] == [module.stem for module in MODULES]


def test_each_module_has_the_one_action() -> None:
    """Real files: a link would be another name of the module that it points to, also for the documentation."""
    files = {path.stem: path for path in (REPOSITORY / "plugins" / "action").glob("*.py")}
    assert set(files) == {module.stem for module in MODULES}
    assert [name for name, path in files.items() if path.is_symlink()] == []
    texts = {path.read_text().replace(name, "MODULE_NAME") for name, path in files.items()}
    assert len(texts) == 1
    assert "MODULE = MODULE_NAME.MODULE\n" in texts.pop()


def test_no_sanity_test_is_told_to_ignore_anything() -> None:
    assert list((REPOSITORY / "tests").glob("sanity/ignore*")) == []


def test_no_file_is_large() -> None:
    sizes = {str(path): (REPOSITORY / path).lstat().st_size for path in checkout.known_to_git()}
    assert {path: size for path, size in sizes.items() if size > LARGEST_FILE} == {}


def test_pages_name_files_that_exist() -> None:
    """Relative links, and paths in code that begin with a folder of the checkout."""
    tops = "|".join(sorted({path.parts[0] for path in checkout.known_to_git() if len(path.parts) > 1}))
    missing = []
    for page in [path for path in checkout.known_to_git() if path.suffix == ".md" and path.name != "CHANGELOG.md"]:
        text = (REPOSITORY / page).read_text()
        linked = {page.parent / link for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)}
        named = {Path(path) for path in re.findall(rf"`((?:{tops})/[\w./-]+)`", text)}
        missing += [f"{page}: {path}" for path in sorted(linked | named) if not (REPOSITORY / path).exists()]
    assert missing == []

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation as a web site: the guides, and the reference out of the plugins' own documentation.

Usage: python scripts/website.py [FOLDER], which is dist/docs by default. Needs no network. Warnings are errors.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from antsibull_docs_parser import dom
from antsibull_docs_parser.md import to_md
from antsibull_docs_parser.parser import Context, parse

import checkout

sys.path.insert(0, str(checkout.linked_tree()))
BIN = Path(sys.executable).parent
DEFAULT = checkout.REPOSITORY / "dist" / "docs"
EVENT_SOURCES = Path("extensions", "eda", "plugins", "event_source")
REFERENCE = "reference"
_LICENCE = "<!--\nCopyright (c) 2026 msp.connectwise contributors\nSPDX-License-Identifier: GPL-3.0-or-later\n-->\n"


def build(target: Path) -> None:
    """Build the site in the folder, which is emptied before.

    Ends the program with a sentence where a page has an error; the tools' own words stand above.
    """
    with tempfile.TemporaryDirectory(prefix="cw-site-") as temporary:
        tree = Path(temporary) / "tree"
        source = checkout.copy_tree(tree)
        # antsibull-docs writes into folders that nobody else may write to.
        (source / REFERENCE).mkdir(mode=0o700)
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(tree),
            "ANSIBLE_HOME": str(Path(temporary) / "ansible"),
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
        }
        collection = ["collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
        _run("antsibull-docs", *collection, "--dest-dir", source / REFERENCE, "msp.connectwise", **settings)
        for page in (source / REFERENCE).glob("*.rst"):
            # The theme has its own list of a page's headings.
            page.write_text(re.sub(r"^\.\. contents::\n(?: +.*\n)*", "", page.read_text(), flags=re.MULTILINE))
        for plugin in sorted((source / EVENT_SOURCES).glob("[!_]*.py")):
            page = source / REFERENCE / f"{plugin.stem}_event_source.md"
            page.write_text(event_source_page(plugin), encoding="utf-8")
        for page in [source / "README.md", *source.glob("docs/*.md"), *source.glob("roles/*/README.md")]:
            page.write_text(linked_to_reference(page.read_text(encoding="utf-8")), encoding="utf-8")
        front = (source / "docs" / "site" / "index.md").read_text(encoding="utf-8")
        front = without_empty_places(front.replace("](../", "](docs/"), source)
        (source / "index.md").write_text(front, encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        settings_of_sphinx, read = source / "docs" / "site", Path(temporary) / "read"
        strictly = ("-W", "--keep-going", "-q")
        _run("sphinx-build", "-b", "html", *strictly, "-c", settings_of_sphinx, "-d", read, source, target)


def _run(program: str, *arguments: str | Path, **settings: str) -> None:
    command = [sys.executable, BIN / program, *arguments]
    done = subprocess.run(command, env={**os.environ, **settings}, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SystemExit(f"The site could not be built: {program} ended with {done.returncode}.")


def without_empty_places(text: str, source: Path) -> str:
    """The front page without the entries of its lists, with a ``*`` in them, that stand for no page yet."""
    lines = text.splitlines(keepends=True)
    return "".join(
        line for line in lines if not re.fullmatch(r"\S*\*\S*\n", line) or any(source.glob(f"{line.strip()}.md"))
    )


def linked_to_reference(text: str) -> str:
    """A guide whose links to the files of plugins, which a person in the repository follows, lead to the reference."""
    kinds = r"\]\((?:\.\./)*plugins/(modules|inventory|lookup|filter|callback)/(\w+)\.py\)"
    text = re.sub(kinds, lambda match: f"](/{REFERENCE}/{match[2]}_{match[1].removesuffix('s')}.rst)", text)
    event_sources = rf"\]\((?:\.\./)*{EVENT_SOURCES.as_posix()}/(\w+)\.py\)"
    return re.sub(event_sources, rf"](/{REFERENCE}/\1_event_source.md)", text)


def documented(plugin: Path) -> dict[str, Any]:
    """The strings DOCUMENTATION and EXAMPLES of a plugin, the first one parsed and with its fragments."""
    found: dict[str, Any] = {}
    for node in ast.parse(plugin.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("DOCUMENTATION", "EXAMPLES"):
                found[name] = ast.literal_eval(node.value)
    about = yaml.safe_load(found["DOCUMENTATION"])
    for name in _list(about.get("extends_documentation_fragment")):
        shared = _fragment(name)
        about["options"] = {**about.get("options", {}), **shared.get("options", {})}
        about["requirements"] = [*_list(about.get("requirements")), *_list(shared.get("requirements"))]
    return {**found, "DOCUMENTATION": about}


def _fragment(name: str) -> dict[str, Any]:
    """What a fragment of this collection, such as msp.connectwise.connection, adds."""
    file, _dot, part = name.removeprefix("msp.connectwise.").partition(".")
    module = importlib.import_module(f"ansible_collections.msp.connectwise.plugins.doc_fragments.{file}")
    found: dict[str, Any] = yaml.safe_load(getattr(module.ModuleDocFragment, part.upper() or "DOCUMENTATION"))
    return found


def event_source_page(plugin: Path) -> str:
    """The page of an event source, in Markdown; antsibull-docs knows no such plugins."""
    strings = documented(plugin)
    about = strings["DOCUMENTATION"]
    name = f"msp.connectwise.{plugin.stem}"
    parts = [_LICENCE, f"# {name} event source\n", f"{_text(about['short_description'])}\n"]
    parts += [f"{_text(text)}\n" for text in _list(about.get("description"))]
    parts += ["## Options\n", *_options(about.get("options", {}), "")]
    for title in ("requirements", "notes"):
        if about.get(title):
            parts += [f"## {title.capitalize()}\n", *(f"- {_text(text)}" for text in _list(about[title])), ""]
    if strings.get("EXAMPLES"):
        parts += ["## Examples\n", f"```yaml\n{strings['EXAMPLES'].strip()}\n```\n"]
    return "\n".join(parts)


def _options(options: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for name, option in options.items():
        facts = [option.get("type", "str") + (f" of {option['elements']}" if "elements" in option else "")]
        facts += ["required"] if option.get("required") else []
        facts += [f"default `{option['default']}`"] if "default" in option else []
        facts += ["one of " + ", ".join(f"`{one}`" for one in option["choices"])] if option.get("choices") else []
        lines.append(f"{indent}- `{name}` ({'; '.join(facts)})")
        lines += [f"\n{indent}  {_text(text)}" for text in _list(option.get("description"))]
        if option.get("suboptions"):
            lines += ["", *_options(option["suboptions"], indent + "  ")]
    return [*lines, ""]


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _text(text: str) -> str:
    """A text of Ansible's documentation in Markdown."""
    paragraphs: list[dom.Paragraph] = parse(text.strip(), Context())
    return to_md(paragraphs)


if __name__ == "__main__":
    checkout.forget_own_settings()
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else DEFAULT
    build(folder)
    print(f"The front page is {folder / 'index.html'}")

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of Sphinx; scripts/website.py lays out what it reads."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

project = "msp.connectwise"
project_copyright = "msp.connectwise contributors"
html_title = "msp.connectwise"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
include_patterns = [
    "index.md",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/*.md",
    "roles/*/README.md",
    "reference/**",
]

myst_heading_anchors = 4
highlight_language = "none"
default_role = "any"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False
# Nothing is fetched from elsewhere while the site is built or read.
html_theme_options = {"footer_icons": []}
antsibull_ext_color_scheme = "default-autodark"

# Where Ansible's own documentation has what the reference mentions.
ANSIBLE = "https://docs.ansible.com/ansible/latest"
LABELS = {
    "action_plugins": "plugins/action.html",
    "callback_plugins": "plugins/callback.html",
    "common_return_values": "reference_appendices/common_return_values.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
}
BUILTIN = "ansible_collections.ansible.builtin."


def link_to_ansible(_app: Sphinx, _env: Any, node: Any, text: nodes.Node) -> nodes.Node | None:
    """A link to Ansible's documentation for a label that is one of its own; None for any other."""
    label = node.get("reftarget", "")
    page = LABELS.get(label)
    if label.startswith(BUILTIN):
        page = f"collections/ansible/builtin/{label.removeprefix(BUILTIN)}.html"
    return nodes.reference("", "", text, refuri=f"{ANSIBLE}/{page}", internal=False) if page else None


def setup(app: Sphinx) -> None:
    """What Sphinx calls when it has read this file."""
    app.connect("missing-reference", link_to_ansible)

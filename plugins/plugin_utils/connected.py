# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What inventory and lookup share: checks of options, the client, failures in one sentence, values that stay values."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible import template
from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins import AnsiblePlugin
from ansible.utils.display import Display

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import HAS_REQUESTS, ConnectWiseClient
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import CONNECTION
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import build_client, failure


def untrusted(value: Any) -> Any:
    """A value from a server, of any kind, marked so that Ansible never takes a text in it for a template.

    From ansible-core 2.19 on no text is one that is not marked as trusted.
    """
    if hasattr(template, "trust_as_template"):
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)


def check_options(plugin: AnsiblePlugin, given: Mapping[str, Any], kind: type[AnsibleError]) -> None:
    """Refuse options that Ansible would pass over: with a slip of the pen in it, a filter would let everything through.

    Raises:
        AnsibleError: of this kind; also where a required option is neither given nor in the environment, for which
            ansible-core 2.16 has no sentence.
    """
    unknown = set(given)
    for name, option in plugin.option_definitions.items():
        names = {name, *(option.get("aliases") or [])}
        variables = [each["name"] for each in option.get("env") or []]
        if option.get("required") and not (names & set(given) or any(each in os.environ for each in variables)):
            also = f", or set the environment variable {variables[0]}" if variables else ""
            raise kind(f"{name}: it is missing. Give it as an option{also}.")
        unknown -= names
    if unknown:
        raise kind(f"{', '.join(sorted(map(str, unknown)))}: there is no such option.")


@contextmanager
def sentences(kind: type[AnsibleError], client: ConnectWiseClient | None = None) -> Iterator[None]:
    """Whatever goes wrong inside becomes an error of this kind, without traceback and secrets."""
    try:
        yield
    except AnsibleError:
        raise
    except Exception as error:
        said = failure(error)["msg"]
        raise kind(client.blank(said) if client else said) from None


@contextmanager
def connected(plugin: AnsiblePlugin, kind: type[AnsibleError]) -> Iterator[ConnectWiseClient]:
    """A client, which writes nothing, for the connection options of a plugin.

    Raises:
        AnsibleError: of this kind, a sentence, for whatever goes wrong inside.
    """
    if not HAS_REQUESTS:
        raise kind(missing_required_lib("requests"))
    with sentences(kind):
        client = build_client({name: plugin.get_option(name) for name in CONNECTION}, read_only=True)
    with client, sentences(kind, client):
        yield client
        if client.repetitions:
            Display().warning(str(client.repetitions))

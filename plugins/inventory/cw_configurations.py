# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_configurations
short_description: Configurations of ConnectWise PSA as hosts
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Makes hosts of configurations, the devices and other assets of companies in ConnectWise PSA (Manage), and groups of
    their companies; groups and variables of your own can be added.
  - The name of its file ends in V(cw_configurations.yml) or V(cw_configurations.yaml).
  - All filters given must be met. They are left to the server, which is asked for a thousand configurations at a time
    and for no more fields than needed.
  - Names of hosts and groups hold only letters, digits and underscores, those of hosts dots and hyphens too. Any other
    characters become an underscore. A host that would be called like a group, such as C(all), gets its id appended.
  - Nothing that comes from ConnectWise is ever taken for a template, nor are passwords among the questions read.
options:
  plugin:
    description: Marks the file as one of this plugin.
    type: str
    required: true
    choices: [msp.connectwise.cw_configurations]
  company:
    description:
      - Companies, by id, identifier or name. One, or a list of which any may match, as in all filters up to O(vendor).
    type: raw
  type:
    description: Types of configurations, by id or name.
    type: raw
  status:
    description: Statuses of configurations, by id or name.
    type: raw
  location:
    description: Locations, by id or name.
    type: raw
  department:
    description: Departments, by id, identifier or name.
    type: raw
  manufacturer:
    description: Manufacturers, by id or name.
    type: raw
  vendor:
    description: Vendors, which are companies, by id, identifier or name.
    type: raw
  active:
    description: Whether they are in use. If not set, those that are retired become hosts too.
    type: bool
  conditions:
    description:
      - A further filter in the words of the API, such as C(site/name="Main" AND name contains "WEB").
    type: str
  custom_field_conditions:
    description:
      - A further filter on custom fields, in the words of the API, such as C(caption="Rack" AND value="B-12").
    type: str
  fields:
    description:
      - Names of the fields to read, as the API has them, beside name and company.
      - If not set, those that describe a device, without texts such as C(notes).
    type: list
    elements: str
    default: []
  questions:
    description: Whether the questions are read, as a dictionary of their answers. They make the answers much longer.
    type: bool
    default: false
  custom_fields:
    description: Whether the custom fields are read, as a dictionary of their values by caption.
    type: bool
    default: false
  prefix:
    description:
      - What the names of the variables begin with. Expressions see the same names.
    type: str
    default: cw_
  hostname:
    description:
      - An expression for the name of a host, such as V(cw_name ~ '.' ~ cw_company_identifier).
      - If not set, where it gives nothing, and where it fails without O(strict), the configuration's name is taken.
    type: str
  duplicates:
    description:
      - What happens where several configurations would be hosts of one name.
      - V(id) appends the id to the names of all of them.
      - V(company) appends the identifier of their company, and their id where that is the same too.
      - V(first) makes the one with the lowest id a host and leaves the others out with a warning.
      - V(fail) gives no hosts, and an error tells the names.
    type: str
    default: id
    choices: [id, company, first, fail]
  company_groups:
    description:
      - Whether there is a group for each company. It is called V(company_) and its identifier; where two of them would
        have one name, the id is appended to both.
    type: bool
    default: true
  use_ip_address:
    description:
      - Whether C(ansible_host) is set to the IP address of the configuration. Where it has none, or something else
        stands there, the host is reached by its name.
    type: bool
    default: false
extends_documentation_fragment:
  - msp.connectwise.connection.plugin
  - constructed
  - inventory_cache
seealso:
  - module: msp.connectwise.cw_configuration_info
"""

EXAMPLES = r"""
# fmt: code
# All servers in use, in groups by company. The connection comes from the environment: CW_URL, CW_CLIENT, ...
plugin: msp.connectwise.cw_configurations
type: Server
active: true

---
# The devices of two companies, with groups by type and status, reached by their address
plugin: msp.connectwise.cw_configurations
company: [Acme, 251]
duplicates: company
use_ip_address: true
keyed_groups:
  - key: cw_type_name
    prefix: type
  - key: cw_status_name
    prefix: status

---
# What only some fields tell, with variables and groups from them
plugin: msp.connectwise.cw_configurations
conditions: name contains "PROD"
fields: [type, osType, ipAddress]
questions: true
custom_fields: true
compose:
  rack: cw_custom_fields['Rack']
  backed_up: cw_questions['Backed up'] | bool
groups:
  web: "'WEB' in cw_name"
  backup: cw_questions['Backed up'] | bool

---
# Names that stay the same, whatever else there is, and a cache for an hour
plugin: msp.connectwise.cw_configurations
hostname: cw_name ~ '.' ~ cw_company_identifier
duplicates: fail
active: true
conditions: name not contains "DUPLICATE"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: /tmp/connectwise_inventory
cache_timeout: 3600
"""

import hashlib
import json
from contextlib import suppress
from functools import partial
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.inventory.group import to_safe_group_name
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.msp.connectwise.plugins.module_utils.glue.inventory import AS_WRITTEN, FILTERS, read_hosts
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import blanked
from ansible_collections.msp.connectwise.plugins.module_utils.resources import host
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from ansible_collections.msp.connectwise.plugins.plugin_utils.connected import (
    check_options,
    connected,
    sentences,
    untrusted,
)

FILES = ("cw_configurations.yml", "cw_configurations.yaml")
# What decides which configurations are read, and what of them.
QUESTION = ("base_url", "codebase", "client", "username", *FILTERS, "active", *AS_WRITTEN, "questions", "custom_fields")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """The inventory plugin."""

    NAME = "msp.connectwise.cw_configurations"
    inventory: Any

    # Whatever the settings: ansible-core 2.16 takes the name of a group for a template where it looks like one.
    _sanitize_group_name = staticmethod(partial(to_safe_group_name, force=True, silent=True))

    def verify_file(self, path: str) -> bool:
        """Whether the file is one for this plugin, by its name."""
        fits: bool = super().verify_file(path)  # type: ignore[no-untyped-call]
        return fits and path.endswith(FILES)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory; of configurations that can't be read or told apart, with none.

        Raises:
            AnsibleParserError: a sentence.
        """
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        with sentences(AnsibleParserError):
            prefix = self.get_option("prefix")
            if prefix and not prefix.isidentifier():
                raise WantedError("prefix", f"{prefix!r} can't be the beginning of the name of a variable.")
            records = self._records(path, cache)
            hosts = self._hosts(records)
        groups = self._groups(records) if self.get_option("company_groups") else {}
        for group in groups.values():
            self.inventory.add_group(group)
        for record, name, variables in hosts:
            # Ansible would take a host that is called like a group for the group.
            apart = f"{name}_{record['id']}" if name in self.inventory.groups else name
            self._add(apart, variables, groups.get(_company(record)))

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Take the options of a file, if they can be."""
        if direct is not None:
            check_options(self, direct, AnsibleParserError)
        super().set_options(task_keys, var_options, direct)  # type: ignore[no-untyped-call]

    def _records(self, path: str, cache: bool) -> list[dict[str, Any]]:
        """The configurations, from the cache where they may be."""
        keep = self.get_option("cache")
        options = {name: self.get_option(name) for name in QUESTION}
        digest = hashlib.sha256(json.dumps(options, sort_keys=True, default=str).encode()).hexdigest()
        key = f"{self.get_cache_key(path)}_{digest[:16]}"
        if keep and cache:
            # Neither there, nor any longer, nor readable.
            with suppress(KeyError, ValueError):
                records: list[dict[str, Any]] = json.loads(self._cache[key])
                self.display.v(f"{self.NAME}: {len(records):,} configurations from the cache")
                return records
        fields = host.read_fields(options["fields"], options["questions"], options["custom_fields"])
        with connected(self, AnsibleParserError) as client:
            records = read_hosts(client, options, fields, self._progress)
            records = blanked({"records": records}, client)["records"]
        self._progress(len(records), "all")
        if keep:
            # As a text, which every cache gives back as it was.
            self._cache[key] = json.dumps(records)
        return records

    def _progress(self, count: int, which: str = "so far") -> None:
        self.display.v(f"{self.NAME}: {count:,} configurations read, {which}")

    def _hosts(self, records: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, dict[str, Any]]]:
        """Each configuration that becomes a host, with its name and variables."""
        options = ("fields", "questions", "custom_fields")
        fields = host.read_fields(*(self.get_option(name) for name in options))
        prefix = self.get_option("prefix")
        variables = {int(each["id"]): untrusted(host.host_variables(each, fields, prefix)) for each in records}
        wanted = {int(each["id"]): self._name(each, variables[int(each["id"])]) for each in records}
        companies = {int(each["id"]): _company_name(each) for each in records}
        names = host.told_apart(wanted, companies, self.get_option("duplicates"))
        if len(names) < len(records):
            left = len(records) - len(names)
            self.display.warning(f"duplicates: {left} configurations are left out, because others have the same names.")
        return [
            (each, names[int(each["id"])], variables[int(each["id"])]) for each in records if int(each["id"]) in names
        ]

    def _name(self, record: dict[str, Any], variables: dict[str, Any]) -> str:
        text: Any = ""
        expression = self.get_option("hostname")
        if expression:
            try:
                text = self._compose(expression, variables)
            except Exception as error:
                if self.get_option("strict"):
                    raise AnsibleParserError(f"hostname: for the configuration {record['id']}: {error}") from None
        return host.host_name(text or record.get("name"), int(record["id"]))

    @staticmethod
    def _groups(records: list[dict[str, Any]]) -> dict[int, str]:
        return host.company_groups({_company(each): _company_name(each) for each in records if _company(each)})

    def _add(self, name: str, variables: dict[str, Any], group: str | None) -> None:
        """Add a host, with all that the options make of its variables."""
        self.inventory.add_host(name)
        if group:
            self.inventory.add_child(group, name)
        address = host.address(variables.get(f"{self.get_option('prefix')}ip_address"))
        if self.get_option("use_ip_address") and address:
            self.inventory.set_variable(name, "ansible_host", address)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), {}, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), {}, name, strict)


def _company(record: dict[str, Any]) -> int:
    """The id of the company; 0 where there is none."""
    return int((record.get("company") or {}).get("id") or 0)


def _company_name(record: dict[str, Any]) -> str:
    company = record.get("company") or {}
    return str(company.get("identifier") or company.get("name") or company.get("id") or "")

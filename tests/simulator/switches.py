# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches: the facts that sources disagree on, or that nobody knows.

The default is the stricter way, unless recorded answers or several clients say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """One open question about the API. The first of ``values`` is the default."""

    name: str
    values: tuple[str, ...]
    sentence: str


SWITCHES = (
    Switch("missing_client_id", ("401", "403", "400"), "Status for a missing or unknown clientId (fact 2.3)."),
    Switch("wrong_credentials", ("cloud", "onprem"), "Body of the 401 for wrong keys (fact 2.4)."),
    Switch(
        "wrong_codebase",
        ("cannot-route", "not-found"),
        "Unknown codebase: 400 text/plain (fact 1.8), or a 404 as after an upgrade (fact 1.7).",
    ),
    Switch("page_size_over_max", ("cap", "refuse"), "What a pageSize above 1000 does (fact 3.3)."),
    Switch("page_cap", ("off", "100"), "A server that gives 100 records a page at most, and no Link (fact 3.3)."),
    Switch("link_header", ("on", "off"), "Whether lists have a Link header (facts 3.4, 3.5)."),
    Switch(
        "forward_only",
        ("supported", "unsupported"),
        "Whether pagination-type: forward-only is understood; else pages go by number, without Link (fact 3.4).",
    ),
    Switch(
        "forward_only_order",
        ("ignore", "refuse"),
        "What orderBy does with forward-only paging, which has no order but the id (fact 3.4).",
    ),
    Switch("case_sensitive_strings", ("off", "on"), "Whether conditions compare texts with their case (conjecture)."),
    Switch(
        "percent_in_like",
        ("wildcard", "ignored"),
        "Whether % in like stands for any text, or the whole condition is ignored silently (fact 4.9).",
    ),
    Switch(
        "leading_bracket",
        ("escaped", "plain"),
        "Whether a text that starts with [ is only found when written as [[] (fact 4.5), or as it is too.",
    ),
    Switch(
        "wildcards_in_contains",
        ("on", "off"),
        "Whether %, _ and [...] are wildcards in contains, as in SQL (conjecture from fact 4.5).",
    ),
    Switch(
        "inactive_flag_condition",
        ("refuse", "accept"),
        "Whether members, work types, work roles and locations can be filtered by inactiveFlag (fact 4.12).",
    ),
    Switch(
        "patch_object_references",
        ("accept", "refuse"),
        "Whether PATCH takes path status with an object (fact 6.2).",
    ),
    Switch(
        "patch_reference_names",
        ("accept", "refuse", "ignore"),
        'PATCH with {"name": ...} or path status/name; ignore means 200 and nothing is done (fact 6.2).',
    ),
    Switch(
        "patch_company_identifier",
        ("ignore", "accept"),
        "PATCH path company/identifier: may answer 200 and do nothing (fact 6.2).",
    ),
    Switch("patch_upper_case_op", ("refuse", "accept"), "PATCH with op in upper case (fact 6.1: unknown)."),
    Switch("post_reference_names", ("accept", "refuse"), "Whether POST and PUT take references by name (fact 6.13)."),
    Switch(
        "board_move",
        ("new-default", "keep-old", "refuse"),
        "A PATCH of the board alone: status and team become the new board's defaults and type, subType, item are "
        "cleared; or all stay as they were; or the old status is refused (facts 6.4, 7.4).",
    ),
    Switch(
        "contact_of_other_company",
        ("refuse", "accept"),
        "Whether contact and site must belong to the company (fact 9.2: conjecture).",
    ),
    Switch("all_notes", ("present", "absent"), "Whether tickets have allNotes; old versions answer 404 (fact 8.5)."),
    Switch("attach_twice", ("conflict", "ignore"), "Attaching a configuration that is attached already (fact 9.7)."),
    Switch("bulk", ("present", "404", "405"), "Whether configurations can be written in bulk, or how that is refused."),
    Switch(
        "bulk_data",
        ("record", "id"),
        "What a bulk answer gives of a record that was written: all of it, or the id that the OpenAPI file tells of.",
    ),
    Switch(
        "bulk_order",
        ("as-sent", "failures-first"),
        "In which order a bulk answer tells of the records; originalIndex says which is which (fact 9.1).",
    ),
    Switch("newlines_in_notes", ("keep", "blank"), "Whether a newline in a note stays or becomes a blank (fact 8.6)."),
    Switch(
        "configuration_list_name",
        ("absent", "present"),
        "Whether a ticket's configurations have a name beside _info.name (fact 9.7).",
    ),
    Switch("location_header", ("on", "off"), "Location on 201, with http:// as behind a proxy (fact 6.11)."),
    Switch(
        "unknown_fields_parameter",
        ("ignore", "refuse"),
        "Unknown names in fields=; sites refuse them in either case (fact 3.9).",
    ),
    Switch(
        "custom_fields_left_out",
        ("keep", "clear"),
        "What becomes of custom fields that a PATCH of customFields leaves out (fact 6.6).",
    ),
    Switch(
        "date_forms",
        ("strict", "lenient"),
        "Whether dates with a fraction, another zone or no time are refused (fact 11.2) or understood.",
    ),
    Switch(
        "download_accept_json",
        ("refuse", "accept"),
        "Whether the download of a document refuses an Accept header that allows JSON only (fact 1.12).",
    ),
    Switch(
        "version_of_attach_children",
        ("refuse", "accept"),
        "Whether attachChildren refuses an Accept header that names a version of the API (fact 1.11).",
    ),
    Switch(
        "callback_timeout",
        ("fail", "repeat"),
        "Whether a callback that is not answered in time is sent again, as after the four codes (fact 11.5).",
    ),
    Switch("onprem", ("off", "on"), "companyinfo and system/info of a self-hosted server, without v2025_1 (fact 1.4)."),
)
_BY_NAME = {switch.name: switch for switch in SWITCHES}


class Switches:
    """The present values of the switches."""

    def __init__(self) -> None:
        """All at their defaults."""
        self.reset()

    def reset(self) -> None:
        """Back to the defaults."""
        self.values = {switch.name: switch.values[0] for switch in SWITCHES}

    def is_(self, name: str, value: str) -> bool:
        """Whether a switch has that value. KeyError, ValueError: no such switch, no such value."""
        _BY_NAME[name].values.index(value)
        return self.values[name] == value

    def set(self, wanted: object) -> None:
        """Set switches from decoded JSON. ValueError with a sentence when name or value is unknown."""
        if not isinstance(wanted, dict):
            raise ValueError("Send an object of switch: value.")
        for name, value in wanted.items():
            if name not in _BY_NAME:
                raise ValueError(f"There is no switch {name!r}. There are: {', '.join(sorted(_BY_NAME))}.")
            text = {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
            if text not in _BY_NAME[name].values:
                raise ValueError(f"Switch {name!r} takes {', '.join(_BY_NAME[name].values)}, not {text!r}.")
            wanted[name] = text
        self.values.update(wanted)

    def shown(self) -> list[dict[str, object]]:
        """All switches with what they mean."""
        return [
            {
                "name": switch.name,
                "value": self.values[switch.name],
                "default": switch.values[0],
                "values": list(switch.values),
                "meaning": switch.sentence,
            }
            for switch in SWITCHES
        ]

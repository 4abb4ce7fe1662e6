# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations, and those of a ticket."""

from __future__ import annotations

from typing import Any

from .bulk import Bulk
from .endpoints import MOST_PER_PAGE, Conditions, Names
from .models import Configuration


class Configurations(Bulk):
    """Configurations: the devices and other assets of companies."""

    def get_configuration(self, config_id: int) -> Configuration | None:
        """A configuration; None where there is none of that id."""
        return self._record(Configuration, f"company/configurations/{int(config_id)}")

    def get_configurations(
        self,
        conditions: Conditions = "",
        pagesize: int = MOST_PER_PAGE,
        orderby: str = "",
        limit: int | None = None,
        fields: Names = "",
        childconditions: Conditions = "",
        customfieldconditions: Conditions = "",
    ) -> list[Configuration]:
        """All configurations that meet the conditions, or the first ``limit``; arguments as of :meth:`get_all`."""
        return self._records(
            Configuration,
            "company/configurations",
            conditions,
            orderby,
            limit,
            childconditions,
            customfieldconditions,
            fields,
            pagesize,
        )

    def get_configuration_count(self, conditions: Conditions = "") -> int:
        """How many configurations meet the conditions."""
        return self.get_count("company/configurations", conditions)

    def create_configuration(self, config: Configuration | dict[str, Any]) -> Configuration:
        """Create a configuration; name, type and company are required (fact sheet 9.2). An id given is not sent."""
        data = config.to_dict() if isinstance(config, Configuration) else dict(config)
        data.pop("id", None)
        return Configuration.from_dict(self.post("company/configurations", data))

    def update_configuration(self, config_id: int, config: Configuration | dict[str, Any]) -> Configuration:
        """Set the fields that ``config`` holds and leave the others.

        Raises:
            ConnectWiseNotFoundError: there is no such configuration.
        """
        data = config.to_dict() if isinstance(config, Configuration) else config
        operations = [
            {"op": "replace", "path": name, "value": value}
            for name, value in data.items()
            if name not in ("id", "_info")
        ]
        return Configuration.from_dict(self.patch("company/configurations", config_id, operations))

    def change_configuration_type(self, config_id: int, type_id: int) -> Configuration:
        """Give a configuration another type, which :meth:`update_configuration` can't (fact sheet 9.3).

        Raises:
            ConnectWiseNotFoundError: there is no such configuration.
        """
        path = f"company/configurations/{int(config_id)}"
        operations = [{"op": "replace", "path": "type/id", "value": int(type_id)}]
        answer = self._transport.request("PATCH", f"{path}/changeType", data=operations)
        return Configuration.from_dict(self._changed(answer.data, "PATCH", path))

    def delete_configuration(self, config_id: int) -> bool:
        """Delete a configuration: True; False where there was none."""
        return self.delete("company/configurations", config_id)

    def get_ticket_configurations(self, ticket_id: int) -> list[Configuration]:
        """The configurations attached to a ticket: only id, deviceIdentifier and ``attached_name`` (fact sheet 9.7)."""
        return self._records(Configuration, f"service/tickets/{int(ticket_id)}/configurations")

    def attach_configuration(self, ticket_id: int, config_id: int) -> Configuration:
        """Attach a configuration to a ticket.

        What the server does with one that is attached already is not known: look first.

        Raises:
            ConnectWiseNotFoundError, ConnectWiseBadRequestError: no such ticket, no such configuration.
        """
        return Configuration.from_dict(
            self.post(f"service/tickets/{int(ticket_id)}/configurations", {"id": int(config_id)})
        )

    def detach_configuration(self, ticket_id: int, config_id: int) -> bool:
        """Detach a configuration from a ticket: True; False where it was not attached."""
        return self.delete(f"service/tickets/{int(ticket_id)}/configurations", config_id)

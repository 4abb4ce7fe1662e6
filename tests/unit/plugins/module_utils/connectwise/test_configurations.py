# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    Condition,
    Configuration,
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseNotFoundError,
)
from unit.plugins.support import Simulator


def test_a_configuration(client: ConnectWiseClient) -> None:
    configuration = client.get_configuration(67890)
    assert isinstance(configuration, Configuration)
    assert (configuration.name, configuration.type_name, configuration.company_name, configuration.serialNumber) == (
        "PROD-WEB-01",
        "Server",
        "Acme Corporation",
        "SN-0001",
    )
    assert configuration.is_active
    assert configuration.questions
    assert client.get_configuration(999999) is None


def test_configurations(client: ConnectWiseClient) -> None:
    found = client.get_configurations(Condition("name", "=", "PROD-WEB-01"), orderby="company/id desc")
    assert [configuration.id for configuration in found] == [67893, 67890]
    assert all(isinstance(configuration, Configuration) for configuration in found)
    assert [item.id for item in client.get_configurations('name = "PROD-WEB-01"', orderby="id", limit=1)] == [67890]
    (partial,) = client.get_configurations("id = 67890", fields="id,name")
    assert partial.to_dict() == {"id": 67890, "name": "PROD-WEB-01"}
    assert len(client.get_configurations(pagesize=4)) == client.get_configuration_count() == 9
    assert client.get_configuration_count(Condition("company/id", "=", 251)) == 1


def test_creating_changing_deleting(simulator: Simulator, client: ConnectWiseClient) -> None:
    wanted = {"name": "NEW-PC", "company": {"id": 250}, "type": {"id": 2}, "id": 5}
    created = client.create_configuration(wanted)
    assert created.id not in (None, 5)
    assert wanted["id"] == 5
    assert (created.name, created.type_name, created.status_name) == ("NEW-PC", "Workstation", "Active")
    changed = client.update_configuration(created.id or 0, {"serialNumber": "SN-9", "id": 7, "_info": {}})
    assert (changed.id, changed.serialNumber, changed.name) == (created.id, "SN-9", "NEW-PC")
    changed = client.update_configuration(created.id or 0, Configuration(notes="new", status={"id": 2}))
    assert (changed.notes, changed.status_name, changed.serialNumber) == ("new", "Retired", "SN-9")
    second = client.create_configuration(Configuration(name="PC-2", company={"id": 250}, type={"id": 2}))
    assert second.name == "PC-2"
    assert client.delete_configuration(second.id or 0) is True
    assert client.delete_configuration(second.id or 0) is False
    posted = [entry["body"] for entry in simulator.journal() if entry["method"] == "POST"]
    assert posted == [
        {"name": "NEW-PC", "company": {"id": 250}, "type": {"id": 2}},
        {"name": "PC-2", "company": {"id": 250}, "type": {"id": 2}},
    ]
    bodies = [entry["body"] for entry in simulator.journal() if entry["method"] == "PATCH"]
    assert bodies == [
        [{"op": "replace", "path": "serialNumber", "value": "SN-9"}],
        [
            {"op": "replace", "path": "status", "value": {"id": 2}},
            {"op": "replace", "path": "notes", "value": "new"},
        ],
    ]


def test_what_the_server_refuses(client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseBadRequestError, match="required"):
        client.create_configuration({"name": "NEW-PC", "company": {"id": 250}})
    with pytest.raises(ConnectWiseNotFoundError):
        client.update_configuration(999999, {"notes": "x"})


def test_attaching_and_detaching(client: ConnectWiseClient) -> None:
    assert client.get_ticket_configurations(123) == []
    attached = client.attach_configuration(123, 67890)
    assert attached.id == 67890
    (found,) = client.get_ticket_configurations(123)
    assert (found.id, found.name, found.attached_name) == (67890, None, "PROD-WEB-01")
    assert client.detach_configuration(123, 67890) is True
    assert client.detach_configuration(123, 67890) is False
    assert client.get_ticket_configurations(123) == []


def test_attaching_what_there_is_not(client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseNotFoundError):
        client.attach_configuration(999999, 67890)
    with pytest.raises((ConnectWiseBadRequestError, ConnectWiseNotFoundError)):
        client.attach_configuration(123, 999999)
    assert client.get_ticket_configurations(999999) == []

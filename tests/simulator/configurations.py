# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations beyond what all records have: many in one request, another type (facts 9.1, 9.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import records
from .answers import Answer, Answers, Call, Endpoints
from .errors import ApiError, no_endpoint, wrong_method
from .fields import CONFIGURATION
from .reading import Reading
from .store import Record


class Configurations:
    """The endpoints company/configurations/bulk and changeType."""

    def __init__(self, answers: Answers) -> None:
        """For one world."""
        self.answers = answers
        self.world, self.store = answers.world, answers.world.store

    def endpoints(self) -> Endpoints:
        """All of them."""
        return {
            f"{CONFIGURATION.path}/bulk": {"POST": self._create, "PUT": self._put, "DELETE": self._delete},
            f"{CONFIGURATION.path}/{{id}}/changeType": {"PATCH": self._change_type},
        }

    def _change_type(self, call: Call, ids: list[int]) -> Answer:
        old = records.get(self.world, CONFIGURATION, ids[0], {})
        return self.answers.patched(call, CONFIGURATION, old, call.json())

    def _create(self, call: Call, ids: list[int]) -> Answer:
        def create(reading: Reading) -> tuple[int, Record]:
            return 201, records.create(self.world, CONFIGURATION, reading, {})

        return self._each(call, self._readings(call), create)

    def _put(self, call: Call, ids: list[int]) -> Answer:
        def put(reading: Reading) -> tuple[int, Record]:
            old = records.get(self.world, CONFIGURATION, reading.values.get("id") or 0, {})
            return 200, records.put(self.world, CONFIGURATION, old, reading)

        return self._each(call, self._readings(call), put)

    def _delete(self, call: Call, ids: list[int]) -> Answer:
        """The body is not in the OpenAPI file; the other bulk DELETE takes {"ids": [...]}."""
        row = CONFIGURATION.by_field["id"]
        sent = self.answers.sent(call, "IdCollection", "ids").get("ids") or []
        reader = self.answers.reader(call, CONFIGURATION)
        if not isinstance(sent, list):
            raise reader.no_object(sent)
        wanted = [reader.value(row, number, f"ids[{place}]", []) for place, number in enumerate(sent)]

        def delete(number: int | None) -> tuple[int, Record]:
            record = records.get(self.world, CONFIGURATION, number or 0, {})
            records.delete(self.world, CONFIGURATION, record)
            return 204, {"id": record["id"]}

        return self._each(call, wanted, delete)

    def _readings(self, call: Call) -> list[Reading]:
        """All records of the body. One that cannot be read spoils the request, as the body is read as a whole."""
        documents = call.json()
        reader = self.answers.reader(call, CONFIGURATION)
        if not isinstance(documents, list):
            raise reader.no_object(documents)
        return [reader.record(document) for document in documents]

    def _each(self, call: Call, items: list[Any], do: Callable[[Any], tuple[int, Record]]) -> Answer:
        """Do each for itself: what fails does not stop the others."""
        switches = self.world.switches
        if switches.is_("bulk", "404"):
            raise no_endpoint()
        if switches.is_("bulk", "405"):
            raise wrong_method(call.method)
        payload: list[dict[str, Any]] = []
        for place, item in enumerate(items):
            try:
                with self.store.attempt():
                    status, record = do(item)
            except ApiError as error:
                result = {"success": False, "originalIndex": place, "statusCode": error.status, "error": error.body()}
            else:
                whole = len(record) > 1 and switches.is_("bulk_data", "record")
                shown = self.answers.showing(call).text(CONFIGURATION, record) if whole else {"id": record["id"]}
                result = {"success": True, "originalIndex": place, "statusCode": status, "data": shown}
            payload.append(result)
        if switches.is_("bulk_order", "failures-first"):
            payload.sort(key=lambda result: bool(result["success"]))
        return Answer(207, {"payload": payload})

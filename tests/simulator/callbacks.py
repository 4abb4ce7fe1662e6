# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callbacks: whoever registered for a kind of record is told of each change by a signed POST (fact 11.5).

They are sent beside the answers of the API, which never wait for them.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import aiohttp

from .fields import TYPES, RecordType
from .showing import Showing, success_text
from .store import Record, Store, Written
from .switches import Switches

KEY_PATH = "/v4_6_release/services/callbacks/signing-key"
"""Where the signing key is served, to anybody; the real path is not known."""
CODEBASE = "v2025_1/"
"""What links in the records that are sent have before /apis: recorded so."""
TYPE_OF = {
    **{name: name for name in ("ticket", "company", "contact", "configuration", "project", "agreement", "opportunity")},
    **{"projectTicket": "ticket", "timeEntry": "time", "scheduleEntry": "schedule", "member": "member", "site": "site"},
}
"""What callbacks call the record types. That those for tickets tell of project tickets too is a guess."""
REPEATED = (404, 409, 419, 429)
"""Only after these answers a callback is sent again."""
TOGETHER = 20
"""How many are sent at a time."""
FAULTS = ("forged", "unsigned", "key-host", "replay", "oversized")


@dataclass
class Delivery:
    """One callback for one change. ``answers``: the status of each attempt, or why there was none."""

    n: int
    message_id: str
    callback: int
    url: str
    type: str
    action: str
    record: int
    fault: str | None
    state: str = "waiting"
    """Or "delivered", "failed"."""
    answers: list[int | str] = field(default_factory=list)


@dataclass
class Settings:
    """How patient the sender is, in seconds."""

    delays: tuple[float, ...] = (2.0, 4.0)
    """Before each further attempt."""
    timeout: float = 5.0
    disable_after: float = 3 * 24 * 3600.0
    """A callback that has failed for so long is disabled."""


@dataclass
class Fault:
    """What goes wrong with callbacks: ``kind`` is one of FAULTS, ``times`` how many deliveries it meets."""

    kind: str
    times: int = 1
    url: str = "https://keys.example.net/signing-key"
    """For key-host: where the key is said to be."""
    size: int = 2_000_000
    """For oversized: how long the record becomes, in bytes."""


class _Shared(Protocol):
    """What of the world is needed here."""

    store: Store
    switches: Switches


class Callbacks:
    """Sends callbacks, and keeps a journal of it."""

    def __init__(self, company: str, caller: tuple[int, str]) -> None:
        """``company`` is what members log in to, ``caller`` the member that all requests are by: id, identifier."""
        self.company, self.caller = company, caller
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.reset()

    def reset(self) -> None:
        """Drop what waits, the journal, the faults, the settings, the key."""
        for task in self._tasks:
            task.cancel()
        self.settings = Settings()
        self.deliveries: list[Delivery] = []
        self.faults: list[Fault] = []
        self.key = secrets.token_hex(32)
        self.keys_fetched = 0
        self._places = asyncio.Semaphore(TOGETHER)
        self._failing_since: dict[int, float] = {}

    async def close(self) -> None:
        """Drop what waits and the connections."""
        self.reset()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    # Controls --------------------------------------------------------------------------------------------------------

    def shown(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "settings": asdict(self.settings),
            "keys_fetched": self.keys_fetched,
            "waiting": sum(1 for each in self.deliveries if each.state == "waiting"),
            "deliveries": [asdict(each) for each in self.deliveries],
        }

    def set(self, wanted: object) -> dict[str, Any]:
        """Change settings, from decoded JSON. ValueError with a sentence when they are not understood."""
        names = sorted(asdict(self.settings))
        if not isinstance(wanted, dict) or not set(wanted) <= set(names):
            raise ValueError(f"Send an object with some of {', '.join(names)}.")
        delays = wanted.get("delays", [])
        numbers = [value for name, value in wanted.items() if name != "delays"]
        numbers += delays if isinstance(delays, list) else [None]
        if any(isinstance(each, bool) or not isinstance(each, int | float) or each < 0 for each in numbers):
            raise ValueError("All of them are seconds, delays a list of them.")
        self.settings = Settings(**{**asdict(self.settings), **wanted})
        return asdict(self.settings)

    def add_fault(self, wanted: object) -> None:
        """Let deliveries go wrong, from decoded JSON. ValueError with a sentence when it is not understood."""
        if not isinstance(wanted, dict) or wanted.get("kind") not in FAULTS:
            raise ValueError(f"Send an object with kind, one of {', '.join(FAULTS)}.")
        kinds = {"kind": str, "times": int, "url": str, "size": int}
        wrong = [name for name, value in wanted.items() if not isinstance(value, kinds.get(name, bytes))]
        if wrong:
            raise ValueError(f"{', '.join(sorted(wrong))}: there is no such detail, or not of this type.")
        self.faults.append(Fault(**wanted))

    def new_key(self) -> None:
        """From now on another key signs, and is served."""
        self.key = secrets.token_hex(32)

    def tell_of_all(self, shared: _Shared, wanted: object, site: str) -> dict[str, int]:
        """Send callbacks as if records were changed, from decoded JSON. ValueError when that is not understood.

        ``times`` callbacks are told of the records at ``path``, each in turn.
        """
        wanted = wanted if isinstance(wanted, dict) else {}
        record_type = next((each for each in TYPES.values() if each.path == wanted.get("path")), None)
        times = wanted.get("times")
        if set(wanted) != {"path", "times"} or record_type is None or not isinstance(times, int) or times < 1:
            raise ValueError("Send an object with path, such as service/tickets, and times.")
        records = shared.store.select(record_type, limit=times)
        before = len(self.deliveries)
        for number in range(times if records else 0):
            self.tell(shared, [(record_type, "updated", records[number % len(records)]["id"], None)], site)
        return {"sent": len(self.deliveries) - before}

    # Sending ---------------------------------------------------------------------------------------------------------

    def tell(self, shared: _Shared, written: list[Written], site: str) -> None:
        """Send what there is to tell of the records that one request wrote.

        ``site`` is scheme and host that were called.
        """
        registered = [each for each in shared.store.find(TYPES["callback"]) if not each.get("inactiveFlag")]
        if not registered:
            return
        showing = Showing(shared.store, f"{site}/{CODEBASE}/apis/3.0")
        for record_type, action, record in _changes(shared.store, written):
            entity = None
            for callback in registered:
                if self._is_for(callback, record_type, record):
                    if entity is None and action != "deleted":
                        entity = success_text(showing.text(record_type, record)).decode()
                    self._send(shared, callback, action, record["id"], entity, site)

    def _is_for(self, callback: Record, record_type: RecordType, record: Record) -> bool:
        """Whether a callback was registered for this record, and its member did not make the change itself."""
        if TYPE_OF.get(record_type.name) != callback["type"].lower():
            return False
        if callback.get("isSelfSuppressedFlag") and callback.get("memberId") == self.caller[0]:
            return False
        level = callback["level"].lower()
        return bool(level == "owner" or record.get(level) == callback["objectId"])

    def _send(self, shared: _Shared, callback: Record, action: str, number: int, entity: str | None, site: str) -> None:
        fault = self.faults[0] if self.faults else None
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            if fault.kind == "oversized" and entity:
                entity = entity[:-1] + f',"padding":"{"x" * fault.size}"}}'
        message = {
            "MessageId": str(uuid.uuid4()),
            "FromUrl": site.partition("//")[2],
            "CompanyId": self.company,
            "MemberId": self.caller[1],
            "Action": action,
            "Type": callback["type"].lower(),
            "ID": number,
            "ProductInstanceId": None,
            "PartnerId": None,
            "Entity": entity,
            "Metadata": {"key_url": fault.url if fault and fault.kind == "key-host" else f"{site}{KEY_PATH}"},
            "CallbackObjectRecId": callback["id"],
        }
        delivery = Delivery(
            n=len(self.deliveries) + 1,
            message_id=str(message["MessageId"]),
            callback=callback["id"],
            url=f"{callback['url']}{number}&action={action}",
            type=str(message["Type"]),
            action=action,
            record=number,
            fault=fault.kind if fault else None,
        )
        self.deliveries.append(delivery)
        body = success_text(message)
        task = asyncio.get_running_loop().create_task(self._deliver(shared, delivery, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _signed(self, body: bytes, fault: str | None) -> dict[str, str]:
        """The headers of a callback."""
        key = hashlib.sha256(b"not the key" if fault == "forged" else self.key.encode()).digest()
        signature = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return headers if fault == "unsigned" else {**headers, "x-content-signature": signature}

    async def _deliver(self, shared: _Shared, delivery: Delivery, body: bytes) -> None:
        headers = self._signed(body, delivery.fault)
        for delay in (0.0, *self.settings.delays):
            await asyncio.sleep(delay)
            answer = await self._post(delivery.url, body, headers)
            delivery.answers.append(answer)
            repeated = answer in REPEATED
            if answer == "timeout":
                repeated = shared.switches.is_("callback_timeout", "repeat")
            if not repeated:
                break
        delivered = isinstance(answer, int) and 200 <= answer < 300
        if delivered and delivery.fault == "replay":
            delivery.answers.append(await self._post(delivery.url, body, headers))
        delivery.state = "delivered" if delivered else "failed"
        self._judge(shared, delivery.callback, delivered)

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int | str:
        """Status of the answer, or why there is none."""
        if self._session is None:
            # Receivers under test have certificates of their own.
            connector = aiohttp.TCPConnector(limit=TOGETHER, ssl=False)
            self._session = aiohttp.ClientSession(connector=connector)
        timeout = aiohttp.ClientTimeout(total=self.settings.timeout)
        async with self._places:
            try:
                async with self._session.post(
                    url, data=body, headers=headers, timeout=timeout, allow_redirects=False
                ) as answer:
                    return answer.status
            except TimeoutError:
                return "timeout"
            except (aiohttp.ClientError, OSError, ValueError) as error:
                return type(error).__name__

    def _judge(self, shared: _Shared, number: int, delivered: bool) -> None:
        """Disable a callback that has failed for too long."""
        if delivered:
            self._failing_since.pop(number, None)
            return
        since = self._failing_since.setdefault(number, time.monotonic())
        if time.monotonic() - since < self.settings.disable_after:
            return
        callback = shared.store.get(TYPES["callback"], number)
        if callback:
            with shared.store.transaction():
                shared.store.replace(TYPES["callback"], {**callback, "inactiveFlag": True})


def _changes(store: Store, written: list[Written]) -> list[tuple[RecordType, str, Record]]:
    """What became of each record in the end, and the record as it is, or was before it was deleted."""
    found: dict[tuple[str, int], tuple[RecordType, str, Record]] = {}
    for record_type, action, number, before in written:
        record = before or store.get(record_type, number)
        if record_type.name in TYPE_OF and record is not None:
            key = record_type.name, number
            added = key in found and found[key][1] == "added"
            found[key] = record_type, "added" if added and action == "updated" else action, record
    return list(found.values())

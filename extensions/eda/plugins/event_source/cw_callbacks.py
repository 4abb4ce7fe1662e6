# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_callbacks
short_description: Events for changes of records that ConnectWise PSA tells of
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Listens for callbacks (webhooks) of ConnectWise PSA (Manage), and makes an event of each. Where ConnectWise can't
    reach the machine that this runs on, use the event source C(cw_tickets), which asks for changes.
  - Only what ConnectWise signed is taken. The key for that comes from the hosts that O(key_hosts) names.
  - An event has the keys C(action) (V(added), V(updated) or V(deleted)), C(type) of the record, such as V(ticket), its
    C(id), C(entity), which is the record with the API's field names, or V(null) where it was deleted, C(message_id),
    C(company_id), C(member_id) who made the change, and C(callback_id).
  - Events of tickets that were not deleted have C(ticket) too, which are the facts as M(msp.connectwise.cw_ticket_info)
    returns them, as in C(event.ticket.status_name == "Approved"). So have those of the types C(configuration),
    C(company), C(contact), C(member), C(schedule) and C(time), each under the name of the type.
  - A message that was accepted is kept in O(state_file) until the rulebook takes its event, also over restarts, and one
    that comes again is dropped. Where O(room) is used up, the answer is 429, after which ConnectWise sends the message
    again, two times within six seconds. While nobody listens, ConnectWise's messages are lost.
options:
  host:
    description: Address to listen on.
    type: str
    default: 0.0.0.0
  port:
    description: Port to listen on.
    type: int
    required: true
  path:
    description: Path that callbacks come to. Everything else is refused.
    type: str
    default: /
  secret:
    description:
      - A long random text that must come in the query as C(secret=). ConnectWise shows it to everybody who may see its
        callbacks.
      - Set it where others can reach the listener. Whoever knows the address of a signing key can read the key, and
        sign what they like with it.
      - If not set, the environment variable E(CW_CALLBACK_SECRET) is used.
    type: str
  certfile:
    description: File with the certificate (PEM), and those that it depends on, for https. If not set, http.
    type: path
  keyfile:
    description: File with the private key of O(certfile). If not set, it is in O(certfile).
    type: path
  key_hosts:
    description:
      - Where the key that signs may come from, such as V(api-na.myconnectwise.net). A port may follow, and the
        beginning of the path. It is fetched by https; by http only from this machine itself, or with O(allow_http).
      - If not set, the host of O(base_url), and in ConnectWise's cloud the same with or without V(api-).
    type: list
    elements: str
  room:
    description: How many messages may wait for the rulebook.
    type: int
    default: 10000
  state_file:
    description:
      - File in which accepted messages are kept. Each source needs one of its own; in containers, one that lasts.
      - If not set, V(~/.ansible/cw_callbacks-PORT.sqlite), with the number of O(port).
    type: path
  callbacks:
    description:
      - Callbacks to register at the start, unless they are there. Those that ConnectWise has disabled are enabled
        again. Needs O(url) and the options of the connection.
      - If not set, they are registered otherwise, such as by M(msp.connectwise.cw_callback), with an address that ends
        in V(?recordId=) or V(&recordId=).
    type: list
    elements: dict
    suboptions:
      type:
        description: Kind of the records, such as V(ticket).
        type: str
        required: true
      level:
        description: Which of them. V(owner) is for all, V(board) and V(status) for tickets on a board or in a status.
        type: str
        default: owner
      object_id:
        description: Number of the board, status or whatever O(callbacks[].level) names. Not for V(owner).
        type: int
      description:
        description: What it is for, at most 100 characters.
        type: str
        default: Event-Driven Ansible
      self_suppressed:
        description: Whether nothing is told of what this API member itself changes.
        type: bool
        default: false
  url:
    description:
      - Address under which ConnectWise reaches this listener, such as V(https://eda.msp.example/connectwise), for
        O(callbacks). O(secret) and C(recordId=) are added to it.
    type: str
  remove_callbacks:
    description: Whether O(callbacks) are removed at the end.
    type: bool
    default: true
  client:
    description:
      - The company that members log in to. Where it is set, callbacks of others are refused.
      - If not set, the environment variable E(CW_CLIENT) is used.
    type: str
  feedback:
    description:
      - Keep a message until ansible-rulebook confirms that it has stored the event. For rulebooks that are run with
        persistence.
    type: bool
    default: false
requirements:
  - aiohttp (Python library)
  - ansible-core in the same Python
extends_documentation_fragment:
  - msp.connectwise.connection
"""

EXAMPLES = r"""
- name: Deploy what is approved
  hosts: localhost
  sources:
    - name: changes
      msp.connectwise.cw_callbacks:
        port: 5000
        url: https://eda.msp.example/connectwise
        path: /connectwise
        secret: "{{ callback_secret }}"
        callbacks:
          - type: ticket
            level: board
            object_id: 2
  rules:
    - name: Approved
      condition: event.action == "updated" and event.ticket.status_name == "Approved"
      action:
        run_playbook:
          name: deploy.yml
          extra_vars:
            ticket_id: "{{ event.id }}"

- name: Callbacks that are registered elsewhere, by https, without a login to ConnectWise
  hosts: localhost
  sources:
    - name: configurations
      msp.connectwise.cw_callbacks:
        port: 5443
        certfile: /etc/eda/chain.pem
        keyfile: /etc/eda/key.pem
        key_hosts: [api-eu.myconnectwise.net]
        client: training
  rules:
    - name: A configuration is gone
      condition: event.type == "configuration" and event.action == "deleted"
      action:
        print_event:
"""

import asyncio
import hmac
import json
import logging
import ssl
import sys
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from ansible.module_utils.basic import env_fallback
from yarl import URL

# ansible-rulebook runs this file outside of Ansible, which alone finds collections by itself.
_COLLECTIONS = str(Path(__file__).absolute().parents[7])
if _COLLECTIONS not in sys.path:
    sys.path.insert(0, _COLLECTIONS)

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.addresses import is_loopback, proxy_address
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.secret import SecretString, blank_secrets
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.signature import HEADER, is_signed
from ansible_collections.msp.connectwise.plugins.module_utils.glue.arguments import CONNECTION
from ansible_collections.msp.connectwise.plugins.module_utils.glue.callback import run_callback
from ansible_collections.msp.connectwise.plugins.module_utils.glue.callback_message import Message
from ansible_collections.msp.connectwise.plugins.module_utils.glue.events import checked_options
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import build_client, failure
from ansible_collections.msp.connectwise.plugins.module_utils.resources.callback import CALLBACK
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError, quoted
from ansible_collections.msp.connectwise.plugins.plugin_utils.event_source import Queue, SourceError, hand_over
from ansible_collections.msp.connectwise.plugins.plugin_utils.inbox import Full, Inbox

logger = logging.getLogger("msp.connectwise.cw_callbacks")
# What is no HTTP is answered with 400; of that aiohttp would tell with a traceback.
_http_logger = logging.getLogger("msp.connectwise.cw_callbacks.http")
_http_logger.setLevel(logging.CRITICAL)

OPTIONS: dict[str, dict[str, Any]] = {
    "host": {"type": "str", "default": "0.0.0.0"},
    "port": {"type": "int", "required": True},
    "path": {"type": "str", "default": "/"},
    "secret": {"type": "str", "no_log": True, "fallback": (env_fallback, ["CW_CALLBACK_SECRET"])},
    "certfile": {"type": "path"},
    "keyfile": {"type": "path", "no_log": False},
    "key_hosts": {"type": "list", "elements": "str", "no_log": False},
    "room": {"type": "int", "default": 10000},
    "state_file": {"type": "path"},
    "callbacks": {
        "type": "list",
        "elements": "dict",
        "options": {
            "type": {"type": "str", "required": True},
            "level": {"type": "str", "default": "owner"},
            "object_id": {"type": "int"},
            "description": {"type": "str", "default": "Event-Driven Ansible"},
            "self_suppressed": {"type": "bool", "default": False},
        },
    },
    "url": {"type": "str"},
    "remove_callbacks": {"type": "bool", "default": True},
    "feedback": {"type": "bool", "default": False},
}
# Its hosts have two names, with api- and without (fact sheet 1.2).
CLOUD = (".myconnectwise.net", ".connectwisedev.com")
# ConnectWise waits for five seconds (fact sheet 11.5).
ANSWER_WITHIN = 4.0
KEY_WITHIN = 3.0
LARGEST = 1 << 20  # bytes of a message
LARGEST_KEY = 1 << 16  # bytes of the answer that holds a key
MOST_KEYS = 16
# A flood of forged messages must not become one of requests for keys: so often a key that is known is fetched again,
# and so many requests there are in that time for all of them. It is shorter than ConnectWise goes on sending a message.
KEY_FOR = 5.0
MOST_REQUESTS = 5
REPEAT_WARNING = 60.0
LAST_REQUEST_WITHIN = 10.0  # for removing callbacks at the end


class Refused(Exception):
    """A message is not taken: the status of the answer, and a sentence for the log."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


# Repeated by ConnectWise, with three others (fact sheet 11.5).
LATER = 429


async def main(queue: Queue, args: dict[str, Any]) -> None:
    """Listen and hand events over until it is cancelled.

    Args:
        queue: where to.
        args: the options; ``eda_feedback_queue`` is from ansible-rulebook, where it confirms events.

    Raises:
        SourceError: a sentence, where going on is of no use.
    """
    given = dict(args)
    confirmed: asyncio.Queue[Any] | None = given.pop("eda_feedback_queue", None)
    try:
        options = _options(given)
        tls = _tls(options)
        if not options["secret"] and not is_loopback(options["host"]):
            logger.warning("secret: it is not set, and whoever knows the address of a signing key could send messages.")
        with closing(Inbox(options["state_file"], options["room"])) as inbox:
            async with (
                _keys(options) as keys,
                _listening(Listener(options, keys, inbox), tls) as listener,
                _registered(options),
            ):
                await _hand_over(inbox, listener.arrived, queue, confirmed)
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(failure(error)["msg"]) from None


async def _hand_over(inbox: Inbox, arrived: asyncio.Event, queue: Queue, confirmed: asyncio.Queue[Any] | None) -> None:
    while True:
        arrived.clear()
        while (oldest := inbox.oldest()) is not None:
            number, event = oldest
            await hand_over(queue, event, confirmed)
            inbox.handed_over(number)
        await arrived.wait()


# Options -------------------------------------------------------------------------------------------------------------


def _options(given: dict[str, Any]) -> dict[str, Any]:
    """All options, checked. WantedError."""
    login = CONNECTION
    if not given.get("callbacks"):
        login = {name: {**option, "required": False} for name, option in CONNECTION.items()}
    options = checked_options({**OPTIONS, **login}, given)
    if not 0 < options["port"] < 65536:
        raise WantedError("port", f"{options['port']} is none. Give a number from 1 to 65535.")
    if options["room"] < 1:
        raise WantedError("room", f"{options['room']} is too few. Give a number above 0.")
    if not options["path"].startswith("/"):
        raise WantedError("path", f"{quoted(options['path'])} does not begin with a slash.")
    options["proxy"] = proxy_address(options["proxy"] or "") or None
    if options["callbacks"]:
        _check_url(options["url"])
    options["key_hosts"] = [_place(each) for each in options["key_hosts"] or _hosts_of(options["base_url"])]
    if not options["state_file"]:
        options["state_file"] = str(Path("~/.ansible").expanduser() / f"cw_callbacks-{options['port']}.sqlite")
    return options


def _check_url(url: str | None) -> None:
    if not url:
        raise WantedError("url", "it is missing. Give the address under which ConnectWise reaches this listener.")
    try:
        address = URL(url)
    except ValueError:
        address = URL()
    if address.scheme not in ("http", "https") or not address.host or address.fragment:
        raise WantedError("url", f"{quoted(url)} is no address such as 'https://eda.msp.example/connectwise'.")


def _hosts_of(base_url: str | None) -> list[str]:
    """Whose keys are taken where the user does not say."""
    if not base_url:
        cure = "Name the host from which the keys of the signatures come, or give base_url."
        raise WantedError("key_hosts", f"it is missing. {cure}")
    host = base_url.partition("//")[2] or base_url
    host = host.partition("/")[0]
    if not host.lower().endswith(CLOUD):
        return [host]
    return [host, host[4:] if host.lower().startswith("api-") else f"api-{host}"]


def _place(text: str) -> URL:
    """An entry of key_hosts, as an address."""
    try:
        place = URL(f"https://{text}")
        right = bool(place.host and place.port and not (place.user or place.query_string or place.fragment))
    except ValueError:
        right = False
    if not right or "//" in text:
        example = "'api-na.myconnectwise.net', without 'https://'"
        raise WantedError("key_hosts", f"{quoted(text)} is no host. Give its name such as {example}.")
    return place


def _tls(options: dict[str, Any]) -> ssl.SSLContext | None:
    """What https needs. WantedError."""
    certfile, keyfile = options["certfile"], options["keyfile"]
    if not certfile:
        if keyfile:
            raise WantedError("keyfile", "it is of no use without certfile.")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A password could only be asked for, and nobody is there.
        context.load_cert_chain(certfile, keyfile, lambda: "")
    except OSError as error:
        reason = "it is no certificate in PEM, or the key is another's, or has a password"
        if not isinstance(error, ssl.SSLError):
            reason = str(error.strerror)
        both = f"{certfile!r} and {keyfile!r}" if keyfile else repr(certfile)
        raise WantedError("certfile", f"{both} can't be used: {reason}.") from None
    return context


# Keys ----------------------------------------------------------------------------------------------------------------


class SigningKeys:
    """The keys that sign, by the addresses that messages name.

    Args:
        session: to fetch them with.
        options: of the source.
    """

    def __init__(self, session: aiohttp.ClientSession, options: dict[str, Any]) -> None:
        self._session = session
        self._places: list[URL] = options["key_hosts"]
        self._allow_http: bool = options["allow_http"]
        self._proxy: str | None = options["proxy"]
        self._known: OrderedDict[URL, tuple[str, float]] = OrderedDict()
        self._requests: deque[float] = deque(maxlen=MOST_REQUESTS)
        self._one_at_a_time = asyncio.Lock()

    async def verify(self, body: bytes, given: str, key_url: str) -> None:
        """Return where ``given`` is the signature of a body. Refused."""
        address, arrived = self._address(key_url), time.monotonic()
        key, since = await self._key(address)
        if is_signed(key, body, given):
            return
        if since < arrived:  # it may be another by now
            newer, since = await self._key(address, other_than=key)
            if newer != key and is_signed(newer, body, given):
                return
        if since < arrived:
            raise Refused(LATER, "A message has to come again: its signature is not right, with a key just fetched.")
        raise Refused(401, "A message was refused: its signature is not right.")

    def _address(self, key_url: str) -> URL:
        """The address of a key, which must be at one of the places that the user named."""
        try:
            address = URL(key_url)
            secure = address.scheme == "https" or (
                address.scheme == "http" and (self._allow_http or is_loopback(address.host or ""))
            )
            if secure and not address.user and any(_is_at(address, place) for place in self._places):
                return address
        except ValueError:
            pass
        raise Refused(403, f"A message was refused: its key would come from {quoted(key_url)}, not from key_hosts.")

    async def _key(self, address: URL, other_than: str | None = None) -> tuple[str, float]:
        """The key, and since when it is known; fetched where it is not, or is ``other_than`` and not just fetched."""
        # Before the wait as well: a key that is slow to come does not hold up those that are here.
        if usable := self._usable(address, other_than):
            return usable
        async with self._one_at_a_time:
            if usable := self._usable(address, other_than):
                return usable
            now = time.monotonic()
            if len(self._requests) == MOST_REQUESTS and now - self._requests[0] < KEY_FOR:
                raise Refused(LATER, "A message has to come again: too many keys were asked for.")
            self._requests.append(now)
            self._known[address] = found = await self._fetch(address), now
            while len(self._known) > MOST_KEYS:
                self._known.popitem(last=False)
            return found

    def _usable(self, address: URL, other_than: str | None) -> tuple[str, float] | None:
        if address not in self._known:
            return None
        self._known.move_to_end(address)
        known, since = self._known[address]
        return (known, since) if known != other_than or time.monotonic() - since < KEY_FOR else None

    async def _fetch(self, address: URL) -> str:
        try:
            async with self._session.get(address, proxy=self._proxy, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise ValueError(f"the answer was {answer.status}")
                text = bytearray()
                async for part in answer.content.iter_any():
                    text += part
                    if len(text) > LARGEST_KEY:
                        raise ValueError("the answer is too long")
        except TimeoutError:
            reason = f"there was no answer within {KEY_WITHIN:.0f} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = str(error) or type(error).__name__
        else:
            key = _signing_key(bytes(text))
            if key:
                return key
            reason = "there is no signing_key in the answer"
        raise Refused(LATER, f"A message has to come again: its key {quoted(str(address))} can't be had: {reason}.")


def _signing_key(answer: bytes) -> str | None:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    key = found.get("signing_key") if isinstance(found, dict) else None
    return key if isinstance(key, str) and key else None


def _is_at(address: URL, place: URL) -> bool:
    """Whether an address is at one of the places that keys may come from."""
    if address.scheme == "http" and place.explicit_port is None:
        same = (address.host, address.port) == (place.host, 80)
    else:
        same = (address.host, address.port) == (place.host, place.port)
    # As they are sent, and without the dots that a server may follow out of the folder behind an encoded slash.
    folder, path = place.raw_path.rstrip("/"), address.raw_path
    return same and ".." not in path and (path == folder or path.startswith(f"{folder}/"))


@asynccontextmanager
async def _keys(options: dict[str, Any]) -> AsyncIterator[SigningKeys]:
    trusted: ssl.SSLContext | bool = bool(options["validate_certs"])
    if trusted and options["ca_path"]:
        try:
            trusted = ssl.create_default_context(cafile=options["ca_path"])
        except OSError:
            problem = f"{options['ca_path']!r} can't be read, or holds no certificate in PEM."
            raise WantedError("ca_path", problem) from None
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trusted),
        timeout=aiohttp.ClientTimeout(total=KEY_WITHIN),
        trust_env=True,
    ) as session:
        yield SigningKeys(session, options)


# Listening -----------------------------------------------------------------------------------------------------------


class Listener:
    """Answers ConnectWise.

    Args:
        options: of the source.
        keys: of the signatures.
        inbox: for what is accepted.

    Attributes:
        arrived: set where there is something new in the inbox (asyncio.Event).
    """

    def __init__(self, options: dict[str, Any], keys: SigningKeys, inbox: Inbox) -> None:
        self.host: str = options["host"]
        self.port: int = options["port"]
        self.arrived = asyncio.Event()
        self._path: str = options["path"]
        self._secret: str = options["secret"] or ""
        self._company: str = options["client"] or ""
        self._keys = keys
        self._inbox = inbox
        self._warned: dict[tuple[int, str], tuple[float, int]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request, whatever it is, in time."""
        try:
            await asyncio.wait_for(self._take(request), ANSWER_WITHIN)
        except Refused as refusal:
            self._warn(refusal.status, str(refusal))
            return web.Response(status=refusal.status)
        except web.HTTPRequestEntityTooLarge:
            self._warn(413, f"A message was refused: it is larger than {LARGEST} bytes.")
            return web.Response(status=413)
        except asyncio.TimeoutError:
            self._warn(LATER, f"A message has to come again: it was not there within {ANSWER_WITHIN:.0f} s.")
            return web.Response(status=LATER)
        except ConnectionError:
            raise  # nobody waits for an answer
        except Exception as error:
            self._warn(500, str(failure(error)["msg"]))
            return web.Response(status=500)
        return web.Response(status=204)

    async def _take(self, request: web.Request) -> None:
        """Take a message, or drop it where it was taken before. Refused."""
        right = _equal(self._path, request.path)
        right &= not self._secret or _equal(self._secret, request.query.get("secret", ""))
        if not right:
            raise Refused(403, "A request was refused: its path or its secret is not right.")
        if request.method != "POST":
            raise Refused(405, "A request was refused: it is no POST.")
        signature = request.headers.get(HEADER)
        if not signature:
            raise Refused(401, "A message was refused: it is not signed.")
        try:
            body = await request.read()
        except web.RequestPayloadError:
            raise Refused(400, "A message was refused: its body can't be read.") from None
        try:
            message = Message(body)
            await self._keys.verify(body, signature, message.key_url)
            if self._company and message.company.casefold() != self._company.casefold():
                text = f"it is of {quoted(message.company)}, and the option client is another"
                raise Refused(403, f"A message was refused: {text}.")
            event = message.event()
        except ValueError as error:
            raise Refused(400, f"A message was refused: {error}.") from None
        try:
            if self._inbox.accept(message.id, event):
                self.arrived.set()
        except Full:
            text = f"{self._inbox.waiting} wait for the rulebook already (option room)"
            raise Refused(LATER, f"A message has to come again: {text}.") from None
        except WantedError as error:
            raise Refused(LATER, f"A message has to come again: {error}") from None

    def _warn(self, status: int, sentence: str) -> None:
        """Tell the log, but not of each message of a flood."""
        now = time.monotonic()
        # A request of anybody, without path and secret, must not hide what is wrong with messages of ConnectWise.
        kind = status, sentence.partition(":")[0]
        last, left_out = self._warned.get(kind, (now - REPEAT_WARNING, 0))
        if now - last < REPEAT_WARNING:
            self._warned[kind] = last, left_out + 1
            return
        also = f" So it was with {left_out} others in between." if left_out else ""
        logger.warning("%s%s", sentence, also)
        self._warned[kind] = now, 0


def _equal(expected: str, given: str) -> bool:
    """Whether two texts are equal; it takes the same time wherever they differ."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogateescape"))


@asynccontextmanager
async def _listening(listener: Listener, tls: ssl.SSLContext | None) -> AsyncIterator[Listener]:
    application = web.Application(client_max_size=LARGEST)
    application.router.add_route("*", "/{anything:.*}", listener.answer)
    # No access log, for the secret is in the addresses.
    runner = web.AppRunner(application, access_log=None, logger=_http_logger, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, listener.host, listener.port, ssl_context=tls).start()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            place = f"{listener.host} port {listener.port}"
            raise WantedError("port", f"can't listen on {place} (options host, port): {reason}.") from None
        logger.info("Listening for callbacks on %s port %s.", listener.host, listener.port)
        yield listener
    finally:
        await runner.cleanup()


# Registering ---------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _registered(options: dict[str, Any]) -> AsyncIterator[None]:
    """While this lasts, the callbacks are registered."""
    begun = False
    try:
        for callback in options["callbacks"] or ():
            await asyncio.to_thread(_register, options, [callback], "present")
            begun = True
        yield
    finally:
        if begun and options["remove_callbacks"]:
            soon = {name: min(options[name], LAST_REQUEST_WITHIN) for name in ("timeout", "retry_budget")}
            try:
                await asyncio.to_thread(_register, {**options, **soon}, options["callbacks"], "absent")
            except SourceError as error:
                logger.warning("The callbacks were not removed. %s", error)


def _register(options: dict[str, Any], callbacks: list[dict[str, Any]], state: str) -> None:
    """Bring callbacks to a state. SourceError."""
    url = URL(options["url"])
    own = {"secret": options["secret"]} if options["secret"] else {}
    # ConnectWise appends the number of the record, and more with an ampersand.
    address = f"{url.extend_query(own)}{'&' if url.query_string or own else '?'}recordId="
    with build_client(options, read_only=False) as client:
        try:
            for callback in callbacks:
                wanted: dict[str, Any] = {row.option: None for row in CALLBACK}
                wanted.update(callback, url=address, id=None, state=state, inactive=False)
                run_callback(client, wanted, check_mode=False)
        except Exception as error:
            sentence = client.blank(failure(error)["msg"])
            if own:
                sentence = blank_secrets(sentence, SecretString(options["secret"]), address)
            raise SourceError(sentence) from None

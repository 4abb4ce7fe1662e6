# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cw_tickets
short_description: Events for new and changed tickets of ConnectWise PSA, by asking for them
version_added: 0.1.0
author: msp.connectwise contributors (@msp-connectwise)
description:
  - Asks ConnectWise PSA (Manage) every O(interval) seconds which service tickets were changed, and makes an event of
    each. ConnectWise need not reach the machine that this runs on.
  - An event has the keys C(action) (V(added) or V(updated)), C(type) (V(ticket)), C(id), C(entity), which is the
    ticket with the API's field names, and C(ticket), which are its facts as M(msp.connectwise.cw_ticket_info) returns
    them.
  - Each change is told once, also over restarts. Of several changes between two requests the last one is told.
    Tickets that are deleted are not told.
  - When ConnectWise can't be reached, is busy or has a failure, that is logged, and it is asked again later, at most
    10 minutes apart. Where asking again is of no use, as with wrong credentials, the source ends with an error.
options:
  interval:
    description: Seconds between two requests.
    type: float
    default: 60.0
  overlap:
    description:
      - Seconds before the newest known change from which on ConnectWise is asked each time. What was told is not told
        again. A change that ConnectWise shows later than this after its time is missed.
    type: float
    default: 120.0
  since:
    description:
      - From when on changes count where there is no O(state_file) yet. V(now), or a time such as
        V(2026-03-31T17:00:00Z).
    type: str
    default: now
  state_file:
    description:
      - File in which is kept what was told. Each source needs one of its own; in containers, one that lasts.
    type: path
    default: ~/.ansible/cw_tickets.sqlite
  board:
    description: Only tickets of this service board, by id or name.
    type: str
  status:
    description: Only tickets in this status, by id or name.
    type: str
  conditions:
    description:
      - A further filter in the words of the API, such as C(company/identifier="Acme").
    type: str
  fields:
    description:
      - Names of the fields to read, as the API has them. The others are V(null) in C(ticket).
      - If not set, all fields are read.
    type: list
    elements: str
  feedback:
    description:
      - Count an event as told only when ansible-rulebook confirms that it has stored it. For rulebooks that are run
        with persistence.
    type: bool
    default: false
requirements:
  - ansible-core in the same Python
extends_documentation_fragment:
  - msp.connectwise.connection
"""

EXAMPLES = r"""
- name: Deploy what is approved
  hosts: localhost
  sources:
    - name: changes
      msp.connectwise.cw_tickets:
        board: Changes & Projects
        status: Approved
        interval: 30
  rules:
    - name: Approved
      condition: event.ticket.is_closed == false
      action:
        run_playbook:
          name: msp.connectwise.change_deploy
          extra_vars:
            ticket_id: "{{ event.id }}"
            change_tasks: /srv/changes/deploy.yml
"""

import asyncio
import logging
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Callable, TypeVar

# ansible-rulebook runs this file outside of Ansible, which alone finds collections by itself.
_COLLECTIONS = str(Path(__file__).absolute().parents[7])
if _COLLECTIONS not in sys.path:
    sys.path.insert(0, _COLLECTIONS)

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import ConnectWiseAPIError, ConnectWiseClient
from ansible_collections.msp.connectwise.plugins.module_utils.glue.events import checked_options, ticket_event
from ansible_collections.msp.connectwise.plugins.module_utils.glue.module import blanked, failure, sentence
from ansible_collections.msp.connectwise.plugins.module_utils.glue.polling import OPTIONS, Reader, pause_after
from ansible_collections.msp.connectwise.plugins.module_utils.resources.polling import Walk
from ansible_collections.msp.connectwise.plugins.plugin_utils.event_source import Queue, SourceError, hand_over
from ansible_collections.msp.connectwise.plugins.plugin_utils.poll_state import PollState

Result = TypeVar("Result")

logger = logging.getLogger("msp.connectwise.cw_tickets")


async def main(queue: Queue, args: dict[str, Any]) -> None:
    """Hand events over until it is cancelled.

    Args:
        queue: where to.
        args: the options; ``eda_feedback_queue`` is from ansible-rulebook, where it confirms events.

    Raises:
        SourceError: a sentence, where going on is of no use.
    """
    given = dict(args)
    confirmed: asyncio.Queue[Any] | None = given.pop("eda_feedback_queue", None)
    state = None
    try:
        reader = Reader(checked_options(OPTIONS, given))
        state = PollState(reader.options["state_file"], reader.account)
        await _poll_for_ever(queue, reader, state, confirmed)
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(failure(error)["msg"]) from None
    finally:
        if state:
            state.close()


async def _poll_for_ever(queue: Queue, reader: Reader, state: PollState, confirmed: asyncio.Queue[Any] | None) -> None:
    failures = 0
    while True:
        pause = reader.options["interval"]
        # A new one each time: a connection that has rested may be dead, and nobody would tell.
        with reader.client() as client:
            try:
                await _poll(queue, reader, client, state, confirmed)
                failures = 0
            except ConnectWiseAPIError as error:
                failures += 1
                longer = pause_after(error, failures, state.begun)
                if longer is None:
                    raise
                pause = longer
                logger.warning("%s. Asking again in %.0f s.", client.blank(sentence(error)).rstrip("."), pause)
        await asyncio.sleep(pause)


async def _poll(
    queue: Queue, reader: Reader, client: ConnectWiseClient, state: PollState, confirmed: asyncio.Queue[Any] | None
) -> None:
    """One walk over what was changed since the last one."""
    if not state.begun:
        state.begin = await _apart(partial(reader.begin, client))
    overlap = timedelta(seconds=reader.options["overlap"])
    walk = Walk(state, overlap)
    state.begin_walk(walk.entered_since)
    while not walk.done:
        page, clock = await _apart(partial(reader.page, client, walk))
        for change in walk.take(page, clock):
            await hand_over(queue, ticket_event(change.action, blanked(change.record, client)), confirmed)
            state.tell(int(change.record["id"]), change.time)
    state.end_walk(max(state.begin, state.newest - overlap))


async def _apart(work: Callable[[], Result]) -> Result:
    """What ``work`` returns or raises. It runs in a thread for which nobody waits when this is cancelled."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def tell(set_it: Callable[[Any], None], value: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(lambda: None if done.done() else set_it(value))

    def run() -> None:
        try:
            tell(done.set_result, work())
        except BaseException as error:
            tell(done.set_exception, error)

    threading.Thread(target=run, daemon=True, name="cw_tickets").start()
    return await done

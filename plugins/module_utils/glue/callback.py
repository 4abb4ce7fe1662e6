# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_callback."""

from __future__ import annotations

from typing import Any

from ..connectwise import Callback, ConnectWiseBadRequestError, ConnectWiseClient
from ..resources.callback import CALLBACK
from ..resources.facts import facts
from ..resources.fields import Reference, WantedError, quoted
from ..resources.planning import wanted_state
from .lookup import Lookup
from .records import Done, bring, remove, with_id

CALLBACKS = "system/callbacks"
_REFERENCE = Reference("callback", CALLBACKS)
_WORDS = ("type", "level")  # in any case (fact sheet 11.5)
_OF_ALL = "owner"  # the level of all records, for which the server sets the object itself (fact sheet 11.5)
_OWNER = 1  # that object


def run_callback(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a callback to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``callback`` (facts), ``diff``.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    stripped = {name: params[name].strip() for name in ("url", *_WORDS) if params[name] is not None}
    stripped.update({name: text.lower() for name, text in stripped.items() if name in _WORDS})
    wanted = wanted_state(CALLBACK, {**params, **stripped})
    found = _by_address(client, wanted) if params["id"] is None else _by_id(client, params, check_mode)
    if params["state"] == "absent":
        done = remove(client, CALLBACK, CALLBACKS, found, check_mode)
    elif found:
        done = _bring(client, _only(found), wanted, check_mode)
    else:
        _check_new(wanted)
        done = _register(client, wanted, check_mode)
    return {
        "changed": done.operation != "unchanged",
        "operation": done.operation,
        "callback": facts(Callback.from_dict(done.record)) if done.record else None,
        "diff": done.diff,
    }


def _bring(client: ConnectWiseClient, before: dict[str, Any] | None, wanted: dict[str, Any], check_mode: bool) -> Done:
    wanted = _as_kept(wanted, before or {})
    return bring(client, Lookup(client), CALLBACK, CALLBACKS, before, wanted, check_mode)


def _register(client: ConnectWiseClient, wanted: dict[str, Any], check_mode: bool) -> Done:
    """Register one, unless another run was quicker: the server has each callback once (fact sheet 11.5)."""
    try:
        return _bring(client, None, wanted, check_mode)
    except ConnectWiseBadRequestError as error:
        taken = any(each.get("code") == "ObjectExists" for each in error.field_errors)
        found = _by_address(client, wanted) if taken else []
        if not found:
            raise
        return _bring(client, _only(found), wanted, check_mode)


def _by_id(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> list[dict[str, Any]]:
    found = with_id(client, _REFERENCE, params, check_mode)
    return [found] if found else []


def _by_address(client: ConnectWiseClient, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """The callbacks of this url and type, and of the level and object where these are given.

    All are read, for there are few, and which of their fields a server filters by is not known (fact sheet 4.12).
    """
    return [
        callback
        for callback in client.get_all(CALLBACKS)
        if callback.get("url") == wanted["url"]
        and all(_word(callback, name) == wanted[name] for name in _WORDS if name in wanted)
        and (
            "objectId" not in wanted
            or _word(callback, "level") == _OF_ALL
            or callback.get("objectId") == wanted["objectId"]
        )
    ]


def _word(callback: dict[str, Any], name: str) -> str:
    return str(callback.get(name)).lower()


def _only(found: list[dict[str, Any]]) -> dict[str, Any]:
    if len(found) > 1:
        those = ", ".join(f"{each['id']} ({each.get('level')} {each.get('objectId')})" for each in found)
        cure = "Give the id of one, or level and object_id too."
        raise WantedError("url", f"{len(found)} callbacks have this url and type: {those}. {cure}", "Ambiguous")
    return found[0]


def _check_new(wanted: dict[str, Any]) -> None:
    """Raises WantedError where a callback can't be registered so."""
    if "level" not in wanted:
        raise WantedError("level", "no callback has this url and type, and to register one level must be given.")
    if "objectId" not in wanted and wanted["level"] != _OF_ALL:
        level = quoted(wanted["level"])
        raise WantedError(
            "object_id", f"no callback matches, and to register one of the level {level} it must be given."
        )


def _as_kept(wanted: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The wanted state in the words of the callback that is there; for all records with the server's own object."""
    kept = {
        name: before[name] if _word(before, name) == value else value
        for name, value in wanted.items()
        if name in _WORDS
    }
    wanted = {**wanted, **kept}
    if _word({**before, **wanted}, "level") == _OF_ALL:
        wanted["objectId"] = _OWNER
        if _word(before, "level") == _OF_ALL:
            del wanted["objectId"]
    return {row.name: wanted[row.name] for row in CALLBACK if row.name in wanted}

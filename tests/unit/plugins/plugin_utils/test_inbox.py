# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that wait, in a file."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from ansible_collections.msp.connectwise.plugins.plugin_utils import inbox as inbox_module
from ansible_collections.msp.connectwise.plugins.plugin_utils.inbox import Full, Inbox


def test_in_order_and_once(tmp_path: Path) -> None:
    with closing(Inbox(str(tmp_path / "folder" / "inbox.sqlite"), 10)) as inbox:
        assert inbox.oldest() is None
        assert [inbox.accept(name, {"name": name}) for name in ("b", "a", "b", "c")] == [True, True, False, True]
        taken = []
        while (oldest := inbox.oldest()) is not None:
            number, event = oldest
            taken.append(event["name"])
            assert inbox.oldest() == oldest  # until it is handed over
            inbox.handed_over(number)
        assert taken == ["b", "a", "c"]
        assert inbox.waiting == 0
        assert inbox.accept("a", {}) is False


def test_room(tmp_path: Path) -> None:
    """What was not accepted may come again; what was handed over makes room."""
    with closing(Inbox(str(tmp_path / "inbox.sqlite"), 2)) as inbox:
        assert inbox.accept("a", {}) and inbox.accept("b", {})
        with pytest.raises(Full):
            inbox.accept("c", {})
        assert inbox.accept("a", {}) is False
        number, _event = inbox.oldest() or (0, {})
        inbox.handed_over(number)
        assert inbox.accept("c", {}) is True
        assert inbox.waiting == 2


def test_over_restarts(tmp_path: Path) -> None:
    """Readable by its owner alone; what waits is there again, what was accepted is remembered."""
    path = tmp_path / "inbox.sqlite"
    odd = {"text": "Grüße \ud800", "number": 1.5, "none": None}
    with closing(Inbox(str(path), 10)) as inbox:
        inbox.accept("a", {})
        inbox.accept("b", odd)
        inbox.handed_over((inbox.oldest() or (0, {}))[0])
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    with closing(Inbox(str(path), 10)) as inbox:
        assert inbox.waiting == 1
        assert (inbox.oldest() or (0, {}))[1] == odd
        assert (inbox.accept("a", {}), inbox.accept("b", {})) == (False, False)


def test_the_oldest_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not what waits."""
    monkeypatch.setattr(inbox_module, "REMEMBERED", 100)
    path = tmp_path / "inbox.sqlite"
    with closing(Inbox(str(path), 10)) as inbox:
        inbox.accept("first", {"waits": True})
        for number in range(2, 1001):
            inbox.accept(str(number), {})
            found = inbox._file.execute("SELECT max(number) FROM message").fetchone()[0]
            inbox.handed_over(found)
        assert inbox.accept("900", {}) is True
        assert inbox.accept("950", {}) is False
        assert inbox.oldest() == (1, {"waits": True})
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM message").fetchone()[0] < 110


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = str(tmp_path / "inbox.sqlite")
    with closing(Inbox(path, 10)), pytest.raises(WantedError) as caught:
        Inbox(path, 10)
    expected = f"state_file: {path!r} is in use by another process. Give each source a file of its own."
    assert str(caught.value) == expected


def test_a_file_that_cant_be_used(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database at all" * 100)
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE theirs (x)")
    for path in (broken, other):
        before = path.read_bytes()
        with pytest.raises(WantedError) as caught:
            Inbox(str(path), 10)
        damaged = f"{str(path)!r} is damaged, or no state of msp.connectwise.cw_callbacks. Move it away."
        assert str(caught.value) == f"state_file: {damaged}"
        assert path.read_bytes() == before
    with pytest.raises(WantedError, match="^state_file: '.*' can't be used: Is a directory.$"):
        Inbox(str(tmp_path), 10)
    with pytest.raises(WantedError, match="^state_file: '.*' can't be used: (Not a directory|File exists).$"):
        Inbox(str(broken / "inbox.sqlite"), 10)

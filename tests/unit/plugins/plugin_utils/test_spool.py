# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports that wait to be sent."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.plugin_utils import spool as spool_file
from ansible_collections.msp.connectwise.plugins.plugin_utils.spool import Spool


def report(number: int, text: Any = "It broke.") -> dict[str, Any]:
    """A report."""
    return {"id": f"{number:032x}", "text": text}


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """A spool whose folder is not there yet."""
    return Spool(str(tmp_path / "below" / "spool"), {"id": str, "text": str})


def test_reports_are_kept_in_order_and_for_the_owner_alone(spool: Spool) -> None:
    previous = os.umask(0)
    try:
        for number, text in enumerate(["first", "half \ud83d", "漢"]):
            assert spool.add(report(number, text)) == 0
        with spool.sending():
            pass
    finally:
        os.umask(previous)
    assert [(spool.read(name) or {})["text"] for name in spool.names()] == ["first", "half ?", "漢"]
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in spool.folder.iterdir()} == {0o600}
    assert len(list(spool.folder.iterdir())) == 4
    spool.remove(spool.names()[0])
    spool.remove("cw_ticket-gone.json")
    assert len(spool.names()) == 2


def test_the_oldest_give_way(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_file, "MOST", 3)
    assert [spool.add(report(number)) for number in range(5)] == [0, 0, 0, 1, 1]
    assert [int(name[-37:-5], 16) for name in spool.names()] == [2, 3, 4]


def test_a_report_takes_the_place_of_one_with_its_id(spool: Spool) -> None:
    for number, text in ((1, "a"), (2, "b"), (1, "c")):
        assert spool.add(report(number, text)) == 0
    assert [(spool.read(name) or {})["text"] for name in spool.names()] == ["b", "c"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"id": 1}', json.dumps(report(2)).encode(), b'{"id": "%032x"}' % 1],
    ids=range(8),
)
def test_broken_files_are_set_aside(spool: Spool, content: bytes) -> None:
    spool.add(report(1))
    (name,) = spool.names()
    (spool.folder / name).write_bytes(content)
    assert spool.read(name) is None
    assert spool.names() == []
    assert (spool.folder / "cw_ticket.broken").read_bytes() == content
    with pytest.raises(FileNotFoundError):
        spool.read(name)


def test_a_link_and_a_file_of_somebody_else_are_not_read(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.add(report(1))
    (name,) = spool.names()
    path = spool.folder / name
    path.rename(spool.folder / "elsewhere")
    path.symlink_to(spool.folder / "elsewhere")
    assert spool.read(name) is None
    spool.add(report(1))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert spool.read(spool.names()[0]) is None


def test_a_report_that_can_not_be_written_leaves_nothing(spool: Spool) -> None:
    with pytest.raises(TypeError):
        spool.add(report(1, object()))
    assert list(spool.folder.iterdir()) == []


def test_one_sends_at_a_time(spool: Spool) -> None:
    spool.add(report(1))
    second = threading.Event()

    def send() -> None:
        with Spool(str(spool.folder), {}).sending():
            second.set()

    with spool.sending():
        thread = threading.Thread(target=send)
        thread.start()
        assert not second.wait(0.2)
    thread.join(20)
    assert second.is_set()

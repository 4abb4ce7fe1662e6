# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cw_document and cw_document_info: each step in check mode, really, and again."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from integration.plays import Player, Task, checked, cycle, newest_only, settles, task

DOCUMENTS = "system/documents"
BYTES = bytes(range(256)) * 40


def document(_name: str, /, **options: Any) -> Task:
    """A task of cw_document."""
    return task("cw_document", _name, {"register": "made"}, **options)


def info(_name: str, /, **options: Any) -> Task:
    """A task of cw_document_info."""
    return task("cw_document_info", _name, None, **options)


def test_life_cycle(play: Player, folder: Path) -> None:
    binary = folder / "käse & co.bin"
    binary.write_bytes(BYTES)
    longer = base64.b64encode(BYTES + b"more").decode()
    device = {"record_type": "configuration", "record_id": 67890}
    run = play(
        *cycle(document("text", ticket_id=123, name="report.txt", content="One\n", title="Report")),
        *cycle(document("same size", ticket_id=123, name="report.txt", content="Two\n")),
        *cycle(document("longer", ticket_id=123, name="report.txt", content="Three\n", private=True, read_only=True)),
        *cycle(document("title", ticket_id=123, name="report.txt", content="Three\n", title="The report")),
        *cycle(document("binary", src=str(binary), **device)),
        *cycle(document("base64", name=binary.name, content_base64=longer, **device)),
        *cycle(document("link", ticket_id=123, url="https://ci.example/?a=1&b=2", title="Pipeline")),
        *cycle(document("link's title", ticket_id=123, url="https://ci.example/?a=1&b=2", title="Build")),
        *cycle(document("delete link", ticket_id=123, url="https://ci.example/?a=1&b=2", state="absent")),
        *cycle(document("delete", ticket_id=123, name="report.txt", state="absent")),
    )
    for name in ("text", "binary", "link"):
        settles(run, name, "created")
    for name in ("same size", "longer", "title", "base64", "link's title"):
        settles(run, name, "updated")
    for name in ("delete link", "delete"):
        settles(run, name, "deleted")
    made = run["text"]["document"]
    assert (made["file_name"], made["title"], made["size"], made["is_link"], made["is_private"]) == (
        "report.txt",
        "Report",
        4,
        False,
        False,
    )
    path, download = f"{DOCUMENTS}/{made['id']}", f"GET {DOCUMENTS}/{made['id']}/download"
    assert run["text"].lines == [f"GET {DOCUMENTS}", f"POST {DOCUMENTS}"]
    assert run["text, again"].lines == [f"GET {DOCUMENTS}", download]
    assert run["same size"].lines == [f"GET {DOCUMENTS}", download, f"POST {path}"]
    sums = [hashlib.sha256(text).hexdigest() for text in (b"One\n", b"Two\n")]
    assert run["same size"]["diff"] == {"before": {"checksum": sums[0]}, "after": {"checksum": sums[1]}}
    assert run["same size"]["checksum"] == sums[1]
    assert run["longer"].lines == [f"GET {DOCUMENTS}", f"POST {path}"]
    assert run["longer"]["diff"] == {
        "before": {"private": False, "read_only": False, "size": 4},
        "after": {"private": True, "read_only": True, "size": 6},
    }
    assert run["title"]["document"]["is_private"]
    assert run["title"]["diff"] == {"before": {"title": "Report"}, "after": {"title": "The report"}}
    assert run["binary"]["document"]["file_name"] == binary.name
    assert run["base64"]["document"]["size"] == len(BYTES) + 4
    assert run["link"]["document"]["is_link"]
    assert run["link, again"].lines == [f"GET {DOCUMENTS}"]
    assert [each["fileName"] for each in play._records(DOCUMENTS)] == [binary.name]


def test_fetching(play: Player, folder: Path) -> None:
    fetched = folder / "fetched"
    fetched.mkdir()
    all_of_it = info("all", ticket_id=123, dest=str(fetched))
    run = play(
        document("first", ticket_id=123, name="a.txt", content="One"),
        document("second", ticket_id=123, name="b.bin", content_base64=base64.b64encode(BYTES).decode()),
        document("link", ticket_id=123, url="https://ci.example/"),
        info("list", ticket_id=123),
        {**checked(all_of_it), "name": "all, in check mode"},
        all_of_it,
        {**all_of_it, "name": "all, again"},
        info("one", id="{{ made.document.id - 1 }}", dest=f"{fetched}/c.bin", mode="0600"),
        info("content", ticket_id=123, name="a.txt", content=True),
    )
    assert [each["file_name"] for each in run["list"]["documents"]] == ["a.txt", "b.bin", "https://ci.example/"]
    assert run["list"].lines == [f"GET {DOCUMENTS}"]
    paths = [f"{fetched}/a.txt", f"{fetched}/b.bin"]
    foreseen, done, again = run["all, in check mode"], run["all"], run["all, again"]
    assert (foreseen.status, done.status, again.status) == ("changed", "changed", "ok")
    assert foreseen["diff"] == done["diff"] == {"before": {"files": []}, "after": {"files": paths}}
    assert foreseen.lines == [f"GET {DOCUMENTS}"]
    assert [each["path"] for each in again["documents"]] == [*paths, None]
    assert done["documents"][1]["checksum"] == hashlib.sha256(BYTES).hexdigest()
    assert (fetched / "b.bin").read_bytes() == (fetched / "c.bin").read_bytes() == BYTES
    assert (fetched / "c.bin").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in fetched.iterdir()) == ["a.txt", "b.bin", "c.bin"]
    (one,) = run["content"]["documents"]
    assert base64.b64decode(one["content"]) == b"One"
    assert run["content"]["count"] == 1


@newest_only
def test_wrong_options(play: Player, folder: Path) -> None:
    missing = document("no ticket", ticket_id=999, name="a", content="x")
    device = document("no configuration", record_type="Configuration", record_id=999, name="a", content="x")
    run = play(
        document("ok", ticket_id=123, name="a", content="x"),
        missing,
        {**checked(missing), "name": "no ticket, in check mode"},
        device,
        {**checked(device), "name": "no configuration, in check mode"},
        document("no kind of that name", record_type="Planet", record_id=1, name="a", content="x"),
        document("id 0", record_type="Company", record_id=0, name="a", content="x"),
        document("no kind", record_id=1, name="a", content="x"),
        document("no record", name="a", content="x"),
        document("no content", ticket_id=123, name="a"),
        document("two contents", ticket_id=123, name="a", content="x", src="/etc/hosts"),
        document("no name", ticket_id=123, content="x"),
        document("folder in the name", ticket_id=123, name="a/b", content="x"),
        document("no file", ticket_id=123, src=f"{folder}/nothing"),
        document("a folder", ticket_id=123, src=str(folder)),
        document("no base64", ticket_id=123, name="a", content_base64="!"),
        document("no document", id=999, content="x"),
        document("nothing to delete by", ticket_id=123, state="absent"),
        info("fetch nothing", id=999, dest="/tmp"),
        info("no folder", ticket_id=123, dest=f"{folder}/nothing/"),
        info("no folder of the file", ticket_id=123, dest=f"{folder}/nothing/a"),
        info("no mode", ticket_id=123, dest=str(folder), mode="rw-r-----"),
        info("none as a file", ticket_id=12345, dest=f"{folder}/a"),
        fails=True,
    )
    assert run.messages == {
        "no ticket": "ticket_id: there is no ticket 999.",
        "no ticket, in check mode": "ticket_id: there is no ticket 999.",
        "no configuration": "record_id: there is no configuration 999.",
        "no configuration, in check mode": "record_id: there is no configuration 999.",
        "no kind of that name": "record_type: recordType Planet is not valid",
        "id 0": "record_id: 0 is no id of a record.",
        "no kind": "parameters are required together: record_type, record_id",
        "no record": "one of the following is required: ticket_id, ticket_key, record_id, id",
        "no content": "state is present but any of the following are missing: src, content, content_base64, url",
        "two contents": "parameters are mutually exclusive: src|content|content_base64|url",
        "no name": "name: give the name that the file has in ConnectWise.",
        "folder in the name": "name: 'a/b' is no name of a file: it holds a slash.",
        "no file": f"src: '{folder}/nothing' can't be read: No such file or directory.",
        "a folder": f"src: '{folder}' can't be read: Is a directory.",
        "no base64": "content_base64: this is no base64.",
        "no document": "id: there is no document 999.",
        "nothing to delete by": "state is absent but any of the following are missing: id, name, src, url",
        "fetch nothing": "id: there is no document 999.",
        "no folder": f"dest: there is no folder '{folder}/nothing/'.",
        "no folder of the file": f"dest: there is no folder '{folder}/nothing'.",
        "no mode": "mode: 'rw-r-----' is not octal. Give a mode in quotes, such as '0640'.",
        "none as a file": (
            f"dest: '{folder}/a' is a file, and 0 documents were found. Give a folder, or the id of one."
        ),
    }
    assert len(play._records(DOCUMENTS)) == 1

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseBadRequestError,
    ConnectWiseNotFoundError,
    ConnectWiseServerError,
    transport,
)
from ansible_collections.msp.connectwise.plugins.module_utils.glue.document import run_document
from ansible_collections.msp.connectwise.plugins.module_utils.glue.document_info import run_document_info
from ansible_collections.msp.connectwise.plugins.module_utils.resources.fields import WantedError
from unit.plugins.support import Answering, Simulator, Tasks, options

DOCUMENTS = "system/documents"


def uploaded(simulator: Simulator, name: str = "a.txt", content: bytes = b"One", **more: Any) -> int:
    """A document of the ticket 123."""
    return int(simulator.client().upload("Ticket", 123, BytesIO(content), name, **more).id or 0)


# cw_document


def test_what_is_not_given_stays(simulator: Simulator, tasks: Tasks) -> None:
    number = uploaded(simulator, title="Title", private=True, read_only=True)
    done = tasks.checked("cw_document", ticket_id=123, name="a.txt", content="Other")["document"]
    assert (done["id"], done["title"], done["is_private"], done["read_only_flag"]) == (number, "Title", True, True)


def test_a_document_by_its_id(simulator: Simulator, tasks: Tasks) -> None:
    number = uploaded(simulator)
    done = tasks.checked("cw_document", id=number, content="Other")
    assert (done["operation"], done["document"]["file_name"], done["url"]) == ("updated", "a.txt", None)
    renamed = tasks.checked("cw_document", id=number, content="Other", name="b.txt")
    assert renamed["diff"] == {"before": {"name": "a.txt"}, "after": {"name": "b.txt"}}
    gone = tasks.checked("cw_document", id=number, state="absent")
    assert (gone["operation"], gone["diff"]["before"]["name"]) == ("deleted", "b.txt")
    assert tasks.checked("cw_document", id=number, state="absent")["document"] is None


def test_a_link_to_somewhere_else(simulator: Simulator, tasks: Tasks) -> None:
    link = tasks.checked("cw_document", ticket_id=123, url="https://a.example/", title="A")
    done = tasks.checked("cw_document", id=link["document"]["id"], url="https://b.example/", title="A")
    assert done["diff"] == {"before": {"url": "https://a.example/"}, "after": {"url": "https://b.example/"}}
    assert tasks.checked("cw_document", ticket_id=123, url="https://b.example/", title="A")["operation"] == "unchanged"
    with pytest.raises(WantedError, match="^name: give the name"):
        tasks.run("cw_document", ticket_id=123, content="x")


def test_a_file_is_no_link_of_the_same_name(simulator: Simulator, tasks: Tasks) -> None:
    tasks.checked("cw_document", ticket_id=123, url="https://a.example/x", title="x")
    assert tasks.checked("cw_document", ticket_id=123, name="x", content="x")["operation"] == "created"
    assert tasks.checked("cw_document", ticket_id=123, name="x", state="absent")["operation"] == "deleted"
    assert len(simulator.client().get_documents("Ticket", 123)) == 1


def test_several_of_one_name(simulator: Simulator, tasks: Tasks) -> None:
    first, second = uploaded(simulator), uploaded(simulator)
    with pytest.raises(WantedError, match=f"^name: 2 documents of the record match: {first}, {second}. Give the id"):
        tasks.run("cw_document", ticket_id=123, name="a.txt", content="x")
    assert tasks.checked("cw_document", ticket_id=123, name="a.txt", state="absent")["operation"] == "deleted"
    assert simulator.client().get_documents("Ticket", 123) == []


def test_texts_of_all_kinds(tasks: Tasks) -> None:
    for content in ("", "\n", "käse 日本 🚀\r\n"):
        done = tasks.checked("cw_document", ticket_id=123, name="a.txt", content=content)
        assert done["document"]["size"] == len(content.encode())
    assert tasks.checked("cw_document", ticket_id=123, name="b", content_base64="AP/+\n AA==")["document"]["size"] == 4


def test_a_ticket_that_check_mode_did_not_open(simulator: Simulator, tasks: Tasks) -> None:
    planned = tasks.run("cw_document", True, ticket_key="later", name="a", content="x", private=True)
    assert (planned["operation"], planned["document"]["id"], planned["document"]["is_private"]) == ("created", 0, True)
    assert tasks.run("cw_document_info", True, ticket_key="later")["documents"] == []


def test_a_server_that_does_not_tell_the_address_of_a_link(answering: Answering) -> None:
    answering.then(
        200, [{"id": 5, "title": "Pipeline", "linkFlag": True}, {"id": 6, "title": "Other", "linkFlag": True}]
    )
    given = options("cw_document", ticket_id=123, url="https://a.example/", title="Pipeline")
    done = run_document(answering.client(), given, False)
    assert (done["operation"], done["document"]["id"]) == ("unchanged", 5)


def test_a_size_that_the_server_does_not_tell(answering: Answering) -> None:
    """The content is compared then."""
    given = options("cw_document", ticket_id=123, name="a", content="x", private=True)
    answering.then(200, [{"id": 5, "fileName": "a"}])
    answering.then(200, b"x", "application/octet-stream")
    assert run_document(answering.client(), given, False)["operation"] == "unchanged"


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (
            413,
            b"<title>Too large</title>",
            WantedError,
            "^content: the file has 1 bytes, and ConnectWise does not take",
        ),
        (201, {"id": 5, "fileName": "b", "size": 1}, WantedError, "^name: .* kept 'b' where 'a' was asked .document 5"),
        (201, {"id": 5, "fileName": "a", "size": 2}, WantedError, "^content: .* kept 2 where 1 was asked"),
        (400, {"code": "x", "message": "no"}, ConnectWiseBadRequestError, "no"),
        (500, {"code": "x", "message": "no"}, ConnectWiseServerError, "no"),
    ],
)
def test_what_the_server_says_of_an_upload(
    answering: Answering, status: int, body: Any, error: type[Exception], message: str
) -> None:
    answering.then(200, [])
    answering.then(status, body)
    with pytest.raises(error, match=message):
        run_document(answering.client(), options("cw_document", ticket_id=123, name="a", content="x"), False)


# cw_document_info


def test_a_file_keeps_its_mode_and_is_written_only_if_need_be(
    simulator: Simulator, tasks: Tasks, tmp_path: Path
) -> None:
    uploaded(simulator)
    file = tmp_path / "a.txt"
    file.write_text("Two")
    file.chmod(0o604)
    planned = tasks.run("cw_document_info", True, ticket_id=123, dest=str(tmp_path))
    assert (planned["changed"], file.read_text()) == (True, "Two")
    assert tasks.run("cw_document_info", ticket_id=123, dest=str(tmp_path))["changed"]
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("One", 0o604)
    before = file.stat().st_ino
    assert not tasks.run("cw_document_info", ticket_id=123, dest=str(file))["changed"]
    assert not tasks.run("cw_document_info", True, ticket_id=123, dest=str(file))["changed"]
    assert file.stat().st_ino == before
    assert tasks.run("cw_document_info", ticket_id=123, dest=str(file), mode="640")["changed"]
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("../../a.txt", "a.txt"),
        ("..", "document-5"),
        ("x\\y\n.txt", "y_.txt"),
        ("", "document-5"),
        (None, "document-5"),
    ],
)
def test_a_name_leads_nowhere_else(answering: Answering, tmp_path: Path, name: str | None, written: str) -> None:
    folder = tmp_path / "x" / "y"
    folder.mkdir(parents=True)
    answering.then(200, [{"id": 5, "fileName": name, "size": 1}])
    answering.then(200, b"x", "application/octet-stream")
    given = options("cw_document_info", ticket_id=123, dest=str(folder))
    done = run_document_info(answering.client(), given, False)
    assert done["documents"][0]["path"] == str(folder / written)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [written]


def test_two_of_one_name_do_not_fit_into_one_folder(simulator: Simulator, tasks: Tasks, tmp_path: Path) -> None:
    uploaded(simulator), uploaded(simulator)
    with pytest.raises(WantedError, match="^dest: several documents are called 'a.txt'. Fetch each by its id.$"):
        tasks.run("cw_document_info", ticket_id=123, dest=str(tmp_path))


def test_a_download_that_fails_leaves_nothing(answering: Answering, tmp_path: Path) -> None:
    client = answering.client(retry_budget=0)
    given = options("cw_document_info", id=5, dest=f"{tmp_path}/a")
    for body, error in (({"code": "NotFound", "message": "x"}, WantedError), (b"<html>", ConnectWiseNotFoundError)):
        answering.then(200, {"id": 5, "fileName": "a", "size": 1})
        answering.then(404, body)
        with pytest.raises(error):
            run_document_info(client, given, False)
    assert os.listdir(tmp_path) == []


def test_a_place_that_can_not_be_written(
    simulator: Simulator, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded(simulator)

    def replace(source: str, path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", replace)
    with pytest.raises(WantedError, match="can't be written: Permission denied.$"):
        tasks.run("cw_document_info", ticket_id=123, dest=str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_disk_that_is_full(
    simulator: Simulator, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no failure of the connection, and to fetch the file again is of no use."""
    uploaded(simulator)

    def full(response: Any, into: Any) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transport, "_written", full)
    with pytest.raises(WantedError, match="^dest: .* can't be written: No space left on device.$"):
        tasks.run("cw_document_info", ticket_id=123, dest=str(tmp_path))
    with pytest.raises(WantedError, match="^content: .* for want of a temporary file: No space left on device.$"):
        tasks.run("cw_document", ticket_id=123, name="a.txt", content="Two")
    assert sum("/download" in entry["path"] for entry in simulator.journal()) == 2
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("field", ["recordType", "other"])
def test_a_list_that_is_refused(answering: Answering, field: str) -> None:
    answering.then(400, {"code": "InvalidObject", "message": "x", "errors": [{"field": field, "message": "no"}]})
    with pytest.raises(WantedError if field == "recordType" else ConnectWiseBadRequestError):
        run_document_info(answering.client(), options("cw_document_info", record_type="X", record_id=1), False)


@pytest.mark.parametrize(
    ("module", "given", "message"),
    [
        ("cw_document", {"ticket_id": 123, "name": "a/b", "content": "x"}, "^name: 'a/b' is no name of a file"),
        ("cw_document", {"ticket_id": 123, "src": "/nothing"}, "^src: '/nothing' can't be read: No such file"),
        ("cw_document", {"ticket_id": 123, "name": "a", "content_base64": "!"}, "^content_base64: this is no base64.$"),
        ("cw_document", {"id": 999, "content": "x"}, "^id: there is no document 999.$"),
        ("cw_document", {"ticket_id": 999, "name": "a", "content": "x"}, "^ticket_id: there is no ticket 999.$"),
        ("cw_document", {"record_type": "x", "record_id": 0, "name": "a", "content": "x"}, "^record_id: 0 is no id"),
        ("cw_document_info", {"id": 999}, "^id: there is no document 999.$"),
        ("cw_document_info", {"ticket_id": 123, "dest": "/nothing/"}, "^dest: there is no folder '/nothing/'.$"),
        ("cw_document_info", {"ticket_id": 123, "dest": "/tmp/a"}, "^dest: '/tmp/a' is a file, and 0 documents were"),
        ("cw_document_info", {"ticket_id": 123, "mode": "rw"}, "^mode: 'rw' is not octal."),
    ],
)
def test_options_that_can_not_be(tasks: Tasks, module: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WantedError, match=message):
        tasks.run(module, **given)


def test_a_file_of_this_host_and_its_content(simulator: Simulator, tasks: Tasks, tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"\0\1")
    done = tasks.checked("cw_document", record_type="company", record_id=250, src=str(file))
    assert (done["document"]["file_name"], done["url"]) == ("a.bin", None)
    (told,) = tasks.run("cw_document_info", record_type="Company", record_id=250, content=True)["documents"]
    assert (told["content"], told["path"]) == ("AAE=", None)
    with pytest.raises(WantedError, match="^record_id: there is no company 999.$"):
        tasks.run("cw_document", True, record_type="company", record_id=999, src=str(file))
    uploaded(simulator)
    with pytest.raises(WantedError, match="^dest: there is no folder '/nothing'.$"):
        tasks.run("cw_document_info", ticket_id=123, dest="/nothing/a")

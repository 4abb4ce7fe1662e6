# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.connectwise.plugins.module_utils.connectwise import (
    ConnectWiseBadRequestError,
    ConnectWiseClient,
    ConnectWiseNotFoundError,
    ConnectWiseReadOnlyError,
    ConnectWiseResponseError,
)
from ansible_collections.msp.connectwise.plugins.module_utils.connectwise.forms import Form
from unit.plugins.support import Answering, Simulator

DOCUMENTS = "system/documents"
BYTES = bytes(range(256)) * 400


def downloaded(client: ConnectWiseClient, document_id: int | None) -> bytes:
    stream = BytesIO()
    client.download(int(document_id or 0), stream)
    return stream.getvalue()


def test_a_document_from_its_upload_to_its_end(client: ConnectWiseClient) -> None:
    made = client.upload("Ticket", 123, BytesIO(BYTES), 'a "b" käse 日本.bin', "Title ü", True, False)
    assert (made.fileName, made.title, made.size) == ("a %22b%22 käse 日本.bin", "Title ü", len(BYTES))
    assert (made.is_private, made.readOnlyFlag, made.is_link) == (True, False, False)
    assert client.get_document(made.id or 0) == made
    assert client.get_documents("Ticket", 123) == [made]
    assert client.get_documents("Ticket", 12345) == []
    assert downloaded(client, made.id) == BYTES
    other = client.replace_document(made.id or 0, BytesIO(b""), "empty.txt")
    assert (other.id, other.size) == (made.id, 0)
    assert downloaded(client, made.id) == b""
    assert client.delete_document(made.id or 0)
    assert not client.delete_document(made.id or 0)
    assert client.get_document(made.id or 0) is None


def test_a_link(client: ConnectWiseClient) -> None:
    link = client.upload("Ticket", 123, url="https://ci.example/?a=1&b=2")
    assert (link.is_link, link.title) == (True, "https://ci.example/?a=1&b=2")
    with pytest.raises(ConnectWiseNotFoundError):
        downloaded(client, link.id)


def test_a_record_that_is_not_there(client: ConnectWiseClient) -> None:
    with pytest.raises(ConnectWiseBadRequestError, match="Ticket 999 not found"):
        client.upload("Ticket", 999, BytesIO(b"x"), "x")


def test_a_read_only_client_uploads_nothing(simulator: Simulator) -> None:
    with pytest.raises(ConnectWiseReadOnlyError):
        simulator.client(read_only=True).upload("Ticket", 123, BytesIO(b"x"), "x")
    assert simulator.writes() == []


@pytest.mark.parametrize("kind", ["drop-after", "502-after", "500-timeout-after"])
@pytest.mark.parametrize("url", ["", "https://ci.example/"])
def test_an_upload_whose_answer_was_lost_is_not_done_twice(simulator: Simulator, kind: str, url: str) -> None:
    client = simulator.client(timeout=0.5)
    for count in (1, 2):  # the second one is not taken for the first
        simulator.fault(kind, method="POST", path=DOCUMENTS)
        content = None if url else BytesIO(BYTES)
        made = client.upload("Ticket", 123, content, "" if url else "a.bin", url=url)
        assert made.id
        assert len(client.get_documents("Ticket", 123)) == count
    assert sum("POST" in line for line in simulator.requests()) == 2


def test_an_upload_that_was_not_done_is_sent_again(simulator: Simulator) -> None:
    client = simulator.client(timeout=0.5)
    simulator.fault("drop-before", method="POST", path=DOCUMENTS)
    simulator.fault("429", method="POST", path=DOCUMENTS, retry_after=0)
    made = client.upload("Ticket", 123, BytesIO(BYTES), "a.bin")
    assert downloaded(client, made.id) == BYTES
    assert len(client.get_documents("Ticket", 123)) == 1


@pytest.mark.parametrize("kind", ["truncated", "drop-before", "502-html", "429"])
def test_a_download_that_breaks_off_is_begun_again(simulator: Simulator, kind: str) -> None:
    client = simulator.client()
    made = client.upload("Ticket", 123, BytesIO(BYTES), "a.bin")
    simulator.fault(kind, path="download", **({"retry_after": 0} if kind == "429" else {}))
    assert downloaded(client, made.id) == BYTES


def test_a_download_shorter_than_it_says(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the library below takes no notice of the length."""
    client = answering.client(retry_budget=0)
    answering.then(200, b"ab", "application/octet-stream")
    monkeypatch.setattr("requests.Response.iter_content", lambda self, size: iter([self.raw.read()[:1]]))
    with pytest.raises(ConnectWiseResponseError, match="the file breaks off"):
        downloaded(client, 5)
    assert answering.requests[0]["headers"]["accept"] == "*/*"


def test_what_is_asked_for_a_long_list(answering: Answering) -> None:
    client = answering.client()
    answering.then(200, [])
    assert client.get_documents("Company", 250) == []
    assert answering.requests[0]["path"].endswith("documents?recordType=Company&recordId=250&pageSize=1000&pageId=0")


class Endless(BytesIO):
    """Many zeros that are nowhere in memory."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = self.size = size

    def seek(self, place: int, whence: int = 0) -> int:
        self.left = 0 if whence == 2 else self.size - place
        return self.size - self.left

    def read(self, size: int | None = -1, /) -> bytes:
        piece = min(self.left, self.size if size is None or size < 0 else size)
        self.left -= piece
        return b"\0" * piece


def test_a_large_file_needs_no_memory() -> None:
    size, count = 50_000_000, 0
    tracemalloc.start()
    body = Form({"title": "Big"}, "big.bin", Endless(size)).body()
    while piece := body.read(8192):
        count += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == len(body) > size
    assert peak < 1_000_000


@given(
    fields=st.dictionaries(st.sampled_from(["title", "url", "recordId"]), st.text(max_size=20)),
    content=st.binary(max_size=50),
    step=st.integers(1, 70),
)
def test_a_form_is_as_long_as_it_says(fields: dict[str, str], content: bytes, step: int) -> None:
    fields = {name: text.encode("utf-8", "ignore").decode() for name, text in fields.items()}
    form = Form(fields, "x", BytesIO(content))
    for _number in range(2):  # from the start each time
        body = form.body()
        whole = b"".join(iter(lambda body=body: body.read(step), b""))  # type: ignore[misc]
        assert len(whole) == len(body)
        assert content in whole
        assert all(text.encode() in whole for text in fields.values())

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_document."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from ..connectwise import ConnectWiseAPIError, ConnectWiseBadRequestError, ConnectWiseClient, DocumentInfo
from ..connectwise.documents import DOCUMENTS
from ..resources.document import changes, described, is_called, links_to
from ..resources.fields import Reference, WantedError
from .of_record import Owner, explained, owner_of
from .of_ticket import result
from .records import Done, the_only, with_id

SOURCES = ("src", "content", "content_base64", "url")
IN_MEMORY = 1 << 20  # bytes of a download that is compared; a longer one goes to the disk
PIECE = 1 << 20
REFERENCE = Reference("document", DOCUMENTS)


def run_document(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring a document of a record to its wanted state.

    Args:
        client: read-only in check mode.
        params: the module's options.
        check_mode: tell what would be done instead of doing it.

    Returns:
        The result: ``changed``, ``operation``, ``document`` (facts), ``url`` of the ticket, ``diff``, ``checksum`` of
        the wanted content (None for a link, and for a document that is absent).

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    name = _name(params)
    if params["state"] == "absent":
        owner = owner_of(client, params, check_mode)
        return _result(client, owner, _remove(client, _find(client, params, check_mode, owner, name), check_mode), None)
    with _content(params) as content:
        owner = owner_of(client, params, check_mode)
        checksum = checksum_of(content) if content is not None else None
        try:
            done = _Run(client, params, check_mode, owner, name, content, checksum).bring()
        except ConnectWiseBadRequestError as error:
            raise explained(error, owner) from error
    return _result(client, owner, done, checksum)


class _Run:
    """One run that brings a document about."""

    def __init__(
        self,
        client: ConnectWiseClient,
        params: dict[str, Any],
        check_mode: bool,
        owner: Owner,
        name: str,
        content: BinaryIO | None,
        checksum: str | None,
    ) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.owner = owner
        self.content = content
        self.checksum = checksum
        self.source = next(option for option in SOURCES if params[option] is not None)
        self.wanted = {key: params[key] for key in ("title", "private", "read_only") if params[key] is not None}
        if content is not None:
            self.wanted.update({"name": name} if name else {}, size=content.seek(0, os.SEEK_END))
        else:
            self.wanted.setdefault("title", params["url"])
        self.sent: dict[str, Any] = {
            "content": content,
            "file_name": name if content is not None else "",
            "url": params["url"] or "",
            **{key: self.wanted[key] for key in ("title", "private", "read_only") if key in self.wanted},
        }

    def bring(self) -> Done:
        """The document as wanted."""
        found = _find(self.client, self.params, self.check_mode, self.owner, self.sent["file_name"])
        before = the_only(found, "url" if self.content is None else "name", "documents of the record")
        if before is None:
            return self._create()
        if before["id"] == 0:  # what an earlier task would have attached
            return Done("updated", {**before, **self._as_record()}, {"before": {}, "after": dict(self.wanted)})
        if self.content is not None and not self.sent["file_name"]:
            self.sent["file_name"] = before.get("fileName") or ""  # found by its id
        diff = changes(described(before), self.wanted)
        if self.content is not None and "size" not in diff["after"]:
            stored = self._stored(before["id"])
            if stored != self.checksum:
                diff["before"]["checksum"], diff["after"]["checksum"] = stored, self.checksum
        if self.content is None and not links_to(before, self.params["url"], self.wanted["title"]):
            diff["before"]["url"], diff["after"]["url"] = before.get("fileName"), self.params["url"]
        if not diff["after"]:
            return Done("unchanged", before, diff)
        if self.check_mode:
            return Done("updated", {**before, **self._as_record()}, diff)
        # What is not given stays, whatever a server makes of a form without it.
        kept = {key: value for key, value in described(before).items() if key in ("title", "private", "read_only")}
        with self._sending():
            document = self.client.replace_document(before["id"], **{**kept, **self.sent}).to_dict()
        return Done("updated", self._kept(document), diff)

    def _create(self) -> Done:
        diff = {"before": {}, "after": dict(self.wanted)}
        if self.check_mode:
            if self.owner.id and not self.owner.is_there(self.client):
                raise self.owner.missing()
            return Done("created", {"id": 0, **self._as_record()}, diff)
        with self._sending():
            document = self.client.upload(self.owner.kind, self.owner.id, **self.sent).to_dict()
        return Done("created", self._kept(document), diff)

    def _stored(self, document_id: int) -> str:
        """The checksum of a document's content."""
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
                stream: Any = file
                self.client.download(document_id, stream)
                return checksum_of(stream)
        except OSError as error:
            text = f"what ConnectWise has can't be compared with it, for want of a temporary file: {error.strerror}."
            raise WantedError(self.source, text) from None

    @contextmanager
    def _sending(self) -> Iterator[None]:
        try:
            yield
        except ConnectWiseAPIError as error:
            if error.status != 413:
                raise
            text = f"the file has {self.wanted.get('size', 0)} bytes, and ConnectWise does not take so many at once."
            raise WantedError(self.source, text, "TooLarge") from error

    def _as_record(self) -> dict[str, Any]:
        """The wanted document as the API would tell of it."""
        names = {"name": "fileName", "title": "title", "read_only": "readOnlyFlag", "size": "size"}
        record = {names[key]: value for key, value in self.wanted.items() if key in names}
        if "private" in self.wanted:
            record["publicFlag"] = not self.wanted["private"]
        link = self.content is None
        return {**record, "linkFlag": link, "urlFlag": link}

    def _kept(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document as ConnectWise answered, if it is the one that was asked for."""
        kept = changes(described(document), self.wanted)
        for name, value in kept["after"].items():
            raise WantedError(
                name if name != "size" else self.source,
                f"ConnectWise answered that the document was kept, but kept {kept['before'][name]!r} where {value!r} "
                f"was asked (document {document.get('id')}).",
                "NotKept",
            )
        return document


def _name(params: dict[str, Any]) -> str:
    """The name of the file; empty for a link."""
    name: str = params["name"] or os.path.basename(params["src"] or "")
    if "/" in name or "\\" in name:
        raise WantedError("name", f"{name!r} is no name of a file: it holds a slash.")
    if params["url"] is None and params["id"] is None and not name.strip():
        raise WantedError("name", "give the name that the file has in ConnectWise.", "MissingOption")
    return name


@contextmanager
def _content(params: dict[str, Any]) -> Iterator[BinaryIO | None]:
    """The wanted content, to be read; None for a link."""
    if params["src"] is not None:
        try:
            file = open(params["src"], "rb")  # noqa: SIM115
        except OSError as error:
            raise WantedError("src", f"{params['src']!r} can't be read: {error.strerror}.") from None
        with file:
            yield file
    elif params["content"] is not None:
        yield BytesIO(params["content"].encode("utf-8", "surrogateescape"))
    elif params["content_base64"] is not None:
        try:
            yield BytesIO(base64.b64decode("".join(params["content_base64"].split()), validate=True))
        except binascii.Error:
            raise WantedError("content_base64", "this is no base64.") from None
    else:
        yield None


def checksum_of(content: BinaryIO) -> str:
    """The SHA-256 of a stream, from its start, in hexadecimal digits."""
    content.seek(0)
    found = hashlib.sha256()
    for piece in iter(lambda: content.read(PIECE), b""):
        found.update(piece)
    return found.hexdigest()


def _find(
    client: ConnectWiseClient, params: dict[str, Any], check_mode: bool, owner: Owner, name: str
) -> list[dict[str, Any]]:
    """The document by id, else all of this name, or of this link."""
    if params["id"] is not None:
        found = with_id(client, REFERENCE, params, check_mode)
        return [found] if found else []
    if not owner.id:
        return []
    documents = [document.to_dict() for document in client.get_documents(owner.kind, owner.id)]
    url = params["url"]
    if url is not None:
        return [document for document in documents if links_to(document, url, params["title"] or url)]
    return [document for document in documents if is_called(document, name)]


def _remove(client: ConnectWiseClient, found: list[dict[str, Any]], check_mode: bool) -> Done:
    gone = [document for document in found if check_mode or client.delete(DOCUMENTS, document["id"])]
    diff = {"before": described(gone[0]) if gone else {}, "after": {}}
    return Done("deleted" if gone else "unchanged", found[0] if found else None, diff)


def _result(client: ConnectWiseClient, owner: Owner, done: Done, checksum: str | None) -> dict[str, Any]:
    told = result(client, done, "document", DocumentInfo, owner.ticket_id)
    return {**told, "checksum": checksum}

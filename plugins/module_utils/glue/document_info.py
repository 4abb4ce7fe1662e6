# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the module cw_document_info."""

from __future__ import annotations

import base64
import os
import re
import shutil
import tempfile
from contextlib import suppress
from io import BytesIO
from typing import Any

from ..connectwise import ConnectWiseBadRequestError, ConnectWiseClient, ConnectWiseNotFoundError, DocumentInfo
from ..resources.facts import facts
from ..resources.fields import WantedError
from .document import REFERENCE, checksum_of
from .of_record import explained, owner_of
from .records import with_id


def run_document_info(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Tell of the documents of a record, and fetch them.

    Args:
        client: asked with GET only.
        params: the module's options.
        check_mode: tell what files would be written instead of writing them.

    Returns:
        The result: ``documents`` (list of facts, with ``path``, ``checksum`` and ``content`` of those that were
        fetched), ``count``, ``changed`` and ``diff`` of the files.

    Raises:
        WantedError, ConnectWiseError: a sentence that names the option at fault.
    """
    mode = _mode(params["mode"])
    documents = _documents(client, params, check_mode)
    if documents is None:
        return {"changed": False, "documents": [], "count": 0, "diff": {"before": {}, "after": {}}}
    files = [document for document in documents if not document.is_link]
    paths = _paths(params["dest"], files) if params["dest"] is not None else {}
    written, told = [], []
    for document in documents:
        more: dict[str, Any] = {"path": None, "checksum": None, "content": None}
        if document.id in paths:
            fetched = _File(client, document, paths[document.id], mode, check_mode)
            more.update(path=fetched.path, checksum=fetched.checksum)
            written += [fetched.path] if fetched.changed else []
        if params["content"] and not document.is_link:
            stream = BytesIO()
            _download(client, document, stream)
            more.update(content=base64.b64encode(stream.getvalue()).decode("ascii"), checksum=checksum_of(stream))
        told.append({**facts(document), **more})
    diff = {"before": {"files": []}, "after": {"files": written}} if written else {"before": {}, "after": {}}
    return {"changed": bool(written), "documents": told, "count": len(told), "diff": diff}


def _documents(client: ConnectWiseClient, params: dict[str, Any], check_mode: bool) -> list[DocumentInfo] | None:
    """The documents that are asked for; None for what check mode did not make."""
    if params["id"] is not None:
        found = with_id(client, REFERENCE, {**params, "state": "present"}, check_mode)
        return [DocumentInfo.from_dict(found)] if found and found["id"] else None
    owner = owner_of(client, params, check_mode)
    if not owner.id:
        return None
    try:
        documents = client.get_documents(owner.kind, owner.id)
    except ConnectWiseBadRequestError as error:
        raise explained(error, owner) from error
    name = params["name"]
    return [document for document in documents if name is None or document.fileName == name]


def _paths(dest: str, documents: list[DocumentInfo]) -> dict[int | None, str]:
    """Where each document is written: into a folder under its own name, or the only one as the file ``dest``."""
    if os.path.isdir(dest) or dest.endswith("/"):
        if not os.path.isdir(dest):
            raise WantedError("dest", f"there is no folder {dest!r}.", "NotFound")
        paths = {document.id: os.path.join(dest, _file_name(document)) for document in documents}
        twice = [path for path in paths.values() if list(paths.values()).count(path) > 1]
        if twice:
            raise WantedError(
                "dest",
                f"several documents are called {os.path.basename(twice[0])!r}. Fetch each by its id.",
                "Ambiguous",
            )
        return paths
    if len(documents) != 1:
        raise WantedError(
            "dest", f"{dest!r} is a file, and {len(documents)} documents were found. Give a folder, or the id of one."
        )
    if not os.path.isdir(os.path.dirname(dest) or "."):
        raise WantedError("dest", f"there is no folder {os.path.dirname(dest)!r}.", "NotFound")
    return {documents[0].id: dest}


def _file_name(document: DocumentInfo) -> str:
    """The document's name without any folder in it: it comes from others and must not lead elsewhere."""
    name = re.split(r"[/\\]", document.fileName or "")[-1]
    name = re.sub(r"[\x00-\x1f\x7f]", "_", name).strip()
    return name if name not in ("", ".", "..") else f"document-{document.id}"


class _File:
    """A document that is fetched into a file, at once or not at all.

    Attributes:
        path: of the file.
        checksum: SHA-256 of the content; None where check mode did not need it.
        changed: whether the file was another one, or not there.
    """

    def __init__(
        self, client: ConnectWiseClient, document: DocumentInfo, path: str, mode: int | None, check_mode: bool
    ) -> None:
        self.path = path
        self.checksum: str | None = None
        there = os.path.getsize(path) if os.path.isfile(path) else None
        self.changed = there is None or (mode is not None and os.stat(path).st_mode & 0o7777 != mode)
        if check_mode and (there is None or (document.size or there) != there):
            self.changed = True
            return
        folder = None if check_mode else os.path.dirname(path) or "."
        try:
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".cw-", delete=False) as file:
                stream: Any = file
                try:
                    _download(client, document, stream)
                    self.checksum = checksum_of(stream)
                    self.changed = self.changed or self.checksum != _checksum_of_path(path)
                    file.flush()
                    if self.changed and not check_mode:
                        _put(file.name, path, mode)
                finally:
                    with suppress(FileNotFoundError):
                        os.unlink(file.name)
        except OSError as error:
            raise WantedError("dest", f"{path!r} can't be written: {error.strerror}.") from None


def _put(source: str, path: str, mode: int | None) -> None:
    """Put a finished file in its place; it has the mode of the one that was there, or the usual one."""
    if mode is None and os.path.isfile(path):
        shutil.copymode(path, source)
    else:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(source, 0o666 & ~mask if mode is None else mode)
    os.replace(source, path)


def _checksum_of_path(path: str) -> str:
    if not os.path.isfile(path):
        return ""
    with open(path, "rb") as file:
        return checksum_of(file)


def _download(client: ConnectWiseClient, document: DocumentInfo, stream: Any) -> None:
    try:
        client.download(int(document.id or 0), stream)
    except ConnectWiseNotFoundError as error:
        if error.code is None:
            raise
        raise WantedError("id", f"the document {document.id} has no content, or is gone.", "NotFound") from error


def _mode(mode: str | None) -> int | None:
    """The permissions of the file, as a number."""
    if mode is None:
        return None
    if not re.fullmatch(r"0?[0-7]{3,4}", mode):
        raise WantedError("mode", f"{mode!r} is not octal. Give a mode in quotes, such as '0640'.")
    return int(mode, 8)

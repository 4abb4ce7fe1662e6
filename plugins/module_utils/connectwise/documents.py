# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents: files and links that hang on tickets, configurations, companies and other records (fact sheet 11.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

from .endpoints import Endpoints, checked
from .forms import Form
from .models import Record, Reference

DOCUMENTS = "system/documents"


@dataclass(eq=False, repr=False)
class DocumentInfo(Record):
    """What is known of a document without its content. ``size`` is in bytes."""

    title: str | None = None
    fileName: str | None = None
    serverFileName: str | None = None
    owner: str | None = None
    linkFlag: bool | None = None
    imageFlag: bool | None = None
    publicFlag: bool | None = None
    htmlTemplateFlag: bool | None = None
    readOnlyFlag: bool | None = None
    size: int | None = None
    urlFlag: bool | None = None
    createdOnDate: str | None = None
    documentType: Reference | None = None
    guid: str | None = None

    @property
    def is_link(self) -> bool:
        """Whether it is a link, which has no content."""
        return bool(self.linkFlag or self.urlFlag)

    @property
    def is_private(self) -> bool:
        """Whether customers don't see it; False where the record does not say."""
        return self.publicFlag is False


class Documents(Endpoints):
    """Documents of records. Of which kind the record is, is a text such as ``Ticket`` or ``Configuration``."""

    def get_document(self, document_id: int) -> DocumentInfo | None:
        """What is known of a document; None where there is none of that id."""
        return self._record(DocumentInfo, f"{DOCUMENTS}/{int(document_id)}")

    def get_documents(self, record_type: str, record_id: int) -> list[DocumentInfo]:
        """The documents of a record."""
        records = self.iterate(DOCUMENTS, further=_where(record_type, record_id))
        return [DocumentInfo.from_dict(record) for record in records]

    def upload(
        self,
        record_type: str,
        record_id: int,
        content: BinaryIO | None = None,
        file_name: str = "",
        title: str = "",
        private: bool | None = None,
        read_only: bool | None = None,
        url: str = "",
    ) -> DocumentInfo:
        """Hang a file or a link on a record.

        Args:
            record_type, record_id: the record.
            content: the file, opened for reading in binary; it is read while it is sent.
            file_name: what it is called.
            title: what is shown of it; where empty, the server takes the file's name, and a link is its own title.
            private: whether customers don't see it; left to the server where None.
            read_only: whether it can be changed there; left to the server where None.
            url: the link, in place of ``content``.

        An upload whose answer was lost is repeated only where the record has no such document (as of :meth:`post`).

        Raises:
            ConnectWiseBadRequestError: there is no such record, or it can't have documents.
        """
        where = _where(record_type, record_id)
        title = title or url  # by which a link is known again
        form = _form(content, file_name, title, private, read_only, url, where)
        known_by: dict[str, Any] = {"title": title} if title else {}
        if content is not None:
            known_by.update(fileName=file_name, size=form.size)
        return DocumentInfo.from_dict(self._created(DOCUMENTS, form, known_by, where))

    def replace_document(
        self,
        document_id: int,
        content: BinaryIO | None = None,
        file_name: str = "",
        title: str = "",
        private: bool | None = None,
        read_only: bool | None = None,
        url: str = "",
    ) -> DocumentInfo:
        """Put another file or link in the place of a document; arguments as of :meth:`upload`.

        Raises:
            ConnectWiseNotFoundError: there is no such document.
        """
        path = f"{DOCUMENTS}/{int(document_id)}"
        form = _form(content, file_name, title, private, read_only, url, {})
        answer = self._transport.request("POST", path, data=form)
        return DocumentInfo.from_dict(checked(answer.data, dict, "POST", path))

    def download(self, document_id: int, into: BinaryIO) -> None:
        """Write the content of a document into an empty file, opened for writing in binary.

        Raises:
            ConnectWiseNotFoundError: there is no such document, or it is a link.
            OSError: the file can't be written.
        """
        # Asked for JSON, the server refuses (fact sheet 1.12).
        self._transport.request("GET", f"{DOCUMENTS}/{int(document_id)}/download", headers={"Accept": "*/*"}, into=into)

    def delete_document(self, document_id: int) -> bool:
        """Delete a document: True; False where there was none."""
        return self.delete(DOCUMENTS, document_id)


def _where(record_type: str, record_id: int) -> dict[str, str]:
    return {"recordType": record_type, "recordId": str(int(record_id))}


def _form(
    content: BinaryIO | None,
    file_name: str,
    title: str,
    private: bool | None,
    read_only: bool | None,
    url: str,
    where: dict[str, str],
) -> Form:
    """The form of an upload; ``readOnlyFlag``, which the API's description misspells, is what servers read."""
    flags = {"privateFlag": private, "readOnlyFlag": read_only}
    fields = {**where, "title": title, "url": url}
    fields.update({name: str(flag).lower() for name, flag in flags.items() if flag is not None})
    return Form({name: text for name, text in fields.items() if text}, file_name, content)

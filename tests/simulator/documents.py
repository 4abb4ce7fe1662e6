# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents: forms with a file or a link, that hang on a record (fact 11.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import python_multipart
from python_multipart.exceptions import FormParserError

from . import records
from .answers import Answer, Answers, Call, Endpoints
from .conditions import Sql
from .errors import ApiError, FieldError, invalid, media_type, not_found, required
from .fields import DOCUMENT, TYPES, Field
from .rules import any_ticket
from .store import Record
from .world import CALLER, new_guid

_BINARY = "application/octet-stream"
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
_OWNERS = {
    "ticket": "Ticket", "company": "Company", "contact": "Contact", "configuration": "Configuration",
    "agreement": "Agreement", "project": "Project", "expense": "Expense", "opportunity": "Opportunity",
    "purchaseorder": "PurchaseOrder", "salesorder": "SalesOrder", "servicetemplate": "ServiceTemplate", "rma": "Rma",
}  # fmt: skip
"""What a document may hang on; of the later ones the simulator has no records, so any id will do."""
_FORM = (
    '<html><body><form method="post" action="." enctype="multipart/form-data">'
    '<input name="recordType"/><input name="recordId"/><input name="title"/><input type="file" name="file"/>'
    '<input type="submit"/></form></body></html>'
)


@dataclass
class Form:
    """A form as it was sent: names in lower case; the file's name is None when there is no file."""

    values: dict[str, str] = field(default_factory=dict)
    file_name: str | None = None
    content: bytes = b""


def _read(call: Call) -> Form:
    """The form of a request. ApiError 415 for another media type."""
    media = call.headers.get("content-type", "application/json")
    if not media.lower().startswith("multipart/form-data"):
        raise media_type(media)
    form = Form()

    def on_field(part: Any) -> None:
        form.values[part.field_name.decode("utf-8", "replace").lower()] = (part.value or b"").decode("utf-8", "replace")

    def on_file(part: Any) -> None:
        form.file_name = PurePosixPath((part.file_name or b"").decode("utf-8", "replace").replace("\\", "/")).name
        part.file_object.seek(0)
        form.content = part.file_object.read()

    try:
        python_multipart.parse_form({"Content-Type": media.encode()}, BytesIO(call.body), on_field, on_file)
    except (FormParserError, ValueError) as error:
        # The text of .NET; that it comes with a 500 is a guess.
        text = "Unexpected end of MIME multipart stream. MIME multipart message is not complete."
        raise ApiError(500, "ConnectWiseApi", text) from error
    return form


class Documents:
    """The endpoints below system/documents."""

    def __init__(self, answers: Answers) -> None:
        """For one world."""
        self.answers = answers
        self.world, self.store = answers.world, answers.world.store

    def endpoints(self) -> Endpoints:
        """Those that differ from other records'; there is no PUT and no PATCH."""
        return {
            DOCUMENT.path: {"GET": self._many, "POST": self._upload},
            f"{DOCUMENT.path}/count": {"GET": self._count},
            f"{DOCUMENT.path}/uploadsample": {"GET": lambda call, ids: Answer(200, _FORM.encode(), media="text/html")},
            f"{DOCUMENT.path}/{{id}}": {"POST": self._replace},
            f"{DOCUMENT.path}/{{id}}/download": {"GET": self._download},
            f"{DOCUMENT.path}/{{id}}/thumbnail": {"GET": self._thumbnail},
        }

    def _of_record(self, call: Call) -> Sql:
        """recordType and recordId limit the list; what it does without them is not known: here it lists all."""
        parts: list[str] = ["1"]
        values: list[object] = []
        kind = call.query.text("recordType")
        if kind:
            parts.append("json_extract(r.body, '$._recordType') = ?")
            values.append(_owner(kind))
        if call.query.text("recordId"):
            parts.append("json_extract(r.body, '$._recordId') = ?")
            values.append(call.query.number("recordId", 1, 2**31))
        return Sql(" AND ".join(parts), tuple(values))

    def _many(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.many(call, DOCUMENT, self._of_record(call))

    def _count(self, call: Call, ids: list[int]) -> Answer:
        return self.answers.count(call, DOCUMENT, self._of_record(call))

    def _upload(self, call: Call, ids: list[int]) -> Answer:
        """201 for a file or a link."""
        form = _read(call)
        missing = [required(name) for name in ("recordType", "recordId") if not form.values.get(name.lower())]
        if form.file_name is None and not form.values.get("url"):
            missing.append(required("file"))
        if missing:
            raise invalid("documentInfo", missing)
        kind = _owner(form.values["recordtype"])
        number = self._value(call, form, "integer", "recordId")
        if not self._there(kind, number):
            text = f"{kind} {number} not found"
            raise invalid("documentInfo", [FieldError("NotFound", text, "recordId")])
        document = {**self._described(call, form, {}), "_recordType": kind, "_recordId": number}
        document.update(owner=CALLER, guid=new_guid(), createdOnDate=self.world.now(), htmlTemplateFlag=False)
        self.store.insert(DOCUMENT, document)
        self._keep(document, form)
        if kind == "Ticket":
            self.store.remember(number, self.world.now(), CALLER, [f"Document {document['title']} added"])
        answer = self.answers.one(call, DOCUMENT, document, 201)
        return self.answers.locate(call, answer, f"{DOCUMENT.path}/{document['id']}")

    def _replace(self, call: Call, ids: list[int]) -> Answer:
        """200: another file in place of the one there was."""
        old = records.get(self.world, DOCUMENT, ids[0], {})
        form = _read(call)
        if form.file_name is None and not form.values.get("url"):
            raise invalid("documentInfo", [required("file")])
        document = {**old, **self._described(call, form, old)}
        self.store.replace(DOCUMENT, document)
        self._keep(document, form)
        return self.answers.one(call, DOCUMENT, document)

    def _described(self, call: Call, form: Form, old: Record) -> Record:
        """What DocumentInfo says of a form. How links are described is a guess."""
        name = form.file_name if form.file_name is not None else form.values["url"]
        ending = PurePosixPath(name).suffix.lower()
        linked = form.file_name is None
        private = self._value(call, form, "flag", "privateFlag")
        # The OpenAPI file misspells it.
        read_only = self._value(call, form, "flag", "readOnlyFlag") or self._value(call, form, "flag", "readOnlyFlay")
        return {
            "title": form.values.get("title") or old.get("title") or name,
            "fileName": name,
            "serverFileName": name if linked else f"{new_guid()}{ending}",
            "linkFlag": linked,
            "urlFlag": linked,
            "imageFlag": ending in _IMAGES and not linked,
            "publicFlag": old.get("publicFlag", True) if private is None else not private,
            "readOnlyFlag": old.get("readOnlyFlag", False) if read_only is None else read_only,
            "size": len(form.content),
            "_lastUpdated": self.world.now(),
            "_updatedBy": CALLER,
        }

    def _value(self, call: Call, form: Form, kind: str, name: str) -> Any:
        """A value of the form. ApiError 500 when it cannot be converted."""
        text = form.values.get(name.lower())
        return self.answers.reader(call, DOCUMENT).value(Field(name, kind), text or None, name, [])

    def _there(self, kind: str, number: int) -> bool:
        if kind == "Ticket":
            return any_ticket(self.world, number) is not None
        record_type = TYPES.get(kind.lower())
        return record_type is None or self.store.get(record_type, number) is not None

    def _keep(self, document: Record, form: Form) -> None:
        if not document["linkFlag"]:
            self.store.keep_content(document["id"], form.content)

    def _content(self, ids: list[int]) -> tuple[Record, bytes]:
        document = records.get(self.world, DOCUMENT, ids[0], {})
        content = self.store.content(document["id"])
        if content is None:
            raise not_found(DOCUMENT.label, ids[0])
        return document, content

    def _download(self, call: Call, ids: list[int]) -> Answer:
        """The file, as an attachment. Accept must allow something else than JSON (fact 1.12)."""
        document, content = self._content(ids)
        wanted = [part.split(";")[0].strip() for part in call.headers.get("accept", "*/*").split(",")]
        strict = self.world.switches.is_("download_accept_json", "refuse")
        if strict and all(part.lower().endswith("json") for part in wanted):
            raise ApiError(406, "ConnectWiseApi", "The requested media type is not supported for this resource.")
        plain = document["fileName"].encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        disposition = f'attachment; filename="{plain}"'
        if plain != document["fileName"]:
            disposition += f"; filename*=UTF-8''{quote(document['fileName'], safe='')}"
        return Answer(200, content, {"Content-Disposition": disposition}, _BINARY)

    def _thumbnail(self, call: Call, ids: list[int]) -> Answer:
        document, content = self._content(ids)
        if not document["imageFlag"]:
            raise not_found(DOCUMENT.label, ids[0])
        return Answer(200, content, media=_BINARY)


def _owner(kind: str) -> str:
    """The record type as the API writes it. ApiError 400 (the text is a guess)."""
    if kind.lower() not in _OWNERS:
        text = f"recordType {kind} is not valid"
        raise invalid("documentInfo", [FieldError("InvalidField", text, "recordType")])
    return _OWNERS[kind.lower()]

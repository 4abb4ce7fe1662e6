# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents (fact 11.1): forms, lists by record, downloads."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Caller

CONTENT = b"first line\r\n\x00\xff--boundary\r\n"


def upload(cw: Caller, path: str = "system/documents", file: Any = ("report.txt", CONTENT), **values: str) -> Any:
    """Send a form: the response."""
    form: dict[str, Any] = {name: (None, value) for name, value in values.items()}
    return cw.call("POST", path, files={**form, "file": file} if file else form)


def ticket_document(cw: Caller, **values: str) -> Any:
    """A document of ticket 12345: DocumentInfo."""
    response = upload(cw, recordType="Ticket", recordId="12345", **values)
    assert response.status_code == 201, response.text
    return response.json()


def test_upload_and_download(cw: Caller) -> None:
    """What was sent comes back byte for byte, as an attachment."""
    made = ticket_document(cw, title="Report", privateFlag="true", readOnlyFlay="true")
    assert (made["title"], made["fileName"], made["size"]) == ("Report", "report.txt", len(CONTENT))
    flags = ("publicFlag", "readOnlyFlag", "linkFlag", "urlFlag", "imageFlag")
    assert [made[flag] for flag in flags] == [False, True, False, False, False]
    assert (made["owner"], made["_info"]["updatedBy"]) == ("ansible", "ansible")
    path = f"system/documents/{made['id']}"
    assert cw.get(path) == made
    response = cw.call("GET", f"{path}/download", headers={"Accept": "*/*"})
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert cw.error(404, "GET", f"{path}/thumbnail")["code"] == "NotFound"
    cw.delete(path)
    assert cw.error(404, "GET", f"{path}/download")["message"] == f"Document {made['id']} not found"


def test_lists(cw: Caller) -> None:
    """By recordType and recordId; below the ticket as references."""
    first = ticket_document(cw)
    upload(cw, recordType="Company", recordId="250")
    third = ticket_document(cw, title="Third")
    query = {"recordType": "ticket", "recordId": 12345}
    assert [found["id"] for found in cw.get("system/documents", **query)] == [first["id"], third["id"]]
    assert [found["title"] for found in cw.get("system/documents", **query, orderBy="id desc", pageSize=1)] == ["Third"]
    assert cw.get("system/documents/count", **query) == {"count": 2}
    assert cw.get("system/documents/count", **query, conditions="title='Third'") == {"count": 1}
    assert cw.get("system/documents/count", recordType="Company", recordId=250) == {"count": 1}
    references = cw.get("service/tickets/12345/documents")
    assert [(found["id"], found["name"]) for found in references] == [
        (first["id"], "report.txt"),
        (third["id"], "Third"),
    ]
    cw.delete("service/tickets/12345")
    assert cw.get("system/documents/count", **query) == {"count": 0}
    assert cw.error(400, "GET", "system/documents", params={"recordType": "Nothing"})["code"] == "InvalidObject"


def test_replace(cw: Caller) -> None:
    """POST on a document puts another file in its place."""
    made = ticket_document(cw, title="Report")
    response = upload(cw, f"system/documents/{made['id']}", ("Ž.png", b"\x89PNG"))
    assert response.status_code == 200
    changed = response.json()
    assert (changed["id"], changed["title"], changed["fileName"], changed["size"]) == (made["id"], "Report", "Ž.png", 4)
    path = f"system/documents/{made['id']}"
    assert cw.call("GET", f"{path}/download").content == cw.call("GET", f"{path}/thumbnail").content == b"\x89PNG"
    assert "filename*=UTF-8''%C5%BD.png" in cw.call("GET", f"{path}/download").headers["Content-Disposition"]
    assert upload(cw, path, file=None, title="x").status_code == 400
    for method in ("PUT", "PATCH"):
        assert cw.error(405, method, path, {})["code"] == "ConnectWiseApi"


def test_links(cw: Caller) -> None:
    """url in place of a file; there is nothing to download."""
    response = upload(cw, file=None, recordType="Ticket", recordId="12345", url="https://wiki.example/page")
    made = response.json()
    assert (response.status_code, made["linkFlag"], made["urlFlag"], made["size"]) == (201, True, True, 0)
    assert cw.error(404, "GET", f"system/documents/{made['id']}/download")


def test_refused(cw: Caller) -> None:
    """JSON is 415 as recorded; what is missing or not there is named."""
    body = cw.error(415, "POST", "system/documents", {"recordType": "Ticket"})
    text = "The request entity's media type 'application/json' is not supported for this resource."
    assert body == {"code": "InvalidObject", "message": text}
    body = upload(cw, file=None, title="x").json()
    assert [error["field"] for error in body["errors"]] == ["recordType", "recordId", "file"]
    body = upload(cw, recordType="Ticket", recordId="99").json()
    assert (body["message"], body["errors"][0]["message"]) == ("documentInfo object is invalid", "Ticket 99 not found")
    assert upload(cw, recordType="Project", recordId="1").status_code == 201
    assert upload(cw, recordType="Ticket", recordId="12400").status_code == 201
    assert upload(cw, recordType="Cupboard", recordId="1").status_code == 400
    assert upload(cw, recordType="Ticket", recordId="one").status_code == 500
    broken = cw.call("POST", "system/documents", data=b"--x\r\n", headers={"Content-Type": "multipart/form-data"})
    assert (broken.status_code, broken.json()["code"]) == (500, "ConnectWiseApi")


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.connectwise.com+json; version=2025.1"])
def test_download_with_accept_of_json(cw: Caller, accept: str) -> None:
    """Fact 1.12: a switch."""
    path = f"system/documents/{ticket_document(cw)['id']}/download"
    assert cw.error(406, "GET", path, headers={"Accept": accept})["code"] == "ConnectWiseApi"
    assert cw.call("GET", path, headers={"Accept": f"{accept}, */*"}).status_code == 200
    cw.switch(download_accept_json="accept")
    assert cw.call("GET", path, headers={"Accept": accept}).content == CONTENT


def test_form_for_trying(cw: Caller) -> None:
    """uploadsample is a page."""
    response = cw.call("GET", "system/documents/uploadsample")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "multipart/form-data" in response.text

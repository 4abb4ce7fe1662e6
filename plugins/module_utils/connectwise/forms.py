# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies of the kind multipart/form-data, read while they are sent, so that a large file needs no memory."""

from __future__ import annotations

import os
import secrets
from io import BytesIO
from typing import BinaryIO


class Form:
    """The fields of a form, and at most one file.

    Args:
        fields: names and values.
        file_name: what the server is told that the file is called.
        content: the file, opened for reading in binary; None for no file. It is read from its start each time.
    """

    def __init__(self, fields: dict[str, str], file_name: str = "", content: BinaryIO | None = None) -> None:
        boundary = secrets.token_hex(16)
        parts = [_part(boundary, f'name="{_quoted(name)}"', value) for name, value in fields.items()]
        if content is not None:
            named = f'name="file"; filename="{_quoted(file_name)}"\r\nContent-Type: application/octet-stream'
            parts.append(_part(boundary, named, "").removesuffix("\r\n"))
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._content = content
        self._head = "".join(parts).encode("utf-8", "replace")
        end = f"--{boundary}--\r\n"
        self._tail = (end if content is None else f"\r\n{end}").encode("ascii")

    @property
    def size(self) -> int:
        """Bytes of the file; 0 where there is none."""
        return self._content.seek(0, os.SEEK_END) if self._content is not None else 0

    def body(self) -> Body:
        """The whole form, from its start."""
        return Body(self.size, BytesIO(self._head), self._content, BytesIO(self._tail))


class Body:
    """Several streams one after the other; ``requests`` asks for its length, and reads it piece by piece."""

    def __init__(self, size: int, head: BytesIO, content: BinaryIO | None, tail: BytesIO) -> None:
        self._length = size + len(head.getvalue()) + len(tail.getvalue())
        if content is not None:
            content.seek(0)
        self._streams = [stream for stream in (head, content, tail) if stream is not None]

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes more; none at the end."""
        while self._streams:
            piece = self._streams[0].read(size)
            if piece:
                return piece
            self._streams.pop(0)
        return b""


def _part(boundary: str, named: str, value: str) -> str:
    return f"--{boundary}\r\nContent-Disposition: form-data; {named}\r\n\r\n{value}\r\n"


def _quoted(text: str) -> str:
    """A name for a header, in the way of browsers."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")

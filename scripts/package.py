# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection from what git knows, so that everybody who builds a commit gets the same bytes.

``ansible-galaxy collection build`` leaves the order of the files to the file system and writes the time into the
archive; both are put right here, with the checksums that depend on them. The compression is zlib's: another
implementation of it makes another archive with the same content.

Usage: python scripts/package.py FOLDER
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import checkout

MANIFEST, FILES = "MANIFEST.json", "FILES.json"


def build(folder: Path) -> Path:
    """Build this checkout; the last commit says which time is written into it.

    Returns the path of the tarball, which lies in the folder.

    Raises:
        subprocess.CalledProcessError: git or ansible-galaxy failed; its own words stand above.
    """
    with tempfile.TemporaryDirectory() as temporary:
        built = Path(temporary, "built")
        galaxy = Path(sys.executable).with_name("ansible-galaxy")
        source = checkout.copy_tree(Path(temporary))
        subprocess.run(
            [sys.executable, galaxy, "collection", "build", source, "--output-path", built],
            check=True,
            cwd=temporary,
            env={**os.environ, "ANSIBLE_HOME": temporary},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        (tarball,) = built.iterdir()
        target = folder / tarball.name
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_the_same_each_time(tarball, int(checkout.git("log", "-1", "--format=%ct"))))
    return target


def _the_same_each_time(tarball: Path, time: int) -> bytes:
    """The content of a tarball in the order of names, all of the given time (seconds since 1970)."""
    with tarfile.open(tarball) as tar:
        members = {member.name: member for member in tar.getmembers()}
        contents = {name: tar.extractfile(member) for name, member in members.items() if member.isfile()}
        texts = {name: file.read() for name, file in contents.items() if file}
    listed = json.loads(texts[FILES])
    listed["files"].sort(key=lambda entry: str(entry["name"]))
    texts[FILES] = _as_json(listed)
    manifest = json.loads(texts[MANIFEST])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(texts[FILES]).hexdigest()
    texts[MANIFEST] = _as_json(manifest)
    packed = io.BytesIO()
    # No name and no time in the head of the compressed file.
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w") as tar,
    ):
        for name in (MANIFEST, FILES, *sorted(members.keys() - {MANIFEST, FILES})):
            member, text = members[name], texts.get(name, b"")
            member.mtime, member.size, member.pax_headers = time, len(text), {}
            tar.addfile(member, io.BytesIO(text))
    return packed.getvalue()


def _as_json(value: Any) -> bytes:
    """As ansible-galaxy writes it."""
    return json.dumps(value, indent=True).encode()


if __name__ == "__main__":
    checkout.forget_own_settings()
    print(build(Path(sys.argv[1]).resolve()))

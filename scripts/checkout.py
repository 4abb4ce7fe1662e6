# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things lie in this checkout: the environments, the caches, and the collection as Ansible wants to see it.

Ansible finds a collection only in a folder ansible_collections/msp/connectwise, and several of its tools break on
blanks, quotes or colons in a path. So all that is generated lies in the checkout's folders .venv and .cache, and where
the checkout's own path is not plain, these two are links into a private folder whose path is.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
"""The root of the checkout."""

COLLECTION = Path("ansible_collections", "msp", "connectwise")
"""Where the collection lies below a folder on Ansible's collection path."""

# Interpreter lines of scripts are cut off at 127 characters by older kernels.
_LONGEST_PLAIN_PATH = 80


def _is_plain(path: Path) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_./-]+", str(path)) is not None and len(str(path)) <= _LONGEST_PLAIN_PATH


def _private_folder() -> Path:
    """The folder for generated files of a checkout whose own path is not plain."""
    name = hashlib.sha256(os.fsencode(REPOSITORY)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").resolve()
    if _is_plain(cache):
        return cache / "msp-connectwise" / name
    folder = Path("/tmp", f"msp-connectwise-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise SystemExit(
            f"{folder} belongs to somebody else. Set XDG_CACHE_HOME to a folder of yours with a plain name."
        )
    return folder / name


def generated(name: str) -> Path:
    """The folder for generated files: name is ".venv" or ".cache". It exists, and its path is plain."""
    shown = REPOSITORY / name
    if _is_plain(REPOSITORY):
        shown.mkdir(exist_ok=True)
        return shown.resolve()
    folder = _private_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    if shown.is_symlink() and shown.resolve() != folder:
        shown.unlink()
    if shown.exists() and not shown.is_symlink():  # the checkout was moved here, with what was made elsewhere
        shutil.rmtree(shown)
    if not shown.is_symlink():
        shown.symlink_to(folder)
    return folder


def environment(name: str) -> Path:
    """The folder of the virtual environment "run", "test" or "oldest"; "make environments" fills it."""
    return generated(".venv") / name


def linked_tree() -> Path:
    """A folder for Ansible's collection path and for Python's, in which the collection is a link to the checkout."""
    tree = generated(".cache") / "tree"
    link = tree / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    if not (link.is_symlink() and link.resolve() == REPOSITORY):
        # Made beside it and renamed, as several test processes may come here at once.
        with tempfile.TemporaryDirectory(dir=tree) as beside:
            (Path(beside) / "link").symlink_to(REPOSITORY)
            os.replace(Path(beside) / "link", link)
    return tree


def forget_own_settings() -> None:
    """Keep the user's own settings of Ansible, ConnectWise and Python out of this process and those it starts."""
    for name in list(os.environ):
        if name.startswith(("ANSIBLE_", "CW_")) or name in ("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH"):
            del os.environ[name]
    configuration = generated(".cache") / "ansible.cfg"
    configuration.touch()
    os.environ["ANSIBLE_CONFIG"] = str(configuration)
    # The simulator is reached directly, also where there is a proxy.
    given = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, [given, "127.0.0.1", "localhost"]))


def git(*arguments: str) -> bytes:
    """What a git command on the checkout prints.

    Raises:
        subprocess.CalledProcessError: it failed; its own words stand above.
    """
    return subprocess.run(["git", *arguments], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE).stdout


def known_to_git() -> list[Path]:
    """The files of the checkout that git tracks or would offer to add, relative to its root."""
    listing = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    paths = {Path(os.fsdecode(name)) for name in listing.split(b"\0") if name}
    return sorted(path for path in paths if os.path.lexists(REPOSITORY / path))


def copy_tree(folder: Path) -> Path:
    """Copy what git knows below the folder, for ansible-test, which accepts no links. Returns the copy."""
    collection = folder / COLLECTION
    for name in known_to_git():
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, target, follow_symlinks=False)
    # Else ansible-test asks a repository around the copy which files count, and ours ignores all of .cache.
    subprocess.run(["git", "init", "--quiet", collection], check=True)
    return collection

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For all tests: the collection on the Python path, a clean environment, and the two versions of ansible-core."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import checkout

TREE = checkout.linked_tree()
sys.path.insert(0, str(TREE))
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(checkout.generated(".cache") / "hypothesis"))


@dataclass(frozen=True)
class Core:
    """One installation of ansible-core, in a virtual environment."""

    name: str
    """ "oldest" or "newest"."""
    folder: Path
    """The folder of the virtual environment."""

    @property
    def python(self) -> Path:
        """The path of its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def version(self) -> str:
        """The version of ansible-core, e.g. "2.16.19"."""
        question = "from importlib.metadata import version; print(version('ansible-core'))"
        return subprocess.run(
            [self.python, "-c", question], capture_output=True, check=True, text=True, stdin=subprocess.DEVNULL
        ).stdout.strip()

    def command(self, program: str) -> list[str]:
        """The beginning of a command line, e.g. for "ansible-playbook", "ansible-doc" or "ansible-galaxy"."""
        return [str(self.python), str(self.folder / "bin" / program)]


def _core(name: str, environment: str) -> Core:
    given = os.environ.get(f"MSP_CW_{name.upper()}")
    core = Core(name, Path(given) if given else checkout.environment(environment))
    if not core.python.exists():
        pytest.fail(f"There is no ansible-core in {core.folder}: run 'make environments' first.", pytrace=False)
    return core


@pytest.fixture(scope="session")
def oldest() -> Core:
    """The oldest ansible-core that this Python allows, or the one in the virtual environment MSP_CW_OLDEST."""
    return _core("oldest", "oldest")


@pytest.fixture(scope="session")
def newest() -> Core:
    """The newest ansible-core that this Python allows, or the one in the virtual environment MSP_CW_NEWEST."""
    return _core("newest", "test")


@pytest.fixture(scope="session")
def cores(oldest: Core, newest: Core) -> dict[str, Core]:
    """Both versions of ansible-core, by the names "oldest" and "newest"."""
    return {"oldest": oldest, "newest": newest}


@pytest.fixture(scope="session", params=["oldest", "newest"])
def core(request: pytest.FixtureRequest, cores: dict[str, Core]) -> Core:
    """Runs the test on each of the two versions of ansible-core."""
    return cores[str(request.param)]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return checkout.REPOSITORY


@pytest.fixture(scope="session")
def collections_path() -> Path:
    """The folder for ANSIBLE_COLLECTIONS_PATH: the collection in it is a link to the checkout."""
    return TREE


def pytest_configure() -> None:
    """Keep the user's own settings of Ansible, Python and ConnectWise out of the tests, and a shell's of Ctrl-C."""
    checkout.forget_own_settings()
    # What a shell starts in the background ignores it, and so would all that the tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the long tests first, and count coverage from the unit tests alone."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if not item.path.is_relative_to(checkout.REPOSITORY / "tests" / "unit"):
            item.add_marker(pytest.mark.no_cover)

# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the simulator."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
import requests

from .conftest import start, wait_for


def get(ready: dict[str, Any], path: str, **more: Any) -> Any:
    """The decoded answer of a GET with the credentials of the ready file."""
    response = requests.get(
        f"{ready['url']}/v4_6_release/apis/3.0/{path}",
        auth=(f"{ready['company']}+{ready['public_key']}", ready["private_key"]),
        headers={"clientId": ready["client_id"]},
        **{"timeout": 20, **more},
    )
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_introduction_and_end(tmp_path: Path, number: signal.Signals) -> None:
    """It tells a person what to do, and a signal ends it with exit code 0, even in the middle of a request."""
    ready_file = tmp_path / "ready.json"
    process = start("--ready-file", str(ready_file))
    ready = wait_for(ready_file, process)
    assert ready["pid"] == process.pid
    assert ready["url"] == f"http://127.0.0.1:{ready['port']}"
    requests.post(f"{ready['url']}/_simulator/faults", json={"kind": "latency", "seconds": 30}, timeout=20)
    with pytest.raises(requests.Timeout):
        get(ready, "system/info", timeout=0.3)
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    for line in (
        f"export CW_URL={ready['url']}",
        "export CW_CLIENT=training",
        "export CW_USERNAME=SIMpublicKey4821",
        "export CW_PASSWORD=SIMprivateKey7755",
        "export CW_CLIENT_ID=5b7f9e0c-0d6a-4f3e-9c3c-2a1d6c0f4e11",
        "fv_sr100_request.rails?service_recid=12345",
        "Ctrl-C",
    ):
        assert line in output


def test_kept_records(tmp_path: Path) -> None:
    """--state keeps records between starts."""
    for number in (1, 2):
        ready_file = tmp_path / f"ready-{number}.json"
        process = start("--quiet", "--ready-file", str(ready_file), "--state", str(tmp_path / "state.sqlite"))
        ready = wait_for(ready_file, process)
        found = get(ready, "service/tickets/count")["count"]
        assert found == 3 + number
        requests.post(
            f"{ready['url']}/_simulator/records/service/tickets",
            json=[{"summary": "kept", "company": {"id": 250}}],
            timeout=20,
        )
        process.terminate()
        assert process.wait(20) == 0
        process.communicate()


def test_tls(tmp_path: Path) -> None:
    """--tls: the CA file in the ready file is the one to trust; it is gone afterwards."""
    ready_file = tmp_path / "ready.json"
    process = start("--quiet", "--tls", "--ready-file", str(ready_file))
    ready = wait_for(ready_file, process)
    assert ready["url"].startswith("https://127.0.0.1:")
    assert get(ready, "service/tickets/123", verify=ready["ca_file"])["id"] == 123
    with pytest.raises(requests.exceptions.SSLError):
        get(ready, "service/tickets/123")
    process.terminate()
    assert process.wait(20) == 0
    assert process.communicate() == ("", "")
    assert not os.path.exists(ready["ca_file"])


def test_busy_port() -> None:
    """One sentence, exit code 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert errors == f"Cannot listen on 127.0.0.1 port {port}: Address already in use.\n"


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    """One sentence, exit code 2."""
    missing = tmp_path / "missing" / "file"
    process = start("--ready-file", str(missing), "--quiet")
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert errors == f"Cannot write the ready file {missing}: No such file or directory.\n"
    process = start("--state", str(missing))
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert errors == f"The state file {missing} cannot be used: unable to open database file.\n"
    text = tmp_path / "text"
    text.write_text("This is no database, but long enough to be looked at." * 40)
    process = start("--state", str(text))
    assert process.communicate(timeout=20)[1] == f"The state file {text} cannot be used: file is not a database.\n"
    assert process.returncode == 2

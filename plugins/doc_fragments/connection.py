# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re


class ModuleDocFragment:
    """The connection options, the same for everything in this collection."""

    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Address of ConnectWise, such as V(https://api-na.myconnectwise.net).
      - The codebase and V(/apis/3.0) may be part of it, and need not be.
      - If not set, the environment variable E(CW_URL) is used.
    type: str
    required: true
  client:
    description:
      - The company that members log in to.
      - If not set, the environment variable E(CW_CLIENT) is used.
    type: str
    required: true
  username:
    description:
      - Public key of an API member.
      - If not set, the environment variable E(CW_USERNAME) is used.
    type: str
    required: true
    aliases: [public_key]
  password:
    description:
      - Private key of the API member.
      - If not set, the environment variable E(CW_PASSWORD) is used.
    type: str
    required: true
    aliases: [private_key]
  client_id:
    description:
      - The client id of your integration, a GUID that you get at the vendor's developer site.
      - If not set, the environment variable E(CW_CLIENT_ID) is used.
    type: str
    required: true
  codebase:
    description:
      - The part of the address between the host and V(/apis). It is seldom needed.
      - V(auto) asks the server for it, which also copes with a cloud that was upgraded.
      - If not set here, in O(base_url), or in the environment variable E(CW_CODEBASE), it is V(v4_6_release).
    type: str
  validate_certs:
    description:
      - Whether the server's certificate must be trusted.
      - If not set, the environment variable E(CW_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates (PEM) to trust instead of the system's.
      - If not set, the environment variable E(CW_CA_PATH) is used.
    type: path
  proxy:
    description:
      - Address of the proxy to go through. Without it E(HTTPS_PROXY) and E(NO_PROXY) count, as usual.
      - If not set, the environment variable E(CW_PROXY) is used.
    type: str
  allow_http:
    description:
      - Accept an unencrypted connection to another machine, which lets everybody on the way read the password.
      - If not set, the environment variable E(CW_ALLOW_HTTP) is used.
    type: bool
    default: false
  timeout:
    description:
      - Seconds to wait for each part of an answer.
      - If not set, the environment variable E(CW_TIMEOUT) is used.
    type: float
    default: 60.0
  retry_budget:
    description:
      - Seconds that all attempts of one operation may take together, waiting included.
      - Repeated are requests that the server throttled, and those that can be repeated safely after a passing failure.
        What creates a record is sent again only after a look whether the first attempt did it.
      - If not set, the environment variable E(CW_RETRY_BUDGET) is used.
    type: float
    default: 120.0
  requests_per_minute:
    description:
      - How many requests all processes of this user on this machine send together to one company, each in its turn.
        ConnectWise throttles what goes beyond 1,000.
      - V(0) means no limit.
      - If not set, the environment variable E(CW_REQUESTS_PER_MINUTE) is used.
    type: int
    default: 1000
requirements:
  - requests (Python library)
"""

    # For other plugins than modules; Ansible reads their environment variables itself.
    PLUGIN: str = re.sub(
        r"E\((CW_\w+)\)(.*?\n)(?=    type:)", r"E(\1)\2    env:\n      - name: \1\n", DOCUMENTATION, flags=re.DOTALL
    )

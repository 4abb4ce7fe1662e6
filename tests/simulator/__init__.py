# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ConnectWise PSA on the loopback: behaves as the public facts about its REST API say, and misbehaves on demand.

"Fact 6.2" in the docstrings means section 6, point 2 of the fact sheet that the simulator was written from.
"""

"""What the bot carries from its start on."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "scipy", "matplotlib", "pandas", "xlsxwriter")


def test_an_idle_bot_has_loaded_nothing_that_only_reports_need() -> None:
    code = f"import sys, bot.app; print(*(one for one in {HEAVY!r} if one in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""

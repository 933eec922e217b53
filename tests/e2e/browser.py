"""Which browser the stories are told in: the Chromium of the machine."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_HINT = "no Chromium found (Debian: apt install chromium)"


def find_chromium() -> str | None:
    """The path of the first Chromium or Chrome in the PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)

"""The test site on a base page model of its own (Wagtail 8 only)."""

from __future__ import annotations

import sys

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, SCRATCH

WAGTAIL_PAGE_MODEL = "testapp.BasePage"

INSTALLED_APPS = [
    "tests.testapp",
    "tests.testapp.calls",
    *(app for app in INSTALLED_APPS if app != "wagtail_crowdbrand.pages"),
]

# A site makes the migration of its concrete pages itself, so the tests do it as well.
MADE = SCRATCH / "crowdbrand_made"
MADE.mkdir()
(MADE / "__init__.py").touch()
sys.path.append(str(SCRATCH))
MIGRATION_MODULES = {"calls": "crowdbrand_made.calls"}

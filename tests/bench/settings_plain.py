"""The same without anything of ours: plain Wagtail on the same database."""

from __future__ import annotations

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import INSTALLED_APPS, MIDDLEWARE, OURS

ROOT_URLCONF = "tests.bench.plain.urls"
NOT_PLAIN = {
    "wagtail_crowdbrand",
    "wagtail_crowdbrand.pages",
    "wagtail_modeladmin",
    "ninja",
}
INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in NOT_PLAIN]
MIDDLEWARE = [name for name in MIDDLEWARE if name != OURS]
WAGTAIL_CROWDBRAND = {}

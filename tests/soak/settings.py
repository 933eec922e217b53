"""The test site as it runs with more than one process: Redis, tasks, many workers."""

from __future__ import annotations

import os

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import DATABASES, INSTALLED_APPS, LIMITS

INSTALLED_APPS = [name for name in INSTALLED_APPS if name != "tests.bench.plain"]
ROOT_URLCONF = "tests.urls"
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if os.environ.get("CROWDBRAND_SOAK_REDIS"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["CROWDBRAND_SOAK_REDIS"],
        }
    }
WAGTAIL_CROWDBRAND = {"RATE_LIMITS": dict.fromkeys(LIMITS, ""), "UNDO_SECONDS": 0}

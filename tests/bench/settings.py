"""The test site as it would run in production, for a server of its own."""

from __future__ import annotations

import os
from pathlib import Path

import django

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, MIDDLEWARE, STORAGES

FILES = Path(os.environ["CROWDBRAND_BENCH_FILES"])

ROOT_URLCONF = "tests.bench.urls"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "tests.bench.plain",
    "django_tasks",
    "django_tasks_db",
]
OURS = "wagtail_crowdbrand.middleware.unchanged_pages"
MIDDLEWARE = ["tests.bench.counting.count_queries", *MIDDLEWARE, OURS]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["CROWDBRAND_BENCH_DATABASE"],
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MEDIA_ROOT = FILES / "media"
STORAGES["crowdbrand_private"]["OPTIONS"]["location"] = FILES / "private"

MAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL_BACKEND}}
else:
    EMAIL_BACKEND = MAIL_BACKEND

# Everything is asked from one address.
LIMITS = ("draft", "upload", "submit", "link", "resume", "notice", "notice_each")
WAGTAIL_CROWDBRAND = {"RATE_LIMITS": dict.fromkeys(LIMITS, "")}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "ERROR"},
}

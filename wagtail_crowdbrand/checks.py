"""System checks; each has an id and a test of that name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.storage import FileSystemStorage
from django.db import DEFAULT_DB_ALIAS, connections
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_crowdbrand.conf import get_config, unknown_keys
from wagtail_crowdbrand.models.upload import private_storage

TAG = "wagtail_crowdbrand"
#: Seconds a writer should wait for the one before it.
SQLITE_TIMEOUT = 20
SQLITE_OPTIONS = (
    '{"transaction_mode": "IMMEDIATE", "timeout": 20, '
    '"init_command": "PRAGMA journal_mode=WAL"}'
)


def register_all() -> None:
    checks.register(check_setting_keys, TAG)
    checks.register(check_private_storage, TAG)
    checks.register(check_sqlite, TAG)
    checks.register(check_cache, TAG, deploy=True)
    checks.register(check_tasks, TAG, deploy=True)


def check_setting_keys(**kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"WAGTAIL_CROWDBRAND has no setting “{key}”.",
            hint="See docs/reference/settings.md.",
            id="wagtail_crowdbrand.E001",
        )
        for key in sorted(unknown_keys())
    ]


def check_private_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """Files nobody may see yet must not lie where the web server looks."""
    storage = private_storage()
    if not isinstance(storage, FileSystemStorage) or not settings.MEDIA_ROOT:
        return []
    private, media = Path(storage.location), Path(settings.MEDIA_ROOT).absolute()
    if private != media and media not in private.parents:
        return []
    return [
        checks.Error(
            "Private files of contributors would lie below MEDIA_ROOT.",
            hint=f"Point STORAGES['{get_config().private_storage}'] somewhere else.",
            id="wagtail_crowdbrand.E002",
        )
    ]


def check_sqlite(**kwargs: Any) -> list[checks.CheckMessage]:
    """With Django's defaults most writes that meet another one fail."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        return []
    options = connection.settings_dict["OPTIONS"]
    start = "".join(options.get("init_command", "").lower().split())
    if (
        str(options.get("transaction_mode", "")).upper() in ("IMMEDIATE", "EXCLUSIVE")
        and options.get("timeout", 0) >= SQLITE_TIMEOUT
        and "journal_mode=wal" in start
    ):
        return []
    return [
        checks.Warning(
            "SQLite would refuse people who write at the same time.",
            hint=f"Set DATABASES['default']['OPTIONS'] to {SQLITE_OPTIONS}.",
            id="wagtail_crowdbrand.W001",
        )
    ]


def check_cache(**kwargs: Any) -> list[checks.CheckMessage]:
    """Rate limits live in the cache, which all processes should share."""
    if not isinstance(caches["default"], LocMemCache | DummyCache):
        return []
    return [
        checks.Warning(
            "Rate limits would be counted in each process on its own, or not at all.",
            hint="Use a shared cache, such as Redis or the database, in CACHES.",
            id="wagtail_crowdbrand.W002",
        )
    ]


def check_tasks(**kwargs: Any) -> list[checks.CheckMessage]:
    """Pages, pictures and mails are made by tasks, after the commit."""
    if not isinstance(task_backends["default"], ImmediateBackend):
        return []
    return [
        checks.Warning(
            "Visitors and moderators would wait until pages and mails are made.",
            hint="Use a backend with workers in TASKS, and run a worker.",
            id="wagtail_crowdbrand.W003",
        )
    ]

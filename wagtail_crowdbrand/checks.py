"""System checks; each has an id and a test of that name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.files.storage import FileSystemStorage

from wagtail_crowdbrand.conf import get_config, unknown_keys
from wagtail_crowdbrand.models.upload import private_storage

TAG = "wagtail_crowdbrand"


def register_all() -> None:
    checks.register(check_setting_keys, TAG)
    checks.register(check_private_storage, TAG)


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

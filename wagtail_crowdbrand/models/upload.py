"""Files contributors sent, re-encoded, in private storage."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models
from wagtail.images import get_image_model_string

from wagtail_crowdbrand.conf import get_config


def private_storage() -> Storage:
    """The storage named by ``PRIVATE_STORAGE``, or a folder beside ``MEDIA_ROOT``."""
    alias = get_config().private_storage
    if alias in settings.STORAGES:
        return storages[alias]
    beside = Path(settings.MEDIA_ROOT or "media").absolute().parent
    return FileSystemStorage(location=beside / alias, base_url=None)


def random_name(upload: Any, filename: str) -> str:
    """A name that says nothing: the row's own id, in 256 folders."""
    suffix = Path(filename).suffix
    return f"{upload.pk.hex[:2]}/{upload.pk.hex}{suffix}"


class Upload(models.Model):
    """One picture of a submission. The file never changes; revisions refer to its id.

    ``image`` is the public copy in Wagtail's library and exists only while the
    submission is visible; deleted there by somebody, it is made again by the tick.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        on_delete=models.CASCADE,
        related_name="uploads",
    )
    file = models.FileField(storage=private_storage, upload_to=random_name)
    sha256 = models.CharField(max_length=64, help_text="Of the re-encoded file.")
    name = models.CharField(
        max_length=80,
        blank=True,
        help_text="What its contributor called the file. For nobody else to see.",
    )
    size = models.PositiveIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    image = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.pk)

"""Files of ours that no row names: what a rollback or a killed process left behind."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.storage import Storage
from wagtail.images import get_image_model

from wagtail_crowdbrand.domain.pictures import PREFIX
from wagtail_crowdbrand.models import PreparedPicture, Upload
from wagtail_crowdbrand.models.upload import private_storage

logger = logging.getLogger("wagtail_crowdbrand")

#: A younger file may belong to a transaction that is not finished.
AGE = timedelta(days=1)
#: More in one folder than this, and than it has files with a row, is somebody else's.
FEW = 20

FOLDER = re.compile(r"[0-9a-f]{2}")
PRIVATE = re.compile(r"(?P<id>[0-9a-f]{32})\.(png|jpg)")
#: A size made ahead for a reveal.
PREPARED = re.compile(r"[0-9a-f]{32}\.[a-z]+-\d+x\d+.*\.(png|jpg)")
#: Wagtail cuts the names of renditions.
PUBLIC = re.compile(rf"{PREFIX}[0-9a-f]{{16,32}}[._].+")


class Orphan(NamedTuple):
    """A file nobody needs."""

    storage: Storage
    name: str

    def delete(self) -> None:
        """Doing so twice changes nothing."""
        self.storage.delete(self.name)


def find(*, at: datetime) -> Iterator[Orphan]:
    """Private files and public copies, older than :data:`AGE`, that no row names.

    Only names that this package gives are looked at. A storage that cannot list its
    files, or say how old one is, has none.
    """
    private = private_storage()
    for folder in sorted(_listed(private, "")[0]):
        if FOLDER.fullmatch(folder):
            yield from _private(private, folder, at=at)
    image = get_image_model()
    for model in (image, image.get_rendition_model()):
        yield from _public(model, at=at)


def _private(storage: Storage, folder: str, *, at: datetime) -> Iterator[Orphan]:
    names = _listed(storage, folder)[1]
    found = {
        f"{folder}/{name}": UUID(match["id"])
        for name in names
        if (match := PRIVATE.fullmatch(name))
    }
    known = set(
        Upload.objects.filter(pk__in=found.values()).values_list("pk", flat=True)
    )
    unknown = [name for name, pk in found.items() if pk not in known]
    yield from _old(storage, unknown, known=len(known), at=at)
    yield from _prepared(storage, folder, names, at=at)


def _prepared(
    storage: Storage, folder: str, names: Collection[str], *, at: datetime
) -> Iterator[Orphan]:
    found = [f"{folder}/{name}" for name in names if PREPARED.fullmatch(name)]
    rows = PreparedPicture.objects.filter(file__in=found)
    known = set(rows.values_list("file", flat=True))
    unknown = [name for name in found if name not in known]
    yield from _old(storage, unknown, known=len(known), at=at)


def _public(model: Any, *, at: datetime) -> Iterator[Orphan]:
    """Of Wagtail's images, or of their renditions."""
    storage = model._meta.get_field("file").storage
    folder = str(PurePosixPath(model().get_upload_to("x.png")).parent)
    found = [
        f"{folder}/{name}"
        for name in _listed(storage, folder)[1]
        if PUBLIC.fullmatch(name)
    ]
    ours = model._default_manager.filter(file__startswith=f"{folder}/{PREFIX}")
    known = set(ours.values_list("file", flat=True))
    unknown = [name for name in found if name not in known]
    yield from _old(storage, unknown, known=len(known), at=at)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """Folders and files in a folder; nothing where there is none, or no telling."""
    try:
        return storage.listdir(folder)
    except (FileNotFoundError, NotImplementedError):
        return [], []


def _old(
    storage: Storage, names: Collection[str], *, known: int, at: datetime
) -> Iterator[Orphan]:
    if len(names) > max(FEW, known):
        logger.error(
            "%s files in the storage of %s have no row, and %s have one. Is it shared "
            "with another site? Nothing was deleted.",
            len(names),
            min(names),
            known,
        )
        return
    for name in sorted(names):
        try:
            made = storage.get_modified_time(name)
        except (FileNotFoundError, NotImplementedError):
            continue
        if made < at - AGE:
            yield Orphan(storage, name)

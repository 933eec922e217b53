"""Pictures on their way in: bounds checked, re-encoded, stored where nobody looks."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any, NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from PIL import Image

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import containers, decoding
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.models import Contributor, Submission, Upload
from wagtail_crowdbrand.models.inputs import without_controls
from wagtail_crowdbrand.states import REASONS

JPEG_QUALITY = 88
#: Files one submission may ever have had, those taken out again included.
MAX_UPLOADS = 100


class Picture(NamedTuple):
    """A re-encoded picture: only pixels are left of what was sent."""

    content: bytes
    suffix: str
    width: int
    height: int


def add_upload(submission: Submission, file: IO[bytes], *, at: datetime) -> Upload:
    """Re-encode ``file`` and keep it with the submission, in private storage.

    Raises :class:`~wagtail_crowdbrand.errors.InvalidUpload` with a sentence for the
    person who sent it. The name of the file is kept for that person, and never used.
    """
    _require_room(submission)
    picture = re_encode(file)
    rows = Submission.objects.select_for_update(of=("self",))
    with transaction.atomic():
        locked = rows.get(pk=submission.pk)
        if locked.contributor_id:  # who sends to several briefs at once has one quota
            Contributor.objects.select_for_update().get(pk=locked.contributor_id)
        _require_room(locked, size=len(picture.content))
        upload = Upload(
            submission=submission,
            name=_shown_name(file),
            sha256=hashlib.sha256(picture.content).hexdigest(),
            size=len(picture.content),
            width=picture.width,
            height=picture.height,
            created_at=at,
        )
        content = ContentFile(picture.content)
        upload.file.save(f"picture.{picture.suffix}", content, save=False)
        upload.save(force_insert=True)
    return upload


def _shown_name(file: Any) -> str:
    """A short name in which nothing is invisible."""
    name = PurePath(str(getattr(file, "name", "") or "").replace("\\", "/")).name
    return without_controls(name)[-80:]


def _require_room(submission: Submission, *, size: int = 1) -> None:
    """Raise ``InvalidUpload`` unless a picture of ``size`` bytes may be added.

    The campaign is not locked, lest all who send wait for each other: what is sent
    at the same moment may pass its limits together.
    """
    if submission.uploads.count() >= MAX_UPLOADS:
        message = _("Too many files were sent with this idea. No more can be added.")
        raise InvalidUpload("too_many_files", message)
    config, kept = get_config(), Upload.objects.all()
    person: dict[str, Any] = {"submission": submission.pk}
    if submission.contributor_id:
        person = {"submission__contributor": submission.contributor_id}
    limits = (config.max_contributor_pictures, config.max_contributor_bytes)
    _require_quota("contributor_full", kept.filter(**person), limits, size=size)
    campaign = kept.filter(submission__campaign_page=submission.campaign_page_id)
    limits = (config.max_campaign_pictures, config.max_campaign_bytes)
    _require_quota("campaign_full", campaign, limits, size=size)


def _require_quota(
    code: str,
    kept: QuerySet[Upload],
    limits: tuple[int | None, int | None],
    *,
    size: int,
) -> None:
    """``limits``: how many pictures, how many bytes."""
    if limits == (None, None):
        return
    used = kept.aggregate(number=Count("pk"), bytes=Sum("size", default=0))
    most, most_bytes = limits
    if (most is not None and used["number"] >= most) or (
        most_bytes is not None and used["bytes"] + size > most_bytes
    ):
        raise InvalidUpload(code, REASONS[code])


def re_encode(file: IO[bytes]) -> Picture:
    """Decode within bounds, turn upright, convert to sRGB, drop all metadata.

    Takes at most ``MAX_IMAGE_MEMORY`` and some 50 MB. Everything a decoder may raise
    becomes an ``InvalidUpload``.
    """
    _check_size(file)
    try:
        decoded = decoding.decode(containers.take_apart(file.read()))
        flat = decoding.to_srgb(decoded.canvas, decoded.profile)
        if decoded.turn is not None:
            flat = flat.transpose(decoded.turn)
        return _encode(flat, lossless=decoded.lossless)
    except InvalidUpload:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise decoding.too_large(get_config().max_image_pixels) from error
    except Exception as error:
        raise containers.unreadable() from error


def _check_size(file: IO[bytes]) -> None:
    limit = get_config().max_image_bytes
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise InvalidUpload("empty", _("This file is empty."))
    if size > limit:
        message = _("This picture is larger than %(limit)s MB.") % {
            "limit": limit // (1024 * 1024)
        }
        raise InvalidUpload("too_many_bytes", message)


def _encode(flat: Image.Image, *, lossless: bool) -> Picture:
    """PNG or JPEG, not larger than a file that may be sent."""
    limit = get_config().max_image_bytes
    while True:
        flat.info = {}  # Pillow writes what it finds there
        content = _saved(flat, lossless=lossless)
        if len(content) <= limit or max(flat.size) < 64:
            suffix = "png" if lossless else "jpg"
            return Picture(content, suffix, flat.width, flat.height)
        if lossless and flat.mode == "RGB":
            lossless = False
        else:
            edge = max(flat.size) * 3 // 4
            flat.thumbnail((edge, edge))


def _saved(flat: Image.Image, *, lossless: bool) -> bytes:
    output = BytesIO()
    options: dict[str, Any] = {"quality": JPEG_QUALITY, "progressive": True}
    if lossless:
        flat.save(output, "PNG")
    else:
        flat.save(output, "JPEG", **options)
    return output.getvalue()

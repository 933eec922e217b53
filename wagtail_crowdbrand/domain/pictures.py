"""Pictures on their way in (re-encoded, private) and out (Wagtail's library)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from wagtail.images import get_image_model
from wagtail.models import Collection

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.models import Submission, Upload

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
JPEG_QUALITY = 88
#: Renditions every page of ours asks for; made ahead, never in a visitor's request.
RENDITIONS = ("max-480x480", "max-1000x1000", "max-1800x1800", "fill-1200x630")


class Picture(NamedTuple):
    """A re-encoded picture: only pixels are left of what was sent."""

    content: bytes
    suffix: str
    width: int
    height: int


def add_upload(submission: Submission, file: IO[bytes], *, at: datetime) -> Upload:
    """Re-encode ``file`` and keep it with the submission, in private storage.

    Raises :class:`~wagtail_crowdbrand.errors.InvalidUpload` with a sentence for the
    person who sent it.
    """
    picture = re_encode(file)
    upload = Upload(
        submission=submission,
        sha256=hashlib.sha256(picture.content).hexdigest(),
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
        created_at=at,
    )
    upload.file.save(
        f"picture.{picture.suffix}", ContentFile(picture.content), save=False
    )
    upload.save(force_insert=True)
    return upload


def re_encode(file: IO[bytes]) -> Picture:
    """Decode within bounds, turn upright, convert to sRGB, drop all metadata."""
    _check_size(file)
    try:
        return _re_encode(file)
    except InvalidUpload:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:
        message = _(
            "This file cannot be read as a picture. Please send a JPEG, PNG or WebP."
        )
        raise InvalidUpload("unreadable", message) from error


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


def _too_large() -> InvalidUpload:
    message = _("This picture has more than %(limit)s million pixels.") % {
        "limit": get_config().max_image_pixels // 1_000_000
    }
    return InvalidUpload("too_many_pixels", message)


def _re_encode(file: IO[bytes]) -> Picture:
    config = get_config()
    edge = config.max_image_edge
    with Image.open(file, formats=FORMATS) as source:
        if source.width * source.height > config.max_image_pixels:
            raise _too_large()
        source.draft("RGB", (edge, edge))  # JPEG: decode no more than is kept
        upright = ImageOps.exif_transpose(source)
        flat = _to_srgb(upright)
        has_alpha = flat.mode == "RGBA"
        lossless = has_alpha or source.format in ("PNG", "GIF")
    flat.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    # A fresh canvas carries no info dictionary, so nothing rides along.
    canvas = Image.new(flat.mode, flat.size)
    canvas.paste(flat)
    output = BytesIO()
    if lossless:
        canvas.save(output, "PNG", optimize=False)
    else:
        canvas.save(output, "JPEG", quality=JPEG_QUALITY, progressive=True)
    suffix = "png" if lossless else "jpg"
    return Picture(output.getvalue(), suffix, canvas.width, canvas.height)


def _to_srgb(picture: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB; a broken colour profile is ignored."""
    has_alpha = picture.has_transparency_data
    mode = "RGBA" if has_alpha else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            converted = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
            return converted or picture.convert(mode)
        except ImageCms.PyCMSError:
            return picture.convert(mode)
    return picture.convert(mode)


def create_image(upload: Upload, *, title: str, alt: str) -> AbstractImage:
    """Make the public copy. Replace it by the setting ``CREATE_IMAGE``."""
    with upload.file.open("rb") as source:
        content = BytesIO(source.read())
    name = f"{upload.pk.hex}{Path(str(upload.file.name)).suffix}"
    image = get_image_model()(
        title=title[:255],
        collection=public_collection(),
        file=ImageFile(content, name=name),
    )
    if hasattr(image, "description"):
        image.description = alt[:255]
    image.save()
    return image


def public_collection() -> Collection:
    """The collection named by ``IMAGE_COLLECTION``, made where it is missing."""
    name = get_config().image_collection
    root = Collection.get_first_root_node()
    return root.get_children().filter(name=name).first() or root.add_child(name=name)


def make_public(submission: Submission) -> None:
    """Give every picture of the approved content its public copy and renditions."""
    create = import_string(get_config().create_image)
    alts = {item["upload"]: item["alt"] for item in submission.images}
    for upload in submission.uploads.filter(pk__in=alts):
        if upload.image_id is None:
            title = f"{submission.code} {upload.pk.hex[:6]}"
            upload.image = create(upload, title=title, alt=alts[str(upload.pk)])
            upload.save(update_fields=["image"])
        upload.image.get_renditions(*RENDITIONS)


def make_private(submission: Submission, *, keep: Any = ()) -> None:
    """Delete the public copies, files and renditions; the uploads stay.

    ``keep`` holds the ids of uploads that remain public.
    """
    public = submission.uploads.filter(image__isnull=False).exclude(pk__in=list(keep))
    for upload in public.select_related("image"):
        image = upload.image
        with transaction.atomic():
            upload.image = None
            upload.save(update_fields=["image"])
            image.delete()


def delete_file_on_commit(upload: Upload) -> None:
    """Remove the private file of a deleted upload."""
    transaction.on_commit(lambda: upload.file.delete(save=False))

"""Pictures in memory: decoded within bounds, made smaller, turned into sRGB."""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageCms

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import containers
from wagtail_crowdbrand.errors import InvalidUpload

#: Rows of the result that are made at a time.
STRIP = 64
LANCZOS_REACH = 3
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Decoded(NamedTuple):
    """Pixels, not larger than they are kept, with what is needed to show them."""

    canvas: Image.Image
    lossless: bool
    profile: bytes | None
    turn: Image.Transpose | None


def _check_pixels(size: tuple[int, int], cost: int) -> None:
    """``cost``: see :class:`containers.Container`."""
    config = get_config()
    limit = config.max_image_pixels
    if cost:
        limit = min(limit, config.max_image_memory // cost)
    if size[0] * size[1] > limit:
        raise too_large(limit)


def too_large(limit: int) -> InvalidUpload:
    most = get_config().max_image_pixels
    if limit < most:
        message = _(
            "This picture has more than %(limit)s million pixels, too many for a file "
            "of its kind. A standard (not progressive) JPEG may have %(most)s million."
        )
    else:
        message = _("This picture has more than %(limit)s million pixels.")
    numbers = {"limit": limit // 1_000_000, "most": most // 1_000_000}
    return InvalidUpload("too_many_pixels", message % numbers)


def decode(container: containers.Container) -> Decoded:
    formats = [container.kind]
    _check_pixels(container.size, container.cost)
    with Image.open(BytesIO(container.content), formats=formats) as source:
        _check_pixels(source.size, container.cost)
        if getattr(source, "n_frames", 1) > 1:
            raise containers.refuse_animation()
        size = _kept_size(source.size)
        source.draft(None, size)  # JPEG: decode no more than is kept
        source.load()
        profile = source.info.get("icc_profile")
        canvas = _scaled(source, size)
        lossless = canvas.mode == "RGBA" or container.kind in ("PNG", "GIF")
        return Decoded(canvas, lossless, profile, _turn(source))


def _kept_size(size: tuple[int, int]) -> tuple[int, int]:
    """``size`` within ``MAX_IMAGE_EDGE``, at least one pixel each way."""
    shrink = min(1.0, get_config().max_image_edge / max(size))
    return max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))


def _turn(source: Image.Image) -> Image.Transpose | None:
    """What EXIF says about the camera; nonsense in it is no reason to refuse."""
    try:
        return UPRIGHT.get(source.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a parser of untrusted bytes
        return None


def _scaled(source: Image.Image, size: tuple[int, int]) -> Image.Image:
    """``source`` in a mode to work with: RGB, RGBA or CMYK, strip by strip.

    So there is never a second copy of the whole. Strips overlap by the reach of the
    filter, which makes their seams invisible.
    """
    mode = _working_mode(source)
    canvas = Image.new(mode, size)
    wide = source.width > source.height
    axis = 0 if wide else 1
    for low, high, begin, end in _strips(source.size[axis], size[axis]):
        scale = source.size[axis] / size[axis]
        inner = (begin * scale - low, min(end * scale - low, high - low))
        box: tuple[float, float, float, float]
        if wide:
            cut = (low, 0, high, source.height)
            box = (inner[0], 0, inner[1], source.height)
            made, place = (end - begin, size[1]), (begin, 0)
        else:
            cut = (0, low, source.width, high)
            box = (0, inner[0], source.width, inner[1])
            made, place = (size[0], end - begin), (0, begin)
        strip = _converted(source.crop(cut), mode)
        canvas.paste(strip.resize(made, Image.Resampling.LANCZOS, box=box), place)
    return canvas


def _strips(length: int, kept: int) -> Iterator[tuple[int, int, int, int]]:
    """Rows ``low`` to ``high`` are needed for rows ``begin`` to ``end`` of the kept."""
    scale = length / kept
    margin = math.ceil(LANCZOS_REACH * scale) + 1 if length != kept else 0
    for begin in range(0, kept, STRIP):
        end = min(begin + STRIP, kept)
        low = max(0, math.floor(begin * scale) - margin)
        yield low, min(length, math.ceil(end * scale) + margin), begin, end


def _working_mode(source: Image.Image) -> str:
    if source.mode == "CMYK":
        return "CMYK"
    if source.mode.startswith("I"):  # 16 bits of grey; Pillow cannot key them
        return "RGB"
    key = source.info.get("transparency")
    if isinstance(key, tuple) and max(key) > 255:  # a key of 16 bits, pixels of 8
        del source.info["transparency"]
    return "RGBA" if source.has_transparency_data else "RGB"


def _converted(strip: Image.Image, mode: str) -> Image.Image:
    if strip.mode.startswith("I"):  # convert() would clip them to white
        strip = strip.point(lambda value: value * (1 / 256)).convert("L")
    return strip.convert(mode)


def to_srgb(canvas: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA in sRGB; a broken or foreign colour profile is ignored."""
    mode = "RGBA" if canvas.mode == "RGBA" else "RGB"
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                canvas,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        canvas = converted or canvas
    if mode == "RGBA" and canvas.getchannel("A").getextrema() == (255, 255):
        mode = "RGB"
    return canvas if canvas.mode == mode else canvas.convert(mode)

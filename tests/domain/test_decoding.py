"""What is left of a picture, and the memory it takes to get there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms

from tests.domain import hostile
from wagtail_crowdbrand.domain import containers, ingesting
from wagtail_crowdbrand.errors import InvalidUpload

ROOT = Path(__file__).resolve().parents[2]
#: Bytes above idle.
MOST = 300_000_000
LARGE = (8660, 5770)  # 49,968,200 pixels


def kept(content: bytes) -> Image.Image:
    return Image.open(BytesIO(ingesting.re_encode(BytesIO(content)).content))


def flat(mode: str, format: str, size: tuple[int, int] = LARGE, **options) -> bytes:
    return hostile.saved(Image.new(mode, size), format, **options)


def noise(size: tuple[int, int], **options) -> bytes:
    """Near 10 MB, which flat colours never are."""
    return hostile.saved(Image.effect_noise(size, 90).convert("RGB"), **options)


def png_of_texts() -> bytes:
    content = large_png(6)
    place = content.index(b"IDAT") - 4
    texts = hostile.compressed_text(b"iTXt", 1_000_000) * 60
    return content[:place] + texts + content[place:]


def large_png(colour: int, size: tuple[int, int] = LARGE, depth: int = 8) -> bytes:
    row = bytes(1 + size[0] * {0: 1, 2: 3, 6: 4}[colour] * depth // 8)
    pixels = row * size[1]
    return hostile.png_of(*size, depth=depth, colour=colour, pixels=pixels)


WORST: dict[str, tuple[Callable[[], bytes], str]] = {
    "jpeg": (lambda: flat("RGB", "JPEG", subsampling=0), "jpg"),
    "jpeg in cmyk": (lambda: flat("CMYK", "JPEG"), "jpg"),
    "jpeg of 10 MB": (
        lambda: noise((4800, 3600), format="JPEG", quality=51, subsampling=0),
        "jpg",
    ),
    "progressive jpeg": (
        lambda: flat("RGB", "JPEG", (5000, 5000), progressive=True, subsampling=0),
        "jpg",
    ),
    "progressive jpeg, too large": (
        lambda: flat("RGB", "JPEG", progressive=True),
        "too_many_pixels",
    ),
    "png": (lambda: large_png(2), "png"),
    "png with alpha and texts": (png_of_texts, "png"),
    "png of 16 bits of grey": (lambda: large_png(0, depth=16), "png"),
    "png as a strip": (lambda: large_png(6, (4_999_999, 10)), "png"),
    "png as a tower": (lambda: large_png(6, (10, 4_999_999)), "png"),
    "gif": (lambda: flat("P", "GIF"), "png"),
    "webp": (lambda: flat("RGB", "WEBP", (4800, 3080), method=0), "jpg"),
    "webp of 10 MB": (
        lambda: noise((4300, 3400), format="WEBP", quality=88, method=0),
        "jpg",
    ),
}


def test_memory_of_the_worst_is_bounded(tmp_path):
    for name, (make, _outcome) in WORST.items():
        (tmp_path / name).write_bytes(make())
    files = [str(tmp_path / name) for name in WORST]
    command = [sys.executable, "-m", "tests.domain.peak", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    peaks = {name: memory for name, _outcome, memory in rows}

    sys.stdout.write(f"{peaks}\n")  # pytest -s shows them
    assert {name: outcome for name, outcome, _memory in rows} == {
        name: outcome for name, (_make, outcome) in WORST.items()
    }
    assert {name: memory for name, memory in peaks.items() if memory > MOST} == {}


def test_large_picture_is_made_smaller_without_seams():
    """The strips it is made in must be the picture made in one piece."""
    source = Image.effect_noise((2700, 900), 15).convert("RGB")
    result = kept(hostile.saved(source, "PNG", compress_level=1))

    assert result.size == (2560, 853)
    whole = source.resize(result.size, Image.Resampling.LANCZOS)
    difference = ImageChops.difference(result, whole)
    # Rounding: Pillow may swap its two passes. Without the overlap it is 10.
    assert max(most for _least, most in difference.getextrema()) <= 3


def test_small_picture_keeps_its_pixels():
    source = hostile.gradient("RGBA", (300, 200))
    source.putalpha(hostile.gradient("L", (300, 200)))

    result = kept(hostile.saved(source, "PNG"))

    assert result.tobytes() == source.tobytes()


def test_16_bits_of_grey_stay_grey():
    """Pillow alone would make everything above 255 of 65,535 white."""
    result = kept(hostile.saved(Image.new("I;16", (4, 4), 40_000), "PNG"))

    assert result.getpixel((0, 0)) == (156, 156, 156)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_converted_to_srgb(mode):
    """Red in a profile whose red is our green is green."""
    swapped = swapped_primaries()
    source = Image.new(mode, (4, 4), (200, 40, 40, 128)[: len(mode)])

    result = kept(hostile.saved(source, "PNG", icc_profile=swapped))

    red, green, blue = result.getpixel((0, 0))[:3]
    assert (green > red, green > blue) == (True, True)
    assert result.mode == mode
    assert mode == "RGB" or result.getpixel((0, 0))[3] == 128


def swapped_primaries() -> bytes:
    """sRGB with the red and the green primary exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        profile.replace(b"rXYZ", b"tXYZ", 1)
        .replace(b"gXYZ", b"rXYZ", 1)
        .replace(b"tXYZ", b"gXYZ", 1)
    )


@pytest.mark.parametrize("size", [(1, 1), (64, 48), (17, 2000)])
@pytest.mark.parametrize(
    "options",
    [{}, {"lossless": True}, {"exif": b"Exif\0\0"}],
    ids=["plain", "lossless", "extended"],
)
def test_size_of_a_webp_is_known_before_it_is_decoded(options, size):
    """Some versions of Pillow reserve memory for whatever is claimed."""
    content = hostile.saved(Image.new("RGB", size), "WEBP", **options)

    assert containers.take_apart(content).size == size == kept(content).size


def test_opaque_alpha_is_no_reason_for_png():
    picture = ingesting.re_encode(BytesIO(hostile.webp("RGBA")))

    assert picture.suffix == "jpg"


@pytest.mark.parametrize(("alpha", "suffix"), [(False, "jpg"), (True, "png")])
def test_kept_file_is_not_larger_than_one_that_may_be_sent(settings, alpha, suffix):
    """What was packed tightly, lossily or in few colours, grows as PNG."""
    grain = Image.effect_noise((400, 400), 99)
    if alpha:
        sheer = Image.merge("RGBA", [grain] * 4)
        content = hostile.saved(sheer, "WEBP", quality=5, alpha_quality=5)
    else:
        content = hostile.saved(grain.quantize(4), "GIF")
    unlimited = ingesting.re_encode(BytesIO(content))
    assert (unlimited.suffix, len(unlimited.content) > len(content)) == ("png", True)

    settings.WAGTAIL_CROWDBRAND = {"MAX_IMAGE_BYTES": len(content)}
    picture = ingesting.re_encode(BytesIO(content))
    assert (picture.suffix, len(picture.content) <= len(content)) == (suffix, True)


@pytest.mark.parametrize(
    ("limit", "content", "said"),
    [
        (
            {"MAX_IMAGE_BYTES": 1024 * 1024},
            bytes(1024 * 1024 + 1),
            "This picture is larger than 1 MB.",
        ),
        (
            {"MAX_IMAGE_PIXELS": 2_000_000},
            hostile.png_of(2001, 1000),
            "This picture has more than 2 million pixels.",
        ),
        (
            {"MAX_IMAGE_MEMORY": 17_000_000},
            hostile.saved(Image.new("L", (1001, 1000)), "WEBP"),
            "This picture has more than 1 million pixels, too many for a file of its "
            "kind. A standard (not progressive) JPEG may have 50 million.",
        ),
    ],
    ids=["bytes", "pixels", "memory"],
)
def test_limit_is_a_setting_and_is_told(settings, limit, content, said):
    settings.WAGTAIL_CROWDBRAND = limit
    with pytest.raises(InvalidUpload) as refusal:
        ingesting.re_encode(BytesIO(content))

    assert str(refusal.value) == said

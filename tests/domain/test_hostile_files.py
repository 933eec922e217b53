"""Every hostile or odd file is refused in a sentence, or leaves pixels and no more."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from tests.domain import hostile
from tests.domain.hostile import PHP, SCRIPT, SECRET
from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import containers, ingesting
from wagtail_crowdbrand.errors import InvalidUpload

# As in production: what Pillow warns about is no error of the test.
pytestmark = pytest.mark.filterwarnings("ignore")

CODES = {
    "animated",
    "empty",
    "too_complex",
    "too_many_bytes",
    "too_many_pixels",
    "unreadable",
}
#: Traces of metadata, of other formats, and of what the files above carry.
MARKERS = [
    *(b"Exif", b"ICC_PROFILE", b"iCCP", b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"MPF\0"),
    *(b"xmpmeta", b"adobe", b"Adobe", b"Photoshop", b"GPS", b"acTL", b"<?php"),
    *(b"<script", b"<html", b"PK\x03\x04", b"%PDF", SECRET),
    SECRET.decode().encode("utf-16-le"),
]
JPEG_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
JPEG_INFO |= {"progressive", "progression"}

Case = tuple[Callable[[], bytes], str]

#: What it is called: how it is made, and the code it is refused with or the suffix it
#: is kept with.
CASES: dict[str, Case] = {
    # Nothing, too much, too many
    "empty": (lambda: b"", "empty"),
    "one byte": (lambda: b"\xff", "unreadable"),
    "40 MB": (lambda: hostile.png() + bytes(40_000_000), "too_many_bytes"),
    "png bomb": (hostile.png_bomb, "too_many_pixels"),
    "png of 2**31 pixels a side": (
        lambda: hostile.png_of(2**31 - 1, 2**31 - 1),
        "too_many_pixels",
    ),
    "png without width": (lambda: hostile.png_of(0, 10), "unreadable"),
    "png that ends early": (lambda: hostile.png_of(6000, 6000), "unreadable"),
    "png of 8000 x 8000": (lambda: hostile.png_of(8000, 8000), "too_many_pixels"),
    "jpeg of 65500 x 65500": (
        lambda: hostile.jpeg_claiming(65_500, 65_500),
        "too_many_pixels",
    ),
    "jpeg of 10000 x 10000": (
        lambda: hostile.jpeg_claiming(10_000, 10_000),
        "too_many_pixels",
    ),
    "jpeg larger than its data": (
        lambda: hostile.jpeg_claiming(5000, 5000),
        "jpg",  # the rest is grey
    ),
    "jpeg without height": (lambda: hostile.jpeg_claiming(64, 0), "unreadable"),
    "webp of 16383 x 16383": (
        lambda: hostile.webp_claiming(16_383, 16_383),
        "too_many_pixels",
    ),
    "webp of 2**24 x 2**24": (
        lambda: hostile.webp_claiming(2**24, 2**24),
        "too_many_pixels",
    ),
    "plain webp of 16383 x 16383": (
        lambda: hostile.plain_webp_claiming(16_383, 16_383),
        "too_many_pixels",
    ),
    "lossless webp of 16383 x 16383": (
        lambda: hostile.lossless_webp_claiming(16_383, 16_383),
        "too_many_pixels",
    ),
    "webp with an unknown head": (
        lambda: hostile.webp().replace(b"VP8 ", b"VP9 "),
        "unreadable",
    ),
    "webp that is smaller than it says": (
        lambda: hostile.webp_claiming(65, 48),
        "unreadable",
    ),
    "webp of 16 million": (
        lambda: hostile.saved(Image.new("L", (4000, 4000)), "WEBP", method=0),
        "too_many_pixels",
    ),
    "gif larger than its screen": (hostile.gif_larger_than_its_screen, "png"),
    "gif of 1000 frames": (lambda: hostile.frames("GIF", 1000), "animated"),
    "gif of 2 frames": (lambda: hostile.frames("GIF", 2), "animated"),
    "animated png": (lambda: hostile.frames("PNG", 5), "animated"),
    "animated webp": (lambda: hostile.frames("WEBP", 5), "animated"),
    "jpeg of 500 scans": (lambda: hostile.jpeg_of_scans(500), "too_complex"),
    "jpeg of 200000 comments": (
        lambda: hostile.jpeg_with(*[hostile.jpeg_segment(0xFE, b"A")] * 200_000),
        "too_complex",
    ),
    "png of 200000 chunks": (
        lambda: hostile.png_with(*[hostile.chunk(b"prVt", b"")] * 200_000),
        "too_complex",
    ),
    "gif of 200000 comments": (lambda: hostile.gif_comments(200_000), "too_complex"),
    "gif of 200000 blocks": (lambda: hostile.gif_tiny_blocks(200_000), "too_complex"),
    # Bombs in metadata
    "iCCP bomb": (
        lambda: hostile.png_with(hostile.compressed_text(b"iCCP", 50_000_000)),
        "unreadable",
    ),
    "zTXt bomb": (
        lambda: hostile.png_with(hostile.compressed_text(b"zTXt", 50_000_000)),
        "png",
    ),
    "60 iTXt of a megabyte": (hostile.text_bomb, "png"),
    "1000 profiles": (
        lambda: hostile.png_with(*[hostile.compressed_text(b"iCCP", 1_000_000)] * 1000),
        "png",
    ),
    "exif that points at itself": (
        lambda: hostile.jpeg(exif=b"Exif\0\0II*\0\x08\0\0\0" + b"\x01\0\x69\x87" * 99),
        "jpg",
    ),
    "exif of 64 kB of noise": (
        lambda: hostile.jpeg(exif=b"Exif\0\0" + b"\xff\xda\xa5" * 21_000),
        "jpg",
    ),
    "1000 exif": (
        lambda: hostile.jpeg_with(
            *[hostile.jpeg_segment(0xE1, b"Exif\0\0" + bytes(8000))] * 1000
        ),
        "jpg",
    ),
    # Polyglots
    "jpeg and zip": (lambda: hostile.jpeg() + hostile.zipped(), "jpg"),
    "jpeg and html": (lambda: hostile.jpeg() + b"<html>" + SCRIPT, "jpg"),
    "jpeg with html in front": (
        lambda: hostile.jpeg_with(hostile.jpeg_segment(0xFE, b"<html>" + SCRIPT)),
        "jpg",
    ),
    "png and php": (lambda: hostile.png() + PHP, "png"),
    "png with php before its end": (
        lambda: hostile.png_with(hostile.chunk(b"prVt", PHP), before_pixels=False),
        "png",
    ),
    "gif and javascript": (hostile.gif_javascript, "png"),
    "webp and pdf": (lambda: hostile.webp() + b"%PDF-1.7" + SCRIPT, "jpg"),
    "zip in front of jpeg": (
        lambda: hostile.zipped() + hostile.jpeg(),
        "unreadable",
    ),
    # Something else
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unreadable"),
    "svg after xml": (lambda: b"<?xml version='1.0'?><svg/>", "unreadable"),
    "html": (lambda: b"<html>" + SCRIPT, "unreadable"),
    "javascript with a gif's name": (lambda: b"GIF89a=1;alert(1)//", "unreadable"),
    "pdf": (lambda: hostile.saved(hostile.gradient(), "PDF"), "unreadable"),
    "postscript": (lambda: hostile.saved(hostile.gradient(), "EPS"), "unreadable"),
    "zip": (hostile.zipped, "unreadable"),
    "tiff": (lambda: hostile.saved(hostile.gradient(), "TIFF"), "unreadable"),
    "bmp": (lambda: hostile.saved(hostile.gradient(), "BMP"), "unreadable"),
    "ico": (lambda: hostile.saved(hostile.gradient(), "ICO"), "unreadable"),
    "jpeg 2000": (lambda: hostile.saved(hostile.gradient(), "JPEG2000"), "unreadable"),
    "windows program": (lambda: b"MZ\x90\0" + bytes(500), "unreadable"),
    "png signature only": (lambda: hostile.PNG_SIGNATURE, "unreadable"),
    "riff of sound": (lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(30), "unreadable"),
    # Damaged
    "corrupted crc": (hostile.corrupted_crc, "unreadable"),
    "png without pixels": (
        lambda: hostile.png()[:33] + hostile.chunk(b"IEND", b""),
        "unreadable",
    ),
    "jpeg without end": (lambda: hostile.jpeg()[:-40], "unreadable"),
    "jpeg that is lossless": (lambda: hostile.jpeg_frame(0xC3), "unreadable"),
    "jpeg that is arithmetic": (lambda: hostile.jpeg_frame(0xC9), "unreadable"),
    "jpeg of reserved markers": (
        lambda: hostile.jpeg_with(b"\xff\x02\xff\xda"),
        "unreadable",
    ),
    # Odd and honest
    "1 x 1": (lambda: hostile.saved(Image.new("RGB", (1, 1)), "PNG"), "png"),
    "1 x 10000": (lambda: hostile.saved(Image.new("L", (1, 10_000)), "PNG"), "png"),
    "60000 x 8": (lambda: hostile.saved(Image.new("L", (60_000, 8)), "JPEG"), "jpg"),
    "2000000 x 2": (lambda: hostile.saved(Image.new("1", (10**6, 2)), "PNG"), "png"),
    "jpeg in grey": (lambda: hostile.jpeg("L"), "jpg"),
    "jpeg in cmyk": (lambda: hostile.jpeg("CMYK"), "jpg"),
    "jpeg in ycck": (lambda: hostile.adobe(hostile.jpeg("CMYK"), 2), "jpg"),
    "jpeg of an unknown transform": (
        lambda: hostile.adobe(hostile.jpeg("CMYK"), 9),
        "jpg",
    ),
    "progressive jpeg": (lambda: hostile.jpeg(progressive=True), "jpg"),
    "jpeg of a phone": (hostile.mpo, "jpg"),
    "png of 1 bit": (lambda: hostile.png("1"), "png"),
    "png of 16 bits of grey": (lambda: hostile.png("I;16"), "png"),
    "png in grey": (lambda: hostile.png("L"), "png"),
    "png in grey with alpha": (lambda: hostile.png("LA"), "png"),
    "png in grey with a key": (lambda: hostile.png("L", transparency=0), "png"),
    "png of 1 bit with a key": (lambda: hostile.png("1", transparency=0), "png"),
    "png of 16 bits with a key": (hostile.grey_key_of_16_bits, "png"),
    "16 bits of grey with a key": (
        lambda: hostile.png("I;16", transparency=4000),
        "png",
    ),
    "palette": (lambda: hostile.png("P"), "png"),
    "palette with a key": (lambda: hostile.png("P", transparency=3), "png"),
    "palette with alpha": (
        lambda: hostile.png("P", transparency=bytes(range(256))),
        "png",
    ),
    "gif with a key": (
        lambda: hostile.saved(hostile.gradient("P"), "GIF", transparency=3),
        "png",
    ),
    "webp with alpha": (
        lambda: hostile.saved(Image.new("RGBA", (9, 9), (1, 2, 3, 99)), "WEBP"),
        "png",
    ),
    "webp": (hostile.webp, "jpg"),
    "lossless webp": (lambda: hostile.webp(lossless=True), "jpg"),
    # Profiles
    "broken profile": (lambda: hostile.jpeg(icc_profile=b"acsp" * 50), "jpg"),
    "broken profile in png": (lambda: hostile.png(icc_profile=b"no"), "png"),
    "profile of rgb in cmyk": (
        lambda: hostile.jpeg("CMYK", icc_profile=hostile.srgb_profile()),
        "jpg",
    ),
    "profile of rgb in grey": (
        lambda: hostile.jpeg("L", icc_profile=hostile.srgb_profile()),
        "jpg",
    ),
    "profile cut in half": (
        lambda: hostile.jpeg(icc_profile=hostile.srgb_profile()[:200]),
        "jpg",
    ),
    "profile in a palette": (
        lambda: hostile.png("P", icc_profile=hostile.srgb_profile()),
        "png",
    ),
    # Metadata
    "gps in jpeg": (lambda: hostile.jpeg(exif=hostile.exif()), "jpg"),
    "gps in png": (lambda: hostile.png(exif=hostile.exif()), "png"),
    "gps in webp": (lambda: hostile.webp(exif=hostile.exif()), "jpg"),
    "thumbnail": (hostile.exif_with_thumbnail, "jpg"),
    "xmp in jpeg": (lambda: hostile.jpeg(xmp=hostile.xmp()), "jpg"),
    "xmp in webp": (lambda: hostile.webp(xmp=hostile.xmp()), "jpg"),
    "texts in png": (lambda: hostile.png(pnginfo=hostile.texts()), "png"),
    "comment in jpeg": (lambda: hostile.jpeg(comment=SCRIPT), "jpg"),
    "comment in gif": (
        lambda: hostile.saved(hostile.gradient("P"), "GIF", comment=SCRIPT),
        "png",
    ),
    "photoshop and iptc": (
        lambda: hostile.jpeg_with(
            hostile.jpeg_segment(0xED, b"Photoshop 3.0\x008BIM" + SECRET)
        ),
        "jpg",
    ),
}


def outcome(content: bytes) -> ingesting.Picture | str:
    """The clean picture, or the code of a clear refusal; anything else fails."""
    try:
        picture = ingesting.re_encode(BytesIO(content))
    except InvalidUpload as error:
        refusal = error
    else:
        assert_clean(picture)
        return picture
    assert refusal.code in CODES
    assert str(refusal).endswith(".")
    assert "%(" not in str(refusal)
    return refusal.code


def assert_clean(picture: ingesting.Picture) -> None:
    config = get_config()
    with Image.open(BytesIO(picture.content)) as parsed:
        parsed.load()
        assert parsed.size == (picture.width, picture.height)
        assert max(parsed.size) <= config.max_image_edge
        assert dict(parsed.getexif()) == {}
        assert set(parsed.info) <= (JPEG_INFO if picture.suffix == "jpg" else set())
        assert parsed.format == {"jpg": "JPEG", "png": "PNG"}[picture.suffix]
        assert parsed.mode in ("RGB", "RGBA")
    assert len(picture.content) <= config.max_image_bytes
    assert [marker for marker in MARKERS if marker in picture.content] == []
    assert picture.content.endswith((b"\xff\xd9", b"IEND\xaeB`\x82"))


@pytest.mark.parametrize(("make", "expected"), CASES.values(), ids=CASES)
def test_hostile_file_is_refused_or_cleaned(make, expected):
    result = outcome(make())

    assert (result if isinstance(result, str) else result.suffix) == expected


@pytest.mark.parametrize("tenths", range(10))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_truncated_file_is_refused(format, tenths):
    content = hostile.saved(hostile.gradient(), format)

    assert outcome(content[: len(content) * tenths // 10]) in ("empty", "unreadable")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_file_with_any_damaged_byte_is_refused_or_cleaned(format):
    """No position of a damaged byte lets another exception or metadata through."""
    content = hostile.saved(hostile.gradient(size=(12, 9)), format)
    step = max(1, len(content) // 150)
    for position in range(0, len(content), step):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        outcome(bytes(damaged))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_orientation_is_applied(format, orientation):
    """Bright in one corner; where it lands is EXIF 2.32, table of the tag."""
    corners = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}
    picture = Image.new("RGB", (64, 32))
    picture.paste((255, 255, 255), (0, 0, 16, 16))
    result = outcome(
        hostile.saved(picture, format, exif=hostile.exif(orientation), quality=95)
    )

    assert (result.width, result.height) == ((64, 32), (32, 64))[orientation > 4]
    with Image.open(BytesIO(result.content)) as turned:
        right, bottom = turned.width - 4, turned.height - 4
        spots = {"tl": (4, 4), "tr": (right, 4), "bl": (4, bottom)}
        spots["br"] = (right, bottom)
        bright = {at for at, spot in spots.items() if turned.getpixel(spot)[0] > 128}
    assert bright == {corners[orientation]}


def test_every_code_is_tried():
    assert {expected for _make, expected in CASES.values()} == {*CODES, "png", "jpg"}


def test_limit_of_parts_leaves_room_for_honest_files():
    """GIF blocks of 255 bytes are the smallest parts an encoder writes."""
    assert get_config().max_image_bytes // 255 < containers.MAX_PARTS

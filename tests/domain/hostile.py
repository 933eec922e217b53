"""Files nobody should send, made in memory: each function returns bytes."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRET = b"zebra-crossing-57"  # stands for everything that must not survive
SCRIPT = b"<script>alert('zebra-crossing-57')</script>"
PHP = b"<?php system('zebra-crossing-57'); ?>"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
GPS_IFD = 0x8825


def gradient(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert(mode)


def saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    output = BytesIO()
    picture.save(output, format, **options)
    return output.getvalue()


def jpeg(mode: str = "RGB", **options: Any) -> bytes:
    return saved(gradient(mode), "JPEG", **options)


def png(mode: str = "RGB", **options: Any) -> bytes:
    return saved(gradient(mode), "PNG", **options)


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png_with(*chunks: bytes, before_pixels: bool = True) -> bytes:
    content = png()
    place = content.index(b"IDAT" if before_pixels else b"IEND") - 4
    return content[:place] + b"".join(chunks) + content[place:]


def png_of(
    width: int, height: int, *, depth: int = 8, colour: int = 2, pixels: bytes = b"\0"
) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(pixels, 9)
    return (
        PNG_SIGNATURE
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def png_bomb() -> bytes:
    """20,000 × 20,000 black pixels of one bit in some 50 kB."""
    row = b"\0" * (1 + 20_000 // 8)
    return png_of(20_000, 20_000, depth=1, colour=0, pixels=row * 20_000)


def compressed_text(kind: bytes, size: int) -> bytes:
    bomb = zlib.compress(b"A" * size, 9)
    if kind == b"iTXt":
        bomb = zlib.compress(b"A" * (size - 4) + "😀".encode(), 9)
        return chunk(kind, b"k\0\x01\0\0\0" + bomb)
    return chunk(kind, b"k\0\0" + bomb)


def text_bomb() -> bytes:
    """60 texts of 1 MB each, which Python would hold as 4 MB each."""
    return png_with(*[compressed_text(b"iTXt", 1_000_000)] * 60)


def grey_key_of_16_bits() -> bytes:
    head = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80\x10" * 12) * 4)
    return b"".join(
        [
            PNG_SIGNATURE,
            chunk(b"IHDR", head),
            chunk(b"tRNS", struct.pack(">HHH", 0x8010, 0x8010, 0x8010)),
            chunk(b"IDAT", pixels),
            chunk(b"IEND", b""),
        ]
    )


def corrupted_crc() -> bytes:
    content = bytearray(png())
    content[content.index(b"IHDR") + 17] ^= 0xFF
    return bytes(content)


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes) -> bytes:
    content = jpeg()
    return content[:2] + b"".join(segments) + content[2:]


def jpeg_claiming(width: int, height: int) -> bytes:
    content = jpeg()
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


def jpeg_frame(marker: int) -> bytes:
    return jpeg().replace(b"\xff\xc0", bytes([0xFF, marker]), 1)


def jpeg_of_scans(count: int) -> bytes:
    content = jpeg(progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * count + b"\xff\xd9"


def adobe(content: bytes, transform: int) -> bytes:
    """Say another colour transform in the Adobe marker: 2 is YCCK."""
    place = content.index(b"Adobe") + 11
    return content[:place] + bytes([transform]) + content[place + 1 :]


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SECRET.decode()
    data[0x9C9B] = SECRET.decode().encode("utf-16-le")
    data.get_ifd(GPS_IFD)[1] = "N"
    data.get_ifd(GPS_IFD)[2] = (54.0, 19.0, 12.0)
    return data


def exif_with_thumbnail() -> bytes:
    """A JPEG whose EXIF carries another JPEG, as cameras write it."""
    small = saved(gradient(size=(16, 12)), "JPEG", comment=SECRET)
    return jpeg_with(jpeg_segment(0xE1, b"Exif\0\0" + exif().tobytes()[6:] + small))


def xmp(orientation: int = 1) -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="'
        + str(orientation).encode()
        + b'">'
        + SCRIPT
        + b"</rdf:Description></x:xmpmeta>"
    )


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def texts() -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", SCRIPT.decode())
    info.add_text("Author", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", xmp().decode())
    return info


def frames(format: str, count: int, **options: Any) -> bytes:
    pictures = [
        Image.new("RGB", (8, 8), (n * 53 % 256, n % 256, 9)) for n in range(count)
    ]
    options = {
        "save_all": True,
        "append_images": pictures[1:],
        "duration": 20,
        **options,
    }
    return saved(pictures[0], format, **options)


def mpo() -> bytes:
    """What phones send: a JPEG with a second one (depth, gain map) behind it."""
    return frames("MPO", 2)


def gif_comments(count: int) -> bytes:
    content = saved(gradient("P"), "GIF")
    start = content.index(b",", 13 + 768)
    return content[:start] + b"!\xfe\x01A\0" * count + content[start:]


def gif_tiny_blocks(count: int) -> bytes:
    content = saved(gradient("P"), "GIF")
    start = content.index(b",", 13 + 768)
    return content[:start] + b"!\xfe" + b"\x01A" * count + b"\0" + content[start:]


def gif_larger_than_its_screen() -> bytes:
    content = bytearray(saved(gradient("P"), "GIF"))
    content[6:10] = struct.pack("<HH", 1, 1)
    return bytes(content)


def gif_javascript() -> bytes:
    return saved(gradient("P"), "GIF") + b"/*" + SCRIPT + b"*/=1;alert(1)"


def zipped() -> bytes:
    output = BytesIO()
    with ZipFile(output, "w") as archive:
        archive.writestr("index.html", SCRIPT.decode())
    return output.getvalue()


def webp(mode: str = "RGB", **options: Any) -> bytes:
    return saved(gradient(mode), "WEBP", **options)


def webp_claiming(width: int, height: int) -> bytes:
    content = bytearray(webp(exif=exif().tobytes()))  # so it has an extended header
    content[24:27] = (width - 1).to_bytes(3, "little")
    content[27:30] = (height - 1).to_bytes(3, "little")
    return bytes(content)


def plain_webp_claiming(width: int, height: int) -> bytes:
    """The same without an extended header."""
    content = bytearray(webp())
    content[26:30] = struct.pack("<HH", width, height)
    return bytes(content)


def lossless_webp_claiming(width: int, height: int) -> bytes:
    content = bytearray(webp(lossless=True))
    bits = int.from_bytes(content[21:25], "little") >> 28 << 28
    content[21:25] = struct.pack("<I", bits | (height - 1) << 14 | (width - 1))
    return bytes(content)

"""What of a picture file reaches the decoder: pixels, palette, profile, orientation.

Decoders trust a file's structure: a few megabytes of text chunks, comments, scans or
empty blocks cost them hundreds of megabytes or minutes. So the file is taken apart
here first, without decoding, and put together again from the parts that are needed.
Formats: ITU-T T.81 (JPEG), W3C PNG 3, GIF89a, RFC 9649 (WebP).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from wagtail_crowdbrand.errors import InvalidUpload

#: Segments, chunks or blocks; honest files of 10 MB have at most some 40,000.
MAX_PARTS = 100_000
#: Scans of a progressive JPEG; usual are 10, and each one visits every pixel.
MAX_SCANS = 50

JPEG_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
JPEG_BARE = {0x01, 0xD8}  # markers without a length
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
JPEG_USUAL_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended, progressive
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"IDAT", b"IEND"}


class Container(NamedTuple):
    """A file with nothing but its picture in it."""

    kind: str  #: as Pillow calls the format
    content: bytes
    cost: int  #: bytes of memory a pixel takes while it is decoded; 0: decoded scaled
    #: Pixels it claims, where decoders reserve memory before they can be asked.
    size: tuple[int, int] = (0, 0)


class _Jpeg(NamedTuple):
    marker: int
    start: int
    body: int  #: where the two bytes of length are
    end: int


def unreadable() -> InvalidUpload:
    message = _(
        "This file cannot be read as a picture. Please send a JPEG, PNG, WebP or GIF."
    )
    return InvalidUpload("unreadable", message)


def take_apart(content: bytes) -> Container:
    """The picture alone. Raises ``InvalidUpload`` for what is none, or is hostile.

    Malformed parts raise ``IndexError`` or ``ValueError`` and mean the same.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Container("PNG", _png(content), cost=4)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Container("GIF", _gif(content), cost=1)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        # Measured: the decoder holds two canvases and hands over two more copies.
        end = 8 + int.from_bytes(content[4:8], "little")
        return Container("WEBP", content[:end], cost=17, size=_webp_size(content))
    raise unreadable()


def refuse_animation() -> InvalidUpload:
    return InvalidUpload(
        "animated", _("This picture moves. Please send one that stands still.")
    )


def _too_complex() -> InvalidUpload:
    message = _(
        "This file is put together in an unusual way. Please save the picture again, "
        "as JPEG or PNG, and send that."
    )
    return InvalidUpload("too_complex", message)


def _jpeg(content: bytes) -> Container:
    """Profile and orientation stay, the rest of the metadata and the tail go.

    A progressive picture, or one with its colours in scans of their own, is held in
    memory whole as 16-bit coefficients, however small it is wanted.
    """
    kept, scans, layers, whole = [content[:2]], 0, 3, False
    seen: set[int] = set()
    first_scan, end = 0, len(content)
    for part in _jpeg_parts(content):
        if part.marker == JPEG_END:
            end = part.end
        elif part.marker == JPEG_SCAN:
            scans += 1
            first_scan = first_scan or part.start
            whole = whole or content[part.body + 2] < layers or scans > 1
        elif part.marker in JPEG_FRAMES:
            if part.marker not in JPEG_USUAL_FRAMES:
                raise unreadable()
            layers = content[part.body + 7]
            whole = whole or part.marker == 0xC2
        if not first_scan and _is_needed(content, part, seen):
            kept.append(content[part.start : part.end])
    if scans > MAX_SCANS:
        raise _too_complex()
    if not first_scan:
        raise unreadable()
    kept.append(content[first_scan:end])
    return Container("JPEG", b"".join(kept), cost=2 * layers + 4 if whole else 0)


def _jpeg_parts(content: bytes) -> Iterator[_Jpeg]:
    """Marker segments as libjpeg finds them, to the end of the first picture."""
    position = 2
    for _number in range(MAX_PARTS):
        match = JPEG_MARKER.search(content, position)
        if match is None:
            return
        start, body = match.span()
        marker = content[start + 1]
        if marker == JPEG_END:
            yield _Jpeg(marker, start, body, body)
            return
        # Reserved markers are skipped alone, lest they hide what follows.
        bare = marker in JPEG_BARE or marker < 0xC0
        size = 0 if bare else int.from_bytes(content[body : body + 2], "big")
        position = body + size
        yield _Jpeg(marker, start, body, position)
    raise _too_complex()


def _is_needed(content: bytes, part: _Jpeg, seen: set[int]) -> bool:
    """Application segments: JFIF and Adobe (colour), the first EXIF, the profile."""
    if part.marker == 0xE1:
        if part.marker in seen or not content.startswith(b"Exif\0\0", part.body + 2):
            return False
        seen.add(part.marker)
        return True
    if part.marker == 0xE2:
        return content.startswith(b"ICC_PROFILE\0", part.body + 2)
    return not (0xE3 <= part.marker <= 0xED or part.marker in (0xEF, 0xFE))


def _png(content: bytes) -> bytes:
    """Chunks that matter to pixels, each kind but the pixels themselves once."""
    kept, position = [content[:8]], 8
    seen: set[bytes] = set()
    for _number in range(MAX_PARTS):
        size = int.from_bytes(content[position : position + 4], "big")
        kind = content[position + 4 : position + 8]
        end = position + 12 + size
        if kind == b"acTL" and int.from_bytes(content[position + 8 :][:4], "big") > 1:
            raise refuse_animation()
        if kind in PNG_KEPT and (kind == b"IDAT" or kind not in seen):
            kept.append(content[position:end])
            seen.add(kind)
        position = end
        if kind == b"IEND" or position >= len(content):
            return b"".join(kept)
    raise _too_complex()


def _gif(content: bytes) -> bytes:
    """The screen, its palette, the transparency and one picture."""
    position = 13 + _gif_palette(content[10])
    screen, control, picture = content[:position], b"", b""
    for _number in range(MAX_PARTS):
        start, kind = position, content[position : position + 1]
        if kind == b"!":
            position = _gif_blocks(content, start + 2)
            if content[start + 1] == 0xF9 and not picture:
                control = content[start:position]
        elif kind == b"," and picture:
            raise refuse_animation()
        elif kind == b",":
            data = start + 11 + _gif_palette(content[start + 9])
            position = _gif_blocks(content, data)
            picture = content[start:position]
        elif picture:
            return b"".join([screen, control, picture, b";"])
        else:
            raise unreadable()
    raise _too_complex()


def _webp_size(content: bytes) -> tuple[int, int]:
    """Of the canvas, or of the picture where there is no extended header."""

    def number(start: int, size: int) -> int:
        return int.from_bytes(content[start : start + size], "little")

    kind = content[12:16]
    if kind == b"VP8X":
        return number(24, 3) + 1, number(27, 3) + 1
    if kind == b"VP8L":  # a signature of one byte, then 14 bits each
        return (number(21, 4) & 0x3FFF) + 1, (number(21, 4) >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":  # two more bits each say how to scale, and nobody does
        return number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF
    raise unreadable()


def _gif_palette(flags: int) -> int:
    """Bytes of the colour table these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_blocks(content: bytes, position: int) -> int:
    """Where the sub-blocks that begin at ``position`` end."""
    for _number in range(MAX_PARTS):
        size = content[position]
        position += 1 + size
        if size == 0:
            return position
    raise _too_complex()

"""Shapes as masks that add, subtract and intersect, on a supersampled canvas."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterable

from PIL import Image, ImageChops, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

INK: Colour = (15, 43, 51)
NIGHT: Colour = (22, 32, 66)
BUOY: Colour = (214, 64, 31)
LICHEN: Colour = (242, 194, 48)
FOG: Colour = (241, 244, 242)
WHITE: Colour = (255, 255, 255)
TIDE: Colour = (38, 118, 132)
SKY: Colour = (166, 206, 217)
SHELL: Colour = (244, 203, 184)
MOSS: Colour = (88, 118, 78)
PLUM: Colour = (96, 46, 74)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return ``first`` with ``share`` (0 to 1) of ``second`` in it."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))  # type: ignore[return-value]


class Mask:
    """A grey-scale shape; ``|`` joins, ``&`` intersects, ``-`` cuts out."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image

    def __or__(self, other: Mask) -> Mask:
        return Mask(ImageChops.lighter(self.image, other.image))

    def __and__(self, other: Mask) -> Mask:
        return Mask(ImageChops.darker(self.image, other.image))

    def __sub__(self, other: Mask) -> Mask:
        return Mask(ImageChops.darker(self.image, ImageChops.invert(other.image)))


class Canvas:
    """A picture measured in thousandths of its width, whatever its pixels."""

    def __init__(self, size: tuple[int, int], *, ground: Colour, over: int) -> None:
        self.final = size
        self.size = (size[0] * over, size[1] * over)
        self.unit = self.size[0] / 1000
        self.height = size[1] / size[0] * 1000
        self.image = Image.new("RGB", self.size, ground)

    def fill(self, mask: Mask, colour: Colour, *, opacity: float = 1) -> None:
        box = mask.image.getbbox()
        if box is None:
            return
        image = mask.image.crop(box)
        if opacity < 1:
            image = image.point(lambda value: round(value * opacity))
        self.image.paste(colour, box, mask=image)

    def _shape(self, paint: Callable[[ImageDraw.ImageDraw], None]) -> Mask:
        image = Image.new("L", self.size, 0)
        paint(ImageDraw.Draw(image))
        return Mask(image)

    def _px(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.unit, y * self.unit) for x, y in points]

    def disc(self, x: float, y: float, radius: float) -> Mask:
        box = self._px([(x - radius, y - radius), (x + radius, y + radius)])
        return self._shape(lambda pen: pen.ellipse([*box[0], *box[1]], fill=255))

    def ring(self, x: float, y: float, radius: float, width: float) -> Mask:
        """Return a ring whose stroke is centred on ``radius``."""
        outer = self.disc(x, y, radius + width / 2)
        return outer - self.disc(x, y, radius - width / 2)

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Mask:
        return self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    def polygon(self, points: Iterable[Point]) -> Mask:
        pixels = self._px(points)
        return self._shape(lambda pen: pen.polygon(pixels, fill=255))

    def stroke(self, points: Iterable[Point], width: float) -> Mask:
        """Return a line with round joints and caps."""
        pixels = self._px(points)
        radius = width * self.unit / 2

        def paint(pen: ImageDraw.ImageDraw) -> None:
            pen.line(pixels, fill=255, width=round(radius * 2), joint="curve")
            for x, y in (pixels[0], pixels[-1]):
                pen.ellipse([x - radius, y - radius, x + radius, y + radius], 255)

        return self._shape(paint)

    def wave(
        self,
        y: float,
        *,
        rise: float,
        length: float,
        shift: float = 0,
        thickness: float | None = None,
    ) -> Mask:
        """Return a sine band, or everything below the sine without ``thickness``."""
        top = wave_line(y, rise=rise, length=length, shift=shift)
        depth = self.height * 2 if thickness is None else thickness
        under = [(x, level + depth) for x, level in reversed(top)]
        return self.polygon(top + under)

    def finish(self) -> Image.Image:
        return self.image.resize(self.final, Image.Resampling.LANCZOS)


def wave_line(y: float, *, rise: float, length: float, shift: float = 0) -> list[Point]:
    """Return a sine from edge to edge; ``rise`` is its amplitude."""
    return [
        (x, y + rise * math.sin((x / length + shift) * math.tau))
        for x in range(-20, 1025, 4)
    ]


def arc_points(
    x: float, y: float, radius: float, start: float, end: float, steps: int = 90
) -> list[Point]:
    """Return points on a circle, in degrees, clockwise from three o'clock."""
    angles = (
        math.radians(start + (end - start) * step / steps) for step in range(steps + 1)
    )
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def grain(image: Image.Image, seed: int, *, strength: float) -> Image.Image:
    """Return ``image`` with seeded paper grain; ``strength`` 0.1 is visible."""
    noise = random.Random(seed).randbytes(image.width * image.height)
    plate = Image.frombytes("L", image.size, noise)
    plate = plate.point(lambda value: round(128 + (value - 128) * strength))
    return ImageChops.overlay(image, Image.merge("RGB", (plate, plate, plate)))


def as_png(image: Image.Image) -> bytes:
    return _encode(image, format="PNG", optimize=True)


def as_jpeg(image: Image.Image) -> bytes:
    return _encode(image, format="JPEG", quality=86, progressive=True)


def _encode(image: Image.Image, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, **options)
    return target.getvalue()

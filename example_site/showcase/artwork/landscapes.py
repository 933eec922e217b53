"""Painterly seascapes: a composed under-painting, covered with brush strokes."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

from example_site.showcase.artwork.canvas import Colour, Point, as_jpeg, grain, mix


class Light(NamedTuple):
    """The light of an hour: sky from zenith to horizon, sun, land and water."""

    zenith: Colour
    horizon: Colour
    sun: Colour
    land: Colour
    water: Colour
    sun_x: float
    sun_y: float


def _light(colours: str, sun_x: float, sun_y: float) -> Light:
    return Light(*map(ImageColor.getrgb, colours.split()), sun_x, sun_y)


LIGHTS = (
    _light("#5e8ea8 #fad6b2 #fff0ce #2c4a58 #346274", 0.68, 0.44),
    _light("#283462 #ec805c #ffd68c #22223e #2c3864", 0.32, 0.47),
    _light("#96bac4 #e8ece2 #fffff6 #46625c #6c98a0", 0.54, 0.26),
    _light("#0e1830 #3e5878 #ece8ce #0a1422 #142640", 0.76, 0.2),
    _light("#e29c54 #fada84 #fff6ce #543a38 #b07a54", 0.44, 0.42),
    _light("#54707a #c4d0cc #f0f2e8 #263a3c #3e5c62", 0.2, 0.34),
)

HORIZON = 0.54
RIM = 74  # what an inverted radial gradient holds at the middle of its edges
FULL = (255 - RIM) ** 2.2


def photo(seed: int) -> bytes:
    """Return a 1600 x 1200 JPEG; six seeds in a row give six hours of the day."""
    return as_jpeg(_paint((1600, 1200), seed))


def cover(seed: int) -> bytes:
    """Return a 2000 x 1000 JPEG with the same hours as ``photo``."""
    return as_jpeg(_paint((2000, 1000), seed + 600))


def _paint(size: tuple[int, int], seed: int) -> Image.Image:
    dice = random.Random(seed)
    light = LIGHTS[seed % len(LIGHTS)]
    image = _sky_and_water(size, light)
    _sun(image, light)
    _islands(image, light, dice)
    image = _strokes(image, dice)
    _glitter(image, light, dice)
    _ferry(image, light, dice)
    return grain(image, seed, strength=0.07)


def _sky_and_water(size: tuple[int, int], light: Light) -> Image.Image:
    wide, tall = size
    column = Image.new("RGB", (1, tall))
    for y in range(tall):
        height = y / tall
        if height < HORIZON:
            colour = mix(light.zenith, light.horizon, (height / HORIZON) ** 1.6)
        else:
            depth = (height - HORIZON) / (1 - HORIZON)
            near = mix(light.water, light.land, 0.45 * depth)
            colour = mix(mix(light.horizon, light.water, 0.35), near, depth**0.5)
        column.putpixel((0, y), colour)
    return column.resize(size)


def _sun(image: Image.Image, light: Light) -> None:
    """Add a glow and a small disc; ``radial_gradient`` is dark in its middle."""
    wide, tall = image.size
    reach = round(tall * 1.1)
    glow = ImageChops.invert(Image.radial_gradient("L"))
    glow = glow.point(lambda value: round(max(0, value - RIM) ** 2.2 / FULL * 190))
    glow = glow.resize((reach, reach))
    x, y = round(light.sun_x * wide), round(light.sun_y * tall)
    image.paste(light.sun, (x - reach // 2, y - reach // 2), glow)
    radius = tall * 0.032
    ball = Image.new("L", image.size, 0)
    ImageDraw.Draw(ball).ellipse([x - radius, y - radius, x + radius, y + radius], 235)
    image.paste(light.sun, mask=ball.filter(ImageFilter.GaussianBlur(2)))


def _ridge(wide: int, dice: random.Random) -> list[float]:
    """Return heights (0 to 1) of one island, smooth and rising in its middle."""
    phases = [dice.random() * math.tau for _ in range(4)]
    heights = []
    for x in range(wide):
        at = x / wide
        rough = sum(
            math.sin(at * math.tau * (2**n) * 1.1 + phase) / (1.9**n)
            for n, phase in enumerate(phases)
        )
        heights.append(max(0.0, math.sin(math.pi * at) ** 0.7 * (0.62 + 0.2 * rough)))
    return heights


def _islands(image: Image.Image, light: Light, dice: random.Random) -> None:
    """Stack three to five islands from hazy to near, each mirrored in the water."""
    wide, tall = image.size
    count = dice.randint(3, 5)
    sides = dice.sample([0.08, 0.3, 0.52, 0.74, 0.92], count)
    for n, middle in enumerate(sides):
        near = (n + 1) / count
        colour = mix(light.horizon, light.land, 0.25 + 0.65 * near)
        span = round(wide * dice.uniform(0.24, 0.4) * (0.7 + near * 0.6))
        rise = tall * dice.uniform(0.1, 0.2) * (0.65 + near * 0.5)
        left = round(middle * wide - span / 2)
        foot = round(tall * (HORIZON + 0.012 * n))
        line = list(enumerate(_ridge(span, dice)))
        shore = [(left, foot), (left + span, foot)]
        top = [(left + x, foot - h * rise) for x, h in line]
        mirror = [(left + x, foot + h * rise * 0.7) for x, h in line]
        _blend(image, [shore[0], *mirror, shore[1]], colour, 90)
        _blend(image, [shore[0], *top, shore[1]], colour, 255)


def _blend(
    image: Image.Image, outline: list[Point], colour: Colour, strength: int
) -> None:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).polygon(outline, fill=strength)
    image.paste(colour, mask=mask.filter(ImageFilter.GaussianBlur(1.4)))


def _strokes(image: Image.Image, dice: random.Random) -> Image.Image:
    """Repaint the picture in three passes of ever finer, slightly tilted strokes."""
    source = image.filter(ImageFilter.GaussianBlur(3))
    wide, tall = image.size
    pixels = source.load()
    over = image.resize((wide * 2, tall * 2))
    pen = ImageDraw.Draw(over, "RGBA")
    passes = ((1600, 80, 20, 120), (4200, 40, 10, 150), (7500, 18, 5, 165))
    for count, length, thick, alpha in passes:
        for _ in range(count):
            x, y = dice.randrange(wide), dice.randrange(tall)
            jitter = dice.randint(-9, 9)
            red, green, blue = (
                max(0, min(255, value + jitter)) for value in pixels[x, y]
            )
            in_sky = y / tall < HORIZON
            reach = length * dice.uniform(0.6, 1.3) * (1 if in_sky else 1.5)
            tilt = reach * (dice.uniform(-0.35, 0.1) if in_sky else 0.02)
            ends = [(2 * x - reach, 2 * y - tilt), (2 * x + reach, 2 * y + tilt)]
            width = max(2, round(thick * dice.uniform(0.6, 1.2)))
            pen.line(ends, fill=(red, green, blue, alpha), width=width)
    return over.resize(image.size, Image.Resampling.LANCZOS)


def _glitter(image: Image.Image, light: Light, dice: random.Random) -> None:
    """Scatter light on the water below the sun, wider towards the viewer."""
    wide, tall = image.size
    pen = ImageDraw.Draw(image, "RGBA")
    for _ in range(520):
        depth = dice.random() ** 1.3
        y = tall * (HORIZON + 0.02 + depth * (0.98 - HORIZON))
        spread = wide * (0.02 + 0.16 * depth)
        x = light.sun_x * wide + dice.gauss(0, spread)
        half = (3 + 20 * depth) * dice.uniform(0.5, 1.6)
        tone = (*light.sun, round(150 - 95 * depth))
        pen.line([(x - half, y), (x + half, y)], fill=tone, width=1 + round(3 * depth))


def _ferry(image: Image.Image, light: Light, dice: random.Random) -> None:
    """Put one small ferry on the water, with smoke-free funnel and lit windows."""
    wide, tall = image.size
    scale, over = tall / 1000 * dice.choice((0.72, 0.95, 1.25)), 3
    x = dice.choice((0.14, 0.36, 0.62)) * wide
    y = tall * (HORIZON + 0.06 + 0.04 * scale)
    box = (round(300 * scale), round(120 * scale))
    layer = Image.new("RGBA", (box[0] * over, box[1] * over), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    s = scale * over

    def shape(points: list[Point], colour: Colour) -> None:
        pen.polygon([(a * s, b * s) for a, b in points], fill=colour)

    pale = mix(light.horizon, (255, 255, 255), 0.45)
    hull = mix(light.land, (0, 0, 0), 0.25)
    shape([(10, 70), (280, 66), (258, 100), (30, 100)], hull)
    shape([(52, 46), (226, 46), (238, 69), (44, 70)], pale)
    shape([(86, 30), (190, 30), (194, 47), (80, 47)], mix(pale, light.land, 0.15))
    shape([(120, 4), (146, 4), (140, 31), (112, 31)], (206, 70, 38))
    for n in range(9):
        shape(_pane(62 + n * 18), mix(light.sun, (242, 194, 48), 0.5))
    layer = layer.resize(box, Image.Resampling.LANCZOS)
    if dice.random() < 0.5:
        layer = layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mirror = layer.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror.putalpha(mirror.getchannel("A").point(lambda value: value // 4))
    at = (round(x), round(y))
    image.paste(mirror, (at[0], at[1] + round(80 * scale)), mirror)
    image.paste(layer, at, layer)


def _pane(x: float) -> list[Point]:
    return [(x, 53), (x + 9, 53), (x + 9, 61), (x, 61)]

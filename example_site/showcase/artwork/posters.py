"""Upright visual directions: type-less posters in flat, slightly grainy colour."""

from __future__ import annotations

import math
import random

from example_site.showcase.artwork.canvas import Canvas, as_jpeg, grain, mix
from example_site.showcase.artwork.inks import INKS, Inks
from example_site.showcase.artwork.patterns import flag_hoist, quarter_grid, timetable


def sun_and_swell(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """A large sun sinking into eight bands of swell."""
    c.fill(c.disc(dice.choice((360, 500, 640)), 560, 330), ink.strong)
    for step in range(8):
        tone = mix(ink.cool, ink.deep, step / 7)
        y = 620 + step * step * 7 + step * 42
        sea = c.wave(y, rise=16 + step * 4, length=330 + step * 60, shift=dice.random())
        c.fill(sea, tone)


def tall_sails(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """Overlapping curved sails, printed like transparent ink."""
    c.fill(c.rect(0, 1040, 1000, 1250), ink.deep)
    for x, top, colour in (
        (120, 330, ink.cool),
        (330, 120, ink.strong),
        (600, 460, ink.warm),
    ):
        tall = 1040 - top
        bow = c.disc(x - tall * 0.55, 1040, math.hypot(tall, tall * 0.55))
        c.fill(bow & c.rect(x, top, x + tall, 1040), colour, opacity=0.88)
    c.fill(c.disc(820, 210, 82), ink.deep)
    c.fill(c.wave(1120, rise=10, length=160, thickness=16), ink.paper)


def long_wake(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """A tiny ferry from above, pulling a fan of wake lines across open sea."""
    c.fill(c.rect(0, 0, 1000, 1250), ink.deep)
    bow = dice.choice((690, 310))
    for step in range(-9, 10):
        if step:
            foot = 500 + step * 95
            tone = mix(ink.cool, ink.paper, abs(step) % 3 / 2)
            start = (bow + step * 2.4, 330)
            c.fill(c.stroke([start, (foot, 1290)], 3 + abs(step) * 1.5), tone)
    hull = c.polygon([(bow, 180), (bow + 36, 250), (bow + 36, 350), (bow - 36, 350)])
    hull = hull | c.polygon([(bow, 180), (bow - 36, 250), (bow - 36, 350)])
    c.fill(hull, ink.paper)
    c.fill(c.rect(bow - 18, 262, bow + 18, 296), ink.strong)
    c.fill(c.disc(bow, 322, 13), ink.warm)


def chart(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """Nine islands with depth contours and one dotted route, like a sea chart."""
    c.fill(c.rect(0, 0, 1000, 1250), mix(ink.cool, ink.paper, 0.55))
    homes = ((220, 190), (560, 150), (830, 300), (640, 460), (250, 520))
    homes += ((470, 740), (810, 760), (270, 1000), (660, 1060))
    islands = [(x, y, dice.uniform(38, 86), dice.random() * 6) for x, y in homes]
    for rim, tone in ((96, 0.68), (58, 0.82), (26, 1.0)):
        for island in islands:
            colour = mix(mix(ink.cool, ink.paper, 0.4), ink.paper, tone)
            c.fill(c.polygon(_coast(*island, rim=rim)), colour)
    stops = sorted(homes, key=lambda spot: spot[1])
    for (x0, y0), (x1, y1) in zip(stops, stops[1:], strict=False):
        for dot in range(1, 9):
            at = dot / 9
            spot = c.disc(x0 + (x1 - x0) * at, y0 + (y1 - y0) * at, 6)
            c.fill(spot, ink.strong)
    for number, island in enumerate(islands):
        colour = ink.strong if number == 5 else ink.deep
        c.fill(c.polygon(_coast(*island, rim=0)), colour)


def _coast(
    x: float, y: float, size: float, turn: float, *, rim: float
) -> list[tuple[float, float]]:
    """Return an uneven closed coastline, ``rim`` outside the shore."""
    points = []
    for step in range(72):
        angle = step / 72 * math.tau
        swell = 1 + 0.22 * math.sin(2 * angle + turn) + 0.1 * math.sin(5 * angle - turn)
        radius = size * swell + rim
        points.append(
            (x + radius * math.cos(angle), y + radius * 0.82 * math.sin(angle))
        )
    return points


def night_boat(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """A lit ferry by night under a moon, with a broken path of moonlight."""
    c.fill(c.rect(0, 0, 1000, 1250), ink.deep)
    moon = dice.choice((300, 700))
    c.fill(c.disc(moon, 270, 130), ink.warm)
    for _ in range(60):
        star = c.disc(
            dice.uniform(20, 980), dice.uniform(20, 640), dice.uniform(1.5, 4)
        )
        c.fill(star, ink.paper)
    c.fill(c.rect(0, 760, 1000, 1250), mix(ink.deep, ink.cool, 0.45))
    hull = [(150, 690), (850, 690), (790, 800), (230, 800)]
    c.fill(c.polygon(hull), ink.strong)
    c.fill(c.rect(250, 610, 780, 690) | c.rect(330, 550, 660, 620), ink.paper)
    c.fill(c.polygon([(480, 440), (570, 440), (556, 552), (466, 552)]), ink.strong)
    for n in range(11):
        c.fill(c.rect(276 + n * 45, 636, 300 + n * 45, 662), ink.warm)
    for n in range(15):
        half = max(12, 150 - n * 6 + dice.uniform(-30, 30))
        middle, y = moon + dice.uniform(-22, 22), 840 + n * 28
        c.fill(c.stroke([(middle - half, y), (middle + half, y)], 11), ink.warm)


def quay_houses(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """A row of painted harbour houses and their reflection in ripples."""
    c.fill(c.rect(0, 720, 1000, 1250), mix(ink.cool, ink.deep, 0.35))
    x = -20.0
    tones = [ink.strong, ink.warm, ink.deep, ink.cool, mix(ink.strong, ink.paper, 0.5)]
    number = dice.randrange(5)
    while x < 1000:
        wide, tall = dice.choice((130, 160, 190)), dice.choice((250, 310, 380))
        tone = tones[number % 5]
        number += 1
        c.fill(c.rect(x, 720 - tall, x + wide, 720), tone)
        roof = [(x, 720 - tall), (x + wide / 2, 640 - tall), (x + wide, 720 - tall)]
        c.fill(c.polygon(roof), mix(tone, ink.deep, 0.3))
        for row in range(tall // 95):
            for pane in (0.24, 0.62):
                left, y = x + wide * pane - 10, 748 - tall + row * 95
                c.fill(c.rect(left, y, left + 34, y + 48), ink.paper)
        ripple = c.rect(x + 6, 730, x + wide - 6, 730 + tall * 0.9)
        for band in range(11):
            line = c.wave(738 + band * 34, rise=7, length=140, thickness=17)
            c.fill(ripple & line, mix(tone, ink.cool, 0.25))
        x += wide
    c.fill(c.rect(0, 712, 1000, 734), ink.paper)


COMPOSITIONS = (
    sun_and_swell,
    tall_sails,
    quarter_grid,
    long_wake,
    chart,
    night_boat,
    timetable,
    quay_houses,
    flag_hoist,
)


def poster(seed: int) -> bytes:
    """Return a 1200 x 1500 JPEG; nine seeds in a row give nine compositions."""
    dice = random.Random(seed)
    ink = INKS[(seed * 5 + seed // len(COMPOSITIONS)) % len(INKS)]
    canvas = Canvas((1200, 1500), ground=ink.paper, over=2)
    COMPOSITIONS[seed % len(COMPOSITIONS)](canvas, ink, dice)
    return as_jpeg(grain(canvas.finish(), seed, strength=0.12))

"""Square logo marks: geometric signs a sign painter could copy onto a funnel."""

from __future__ import annotations

import math
from typing import NamedTuple

from example_site.showcase.artwork.canvas import (
    BUOY,
    FOG,
    INK,
    LICHEN,
    MOSS,
    NIGHT,
    PLUM,
    SHELL,
    SKY,
    TIDE,
    WHITE,
    Canvas,
    Colour,
    arc_points,
    as_png,
)


class Scheme(NamedTuple):
    ground: Colour
    main: Colour
    accent: Colour


SCHEMES = (
    Scheme(WHITE, INK, BUOY),
    Scheme(FOG, BUOY, INK),
    Scheme(LICHEN, INK, WHITE),
    Scheme(WHITE, TIDE, LICHEN),
    Scheme(INK, FOG, LICHEN),
    Scheme(WHITE, NIGHT, BUOY),
    Scheme(SHELL, PLUM, BUOY),
    Scheme(BUOY, FOG, INK),
    Scheme(WHITE, MOSS, LICHEN),
    Scheme(SKY, NIGHT, WHITE),
    Scheme(NIGHT, SHELL, BUOY),
)


def sun_in_waves(c: Canvas, s: Scheme) -> None:
    sun = c.disc(500, 500, 300)
    for y, thickness in ((500, 26), (574, 40), (668, 56)):
        sun = sun - c.wave(y, rise=20, length=300, thickness=thickness)
    c.fill(sun, s.main)


def hull_and_sun(c: Canvas, s: Scheme) -> None:
    c.fill(c.disc(500, 500, 300) & c.rect(0, 530, 1000, 1000), s.main)
    c.fill(c.disc(500, 365, 118), s.accent)


def funnel(c: Canvas, s: Scheme) -> None:
    body = c.polygon([(350, 220), (690, 220), (640, 780), (300, 780)])
    c.fill(body, s.main)
    band = c.wave(420, rise=26, length=240, shift=0.1, thickness=130)
    c.fill(body & band, s.accent)


def three_sails(c: Canvas, s: Scheme) -> None:
    for x, radius, colour in (
        (355, 170, s.main),
        (545, 250, s.accent),
        (815, 370, s.main),
    ):
        quarter = c.disc(x, 665, radius) & c.rect(x - radius, 665 - radius, x, 665)
        c.fill(quarter, colour)
    c.fill(c.rect(185, 691, 815, 721), s.main)


def tidal_o(c: Canvas, s: Scheme) -> None:
    c.fill(c.ring(500, 500, 240, 96), s.main)
    c.fill(c.wave(478, rise=44, length=480, thickness=112), s.ground)
    band = c.wave(500, rise=44, length=480, thickness=68)
    c.fill(band & c.rect(140, 0, 860, 1000), s.accent)


def spiral(c: Canvas, s: Scheme) -> None:
    points = []
    for step in range(181):
        angle = math.pi / 2 + (180 - step) / 180 * 2.25 * math.tau
        radius = 52 + 228 * step / 180
        points.append((450 + radius * math.cos(angle), 480 + radius * math.sin(angle)))
    c.fill(c.stroke([*points, (860, 760)], 56), s.main)
    c.fill(c.disc(812, 590, 60), s.accent)


def signal_flag(c: Canvas, s: Scheme) -> None:
    c.fill(c.rect(230, 230, 770, 770), s.main)
    c.fill(c.polygon([(230, 770), (770, 230), (770, 770)]), s.accent)
    sun = c.disc(500, 500, 150)
    c.fill(sun & c.polygon([(230, 770), (770, 230), (770, 770)]), s.main)
    c.fill(sun & c.polygon([(230, 770), (770, 230), (230, 230)]), s.accent)


def tern(c: Canvas, s: Scheme) -> None:
    c.fill(c.disc(500, 500, 310), s.main)
    sky = c.rect(0, 0, 1000, 612)
    for x in (332, 668):
        wing = c.disc(x, 610, 202) - c.disc(x, 668, 210)
        c.fill(wing & sky, s.ground)
    c.fill(c.disc(600, 312, 52), s.accent)


def foghorn(c: Canvas, s: Scheme) -> None:
    sky = c.rect(230, 0, 1000, 770)
    for radius in (210, 340, 470):
        c.fill(c.ring(230, 770, radius, 66) & sky, s.main)
    c.fill(c.disc(230, 770, 112) & sky, s.accent)


def fish(c: Canvas, s: Scheme) -> None:
    body = c.disc(440, 720, 370) & c.disc(440, 280, 370)
    tail = c.polygon([(690, 500), (880, 340), (880, 660)])
    c.fill(body | tail, s.main)
    c.fill(c.disc(290, 478, 32), s.ground)
    c.fill(body & c.wave(540, rise=20, length=190, thickness=30), s.accent)


def nine_islands(c: Canvas, s: Scheme) -> None:
    spots = [(260 + 240 * (n % 3), 260 + 240 * (n // 3)) for n in range(9)]
    route = [spots[n] for n in (0, 1, 4, 3, 6, 7, 8)]
    c.fill(c.stroke(route, 40), s.accent)
    for n, (x, y) in enumerate(spots):
        c.fill(c.disc(x, y, 78 if n in (0, 8) else 62), s.main)
    c.fill(c.disc(*spots[8], 36), s.accent)


def lighthouse(c: Canvas, s: Scheme) -> None:
    beams = c.polygon([(500, 380), (90, 210), (90, 550)])
    beams = beams | c.polygon([(500, 380), (910, 210), (910, 550)])
    c.fill(beams & c.disc(500, 380, 350), s.accent)
    tower = c.polygon([(438, 400), (562, 400), (620, 820), (380, 820)])
    c.fill(tower, s.main)
    c.fill(c.disc(500, 380, 92), s.main)
    c.fill(c.disc(500, 380, 44), s.ground)
    c.fill(tower & c.rect(0, 560, 1000, 640), s.ground)


def linked_rings(c: Canvas, s: Scheme) -> None:
    left, right = c.ring(385, 500, 190, 78), c.ring(615, 500, 190, 78)
    above, below = c.rect(400, 250, 600, 450), c.rect(400, 550, 600, 750)
    c.fill(left, s.main)
    c.fill(c.ring(615, 500, 190, 122) & above, s.ground)
    c.fill(right, s.accent)
    c.fill(c.ring(385, 500, 190, 122) & below, s.ground)
    c.fill(left & below, s.main)


def moon_tide(c: Canvas, s: Scheme) -> None:
    c.fill(c.disc(500, 400, 230) - c.disc(590, 340, 200), s.main)
    for step, half in enumerate((290, 220, 150, 80)):
        y = 682 + step * 50
        c.fill(c.stroke([(500 - half, y), (500 + half, y)], 14 + 5 * step), s.accent)


def boat_window(c: Canvas, s: Scheme) -> None:
    c.fill(c.rect(220, 220, 780, 780), s.main)
    hull = c.disc(500, 560, 210) & c.rect(0, 590, 1000, 1000)
    sail = c.polygon([(520, 300), (520, 560), (690, 560)])
    jib = c.polygon([(486, 360), (486, 560), (350, 560)])
    c.fill(hull | sail, s.ground)
    c.fill(jib, s.accent)


def monogram_four(c: Canvas, s: Scheme) -> None:
    c.fill(c.stroke([(585, 800), (585, 210), (235, 620)], 84), s.main)
    sea = c.wave(590, rise=24, length=280, shift=0.15, thickness=84)
    c.fill(sea & c.rect(196, 0, 800, 1000), s.accent)


def anchor_smile(c: Canvas, s: Scheme) -> None:
    c.fill(c.stroke([(500, 330), (500, 760)], 68), s.main)
    c.fill(c.stroke(arc_points(500, 510, 262, 15, 165), 68), s.main)
    c.fill(c.stroke([(390, 440), (610, 440)], 60), s.main)
    c.fill(c.ring(500, 250, 72, 46), s.accent)


def shifted_sun(c: Canvas, s: Scheme) -> None:
    for step in range(7):
        y = 215 + step * 84
        bar = c.rect(0, y, 1000, y + 58)
        shift = 0 if step < 4 else (34 if step % 2 else -34)
        c.fill(c.disc(500 + shift, 500, 300) & bar, s.main if step < 4 else s.accent)


MARKS = (
    sun_in_waves,
    hull_and_sun,
    funnel,
    three_sails,
    tidal_o,
    spiral,
    signal_flag,
    tern,
    foghorn,
    fish,
    nine_islands,
    lighthouse,
    linked_rings,
    moon_tide,
    boat_window,
    monogram_four,
    anchor_smile,
    shifted_sun,
)


def logo_mark(seed: int) -> bytes:
    """Return a 1200 x 1200 PNG; eighteen seeds in a row give eighteen marks."""
    scheme = SCHEMES[(seed * 7 + seed // len(MARKS)) % len(SCHEMES)]
    canvas = Canvas((1200, 1200), ground=scheme.ground, over=3)
    MARKS[seed % len(MARKS)](canvas, scheme)
    return as_png(canvas.finish())

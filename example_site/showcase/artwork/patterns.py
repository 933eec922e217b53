"""Poster patterns: tiles, bars and flags that follow a rule."""

from __future__ import annotations

import random

from example_site.showcase.artwork.canvas import Canvas, Mask, mix
from example_site.showcase.artwork.inks import Inks


def quarter_grid(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """A four by five grid of quarter circles, half circles, discs and waves."""
    colours = [ink.deep, ink.strong, ink.warm, ink.cool, ink.paper]
    for row in range(5):
        for column in range(4):
            x, y = column * 250, row * 250
            back, front = dice.sample(colours, 2)
            cell = c.rect(x, y, x + 250, y + 250)
            c.fill(cell, back)
            right, low = divmod(dice.choice((0, 2, 1, 3)), 2)
            corner = (x + 250 * right, y + 250 * low)
            c.fill(_tile(c, x, y, corner, dice.choice(range(5))) & cell, front)


def _tile(c: Canvas, x: int, y: int, corner: tuple[int, int], shape: int) -> Mask:
    match shape:
        case 0:
            return c.disc(*corner, 250)
        case 1:
            return c.disc(*corner, 250) - c.disc(*corner, 125)
        case 2:
            return c.disc(x + 125, y, 125) | c.disc(x + 125, y + 250, 125)
        case 3:
            return c.disc(x + 125, y + 125, 80)
        case _:
            return c.wave(y + 125, rise=26, length=125)


def timetable(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """Nine vertical bars of unequal length, each stopped by one disc."""
    for n in range(9):
        x = 70 + n * 97
        top, foot = dice.randint(90, 480), dice.randint(700, 1160)
        colour = (ink.deep, ink.cool, ink.deep, ink.strong)[n % 4]
        c.fill(c.rect(x, top, x + 62, foot), colour)
        stop = dice.randint(top + 60, foot - 60)
        c.fill(c.disc(x + 31, stop, 47), ink.warm if n % 4 != 3 else ink.paper)
        c.fill(c.disc(x + 31, stop, 20), ink.deep)


def flag_hoist(c: Canvas, ink: Inks, dice: random.Random) -> None:
    """Twelve invented signal flags on four lines."""
    c.fill(c.rect(0, 0, 1000, 1250), mix(ink.cool, ink.paper, 0.25))
    tones = [ink.deep, ink.strong, ink.warm, ink.paper]
    for n in range(12):
        x, y = 90 + n % 3 * 290, 90 + n // 3 * 275
        one, two = dice.sample(tones, 2)
        flag = c.rect(x, y, x + 240, y + 200)
        c.fill(flag, one)
        pattern = _flag(c, x, y, (n * 5 + dice.randrange(2)) % 6)
        c.fill(pattern & flag, two)


def _flag(c: Canvas, x: int, y: int, pattern: int) -> Mask:
    match pattern:
        case 0:
            return c.rect(x + 120, y, x + 240, y + 200)
        case 1:
            return c.disc(x + 120, y + 100, 62)
        case 2:
            return c.polygon([(x, y), (x + 240, y), (x, y + 200)])
        case 3:
            return c.rect(x, y + 66, x + 240, y + 134)
        case 4:
            falling = c.stroke([(x, y), (x + 240, y + 200)], 54)
            return falling | c.stroke([(x + 240, y), (x, y + 200)], 54)
        case _:
            return c.rect(x + 76, y + 58, x + 164, y + 142)

"""The palettes of the posters: what a small press has on its shelf."""

from __future__ import annotations

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
    Colour,
)


class Inks(NamedTuple):
    """A printer's five inks: paper, deep, strong, warm, cool."""

    paper: Colour
    deep: Colour
    strong: Colour
    warm: Colour
    cool: Colour


INKS = (
    Inks(FOG, INK, BUOY, LICHEN, TIDE),
    Inks(SHELL, PLUM, BUOY, LICHEN, SKY),
    Inks(SKY, NIGHT, BUOY, FOG, TIDE),
    Inks(LICHEN, INK, BUOY, FOG, MOSS),
    Inks(FOG, NIGHT, TIDE, SHELL, SKY),
    Inks(SHELL, INK, TIDE, BUOY, SKY),
)

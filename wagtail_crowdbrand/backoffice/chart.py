"""Ideas over time as bars: all numbers of a drawing, none of its looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from wagtail_crowdbrand.domain.standing import Bar

#: In the drawing's own units; it is stretched to the width there is.
HEIGHT = 100
STEP = 10
GAP = 2


@dataclass(frozen=True)
class Column:
    """A bar with its place in the drawing."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    width: int
    height: int
    #: What the upper line stands for; the lower one is half of it.
    top: int
    is_weekly: bool

    @property
    def middle(self) -> int:
        return self.top // 2

    @property
    def peak(self) -> Bar:
        return max((column.bar for column in self.columns), key=lambda bar: bar.number)


def chart_of(bars: Sequence[Bar]) -> Chart | None:
    """The drawing, or nothing when no idea has come yet."""
    top = _round_up(max((bar.number for bar in bars), default=0))
    if not top:
        return None
    columns = [_column(bar, number, top=top) for number, bar in enumerate(bars)]
    weekly = any(bar.first != bar.last for bar in bars)
    return Chart(columns, STEP * len(bars), HEIGHT, top, weekly)


def _column(bar: Bar, number: int, *, top: int) -> Column:
    height = ceil(HEIGHT * bar.number / top)
    return Column(bar, STEP * number + GAP // 2, HEIGHT - height, STEP - GAP, height)


def _round_up(number: int) -> int:
    """An even number that reads well on an axis, at least as large."""
    if number <= 10:
        return number + number % 2
    unit = 10 ** (len(str(number)) - 1)
    for factor in (1, 2, 4, 5, 6, 8, 10):
        if factor * unit >= number:
            return factor * unit
    return number

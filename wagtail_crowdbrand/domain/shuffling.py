"""An order of one's own for each visitor and day, by arithmetic (decision 0008)."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Shuffle:
    """One visitor's order on one day: a full cycle through the ranks ``0 … count-1``.

    Position ``i`` shows rank ``(step · (start + i) + shift) mod count``. ``step`` is
    coprime to ``count``, so each submission comes exactly once, and over all starts
    each is first equally often. ``step`` and ``shift`` change with brief and day,
    ``start`` with the visitor. ``count`` is part of the order: ideas that join later
    in the day do not disturb somebody who is half-way through.
    """

    day: date
    start: int
    count: int

    def __str__(self) -> str:
        return f"{self.day:%Y%m%d}-{self.start}-{self.count}"

    @classmethod
    def parse(cls, text: str, *, count: int) -> Shuffle | None:
        """Read what ``str()`` wrote; ``None`` for anything else or a larger count."""
        try:
            day, start, given = text.split("-")
            order = cls(
                datetime.strptime(day, "%Y%m%d").date(),  # noqa: DTZ007 - a day
                int(start),
                int(given),
            )
        except ValueError:
            return None
        if not 0 < order.count <= count or not 0 <= order.start < order.count:
            return None
        return order if str(order) == text else None

    @classmethod
    def for_visitor(cls, visitor: str, *, day: date, count: int) -> Shuffle:
        """``visitor`` is any string that stays the same for one person and day."""
        start = _number(visitor, day.isoformat()) % count if count else 0
        return cls(day, start, count)

    def position(self, brief_key: UUID, rank: int) -> int:
        """At which position ``rank`` is shown; the inverse of :meth:`ranks`."""
        step, shift = self._cycle(brief_key)
        turned = pow(step, -1, self.count) * (rank - shift) if self.count > 1 else 0
        return (turned - self.start) % self.count

    def ranks(self, brief_key: UUID, first: int, last: int) -> list[int]:
        """The ranks shown at positions ``first`` up to, not including, ``last``."""
        step, shift = self._cycle(brief_key)
        return [
            (step * (self.start + position) + shift) % self.count
            for position in range(first, min(last, self.count))
        ]

    def _cycle(self, brief_key: UUID) -> tuple[int, int]:
        seed = _number(str(brief_key), self.day.isoformat())
        return _coprime_step(seed, self.count), seed % max(self.count, 1)


def _number(*parts: str) -> int:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _coprime_step(seed: int, count: int) -> int:
    """A step that visits each of ``count`` places once before it comes back."""
    if count < 3:
        return 1
    step = (seed // 7919) % (count - 1) + 1
    while math.gcd(step, count) != 1:
        step = step % (count - 1) + 1
    return step

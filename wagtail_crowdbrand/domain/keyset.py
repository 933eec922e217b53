"""Going on where a page of a gallery ended: by index, however far in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import SubmissionQuerySet, read_code

NEWEST = "newest"
BY_CODE = "code"
#: Columns of the orders that are the same for everybody, each with an index.
COLUMNS = {NEWEST: ("-visible_from", "-pk"), BY_CODE: ("code",)}
BACKWARDS = {NEWEST: ("visible_from", "pk"), BY_CODE: ("-code",)}

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
#: Digits of a moment in microseconds, and of an id.
LONGEST = 17

#: Where a row stands: its values in the columns of an order.
Where = Sequence[Any]


@dataclass(frozen=True)
class Anchor:
    """The idea after which a page begins or, ``backwards``, before which it ends."""

    order: str
    where: tuple[Any, ...]
    backwards: bool = False

    def __str__(self) -> str:
        way = "before" if self.backwards else "after"
        if self.order == BY_CODE:
            return f"{way}-{self.where[0]}"
        at, pk = self.where
        return f"{way}-{(at - EPOCH) // MICROSECOND}-{pk}"

    @classmethod
    def parse(cls, text: str, *, order: str) -> Anchor | None:
        """Read what ``str()`` wrote; ``None`` for anything else."""
        way, _dash, rest = text.partition("-")
        if way not in ("before", "after"):
            return None
        if order == BY_CODE:
            code = read_code(rest)
            return cls(order, (code,), way == "before") if code else None
        numbers = [part for part in rest.split("-") if _is_number(part)]
        if order != NEWEST or len(numbers) != 2 or "-".join(numbers) != rest:
            return None
        at, pk = map(int, numbers)
        return cls(order, (EPOCH + at * MICROSECOND, pk), way == "before")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST


def where(row: Submission, order: str) -> tuple[Any, ...]:
    """Where a row stands in an order."""
    return (row.code,) if order == BY_CODE else (row.visible_from, row.pk)


def after(order: str, place: Where) -> Q:
    """What comes after this place in an order."""
    if order == BY_CODE:
        return Q(code__gt=place[0])
    at, pk = place
    return (Q(visible_from__lt=at) | Q(pk__lt=pk)) & Q(visible_from__lte=at)


def before(order: str, place: Where) -> Q:
    """What comes before it."""
    if order == BY_CODE:
        return Q(code__lt=place[0])
    at, pk = place
    return (Q(visible_from__gt=at) | Q(pk__gt=pk)) & Q(visible_from__gte=at)


def beyond(
    rows: SubmissionQuerySet, anchor: Anchor, *, size: int
) -> tuple[list[Submission], bool]:
    """``size`` rows on this side of the anchor, in their order, and whether more come
    after them.
    """
    if anchor.backwards:
        near = rows.filter(before(anchor.order, anchor.where))
        found = list(near.order_by(*BACKWARDS[anchor.order])[:size])
        return found[::-1], True
    near = rows.filter(after(anchor.order, anchor.where))
    found = list(near.order_by(*COLUMNS[anchor.order])[: size + 1])
    return found[:size], len(found) > size

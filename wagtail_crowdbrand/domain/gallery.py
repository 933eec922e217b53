"""The public order of a brief's submissions: equal exposure, at any depth, by index."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.models import BriefCounter, GalleryPlace, Submission
from wagtail_crowdbrand.models.submission import read_code

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import BriefMixin
    from wagtail_crowdbrand.models.submission import SubmissionQuerySet

SHUFFLED = "shuffled"
NEWEST = "newest"
MAX_COMPARED = 4
MIN_COMPARED = 2


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

    def ranks(self, brief_key: UUID, first: int, last: int) -> list[int]:
        """The ranks shown at positions ``first`` up to, not including, ``last``."""
        seed = _number(str(brief_key), self.day.isoformat())
        step, shift = _coprime_step(seed, self.count), seed % max(self.count, 1)
        return [
            (step * (self.start + position) + shift) % self.count
            for position in range(first, min(last, self.count))
        ]


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


@dataclass(frozen=True)
class GalleryPage:
    """One page of a gallery. ``number`` counts from 1."""

    submissions: list[Submission]
    number: int
    pages: int
    total: int
    order: str
    shuffle: Shuffle | None


def visible_count(brief: BriefMixin) -> int:
    """How many submissions have a place in the gallery; stored, not counted."""
    counter = BriefCounter.objects.filter(brief_key=brief.translation_key).first()
    return counter.visible_count if counter else 0


def visible_counts(brief_keys: Collection[UUID]) -> dict[UUID, int]:
    """The same for many briefs, by ``translation_key``, in one query."""
    counters = BriefCounter.objects.filter(brief_key__in=brief_keys)
    return dict(counters.values_list("brief_key", "visible_count"))


def page_of(
    brief: BriefMixin,
    *,
    order: str = SHUFFLED,
    shuffle: Shuffle | None = None,
    number: int = 1,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
    at: datetime,
) -> GalleryPage:
    """One page of the gallery; a number that does not exist gives the nearest page.

    ``shuffle`` is needed for the shuffled order; its ``count`` decides the total.
    """
    size = get_config().gallery_page_size
    shuffle = shuffle if order == SHUFFLED else None
    total = shuffle.count if shuffle else visible_count(brief)
    pages = max(1, math.ceil(total / size))
    number = min(max(number, 1), pages)
    first, last = (number - 1) * size, number * size
    rows = for_cards(
        Submission.objects.of_brief(brief).visible_to(
            user, at=at, passed_restrictions=passed_restrictions
        )
    )
    if shuffle:
        ranks = shuffle.ranks(brief.translation_key, first, last)
        place = {rank: position for position, rank in enumerate(ranks)}
        shown = sorted(
            rows.filter(place__brief_key=brief.translation_key, place__rank__in=ranks),
            key=lambda submission: place[submission.place.rank],
        )
    else:
        shown = list(rows.order_by("-visible_from", "-pk")[first:last])
    return GalleryPage(shown, number, pages, total, order, shuffle)


def for_cards(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Everything a card, a compare column or a detail page reads, in fixed queries."""
    return rows.select_related("personal", "page", "place").prefetch_related(
        "uploads__image__renditions"
    )


def to_compare(
    brief: BriefMixin,
    codes: Collection[str],
    *,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
    at: datetime,
) -> list[Submission]:
    """The visible ones among ``codes``, in that order, at most four."""
    read = [read_code(text) for text in codes]
    wanted = [code for code in dict.fromkeys(read) if code][:MAX_COMPARED]
    rows = Submission.objects.of_brief(brief).visible_to(
        user, at=at, passed_restrictions=passed_restrictions
    )
    found = {row.code: row for row in for_cards(rows.filter(code__in=wanted))}
    return [found[code] for code in wanted if code in found]


def show(submission: Submission, *, at: datetime) -> None:
    """Give a locked row its place in the gallery. Once inside, it stays where it is."""
    if submission.visible_from is not None:
        return
    submission.visible_from = at
    submission.save(update_fields=["visible_from"])
    counter = lock(submission.brief_key)
    GalleryPlace.objects.create(
        submission=submission,
        brief_key=submission.brief_key,
        rank=counter.visible_count,
    )
    counter.visible_count += 1
    counter.save(update_fields=["visible_count"])


def unshow(submission: Submission) -> None:
    """Take a locked row out; the last one moves into its place, so no rank is empty."""
    if submission.visible_from is None:
        return
    submission.visible_from = None
    submission.shown_revision = None
    submission.save(update_fields=["visible_from", "shown_revision"])
    counter = lock(submission.brief_key)
    place = GalleryPlace.objects.get(submission=submission)
    place.delete()
    counter.visible_count -= 1
    counter.save(update_fields=["visible_count"])
    GalleryPlace.objects.filter(
        brief_key=submission.brief_key, rank=counter.visible_count
    ).update(rank=place.rank)


def lock(brief_key: UUID) -> BriefCounter:
    """Nobody else shows, hides or makes pages in it until the transaction ends."""
    BriefCounter.objects.get_or_create(brief_key=brief_key)
    return BriefCounter.objects.select_for_update().get(brief_key=brief_key)

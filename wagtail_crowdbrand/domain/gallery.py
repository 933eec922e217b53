"""The public order of a brief's submissions: equal exposure, at any depth, by index."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import swapper
from django.db import connection, transaction
from django.db.models import F, Q

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import closed, filtering, keyset
from wagtail_crowdbrand.domain.keyset import BY_CODE, COLUMNS, NEWEST, Anchor
from wagtail_crowdbrand.domain.shuffling import Shuffle
from wagtail_crowdbrand.models import BriefCounter, GalleryPlace, Submission
from wagtail_crowdbrand.models.submission import read_code

if TYPE_CHECKING:
    from wagtail_crowdbrand.domain.filtering import Found, Wanted
    from wagtail_crowdbrand.models import BriefMixin
    from wagtail_crowdbrand.models.submission import SubmissionQuerySet

SHUFFLED = "shuffled"
ORDERS = (SHUFFLED, NEWEST, BY_CODE)
#: Pages that have a number to go to; those beyond are reached from one another.
NUMBERED = 50
MAX_COMPARED = 4
MIN_COMPARED = 2


@dataclass(frozen=True)
class GalleryPage:
    """One page of a gallery. ``number`` counts from 1; with ``more``, ``total`` is
    how many are shown, and there are others.

    ``reach`` is the last page that has a number to go to. Beyond it ``number`` is where
    somebody came to by ``before`` and ``after``, the ways to the pages next to it.
    """

    submissions: list[Submission]
    number: int
    pages: int
    total: int
    order: str
    shuffle: Shuffle | None
    more: bool = False
    reach: int = 1
    before: Anchor | None = None
    after: Anchor | None = None


def counter_of(
    brief: BriefMixin, *, user: Any = None, passed_restrictions: Collection[int] = ()
) -> BriefCounter:
    """What is stored of a gallery. Nothing is counted but what this visitor may not
    see, where there are translations closed to them.
    """
    key = brief.translation_key
    found = closed.counters([key], user=user, passed_restrictions=passed_restrictions)
    return found[0] if found else BriefCounter(brief_key=key)


def visible_count(brief: BriefMixin) -> int:
    """How many submissions have a place in the gallery, whoever may see them."""
    counter = BriefCounter.objects.filter(pk=brief.translation_key).first()
    return counter.visible_count if counter else 0


def visible_counts(
    brief_keys: Collection[UUID],
    *,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
) -> dict[UUID, int]:
    """How many this visitor may see of each brief, by ``translation_key``."""
    found = closed.counters(
        brief_keys, user=user, passed_restrictions=passed_restrictions
    )
    return {each.pk: each.visible_count - each.closed_count for each in found}


def find(
    brief: BriefMixin,
    wanted: Wanted,
    *,
    counter: BriefCounter | None = None,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
    at: datetime,
) -> Found | None:
    """What a visitor may see of what is wanted; ``None`` when that is everything.

    ``counter``, where it is known already, comes from :func:`counter_of`.
    """
    who = {"user": user, "passed_restrictions": passed_restrictions}
    if not wanted and not (counter or counter_of(brief, **who)).closed_count:
        return None
    rows = Submission.objects.of_brief(brief).visible_to(at=at, **who)
    return filtering.find(brief, wanted, rows=rows)


def length(counter: BriefCounter, found: Found | None) -> int:
    """How many places an order of the gallery, or of what was found in it, has."""
    return counter.visible_count if found is None or found.more else found.total


def page_of(
    brief: BriefMixin,
    *,
    order: str = SHUFFLED,
    shuffle: Shuffle | None = None,
    found: Found | None = None,
    counter: BriefCounter | None = None,
    number: int = 1,
    anchor: Anchor | None = None,
    size: int | None = None,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
    at: datetime,
) -> GalleryPage:
    """One page of the gallery; a number that does not exist gives the nearest page.

    ``shuffle`` is needed for the shuffled order; its ``count`` is :func:`length` and
    decides the total. ``found`` comes from :func:`find`, for the same visitor, and
    ``counter``, where it is known already, from :func:`counter_of`. A number beyond
    those one can go to needs the ``anchor`` that led there.
    """
    size = size or get_config().gallery_page_size
    shuffle = shuffle if order == SHUFFLED else None
    total = shuffle.count if shuffle else length(counter or counter_of(brief), found)
    if found and found.more:
        total = found.total
    pages = max(1, math.ceil(total / size))
    few = found and total <= filtering.CAP
    reach = pages if shuffle or few else min(pages, NUMBERED)
    rows = Submission.objects.of_brief(brief).visible_to(
        user, at=at, passed_restrictions=passed_restrictions
    )
    if anchor and anchor.order == order and reach < number <= pages:
        shown, more = keyset.beyond(for_cards(rows), anchor, size=size)
        if shown:
            page = GalleryPage(shown, number, pages, total, order, None, reach=reach)
            return _with_ways(page, more=more)
    number = min(max(number, 1), reach)
    first, last = (number - 1) * size, min(number * size, total)
    if shuffle:
        shown = shuffled(brief, rows, shuffle, found, first=first, last=last)
    else:
        shown = _in_order(found.rows if found else rows, order, first=first, last=last)
    more = bool(found and found.more)
    page = GalleryPage(shown, number, pages, total, order, shuffle, more, reach)
    return _with_ways(page, more=number == reach < pages)


def _in_order(
    rows: SubmissionQuerySet, order: str, *, first: int, last: int
) -> list[Submission]:
    """Those at places ``first`` to ``last`` of an order that is the same for all.

    What comes before them is passed without what a card says, where the database can.
    """
    columns = COLUMNS[order]
    if first and connection.features.allow_sliced_subqueries_with_in:
        here = rows.order_by(*columns).values("pk")[first:last]
        return list(
            for_cards(Submission.objects.filter(pk__in=here)).order_by(*columns)
        )
    return list(for_cards(rows).order_by(*columns)[first:last])


def _with_ways(page: GalleryPage, *, more: bool) -> GalleryPage:
    """Ways to the pages next to it that have no number; ``more``: one comes after."""
    if not page.submissions:
        return page
    first, last = (
        keyset.where(row, page.order)
        for row in (page.submissions[0], page.submissions[-1])
    )
    before = Anchor(page.order, first, backwards=True)
    return replace(
        page,
        before=before if page.number - 1 > page.reach else None,
        after=Anchor(page.order, last) if more else None,
    )


def shuffled(
    brief: BriefMixin,
    rows: SubmissionQuerySet,
    shuffle: Shuffle,
    found: Found | None,
    *,
    first: int,
    last: int,
) -> list[Submission]:
    """Those of ``rows``, the visible ones, at positions ``first`` to ``last``."""
    return _at_ranks(brief, rows, _ranks(brief, shuffle, found, first, last))


def _ranks(
    brief: BriefMixin, shuffle: Shuffle, found: Found | None, first: int, last: int
) -> list[int]:
    """The ranks shown at positions ``first`` to ``last``, of all or of what was found.

    Among more than can be shown each visitor walks from a place of their own.
    """
    if found and found.more:
        return found.from_rank(shuffle.start, last)[first:]
    positions = shuffle.ranks(brief.translation_key, first, last)
    if found is None:
        return positions
    # Something may have left since the order was begun.
    return [found.ranks[place] for place in positions if place < len(found.ranks)]


def _at_ranks(
    brief: BriefMixin, rows: SubmissionQuerySet, ranks: list[int]
) -> list[Submission]:
    """Visible submissions at these ranks, in the order of the ranks given."""
    place = {rank: position for position, rank in enumerate(ranks)}
    here = rows.filter(place__brief_key=brief.translation_key, place__rank__in=ranks)
    return sorted(for_cards(here), key=lambda row: place[row.place.rank])


def neighbours(
    submission: Submission,
    brief: BriefMixin,
    shuffle: Shuffle,
    found: Found | None = None,
    *,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
    at: datetime,
) -> tuple[Submission | None, Submission | None]:
    """What comes before and after it in a visitor's order, which has no end.

    ``None`` for one that is not visible, or when there is no other. ``shuffle`` and
    ``found`` are those of :func:`page_of`.
    """
    key, rank, count = brief.translation_key, submission.place.rank, shuffle.count
    place = bisect_left(found.ranks, rank) if found else rank
    if count < 2 or place >= count:
        return None, None
    here = shuffle.position(key, place)
    ranks = [
        rank
        for position in ((here - 1) % count, (here + 1) % count)
        for rank in _ranks(brief, shuffle, found, position, position + 1)
    ]
    rows = Submission.objects.of_brief(brief).visible_to(
        user, at=at, passed_restrictions=passed_restrictions
    )
    near = rows.filter(place__brief_key=key, place__rank__in=ranks)
    shown = near.select_related("place").annotate(page_slug=F("page__slug"))
    by_rank = {row.place.rank: row for row in shown}
    before, after = (by_rank.get(rank) for rank in ranks)
    return (None if count == 2 else before), after


def for_cards(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """What a card, a compare column or a detail page says, in one query.

    Of its page only ``page_slug``: whole pages take longer to build than to read. Its
    pictures are read by ``cards.public_cards``, for all cards at once.
    """
    return rows.select_related("personal", "place").annotate(page_slug=F("page__slug"))


def for_cards_anywhere(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """The same with whole pages, whose addresses lie below different briefs."""
    return for_cards(rows).select_related("page")


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


def titles(
    brief: BriefMixin,
    codes: Collection[str],
    *,
    user: Any = None,
    passed_restrictions: Collection[int] = (),
    at: datetime,
) -> dict[str, str]:
    """Code → title of the visible ones among ``codes``, in that order."""
    if not codes:
        return {}
    rows = Submission.objects.of_brief(brief).visible_to(
        user, at=at, passed_restrictions=passed_restrictions
    )
    found = dict(rows.filter(code__in=codes).values_list("code", "title"))
    return {code: found[code] for code in codes if code in found}


def show(submission: Submission, *, at: datetime) -> None:
    """Give a locked row its place in the gallery. Once inside, it stays where it is,
    and is found by what it says now.
    """
    if submission.visible_from is not None:
        count_change(lock(submission.brief_key))
        filtering.write(submission)
        return
    submission.visible_from = at
    submission.save(update_fields=["visible_from"])
    counter = lock(submission.brief_key)
    GalleryPlace.objects.create(
        submission=submission,
        brief_key=submission.brief_key,
        rank=counter.visible_count,
    )
    count_change(counter, joined=1)
    filtering.write(submission)


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
    submission.facets.all().delete()
    count_change(counter, joined=-1)
    GalleryPlace.objects.filter(
        brief_key=submission.brief_key, rank=counter.visible_count
    ).update(rank=place.rank)
    _darken(submission)


def _darken(submission: Submission) -> None:
    """Lists of live pages forget its page at once; a task unpublishes it properly.

    Wagtail leaves no page that is neither live nor changed, so the task knows which.
    """
    if submission.page_id:
        tree = swapper.load_model("wagtailcore", "Page")
        same = Q(pk=submission.page_id) | Q(alias_of=submission.page_id)
        pages = tree.objects.filter(same, live=True)
        pages.update(live=False, has_unpublished_changes=False)


def count_change(counter: BriefCounter, *, joined: int = 0) -> None:
    """A locked gallery no longer says what it said."""
    counter.visible_count += joined
    counter.version += 1
    counter.save(update_fields=["visible_count", "version"])


def renew(brief_keys: Iterable[UUID]) -> None:
    """Something visible in them left with a page above it, or came back; each in a
    transaction of its own.
    """
    for key in brief_keys:
        with transaction.atomic():
            count_change(lock(key))


def lock(brief_key: UUID) -> BriefCounter:
    """Nobody else shows, hides or makes pages in it until the transaction ends."""
    BriefCounter.objects.get_or_create(brief_key=brief_key)
    return BriefCounter.objects.select_for_update().get(brief_key=brief_key)

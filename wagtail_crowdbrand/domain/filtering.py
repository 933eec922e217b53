"""What visitors narrow a gallery to: properties of what is visible, and words in it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING, Any
from uuid import UUID

import swapper
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from wagtail_crowdbrand.models import (
    BriefCounter,
    GalleryFacet,
    GalleryPlace,
    Submission,
)
from wagtail_crowdbrand.states import FieldVisibility

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import BriefMixin
    from wagtail_crowdbrand.models.submission import SubmissionQuerySet

LANGUAGE = "language"
PICTURE = "picture"
WITH_PICTURE = "yes"
#: Kinds of brief fields whose answers come from a list.
KINDS = ("choice", "multiple")
#: How many matches are counted and paged through at most; then it is "1,000+".
CAP = 1000
MAX_QUERY = 100
#: Characters of a field's id that stand for it in an address.
SHORT = 8


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Filter:
    """One question a visitor can narrow a gallery by. ``name`` is used in addresses."""

    field: str
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks for; empty: everything.

    ``facets`` are pairs of field and value: any value of a field, and all of the
    fields. ``query`` is what was typed; all of its words have to be there.
    """

    query: str = ""
    facets: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.query or self.facets)

    def without(self, facet: tuple[str, str]) -> Wanted:
        return Wanted(self.query, tuple(f for f in self.facets if f != facet))


@dataclass(frozen=True)
class Found:
    """What a wish leaves of a gallery: ``ranks`` in rising order, at most ``CAP``.
    Who wishes nothing and may not see all of it finds every rank there is for them.

    With ``more`` there are others beyond, and ``ranks`` are not to be used.
    ``sample`` is all that a search took of them, which finds no others.
    """

    rows: SubmissionQuerySet
    ranks: list[int]
    more: bool
    sample: list[int] | None = None

    @property
    def total(self) -> int:
        return len(self.ranks)

    def from_rank(self, start: int, most: int) -> list[int]:
        """The first ``most`` ranks from a visitor's own beginning on, and round."""
        if self.sample:
            later = bisect_left(self.sample, start)
            return (self.sample[later:] + self.sample[:later])[:most]
        after = _ranks(self.rows.filter(place__rank__gte=start), most)
        before = self.rows.filter(place__rank__lt=start)
        return after + _ranks(before, most - len(after))


def facets_of(submission: Submission) -> set[tuple[str, str]]:
    """Field and value of all by which it can be found. Only what is public.

    Of several options each is a line of the answer.
    """
    facets = {
        (answer["field"], value[:100])
        for answer in submission.public_answers
        if answer["kind"] in KINDS
        for value in answer["value"].splitlines()
    }
    if submission.language:
        facets.add((LANGUAGE, submission.language))
    if submission.images:
        facets.add((PICTURE, WITH_PICTURE))
    return facets


def write(submission: Submission) -> None:
    """Bring the facets of a visible row in line; its gallery is locked."""
    wanted = facets_of(submission)
    stored = submission.facets.all()
    there = {(facet.field, facet.value): facet.pk for facet in stored}
    gone = [pk for pair, pk in there.items() if pair not in wanted]
    if gone:
        stored.filter(pk__in=gone).delete()
    missing = sorted(wanted - set(there))
    GalleryFacet.objects.bulk_create(_facet(submission, *pair) for pair in missing)


def write_many(rows: Iterable[Submission]) -> None:
    """Facets of rows that have none yet; their galleries are locked."""
    facets = (_facet(row, *pair) for row in rows for pair in sorted(facets_of(row)))
    while batch := list(islice(facets, 1000)):
        GalleryFacet.objects.bulk_create(batch)


def rewrite(brief_key: UUID, rows: QuerySet[Submission]) -> None:
    """Write all facets of a gallery anew; it is locked."""
    GalleryFacet.objects.filter(brief_key=brief_key).delete()
    write_many(rows.iterator(chunk_size=1000))


def _facet(submission: Submission, field: str, value: str) -> GalleryFacet:
    return GalleryFacet(
        submission=submission,
        brief_key=submission.brief_key,
        field=field,
        value=value,
    )


def offered(brief: BriefMixin) -> list[Filter]:
    """The filters of a brief's gallery. One query, whatever there is to see."""
    filters = [_of_block(block) for block in brief.answer_fields if _is_public(block)]
    languages = tuple(Option(code, _name(code)) for code, _label in settings.LANGUAGES)
    present = _present(brief, languages)
    if len(present) > 1:
        filters.append(Filter(LANGUAGE, LANGUAGE, _("Language"), present))
    if brief.max_images and not brief.min_images:
        option = Option(WITH_PICTURE, _("With a picture"))
        filters.append(Filter(PICTURE, PICTURE, _("Pictures"), (option,)))
    return filters


def _is_public(block: Any) -> bool:
    public = block.value["visibility"] == FieldVisibility.PUBLIC
    return block.block_type in KINDS and public and not block.value["personal"]


def _of_block(block: Any) -> Filter:
    options = tuple(Option(text, text) for text in block.value["options"])
    name = f"a-{block.id[:SHORT]}"
    return Filter(block.id, name, block.value["label"], options)


def _name(code: str) -> str:
    """A language in its own words."""
    try:
        return get_language_info(code)["name_local"].capitalize()
    except KeyError:
        return code


def _present(brief: BriefMixin, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Those languages something on show is written in."""
    if len(options) < 2:
        return ()
    key = brief.translation_key
    facets = GalleryFacet.objects.filter(brief_key=key, field=LANGUAGE)
    # The first by index: to tell whether there is one at all, a planner that knows
    # it to be frequent reads the table.
    there = {
        f"has_{number}": Subquery(
            facets.filter(value=option.value)
            .order_by("submission")
            .values("submission")[:1]
        )
        for number, option in enumerate(options)
    }
    row = BriefCounter.objects.filter(pk=key).annotate(**there).values(*there).first()
    found = list((row or {}).values())
    return tuple(
        option for option, is_there in zip(options, found, strict=False) if is_there
    )


def read(
    filters: Sequence[Filter], given: Mapping[str, Sequence[str]], *, query: str = ""
) -> Wanted:
    """What somebody asks for, as far as it is offered; anything else is dropped.

    ``given`` holds values by the name of a filter.
    """
    facets = tuple(
        (entry.field, option.value)
        for entry in filters
        for option in entry.options
        if option.value in given.get(entry.name, ())
    )
    words = "".join(char if char.isprintable() else " " for char in query)
    return Wanted(" ".join(words.split())[:MAX_QUERY].strip(), facets)


def find(brief: BriefMixin, wanted: Wanted, *, rows: SubmissionQuerySet) -> Found:
    """What of ``rows``, the visible ones of ``brief``, is wanted."""
    key = brief.translation_key
    if not wanted:
        places = GalleryPlace.objects.filter(brief_key=key, submission__in=rows)
        return Found(rows, sorted(places.values_list("rank", flat=True)), more=False)
    for field in dict.fromkeys(field for field, _value in wanted.facets):
        values = [value for name, value in wanted.facets if name == field]
        facets = GalleryFacet.objects.filter(
            brief_key=key, field=field, value__in=values, submission=OuterRef("pk")
        )
        rows = rows.filter(Exists(facets))
    if wanted.query:
        return _found_by_words(brief, wanted.query, rows)
    rows = rows.filter(place__brief_key=key)
    # In any order: to find the lowest, all that match would have to be read.
    some = rows.order_by().values_list("place__rank", flat=True)[: CAP + 1]
    ranks = sorted(some)
    return Found(rows, ranks[:CAP], len(ranks) > CAP)


def _found_by_words(brief: BriefMixin, query: str, rows: SubmissionQuerySet) -> Found:
    """What a search takes of ``rows``: little enough to be read by its ids.

    One that finds too much is asked again among ``rows``, where those are few.
    """
    pages = _search(brief, query)
    if len(pages) > CAP:
        among = list(rows.order_by().values_list("page", flat=True)[: CAP + 1])
        if len(among) <= CAP:
            pages = _search(brief, query, among=among)
    more = len(pages) > CAP
    rows = rows.filter(page__in=pages)
    ids = list(rows.order_by().values_list("pk", flat=True))
    places = GalleryPlace.objects.filter(brief_key=brief.translation_key, pk__in=ids)
    ranks = sorted(places.values_list("rank", flat=True))
    return Found(rows, ranks[:CAP], more, sample=ranks)


def _ranks(rows: QuerySet[Submission], most: int) -> list[int]:
    ordered = rows.order_by("place__rank").values_list("place__rank", flat=True)
    return list(ordered[:most])


def _search(
    brief: BriefMixin, query: str, *, among: list[int] | None = None
) -> list[int]:
    """Ids of submission pages, by Wagtail's search; at most ``CAP`` and one.

    Never by relevance: on SQLite that is quadratic, and a gallery shows its own order.
    """
    words = _words(query)
    if not words:
        return []
    tree = swapper.load_model("wagtailcore", "Page")
    briefs = tree.objects.filter(translation_key=brief.translation_key)
    below = [
        Q(path__startswith=path, depth=depth + 1)
        for path, depth in briefs.values_list("path", "depth")
    ]
    manager: Any = brief.submission_page_class()._default_manager
    pages = manager.live().filter(reduce(or_, below)).only("pk")
    if among is not None:
        pages = pages.filter(pk__in=among)
    results = pages.search(words, operator="and", order_by_relevance=False)
    return [page.pk for page in results[: CAP + 1]]


def _words(query: str) -> str:
    """Letters, marks and numbers: SQLite stumbles over a quotation mark."""
    return "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in query
    ).strip()

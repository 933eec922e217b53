"""Submissions as templates show them: words, credit, and pictures with sizes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import swapper
from django.conf import settings
from django.urls import reverse
from wagtail.images import get_image_model

from wagtail_crowdbrand.domain.pictures import RENDITIONS
from wagtail_crowdbrand.models import BriefMixin, Submission, Upload

SMALL, MEDIUM, LARGE, SHARE = RENDITIONS
RENDITION_FIELDS = ("filter_spec", "file", "width", "height")


class Size(NamedTuple):
    """A rendition made ahead; ``name`` is its file's."""

    name: str
    url: str
    width: int
    height: int

    @property
    def full_url(self) -> str:
        """With the site before it, as Wagtail's renditions have it."""
        base = getattr(settings, "WAGTAILADMIN_BASE_URL", "")
        return f"{base}{self.url}" if self.url.startswith("/") else self.url


#: Upload → specification → rendition.
Sizes = Mapping[str, Mapping[str, Size]]


@dataclass(frozen=True)
class PictureView:
    """One picture: ``src`` for everybody, ``srcset`` for those who know better.

    ``sizes`` are the renditions of a public one, the smallest first.
    """

    id: str
    alt: str
    src: str
    small: str
    srcset: str
    large: str
    width: int
    height: int
    sizes: tuple[Size, ...] = ()
    sharing: Size | None = None

    @property
    def share(self) -> str:
        """The full address of the picture for social media, or ``""``."""
        return self.sharing.full_url if self.sharing else ""

    @property
    def full(self) -> str:
        """``src`` with the site before it, or ``""``."""
        return _shown(self.sizes).full_url if self.sizes else ""


@dataclass(frozen=True)
class Card:
    """A submission in a gallery, a compare column, a detail page or a preview."""

    submission: Submission
    url: str
    pictures: list[PictureView]
    credit: str
    co_authors: str

    @property
    def picture(self) -> PictureView | None:
        return self.pictures[0] if self.pictures else None


def public_cards(
    rows: Iterable[Submission], brief: BriefMixin, request: Any
) -> list[Card]:
    """Cards of a gallery's submissions, read by ``gallery.for_cards``, in one query
    more; in two where some were sent to another translation of ``brief``.
    """
    rows = list(rows)
    return cards_at(rows, page_urls(rows, brief, request))


def public_card(row: Submission, brief_url: str) -> Card:
    """``brief_url`` is the address of the very brief it was sent to."""
    [card] = cards_at([row], {row.pk: _below(brief_url, row)})
    return card


def page_urls(
    rows: Iterable[Submission], brief: BriefMixin, request: Any
) -> dict[int, str]:
    """Where the page of each is, by the row's id; ``""`` where there is none to go to.

    Those sent to other translations of ``brief`` lie below these, in one query.
    """
    rows = list(rows)
    briefs: dict[int, Any] = {brief.pk: brief}
    elsewhere = {row.brief_page_id for row in rows} - {brief.pk}
    if elsewhere:
        tree = swapper.load_model("wagtailcore", "Page")
        briefs |= tree.objects.in_bulk(elsewhere)
    above = {pk: page.get_url(request) for pk, page in briefs.items()}
    return {row.pk: _below(above[row.brief_page_id], row) for row in rows}


def _below(brief_url: str | None, row: Submission) -> str:
    return f"{brief_url}{row.page_slug}/" if brief_url and row.page_slug else ""


def cards_at(rows: Iterable[Submission], urls: Mapping[int, str]) -> list[Card]:
    """Cards of visible submissions at the addresses given by their ids, or at none."""
    rows = list(rows)
    made = _sizes_of(rows)
    return [
        Card(
            submission=row,
            url=urls.get(row.pk, ""),
            pictures=_public_pictures(row, made[row.pk]),
            credit=row.personal.credit_name,
            co_authors=row.personal.co_authors,
        )
        for row in rows
    ]


def cards_anywhere(rows: Iterable[Submission], request: Any) -> list[Card]:
    """Cards of visible submissions of any briefs, with full addresses.

    Their rows are read by ``gallery.for_cards_anywhere``; one query more for all.
    """
    return [
        replace(card, url=card.submission.page.get_full_url(request) or "")
        for card in cards_at((row for row in rows if row.page), {})
    ]


def private_card(row: Submission) -> Card:
    """A card before approval, for its contributor and its moderators."""
    return Card(
        submission=row,
        url="",
        pictures=_private_pictures(row),
        credit=row.personal.pending_credit_name,
        co_authors=row.personal.pending_co_authors,
    )


def thumbnail(row: Submission) -> str:
    """The address of the first picture, small once it is public, or ``""``."""
    uploads = {str(upload.pk): upload for upload in row.uploads.all()}
    first = next((item["upload"] for item in row.images), None)
    if first not in uploads:
        return ""
    upload = uploads[first]
    made = upload.image.renditions.all() if upload.image else []
    small = [rendition.url for rendition in made if rendition.filter_spec == SMALL]
    return small[0] if small else private_picture(upload, "").src


def _private_pictures(row: Submission) -> list[PictureView]:
    uploads = {str(upload.pk): upload for upload in row.uploads.all()}
    return [
        private_picture(uploads[item["upload"]], item["alt"])
        for item in row.images
        if item["upload"] in uploads
    ]


def _sizes_of(rows: Iterable[Submission]) -> Mapping[int, Sizes]:
    """Renditions made ahead, of all rows at once: a visitor's request makes none.

    Not as objects: a page of a gallery would build more than a hundred.
    """
    storage = (
        get_image_model().renditions.rel.related_model._meta.get_field("file").storage
    )
    found: dict[int, dict[str, dict[str, Size]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    made = Upload.objects.filter(
        submission__in=[row.pk for row in rows],
        image__renditions__filter_spec__in=RENDITIONS,
    )
    for row, upload, spec, name, width, height in made.values_list(
        "submission_id",
        "pk",
        *(f"image__renditions__{field}" for field in RENDITION_FIELDS),
    ):
        found[row][str(upload)][spec] = Size(name, storage.url(name), width, height)
    return found


def _public_pictures(row: Submission, made: Sizes) -> list[PictureView]:
    views = (
        _public_picture(item["upload"], item["alt"], made.get(item["upload"], {}))
        for item in row.images
    )
    return [view for view in views if view]


def _public_picture(
    upload: str, alt: str, made: Mapping[str, Size]
) -> PictureView | None:
    sizes = tuple(made[spec] for spec in (SMALL, MEDIUM, LARGE) if spec in made)
    if not sizes:
        return None
    sized = {size.width: size.url for size in sizes}
    shown = _shown(sizes)
    return PictureView(
        id=upload,
        alt=alt,
        src=sized[shown.width],
        small=next(iter(sized.values())),
        srcset=", ".join(f"{url} {width}w" for width, url in sized.items()),
        large=next(reversed(sized.values())),
        width=shown.width,
        height=shown.height,
        sizes=sizes,
        sharing=made.get(SHARE),
    )


def _shown(sizes: tuple[Size, ...]) -> Size:
    """The one for everybody: the second, or the only one."""
    return sizes[min(1, len(sizes) - 1)]


def private_picture(upload: Upload, alt: str) -> PictureView:
    url = reverse("wagtail_crowdbrand:upload", args=[upload.pk])
    return PictureView(
        id=str(upload.pk),
        alt=alt,
        src=url,
        small=url,
        srcset="",
        large=url,
        width=upload.width,
        height=upload.height,
    )

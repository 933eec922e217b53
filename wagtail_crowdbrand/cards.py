"""Submissions as templates show them: words, credit, and pictures with sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from wagtail_crowdbrand.domain.pictures import RENDITIONS
from wagtail_crowdbrand.models import Submission, Upload

SMALL, MEDIUM, LARGE, SHARE = RENDITIONS


@dataclass(frozen=True)
class PictureView:
    """One picture: ``src`` for everybody, ``srcset`` for those who know better."""

    id: str
    alt: str
    src: str
    small: str
    srcset: str
    large: str
    width: int
    height: int
    sharing: Any = None
    shown: Any = None

    @property
    def share(self) -> str:
        """The full address of the picture for social media, or ``""``."""
        return self.sharing.full_url if self.sharing else ""

    @property
    def full(self) -> str:
        """``src`` with the site before it, or ``""``."""
        return self.shown.full_url if self.shown else ""


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


def public_cards(rows: Iterable[Submission], brief_url: str) -> list[Card]:
    """Cards of visible submissions read by ``gallery.for_cards``; no query a row."""
    return [public_card(row, brief_url) for row in rows]


def cards_anywhere(rows: Iterable[Submission], request: Any) -> list[Card]:
    """Cards of visible submissions of any briefs, with full addresses.

    Their rows are read by ``gallery.for_cards_anywhere``; no query a row.
    """
    return [
        replace(public_card(row, ""), url=row.page.get_full_url(request) or "")
        for row in rows
        if row.page
    ]


def public_card(row: Submission, brief_url: str) -> Card:
    return Card(
        submission=row,
        url=f"{brief_url}{row.page_slug}/" if row.page_slug else "",
        pictures=_pictures(row, _public_picture),
        credit=row.personal.credit_name,
        co_authors=row.personal.co_authors,
    )


def private_card(row: Submission) -> Card:
    """A card before approval, for its contributor and its moderators."""
    return Card(
        submission=row,
        url="",
        pictures=_pictures(row, private_picture),
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


def _pictures(row: Submission, view: Any) -> list[PictureView]:
    uploads = {str(upload.pk): upload for upload in row.uploads.all()}
    views = [
        view(uploads[item["upload"]], item["alt"])
        for item in row.images
        if item["upload"] in uploads
    ]
    return [picture for picture in views if picture]


def _public_picture(upload: Upload, alt: str) -> PictureView | None:
    """From renditions made ahead: a visitor's request makes none."""
    if upload.image is None:
        return None
    made = {row.filter_spec: row for row in upload.image.renditions.all()}
    sizes = [made[spec] for spec in (SMALL, MEDIUM, LARGE) if spec in made]
    if not sizes:
        return None
    sized = {size.width: size.url for size in sizes}
    shown = sizes[min(1, len(sizes) - 1)]
    return PictureView(
        id=str(upload.pk),
        alt=alt,
        src=sized[shown.width],
        small=next(iter(sized.values())),
        srcset=", ".join(f"{url} {width}w" for width, url in sized.items()),
        large=next(reversed(sized.values())),
        width=shown.width,
        height=shown.height,
        sharing=made.get(SHARE),
        shown=shown,
    )


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

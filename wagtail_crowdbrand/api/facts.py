"""What Wagtail's own APIs tell of our pages beyond their columns, page by page.

Each takes the pages of one listing and the request, ``None`` for a stranger's, and
gives values by the page's id in a fixed number of queries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.images import get_image_model

from wagtail_crowdbrand.api import showing
from wagtail_crowdbrand.callers import sees
from wagtail_crowdbrand.cards import cards_at
from wagtail_crowdbrand.domain import gallery, phases
from wagtail_crowdbrand.domain.covers import API_SIZES
from wagtail_crowdbrand.models import Submission

Facts = dict[int, Any]


def submissions(pages: list[Any], request: HttpRequest | None) -> Facts:
    """What each page shows, as ``GET /submissions/{code}`` has it; only what may be
    seen."""
    who = sees(request) if request else {"user": None}
    rows = Submission.objects.filter(page__in=[page.pk for page in pages])
    seen = gallery.for_cards_anywhere(rows.visible_to(at=timezone.now(), **who))
    cards = [
        replace(card, url=showing.page_url(request, card.submission.page) or "")
        for card in cards_at(seen, {})
    ]
    return {
        card.submission.page_id: showing.submission(request, card) for card in cards
    }


def counts(pages: list[Any], request: HttpRequest | None) -> Facts:
    """How many may be seen of each brief."""
    keys = [page.translation_key for page in pages]
    found = gallery.visible_counts(keys, **(sees(request) if request else {}))
    return {page.pk: found.get(page.translation_key, 0) for page in pages}


def covers(pages: list[Any], request: HttpRequest | None) -> Facts:
    """The cover of each campaign in several sizes."""
    wanted = {page.cover_id for page in pages} - {None}
    images = get_image_model()._default_manager.filter(pk__in=wanted)
    found = {each.pk: each for each in images.prefetch_renditions(*API_SIZES)}
    return {
        page.pk: showing.cover(request, found[page.cover_id])
        for page in pages
        if page.cover_id in found
    }


def phase(pages: list[Any], request: HttpRequest | None) -> dict[int, str]:
    now = timezone.now()
    return {page.pk: phases.phase_of(page, at=now).value for page in pages}


def deadline(
    pages: list[Any], request: HttpRequest | None
) -> dict[int, datetime | None]:
    """Closing and grace: the last instant at which ideas are taken."""
    return {page.pk: phases.deadline(page) for page in pages}


FACTS = {
    "submission": submissions,
    "submission_count": counts,
    "cover_picture": covers,
    "phase": phase,
    "deadline": deadline,
}

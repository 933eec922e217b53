"""What our StreamField blocks show on a page of the site, to this visitor and now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Locale

from wagtail_crowdbrand.callers import site_paths
from wagtail_crowdbrand.cards import Card, cards_anywhere
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.domain.classes import campaign_models
from wagtail_crowdbrand.models import CampaignMixin, Submission
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.clock import clock_of

#: What a campaign may set at most.
LONGEST_GRACE = timedelta(hours=2)
#: Campaigns looked at, among which those in their grace are sorted out.
CANDIDATES = 100


def open_campaigns(request: HttpRequest | None, *, most: int) -> list[dict[str, Any]]:
    """``{campaign, clock, url}`` of those that take ideas, the first to close first."""
    at = timezone.now()
    running = {"opens_at__lte": at, "closes_at__gte": at - LONGEST_GRACE, "hold": ""}
    campaigns: list[Any] = []
    for model in campaign_models():
        pages = _of_site(request, model).live().public().filter(**running)
        campaigns += pages.order_by("closes_at")[:CANDIDATES]
    clocks = [(campaign, clock_of(campaign, at=at)) for campaign in campaigns]
    rows = [(campaign, clock) for campaign, clock in clocks if clock.can_submit]
    rows = sorted(rows, key=lambda row: row[0].closes_at)[:most]
    prefetch_related_objects([row[0] for row in rows], "cover__renditions")
    return [
        {"campaign": campaign, "clock": clock, "url": campaign.get_url(request)}
        for campaign, clock in rows
    ]


def _of_site(request: HttpRequest | None, model: Any) -> QuerySet[Any]:
    """Pages of this site in the language that is active, each once."""
    pages = model._default_manager.filter(alias_of=None)
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        pages = pages.filter(locale=Locale.get_active())
    if request is None:
        return pages
    below = [Q(path__startswith=path) for path in site_paths(request)]
    return pages.filter(reduce(or_, below)) if below else pages.none()


def cards(request: HttpRequest | None, codes: Collection[str]) -> list[Card]:
    """Those ideas this visitor may see, of any briefs, in the order given."""
    return cards_anywhere(_rows(request, codes), request)


def comparison(request: HttpRequest | None, codes: Collection[str]) -> dict[str, Any]:
    """``cards`` and ``compare_url``; nothing unless two of one brief can be seen."""
    rows = _rows(request, codes)
    rows = [row for row in rows if row.brief_key == rows[0].brief_key]
    rows = rows[: gallery.MAX_COMPARED]
    if len(rows) < gallery.MIN_COMPARED:
        return {"cards": [], "compare_url": ""}
    url = rows[0].brief_page.get_url(request)
    query = urlencode([("code", row.code) for row in rows])
    return {
        "cards": cards_anywhere(rows, request),
        "compare_url": f"{url}compare/?{query}",
    }


def countdown(request: HttpRequest | None, page: Any) -> dict[str, Any]:
    """``campaign``, ``clock`` and ``url``; nothing for a page that is not public."""
    if page is None or not page.live or page.get_view_restrictions().exists():
        return {"campaign": None}
    campaign = page.specific
    if not isinstance(campaign, CampaignMixin):
        return {"campaign": None}
    clock = clock_of(campaign, at=timezone.now())
    return {"campaign": campaign, "clock": clock, "url": campaign.get_url(request)}


def _rows(request: HttpRequest | None, codes: Collection[str]) -> list[Submission]:
    wanted = [code for code in map(read_code, codes) if code]
    sees = visitors.sees(request) if request else {}
    visible = Submission.objects.visible_to(
        sees.pop("user", None), at=timezone.now(), **sees
    )
    found = gallery.for_cards_anywhere(visible.filter(code__in=wanted))
    by_code = {row.code: row for row in found.select_related("brief_page")}
    return [by_code[code] for code in dict.fromkeys(wanted) if code in by_code]

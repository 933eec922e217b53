"""Campaign index and campaign: what a visitor reads before the briefs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.domain.classes import brief_models, campaign_models
from wagtail_crowdbrand.models import CampaignMixin
from wagtail_crowdbrand.models.submission import PassedRestrictions, paths_closed_to
from wagtail_crowdbrand.states import Hold, Phase
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.clock import clock_of, moment_for

#: How the index groups campaigns, in reading order.
RUNNING = {Phase.OPEN}
COMING = {Phase.ANNOUNCED}


def _children(page: Any, models: Iterable[Any], sees: dict[str, Any]) -> list[Any]:
    """Live children of a page that this visitor may see, in tree order, of these
    classes.

    Asked for among all pages, the tree reads everything below them, ideas included.
    """
    closed = tuple(paths_closed_to(**sees))
    found = {
        child.pk: child  # of two classes, one made from the other, the latter
        for model in models
        for child in model._default_manager.child_of(page).live()
        if not child.path.startswith(closed)
    }
    return sorted(found.values(), key=lambda child: child.path)


def _sees(request: HttpRequest) -> dict[str, Any]:
    """Who looks, asked only where it matters: caches keep what is for everybody."""
    stranger = {"user": None, "passed_restrictions": PassedRestrictions()}
    private = any(paths_closed_to(**stranger))
    return visitors.sees(request) if private else stranger


def index_context(index: Any, request: HttpRequest) -> dict[str, Any]:
    """``open``, ``coming`` and ``past``: lists of ``{campaign, clock, url}``."""
    now = timezone.now()
    parent_url = index.get_url(request)
    groups: dict[str, list[dict[str, Any]]] = {"open": [], "coming": [], "past": []}
    campaigns = _children(index, campaign_models(), _sees(request))
    prefetch_related_objects(campaigns, "cover__renditions")
    for campaign in campaigns:
        clock = clock_of(campaign, at=now)
        name = "past"
        cancelled = campaign.hold == Hold.CANCELLED
        if clock.phase in RUNNING and not cancelled:
            name = "open"
        elif clock.phase in COMING and not cancelled:
            name = "coming"
        url = f"{parent_url}{campaign.slug}/"
        groups[name].append({"campaign": campaign, "clock": clock, "url": url})
    return {"groups": groups}


def campaign_context(
    campaign: CampaignMixin, request: HttpRequest, mode: str = ""
) -> dict[str, Any]:
    """``clock`` and ``briefs``: a list of ``{brief, url, count}``."""
    at = moment_for(campaign, mode)
    parent_url = campaign.get_url(request)
    sees = _sees(request)
    briefs = _children(campaign, brief_models(), sees) if campaign.pk else []
    keys = [brief.translation_key for brief in briefs]
    counts = gallery.visible_counts(keys, **sees)
    return {
        "campaign": campaign,
        "clock": clock_of(campaign, at=at),
        "briefs": [
            {
                "brief": brief,
                "url": f"{parent_url}{brief.slug}/",
                "count": counts.get(brief.translation_key, 0),
            }
            for brief in briefs
        ],
    }

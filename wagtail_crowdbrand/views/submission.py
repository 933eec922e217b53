"""The page of a visible submission, and the moderator's preview of any."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from wagtail_crowdbrand.cards import Card, page_urls, private_card, public_card
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.domain.filtering import Wanted
from wagtail_crowdbrand.models import BriefMixin, Submission
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.clock import clock_of


def page_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Empty unless this visitor may see the submission now.

    Wagtail asks for it to show its password form, too.
    """
    rows = Submission.objects.filter(page=page.pk).visible_to(
        at=timezone.now(), **visitors.sees(request)
    )
    visible = gallery.for_cards(rows).first()
    if not visible:
        return {}
    brief = page.get_parent().specific
    brief_url = brief.get_url(request)
    card = public_card(visible, brief_url)
    return {
        "submission": visible,
        "card": card,
        "brief": brief,
        "brief_url": brief_url,
        "campaign": brief.campaign,
        "campaign_url": brief.campaign.get_url(request),
        "clock": clock_of(brief.campaign, at=timezone.now()),
        "data": linked_data(card, page, brief, request),
        **_way_on(request, visible, brief),
    }


def _way_on(request: HttpRequest, row: Submission, brief: BriefMixin) -> dict[str, Any]:
    """``previous`` and ``following`` in this visitor's own order: ``{title, url}``."""
    at = timezone.now()
    visitor = visitors.visitor_of(request)
    sees = visitors.sees(request)
    counter = gallery.counter_of(brief, **sees)
    found = gallery.find(brief, Wanted(), counter=counter, at=at, **sees)
    count = gallery.length(counter, found)
    shuffle = visitors.shuffle_for(request, visitor, count=count, at=at)
    near = gallery.neighbours(row, brief, shuffle, found, at=at, **sees)
    urls = page_urls(filter(None, near), brief, request)
    previous, following = (
        {"title": other.title, "url": urls[other.pk]}
        if other and urls[other.pk]
        else None
        for other in near
    )
    return {"visitor": visitor, "previous": previous, "following": following}


def linked_data(
    card: Card, page: Any, brief: BriefMixin, request: HttpRequest
) -> dict[str, Any]:
    """What search engines are told, in the words of schema.org."""
    row = card.submission
    brief_page = {
        "@type": "CreativeWork",
        "name": brief.title,
        "url": brief.get_full_url(request),
    }
    data = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": page.get_full_url(request),
        "url": page.get_full_url(request),
        "name": row.title,
        "abstract": row.summary,
        "identifier": row.code,
        "inLanguage": row.language,
        "datePublished": row.visible_from,
        "creditText": card.credit,
        "image": card.picture.share if card.picture else "",
        "isPartOf": brief_page,
    }
    return {name: value for name, value in data.items() if value}


def remember(request: HttpRequest, response: TemplateResponse) -> None:
    """The next page of this visitor goes on in the same order."""
    visitors.remember(response, request, response.context_data["visitor"])


def is_for_everybody(page: Any, request: HttpRequest | None) -> bool:
    """Whether a visitor without an account or password may see it now.

    A request may ask for many pages: what they see is read once for all of them.
    """
    if not hasattr(request, "crowdbrand_visible_pages"):
        rows = Submission.objects.visible_to(None, at=timezone.now())
        if request is None:
            return rows.filter(page=page.pk).exists()
        shown = rows.order_by().values_list("page_id", flat=True)
        request.crowdbrand_visible_pages = frozenset(shown)
    return page.pk in request.crowdbrand_visible_pages


def preview(request: HttpRequest, submission: Submission) -> HttpResponse:
    """What the page would look like with this revision's content."""
    brief = submission.brief
    context = {
        "page": brief,
        "submission": submission,
        "card": private_card(submission),
        "brief": brief,
        "brief_url": brief.get_url(request),
        "campaign": brief.campaign,
        "campaign_url": brief.campaign.get_url(request),
        "is_review": True,
    }
    return TemplateResponse(request, "wagtail_crowdbrand/submission.html", context)

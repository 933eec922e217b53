"""The page of a visible submission, and the moderator's preview of any."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from wagtail_crowdbrand.cards import private_card, public_card
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.clock import clock_of


def page_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Empty unless this visitor may see the submission now.

    Wagtail asks for it to show its password form, too.
    """
    row = page.submission
    visible = (
        row
        and gallery.for_cards(
            Submission.objects.filter(pk=row.pk).visible_to(
                request.user,
                at=timezone.now(),
                passed_restrictions=visitors.passed_restrictions(request),
            )
        ).first()
    )
    if not visible:
        return {}
    brief = page.get_parent().specific
    brief_url = brief.get_url(request)
    return {
        "submission": visible,
        "card": public_card(visible, brief_url),
        "brief": brief,
        "brief_url": brief_url,
        "campaign": brief.campaign,
        "campaign_url": brief.campaign.get_url(request),
        "clock": clock_of(brief.campaign, at=timezone.now()),
    }


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

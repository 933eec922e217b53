"""What editors have not published yet, for a front end that previews it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from wagtail_crowdbrand.api import facts, finding, schemas, showing
from wagtail_crowdbrand.api.privacy import router
from wagtail_crowdbrand.api.problems import READ_PROBLEMS
from wagtail_crowdbrand.domain import gallery, previewing
from wagtail_crowdbrand.models import BriefMixin, CampaignMixin, SubmissionPageMixin


@router.get(
    "/previews/{token}",
    response={200: schemas.Preview, **READ_PROBLEMS},
    tags=["Preview"],
)
def read_preview(request: HttpRequest, token: schemas.PreviewToken) -> Any:
    """A draft, to whoever has the token of ``PREVIEW_URL``, for an hour.

    One of ``campaign``, ``brief`` and ``submission`` is filled in; an ``id`` of 0 says
    that the page was never saved.
    """
    page, now = previewing.find(token), timezone.now()
    if isinstance(page, CampaignMixin):
        briefs = finding.briefs_of(request, page)
        counts = gallery.visible_counts([brief.translation_key for brief in briefs])
        shown = showing.campaign_draft(request, page, briefs, counts, at=now)
        return {"kind": "campaign", "campaign": _with_id(shown)}
    if isinstance(page, BriefMixin):
        counts = gallery.visible_counts([page.translation_key])
        shown = showing.brief(request, page, counts, at=now)
        return {"kind": "brief", "brief": _with_id(shown)}
    if isinstance(page, SubmissionPageMixin):
        return {
            "kind": "submission",
            "submission": facts.submissions([page], request).get(page.pk),
            "curators_note": page.curators_note,
        }
    raise Http404


def _with_id(shown: dict[str, Any]) -> dict[str, Any]:
    return shown | {"id": shown["id"] or 0}

"""What everybody may read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router

from wagtail_crowdbrand.api import finding, listing, schemas, showing
from wagtail_crowdbrand.api.problems import READ_PROBLEMS
from wagtail_crowdbrand.callers import sees
from wagtail_crowdbrand.cards import public_card, public_cards
from wagtail_crowdbrand.domain import filtering, gallery, ledger, phases, reasons
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.states import Phase

router = Router(tags=["Read"])

MOST = 100


@router.get("/campaigns", response={200: schemas.CampaignList, **READ_PROBLEMS})
def list_campaigns(request: HttpRequest, phase: Phase | None = None) -> Any:
    """All open calls of this site, the newest first."""
    now = timezone.now()
    pages = [
        page
        for page in finding.campaigns(request)
        if phase is None or phases.phase_of(page, at=now) == phase
    ]
    items = [showing.campaign_item(request, page, at=now) for page in pages]
    return {"count": len(items), "items": items}


@router.get(
    "/campaigns/{campaign_id}", response={200: schemas.Campaign, **READ_PROBLEMS}
)
def read_campaign(request: HttpRequest, campaign_id: schemas.PageId) -> Any:
    """An open call with its story, its contract and its briefs."""
    page = finding.campaign(request, campaign_id)
    briefs = finding.briefs_of(request, page)
    keys = [brief.translation_key for brief in briefs]
    counts = gallery.visible_counts(keys, **sees(request))
    return showing.campaign(request, page, briefs, counts, at=timezone.now())


@router.get(
    "/campaigns/{campaign_id}/ledger", response={200: schemas.Ledger, **READ_PROBLEMS}
)
def read_ledger(
    request: HttpRequest,
    campaign_id: schemas.PageId,
    after: int = Query(
        0, ge=0, le=2**31 - 1, description="``next`` of the page before."
    ),
    limit: int = Query(MOST, ge=1, le=MOST),
) -> Any:
    """What happened in a campaign: append-only, and chained by digests."""
    page = finding.campaign(request, campaign_id)
    found = list(ledger.entries(page).filter(number__gt=after)[: limit + 1])
    shown = found[:limit]
    return {
        "digest": ledger.digest_of(page),
        "items": [
            {**ledger.content_of(entry), "digest": entry.digest} for entry in shown
        ],
        "next": shown[-1].number if len(found) > limit else None,
    }


@router.get("/briefs/{brief_id}", response={200: schemas.Brief, **READ_PROBLEMS})
def read_brief(request: HttpRequest, brief_id: schemas.PageId) -> Any:
    """A brief and its form; ``submission_schema`` says what an idea must hold."""
    page = finding.brief(request, brief_id)
    counts = gallery.visible_counts([page.translation_key], **sees(request))
    return showing.brief(request, page, counts, at=timezone.now())


@router.get(
    "/briefs/{brief_id}/submissions",
    response={200: schemas.SubmissionList, **READ_PROBLEMS},
)
def list_submissions(
    request: HttpRequest,
    brief_id: schemas.PageId,
    order: Literal["shuffled", "newest", "code"] = "shuffled",
    seed: str = Query(
        "",
        max_length=64,
        description="Of the shuffled order: the same for one visitor.",
    ),
    q: str = Query("", max_length=filtering.MAX_QUERY, description="Words in it."),
    filter: list[str] = Query(  # noqa: B008 - ninja's way to declare it
        [],
        max_length=50,
        description="``<name>:<value>`` of the brief's filters; any value of one "
        "filter, and all of the filters.",
    ),
    cursor: str = Query("", description="``next`` of the page before."),
    limit: int = Query(24, ge=1, le=MOST),
) -> Any:
    """What is on show. A list goes on where it was, whatever joins in the meantime."""
    brief = finding.brief(request, brief_id)
    wanted = listing.wanted(brief, q, filter)
    page = listing.Listing(request, brief, wanted, limit=limit, at=timezone.now())
    walk = page.shuffled if order == gallery.SHUFFLED else page.ordered
    rows, following = walk(cursor, seed if order == gallery.SHUFFLED else order)
    cards = public_cards(rows, brief, request)
    items = [showing.submission_item(request, card) for card in cards]
    return {"count": page.count, "more": page.more, "items": items, "next": following}


@router.get("/submissions/{code}", response={200: schemas.Submission, **READ_PROBLEMS})
def read_submission(request: HttpRequest, code: schemas.Code) -> Any:
    """One idea that is on show."""
    rows = Submission.objects.filter(code=read_code(code)).select_related("brief_page")
    seen = rows.visible_to(at=timezone.now(), **sees(request))
    row = gallery.for_cards(seen).first()
    if row is None:
        raise Http404
    brief = finding.brief(request, row.brief_page_id)
    return showing.submission(request, public_card(row, brief.get_url(request) or ""))


@router.get(
    "/briefs/{brief_id}/compare", response={200: schemas.Comparison, **READ_PROBLEMS}
)
def compare(
    request: HttpRequest,
    brief_id: schemas.PageId,
    code: Annotated[list[str], Query(max_length=gallery.MAX_COMPARED)],
) -> Any:
    """Two to four ideas of a brief under the same conditions."""
    brief = finding.brief(request, brief_id)
    rows = gallery.to_compare(brief, code, at=timezone.now(), **sees(request))
    cards = public_cards(rows, brief, request)
    items = [showing.submission(request, card) for card in cards]
    return {"count": len(items), "items": items}


@router.get("/notice-reasons", response={200: schemas.NoticeReasons, **READ_PROBLEMS})
def list_notice_reasons(request: HttpRequest) -> Any:
    """What can be said to be wrong with an idea, in the language of the request."""
    language = get_language() or ""
    items = [
        {"code": reason.code, "label": reason.in_language(language).label}
        for reason in reasons.for_notices()
    ]
    return {"count": len(items), "items": items}

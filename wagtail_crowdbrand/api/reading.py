"""What everybody may read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from ninja import Query, Router

from wagtail_crowdbrand.api import cursors, finding, schemas, showing
from wagtail_crowdbrand.api.problems import READ_PROBLEMS, invalid
from wagtail_crowdbrand.callers import sees
from wagtail_crowdbrand.cards import public_card, public_cards
from wagtail_crowdbrand.domain import gallery, phases, reasons
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
def read_campaign(request: HttpRequest, campaign_id: int) -> Any:
    """An open call with its story, its contract and its briefs."""
    page = finding.campaign(request, campaign_id)
    briefs = finding.briefs_of(request, page)
    counts = gallery.visible_counts([brief.translation_key for brief in briefs])
    return showing.campaign(request, page, briefs, counts, at=timezone.now())


@router.get("/briefs/{brief_id}", response={200: schemas.Brief, **READ_PROBLEMS})
def read_brief(request: HttpRequest, brief_id: int) -> Any:
    """A brief and its form; ``submission_schema`` says what an idea must hold."""
    page = finding.brief(request, brief_id)
    counts = gallery.visible_counts([page.translation_key])
    return showing.brief(request, page, counts, at=timezone.now())


@router.get(
    "/briefs/{brief_id}/submissions",
    response={200: schemas.SubmissionList, **READ_PROBLEMS},
)
def list_submissions(
    request: HttpRequest,
    brief_id: int,
    order: Literal["shuffled", "newest"] = "shuffled",
    seed: str = Query(
        "",
        max_length=64,
        description="Of the shuffled order: the same for one visitor.",
    ),
    cursor: str = Query("", description="``next`` of the page before."),
    limit: int = Query(24, ge=1, le=MOST),
) -> Any:
    """What is on show. A list goes on where it was, whatever joins in the meantime."""
    brief = finding.brief(request, brief_id)
    listing = _newest if order == gallery.NEWEST else _shuffled
    rows, following, count = listing(request, brief, seed, cursor, limit)
    url = brief.get_url(request) or ""
    items = [showing.submission_item(request, card) for card in public_cards(rows, url)]
    return {"count": count, "items": items, "next": following}


def _newest(
    request: HttpRequest, brief: Any, seed: str, cursor: str, limit: int
) -> tuple[list[Submission], str | None, int]:
    """Keyset paging: nothing is shown twice or left out when something joins."""
    purpose = f"newest.{brief.translation_key}"
    rows = _visible(request, brief).order_by("-visible_from", "-pk")
    if cursor:
        since, pk = cursors.read(cursor, purpose=purpose)
        at = parse_datetime(since)
        before = Q(visible_from__lt=at) | Q(pk__lt=pk)
        rows = rows.filter(before, visible_from__lte=at)
    found = list(rows[: limit + 1])
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        place = [last.visible_from.isoformat(), last.pk]
        following = cursors.write(place, purpose=purpose)
    return found[:limit], following, gallery.visible_count(brief)


def _shuffled(
    request: HttpRequest, brief: Any, seed: str, cursor: str, limit: int
) -> tuple[list[Submission], str | None, int]:
    """Places in one visitor's order; see :class:`gallery.Shuffle`."""
    purpose = f"shuffled.{brief.translation_key}"
    count = gallery.visible_count(brief)
    if cursor:
        text, first = cursors.read(cursor, purpose=purpose)
        shuffle = gallery.Shuffle.parse(text, count=count)
        if shuffle is None:
            raise invalid("cursor", "bad_cursor", "This order has ended.")
    else:
        first = 0
        day = timezone.localdate()
        shuffle = gallery.Shuffle.for_visitor(seed, day=day, count=count)
    ranks = shuffle.ranks(brief.translation_key, first, first + limit)
    place = {rank: position for position, rank in enumerate(ranks)}
    rows = _visible(request, brief).filter(
        place__brief_key=brief.translation_key, place__rank__in=ranks
    )
    found = sorted(rows, key=lambda row: place[row.place.rank])
    end = first + limit
    following = (
        cursors.write([str(shuffle), end], purpose=purpose)
        if end < shuffle.count
        else None
    )
    return found, following, count


def _visible(request: HttpRequest, brief: Any) -> Any:
    rows = Submission.objects.of_brief(brief)
    return gallery.for_cards(rows.visible_to(at=timezone.now(), **sees(request)))


@router.get("/submissions/{code}", response={200: schemas.Submission, **READ_PROBLEMS})
def read_submission(request: HttpRequest, code: str) -> Any:
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
    brief_id: int,
    code: Annotated[list[str], Query(max_length=gallery.MAX_COMPARED)],
) -> Any:
    """Two to four ideas of a brief under the same conditions."""
    brief = finding.brief(request, brief_id)
    rows = gallery.to_compare(brief, code, at=timezone.now(), **sees(request))
    cards = public_cards(rows, brief.get_url(request) or "")
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

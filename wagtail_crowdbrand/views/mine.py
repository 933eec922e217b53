"""“My submissions”: what an account began and sent, and what this browser opens."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wagtail_crowdbrand.cards import private_picture
from wagtail_crowdbrand.domain import classes
from wagtail_crowdbrand.models import Contributor, Submission
from wagtail_crowdbrand.states import ContributorStatus, Lifecycle
from wagtail_crowdbrand.views import keys, visitors
from wagtail_crowdbrand.views.status import private

PAGE_SIZE = 20


@private
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Drafts first, then what was sent, each newest first."""
    number = visitors.whole_number(request.GET.get("page", ""))
    page = Paginator(_rows(request), PAGE_SIZE).get_page(number)
    rows = [_row(request, submission) for submission in page]
    context = {
        "drafts": [row for row in rows if row["is_draft"]],
        "sent": [row for row in rows if not row["is_draft"]],
        "page_of_rows": page,
        "States": ContributorStatus,
        "signed_in": request.user.is_authenticated,
        "index_url": None if page.object_list else _index_url(request),
    }
    return render(request, "wagtail_crowdbrand/status/mine.html", context)


def _index_url(request: HttpRequest) -> str | None:
    """Where this site lists its campaigns, if it does so for everybody."""
    site = Site.find_for_request(request)
    for model in classes.index_models() if site else []:
        here = model._default_manager.live().public()
        page = here.descendant_of(site.root_page, inclusive=True).first()
        if page:
            return page.get_url(request)
    return None


def _rows(request: HttpRequest) -> QuerySet[Submission]:
    mine = Q(code__in=keys.codes(request))
    if request.user.is_authenticated:
        # Its id first: an index finds the rows of either part, but not across a join.
        account = Contributor.objects.filter(user=request.user).first()
        mine |= Q(contributor=account) if account else Q()
    drafts_first = Case(
        When(lifecycle=Lifecycle.DRAFT, then=Value(0)), default=Value(1)
    )
    return (
        Submission.objects.filter(mine, erased_at__isnull=True)
        .select_related("brief_page", "campaign_page", "latest_revision")
        .prefetch_related("uploads")
        .order_by(drafts_first, "-created_at", "-pk")
    )


def _row(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    """The newest version, which may not be the one that is on show."""
    revision = submission.latest_revision
    content = revision.content if revision else {}
    images = content.get("images", submission.images)
    uploads = {str(upload.pk): upload for upload in submission.uploads.all()}
    first = images[0] if images and images[0]["upload"] in uploads else None
    return {
        "submission": submission,
        "is_draft": submission.lifecycle == Lifecycle.DRAFT,
        "title": content.get("title", submission.title),
        "picture": first and private_picture(uploads[first["upload"]], first["alt"]),
        "state": submission.contributor_status,
        "brief_url": submission.brief_page.get_url(request),
    }

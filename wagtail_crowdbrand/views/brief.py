"""A brief and its gallery."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_crowdbrand.cards import public_cards
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.clock import clock_of, moment_for

#: Page numbers shown around the current one.
NEIGHBOURS = 2


def show(request: HttpRequest, brief: BriefMixin, mode: str = "") -> HttpResponse:
    """The brief above, the gallery below; the state of the gallery is in the URL."""
    at = moment_for(brief.campaign, mode)
    visitor = visitors.visitor_of(request)
    order = request.GET.get("order", "")
    order = gallery.NEWEST if order == gallery.NEWEST else gallery.SHUFFLED
    page = gallery.page_of(
        brief,
        order=order,
        shuffle=visitors.shuffle_for(request, brief, visitor, at=at),
        number=visitors.whole_number(request.GET.get("page", "")),
        at=at,
        **visitors.sees(request),
    )
    url = brief.get_url(request)
    shown = [submission.code for submission in page.submissions]
    selected = selection(request)
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "clock": clock_of(brief.campaign, at=at),
        "campaign_url": brief.campaign.get_url(request),
        "brief_url": url,
        "gallery": page,
        "cards": public_cards(page.submissions, url),
        "pagination": pagination(page),
        "selected": selected,
        "elsewhere": [code for code in selected if code not in shown],
        "selection": urlencode([("code", code) for code in selected]),
    }
    response = TemplateResponse(request, "wagtail_crowdbrand/brief.html", context)
    if order == gallery.SHUFFLED:
        visitors.remember(response, request, visitor)
    return response


def selection(request: HttpRequest) -> list[str]:
    """Codes in the URL, chosen to be compared; whatever is no code is dropped."""
    codes = [read_code(text) for text in request.GET.getlist("code")]
    return [code for code in dict.fromkeys(codes) if code][: gallery.MAX_COMPARED]


def pagination(page: gallery.GalleryPage) -> dict[str, Any]:
    """Query strings of the pages around this one; ``None`` in ``numbers`` is a gap."""
    near = range(page.number - NEIGHBOURS, page.number + NEIGHBOURS + 1)
    wanted = sorted({1, *near, page.pages} & set(range(1, page.pages + 1)))
    numbers: list[dict[str, Any] | None] = []
    for number in wanted:
        previous = numbers[-1]["number"] if numbers and numbers[-1] else 0
        if number > previous + 1:
            numbers.append(None)
        numbers.append({"number": number, "query": _query(page, number)})
    return {
        "numbers": numbers,
        "previous": _query(page, page.number - 1) if page.number > 1 else "",
        "next": _query(page, page.number + 1) if page.number < page.pages else "",
    }


def _query(page: gallery.GalleryPage, number: int) -> str:
    query = {"order": page.order} if page.order != gallery.SHUFFLED else {}
    if page.shuffle:
        query["shuffle"] = str(page.shuffle)
    if number > 1:
        query["page"] = str(number)
    return urlencode(query)

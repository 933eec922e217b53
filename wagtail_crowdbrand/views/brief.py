"""A brief and its gallery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_crowdbrand.cards import public_cards
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.views import unchanged, visitors
from wagtail_crowdbrand.views.clock import clock_of, moment_for
from wagtail_crowdbrand.views.place import Place

#: Page numbers shown around the current one.
NEIGHBOURS = 2


def show(request: HttpRequest, brief: BriefMixin, mode: str = "") -> HttpResponse:
    """The brief above, the gallery below; the state of the gallery is in the URL."""
    at = moment_for(brief.campaign, mode)
    sees = visitors.sees(request)
    counter = gallery.counter_of(brief, **sees)
    tag = unchanged.tag_for(request, brief, counter, at=at)
    visitor = visitors.visitor_of(request)
    place = Place.read(request, brief)
    found = gallery.find(brief, place.wanted, counter=counter, at=at, **sees)
    shuffle = None
    if place.order == gallery.SHUFFLED:
        count = gallery.length(counter, found)
        shuffle = visitors.shuffle_for(request, visitor, count=count, at=at)
    page = gallery.page_of(
        brief,
        order=place.order,
        shuffle=shuffle,
        found=found,
        counter=counter,
        number=place.number,
        anchor=place.anchor,
        at=at,
        **sees,
    )
    url = brief.get_url(request)
    shown = [submission.code for submission in page.submissions]
    place = place.on(page)
    elsewhere = [code for code in place.tray if code not in shown]
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "clock": clock_of(brief.campaign, at=at),
        "campaign_url": brief.campaign.get_url(request),
        "brief_url": url,
        "gallery": page,
        "cards": public_cards(page.submissions, brief, request),
        "place": place,
        "pagination": pagination(page, place),
        "elsewhere": gallery.titles(brief, elsewhere, at=at, **sees),
    }
    response = TemplateResponse(request, "wagtail_crowdbrand/brief.html", context)
    if place.order == gallery.SHUFFLED:
        visitors.remember(response, request, visitor)
    unchanged.mark(response, tag)
    return response


def pagination(page: gallery.GalleryPage, place: Place) -> dict[str, Any]:
    """Query strings of the pages around this one; ``None`` in ``numbers`` is a gap."""
    near = range(page.number - NEIGHBOURS, page.number + NEIGHBOURS + 1)
    there = {*range(1, page.reach + 1), page.number}
    numbers: list[dict[str, Any] | None] = []
    for number in sorted({1, *near, page.reach} & there):
        previous = numbers[-1]["number"] if numbers and numbers[-1] else 0
        if number > previous + 1:
            numbers.append(None)
        query = place.query() if number == page.number else place.numbered(number)
        numbers.append({"number": number, "query": query})
    return {"numbers": numbers, **place.steps(page)}

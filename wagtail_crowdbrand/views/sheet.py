"""All ideas of a brief on paper, small, each with its code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from wagtail_crowdbrand.cards import public_cards
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.place import Place

#: Ideas on one sheet of paper, and sheets in one answer.
ON_A_SHEET = 12
SHEETS = 20


def show(request: HttpRequest, brief: BriefMixin) -> HttpResponse:
    """What the gallery's filters find, by code unless the newest are asked for."""
    at = timezone.now()
    sees = visitors.sees(request)
    place = replace(Place.read(request, brief), tray=())
    if place.order == gallery.SHUFFLED:
        place = replace(place, order=gallery.BY_CODE)
    counter = gallery.counter_of(brief, **sees)
    found = gallery.find(brief, place.wanted, counter=counter, at=at, **sees)
    size = ON_A_SHEET * SHEETS
    page = gallery.page_of(
        brief,
        order=place.order,
        found=found,
        counter=counter,
        number=place.number,
        anchor=place.anchor,
        size=size,
        at=at,
        **sees,
    )
    url = brief.get_url(request)
    cards = public_cards(page.submissions, brief, request)
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "brief_url": url,
        "gallery": page,
        "place": place,
        "sheets": _sheets(cards, page),
        "made_at": at,
        **place.on(page).steps(page),
    }
    return TemplateResponse(request, "wagtail_crowdbrand/sheet.html", context)


def _sheets(cards: list[Any], page: gallery.GalleryPage) -> list[dict[str, Any]]:
    """``{number, of, cards}`` of each sheet, counted through all answers."""
    first = (page.number - 1) * SHEETS + 1
    of = max(1, -(-page.total // ON_A_SHEET))
    return [
        {
            "number": first + index // ON_A_SHEET,
            "of": of,
            "cards": cards[index : index + ON_A_SHEET],
        }
        for index in range(0, len(cards), ON_A_SHEET)
    ]

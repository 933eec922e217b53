"""Two to four submissions next to each other; the state is the URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from wagtail_crowdbrand.cards import Card, public_cards
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.views import visitors


def show(request: HttpRequest, brief: BriefMixin) -> HttpResponse:
    """``?code=…&code=…``: those that are visible, in the order given."""
    codes = request.GET.getlist("code")
    rows = gallery.to_compare(brief, codes, at=timezone.now(), **visitors.sees(request))
    url = brief.get_url(request)
    cards = public_cards(rows, url)
    shown = [card.submission.code for card in cards]
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "brief_url": url,
        "compare_url": f"{url}compare/",
        "columns": [{"card": card, "without": _without(shown, card)} for card in cards],
        "rows": answer_rows(cards),
        "enough": len(cards) >= gallery.MIN_COMPARED,
        "missing": len({code.strip().upper() for code in codes}) > len(cards),
        "selection": urlencode([("code", code) for code in shown]),
    }
    return TemplateResponse(request, "wagtail_crowdbrand/compare.html", context)


def answer_rows(cards: list[Card]) -> list[dict[str, Any]]:
    """Public answers by question: ``{label, cells}``, a cell a column."""
    labels: dict[str, str] = {}
    for card in cards:
        for answer in card.submission.public_answers:
            labels.setdefault(answer["field"], answer["label"])
    return [
        {
            "label": label,
            "cells": [_cell(card, field) for card in cards],
        }
        for field, label in labels.items()
    ]


def _cell(card: Card, field: str) -> dict[str, Any]:
    """``{card, value, kind}``; without an answer the value is empty."""
    found = (a for a in card.submission.public_answers if a["field"] == field)
    answer = next(found, {"value": "", "kind": ""})
    return {"card": card, "value": answer["value"], "kind": answer["kind"]}


def _without(codes: list[str], card: Card) -> str:
    rest = [code for code in codes if code != card.submission.code]
    return urlencode([("code", code) for code in rest])

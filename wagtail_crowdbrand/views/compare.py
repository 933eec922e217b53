"""Two to four submissions next to each other; the state is the URL."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.cards import Card, public_cards
from wagtail_crowdbrand.domain import gallery
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.place import Place

#: Question → answer in the URL → words. The first answer needs none.
LOOKS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ground": (
        _("Ground"),
        {"": _("As in the gallery"), "light": _("Light"), "dark": _("Dark")},
    ),
    "ink": (_("Colour"), {"": _("As sent"), "single": _("Single colour")}),
    "size": (_("Size"), {"": _("Large"), "small": _("Small, down to 16 pixels")}),
}


@dataclass(frozen=True)
class Look:
    """How the pictures are shown: all of them in the same way."""

    ground: str = ""
    ink: str = ""
    size: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> Look:
        """Whatever is no look is dropped."""
        given = {name: request.GET.get(name, "") for name in LOOKS}
        known = {name: given[name] for name in LOOKS if given[name] in LOOKS[name][1]}
        return cls(**known)

    def pairs(self) -> list[tuple[str, str]]:
        pairs = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return [(name, value) for name, value in pairs if value]

    @property
    def frame(self) -> str:
        """Classes of the frames."""
        return " ".join(f"cb-frame--{value}" for _name, value in self.pairs())

    def groups(self, place: Place) -> list[dict[str, Any]]:
        """``{label, options}`` of each question, ready to be links."""
        return [
            {
                "label": label,
                "options": [
                    {
                        "label": words,
                        "query": query(place, replace(self, **{name: value})),
                        "current": getattr(self, name) == value,
                    }
                    for value, words in answers.items()
                ],
            }
            for name, (label, answers) in LOOKS.items()
        ]


def query(place: Place, look: Look) -> str:
    """The whole state of a comparison, and of the gallery it came from."""
    return "?" + urlencode([*place.pairs(), *look.pairs()])


def show(request: HttpRequest, brief: BriefMixin) -> HttpResponse:
    """``?code=…&code=…``: those that are visible, in the order given."""
    codes = request.GET.getlist("code")
    rows = gallery.to_compare(brief, codes, at=timezone.now(), **visitors.sees(request))
    url = brief.get_url(request)
    cards = public_cards(rows, brief, request)
    shown = [card.submission.code for card in cards]
    look = Look.read(request)
    place = replace(Place.read(request, brief), tray=tuple(shown))
    compare_url = f"{url}compare/"
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "brief_url": url,
        "compare_url": compare_url,
        "columns": [
            {"card": card, "without": _without(place, card, look)} for card in cards
        ],
        "rows": answer_rows(cards),
        "look": look,
        "looks": look.groups(place),
        "enough": len(cards) >= gallery.MIN_COMPARED,
        "missing": len({code.strip().upper() for code in codes}) > len(cards),
        "selection": place.query(),
        "share_url": request.build_absolute_uri(
            compare_url + query(Place(tray=place.tray), look)
        ),
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


def _without(place: Place, card: Card, look: Look) -> str:
    rest = [code for code in place.tray if code != card.submission.code]
    return query(replace(place, tray=tuple(rest)), look)

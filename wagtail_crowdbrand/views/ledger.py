"""The public ledger of a campaign: for people, and for programs that check it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wagtail_crowdbrand.domain import ledger, wording
from wagtail_crowdbrand.models import CampaignMixin
from wagtail_crowdbrand.views.clock import clock_of
from wagtail_crowdbrand.views.public import readable_page
from wagtail_crowdbrand.views.visitors import whole_number

#: Lines of one page.
PAGE = 200
#: Beyond so many words two texts are shown one after the other, not compared.
MOST_WORDS = 2000


@dataclass(frozen=True)
class Piece:
    """Some words of a text that changed: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Newest lines first. Raises ``Http404`` for a campaign one may not read."""
    page = readable_page(request, pk, CampaignMixin)
    number = whole_number(request.GET.get("page", ""))
    head = ledger.entries(page).last()
    total = head.number if head else 0
    pages = max(1, -(-total // PAGE))
    if not 1 <= number <= pages:
        raise Http404
    newest = ledger.entries(page).reverse()[(number - 1) * PAGE : number * PAGE]
    lines = [wording.line_of(entry, zone=page.zone) for entry in newest]
    context = {
        "page": page,
        "campaign": page,
        "campaign_url": page.get_url(request),
        "clock": clock_of(page, at=timezone.now()),
        "lines": [(line, _compared(line)) for line in lines],
        "head": head,
        "number": number,
        "pages": pages,
        "json_url": reverse("wagtail_crowdbrand:ledger_json", args=[pk]),
    }
    return kept_private(
        page, render(request, "wagtail_crowdbrand/ledger.html", context)
    )


@require_safe
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """Oldest lines first, :data:`PAGE` at a time; ``next`` leads to those after."""
    page = readable_page(request, pk, CampaignMixin)
    after = whole_number(request.GET.get("after", ""), default=0)
    found = list(ledger.entries(page).filter(number__gt=after)[: PAGE + 1])
    lines, more = found[:PAGE], len(found) > PAGE
    path = f"{request.path}?after={lines[-1].number}" if more else ""
    data = {
        "campaign": page.pk,
        "title": page.title,
        "digest": ledger.digest_of(page),
        "lines": [line_as_json(entry) for entry in lines],
        "next": request.build_absolute_uri(path) if more else None,
    }
    return kept_private(page, JsonResponse(data))


def line_as_json(entry: Any) -> dict[str, Any]:
    """What the digest is taken of, and the digest."""
    return {**ledger.content_of(entry), "digest": entry.digest}


def _compared(line: wording.Line) -> list[tuple[wording.Change, list[Piece]]]:
    return [
        (change, list(pieces_of(change.before, change.after)))
        for change in line.changes
    ]


def pieces_of(before: str, after: str) -> Iterator[Piece]:
    """What stayed, went and came, word by word, in reading order."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    if len(old) + len(new) > MOST_WORDS:
        old, new = [before], [after]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("gone", "".join(old[start:end]))
        if new_end > new_start:
            yield Piece("new", "".join(new[new_start:new_end]))


def kept_private(page: Any, response: HttpResponse) -> HttpResponse:
    """What not everybody may read is kept by no cache on the way."""
    if page.get_view_restrictions():
        response.headers["Cache-Control"] = "private, no-store"
    return response

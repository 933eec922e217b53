"""Walking through a gallery by cursors, which belong to one list and its filters."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wagtail_crowdbrand.api import cursors
from wagtail_crowdbrand.api.problems import invalid
from wagtail_crowdbrand.callers import sees
from wagtail_crowdbrand.domain import filtering, gallery, keyset
from wagtail_crowdbrand.domain.filtering import Wanted
from wagtail_crowdbrand.domain.shuffling import Shuffle
from wagtail_crowdbrand.models import BriefMixin, Submission

#: More than any gallery holds: our own cursor is believed.
ANY = 10**9

Walk = tuple[list[Submission], str | None]


def wanted(brief: BriefMixin, query: str, pairs: list[str]) -> Wanted:
    """What ``<name>:<value>`` pairs ask for. Raises ``Invalid`` for any not offered.

    Pages drop it; a program should learn that it is wrong.
    """
    given = defaultdict(list)
    for pair in pairs:
        name, _colon, value = pair.partition(":")
        given[name].append(value)
    filters = filtering.offered(brief) if pairs else []
    offered = {
        f"{entry.name}:{option.value}" for entry in filters for option in entry.options
    }
    if not set(pairs) <= offered:
        message = _("This brief does not offer this filter.")
        raise invalid("filter", "unknown_filter", message)
    return filtering.read(filters, given, query=query)


class Listing:
    """One request's view of a gallery; ``count`` and ``more`` as the pages tell it."""

    def __init__(
        self,
        request: HttpRequest,
        brief: BriefMixin,
        wanted: Wanted,
        *,
        limit: int,
        at: datetime,
    ) -> None:
        self.brief, self.limit = brief, limit
        self.rows = Submission.objects.of_brief(brief).visible_to(
            at=at, **sees(request)
        )
        self.counter = gallery.counter_of(brief, **sees(request))
        self.found = gallery.find(
            brief, wanted, counter=self.counter, at=at, **sees(request)
        )
        self.more = bool(self.found and self.found.more)
        total = self.found.total if self.found else self.counter.visible_count
        self.count = total
        digest = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
        self.purpose = f"{brief.translation_key}.{digest}"

    def ordered(self, cursor: str, order: str) -> Walk:
        """Keyset paging: nothing is shown twice or left out when something joins."""
        purpose = f"{order}.{self.purpose}"
        rows = self.found.rows if self.found else self.rows
        rows, shown = gallery.for_cards(rows).order_by(*keyset.COLUMNS[order]), 0
        if cursor:
            *place, shown = cursors.read(cursor, purpose=purpose)
            rows = rows.filter(keyset.after(order, _read(order, place)))
        if not self.count:
            return [], None  # nor what was revealed since it was counted
        limit = self._limit(shown)
        found = list(rows[: limit + 1])
        shown += limit
        if len(found) <= limit or (self.more and shown >= filtering.CAP):
            return found[:limit], None
        place = [*_written(found[limit - 1], order), shown]
        return found[:limit], cursors.write(place, purpose=purpose)

    def shuffled(self, cursor: str, seed: str) -> Walk:
        """Positions in one visitor's order; see :class:`.Shuffle`."""
        purpose, first = f"{gallery.SHUFFLED}.{self.purpose}", 0
        count = self.count
        if self.more:
            count = gallery.length(self.counter, self.found)
        shuffle = Shuffle.for_visitor(seed, day=timezone.localdate(), count=count)
        if cursor:
            text, first = cursors.read(cursor, purpose=purpose)
            shuffle = Shuffle.parse(text, count=ANY) or shuffle
        last = first + self._limit(first)
        rows = gallery.shuffled(
            self.brief, self.rows, shuffle, self.found, first=first, last=last
        )
        total = self.count if self.more else shuffle.count
        if last >= total:
            return rows, None
        return rows, cursors.write([str(shuffle), last], purpose=purpose)

    def _limit(self, shown: int) -> int:
        """Of more than can be counted only so many are shown, as on the pages."""
        return min(self.limit, filtering.CAP - shown) if self.more else self.limit


def _written(row: Submission, order: str) -> list[Any]:
    """Where a row stands, as a cursor holds it."""
    return [
        value.isoformat() if isinstance(value, datetime) else value
        for value in keyset.where(row, order)
    ]


def _read(order: str, place: list[Any]) -> list[Any]:
    return [parse_datetime(place[0]), place[1]] if order == keyset.NEWEST else place

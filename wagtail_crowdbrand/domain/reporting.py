"""Numbers for reports, read from decisions and from what waits."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone
from django.utils.translation import get_language

from wagtail_crowdbrand.domain import classes, permissions, phases, reasons
from wagtail_crowdbrand.models import Decision
from wagtail_crowdbrand.states import NEGATIVE, DecisionAction, Phase

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Times:
    """How long first decisions of one week took, from the confirmation on."""

    campaign: str
    week: date
    number: int
    median: timedelta
    ninetieth: timedelta

    @property
    def median_hours(self) -> float:
        return round(self.median.total_seconds() / 3600, 1)

    @property
    def ninetieth_hours(self) -> float:
        return round(self.ninetieth.total_seconds() / 3600, 1)


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason was given for a decision."""

    reason: str
    code: str
    action: str
    number: int


@dataclass(frozen=True)
class Waiting:
    """What waits in one campaign."""

    campaign: str
    campaign_id: int
    number: int
    oldest: datetime


def decisions_of(user: Any) -> QuerySet[Decision]:
    """Decisions on what ``user`` moderates, those undone left out."""
    rows = Decision.objects.filter(undone_at__isnull=True)
    closed = permissions.sealed_off(user)
    if closed:
        rows = rows.exclude(submission__campaign_page__in=closed)
    if user.is_superuser:
        return rows
    mine = permissions.moderated_campaigns(user)
    return rows.filter(submission__campaign_page__in=mine)


def moderation_times(decisions: QuerySet[Decision]) -> list[Times]:
    """Median and 90th percentile per campaign and week, the newest week first.

    Only the first decision on a submission counts. The percentile is interpolated
    between the two nearest values.
    """
    earlier = Decision.objects.filter(
        submission=OuterRef("submission"), undone_at__isnull=True, pk__lt=OuterRef("pk")
    )
    firsts = decisions.exclude(Exists(earlier)).values_list(
        "submission__campaign_page",
        "submission__campaign_page__title",
        "submission__confirmed_at",
        "decided_at",
    )
    # Two campaigns may have the same title.
    seconds: dict[tuple[date, str, int], list[float]] = defaultdict(list)
    for pk, title, confirmed_at, decided_at in firsts.iterator(chunk_size=2000):
        if confirmed_at is not None:
            took = max(0.0, (decided_at - confirmed_at).total_seconds())
            seconds[week_of(decided_at), title, pk].append(took)
    found = sorted(seconds.items(), key=lambda item: item[0][1:])
    found.sort(key=lambda item: item[0][0], reverse=True)
    return [
        Times(
            campaign,
            week,
            len(values),
            timedelta(seconds=statistics.median(values)),
            timedelta(seconds=ninetieth(values)),
        )
        for (week, campaign, _pk), values in found
    ]


def ninetieth(values: list[float]) -> float:
    """The value nine tenths of ``values`` do not exceed."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=10, method="inclusive")[8]


def week_of(at: datetime) -> date:
    """The Monday of its week, in the active time zone."""
    day = timezone.localtime(at).date()
    return day - timedelta(days=day.weekday())


def reasons_given(decisions: QuerySet[Decision]) -> list[ReasonCount]:
    """How often each reason was given for each kind of decision, the most first.

    The reasons are named in the language of who asks.
    """
    names = reasons.labels(get_language() or "")
    counted = (
        decisions.filter(action__in=NEGATIVE)
        .order_by()
        .values_list("reason_code", "action")
        .annotate(number=Count("pk"))
    )
    rows = [
        ReasonCount(
            names.get(code, code), code, str(DecisionAction(action).label), number
        )
        for code, action, number in counted
    ]
    return sorted(rows, key=lambda row: (-row.number, row.reason, row.action))


def backlog(user: Any) -> list[Waiting]:
    """What waits for ``user``, per campaign, the oldest first."""
    waiting = permissions.waiting_for(user).order_by()
    counted = waiting.values_list("campaign_page", "campaign_page__title").annotate(
        number=Count("pk"), oldest=Min("submitted_at")
    )
    rows = [Waiting(title, pk, number, oldest) for pk, title, number, oldest in counted]
    return sorted(rows, key=lambda row: (row.oldest, row.campaign))


def open_campaigns(*, at: datetime) -> int:
    """How many campaigns take ideas now."""
    number = 0
    for model in classes.campaign_models():
        begun = model._default_manager.filter(
            live=True, opens_at__lte=at, closes_at__gt=at, hold=""
        )
        number += sum(phases.phase_of(row, at=at) == Phase.OPEN for row in begun)
    return number

"""Where campaigns stand, as those who run them see it. Everything here only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry as log_registry

from wagtail_crowdbrand.domain import classes, permissions, phases, sealing
from wagtail_crowdbrand.models import Appeal, ModerationTask, Notice, Submission
from wagtail_crowdbrand.states import Moderation, Phase

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin

#: Phase → the field with the date that matters in it, and what it says; in the order
#: in which campaigns need attention.
DATES: dict[Phase, tuple[str, str | Promise]] = {
    Phase.OVERDUE: ("decision_due_at", _("Decision was due")),
    Phase.OPEN: ("closes_at", _("Closes")),
    Phase.CLEARANCE: ("reveals_at", _("Reveal")),
    Phase.REVEALED: ("decision_due_at", _("Decision due")),
    Phase.DECIDING: ("decision_due_at", _("Decision due")),
    Phase.ANNOUNCED: ("opens_at", _("Opens")),
    Phase.DECIDED: ("decided_at", _("Decided")),
    Phase.ARCHIVED: ("archived_at", _("Archived")),
}
#: Longer than this many days, and a chart has a bar for each week.
MOST_DAYS = 45
WEEK = 7
#: What is told of a campaign besides what Wagtail's own history tells.
OUR_DEEDS = tuple(
    f"wagtail_crowdbrand.{name}"
    for name in (
        "policy",
        "pause",
        "resume",
        "cancel_campaign",
        "extend",
        "break_seal",
        "put_off",
        "reveal",
        "correct",
    )
)


@dataclass(frozen=True)
class KeyDate:
    """The date that matters now."""

    label: str | Promise
    moment: datetime


@dataclass(frozen=True)
class Figures:
    """How many ideas; ``oldest`` is since when the first of those waiting waits.

    ``is_secret``: a seal keeps even their number from who asks.
    """

    received: int = 0
    on_show: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    is_secret: bool = False


@dataclass(frozen=True)
class Standing:
    """One campaign and how it goes."""

    campaign: Any
    phase: Phase
    key_date: KeyDate | None
    figures: Figures


@dataclass(frozen=True)
class Bar:
    """Ideas received from ``first`` to ``last``, both included."""

    first: date
    last: date
    number: int


def overview_for(user: Any, *, at: datetime) -> list[Standing]:
    """All campaigns ``user`` edits or moderates, those to look at now first."""
    pks = {*permissions.edited_campaigns(user), *permissions.moderated_campaigns(user)}
    campaigns: list[Any] = [
        campaign
        for model in classes.campaign_models()
        for campaign in model._default_manager.filter(pk__in=pks, alias_of=None)
    ]
    figures = figures_of(pks) | secret_figures(user, at=at)
    order = list(DATES)
    standings = [
        standing_of(campaign, figures.get(campaign.pk, Figures()), at=at)
        for campaign in campaigns
    ]
    return sorted(
        standings, key=lambda each: (order.index(each.phase), -each.campaign.pk)
    )


def standing_of(campaign: CampaignMixin, figures: Figures, *, at: datetime) -> Standing:
    phase = phases.phase_of(campaign, at=at)
    name, label = DATES[phase]
    moment = getattr(campaign, name)
    return Standing(
        campaign, phase, KeyDate(label, moment) if moment else None, figures
    )


def secret_figures(user: Any, *, at: datetime) -> dict[int, Figures]:
    """Of the campaigns whose seal hides from ``user`` how much came in."""
    closed = sealing.closed_to(user, at=at)
    if not closed:
        return {}
    return {
        campaign.pk: Figures(is_secret=True)
        for campaign in sealing.sealed_campaigns(at=at)
        if campaign.pk in closed and campaign.seal_hides_count
    }


def figures_of(campaigns: Collection[int]) -> dict[int, Figures]:
    """Figures of several campaigns in two queries; one without ideas is not in it."""
    rows = Submission.objects.sent().filter(campaign_page__in=campaigns)
    by_campaign: Any = rows.order_by().values("campaign_page")
    waiting = {
        row["campaign_page"]: (row["number"], row["oldest"])
        for row in by_campaign.filter(moderation=Moderation.PENDING).annotate(
            number=Count("pk"), oldest=Min("submitted_at")
        )
    }
    counts = by_campaign.annotate(received=Count("pk"), shown=Count("visible_from"))
    return {
        row["campaign_page"]: Figures(
            row["received"],
            row["shown"],
            *waiting.get(row["campaign_page"], (0, None)),
        )
        for row in counts
    }


@dataclass(frozen=True)
class Team:
    """Who reviews the ideas of a campaign."""

    campaign: Any
    workflow: Any
    groups: list[Any]


def teams_for(user: Any) -> list[Team]:
    """The teams of the campaigns ``user`` edits; their groups in two queries."""
    default = Submission.get_default_workflow()
    pks = permissions.edited_campaigns(user)
    campaigns: list[Any] = [
        campaign
        for model in classes.campaign_models()
        for campaign in model._default_manager.filter(pk__in=pks, alias_of=None)
        .select_related("moderation_workflow")
        .order_by("title", "pk")
    ]
    steps = ModerationTask.objects.filter(active=True).prefetch_related(
        "groups", "workflow_tasks"
    )
    groups: dict[int, list[Any]] = {}
    for step in steps:
        for place in step.workflow_tasks.all():
            groups.setdefault(place.workflow_id, []).extend(step.groups.all())
    teams = []
    for campaign in campaigns:
        own = campaign.moderation_workflow
        workflow = own if own and own.active else default
        found = groups.get(workflow.pk, []) if workflow else []
        teams.append(Team(campaign, workflow, found))
    return teams


def open_notices(campaign: CampaignMixin) -> int:
    rows = Notice.objects.filter(outcome="", submission__campaign_page=campaign.pk)
    return rows.count()


def open_appeals(campaign: CampaignMixin, *, but: Any = None) -> int:
    """How many wait for an answer; ``but`` those to a decision this user made."""
    rows = Appeal.objects.filter(outcome="", submission__campaign_page=campaign.pk)
    return (rows if but is None else rows.exclude(decision__actor=but)).count()


def received_over_time(campaign: CampaignMixin, *, at: datetime) -> list[Bar]:
    """A bar for each day on the campaign's own calendar, or for each week."""
    zone = ZoneInfo(campaign.time_zone)
    rows: Any = Submission.objects.sent().filter(campaign_page=campaign.pk)
    per_day = Counter(
        dict(
            rows.order_by()
            .annotate(day=TruncDate("submitted_at", tzinfo=zone))
            .values_list("day")
            .annotate(number=Count("pk"))
        )
    )
    days = list(_days(campaign, per_day, zone, at=at))
    step = 1 if len(days) <= MOST_DAYS else WEEK
    chunks = [days[start : start + step] for start in range(0, len(days), step)]
    return [
        Bar(chunk[0], chunk[-1], sum(per_day[day] for day in chunk)) for chunk in chunks
    ]


def _days(
    campaign: CampaignMixin, per_day: Counter[date], zone: ZoneInfo, *, at: datetime
) -> Iterator[date]:
    """From the opening until today or the last idea; none before the opening."""
    ends = [at, phases.deadline(campaign) or at]
    known = [*per_day]
    if campaign.opens_at and campaign.opens_at <= at:
        known.append(campaign.opens_at.astimezone(zone).date())
        known.append(min(ends).astimezone(zone).date())
    if known:
        for number in range((max(known) - min(known)).days + 1):
            yield min(known) + timedelta(days=number)


def deeds_of(campaign: CampaignMixin, *, limit: int) -> Any:
    """The newest entries of the log that say how the campaign was run."""
    page: Any = campaign
    entries = log_registry.get_logs_for_instance(page).filter(action__in=OUR_DEEDS)
    return entries.select_related("user").order_by("-timestamp", "-pk")[:limit]

"""A campaign's schedule as a page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wagtail_crowdbrand.domain import phases
from wagtail_crowdbrand.models import CampaignMixin
from wagtail_crowdbrand.states import REASONS, Capability, Phase


@dataclass(frozen=True)
class Clock:
    """Phase, the next date, and whether ideas are taken now."""

    phase: Phase
    at: datetime
    in_grace: bool
    deadline: datetime | None
    can_submit: bool
    refusal: Any

    @property
    def label(self) -> str:
        return self.phase.label


def clock_of(campaign: CampaignMixin, *, at: datetime) -> Clock:
    verdict = phases.check(Capability.SUBMIT, campaign, at=at)
    phase = phases.phase_of(campaign, at=at)
    return Clock(
        phase=phase,
        at=at,
        in_grace=bool(phase == Phase.OPEN and at > campaign.closes_at),
        deadline=phases.deadline(campaign),
        can_submit=verdict.allowed,
        refusal=REASONS[verdict.reason] if verdict.reason else "",
    )


def moment_for(campaign: CampaignMixin, mode: str) -> datetime:
    """Now, or for a preview an instant at which the campaign is in that mode."""
    now = timezone.now()
    opens, closes = campaign.opens_at, campaign.closes_at
    if mode == "announced" and opens:
        return opens - timedelta(days=1)
    if mode == "open" and opens:
        return max(opens, min(now, closes or now))
    if mode == "closed" and closes:
        end = phases.deadline(campaign) or closes
        return max(now, end + timedelta(minutes=1))
    return now

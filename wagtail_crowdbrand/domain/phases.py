"""Where a campaign stands at an instant, and what that allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.states import (
    HOLD_REFUSALS,
    REASONS,
    REFUSALS,
    TAKING_PART,
    Capability,
    Hold,
    Phase,
    VisibilityMode,
)

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin


class Verdict(NamedTuple):
    """Allowed, or the code of the reason why not (a key of ``states.REASONS``)."""

    allowed: bool
    reason: str = ""


def deadline(campaign: CampaignMixin) -> datetime | None:
    """The last instant at which an idea is accepted: closing plus grace."""
    if campaign.closes_at is None:
        return None
    return campaign.closes_at + timedelta(minutes=campaign.grace_minutes)


def confirm_deadline(campaign: CampaignMixin) -> datetime | None:
    """Until when an e-mail address can still be confirmed."""
    end = deadline(campaign)
    return end and end + timedelta(hours=get_config().confirm_hours)


def phase_of(campaign: CampaignMixin, *, at: datetime) -> Phase:
    """The phase at ``at`` (aware). An unscheduled campaign is announced."""
    end = deadline(campaign)
    if campaign.archived_at and at >= campaign.archived_at:
        return Phase.ARCHIVED
    if campaign.opens_at is None or end is None or at < campaign.opens_at:
        return Phase.ANNOUNCED
    if at <= end:
        return Phase.OPEN
    if campaign.decided_at and at >= campaign.decided_at:
        return Phase.DECIDED
    sealed = campaign.visibility_mode == VisibilityMode.SEALED
    if sealed and not (campaign.revealed_at and at >= campaign.revealed_at):
        return Phase.CLEARANCE
    if campaign.decision_due_at and at > campaign.decision_due_at:
        return Phase.OVERDUE
    return Phase.REVEALED if sealed else Phase.DECIDING


def check(capability: Capability, campaign: CampaignMixin, *, at: datetime) -> Verdict:
    """Whether the public may do something now; the one question every door asks."""
    page: Any = campaign
    if capability in TAKING_PART and not page.live:
        return Verdict(False, "not_public")
    if capability == Capability.SUBMIT and campaign.is_sealed and page.alias_of_id:
        return Verdict(False, "not_here")
    reason = HOLD_REFUSALS[capability].get(Hold(campaign.hold))
    if reason is None:
        reason = REFUSALS[capability].get(phase_of(campaign, at=at))
    if reason is None and capability == Capability.CONFIRM:
        end = confirm_deadline(campaign)
        reason = "confirmation_expired" if end and at > end else None
    return Verdict(reason is None, reason or "")


def require(capability: Capability, campaign: CampaignMixin, *, at: datetime) -> None:
    """Raise :class:`~wagtail_crowdbrand.errors.NotAllowed` unless it is allowed."""
    verdict = check(capability, campaign, at=at)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason, REASONS[verdict.reason])

"""Whose ideas are shown before they are reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import Moderation, ModerationPolicy, VisibilityMode

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin, Contributor

#: One of these, and a contributor's record is no longer spotless.
REMOVED = (Moderation.HIDDEN, Moderation.REJECTED, Moderation.SPAM)


def publishes_first(submission: Submission) -> bool:
    """Whether its newest version is shown before its review.

    Never what is sealed or looks suspicious, whatever the campaign's policy.
    """
    campaign = submission.campaign
    policy = campaign.moderation_policy
    sealed = campaign.visibility_mode == VisibilityMode.SEALED
    if policy == ModerationPolicy.BEFORE or sealed or submission.suspicion:
        return False
    if policy == ModerationPolicy.AFTER:
        return True
    return is_trusted(submission.contributor, campaign)


def is_trusted(contributor: Contributor | None, campaign: CampaignMixin) -> bool:
    """By hand, or by ``trust_after`` approved ideas on the site and none removed."""
    if contributor is None or contributor.blocked_at:
        return False
    if contributor.trusted:
        return True
    sent = Submission.objects.sent().filter(contributor=contributor)
    if sent.filter(moderation__in=REMOVED).exists():
        return False
    approved = sent.filter(moderation=Moderation.APPROVED)
    return approved.count() >= campaign.trust_after

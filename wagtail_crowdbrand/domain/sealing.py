"""What is sealed at an instant, and for whom: asked wherever staff see an idea."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from wagtail_crowdbrand.domain import classes, phases
from wagtail_crowdbrand.models import ModerationTask, SealBreak, Submission
from wagtail_crowdbrand.states import SealModeration, VisibilityMode

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin

#: Who broke a seal may look for this long.
BREAK_LASTS = timedelta(hours=1)


def is_sealed(campaign: CampaignMixin, *, at: datetime) -> bool:
    """Whether nobody outside its moderation may see anything of its ideas yet."""
    revealed = campaign.revealed_at and campaign.revealed_at <= at
    return campaign.is_sealed and not revealed


def sealed_campaigns(*, at: datetime) -> list[Any]:
    """All that are sealed now, whoever asks."""
    waiting = Q(revealed_at__isnull=True) | Q(revealed_at__gt=at)
    return [
        campaign
        for model in classes.campaign_models()
        for campaign in model._default_manager.filter(
            waiting, visibility_mode=VisibilityMode.SEALED
        ).select_related("moderation_workflow")
    ]


def ids(*, at: datetime) -> set[int]:
    """The ids of all that are sealed now."""
    return {campaign.pk for campaign in sealed_campaigns(at=at)}


def review_begun(campaign: CampaignMixin, *, at: datetime) -> bool:
    """Whether its ideas are before moderators by now."""
    if not is_sealed(campaign, at=at):
        return True
    if campaign.seal_moderation == SealModeration.NAMED:
        return True
    end = phases.deadline(campaign)
    return end is not None and at > end


def unreviewed(*, at: datetime) -> set[int]:
    """Ids of the campaigns whose ideas wait for their clearance."""
    return {
        campaign.pk
        for campaign in sealed_campaigns(at=at)
        if not review_begun(campaign, at=at)
    }


def closed_to(user: Any, *, at: datetime) -> set[int]:
    """Ids of the campaigns whose seal keeps ``user`` out, superusers included.

    It lets in the named moderators; or, in the clearance, the members of the groups
    that moderate the campaign; and for :data:`BREAK_LASTS` whoever broke the seal.
    """
    sealed = sealed_campaigns(at=at)
    if not sealed:
        return set()
    broken = _broken_by(user, at=at)
    workflows = _workflows_of(user)
    default = Submission.get_default_workflow()
    closed = set()
    for campaign in sealed:
        if campaign.seal_moderation == SealModeration.NAMED:
            inside = campaign.seal_moderators.filter(pk=user.pk).exists()
        else:
            own = campaign.moderation_workflow
            workflow = own if own and own.active else default
            member = workflow is not None and workflow.pk in workflows
            inside = member and review_begun(campaign, at=at)
        if not (inside or campaign.pk in broken):
            closed.add(campaign.pk)
    return closed


def is_closed_to(user: Any, submission: Submission, *, at: datetime) -> bool:
    """The same of one submission; costs nothing where there is no seal."""
    if not is_sealed(submission.campaign, at=at):
        return False
    return submission.campaign_page_id in closed_to(user, at=at)


def keep_promise(campaign: CampaignMixin) -> None:
    """Before a campaign is saved, by whichever way: what was promised stays as it is.

    An older draft that is published may say otherwise. Putting the reveal off, and
    extending, are deeds of their own (:mod:`operating`), so later is let through, and
    earlier never. Whether it is revealed is no matter of drafts at all.
    """
    page: Any = campaign
    if not page.pk:
        return
    stored: Any = type(page)._base_manager.filter(pk=page.pk)
    facts = ("revealed_at", "closes_at", "grace_minutes", "moderation_workflow_id")
    with transaction.atomic():  # a reveal that is under way is waited for
        before = stored.select_for_update(of=("self",)).values(*facts).first()
    if before is None:
        return
    revealed_at = before["revealed_at"]
    if not page.alias_of_id:  # an alias follows its original
        page.revealed_at = revealed_at
    promised = campaign.promise()
    if "seal_moderation" in promised:
        as_promised = stored.get()
        if not as_promised.is_deserted:
            page.seal_moderators = list(as_promised.seal_moderators.all())
    for name, value in promised.items():
        later = name == "reveals_at" and page.reveals_at and page.reveals_at > value
        if not (later and not revealed_at):
            setattr(page, name, value)
    if "seal_moderation" in promised and not revealed_at:
        closes = before["closes_at"]
        if closes and (page.closes_at is None or page.closes_at < closes):
            page.closes_at = closes
        page.grace_minutes = max(page.grace_minutes, before["grace_minutes"])
        page.moderation_workflow_id = before["moderation_workflow_id"]


def _broken_by(user: Any, *, at: datetime) -> set[int]:
    breaks = SealBreak.objects.filter(user=user.pk, broken_at__gt=at - BREAK_LASTS)
    return set(breaks.values_list("campaign_page", flat=True))


def _workflows_of(user: Any) -> set[int]:
    """Of the groups ``user`` is in; being a superuser is not enough."""
    tasks = ModerationTask.objects.filter(active=True, groups__in=user.groups.all())
    return set(tasks.values_list("workflow_tasks__workflow", flat=True))

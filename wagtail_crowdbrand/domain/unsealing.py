"""Looking behind a seal: with a reason everybody can read, and never unnoticed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry

from wagtail_crowdbrand.domain import ledger, permissions, sealing
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import SealBreak
from wagtail_crowdbrand.states import LedgerKind

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin, Submission

REASON_LENGTH = 300
MINUTE = timedelta(minutes=1)
LOOK = "wagtail_crowdbrand.look"


@transaction.atomic
def break_seal(
    campaign: CampaignMixin, *, actor: Any, reason: str, at: datetime
) -> SealBreak:
    """Let ``actor`` look at what is sealed for :data:`sealing.BREAK_LASTS`.

    The reason is public, on the campaign's ledger; the name is not, it is in the
    audit log. Raises ``NotAllowed`` (``not_permitted``, ``not_sealed``,
    ``note_required``, ``note_too_long``).
    """
    page: Any = campaign
    if not sealing.is_sealed(campaign, at=at):
        refuse("not_sealed")
    if not can_break(actor, campaign):
        refuse("not_permitted")
    reason = reason.strip()
    if not reason:
        refuse("note_required")
    if len(reason) > REASON_LENGTH:
        refuse("note_too_long")
    found = SealBreak.objects.create(
        campaign_page_id=page.pk, user=actor, reason=reason, broken_at=at
    )
    facts = {"reason": reason, "for_minutes": sealing.BREAK_LASTS // MINUTE}
    ledger.write(page, LedgerKind.SEAL_BROKEN, facts=facts, at=at)
    log(page, "wagtail_crowdbrand.break_seal", user=actor, data={"note": reason})
    return found


def can_break(user: Any, campaign: Any) -> bool:
    """Superusers, and whoever will moderate it when its time has come."""
    if not user.is_active:
        return False
    return user.is_superuser or campaign.pk in permissions.moderated_campaigns(user)


def note_look(submission: Submission, *, actor: Any, at: datetime) -> None:
    """Write into the audit log that somebody of the staff looked at something sealed.

    Once for each person and submission; after the reveal there is nothing to note.
    """
    if not sealing.is_sealed(submission.campaign, at=at):
        return
    looks = log_registry.get_logs_for_instance(submission).filter(action=LOOK)
    if not looks.filter(user=actor.pk).exists():
        log(submission, LOOK, user=actor)

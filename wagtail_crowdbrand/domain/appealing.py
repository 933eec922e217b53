"""A contributor objects to a decision; somebody else decides (DSA, Article 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import decisions, moderating, outbox, permissions
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError, NotAllowed
from wagtail_crowdbrand.models import Appeal, Decision, Submission
from wagtail_crowdbrand.states import (
    APPEALABLE,
    NEGATIVE,
    REASONS,
    AppealOutcome,
    Lifecycle,
    Moderation,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

REFUSED = (Moderation.REJECTED, Moderation.SPAM, Moderation.HIDDEN)


def require_appealable(submission: Submission, *, at: datetime) -> Decision:
    """The decision its contributor may object to now.

    Raises ``NotAllowed`` (``nothing_to_appeal``, ``already_appealed``,
    ``appeal_expired``). A decision that can still be undone is not in force yet.
    """
    decision = decisions.in_force(submission)
    if (
        decision is None
        or decision.action not in APPEALABLE
        or decision.can_be_undone(at=at)
        or submission.moderation not in REFUSED
        or submission.lifecycle != Lifecycle.SUBMITTED
    ):
        permissions.refuse("nothing_to_appeal")
    if Appeal.objects.filter(decision=decision).exists():
        permissions.refuse("already_appealed")
    if at > deadline(decision):
        permissions.refuse("appeal_expired")
    return decision


def can_appeal(submission: Submission, *, at: datetime) -> bool:
    try:
        require_appealable(submission, at=at)
    except NotAllowed:
        return False
    return True


def deadline(decision: Decision) -> datetime:
    """The last instant at which a contributor may object."""
    return decision.decided_at + timedelta(days=get_config().appeal_days)


@dataclass(frozen=True)
class Statement:
    """What a contributor reads of a decision that said no, and of their objection."""

    decision: Decision
    appeal: Appeal | None
    until: datetime
    can_appeal: bool


def statement_of(submission: Submission, *, at: datetime) -> Statement | None:
    """Of the decision in force, or of the last one its contributor objected to."""
    decision = decisions.in_force(submission)
    appeals = submission.appeals.select_related("decision").order_by("-pk")
    if decision is None or decision.action not in NEGATIVE:
        appeal = appeals.first()
        decision = appeal.decision if appeal else None
    else:
        appeal = appeals.filter(decision=decision).first()
    if decision is None or decision.can_be_undone(at=at):
        return None
    until = deadline(decision)
    return Statement(decision, appeal, until, can_appeal(submission, at=at))


@transaction.atomic
def appeal(submission: Submission, *, text: str, at: datetime) -> Appeal:
    """Object to the decision in force. Raises as :func:`require_appealable` does."""
    submission = moderating.lock(submission.pk)
    decision = require_appealable(submission, at=at)
    if not text.strip():
        permissions.refuse("reason_required")
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                decision=decision, submission=submission, text=text, created_at=at
            )
    except IntegrityError:
        permissions.refuse("already_appealed")
    log(submission, "wagtail_crowdbrand.appeal")
    outbox.queue("appeal_receipt", submission=submission)
    return made


def open_for(user: Any) -> QuerySet[Appeal]:
    """What ``user`` may decide, oldest first: never on a decision of their own."""
    waiting = Appeal.objects.filter(
        outcome="", submission__in=permissions.moderated_by(user).values("pk")
    ).exclude(decision__actor=user)
    return waiting.select_related("decision__actor", "submission__brief_page").order_by(
        "created_at", "pk"
    )


@transaction.atomic
def settle(
    appeal: Appeal, *, outcome: AppealOutcome, actor: Any, answer: str, at: datetime
) -> Appeal:
    """Decide an appeal, and tell the contributor why.

    ``OVERTURNED`` lets something hidden come back and approves anything else, in a
    review of its own: further steps of the workflow still have their say. Raises
    ``NotAllowed`` (``needs_somebody_else`` …) or ``Conflict`` (``already_decided``).
    """
    submission = moderating.lock(appeal.submission_id)
    permissions.require_moderator(actor, submission)
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if appeal.outcome:
        raise Conflict("already_decided", REASONS["already_decided"])
    if actor is not None and appeal.decision.actor_id == actor.pk:
        permissions.refuse("needs_somebody_else")
    if not answer.strip():
        permissions.refuse("reason_required")
    appeal.outcome = outcome
    appeal.answer = answer
    appeal.decided_by = actor
    appeal.decided_at = at
    appeal.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
    log(submission, f"wagtail_crowdbrand.appeal_{outcome}", user=actor)
    outbox.queue(f"appeal_{outcome}", submission=submission, answer=answer)
    if outcome == AppealOutcome.OVERTURNED and submission.moderation in REFUSED:
        _overturn(submission, actor=actor)
    return appeal


def _overturn(submission: Submission, *, actor: Any) -> None:
    if submission.moderation == Moderation.HIDDEN:
        moderating.restore(submission, actor=actor)
        decisions.settle_newest(submission)
        return
    moderating.reopen(submission)
    if moderating.start(submission) is None:
        return
    try:
        moderating.approve(Submission.objects.get(pk=submission.pk), actor=actor)
    except CrowdbrandError:
        return  # others have the first say, and it comes before us again
    decisions.settle_newest(submission)

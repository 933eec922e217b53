"""Visitors say what is wrong with something on show; moderators look, and answer.

After the Digital Services Act, Article 16: no account is needed, who gives an address
gets a receipt and learns the outcome, and nothing happens by itself unless the site
says so (``NOTICES_HIDE_AFTER``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import (
    decisions,
    moderating,
    outbox,
    permissions,
    reasons,
)
from wagtail_crowdbrand.errors import Conflict
from wagtail_crowdbrand.models import Decision, Notice, Submission
from wagtail_crowdbrand.states import (
    APPEALABLE,
    REASONS,
    DecisionAction,
    Lifecycle,
    Moderation,
    NoticeOutcome,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a visitor says. ``person`` is any string that tells people apart."""

    reason_code: str
    person: str
    text: str = ""
    name: str = ""
    email: str = ""
    language: str = ""


def give_notice(submission: Submission, problem: Problem, *, at: datetime) -> Notice:
    """Take a notice of something visible, and put it before its moderators.

    One for each person and submission. Raises ``NotAllowed`` (``not_visible``,
    ``unknown_reason``, ``already_noticed``).
    """
    if not reasons.for_notices().filter(code=problem.reason_code).exists():
        permissions.refuse("unknown_reason")
    with transaction.atomic():
        submission = moderating.lock(submission.pk)
        visible = Submission.objects.filter(pk=submission.pk, visible_from__lte=at)
        if not visible.exists():
            permissions.refuse("not_visible")
        notice = _store(submission, problem, at=at)
        submission.open_notices = F("open_notices") + 1
        submission.save(update_fields=["open_notices"])
        log(submission, "wagtail_crowdbrand.notice", data={"code": problem.reason_code})
        if notice.email:
            outbox.queue("notice_receipt", notice=notice)
        _hide_when_many(submission)
    return notice


def _store(submission: Submission, problem: Problem, *, at: datetime) -> Notice:
    try:
        with transaction.atomic():
            return Notice.objects.create(
                submission=submission,
                reason_code=problem.reason_code,
                text=problem.text,
                name=problem.name,
                email=problem.email,
                language=problem.language,
                person_key=_person_key(submission, problem.person),
                created_at=at,
            )
    except IntegrityError:
        permissions.refuse("already_noticed")


def was_given(submission: Submission, problem: Problem) -> bool:
    """Whether the same person said the same before, as a second click does."""
    return submission.notices.filter(
        person_key=_person_key(submission, problem.person),
        reason_code=problem.reason_code,
        text=problem.text,
    ).exists()


def _person_key(submission: Submission, person: str) -> str:
    return salted_hmac(
        "wagtail_crowdbrand.notices", f"{submission.pk}:{person}", algorithm="sha256"
    ).hexdigest()


def _hide_when_many(submission: Submission) -> None:
    limit = get_config().notices_hide_after
    if limit is None:
        return
    submission.refresh_from_db(fields=["open_notices"])
    if submission.open_notices >= limit:
        with override(submission.language or settings.LANGUAGE_CODE):
            reason = _(
                "Several visitors told us about a problem. Your idea is off the site "
                "until somebody has looked at it."
            )
        moderating.hide(submission, actor=None, reason=reason, is_automatic=True)


def open_for(user: Any) -> QuerySet[Notice]:
    """What ``user`` is to look at, oldest first: not what somebody has hidden since."""
    decided = Decision.objects.filter(submission=OuterRef("pk"), undone_at=None)
    by_software = Subquery(decided.order_by("-pk").values("is_automatic")[:1])
    mine = permissions.moderated_by(user).filter(open_notices__gt=0)
    mine = mine.alias(by_software=by_software).filter(
        Q(visible_from__isnull=False)
        | Q(moderation=Moderation.HIDDEN, by_software=True)
    )
    return (
        Notice.objects.filter(outcome="", submission__in=mine.values("pk"))
        .select_related("submission__brief_page")
        .order_by("created_at", "pk")
    )


@transaction.atomic
def settle(
    submission: Submission,
    *,
    outcome: NoticeOutcome,
    actor: Any,
    at: datetime,
    reason: str = "",
    reason_code: str = "",
    answer: str = "",
) -> Submission:
    """Answer all open notices of a submission at once, and tell both sides.

    ``UPHELD`` takes it off the site, for which ``reason`` is what its contributor
    reads; the notices are closed when that can no longer be undone. With
    ``DISMISSED`` it stays, or comes back if notices alone had hidden it. ``answer`` is
    what those who gave the notices read besides the outcome. Raises ``NotAllowed`` or
    ``Conflict`` (``already_decided``).
    """
    submission = moderating.lock(submission.pk)
    permissions.require_moderator(actor, submission)
    waiting = submission.notices.filter(outcome="")
    hidden = submission.moderation == Moderation.HIDDEN
    by_software = hidden and decisions.by_software(submission)
    keep = outcome == NoticeOutcome.DISMISSED
    if (keep and hidden and not by_software) or not waiting.update(answer=answer):
        raise Conflict("already_decided", REASONS["already_decided"])
    if outcome == NoticeOutcome.UPHELD:
        moderating.hide(submission, actor=actor, reason=reason, reason_code=reason_code)
        if not get_config().undo_seconds:
            _close(submission, outcome, actor=actor, at=at)
        return moderating.lock(submission.pk)
    if by_software:
        moderating.restore(submission, actor=actor)
        decisions.settle_newest(submission)
    _close(submission, outcome, actor=actor, at=at)
    return moderating.lock(submission.pk)


def _close(
    submission: Submission, outcome: NoticeOutcome, *, actor: Any, at: datetime
) -> None:
    """Close the open notices of a locked row, and tell those who gave an address."""
    waiting = list(submission.notices.filter(outcome=""))
    for notice in waiting:
        notice.outcome = outcome
        notice.decided_at = at
        notice.decided_by = actor
        notice.save(update_fields=["outcome", "decided_at", "decided_by"])
        if notice.email:
            outbox.queue(f"notice_{outcome}", notice=notice)
    Submission.objects.filter(pk=submission.pk).update(open_notices=0)
    data = {"outcome": str(outcome), "notices": len(waiting)}
    log(submission, "wagtail_crowdbrand.notice_settled", user=actor, data=data)


def gone(*, at: datetime) -> QuerySet[Submission]:
    """Noticed, and off the site for good: by a decision nobody can undo any more, or
    because its contributor took it back."""
    settled = Decision.objects.filter(
        Q(settles_at__isnull=True) | Q(settles_at__lte=at),
        submission=OuterRef("pk"),
        undone_at__isnull=True,
        action__in=APPEALABLE,
        is_automatic=False,
    )
    noticed = Submission.objects.filter(open_notices__gt=0, visible_from__isnull=True)
    withdrawn = Q(lifecycle=Lifecycle.WITHDRAWN)
    refused = Q(
        moderation__in=(Moderation.HIDDEN, Moderation.REJECTED, Moderation.SPAM)
    )
    return noticed.filter(withdrawn | (refused & Exists(settled)))


@transaction.atomic
def close_gone(submission: Submission, *, at: datetime) -> None:
    """Tell those who gave notice of something :func:`gone`. Safe to repeat."""
    submission = moderating.lock(submission.pk)
    if not gone(at=at).filter(pk=submission.pk).exists():
        return
    decision = decisions.in_force(submission)
    actor = decision.actor if decision else None
    _close(submission, NoticeOutcome.UPHELD, actor=actor, at=at)


def led_to(decision: Decision) -> bool:
    """Whether notices were open when something was taken off the site."""
    if decision.action != DecisionAction.HIDE:
        return False
    then = decision.decided_at
    given = Notice.objects.filter(
        submission=decision.submission_id, created_at__lte=then
    )
    return given.filter(Q(decided_at__isnull=True) | Q(decided_at__gte=then)).exists()

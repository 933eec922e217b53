"""The moderators' queue: what waits, in which order, and who is looking at what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import Claim, Submission
from wagtail_crowdbrand.states import Lifecycle, Moderation

if TYPE_CHECKING:
    from wagtail_crowdbrand.models.submission import SubmissionQuerySet

#: Counting stops here: “1,000+” says as much, and costs no more at a million.
MANY = 1000


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a moderator wants to see; empty means all."""

    campaign: int | None = None
    brief: int | None = None
    language: str = ""
    first_timers: bool = False
    noticed: bool = False
    older_than_days: int = 0


@dataclass(frozen=True)
class Backlog:
    """How much is left; ``number`` is at most :data:`MANY` + 1."""

    number: int
    oldest: datetime | None

    @property
    def is_capped(self) -> bool:
        return self.number > MANY


def queue_for(user: Any, filters: Filters, *, at: datetime) -> SubmissionQuerySet:
    """What waits for ``user``, the oldest first."""
    rows: Any = permissions.waiting_for(user)
    if filters.campaign:
        rows = rows.filter(campaign_page=filters.campaign)
    if filters.brief:
        rows = rows.filter(brief_page=filters.brief)
    if filters.language:
        rows = rows.filter(language=filters.language)
    if filters.first_timers:
        rows = rows.filter(is_first=True)
    if filters.noticed:
        rows = rows.filter(open_notices__gt=0)
    if filters.older_than_days:
        end = at - timedelta(days=filters.older_than_days)
        rows = rows.filter(submitted_at__lte=end)
    return rows.order_by("submitted_at", "pk")


def waits(submission: Submission) -> bool:
    """Whether it is in the queue at all (of whoever moderates it)."""
    return (
        submission.lifecycle == Lifecycle.SUBMITTED
        and submission.confirmed_at is not None
        and submission.moderation == Moderation.PENDING
    )


def next_for(
    user: Any,
    filters: Filters,
    *,
    at: datetime,
    after: Submission | None = None,
    skip: Collection[int] = (),
) -> Submission | None:
    """The next submission nobody else is looking at, and claim it.

    ``after`` is the one before; ``skip`` are ids the moderator wants to see later.
    """
    rows = unclaimed(queue_for(user, filters, at=at), user, at=at).exclude(pk__in=skip)
    if after is not None:
        beyond = rows.filter(submitted_at__gte=after.submitted_at).exclude(
            submitted_at=after.submitted_at, pk__lte=after.pk
        )
        found = beyond.first() or rows.exclude(pk=after.pk).first()
    else:
        found = rows.first()
    if found is not None:
        claim(found, user, at=at)
    return found


def before_for(
    user: Any, filters: Filters, *, at: datetime, before: Submission
) -> Submission | None:
    """The one in front of ``before`` in the same queue."""
    rows = queue_for(user, filters, at=at).filter(submitted_at__lte=before.submitted_at)
    rows = rows.exclude(submitted_at=before.submitted_at, pk__gte=before.pk)
    return rows.order_by("-submitted_at", "-pk").first()


def backlog_of(rows: SubmissionQuerySet) -> Backlog:
    """How many, counted no further than :data:`MANY`, and since when."""
    rows = rows.order_by("submitted_at", "pk")  # for the count, too: it is an index
    oldest = rows.values_list("submitted_at", flat=True)
    number = rows[: MANY + 1].count()
    return Backlog(number, oldest.first() if number else None)


def unclaimed(
    rows: SubmissionQuerySet, user: Any, *, at: datetime
) -> SubmissionQuerySet:
    """Those nobody but ``user`` is looking at."""
    others = Claim.objects.filter(submission=OuterRef("pk"), until__gt=at)
    return rows.exclude(Exists(others.exclude(user=user)))


def next_of(rows: Any, user: Any, *, at: datetime, after: Any = None) -> Any:
    """The next of ``rows`` about a submission nobody else is looking at.

    ``rows`` are notices or appeals, oldest first; ``after`` is the one before. Nothing
    else about the same submission comes next.
    """
    others = Claim.objects.filter(submission=OuterRef("submission"), until__gt=at)
    free = rows.exclude(Exists(others.exclude(user=user)))
    if after is None:
        return free.first()
    free = free.exclude(submission=after.submission_id)
    return free.filter(created_at__gte=after.created_at).first() or free.first()


def claim(submission: Submission, user: Any, *, at: datetime) -> Any:
    """Say that ``user`` looks at it. Returns who else does already, or ``None``."""
    until = at + timedelta(minutes=get_config().claim_minutes)
    mine = {"user": user, "until": until}
    try:
        with transaction.atomic():
            Claim.objects.create(submission=submission, **mine)
            return None
    except IntegrityError:
        pass
    free = Claim.objects.filter(submission=submission).exclude(
        pk__in=Claim.objects.exclude(user=user).filter(until__gt=at).values("pk")
    )
    if free.update(**mine):
        return None
    other = Claim.objects.select_related("user").filter(submission=submission).first()
    return other.user if other and other.user_id != user.pk else None


def release(submission: Submission, user: Any) -> None:
    """``user`` looks at something else."""
    Claim.objects.filter(submission=submission, user=user).delete()

"""Mails: written with the fact they tell, delivered after it, retried until they are.

Delivery is at least once. A mail is doubled only if the process dies between the mail
server's acceptance and :func:`mark_sent`, and then with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.models import Message

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import Notice, Submission

#: Who claims a message has this long to deliver it before somebody else tries.
CLAIM = timedelta(minutes=10)
#: The task of a message gets this long to begin before the tick enqueues another.
PATIENCE = timedelta(minutes=10)
#: Pause before attempt n + 1: 2ⁿ minutes, at most this.
LONGEST_PAUSE = timedelta(hours=6)
#: Kinds that are true only while the public sees what they are about.
ON_SHOW = ("published", "republished")
DARK = Q(submission__brief_page__live=False) | Q(submission__campaign_page__live=False)
#: About three days; then it waits for a person (``crowdbrand_doctor`` names it).
ATTEMPTS = 20


def queue(
    kind: str,
    *,
    submission: Submission | None = None,
    user: Any = None,
    notice: Notice | None = None,
    due_at: datetime | None = None,
    **facts: Any,
) -> Message:
    """Write a mail into the outbox, within the caller's transaction.

    It goes to the contributor of ``submission``, to ``user``, or to who gave
    ``notice``; not before ``due_at`` (default: now).
    """
    now = timezone.now()
    message = Message.objects.create(
        kind=kind,
        submission=submission,
        user=user,
        notice=notice,
        facts=facts,
        created_at=now,
        due_at=due_at or now,
    )
    _announce(message)
    return message


def queue_many(kind: str, *, submissions: Iterable[int], facts: dict[str, Any]) -> None:
    """The same mail to the contributors of many submissions, given by their ids."""
    now = timezone.now()
    messages = [
        Message(kind=kind, submission_id=pk, facts=facts, created_at=now, due_at=now)
        for pk in submissions
    ]
    for message in Message.objects.bulk_create(messages):
        _announce(message)


def _announce(message: Message) -> None:
    announce = partial(
        signals.message_queued.send_robust,
        Message,
        message_id=message.pk,
        due_at=message.due_at,
    )
    transaction.on_commit(announce)


def queue_for_the_tick(
    kind: str, submissions: Iterable[Submission], *, at: datetime
) -> None:
    """The same mail to the contributors of thousands, without a task for each."""
    mails = (
        Message(kind=kind, submission=row, created_at=at, due_at=at)
        for row in submissions
    )
    while batch := list(islice(mails, 1000)):
        Message.objects.bulk_create(batch)


def claim(message_id: UUID, *, at: datetime) -> Message | None:
    """Take a due message for delivery; ``None`` when it is sent, early or taken.

    One that says that something is on show is early while its brief or its campaign is
    off the site.
    """
    due = Message.objects.filter(
        pk=message_id, sent_at__isnull=True, due_at__lte=at, attempts__lt=ATTEMPTS
    )
    due.filter(DARK, kind__in=ON_SHOW).update(due_at=at + LONGEST_PAUSE)
    taken = due.update(due_at=at + CLAIM, attempts=F("attempts") + 1)
    return Message.objects.get(pk=message_id) if taken else None


def mark_sent(message: Message, *, at: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(sent_at=at, error="")


def mark_failed(message: Message, error: str, *, at: datetime) -> None:
    """Try again later, and later each time."""
    pause = min(timedelta(minutes=2**message.attempts), LONGEST_PAUSE)
    Message.objects.filter(pk=message.pk).update(due_at=at + pause, error=error[:200])


def take_due(*, at: datetime, limit: int = 200) -> list[UUID]:
    """Ids of messages whose time has come, oldest first, for the caller to enqueue.

    Two callers never get the same one, and none gets it again within :data:`PATIENCE`:
    its task may only be late, and a second one would make the queue longer.
    """
    fresh = Q(handed_at__isnull=True) | Q(handed_at__lt=F("due_at"))
    waiting = Message.objects.filter(
        fresh | Q(handed_at__lt=at - PATIENCE),
        sent_at__isnull=True,
        due_at__lte=at,
        attempts__lt=ATTEMPTS,
    )
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = waiting.select_for_update(skip_locked=skip).order_by("due_at")
        ids = list(rows.values_list("pk", flat=True)[:limit])
        Message.objects.filter(pk__in=ids).update(handed_at=at)
    return ids

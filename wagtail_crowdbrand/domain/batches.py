"""One decision for many submissions: in chunks, each on its own, resumable.

A decision and the mark that it was taken share a transaction, so a process that is
killed loses none and doubles none; the tick goes on with what is left.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Max, Q

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import moderating, permissions, reasons
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError
from wagtail_crowdbrand.models import Batch, BatchItem, Submission
from wagtail_crowdbrand.states import NEGATIVE, REASONS, DecisionAction, Moderation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wagtail_crowdbrand.models.submission import SubmissionQuerySet

logger = logging.getLogger("wagtail_crowdbrand")

#: Decisions one task takes before it makes room for others.
CHUNK = 25
#: A batch that moved on less than this ago is at work; the tick leaves it alone.
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """Where a batch stands."""

    total: int
    done: int
    failed: int

    @property
    def finished(self) -> int:
        return self.done + self.failed

    @property
    def left(self) -> int:
        return self.total - self.finished


@transaction.atomic
def start(
    submissions: Iterable[Submission],
    *,
    action: DecisionAction | str,
    actor: Any,
    reason: str = "",
    reason_code: str = "",
    seen: Mapping[int, int | None] | None = None,
    at: datetime,
) -> Batch:
    """Write down what is to be decided; a task does it after the commit.

    What cannot be decided – somebody else's, decided meanwhile, changed since – is
    left as it is and named in the result. An empty ``reason`` stands for the text that
    belongs to the code, in the language of each contributor. Raises ``NotAllowed``
    when the decision itself lacks something. ``seen`` are the revisions that were
    looked at, by the ids of the submissions; as a default the newest.
    """
    action = DecisionAction(action)
    if action in NEGATIVE:
        own = reasons.require(reason_code)
        if not (reason.strip() or own.text):
            permissions.refuse("reason_required")
    batch = Batch.objects.create(
        user=actor, action=action, reason_code=reason_code, text=reason, created_at=at
    )
    BatchItem.objects.bulk_create(
        [
            BatchItem(
                batch=batch,
                submission=row,
                revision_id=row.latest_revision_id if seen is None else seen[row.pk],
            )
            for row in submissions
        ],
        batch_size=500,
    )
    transaction.on_commit(
        partial(signals.batch_started.send_robust, Batch, batch_id=batch.pk)
    )
    return batch


def work(batch: Batch, *, at: datetime) -> bool:
    """Take the next :data:`CHUNK` decisions; ``True`` while there are more.

    Two at once are safe: each item is locked by whoever decides it.
    """
    left = BatchItem.objects.filter(batch=batch, done_at__isnull=True).order_by("pk")
    for pk in list(left.values_list("pk", flat=True)[:CHUNK]):
        _decide(batch, pk, at=at)
    if left.exists():
        return True
    Batch.objects.filter(pk=batch.pk, finished_at__isnull=True).update(finished_at=at)
    return False


def _decide(batch: Batch, pk: int, *, at: datetime) -> None:
    """Decide one item, or write down why not."""
    problem = ""
    try:
        if batch.user is None:  # whose account is gone: not a decision of the software
            permissions.refuse("not_permitted")
        _decide_one(batch, pk, at=at)
    except (CrowdbrandError, PermissionDenied) as error:
        problem = str(error)
    except Exception as error:
        # Whatever it is, the others of the batch have nothing to do with it.
        logger.exception("An item of the bulk decision %s failed.", batch.pk)
        problem = repr(error)
    if problem:
        left = BatchItem.objects.filter(pk=pk, done_at__isnull=True)
        left.update(done_at=at, problem=problem[:200])


@transaction.atomic
def _decide_one(batch: Batch, pk: int, *, at: datetime) -> None:
    items = BatchItem.objects.filter(pk=pk, done_at__isnull=True)
    skip = connection.features.has_select_for_update_skip_locked
    item = items.select_for_update(skip_locked=skip, of=("self",)).first()
    if item is None:
        return
    submission = moderating.lock(item.submission_id)
    if batch.action == DecisionAction.HIDE and submission.visible_from is None:
        raise Conflict("not_visible", REASONS["not_visible"])
    details = {}
    if batch.action in NEGATIVE:
        details = {
            "reason": batch.text.strip() or _own_text(batch, submission),
            "reason_code": batch.reason_code,
        }
    moderating.take(
        submission, batch.action, actor=batch.user, seen=item.revision_id, **details
    )
    item.done_at = at
    item.save(update_fields=["done_at"])


def _own_text(batch: Batch, submission: Submission) -> str:
    reason = reasons.require(batch.reason_code)
    return reason.in_language(submission.language).text


def fitting(
    rows: SubmissionQuerySet, action: DecisionAction | str
) -> SubmissionQuerySet:
    """Those among ``rows`` that stand where ``action`` can be taken."""
    if action == DecisionAction.HIDE:
        return rows.filter(visible_from__isnull=False)
    return rows.sent().filter(moderation=Moderation.PENDING)


def progress(batch: Batch) -> Progress:
    """How far it is, counted."""
    done = Q(done_at__isnull=False)
    counts = BatchItem.objects.filter(batch=batch).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=done & Q(problem="")),
        failed=Count("pk", filter=done & ~Q(problem="")),
    )
    return Progress(counts["total"], counts["done"], counts["failed"])


def unfinished(*, at: datetime) -> QuerySet[Batch]:
    """Batches nobody is at work on any more."""
    rows = Batch.objects.filter(finished_at__isnull=True)
    moved = rows.annotate(moved_at=Max("items__done_at"))
    still = Q(moved_at__isnull=True) & Q(created_at__gt=at - PATIENCE)
    return moved.exclude(still | Q(moved_at__gt=at - PATIENCE))

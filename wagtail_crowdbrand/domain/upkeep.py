"""What a tick puts right: every step is safe to repeat and to run twice at once."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import WorkflowState

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import (
    appealing,
    batches,
    classes,
    drafting,
    moderating,
    noticing,
    orphans,
    outbox,
    permissions,
    phases,
    pictures,
    privacy,
    publishing,
    receipts,
    recording,
    removing,
    revealing,
    sealing,
    telling,
)
from wagtail_crowdbrand.models import (
    Mailing,
    Message,
    ModerationTask,
    Notice,
    Removal,
    Submission,
    Upload,
)
from wagtail_crowdbrand.states import Lifecycle, Moderation

logger = logging.getLogger("wagtail_crowdbrand")

#: Rows one step handles in one tick; the next tick goes on.
BATCH = 200
#: Chunks of mails about one line of a ledger that one tick writes.
CHUNKS = 20
#: Chunks of a removal that one tick takes away.
REMOVED = 4
#: What a request began, its own task gets this long to finish.
PATIENCE = timedelta(minutes=5)
#: A picture nobody refers to after this long was left behind by an unsent form.
FORGOTTEN = timedelta(days=1)
ACTIVE = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


def without_workflow(*, at: datetime) -> QuerySet[Submission]:
    """Sent and pending, but before nobody; what is sealed has its time for that."""
    active = WorkflowState.objects.filter(
        base_content_type=Submission.get_base_content_type(),
        object_id=Cast(OuterRef("pk"), CharField()),
        status__in=ACTIVE,
    )
    pending = Submission.objects.sent().filter(moderation=Moderation.PENDING)
    waiting = sealing.unreviewed(at=at)
    return pending.exclude(Exists(active)).exclude(campaign_page__in=waiting)


def unpublished(*, at: datetime) -> QuerySet[Submission]:
    """Approved, or shown before its review, but its page is missing or shows less.

    What is sealed waits for its reveal.
    """
    behind = Q(shown_revision__isnull=True) | ~Q(shown_revision=F("live_revision"))
    shown = (Moderation.APPROVED, Moderation.PENDING)
    rows = Submission.objects.sent().filter(behind, moderation__in=shown, live=True)
    return rows.exclude(campaign_page__in=sealing.ids(at=at))


def unretracted() -> QuerySet[Submission]:
    """Not visible, but its page is not unpublished or a picture still public."""
    gone = Submission.objects.filter(visible_from__isnull=True)
    public = Upload.objects.filter(submission=OuterRef("pk"), image__isnull=False)
    decided = ~Q(moderation=Moderation.APPROVED) | Q(lifecycle=Lifecycle.WITHDRAWN)
    left = Q(page__live=True) | Q(page__has_unpublished_changes=False)
    return gone.filter(decided, left | Q(Exists(public)))


def unfinished_erasures() -> QuerySet[Submission]:
    """Erased, but its page or a file is still there, or the row nobody confirmed."""
    files = Upload.objects.filter(submission=OuterRef("pk"))
    left = Q(page__isnull=False) | Q(Exists(files)) | Q(confirmed_at__isnull=True)
    return Submission.objects.filter(left, erased_at__isnull=False)


def unfinished_reveals(*, at: datetime) -> QuerySet[Submission]:
    """Revealed a while ago, and something that follows was not done."""
    return revealing.unfinished().filter(visible_from__lt=at - PATIENCE)


def start_missing(*, at: datetime) -> int:
    """Put before moderators what no task put there."""
    rows = without_workflow(at=at).filter(confirmed_at__lt=at - PATIENCE)
    return _each(rows.order_by("confirmed_at"), moderating.start)


def publish_missing(*, at: datetime) -> int:
    """Make the pages no task made."""
    rows = unpublished(at=at).filter(last_published_at__lt=at - PATIENCE)
    return _each(
        rows,
        lambda row: publishing.publish(row, at=at),
        needs=lambda row: publishing.may_be_shown(row, at=at),
    )


def reveal_due(*, at: datetime) -> int:
    """Keep the promises whose moment has come."""
    return _each(revealing.due(at=at), lambda page: revealing.reveal(page, at=at))


def prepare_missing(*, at: datetime) -> int:
    """Make the sizes of pictures ahead that no task made."""
    rows = revealing.unprepared(at=at).filter(last_published_at__lt=at - PATIENCE)
    return _each(rows, lambda row: revealing.prepare(row, at=at))


def finish_reveals(*, at: datetime) -> int:
    """Revisions and search for what was revealed."""
    return _each(unfinished_reveals(at=at), revealing.finish)


def republish_missing() -> int:
    """Bring back the pages that did not come back with their brief."""
    return _each(publishing.absent(), publishing.republish)


def darken_missing() -> int:
    """Take pages off the site that stayed when their brief or campaign went."""
    return publishing.darken_overlooked()


def complete_pictures() -> int:
    """Make public copies again that were deleted from Wagtail's library."""
    rows = pictures.incomplete()
    return _each(rows, publishing.complete, needs=pictures.can_be_completed)


def retract_missing() -> int:
    """Take down what no task took down."""
    return _each(unretracted(), publishing.retract)


def finish_erasures() -> int:
    """Take away what no task took away."""
    return _each(unfinished_erasures(), privacy.finish)


def erase_expired(*, at: datetime) -> int:
    """What was not shown, ``RETENTION_DAYS`` after its campaign was over."""
    days = get_config().retention_days
    if days is None:
        return 0
    end = at - timedelta(days=days)
    over = Q(decided_at__lte=end) | Q(archived_at__lte=end)
    refused = Q(moderation__in=(Moderation.REJECTED, Moderation.SPAM))
    rows = Submission.objects.filter(
        refused | Q(lifecycle=Lifecycle.WITHDRAWN),
        confirmed_at__isnull=False,
        visible_from__isnull=True,
        erased_at__isnull=True,
    )
    count = 0
    for model in classes.campaign_models():
        ended = model._default_manager.filter(over).values("pk")
        mine = rows.filter(campaign_page__in=ended)
        count += _each(mine, lambda row: privacy.erase_alone(row, at=at))
    return count


def delete_unconfirmed(*, at: datetime) -> int:
    """Drafts and unconfirmed submissions whose time to be confirmed has passed."""
    rows = Submission.objects.filter(confirmed_at__isnull=True)
    count = 0
    pages = rows.order_by("campaign_page").values_list("campaign_page", flat=True)
    for model in classes.campaign_models():
        for campaign in model._default_manager.filter(pk__in=pages.distinct()):
            end = phases.confirm_deadline(campaign)
            if end and at > end:
                mine = rows.filter(campaign_page=campaign.pk)
                count += _each(mine, lambda row: row.delete())
    return count


def delete_forgotten_uploads(*, at: datetime) -> int:
    """Pictures of sent submissions that no kept version refers to."""
    rows = Upload.objects.filter(
        image__isnull=True,
        created_at__lt=at - FORGOTTEN,
        created_at__gt=F("submission__submitted_at"),
    ).select_related("submission")
    return _each(
        rows, lambda row: row.delete(), needs=lambda row: not _is_referred_to(row)
    )


def delete_orphans(*, at: datetime) -> int:
    """Files a rollback or a killed process left behind.

    They are looked for once a day, as far as the cache remembers; twice does no harm.
    """
    try:
        if not cache.add(f"crowdbrand:orphans:{at:%Y-%m-%d}", 1, timeout=24 * 3600):
            return 0
        found = list(islice(orphans.find(at=at), BATCH))
    except Exception:  # whatever a cache or a storage raises
        logger.exception("The tick could not look for files nobody needs.")
        return 0
    return _each(found, orphans.Orphan.delete)


def _is_referred_to(upload: Upload) -> bool:
    submission, wanted = upload.submission, str(upload.pk)
    if wanted in drafting.uploads_in(submission):
        return True
    contents = submission.revisions.values_list("content", flat=True)
    return any(wanted in _uploads_of(content) for content in contents)


def _uploads_of(content: dict[str, Any]) -> list[str]:
    pictures = [item["upload"] for item in content.get("images", [])]
    return pictures + [item["value"] for item in content.get("answers", [])]


def close_notices(*, at: datetime) -> int:
    """Tell those who gave notice of what is gone for good."""
    return _each(noticing.gone(at=at), lambda row: noticing.close_gone(row, at=at))


def forget_notice_givers(*, at: datetime) -> int:
    """Names and addresses of notices, once nobody can object to the outcome."""
    end = at - timedelta(days=get_config().appeal_days)
    old = Notice.objects.filter(decided_at__lt=end).exclude(name="", email="")
    return old.update(name="", email="")


def resume_batches(*, at: datetime) -> int:
    """Go on with bulk decisions whose task was killed, one chunk of each a tick."""
    return _each(batches.unfinished(at=at), lambda batch: batches.work(batch, at=at))


def resume_removals(*, at: datetime) -> int:
    """Go on with campaigns that are to go, whose task was killed, or cannot wait."""

    def some(row: Removal) -> None:
        for _chunk in range(REMOVED):
            if not removing.work(row, at=at):
                break

    return _each(removing.stalled(at=at), some)


def keep_ledgers(*, at: datetime) -> int:
    """Write what the clock did, and what somebody changed past our own roads."""
    return _each(
        list(recording.campaigns()), lambda page: recording.note_all(page, at=at)
    )


def publish_receipts(*, at: datetime) -> int:
    """Lists of seal receipts, once nothing more can be sent or confirmed."""
    campaigns = list(receipts.sealed_campaigns())
    _each(campaigns, lambda page: receipts.give_missing(page, at=at))
    due = [page for page in campaigns if receipts.is_due(page, at=at)]
    return _each(due, lambda page: receipts.publish_list(page, at=at))


def tell_entrants(*, at: datetime) -> int:
    """Go on with mails about the ledger whose task was killed, or cannot wait."""

    def some(row: Mailing) -> None:
        for _chunk in range(CHUNKS):
            if not telling.work(row, at=at):
                break

    return _each(telling.unfinished(at=at), some)


def queue_digests(*, at: datetime) -> int:
    """A mail to each moderator for whom something new waits, every few hours."""
    since = at - timedelta(hours=get_config().digest_hours)
    groups = ModerationTask.objects.filter(active=True).values("groups")
    users = get_user_model().objects.filter(is_active=True, groups__in=groups)
    count = 0
    for user in users.exclude(email="").distinct():
        with transaction.atomic():
            # Two ticks at once: the second waits, and finds the first one's mail.
            get_user_model().objects.select_for_update().get(pk=user.pk)
            count += _queue_digest(user, since=since)
    return count


def _queue_digest(user: Any, *, since: datetime) -> bool:
    last = Message.objects.filter(user=user, kind="digest").order_by("-created_at")
    newest = last.first()
    if newest and newest.created_at > since:
        return False
    told = newest.created_at if newest else datetime.fromtimestamp(0, UTC)
    if (
        permissions.waiting_for(user).filter(confirmed_at__gt=told).exists()
        or noticing.open_for(user).filter(created_at__gt=told).exists()
        or appealing.open_for(user).filter(created_at__gt=told).exists()
    ):
        outbox.queue("digest", user=user)
        return True
    return False


def _each(
    rows: Iterable[Any],
    deed: Callable[[Any], Any],
    *,
    needs: Callable[[Any], bool] = lambda row: True,
) -> int:
    """Do it to each row that ``needs`` it; one that fails is logged and stops nobody.

    Of a query it takes :data:`BATCH`. Where some of those stay as they are, it takes
    others from anywhere behind them, or those would wait for ever.
    """
    if not isinstance(rows, QuerySet):
        return sum(_try(row, deed, needs) for row in rows)
    rows = rows if rows.ordered else rows.order_by("pk")
    first = list(rows[:BATCH])
    stuck = [row.pk for row in first if not _try(row, deed, needs)]
    count = len(first) - len(stuck)
    if not stuck or len(first) < BATCH:
        return count
    behind = rows.exclude(pk__in=stuck)
    start = random.randint(0, max(0, behind.count() - BATCH))  # noqa: S311 - fairness
    others = list(behind[start : start + BATCH])
    return count + sum(_try(row, deed, needs) for row in others)


def _try(row: Any, deed: Callable[[Any], Any], needs: Callable[[Any], bool]) -> bool:
    """Whether it was done."""
    try:
        if not needs(row):
            return False
        deed(row)
    except Exception:
        logger.exception("The tick could not put %s right.", row)
        return False
    return True

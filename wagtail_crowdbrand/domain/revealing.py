"""The one moment at which everything approved in a sealed campaign becomes visible.

Before the promised instant nothing of a submission leaves the private tables: no page,
no public picture, no index. Sizes of pictures are made ahead, in private storage. After
it, the reveal gives pictures their public copies, under names nobody can guess; and
then one transaction makes pages, places in the galleries, filters and mails, and sets
``revealed_at``. Whoever reads meanwhile sees nothing of it, or all of it. Killed
anywhere, it is begun again and completes.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.log_actions import log
from wagtail.search import index

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    classes,
    filtering,
    gallery,
    ledger,
    outbox,
    phases,
    pictures,
    planting,
    publishing,
    receipts,
    sealing,
)
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import GalleryPlace, Submission, Upload
from wagtail_crowdbrand.states import (
    Hold,
    LedgerKind,
    Moderation,
    VisibilityMode,
)

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin

logger = logging.getLogger("wagtail_crowdbrand")

BATCH = 500
#: So long the reveal waits for a picture that cannot be made; then it goes on without
#: that submission, which the tick publishes when its picture can be.
PATIENCE = timedelta(minutes=10)


def approved(campaign: CampaignMixin) -> QuerySet[Submission]:
    """What is to be revealed."""
    page: Any = campaign
    return Submission.objects.sent().filter(
        campaign_page=page.pk,
        moderation=Moderation.APPROVED,
        live=True,
        visible_from__isnull=True,
    )


def due(*, at: datetime) -> list[Any]:
    """Campaigns whose promised moment has come; one on hold waits until it resumes."""
    facts = {
        "visibility_mode": VisibilityMode.SEALED,
        "reveals_at__lte": at,
        "revealed_at__isnull": True,
        "live": True,
        "hold": Hold.NONE,
        "alias_of": None,
    }
    return list(classes.campaigns(**facts))


def prepare(submission: Submission, *, at: datetime) -> None:
    """Make the sizes of its pictures ahead, once it is approved behind a seal.

    Safe to repeat.
    """
    row = Submission.objects.get(pk=submission.pk)
    if row.moderation != Moderation.APPROVED:
        return
    if not sealing.is_sealed(row.campaign, at=at):
        return
    for upload in row.uploads.filter(image__isnull=True):
        pictures.prepare(upload)


def unprepared(*, at: datetime) -> QuerySet[Submission]:
    """Approved behind a seal, with a picture that was not made ready."""
    sizes = Upload.objects.filter(
        submission=OuterRef("pk"), image__isnull=True, prepared__isnull=True
    )
    rows = Submission.objects.sent().filter(moderation=Moderation.APPROVED, live=True)
    return rows.filter(Exists(sizes), campaign_page__in=sealing.ids(at=at))


def reveal(campaign: CampaignMixin, *, actor: Any = None, at: datetime) -> int | None:
    """Show everything approved, to everybody, at once. Returns how many.

    ``None``: not now, because a picture could not be made; the next tick tries again.
    Revealing again changes nothing and returns 0. ``actor`` ``None`` is the clock.
    Raises ``NotAllowed`` (``not_sealed``, ``reveal_not_due``, ``not_published``,
    ``not_permitted``, or the campaign's hold).
    """
    page: Any = campaign
    campaign = type(page)._base_manager.get(pk=page.pk)
    require_due(campaign, actor=actor, at=at)
    if campaign.revealed_at:
        return 0
    # The last moment at which the list can say what there was before anybody looked.
    receipts.publish_list(campaign, at=at, early=True)
    publish_pictures(campaign)
    late = campaign.reveals_at is not None and at > campaign.reveals_at + PATIENCE
    try:
        return _reveal(campaign, actor=actor, at=at, leave_behind=late)
    except NotAllowed:
        take_pictures_back(campaign)
        raise


def require_due(campaign: Any, *, actor: Any, at: datetime) -> None:
    """Raise ``NotAllowed`` unless the promised moment has come, and ``actor`` may."""
    if not campaign.is_sealed:
        refuse("not_sealed")
    if actor is not None and not campaign.permissions_for_user(actor).can_publish():
        refuse("not_permitted")
    if not campaign.live:
        refuse("not_published")
    if campaign.hold:
        refuse(campaign.hold)
    end = phases.deadline(campaign)
    promised = campaign.reveals_at
    if promised is None or at < promised or end is None or at <= end:
        refuse("reveal_not_due")


def publish_pictures(campaign: CampaignMixin) -> None:
    """Give all pictures their public copies. Each that has one is passed over."""
    missing = Upload.objects.filter(submission=OuterRef("pk"), image__isnull=True)
    rows = approved(campaign).filter(Exists(missing))
    for submission in rows.order_by("pk").iterator(chunk_size=BATCH):
        try:
            pictures.make_public(submission)
        except Exception:
            # Whatever a storage or a file raises, the others do not wait for it.
            logger.exception("The pictures of %s could not be made.", submission.code)


def take_pictures_back(campaign: CampaignMixin) -> None:
    """The reveal was put off, or held, while their public copies were made."""
    public = Upload.objects.filter(submission=OuterRef("pk"), image__isnull=False)
    rows = approved(campaign).filter(Exists(public)).order_by("pk")
    for submission in rows.iterator(chunk_size=BATCH):
        pictures.make_private(submission)


@transaction.atomic
def _reveal(
    campaign: Any, *, actor: Any, at: datetime, leave_behind: bool
) -> int | None:
    rows = list(
        approved(campaign).select_for_update(of=("self",)).order_by("pk").iterator()
    )
    ready = _with_pictures(rows)
    if len(ready) < len(rows) and not leave_behind:
        return None
    random.SystemRandom().shuffle(ready)
    _give_places(ready, at=at)
    stored = type(campaign)._base_manager.select_for_update(no_key=True)
    campaign = stored.get(pk=campaign.pk)
    if campaign.revealed_at:
        transaction.set_rollback(True)  # somebody else did, while we waited
        return 0
    require_due(campaign, actor=actor, at=at)  # not put off or held meanwhile
    _give_pages(ready, at=at)
    changed = ("visible_from", "page", "shown_revision", "to_finish")
    Submission.objects.bulk_update(ready, changed, batch_size=BATCH)
    filtering.write_many(ready)
    outbox.queue_for_the_tick("published", ready, at=at)
    same = Q(pk=campaign.pk) | Q(alias_of=campaign.pk)
    type(campaign)._base_manager.filter(same).update(revealed_at=at)
    campaign.revealed_at = at
    ledger.write(campaign, LedgerKind.REVEALED, facts={"shown": len(ready)}, at=at)
    log(campaign, "wagtail_crowdbrand.reveal", user=actor)
    announce = partial(
        signals.campaign_revealed.send_robust,
        type(campaign),
        campaign_id=campaign.pk,
        shown=len(ready),
    )
    transaction.on_commit(announce)
    return len(ready)


def _with_pictures(rows: Sequence[Submission]) -> list[Submission]:
    """Those whose pictures all have public copies."""
    wanted = {item["upload"] for row in rows for item in row.images}
    there: set[str] = set()
    ids = sorted(wanted)
    for start in range(0, len(ids), BATCH):
        made = Upload.objects.filter(
            pk__in=ids[start : start + BATCH], image__isnull=False
        )
        there.update(str(pk) for pk in made.values_list("pk", flat=True))
    return [row for row in rows if {item["upload"] for item in row.images} <= there]


def _give_places(rows: Sequence[Submission], *, at: datetime) -> None:
    """Ranks, and instants a microsecond apart: in the order of ``rows``, by chance.

    So that “newest first” is as fair on that day as any other order.
    """
    galleries: dict[Any, list[Submission]] = defaultdict(list)
    for number, row in enumerate(rows):
        row.visible_from = at - timedelta(microseconds=number)
        row.shown_revision_id = row.live_revision_id
        galleries[row.brief_key].append(row)
    for key in sorted(galleries):
        counter = gallery.lock(key)
        GalleryPlace.objects.bulk_create(
            [
                GalleryPlace(submission=row, brief_key=key, rank=rank)
                for rank, row in enumerate(galleries[key], counter.visible_count)
            ],
            batch_size=BATCH,
        )
        gallery.count_change(counter, joined=len(galleries[key]))


def _give_pages(rows: Sequence[Submission], *, at: datetime) -> None:
    briefs: dict[int, list[Submission]] = defaultdict(list)
    for row in rows:
        briefs[row.brief_page_id].append(row)
    for pk in sorted(briefs):
        mine = briefs[pk]
        names = [(row.title, publishing.slug_for(row)) for row in mine]
        for row, page in zip(
            mine, planting.plant(mine[0].brief, names, at=at), strict=True
        ):
            row.page, row.to_finish = page, True


def unfinished() -> QuerySet[Submission]:
    """Revealed, but its page has no revision and is not in the index yet."""
    rows = Submission.objects.filter(to_finish=True, visible_from__isnull=False)
    return rows.filter(page__isnull=False)


def finish(submission: Submission) -> None:
    """What Wagtail does when one page is made: revision, search. Safe to repeat."""
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if row.page is None or not row.to_finish:
            return
        row.to_finish = False
        row.save(update_fields=["to_finish"])
        if row.page.latest_revision_id:  # it was hidden and came back meanwhile
            return
        page = row.page.specific
        page.save_revision(log_action=False, changed=False)
        index.insert_or_update_object(page)
        pictures.forget_prepared(row)
        announce = partial(
            signals.submission_published.send_robust,
            Submission,
            submission_id=row.pk,
            first=True,
        )
        transaction.on_commit(announce)

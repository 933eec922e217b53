"""Telling everybody who takes part of a line of the ledger, one mail each."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import outbox
from wagtail_crowdbrand.models import Mailing, Submission
from wagtail_crowdbrand.states import Moderation

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import LedgerEntry

#: Mails written in one transaction. Where tasks run at once, in the editor's request,
#: it is all that is written there; the tick goes on.
CHUNK = 100
#: A mailing nobody went on with for this long is the tick's.
PATIENCE = timedelta(minutes=5)
KIND = "rules_changed"


def start(
    entry: LedgerEntry, *, brief_key: UUID | None = None, at: datetime
) -> Mailing:
    """Write down, with the line, that it is to be told; a task does it afterwards."""
    mailing = Mailing.objects.create(entry=entry, brief_key=brief_key, created_at=at)
    announce = partial(
        signals.mailing_started.send_robust, Mailing, mailing_id=mailing.pk
    )
    transaction.on_commit(announce)
    return mailing


@transaction.atomic
def work(mailing: Mailing, *, at: datetime) -> bool:
    """Write the next :data:`CHUNK` mails; ``True`` while there are more.

    Two at once are safe: the second waits, and goes on where the first one stopped.
    """
    row = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    if row.finished_at:
        return False
    found = list(_entrants(row)[:CHUNK])
    facts = {"entry": row.entry.pk}
    outbox.queue_many(KIND, submissions=[pk for _who, pk in found], facts=facts)
    if found:
        row.last_contributor = found[-1][0]
    if len(found) < CHUNK:
        row.finished_at = at
    row.save()
    return row.finished_at is None


def unfinished(*, at: datetime) -> QuerySet[Mailing]:
    """Those whose task was killed, or never began."""
    rows = Mailing.objects.filter(finished_at__isnull=True)
    return rows.filter(created_at__lt=at - PATIENCE)


def _entrants(mailing: Mailing) -> Any:
    """``(contributor, newest submission)``: everybody who takes part, once."""
    rows = Submission.objects.sent().exclude(moderation=Moderation.SPAM)
    if mailing.brief_key:
        rows = rows.filter(brief_key=mailing.brief_key)
    rows = rows.filter(campaign_page=mailing.entry.campaign_page_id)
    # Nobody is told of a change from before they came.
    before = rows.filter(confirmed_at__lte=mailing.created_at)
    after = before.filter(contributor__gt=mailing.last_contributor)
    return (
        after.order_by("contributor")
        .values_list("contributor")
        .annotate(newest=Max("pk"))
    )

"""What happens outside the request: thin wrappers with primitive arguments.

What a task is about may be gone by now, with its campaign: then there is nothing to do.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone
from django_tasks import task

from wagtail_crowdbrand import notifications
from wagtail_crowdbrand.domain import (
    batches,
    classes,
    covers,
    moderating,
    outbox,
    privacy,
    publishing,
    purging,
    removing,
    revealing,
    telling,
)
from wagtail_crowdbrand.models import Batch, Mailing, Removal, Submission

logger = logging.getLogger("wagtail_crowdbrand")


@task()
def start_moderation(submission_id: int) -> None:
    for submission in Submission.objects.filter(pk=submission_id):
        moderating.start(submission)
    publish.func(submission_id)  # where the campaign shows ideas before their review


@task()
def publish(submission_id: int) -> None:
    now = timezone.now()
    for submission in Submission.objects.filter(pk=submission_id):
        publishing.publish(submission, at=now)
        revealing.prepare(submission, at=now)  # where it waits behind a seal


@task()
def reveal(campaign_id: int, user_id: int | None = None) -> None:
    """Asked for by an editor; the clock's own reveal is the tick's."""
    user = get_user_model().objects.get(pk=user_id) if user_id else None
    for campaign in classes.campaigns(pk=campaign_id):
        revealing.reveal(campaign, actor=user, at=timezone.now())


@task()
def finish_reveal(campaign_id: int) -> None:
    """Revisions and search for all that was revealed; the tick does what is left."""
    rows = revealing.unfinished().filter(campaign_page=campaign_id)
    for submission in rows.order_by("pk").iterator(chunk_size=500):
        revealing.finish(submission)


@task()
def retract(submission_id: int) -> None:
    for submission in Submission.objects.filter(pk=submission_id):
        publishing.retract(submission)


@task()
def finish_erasure(submission_id: int) -> None:
    for submission in Submission.objects.filter(pk=submission_id):
        privacy.finish(submission)


@task()
def make_sizes(campaign_id: int) -> None:
    """Of what an editor put on a campaign's page."""
    for campaign in classes.campaigns(pk=campaign_id):
        covers.make_sizes(campaign)


@task()
def purge(urls: list[str]) -> None:
    """Caches before the site forget these addresses."""
    purging.purge(urls)


@task()
def work_batch(batch_id: int) -> None:
    """One chunk of a bulk decision, then room for other tasks, then the next."""
    for batch in Batch.objects.filter(pk=batch_id):
        if batches.work(batch, at=timezone.now()):
            work_batch.enqueue(batch_id)


@task()
def work_removal(removal_id: int) -> None:
    """One chunk of a campaign that goes for ever, then the next."""
    more = removing.work(Removal.objects.get(pk=removal_id), at=timezone.now())
    # A backend that does everything at once would do so in the editor's request.
    if more and work_removal.get_backend().supports_defer:
        work_removal.enqueue(removal_id)


@task()
def tell_entrants(mailing_id: int) -> None:
    """One chunk of the mails about a line of the ledger, then the next."""
    for mailing in Mailing.objects.filter(pk=mailing_id):
        more = telling.work(mailing, at=timezone.now())
        # A backend that does everything at once would do so in the editor's request.
        if more and tell_entrants.get_backend().supports_defer:
            tell_entrants.enqueue(mailing_id)


@task()
def deliver(message_id: str) -> None:
    """Send one message of the outbox, if it is due and nobody else is at it."""
    message = outbox.claim(UUID(message_id), at=timezone.now())
    if message is None:
        return
    try:
        notifications.deliver(message)
    except Exception as error:
        # Whatever a mail server or a template does, the message is not lost.
        logger.exception("Message %s (%s) was not sent.", message.pk, message.kind)
        outbox.mark_failed(message, repr(error), at=timezone.now())
    else:
        outbox.mark_sent(message, at=timezone.now())

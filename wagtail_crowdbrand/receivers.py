"""What follows from what: our signals → tasks, Wagtail's signals → domain."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.signal_handlers import (
    task_submission_email_notifier,
    workflow_submission_email_notifier,
)
from wagtail.log_actions import registry as log_registry
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
    pre_page_move,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from wagtail_crowdbrand import signals, tasks
from wagtail_crowdbrand.domain import (
    moderating,
    operating,
    pictures,
    privacy,
    publishing,
    purging,
    recording,
    sealing,
)
from wagtail_crowdbrand.domain import terms as terms_domain
from wagtail_crowdbrand.domain.events import log_event
from wagtail_crowdbrand.models import (
    BriefMixin,
    CampaignMixin,
    PreparedPicture,
    SealReceipt,
    Submission,
    SubmissionPageMixin,
    Upload,
)
from wagtail_crowdbrand.states import REASONS


def connect() -> None:
    """Called once, when the app is ready."""
    for signal in (
        signals.submission_published,
        signals.submission_withdrawn,
        signals.submission_erased,
        signals.submission_decided,
        signals.decision_undone,
    ):
        signal.connect(purge_caches)
    signals.submission_confirmed.connect(start_moderation)
    signals.submission_edited.connect(start_moderation)
    signals.submission_withdrawn.connect(after_withdrawn)
    signals.submission_erased.connect(after_erased)
    signals.submission_decided.connect(after_decided)
    signals.submission_published.connect(after_published)
    signals.decision_undone.connect(after_undone)
    signals.batch_started.connect(after_batch_started)
    signals.removal_started.connect(after_removal_started)
    signals.message_queued.connect(after_queued)
    signals.mailing_started.connect(after_mailing_started)
    for name, signal in signals.FACTS.items():
        signal.connect(partial(log_fact, name), weak=False, dispatch_uid=f"log {name}")
    signals.campaign_revealed.connect(after_revealed)
    mute_wagtails_mails()
    workflow_approved.connect(on_workflow_approved)
    workflow_rejected.connect(on_workflow_rejected)
    pre_save.connect(refuse_foreign_cancel, sender=WorkflowState)
    pre_save.connect(on_campaign_saving)
    post_save.connect(on_page_saved)
    page_published.connect(on_page_published)
    page_unpublished.connect(on_page_unpublished)
    pre_page_move.connect(refuse_move_across_a_seal)
    post_page_move.connect(on_page_moved)
    pre_delete.connect(on_page_deleted)
    post_delete.connect(delete_file, sender=Upload)
    post_delete.connect(delete_file, sender=PreparedPicture)


def log_fact(
    name: str, sender: Any, signal: Any = None, reason: str = "", **fields: Any
) -> None:
    """Each fact is a line in the log; words of anybody are not."""
    log_event(name, **fields)


def purge_caches(submission_id: int, **kwargs: Any) -> None:
    """First of all: what is hidden must not be served by somebody else for us."""
    if purging.is_needed():
        submission = Submission.objects.get(pk=submission_id)
        tasks.purge.enqueue(purging.urls_of(submission))


def start_moderation(submission_id: int, **kwargs: Any) -> None:
    tasks.start_moderation.enqueue(submission_id)


def after_withdrawn(submission_id: int, **kwargs: Any) -> None:
    tasks.retract.enqueue(submission_id)


def after_erased(submission_id: int, **kwargs: Any) -> None:
    if not privacy.goes_with_campaign(submission_id):  # else the removal does it
        tasks.finish_erasure.enqueue(submission_id)


def after_decided(submission_id: int, action: str, **kwargs: Any) -> None:
    if action in ("approve", "restore"):
        tasks.publish.enqueue(submission_id)
    elif action != "request_changes":
        tasks.retract.enqueue(submission_id)


def after_published(submission_id: int, **kwargs: Any) -> None:
    edited = Submission.objects.exclude(latest_revision=F("live_revision"))
    for submission in edited.filter(pk=submission_id):
        moderating.resume_review(submission)


def after_undone(submission_id: int, **kwargs: Any) -> None:
    tasks.retract.enqueue(submission_id)
    tasks.start_moderation.enqueue(submission_id)


def after_batch_started(batch_id: int, **kwargs: Any) -> None:
    tasks.work_batch.enqueue(batch_id)


def after_removal_started(removal_id: int, **kwargs: Any) -> None:
    tasks.work_removal.enqueue(removal_id)


def after_revealed(campaign_id: int, **kwargs: Any) -> None:
    tasks.finish_reveal.enqueue(campaign_id)


def after_queued(message_id: UUID, due_at: datetime, **kwargs: Any) -> None:
    """Now, or when it is due if the task backend can wait; else the tick sends it."""
    deliver = tasks.deliver
    if due_at > timezone.now():
        if not deliver.get_backend().supports_defer:
            return
        deliver = deliver.using(run_after=due_at)
    deliver.enqueue(str(message_id))


def after_mailing_started(mailing_id: int, **kwargs: Any) -> None:
    tasks.tell_entrants.enqueue(mailing_id)


def mute_wagtails_mails() -> None:
    """For submissions, moderators get a digest (see the tick) instead of Wagtail's
    mails, which are sent one by one inside the transaction that starts a workflow.

    Wagtail connects its notifiers under these ids; taking an id first keeps Wagtail
    from connecting, and freeing it first replaces what Wagtail connected.
    """
    for signal, sender, uid, notifier in (
        (
            task_submitted,
            TaskState,
            "group_approval_task_submitted_email_notification",
            task_submission_email_notifier,
        ),
        (
            workflow_submitted,
            WorkflowState,
            "workflow_state_submitted_email_notification",
            workflow_submission_email_notifier,
        ),
    ):
        signal.disconnect(sender=sender, dispatch_uid=uid)
        handler = partial(_unless_submission, notifier)
        signal.connect(handler, sender=sender, dispatch_uid=uid, weak=False)


def _unless_submission(notifier: Any, instance: Any, **kwargs: Any) -> Any:
    workflow_state = getattr(instance, "workflow_state", instance)
    if not _is_submission(workflow_state):
        return notifier(instance=instance, **kwargs)
    return None


def _is_submission(workflow_state: WorkflowState) -> bool:
    return workflow_state.base_content_type == Submission.get_base_content_type()


def on_workflow_approved(instance: WorkflowState, user: Any, **kwargs: Any) -> None:
    if _is_submission(instance):
        moderating.workflow_approved(instance, actor=user)


def on_workflow_rejected(instance: WorkflowState, user: Any, **kwargs: Any) -> None:
    if _is_submission(instance):
        moderating.workflow_rejected(instance, actor=user)


def refuse_foreign_cancel(instance: WorkflowState, **kwargs: Any) -> None:
    """Nobody but the domain ends a review: its axis would be left behind."""
    cancelled = instance.status == WorkflowState.STATUS_CANCELLED
    sanctioned = getattr(instance, moderating.SANCTIONED, False)
    if cancelled and not sanctioned and _is_submission(instance):
        raise PermissionDenied(str(REASONS["through_workflow_only"]))


def on_campaign_saving(
    sender: type,
    instance: Any,
    update_fields: Any = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """What holds whichever way a campaign is saved or published: promises are kept,
    and the policy is logged.
    """
    if raw or not issubclass(sender, CampaignMixin):
        return
    sealing.keep_promise(instance)
    if update_fields is None or "moderation_policy" in update_fields:
        operating.log_policy(instance)


def on_page_saved(
    sender: type, instance: Any, raw: bool = False, **kwargs: Any
) -> None:
    """What a campaign and its briefs say in public goes on the ledger with the change
    itself, whichever way it is saved."""
    if not raw and issubclass(sender, CampaignMixin | BriefMixin):
        recording.note(instance, at=timezone.now())


def on_page_published(instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, CampaignMixin):
        terms_domain.current_version(instance, at=timezone.now())
        begin = partial(tasks.make_sizes.enqueue, instance.pk)
        transaction.on_commit(begin, robust=True)  # else visitors wait a little longer
    if isinstance(instance, BriefMixin | CampaignMixin):
        _republish_below(instance)
    elif isinstance(instance, SubmissionPageMixin):
        _take_back(instance)


def _republish_below(page: Any) -> None:
    # Whoever published it may hold the tree, which is locked last everywhere.
    transaction.on_commit(
        lambda: publishing.republish_below(page),
        robust=True,  # else the tick does it
    )


def _take_back(page: Any) -> None:
    """Somebody published a page whose submission is hidden, or a copy without one."""
    row = page.submission
    if row is None or not publishing.may_be_shown(row, at=timezone.now()):
        page.unpublish(log_action=True)


def on_page_unpublished(instance: Any, **kwargs: Any) -> None:
    """Somebody unpublished a page in the explorer: what it shows is gone with it."""
    if isinstance(instance, BriefMixin | CampaignMixin):
        publishing.darken_below(instance)
    if not isinstance(instance, SubmissionPageMixin) or not instance.submission:
        return
    if instance.get_parent().live:  # else the whole brief went, and comes back whole
        reason = _("An editor took the page off the site.")
        moderating.hide(instance.submission, actor=None, reason=reason)


def on_page_deleted(instance: Any, **kwargs: Any) -> None:
    if not isinstance(instance, SubmissionPageMixin):
        return
    for submission in Submission.objects.filter(page=instance.pk):
        reason = _("An editor deleted the page.")
        moderating.hide(submission, actor=None, reason=reason)
        # Later, nothing leads from the submission to what the log says of this page.
        entries = log_registry.get_logs_for_instance(instance)
        publishing.strip_log(entries, label=submission.code)


def refuse_move_across_a_seal(
    instance: Any, parent_page_before: Any, parent_page_after: Any, **kwargs: Any
) -> None:
    """Ideas that were promised a seal do not leave it, and none get under another."""
    if parent_page_before.pk == parent_page_after.pk:
        return
    if not Submission.objects.filter(brief_page=instance.pk).exists():
        return
    for parent in (parent_page_before, parent_page_after):
        campaign = parent.specific
        if isinstance(campaign, CampaignMixin) and campaign.is_sealed:
            raise PermissionDenied(str(REASONS["stays_sealed"]))


def on_page_moved(
    sender: type,
    instance: Any,
    parent_page_before: Any,
    parent_page_after: Any,
    **kwargs: Any,
) -> None:
    """A brief that moves takes its submissions to the other campaign.

    ``instance`` is a plain page; only ``sender`` knows its class.
    """
    if issubclass(sender, BriefMixin):
        rows = Submission.objects.filter(brief_page=instance.pk)
        rows.update(campaign_page=parent_page_after.pk)
        receipts = SealReceipt.objects.filter(submission__brief_page=instance.pk)
        receipts.update(campaign_page=parent_page_after.pk)
        if parent_page_after.live:
            _republish_below(instance)
        else:
            publishing.darken_below(instance)
        before, after = parent_page_before.pk, parent_page_after.pk
        recording.note_move(instance, before=before, after=after, at=timezone.now())


def delete_file(instance: Upload | PreparedPicture, **kwargs: Any) -> None:
    """The row is gone for good, so its file goes, once the transaction holds."""
    pictures.delete_file_on_commit(instance)

"""What follows from what: our signals → tasks, Wagtail's signals → domain."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.signals import post_delete, pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
    workflow_approved,
    workflow_rejected,
)

from wagtail_crowdbrand import signals, tasks
from wagtail_crowdbrand.domain import moderating, pictures, publishing
from wagtail_crowdbrand.domain import terms as terms_domain
from wagtail_crowdbrand.models import (
    BriefMixin,
    CampaignMixin,
    Submission,
    SubmissionPageMixin,
    Upload,
)
from wagtail_crowdbrand.states import REASONS


def connect() -> None:
    """Called once, when the app is ready."""
    signals.submission_received.connect(after_received)
    signals.submission_confirmed.connect(after_confirmed)
    signals.submission_edited.connect(after_edited)
    signals.submission_withdrawn.connect(after_withdrawn)
    signals.submission_decided.connect(after_decided)
    signals.submission_published.connect(after_published)
    workflow_approved.connect(on_workflow_approved)
    workflow_rejected.connect(on_workflow_rejected)
    pre_save.connect(refuse_foreign_cancel, sender=WorkflowState)
    page_published.connect(on_page_published)
    page_unpublished.connect(on_page_unpublished)
    post_page_move.connect(on_page_moved)
    pre_delete.connect(on_page_deleted)
    post_delete.connect(delete_file, sender=Upload)


def after_received(submission_id: int, **kwargs: Any) -> None:
    if not Submission.objects.get(pk=submission_id).confirmed_at:
        tasks.ask_to_confirm.enqueue(submission_id)


def after_confirmed(submission_id: int, **kwargs: Any) -> None:
    tasks.send_receipt.enqueue(submission_id)
    tasks.start_moderation.enqueue(submission_id)


def after_edited(submission_id: int, **kwargs: Any) -> None:
    tasks.start_moderation.enqueue(submission_id)


def after_withdrawn(submission_id: int, **kwargs: Any) -> None:
    tasks.retract.enqueue(submission_id)
    tasks.tell_withdrawn.enqueue(submission_id)


def after_decided(submission_id: int, action: str, reason: str, **kwargs: Any) -> None:
    if action in ("approve", "restore"):
        tasks.publish.enqueue(submission_id)
        return
    if action != "request_changes":
        tasks.retract.enqueue(submission_id)
    tasks.tell_decided.enqueue(submission_id, action, reason)


def after_published(submission_id: int, first: bool, **kwargs: Any) -> None:
    tasks.tell_published.enqueue(submission_id, first)


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


def on_page_published(instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, CampaignMixin):
        terms_domain.current_version(instance, at=timezone.now())
    elif isinstance(instance, BriefMixin):
        publishing.republish_below(instance)


def on_page_unpublished(instance: Any, **kwargs: Any) -> None:
    """Somebody unpublished the page of a submission in the explorer."""
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


def on_page_moved(instance: Any, **kwargs: Any) -> None:
    """A brief that moves takes its submissions to the other campaign."""
    if isinstance(instance, BriefMixin):
        rows = Submission.objects.filter(brief_page=instance.pk)
        rows.update(campaign_page=instance.get_parent().pk)


def delete_file(instance: Upload, **kwargs: Any) -> None:
    """The row is gone for good, so its file goes, once the transaction holds."""
    pictures.delete_file_on_commit(instance)

"""Deciding whether a submission may be shown, on Wagtail's workflow engine."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    decisions,
    gallery,
    permissions,
    reasons,
    sealing,
    trust,
)
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.errors import Conflict
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import (
    MODERATION_TRANSITIONS,
    REASONS,
    DecisionAction,
    Lifecycle,
    Moderation,
)

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import ModerationTask

logger = logging.getLogger("wagtail_crowdbrand")

#: Attribute that marks a workflow state we cancel ourselves (see receivers).
SANCTIONED = "_crowdbrand_cancels"
NEED_WORDS = ("request_changes", "reject", "hide")


def start(submission: Submission) -> WorkflowState | None:
    """Put a sent submission before its moderators. Doing so twice changes nothing.

    Where the campaign's policy shows ideas first, it is published before its review
    starts: Wagtail ends an open review on publishing. What is sealed waits for its
    clearance. Returns the workflow state, or ``None`` where there is nothing to decide
    or no workflow to decide it in (which is logged as an error).
    """
    now = timezone.now()
    with transaction.atomic():
        submission = lock(submission.pk)
        if (
            submission.lifecycle != Lifecycle.SUBMITTED
            or submission.confirmed_at is None
            or submission.moderation != Moderation.PENDING
            or submission.current_workflow_state
            or not sealing.review_begun(submission.campaign, at=now)
        ):
            return None
        workflow = submission.get_workflow()
        if workflow is None or not permissions.is_moderation_workflow(workflow):
            logger.error(
                "No moderation workflow for submission %s: run crowdbrand_setup.",
                submission.code,
            )
            return None
        if submission.latest_revision_id is None:
            submission.save_revision(clean=False)
        if trust.publishes_first(submission):
            submission.latest_revision.publish(log_action=False)
            _credit(submission)
        return workflow.start(submission, None)


def decide(
    task_state: TaskState,
    *,
    action: str,
    actor: Any,
    reason: str = "",
    reason_code: str = "",
) -> Submission:
    """Take one decision on the submission ``task_state`` belongs to.

    ``action`` is ``approve``, ``request_changes``, ``reject`` or ``spam``. The
    submission comes from the task state, never from a URL, and what was looked at
    (the state's revision) must still be its newest version. A decision that says no
    needs words, and is counted under ``reason_code`` (default: ``other``). Steps of
    another kind, or of another group, are theirs to decide. Raises ``NotAllowed``,
    ``Conflict`` or what a receiver of ``pre_decide`` raises.
    """
    with transaction.atomic():
        workflow_state = task_state.workflow_state
        if workflow_state.base_content_type != Submission.get_base_content_type():
            refuse("not_permitted")
        submission = lock(int(workflow_state.object_id))
        permissions.require_moderator(actor, submission)
        _require_current(task_state, submission)
        permissions.require_step(actor, task_state, submission)
        _require_reason(action, reason, reason_code)
        _ask(submission, action, actor)
        # Fetched anew under the lock: the caller's copy may be older.
        state = TaskState.objects.get(pk=task_state.pk)
        with decisions.deciding(submission, reason_code=reason_code):
            _go_through(state, submission, action, actor=actor, reason=reason)
        submission.refresh_from_db()
        return submission


def _go_through(
    state: TaskState, submission: Submission, action: str, *, actor: Any, reason: str
) -> None:
    """Wagtail's own road; it comes back in :func:`workflow_approved` and its sister."""
    if action == "approve":
        state.approve(user=actor, comment=reason)
    elif action == "request_changes":
        state.reject(user=actor, comment=reason)
    else:
        state.reject(user=actor, comment=reason, update=False)
        _cancel(state.workflow_state, actor=actor)
        to = Moderation.SPAM if action == "spam" else Moderation.REJECTED
        gallery.unshow(submission)
        _move(submission, to, action=action, actor=actor, reason=reason)


def approve(submission: Submission, *, actor: Any, seen: int | None = None) -> Any:
    """Approve at the current step. ``seen``: id of the revision that was looked at."""
    return _decide_now(submission, "approve", actor=actor, seen=seen)


def request_changes(
    submission: Submission, *, actor: Any, reason: str, **details: Any
) -> Any:
    return _decide_now(
        submission, "request_changes", actor=actor, reason=reason, **details
    )


def reject(submission: Submission, *, actor: Any, reason: str, **details: Any) -> Any:
    return _decide_now(submission, "reject", actor=actor, reason=reason, **details)


def mark_as_spam(
    submission: Submission, *, actor: Any, reason: str = "", **details: Any
) -> Any:
    return _decide_now(submission, "spam", actor=actor, reason=reason, **details)


def take(submission: Submission, action: str, *, actor: Any, **details: Any) -> Any:
    """Any decision, by its name: the one call of the desk, of batches and of doors.

    ``details`` are ``reason``, ``reason_code`` and ``seen``, the id of the revision
    that was looked at. Raises as :func:`decide` does.
    """
    if action == "hide":
        details.pop("seen", None)
        return hide(submission, actor=actor, **details)
    if action == "restore":
        return restore(submission, actor=actor)
    return _decide_now(submission, action, actor=actor, **details)


def _decide_now(
    submission: Submission,
    action: str,
    *,
    actor: Any,
    reason: str = "",
    reason_code: str = "",
    seen: int | None = None,
) -> Submission:
    # Its task has not run yet, or it is one of thousands whose clearance has begun.
    if submission.current_workflow_state is None and start(submission):
        submission = Submission.objects.get(pk=submission.pk)
    state = submission.current_workflow_task_state
    if state is None:
        raise Conflict("not_in_moderation", REASONS["not_in_moderation"])
    if seen is not None and state.revision_id != seen:
        raise Conflict("content_changed", REASONS["content_changed"])
    return decide(
        state, action=action, actor=actor, reason=reason, reason_code=reason_code
    )


@transaction.atomic
def hide(
    submission: Submission,
    *,
    actor: Any,
    reason: str,
    reason_code: str = "",
    is_automatic: bool = False,
) -> Submission:
    """Take something off the site. ``actor`` ``None`` is somebody unknown, or, with
    ``is_automatic``, nobody but the software.

    Doing so twice changes nothing, but somebody known may put their decision in the
    place of the software's. Raises ``NotAllowed``.
    """
    submission = lock(submission.pk)
    permissions.require_moderator(actor, submission)
    _require_reason("hide", reason, reason_code)
    if submission.visible_from is None and not (
        actor is not None
        and submission.moderation == Moderation.HIDDEN
        and decisions.by_software(submission)
    ):
        return submission
    _ask(submission, "hide", actor)
    with decisions.deciding(
        submission, reason_code=reason_code, is_automatic=is_automatic
    ):
        cancel_workflow(submission, actor=actor)
        gallery.unshow(submission)
        _move(submission, Moderation.HIDDEN, action="hide", actor=actor, reason=reason)
    return submission


@transaction.atomic
def restore(submission: Submission, *, actor: Any) -> Submission:
    """Let something hidden be seen again, as it was approved last."""
    submission = lock(submission.pk)
    permissions.require_moderator(actor, submission)
    if submission.moderation != Moderation.HIDDEN:
        return submission
    _ask(submission, "restore", actor)
    with decisions.deciding(submission):
        _move(submission, Moderation.APPROVED, action="restore", actor=actor)
    return submission


@transaction.atomic
def resume_review(submission: Submission) -> None:
    """What was hidden is on show again: an edit that waited then waits again."""
    submission = lock(submission.pk)
    decision = decisions.in_force(submission)
    if (
        decision is None
        or decision.action != DecisionAction.RESTORE
        or submission.moderation != Moderation.APPROVED
        or submission.visible_from is None
        or submission.latest_revision_id == submission.live_revision_id
    ):
        return
    hidings = submission.decisions.filter(action="hide", undone_at__isnull=True)
    for hiding in hidings.order_by("-pk"):
        before = hiding.before.get("moderation")
        if before == Moderation.PENDING:
            reopen(submission)
            start(submission)
        if before != Moderation.HIDDEN:
            return


def reopen(submission: Submission) -> None:
    """A locked row was edited: end the review of the old version, ask for a new one."""
    cancel_workflow(submission)
    submission.moderation = Moderation.PENDING
    submission.save(update_fields=["moderation"])


def cancel_workflow(submission: Submission, *, actor: Any = None) -> None:
    """End the review of a locked row, because its contributor or a decision did."""
    state = submission.current_workflow_state
    if state is not None:
        _cancel(state, actor=actor)


def release_task(task: ModerationTask, *, actor: Any) -> None:
    """A step is being closed: what waits in it goes back to having no workflow."""
    waiting = task.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
    for state in waiting.select_related("workflow_state"):
        _cancel(state.workflow_state, actor=actor)


def workflow_approved(workflow_state: WorkflowState, *, actor: Any) -> None:
    """Wagtail finished a workflow: now, and only now, it is approved."""
    submission = lock(int(workflow_state.object_id))
    _credit(submission)
    _move(submission, Moderation.APPROVED, action="approve", actor=actor)


def workflow_rejected(workflow_state: WorkflowState, *, actor: Any) -> None:
    """A step of the workflow, ours or another, asked for changes."""
    submission = lock(int(workflow_state.object_id))
    state = workflow_state.current_task_state
    reason = state.comment if state else ""
    _move(
        submission,
        Moderation.CHANGES_REQUESTED,
        action="request_changes",
        actor=actor,
        reason=reason,
    )


def lock(pk: int) -> Submission:
    """The row with its personal data, locked until the transaction ends."""
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("personal")
        .get(pk=pk)
    )


def _require_current(task_state: TaskState, submission: Submission) -> None:
    states = TaskState.objects.select_related("workflow_state")
    state = states.filter(pk=task_state.pk).first()
    if (
        state is None  # erased meanwhile
        or state.status != TaskState.STATUS_IN_PROGRESS
        or state.workflow_state.status != WorkflowState.STATUS_IN_PROGRESS
    ):
        raise Conflict("not_in_moderation", REASONS["not_in_moderation"])
    if state.revision_id != submission.latest_revision_id:
        raise Conflict("content_changed", REASONS["content_changed"])


def _require_reason(action: str, reason: str, reason_code: str) -> None:
    if action in NEED_WORDS and not reason.strip():
        refuse("reason_required")
    if reason_code:
        reasons.require(reason_code)


def _credit(submission: Submission) -> None:
    """The names its contributor gave are public from now on."""
    personal = submission.personal
    personal.credit_name = personal.pending_credit_name
    personal.co_authors = personal.pending_co_authors
    personal.save(update_fields=["credit_name", "co_authors"])


def _ask(submission: Submission, action: str, actor: Any) -> None:
    signals.pre_decide.send(
        Submission, submission=submission, action=action, actor=actor
    )


def _cancel(workflow_state: WorkflowState, *, actor: Any) -> None:
    setattr(workflow_state, SANCTIONED, True)
    workflow_state.cancel(user=actor)


def _move(
    submission: Submission, to: Moderation, *, action: str, actor: Any, reason: str = ""
) -> None:
    """Change the axis of a locked row, its audit log and, on commit, the world."""
    if to not in MODERATION_TRANSITIONS[Moderation(submission.moderation)]:
        raise Conflict("not_in_moderation", REASONS["not_in_moderation"])
    submission.moderation = to
    submission.reason = reason
    submission.save(update_fields=["moderation", "reason"])
    decisions.record(submission, action=action, actor=actor, text=reason)
    _announce(signals.submission_decided, submission, action=action, reason=reason)


def _announce(signal: Signal, submission: Submission, **facts: Any) -> None:
    transaction.on_commit(
        partial(signal.send_robust, Submission, submission_id=submission.pk, **facts)
    )

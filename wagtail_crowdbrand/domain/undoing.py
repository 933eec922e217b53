"""Taking a decision back while nobody outside has read of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from wagtail.log_actions import log
from wagtail.models import Revision

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import decisions, gallery, moderating, permissions
from wagtail_crowdbrand.errors import Conflict
from wagtail_crowdbrand.models import Decision, Submission, SubmissionPersonal
from wagtail_crowdbrand.states import REASONS, Lifecycle

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wagtail_crowdbrand.models import Message


@transaction.atomic
def undo(decision: Decision, *, actor: Any, at: datetime) -> Submission:
    """Put the submission back where it stood, and its mail away unsent.

    What was decided in a review comes before the moderators again; a version that was
    on show is on show again. Any moderator of the submission may do it. Raises
    ``NotAllowed`` (``not_permitted``, ``too_late_to_undo``) or ``Conflict``
    (``not_the_latest``).
    """
    submission = moderating.lock(decision.submission_id)
    permissions.require_moderator(actor, submission)
    decision = Decision.objects.get(pk=decision.pk)
    if not decision.can_be_undone(at=at):
        permissions.refuse("too_late_to_undo")
    if not _is_latest(decision, submission):
        raise Conflict("not_the_latest", REASONS["not_the_latest"])
    mails = _mails(decision)
    if mails.filter(attempts__gt=0).exists():
        permissions.refuse("too_late_to_undo")
    mails.delete()
    moderating.cancel_workflow(submission, actor=actor)
    _put_back(submission, decision.before)
    decision.undone_at = at
    decision.save(update_fields=["undone_at"])
    log(submission, "wagtail_crowdbrand.undo", user=actor, data={"of": decision.action})
    announce = partial(
        signals.decision_undone.send_robust, Submission, submission_id=submission.pk
    )
    transaction.on_commit(announce)
    return submission


def last_undoable(user: Any, *, at: datetime) -> Decision | None:
    """The newest decision of ``user`` that can still be undone."""
    mine = Decision.objects.filter(actor=user, undone_at=None).order_by("-pk")
    newest = mine.select_related("submission").first()
    return newest if newest and newest.can_be_undone(at=at) else None


def _is_latest(decision: Decision, submission: Submission) -> bool:
    newest = decisions.newest(submission)
    return (
        newest is not None
        and newest.pk == decision.pk
        and submission.lifecycle == Lifecycle.SUBMITTED
        and submission.erased_at is None
        and submission.latest_revision_id == decision.before["latest_revision"]
    )


def _mails(decision: Decision) -> QuerySet[Message]:
    """What was written because of it; a task may have written it a little later."""
    return decision.submission.messages.filter(
        kind__in=(decision.action, "published", "republished"),
        created_at__gte=decision.decided_at,
    )


def _put_back(submission: Submission, before: dict[str, Any]) -> None:
    """Undo what the decision did to a locked row."""
    seen = before["visible_from"]
    if submission.visible_from and not seen:
        gallery.unshow(submission)
    credit = before.get("credit")  # what was decided before an update has none
    if credit:
        SubmissionPersonal.objects.filter(submission=submission.pk).update(**credit)
    if submission.live_revision_id != before["live_revision"]:
        submission = _with_revision(submission, before["live_revision"])
    submission.moderation = before["moderation"]
    submission.reason = ""
    submission.save()
    since = parse_datetime(seen) if seen else None
    if since:
        gallery.show(submission, at=since)


def _with_revision(submission: Submission, pk: int | None) -> Submission:
    """A locked row with the words and pictures it showed before, or never shown."""
    if pk is None:
        submission.live = False
        submission.live_revision = submission.shown_revision = None
        submission.first_published_at = submission.last_published_at = None
        return submission
    revision = Revision.objects.get(pk=pk)
    old = submission.with_content_json(revision.content)
    old.live_revision = revision
    old.has_unpublished_changes = True
    return old

"""Writing down a decision: its row, its mail and its log entry, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.log_actions import log

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import outbox, reasons
from wagtail_crowdbrand.models import Decision
from wagtail_crowdbrand.states import NEGATIVE

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import Submission

#: Told by being published, in a mail of their own.
SILENT = ("approve", "restore")
#: What an approval makes public beside the revision.
CREDIT = ("credit_name", "co_authors")


@dataclass(frozen=True)
class Details:
    """What a decision carries that Wagtail's signals have no room for."""

    reason_code: str = ""
    is_automatic: bool = False
    before: dict[str, Any] = field(default_factory=dict)


#: Set while a decision of ours goes through Wagtail's workflow and comes back.
_details: ContextVar[Details | None] = ContextVar("crowdbrand_details", default=None)


@contextmanager
def deciding(
    submission: Submission, *, reason_code: str = "", is_automatic: bool = False
) -> Iterator[None]:
    """Around everything that moves a locked row: remembers where it stood before."""
    details = Details(reason_code, is_automatic, snapshot(submission))
    token = _details.set(details)
    try:
        yield
    finally:
        _details.reset(token)


def snapshot(submission: Submission) -> dict[str, Any]:
    """Where a locked row stands, as JSON, for :mod:`undoing`."""
    seen, personal = submission.visible_from, submission.personal
    return {
        "credit": {name: getattr(personal, name) for name in CREDIT},
        "moderation": str(submission.moderation),
        "visible_from": seen and seen.isoformat(),
        "live_revision": submission.live_revision_id,
        "latest_revision": submission.latest_revision_id,
    }


def record(submission: Submission, *, action: str, actor: Any, text: str) -> Decision:
    """Write down that a locked row was decided on.

    A decision that came from elsewhere – another step of the workflow, the software –
    has no memory of before and cannot be undone.
    """
    now = timezone.now()
    details = _details.get() or Details()
    code = details.reason_code
    if action in NEGATIVE and not code:
        code = reasons.OTHER
    decision = Decision.objects.create(
        submission=submission,
        action=action,
        actor=actor,
        is_automatic=details.is_automatic,
        reason_code=code,
        rule=_rule(code, submission.language),
        text=text,
        decided_at=now,
        settles_at=_settles_at(details, now),
        before=details.before,
    )
    if action not in SILENT:
        outbox.queue(
            action,
            submission=submission,
            due_at=decision.settles_at or now,
            reason=text,
            rule=decision.rule,
            decision=decision.pk,
        )
    data = {"reason": text, "code": code} if text else None
    log(submission, f"wagtail_crowdbrand.{action}", user=actor, data=data)
    return decision


def settle_newest(submission: Submission) -> None:
    """The last decision stands at once: somebody was told of it with another mail."""
    decision = newest(submission)
    if decision is not None:
        decision.settles_at = None
        decision.save(update_fields=["settles_at"])


def _settles_at(details: Details, now: datetime) -> datetime | None:
    seconds = get_config().undo_seconds
    if not seconds or not details.before:
        return None
    return now + timedelta(seconds=seconds)


def _rule(code: str, language: str) -> str:
    if not code:
        return ""
    reason = reasons.find(code)
    return reason.in_language(language).rule if reason else ""


def newest(submission: Submission) -> Decision | None:
    """The last decision, undone or not."""
    return submission.decisions.order_by("-pk").first()


def in_force(submission: Submission) -> Decision | None:
    """The last decision that was not undone."""
    return submission.decisions.filter(undone_at__isnull=True).order_by("-pk").first()


def by_software(submission: Submission) -> bool:
    """Whether nobody decided what is in force, as when notices alone hid it."""
    decision = in_force(submission)
    return bool(decision and decision.is_automatic)


def mail_due_at(submission: Submission, *, at: datetime) -> datetime | None:
    """When what was approved may be told by mail: never while it can be undone.

    ``None``: not at all, because the last thing that happened was an undoing.
    """
    decision = newest(submission)
    if decision is None:
        return at
    if decision.undone_at:
        return None
    return max(at, decision.settles_at or at)

"""Everything a moderator should know of a submission before deciding on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_crowdbrand.cards import Card, private_card
from wagtail_crowdbrand.domain import permissions, trust, unsealing
from wagtail_crowdbrand.models import Decision, Submission
from wagtail_crowdbrand.states import Moderation

#: Decisions taken before that are worth reading again.
PAST = 3


@dataclass(frozen=True)
class Change:
    """One thing that differs from what is on show."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Record:
    """What became of everything else its contributor sent."""

    approved: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        return self.approved + self.refused + self.waiting


@dataclass(frozen=True)
class Dossier:
    """A submission as the desk shows it; ``card`` is its newest version."""

    submission: Submission
    card: Card
    shown: Card | None
    changes: list[Change]
    pictures_changed: bool
    record: Record
    past: list[Decision]
    email: str
    is_trusted: bool
    answers: list[dict[str, Any]]

    @property
    def version(self) -> Submission:
        return self.card.submission


def rows_for(user: Any) -> QuerySet[Submission]:
    """What ``user`` may open, with all a dossier reads from other tables."""
    return permissions.moderated_by(user).select_related(
        "brief_page",
        "campaign_page",
        "contributor",
        "personal",
        "page",
        "latest_revision",
    )


def open_dossier(submission: Submission, user: Any) -> Dossier:
    """Read it all; the number of queries is the same for every submission.

    A look behind a seal is noted.
    """
    unsealing.note_look(submission, actor=user, at=timezone.now())
    version = submission.get_latest_revision_as_object()
    shown = private_card(submission) if _is_edit(submission) else None
    contributor = submission.contributor
    may_know = permissions.can_view_contact(user)
    personal = submission.personal.answers if may_know else []
    return Dossier(
        submission=submission,
        card=private_card(version),
        shown=shown,
        changes=_changes(submission, version) if shown else [],
        pictures_changed=bool(shown and submission.images != version.images),
        record=_record(submission, user),
        past=list(
            submission.decisions.select_related("actor")
            .filter(undone_at=None)
            .order_by("-pk")[:PAST]
        ),
        email=contributor.email if contributor and may_know else "",
        is_trusted=trust.is_trusted(contributor, submission.campaign),
        answers=[answer for answer in (*version.answers, *personal) if answer["value"]],
    )


def _is_edit(submission: Submission) -> bool:
    """Whether a newer version waits beside one that was approved."""
    return (
        submission.live and submission.latest_revision_id != submission.live_revision_id
    )


def _changes(old: Submission, new: Submission) -> list[Change]:
    pairs = [
        (_("Title"), old.title, new.title),
        (_("Description"), old.summary, new.summary),
        (_("Link"), old.link, new.link),
        (_("Material by others"), old.third_party, new.third_party),
        (_("Language"), old.language, new.language),
    ]
    before, after = _answers(old), _answers(new)
    pairs += [
        (label, before.get(label, ""), after.get(label, "")) for label in before | after
    ]
    names = new.personal
    pairs += [
        (_("Credited as"), names.credit_name, names.pending_credit_name),
        (_("Co-authors"), names.co_authors, names.pending_co_authors),
    ]
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


def _answers(row: Submission) -> dict[str, str]:
    return {answer["label"]: answer["value"] for answer in row.answers}


def _record(submission: Submission, user: Any) -> Record:
    """Without what a seal keeps from ``user``, here and in other campaigns."""
    if submission.contributor_id is None:
        return Record(0, 0, 0)
    others = (
        Submission.objects.sent()
        .filter(contributor=submission.contributor_id)
        .exclude(pk=submission.pk)
        .exclude(campaign_page__in=permissions.sealed_off(user))
        .order_by()
        .values_list("moderation")
        .annotate(Count("pk"))
    )
    counts = dict(others)
    waiting = (Moderation.PENDING, Moderation.CHANGES_REQUESTED)
    return Record(
        approved=counts.get(Moderation.APPROVED, 0),
        refused=sum(counts.get(each, 0) for each in trust.REMOVED),
        waiting=sum(counts.get(each, 0) for each in waiting),
    )


def seconds_left(decision: Decision | None, *, at: datetime) -> int:
    """How long a decision can still be undone."""
    if decision is None or decision.settles_at is None:
        return 0
    return max(0, int((decision.settles_at - at).total_seconds()))

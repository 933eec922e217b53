"""Ideas that are being written: kept from the first words, complete or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from wagtail_crowdbrand.domain import phases
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import Submission, SubmissionPersonal
from wagtail_crowdbrand.models.submission import new_code
from wagtail_crowdbrand.states import Capability, Lifecycle

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import BriefMixin

MAX_THIRD_PARTY = 1000


@dataclass(frozen=True, kw_only=True)
class Idea:
    """The content a contributor may change. ``None`` for ``images``: as they are.

    ``answers`` are ``{"field", "label", "kind", "visibility", "value"}``, in the order
    of the form; ``images`` are ``{"upload", "alt"}``, in the order they are shown.
    """

    title: str
    summary: str = ""
    link: str = ""
    third_party: str = ""
    language: str = ""
    answers: Sequence[dict[str, Any]] = field(default_factory=list)
    personal_answers: Sequence[dict[str, Any]] = field(default_factory=list)
    images: Sequence[dict[str, str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who sends it, and how they want to be named in public."""

    email: str = ""
    credit_name: str = ""
    co_authors: str = ""


def start_draft(brief: BriefMixin, *, language: str = "", at: datetime) -> Submission:
    """Begin a submission to ``brief``. Nobody but its author knows of it."""
    phases.require(Capability.SUBMIT, brief.campaign, at=at)
    for _attempt in range(5):
        try:
            with transaction.atomic():
                submission = Submission.objects.create(
                    code=new_code(),
                    brief_page_id=brief.pk,
                    brief_key=brief.translation_key,
                    campaign_page_id=brief.campaign.pk,
                    language=language,
                    created_at=at,
                )
                SubmissionPersonal.objects.create(submission=submission)
                return submission
        except IntegrityError:
            continue  # the code was taken
    raise RuntimeError("No free code in five attempts.")


@transaction.atomic
def save_draft(
    submission: Submission,
    *,
    idea: Idea | None = None,
    person: Person | None = None,
    suspicion: str = "",
    at: datetime,
) -> Submission:
    """Keep what was typed so far, complete or not. Drafts only.

    ``suspicion`` is something a moderator should know about how it was sent.
    """
    submission = lock(submission)
    if submission.lifecycle != Lifecycle.DRAFT:
        refuse("already_submitted")
    phases.require(Capability.SUBMIT, submission.campaign, at=at)
    if idea:
        apply(submission, idea)
        submission.save()
        submission.personal.answers = list(idea.personal_answers)
        kept = [item["upload"] for item in submission.images]
        for upload in submission.uploads.exclude(pk__in=kept):
            upload.delete()
    if person:
        apply_person(submission, person)
        submission.personal.email = person.email
    submission.personal.save()
    if suspicion:
        suspect(submission, suspicion)
    return submission


def missing(submission: Submission) -> list[str]:
    """What keeps it from being sent: names of fields, ``images``, ``alt``, answers.

    A draft keeps text that is too long; nobody sends it.
    """
    brief = submission.brief
    limits = {"title": 120, "summary": brief.max_summary_length}
    gaps = [
        name
        for name, limit in limits.items()
        if not 0 < len(getattr(submission, name)) <= limit
    ]
    if len(submission.third_party) > MAX_THIRD_PARTY:
        gaps.append("third_party")
    if len(submission.images) < brief.min_images:
        gaps.append("images")
    if not all(item["alt"] for item in submission.images):
        gaps.append("alt")
    given = {
        answer["field"]
        for answer in [*submission.answers, *submission.personal.answers]
        if answer["value"]
    }
    required = {block.id for block in brief.answer_fields if block.value["required"]}
    return [*gaps, *sorted(required - given)]


def lock(submission: Submission) -> Submission:
    """The row as it is now, locked until the transaction ends."""
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("personal")
        .get(pk=submission.pk)
    )


def suspect(submission: Submission, why: str) -> None:
    """Note it for the moderator. Suspicion holds nothing back by itself."""
    known = submission.suspicion.split("; ") if submission.suspicion else []
    if why not in known:
        submission.suspicion = "; ".join([*known, why])[:200]
        submission.save(update_fields=["suspicion"])


def apply(submission: Submission, idea: Idea) -> None:
    """Write content on the row in memory, within the limits of the brief."""
    brief = submission.brief
    submission.title = idea.title
    submission.summary = idea.summary
    submission.link = idea.link
    submission.third_party = idea.third_party
    submission.language = idea.language or submission.language
    submission.answers = list(idea.answers)
    if idea.images is None:
        return
    if len(idea.images) > brief.max_images:
        refuse("too_many_images")
    known = {str(pk) for pk in submission.uploads.values_list("pk", flat=True)}
    submission.images = [item for item in idea.images if item["upload"] in known]


def apply_person(submission: Submission, person: Person) -> None:
    personal = submission.personal
    personal.pending_credit_name = person.credit_name
    personal.pending_co_authors = person.co_authors

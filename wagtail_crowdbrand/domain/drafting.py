"""Ideas that are being written: kept from the first words, complete or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from wagtail_crowdbrand.domain import limits, outbox, phases
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import Contributor, Submission, SubmissionPersonal
from wagtail_crowdbrand.models.submission import new_code
from wagtail_crowdbrand.states import Capability, Lifecycle

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import BriefMixin

MAX_THIRD_PARTY = 1000


@dataclass(frozen=True, kw_only=True)
class Idea:
    """The content a contributor may change. ``None`` for ``images``: as they are.

    ``answers`` are ``{"field", "label", "kind", "visibility", "value"}``, in the order
    of the form and each value text as its block writes it; ``images`` are
    ``{"upload", "alt"}``, in the order they are shown.
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


def start_draft(
    brief: BriefMixin, *, user: Any = None, language: str = "", at: datetime
) -> Submission:
    """Begin a submission to ``brief``. Nobody but its author knows of it.

    ``user`` is the signed-in account, which finds it again on any device.
    """
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
                    contributor=user and contributor_of(user, language=language, at=at),
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
        apply_personal_answers(submission, idea)
        for upload in submission.uploads.exclude(pk__in=uploads_in(submission)):
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
        answer["field"]: answer["value"]
        for answer in [*submission.answers, *submission.personal.answers]
    }
    wrong = [
        field.id
        for field in brief.answer_fields
        if not field.block.takes(field.value, given.get(field.id, ""))
    ]
    return [*gaps, *sorted(wrong)]


def uploads_in(submission: Submission) -> set[str]:
    """Ids of the pictures its content refers to, those given as answers included."""
    answers = [*submission.answers, *submission.personal.answers]
    return {item["upload"] for item in submission.images} | {
        answer["value"] for answer in answers if _is_file(answer) and answer["value"]
    }


@transaction.atomic
def mail_resume_link(submission: Submission, *, email: str, at: datetime) -> None:
    """Send a private link to a draft to ``email``, which becomes the draft's address.

    Nothing says whether anybody is known by it. Raises ``NotAllowed`` when that was
    too often for this address.
    """
    submission = lock(submission)
    if submission.lifecycle != Lifecycle.DRAFT:
        refuse("already_submitted")
    limits.hit("resume_to", email.lower(), at=at)
    submission.personal.email = email
    submission.personal.save(update_fields=["email"])
    outbox.queue("resume", submission=submission)


def contributor_of(user: Any, *, language: str, at: datetime) -> Contributor:
    """The contributor an account is, made when it does something for the first time."""
    contributor, _made = Contributor.objects.get_or_create(
        user=user,
        defaults={"email": user.email, "language": language, "created_at": at},
    )
    return contributor


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
    known = {str(pk) for pk in submission.uploads.values_list("pk", flat=True)}
    submission.answers = [
        *_with_known_files(idea.answers, known),
        *_retired(submission, submission.answers),
    ]
    if idea.images is None:
        return
    if len(idea.images) > brief.max_images:
        refuse("too_many_images")
    submission.images = [item for item in idea.images if item["upload"] in known]


def apply_personal_answers(submission: Submission, idea: Idea) -> None:
    """The same for answers that are kept beside the content."""
    personal = submission.personal
    known = {str(pk) for pk in submission.uploads.values_list("pk", flat=True)}
    personal.answers = [
        *_with_known_files(idea.personal_answers, known),
        *_retired(submission, personal.answers),
    ]


def _retired(
    submission: Submission, answers: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What was answered to questions the brief no longer asks.

    Once it was sent it stays, though its contributor is not asked again.
    """
    if submission.lifecycle == Lifecycle.DRAFT:
        return []
    asked = {field.id for field in submission.brief.answer_fields}
    return [answer for answer in answers if answer["field"] not in asked]


def _with_known_files(
    answers: Sequence[dict[str, Any]], known: set[str]
) -> list[dict[str, Any]]:
    """``answers`` without pictures that do not belong to the submission."""
    return [
        answer | {"value": ""}
        if _is_file(answer) and answer["value"] not in known
        else answer
        for answer in answers
    ]


def _is_file(answer: dict[str, Any]) -> bool:
    return answer["kind"] == "file"


def apply_person(submission: Submission, person: Person) -> None:
    personal = submission.personal
    personal.pending_credit_name = person.credit_name
    personal.pending_co_authors = person.co_authors

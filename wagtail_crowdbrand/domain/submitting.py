"""From the first words of an idea to a submission somebody can decide on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from wagtail.log_actions import log

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import gallery, moderating, outbox, phases
from wagtail_crowdbrand.domain import suspicion as suspicions
from wagtail_crowdbrand.domain import terms as terms_domain
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import Contributor, Submission, SubmissionPersonal
from wagtail_crowdbrand.models.submission import new_code, new_nonce
from wagtail_crowdbrand.states import Capability, Lifecycle, Moderation

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
    submission = _locked(submission)
    if submission.lifecycle != Lifecycle.DRAFT:
        refuse("already_submitted")
    phases.require(Capability.SUBMIT, submission.campaign, at=at)
    if idea:
        _apply(submission, idea)
        submission.save()
        submission.personal.answers = list(idea.personal_answers)
        kept = [item["upload"] for item in submission.images]
        for upload in submission.uploads.exclude(pk__in=kept):
            upload.delete()
    if person:
        _apply_person(submission, person)
        submission.personal.email = person.email
    submission.personal.save()
    if suspicion:
        _suspect(submission, suspicion)
    return submission


@transaction.atomic
def submit(
    submission: Submission,
    *,
    user: Any = None,
    terms_number: int,
    at: datetime,
) -> Submission:
    """Send a draft. ``user`` is the signed-in account, if there is one.

    An account's submission counts at once; a guest's when the address is confirmed
    (:func:`confirm`). ``terms_number`` is the version the contributor saw and
    accepted. Raises ``NotAllowed``.
    """
    submission = _locked(submission)
    if submission.lifecycle != Lifecycle.DRAFT:
        refuse("already_submitted")
    campaign = submission.campaign
    phases.require(Capability.SUBMIT, campaign, at=at)
    if missing(submission):
        refuse("incomplete")
    version = terms_domain.current_version(campaign, at=at)
    if terms_number != version.number:
        refuse("terms_changed")
    signals.pre_submit.send(Submission, submission=submission)
    submission.lifecycle = Lifecycle.SUBMITTED
    submission.submitted_at = at
    submission.is_late = at > campaign.closes_at
    submission.terms = version
    for finding in suspicions.findings(submission, at=at):
        _suspect(submission, str(finding))
    if user is not None:
        _attribute(submission, _contributor_of(user, submission, at=at), at=at)
    elif not submission.personal.email:
        refuse("no_address")
    submission.save()
    log(submission, "wagtail_crowdbrand.submit", user=user)
    _announce(signals.submission_received, submission)
    if submission.confirmed_at:
        _announce_confirmed(submission)
    else:
        outbox.queue("confirm", submission=submission)
    return submission


@transaction.atomic
def confirm(submission: Submission, *, at: datetime) -> Submission:
    """The address is the contributor's: from now on the submission counts.

    Older private links end here, whoever got them before the address was confirmed.
    Confirming twice changes nothing. Raises ``NotAllowed``.
    """
    submission = _locked(submission)
    if submission.confirmed_at:
        return submission
    if submission.lifecycle != Lifecycle.SUBMITTED:
        refuse(
            "withdrawn"
            if submission.lifecycle == Lifecycle.WITHDRAWN
            else "not_submitted"
        )
    phases.require(Capability.CONFIRM, submission.campaign, at=at)
    personal = submission.personal
    contributor, _made = Contributor.objects.get_or_create(
        email__iexact=personal.email,
        user=None,
        defaults={
            "email": personal.email,
            "name": personal.pending_credit_name,
            "language": submission.language,
            "created_at": at,
        },
    )
    _attribute(submission, contributor, at=at)
    submission.nonce = new_nonce()
    submission.save()
    personal.email = ""
    personal.save(update_fields=["email"])
    log(submission, "wagtail_crowdbrand.confirm")
    _announce_confirmed(submission)
    return submission


@transaction.atomic
def edit(
    submission: Submission, *, idea: Idea, person: Person, at: datetime
) -> Submission:
    """Change a sent submission while its campaign is open.

    It is moderated again; what is on show stays as it is until the new version is
    approved. Raises ``NotAllowed``.
    """
    submission = _locked(submission)
    require_editable(submission, at=at)
    if submission.latest_revision_id:
        changed = submission.get_latest_revision_as_object()
        _apply(changed, idea)
        changed.save_revision(clean=False)
        submission = _locked(submission)
    if not submission.live:
        _apply(submission, idea)
        submission.save()
    _apply_person(submission, person)
    submission.personal.answers = list(idea.personal_answers)
    submission.personal.save()
    if missing(submission.get_latest_revision_as_object()):
        refuse("incomplete")
    if submission.confirmed_at:
        moderating.reopen(submission)
        _announce(signals.submission_edited, submission)
    log(submission, "wagtail_crowdbrand.revise")
    return submission


def require_editable(submission: Submission, *, at: datetime) -> None:
    """Raise ``NotAllowed`` unless its contributor may change it now."""
    if submission.lifecycle == Lifecycle.DRAFT:
        refuse("not_submitted")
    if submission.lifecycle == Lifecycle.WITHDRAWN:
        refuse("withdrawn")
    if submission.moderation in (Moderation.REJECTED, Moderation.SPAM):
        refuse("rejected")
    if submission.moderation == Moderation.HIDDEN:
        refuse("hidden")
    phases.require(Capability.EDIT, submission.campaign, at=at)


@transaction.atomic
def withdraw(submission: Submission, *, at: datetime) -> Submission:
    """Take it back: it disappears everywhere at once. Doing so twice changes nothing.

    Raises ``NotAllowed``.
    """
    submission = _locked(submission)
    if submission.lifecycle == Lifecycle.WITHDRAWN:
        return submission
    if submission.lifecycle == Lifecycle.DRAFT:
        refuse("not_submitted")
    phases.require(Capability.WITHDRAW, submission.campaign, at=at)
    gallery.unshow(submission)
    submission.lifecycle = Lifecycle.WITHDRAWN
    submission.withdrawn_at = at
    submission.save(update_fields=["lifecycle", "withdrawn_at"])
    moderating.cancel_workflow(submission)
    log(submission, "wagtail_crowdbrand.withdraw")
    if submission.confirmed_at:  # else the address may be somebody else's
        outbox.queue("withdrawn", submission=submission)
    _announce(signals.submission_withdrawn, submission)
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


def _locked(submission: Submission) -> Submission:
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("personal")
        .get(pk=submission.pk)
    )


def _suspect(submission: Submission, why: str) -> None:
    """Note it for the moderator. Suspicion holds nothing back by itself."""
    known = submission.suspicion.split("; ") if submission.suspicion else []
    if why not in known:
        submission.suspicion = "; ".join([*known, why])[:200]
        submission.save(update_fields=["suspicion"])


def _apply(submission: Submission, idea: Idea) -> None:
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


def _apply_person(submission: Submission, person: Person) -> None:
    personal = submission.personal
    personal.pending_credit_name = person.credit_name
    personal.pending_co_authors = person.co_authors


def _contributor_of(user: Any, submission: Submission, *, at: datetime) -> Contributor:
    contributor, _made = Contributor.objects.get_or_create(
        user=user,
        defaults={
            "email": user.email,
            "name": submission.personal.pending_credit_name,
            "language": submission.language,
            "created_at": at,
        },
    )
    return contributor


def _attribute(
    submission: Submission, contributor: Contributor, *, at: datetime
) -> None:
    """Give it to its contributor, unless they have sent as many as the brief allows."""
    # Locked, so that two confirmations at once cannot both be the last one allowed.
    Contributor.objects.select_for_update().get(pk=contributor.pk)
    sent = Submission.objects.sent().filter(
        contributor=contributor, brief_key=submission.brief_key
    )
    if sent.count() >= submission.brief.max_per_contributor:
        refuse("limit_reached")
    submission.contributor = contributor
    submission.confirmed_at = at


def _announce_confirmed(submission: Submission) -> None:
    outbox.queue("receipt", submission=submission)
    _announce(signals.submission_confirmed, submission)


def _announce(signal: Signal, submission: Submission) -> None:
    transaction.on_commit(
        partial(signal.send_robust, Submission, submission_id=submission.pk)
    )

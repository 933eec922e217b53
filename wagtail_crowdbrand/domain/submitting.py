"""From a draft to a submission somebody can decide on, and back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from wagtail.log_actions import log

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import gallery, moderating, outbox, phases, receipts
from wagtail_crowdbrand.domain import suspicion as suspicions
from wagtail_crowdbrand.domain import terms as terms_domain
from wagtail_crowdbrand.domain.drafting import (
    Idea,
    Person,
    apply,
    apply_person,
    apply_personal_answers,
    contributor_of,
    lock,
    missing,
    suspect,
)
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import Contributor, Decision, Submission
from wagtail_crowdbrand.models.submission import new_nonce
from wagtail_crowdbrand.states import Capability, Lifecycle, Moderation


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
    submission = lock(submission)
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
        suspect(submission, str(finding))
    if user is not None:
        contributor = contributor_of(user, language=submission.language, at=at)
        _attribute(submission, contributor, at=at)
    elif submission.personal.email:
        submission.contributor = None  # begun by an account, sent as a guest
    else:
        refuse("no_address")
    submission.save()
    # Who sent something sealed is nobody's business, the audit log's included.
    log(
        submission,
        "wagtail_crowdbrand.submit",
        user=None if campaign.is_sealed else user,
    )
    _announce(signals.submission_received, submission)
    if submission.confirmed_at:
        _announce_confirmed(submission, at=at)
    else:
        outbox.queue("confirm", submission=submission)
    return submission


@transaction.atomic
def confirm(submission: Submission, *, at: datetime) -> Submission:
    """The address is the contributor's: from now on the submission counts.

    Older private links end here, whoever got them before the address was confirmed.
    Confirming twice changes nothing. Raises ``NotAllowed``.
    """
    submission = lock(submission)
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
    _announce_confirmed(submission, at=at)
    return submission


@transaction.atomic
def edit(
    submission: Submission, *, idea: Idea, person: Person, at: datetime
) -> Submission:
    """Change a sent submission while its campaign is open.

    It is moderated again; what is on show stays as it is until the new version is
    approved. Raises ``NotAllowed``.
    """
    submission = lock(submission)
    require_editable(submission, at=at)
    if submission.latest_revision_id:
        changed = submission.get_latest_revision_as_object()
        apply(changed, idea)
        changed.save_revision(clean=False)
        submission = lock(submission)
    if not submission.live:
        apply(submission, idea)
        submission.save()
    apply_person(submission, person)
    apply_personal_answers(submission, idea)
    submission.personal.save()
    if missing(submission.get_latest_revision_as_object()):
        refuse("incomplete")
    if submission.confirmed_at:
        moderating.reopen(submission)
        receipt = receipts.give(submission, at=at)
        if receipt is not None:
            outbox.queue("receipt_again", submission=submission, receipt=receipt.pk)
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
    submission = lock(submission)
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


def _attribute(
    submission: Submission, contributor: Contributor, *, at: datetime
) -> None:
    """Give it to its contributor, unless they have sent as many as the brief allows."""
    # Locked, so that two confirmations at once cannot both be the last one allowed.
    contributor = Contributor.objects.select_for_update().get(pk=contributor.pk)
    if contributor.blocked_at:
        refuse("blocked")
    sent = Submission.objects.sent().filter(
        contributor=contributor, brief_key=submission.brief_key
    )
    if sent.count() >= submission.brief.max_per_contributor:
        refuse("limit_reached")
    approved = Decision.objects.filter(
        submission__contributor=contributor, action="approve", undone_at=None
    )
    submission.is_first = not approved.exists()
    submission.contributor = contributor
    submission.confirmed_at = at


def _announce_confirmed(submission: Submission, *, at: datetime) -> None:
    receipt = receipts.give(submission, at=at)
    facts = {"receipt": receipt.pk} if receipt else {}
    outbox.queue("receipt", submission=submission, **facts)
    _announce(signals.submission_confirmed, submission)


def _announce(signal: Signal, submission: Submission) -> None:
    transaction.on_commit(
        partial(signal.send_robust, Submission, submission_id=submission.pk)
    )

"""One function a message: who gets it, in which language, saying what."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from wagtail_crowdbrand.domain import access, phases
from wagtail_crowdbrand.models import Submission


def ask_to_confirm(submission: Submission) -> None:
    """A guest sent an idea: is the address theirs?"""
    _send("confirm", submission, link=private_url(submission, access.CONFIRM))


def receipt(submission: Submission) -> None:
    """It is here, it counts, and this is how you get back to it."""
    _send("receipt", submission)


def published(submission: Submission, *, first: bool) -> None:
    _send("published" if first else "republished", submission)


def decided(submission: Submission, *, action: str, reason: str) -> None:
    """``action`` is ``request_changes``, ``reject``, ``spam`` or ``hide``."""
    _send(action, submission, reason=reason)


def withdrawn(submission: Submission) -> None:
    """Nothing to an address that was never confirmed: it may be somebody else's."""
    if submission.confirmed_at:
        _send("withdrawn", submission)


def site_url(submission: Submission, path: str) -> str:
    """``path`` on the site the brief belongs to, with scheme and host."""
    site = submission.brief_page.get_site()
    return f"{site.root_url if site else ''}{path}"


def private_url(submission: Submission, purpose: str) -> str:
    """The private link for ``access.CONFIRM`` or ``access.EDIT``."""
    token = access.token_for(submission, purpose)
    args = [submission.code, token]
    return site_url(submission, reverse(f"wagtail_crowdbrand:{purpose}", args=args))


def _send(name: str, submission: Submission, **extra: Any) -> None:
    contributor = submission.contributor
    address = contributor.email if contributor else submission.personal.email
    if not address:
        return
    language = submission.language or translation.get_language()
    campaign = submission.campaign
    context = {
        "submission": submission,
        "name": submission.personal.pending_credit_name,
        "brief": submission.brief,
        "campaign": campaign,
        "confirm_until": phases.confirm_deadline(campaign),
        "status_link": private_url(submission, access.EDIT),
        "page_url": submission.page.full_url if submission.page else "",
        **extra,
    }
    with translation.override(language):
        folder = "wagtail_crowdbrand/email"
        subject = render_to_string(f"{folder}/{name}_subject.txt", context)
        body = render_to_string(f"{folder}/{name}.txt", context)
    message = EmailMultiAlternatives(
        " ".join(subject.split()), body, to=[address], headers=AUTOMATIC
    )
    message.send()


#: RFC 3834: other machines must not answer.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}

"""Puts a message into words, in the language of who reads it, and sends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from wagtail_crowdbrand.domain import access, permissions, phases
from wagtail_crowdbrand.models import Message, Submission

FOLDER = "wagtail_crowdbrand/email"


def deliver(message: Message) -> bool:
    """Send it. ``False``: there is nobody to send it to (any more).

    Raises whatever the mail server's library raises.
    """
    if message.submission:
        address, context = _to_contributor(message, message.submission)
    else:
        address, context = _to_moderator(message)
    if not address:
        return False
    with _language_of(message):
        subject = render_to_string(f"{FOLDER}/{message.kind}_subject.txt", context)
        body = render_to_string(f"{FOLDER}/{message.kind}.txt", context)
    EmailMultiAlternatives(
        " ".join(subject.split()),
        body,
        to=[address],
        headers={
            "Message-ID": f"<{message.pk}@{_mail_domain()}>",
            # RFC 3834: other machines must not answer.
            "Auto-Submitted": "auto-generated",
        },
    ).send()
    return True


def site_url(submission: Submission, path: str) -> str:
    """``path`` on the site the brief belongs to, with scheme and host."""
    site = submission.brief_page.get_site()
    return f"{site.root_url if site else ''}{path}"


def private_url(submission: Submission, purpose: str) -> str:
    """The private link for ``access.CONFIRM`` or ``access.EDIT``."""
    token = access.token_for(submission, purpose)
    args = [submission.code, token]
    return site_url(submission, reverse(f"wagtail_crowdbrand:{purpose}", args=args))


def _to_contributor(
    message: Message, submission: Submission
) -> tuple[str, dict[str, Any]]:
    # An account's draft knows its contributor, too, but may go to another address.
    contributor = submission.contributor if submission.confirmed_at else None
    address = contributor.email if contributor else submission.personal.email
    campaign = submission.campaign
    context = {
        "submission": submission,
        "name": submission.personal.pending_credit_name,
        "brief": submission.brief,
        "campaign": campaign,
        "confirm_until": phases.confirm_deadline(campaign),
        "link": private_url(submission, access.CONFIRM),
        "status_link": private_url(submission, access.EDIT),
        "resume_link": private_url(submission, access.RESUME),
        "page_url": submission.page.full_url if submission.page else "",
        **message.facts,
    }
    return address, context


def _to_moderator(message: Message) -> tuple[str, dict[str, Any]]:
    user = message.user
    waiting = permissions.waiting_for(user)
    oldest = waiting.order_by("submitted_at").first()
    if oldest is None or not user.is_active:
        return "", {}
    path = f"{reverse('wagtailsnippets_wagtail_crowdbrand_submission:list')}"
    context = {
        "user": user,
        "count": waiting.count(),
        "oldest": oldest.submitted_at,
        "link": f"{settings.WAGTAILADMIN_BASE_URL}{path}?moderation=pending",
    }
    return user.email, context


@contextmanager
def _language_of(message: Message) -> Iterator[None]:
    language = ""
    if message.submission:
        language = message.submission.language
    elif hasattr(message.user, "wagtail_userprofile"):
        language = message.user.wagtail_userprofile.get_preferred_language()
    with translation.override(language or settings.LANGUAGE_CODE):
        yield


def _mail_domain() -> str:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    host = urlsplit(getattr(settings, "WAGTAILADMIN_BASE_URL", "")).hostname
    return sender.rpartition("@")[2] or host or "localhost"

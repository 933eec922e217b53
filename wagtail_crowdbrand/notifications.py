"""Who gets a message, what there is to say in it, and the sending."""

from __future__ import annotations

import json
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import (
    access,
    appealing,
    noticing,
    permissions,
    phases,
    publishing,
    reasons,
    receipts,
    wording,
)
from wagtail_crowdbrand.letters import Mail, compose, one_line
from wagtail_crowdbrand.models import (
    Decision,
    LedgerEntry,
    Message,
    Notice,
    SealReceipt,
    Submission,
    mailtexts,
)
from wagtail_crowdbrand.states import APPEALABLE, NEGATIVE

#: Name of the admin's URL that shows one submission after the other.
DESK = "crowdbrand_desk:index"
LISTING = "wagtailsnippets_wagtail_crowdbrand_submission:list"
#: Names in a mail's context whose values may become links in its HTML.
LINKS = ("link", "status_link", "resume_link", "page_url", "brief_url", "ledger_url")


def deliver(message: Message) -> bool:
    """Send it. ``False``: there is nobody to send it to, or nothing to say any more.

    Raises whatever the mail server's library raises.
    """
    address = _address(message)
    with translation.override(_language(message)):
        context = _context(message) if address else None
        if context is None:
            return False
        mail = _write(message.kind, context)
    email = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[address],
        headers={
            "Message-ID": f"<{message.pk}@{_mail_domain()}>",
            # RFC 3834: other machines must not answer.
            "Auto-Submitted": "auto-generated",
        },
    )
    email.attach_alternative(mail.html, "text/html")
    receipt = context.get("receipt_file")
    if receipt:
        name = f"receipt-{receipt['receipt']['code']}.json"
        text = json.dumps(receipt, ensure_ascii=False, indent=2)
        email.attach(name, text, "application/json")
    email.send()
    return True


def preview(submission: Submission, kind: str, **facts: Any) -> Mail:
    """What the contributor would get, without sending or keeping anything.

    ``kind`` is that of a mail, or a decision; ``facts`` are those of the message
    (``reason``, ``rule``, ``answer``). With ``reason_code`` the rule is found as the
    decision will find it.
    """
    reason = reasons.find(facts.pop("reason_code", ""))
    if reason:
        facts.setdefault("rule", reason.in_language(submission.language).rule)
    if kind in ("approve", "restore"):
        kind = "republished" if submission.page_id else "published"
    message = Message(kind=kind, submission=submission, facts=facts)
    with translation.override(_language(message)):
        return _write(kind, _for_contributor(message, submission))


def site_url(submission: Submission, path: str) -> str:
    """``path`` on the site the brief belongs to, with scheme and host; on that of
    the admin where the brief belongs to none.
    """
    site = submission.brief_page.get_site()
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", "")
    return f"{site.root_url if site else base}{path}"


def private_url(submission: Submission, purpose: str) -> str:
    """The private link for ``access.CONFIRM``, ``EDIT`` or ``RESUME``."""
    token = access.token_for(submission, purpose)
    elsewhere = get_config().private_links.get(purpose)
    if elsewhere:
        return elsewhere.replace("{code}", submission.code).replace("{token}", token)
    args = [submission.code, token]
    return site_url(submission, reverse(f"wagtail_crowdbrand:{purpose}", args=args))


def _write(kind: str, context: dict[str, Any]) -> Mail:
    context["links"] = {context[name] for name in LINKS if context.get(name)}
    return compose(kind, context, subject=context.get("own_subject", ""))


def _address(message: Message) -> str:
    if message.notice:
        return message.notice.email
    if message.submission:
        submission = message.submission
        # An account's draft knows its contributor, too, but may go to another address.
        contributor = submission.contributor if submission.confirmed_at else None
        return contributor.email if contributor else submission.personal.email
    return message.user.email if message.user.is_active else ""


def _language(message: Message) -> str:
    language = ""
    if message.notice:
        language = message.notice.language
    elif message.submission:
        language = message.submission.language
    elif hasattr(message.user, "wagtail_userprofile"):
        language = message.user.wagtail_userprofile.get_preferred_language()
    return language or settings.LANGUAGE_CODE


def _context(message: Message) -> dict[str, Any] | None:
    if message.notice:
        return _for_giver(message.notice)
    if message.submission:
        return _for_contributor(message, message.submission)
    return _for_moderator(message.user)


def _for_contributor(message: Message, submission: Submission) -> dict[str, Any]:
    campaign, brief = submission.campaign, submission.brief
    # Before an address is confirmed, nobody's words go to it.
    known = submission.confirmed_at is not None
    context = {
        "submission": submission,
        "name": one_line(submission.personal.pending_credit_name) if known else "",
        "title": one_line(submission.title) if known else submission.code,
        "brief": brief,
        "brief_url": brief.full_url or "",
        "campaign": campaign,
        "confirm_until": phases.confirm_deadline(campaign),
        "link": private_url(submission, access.CONFIRM),
        "status_link": private_url(submission, access.EDIT),
        "resume_link": private_url(submission, access.RESUME),
        "page_url": _page_url(submission),
        **_statement(message),
        **_change(message, submission),
        **message.facts,
        **_seal(message),
    }
    return context | _own_words(message.kind, context)


def _page_url(submission: Submission) -> str:
    """Where it is shown, or will be; ``""`` where no site shows it."""
    if submission.page:
        return submission.page.full_url or ""
    brief_url = submission.brief.full_url
    return f"{brief_url}{publishing.slug_for(submission)}/" if brief_url else ""


def _statement(message: Message) -> dict[str, Any]:
    """What there is to know of a decision beside its reason and its rule."""
    if message.kind not in NEGATIVE:
        return {}
    decision = Decision.objects.filter(pk=message.facts.get("decision")).first()
    if decision is None:  # a preview: somebody is about to take it
        decision = Decision(action=message.kind, decided_at=timezone.now())
        decision.submission = message.submission
    appealable = message.kind in APPEALABLE
    return {
        "automatic": decision.is_automatic,
        "after_notice": noticing.led_to(decision),
        "appeal_until": appealing.deadline(decision) if appealable else None,
    }


def _change(message: Message, submission: Submission) -> dict[str, Any]:
    """The line of the ledger a mail is about, in words."""
    entry = LedgerEntry.objects.filter(pk=message.facts.get("entry")).first()
    if entry is None:
        return {}
    path = reverse("wagtail_crowdbrand:ledger", args=[entry.campaign_page_id])
    return {
        "line": wording.line_of(entry, zone=submission.campaign.zone),
        "ledger_url": site_url(submission, path),
    }


def _seal(message: Message) -> dict[str, Any]:
    """The seal receipt a mail brings along; nothing when it was erased meanwhile."""
    rows = SealReceipt.objects.filter(pk=message.facts.get("receipt"))
    receipt = rows.exclude(submission=None).first()
    if receipt is None:
        return {"receipt": None}
    return {"receipt": receipt, "receipt_file": receipts.as_file(receipt)}


def _own_words(kind: str, context: dict[str, Any]) -> dict[str, Any]:
    """The campaign's words for this mail, if it has any."""
    campaign, brief = context["campaign"], context["brief"]
    language = translation.get_language() or ""
    words = mailtexts.find(campaign.mail_texts, kind, language)
    if words is None:
        return {}
    values = {
        "name": context["name"],
        "title": context["title"],
        "code": context["submission"].code,
        "brief": one_line(brief.title),
        "campaign": one_line(campaign.title),
        "brand": one_line(campaign.brand_name),
    }
    return {
        "own_subject": mailtexts.fill(words["subject"], values),
        "own_words": mailtexts.fill(words["text"], values),
        "own_greeting": "{name}" in words["text"],
    }


def _for_giver(notice: Notice) -> dict[str, Any]:
    """Of what the giver typed nothing: anybody's address may stand there."""
    submission = notice.submission
    reason = reasons.find(notice.reason_code)
    language = translation.get_language() or ""
    return {
        "submission": submission,
        "notice": notice,
        "reason_label": reason.in_language(language).label if reason else "",
        "answer": notice.answer,
        "brief": submission.brief,
        "brief_url": submission.brief.full_url or "",
        "campaign": submission.campaign,
        "page_url": _page_url(submission) if submission.visible_from else "",
    }


def _for_moderator(user: Any) -> dict[str, Any] | None:
    """What waits for them, in numbers; ``None`` when nothing does any more."""
    waiting = permissions.waiting_for(user).order_by("submitted_at")
    counts = {
        "count": waiting.count(),
        "notices": noticing.open_for(user).count(),
        "appeals": appealing.open_for(user).count(),
    }
    if not any(counts.values()):
        return None
    oldest = waiting.values_list("submitted_at", flat=True).first()
    link = f"{settings.WAGTAILADMIN_BASE_URL}{_desk_path()}"
    return {"user": user, "oldest": oldest, "link": link, **counts}


def _desk_path() -> str:
    try:
        return reverse(DESK)
    except NoReverseMatch:  # a site may leave our desk out of its admin
        return f"{reverse(LISTING)}?moderation=pending"


def _mail_domain() -> str:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    host = urlsplit(getattr(settings, "WAGTAILADMIN_BASE_URL", "")).hostname
    return sender.rpartition("@")[2] or host or "localhost"

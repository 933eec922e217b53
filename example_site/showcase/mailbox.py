"""The demo mailbox: an e-mail backend that keeps mails, and two views on them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from example_site.showcase.models import DemoMail

PER_PAGE = 25
# Mails style themselves inline; nothing in them may run or load from elsewhere.
HTML_PART_CSP = (
    "sandbox allow-popups allow-top-navigation-by-user-activation; "
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
)


class DemoMailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mails = [self._keep(message) for message in email_messages]
        return len(mails)

    def _keep(self, message: EmailMessage) -> DemoMail:
        message.message()  # raises on forged headers, like a real backend
        return DemoMail.objects.create(
            to=", ".join(message.recipients()),
            subject=message.subject,
            text=message.body,
            html=_html_part(message),
        )


def _html_part(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        for content, mimetype in message.alternatives:
            if mimetype == "text/html":
                return str(content)
    return ""


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """List mails, newest first; ``?to=`` keeps those with that in the address."""
    to = request.GET.get("to", "").strip()
    mails = DemoMail.objects.defer("html")
    if to:
        mails = mails.filter(to__icontains=to)
    page = Paginator(mails, PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "showcase/mailbox/list.html", {"mails": page, "to": to})


@require_safe
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(DemoMail, pk=pk)
    return render(request, "showcase/mailbox/detail.html", {"mail": mail})


@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML part alone, locked into a sandbox of its own."""
    mail = get_object_or_404(DemoMail.objects.exclude(html=""), pk=pk)
    return HttpResponse(mail.html, headers={"Content-Security-Policy": HTML_PART_CSP})

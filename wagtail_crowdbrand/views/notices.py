"""Visitors tell what is wrong with an idea they see; no account is needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_crowdbrand import callers
from wagtail_crowdbrand.cards import public_card
from wagtail_crowdbrand.domain import gallery, noticing, reasons
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.forms import NoticeForm
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.views import visitors
from wagtail_crowdbrand.views.status import private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """The form. What is hidden and what never was are the same 404."""
    now = timezone.now()
    submission = _visible(request, code, at=now)
    if submission is None:
        raise Http404
    known = reasons.for_notices()
    if request.method != "POST":
        address = getattr(request.user, "email", "")
        form = NoticeForm(submission.code, known, initial={"email": address})
        return _render(request, submission, "form", form=form)
    form = NoticeForm(submission.code, known, request.POST)
    if not form.is_valid():
        return _render(request, submission, "form", form=form)
    problem = _problem(request, form)
    try:
        visitors.limit(request, "notice", at=now)
        with transaction.atomic():
            noticing.give_notice(submission, problem, at=now)
            callers.limit_notices(request, submission.pk, at=now)
    except CrowdbrandError as error:
        if not noticing.was_given(submission, problem):
            status = 429 if error.code == "too_many" else 403
            extra = {"form": form, "problem": error}
            return _render(request, submission, "form", status=status, **extra)
    return redirect("wagtail_crowdbrand:notice_sent", code=submission.code)


@private
@require_safe
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """Thanks; the same for every code, and a way back to what can be seen."""
    submission = _visible(request, code, at=timezone.now())
    return _render(request, submission, "sent")


def _visible(request: HttpRequest, code: str, *, at: datetime) -> Submission | None:
    rows = Submission.objects.filter(code=read_code(code))
    shown = rows.visible_to(at=at, **visitors.sees(request))
    return gallery.for_cards(shown).first()


def _problem(request: HttpRequest, form: NoticeForm) -> noticing.Problem:
    data = form.cleaned_data
    return noticing.Problem(
        reason_code=data["reason"],
        person=callers.giver_of(request, data["email"]),
        text=data["text"],
        name=data["name"],
        email=data["email"],
        language=get_language() or "",
    )


def _render(
    request: HttpRequest,
    submission: Submission | None,
    name: str,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """``notice/<name>.html``; ``submission`` ``None`` where it cannot be seen."""
    context: dict[str, Any] = {"submission": submission, **extra}
    if submission is not None:
        brief = submission.brief
        brief_url = brief.get_url(request)
        context |= {
            "page": brief,
            "brief": brief,
            "brief_url": brief_url,
            "card": public_card(submission, brief_url),
        }
    template = f"wagtail_crowdbrand/notice/{name}.html"
    return render(request, template, context, status=status)

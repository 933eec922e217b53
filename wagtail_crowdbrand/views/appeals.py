"""A contributor objects to a decision about their own submission."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wagtail_crowdbrand.cards import private_card
from wagtail_crowdbrand.domain import appealing
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.forms import AppealForm
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views import keys
from wagtail_crowdbrand.views.status import private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the decision and asks why it is wrong, POST takes the objection.

    Whatever the phase: the campaign may be over. Where nothing can be objected to,
    the status page says how things are.
    """
    submission, now = keys.own_or_404(request, code), timezone.now()
    form = AppealForm(request.POST or None)
    if request.method != "POST":
        if appealing.can_appeal(submission, at=now):
            return _render(request, submission, form)
        return redirect("wagtail_crowdbrand:status", code=submission.code)
    if not form.is_valid():
        return _render(request, submission, form)
    text = form.cleaned_data["text"]
    try:
        appealing.appeal(submission, text=text, at=now)
    except CrowdbrandError as error:
        if not submission.appeals.filter(text=text).exists():  # else a second click
            return _render(request, submission, form, problem=error, status=403)
    return redirect("wagtail_crowdbrand:status", code=submission.code)


def _render(
    request: HttpRequest,
    submission: Submission,
    form: AppealForm,
    *,
    problem: CrowdbrandError | None = None,
    status: int = 200,
) -> HttpResponse:
    brief = submission.brief
    context = {
        "page": brief,
        "submission": submission,
        "card": private_card(submission.get_latest_revision_as_object()),
        "statement": appealing.statement_of(submission, at=timezone.now()),
        "campaign": brief.campaign,
        "form": form,
        "problem": problem,
    }
    template = "wagtail_crowdbrand/status/appeal_form.html"
    return render(request, template, context, status=status)

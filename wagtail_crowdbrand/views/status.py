"""A contributor's own submission: its status, and what can still be done about it."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_crowdbrand.cards import private_card
from wagtail_crowdbrand.domain import access, appealing, phases, receipts, submitting
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.forms import (
    IdeaForm,
    PersonForm,
    PictureList,
    stays_on_page,
)
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.notifications import private_url
from wagtail_crowdbrand.states import Capability, ContributorStatus, Lifecycle
from wagtail_crowdbrand.views import keys, visitors
from wagtail_crowdbrand.views.clock import clock_of
from wagtail_crowdbrand.views.submit import (
    person_initial,
    picture_fields,
    posted_idea,
    step_url,
)

#: Session key of the code whose confirmation link was opened.
CONFIRMING = "crowdbrand_confirming"
#: Session key of the pictures of an edit that was begun, by code.
EDITING = "crowdbrand_editing"


def private(view: Any) -> Any:
    """Never stored by a cache, indexed, or named to anybody where it has a secret."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = never_cache(view)(request, **kwargs)
        except Http404 as error:  # that somebody may not see it is private as well
            response = response_for_exception(request, error)
            add_never_cache_headers(response)
        # Forms need an origin, which "no-referrer" takes from them (Fetch, 3.2).
        policy = "no-referrer" if "token" in kwargs else "same-origin"
        response["Referrer-Policy"] = policy
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def _by_token(code: str, token: str, purpose: str) -> Submission | None:
    row = Submission.objects.filter(code=read_code(code)).first()
    # An unknown code takes the same path, so that it takes the same time.
    valid = access.is_valid(token, row or Submission(pk=0), purpose)
    return row if row and valid else None


def _invalid(request: HttpRequest) -> HttpResponse:
    """Guessing links is counted; after too many the answer says so."""
    refusal = visitors.over_limit(request, "link", at=timezone.now())
    context = {"problem": refusal}
    status = 429 if refusal else 404
    template = "wagtail_crowdbrand/status/invalid.html"
    return render(request, template, context, status=status)


@private
@require_safe
def confirm_link(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """From the mail. Opening it changes nothing: mail scanners open links, too."""
    submission = _by_token(code, token, access.CONFIRM)
    if submission is None:
        return _invalid(request)
    request.session[CONFIRMING] = {submission.code: submission.nonce}
    return redirect("wagtail_crowdbrand:confirm_form", code=submission.code)


@private
@require_safe
def edit_link(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """From the receipt: remember it in the session, go where the URL has no secret."""
    submission = _by_token(code, token, access.EDIT)
    if submission is None:
        return _invalid(request)
    keys.grant(request, submission)
    return redirect("wagtail_crowdbrand:status", code=submission.code)


@private
@require_safe
def resume_link(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """From a mail the contributor asked for: opens a draft, nothing that was sent."""
    draft = _by_token(code, token, access.RESUME)
    if draft is None or draft.lifecycle != Lifecycle.DRAFT:
        return _invalid(request)
    keys.grant(request, draft)
    return redirect("wagtail_crowdbrand:status", code=draft.code)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows what is confirmed, POST confirms it."""
    row = Submission.objects.select_related("personal").filter(code=read_code(code))
    submission = row.first()
    if submission and submission.confirmed_at and keys.opens(request, submission):
        return redirect("wagtail_crowdbrand:status", code=submission.code)
    nonce = request.session.get(CONFIRMING, {}).get(read_code(code))
    if submission is None or nonce != submission.nonce:
        return _invalid(request)
    problem = None
    if request.method == "POST":
        try:
            submission = submitting.confirm(submission, at=timezone.now())
        except CrowdbrandError as error:
            problem = error
        else:
            keys.grant(request, submission)
            del request.session[CONFIRMING]
            return redirect("wagtail_crowdbrand:status", code=submission.code)
    return _render(request, submission, "confirm", problem=problem)


@private
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Receipt and status in one: code, private link, where it stands and why."""
    submission = keys.own_or_404(request, code)
    if submission.lifecycle == Lifecycle.DRAFT:
        return redirect(step_url(request, submission.brief, submission, "idea"))
    link = ""
    if submission.confirmed_at:
        link = private_url(submission, access.EDIT)
    receipt = receipts.current(submission)
    return _render(request, submission, "show", private_link=link, receipt=receipt)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """All of it on one page; nothing changes before it is sent."""
    submission, now = keys.own_or_404(request, code), timezone.now()
    try:
        submitting.require_editable(submission, at=now)
    except CrowdbrandError as error:
        return _render(request, submission, "show", problem=error, status=403)
    newest = submission.get_latest_revision_as_object()
    begun = request.session.get(EDITING, {})
    if request.method != "POST":
        form = IdeaForm(submission.brief, initial=IdeaForm.initial_from(newest))
        person = PersonForm(signed_in=True, initial=person_initial(submission))
        pictures = PictureList(submission, begun.get(submission.code, newest.images))
        return _render_edit(request, submission, form, person, pictures)
    form, pictures = posted_idea(request, submission.brief, submission, at=now)
    person = PersonForm(request.POST, signed_in=True)
    # Nothing is changed before it is sent, but what arrived survives a reload.
    request.session[EDITING] = {submission.code: pictures.images}
    if stays_on_page(request.POST):
        return _render_edit(request, submission, form, person, pictures)
    pictures.check()
    complete = form.is_valid() & person.is_valid()
    if not complete or pictures.errors or pictures.without_alt:
        return _render_edit(request, submission, form, person, pictures)
    try:
        submitting.edit(
            submission,
            idea=form.idea(pictures.images),
            person=person.person(),
            at=now,
        )
    except CrowdbrandError as error:
        return _render_edit(request, submission, form, person, pictures, error)
    request.session.pop(EDITING)
    return redirect("wagtail_crowdbrand:status", code=submission.code)


def _render_edit(
    request: HttpRequest,
    submission: Submission,
    form: IdeaForm,
    person: PersonForm,
    pictures: PictureList,
    problem: CrowdbrandError | None = None,
) -> HttpResponse:
    form.show_pictures(submission)
    return _render(
        request,
        submission,
        "edit",
        form=form,
        person_form=person,
        problem=problem,
        **picture_fields(request, submission, pictures),
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks, POST does it."""
    submission = keys.own_or_404(request, code)
    problem = None
    if request.method == "POST":
        try:
            submitting.withdraw(submission, at=timezone.now())
        except CrowdbrandError as error:
            problem = error
        else:
            return redirect("wagtail_crowdbrand:status", code=submission.code)
    return _render(request, submission, "withdraw", problem=problem)


def _can_edit(submission: Submission) -> bool:
    try:
        submitting.require_editable(submission, at=timezone.now())
    except CrowdbrandError:
        return False
    return True


def _render(
    request: HttpRequest,
    submission: Submission,
    name: str,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """``status/<name>.html``."""
    brief, now = submission.brief, timezone.now()
    campaign = brief.campaign
    may_withdraw = phases.check(Capability.WITHDRAW, campaign, at=now).allowed
    context = {
        "page": brief,
        "submission": submission,
        "card": private_card(submission.get_latest_revision_as_object()),
        "state": submission.contributor_status,
        "States": ContributorStatus,
        "brief": brief,
        "brief_url": brief.get_url(request),
        "campaign": campaign,
        "clock": clock_of(campaign, at=now),
        "confirm_until": phases.confirm_deadline(campaign),
        "statement": appealing.statement_of(submission, at=now),
        "can_edit": _can_edit(submission),
        "can_withdraw": may_withdraw and submission.lifecycle == Lifecycle.SUBMITTED,
        **extra,
    }
    template = f"wagtail_crowdbrand/status/{name}.html"
    return render(request, template, context, status=status)

"""Sending an idea in three steps, each a plain form: idea → about you → check."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from wagtail_crowdbrand.cards import private_card, private_picture
from wagtail_crowdbrand.domain import drafting, submitting, terms
from wagtail_crowdbrand.errors import CrowdbrandError, NotAllowed
from wagtail_crowdbrand.forms import (
    IdeaForm,
    PersonForm,
    PictureList,
    ResumeForm,
    SendForm,
    answers_from_post,
    stays_on_page,
)
from wagtail_crowdbrand.models import BriefMixin, Submission
from wagtail_crowdbrand.states import Lifecycle
from wagtail_crowdbrand.views import keys, visitors
from wagtail_crowdbrand.views.clock import clock_of

STEPS = ("idea", "about", "check")


@never_cache
def start(request: HttpRequest, brief: BriefMixin, *, at: datetime) -> HttpResponse:
    """The first step. Its first answer makes a draft that outlives errors and Back."""
    if not clock_of(brief.campaign, at=at).can_submit:
        return _closed(request, brief, at=at)
    draft = keys.draft_for(request, brief.translation_key)
    if request.method == "POST":
        problem = visitors.over_limit(request, "draft", at=at)
        if problem:
            form = IdeaForm(brief, request.POST)
            extra = {"form": form, "pictures": [], "problem": problem}
            return _render(request, brief, "idea", at=at, status=429, **extra)
        user = request.user if request.user.is_authenticated else None
        language = get_language() or ""
        draft = drafting.start_draft(brief, user=user, language=language, at=at)
        keys.grant(request, draft)
        return _post_idea(request, brief, draft, at=at)
    if draft and "new" not in request.GET:
        return redirect(step_url(request, brief, draft, "idea"))
    form = IdeaForm(brief)
    return _render(request, brief, "idea", at=at, form=form, pictures=[])


@never_cache
def step(
    request: HttpRequest, brief: BriefMixin, *, code: str, name: str, at: datetime
) -> HttpResponse:
    """One step of a draft this session began."""
    draft = keys.own_or_404(request, code)
    handlers = {"idea": _idea, "about": _about, "check": _check, "resume": _resume}
    if name not in handlers or draft.brief_key != brief.translation_key:
        raise Http404
    if draft.lifecycle != Lifecycle.DRAFT:
        return redirect("wagtail_crowdbrand:status", code=draft.code)
    if not clock_of(brief.campaign, at=at).can_submit:
        return _closed(request, brief, draft, at=at)
    try:
        return handlers[name](request, brief, draft, at=at)
    except NotAllowed:  # sent in another tab, or closed, since it was looked up
        draft.refresh_from_db(fields=["lifecycle"])
        if draft.lifecycle != Lifecycle.DRAFT:
            return redirect("wagtail_crowdbrand:status", code=draft.code)
        return _closed(request, brief, draft, at=at)


def _closed(
    request: HttpRequest,
    brief: BriefMixin,
    draft: Submission | None = None,
    *,
    at: datetime,
) -> HttpResponse:
    """Too late, or too early: nobody loses the words that were on the way."""
    kept = {
        name: request.POST.get(name) or (getattr(draft, name) if draft else "")
        for name in ("title", "summary")
    }
    extra = {"draft": draft, "kept": kept}
    return _render(request, brief, "closed", at=at, status=403, **extra)


def step_url(
    request: HttpRequest, brief: BriefMixin, draft: Submission, name: str
) -> str:
    return f"{brief.get_url(request)}submit/{draft.code}/{name}/"


def _idea(
    request: HttpRequest, brief: BriefMixin, draft: Submission, *, at: datetime
) -> HttpResponse:
    if request.method == "POST":
        return _post_idea(request, brief, draft, at=at)
    form = IdeaForm(brief, initial=IdeaForm.initial_from(draft))
    pictures = PictureList(draft, draft.images)
    return _render_idea(request, brief, draft, form, pictures, at=at)


def _post_idea(
    request: HttpRequest, brief: BriefMixin, draft: Submission, *, at: datetime
) -> HttpResponse:
    form, pictures = posted_idea(request, brief, draft, at=at)
    valid = form.is_valid()
    drafting.save_draft(draft, idea=form.idea(pictures.images), at=at)
    here = step_url(request, brief, draft, "idea")
    # Who adds pictures first is not told yet that the rest is empty.
    quiet = not pictures.errors and (valid or form.only_gaps)
    if stays_on_page(request.POST):
        if quiet:
            return redirect(f"{here}#pictures")
    elif "later" in request.POST:
        return _later(request, brief, draft)
    else:
        pictures.check()
        if valid and not pictures.errors and not pictures.without_alt:
            return redirect(step_url(request, brief, draft, "about"))
    return _render_idea(request, brief, draft, form, pictures, at=at)


def _later(request: HttpRequest, brief: BriefMixin, draft: Submission) -> HttpResponse:
    """It is saved. An account finds it in its list; a guest may have a link mailed."""
    if request.user.is_authenticated:
        return redirect("wagtail_crowdbrand:mine")
    return redirect(step_url(request, brief, draft, "resume"))


def _render_idea(
    request: HttpRequest,
    brief: BriefMixin,
    draft: Submission,
    form: IdeaForm,
    pictures: PictureList,
    *,
    at: datetime,
) -> HttpResponse:
    form.show_pictures(draft)
    rows = picture_fields(request, draft, pictures)
    return _render(request, brief, "idea", at=at, draft=draft, form=form, **rows)


def posted_idea(
    request: HttpRequest, brief: BriefMixin, submission: Submission, *, at: datetime
) -> tuple[IdeaForm, PictureList]:
    """What was sent; new pictures are stored, but only as fast as the limits allow."""
    count = sum(len(files) for _name, files in request.FILES.lists())
    refusal = visitors.over_limit(request, "upload", at=at, cost=count)
    files = MultiValueDict() if refusal else request.FILES
    data, problems = answers_from_post(brief, submission, request.POST, files, at=at)
    pictures = PictureList.from_post(submission, data, files, at=at)
    if refusal:
        pictures.errors.append(refusal.message)
    return IdeaForm(brief, data, problems=problems), pictures


def picture_fields(
    request: HttpRequest, submission: Submission, pictures: PictureList
) -> dict[str, Any]:
    """What the fields for pictures show; a row is ``{picture, upload, needs_alt}``."""
    uploads = {str(upload.pk): upload for upload in submission.uploads.all()}
    rows = [
        {
            "picture": private_picture(uploads[item["upload"]], item["alt"]),
            "upload": uploads[item["upload"]],
            "needs_alt": not item["alt"],
        }
        for item in pictures
    ]
    going_on = request.method == "POST" and not stays_on_page(request.POST)
    return {
        "pictures": rows,
        "picture_errors": pictures.errors,
        "needs_alt": bool(pictures.without_alt) and going_on,
    }


def _about(
    request: HttpRequest, brief: BriefMixin, draft: Submission, *, at: datetime
) -> HttpResponse:
    signed_in = request.user.is_authenticated
    if request.method != "POST":
        form = PersonForm(signed_in=signed_in, initial=person_initial(draft))
        return _render(request, brief, "about", at=at, draft=draft, form=form)
    form = PersonForm(request.POST, signed_in=signed_in)
    valid = form.is_valid()
    drafting.save_draft(draft, person=form.person(), suspicion=form.suspicion, at=at)
    if "later" in request.POST:
        return _later(request, brief, draft)
    if valid:
        return redirect(step_url(request, brief, draft, "check"))
    return _render(request, brief, "about", at=at, draft=draft, form=form)


def person_initial(draft: Submission) -> dict[str, str]:
    return {
        "email": draft.personal.email,
        "credit_name": draft.personal.pending_credit_name,
        "co_authors": draft.personal.pending_co_authors,
    }


def _check(
    request: HttpRequest, brief: BriefMixin, draft: Submission, *, at: datetime
) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    if drafting.missing(draft):
        return redirect(step_url(request, brief, draft, "idea"))
    if user is None and not draft.personal.email:
        return redirect(step_url(request, brief, draft, "about"))
    version = terms.current_version(brief.campaign, at=at)
    form = SendForm(request.POST or None, initial={"terms_number": version.number})
    problem = None
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["terms_number"]
        try:
            visitors.limit(request, "submit", at=at)
            submitting.submit(draft, user=user, terms_number=number, at=at)
        except CrowdbrandError as error:
            problem = error
            form = SendForm(initial={"terms_number": version.number})
        else:
            return redirect("wagtail_crowdbrand:status", code=draft.code)
    card = private_card(draft)
    extra = {"form": form, "card": card, "terms": version, "problem": problem}
    return _render(request, brief, "check", at=at, draft=draft, **extra)


def _resume(
    request: HttpRequest, brief: BriefMixin, draft: Submission, *, at: datetime
) -> HttpResponse:
    """A link by mail with which the draft is found again on any device."""
    initial = {"email": draft.personal.email}
    form, problem = ResumeForm(request.POST or None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            visitors.limit(request, "resume", at=at)
            email = form.cleaned_data["email"]
            drafting.mail_resume_link(draft, email=email, at=at)
        except CrowdbrandError as error:
            problem = error
        else:
            return redirect(f"{request.path}?sent")
    extra = {"form": form, "problem": problem, "sent": "sent" in request.GET}
    return _render(request, brief, "resume", at=at, draft=draft, **extra)


def _render(
    request: HttpRequest,
    brief: BriefMixin,
    name: str,
    *,
    at: datetime,
    draft: Submission | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """``submit/<name>.html``; ``step_urls`` lets people go back without losing much."""
    names = (*STEPS, "resume") if draft else ()
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "campaign_url": brief.campaign.get_url(request),
        "brief_url": brief.get_url(request),
        "clock": clock_of(brief.campaign, at=at),
        "step": name,
        "step_urls": {each: step_url(request, brief, draft, each) for each in names},
        "draft": draft,
        **extra,
    }
    template = f"wagtail_crowdbrand/submit/{name}.html"
    return TemplateResponse(request, template, context, status=status)

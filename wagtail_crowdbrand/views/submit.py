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
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.forms import IdeaForm, PersonForm, PictureList, SendForm
from wagtail_crowdbrand.models import BriefMixin, Submission
from wagtail_crowdbrand.states import Lifecycle
from wagtail_crowdbrand.views import keys, visitors
from wagtail_crowdbrand.views.clock import clock_of

STEPS = ("idea", "about", "check")


@never_cache
def start(request: HttpRequest, brief: BriefMixin, *, at: datetime) -> HttpResponse:
    """The first step. Its first answer makes a draft that outlives errors and Back."""
    clock = clock_of(brief.campaign, at=at)
    if not clock.can_submit:
        return _render(request, brief, "closed", at=at, status=403)
    draft = keys.draft_for(request, brief.translation_key)
    if request.method == "POST":
        problem = visitors.over_limit(request, "draft", at=at)
        if problem:
            form = IdeaForm(brief, request.POST)
            extra = {"form": form, "pictures": [], "problem": problem}
            return _render(request, brief, "idea", at=at, status=429, **extra)
        draft = drafting.start_draft(brief, language=get_language() or "", at=at)
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
    if name not in STEPS or draft.brief_key != brief.translation_key:
        raise Http404
    if draft.lifecycle != Lifecycle.DRAFT:
        return redirect("wagtail_crowdbrand:status", code=draft.code)
    if not clock_of(brief.campaign, at=at).can_submit:
        return _render(request, brief, "closed", at=at, status=403, draft=draft)
    handlers = {"idea": _idea, "about": _about, "check": _check}
    return handlers[name](request, brief, draft, at=at)


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
    form = IdeaForm(brief, request.POST)
    pictures = pictures_from(request, draft, at=at)
    valid = form.is_valid()
    drafting.save_draft(draft, idea=form.idea(pictures.images), at=at)
    # Who adds pictures first is not told yet that the rest is empty.
    if "upload" in request.POST and not pictures.errors and (valid or form.only_gaps):
        return redirect(step_url(request, brief, draft, "idea") + "#pictures")
    if "upload" not in request.POST:
        pictures.check()
        if valid and not pictures.errors and not pictures.without_alt:
            return redirect(step_url(request, brief, draft, "about"))
    return _render_idea(request, brief, draft, form, pictures, at=at)


def _render_idea(
    request: HttpRequest,
    brief: BriefMixin,
    draft: Submission,
    form: IdeaForm,
    pictures: PictureList,
    *,
    at: datetime,
) -> HttpResponse:
    return _render(
        request,
        brief,
        "idea",
        at=at,
        draft=draft,
        form=form,
        pictures=picture_rows(draft, pictures),
        picture_errors=pictures.errors,
        needs_alt=bool(pictures.without_alt) and request.method == "POST",
    )


def pictures_from(
    request: HttpRequest, submission: Submission, *, at: datetime
) -> PictureList:
    """The pictures of a posted form; new ones only as fast as the limits allow."""
    count = len(request.FILES.getlist("files"))
    refusal = visitors.over_limit(request, "upload", at=at, cost=count)
    files = MultiValueDict() if refusal else request.FILES
    pictures = PictureList.from_post(submission, request.POST, files, at=at)
    if refusal:
        pictures.errors.append(refusal.message)
    return pictures


def picture_rows(draft: Submission, pictures: PictureList) -> list[dict[str, Any]]:
    """``{picture, needs_alt}`` for each picture the form holds."""
    uploads = {str(upload.pk): upload for upload in draft.uploads.all()}
    return [
        {
            "picture": private_picture(uploads[item["upload"]], item["alt"]),
            "needs_alt": not item["alt"],
        }
        for item in pictures
    ]


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
    urls = [step_url(request, brief, draft, step) for step in STEPS] if draft else []
    context = brief.get_context(request) | {
        "campaign": brief.campaign,
        "campaign_url": brief.campaign.get_url(request),
        "brief_url": brief.get_url(request),
        "clock": clock_of(brief.campaign, at=at),
        "step": name,
        "step_urls": dict(zip(STEPS, urls, strict=False)),
        "draft": draft,
        **extra,
    }
    template = f"wagtail_crowdbrand/submit/{name}.html"
    return TemplateResponse(request, template, context, status=status)

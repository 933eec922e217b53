"""Screens on which a moderator decides: edit, dashboard actions, hide and restore."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.snippets.views import snippets as views

from wagtail_crowdbrand.backoffice.doors import ModeratedOnly
from wagtail_crowdbrand.domain import moderating, permissions, reasons, unsealing
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.moderation import ReasonForm
from wagtail_crowdbrand.states import REASONS, Moderation


class EditView(ModeratedOnly, views.EditView):
    """Shows a submission and takes decisions. It saves nothing, autosave included."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False

    def get_page_subtitle(self) -> str:
        return f"{self.object.code} · {self.object.title}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = reverse(self.edit_url_name, args=[self.object.pk])
        if "action-workflow-action" not in request.POST:
            raise PermissionDenied(str(REASONS["through_workflow_only"]))
        loaded = request.POST.get("loaded_revision_id", "")
        try:
            if not self.workflow_action_is_valid():
                raise Conflict("not_in_moderation", REASONS["not_in_moderation"])
            if loaded != str(self.object.latest_revision_id):
                raise Conflict("content_changed", REASONS["content_changed"])
            self.workflow_action_action()
        except CrowdbrandError as error:
            messages.error(request, error.message)
            return redirect(here)
        _say_decided(request, self.object)
        return redirect(self.index_url_name)


def _say_decided(request: HttpRequest, submission: Submission) -> None:
    decision = Submission.objects.get(pk=submission.pk).get_moderation_display()
    message = _("%(code)s: %(decision)s.")
    values = {"code": submission.code, "decision": decision}
    messages.success(request, message % values)


class WorkflowActionView(ModeratedOnly, views.WorkflowActionView):
    """The decision on the dashboard; the URL's two numbers must belong together."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _require_pair(self.task_state, self.object)
        try:
            return super().dispatch(request, *args, **kwargs)
        except CrowdbrandError as error:
            messages.error(request, error.message)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            done = {"step": "success", "redirect": self.redirect_url}
            return self.render_modal_json(request, done)
        return redirect(self.redirect_url)


class CollectDataView(ModeratedOnly, views.CollectWorkflowActionDataView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _require_pair(self.task_state, self.object)
        return super().dispatch(request, *args, **kwargs)


def _require_pair(task_state: Any, submission: Submission) -> None:
    owner = task_state.workflow_state
    if (owner.base_content_type, owner.object_id) != (
        submission.get_base_content_type(),
        str(submission.pk),
    ):
        raise Http404


def change_visibility(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide what is on show, with a reason; or let something hidden come back."""
    mine = permissions.moderated_by(request.user).select_related("page")
    submission = get_object_or_404(mine, pk=pk)
    hidden = submission.moderation == Moderation.HIDDEN
    unsealing.note_look(submission, actor=request.user, at=timezone.now())
    if request.method == "POST" and not hidden and submission.visible_from is None:
        messages.error(request, REASONS["not_visible"])
        return redirect(viewset_url("edit", submission.pk))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and (hidden or form.is_valid()):
        try:
            if hidden:
                moderating.restore(submission, actor=request.user)
            else:
                code = form.cleaned_data["reason_code"]
                reason = form.cleaned_data["comment"] or (
                    reasons.require(code).in_language(submission.language).text
                )
                moderating.hide(
                    submission, actor=request.user, reason=reason, reason_code=code
                )
        except CrowdbrandError as error:
            messages.error(request, error.message)
        else:
            _say_decided(request, submission)
        return redirect(viewset_url("edit", submission.pk))
    context = {
        "submission": submission,
        "form": form,
        "hidden": hidden,
        "edit_url": viewset_url("edit", submission.pk),
    }
    template = "wagtail_crowdbrand/backoffice/change_visibility.html"
    return TemplateResponse(request, template, context)


def viewset_url(name: str, *args: Any) -> str:
    """A URL of the submissions' screens."""
    return reverse(Submission.snippet_viewset.get_url_name(name), args=args)

"""Submissions in the Wagtail admin: listing, decision screen, and closed doors."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.snippets.views import snippets as views
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from wagtail_crowdbrand.backoffice.panels import SubmissionPanel
from wagtail_crowdbrand.backoffice.policies import SubmissionPermissionPolicy
from wagtail_crowdbrand.compat import PERMISSION_POLICY_REGISTRY
from wagtail_crowdbrand.domain import moderating, permissions
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.moderation import ReasonForm
from wagtail_crowdbrand.states import REASONS, Moderation


class ModeratedOnly:
    """First in every view on one submission: it must be one this user moderates.

    Wagtail's generic views ask for a permission on the model; ours depends on the
    submission.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        pk = unquote(str(kwargs.get("pk", "")))
        mine = permissions.moderated_by(request.user)
        if not (pk.isdigit() and mine.filter(pk=pk).exists()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class Refused:
    """A door of the generic screens that stays shut, for superusers as well."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied


class ModerationFilterSet(WagtailFilterSet):
    """Filters beside the listing."""

    moderation = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Moderation"),
        choices=Moderation.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Submission
        fields: list[str] = []


class IndexView(views.IndexView):
    """All submissions this user moderates, newest first."""

    default_ordering = "-submitted_at"
    is_searchable = True

    @cached_property
    def columns(self) -> list[Column]:
        edit = f"{self.edit_url_name}"
        return [
            TitleColumn(
                "code",
                label=_("Code"),
                url_name=edit,
                get_title_id=lambda row: f"snippet_{row.pk}_title",
            ),
            Column("title", label=_("Title")),
            Column("brief_page", label=_("Brief"), accessor="brief_page.title"),
            StatusTagColumn(
                "staff_status",
                label=_("Status"),
                accessor=lambda row: row.staff_status.label,
                primary=lambda row: row.moderation == Moderation.PENDING,
            ),
            DateColumn("submitted_at", label=_("Received"), sort_key="submitted_at"),
        ]

    def get_base_queryset(self) -> QuerySet[Submission]:
        return permissions.moderated_by(self.request.user).select_related("brief_page")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        words = (self.search_query or "").strip()
        if not words:
            return queryset
        return queryset.filter(Q(code=words.upper()) | Q(title__icontains=words))

    def get_list_buttons(self, instance: Submission) -> list[Any]:
        return []


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


class HistoryView(ModeratedOnly, views.HistoryView):
    pass


class UsageView(ModeratedOnly, views.UsageView):
    pass


class CompareView(ModeratedOnly, views.RevisionsCompareView):
    pass


class PreviewRevisionView(ModeratedOnly, views.PreviewRevisionView):
    pass


class PreviewOnEditView(ModeratedOnly, views.PreviewOnEditView):
    pass


class WorkflowPreviewView(ModeratedOnly, views.WorkflowPreviewView):
    pass


class WorkflowHistoryView(ModeratedOnly, views.WorkflowHistoryView):
    pass


class WorkflowHistoryDetailView(ModeratedOnly, views.WorkflowHistoryDetailView):
    pass


class ConfirmCancellationView(Refused, views.ConfirmWorkflowCancellationView):
    pass


class AddView(Refused, views.CreateView):
    pass


class DeleteView(Refused, views.DeleteView):
    pass


class UnpublishView(Refused, views.UnpublishView):
    pass


class UnscheduleView(Refused, views.RevisionsUnscheduleView):
    pass


class PreviewOnAddView(Refused, views.PreviewOnCreateView):
    pass


def change_visibility(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide what is on show, with a reason; or let something hidden come back."""
    mine = permissions.moderated_by(request.user).select_related("page")
    submission = get_object_or_404(mine, pk=pk)
    hidden = submission.moderation == Moderation.HIDDEN
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and (hidden or form.is_valid()):
        try:
            if hidden:
                moderating.restore(submission, actor=request.user)
            else:
                reason = form.cleaned_data["comment"]
                moderating.hide(submission, actor=request.user, reason=reason)
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


class SubmissionViewSet(SnippetViewSet):
    """Registered as a snippet, because Wagtail's review screens need it to be one."""

    model = Submission
    icon = "pick"
    menu_label = gettext_lazy("Submissions")
    list_per_page = 50
    filterset_class = ModerationFilterSet
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_handler = ObjectList([SubmissionPanel()])
    index_view_class = IndexView
    add_view_class = AddView
    edit_view_class = EditView
    delete_view_class = DeleteView
    usage_view_class = UsageView
    history_view_class = HistoryView
    revisions_view_class = PreviewRevisionView
    revisions_compare_view_class = CompareView
    revisions_unschedule_view_class = UnscheduleView
    unpublish_view_class = UnpublishView
    preview_on_add_view_class = PreviewOnAddView
    preview_on_edit_view_class = PreviewOnEditView
    workflow_action_view_class = WorkflowActionView
    collect_workflow_action_data_view_class = CollectDataView
    confirm_workflow_cancellation_view_class = ConfirmCancellationView
    workflow_preview_view_class = WorkflowPreviewView
    workflow_history_view_class = WorkflowHistoryView
    workflow_history_detail_view_class = WorkflowHistoryDetailView

    if not PERMISSION_POLICY_REGISTRY:
        permission_policy = SubmissionPermissionPolicy(Submission)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("visibility/<int:pk>/", change_visibility, name="visibility"),
        ]

    def register_chooser_viewset(self) -> None:
        """No chooser: it would list every submission to anybody in the admin."""


class CampaignsGroup(SnippetViewSetGroup):
    """The one entry in the main menu."""

    items = (SubmissionViewSet,)
    menu_label = gettext_lazy("Campaigns")
    menu_icon = "group"
    menu_order = 250

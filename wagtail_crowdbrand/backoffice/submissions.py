"""Submissions in the Wagtail admin: the listing, and the viewset that wires it all."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.snippets.views import snippets as views
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from wagtail_crowdbrand.backoffice import deciding, doors
from wagtail_crowdbrand.backoffice.desk import DeskViewSet, NoticesViewSet
from wagtail_crowdbrand.backoffice.overview import OverviewViewSet, SettingsViewSet
from wagtail_crowdbrand.backoffice.panels import SubmissionPanel
from wagtail_crowdbrand.backoffice.policies import SubmissionPermissionPolicy
from wagtail_crowdbrand.compat import PERMISSION_POLICY_REGISTRY
from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import Moderation


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
    add_view_class = doors.AddView
    edit_view_class = deciding.EditView
    edit_template_name = "wagtail_crowdbrand/backoffice/submission_edit.html"
    delete_view_class = doors.DeleteView
    usage_view_class = doors.UsageView
    history_view_class = doors.HistoryView
    revisions_view_class = doors.PreviewRevisionView
    revisions_compare_view_class = doors.CompareView
    revisions_unschedule_view_class = doors.UnscheduleView
    unpublish_view_class = doors.UnpublishView
    preview_on_add_view_class = doors.PreviewOnAddView
    preview_on_edit_view_class = doors.PreviewOnEditView
    workflow_action_view_class = deciding.WorkflowActionView
    collect_workflow_action_data_view_class = deciding.CollectDataView
    confirm_workflow_cancellation_view_class = doors.ConfirmCancellationView
    workflow_preview_view_class = doors.WorkflowPreviewView
    workflow_history_view_class = doors.WorkflowHistoryView
    workflow_history_detail_view_class = doors.WorkflowHistoryDetailView

    if not PERMISSION_POLICY_REGISTRY:
        permission_policy = SubmissionPermissionPolicy(Submission)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("visibility/<int:pk>/", deciding.change_visibility, name="visibility"),
        ]

    def register_chooser_viewset(self) -> None:
        """No chooser: it would list every submission to anybody in the admin."""


class CampaignsGroup(SnippetViewSetGroup):
    """The one entry in the main menu."""

    items = (
        OverviewViewSet,
        SubmissionViewSet,
        DeskViewSet,
        NoticesViewSet,
        SettingsViewSet,
    )
    menu_label = gettext_lazy("Campaigns")
    menu_icon = "group"
    menu_order = 250

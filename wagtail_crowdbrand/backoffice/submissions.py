"""Submissions in the Wagtail admin: the listing, and the viewset that wires it all."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.snippets.views import snippets as views
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from wagtail_crowdbrand.backoffice import bulk, deciding, doors
from wagtail_crowdbrand.backoffice.contributors import ContributorViewSet
from wagtail_crowdbrand.backoffice.desk import DeskViewSet, NoticesViewSet
from wagtail_crowdbrand.backoffice.filters import SubmissionFilterSet
from wagtail_crowdbrand.backoffice.journals import JournalsMenu
from wagtail_crowdbrand.backoffice.listings import (
    CappedPaginator,
    ContributorColumn,
    IdeaColumn,
    StatusColumn,
    ThumbnailColumn,
    for_listing,
    listed,
    ordered,
    searched,
)
from wagtail_crowdbrand.backoffice.overview import OverviewViewSet, SettingsViewSet
from wagtail_crowdbrand.backoffice.panels import SubmissionPanel
from wagtail_crowdbrand.backoffice.policies import SubmissionPermissionPolicy
from wagtail_crowdbrand.backoffice.reasons import ReasonViewSet
from wagtail_crowdbrand.compat import PERMISSION_POLICY_REGISTRY
from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import Submission


class IndexView(views.IndexView):
    """All submissions this user moderates, newest first."""

    template_name = "wagtail_crowdbrand/backoffice/submissions.html"
    default_ordering = "-submitted_at"
    is_searchable = True
    paginator_class = CappedPaginator
    FORMATS = ()  # no export: the journals and reports have theirs

    @cached_property
    def columns(self) -> list[Column]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            ThumbnailColumn("picture", label="", classname="cb-thumbnail"),
            IdeaColumn(
                "title",
                label=_("Idea"),
                url_name=self.edit_url_name,
                get_title_id=lambda row: f"snippet_{row.pk}_title",
            ),
            Column("brief_page", label=_("Brief"), accessor="brief_page.title"),
            ContributorColumn(
                "contributor",
                label=_("Contributor"),
                with_address=permissions.can_view_contact(self.request.user),
            ),
            StatusColumn("staff_status", label=_("Status")),
            DateColumn(
                "submitted_at",
                label=_("Received"),
                sort_key="submitted_at",
                classname="cb-cell__when",
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Submission]:
        return for_listing(listed(self.request.user))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return ordered(queryset, self.ordering)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return searched(queryset, self.search_query, self.request.user)

    def get_list_buttons(self, instance: Submission) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"bulk_buttons": bulk.buttons()}


class SubmissionViewSet(SnippetViewSet):
    """Registered as a snippet, because Wagtail's review screens need it to be one."""

    model = Submission
    icon = "pick"
    menu_label = gettext_lazy("Submissions")
    list_per_page = 50
    filterset_class = SubmissionFilterSet
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
            path("batch/<int:pk>/", bulk.BatchView.as_view(), name="batch"),
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
        ContributorViewSet,
        JournalsMenu,
        ReasonViewSet,
        SettingsViewSet,
    )
    menu_label = gettext_lazy("Campaigns")
    menu_icon = "group"
    menu_order = 250

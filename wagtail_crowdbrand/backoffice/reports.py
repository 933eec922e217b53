"""Wagtail's Reports menu: how long decisions took, why they said no, what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet

from wagtail_crowdbrand.backoffice.deciding import viewset_url
from wagtail_crowdbrand.backoffice.doors import ModeratorsOnly
from wagtail_crowdbrand.backoffice.exports import SafeExport
from wagtail_crowdbrand.backoffice.listings import campaign_pages
from wagtail_crowdbrand.domain import permissions, reporting
from wagtail_crowdbrand.models import Decision
from wagtail_crowdbrand.states import StaffStatus

#: What a report covers unless its reader chooses other dates.
SPAN = timedelta(weeks=52)


class DecisionFilterSet(WagtailFilterSet):
    decided_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Decided"), widget=DateRangePickerWidget
    )
    campaign = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Campaign"),
        field_name="submission__campaign_page",
        queryset=campaign_pages,
    )

    class Meta:
        model = Decision
        fields: list[str] = []


class Report(ModeratorsOnly, SafeExport, ReportView):
    """A list of rows that the domain counted."""

    name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": self.get_page_title()}]

    def get_index_url(self) -> str:
        return reverse(f"crowdbrand_reports:{self.name}")

    def get_index_results_url(self) -> str:
        return reverse(f"crowdbrand_reports:{self.name}_results")

    def get_filename(self) -> str:
        return f"moderation-{self.name}"

    def get_heading(self, queryset: Any, field: str) -> str:
        return str(self.export_headings[field])


class DecisionReport(Report):
    """About decisions, of the last 52 weeks or the dates asked for."""

    filterset_class = DecisionFilterSet

    def decisions(self) -> QuerySet[Decision]:
        rows = self.filter_queryset(reporting.decisions_of(self.request.user))
        if not self.is_filtering or not self.filters.form.cleaned_data["decided_at"]:
            rows = rows.filter(decided_at__gte=timezone.now() - SPAN)
        return rows


class DurationColumn(Column):
    """In the two largest units."""

    def get_value(self, instance: Any) -> str:
        span = super().get_value(instance)
        if span < timedelta(minutes=1):
            return _("under a minute")
        now = timezone.now()
        return timesince(now - span, now, depth=2)


class TimesReport(DecisionReport):
    name = "times"
    page_title = gettext_lazy("Moderation times")
    header_icon = "time"
    list_export = ["campaign", "week", "number", "median_hours", "ninetieth_hours"]
    export_headings = {
        "campaign": gettext_lazy("Campaign"),
        "week": gettext_lazy("Week from"),
        "number": gettext_lazy("First decisions"),
        "median_hours": gettext_lazy("Median, in hours"),
        "ninetieth_hours": gettext_lazy("90th percentile, in hours"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("week", label=_("Week from"), accessor=_week),
            TitleColumn("campaign", label=_("Campaign")),
            NumberColumn("number", label=_("First decisions")),
            DurationColumn("median", label=_("Half within")),
            DurationColumn("ninetieth", label=_("Nine in ten within")),
        ]

    def get_filtered_queryset(self) -> list[reporting.Times]:
        return reporting.moderation_times(self.decisions())


def _week(row: reporting.Times) -> str:
    return date_format(row.week, "DATE_FORMAT")


class ReasonsReport(DecisionReport):
    name = "reasons"
    page_title = gettext_lazy("Reasons given")
    header_icon = "clipboard-list"
    list_export = ["reason", "code", "action", "number"]
    export_headings = {
        "reason": gettext_lazy("Reason"),
        "code": gettext_lazy("Code"),
        "action": gettext_lazy("Decision"),
        "number": gettext_lazy("Times"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("reason", label=_("Reason")),
            Column("code", label=_("Code")),
            Column("action", label=_("Decision")),
            NumberColumn("number", label=_("Times")),
        ]

    def get_filtered_queryset(self) -> list[reporting.ReasonCount]:
        return reporting.reasons_given(self.decisions())


class BacklogReport(Report):
    name = "backlog"
    page_title = gettext_lazy("Waiting for moderation")
    header_icon = "tasks"
    list_export = ["campaign", "number", "oldest"]
    export_headings = {
        "campaign": gettext_lazy("Campaign"),
        "number": gettext_lazy("Waiting"),
        "oldest": gettext_lazy("The oldest since"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("campaign", label=_("Campaign"), get_url=_waiting_url),
            NumberColumn("number", label=_("Waiting")),
            DateColumn("oldest", label=_("The oldest since")),
        ]

    def get_filtered_queryset(self) -> list[reporting.Waiting]:
        return reporting.backlog(self.request.user)


def _waiting_url(row: reporting.Waiting) -> str:
    waits = f"status={StaffStatus.WAITING}&status={StaffStatus.WAITING_EDIT}"
    return f"{viewset_url('list')}?campaign={row.campaign_id}&{waits}"


REPORTS: tuple[type[Report], ...] = (TimesReport, ReasonsReport, BacklogReport)


class ReportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.is_moderator(request.user)


def menu_items() -> list[MenuItem]:
    return [
        ReportMenuItem(
            report.page_title,
            reverse(f"crowdbrand_reports:{report.name}"),
            name=f"crowdbrand-{report.name}",
            icon_name=report.header_icon,
            order=2000 + number,
        )
        for number, report in enumerate(REPORTS)
    ]


class ReportsViewSet(ViewSet):
    """The addresses; the menu items are Wagtail's Reports menu's."""

    name = "crowdbrand_reports"
    url_prefix = "reports/crowdbrand"

    def get_urlpatterns(self) -> list[Any]:
        found = []
        for report in REPORTS:
            results = report.as_view(results_only=True)
            found += [
                path(f"{report.name}/", report.as_view(), name=report.name),
                path(f"{report.name}/results/", results, name=f"{report.name}_results"),
            ]
        return found

"""Journals: append-only lists to read and to export, with wagtail-modeladmin.

They only look. Of modeladmin's doors none but the list exists, nothing can be filtered
or ordered by the query string, and who sees what is asked of ``domain.permissions``.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import lookup_field
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import re_path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from wagtail_crowdbrand.backoffice.exports import SafeExport
from wagtail_crowdbrand.backoffice.listings import CappedPaginator
from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import Decision, Message, Submission
from wagtail_crowdbrand.models.submission import read_code


class JournalPermissions(PermissionHelper):
    """Moderators read; model permissions mean nothing, and nobody writes."""

    def user_can_list(self, user: Any) -> bool:
        return permissions.is_moderator(user)

    def user_has_any_permissions(self, user: Any) -> bool:
        return permissions.is_moderator(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class JournalView(SafeExport, IndexView):
    """The list. Its one parameter besides the page is a code to look for."""

    paginator_class = CappedPaginator

    def get_queryset(self, request: HttpRequest | None = None) -> QuerySet:
        """Not modeladmin's: that takes any lookup of the database from the URL."""
        rows = self.get_base_queryset(request)
        if self.query.strip():
            code = self.model_admin.code_field
            rows = rows.filter(**{code: read_code(self.query)})
        return rows

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {
            name: lookup_field(name, item, self.model_admin)[2]
            for name in self.list_export
        }

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                _("Download XLSX"), url=self.xlsx_export_url, icon_name="download"
            ),
            HeaderButton(
                _("Download CSV"), url=self.csv_export_url, icon_name="download"
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paginator = self.paginator_class(self.queryset, self.items_per_page)
        page = paginator.get_page(self.page_num or 1)
        title = self.get_page_title()
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return {
            "view": self,
            "object_list": page.object_list,
            "page_obj": page,
            "paginator": paginator,
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "header_title": title,
            "header_icon": self.header_icon,
            "header_buttons": self.header_buttons,
            "breadcrumbs_items": [home, {"url": "", "label": title}],
            "query": self.query,
            "about": self.model_admin.about,
            **kwargs,
        }

    def get_page_title(self) -> str:
        return str(self.model_admin.menu_label)


class Journal(ModelAdmin):
    """What the journals share. Rows come in an order that is an index."""

    index_view_class = JournalView
    index_template_name = "wagtail_crowdbrand/backoffice/journal.html"
    permission_helper_class = JournalPermissions
    history_view_enabled = False
    list_per_page = 50
    empty_value_display = ""
    code_field = "submission__code"
    about: Any = ""

    def register_with_wagtail(self) -> None:
        """The address, and nothing else: no permissions, finders or indexes."""
        hooks.register("register_admin_urls", self.get_admin_urls_for_registration)

    def get_admin_urls_for_registration(self) -> Any:
        pattern = self.url_helper.get_action_url_pattern("index")
        name = self.url_helper.get_action_url_name("index")
        return (re_path(pattern, self.index_view, name=name),)

    def code(self, row: Any) -> str:
        return row.submission.code if row.submission else ""

    code.short_description = gettext_lazy("Code")

    def campaign(self, row: Any) -> str:
        return row.submission.campaign_page.title if row.submission else ""

    campaign.short_description = gettext_lazy("Campaign")


def _of(campaigns: set[int]) -> QuerySet[Submission]:
    return Submission.objects.filter(campaign_page__in=campaigns)


def _named(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


class DecisionJournal(Journal):
    model = Decision
    base_url_path = "crowdbrand/journals/decisions"
    menu_label = gettext_lazy("Decisions")
    menu_icon = "check"
    about = gettext_lazy("Every moderation decision, with the reason given.")
    list_display = ("when", "code", "campaign", "what", "why", "by", "undone")
    list_export = (*list_display[:5], "rule", "text", *list_display[5:])
    export_filename = "decisions"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = Decision.objects.select_related("submission__campaign_page", "actor")
        if not request.user.is_superuser:
            mine = permissions.moderated_campaigns(request.user)
            rows = rows.filter(submission__campaign_page__in=mine)
        closed = permissions.sealed_off(request.user)
        if closed:
            rows = rows.exclude(submission__campaign_page__in=closed)
        return rows.order_by("-decided_at", "-pk")

    def when(self, row: Decision) -> Any:
        return row.decided_at

    when.short_description = gettext_lazy("When")

    def what(self, row: Decision) -> str:
        return row.get_action_display()

    what.short_description = gettext_lazy("Decision")

    def why(self, row: Decision) -> str:
        return row.reason_code

    why.short_description = gettext_lazy("Reason")

    def by(self, row: Decision) -> str:
        return _named(row.actor)

    by.short_description = gettext_lazy("By")

    def undone(self, row: Decision) -> Any:
        return row.undone_at or ""

    undone.short_description = gettext_lazy("Undone")


class ConsentJournal(Journal):
    model = Submission
    base_url_path = "crowdbrand/journals/consents"
    menu_label = gettext_lazy("Consents")
    menu_icon = "form"
    about = gettext_lazy("Which version of the terms was accepted when.")
    list_display = ("when", "own_code", "campaign_title", "version", "valid_from")
    list_export = (*list_display, "digest")
    export_filename = "consents"
    code_field = "code"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = permissions.moderated_by(request.user)
        rows = rows.filter(submitted_at__isnull=False, terms__isnull=False)
        return rows.select_related("campaign_page", "terms").order_by(
            "-submitted_at", "-pk"
        )

    def when(self, row: Submission) -> Any:
        return row.submitted_at

    when.short_description = gettext_lazy("Accepted")

    def own_code(self, row: Submission) -> str:
        return row.code

    own_code.short_description = gettext_lazy("Code")

    def campaign_title(self, row: Submission) -> str:
        return row.campaign_page.title

    campaign_title.short_description = gettext_lazy("Campaign")

    def version(self, row: Submission) -> int:
        return row.terms.number

    version.short_description = gettext_lazy("Version of the terms")

    def valid_from(self, row: Submission) -> Any:
        return row.terms.created_at

    valid_from.short_description = gettext_lazy("Valid from")

    def digest(self, row: Submission) -> str:
        return row.terms.digest

    digest.short_description = gettext_lazy("SHA-256 of the terms")


class MessageJournal(Journal):
    """Never what was written or to whom: only that it was, and whether it arrived."""

    model = Message
    base_url_path = "crowdbrand/journals/messages"
    menu_label = gettext_lazy("Messages")
    menu_icon = "mail"
    about = gettext_lazy("Every mail, when it left, and what went wrong.")
    list_display = ("when", "what", "about_code", "sent", "tries", "problem")
    list_export = list_display
    export_filename = "messages"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """A mail server's error may name the address it did not like."""
        if permissions.can_view_contact(request.user):
            return (*self.list_display[:-1], "whole_problem")
        return self.list_display

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        return self.get_list_display(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        user = request.user
        rows = Message.objects.select_related("submission", "notice__submission")
        if not user.is_superuser:
            mine = permissions.moderated_campaigns(user)
            about = Q(submission__campaign_page__in=mine)
            about |= Q(notice__submission__campaign_page__in=mine)
            rows = rows.filter(about | Q(user=user))
        closed = permissions.sealed_off(user)
        if closed:
            # A message without submission is about none of them, and stays.
            rows = rows.exclude(submission__in=_of(closed))
        return rows.order_by("-created_at", "-pk")

    def when(self, row: Message) -> Any:
        return row.created_at

    when.short_description = gettext_lazy("Written")

    def what(self, row: Message) -> str:
        return row.kind

    what.short_description = gettext_lazy("Kind")

    def tries(self, row: Message) -> int:
        return row.attempts

    tries.short_description = gettext_lazy("Attempts")

    def whole_problem(self, row: Message) -> str:
        return row.error

    whole_problem.short_description = gettext_lazy("Last error")

    def about_code(self, row: Message) -> str:
        submission = row.submission or (row.notice and row.notice.submission)
        return submission.code if submission else ""

    about_code.short_description = gettext_lazy("Code")

    def sent(self, row: Message) -> Any:
        return row.sent_at or ""

    sent.short_description = gettext_lazy("Sent")

    def problem(self, row: Message) -> str:
        """The kind of error, without its words."""
        return row.error.partition("(")[0]

    problem.short_description = gettext_lazy("Last error")


JOURNALS = (DecisionJournal, ConsentJournal, MessageJournal)
journals = [journal() for journal in JOURNALS]


def register() -> None:
    for journal in journals:
        journal.register_with_wagtail()


class JournalsMenu(ViewSet):
    """Only a submenu of the group: the journals bring their own addresses."""

    name = "crowdbrand_journals"
    menu_label = gettext_lazy("Journals")
    menu_icon = "history"

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        items = [
            journal.get_menu_item(order=number)
            for number, journal in enumerate(journals, start=1)
        ]
        return SubmenuMenuItem(
            label=self.menu_label,
            menu=Menu(items=items),
            name=self.name,
            icon_name=self.menu_icon,
            order=1000 if order is None else order,
        )

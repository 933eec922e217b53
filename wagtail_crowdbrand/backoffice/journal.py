"""What journals share: lists that only look, with wagtail-modeladmin.

Of modeladmin's doors none but the list exists, nothing can be filtered or ordered by
the query string, and who sees what is asked of ``domain.permissions``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import lookup_field
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import re_path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import HeaderButton
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from wagtail_crowdbrand.backoffice.exports import SafeExport
from wagtail_crowdbrand.backoffice.listings import CappedPaginator
from wagtail_crowdbrand.domain import permissions
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
        self.model_admin.complete(page.object_list)
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

    def complete(self, rows: Iterable[Any]) -> None:
        """Add what a page of the list shows and no column holds."""

    def code(self, row: Any) -> str:
        return row.submission.code if row.submission else ""

    code.short_description = gettext_lazy("Code")

    def campaign(self, row: Any) -> str:
        return row.submission.campaign_page.title if row.submission else ""

    campaign.short_description = gettext_lazy("Campaign")

"""The desk's addresses and places in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from wagtail_crowdbrand.backoffice import complaints, queue
from wagtail_crowdbrand.domain import permissions


class ForModerators(MenuItem):
    """Shown to those who moderate anything."""

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.is_moderator(request.user)


class DeskViewSet(ViewSet):
    """What waits for a decision, and appeals against decisions."""

    name = "crowdbrand_desk"
    url_prefix = "crowdbrand/desk"
    icon = "tasks"
    menu_label = _("Desk")
    menu_item_class = ForModerators

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", queue.IndexView.as_view(), name="index"),
            path("<int:pk>/", queue.LookView.as_view(), name="look"),
            path("<int:pk>/skip/", queue.SkipView.as_view(), name="skip"),
            path("undo/<int:pk>/", queue.UndoView.as_view(), name="undo"),
            path("appeals/", complaints.AppealsView.as_view(), name="appeals"),
            path("appeals/<int:pk>/", complaints.AppealView.as_view(), name="appeal"),
        ]


class NoticesViewSet(ViewSet):
    """What visitors say about something on show."""

    name = "crowdbrand_notices"
    url_prefix = "crowdbrand/notices"
    icon = "comment"
    menu_label = _("Notices")
    menu_item_class = ForModerators

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", complaints.NoticesView.as_view(), name="index"),
            path("<int:pk>/", complaints.NoticeView.as_view(), name="look"),
        ]

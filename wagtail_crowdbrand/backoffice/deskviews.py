"""What all screens of the desk share: furniture, tabs, the last decision."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_crowdbrand.backoffice.deskwords import capped, outcome_words
from wagtail_crowdbrand.backoffice.dossier import seconds_left
from wagtail_crowdbrand.domain import appealing, desk, noticing, permissions, undoing

#: Sent by ``desk.js``: it wants the desk without the admin around it.
PART = "X-Crowdbrand-Part"
TEMPLATES = "wagtail_crowdbrand/backoffice/desk"


class DeskView(WagtailAdminTemplateMixin, View):
    """One of them; for moderators only."""

    header_icon = "tasks"
    template_name = f"{TEMPLATES}/desk.html"
    tab = "desk"
    page_title = gettext_lazy("Desk")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not permissions.is_moderator(request.user):
            raise PermissionDenied
        self.at = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_template_names(self) -> list[str]:
        if PART in self.request.headers:
            return [f"{TEMPLATES}/part.html"]
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        last = undoing.last_undoable(user, at=self.at)
        return super().get_context_data(
            tab=self.tab,
            tabs=tabs_for(user),
            keys_shown=shortcuts_enabled(user),
            last=last,
            last_seconds=seconds_left(last, at=self.at),
            last_words=outcome_words(last.submission, last.action) if last else "",
            at=self.at,
            **kwargs,
        )


def tabs_for(user: Any) -> list[dict[str, Any]]:
    """The three queues and how much is in each, counted no further than needed."""
    many = desk.MANY + 1
    numbers = {
        "desk": permissions.waiting_for(user).order_by()[:many].count(),
        "notices": noticing.open_for(user).order_by()[:many].count(),
        "appeals": appealing.open_for(user).order_by()[:many].count(),
    }
    labels = {"desk": _("Waiting"), "notices": _("Notices"), "appeals": _("Appeals")}
    urls = {
        "desk": "crowdbrand_desk:index",
        "notices": "crowdbrand_notices:index",
        "appeals": "crowdbrand_desk:appeals",
    }
    return [
        {
            "name": name,
            "label": labels[name],
            "url": reverse(urls[name]),
            "number": capped(number),
        }
        for name, number in numbers.items()
    ]


def shortcuts_enabled(user: Any) -> bool:
    """Wagtail's own preference; who never opened their account has no profile."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile is None or profile.keyboard_shortcuts

"""What Wagtail's home page says about campaigns: what waits, and how many are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component

from wagtail_crowdbrand.backoffice.deciding import viewset_url
from wagtail_crowdbrand.domain import desk, permissions, reporting
from wagtail_crowdbrand.states import StaffStatus


class WaitingPanel(Component):
    """“Waiting for you: 12 ideas, the oldest 3 days.” Nothing when nothing waits."""

    name = "crowdbrand_waiting"
    order = 190
    template_name = "wagtail_crowdbrand/backoffice/home/waiting.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        waiting = desk.backlog_of(permissions.waiting_for(user))
        return {
            "backlog": waiting,
            "number": min(waiting.number, desk.MANY),
            "age": _age(waiting.oldest),
            "url": first_of("crowdbrand_desk:index") or waiting_url(),
        }


def _age(oldest: datetime | None) -> str:
    """“3 days”, in its largest unit."""
    return timesince(oldest, depth=1) if oldest else ""


class OpenCampaignsItem(SummaryItem):
    order = 250
    template_name = "wagtail_crowdbrand/backoffice/home/campaigns.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "number": reporting.open_campaigns(at=timezone.now()),
            "url": first_of("crowdbrand_overview:index") or viewset_url("list"),
        }

    def is_shown(self) -> bool:
        return permissions.is_moderator(self.request.user)


def waiting_url() -> str:
    """What waits, in the listing, the oldest first."""
    waits = f"status={StaffStatus.WAITING}&status={StaffStatus.WAITING_EDIT}"
    return f"{viewset_url('list')}?{waits}&ordering=submitted_at"


def first_of(*names: str) -> str:
    """The address of the first of these screens there is, or ``""``."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""

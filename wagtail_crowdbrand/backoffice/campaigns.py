"""Which campaign a screen is about, who gets there, and what they can do from there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_crowdbrand.domain import (
    classes,
    operating,
    permissions,
    removing,
    sealing,
    unsealing,
)
from wagtail_crowdbrand.domain.readiness import Gap
from wagtail_crowdbrand.models import CampaignMixin
from wagtail_crowdbrand.models.inputs import read_id
from wagtail_crowdbrand.states import Hold, Phase

NAMESPACE = "crowdbrand_overview"


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str
    icon: str = ""
    is_serious: bool = False


def url(name: str, campaign: Any = None) -> str:
    """A URL of the overview."""
    return reverse(f"{NAMESPACE}:{name}", args=[campaign.pk] if campaign else [])


def find_campaign(pk: int) -> Any:
    """The campaign's page as the public has it, whichever class it is; 404 else."""
    for model in classes.campaign_models():
        found = model._default_manager.filter(pk=read_id(str(pk))).first()
        if found is not None:
            return found
    raise Http404


class CampaignScreen(WagtailAdminTemplateMixin):
    """A screen about one campaign, for those who oversee it."""

    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.is_allowed(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def campaign(self) -> CampaignMixin:
        return find_campaign(self.kwargs["pk"])

    def is_allowed(self, user: Any) -> bool:
        return permissions.can_oversee(user, self.campaign)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        title = self.campaign.get_admin_display_title()
        return [
            *super().get_breadcrumbs_items(),
            {"url": url("index"), "label": _("Campaigns")},
            {"url": url("campaign", self.campaign), "label": title},
        ]


def operations(user: Any, campaign: Any, *, phase: Phase, at: datetime) -> list[Link]:
    """What ``user`` can do with the campaign now, the calmest first."""
    links = []
    if campaign.live and permissions.can_operate(user, campaign):
        links += _of_a_sealed_one(campaign, at)
        links += _of_a_running_one(campaign, phase)
    if unsealing.can_break(user, campaign) and campaign.pk in permissions.sealed_off(
        user
    ):
        label = _("Break the seal")
        links.append(Link(label, url("break_seal", campaign), is_serious=True))
    if operating.can_duplicate(user, campaign):
        label = _("New campaign from this")
        links.append(Link(label, url("duplicate", campaign)))
    over = removing.is_over(campaign, at=at) and not removing.begun(campaign)
    if over and permissions.can_remove(user, campaign):
        label = _("Delete for ever")
        links.append(Link(label, url("remove", campaign), is_serious=True))
    return links


def _of_a_sealed_one(campaign: Any, at: datetime) -> Iterator[Link]:
    if not sealing.is_sealed(campaign, at=at) or campaign.reveals_at is None:
        return
    if at >= campaign.reveals_at and not campaign.hold:
        yield Link(_("Reveal now"), url("reveal", campaign))
    yield Link(_("Put the reveal off"), url("put_off", campaign))


def _of_a_running_one(campaign: Any, phase: Phase) -> Iterator[Link]:
    if phase in operating.OVER:
        if campaign.hold:
            yield Link(_("Resume"), url("resume", campaign))
        return
    cancelled = campaign.hold == Hold.CANCELLED
    if not cancelled and campaign.closes_at and not campaign.revealed_at:
        yield Link(_("Extend"), url("extend", campaign))
    if campaign.hold:
        label = _("Take back the cancellation") if cancelled else _("Resume")
        yield Link(label, url("resume", campaign))
    elif phase in operating.TAKING:
        yield Link(_("Pause"), url("pause", campaign))
    if not cancelled:
        yield Link(_("Cancel"), url("cancel", campaign), is_serious=True)


def where_to_mend(gap: Gap, campaign: Any) -> str:
    """The address at which a gap is closed."""
    edit = reverse("wagtailadmin_pages:edit", args=[campaign.pk])
    if gap.place in ("brief", "image", "group"):
        names = {
            "brief": "wagtailadmin_pages:edit",
            "image": "wagtailimages:edit",
            "group": "wagtailusers_groups:edit",
        }
        return reverse(names[gap.place], args=[gap.target.pk])
    places = {
        "briefs": reverse("wagtailadmin_explore", args=[campaign.pk]),
        "new_brief": reverse("wagtailadmin_pages:add_subpage", args=[campaign.pk]),
        "workflows": reverse("wagtailadmin_workflows:index"),
    }
    return places.get(gap.place, f"{edit}#tab-{gap.place}")


def desk_url(campaign: Any, screen: str = "desk:index") -> str:
    """Where its waiting ideas are decided on; or the appeals, or the notices."""
    return f"{reverse(f'crowdbrand_{screen}')}?campaign={campaign.pk}"


def first_of(*names: str) -> str:
    """The address of the first screen that exists."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""

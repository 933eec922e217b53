"""How campaigns go: the list of all, one in detail, and who reviews what."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from wagtail_crowdbrand.backoffice import (
    campaigns,
    operations,
    removals,
    seals,
)
from wagtail_crowdbrand.backoffice.campaigns import CampaignScreen, Link
from wagtail_crowdbrand.backoffice.chart import chart_of
from wagtail_crowdbrand.domain import permissions, readiness, removing, standing
from wagtail_crowdbrand.states import ModerationPolicy, Phase

TEMPLATES = "wagtail_crowdbrand/backoffice/overview"
#: Entries of the log that are shown.
LOG_LENGTH = 10
#: After these, nobody needs to be told what was missing before.
OPENING = (Phase.ANNOUNCED, Phase.OPEN)


class IndexView(WagtailAdminTemplateMixin, TemplateView):
    """All campaigns this user edits or moderates."""

    template_name = f"{TEMPLATES}/index.html"
    page_title = gettext_lazy("Campaigns")
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        label = {"url": "", "label": _("Campaigns")}
        return [*super().get_breadcrumbs_items(), label]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        standings = standing.overview_for(self.request.user, at=now)
        if not (standings or permissions.is_moderator(self.request.user)):
            raise PermissionDenied
        return super().get_context_data(standings=standings, now=now, **kwargs)


class CampaignView(CampaignScreen, TemplateView):
    """One campaign: where it stands, what waits, and what can be done."""

    template_name = f"{TEMPLATES}/campaign.html"

    def get_page_title(self) -> str:
        return self.campaign.get_admin_display_title()

    def get_header_buttons(self) -> list[Any]:
        buttons = []
        if permissions.can_edit(self.request.user, self.campaign):
            edit = reverse("wagtailadmin_pages:edit", args=[self.campaign.pk])
            buttons.append(HeaderButton(_("Edit"), edit, icon_name="edit"))
        if self.campaign.live:
            live = self.campaign.get_url(self.request) or ""
            buttons.append(HeaderButton(_("View live"), live, icon_name="view"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, user, campaign = timezone.now(), self.request.user, self.campaign
        secret = standing.secret_figures(user, at=now)
        found = standing.figures_of([campaign.pk]) | secret
        figures = found.get(campaign.pk, standing.Figures())
        where = standing.standing_of(campaign, figures, at=now)
        editable = permissions.can_edit(user, campaign)
        gaps = readiness.gaps_of(campaign, at=now) if where.phase in OPENING else []
        return super().get_context_data(
            campaign=campaign,
            standing=where,
            now=now,
            operations=campaigns.operations(user, campaign, phase=where.phase, at=now),
            demands=_demands(user, where),
            removal=_removal(user, campaign),
            gaps=[
                (gap, campaigns.where_to_mend(gap, campaign) if editable else "")
                for gap in gaps
            ],
            shows_readiness=where.phase in OPENING and (gaps or not campaign.live),
            ledger_url=_ledger_url(campaign) if campaign.live else "",
            correct_url=campaigns.url("correct", campaign)
            if campaign.live and permissions.can_operate(user, campaign)
            else "",
            chart=None
            if figures.is_secret
            else chart_of(standing.received_over_time(campaign, at=now)),
            deeds=[_told(entry) for entry in _deeds(campaign)],
            settings_url=reverse("wagtailadmin_pages:edit", args=[campaign.pk])
            + "#tab-settings"
            if editable
            else "",
            **kwargs,
        )


def _demands(user: Any, where: standing.Standing) -> list[Link]:
    """What needs somebody now; with an address where ``user`` can do it."""
    campaign, figures = where.campaign, where.figures
    moderates = campaign.pk in permissions.moderated_campaigns(user)
    desk = campaigns.desk_url(campaign) if moderates else ""
    notices = campaigns.desk_url(campaign, "notices:index") if moderates else ""
    found = []
    if where.phase == Phase.OVERDUE:
        edit = reverse("wagtailadmin_pages:edit", args=[campaign.pk])
        mend = f"{edit}#tab-schedule" if permissions.can_edit(user, campaign) else ""
        found.append(Link(_("The decision is overdue."), mend, "warning"))
    if figures.waiting:
        text = ngettext(
            "%(number)d idea waits for a decision.",
            "%(number)d ideas wait for a decision.",
            figures.waiting,
        )
        found.append(Link(text % {"number": figures.waiting}, desk, "glasses"))
    number = standing.open_notices(campaign)
    if number:
        text = ngettext(
            "%(number)d notice by a visitor is open.",
            "%(number)d notices by visitors are open.",
            number,
        )
        found.append(Link(text % {"number": number}, notices, "comment"))
    number = 0 if figures.is_secret else standing.open_appeals(campaign)
    if number:
        found.append(_objections(user, campaign, number, moderates=moderates))
    return found


def _objections(user: Any, campaign: Any, number: int, *, moderates: bool) -> Link:
    """What contributors object to: nobody answers for a decision of their own."""
    text = ngettext(
        "%(number)d contributor objects to a decision.",
        "%(number)d contributors object to a decision.",
        number,
    ) % {"number": number}
    if not moderates:
        return Link(text, "", "help")
    if not standing.open_appeals(campaign, but=user):
        text = " ".join((text, _("You made it, so somebody else answers.")))
        return Link(text, "", "help")
    return Link(text, campaigns.desk_url(campaign, "desk:appeals"), "help")


def _removal(user: Any, campaign: Any) -> Link | None:
    """How far it is, if the campaign is to go for ever."""
    removal = removing.begun(campaign)
    if removal is None:
        return None
    mine = user.is_superuser or removal.user_id == user.pk
    text = removals.progress_of(removal, user=user)
    return Link(text, removals.url_of(removal) if mine else "")


def _ledger_url(campaign: Any) -> str:
    """Where the public reads it; "" on a site without our pages."""
    try:
        return reverse("wagtail_crowdbrand:ledger", args=[campaign.pk])
    except NoReverseMatch:
        return ""


def _deeds(campaign: Any) -> list[Any]:
    return list(standing.deeds_of(campaign, limit=LOG_LENGTH))


def _told(entry: Any) -> dict[str, Any]:
    """An entry of the log in words."""
    data = entry.data
    message = entry.message
    if entry.action.endswith(".policy"):
        words = {name: ModerationPolicy(data[name]).label for name in ("from", "to")}
        message = _("Ideas are reviewed: “%(to)s”, no longer “%(from)s”.") % words
    return {"entry": entry, "message": message, "note": data.get("note", "")}


class SettingsView(WagtailAdminTemplateMixin, TemplateView):
    """Who reviews what, and where that is changed."""

    template_name = f"{TEMPLATES}/settings.html"
    page_title = gettext_lazy("Settings of campaigns")
    header_icon = "cogs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see_settings(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        label = {"url": "", "label": _("Settings of campaigns")}
        return [*super().get_breadcrumbs_items(), label]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            teams=standing.teams_for(user), places=_places(user), **kwargs
        )


def _places(user: Any) -> list[tuple[Link, str]]:
    """Wagtail's own screens on which reviewing is set up, and what for."""
    known = [
        (
            "wagtailcore.change_workflow",
            _("Workflows"),
            "wagtailadmin_workflows:index",
            "tasks",
            _("Which steps an idea goes through. A campaign may have its own."),
        ),
        (
            "wagtailcore.change_task",
            _("Workflow tasks"),
            "wagtailadmin_workflows:task_index",
            "thumbtack",
            _("Which groups decide in a step."),
        ),
        (
            "auth.change_group",
            _("Groups"),
            "wagtailusers_groups:index",
            "group",
            _("What moderators may see, such as addresses of contributors."),
        ),
        (
            "auth.change_user",
            _("Users"),
            "wagtailusers_users:index",
            "user",
            _("Who is in which group."),
        ),
        (
            "wagtail_crowdbrand.change_moderationreason",
            _("Reasons"),
            "wagtailsnippets_wagtail_crowdbrand_moderationreason:list",
            "list-ul",
            _("What moderators choose from when they say no, and words to begin with."),
        ),
    ]
    rows = [
        (Link(label, campaigns.first_of(name), icon), help_text)
        for permission, label, name, icon, help_text in known
        if user.has_perm(permission)
    ]
    return [(link, help_text) for link, help_text in rows if link.url]


def may_see_overview(request: HttpRequest) -> bool:
    """Whether there is anything for this user in the overview."""
    user = request.user
    return permissions.is_moderator(user) or bool(permissions.edited_campaigns(user))


def may_see_settings(request: HttpRequest) -> bool:
    """Those who set campaigns up: their editors, and who keeps the workflows."""
    user = request.user
    return user.has_perm("wagtailcore.change_workflow") or bool(
        permissions.edited_campaigns(user)
    )


class OverviewMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_overview(request)


class SettingsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_settings(request)


class OverviewViewSet(ViewSet):
    name = campaigns.NAMESPACE
    url_prefix = "crowdbrand/overview"
    icon = "view"
    menu_label = gettext_lazy("Overview")
    menu_name = "crowdbrand-overview"
    menu_item_class = OverviewMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", IndexView.as_view(), name="index"),
            path("<int:pk>/", CampaignView.as_view(), name="campaign"),
            *operations.URLS,
            *seals.URLS,
            *removals.URLS,
        ]


class SettingsViewSet(ViewSet):
    name = "crowdbrand_settings"
    url_prefix = "crowdbrand/settings"
    icon = "cogs"
    menu_label = gettext_lazy("Settings")
    menu_name = "crowdbrand-settings"
    menu_item_class = SettingsMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", SettingsView.as_view(), name="index")]

"""Registrations in Wagtail; what they register lives elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.action_menu import WorkflowMenuItem
from wagtail.snippets.models import register_snippet

from wagtail_crowdbrand.backoffice import (
    bulk,
    campaigns,
    dashboard,
    journals,
    log_actions,
    reports,
    tree,
)
from wagtail_crowdbrand.backoffice.deciding import viewset_url
from wagtail_crowdbrand.backoffice.policies import SubmissionPermissionPolicy
from wagtail_crowdbrand.backoffice.submissions import CampaignsGroup
from wagtail_crowdbrand.compat import register_permission_policy
from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import CampaignMixin, Submission, SubmissionPageMixin

register_permission_policy(Submission, SubmissionPermissionPolicy(Submission))
register_snippet(CampaignsGroup)
journals.register()
for action in bulk.REGISTERED:
    # After Wagtail's own, one of which is replaced.
    hooks.register("register_bulk_action", action, order=100)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)


@hooks.register("register_permissions")
def register_people_permissions() -> QuerySet[Permission]:
    """Can be given to a group on Wagtail's group screen."""
    app = {"content_type__app_label": "wagtail_crowdbrand"}
    return Permission.objects.filter(
        codename__in=["view_contact", "change_contributor"], **app
    )


@hooks.register("register_admin_viewset")
def register_reports() -> ViewSet:
    return reports.ReportsViewSet()


@hooks.register("construct_reports_menu")
def list_reports(request: Any, menu_items: list[Any]) -> None:
    menu_items += [item for item in reports.menu_items() if item.is_shown(request)]


@hooks.register("construct_homepage_panels")
def say_what_waits(request: Any, panels: list[Any]) -> None:
    if permissions.is_moderator(request.user):
        panels.append(dashboard.WaitingPanel())


@hooks.register("construct_homepage_summary_items")
def count_campaigns(request: Any, items: list[Any]) -> None:
    items.append(dashboard.OpenCampaignsItem(request))


@hooks.register("construct_snippet_action_menu")
def only_decisions(menu_items: list[Any], request: Any, context: Any) -> None:
    """Below a submission there is nothing to save or publish, only to decide."""
    if context["model"] is Submission:
        decisions = [item for item in menu_items if isinstance(item, WorkflowMenuItem)]
        menu_items[:] = sorted(decisions, key=lambda item: item.name != "approve")


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def to_the_overview(page: Any, user: Any, **kwargs: Any) -> Iterator[Button]:
    """From a campaign's page to how it goes."""
    is_campaign = issubclass(page.specific_class or type(page), CampaignMixin)
    if is_campaign and permissions.can_oversee(user, page):
        url = campaigns.url("campaign", page)
        yield Button(_("Campaign overview"), url, icon_name="view", priority=1)


@hooks.register("construct_page_listing_buttons")
def hide_refused_buttons(
    buttons: list[Any], page: Any, user: Any, context: Any = None
) -> None:
    tree.hide_refused(buttons, page)


@hooks.register("before_delete_page")
@hooks.register("before_copy_page")
@hooks.register("before_move_page")
def protect_pages(request: Any, page: Any, *args: Any) -> Any:
    """Submission pages stay where they are, and so does what holds submissions."""
    refusal = tree.refusal(page.specific, request.resolver_match.url_name)
    if refusal:
        messages.error(request, refusal)
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_copy_page")
def copy_no_ideas(request: Any, page: Any) -> Any:
    """A copy of an idea's page would show nothing and belong to nobody."""
    if not request.POST.get("copy_subpages"):
        return None
    refusal = tree.refusal_to_copy_below(page)
    if refusal:
        messages.error(request, refusal)
        return redirect(request.get_full_path())
    return None


@hooks.register("before_bulk_action")
def protect_pages_in_bulk(
    request: Any, action_type: str, objects: list[Any], action: Any
) -> Any:
    """The same for several at once."""
    if action_type not in ("delete", "move", "unpublish"):
        return None
    pages = [page for page in objects if hasattr(page, "url_path")]
    refusals = [tree.refusal(page.specific, action_type) for page in pages]
    found = next((refusal for refusal in refusals if refusal), None)
    if found:
        messages.error(request, found)
        return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
    return None


@hooks.register("before_unpublish_page")
def ask_why(request: Any, page: Any) -> Any:
    """Unpublishing the page of a submission hides the submission, with a reason."""
    if not isinstance(page, SubmissionPageMixin) or not page.submission:
        return None
    if permissions.can_moderate(request.user, page.submission):
        messages.info(request, _("Taking an idea off the site needs a reason."))
        return redirect(viewset_url("visibility", page.submission.pk))
    messages.error(request, _("Only its moderators can take an idea off the site."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    url = static("wagtail_crowdbrand/css/backoffice.css")
    return format_html('<link rel="stylesheet" href="{}">', url)

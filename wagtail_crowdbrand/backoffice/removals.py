"""Deleting a campaign for ever: what it takes with it, and how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_crowdbrand.backoffice.campaigns import NAMESPACE, url
from wagtail_crowdbrand.backoffice.operations import TEMPLATES, OperationView
from wagtail_crowdbrand.domain import permissions, removing, standing
from wagtail_crowdbrand.models import Removal


class RemoveForm(forms.Form):
    """The title is typed, so that nobody deletes another campaign than they think."""

    title = forms.CharField(
        label=gettext_lazy("Title of the campaign"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Type it as it is above."),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, delete it with all ideas, for ever")
    )

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        shown = self.initial["campaign"].get_admin_display_title()
        if title.split() != shown.split():
            raise forms.ValidationError(_("This is not the title of the campaign."))
        return title


class RemoveView(OperationView):
    form_class = RemoveForm
    page_title = gettext_lazy("Delete for ever")
    explanation = "about_remove"
    button = gettext_lazy("Delete the campaign and all ideas")
    is_serious = True

    def is_allowed(self, user: Any) -> bool:
        return permissions.can_remove(user, self.campaign)

    def get_initial(self) -> dict[str, Any]:
        return {"campaign": self.campaign}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, user = timezone.now(), self.request.user
        is_secret = self.campaign.pk in standing.secret_figures(user, at=now)
        toll = None if is_secret else removing.toll_of(self.campaign)
        return super().get_context_data(toll=toll, **kwargs)

    def act(self, values: dict[str, Any]) -> Any:
        now, actor = timezone.now(), self.request.user
        return removing.start(self.campaign, actor=actor, at=now)

    def finish(self, removal: Removal) -> HttpResponse:
        return redirect(url_of(removal))


class RemovalView(WagtailAdminTemplateMixin, TemplateView):
    """How far it is; for who began it, and superusers."""

    template_name = f"{TEMPLATES}/removal.html"
    page_title = gettext_lazy("Delete for ever")
    header_icon = "bin"

    @cached_property
    def removal(self) -> Removal:
        user = self.request.user
        found = Removal.objects.filter(pk=self.kwargs["pk"]).first()
        mine = found is not None and found.user_id == user.pk
        if found is None or not (mine or user.is_superuser):
            raise PermissionDenied
        return found

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": url("index"), "label": _("Campaigns")},
            {"url": "", "label": self.removal.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        removal = self.removal
        return super().get_context_data(
            removal=removal,
            is_secret=is_secret(removal, user=self.request.user),
            progress=progress_of(removal, user=self.request.user),
            index=url("index"),
            **kwargs,
        )


def url_of(removal: Removal) -> str:
    return reverse(f"{NAMESPACE}:removal", args=[removal.pk])


def is_secret(removal: Removal, *, user: Any) -> bool:
    """Whether a seal keeps from ``user`` how many ideas there are to go."""
    return removal.campaign_id in standing.secret_figures(user, at=timezone.now())


def progress_of(removal: Removal, *, user: Any) -> str:
    if is_secret(removal, user=user):
        return _("It is being deleted.")
    text = ngettext(
        "%(done)s of %(total)s idea is gone.",
        "%(done)s of %(total)s ideas are gone.",
        removal.total,
    )
    numbers = {"done": removal.done, "total": removal.total}
    return text % {
        name: number_format(number, force_grouping=True)
        for name, number in numbers.items()
    }


URLS = [
    path("<int:pk>/remove/", RemoveView.as_view(), name="remove"),
    path("removal/<int:pk>/", RemovalView.as_view(), name="removal"),
]

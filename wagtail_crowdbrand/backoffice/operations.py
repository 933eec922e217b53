"""Forms with which an editor runs a campaign. The deeds are the domain's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.widgets import (
    AdminAutoHeightTextInput,
    AdminDateTimeInput,
    SlugInput,
)

from wagtail_crowdbrand.backoffice.campaigns import CampaignScreen, url
from wagtail_crowdbrand.domain import operating, permissions
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.models.inputs import within_reach

TEMPLATES = "wagtail_crowdbrand/backoffice/overview"


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Public note"),
        max_length=operating.NOTE_LENGTH,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy(
            "Everybody reads it on the campaign. Say why, and what happens next."
        ),
    )


class ExtendForm(NoteForm):
    closes_at = forms.DateTimeField(
        label=gettext_lazy("New deadline"),
        widget=AdminDateTimeInput,
        validators=[within_reach],
    )
    decision_due_at = forms.DateTimeField(
        label=gettext_lazy("Decision due"),
        required=False,
        widget=AdminDateTimeInput,
        validators=[within_reach],
        help_text=gettext_lazy("Leave it empty to move it by as much as the deadline."),
    )
    field_order = ("closes_at", "decision_due_at", "note")

    def clean(self) -> dict[str, Any]:
        """An empty due date moves along; the campaign is given as ``initial``."""
        values = super().clean()
        closes_at = values.get("closes_at")
        if closes_at and "decision_due_at" not in self.errors:
            due = values["decision_due_at"] or operating.moved_along(
                self.initial["campaign"], closes_at=closes_at
            )
            values["decision_due_at"] = due
            if due is None:
                message = _("Fill this in: there is no date yet that could move along.")
                self.add_error("decision_due_at", message)
        return values


class DuplicateForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)
    slug = forms.SlugField(
        label=gettext_lazy("Slug"),
        max_length=255,
        required=False,
        allow_unicode=True,
        widget=SlugInput,
        help_text=gettext_lazy("Leave it empty to make it from the title."),
    )
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Opens"),
        widget=AdminDateTimeInput,
        validators=[within_reach],
        help_text=gettext_lazy("All other dates move by the same span."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        title = values.get("title")
        if title and not values.get("slug") and "slug" not in self.errors:
            values["slug"] = slugify(title, allow_unicode=True)
            if not values["slug"]:
                message = _("Fill this in: none can be made from this title.")
                self.add_error("slug", message)
        return values


class OperationView(CampaignScreen, FormView):
    """A form about one deed; afterwards, the overview with a message."""

    template_name = f"{TEMPLATES}/operation.html"
    form_class = forms.Form
    #: What is said above the form: a template.
    explanation = ""
    button: Any = ""
    done: Any = ""
    is_serious = False

    def is_allowed(self, user: Any) -> bool:
        return permissions.can_operate(user, self.campaign)

    def get_page_subtitle(self) -> str:
        return self.campaign.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.page_title}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            campaign=self.campaign,
            explanation=f"{TEMPLATES}/{self.explanation}.html",
            button=self.button,
            is_serious=self.is_serious,
            back_url=url("campaign", self.campaign),
            **kwargs,
        )

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return self.finish(self.act(form.cleaned_data))
        except CrowdbrandError as error:
            form.add_error(None, error.message)
        except ValidationError as error:  # what the page says contradicts itself
            form.add_error(None, error.messages)
        return self.form_invalid(form)

    def act(self, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def finish(self, campaign: Any) -> HttpResponse:
        messages.success(self.request, self.done)
        return redirect(url("campaign", campaign))


class PauseView(OperationView):
    form_class = NoteForm
    page_title = gettext_lazy("Pause")
    explanation = "about_pause"
    button = gettext_lazy("Pause the campaign")
    done = gettext_lazy("The campaign is paused, and everybody can read why.")

    def act(self, values: dict[str, Any]) -> Any:
        now, actor = timezone.now(), self.request.user
        return operating.pause(self.campaign, actor=actor, note=values["note"], at=now)


class ResumeView(OperationView):
    page_title = gettext_lazy("Resume")
    explanation = "about_resume"
    button = gettext_lazy("Resume the campaign")
    done = gettext_lazy("The campaign goes on as scheduled.")

    def act(self, values: dict[str, Any]) -> Any:
        now = timezone.now()
        return operating.resume(self.campaign, actor=self.request.user, at=now)


class CancelForm(NoteForm):
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, call this campaign off"),
    )


class CancelView(OperationView):
    form_class = CancelForm
    page_title = gettext_lazy("Cancel")
    explanation = "about_cancel"
    button = gettext_lazy("Cancel the campaign")
    done = gettext_lazy("The campaign is cancelled, and everybody can read why.")
    is_serious = True

    def act(self, values: dict[str, Any]) -> Any:
        now, actor = timezone.now(), self.request.user
        return operating.cancel(self.campaign, actor=actor, note=values["note"], at=now)


class ExtendView(OperationView):
    form_class = ExtendForm
    page_title = gettext_lazy("Extend")
    explanation = "about_extend"
    button = gettext_lazy("Move the deadline")
    done = gettext_lazy("The deadline has moved, and everybody can read why.")

    def get_initial(self) -> dict[str, Any]:
        return {"campaign": self.campaign}

    def act(self, values: dict[str, Any]) -> Any:
        extension = operating.Extension(**values)
        now, actor = timezone.now(), self.request.user
        return operating.extend(self.campaign, actor=actor, extension=extension, at=now)


class CorrectForm(NoteForm):
    line = forms.IntegerField(
        label=gettext_lazy("Line"),
        min_value=1,
        max_value=2**31 - 1,
        help_text=gettext_lazy("The number before it in the ledger."),
    )
    field_order = ("line", "note")


class CorrectView(OperationView):
    form_class = CorrectForm
    page_title = gettext_lazy("Correct the ledger")
    explanation = "about_correct"
    button = gettext_lazy("Add the correction")
    done = gettext_lazy("The correction is on the ledger.")

    def act(self, values: dict[str, Any]) -> Any:
        now, actor = timezone.now(), self.request.user
        operating.correct(self.campaign, actor=actor, at=now, **values)
        return self.campaign


class DuplicateView(OperationView):
    form_class = DuplicateForm
    page_title = gettext_lazy("New campaign from this")
    explanation = "about_duplicate"
    button = gettext_lazy("Make a draft")

    def is_allowed(self, user: Any) -> bool:
        return operating.can_duplicate(user, self.campaign)

    def act(self, values: dict[str, Any]) -> Any:
        return operating.duplicate(self.campaign, actor=self.request.user, **values)

    def finish(self, campaign: Any) -> HttpResponse:
        done = _("“%(title)s” is a draft now, with its briefs. Look through its dates.")
        messages.success(self.request, done % {"title": campaign.title})
        return redirect(reverse("wagtailadmin_pages:edit", args=[campaign.pk]))


URLS = [
    path("<int:pk>/pause/", PauseView.as_view(), name="pause"),
    path("<int:pk>/resume/", ResumeView.as_view(), name="resume"),
    path("<int:pk>/cancel/", CancelView.as_view(), name="cancel"),
    path("<int:pk>/extend/", ExtendView.as_view(), name="extend"),
    path("<int:pk>/correct/", CorrectView.as_view(), name="correct"),
    path("<int:pk>/duplicate/", DuplicateView.as_view(), name="duplicate"),
]

"""What is done with a seal: break it with a reason, put the reveal off, reveal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateTimeInput

from wagtail_crowdbrand import tasks
from wagtail_crowdbrand.backoffice.operations import NoteForm, OperationView
from wagtail_crowdbrand.domain import (
    operating,
    revealing,
    unsealing,
)
from wagtail_crowdbrand.models.inputs import within_reach


class BreakForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why you have to look"),
        max_length=unsealing.REASON_LENGTH,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy(
            "Everybody reads it on the campaign's ledger, for ever. Your name is not "
            "there; it is in the audit log."
        ),
    )
    sure = forms.BooleanField(label=gettext_lazy("Yes, break the seal in public"))


class BreakView(OperationView):
    form_class = BreakForm
    page_title = gettext_lazy("Break the seal")
    explanation = "about_break"
    button = gettext_lazy("Break the seal")
    done = gettext_lazy("You can look for an hour. The ledger says so.")
    is_serious = True

    def is_allowed(self, user: Any) -> bool:
        return unsealing.can_break(user, self.campaign)

    def act(self, values: dict[str, Any]) -> Any:
        now, actor = timezone.now(), self.request.user
        unsealing.break_seal(
            self.campaign, actor=actor, reason=values["reason"], at=now
        )
        return self.campaign


class PutOffForm(NoteForm):
    reveals_at = forms.DateTimeField(
        label=gettext_lazy("New moment of the reveal"),
        widget=AdminDateTimeInput,
        validators=[within_reach],
    )
    field_order = ("reveals_at", "note")


class PutOffView(OperationView):
    form_class = PutOffForm
    page_title = gettext_lazy("Put the reveal off")
    explanation = "about_put_off"
    button = gettext_lazy("Put the reveal off")
    done = gettext_lazy("The reveal is put off, and everybody can read why.")
    is_serious = True

    def act(self, values: dict[str, Any]) -> Any:
        now, actor = timezone.now(), self.request.user
        return operating.put_off(self.campaign, actor=actor, at=now, **values)


class RevealView(OperationView):
    page_title = gettext_lazy("Reveal now")
    explanation = "about_reveal"
    button = gettext_lazy("Show everything to everybody")
    done = gettext_lazy("The reveal has begun. Reload in a moment to see it done.")

    def act(self, values: dict[str, Any]) -> Any:
        revealing.require_due(self.campaign, actor=self.request.user, at=timezone.now())
        tasks.reveal.enqueue(self.campaign.pk, self.request.user.pk)
        return self.campaign


URLS = [
    path("<int:pk>/seal/", BreakView.as_view(), name="break_seal"),
    path("<int:pk>/put-off/", PutOffView.as_view(), name="put_off"),
    path("<int:pk>/reveal/", RevealView.as_view(), name="reveal"),
]

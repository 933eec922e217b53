"""Who sends an idea, and the last word before it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.domain.drafting import Person
from wagtail_crowdbrand.models.inputs import text_field


class PersonForm(forms.Form):
    """Who sends it. A signed-in account is not asked for an address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "You get a link to confirm it, a receipt, and what becomes of your idea. "
            "It is never shown."
        ),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    credit_name = text_field(
        _("Name shown with your idea"),
        120,
        required=False,
        help_text=_(
            "So that you get the credit: your name, a pseudonym or a team. It is "
            "public. Leave it empty to stay unnamed."
        ),
        widget=forms.TextInput({"autocomplete": "name", "data-cb-private": True}),
    )
    co_authors = text_field(
        _("Others who worked on it"),
        300,
        required=False,
        help_text=_(
            "Their names, as they want to be shown. Ask them first: this is public."
        ),
        widget=forms.TextInput({"data-cb-private": True}),
    )
    #: Invisible to people; machines fill in everything.
    website = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(
            email=data.get("email", ""),
            credit_name=data.get("credit_name", ""),
            co_authors=data.get("co_authors", ""),
        )

    @property
    def suspicion(self) -> str:
        return "filled in the trap field" if self.data.get("website") else ""


class ResumeForm(forms.Form):
    """Where to send the link with which a draft is found again."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For this link, and filled in for you in the next step."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class SendForm(forms.Form):
    """The last step: the terms, by the version that was read."""

    terms_number = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("I accept these terms, and it is mine to send."),
        error_messages={"required": _("Please accept the terms.")},
    )

"""What a visitor says is wrong with an idea, and a contributor with a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.models import ModerationReason
from wagtail_crowdbrand.models.inputs import text_field

#: A form that stayed open for longer is sent twice rather than believed.
LONGEST = timedelta(days=1)


class NoticeForm(forms.Form):
    """A notice about the submission ``code``, after the DSA, Article 16 (2)."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the reasons.")},
    )
    text = text_field(
        _("Explain it"),
        3000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "So that somebody who does not know can see it: for example where the "
            "original is, or who is shown."
        ),
    )
    name = text_field(
        _("Your name"),
        120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("So that we can tell you the outcome. Nobody else gets it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    good_faith = forms.BooleanField(
        label=_("To the best of my knowledge, what I say here is true and complete."),
        error_messages={"required": _("Please confirm that what you say is true.")},
    )
    #: Invisible to people; machines fill in everything.
    website = forms.CharField(required=False, max_length=500)

    def __init__(
        self, code: str, reasons: Iterable[ModerationReason], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._signer = TimestampSigner(salt=f"wagtail_crowdbrand.notice:{code}")
        language = get_language() or ""
        self.fields["reason"].choices = [
            (reason.code, reason.in_language(language).label) for reason in reasons
        ]
        given = self.data.get("started", "")
        #: When the form was first shown, signed; it goes with the form, unseen.
        self.started = given if self._is_ours(given) else self._signer.sign("")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.data.get("website") or not self._took_its_time():
            raise ValidationError(
                _("That looked as if a machine had sent it. Please send it once more."),
                code="machine",
            )
        return data

    def _is_ours(self, started: str) -> bool:
        try:
            self._signer.unsign(started, max_age=LONGEST)
        except BadSignature:
            return False
        return True

    def _took_its_time(self) -> bool:
        if self.started != self.data.get("started"):
            return False
        try:
            self._signer.unsign(self.started, max_age=get_config().min_form_seconds)
        except BadSignature:  # older than that
            return True
        return False


class AppealForm(forms.Form):
    """Why a decision was wrong."""

    text = text_field(
        _("Why is the decision wrong?"),
        3000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Whoever looks at it again reads this first."),
    )

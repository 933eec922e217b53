"""Form fields for what people type, in questions of a brief and in our own forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

#: The years in which a schedule can be.
FIRST_YEAR, LAST_YEAR = 1900, 2999

#: C0 and C1 controls but tab and line breaks, and what reverses reading direction.
no_control_characters = RegexValidator(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
    message=_("This contains invisible control characters. Please remove them."),
    code="control_characters",
    inverse_match=True,
)


def within_reach(moment: datetime | None) -> None:
    """For the dates of a schedule: spans and time zones can be added to them."""
    if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
        words = {"first": FIRST_YEAR, "last": LAST_YEAR}
        message = _("Please give a year from %(first)s to %(last)s.")
        raise ValidationError(message, code="out_of_reach", params=words)


def read_id(text: str) -> int:
    """An id as an address or a form carries it; 0, which no row has, for the rest."""
    plain = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if plain else 0


def without_controls(text: str) -> str:
    """``text`` without what is invisible; a line break is one character."""
    return no_control_characters.regex.sub("", text).replace("\r\n", "\n").strip()


class TextField(forms.CharField):
    """Text in which a line break counts as one character, as people count."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


def text_field(label: Any, limit: int, **kwargs: Any) -> forms.CharField:
    """Text of at most ``limit`` characters that a person can see."""
    field = TextField(
        label=label,
        max_length=limit,
        validators=[no_control_characters],
        error_messages={
            "max_length": _(
                "Please shorten this to at most %(limit_value)d characters: "
                "it has %(show_value)d."
            )
        },
        **kwargs,
    )
    # What is typed runs as its own script does, whatever the language of the page.
    field.widget.attrs.setdefault("dir", "auto")
    return field


class UploadedField(forms.CharField):
    """The id of a picture that was sent before or beside this form."""

    widget = forms.HiddenInput
    #: What was given, where the form is shown.
    upload: Any = None
    picture: Any = None

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        try:
            return str(UUID(value)) if value else ""
        except ValueError:
            raise ValidationError(_("Please choose the picture again.")) from None

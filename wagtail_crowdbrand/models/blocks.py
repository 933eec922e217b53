"""StreamField blocks: the story of a campaign, and the fields editors add to a form."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from wagtail_crowdbrand.models.inputs import UploadedField, text_field
from wagtail_crowdbrand.states import FieldVisibility

STORY_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class QuoteBlock(blocks.StructBlock):
    """Somebody's words and who said them."""

    quote = blocks.TextBlock(label=_("Quote"))
    attribution = blocks.CharBlock(label=_("Who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")


class StoryBlock(blocks.StreamBlock):
    """What an editor tells about a brand."""

    heading = blocks.CharBlock(
        label=_("Heading"), icon="title", form_classname="title", max_length=120
    )
    paragraph = blocks.RichTextBlock(
        label=_("Text"), icon="pilcrow", features=STORY_FEATURES
    )
    image = ImageBlock(label=_("Picture"))
    quote = QuoteBlock()


class AnswerFieldBlock(blocks.StructBlock):
    """A question of the submission form; each kind of question is a subclass.

    The block's own id is the field's identity: answers keep it, so renaming or moving
    a field loses nothing. An answer is always stored as text.
    """

    label = blocks.CharBlock(label=_("Question"), max_length=150)
    help_text = blocks.CharBlock(
        label=_("Help text"),
        required=False,
        max_length=300,
        help_text=_("Shown below the question."),
    )
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False)
    visibility = blocks.ChoiceBlock(
        label=_("Who can read the answer"),
        choices=FieldVisibility.choices,
        default=FieldVisibility.PUBLIC,
    )
    personal = blocks.BooleanBlock(
        label=_("Personal data"),
        required=False,
        help_text=_(
            "The answer says something about a person. It is kept apart from the "
            "idea, left out of exports and erased with the contributor."
        ),
    )

    #: Whether a draft keeps what was typed although it is not valid yet.
    keeps_typed = True
    #: How much of it, in characters.
    longest_kept = 20_000

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value["personal"] and value["visibility"] == FieldVisibility.PUBLIC:
            message = _("Personal data cannot be shown to everybody.")
            raise blocks.StructBlockValidationError(
                block_errors={"visibility": ValidationError(message)}
            )
        return value

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        """The form field that asks it. ``common`` goes to the field as it is."""
        raise NotImplementedError

    def to_text(self, cleaned: Any) -> str:
        """An answer as it is stored, from what the form field made of it."""
        return str(cleaned)

    def from_text(self, text: str) -> Any:
        """A stored answer as the form field shows and checks it."""
        return text

    def takes(self, value: Any, text: str) -> bool:
        """Whether a stored answer, ``""`` included, is one the question takes now."""
        field = self.form_field(value, required=value["required"])
        try:
            field.clean(self.from_text(text) if text else None)
        except ValidationError:
            return False
        return True


class ShortTextFieldBlock(AnswerFieldBlock):
    """Text on one line."""

    class Meta:
        icon = "edit"
        label = _("Short text")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        return text_field(common.pop("label", None), 200, **common)


class LongTextFieldBlock(AnswerFieldBlock):
    """Text of several lines."""

    class Meta:
        icon = "pilcrow"
        label = _("Long text")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        widget = forms.Textarea({"rows": 5})
        return text_field(common.pop("label", None), 3000, widget=widget, **common)


class ChoiceFieldBlock(AnswerFieldBlock):
    """A field whose answer is one of the editor's options."""

    options = blocks.ListBlock(
        blocks.CharBlock(max_length=100),
        label=_("Options"),
        min_num=2,
        default=["", ""],
    )
    keeps_typed = False

    class Meta:
        icon = "list-ul"
        label = _("Choice")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        options = [(option, option) for option in value["options"]]
        if not common.get("required"):  # what was chosen can be taken back
            options.append(("", _("No answer")))
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)


class MultipleFieldBlock(ChoiceFieldBlock):
    """A field whose answer is any of the editor's options; stored one a line."""

    class Meta:
        icon = "tasks"
        label = _("Multiple choice")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        options = [(option, option) for option in value["options"]]
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=options, widget=widget, **common)

    def to_text(self, cleaned: Any) -> str:
        return "\n".join(cleaned)

    def from_text(self, text: str) -> Any:
        return text.split("\n")


class NumberFieldBlock(AnswerFieldBlock):
    """A number; stored with a point, whatever the language."""

    minimum = blocks.DecimalBlock(label=_("Smallest"), required=False)
    maximum = blocks.DecimalBlock(label=_("Largest"), required=False)
    longest_kept = 50

    class Meta:
        icon = "order"
        label = _("Number")

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        low, high = value["minimum"], value["maximum"]
        if low is not None and high is not None and low > high:
            message = _("The largest number must not be below the smallest.")
            raise blocks.StructBlockValidationError(
                block_errors={"maximum": ValidationError(message)}
            )
        return value

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        return forms.DecimalField(
            min_value=value["minimum"],
            max_value=value["maximum"],
            max_digits=15,
            decimal_places=4,
            localize=True,
            # A text input: a wheel or an arrow key cannot change it by accident.
            widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            **common,
        )

    def to_text(self, cleaned: Any) -> str:
        return f"{cleaned.normalize():f}" if cleaned is not None else ""

    def from_text(self, text: str) -> Any:
        try:
            return Decimal(text)
        except InvalidOperation:
            return text


class LinkFieldBlock(AnswerFieldBlock):
    """An address on the web."""

    longest_kept = 500

    class Meta:
        icon = "link"
        label = _("Link")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        return forms.URLField(max_length=500, assume_scheme="https", **common)


class DateFieldBlock(AnswerFieldBlock):
    """A day; stored as ISO 8601 writes it."""

    longest_kept = 50

    class Meta:
        icon = "calendar"
        label = _("Date")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        return forms.DateField(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("Write a date like 2031-05-20.")},
            **common,
        )

    def to_text(self, cleaned: Any) -> str:
        return cleaned.isoformat() if cleaned else ""


class FileFieldBlock(AnswerFieldBlock):
    """A picture beside those of the idea; stored as the id of its upload.

    It goes the way of every picture, and never gets a public copy.
    """

    visibility = blocks.ChoiceBlock(
        label=_("Who can see it"),
        choices=[
            choice
            for choice in FieldVisibility.choices
            if choice[0] != FieldVisibility.PUBLIC
        ],
        default=FieldVisibility.STAFF,
        help_text=_("Pictures for everybody belong to the pictures of the idea."),
    )
    keeps_typed = False

    class Meta:
        icon = "image"
        label = _("Picture for jury or staff")

    def form_field(self, value: Any, **common: Any) -> forms.Field:
        return UploadedField(**common)


class AnswerFieldsBlock(blocks.StreamBlock):
    """The fields an editor adds to the submission form of a brief."""

    short_text = ShortTextFieldBlock()
    long_text = LongTextFieldBlock()
    choice = ChoiceFieldBlock()
    multiple = MultipleFieldBlock()
    number = NumberFieldBlock()
    link = LinkFieldBlock()
    date = DateFieldBlock()
    file = FileFieldBlock()

"""StreamField blocks: the story of a campaign, and the fields editors add to a form."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

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
    """What all fields of the submission form have in common.

    The block's own id is the field's identity: answers keep it, so renaming or moving
    a field loses nothing.
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

    def clean(self, value):
        value = super().clean(value)
        if value["personal"] and value["visibility"] == FieldVisibility.PUBLIC:
            message = _("Personal data cannot be shown to everybody.")
            raise blocks.StructBlockValidationError(
                block_errors={"visibility": ValidationError(message)}
            )
        return value


class ChoiceFieldBlock(AnswerFieldBlock):
    """A field whose answer is one of the editor's options."""

    options = blocks.ListBlock(
        blocks.CharBlock(max_length=100),
        label=_("Options"),
        min_num=2,
        default=["", ""],
    )

    class Meta:
        icon = "list-ul"
        label = _("Choice")


class AnswerFieldsBlock(blocks.StreamBlock):
    """The fields an editor adds to the submission form of a brief."""

    short_text = AnswerFieldBlock(icon="edit", label=_("Short text"))
    long_text = AnswerFieldBlock(icon="pilcrow", label=_("Long text"))
    choice = ChoiceFieldBlock()
    link = AnswerFieldBlock(icon="link", label=_("Link"))

"""Words of their own that a campaign gives to the mails contributors get."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_crowdbrand.models.reason import language_choices

#: Kinds of mails whose words can be changed, by what they tell.
MAIL_KINDS = [
    ("confirm", _("Please confirm your address")),
    ("receipt", _("Receipt")),
    ("published", _("It is on show")),
    ("request_changes", _("Changes requested")),
    ("reject", _("Rejected")),
    ("spam", _("Marked as spam")),
    ("hide", _("Taken off the site")),
    ("withdrawn", _("Withdrawn by the contributor")),
]
#: What may stand in braces, and is filled in for each mail.
PLACEHOLDERS = ("name", "title", "code", "brief", "campaign", "brand")


class MailTextBlock(blocks.StructBlock):
    """What one mail says in one language before the facts.

    The facts – links, the statement of reasons, how to object – always follow: they
    are not for an editor to leave out.
    """

    kind = blocks.ChoiceBlock(label=_("Mail"), choices=MAIL_KINDS)
    language = blocks.ChoiceBlock(
        label=_("Language"),
        choices=language_choices,
        required=False,
        help_text=_("Leave empty for all languages without words of their own."),
    )
    subject = blocks.CharBlock(label=_("Subject"), required=False, max_length=120)
    text = blocks.TextBlock(
        label=_("Text"),
        help_text=_(
            "Instead of our first paragraph. You can use {name}, {title}, {code}, "
            "{brief}, {campaign} and {brand}."
        ),
    )

    class Meta:
        icon = "mail"
        label = _("Mail")

    def clean(self, value):
        value = super().clean(value)
        errors = {}
        for name in ("subject", "text"):
            try:
                value[name].format_map(dict.fromkeys(PLACEHOLDERS, ""))
            except (KeyError, ValueError, IndexError, AttributeError, TypeError):
                errors[name] = ValidationError(
                    _("Only these may stand in braces: %(names)s."),
                    params={"names": ", ".join(PLACEHOLDERS)},
                )
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return value


class MailTextsBlock(blocks.StreamBlock):
    """All mails a campaign has words of its own for."""

    mail = MailTextBlock()

"""Words of their own that a campaign gives to the mails contributors get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
#: Those that always say the same.
OTHER_KINDS = {
    "resume": _("Link to a draft"),
    "receipt_again": _("Another receipt"),
    "republished": _("It is on show again"),
    "rules_changed": _("The rules have changed"),
    "appeal_receipt": _("Objection received"),
    "appeal_upheld": _("Objection: the decision stands"),
    "appeal_overturned": _("Objection: the decision was wrong"),
    "notice_receipt": _("Notice received"),
    "notice_dismissed": _("Notice: it stays on show"),
    "notice_upheld": _("Notice: it was taken off the site"),
    "digest": _("What waits for moderators"),
}
#: What may stand in braces, and is filled in for each mail.
PLACEHOLDERS = ("name", "title", "code", "brief", "campaign", "brand")
#: Goes to an address nobody has confirmed, so nothing that was typed may be in it.
IMPERSONAL = ("confirm",)
TYPED = ("name", "title")

_PLACEHOLDER = re.compile(rf"( ?)\{{({'|'.join(PLACEHOLDERS)})\}}")


def find(mails: Any, kind: str, language: str) -> Any:
    """Words for one mail: ``pt-br``, else ``pt``, else all languages; or ``None``."""
    given = {
        mail.value["language"]: mail.value
        for mail in mails
        if mail.value["kind"] == kind
    }
    codes = (language, language.partition("-")[0], "")
    return next((given[code] for code in codes if code in given), None)


def label_of(kind: str) -> str:
    """What a mail is called; its code if a site has kinds of its own."""
    return str((dict(MAIL_KINDS) | OTHER_KINDS).get(kind, kind))


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled in; nothing in a value is one.

    Where a value is empty, the space before it goes, too: “Hello {name},”.
    """

    def value_of(match: re.Match[str]) -> str:
        value = values[match[2]]
        return f"{match[1]}{value}" if value else ""

    return _PLACEHOLDER.sub(value_of, text)


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
        allowed = PLACEHOLDERS
        if value["kind"] in IMPERSONAL:
            allowed = tuple(name for name in PLACEHOLDERS if name not in TYPED)
        errors = {}
        for name in ("subject", "text"):
            used = re.findall(r"\{([^{}]*)\}", value[name])
            braces = len(re.findall(r"[{}]", value[name]))
            if braces != 2 * len(used) or not set(used) <= set(allowed):
                errors[name] = ValidationError(
                    _("Only these may stand in braces: %(names)s."),
                    params={"names": ", ".join(allowed)},
                )
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return value


class MailTextsBlock(blocks.StreamBlock):
    """All mails a campaign has words of its own for."""

    mail = MailTextBlock()

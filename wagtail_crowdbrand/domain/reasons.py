"""The reasons moderators and visitors choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import ModerationReason, ReasonWording
from wagtail_crowdbrand.models.reason import languages

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: What is always there, for a decision whose reason nobody put into a list.
OTHER = "other"

#: Code → name, text for the contributor, and whether visitors can choose it.
DEFAULTS = {
    "off_topic": (
        _("Does not answer the brief"),
        _("Your idea does not answer what this brief asks for."),
        False,
    ),
    "incomplete": (
        _("Something is missing or cannot be read"),
        _("Something is missing, or we cannot make out what you sent."),
        False,
    ),
    "rights": (
        _("Somebody else's work or brand"),
        _("It uses work, a name or a mark that seems to belong to somebody else."),
        True,
    ),
    "personal_data": (
        _("Shows somebody's private life"),
        _("It tells or shows something about a person who has to agree to that."),
        True,
    ),
    "offensive": (
        _("Insults or threatens"),
        _("It insults or threatens people, or shows what others should not see here."),
        True,
    ),
    "unlawful": (
        _("Against the law"),
        _("What it says or shows is against the law."),
        True,
    ),
    "advertising": (
        _("Advertising or sent by a machine"),
        _("It looks like advertising or was sent by a machine."),
        True,
    ),
    OTHER: (_("Something else"), "", True),
}


def for_decisions() -> QuerySet[ModerationReason]:
    """What moderators choose from, with all wordings, in two queries."""
    return ModerationReason.objects.filter(for_decisions=True).prefetch_related(
        "wordings"
    )


def for_notices() -> QuerySet[ModerationReason]:
    """What visitors choose from."""
    return ModerationReason.objects.filter(for_notices=True).prefetch_related(
        "wordings"
    )


def find(code: str) -> ModerationReason | None:
    """The reason with this code, wherever it may be given."""
    return ModerationReason.objects.filter(code=code).first()


def labels(language: str) -> dict[str, str]:
    """What all reasons are called in a language, by their codes, in two queries."""
    rows = ModerationReason.objects.prefetch_related("wordings")
    return {row.code: row.in_language(language).label for row in rows}


def require(code: str) -> ModerationReason:
    """The same. Raises ``NotAllowed`` (``unknown_reason``) when there is none."""
    reason = find(code)
    if reason is None:
        refuse("unknown_reason")
    return reason


def set_up() -> list[str]:
    """Make the default reasons that are missing, in the languages of the site.

    Returns the codes made. Once a site has any reason, only :data:`OTHER` is made: an
    editor who deleted one of ours meant it.
    """
    wanted = [OTHER] if ModerationReason.objects.exists() else list(DEFAULTS)
    made = []
    for place, code in enumerate(wanted, start=1):
        label, text, for_visitors = DEFAULTS[code]
        reason, is_new = ModerationReason.objects.get_or_create(
            code=code,
            defaults={
                "label": gettext(label),
                "text": gettext(text) if text else "",
                "for_notices": for_visitors,
                "sort_order": 1000 if code == OTHER else 10 * place,
            },
        )
        if is_new:
            made.append(code)
            _translate(reason, label, text)
    return made


def _translate(reason: ModerationReason, label: str, text: str) -> None:
    """Add the wordings of every language of the site that has a translation of ours."""
    for language, _name in languages():
        with override(language):
            words = gettext(label), gettext(text) if text else ""
        if words[0] != reason.label:
            ReasonWording.objects.create(
                reason=reason, language=language, label=words[0], text=words[1]
            )

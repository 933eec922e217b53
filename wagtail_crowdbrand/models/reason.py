"""Why something is not shown, or should not be: a list that editors extend."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable


class Words(NamedTuple):
    """A reason in one language: its name, the rule quoted, and a text to start from."""

    label: str
    rule: str
    text: str


def language_choices() -> list[tuple[str, str]]:
    """The languages of the site, each in its own name."""
    return [
        (code, get_language_info(code)["name_local"]) for code, _name in languages()
    ]


def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


class ModerationReason(ClusterableModel):
    """A reason with a code. Decisions keep code, rule and words as they were given.

    The code is what reports count, and what tells two wordings of one reason apart
    from two reasons.
    """

    code = models.SlugField(
        _("code"),
        unique=True,
        help_text=_("Short and lasting: reports and other systems know it by this."),
    )
    label = models.CharField(_("reason"), max_length=120)
    rule = models.TextField(
        _("rule"),
        blank=True,
        help_text=_("The rule it breaks, quoted from your terms or from the law."),
    )
    text = models.TextField(
        _("text"),
        blank=True,
        help_text=_(
            "What the contributor reads, to start from. Moderators can change it each "
            "time."
        ),
    )
    for_decisions = models.BooleanField(
        _("for moderators"),
        default=True,
        help_text=_("Moderators can give it for a decision."),
    )
    for_notices = models.BooleanField(
        _("for visitors"),
        default=False,
        help_text=_("Visitors can choose it when they tell you about a problem."),
    )
    sort_order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    panels = [
        MultiFieldPanel(
            [FieldPanel("label"), FieldPanel("code"), FieldPanel("sort_order")],
            heading=_("The reason"),
        ),
        FieldRowPanel(
            [FieldPanel("for_decisions"), FieldPanel("for_notices")],
            heading=_("Who gives it"),
        ),
        FieldPanel("rule"),
        FieldPanel("text"),
        InlinePanel("wordings", heading=_("In other languages")),
    ]

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("moderation reason")
        verbose_name_plural = _("moderation reasons")
        ordering = ["sort_order", "label"]

    def __str__(self) -> str:
        return self.label

    def in_language(self, language: str) -> Words:
        """Its words in ``language`` (``pt-br`` falls back to ``pt``), or its own."""
        given = {wording.language: wording for wording in self.wordings.all()}
        found: Any = given.get(language) or given.get(language.partition("-")[0])
        own = Words(self.label, self.rule, self.text)
        if found is None:
            return own
        return Words(
            *(getattr(found, name) or getattr(own, name) for name in own._fields)
        )


class ReasonWording(Orderable):
    """A reason in another language; what is left empty is taken from the reason."""

    reason = ParentalKey(
        ModerationReason, on_delete=models.CASCADE, related_name="wordings"
    )
    language = models.CharField(_("language"), max_length=20, choices=language_choices)
    label = models.CharField(_("reason"), max_length=120, blank=True)
    rule = models.TextField(_("rule"), blank=True)
    text = models.TextField(_("text"), blank=True)

    panels = [
        FieldPanel("language"),
        FieldPanel("label"),
        FieldPanel("rule"),
        FieldPanel("text"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "language"],
                name="crowdbrand_one_wording_per_language",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.language})"

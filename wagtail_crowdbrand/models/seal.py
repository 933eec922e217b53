"""What makes a campaign sealed, who broke a seal, and pictures made ready behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import swapper
from django import forms
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel

from wagtail_crowdbrand.models.upload import Upload, private_storage
from wagtail_crowdbrand.states import LedgerKind, SealModeration, VisibilityMode


def may_be_named() -> models.Q:
    """Whoever moderates submissions somewhere, and superusers."""
    from wagtail_crowdbrand.models.moderation import ModerationTask

    groups = ModerationTask.objects.filter(active=True).values("groups")
    return models.Q(is_superuser=True) | models.Q(groups__in=groups)


class SealMixin(ClusterableModel):
    """When a campaign shows its ideas: each once it is approved, or all at once.

    ``reveals_at`` is a promise, ``revealed_at`` the fact. From the moment a sealed
    campaign has opened, its promise stands (:mod:`wagtail_crowdbrand.domain.sealing`).
    """

    visibility_mode = models.CharField(
        _("when ideas are shown"),
        max_length=10,
        choices=VisibilityMode.choices,
        default=VisibilityMode.OPEN,
    )
    reveals_at = models.DateTimeField(
        _("revealed"),
        null=True,
        blank=True,
        help_text=_(
            "Of a sealed campaign: the moment at which everybody sees all approved "
            "ideas together. It is a promise; once the campaign is open it can only "
            "be put off, in public."
        ),
    )
    revealed_at = models.DateTimeField(null=True, blank=True, editable=False)
    seal_moderation = models.CharField(
        _("review of sealed ideas"),
        max_length=10,
        choices=SealModeration.choices,
        default=SealModeration.CLEARANCE,
    )
    seal_moderators = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("named moderators"),
        blank=True,
        related_name="+",
        limit_choices_to=may_be_named,
    )
    seal_hides_count = models.BooleanField(
        _("keep their number secret, too"),
        default=True,
        help_text=_("Else the editors of the campaign see how many have come in."),
    )

    #: A copy has revealed nothing. A class with a list of its own extends this one.
    exclude_fields_in_copy = ["revealed_at"]
    #: What is promised when a sealed campaign opens, and cannot be changed afterwards.
    PROMISED = (
        "visibility_mode",
        "reveals_at",
        "seal_moderation",
        "seal_hides_count",
    )

    seal_panels = [
        MultiFieldPanel(
            [
                HelpPanel(
                    content=_(
                        "A sealed campaign shows nothing to anybody before its "
                        "reveal: not the ideas, not who sent them. Choose this before "
                        "it opens; afterwards the promise stands."
                    )
                ),
                FieldPanel("visibility_mode", widget=forms.RadioSelect),
                FieldPanel("reveals_at"),
                FieldPanel("seal_moderation", widget=forms.RadioSelect),
                FieldPanel("seal_moderators", widget=forms.CheckboxSelectMultiple),
                FieldPanel("seal_hides_count"),
            ],
            heading=_("The seal"),
        ),
    ]

    class Meta:
        abstract = True

    @property
    def is_sealed(self) -> bool:
        """Whether it was promised that all ideas show together."""
        return self.visibility_mode == VisibilityMode.SEALED

    @property
    def is_deserted(self) -> bool:
        """Whether all who were named are gone: somebody has to take their place."""
        named = self.is_sealed and self.seal_moderation == SealModeration.NAMED
        return named and not self.seal_moderators.exists()

    def seal_contradictions(self) -> dict[str, Any]:
        edited = getattr(self, "is_being_edited", False)
        errors = self._broken_promises() if edited else {}
        if not self.is_sealed:
            return errors
        closes, reveals = getattr(self, "closes_at", None), self.reveals_at
        grace = timedelta(minutes=getattr(self, "grace_minutes", 0) or 0)
        due = getattr(self, "decision_due_at", None)
        if reveals is None:
            errors["reveals_at"] = _("Say when the ideas are revealed.")
        elif closes and reveals <= closes + grace:
            errors["reveals_at"] = _(
                "Ideas can be revealed only after the campaign has closed."
            )
        elif due and due <= reveals:
            errors["reveals_at"] = _("The decision must be due after the reveal.")
        return errors

    def seal_broken_references(self) -> dict[str, Any]:
        if self.is_deserted:
            return {"seal_moderators": _("Name at least one moderator.")}
        return {}

    def _broken_promises(self) -> dict[str, Any]:
        """A form that changes what was promised is told so, and changes nothing.

        Saved by other ways, the page keeps its promise silently.
        """
        promised = self.promise()
        broken = {
            name
            for name, value in promised.items()
            if _to_the_minute(getattr(self, name)) != _to_the_minute(value)
        }
        errors = {name: _("This was promised when it opened.") for name in broken}
        if "seal_moderation" not in promised:
            return errors
        stored: Any = type(self)._base_manager.get(pk=self.pk)
        named = set(stored.seal_moderators.all())
        if not stored.is_deserted and named != set(self.seal_moderators.all()):
            errors["seal_moderators"] = _("This was promised when it opened.")
        workflow = getattr(self, "moderation_workflow_id", None)
        if stored.moderation_workflow_id != workflow:
            errors["moderation_workflow"] = _("Who reviews was promised, too.")
        closes = _to_the_minute(getattr(self, "closes_at", None))
        if closes and closes < _to_the_minute(stored.closes_at):
            errors["closes_at"] = _("A sealed campaign cannot close earlier.")
        return errors

    def promise(self) -> dict[str, Any]:
        """What a sealed campaign has promised by now, as stored; else nothing.

        It has opened once its time came, a line of its ledger says so, or something
        was sent to it, whatever its page says since.
        """
        if not self.pk:
            return {}
        stored: Any = type(self)._base_manager.filter(pk=self.pk)
        facts = stored.values("live", "opens_at", *self.PROMISED).first()
        if facts is None:
            return {}
        opens = facts["opens_at"]
        begun = facts["live"] and opens and opens <= timezone.now()
        if not (begun or self._was_opened()):
            return {}
        if facts["visibility_mode"] != VisibilityMode.SEALED:
            return {"visibility_mode": facts["visibility_mode"]}
        return {name: facts[name] for name in self.PROMISED}

    def _was_opened(self) -> bool:
        from wagtail_crowdbrand.models.ledger import LedgerEntry
        from wagtail_crowdbrand.models.submission import Submission

        lines = LedgerEntry.objects.filter(campaign_page=self.pk)
        sent = Submission.objects.filter(campaign_page=self.pk)
        return lines.filter(kind=LedgerKind.OPENED).exists() or sent.exists()


def _to_the_minute(value: Any) -> Any:
    """An instant as a form shows it."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return value


class SealBreak(models.Model):
    """Somebody looked before the reveal without being its moderator, and said why."""

    campaign_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=300)
    broken_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.reason


def prepared_name(picture: PreparedPicture, filename: str) -> str:
    """Beside the file of its upload."""
    upload = picture.upload_id
    suffix = Path(filename).suffix
    return f"{upload.hex[:2]}/{upload.hex}.{picture.spec}{suffix}"


class PreparedPicture(models.Model):
    """One size of a picture, made behind the seal so that the reveal is quick.

    The file is private; at the reveal it becomes the rendition of the public copy.
    """

    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, related_name="prepared"
    )
    spec = models.CharField(max_length=50, help_text="Wagtail's name of the size.")
    file = models.FileField(storage=private_storage, upload_to=prepared_name)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "spec"], name="crowdbrand_prepared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.spec}"

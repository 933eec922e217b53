"""What moderators decided, and the appeals against it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.states import AppealOutcome, DecisionAction


class Decision(models.Model):
    """One move on the moderation axis: what, why, by which rule, by whom and when.

    Together with the mail it is the statement of reasons of the Digital Services Act,
    Article 17. Words are kept as they were given: a reason that is rewritten later
    changes no decision. Erasing a contributor empties ``text`` and ``before``.
    """

    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        verbose_name=_("submission"),
        on_delete=models.CASCADE,
        related_name="decisions",
    )
    submission_id: int
    action = models.CharField(
        _("decision"), max_length=20, choices=DecisionAction.choices
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Null: unknown, or somebody whose account is gone.",
    )
    is_automatic = models.BooleanField(
        _("by the software alone"),
        default=False,
        help_text="Nobody looked before it was taken (NOTICES_HIDE_AFTER).",
    )
    reason_code = models.CharField(_("reason"), max_length=50, blank=True)
    rule = models.TextField(_("rule"), blank=True)
    text = models.TextField(_("statement of reasons"), blank=True)
    decided_at = models.DateTimeField(_("decided"))
    settles_at = models.DateTimeField(
        null=True, help_text="Until then it can be undone; null: never."
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    before = models.JSONField(
        default=dict, help_text="Where the submission stood, for undoing."
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["-decided_at", "-id"], name="crowdbrand_decided"),
            models.Index(fields=["actor", "-id"], name="crowdbrand_decided_by"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"

    def can_be_undone(self, *, at: datetime) -> bool:
        """Whether its grace period still runs."""
        return bool(not self.undone_at and self.settles_at and at < self.settles_at)


class Appeal(models.Model):
    """A contributor's objection to a decision (Digital Services Act, Article 20)."""

    decision = models.OneToOneField(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.CASCADE,
        related_name="appeal",
    )
    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        verbose_name=_("submission"),
        on_delete=models.CASCADE,
        related_name="appeals",
    )
    submission_id: int
    text = models.TextField(_("what the contributor says"), blank=True)
    created_at = models.DateTimeField(_("received"))
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=AppealOutcome.choices, blank=True
    )
    answer = models.TextField(_("answer"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(outcome=""),
                name="crowdbrand_open_appeals",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

"""What visitors say is wrong with something they see."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.states import NoticeOutcome


class Notice(models.Model):
    """Somebody's message that a visible submission breaks the rules.

    The word and the fields are those of the Digital Services Act, Article 16. Who
    gives one may stay unnamed; ``person_key`` is a keyed hash that only tells whether
    two notices are by the same person.
    """

    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        verbose_name=_("submission"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    reason_code = models.CharField(_("reason"), max_length=50)
    text = models.TextField(_("explanation"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    person_key = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("received"))
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=NoticeOutcome.choices, blank=True
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
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "person_key"],
                name="crowdbrand_one_notice_per_person",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(outcome=""),
                name="crowdbrand_open_notices",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

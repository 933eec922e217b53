"""Mails that are to be sent, and those that were."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One mail, written in the transaction of the fact it tells, delivered after it.

    Only what happened is stored; address and words are found at delivery. The id is
    the mail's Message-ID, so that a mail sent twice can be told to be the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        verbose_name=_("submission"),
        null=True,
        on_delete=models.CASCADE,
        related_name="messages",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Of mails to moderators.",
    )
    notice = models.ForeignKey(
        "wagtail_crowdbrand.Notice",
        verbose_name=_("notice"),
        null=True,
        on_delete=models.CASCADE,
        related_name="messages",
        help_text="Of mails to who gave it.",
    )
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"))
    handed_at = models.DateTimeField(_("given to the task queue by a tick"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True),
                name="crowdbrand_outbox",
            ),
            models.Index(
                fields=["user", "kind", "-created_at"], name="crowdbrand_digests"
            ),
            models.Index(fields=["-created_at", "-id"], name="crowdbrand_messages"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

"""Who is looking at what, and decisions taken on many at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.states import DecisionAction


class Claim(models.Model):
    """A moderator is looking at a submission: others get the next one.

    It is soft: it ends by itself, and hinders nobody from deciding.
    """

    submission = models.OneToOneField(
        "wagtail_crowdbrand.Submission",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="claim",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    user_id: int
    until = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.pk)


class Batch(models.Model):
    """One decision for many submissions, taken one by one outside the request."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    action = models.CharField(
        _("decision"), max_length=20, choices=DecisionAction.choices
    )
    reason_code = models.CharField(_("reason"), max_length=50, blank=True)
    text = models.TextField(_("statement of reasons"), blank=True)
    created_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class BatchItem(models.Model):
    """One submission of a batch; ``done_at`` is set in the decision's transaction."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission", on_delete=models.CASCADE, related_name="+"
    )
    submission_id: int
    revision_id = models.PositiveBigIntegerField(
        null=True, help_text="What was on the screen when it was chosen."
    )
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "submission"], name="crowdbrand_once_per_batch"
            )
        ]
        indexes = [
            models.Index(
                fields=["batch", "id"],
                condition=models.Q(done_at__isnull=True),
                name="crowdbrand_batch_left",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

"""What a contributor to a sealed campaign gets in hand, and what is published of it."""

from __future__ import annotations

import secrets

import swapper
from django.db import models
from django.utils.translation import gettext_lazy as _

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


def new_salt() -> str:
    """32 random bytes, in hexadecimal."""
    return secrets.token_hex(32)


class SealReceipt(models.Model):
    """The digest of what one version of a submission said, and what it was taken of.

    ``receipt`` and its salt are as private as the submission. Erasing the contributor
    empties ``receipt`` and ``submission``; the digest, which says nothing then, stays.
    """

    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        verbose_name=_("submission"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="receipts",
    )
    campaign_page = models.ForeignKey(
        PAGE_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    receipt = models.JSONField(
        default=dict, help_text="What the digest is taken of, the salt included."
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    replaced_at = models.DateTimeField(_("replaced"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("seal receipt")
        verbose_name_plural = _("seal receipts")
        indexes = [
            models.Index(
                fields=["campaign_page", "submission"],
                condition=models.Q(replaced_at__isnull=True),
                name="crowdbrand_receipts",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(replaced_at__isnull=True),
                name="crowdbrand_one_receipt",
            )
        ]

    def __str__(self) -> str:
        return self.digest


class SealList(models.Model):
    """The digests a campaign published, sorted, one a line, fillers among them."""

    campaign_page = models.ForeignKey(
        PAGE_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    number = models.PositiveIntegerField()
    lines = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the lines.")
    published_at = models.DateTimeField(_("published"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("list of seal receipts")
        verbose_name_plural = _("lists of seal receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_page", "number"], name="crowdbrand_seal_list"
            )
        ]

    def __str__(self) -> str:
        return self.digest

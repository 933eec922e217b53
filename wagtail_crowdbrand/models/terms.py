"""What contributors agreed to, word for word, as it was then."""

from __future__ import annotations

import swapper
from django.db import models
from django.utils.translation import gettext_lazy as _


class TermsVersion(models.Model):
    """One version of a campaign's contract. Never changed once it exists."""

    campaign_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")
    created_at = models.DateTimeField(_("valid from"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version of the terms")
        verbose_name_plural = _("versions of the terms")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_page", "number"],
                name="crowdbrand_terms_number",
            )
        ]

    def __str__(self) -> str:
        return str(self.number)

"""A campaign that goes for ever, and how far it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Removal(models.Model):
    """One campaign with everything people sent. It outlives the campaign, and says of
    nobody but who began it.
    """

    campaign_id = models.PositiveBigIntegerField(
        unique=True, help_text="The id its page has, or had."
    )
    title = models.CharField(_("campaign"), max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    total = models.PositiveIntegerField(_("submissions"))
    done = models.PositiveIntegerField(_("gone"), default=0)
    created_at = models.DateTimeField(_("begun"))
    worked_at = models.DateTimeField(_("went on"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("deletion of a campaign")
        verbose_name_plural = _("deletions of campaigns")

    def __str__(self) -> str:
        return str(self.pk)

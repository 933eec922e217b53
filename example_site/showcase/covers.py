"""What every page of the site with a picture at its top has in common."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CoverMixin(models.Model):
    lead = models.TextField(_("lead"), blank=True)
    cover = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True

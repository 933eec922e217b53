"""The base page model of the test site, named in ``WAGTAIL_PAGE_MODEL``."""

from __future__ import annotations

from django.db import models
from wagtail.models import AbstractPage


class BasePage(AbstractPage):
    department = models.CharField(max_length=100, blank=True)

    promote_panels = [*AbstractPage.promote_panels, "department"]

"""The site's own pages, and the mails the demo would have sent."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from example_site.showcase.blocks import SectionsBlock
from example_site.showcase.covers import CoverMixin


class HomePage(CoverMixin, Page):
    headline = models.CharField(_("headline"), max_length=120)
    body = StreamField(SectionsBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("lead"),
        FieldPanel("cover"),
        FieldPanel("body"),
    ]
    max_count = 1

    class Meta:
        verbose_name = _("home page")


class StandardPage(CoverMixin, Page):
    body = StreamField(SectionsBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("cover"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("standard page")


class JournalIndexPage(Page):
    lead = models.TextField(_("lead"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    subpage_types = ["showcase.JournalPage"]
    max_count = 1

    class Meta:
        verbose_name = _("journal")

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        entries = JournalPage.objects.child_of(self).live().order_by("-date")
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["entries"] = entries.select_related("cover")[:24]
        return context


class JournalPage(CoverMixin, Page):
    date = models.DateField(_("date"), default=timezone.localdate)
    author = models.CharField(_("author"), max_length=120)
    body = StreamField(SectionsBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("author"),
        FieldPanel("lead"),
        FieldPanel("cover"),
        FieldPanel("body"),
    ]
    parent_page_types = ["showcase.JournalIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("journal entry")


class DemoMail(models.Model):
    """One message that a real site would have sent."""

    to = models.TextField(_("to"))
    subject = models.TextField(_("subject"))
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("demo mail")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.subject

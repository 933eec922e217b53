"""What we are measured against: a bare table, and ideas as Wagtail's tutorial has them.

The tutorial's pages: children of an index, ``.specific``, ``{% image %}``, a paginator
as its documentation has it.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from wagtail.models import Page

PAGE_SIZE = 24


class Row(models.Model):
    """What a card shows, in one table with one index."""

    title = models.CharField(max_length=120)
    summary = models.TextField()
    credit = models.CharField(max_length=120)
    image = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="plain_newest")]

    def __str__(self) -> str:
        return self.title


class IdeaIndexPage(Page):
    template = "plain/idea_index_page.html"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        ideas = self.get_children().live().order_by("-first_published_at")
        paginator = Paginator(ideas, PAGE_SIZE)
        context["ideas"] = paginator.get_page(request.GET.get("page"))
        return context


class IdeaPage(Page):
    template = "plain/idea_page.html"
    summary = models.TextField()
    credit = models.CharField(max_length=120)
    image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

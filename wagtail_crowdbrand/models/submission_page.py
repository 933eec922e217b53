"""What makes a page show a submission; the words and pictures stay in the row."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index


class SubmissionPageMixin(models.Model):
    """The public page of a visible submission. Mix into a page class below a brief.

    It owns presentation only: slug, search description and the curator's note. Its
    title mirrors the contributor's.
    """

    curators_note = models.TextField(
        _("curator's note"),
        blank=True,
        help_text=_("Your words about this idea. Shown as yours, below it."),
    )

    is_creatable = False
    note_panels = [FieldPanel("curators_note")]
    submission_search_fields = [index.SearchField("submission_text")]

    class Meta:
        abstract = True

    @cached_property
    def submission(self) -> Any:
        """The submission shown here, or ``None`` when it is gone."""
        return getattr(self, "crowdbrand_submission", None)

    @property
    def submission_text(self) -> str:
        """The public words, for the site's search."""
        return self.submission.public_text if self.submission else ""

    def get_template(self, request: Any, *args: Any, **kwargs: Any) -> str:
        return "wagtail_crowdbrand/submission.html"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import submission

        context = super().get_context(request, *args, **kwargs)
        return {**context, **submission.page_context(self, request)}

"""What makes a page show a submission; the words and pictures stay in the row."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import PagePermissionTester
from wagtail.search import index

from wagtail_crowdbrand.models import headless
from wagtail_crowdbrand.models.tree import ShortWay


class ShownPagePermissionTester(PagePermissionTester):
    """Nobody publishes the page of a submission that is not on show."""

    def can_publish(self) -> bool:
        return super().can_publish() and self.page.is_on_show


class SubmissionPageMixin(ShortWay, models.Model):
    """The public page of a visible submission. Mix into a page class below a brief.

    It owns presentation only: slug, search description and the curator's note. Its
    title mirrors the contributor's.
    """

    curators_note = models.TextField(
        _("curator's note"),
        blank=True,
        help_text=_("Your words about this idea. Shown as yours, below it."),
    )

    #: Who may see it is the brief's business.
    private_page_options: list[str] = []
    note_panels = [
        HelpPanel(
            content=_(
                "This page shows an idea somebody sent. Its words and pictures are "
                "theirs and cannot be changed here; you can add a note."
            )
        ),
        FieldPanel("curators_note"),
    ]
    #: For Wagtail's own APIs; ``null`` for who may not see the submission.
    api_fields = [headless.fact("submission"), "curators_note"]
    submission_search_fields = [index.SearchField("submission_text")]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The title stays the contributor's, whichever door an edit came through."""
        if self.submission:
            self.title = self.draft_title = self.submission.title
        super().save(*args, **kwargs)

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        """Never by hand. Wagtail resets an inherited ``is_creatable``."""
        return False

    @cached_property
    def submission(self) -> Any:
        """The submission shown here, or ``None`` when it is gone."""
        return getattr(self, "crowdbrand_submission", None)

    @property
    def is_on_show(self) -> bool:
        """Whether the submission may be seen, as far as moderation is concerned."""
        return bool(self.submission and self.submission.visible_from)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return ShownPagePermissionTester(user, self)

    @property
    def submission_text(self) -> str:
        """The public words, for the site's search."""
        return self.submission.public_text if self.submission else ""

    def get_sitemap_urls(self, request: Any = None) -> list[dict[str, Any]]:
        """Nothing, unless everybody may see the submission now."""
        from wagtail_crowdbrand.views import submission

        if not submission.is_for_everybody(self, request):
            return []
        return super().get_sitemap_urls(request)

    def get_template(self, request: Any, *args: Any, **kwargs: Any) -> str:
        return "wagtail_crowdbrand/submission.html"

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from wagtail_crowdbrand.views import previews

        here = super().serve_preview
        return previews.elsewhere(request, self) or here(request, mode_name)

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Raises ``Http404`` unless this visitor may see the submission now."""
        from wagtail_crowdbrand.views import submission

        response = super().serve(request, *args, **kwargs)
        if "submission" not in response.context_data:
            raise Http404
        submission.remember(request, response)
        return response

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import submission

        context = super().get_context(request, *args, **kwargs)
        return {**context, **submission.page_context(self, request)}

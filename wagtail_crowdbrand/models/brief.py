"""What makes a page a brief: one task inside a campaign, with its own form."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from wagtail_crowdbrand.models import headless
from wagtail_crowdbrand.models.blocks import STORY_FEATURES, AnswerFieldsBlock
from wagtail_crowdbrand.models.campaign import CampaignMixin
from wagtail_crowdbrand.models.drafts import ConsistentMixin
from wagtail_crowdbrand.models.submission_page import SubmissionPageMixin
from wagtail_crowdbrand.models.tree import FreshInTree, ShortWay
from wagtail_crowdbrand.states import DeliverableKind


class BriefMixin(
    FreshInTree, ConsistentMixin, RoutablePageMixin, ShortWay, models.Model
):
    """One task of a campaign. Mix into a page class that lives below a campaign.

    Submissions belong to the page's ``translation_key``, so that all translations of
    a brief share one gallery.
    """

    deliverable_kind = models.CharField(
        _("what you ask for"),
        max_length=20,
        choices=DeliverableKind.choices,
        default=DeliverableKind.NAME,
    )
    challenge = models.TextField(
        _("challenge"),
        help_text=_("The task in two or three sentences. Shown first, and on cards."),
    )
    background = RichTextField(
        _("background"),
        blank=True,
        features=STORY_FEATURES,
        help_text=_("What people should know before they start."),
    )
    audience = models.TextField(
        _("audience"), blank=True, help_text=_("Who it is for.")
    )
    tone = models.TextField(
        _("tone"), blank=True, help_text=_("How it should sound, look or feel.")
    )
    must_haves = models.TextField(
        _("must-haves"), blank=True, help_text=_("One on each line.")
    )
    no_gos = models.TextField(_("no-gos"), blank=True, help_text=_("One on each line."))
    resources = RichTextField(
        _("resources"),
        blank=True,
        features=["link", "document-link", "ul", "bold"],
        help_text=_("Links and files people may use."),
    )
    criteria = models.TextField(
        _("how ideas are judged"), help_text=_("One criterion on each line.")
    )
    max_per_contributor = models.PositiveSmallIntegerField(
        _("ideas per person"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_images = models.PositiveSmallIntegerField(
        _("pictures per idea"),
        default=3,
        validators=[MaxValueValidator(10)],
        help_text=_("0 if words are enough."),
    )
    min_images = models.PositiveSmallIntegerField(
        _("at least"),
        default=0,
        validators=[MaxValueValidator(10)],
        help_text=_("How many pictures an idea must have."),
    )
    max_summary_length = models.PositiveSmallIntegerField(
        _("length of the description"),
        default=600,
        validators=[MinValueValidator(50), MaxValueValidator(5000)],
        help_text=_("In characters."),
    )
    answer_fields = StreamField(
        AnswerFieldsBlock(),
        verbose_name=_("further questions"),
        blank=True,
        help_text=_(
            "A title and a description are always asked for, and pictures if you allow "
            "them."
        ),
    )

    task_panels = [
        FieldPanel("deliverable_kind"),
        FieldPanel("challenge"),
        FieldPanel("background"),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("tone"),
                FieldPanel("must_haves"),
                FieldPanel("no_gos"),
                FieldPanel("resources"),
            ],
            heading=_("Directions"),
        ),
        FieldPanel("criteria"),
    ]
    form_panels = [
        HelpPanel(content=_("What people are asked when they send an idea.")),
        MultiFieldPanel(
            [
                FieldPanel("max_per_contributor"),
                FieldRowPanel(
                    [
                        FieldPanel("min_images", heading=_("Pictures, at least")),
                        FieldPanel("max_images", heading=_("Pictures, at most")),
                    ]
                ),
                FieldPanel("max_summary_length"),
            ],
            heading=_("Limits"),
        ),
        FieldPanel("answer_fields"),
    ]
    #: For Wagtail's own APIs; all of it is on the brief's page or in its form.
    api_fields = [
        "deliverable_kind",
        "challenge",
        "background",
        "audience",
        "tone",
        "must_haves",
        "no_gos",
        "resources",
        "criteria",
        "max_per_contributor",
        "min_images",
        "max_images",
        "max_summary_length",
        "answer_fields",
        headless.fact("submission_count"),
    ]
    brief_search_fields = [
        index.SearchField("challenge"),
        index.SearchField("background"),
    ]

    class Meta:
        abstract = True

    @cached_property
    def campaign(self) -> CampaignMixin:
        """The campaign this brief belongs to."""
        allowed = self.allowed_parent_page_models()
        if len(allowed) == 1 and "_cached_parent_obj" not in self.__dict__:
            # In one query, as its own class.
            above = allowed[0]._default_manager.filter(path=self.path[: -self.steplen])
            if parent := above.first():
                self._cached_parent_obj = parent
        return self.get_parent().specific

    @classmethod
    def submission_page_class(cls) -> type[SubmissionPageMixin]:
        """The page class that shows a submission below this brief."""
        return next(
            model
            for model in cls.allowed_subpage_models()
            if issubclass(model, SubmissionPageMixin)
        )

    def contradictions(self) -> dict[str, Any]:
        if self.min_images > self.max_images:
            return {
                "min_images": _("This is more than the number of pictures allowed.")
            }
        return {}

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [
            ("open", _("While it is open")),
            ("announced", _("Before it opens")),
            ("closed", _("After it has closed")),
        ]

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Raises ``Http404`` while its campaign is off the site; Wagtail serves it."""
        if not self.campaign.live:
            raise Http404
        return super().serve(request, *args, **kwargs)

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from wagtail_crowdbrand.views import brief, previews

        request.is_preview = True
        return previews.elsewhere(request, self) or brief.show(
            request, self, mode=mode_name
        )

    @path("")
    def show_route(self, request: Any) -> Any:
        from wagtail_crowdbrand.views import brief

        return brief.show(request, self)

    @path("compare/")
    def compare_route(self, request: Any) -> Any:
        from wagtail_crowdbrand.views import compare

        return compare.show(request, self)

    @path("sheet/")
    def sheet_route(self, request: Any) -> Any:
        from wagtail_crowdbrand.views import sheet

        return sheet.show(request, self)

    @path("submit/")
    def submit_route(self, request: Any) -> Any:
        from wagtail_crowdbrand.views import submit

        return submit.start(request, self, at=timezone.now())

    @path("submit/<str:code>/<str:step>/")
    def submit_step_route(self, request: Any, code: str, step: str) -> Any:
        from wagtail_crowdbrand.views import submit

        return submit.step(request, self, code=code, name=step, at=timezone.now())

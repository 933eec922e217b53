"""What makes a page a campaign: a schedule, a contract and a story."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Workflow
from wagtail.search import index

from wagtail_crowdbrand.models import headless, inputs
from wagtail_crowdbrand.models.blocks import StoryBlock
from wagtail_crowdbrand.models.drafts import ConsistentMixin
from wagtail_crowdbrand.models.mailtexts import MailTextsBlock
from wagtail_crowdbrand.models.seal import SealMixin
from wagtail_crowdbrand.models.tree import FreshInTree, ShortWay
from wagtail_crowdbrand.states import (
    Hold,
    ModerationPolicy,
    VoteRole,
)

#: The dates an editor gives.
SCHEDULE = (
    "opens_at",
    "closes_at",
    "reveals_at",
    "decision_due_at",
    "decided_at",
    "archived_at",
)


def time_zone_choices() -> list[tuple[str, str]]:
    """IANA names, as the machine knows them."""
    return [(name, name) for name in sorted(available_timezones())]


def default_time_zone() -> str:
    return timezone.get_default_timezone_name()


def _moderates(workflow: Workflow) -> bool:
    from wagtail_crowdbrand.models.moderation import ModerationTask

    steps = ModerationTask.objects.filter(active=True)
    return steps.filter(workflow_tasks__workflow=workflow).exists()


class CampaignIndexMixin(ShortWay, FreshInTree):
    """A page that lists the campaigns below it."""

    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("One or two sentences above the list of campaigns."),
    )

    introduction_panels = [FieldPanel("introduction")]
    api_fields: list[Any] = ["introduction"]

    class Meta:
        abstract = True

    def get_template(self, request: Any, *args: Any, **kwargs: Any) -> str:
        return "wagtail_crowdbrand/campaign_index.html"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import campaign

        context = super().get_context(request, *args, **kwargs)
        return {**context, **campaign.index_context(self, request)}


class CampaignMixin(ShortWay, FreshInTree, ConsistentMixin, SealMixin):
    """One open call for one brand. Mix into a page class; briefs live below it.

    The phase is computed (:func:`wagtail_crowdbrand.domain.phases.phase_of`) from the
    timestamps here, all of them aware. ``closes_at`` plus ``grace_minutes`` is the
    only deadline.
    """

    brand_name = models.CharField(
        _("brand"), max_length=120, help_text=_("Whose brand it is, as people say it.")
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        help_text=_("One sentence. Shown on cards, in search results and when shared."),
    )
    cover = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("cover picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown large at the top of the campaign and on its card."),
    )
    story = StreamField(
        StoryBlock(),
        verbose_name=_("story"),
        blank=True,
        help_text=_("Tell people about the brand and why you ask them."),
    )

    opens_at = models.DateTimeField(
        _("opens"), null=True, help_text=_("From then on people can send ideas.")
    )
    closes_at = models.DateTimeField(
        _("closes"), null=True, help_text=_("The deadline everybody sees.")
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes of grace"),
        default=0,
        validators=[MaxValueValidator(120)],
        help_text=_(
            "Ideas sent this many minutes after the deadline are still accepted, "
            "and marked as late."
        ),
    )
    decision_due_at = models.DateTimeField(
        _("decision due"),
        null=True,
        help_text=_(
            "By then you announce what was chosen and why. Shown to everybody; if it "
            "passes, the campaign says so."
        ),
    )
    decided_at = models.DateTimeField(
        _("decided"),
        null=True,
        blank=True,
        help_text=_("Fill this in when the decision has been announced."),
    )
    archived_at = models.DateTimeField(
        _("archived"),
        null=True,
        blank=True,
        help_text=_("From then on the campaign can be read, and nothing else."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        choices=time_zone_choices,
        default=default_time_zone,
        help_text=_("Dates are shown to the public in this time zone, with its name."),
    )
    hold = models.CharField(
        pgettext_lazy("operation of a campaign", "operation"),
        max_length=10,
        choices=Hold.choices,
        default=Hold.NONE,
        blank=True,
        help_text=_("A paused or cancelled campaign takes no ideas and says why."),
    )
    hold_note = models.CharField(
        _("public note"),
        max_length=300,
        blank=True,
        help_text=_("Why it is paused or cancelled, and what happens next."),
    )
    extended_from = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="The deadline that was announced first; null: it never moved.",
    )
    extension_note = models.CharField(max_length=300, blank=True, editable=False)

    prize = models.TextField(
        _("prize or budget"),
        help_text=_("What those who are chosen get. If it is nothing, say so."),
    )
    effort = models.CharField(
        _("expected effort"),
        max_length=200,
        help_text=_("How much work you expect, for example “an evening”."),
    )
    picks = models.PositiveSmallIntegerField(
        _("ideas to be picked"),
        null=True,
        help_text=_("How many you intend to choose per brief."),
    )
    picks_may_be_none = models.BooleanField(
        _("possibly none"),
        default=False,
        help_text=_("Tick this if you reserve the right to choose nothing."),
    )
    who_decides = models.TextField(
        _("who decides"), help_text=_("Names or roles, so that people know.")
    )
    vote_role = models.CharField(
        _("public vote"),
        max_length=10,
        choices=VoteRole.choices,
        default=VoteRole.NONE,
        help_text=_("Whether the public votes, and whether that binds you."),
    )
    fallback = models.TextField(
        _("if no decision is made in time"),
        help_text=_("What happens then. This is a promise."),
    )
    rights = models.TextField(
        _("who owns what"),
        help_text=_("Who may use ideas that are chosen, and those that are not."),
    )
    terms = models.TextField(
        _("terms"),
        help_text=_(
            "What contributors accept when they send an idea. Every change makes a "
            "new version; each idea keeps the version its contributor accepted."
        ),
    )
    moderation_workflow = models.ForeignKey(
        Workflow,
        verbose_name=_("moderation workflow"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Leave empty to use the default one."),
    )
    moderation_policy = models.CharField(
        _("when ideas are reviewed"),
        max_length=10,
        choices=ModerationPolicy.choices,
        default=ModerationPolicy.BEFORE,
        help_text=_("Whatever looks suspicious is reviewed before it is shown."),
    )
    trust_after = models.PositiveSmallIntegerField(
        _("trust contributors after"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_(
            "This many approved ideas, none of which was taken off the site. First "
            "ideas are always reviewed before. You can also trust somebody by hand."
        ),
    )
    checklist = models.TextField(
        _("checklist for moderators"),
        blank=True,
        help_text=_("One question on each line. It reminds; it stops nobody."),
    )
    mail_texts = StreamField(
        MailTextsBlock(),
        verbose_name=_("mails"),
        blank=True,
        help_text=_("Words of your own for the mails contributors get."),
    )

    #: What a contributor agrees to; a change of any of these makes a new version.
    CONTRACT_FIELDS = (
        "prize",
        "effort",
        "picks",
        "picks_may_be_none",
        "who_decides",
        "vote_role",
        "decision_due_at",
        "fallback",
        "rights",
        "terms",
    )

    story_panels = [
        MultiFieldPanel(
            [
                FieldPanel("brand_name"),
                FieldPanel("summary", widget=AdminAutoHeightTextInput),
                FieldPanel("cover"),
            ],
            heading=_("The brand"),
        ),
        FieldPanel("story"),
    ]
    schedule_panels = [
        HelpPanel(template="wagtail_crowdbrand/backoffice/schedule_help.html"),
        MultiFieldPanel(
            [
                FieldPanel("time_zone"),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("grace_minutes"),
                FieldPanel("decision_due_at"),
            ],
            heading=_("When"),
        ),
        *SealMixin.seal_panels,
        MultiFieldPanel(
            [FieldPanel("decided_at"), FieldPanel("archived_at")],
            heading=_("Afterwards"),
        ),
    ]
    moderation_panels = [
        MultiFieldPanel(
            [
                FieldPanel("moderation_workflow"),
                FieldPanel("moderation_policy"),
                FieldPanel("trust_after"),
                FieldPanel("checklist"),
            ],
            heading=_("Review"),
        ),
        FieldPanel("mail_texts"),
    ]
    contract_panels = [
        HelpPanel(
            content=_(
                "What people may expect. All of it is public, and all of it must be "
                "filled in before the campaign can be published."
            )
        ),
        MultiFieldPanel(
            [FieldPanel("prize"), FieldPanel("effort")], heading=_("Give and take")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("picks"), FieldPanel("picks_may_be_none")]),
                FieldPanel("who_decides"),
                FieldPanel("vote_role"),
                FieldPanel("fallback"),
            ],
            heading=_("The decision"),
        ),
        MultiFieldPanel(
            [FieldPanel("rights"), FieldPanel("terms")], heading=_("The rules")
        ),
    ]
    #: For Wagtail's own APIs; all of it is on the campaign's page.
    api_fields = [
        "brand_name",
        "summary",
        "cover",
        headless.fact("cover_picture"),
        "story",
        headless.fact("phase"),
        headless.fact("deadline"),
        "opens_at",
        "closes_at",
        "grace_minutes",
        "decided_at",
        "archived_at",
        "time_zone",
        "hold",
        "hold_note",
        "extended_from",
        "extension_note",
        *CONTRACT_FIELDS,
    ]
    campaign_search_fields = [
        index.SearchField("brand_name", boost=2),
        index.SearchField("summary"),
        index.SearchField("story"),
        index.FilterField("opens_at"),
        index.FilterField("closes_at"),
    ]

    class Meta:
        abstract = True

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def clean(self) -> None:
        """A draft may contradict itself, but one must be able to reckon with it."""
        errors: dict[str, Any] = {}
        for name in SCHEDULE:
            try:
                inputs.within_reach(getattr(self, name))
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise ValidationError(errors)
        super().clean()

    def contradictions(self) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            errors["closes_at"] = _("The campaign must close after it opens.")
        due = self.decision_due_at
        if due and self.closes_at and due <= self.closes_at:
            errors["decision_due_at"] = _(
                "The decision must be due after the campaign has closed."
            )
        if self.decided_at and self.closes_at and self.decided_at < self.closes_at:
            errors["decided_at"] = _("A campaign cannot be decided before it closed.")
        if self.hold and not self.hold_note:
            errors["hold_note"] = _("Tell people why.")
        if self.picks == 0 and not self.picks_may_be_none:
            errors["picks"] = _("If none may be picked, tick “possibly none”.")
        return self.seal_contradictions() | errors

    def broken_references(self) -> dict[str, Any]:
        errors = self.seal_broken_references()
        if self.moderation_workflow and not _moderates(self.moderation_workflow):
            errors["moderation_workflow"] = _(
                "Nobody moderates submissions in this workflow. Choose one with a step "
                "“moderation of submissions”."
            )
        return errors

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [
            ("open", _("While it is open")),
            ("announced", _("Before it opens")),
            ("closed", _("After it has closed")),
        ]

    def get_template(self, request: Any, *args: Any, **kwargs: Any) -> str:
        return "wagtail_crowdbrand/campaign.html"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import campaign

        context = super().get_context(request, *args, **kwargs)
        mode = kwargs.get("mode_name", "")
        return {**context, **campaign.campaign_context(self, request, mode)}

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from wagtail_crowdbrand.views import previews

        request.is_preview = True
        return previews.elsewhere(request, self) or self.serve(
            request, mode_name=mode_name
        )

"""StreamField blocks by which editors put calls and ideas on any page of the site."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

MOST_FEATURED = 12


class CodeBlock(blocks.CharBlock):
    """The code of an idea, as it is printed below it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": _("Code"), "max_length": 9, **kwargs}
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Raises ``ValidationError`` for what is not the code of an idea on show."""
        from wagtail_crowdbrand.models import Submission
        from wagtail_crowdbrand.models.submission import read_code

        code = read_code(super().clean(value))
        shown = Submission.objects.filter(code=code, visible_from__isnull=False)
        if not code or not shown.exists():
            raise ValidationError(_("No idea on show has this code."))
        return code


class CampaignChooserBlock(blocks.PageChooserBlock):
    """Chooses a campaign, whichever class the site has for it."""

    @cached_property
    def target_models(self) -> list[Any]:
        from wagtail_crowdbrand.models import CampaignMixin

        return [
            model for model in apps.get_models() if issubclass(model, CampaignMixin)
        ]


class PlacedBlock(blocks.StructBlock):
    """What all of them have in common: a heading, and what a visitor may see now."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        return {**context, **self.show(value, context.get("request"))}

    def show(self, value: Any, request: Any) -> dict[str, Any]:
        """What the template needs beside ``value``."""
        raise NotImplementedError


class OpenCampaignsBlock(PlacedBlock):
    """The campaigns that take ideas now, those that close first before the others."""

    number = blocks.IntegerBlock(
        label=_("At most"), default=3, min_value=1, max_value=12
    )
    otherwise = blocks.CharBlock(
        label=_("When none is open"),
        required=False,
        max_length=200,
        help_text=_("Shown in their place. Leave it empty to show nothing."),
    )

    class Meta:
        icon = "date"
        label = _("Open campaigns")
        template = "wagtail_crowdbrand/placed/open_campaigns.html"

    def show(self, value: Any, request: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import placed

        return {"rows": placed.open_campaigns(request, most=value["number"])}


class FeaturedSubmissionsBlock(PlacedBlock):
    """Ideas an editor picks by their codes, each as a card."""

    codes = blocks.ListBlock(
        CodeBlock(), label=_("Ideas"), min_num=1, max_num=MOST_FEATURED
    )

    class Meta:
        icon = "pick"
        label = _("Featured ideas")
        template = "wagtail_crowdbrand/placed/featured.html"

    def show(self, value: Any, request: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import placed

        return {"cards": placed.cards(request, value["codes"])}


class CountdownBlock(PlacedBlock):
    """Where a campaign stands, and how long it still takes ideas."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    campaign = CampaignChooserBlock(label=_("Campaign"))

    class Meta:
        icon = "time"
        label = _("Countdown")
        template = "wagtail_crowdbrand/placed/countdown.html"

    def show(self, value: Any, request: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import placed

        return placed.countdown(request, value["campaign"])


class CompareBlock(PlacedBlock):
    """Two to four ideas of one brief side by side, and the way to their comparison."""

    codes = blocks.ListBlock(CodeBlock(), label=_("Ideas"), min_num=2, max_num=4)

    class Meta:
        icon = "duplicate"
        label = _("Compare these")
        template = "wagtail_crowdbrand/placed/compare.html"

    def clean(self, value: Any) -> Any:
        from wagtail_crowdbrand.models import Submission

        value = super().clean(value)
        rows = Submission.objects.filter(code__in=value["codes"])
        if rows.values("brief_key").distinct().count() > 1:
            message = _("Ideas can be compared that were sent to the same brief.")
            raise blocks.StructBlockValidationError(
                block_errors={"codes": ValidationError(message)}
            )
        return value

    def show(self, value: Any, request: Any) -> dict[str, Any]:
        from wagtail_crowdbrand.views import placed

        return placed.comparison(request, value["codes"])


class CrowdbrandBlocks(blocks.StreamBlock):
    """All of them, to be mixed into a site's own stream of blocks."""

    open_campaigns = OpenCampaignsBlock(group=_("Open calls"))
    featured_submissions = FeaturedSubmissionsBlock(group=_("Open calls"))
    countdown = CountdownBlock(group=_("Open calls"))
    compare = CompareBlock(group=_("Open calls"))

"""The sections an editor can stack on a page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from wagtail_crowdbrand.blocks import CrowdbrandBlocks

RICH_TEXT = ["bold", "italic", "link", "ul", "ol", "h3"]


class TextBlock(blocks.StructBlock):
    heading = blocks.CharBlock(required=False, max_length=120)
    body = blocks.RichTextBlock(features=RICH_TEXT)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "showcase/blocks/text.html"


class FigureBlock(blocks.StructBlock):
    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Figure")
        template = "showcase/blocks/figure.html"


class DepartureBlock(blocks.StructBlock):
    leaves = blocks.CharBlock(max_length=5, help_text=_("For example 07:40"))
    destination = blocks.CharBlock(max_length=60)
    arrives = blocks.CharBlock(max_length=60)
    bring = blocks.CharBlock(max_length=80)


class DeparturesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    note = blocks.CharBlock(required=False, max_length=200)
    rows = blocks.ListBlock(DepartureBlock())

    class Meta:
        icon = "time"
        label = _("Departure board")
        template = "showcase/blocks/departures.html"


class FeatureBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    text = blocks.TextBlock()
    image = ImageBlock()
    page = blocks.PageChooserBlock(required=False)
    link_text = blocks.CharBlock(required=False, max_length=60)

    class Meta:
        icon = "pick"
        label = _("Feature")
        template = "showcase/blocks/feature.html"


class CardBlock(blocks.StructBlock):
    image = ImageBlock()
    heading = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock()
    page = blocks.PageChooserBlock(required=False)


class CardsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    cards = blocks.ListBlock(CardBlock(), min_num=1, max_num=6)

    class Meta:
        icon = "grip"
        label = _("Cards")
        template = "showcase/blocks/cards.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    who = blocks.CharBlock(max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "showcase/blocks/quote.html"


class FactBlock(blocks.StructBlock):
    figure = blocks.CharBlock(max_length=12)
    label = blocks.CharBlock(max_length=120)


class FactsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    facts = blocks.ListBlock(FactBlock())

    class Meta:
        icon = "order"
        label = _("Figures")
        template = "showcase/blocks/facts.html"


class SectionsBlock(CrowdbrandBlocks):
    text = TextBlock()
    figure = FigureBlock()
    departures = DeparturesBlock()
    feature = FeatureBlock()
    cards = CardsBlock()
    quote = QuoteBlock()
    facts = FactsBlock()

"""A campaign's own pictures in all sizes pages of ours ask for, made when it is
published: no visitor waits for them.
"""

from __future__ import annotations

from typing import Any

from wagtail.images.models import AbstractImage

#: What the API tells of.
API_SIZES = ("max-480x480", "max-1000x1000", "max-1800x1800")
#: At the head of its page, on a card, where it is shared.
COVER_SIZES = (
    *("width-800", "width-1400", "width-2200"),
    *("fill-960x540", "fill-1200x630"),
    *API_SIZES,
)
STORY_SIZES = ("width-640", "width-1200", "width-1800")


def make_sizes(campaign: Any) -> None:
    """Of the cover and the pictures in its story. Safe to repeat."""
    if campaign.cover:
        campaign.cover.get_renditions(*COVER_SIZES)
    for block in campaign.story:
        if isinstance(block.value, AbstractImage):
            block.value.get_renditions(*STORY_SIZES)

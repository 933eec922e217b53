"""Which page classes the site made of our mixins, and one page of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

from wagtail_crowdbrand.models import BriefMixin, CampaignIndexMixin, CampaignMixin

if TYPE_CHECKING:
    from collections.abc import Iterator


def brief_models() -> list[type[BriefMixin]]:
    """The site's concrete brief page classes."""
    return [model for model in apps.get_models() if issubclass(model, BriefMixin)]


def index_models() -> list[type[CampaignIndexMixin]]:
    """The site's concrete classes of pages that list campaigns."""
    return [
        model for model in apps.get_models() if issubclass(model, CampaignIndexMixin)
    ]


def campaign_models() -> list[type[CampaignMixin]]:
    """The site's concrete campaign page classes."""
    return [model for model in apps.get_models() if issubclass(model, CampaignMixin)]


def campaigns(**facts: Any) -> Iterator[Any]:
    """All campaigns of which these lookups are true, a query for each class."""
    for model in campaign_models():
        yield from model._default_manager.filter(**facts)

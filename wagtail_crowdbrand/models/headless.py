"""Computed fields of our pages in Wagtail's own APIs, v2 and v3."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import Field
from wagtail.api import APIField


class FactField(Field):
    """A fact about a page, found for all pages of a listing at once.

    v3 knows neither request nor listing; there everybody is a stranger.
    """

    def __init__(self, fact: str) -> None:
        super().__init__(read_only=True)
        self.fact = fact

    def get_attribute(self, page: Any) -> Any:
        listing = getattr(self.parent, "parent", None)
        if listing is None:
            return self._facts_of([page]).get(page.pk)
        if not hasattr(listing, "crowdbrand_facts"):
            listing.crowdbrand_facts = {}
        if self.fact not in listing.crowdbrand_facts:
            listing.crowdbrand_facts[self.fact] = self._facts_of(list(listing.instance))
        return listing.crowdbrand_facts[self.fact].get(page.pk)

    def to_representation(self, value: Any) -> Any:
        return value

    def _facts_of(self, pages: list[Any]) -> dict[int, Any]:
        from wagtail_crowdbrand.api import facts

        request = self.context.get("request") if self.parent else None
        return facts.FACTS[self.fact](pages, request)


def fact(name: str) -> APIField:
    """One of :data:`wagtail_crowdbrand.api.facts.FACTS`, under its own name."""
    return APIField(name, serializer=FactField(name))

"""Navigation made from the page tree."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from wagtail.models import Page, Site

register = template.Library()


class NavigationItem(NamedTuple):
    title: str
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[NavigationItem]:
    """Return the pages below home that are live and shown in menus."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return []
    home: Page = site.root_page
    pages = home.get_children().live().in_menu()
    urls = [(page.title, page.get_url(request, current_site=site)) for page in pages]
    return [
        NavigationItem(title, url, request.path.startswith(url))
        for title, url in urls
        if url
    ]

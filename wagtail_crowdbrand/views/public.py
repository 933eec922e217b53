"""Pages of ours that everybody may read, for doors that are not pages themselves."""

from __future__ import annotations

from typing import Any

import swapper
from django.http import Http404, HttpRequest


def public_page(pk: int, mixin: type) -> Any:
    """The page as its own class. Raises ``Http404`` unless it is a live ``mixin`` that
    no privacy setting and no unpublished page above it keeps from anybody.
    """
    tree = swapper.load_model("wagtailcore", "Page")
    page = tree.objects.filter(pk=pk).public().specific().first()
    if not isinstance(page, mixin):
        raise Http404
    if page.get_ancestors(inclusive=True).filter(live=False).exists():
        raise Http404
    return page


def readable_page(request: HttpRequest, pk: int, mixin: type) -> Any:
    """The same for what only some may read, when ``request`` is one of them."""
    tree = swapper.load_model("wagtailcore", "Page")
    page = tree.objects.filter(pk=pk).specific().first()
    if not isinstance(page, mixin):
        raise Http404
    if page.get_ancestors(inclusive=True).filter(live=False).exists():
        raise Http404
    if not all(each.accept_request(request) for each in page.get_view_restrictions()):
        raise Http404
    return page

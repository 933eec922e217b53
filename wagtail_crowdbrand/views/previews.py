"""Previews of pages that a front end of the site's own shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import previewing


def elsewhere(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A frame with the draft as ``PREVIEW_URL`` shows it; ``None``: here, as ever.

    Wagtail's preview looks into the document it loads, which another origin forbids.
    """
    previewing.take_for_public(page)
    url = get_config().preview_url
    if not url:
        return None
    url = url.format(token=previewing.keep(page))
    context = {"page": page, "url": url}
    return TemplateResponse(request, "wagtail_crowdbrand/preview.html", context)

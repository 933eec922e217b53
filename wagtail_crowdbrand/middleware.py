"""What a site may put into ``MIDDLEWARE``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wagtail_crowdbrand.views import unchanged


def unchanged_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 304 where a visitor has the same page of a brief already.

    The last in the list. Wagtail's ``before_serve_page`` hooks do not see such a
    request.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return unchanged.answer(request) or get_response(request)

    return middleware

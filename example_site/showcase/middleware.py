"""A strict Content-Security-Policy for everything but the Wagtail admin."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        exempt = request.path.startswith(settings.SHOWCASE_CSP_EXEMPT_PREFIXES)
        # Django's own debug pages carry inline styles.
        debug_page = settings.DEBUG and response.status_code in {404, 500}
        if not exempt and not debug_page:
            response.headers.setdefault(
                "Content-Security-Policy", settings.SHOWCASE_CSP
            )
        return response

    return middleware

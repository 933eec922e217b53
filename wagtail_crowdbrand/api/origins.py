"""Leave for browsers on other origins (CORS, https://fetch.spec.whatwg.org/#cors)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from wagtail_crowdbrand.conf import get_config

METHODS = ("GET", "HEAD", "POST", "PUT")
#: What a client may send beyond what every page may.
REQUEST_HEADERS = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
)
#: What a client may read beyond what every page may.
RESPONSE_HEADERS = (
    "Allow",
    "Content-Disposition",
    "ETag",
    "Retry-After",
    "WWW-Authenticate",
)
#: Seconds for which a browser remembers our answer; none remembers longer.
MAX_AGE = 7200


def is_listed(request: HttpRequest) -> bool:
    """Whether a browser says that a page of a listed origin sent this."""
    origin = request.headers.get("Origin", "")
    return origin in get_config().api_allowed_origins and origin != _own(request)


def is_preflight(request: HttpRequest) -> bool:
    """Whether a browser asks for leave before it sends the request itself."""
    asks = "Access-Control-Request-Method" in request.headers
    return request.method == "OPTIONS" and asks


def allow(request: HttpRequest) -> HttpResponse:
    """The answer to a preflight of a listed origin."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = ", ".join(REQUEST_HEADERS)
    response["Access-Control-Max-Age"] = str(MAX_AGE)
    return response


def forget_session(request: Any) -> None:
    """Treat the request as a stranger's, whatever cookies the browser added.

    A page of another origin acts with the tokens it was given. That its visitor is
    signed in here gives it no power, and its request leaves that session as it is.
    """
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.COOKIES = {}
    request.session = store()
    request.user = AnonymousUser()


def mark(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser who may read this; caches, that it depends on who asks."""
    if not get_config().api_allowed_origins:
        return response
    patch_vary_headers(response, ["Origin"])
    if is_listed(request):
        response["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response["Access-Control-Expose-Headers"] = ", ".join(RESPONSE_HEADERS)
    return response


def _own(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"

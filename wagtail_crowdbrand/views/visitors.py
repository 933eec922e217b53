"""What a visitor may see, in which order: session and cookie in, plain values out."""

from __future__ import annotations

import ipaddress
import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import gallery, limits
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import BriefMixin

COOKIE = "cb_order"


def passed_restrictions(request: HttpRequest) -> list[int]:
    """Ids of the password restrictions this session has passed."""
    key = PageViewRestriction.passed_view_restrictions_session_key
    return request.session.get(key, [])


def visitor_of(request: HttpRequest) -> str:
    """A random word that keeps this visitor's order; says nothing about them."""
    return request.COOKIES.get(COOKIE, "")[:32] or secrets.token_hex(8)


def remember(response: HttpResponse, request: HttpRequest, visitor: str) -> None:
    """Keep the order until the browser is closed."""
    if request.COOKIES.get(COOKIE) != visitor:
        response.set_cookie(
            COOKIE,
            visitor,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def shuffle_for(
    request: HttpRequest, brief: BriefMixin, visitor: str, *, at: datetime
) -> gallery.Shuffle:
    """The order in the URL, or today's for this visitor."""
    count = gallery.visible_count(brief)
    given = gallery.Shuffle.parse(request.GET.get("shuffle", ""), count=count)
    day = timezone.localdate(at)
    return given or gallery.Shuffle.for_visitor(visitor, day=day, count=count)


def address_of(request: HttpRequest) -> str:
    """Who asks: an address, or the /64 network an IPv6 address belongs to.

    ``X-Forwarded-For`` is believed only as far as the site's own proxies wrote it.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = get_config().trusted_proxies
    if proxies:
        chain = request.headers.get("X-Forwarded-For", "").split(",")
        if len(chain) >= proxies:
            address = chain[-proxies].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def limit(request: HttpRequest, action: str, *, at: datetime, cost: int = 1) -> None:
    """Count ``cost`` uses of ``action``. Raises ``NotAllowed`` (``too_many``)."""
    limits.hit(action, address_of(request), at=at, cost=cost)


def over_limit(
    request: HttpRequest, action: str, *, at: datetime, cost: int = 1
) -> NotAllowed | None:
    """The same; returns the refusal instead of raising it."""
    try:
        limit(request, action, at=at, cost=cost)
    except NotAllowed as refusal:
        return refusal
    return None


def whole_number(text: str, default: int = 1) -> int:
    """``text`` as a number of at most seven digits, else ``default``."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else default


def sees(request: HttpRequest) -> dict[str, Any]:
    """Keyword arguments of everything that goes through ``visible_to``."""
    return {
        "user": getattr(request, "user", None),
        "passed_restrictions": passed_restrictions(request),
    }

"""What a request tells of who asks: an address, an account, what was unlocked, and
of which site.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import PageViewRestriction, Site

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import limits
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models.submission import PassedRestrictions


def passed_restrictions(request: HttpRequest) -> PassedRestrictions:
    """Ids of the password restrictions this session has passed."""
    known = getattr(request, "_crowdbrand_passed", None)
    if known is None:
        key = PageViewRestriction.passed_view_restrictions_session_key
        known = PassedRestrictions(request.session.get(key, []))
        request._crowdbrand_passed = known
    return known


def sees(request: HttpRequest) -> dict[str, Any]:
    """Keyword arguments of everything that goes through ``visible_to``."""
    return {
        "user": getattr(request, "user", None),
        "passed_restrictions": passed_restrictions(request),
    }


def site_paths(request: HttpRequest) -> list[str]:
    """Tree paths of the site asked for: its root, and the root's translations."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return [site.root_page.path]
    roots = site.root_page.get_translations(inclusive=True)
    return list(roots.values_list("path", flat=True))


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
    return _normalised(address)


def _normalised(address: str) -> str:
    """Without a port, which some proxies add; IPv4 in IPv6 is IPv4 (RFC 4291)."""
    bracketed = re.fullmatch(r"\[(.+)\](:\d+)?", address)
    if bracketed:
        address = bracketed[1]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))


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


def limit_notices(request: HttpRequest, submission_id: int, *, at: datetime) -> None:
    """Count a notice of one idea, however many people there are behind one address."""
    who = f"{address_of(request)}:{submission_id}"
    limits.hit("notice_each", who, at=at)


def giver_of(request: HttpRequest, email: str) -> str:
    """Whatever tells who gives a notice from others best; only a keyed hash is kept.

    Somebody unnamed is their address and the random word every browser has against
    forged requests, so that two people behind one address are two.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}"
    if email:
        return f"email:{email.lower()}"
    browser = request.META.get("CSRF_COOKIE", "")
    return f"browser:{address_of(request)}:{browser}"

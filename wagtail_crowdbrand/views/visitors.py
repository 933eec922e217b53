"""What a visitor may see, in which order: session and cookie in, plain values out."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wagtail_crowdbrand.callers import (
    address_of,
    limit,
    over_limit,
    passed_restrictions,
    sees,
)
from wagtail_crowdbrand.domain.shuffling import Shuffle

__all__ = [
    "address_of",
    "limit",
    "over_limit",
    "passed_restrictions",
    "remember",
    "sees",
    "shuffle_for",
    "visitor_of",
    "whole_number",
]

COOKIE = "cb_order"
#: What is written there. Anything else is not sent back: a header may not hold it.
WORD = re.compile(r"[0-9a-f]{16}")


def visitor_of(request: HttpRequest) -> str:
    """A random word that keeps this visitor's order; says nothing about them."""
    known = request.COOKIES.get(COOKIE, "")
    return known if WORD.fullmatch(known) else secrets.token_hex(8)


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
    request: HttpRequest, visitor: str, *, count: int, at: datetime
) -> Shuffle:
    """The order of ``count`` places in the URL, or today's for this visitor."""
    given = Shuffle.parse(request.GET.get("shuffle", ""), count=count)
    day = timezone.localdate(at)
    return given or Shuffle.for_visitor(visitor, day=day, count=count)


def whole_number(text: str, default: int = 1) -> int:
    """``text`` as a number of at most seven digits, else ``default``."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else default

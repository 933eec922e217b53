"""Telling a visitor who comes back that a brief's page is still the same.

The tag of a page (``ETag``) names the brief, the campaign and when it was made, so that
one query decides, before Wagtail looks for a page.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from wagtail_crowdbrand.callers import sees
from wagtail_crowdbrand.domain import freshness
from wagtail_crowdbrand.models import BriefCounter, BriefMixin
from wagtail_crowdbrand.models.submission import paths_closed_to

#: Set on a request by our middleware: whoever answers it may add a tag.
MAY_TAG = "crowdbrand_may_tag"
TAG = re.compile(r'"cb-(\d{1,18})-(\d{1,18})-(\d{1,18})-([0-9a-f]{32})"')


def answer(request: HttpRequest) -> HttpResponse | None:
    """304, where what the visitor has is what they would get."""
    if not _is_public(request):
        return None
    setattr(request, MAY_TAG, True)
    for brief, campaign, made, _digest in _tags(request):
        since = datetime.fromtimestamp(int(made) / 1000, UTC)
        stamp = freshness.stamp_of(int(brief), int(campaign))
        if stamp is None or not stamp.holds(since=since, at=timezone.now()):
            return None
        tag = _tag(request, int(brief), int(campaign), int(made), stamp)
        if tag in request.headers["If-None-Match"]:
            return _with_headers(HttpResponseNotModified(), tag)
    return None


def _tags(request: HttpRequest) -> list[tuple[str, ...]]:
    """The one tag of ours; a list of many is no browser's."""
    found = TAG.findall(request.headers.get("If-None-Match", ""))
    return [found[0]] if len(found) == 1 and int(found[0][2]) < 10**14 else []


def _is_public(request: HttpRequest) -> bool:
    """Whoever has a session or a message has a page of their own."""
    names = (settings.SESSION_COOKIE_NAME, "messages")
    personal = any(name in request.COOKIES for name in names)
    signed = "Authorization" in request.headers
    return request.method in ("GET", "HEAD") and not personal and not signed


def tag_for(
    request: HttpRequest, brief: BriefMixin, counter: BriefCounter, *, at: datetime
) -> str:
    """The tag of a page about to be made, or ``""``.

    ``counter`` is read before the gallery is: what changes meanwhile is in the page,
    but not in the tag.
    """
    if not getattr(request, MAY_TAG, False) or getattr(request, "is_preview", False):
        return ""
    stamp = freshness.stamp_from(brief, counter)
    if stamp is None or any(paths_closed_to(**sees(request))):
        return ""
    made = int(at.timestamp() * 1000)
    return _tag(request, brief.pk, brief.campaign.pk, made, stamp)


def mark(response: HttpResponse, tag: str) -> None:
    """Give a page its tag. One that sets a cookie is for a first visit only."""
    if tag and not response.cookies:
        _with_headers(response, tag)


def _with_headers(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _tag(
    request: HttpRequest, brief: int, campaign: int, made: int, stamp: freshness.Stamp
) -> str:
    """Over everything the page depends on: facts, address, cookies, language."""
    parts = (
        stamp.digest,
        str(made),
        request.build_absolute_uri(),
        request.headers.get("Cookie", ""),
        request.headers.get("Accept-Language", ""),
    )
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return f'"cb-{brief}-{campaign}-{made}-{digest}"'

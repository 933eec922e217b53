"""Drafts of pages on their way to a front end: kept for an hour, found by a secret."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.apps import apps
from django.core.cache import cache

from wagtail_crowdbrand.models import BriefMixin, CampaignMixin

#: Seconds for which an editor may look at a preview before asking for a new one.
KEPT = 3600


def keep(page: Any) -> str:
    """Keep a page as it is in memory, saved or not, and return the secret to it."""
    token = secrets.token_urlsafe(32)
    cache.set(_key(token), (page._meta.label, page.to_json()), KEPT)
    return token


def find(token: str) -> Any:
    """The page :func:`keep` was given, or ``None`` once that was too long ago."""
    kept = cache.get(_key(token))
    if kept is None:
        return None
    label, content = kept
    page = apps.get_model(label).from_json(content)
    take_for_public(page)
    return page


def take_for_public(page: Any) -> None:
    """Whoever previews a campaign or brief sees what it says once it is public.

    In memory only, like the draft itself.
    """
    campaign = page.campaign if isinstance(page, BriefMixin) else page
    if isinstance(campaign, CampaignMixin):
        campaign.live = True


def _key(token: str) -> str:
    """Whatever somebody calls a token; the cache holds none of them."""
    return f"crowdbrand:preview:{hashlib.sha256(token.encode()).hexdigest()}"

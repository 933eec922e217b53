"""Which addresses a cache before the site has to forget when an idea comes or goes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from wagtail.contrib.frontend_cache import utils

from wagtail_crowdbrand.models import Submission

#: Wagtail's own settings; without one of them there is no such cache.
SETTINGS = ("WAGTAILFRONTENDCACHE", "WAGTAILFRONTENDCACHE_LOCATION")


def is_needed() -> bool:
    return any(getattr(settings, name, None) for name in SETTINGS)


def urls_of(submission: Submission) -> list[str]:
    """Its page, its brief and campaign, and their feeds; without query strings, which
    Wagtail's back ends do not know.
    """
    brief = submission.brief
    pages = [brief, brief.campaign, brief.campaign.get_parent()]
    pages += [submission.page] if submission.page else []
    urls = [page.full_url for page in pages]
    urls.append(f"{brief.full_url}sheet/")
    feeds = {"brief_feed": brief.pk, "campaign_feed": brief.campaign.pk}
    urls += [_address(brief, name, pk) for name, pk in feeds.items()]
    return [url for url in urls if url]


def _address(brief: Any, name: str, pk: int) -> str:
    try:
        return urljoin(brief.full_url, reverse(f"wagtail_crowdbrand:{name}", args=[pk]))
    except NoReverseMatch:  # a site without our pages
        return ""


def purge(urls: list[str]) -> None:
    """Ask every cache of Wagtail's settings to forget them; it logs what fails."""
    utils.purge_urls_from_cache(urls)

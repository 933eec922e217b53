"""A cache before the site forgets what came or went, by Wagtail's own settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import moderating, privacy, submitting
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db


class Remembering:
    """A cache that writes down what it was asked to forget."""

    forgotten: list[str] = []

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params

    def invalidates_hostname(self, hostname: str) -> bool:
        return True

    def purge_batch(self, urls: list[str]) -> None:
        self.forgotten.extend(urls)

    def purge(self, url: str) -> None:
        self.forgotten.append(url)


@pytest.fixture
def forgotten(settings):
    backend = f"{Remembering.__module__}.{Remembering.__name__}"
    settings.WAGTAILFRONTENDCACHE = {"default": {"BACKEND": backend}}
    Remembering.forgotten.clear()
    return Remembering.forgotten


@pytest.fixture
def shown(ready, commits):
    row = factories.make_waiting(pictures_count=0)
    with commits():
        moderating.approve(row, actor=factories.make_moderator())
    return Submission.objects.get(pk=row.pk)


def hide(row: Submission) -> None:
    moderating.hide(row, actor=factories.make_moderator(), reason="It is spam.")


def withdraw(row: Submission) -> None:
    submitting.withdraw(row, at=timezone.now())


def erase(row: Submission) -> None:
    privacy.erase_alone(row, at=timezone.now())


@pytest.mark.parametrize("deed", [hide, withdraw, erase])
def test_what_goes_is_forgotten(shown, forgotten, commits, deed):
    page, brief = shown.page.full_url, shown.brief
    with commits():
        deed(shown)
    assert {
        page,
        brief.full_url,
        f"{brief.full_url}sheet/",
        brief.campaign.full_url,
        brief.campaign.get_parent().full_url,
        f"http://localhost/crowdbrand/feeds/briefs/{brief.pk}/",
        f"http://localhost/crowdbrand/feeds/campaigns/{brief.campaign.pk}/",
    } <= set(forgotten)


def test_what_comes_is_fetched_anew(ready, forgotten, commits):
    row = factories.make_waiting(pictures_count=0)
    with commits():
        moderating.approve(row, actor=factories.make_moderator())
    row.refresh_from_db()
    assert {row.page.full_url, row.brief.full_url} <= set(forgotten)


def test_without_a_cache_nothing_is_asked(shown, settings, commits):
    assert not hasattr(settings, "WAGTAILFRONTENDCACHE")
    Remembering.forgotten.clear()
    with commits():
        hide(shown)
    assert Remembering.forgotten == []

"""How many queries public pages may take, whatever there is to see."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db

#: With what Wagtail needs to find a page three below its home.
MOST = {"gallery": 12, "newest": 12, "compare": 13, "submission": 13, "API": 9}


@pytest.fixture
def brief(ready):
    brief = factories.make_brief(max_per_contributor=9)
    moderator = factories.make_moderator()
    for number in range(4):
        row = factories.make_waiting(brief, title=f"Idea {number}")
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
    return type(brief).objects.get(pk=brief.pk)


def addresses(brief) -> dict[str, str]:
    rows = list(Submission.objects.filter(page__isnull=False).select_related("page"))
    codes = "&".join(f"code={row.code}" for row in rows)
    return {
        "gallery": brief.url,
        "newest": f"{brief.url}?order=newest",
        "compare": f"{brief.url}compare/?{codes}",
        "submission": rows[0].page.url,
        "API": f"/crowdbrand/api/v1/briefs/{brief.pk}/submissions",
    }


def test_public_pages_take_few_queries(brief, client, queries_of):
    taken = {
        name: queries_of(lambda address=address: client.get(address))
        for name, address in addresses(brief).items()
    }
    assert {name: taken[name] for name in MOST if taken[name] > MOST[name]} == {}


@pytest.mark.parametrize("whose", ["home", "campaign", "brief", "root"])
def test_short_way_stops_at_every_closed_door(brief, client, whose):
    home = Site.objects.get(is_default_site=True).root_page
    page = {
        "home": home,
        "campaign": brief.campaign,
        "brief": brief,
        "root": home.get_parent(),
    }[whose]
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )
    row = Submission.objects.select_related("page").first()
    for address in (brief.url, f"{brief.url}compare/", row.page.url):
        assert client.get(address).status_code == 302


def test_short_way_finds_nothing_that_is_not_live_or_not_there(brief, client):
    parent = brief.url.removesuffix(f"{brief.slug}/")
    assert client.get(f"{parent}nothing/").status_code == 404
    assert client.get(f"{brief.url}nothing/").status_code == 404
    brief.unpublish()
    assert client.get(brief.url).status_code == 404

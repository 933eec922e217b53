"""Two translations of a brief share a gallery: links, numbers, and closed doors."""

from __future__ import annotations

import re

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import include, path
from django.utils import timezone, translation
from wagtail import urls as wagtail_urls
from wagtail.models import Locale, PageViewRestriction, Site

from tests import factories
from wagtail_crowdbrand.api import facts
from wagtail_crowdbrand.domain import gallery, moderating, publishing
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views import placed

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [
    path("crowdbrand/api/v1/", include("wagtail_crowdbrand.api.urls")),
    path("crowdbrand/", include("wagtail_crowdbrand.urls")),
    *i18n_patterns(path("", include(wagtail_urls))),
]
API = "/crowdbrand/api/v1"
IDEA = re.compile(r'href="(?:http://localhost)?(/[a-z]{2}/[^"?#]*-\w{4}-\w{4}/)"')


def translate(page, locale):
    copy = page.copy_for_translation(locale)
    copy.save_revision().publish()
    return type(page).objects.get(pk=copy.pk)


@pytest.fixture
def english(ready, settings):
    settings.WAGTAIL_I18N_ENABLED = True
    return factories.make_brief(max_per_contributor=9)


@pytest.fixture
def german(english):
    german = Locale.objects.create(language_code="de")
    translate(Site.objects.get(is_default_site=True).root_page, german)
    translate(english.campaign.get_parent().specific, german)
    translate(english.campaign, german)
    brief = translate(english, german)
    cache.clear()
    return brief


@pytest.fixture
def show(english):
    moderator = factories.make_moderator()

    def make(brief, title: str) -> Submission:
        row = factories.make_waiting(brief, title=title)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        return Submission.objects.get(pk=row.pk)

    return make


def ideas_on(client, address: str) -> set[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    return set(IDEA.findall(response.content.decode()))


def test_idea_of_another_translation_is_where_its_link_leads(
    english, german, show, client
):
    rows = [show(english, "Glow"), show(german, "Schein"), show(german, "Strahl")]
    pages = {row.page.url for row in rows}
    assert all(client.get(page).status_code == 200 for page in pages)
    codes = "&".join(f"code={row.code}" for row in rows)
    for brief in (english, german):
        for way in ("", "?order=newest", f"compare/?{codes}", "sheet/"):
            assert ideas_on(client, f"{brief.url}{way}") == pages
    for row in rows:
        assert ideas_on(client, row.page.url) == pages  # its own, and both ways on


def test_api_tells_the_address_of_an_idea_of_another_translation(
    english, german, show, client
):
    rows = [show(english, "Glow"), show(german, "Schein")]
    codes = "&".join(f"code={row.code}" for row in rows)
    for way in ("submissions", f"compare?{codes}"):
        answer = client.get(f"{API}/briefs/{english.pk}/{way}").json()
        urls = {item["title"]: item["url"] for item in answer["items"]}
        assert urls == {row.title: f"http://testserver{row.page.url}" for row in rows}


def test_ideas_of_other_translations_cost_one_query(
    english, german, show, client, queries_of
):
    show(english, "Glow")
    one = queries_of(lambda: client.get(english.url))
    show(german, "Schein")
    two = queries_of(lambda: client.get(english.url))
    show(german, "Strahl")
    assert queries_of(lambda: client.get(english.url)) == two == one + 1


def behind_a_login(brief) -> None:
    PageViewRestriction.objects.create(
        page=brief, restriction_type=PageViewRestriction.LOGIN
    )


def campaign_off_the_site(brief) -> None:
    type(brief.campaign).objects.get(pk=brief.campaign.pk).unpublish()


def off_the_site(brief) -> None:
    brief.unpublish()


CLOSING = [behind_a_login, campaign_off_the_site, off_the_site]


def numbers_told(client, brief) -> set[int]:
    """How many ideas every page and every API says there are."""
    campaign = client.get(brief.campaign.url).context["briefs"]
    listed = [
        client.get(f"{API}/briefs/{brief.pk}/submissions?order={order}").json()
        for order in gallery.ORDERS
    ]
    inside = client.get(f"{API}/campaigns/{brief.campaign.pk}").json()["briefs"]
    pages = [
        client.get(f"{brief.url}{way}").context["gallery"].total
        for way in ("", "?order=newest", "?order=code", "sheet/")
    ]
    return {
        *pages,
        *(each["count"] for each in [*campaign, *listed]),
        *(len(each["items"]) for each in listed),
        *(each["submission_count"] for each in inside),
        client.get(f"{API}/briefs/{brief.pk}").json()["submission_count"],
        facts.counts([brief], None)[brief.pk],
    }


@pytest.mark.parametrize("close", CLOSING)
def test_nobody_is_told_how_many_there_are_behind_a_door(
    english, german, show, client, close
):
    rows = [show(english, f"Glow {number}") for number in range(3)]
    for number in range(2):
        show(german, f"Schein {number}")
    assert numbers_told(client, english) == {5}
    close(german)
    assert numbers_told(client, english) == {3}
    pages = {row.page.url for row in rows}
    assert ideas_on(client, english.url) == pages
    for row in rows:
        assert ideas_on(client, row.page.url) == pages


def test_who_may_see_both_is_told_of_both(english, german, show, client, admin_client):
    show(english, "Glow")
    show(german, "Schein")
    behind_a_login(german)
    assert len(ideas_on(admin_client, english.url)) == 2
    assert admin_client.get(german.url).context["gallery"].total == 2
    [brief] = admin_client.get(german.campaign.url).context["briefs"]
    assert (brief["brief"], brief["count"]) == (german, 2)
    assert client.get(german.campaign.url).context["briefs"] == []


@pytest.mark.parametrize("order", gallery.ORDERS)
def test_pages_are_full_beside_a_closed_translation(
    english, german, show, client, settings, order
):
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 2}
    for number in range(3):
        show(german, f"Schein {number}")
        show(english, f"Glow {number}")
    off_the_site(german)
    client.get(english.url)
    shown = [
        ideas_on(client, f"{english.url}?order={order}&page={number}")
        for number in (1, 2)
    ]
    assert [len(ideas) for ideas in shown] == [2, 1]
    assert len(set.union(*shown)) == 3


def test_a_translation_that_is_open_costs_no_query(
    english, german, show, client, queries_of
):
    show(english, "Glow")
    addresses = [english.url, english.campaign.url]
    two = [queries_of(lambda url=url: client.get(url)) for url in addresses]
    german.delete()
    assert two == [queries_of(lambda url=url: client.get(url)) for url in addresses]


def test_api_tells_of_translations(english, german, show, client):
    show(german, "Schein")
    for brief in (english, german):
        answer = client.get(f"{API}/briefs/{brief.pk}")
        assert answer.json()["url"] == f"http://localhost{brief.url}"
        assert client.get(f"{API}/briefs/{brief.pk}/submissions").json()["count"] == 1
    listed = client.get(f"{API}/campaigns").json()["items"]
    pages = (english.campaign, german.campaign)
    assert {each["id"] for each in listed} == {page.pk for page in pages}


def test_open_campaigns_are_those_of_the_language(english, german):
    request = RequestFactory().get("/")
    for brief, language in ((english, "en"), (german, "de")):
        with translation.override(language):
            [found] = placed.open_campaigns(request, most=5)
        assert found["url"] == brief.campaign.url

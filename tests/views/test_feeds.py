"""Feeds, dates and sitemap, read by libraries that are not ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from defusedxml import ElementTree
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Locale, PageViewRestriction

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing, submitting
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views import dates

pytestmark = pytest.mark.django_db

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_per_contributor=9)


@pytest.fixture
def show(brief):
    moderator = factories.make_moderator()

    def make(**idea) -> Submission:
        row = factories.make_waiting(idea.pop("brief", brief), **idea)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        return Submission.objects.get(pk=row.pk)

    return make


def feeds_of(brief) -> list[str]:
    campaign = brief.get_parent()
    return [
        f"/crowdbrand/feeds/briefs/{brief.pk}/",
        f"/crowdbrand/feeds/campaigns/{campaign.pk}/",
    ]


def read(client, url, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def test_feeds_tell_the_newest_first(brief, show, client):
    show(title="Glow", summary="It <b>glows</b>.\n\nAt night.")
    show(title='<Beam> & "more"', summary="x\x0by", pictures_count=0)
    elsewhere = show(title="Elsewhere", brief=factories.make_brief())
    for url in feeds_of(brief):
        feed = read(client, url)
        assert [entry.title_detail.value for entry in feed.entries] == [
            '<Beam> & "more"',
            "Glow",
        ]
        entry = feed.entries[1]
        assert entry.author == "Ada Example"
        row = Submission.objects.get(title="Glow")
        assert entry.link == f"http://localhost{row.page.url}"
        assert client.get(urlsplit(entry.link).path).status_code == 200
        assert entry.id.startswith("tag:")
        assert "It &lt;b&gt;glows&lt;/b&gt;." in entry.summary
        assert 'alt="A blue field"' in entry.summary
        assert elsewhere.code not in str(feed)
    assert feed.feed.subtitle == brief.campaign.summary


def test_feed_of_nothing_stays_the_same(brief, client):
    for url in feeds_of(brief):
        assert read(client, url).entries == []
        assert client.get(url).content == client.get(url).content


def test_feed_that_is_known_is_not_sent_again(brief, show, client):
    show(title="Glow")
    for url in feeds_of(brief):
        first = client.get(url)
        again = client.get(url, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    show(title="Beam")
    for url in feeds_of(brief):
        later = client.get(url, headers={"if-none-match": first.headers["ETag"]})
        assert later.status_code == 200


def test_feeds_take_as_many_queries_for_three_as_for_one(
    brief, show, client, queries_of
):
    show()
    ones = [queries_of(lambda url=url: client.get(url)) for url in feeds_of(brief)]
    show()
    show()
    threes = [queries_of(lambda url=url: client.get(url)) for url in feeds_of(brief)]
    assert ones == threes


def test_pages_tell_where_their_feed_is(brief, client):
    for page, url in zip((brief, brief.get_parent()), feeds_of(brief), strict=True):
        assert f'type="application/atom+xml" href="{url}"' in (
            client.get(page.url).content.decode()
        )


def restrict(brief):
    PageViewRestriction.objects.create(
        page=brief.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )


def unpublish(brief):
    brief.get_parent().specific.unpublish()


def calendar_of(brief) -> str:
    return f"/crowdbrand/campaigns/{brief.get_parent().pk}/dates.ics"


@pytest.mark.parametrize("close", [restrict, unpublish])
def test_no_door_to_what_is_not_public(brief, show, client, admin_client, close):
    row = show(title="MARKER")
    close(brief)
    for who in (client, admin_client):
        for url in [*feeds_of(brief), calendar_of(brief)]:
            assert who.get(url).status_code == 404, url
    assert row.page.slug not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("pk", ["0", "999999999", "9" * 40])
@pytest.mark.parametrize("path", ["feeds/briefs/{}/", "feeds/campaigns/{}/"])
def test_no_feed_of_what_is_not_there(brief, client, path, pk):
    assert client.get("/crowdbrand/" + path.format(pk)).status_code == 404
    other = brief.get_parent().get_parent().pk
    assert client.get("/crowdbrand/" + path.format(other)).status_code == 404


def test_nothing_leaks_into_feed_or_sitemap(brief, show, client):
    shown = show(title="Glow")
    for make in (factories.make_draft, factories.make_sent, factories.make_waiting):
        make(brief, title="MARKER")
    hidden, withdrawn = show(title="MARKER h"), show(title="MARKER w")
    # Before the tasks take their pages down.
    moderating.hide(hidden, actor=None, reason="A complaint.")
    submitting.withdraw(withdrawn, at=timezone.now())
    for url in feeds_of(brief):
        assert [entry.title for entry in read(client, url).entries] == ["Glow"]
    content = client.get("/sitemap.xml").content.decode()
    assert shown.page.slug in content
    assert "marker" not in content.lower()


def test_sitemap_entries_resolve(brief, show, client, queries_of):
    row = show(title="Glow")
    one = queries_of(lambda: client.get("/sitemap.xml"))
    show()
    show()
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    paths = [urlsplit(loc.text).path for loc in tree.iter(LOC)]
    assert {row.page.url, brief.url, brief.get_parent().url} <= set(paths)
    ours = [path for path in paths if path.startswith(brief.url)]
    assert len(ours) == 4
    assert {client.get(path).status_code for path in ours} == {200}
    assert queries_of(lambda: client.get("/sitemap.xml")) == one


def test_dates_are_instants(ready, client):
    opens = datetime(2031, 5, 2, 10, 0, tzinfo=UTC)
    campaign = factories.make_campaign(
        title="The night boat; a name, please",
        opens_at=opens,
        closes_at=opens + timedelta(days=10),
        decision_due_at=opens + timedelta(days=30),
    )
    url = f"/crowdbrand/campaigns/{campaign.pk}/dates.ics"
    response = client.get(url)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    found = [(str(event["SUMMARY"]), event.decoded("DTSTART")) for event in events]
    title = campaign.title
    assert found == [
        (f"{title}: opens", opens),
        (f"{title}: last moment to send an idea", opens + timedelta(days=10)),
        (f"{title}: decision due", opens + timedelta(days=30)),
    ]
    assert len({str(event["UID"]) for event in events}) == 3
    assert f'href="{url}"' in client.get(campaign.url).content.decode()

    campaign.hold, campaign.hold_note = "cancelled", "No wind."
    campaign.save()
    events = Calendar.from_ical(client.get(url).content).walk("VEVENT")
    assert {str(event["STATUS"]) for event in events} == {"CANCELLED"}


def test_without_the_extra_there_are_no_dates_to_load(brief, client, monkeypatch):
    monkeypatch.setattr(dates, "is_available", lambda: False)
    assert client.get(calendar_of(brief)).status_code == 404
    page = client.get(brief.get_parent().url).content.decode()
    assert calendar_of(brief) not in page


def test_no_feed_of_what_no_site_shows(brief, show, client):
    show(title="Glow")
    index = brief.get_parent().get_parent()
    index.move(index.get_root(), pos="last-child")
    for url in [*feeds_of(brief), calendar_of(brief)]:
        assert client.get(url).status_code == 404, url


def test_feed_leaves_out_an_idea_no_site_shows(brief, show, client):
    """Of a translation that was put beside the site's tree."""
    show(title="Glow")
    twin = factories.make_brief()
    twin.locale = Locale.objects.create(language_code="de")
    twin.translation_key = brief.translation_key
    twin.save()
    show(title="Schein", brief=twin)
    index = twin.campaign.get_parent()
    index.move(index.get_root(), pos="last-child")
    url = feeds_of(brief)[0]
    assert [entry.title for entry in read(client, url).entries] == ["Glow"]

"""Index, campaign, brief, gallery, compare and submission page, to visitors."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from wagtail_crowdbrand.domain import drafting, moderating, publishing, submitting
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db

# A data block is not executed; tests/e2e has a browser look whether a policy stops it.
INLINE = re.compile(
    rb"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|type=.application/ld))[^>]*>",
    re.I,
)


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_per_contributor=9)


def on_show(brief, count: int, pictures: int = 1) -> list[Submission]:
    moderator = factories.make_moderator()
    rows = []
    for _number in range(count):
        row = factories.make_waiting(brief, pictures_count=pictures)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        rows.append(Submission.objects.get(pk=row.pk))
    return rows


def compare_url(brief, rows) -> str:
    return f"{brief.url}compare/?" + "&".join(f"code={row.code}" for row in rows)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=13, hours=23), "13 days left"),
        (timedelta(days=2), "2 days left"),
        (timedelta(days=1, hours=23, minutes=59), "47 hours left"),
        (timedelta(minutes=61), "1 hour left"),
        (timedelta(minutes=2), "2 minutes left"),
        (timedelta(seconds=30), "0 minutes left"),
    ],
)
def test_time_left_is_never_rounded_up(ready, client, left, words):
    now = timezone.now()
    campaign = factories.make_campaign(closes_at=now + left)
    with time_machine.travel(now, tick=False):
        content = " ".join(client.get(campaign.url).content.decode().split())
    assert f">{words}</span>" in content


@pytest.mark.parametrize(
    "order", ["", "?order=newest", "?order=code", "?picture=yes", "?q=glows", "sheet/"]
)
def test_gallery_takes_as_many_queries_for_three_as_for_one(
    brief, client, queries_of, order
):
    on_show(brief, 1)
    one = queries_of(lambda: client.get(brief.url + order))
    on_show(brief, 2)
    assert queries_of(lambda: client.get(brief.url + order)) == one


def test_compare_takes_as_many_queries_for_four_as_for_two(brief, client, queries_of):
    rows = on_show(brief, 4)
    two = queries_of(lambda: client.get(compare_url(brief, rows[:2])))
    assert queries_of(lambda: client.get(compare_url(brief, rows))) == two


def test_index_takes_as_many_queries_for_three_as_for_one(ready, client, queries_of):
    index = factories.make_index()

    def make():
        factories.make_campaign(index, cover=factories.make_image())

    make()
    one = queries_of(lambda: client.get(index.url))
    make()
    make()
    assert queries_of(lambda: client.get(index.url)) == one


def test_campaign_takes_as_many_queries_for_three_briefs_as_for_one(
    brief, client, queries_of
):
    campaign = brief.campaign
    one = queries_of(lambda: client.get(campaign.url))
    for _number in range(2):
        factories.make_brief(campaign)
    assert queries_of(lambda: client.get(campaign.url)) == one


def test_no_page_has_inline_code(brief, client):
    rows = on_show(brief, 2)
    urls = [
        brief.get_parent().get_parent().url,
        brief.get_parent().url,
        brief.url,
        compare_url(brief, rows),
        rows[0].page.url,
        f"{brief.url}submit/",
        f"{brief.url}sheet/",
        f"{brief.url}?q=glows",
    ]
    for url in urls:
        response = client.get(url)
        assert response.status_code == 200, url
        assert INLINE.findall(response.content) == [], url


def test_words_of_contributors_are_escaped_everywhere(brief, client):
    evil = "<script>alert(1)</script>\"'&"
    moderator = factories.make_moderator()
    row = factories.make_waiting(brief, title=evil, summary=evil)
    other = on_show(brief, 1)[0]
    moderating.approve(row, actor=moderator)
    publishing.publish(row, at=timezone.now())
    row = Submission.objects.get(pk=row.pk)
    for url in (brief.url, compare_url(brief, [row, other]), row.page.url):
        content = client.get(url).content
        assert b"<script>alert" not in content, url
        assert b"&lt;script&gt;alert" in content, url


def hidden_kinds(brief):
    """One submission of each kind that must not show, each with a marker."""
    moderator = factories.make_moderator()
    yield factories.make_draft(brief, title="MARKER draft")
    yield factories.make_sent(brief, title="MARKER unconfirmed")
    yield factories.make_waiting(brief, title="MARKER waiting")
    rejected = factories.make_waiting(brief, title="MARKER rejected")
    yield moderating.reject(rejected, actor=moderator, reason="No.")
    hidden = factories.make_waiting(brief, title="MARKER hidden")
    moderating.approve(hidden, actor=moderator)
    publishing.publish(hidden, at=timezone.now())
    yield moderating.hide(hidden, actor=moderator, reason="Complaint.")


def test_what_must_not_show_shows_nowhere(brief, client):
    shown = on_show(brief, 1)[0]
    rows = list(hidden_kinds(brief))
    assert len(rows) == 5
    page_url = Submission.objects.get(title="MARKER hidden").page.url
    urls = [
        brief.get_parent().get_parent().url,
        brief.get_parent().url,
        brief.url,
        f"{brief.url}?order=newest",
        f"{brief.url}?order=code",
        f"{brief.url}?picture=yes",
        f"{brief.url}?q=marker",
        f"{brief.url}sheet/",
        f"{brief.url}?" + "&".join(f"code={row.code}" for row in rows[:4]),
        shown.page.url,
        *(compare_url(brief, [shown, row]) for row in rows),
        page_url,
        *(f"/crowdbrand/ideas/{row.code}/" for row in rows),
    ]
    for url in urls:
        assert b"MARKER" not in client.get(url).content, url
    assert client.get(page_url).status_code == 404


def test_page_of_a_submission_under_review_again_shows_the_old_version(brief, client):
    row = on_show(brief, 1)[0]
    submitting.edit(
        row,
        idea=drafting.Idea(title="MARKER", summary="New."),
        person=drafting.Person(credit_name="MARKER"),
        at=timezone.now(),
    )
    for url in (brief.url, row.page.url):
        response = client.get(url)
        assert response.status_code == 200
        assert b"MARKER" not in response.content
        assert row.title.encode() in response.content


def test_orders_survive_in_links_and_cookie(brief, client, settings):
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 1}
    on_show(brief, 3, pictures=0)
    first = client.get(brief.url)
    again = client.get(brief.url)
    codes = [page.context["cards"][0].submission.code for page in (first, again)]
    assert codes[0] == codes[1]
    assert client.cookies["cb_order"]["httponly"]
    assert client.cookies["cb_order"]["samesite"] == "Lax"

    seen = []
    queries = [row["query"] for row in first.context["pagination"]["numbers"]]
    assert len(queries) == 3
    for query in queries:
        page = client.get(f"{brief.url}{query}")
        seen += [card.submission.code for card in page.context["cards"]]
    assert len(set(seen)) == 3


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=99999999999999999999",
        "page=%00",
        "order=%27",
        "shuffle=20261122-1-1-1",
        "shuffle=%00",
        "shuffle=99999999-0-1",
        "code=%00",
        "q=%00",
        "q=%22",
        "q=" + "A" * 5000,
        "picture=no",
        "ground=x&ink=%00&size=1",
        "code=" + "A" * 5000,
    ],
)
def test_strange_queries_are_answered(brief, client, query):
    on_show(brief, 1, pictures=0)
    for path in (brief.url, f"{brief.url}compare/", f"{brief.url}sheet/"):
        assert client.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"opens_at": timezone.now() + timedelta(days=3)}, "not open yet"),
        ({"closes_at": timezone.now() - timedelta(hours=1)}, "closed"),
        ({"hold": "paused", "hold_note": "Storm."}, "Storm."),
        ({"hold": "cancelled", "hold_note": "No wind."}, "No wind."),
    ],
)
def test_closed_door_says_why(ready, client, fields, sentence):
    campaign = factories.make_campaign(**fields)
    brief = factories.make_brief(campaign)
    response = client.get(f"{brief.url}submit/")
    assert response.status_code == 403
    assert sentence in response.content.decode()
    assert client.post(f"{brief.url}submit/", {"title": "x"}).status_code == 403
    assert Submission.objects.count() == 0


def test_dates_are_told_in_the_campaigns_zone(ready, client):
    campaign = factories.make_campaign(
        time_zone="America/New_York",
        closes_at=datetime(2031, 7, 4, 21, 30, tzinfo=UTC),
        decision_due_at=datetime(2031, 8, 4, 21, 30, tzinfo=UTC),
    )
    content = client.get(campaign.url).content.decode()
    assert "4 July 2031, 17:30" in content
    assert "EDT" in content
    assert 'datetime="2031-07-04T21:30Z"' in content


def test_privacy_of_a_campaign_holds_for_all_below(brief, client):
    row = on_show(brief, 1)[0]
    PageViewRestriction.objects.create(
        page=brief.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    urls = [
        brief.get_parent().url,
        brief.url,
        compare_url(brief, [row]),
        row.page.url,
        f"{brief.url}submit/",
        f"{brief.url}sheet/",
    ]
    for url in urls:
        response = client.get(url)
        assert response.status_code == 302, url
        assert row.title.encode() not in response.content


@pytest.mark.parametrize("word", ["日" * 40, "é" * 40, "a" * 40, "日", "x y"])
def test_word_in_the_cookie_that_is_not_ours_is_replaced(brief, client, word):
    """A header holds no other letters than Latin ones, and nothing that is none."""
    cookie = f"cb_order={word}".encode().decode("latin-1")
    answer = client.get(brief.url, headers={"cookie": cookie})
    assert answer.status_code == 200
    assert re.fullmatch(r"[0-9a-f]{16}", answer.cookies["cb_order"].value)

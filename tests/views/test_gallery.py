"""Filters, tray, looks, sheet and the way on: what people read, where links lead."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand import urls
from wagtail_crowdbrand.domain import gallery, moderating, publishing
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views import sheet

pytestmark = pytest.mark.django_db

FIELD = "0b6b2f3e-1111-4222-8333-944445555666"
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def brief(ready):
    question = {
        "label": "How did you draw it?",
        "options": ["By hand", "On a screen"],
        "required": False,
        "visibility": "public",
        "personal": False,
    }
    fields = [{"type": "choice", "id": FIELD, "value": question}]
    return factories.make_brief(max_per_contributor=9, answer_fields=fields)


@pytest.fixture
def show(brief):
    moderator = factories.make_moderator()

    def make(title: str, value: str = "", **idea) -> Submission:
        answer = {
            "field": FIELD,
            "label": "How did you draw it?",
            "kind": "choice",
            "visibility": "public",
            "value": value,
        }
        row = factories.make_waiting(brief, title=title, answers=[answer], **idea)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        return Submission.objects.get(pk=row.pk)

    return make


def titles(response) -> set[str]:
    return {card.submission.title for card in response.context["cards"]}


def test_a_filter_narrows_and_its_chip_takes_it_away(brief, show, client):
    show("Glow", "By hand")
    show("Beam", "On a screen")
    page = client.get(brief.url, {"a-0b6b2f3e": "By hand"})
    assert titles(page) == {"Glow"}
    assert "1 idea found" in page.content.decode()
    chip = page.context["place"].chips[0]
    assert chip["label"] == "By hand"
    assert titles(client.get(brief.url + chip["query"])) == {"Glow", "Beam"}


def test_nothing_found_says_so_and_leads_back(brief, show, client):
    show("Glow")
    page = client.get(f"{brief.url}?q=zeppelin&order=newest")
    content = page.content.decode()
    assert "0 ideas found" in content
    assert "No idea on show fits all of that." in content
    assert f'{brief.url}?order=newest#ideas"' in content


def test_everything_survives_in_every_link(brief, show, client, settings):
    """Order, filter and tray are in the links to other pages; the tray in all."""
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 1}
    rows = [show(f"Glow {number}", "By hand") for number in range(3)]
    chosen = rows[0].code
    given = {"a-0b6b2f3e": "By hand", "order": "newest", "q": "glow", "code": chosen}
    page = client.get(brief.url, given)
    assert page.context["gallery"].total == 3
    content = page.content.decode()
    links = re.findall(r'href="([^"]+)"[^>]*data-cb-keep', content)
    queries = [parse_qs(urlsplit(link.replace("&amp;", "&")).query) for link in links]
    assert len(queries) > 5
    assert all(query["code"] == [chosen] for query in queries)
    pages = [query for query in queries if "page" in query]
    assert pages
    for query in pages:
        assert query["order"] == ["newest"]
        assert query["q"] == ["glow"]
        assert query["a-0b6b2f3e"] == ["By hand"]
    # The one chosen is the oldest: it is not on this page, but in the bar.
    assert f'name="code" value="{chosen}" checked' in content


def test_tray_drops_what_is_not_visible(brief, show, client):
    shown, hidden = show("Glow"), show("MARKER")
    moderating.hide(hidden, actor=None, reason="A complaint.")
    page = client.get(brief.url, {"code": [hidden.code, shown.code], "page": 1})
    assert b"MARKER" not in page.content
    assert page.context["elsewhere"] == {}


def compare(client, brief, rows, **look):
    return client.get(f"{brief.url}compare/", {"code": [r.code for r in rows], **look})


def test_looks_hold_for_all_pictures_and_stay_in_links(brief, show, client):
    rows = [show("Glow"), show("Beam")]
    page = compare(client, brief, rows, ground="dark", ink="single")
    content = page.content.decode()
    assert content.count("cb-frame cb-frame--dark cb-frame--single") == 2
    share = parse_qs(urlsplit(page.context["share_url"]).query)
    assert share == {
        "code": [row.code for row in rows],
        "ground": ["dark"],
        "ink": ["single"],
    }
    assert page.context["share_url"].startswith("http://testserver/")
    small = next(
        option["query"]
        for group in page.context["looks"]
        for option in group["options"]
        if "Small" in str(option["label"])
    )
    content = client.get(f"{brief.url}compare/{small}").content.decode()
    assert content.count('width="16" height="16"') == 4
    assert content.count("cb-frame--dark cb-frame--single cb-frame--small") == 2


def test_titles_are_counted_as_people_count(brief, show, client):
    rows = [show("Éa 👩‍👩‍👧"), show("Glow")]
    content = compare(client, brief, rows).content.decode()
    assert "4 characters" in content


def test_sheet_shows_codes_in_parts(brief, show, client, monkeypatch):
    monkeypatch.setattr(sheet, "ON_A_SHEET", 2)
    monkeypatch.setattr(sheet, "SHEETS", 1)
    codes = sorted(show(f"Idea {number}", "By hand").code for number in range(3))
    first = client.get(f"{brief.url}sheet/")
    second = client.get(f"{brief.url}sheet/{first.context['next']}")
    seen = [
        card.submission.code
        for page in (first, second)
        for part in page.context["sheets"]
        for card in part["cards"]
    ]
    assert seen == codes
    assert "Sheet 2 of 2" in second.content.decode()
    assert second.context["next"] == ""
    none = client.get(f"{brief.url}sheet/", {"a-0b6b2f3e": "On a screen"})
    assert none.context["sheets"] == []


def test_the_way_on_is_a_circle_through_all(brief, show, client):
    rows = {show(f"Idea {number}").page.url for number in range(5)}
    url = start = sorted(rows)[0]
    seen = []
    for _step in rows:
        page = client.get(url)
        seen.append(url)
        following = page.context["following"]["url"]
        assert client.get(following).context["previous"]["url"] == url
        url = following
    assert (url, set(seen)) == (start, rows)
    gallery = client.get(brief.url).context["cards"]
    order = [card.url for card in gallery]
    turn = order.index(start)
    assert seen == order[turn:] + order[:turn]


def test_the_way_on_skips_nobody_who_is_alone(brief, show, client):
    page = client.get(show("Alone").page.url)
    assert (page.context["previous"], page.context["following"]) == (None, None)


def test_submission_page_takes_as_many_queries_among_three_as_among_two(
    brief, show, client, queries_of
):
    row = show("Glow")
    show("Beam")
    two = queries_of(lambda: client.get(row.page.url))
    show("Haze", pictures_count=3)
    assert queries_of(lambda: client.get(row.page.url)) == two


def test_linked_data_tells_what_the_page_tells(brief, show, client):
    evil = "</script><!--&\u2028"
    row = show(f"Glow {evil}", summary=evil)
    page = client.get(row.page.url)
    blocks = LD.findall(page.content.decode())
    assert len(blocks) == 1
    data = json.loads(blocks[0])
    assert data["@type"] == "CreativeWork"
    assert data["name"] == f"Glow {evil}"
    assert data["abstract"] == evil
    assert data["identifier"] == row.code
    assert data["creditText"] == "Ada Example"
    assert data["url"] == f"http://localhost{row.page.url}"
    assert data["isPartOf"]["name"] == brief.title
    assert data["image"].startswith("http")
    assert page.content.decode().count('property="og:image"') == 1
    assert 'property="og:type" content="article"' in page.content.decode()


def test_problem_link_is_there_when_its_door_is(show, client):
    content = client.get(show("Glow").page.url).content.decode()
    names = {pattern.name for pattern in urls.urlpatterns}
    assert ("Tell us about a problem" in content) == ("notice" in names)


def test_pages_beyond_the_numbered_ones_lead_on_and_back(
    brief, show, client, settings, monkeypatch
):
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 1}
    monkeypatch.setattr(gallery, "NUMBERED", 2)
    for number in range(5):
        show(f"Idea {number}")

    def step(address: str, way: str) -> str:
        html = client.get(address).content.decode()
        found = re.search(rf'rel="{way}" href="([^"#]*)', html)
        return unescape(found[1]) if found else ""

    seen, address = [], f"{brief.url}?order=newest"
    while address:
        seen.append(address)
        last, address = address, step(address, "next")
    assert [titles(client.get(each)) for each in seen] == [
        {f"Idea {number}"} for number in (4, 3, 2, 1, 0)
    ]
    back = [last]
    while previous := step(back[-1], "prev"):
        back.append(previous)
    assert [titles(client.get(each)) for each in back] == [
        {f"Idea {number}"} for number in (0, 1, 2, 3, 4)
    ]

    html = client.get(last).content.decode()
    nav = html[html.index("data-cb-pages") :]
    assert re.findall(r"</span>(\d+)</a>", nav) == ["1", "2", "5"]
    assert nav.count('aria-current="page"') == 1
    assert "page 5 of 5" in " ".join(html.split())

    on_paper = client.get(last.replace(brief.url, f"{brief.url}sheet/"))
    assert on_paper.status_code == 200

"""Looking through many ideas: with and without script, on a phone and at a desk."""

from __future__ import annotations

import re
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from tests.domain.test_text import CASES
from tests.e2e.test_story import ANSWER, check_accessible, visit
from wagtail_crowdbrand.domain import moderating, publishing, setup
from wagtail_crowdbrand.models import Submission

PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {"viewport": {"width": 1280, "height": 900}}
NO_SCRIPT = {"java_script_enabled": False}
POLICY = "default-src 'self'; object-src 'none'; base-uri 'self'"


@pytest.fixture
def site(live_server, settings):
    """A brief with five ideas on show, two on a page of its gallery."""
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 2}
    setup.set_up()
    host, port = live_server.thread.host, live_server.thread.port
    index = factories.make_index(title="Open calls", slug="calls")
    root_site = index.get_site()
    root_site.hostname, root_site.port = host, port
    root_site.save()
    campaign = factories.make_campaign(index, title="The night boat", slug="night")
    question = {
        "label": ANSWER["label"],
        "options": ["By hand", "On a screen"],
        "required": False,
        "visibility": "public",
        "personal": False,
    }
    brief = factories.make_brief(
        campaign,
        title="Draw her mark",
        slug="mark",
        deliverable_kind="logo",
        max_per_contributor=9,
        answer_fields=[{"type": "choice", "id": ANSWER["field"], "value": question}],
    )
    moderator = factories.make_moderator()
    rows = []
    for title in ("Lantern", "Undertow", "Nightglow", "Beacon", "Foghorn"):
        row = factories.make_waiting(brief, title=title, answers=[ANSWER])
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        rows.append(Submission.objects.get(pk=row.pk))
    return SimpleNamespace(
        url=live_server.url,
        brief=f"{live_server.url}{brief.url}",
        campaign=f"{live_server.url}{campaign.url}",
        idea=f"{live_server.url}{rows[0].page.url}",
        placed=f"{live_server.url}/placed/?campaign={campaign.pk}&"
        + "&".join(f"code={row.code}" for row in rows[:3]),
        codes=[row.code for row in rows],
    )


def tray(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("code", [])


def test_without_script_the_tray_goes_from_page_to_page(site, browser):
    with visit(browser, PHONE | NO_SCRIPT) as page:
        page.goto(site.brief)
        check_accessible(page, browser)
        expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
        page.locator(".cb-cards input[name=code]").first.check()
        page.get_by_role("button", name="Keep them and look on").click()
        assert len(tray(page)) == 1
        page.get_by_role("link", name="Next", exact=True).click()
        expect(page.locator(".cb-bar input[name=code]:checked")).to_have_count(1)
        check_accessible(page, browser)

        page.get_by_text("Filter", exact=True).click()
        page.get_by_label("On a screen").check()
        page.get_by_role("button", name="Show what fits").click()
        expect(page.locator(".cb-gallery__count")).to_contain_text("5 ideas found")
        check_accessible(page, browser)
        page.get_by_role("link", name="By code").click()
        expect(page.locator(".cb-chip")).to_contain_text("On a screen")
        page.locator(".cb-cards input[name=code]:not(:checked)").first.check()
        page.get_by_role("button", name=re.compile("Compare selected")).click()
        expect(page.get_by_role("columnheader")).to_have_count(2)
        for look in ("Dark", "Single colour", re.compile("Small")):
            page.get_by_role("link", name=look).click()
            check_accessible(page, browser)
        expect(page.locator("table img[width='16']")).to_have_count(4)
        page.get_by_role("link", name="Change the selection").click()
        assert len(tray(page)) == 2
        expect(page.locator(".cb-chip")).to_contain_text("On a screen")

        page.get_by_label("Words in the ideas").fill("zeppelin")
        page.get_by_role("button", name="Search").click()
        expect(page.locator("main")).to_contain_text("No idea on show fits all of that")
        check_accessible(page, browser)
        page.locator(".cb-empty").get_by_role("link", name="Show all ideas").click()
        page.get_by_role("link", name="Contact sheet for printing").click()
        expect(page.locator(".cb-sheet__cell")).to_have_count(5)
        check_accessible(page, browser)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_with_script_more_ideas_come_and_are_there_after_back(site, browser, size):
    with visit(browser, size) as page:
        page.goto(f"{site.brief}?order=newest")
        cards = page.locator(".cb-cards > li")
        more = page.get_by_role("button", name="Show more ideas")
        expect(page.get_by_text("Keep them and look on")).to_be_hidden()
        more.click()
        expect(cards).to_have_count(4)
        expect(page.locator("[data-cb-status]")).to_have_text("Ideas added: 2.")
        third = cards.nth(2).get_by_role("link")
        expect(third).to_be_focused()
        more.click()
        expect(cards).to_have_count(5)
        expect(more).to_be_hidden()
        check_accessible(page, browser)

        for box in cards.get_by_role("checkbox").all()[:4]:
            box.check()
        assert len(tray(page)) == 4
        last = cards.nth(4).get_by_role("checkbox")
        last.click()
        expect(last).not_to_be_checked()
        expect(page.locator("[data-cb-status]")).to_contain_text("Four ideas fit")
        assert len(tray(page)) == 4

        cards.nth(4).get_by_role("link").click()
        expect(page.locator("h1")).to_have_text("Lantern")
        page.go_back()
        expect(cards).to_have_count(5)
        expect(page.locator(".cb-cards input[name=code]:checked")).to_have_count(4)
        page.reload()
        expect(cards).to_have_count(5)
        expect(page.locator("input[name=code]:checked")).to_have_count(4)
        oldest = page.get_by_role("link", name="By code")
        assert oldest.get_attribute("href").count("code=") == 4


def test_pictures_open_large_and_close_by_keyboard(site, browser):
    options = DESK | {"permissions": ["clipboard-read", "clipboard-write"]}
    with visit(browser, options) as page:
        codes = "&".join(f"code={code}" for code in site.codes[:2])
        page.goto(f"{site.brief}compare/?{codes}&ground=dark")
        zoom = page.locator("a.cb-zoom").first
        zoom.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Picture, enlarged")
        expect(dialog.get_by_role("img")).to_have_attribute("alt", "A blue field")
        check_dialog = dialog.locator(".cb-frame--dark")
        expect(check_dialog).to_have_count(1)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(zoom).to_be_focused()

        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_text("The link is copied.")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.url


def test_ideas_lead_to_one_another(site, browser):
    with visit(browser, PHONE) as page:
        page.goto(site.idea)
        check_accessible(page, browser)
        seen = {page.locator("h1").inner_text()}
        for _step in range(4):
            with page.expect_navigation():
                page.locator("a.cb-way__link--on").click()
            seen.add(page.locator("h1").inner_text())
        assert len(seen) == 5
        page.locator("a.cb-way__link--on").click()
        expect(page).to_have_url(site.idea)


def test_a_strict_policy_stops_nothing(site, browser):
    """Data for search engines is in the page, too: it never runs."""
    with visit(browser, DESK) as page:
        problems: list[str] = []

        def with_policy(route):
            response = route.fetch()
            headers = response.headers | {"content-security-policy": POLICY}
            route.fulfill(response=response, headers=headers)

        page.context.route("**/*", with_policy)
        page.on("console", lambda line: problems.append(line.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        codes = "&".join(f"code={code}" for code in site.codes[:3])
        for url in (
            site.brief,
            site.campaign,
            site.idea,
            site.placed,
            f"{site.brief}compare/?{codes}&size=small",
            f"{site.brief}sheet/",
        ):
            page.goto(url)
            page.wait_for_load_state("networkidle")
        page.goto(site.idea)
        assert page.locator("script[type='application/ld+json']").count() == 1
        assert [text for text in problems if "favicon" not in text] == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_page_with_each_of_our_blocks_is_accessible(site, browser, size):
    with visit(browser, size) as page:
        page.goto(site.placed)
        expect(page.get_by_role("heading", name="Placed by an editor")).to_have_count(4)
        expect(page.get_by_role("link", name="Compare these ideas")).to_be_visible()
        check_accessible(page, browser)


def test_visitors_read_their_own_time_and_nobody_is_interrupted(site, browser):
    with visit(browser, DESK | {"timezone_id": "America/New_York"}) as page:
        page.goto(site.campaign)
        clock = page.locator(".cb-clock")
        expect(clock).to_contain_text("Your time:")
        expect(clock.locator(".cb-clock__left")).to_have_text(
            re.compile(r"\d days left")
        )
        assert page.locator(".cb-clock[aria-live], .cb-clock [aria-live]").count() == 0
    with visit(browser, DESK | {"timezone_id": "Europe/Berlin"}) as page:
        page.goto(site.campaign)
        expect(page.locator(".cb-clock")).not_to_contain_text("Your time:")


def test_browser_counts_characters_as_we_do(page):
    count = "text => [...new Intl.Segmenter().segment(text)].length"
    assert {text: page.evaluate(count, text) for text in CASES} == CASES

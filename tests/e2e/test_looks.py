"""Every public page in every light: narrow, dark, forced colours, right to left."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.e2e.contributor import (
    check,
    make_site,
    question,
    show_ideas,
    violations,
    visit,
)
from wagtail_crowdbrand.domain import moderating, submitting

KINDS = ["short_text", "choice", "multiple", "number", "date", "file"]
PHONE = {"width": 390, "height": 844}
#: Name → the browser; 320 pixels are 1280 at 400 % (WCAG 2.2, 1.4.10).
LOOKS = {
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "dark-desk": {
        "viewport": {"width": 1280, "height": 900},
        "color_scheme": "dark",
        "reduced_motion": "reduce",
    },
    "zoomed-forced-colours": {
        "viewport": {"width": 320, "height": 480},
        "forced_colors": "active",
    },
    "right-to-left": {"viewport": PHONE, "locale": "ar"},
}


@pytest.fixture
def site(live_server, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    thread = live_server.thread
    questions = [question(kind) for kind in KINDS]
    return make_site(
        live_server.url, host=thread.host, port=thread.port, answer_fields=questions
    )


@pytest.fixture
def rows(site):
    """A draft, one that waits to be confirmed, one not published, and two on show."""
    draft = factories.make_draft(site.brief, pictures_count=2)
    sent = factories.make_sent(site.brief, title="X" * 60)
    refused = factories.make_waiting(site.brief)
    moderating.reject(
        refused, actor=factories.make_moderator(), reason="It is somebody else's."
    )
    changing = factories.make_waiting(site.brief)
    return {
        "draft": draft,
        "sent": sent,
        "refused": refused,
        "editable": changing,
        "shown": show_ideas(site.brief, "Lantern", "Undertow"),
    }


@pytest.mark.parametrize("look", LOOKS)
def test_pages_hold_in_every_look(site, rows, browser, look):
    draft, sent, refused = rows["draft"], rows["sent"], rows["refused"]
    first, second = rows["shown"]
    steps = f"{site.form}{draft.code}/"
    own = f"{site.url}/crowdbrand/"
    addresses = [
        f"{site.form}?new",
        f"{steps}about/",
        f"{steps}check/",
        f"{steps}resume/",
        f"{own}ideas/{sent.code}/",
        f"{own}ideas/{refused.code}/",
        f"{own}ideas/{rows['editable'].code}/edit/",
        f"{own}ideas/{sent.code}/withdraw/",
        f"{own}mine/",
        f"{site.url}{site.brief.url}",
        f"{site.url}{site.brief.url}compare/?code={first.code}&code={second.code}",
        first.page.full_url,
    ]
    mine = [draft, sent, refused, rows["editable"]]
    with visit(browser, opens=mine, **LOOKS[look]) as page:
        for address in addresses:
            response = page.goto(address)
            assert response.status == 200, address
            check(page)
        way = "rtl" if look == "right-to-left" else "ltr"
        assert page.locator("html").get_attribute("dir") == way

        # The form with all it can show: pictures, errors, too many characters.
        page.goto(f"{steps}idea/")
        page.locator("[name=title]").fill("")
        page.locator("[name=summary]").fill("x" * 700)
        page.locator("[name=answer-id-number]").fill("ten")
        page.locator(".cb-uploads textarea").first.fill("")
        page.locator("main button.cb-button--large").first.click()
        expect(page.locator("#problems")).to_be_focused()
        assert page.locator("#problems a").count() == 4
        check(page)


def test_policy_is_in_force_and_its_breaches_are_seen(site, browser):
    with visit(browser) as page:
        page.goto(site.form)
        assert violations(page) == []
        page.evaluate("document.head.append(document.createElement('style'))")
        page.evaluate("document.querySelector('head > style').textContent = 'p {}'")
        with page.expect_console_message(lambda said: "Security" in said.text):
            page.evaluate("document.body.setAttribute('style', 'color: red')")
        assert violations(page) != []


def test_theme_of_our_own_can_be_forced(site, rows, browser):
    """``data-cb-theme`` is stronger than what the visitor's system prefers."""
    colours = """element => [
        getComputedStyle(element).color,
        getComputedStyle(document.documentElement).backgroundColor,
    ]"""
    seen = {}
    with visit(browser, opens=[rows["sent"]], color_scheme="light") as page:
        page.goto(f"{site.url}/crowdbrand/ideas/{rows['sent'].code}/")
        for theme in ("auto", "light", "dark"):
            page.locator("html").evaluate(
                "(html, theme) => html.dataset.cbTheme = theme", theme
            )
            seen[theme] = page.locator(".cb").evaluate(colours)
            check(page)
        page.emulate_media(color_scheme="dark")
        assert page.locator(".cb").evaluate(colours) == seen["dark"]
    assert seen["auto"] == seen["light"] != seen["dark"]


def test_letters_of_joined_scripts_are_not_spaced(site, browser):
    spacing = "element => getComputedStyle(element).letterSpacing"
    for locale, expected in (("en", False), ("ar", True)):
        with visit(browser, locale=locale) as page:
            page.goto(site.form)
            heading = page.locator("h1").evaluate(spacing)
        assert (heading in ("normal", "0px")) is expected


def test_paper_shows_words_and_no_buttons(site, rows, browser):
    row = rows["sent"]
    with visit(browser, opens=[row]) as page:
        page.goto(f"{site.url}/crowdbrand/ideas/{row.code}/")
        page.emulate_media(media="print")
        expect(page.locator(".cb-code--large")).to_be_visible()
        assert page.locator(".cb-button:visible").count() == 0


def test_late_idea_is_taken_as_the_campaign_allows(site, browser):
    campaign = site.brief.campaign
    campaign.closes_at = timezone.now() - timezone.timedelta(minutes=1)
    campaign.grace_minutes = 10
    campaign.save()
    draft = factories.make_draft(site.brief)
    with visit(browser, opens=[draft]) as page:
        page.goto(f"{site.form}{draft.code}/idea/")
        expect(page.locator("main")).to_contain_text("marked as late")
        page.goto(f"{site.form}{draft.code}/check/")
        page.get_by_label("I accept these terms").check()
        page.get_by_role("button", name="Send my idea").click()
        expect(page).to_have_url(re.compile("/ideas/"))
        expect(page.locator(".cb-timeline")).to_contain_text("late")
    draft.refresh_from_db()
    assert draft.is_late
    assert submitting.missing(draft) == []

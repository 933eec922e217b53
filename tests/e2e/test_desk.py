"""Moderators at the desk: by keyboard alone, two at once, and in pictures."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Site
from wagtail.users.models import UserProfile

from tests import factories
from wagtail_crowdbrand.domain import appealing, moderating, noticing, publishing, setup
from wagtail_crowdbrand.models import Submission

SCREEN = {"viewport": {"width": 1280, "height": 900}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A busy machine may be slow; a decision publishes a page before it answers.
PATIENCE = 60_000
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
TITLES = [
    "Nightglow",
    "Undertow",
    "Lantern",
    "Slowboat",
    "Driftlight",
    "Harbourtone",
    "Moonwake",
    "Saltpath",
    "Tidewords",
    "Fernline",
    "Quayside",
    "Windrose",
    "Lowwater",
    "Seacloth",
    "Brightrope",
    "Farewell",
    "Gullwing",
    "Northlight",
    "Softkeel",
    "Homeward",
]
# Longer than the desk's own pause against double clicks.
GLANCE = 300


@pytest.fixture
def site(live_server, settings):
    """Two moderators, and a minute in which decisions can be undone."""
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}
    setup.set_up()
    root_site = Site.objects.get(is_default_site=True)
    thread = live_server.thread
    root_site.hostname, root_site.port = thread.host, thread.port
    root_site.save()
    campaign = factories.make_campaign(
        title="The night boat",
        checklist="Can it be said aloud?\nIs it somebody else's brand?",
    )
    return SimpleNamespace(
        url=live_server.url,
        brief=factories.make_brief(campaign, title="Give her a name"),
        ines=factories.make_moderator(first_name="Ines", last_name="Quadros"),
        ada=factories.make_moderator(first_name="Ada", last_name="Lovelace"),
    )


def send(site, *titles: str, pictures: int = 0) -> list[Submission]:
    return [
        factories.make_waiting(site.brief, pictures_count=pictures, title=title)
        for title in titles
    ]


@pytest.fixture(autouse=True)
def _patient():
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def open_desk(site, browser):
    """``open_desk(user)``: a browser of their own, signed in, at the desk."""
    contexts = []

    def open_for(user, path: str = "", *, screen=SCREEN) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(**screen)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page = context.new_page()
        page.goto(f"{site.url}/admin/crowdbrand/{path or 'desk/'}")
        return page

    yield open_for
    for context in contexts:
        context.close()


def title_of(page: Page):
    return page.locator(".cb-desk__title")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.wait_for_timeout(GLANCE)
        page.keyboard.press(key)


def give_reason(page: Page, action: str, number: str) -> None:
    press(page, action)
    expect(page.locator(".cb-desk__reason h3")).to_be_focused()
    press(page, number)


def check_accessible(page: Page) -> None:
    found = Axe().run(
        page,
        context=".cb-desk",
        options={"runOnly": {"type": "tag", "values": WCAG}},
    )
    problems = [
        (item["id"], [node["html"] for node in item["nodes"]])
        for item in found.response["violations"]
    ]
    assert problems == [], page.url


def picture(page: Page, name: str) -> None:
    """A picture of the guide: renewed when asked for, otherwise only looked at."""
    if os.environ.get("UPDATE_SCREENSHOTS"):
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=IMAGES / f"{name}.png")
    shown = page.locator(".cb-desk__pictures img").first
    if shown.count():
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)")
    wide = page.evaluate(
        "[document.querySelector('main').scrollWidth, innerWidth]",
    )
    assert wide[0] <= wide[1]


def test_twenty_decided_by_keyboard_alone(site, open_desk):
    send(site, *TITLES)
    page = open_desk(site.ines)
    loads = []
    page.on("load", lambda _page: loads.append(page.url))
    for number, title in enumerate(TITLES):
        expect(title_of(page)).to_have_text(title)
        expect(title_of(page)).to_be_focused() if number else None
        if number == 3:
            give_reason(page, "r", "1")
            expect(page.locator("[name=comment]")).not_to_have_value("")
            expect(page.locator(".cb-desk__subject")).to_contain_text("not published")
            press(page, "Control+Enter")
        elif number == 7:
            give_reason(page, "c", "2")
            expect(page.locator("[name=comment]")).not_to_have_value("")
            page.locator("[name=comment]").focus()
            page.keyboard.press("Control+End")
            page.keyboard.type(" And a bit larger, as arcus!")
            press(page, "Control+Enter")
        elif number == 11:
            press(page, "s")
            expect(page.locator("[name=comment]")).not_to_have_value("")
            press(page, "Control+Enter")
        else:
            press(page, "a")
        if number == 5:
            expect(title_of(page)).to_have_text(TITLES[6])
            expect(page.locator(".cb-desk__undo")).to_contain_text("approved.")
            press(page, "u")
            expect(title_of(page)).to_have_text(title)
            press(page, "a")
    expect(page.get_by_role("heading", name="All done.")).to_be_focused()
    assert loads == []

    decided = Submission.objects.order_by("submitted_at", "pk").values_list(
        "title", "moderation"
    )
    others = {3: "rejected", 7: "changes_requested", 11: "spam"}
    assert list(decided) == [
        (title, others.get(number, "approved")) for number, title in enumerate(TITLES)
    ]
    asked = Submission.objects.get(title=TITLES[7])
    assert asked.reason.endswith("And a bit larger, as arcus!")


def test_two_moderators_collide_politely(site, open_desk):
    first, second, third = send(site, "Nightglow", "Undertow", "Lantern")
    ines, ada = open_desk(site.ines), open_desk(site.ada)
    expect(title_of(ines)).to_have_text("Nightglow")
    # What Ines looks at is not offered to Ada.
    expect(title_of(ada)).to_have_text("Undertow")
    ada.goto(f"{site.url}/admin/crowdbrand/desk/{first.pk}/")
    expect(ada.get_by_text("Ines Quadros is looking at this one")).to_be_visible()
    press(ines, "a")
    expect(title_of(ines)).not_to_have_text("Nightglow")
    press(ada, "a")
    expect(ada.locator(".messages")).to_contain_text("Ines Quadros was faster")
    expect(title_of(ada)).not_to_have_text("Nightglow")
    assert first.decisions.get().actor == site.ines
    assert not second.decisions.exists()
    assert not third.decisions.exists()


def test_held_and_hasty_keys_decide_once(site, open_desk):
    send(site, *TITLES[:4])
    page = open_desk(site.ines)
    expect(title_of(page)).to_have_text(TITLES[0])
    page.wait_for_timeout(GLANCE)
    page.keyboard.down("a")
    for _number in range(20):
        page.keyboard.down("a")
        page.wait_for_timeout(30)
    page.keyboard.up("a")
    expect(title_of(page)).to_have_text(TITLES[1])
    assert Submission.objects.filter(moderation="approved").count() == 1
    page.wait_for_timeout(GLANCE)
    page.get_by_role("button", name="Approve").dblclick()
    expect(title_of(page)).to_have_text(TITLES[2])
    page.wait_for_timeout(2 * GLANCE)
    assert Submission.objects.filter(moderation="approved").count() == 2


def test_no_key_decides_while_somebody_writes(site, open_desk):
    (submission,) = send(site, "Nightglow")
    page = open_desk(site.ines)
    expect(title_of(page)).to_have_text("Nightglow")
    press(page, "r")
    expect(page.locator(".cb-desk__reason h3")).to_be_focused()
    page.locator("[name=comment]").focus()
    page.keyboard.type("a spare schaxu")
    expect(page.locator("[name=comment]")).to_have_value("a spare schaxu")
    expect(page.locator(".cb-desk__letter")).to_contain_text("a spare schaxu")
    assert not submission.decisions.exists()


def test_a_preview_does_not_overwrite_what_is_being_typed(site, open_desk):
    send(site, "Nightglow")
    page = open_desk(site.ines)
    expect(title_of(page)).to_have_text("Nightglow")
    held = []

    def hold(route) -> None:
        held.append((route, route.fetch()))

    give_reason(page, "r", "2")
    expect(page.locator("[name=comment]")).not_to_have_value("")
    page.route("**/desk/*/**", hold, times=1)
    press(page, "1")
    while not held:
        page.wait_for_timeout(50)
    page.locator("[name=comment]").fill("My own words.")
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator(".cb-desk__letter")).to_contain_text("My own words.")
    expect(page.locator("[name=comment]")).to_have_value("My own words.")


def test_written_words_outlive_a_session(site, open_desk):
    (submission,) = send(site, "Nightglow")
    page = open_desk(site.ines)
    expect(title_of(page)).to_have_text("Nightglow")
    give_reason(page, "r", "1")
    comment = page.locator("[name=comment]")
    expect(comment).not_to_have_value("")
    comment.fill("Long typed words.")
    expect(page.locator(".cb-desk__letter")).to_contain_text("Long typed words.")
    ours = [row for row in page.context.cookies() if row["name"] == "sessionid"]
    page.context.clear_cookies()
    for _number in range(2):
        # Signed out; then signed in again elsewhere, which makes the token another.
        with page.expect_response(lambda answer: answer.request.method == "GET"):
            press(page, "Control+Enter")
        expect(page.locator(".messages")).to_contain_text("What you wrote is still")
        expect(page.locator("#cb-desk-region")).not_to_have_attribute(
            "aria-busy", "true"
        )
        expect(comment).to_have_value("Long typed words.")
        page.context.add_cookies(ours)
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="All done.")).to_be_visible()
    assert submission.decisions.get().text == "Long typed words."


def test_who_switched_shortcuts_off_has_none(site, open_desk):
    (submission,) = send(site, "Nightglow")
    UserProfile.objects.update_or_create(
        user=site.ines, defaults={"keyboard_shortcuts": False}
    )
    page = open_desk(site.ines)
    expect(title_of(page)).to_have_text("Nightglow")
    press(page, "a", "s")
    assert page.locator(".cb-desk kbd").count() == 0
    assert not submission.decisions.exists()
    # Everything is reached by Tab.
    button = page.get_by_role("button", name="Approve")
    for _number in range(80):
        page.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="All done.")).to_be_visible()


def test_back_shows_the_one_before(site, open_desk):
    send(site, "Nightglow", "Undertow")
    page = open_desk(site.ines)
    expect(title_of(page)).to_have_text("Nightglow")
    press(page, "j")
    expect(title_of(page)).to_have_text("Undertow")
    page.go_back()
    expect(title_of(page)).to_have_text("Nightglow")
    press(page, "?")
    dialog = page.locator("#keyboard-shortcuts-dialog")
    expect(dialog).to_contain_text("Request changes")


def test_the_desk_without_javascript(site, open_desk):
    send(site, "Nightglow", "Undertow")
    page = open_desk(site.ines, screen=SCREEN | {"java_script_enabled": False})
    page.get_by_role("link", name="Reject").click()
    page.get_by_label("Somebody else's work").check()
    page.get_by_role("button", name="Preview the mail").click()
    expect(page.locator(".cb-desk__letter")).to_contain_text("It uses work")
    page.get_by_role("button", name="Reject").click()
    expect(title_of(page)).to_have_text("Undertow")
    page.get_by_role("button", name="Undo").click()
    expect(title_of(page)).to_have_text("Nightglow")


def test_every_screen_is_accessible_and_in_the_guide(site, open_desk):
    send(site, "Nightglow", pictures=2)
    kept, gone = send(site, "Undertow", "Lantern")
    moderating.approve(kept, actor=site.ada)
    publishing.publish(kept, at=timezone.now())
    problem = noticing.Problem(reason_code="rights", person="1", text="That is mine.")
    noticing.give_notice(kept, problem, at=timezone.now())
    moderating.reject(gone, actor=site.ada, reason="Off the topic.")
    gone.decisions.update(settles_at=None)
    appealing.appeal(gone, text="It is not!", at=timezone.now())

    page = open_desk(site.ines, "desk/?language=en")
    expect(title_of(page)).to_have_text("Nightglow")
    check_accessible(page)
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_role("link", name="Show all")).to_have_count(0)
    picture(page, "desk")
    give_reason(page, "r", "3")
    expect(page.locator(".cb-desk__letter")).to_contain_text("It uses work")
    check_accessible(page)
    picture(page, "desk-reason")
    for place in ("notices", "desk/appeals"):
        page.goto(f"{site.url}/admin/crowdbrand/{place}/")
        expect(title_of(page)).to_be_visible()
        check_accessible(page)
    page.goto(f"{site.url}/admin/crowdbrand/notices/")
    picture(page, "desk-notices")
    press(page, "h")
    expect(page.locator("[name=comment]")).to_be_visible()
    check_accessible(page)

"""An editor runs a campaign from its overview, by keyboard, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from tests import factories
from wagtail_crowdbrand.domain import setup

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def campaign(db):
    setup.set_up()
    editor = User.objects.create_user("editor", password="secret")
    editor.groups.add(Group.objects.get(name="Moderators"))
    brief = factories.make_brief(factories.make_campaign(title="The night boat"))
    factories.make_waiting(brief)
    return brief.campaign


@pytest.fixture
def desk(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def check_accessible(page: Page) -> None:
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    results = Axe().run(page, context="main", options=options)
    assert results.response["passes"]
    assert results.violations_count == 0, results.generate_report()


def check_in_both_themes(page: Page) -> None:
    for theme in ("light", "dark"):
        page.evaluate(
            "name => { document.documentElement.className = "
            "document.documentElement.className.replace(/w-theme-\\S+/, name) }",
            f"w-theme-{theme}",
        )
        page.wait_for_timeout(500)  # Wagtail's buttons fade into their colours
        check_accessible(page)


def press_on(page: Page, role: str, name: str) -> None:
    """Reach it and press it as one does without a mouse."""
    found = page.locator("main").get_by_role(role, name=name, exact=True).first
    found.focus()
    expect(found).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(desk: Page, live_server) -> None:
    desk.goto(f"{live_server.url}/admin/login/")
    desk.get_by_label("Username").fill("editor")
    desk.get_by_label("Password").fill("secret")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/admin/")


def test_an_editor_pauses_a_campaign_by_keyboard(live_server, desk, campaign):
    sign_in(desk, live_server)
    desk.get_by_role("button", name="Campaigns").click()
    desk.get_by_role("link", name="Overview").click()
    expect(desk.get_by_role("row").filter(has_text="The night boat")).to_be_visible()
    check_in_both_themes(desk)

    press_on(desk, "link", "The night boat")
    expect(desk.locator("main")).to_contain_text("1 idea waits for a decision.")
    expect(desk.get_by_role("img", name="Ideas received each day")).to_be_visible()
    desk.get_by_text("The same numbers in a table").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".cb-chart__numbers table")).to_be_visible()
    check_in_both_themes(desk)

    for name in ("Extend", "New campaign from this", "Cancel"):
        press_on(desk, "link", name)
        check_accessible(desk)
        press_on(desk, "link", "Back")
    press_on(desk, "link", "Pause")
    check_accessible(desk)
    desk.get_by_label("Public note").focus()
    desk.keyboard.type("A leak. Back on Monday.")
    press_on(desk, "button", "Pause the campaign")
    expect(desk.locator("main")).to_contain_text("A leak. Back on Monday.")
    check_in_both_themes(desk)
    press_on(desk, "link", "Resume")
    check_accessible(desk)
    desk.goto(f"{live_server.url}/admin/crowdbrand/settings/")
    check_accessible(desk)


def test_campaign_is_deleted_for_ever_by_keyboard(live_server, desk, campaign):
    User.objects.update(is_superuser=True)
    facts = {"hold": "cancelled", "hold_note": "The client left."}
    type(campaign).objects.filter(pk=campaign.pk).update(**facts)
    sign_in(desk, live_server)
    desk.goto(f"{live_server.url}/admin/crowdbrand/overview/{campaign.pk}/")
    press_on(desk, "link", "Delete for ever")
    check_in_both_themes(desk)
    desk.get_by_label("Title of the campaign").focus()
    desk.keyboard.type(campaign.title)
    desk.get_by_label("Yes, delete it").press("Space")
    press_on(desk, "button", "Delete the campaign and all ideas")
    expect(desk.locator("main")).to_contain_text("The campaign is gone")
    check_in_both_themes(desk)

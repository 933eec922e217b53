"""An editor makes a campaign in Wagtail's own page editor, from an empty site on."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from wagtail.models import Site

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing, setup

DESK = {"viewport": {"width": 1280, "height": 900}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MODES = {
    "announced": "Opens",
    "open": "Open until",
    "closed": "Closed to new ideas.",
}
EXPECTATIONS = {
    "prize": "A weekend on the island.",
    "effort": "An evening.",
    "picks": "1",
    "who_decides": "The crew.",
    "fallback": "The prize is drawn by lot.",
    "rights": "Chosen ideas are ours, all others stay yours.",
    "terms": "Send only what you made yourself.",
}


@pytest.fixture
def site(live_server, settings):
    """An empty site, an editor and a moderator.

    Autosave is off: when it makes a new page at the same instant as the editor,
    Wagtail refuses the second one for its slug.
    """
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    setup.set_up()
    root_site = Site.objects.get(is_default_site=True)
    thread = live_server.thread
    root_site.hostname, root_site.port = thread.host, thread.port
    root_site.save()
    editor = User.objects.create_user("editor", password="secret")
    editor.groups.add(Group.objects.get(name="Moderators"))
    moderator = factories.make_moderator()
    return SimpleNamespace(
        url=live_server.url,
        home=root_site.root_page.pk,
        moderator=moderator,
    )


@pytest.fixture
def desk(browser):
    context = browser.new_context(**DESK)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def log_in(page: Page, site, username: str) -> None:
    page.goto(f"{site.url}/admin/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/admin/")


def name_page(page: Page, title: str) -> None:
    """Wagtail makes the slug while one types."""
    page.locator("[name=title]").press_sequentially(title)
    page.locator("[name=title]").blur()
    expect(page.locator("[name=slug]")).not_to_have_value("")


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"form [name={name}]").fill(value)


def pick_date(page: Page, name: str, value: str) -> None:
    """Type into the widget whose calendar opens, and leave it."""
    field = page.locator(f"form [name={name}]")
    field.click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    field.fill(value)
    field.press("Tab")
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)


def add_block(page: Page, stream: str, kind: str) -> None:
    """The last "+" of a stream, then the kind in the chooser."""
    adders = page.locator(f"[data-contentpath={stream}] .c-sf-add-button:visible")
    adders.last.click()
    page.get_by_role("option", name=kind, exact=True).click()


def save_draft(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Save draft")).click()
    page.wait_for_load_state("load")


def publish(page: Page) -> None:
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_load_state("load")


def add_below(page: Page, site, parent: int) -> None:
    """One kind of page fits below each of ours, so its form comes at once."""
    page.goto(f"{site.url}/admin/pages/{parent}/")
    page.get_by_role("link", name="Add child page").first.click()
    page.wait_for_url("**/admin/pages/add/**", wait_until="networkidle")


def id_of(page: Page, title: str) -> int:
    """The page of that title in the listing one is on."""
    href = page.get_by_role("link", name=title).first.get_attribute("href")
    return int(re.search(r"/pages/(\d+)/", href)[1])


def errors(page: Page) -> dict[str, str]:
    """Messages at the fields, by the field's name."""
    found = page.locator("form .w-field__errors .error-message").evaluate_all(
        """items => items.map(item => [
            item.closest("[data-contentpath]").dataset.contentpath,
            item.textContent.trim(),
        ])"""
    )
    return dict(found)


def draft_half_a_campaign(page: Page) -> None:
    name_page(page, "The night boat")
    fill(page, brand_name="Fern & Ferry")
    add_block(page, "story", "Heading")
    page.locator("[name=story-0-value]").fill("A new boat")
    add_block(page, "story", "Text")
    page.locator("[data-contentpath=story] [contenteditable=true]").click()
    page.keyboard.type("She sails at night.")
    open_tab(page, "Schedule")
    expect(page.get_by_text("You enter dates in your own time zone, ")).to_be_visible()
    pick_date(page, "opens_at", "2031-05-02 10:00")
    save_draft(page)
    assert errors(page) == {}
    expect(page.locator(".messages")).to_contain_text("The night boat")


def be_refused(page: Page) -> None:
    """Publishing says at each field what is missing, and forgets nothing."""
    publish(page)
    expect(page.locator(".messages")).to_contain_text("could not be saved")
    missing = {"summary", "closes_at", "decision_due_at", *EXPECTATIONS}
    assert errors(page) == dict.fromkeys(missing, "This field is required.")
    for name, count in {"Story": 1, "Schedule": 2, "Expectations": 7}.items():
        tab = page.get_by_role("tab", name=name)
        expect(tab).to_contain_text(f"{count} error")
    expect(page.locator("[name=opens_at]")).to_have_value("2031-05-02 10:00")
    expect(page.locator("[data-contentpath=story]")).to_contain_text("She sails")


def contradict(page: Page) -> None:
    open_tab(page, "Story")
    fill(page, summary="A ferry line looks for its new voice.")
    open_tab(page, "Schedule")
    pick_date(page, "closes_at", "2031-05-01 10:00")
    pick_date(page, "decision_due_at", "2031-06-01 10:00")
    save_draft(page)
    assert errors(page) == {}, "a draft may contradict itself"
    open_tab(page, "Expectations")
    fill(page, **EXPECTATIONS)
    publish(page)
    assert errors(page) == {
        "closes_at": "The campaign must close after it opens.",
    }
    open_tab(page, "Schedule")
    pick_date(page, "closes_at", "2031-05-20 10:00")


def choose_mode(page: Page, clock: Locator, mode: str, sentence: str) -> None:
    """Choose it as often as an editor would: while the panel still loads, Wagtail
    shows what it began to load."""
    select = page.locator("[data-side-panel=preview] select")
    for _attempt in range(5):
        select.select_option(mode)
        select.dispatch_event("change")
        page.wait_for_timeout(1500)
        if sentence in clock.inner_text():
            break
    expect(clock).to_contain_text(sentence)


def look_at_previews(page: Page, modes: dict[str, str]) -> None:
    """Each mode in the side panel, and alone as its own page."""
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("#w-preview-iframe")
    for mode, sentence in modes.items():
        choose_mode(page, frame.locator(".cb-clock"), mode, sentence)
        alone = page.context.new_page()
        base = page.url.split("?")[0].split("#")[0]
        alone.goto(f"{base}preview/?mode={mode}")
        expect(alone.locator(".cb-clock")).to_contain_text(sentence)
        others = [text for name, text in modes.items() if name != mode]
        heard = alone.locator(".cb-clock__text strong").inner_text()
        assert heard == sentence
        assert heard not in others
        alone.close()
    page.get_by_role("button", name="Toggle preview").click()


def look_at_status_and_history(page: Page) -> None:
    """When it goes live can be set, it can be unpublished, and its past is listed."""
    page.get_by_role("button", name="Toggle status").click()
    panel = page.locator("[data-side-panel=status]")
    panel.get_by_role("button", name=re.compile("schedule", re.IGNORECASE)).click()
    expect(page.locator("[name=go_live_at]")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("footer").get_by_role("button", name="More actions").click()
    expect(page.get_by_role("link", name="Unpublish")).to_be_visible()
    page.goto(page.url.replace("/edit/", "/history/").split("?")[0])
    rows = page.locator("main table tbody")
    for entry in ("Published", "Draft saved", "Created"):
        expect(rows).to_contain_text(entry)


def write_a_brief(page: Page) -> None:
    name_page(page, "Name her")
    fill(page, challenge="Give the night boat a name.")
    fill(page, criteria="Easy to say\nHard to forget")
    open_tab(page, "Submission form")
    add_block(page, "answer_fields", "Choice")
    stream = page.locator("[data-contentpath=answer_fields]")
    stream.get_by_label("Question").fill("How did you find it?")
    options = stream.locator("[data-contentpath=options] input[type=text]:visible")
    expect(options).to_have_count(2)
    options.nth(0).fill("By walking")
    options.nth(1).fill("By talking")


def test_an_editor_makes_a_campaign(site, desk):
    log_in(desk, site, "editor")
    add_below(desk, site, site.home)
    name_page(desk, "Open calls")
    publish(desk)
    index = id_of(desk, "Open calls")

    add_below(desk, site, index)
    draft_half_a_campaign(desk)
    campaign_url = desk.url.split("?")[0]
    be_refused(desk)
    contradict(desk)
    look_at_previews(desk, MODES)
    publish(desk)
    campaign = id_of(desk, "The night boat")

    add_below(desk, site, campaign)
    write_a_brief(desk)
    look_at_previews(desk, MODES)
    publish(desk)
    expect(desk.locator(".messages")).to_contain_text("Name her")

    desk.goto(campaign_url)
    look_at_status_and_history(desk)

    desk.context.clear_cookies()
    desk.goto(f"{site.url}/open-calls/")
    desk.get_by_role("link", name="The night boat").first.click()
    for words in ("A new boat", "She sails at night.", "The crew."):
        expect(desk.locator("main")).to_contain_text(words)
    desk.get_by_role("link", name="Name her").first.click()
    expect(desk.locator("h1")).to_have_text("Name her")
    expect(desk.locator("main")).to_contain_text("Give the night boat a name.")


def check_accessible(page: Page, within: str) -> None:
    """axe-core finds nothing in our own content; the frame around it is Wagtail's."""
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    results = Axe().run(page, context=within, options=options)
    assert results.response["passes"], f"nothing to check within {within}"
    assert results.violations_count == 0, results.generate_report()


def test_screens_of_moderation_are_accessible(site, desk):
    rows = [factories.make_waiting() for _number in range(2)]
    shown = rows[0]
    moderating.approve(shown, actor=site.moderator)
    publishing.publish(shown, at=timezone.now())

    log_in(desk, site, site.moderator.username)
    desk.get_by_role("button", name="Campaigns").click()
    desk.get_by_role("link", name="Submissions").click()
    for row in rows:
        expect(desk.get_by_role("row").filter(has_text=row.code)).to_be_visible()
    check_accessible(desk, "main")
    for row in reversed(rows):
        desk.goto(f"{site.url}/admin/snippets/wagtail_crowdbrand/submission/")
        desk.get_by_role("link", name=row.title, exact=True).click()
        expect(desk.get_by_role("region", name="Submission")).to_be_visible()
        check_accessible(desk, "main")
    desk.get_by_role("link", name="Take it off the site").click()
    expect(desk.get_by_label("Reason")).to_be_visible()
    check_accessible(desk, "main")
    desk.get_by_label("Reason").select_option(label="Something else")
    desk.get_by_label("What the contributor reads").fill("A complaint.")
    desk.get_by_role("button", name="Take an idea off the site").click()
    desk.get_by_role("link", name="Let it come back").click()
    check_accessible(desk, "main")

"""The whole story, as a visitor, a contributor and a moderator live it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing, setup

PHONE = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
DESK = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": True}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

ANSWER = {
    "field": "0b6b2f3e-1111-4222-8333-944445555666",
    "label": "How did you draw it?",
    "kind": "choice",
    "visibility": "public",
    "value": "On a screen",
}


@pytest.fixture
def site(live_server, settings):
    """An open campaign with a brief, two ideas on show, and a moderator."""
    setup.set_up()
    host, port = live_server.thread.host, live_server.thread.port
    index = factories.make_index(title="Open calls", slug="calls")
    root_site = index.get_site()
    root_site.hostname, root_site.port = host, port
    root_site.save()
    campaign = factories.make_campaign(index, title="The night boat", slug="night")
    brief = factories.make_brief(
        campaign,
        title="Draw her mark",
        slug="mark",
        deliverable_kind="logo",
        max_images=3,
        min_images=1,
        answer_fields=[
            {
                "type": "choice",
                "id": ANSWER["field"],
                "value": {
                    "label": ANSWER["label"],
                    "options": ["By hand", "On a screen"],
                    "required": True,
                    "visibility": "public",
                    "personal": False,
                },
            }
        ],
    )
    moderator = factories.make_moderator()
    for title in ("Lantern", "Undertow"):
        row = factories.make_waiting(brief, title=title, answers=[ANSWER])
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
    mail.outbox.clear()
    return SimpleNamespace(
        url=live_server.url,
        index=f"{live_server.url}{index.url}",
        brief=brief,
        moderator=moderator.username,
    )


@contextmanager
def visit(browser, options):
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def check_accessible(page: Page, browser) -> None:
    """axe-core finds nothing. It needs JavaScript, so a page without is seen again."""
    size = page.viewport_size
    context = browser.new_context(
        viewport=size, storage_state=page.context.storage_state()
    )
    again = context.new_page()
    again.goto(page.url)
    results = Axe().run(again, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert results.violations_count == 0, results.generate_report()
    width = again.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"], f"{page.url} scrolls sideways"
    context.close()


def link_in_mail(subject: str) -> str:
    message = next(item for item in mail.outbox if re.search(subject, item.subject))
    return re.search(r"https?://\S+", message.body).group()


def send_idea(page: Page, browser, site) -> str:
    """From the index to the page that says: look into your mail. Returns the code."""
    page.goto(site.index)
    check_accessible(page, browser)
    page.get_by_role("link", name="The night boat").first.click()
    check_accessible(page, browser)
    page.get_by_role("link", name="Draw her mark").first.click()
    check_accessible(page, browser)
    page.locator("main a[href$='/submit/']").first.click()
    check_accessible(page, browser)

    page.get_by_label("Title").fill("Nightglow")
    pictures = [
        {
            "name": f"photo-{number}.jpg",
            "mimeType": "image/jpeg",
            "buffer": factories.picture_bytes((1600, 900 + number), "JPEG"),
        }
        for number in range(2)
    ]
    page.locator("input[type=file]").set_input_files(pictures)
    page.locator("main").get_by_role("button", name="Continue").click()

    # Two things are missing; the title and both pictures are still there.
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Nightglow")
    alts = page.locator("input[name^='alt-'], textarea[name^='alt-']")
    expect(alts).to_have_count(2)
    alts.nth(0).fill("A boat that glows")
    alts.nth(1).fill("The same boat, smaller")
    page.get_by_label("Describe it").fill("It glows when nobody looks.")
    page.get_by_label("By hand").check()
    page.locator("main").get_by_role("button", name="Continue").click()

    expect(page).to_have_url(re.compile("/about/$"))
    check_accessible(page, browser)
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Name shown with your idea").fill("Ada Example")
    page.locator("main").get_by_role("button", name="Continue").click()

    expect(page).to_have_url(re.compile("/check/$"))
    check_accessible(page, browser)
    page.get_by_role("button", name="Send my idea").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.get_by_label("I accept these terms").check()
    page.get_by_role("button", name="Send my idea").click()

    expect(page).to_have_url(re.compile("/ideas/"))
    check_accessible(page, browser)
    code = re.search(r"/ideas/([^/]+)/", page.url).group(1)
    expect(page.locator("main")).to_contain_text(code)
    return code


def confirm_address(page: Page, browser, code: str) -> None:
    page.goto(link_in_mail("[Cc]onfirm"))
    assert "/c/" not in page.url
    check_accessible(page, browser)
    page.locator("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile(f"/ideas/{code}/$"))
    expect(page.locator("main")).to_contain_text("In review")
    expect(page.locator("main")).to_contain_text("/e/")
    check_accessible(page, browser)


def approve_on_dashboard(browser, site, code: str) -> None:
    with visit(browser, DESK) as page:
        page.goto(f"{site.url}/admin/login/")
        page.get_by_label("Username").fill(site.moderator)
        page.get_by_label("Password").fill("secret")
        page.get_by_role("button", name="Sign in").click()
        row = page.get_by_role("row").filter(has_text=code)
        expect(page.get_by_text("Awaiting your review")).to_be_visible()
        row.locator("button.w-dropdown__toggle").click()
        with page.context.expect_page() as preview:
            page.get_by_role("link", name="Preview").click()
        expect(preview.value.locator("main")).to_contain_text("Nightglow")
        picture = preview.value.locator("main img").first
        # Rejected, and so an error here, if the picture cannot be had.
        shown = "image => image.decode().then(() => image.naturalWidth)"
        assert picture.evaluate(shown) > 0
        preview.value.close()

        page.bring_to_front()
        page.reload()
        row.locator("button.w-dropdown__toggle").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Approve", exact=True).click()
        expect(page.get_by_role("row").filter(has_text=code)).to_have_count(0)


def compare_three(page: Page, browser, site, code: str) -> None:
    page.goto(f"{site.url}{site.brief.url}")
    expect(page.get_by_role("heading", name="Nightglow")).to_be_visible()
    check_accessible(page, browser)
    for box in page.locator(".cb-cards input[name=code]").all():
        box.check()
    page.get_by_role("button", name=re.compile("Compare")).click()
    expect(page).to_have_url(re.compile(f"/compare/.*{code}"))
    check_accessible(page, browser)

    expect(page.get_by_role("columnheader")).to_have_count(3)
    frames = page.locator("table .cb-frame")
    expect(frames).to_have_count(3)
    boxes = [frame.bounding_box() for frame in frames.all()]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes}
    assert len(sizes) == 1, sizes
    heads = page.get_by_role("columnheader").all_inner_texts()
    titles = page.locator(".cb-compare__title").all_inner_texts()
    assert [head.split("\n")[0].strip() for head in heads] == titles
    assert set(titles) == {"Nightglow", "Lantern", "Undertow"}


@pytest.mark.parametrize("options", [PHONE, DESK], ids=["phone-no-js", "desk"])
def test_an_idea_travels_from_a_form_into_the_gallery(site, browser, options):
    with visit(browser, options) as page:
        code = send_idea(page, browser, site)
        confirm_address(page, browser, code)

        page.goto(f"{site.url}{site.brief.url}")
        expect(page.get_by_role("heading", name="Nightglow")).to_have_count(0)
        approve_on_dashboard(browser, site, code)

        compare_three(page, browser, site, code)
        page.get_by_role("link", name="Nightglow").first.click()
        expect(page.locator("h1")).to_have_text("Nightglow")
        expect(page.locator("main")).to_contain_text("Ada Example")
        check_accessible(page, browser)

        page.goto(link_in_mail("Nightglow.*(on show|gallery|published)|on show"))
        subjects = [message.subject for message in mail.outbox]
        mine = [item for item in mail.outbox if item.to == ["ada@example.org"]]
        assert len(mine) == 3, subjects

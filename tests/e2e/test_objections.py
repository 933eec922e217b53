"""A visitor tells us what is wrong with an idea, and its contributor objects."""

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
from wagtail_crowdbrand.domain import access, moderating, noticing, publishing, setup
from wagtail_crowdbrand.models import Notice, Submission
from wagtail_crowdbrand.notifications import private_url

SIZES = {"phone": (390, 844), "desk": (1280, 900)}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def site(live_server, settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 0, "MIN_FORM_SECONDS": 1}
    setup.set_up()
    host, port = live_server.thread.host, live_server.thread.port
    index = factories.make_index()
    root_site = index.get_site()
    root_site.hostname, root_site.port = host, port
    root_site.save()
    brief = factories.make_brief(factories.make_campaign(index))
    moderator = factories.make_moderator()
    row = factories.make_waiting(brief, title="Undertow")
    moderating.approve(row, actor=moderator)
    publishing.publish(row, at=timezone.now())
    mail.outbox.clear()
    return SimpleNamespace(url=live_server.url, code=row.code, moderator=moderator)


@contextmanager
def visit(browser, size: str):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def assert_accessible(page: Page) -> None:
    rules = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, options=rules).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    wider = (
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert not page.evaluate(wider)


def give_notice(page: Page, site) -> None:
    page.goto(f"{site.url}/crowdbrand/ideas/{site.code}/notice/")
    assert_accessible(page)
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("What is wrong with it")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("^What is wrong")).press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_label("Explain it").fill("The original is mine.")
    page.get_by_label("Your e-mail address").fill("gil@example.org")
    page.get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Thank you for telling us"
    )
    assert_accessible(page)


def object_to(page: Page, site, link: str) -> None:
    page.goto(link)
    assert_accessible(page)
    page.get_by_role("link", name="Object to this decision").press("Enter")
    assert_accessible(page)
    page.get_by_role("button", name="Send the objection").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This field is required.")
    page.get_by_label("Why is the decision wrong?").fill("I drew it myself.")
    page.get_by_role("button", name="Send the objection").press("Enter")
    expect(page.get_by_role("heading", name="Your objection")).to_be_visible()
    expect(page.locator(".cb-appeal")).to_contain_text("I drew it myself.")
    assert_accessible(page)


def test_notice_and_objection(site, browser):
    with visit(browser, "phone") as page:
        give_notice(page, site)
    assert [notice.email for notice in Notice.objects.all()] == ["gil@example.org"]
    row = Submission.objects.get(code=site.code)
    why = {"reason": "It seems to be somebody else's.", "reason_code": "rights"}
    noticing.settle(
        row, outcome="upheld", actor=site.moderator, at=timezone.now(), **why
    )
    with visit(browser, "desk") as page:
        object_to(page, site, private_url(row, access.EDIT))
    told = [(sent.to[0].split("@")[0][:3], sent.subject) for sent in mail.outbox]
    assert told == [
        ("gil", f"We have your notice ({site.code})"),
        ("ada", f"Your idea was taken off the site ({site.code})"),
        ("gil", f"Your notice: it is no longer shown ({site.code})"),
        ("ada", f"We have your objection ({site.code})"),
    ]

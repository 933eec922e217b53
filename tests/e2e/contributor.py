"""A site with an open campaign, and browsers that know a contributor's drafts."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing, setup
from wagtail_crowdbrand.views.keys import SESSION_KEY

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = ["By hand", "On a screen"]


def question(kind: str, **values) -> dict:
    value = {
        "label": f"A {kind.replace('_', ' ')}, please",
        "help_text": "",
        "required": False,
        "visibility": "public",
        "personal": False,
    }
    if kind in ("choice", "multiple"):
        value["options"] = OPTIONS
    if kind == "file":
        value["visibility"] = "staff"
    return {"type": kind, "id": f"id-{kind}", "value": value | values}


def make_site(url: str, *, host: str, port: int, **brief) -> SimpleNamespace:
    """An open campaign with one brief, on the address it is served at."""
    setup.set_up()
    index = factories.make_index(title="Open calls", slug="calls")
    root_site = index.get_site()
    root_site.hostname, root_site.port = host, port
    root_site.save()
    campaign = factories.make_campaign(index, title="The night boat", slug="night")
    page = factories.make_brief(
        campaign, **{"title": "Draw her mark", "slug": "mark"} | brief
    )
    return SimpleNamespace(url=url, brief=page, form=f"{url}{page.url}submit/")


def show_ideas(brief, *titles: str, **idea) -> list:
    """Ideas on show."""
    moderator = factories.make_moderator()
    rows = []
    for title in titles:
        row = factories.make_waiting(brief, title=title, **idea)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        row.refresh_from_db()
        rows.append(row)
    return rows


@contextmanager
def visit(browser, *, opens=(), **options):
    """A browser whose session opens the submissions ``opens``."""
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    session = SessionStore()
    session[SESSION_KEY] = {row.code: row.nonce for row in opens}
    session.create()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}
    context.add_cookies([cookie | {"domain": "localhost", "path": "/"}])
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(f"script: {error}"))
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    """What broke the policy, or the script, since the browser was opened."""
    words = ("Content Security Policy", "script: ")
    return [text for text in page.said if any(word in text for word in words)]


def check(page: Page) -> None:
    """The policy holds, nothing scrolls sideways, and axe-core finds nothing."""
    assert violations(page) == [], page.url
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} scrolls sideways"
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert results.response["passes"]
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
    page.said.clear()  # axe-core tries things of its own

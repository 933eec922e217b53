"""The lists of the admin in a browser: axe, and bulk decisions by keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from wagtail_crowdbrand.domain import moderating, setup
from wagtail_crowdbrand.models import Batch, BatchItem, Submission

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LISTING = "wagtailsnippets_wagtail_crowdbrand_submission:list"
#: Names of the URLs whose content is ours.
SCREENS = [
    LISTING,
    "crowdbrand_contributors:index",
    "crowdbrand_journals_decisions_modeladmin_index",
    "crowdbrand_journals_consents_modeladmin_index",
    "crowdbrand_journals_messages_modeladmin_index",
    "crowdbrand_reports:times",
    "crowdbrand_reports:reasons",
    "crowdbrand_reports:backlog",
    "wagtailsnippets_wagtail_crowdbrand_moderationreason:list",
]


@pytest.fixture
def rows(live_server) -> list[Submission]:
    setup.set_up()
    brief = factories.make_brief(max_images=0)
    rows = [factories.make_waiting(brief, pictures_count=0) for _ in range(3)]
    moderating.reject(rows.pop(), actor=None, reason="No.", reason_code="off_topic")
    return rows


@pytest.fixture
def page(browser, live_server, rows):
    """A moderator's, who has signed in."""
    user = factories.make_moderator()
    user.user_permissions.add(
        *factories.Group.objects.get(name=setup.GROUP).permissions.all()
    )
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill("secret")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/admin/")
    yield page
    context.close()


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds in the content, Wagtail's sidebar excluded."""
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, context={"include": [["#main"]]}, options=options)
    return [
        (broken["id"], node["html"][:200])
        for broken in found.response["violations"]
        for node in broken["nodes"]
    ]


def test_axe_finds_nothing(page, live_server, rows):
    person = reverse("crowdbrand_contributors:show", args=[rows[0].contributor_id])
    app = ["wagtail_crowdbrand", "submission", "reject"]
    confirm = f"{reverse('wagtail_bulk_action', args=app)}?id={rows[0].pk}"
    for address in [*map(reverse, SCREENS), person, confirm]:
        page.goto(f"{live_server.url}{address}")
        assert violations(page) == [], address


def test_reject_in_bulk_by_keyboard(page, live_server, rows):
    page.goto(f"{live_server.url}{reverse(LISTING)}")
    page.get_by_label("Select all").first.focus()
    page.keyboard.press("Space")
    button = page.get_by_role("link", name="Reject the selected ideas")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Reason", exact=False).first.focus()
    page.keyboard.type("Does not")
    page.get_by_role("button", name="Reject").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cb-batch__summary")).to_contain_text(
        "2 of 2 ideas are through."
    )
    assert violations(page) == []
    statuses = {str(Submission.objects.get(pk=row.pk).staff_status) for row in rows}
    assert statuses == {"rejected"}


def test_page_of_a_batch_survives_a_bad_answer(page, live_server, rows):
    user = User.objects.latest("pk")
    now = timezone.now()
    batch = Batch.objects.create(user=user, action="approve", created_at=now)
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, submission=row) for row in rows
    )
    name = Submission.snippet_viewset.get_url_name("batch")
    address = f"{live_server.url}{reverse(name, args=[batch.pk])}"
    page.goto(address)
    summary = page.locator(".cb-batch__summary")
    expect(summary).to_contain_text("0 of 2 ideas are through.")
    page.route(address, lambda route: route.fulfill(status=502, body="Bad gateway"))
    with page.expect_response(address):
        pass
    page.unroute(address)
    BatchItem.objects.update(done_at=now)
    expect(summary).to_contain_text("2 of 2 ideas are through.", timeout=30_000)

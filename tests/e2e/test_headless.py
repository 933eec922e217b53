"""The whole story on another origin, in a front end that has only the API."""

from __future__ import annotations

import re
from contextlib import contextmanager
from zipfile import ZipFile

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e import front_end
from tests.e2e.contributor import check, make_site, question, show_ideas
from wagtail_crowdbrand.domain import moderating, previewing, publishing
from wagtail_crowdbrand.models import Notice, Submission

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
ANSWER = {
    "field": "id-choice",
    "label": "A choice, please",
    "kind": "choice",
    "visibility": "public",
    "value": "On a screen",
}
LINK = re.compile(r"https?://\S+")


@pytest.fixture(scope="module")
def built():
    if not front_end.find_npm():
        pytest.skip(front_end.INSTALL_HINT)
    front_end.build()


@pytest.fixture
def origin(built, live_server, settings):
    """Where the front end is; mails lead there, and the API lets it in."""
    with front_end.serve(live_server.url) as origin:
        settings.WAGTAIL_CROWDBRAND = settings.WAGTAIL_CROWDBRAND | {
            "API_ALLOWED_ORIGINS": [origin],
            "PRIVATE_LINKS": {
                "confirm": f"{origin}/confirm#{{code}}/{{token}}",
                "edit": f"{origin}/mine#{{code}}/{{token}}",
                "resume": f"{origin}/draft#{{code}}/{{token}}",
            },
        }
        yield origin


@pytest.fixture
def site(live_server):
    kinds = ("short_text", "long_text", "choice", "multiple", "number", "date", "file")
    fields = [question(kind) for kind in kinds]
    fields[2]["value"]["required"] = True
    site = make_site(
        live_server.url,
        host=live_server.thread.host,
        port=live_server.thread.port,
        deliverable_kind="logo",
        min_images=1,
        max_images=3,
        answer_fields=fields,
    )
    mail.outbox.clear()
    return site


@contextmanager
def visit(browser, site, options):
    """A browser that notes what it is told and where it asks."""
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(f"script: {error}"))
    page.on("request", lambda request: page.asked.append(request))
    yield page
    ours = [request for request in page.asked if request.url.startswith(site.url)]
    paths = {request.url.removeprefix(site.url) for request in ours}
    allowed = ("/crowdbrand/api/v1/", "/media/")
    assert ours
    assert [path for path in paths if not path.startswith(allowed)] == []
    assert not any(request.all_headers().get("referer") for request in ours)
    context.close()


def look(page: Page) -> None:
    """The screen is there, and :func:`check` finds nothing."""
    expect(page.locator("main")).to_have_attribute("aria-busy", "false")
    check(page)


def pictures(count: int) -> list[dict]:
    sizes = [(1600, 900 + number) for number in range(count)]
    return [
        {
            "name": f"photo-{number}.jpg",
            "mimeType": "image/jpeg",
            "buffer": factories.picture_bytes(size, "JPEG"),
        }
        for number, size in enumerate(sizes)
    ]


def secret_in_mail(screen: str) -> tuple[str, str]:
    """The newest link by mail that leads to a screen, and the token in it."""
    links = [link for message in mail.outbox for link in LINK.findall(message.body)]
    link = [link for link in links if f"/{screen}#" in link][-1]
    return link, link.rpartition("/")[2]


@contextmanager
def answers_lost(page: Page):
    """What is sent arrives, and what comes back does not."""

    def lose(route):
        assert route.fetch().status == 201
        route.abort()

    def is_create(url: str) -> bool:
        return bool(re.search(r"/briefs/\d+/submissions$", url))

    page.route(is_create, lose)
    yield
    page.unroute(is_create, lose)


def send_idea(page: Page) -> str:
    """From the list of calls to the receipt. Returns the code."""
    page.get_by_role("link", name="The night boat").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    look(page)
    page.get_by_role("link", name="Draw her mark").click()
    expect(page.locator(".card")).to_have_count(2)
    look(page)
    page.get_by_role("link", name="Send your idea").click()
    page.get_by_label("Title", exact=True).fill("Nightglow")
    page.locator("input#images").set_input_files(pictures(2))
    look(page)
    page.get_by_label("I accept these terms").check()
    page.get_by_role("button", name="Send my idea").click()

    errors = page.locator(".errors")
    expect(errors).to_be_focused()
    expect(errors.get_by_role("listitem")).to_have_count(4)
    described = page.get_by_label("Describe it")
    expect(described).to_have_attribute("aria-invalid", "true")
    errors.get_by_role("link", name=re.compile("^Describe it")).click()
    expect(described).to_be_focused()
    look(page)

    described.fill("It glows when nobody looks.")
    page.reload()
    expect(described).to_have_value("It glows when nobody looks.")
    alts = page.get_by_label(re.compile("^Describe picture"))
    expect(alts).to_have_count(2)
    alts.nth(0).fill("A boat that glows")
    alts.nth(1).fill("The same boat, smaller")
    page.get_by_label("A short text, please").fill("Ink")
    page.get_by_label("By hand").first.check()
    page.get_by_label("A number, please").fill("12.5")
    page.get_by_label("A date, please").fill("2026-11-22")
    page.get_by_label("Name shown with your idea").fill("Ada Example")
    email = page.get_by_label("E-mail address")
    email.fill("ada@example")
    page.get_by_label("I accept these terms").check()
    page.get_by_role("button", name="Send my idea").click()
    # What only the server knows to be wrong is said at its field as well.
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(errors).to_contain_text("Enter a valid email address")
    email.fill("ada@example.org")
    with answers_lost(page):
        page.get_by_role("button", name="Send my idea").click()
        expect(errors).to_contain_text("does not answer")
    page.get_by_role("button", name="Send my idea").click()
    expect(page).to_have_url(re.compile("/mine/[A-Z0-9-]+$"))
    look(page)
    return page.url.rpartition("/")[2]


def confirm(page: Page, code: str) -> None:
    link, token = secret_in_mail("confirm")
    page.goto(link)
    expect(page.get_by_role("heading", name="Confirm your idea")).to_be_visible()
    assert token not in page.url
    assert Submission.objects.get(code=code).confirmed_at is None
    look(page)
    page.get_by_role("button", name="Yes, this idea is mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In review")


def approve(code: str) -> None:
    row = Submission.objects.get(code=code)
    moderating.approve(row, actor=factories.make_moderator())
    publishing.publish(row, at=timezone.now())


def compare_three(page: Page, site) -> None:
    for box in page.locator(".card input").all():
        box.check()
    page.get_by_role("link", name="Compare", exact=True).click()
    frames = page.locator(".compare .frame")
    expect(frames).to_have_count(3)
    boxes = [frame.bounding_box() for frame in frames.all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert page.url.count("code=") == 3
    page.get_by_label("Dark").check(force=True)
    expect(page).to_have_url(re.compile("ground=dark"))
    look(page)


def test_an_idea_travels_through_the_api_alone(browser, site, origin):
    show_ideas(site.brief, "Lantern", "Undertow", answers=[ANSWER])
    mail.outbox.clear()
    with visit(browser, site, DESK) as page:
        page.goto(origin)
        look(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # skip to content
        expect(page.locator("main")).to_be_focused()
        code = send_idea(page)
        assert Submission.objects.count() == 3
        confirm(page, code)
        approve(code)

        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("On show")
        page.get_by_role("link", name="See it on show").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nightglow")
        expect(page.locator("main")).to_contain_text("Ada Example")
        shown = page.get_by_role("img", name="A boat that glows")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)")
        look(page)

        page.get_by_role("link", name="Draw her mark").click()
        expect(page.locator(".card")).to_have_count(3)
        page.get_by_label("Search").fill("nobody")
        expect(page.locator(".card")).to_have_count(1)
        assert "q=nobody" in page.url
        page.go_back()
        expect(page.locator(".card")).to_have_count(3)
        compare_three(page, site)


def own_key(page: Page, code: str) -> None:
    """The link of a mail brings the key, and leads to the page of the idea."""
    link, token = secret_in_mail("mine")
    page.goto(link)
    expect(page).to_have_url(re.compile(f"/mine/{code}$"))
    assert token not in page.url


def test_editor_previews_drafts(browser, site, origin):
    site.brief.title = "Draw her second mark"
    site.brief.campaign.title = "The day boat"
    with visit(browser, site, DESK) as page:
        for draft in (site.brief, site.brief.campaign):
            token = previewing.keep(draft)
            page.goto(f"{origin}/preview#draft/{token}")
            heading = page.get_by_role("heading", level=1)
            expect(heading).to_have_text(draft.title)
            expect(page.locator("main")).to_contain_text("A draft.")
            assert token not in page.url
            look(page)
        page.goto(f"{origin}/preview#draft/{token}x")
        expect(heading).to_have_text("Nothing here")


def test_contributor_follows_changes_and_takes_back(browser, site, origin):
    row = factories.make_waiting(site.brief, title="Nightglow", answers=[ANSWER])
    with visit(browser, site, PHONE) as page:
        own_key(page, row.code)
        expect(page.get_by_role("heading", level=1)).to_have_text("In review")
        look(page)
        moderating.take(
            row,
            "request_changes",
            actor=factories.make_moderator(),
            reason="Please draw it darker.",
        )
        page.reload()
        expect(page.locator(".reason")).to_contain_text("Please draw it darker.")
        look(page)

        page.get_by_role("link", name="Change it").click()
        preview = page.locator(".upload__preview img")
        expect(preview).to_have_attribute("src", re.compile("^blob:"))
        expect(page.get_by_label("On a screen").first).to_be_checked()
        page.get_by_label("Title", exact=True).fill("Nightglow, darker")
        page.locator("input#images").set_input_files(pictures(1))
        page.get_by_role("button", name="Save the change").click()
        errors = page.locator(".errors")
        expect(errors).to_contain_text("describe every picture")
        page.get_by_label("Describe picture 2").fill("A darker boat")
        look(page)
        page.get_by_role("button", name="Move up").click()
        page.get_by_role("button", name="Save the change").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("In review")
        expect(page.locator("main")).to_contain_text("Nightglow, darker")
        own = Submission.objects.get(pk=row.pk).get_latest_revision_as_object()
        assert [image["alt"] for image in own.images] == [
            "A darker boat",
            "A blue field",
        ]

        page.get_by_role("link", name="My ideas").first.click()
        expect(page.locator(".rows")).to_contain_text("In review")
        look(page)
        page.get_by_role("link", name="Nightglow, darker").click()
        page.get_by_text("Take it back", exact=True).click()
        page.get_by_role("button", name="Yes, take it back").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Withdrawn by you")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        row.refresh_from_db()
        assert row.lifecycle == "withdrawn"

        page.get_by_role("link", name="Your data").click()
        look(page)
        with page.expect_download() as copy:
            page.get_by_role("button", name="Download a copy").click()
        assert ZipFile(copy.value.path()).testzip() is None
        page.get_by_label("I understand that this cannot be undone").check()
        page.get_by_role("button", name="Erase my data").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Erased")
        page.get_by_role("link", name="My ideas").first.click()
        expect(page.locator("main")).to_contain_text("This browser knows of none")
    row.refresh_from_db()
    assert row.erased_at


def test_nothing_typed_is_lost_and_what_is_wrong_is_said(
    browser, site, origin, settings
):
    [shown] = show_ideas(site.brief, "Lantern", answers=[ANSWER])
    mail.outbox.clear()
    form = f"{origin}/briefs/{site.brief.pk}/send"
    with visit(browser, site, PHONE) as page:
        page.goto(form)
        page.get_by_label("Title", exact=True).fill("Half a thought")
        page.get_by_text("Go on with it on another device").click()
        page.get_by_label("Send the link to").fill("ada@example.org")
        page.get_by_role("button", name="Mail me a link").click()
        expect(page.locator("main")).to_contain_text("Look into your mail")

        page.context.set_offline(True)
        page.get_by_role("link", name="My ideas").first.click()
        page.get_by_role("link", name="Half a thought").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("No answer")
        expect(page.locator("main")).to_contain_text("You are offline")
        look(page)
        page.context.set_offline(False)
        page.get_by_role("button", name="Try again").click()
        title = page.get_by_label("Title", exact=True)
        expect(title).to_have_value("Half a thought")

        page.goto(f"{origin}/ideas/{shown.code}/notice")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("choose what is wrong")
        page.get_by_role("radio").first.check()
        page.get_by_label(re.compile("accurate and complete")).check()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("check what you sent")
        look(page)
        page.get_by_label("Tell us more").fill("I drew this lantern.")
        settings.WAGTAIL_CROWDBRAND["RATE_LIMITS"] = {"notice": "0/m"}
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Again in")
        look(page)
        del settings.WAGTAIL_CROWDBRAND["RATE_LIMITS"]
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        look(page)

        page.goto(f"{origin}/nowhere")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
        look(page)
    assert Notice.objects.get().text == "I drew this lantern."

    link, token = secret_in_mail("draft")
    with visit(browser, site, DESK) as page:
        page.goto(link)
        title = page.get_by_label("Title", exact=True)
        expect(title).to_have_value("Half a thought")
        assert token not in page.url

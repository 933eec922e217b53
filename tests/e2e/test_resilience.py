"""Nothing is lost: cut networks, killed servers, Back, reload, no mouse, no script."""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
import time
from contextlib import contextmanager
from io import BytesIO
from subprocess import DEVNULL, Popen
from urllib.request import urlopen

import pytest
from django.conf import settings as django_settings
from django.db import connection
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.e2e.contributor import check, make_site, question, violations, visit
from wagtail_crowdbrand.models import Submission

PHONE = {"viewport": {"width": 390, "height": 844}}
WORDS = "It glows when nobody looks."


@pytest.fixture
def site(live_server):
    thread = live_server.thread
    return make_site(
        live_server.url,
        host=thread.host,
        port=thread.port,
        answer_fields=[question("choice", required=True), question("file")],
    )


def noise(name: str, edge: int = 24) -> dict:
    """A picture that cannot be made smaller: ``edge`` 300 is about 270 kB."""
    output = BytesIO()
    pixels = secrets.token_bytes(edge * edge * 3)
    Image.frombytes("RGB", (edge, edge), pixels).save(output, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": output.getvalue()}


def go_on(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Continue").last.click()


def rows_of(page: Page) -> Locator:
    return page.locator("#pictures .cb-uploads__row")


def kept_on_device(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(k => k != 'cb:off').length")


def write(page: Page) -> None:
    page.get_by_label("Title").fill("Nightglow")
    page.get_by_label("Describe it").fill(WORDS)
    expect(page.locator("[data-cb-saved]")).to_contain_text("Saved on this device")


def test_cut_in_the_middle_of_a_picture_loses_nothing(site, browser):
    with visit(browser, **PHONE) as page:
        page.goto(site.form)
        write(page)
        slow = page.context.new_cdp_session(page)
        network = {"offline": False, "latency": 0, "downloadThroughput": -1}
        slow.send("Network.enable")
        slow.send(
            "Network.emulateNetworkConditions", network | {"uploadThroughput": 60_000}
        )
        page.locator("[name=files]").set_input_files(noise("boat.png", 300))
        bar = page.get_by_role("progressbar", name="boat.png")
        expect(bar).not_to_have_js_property("value", 0)
        assert bar.evaluate("bar => bar.value") < 1
        slow.send(
            "Network.emulateNetworkConditions",
            network | {"offline": True, "uploadThroughput": -1},
        )
        expect(page.locator(".cb-pending")).to_contain_text("did not get through")
        check(page)
        expect(page.get_by_label("Title")).to_have_value("Nightglow")
        slow.send(
            "Network.emulateNetworkConditions", network | {"uploadThroughput": -1}
        )
        # Back on the network it tries again by itself; the button is for the rest.
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(rows_of(page)).to_have_count(1)
        expect(page.locator(".cb-pending")).to_have_count(0)
        expect(rows_of(page)).to_contain_text("boat.png")
        assert violations(page) == []

        page.reload()
        expect(rows_of(page)).to_have_count(1)
        expect(page.get_by_label("Describe it")).to_have_value(WORDS)
    # What was cut may have begun a draft of its own; the newest one has it all.
    assert Submission.objects.latest("pk").uploads.count() == 1


def test_words_survive_a_failed_step_and_are_not_kept_after_it(site, browser):
    with visit(browser, **PHONE) as page:
        page.goto(site.form)
        write(page)
        page.get_by_label("By hand").check()
        page.context.set_offline(True)
        go_on(page)
        page.wait_for_url(re.compile("chrome-error|/submit/"))
        page.context.set_offline(False)
        page.goto(site.form)
        expect(page.get_by_label("Title")).to_have_value("Nightglow")
        expect(page.get_by_label("By hand")).to_be_checked()
        expect(page.locator("[data-cb-restored]")).to_contain_text("you left here")
        check(page)
        page.get_by_role("button", name="Take them away").click()
        expect(page.get_by_label("Title")).to_have_value("")
        page.get_by_role("button", name="Use them").click()
        expect(page.get_by_label("Describe it")).to_have_value(WORDS)
        go_on(page)
        expect(page).to_have_url(re.compile("/about/$"))
        assert kept_on_device(page) == 0
        assert page.evaluate("sessionStorage.length") == 0
        page.go_back()
        expect(page.get_by_label("Describe it")).to_have_value(WORDS)


def test_words_are_not_kept_on_a_device_one_does_not_trust(site, browser):
    with visit(browser, **PHONE) as page:
        page.goto(site.form)
        write(page)
        assert kept_on_device(page) == 1
        page.get_by_label("Do not keep my words on this device").check()
        assert kept_on_device(page) == 0
        page.get_by_label("Title").fill("Secret")
        page.wait_for_timeout(1000)
        assert kept_on_device(page) == 0
        page.reload()
        expect(page.get_by_label("Do not keep my words")).to_be_checked()
        expect(page.get_by_label("Title")).to_have_value("")


def test_names_and_personal_answers_are_never_kept_on_the_device(site, browser):
    answer = {"field": "id-choice", "kind": "choice", "value": "By hand"}
    answer |= {"label": "A choice, please", "visibility": "public"}
    sent = factories.make_confirmed(site.brief, answers=[answer])
    with visit(browser, opens=[sent], **PHONE) as page:
        page.goto(f"{site.url}/crowdbrand/ideas/{sent.code}/edit/")
        page.get_by_label("Name shown with your idea").fill("SECRET")
        page.get_by_label("Others who worked on it").fill("SECRET")
        page.get_by_label("Title").fill("Better")
        expect(page.locator("[data-cb-saved]")).to_contain_text("Saved on this device")
        kept = page.evaluate("JSON.stringify(Object.values(localStorage))")
        assert "Better" in kept
        assert "SECRET" not in kept


def test_pictures_are_put_in_order_described_and_removed(site, browser):
    with visit(browser, **PHONE) as page:
        page.goto(site.form)
        files = [noise("one.png"), noise("two.png")]
        page.locator("[name=files]").set_input_files(files)
        expect(rows_of(page)).to_have_count(2)
        page.get_by_label("What is in picture 1?").fill("The first")
        page.get_by_role("button", name="Move down picture 1").click()
        expect(rows_of(page).last).to_contain_text("one.png")
        expect(page.get_by_label("What is in picture 2?")).to_have_value("The first")
        moved = Submission.objects.get().images
        assert [item["alt"] for item in moved] == ["", "The first"]
        assert page.evaluate("document.activeElement.closest('li') !== null")
        page.get_by_role("button", name="Remove picture 1").click()
        expect(rows_of(page)).to_have_count(1)
        expect(rows_of(page)).to_contain_text("one.png")

        bad = {"name": "deed.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
        page.locator("[name=files]").set_input_files([bad, noise("three.png")])
        expect(rows_of(page)).to_have_count(2)
        failed = page.locator(".cb-pending--failed")
        expect(failed).to_contain_text("deed.pdf")
        check(page)
        failed.get_by_role("button", name="Leave it out").click()
        expect(failed).to_have_count(0)

        page.locator("input[name^=file-]").set_input_files(noise("proof.png"))
        expect(page.locator(".cb-uploads__row")).to_have_count(3)
        expect(page.locator("main")).to_contain_text("proof.png")
    draft = Submission.objects.get()
    assert draft.answers[1]["value"] in {str(row.pk) for row in draft.uploads.all()}


def test_pictures_without_a_script(site, browser):
    with visit(browser, **PHONE, java_script_enabled=False) as page:
        page.goto(site.form)
        page.get_by_label("Title").fill("Nightglow")
        files = [noise("one.png"), noise("two.png")]
        page.locator("[name=files]").set_input_files(files)
        page.get_by_role("button", name="Add pictures").click()
        expect(rows_of(page)).to_have_count(2)
        page.get_by_label("What is in picture 2?").fill("The second")
        page.get_by_role("button", name="Move up picture 2").click()
        expect(page.get_by_label("What is in picture 1?")).to_have_value("The second")
        page.get_by_role("button", name="Remove picture 2").click()
        expect(rows_of(page)).to_have_count(1)
        expect(page.get_by_label("Title")).to_have_value("Nightglow")
        go_on(page)
        assert page.title().startswith("Error:")
        page.reload()
        expect(rows_of(page)).to_have_count(1)
        assert page.locator("[data-cb-keep]").is_hidden()


def tab_to(page: Page, target: Locator) -> None:
    for _number in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"No way by keyboard to {target}")


def test_idea_is_sent_without_a_mouse(site, browser):
    with visit(browser, **PHONE) as page:
        page.goto(site.form)
        tab_to(page, page.get_by_label("Title"))
        page.keyboard.type("Nightglow")
        page.keyboard.press("Enter")  # goes on, though “Add pictures” comes first
        expect(page.locator("#problems")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Describe it")).to_be_focused()
        page.keyboard.type(WORDS)
        tab_to(page, page.get_by_label("By hand"))
        page.keyboard.press("Space")
        tab_to(page, page.get_by_role("button", name="Continue").last)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/about/$"))
        tab_to(page, page.get_by_label("E-mail address"))
        page.keyboard.type("ada@example.org")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/check/$"))
        tab_to(page, page.get_by_label("I accept these terms"))
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/ideas/"))
    assert Submission.objects.get().lifecycle == "submitted"


# A server of its own, which can be killed


@contextmanager
def server(port: int, files):
    """The same site as a process; killed in the end, without being asked."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings_served",
        "CROWDBRAND_SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        "CROWDBRAND_SERVED_FILES": str(files),
    }
    command = [sys.executable, "-W", "ignore", "-m", "django", "runserver"]
    command += ["--noreload", f"localhost:{port}"]
    process = Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL)
    try:
        for _attempt in range(300):
            try:
                urlopen(f"http://localhost:{port}/static/none", timeout=5)
            except OSError as error:
                if getattr(error, "code", None) == 404:
                    break
                time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(transactional_db, tmp_path):
    port = free_port()
    site = make_site(f"http://localhost:{port}", host="localhost", port=port)
    site.start = lambda: server(port, tmp_path)
    assert django_settings.SESSION_ENGINE.endswith("db")
    return site


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the process shares a file")
def test_restart_of_the_server_loses_nothing(served, browser):
    with visit(browser, **PHONE) as page:
        with served.start():
            page.goto(served.form)
            write(page)
            page.locator("[name=files]").set_input_files(noise("boat.png"))
            expect(rows_of(page)).to_have_count(1)
            page.get_by_label("What is in picture 1?").fill("A boat")
            page.get_by_label("Describe it").fill(f"{WORDS} Twice.")
        page.locator("[name=files]").set_input_files(noise("second.png"))
        expect(page.locator(".cb-pending")).to_contain_text("did not get through")
        with served.start():
            page.get_by_role("button", name="Try again").click()
            expect(rows_of(page)).to_have_count(2)
            page.get_by_label("What is in picture 2?").fill("The same boat")
            go_on(page)
            expect(page).to_have_url(re.compile("/about/$"))
            page.get_by_label("E-mail address").fill("ada@example.org")
            go_on(page)
            page.get_by_label("I accept these terms").check()
            page.get_by_role("button", name="Send my idea").click()
            expect(page).to_have_url(re.compile("/ideas/"))
    sent = Submission.objects.get()
    assert sent.summary == f"{WORDS} Twice."
    assert [item["alt"] for item in sent.images] == ["A boat", "The same boat"]
    assert factories.submitting.missing(sent) == []

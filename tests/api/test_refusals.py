"""What is refused, with which status and code; nothing is lost or half done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from tests.api.remote import BASE, ok, refused, wrong_fields
from tests.domain import hostile
from wagtail_crowdbrand import errors
from wagtail_crowdbrand.api import problems
from wagtail_crowdbrand.domain import access, submitting
from wagtail_crowdbrand.models import Submission, Upload
from wagtail_crowdbrand.states import REASONS

pytestmark = pytest.mark.django_db

TAG = "<script>alert('zebra')</script>"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=3)


def idea(**changes) -> dict:
    """What a guest sends, complete."""
    return {
        "title": "Nightglow",
        "summary": "It glows at night.",
        "email": "ada@example.org",
        "credit_name": "Ada",
        "terms_number": 1,
    } | changes


def image(upload=NOBODY, alt="A lamp") -> dict:
    return {"upload": str(upload), "alt": alt}


@pytest.mark.parametrize("code", REASONS)
@pytest.mark.parametrize(
    "kind", [errors.NotAllowed, errors.Conflict, errors.InvalidUpload, errors.Vetoed]
)
def test_every_refusal_has_a_status_that_is_declared(code, kind):
    error = kind(code, REASONS[code])
    assert problems.status_of(error) in problems.WRITE_PROBLEMS


class Row(NamedTuple):
    body: dict
    field: str
    code: str  # or several


INVALID = {
    "no title": Row(idea(title=" "), "title", "required"),
    "empty title": Row(idea(title=""), "title", "string_too_short"),
    "title of another type": Row(idea(title=7), "title", "string_type"),
    "title too long": Row(idea(title="x" * 121), "title", "max_length"),
    "title far too long": Row(idea(title="x" * 1001), "title", "string_too_long"),
    "description too long": Row(idea(summary="y" * 601), "summary", "max_length"),
    "control characters": Row(idea(summary="a\x1bb"), "summary", "control_characters"),
    "characters that turn the text": Row(
        idea(title="a\u202eb"), "title", "control_characters"
    ),
    "control characters in a name": Row(
        idea(credit_name="A\u2066da"), "credit_name", "control_characters"
    ),
    "control characters in a description": Row(
        idea(images=[image(alt="A\u2066da")]),
        "images",
        "control_characters unknown_upload",
    ),
    "script as a link": Row(idea(link="javascript:alert(1)"), "link", "invalid"),
    "no address": Row(idea(email=""), "email", "required"),
    "half an address": Row(idea(email="ada@"), "email", "invalid"),
    "answer to no question": Row(
        idea(answers={"nobody-asked": "x"}), "answers.nobody-asked", "unknown_field"
    ),
    "unknown field": Row(idea(titel="x"), "titel", "extra_forbidden"),
    "terms of another type": Row(
        idea(terms_number="new"), "terms_number", "int_parsing"
    ),
    "picture of nobody": Row(idea(images=[image()]), "images", "unknown_upload"),
    "picture without a description": Row(
        idea(images=[image(alt=" ")]), "images", "alt_missing unknown_upload"
    ),
    "four pictures of three": Row(
        idea(images=[image()] * 4), "images", "too_many_images unknown_upload"
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_bad_input_names_the_field_and_changes_nothing(brief, remote, name):
    row = INVALID[name]
    response = remote.call("post", f"/briefs/{brief.pk}/submissions", row.body)
    assert wrong_fields(response) == {(row.field, code) for code in row.code.split()}
    assert not Submission.objects.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "{'title': 1}"])
def test_what_is_no_object_is_refused(brief, text):
    response = Client().post(
        f"{BASE}/briefs/{brief.pk}/submissions", text, content_type="application/json"
    )
    assert refused(response, response.status_code) in ("invalid", "bad_request")
    assert response.status_code in (400, 422)


def test_html_comes_back_as_it_was_typed(brief, remote):
    body = idea(title=f"{TAG} title", summary=f"{TAG} words", co_authors=TAG)
    sent = ok(remote.call("post", f"/briefs/{brief.pk}/submissions", body), 201)
    response = remote.call(
        "get", f"/submissions/{sent['code']}/own", token=sent["token"]
    )
    own = ok(response)
    assert (own["title"], own["summary"]) == (body["title"], body["summary"])
    assert response["Content-Type"].startswith("application/json")
    assert response["X-Content-Type-Options"] == "nosniff"


class Phase(NamedTuple):
    fields: Callable[[], dict]
    code: str


def days(number: int):
    return timezone.now() + timedelta(days=number)


PHASES = {
    "early": Phase(lambda: {"opens_at": days(1)}, "not_open_yet"),
    "late": Phase(lambda: {"closes_at": timezone.now() - timedelta(hours=1)}, "closed"),
    "paused": Phase(lambda: {"hold": "paused", "hold_note": "Wait."}, "paused"),
    "cancelled": Phase(lambda: {"hold": "cancelled", "hold_note": "No."}, "cancelled"),
}


@pytest.mark.parametrize("name", PHASES)
def test_campaign_that_takes_nothing_says_why(ready, remote, name):
    row = PHASES[name]
    brief = factories.make_brief(factories.make_campaign(**row.fields()))
    submit = ok(remote.call("get", f"/briefs/{brief.pk}"))["submit"]
    assert (submit["allowed"], submit["code"]) == (False, row.code)
    path = f"/briefs/{brief.pk}"
    assert refused(remote.call("post", f"{path}/submissions", idea()), 403) == row.code
    response = remote.send_file(f"{path}/uploads", factories.picture_file())
    assert refused(response, 403) == row.code
    assert not Submission.objects.exists()


def test_terms_of_another_day_are_refused(brief, remote):
    body = idea(terms_number=99)
    response = remote.call("post", f"/briefs/{brief.pk}/submissions", body)
    assert refused(response, 403) == "terms_changed"
    assert not Submission.objects.exists()


def restrict(brief):
    kind = PageViewRestriction.LOGIN
    PageViewRestriction.objects.create(page=brief.campaign, restriction_type=kind)


HIDERS = {
    "unknown": lambda brief: brief.delete(),
    "a draft": lambda brief: brief.unpublish(),
    "of a draft": lambda brief: brief.campaign.unpublish(),
    "private": restrict,
}
#: Everything that names a brief.
OF_A_BRIEF = {
    "": ("get", None),
    "/submissions": ("get", None),
    "/compare?code=2222-2222": ("get", None),
    "/submissions ": ("post", idea()),
    "/resume-link": ("post", {"claim": "x", "email": "ada@example.org"}),
}


@pytest.mark.parametrize("name", HIDERS)
def test_brief_nobody_may_see_is_not_there(brief, remote, name):
    pk = brief.pk
    HIDERS[name](brief)
    for path, (method, body) in OF_A_BRIEF.items():
        response = remote.call(method, f"/briefs/{pk}{path.strip()}", body)
        assert refused(response, 404) == "not_found", path
    response = remote.send_file(f"/briefs/{pk}/uploads", factories.picture_file())
    assert refused(response, 404) == "not_found"
    assert not Submission.objects.exists()


def test_private_campaign_is_there_for_those_it_is_for(brief):
    restrict(brief)
    client = Client()
    assert client.get(f"{BASE}/campaigns").json()["count"] == 0
    client.force_login(User.objects.create_user("ada"))
    assert client.get(f"{BASE}/campaigns").json()["count"] == 1
    assert client.get(f"{BASE}/briefs/{brief.pk}").status_code == 200


FILES = {
    "0 bytes": b"",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "html": TAG.encode(),
    "bomb": hostile.png_bomb(),
    "zip": hostile.zipped(),
    "claims to be huge": hostile.jpeg_claiming(60_000, 60_000),
}


@pytest.mark.parametrize("name", FILES)
def test_hostile_file_is_refused(brief, remote, name):
    file = SimpleUploadedFile("idea.png", FILES[name], "image/png")
    response = remote.send_file(f"/briefs/{brief.pk}/uploads", file)
    assert refused(response, 422)
    assert not Upload.objects.exists()
    assert not Submission.objects.exists()


def test_picture_of_another_is_refused(brief, remote):
    stolen = factories.make_draft(brief).uploads.get()
    before = Submission.objects.count()
    body = idea(images=[image(stolen.pk)])
    response = remote.call("post", f"/briefs/{brief.pk}/submissions", body)
    assert wrong_fields(response) == {("images", "unknown_upload")}
    assert Submission.objects.count() == before


def notice_by(email: str) -> dict:
    return {"reason": "rights", "text": "Mine!", "good_faith": True, "email": email}


def test_one_address_gives_as_few_notices_of_one_idea_as_on_its_page(
    brief, remote, shown
):
    row = shown(brief)
    url = f"/submissions/{row.code}/notices"
    for number in range(3):
        ok(remote.call("post", url, notice_by(f"bo{number}@example.org")), 202)
    response = remote.call("post", url, notice_by("bo3@example.org"))
    assert refused(response, 429) == "too_many"
    row.refresh_from_db()
    assert row.open_notices == 3


def test_person_is_the_same_on_the_page_and_in_the_api(brief, remote, shown, client):
    row = shown(brief)
    address = f"/crowdbrand/ideas/{row.code}/notice/"
    started = client.get(address).context["form"].started
    notice = notice_by("bo@example.org") | {"started": started}
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert client.post(address, notice).status_code == 302
    url = f"/submissions/{row.code}/notices"
    response = remote.call("post", url, notice_by("Bo@example.org"))
    assert refused(response, 403) == "already_noticed"


def test_words_of_a_notice_and_of_an_appeal_are_plain_text(brief, remote, shown):
    """PostgreSQL breaks at the first of them, and nobody can be mailed at the last."""
    row = shown(brief)
    url = f"/submissions/{row.code}"
    odd = notice_by("nobody") | {"text": "a\0", "name": "\u202eb"}
    assert wrong_fields(remote.call("post", f"{url}/notices", odd)) == {
        ("text", "control_characters"),
        ("name", "control_characters"),
        ("email", "invalid"),
    }
    key = access.token_for(row, access.EDIT)
    response = remote.call("post", f"{url}/appeals", {"text": "a\0"}, key)
    assert wrong_fields(response) == {("text", "control_characters")}


def test_notice_explains_itself_in_as_many_words_as_on_its_page(brief, remote, shown):
    url = f"/submissions/{shown(brief).code}/notices"
    for text in ("", "x" * 3001):
        odd = notice_by("bo@example.org") | {"text": text}
        fields = {field for field, _code in wrong_fields(remote.call("post", url, odd))}
        assert fields == {"text"}


def claim_for(brief) -> str:
    draft = factories.make_draft(brief)
    return f"{draft.code}.{access.token_for(draft, access.EDIT)}"


def test_no_picture_is_taken_when_nothing_is(brief, remote):
    """By neither door, for a draft or for what was sent."""
    draft, sent = factories.make_draft(brief), factories.make_sent(brief)
    later = brief.campaign.closes_at + timedelta(hours=3)
    with time_machine.travel(later):
        for row in (draft, sent):
            key = access.token_for(row, access.EDIT)
            answers = (
                remote.send_file(
                    f"/briefs/{brief.pk}/uploads",
                    factories.picture_file(),
                    claim=f"{row.code}.{key}",
                ),
                remote.send_file(
                    f"/submissions/{row.code}/uploads", factories.picture_file(), key
                ),
            )
            codes = [(refused(answer, 403)) for answer in answers]
            assert codes == ["closed", "closed"]
    assert draft.uploads.count() == sent.uploads.count() == 1


def test_claim_of_another_brief_or_of_nobody_is_refused(brief, remote):
    other = claim_for(factories.make_brief())
    for claim in (other, other[:-1] + "_", "x", "2222-2222.", "."):
        body = idea(claim=claim)
        response = remote.call("post", f"/briefs/{brief.pk}/submissions", body)
        assert refused(response, 404) == "not_found"
        response = remote.send_file(
            f"/briefs/{brief.pk}/uploads", factories.picture_file(), claim=claim
        )
        assert refused(response, 404) == "not_found"


OWN = {
    "own": ("get", None),
    "own ": ("put", {"title": "CHANGED", "summary": "CHANGED"}),
    "withdraw": ("post", None),
    "appeals": ("post", {"text": "CHANGED"}),
}


def test_token_of_another_opens_nothing(brief, remote):
    row, other = factories.make_confirmed(brief), factories.make_confirmed(brief)
    stale = access.token_for(factories.make_sent(brief), access.EDIT)
    keys = [
        access.token_for(other, access.EDIT),
        access.token_for(row, access.CONFIRM),
        access.token_for(row, access.RESUME),
        stale,
        "A" * 43,
        "",
    ]
    for code in (row.code, "2222-2222"):
        for token in keys:
            for path, (method, body) in OWN.items():
                url = f"/submissions/{code}/{path.strip()}"
                response = remote.call(method, url, body, token=token)
                assert refused(response, 401) == "not_authenticated"
                assert response["WWW-Authenticate"] == "Bearer"
    row.refresh_from_db()
    assert (row.lifecycle, row.title == "CHANGED") == ("submitted", False)


def test_confirming_again_or_with_a_forged_token_is_not_found(brief, remote):
    row = factories.make_sent(brief)
    url, token = (
        f"/submissions/{row.code}/confirm",
        access.token_for(row, access.CONFIRM),
    )
    for wrong in ("A" * 43, access.token_for(row, access.EDIT)):
        assert refused(remote.call("post", url, {"token": wrong}), 404) == "not_found"
    ok(remote.call("post", url, {"token": token}))
    assert refused(remote.call("post", url, {"token": token}), 404) == "not_found"


def test_too_often_is_told(brief, remote, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"submit": "1/h"}}
    url = f"/briefs/{brief.pk}/submissions"
    ok(remote.call("post", url, idea()), 201)
    response = remote.call("post", url, idea())
    assert refused(response, 429) == "too_many"
    assert 0 < int(response["Retry-After"]) <= 3600


def test_wrong_method_is_told_in_the_same_words(brief, remote):
    response = remote.call("delete", f"/briefs/{brief.pk}/submissions")
    assert refused(response, 405) == "method_not_allowed"
    assert response["Allow"] == "GET, POST"


def test_request_that_is_too_large_is_told(brief, remote, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = idea(summary="x" * 300)
    response = remote.call("post", f"/briefs/{brief.pk}/submissions", body)
    assert refused(response, 413) == "too_large"


# Browsers that are signed in


@pytest.fixture
def browser(brief):
    client = Client(enforce_csrf_checks=True)
    user = User.objects.create_user("ada", email="ada@example.org")
    client.force_login(user)
    client.user = user
    return client


def post(client, path, body, **headers):
    return client.post(
        f"{BASE}{path}",
        json.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def test_signed_in_browser_needs_the_csrf_token(brief, browser):
    path = f"/briefs/{brief.pk}/submissions"
    assert refused(post(browser, path, idea(email="")), 403) == "csrf_failed"
    assert not Submission.objects.exists()
    browser.cookies["csrftoken"] = "a" * 32
    headers = {"x-csrftoken": "a" * 32}
    sent = ok(post(browser, path, idea(email=""), **headers), 201)
    row = Submission.objects.get(code=sent["code"])
    assert row.contributor.user == browser.user
    assert row.confirmed_at


def test_account_opens_its_own_with_the_csrf_token_only(brief, browser):
    row = factories.make_draft(brief)
    submitting.submit(row, user=browser.user, terms_number=1, at=timezone.now())
    path = f"/submissions/{row.code}"
    assert ok(browser.get(f"{BASE}{path}/own"))["code"] == row.code
    assert refused(post(browser, f"{path}/withdraw", {}), 403) == "csrf_failed"
    browser.cookies["csrftoken"] = "a" * 32
    ok(post(browser, f"{path}/withdraw", {}, **{"x-csrftoken": "a" * 32}))
    foreign = factories.make_confirmed(brief)
    response = browser.get(f"{BASE}/submissions/{foreign.code}/own")
    assert refused(response, 401) == "not_authenticated"

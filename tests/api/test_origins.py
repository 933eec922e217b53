"""Pages of other origins: who may read and send, and that sessions stay at home."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import PageViewRestriction

from tests import factories
from tests.api.remote import BASE, ok, refused
from wagtail_crowdbrand.api import origins
from wagtail_crowdbrand.api.mount import api
from wagtail_crowdbrand.domain import access
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db

LISTED = "https://ideas.example.com"
UNLISTED = (
    "https://evil.example.com",
    "http://ideas.example.com",
    "https://ideas.example.com:8443",
    "https://ideas.example.com.evil.example.com",
    "null",
    "*",
)
CSRF = "a" * 32


@pytest.fixture
def listed(settings):
    ours = settings.WAGTAIL_CROWDBRAND
    settings.WAGTAIL_CROWDBRAND = ours | {"API_ALLOWED_ORIGINS": [LISTED]}


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=1)


def granted(response) -> dict[str, str]:
    """What the answer allows pages of other origins."""
    prefix = "access-control-"
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {
        name.removeprefix(prefix): value
        for name, value in headers.items()
        if name.startswith(prefix)
    }


def varies(response) -> bool:
    return "origin" in response.get("Vary", "").lower().split(", ")


def preflight(path: str, *, method="GET", origin=LISTED):
    headers = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": "authorization,content-type",
    }
    return Client().options(f"{BASE}{path}", headers=headers)


def test_nobody_is_let_in_by_default(brief, remote):
    for response in (
        remote.call("get", "/campaigns", origin=LISTED),
        preflight("/campaigns"),
    ):
        assert granted(response) == {}
        assert not varies(response)
    assert refused(response, 405) == "method_not_allowed"


def test_preflight_of_a_listed_origin_is_answered(listed, brief):
    for path in (f"/briefs/{brief.pk}/submissions", "/submissions/2222-2222/own"):
        response = preflight(path, method="PUT")
        assert response.status_code == 204
        assert response.content == b""
        assert varies(response)
        assert granted(response) == {
            "allow-origin": LISTED,
            "allow-methods": "GET, HEAD, POST, PUT",
            "allow-headers": "Accept-Language, Authorization, Content-Type, "
            "Idempotency-Key, If-None-Match",
            "expose-headers": "Allow, Content-Disposition, ETag, "
            "Retry-After, WWW-Authenticate",
            "max-age": "7200",
        }


def test_preflight_covers_what_the_api_takes():
    paths = api.get_openapi_schema()["paths"].values()
    operations = {method: each for path in paths for method, each in path.items()}
    assert {method.upper() for method in operations} | {"HEAD"} == set(origins.METHODS)
    sent = {
        parameter["name"]
        for path in paths
        for operation in path.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header"
    }
    assert sent <= set(origins.REQUEST_HEADERS)


@pytest.mark.parametrize("origin", UNLISTED)
def test_other_origins_are_not_let_in(listed, brief, remote, origin):
    for response in (
        remote.call("get", "/campaigns", origin=origin),
        preflight("/campaigns", origin=origin),
    ):
        assert granted(response) == {}
        assert varies(response)
    assert refused(response, 405) == "method_not_allowed"


def test_every_answer_says_who_may_read_it(listed, brief, remote):
    """Refusals too, or a client would read that the network failed."""
    read = remote.call("get", "/campaigns", origin=LISTED)
    again = {"origin": LISTED, "if-none-match": read["ETag"]}
    answers = {
        200: read,
        304: remote.call("get", "/campaigns", **again),
        401: remote.call("get", "/submissions/2222-2222/own", origin=LISTED),
        404: remote.call("get", "/submissions/2222-2222", origin=LISTED),
        405: remote.call("delete", "/campaigns", origin=LISTED),
        422: remote.call("post", f"/briefs/{brief.pk}/submissions", {}, origin=LISTED),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert varies(response)
        assert granted(response) == {
            "allow-origin": LISTED,
            "expose-headers": "Allow, Content-Disposition, ETag, "
            "Retry-After, WWW-Authenticate",
        }


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/campaigns/", "/campaigns/x/y"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_is_refused_in_the_same_shape(listed, remote, path, method):
    response = remote.call(method, path or "/", origin=LISTED)
    assert refused(response, 404) == "not_found"
    assert granted(response)["allow-origin"] == LISTED


def test_pages_of_the_site_are_not_shared(listed, brief):
    for path in ("/", "/sitemap.xml", "/crowdbrand/mine/", brief.url):
        response = Client().get(path, headers={"origin": LISTED})
        assert granted(response) == {}
        assert not varies(response)


def test_client_of_a_listed_origin_sends_and_changes_with_tokens(
    listed, brief, remote, commits
):
    body = {
        "title": "Nightglow",
        "summary": "It glows at night.",
        "email": "ada@example.org",
        "terms_number": 1,
    }
    with commits():
        path = f"/briefs/{brief.pk}/submissions"
        sent = ok(remote.call("post", path, body, origin=LISTED), 201)
    own = f"/submissions/{sent['code']}/own"
    assert ok(remote.call("get", own, token=sent["token"], origin=LISTED))["title"]


# Browsers that are signed in here while they look at a page of another origin


@pytest.fixture
def browser(brief):
    client = Client(enforce_csrf_checks=True)
    client.user = User.objects.create_user("ada", email="ada@example.org")
    client.force_login(client.user)
    client.cookies["csrftoken"] = CSRF
    return client


@pytest.fixture
def private(brief):
    kind = PageViewRestriction.LOGIN
    PageViewRestriction.objects.create(page=brief.campaign, restriction_type=kind)


def test_session_opens_nothing_for_another_origin(listed, brief, browser, private):
    path = f"{BASE}/campaigns"
    assert ok(browser.get(path))["count"] == 1
    response = browser.get(path, headers={"origin": LISTED})
    assert ok(response)["count"] == 0
    assert "allow-credentials" not in granted(response)
    assert not response.cookies
    assert ok(browser.get(path))["count"] == 1, "still signed in"


@pytest.mark.parametrize("origin", [LISTED, *UNLISTED])
def test_session_does_nothing_for_another_origin(listed, brief, browser, origin):
    row = factories.make_confirmed(brief)
    row.contributor.user = browser.user
    row.contributor.save()
    assert ok(browser.get(f"{BASE}/submissions/{row.code}/own"))
    headers = {"origin": origin, "x-csrftoken": CSRF}
    path = f"{BASE}/submissions/{row.code}/withdraw"
    response = browser.post(path, headers=headers)
    code = "not_authenticated" if origin == LISTED else "csrf_failed"
    assert refused(response, response.status_code) == code
    assert Submission.objects.get(pk=row.pk).lifecycle == "submitted"


def test_token_works_for_a_browser_that_is_signed_in_here(listed, brief, browser):
    row = factories.make_confirmed(brief)
    token = access.token_for(row, access.EDIT)
    headers = {"origin": LISTED, "authorization": f"Bearer {token}"}
    ok(browser.post(f"{BASE}/submissions/{row.code}/withdraw", headers=headers))


def test_own_origin_keeps_its_session(settings, brief, browser, private):
    own = "http://testserver"
    settings.WAGTAIL_CROWDBRAND = {"API_ALLOWED_ORIGINS": [own]}
    response = browser.get(f"{BASE}/campaigns", headers={"origin": own})
    assert ok(response)["count"] == 1

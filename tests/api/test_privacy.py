"""One's own data through the API: as on the pages, for the same people."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.api.remote import BASE, ok, refused, wrong_fields
from wagtail_crowdbrand.domain import access, drafting, submitting
from wagtail_crowdbrand.models import Contributor, Submission, Upload
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = pytest.mark.django_db

AGREED = {"understood": True}
LISTED = "https://ideas.example.com"


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=1)


def token_of(row: Submission) -> str:
    row.refresh_from_db()
    return access.token_for(row, access.EDIT)


def another_of(row: Submission, title: str) -> Submission:
    """By the same guest, in another campaign."""
    draft = factories.make_draft(factories.make_brief(), title=title)
    person = drafting.Person(email=row.contributor.email, credit_name="Ada Example")
    drafting.save_draft(draft, person=person, at=timezone.now())
    sent = submitting.submit(draft, terms_number=1, at=timezone.now())
    return submitting.confirm(sent, at=timezone.now())


def of_account(brief, user, title: str) -> Submission:
    draft = factories.make_draft(brief, title=title)
    return submitting.submit(draft, user=user, terms_number=1, at=timezone.now())


def packed(response) -> tuple[dict, list[str]]:
    """What ``data.json`` says, without when it was made, and the other files."""
    assert response.status_code == 200
    content = response.getvalue()
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        data = json.loads(archive.read("data.json"))
        names = sorted(set(archive.namelist()) - {"data.json"})
    del data["made_at"]
    return data, names


def page_download(row: Submission):
    client = Client()
    session = client.session
    session[SESSION_KEY] = {row.code: row.nonce}
    session.save()
    return packed(client.get(f"/crowdbrand/ideas/{row.code}/data/download/"))


def test_download_is_the_one_of_the_page(brief, shown, remote):
    row = shown(brief, title="Nightglow")
    another_of(row, "Fernweh")
    response = remote.call("get", f"/submissions/{row.code}/data", token=token_of(row))
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="{row.code}.zip"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    data, files = packed(response)
    assert [each["title"] for each in data["submissions"]] == ["Nightglow", "Fernweh"]
    assert len(files) == 2
    assert (data, files) == page_download(row)


def test_reach_says_what_goes_and_what_stays(brief, shown, remote):
    row = shown(brief)
    another_of(row, "Fernweh")
    stranger = factories.make_draft(brief)
    person = drafting.Person(email=row.contributor.email)
    drafting.save_draft(stranger, person=person, at=timezone.now())
    answer = remote.call("get", f"/submissions/{row.code}/reach", token=token_of(row))
    assert ok(answer) == {
        "everything": True,
        "submissions": 2,
        "on_show": 1,
        "unconfirmed": 1,
        "remaining": 2,
    }


def test_erasing_ends_everywhere_and_mails_nobody(brief, shown, remote, commits):
    row = shown(brief, title="Nightglow")
    other = another_of(row, "Fernweh")
    keys = {each.code: token_of(each) for each in (row, other)}
    mail.outbox.clear()
    path = f"/submissions/{row.code}/erase"
    with commits():
        answer = ok(remote.call("post", path, AGREED, token=keys[row.code]))
    assert answer == {"erased": 2}
    assert mail.outbox == []
    assert not Upload.objects.exists()
    assert not Contributor.objects.exists()
    assert set(Submission.objects.values_list("title", "lifecycle")) == {
        ("", "withdrawn")
    }
    assert refused(remote.call("get", f"/submissions/{row.code}"), 404) == "not_found"
    for code, key in keys.items():
        for path in ("own", "data", "reach"):
            response = remote.call("get", f"/submissions/{code}/{path}", token=key)
            assert refused(response, 401) == "not_authenticated"
        response = remote.call("post", f"/submissions/{code}/erase", AGREED, token=key)
        assert refused(response, 401) == "not_authenticated"


@pytest.mark.parametrize("body", [{}, {"understood": False}, {"understood": "yes"}])
def test_erasing_needs_to_be_meant(brief, remote, body):
    row = factories.make_confirmed(brief, title="Kept")
    path = f"/submissions/{row.code}/erase"
    response = remote.call("post", path, body, token=token_of(row))
    [(field, _code)] = wrong_fields(response)
    assert field == "understood"
    row.refresh_from_db()
    assert row.title == "Kept"


def test_draft_is_erased_alone_and_altogether(brief, remote):
    draft, other = factories.make_draft(brief), factories.make_draft(brief)
    path = f"/submissions/{draft.code}"
    key = token_of(draft)
    reach = ok(remote.call("get", f"{path}/reach", token=key))
    assert (reach["everything"], reach["remaining"]) == (False, 0)
    assert ok(remote.call("post", f"{path}/erase", AGREED, token=key))["erased"] == 1
    assert list(Submission.objects.filter(erased_at=None)) == [other]


@pytest.mark.parametrize("path", ["reach", "data", "erase"])
def test_keys_of_others_open_nothing(brief, remote, path):
    row = factories.make_confirmed(brief, title="Kept")
    method, body = ("post", AGREED) if path == "erase" else ("get", None)
    keys = [
        token_of(factories.make_confirmed(brief)),
        access.token_for(row, access.CONFIRM),
        access.token_for(row, access.RESUME),
        "",
    ]
    for code in (row.code, "2222-2222"):
        for key in keys:
            url = f"/submissions/{code}/{path}"
            response = remote.call(method, url, body, token=key)
            assert refused(response, 401) == "not_authenticated"
    row.refresh_from_db()
    assert row.title == "Kept"


# Accounts: their address was never confirmed, so a token says less than a session


@pytest.fixture
def account(brief):
    """A signed-in browser with two submissions."""
    client = Client(enforce_csrf_checks=True)
    client.user = User.objects.create_user("ada", email="ada@example.org")
    client.force_login(client.user)
    client.rows = [of_account(brief, client.user, each) for each in ("One", "Two")]
    return client


def titles(response) -> list[str]:
    return [each["title"] for each in packed(response)[0]["submissions"]]


def test_token_of_an_account_is_about_one_and_the_account_about_all(account, remote):
    row = account.rows[0]
    path = f"/submissions/{row.code}/data"
    assert titles(remote.call("get", path, token=token_of(row))) == ["One"]
    assert titles(account.get(BASE + path)) == ["One", "Two"]


def test_page_of_another_origin_has_no_more_than_its_token(account, settings):
    settings.WAGTAIL_CROWDBRAND = {"API_ALLOWED_ORIGINS": [LISTED]}
    row = account.rows[0]
    path = f"{BASE}/submissions/{row.code}/data"
    headers = {"origin": LISTED, "authorization": f"Bearer {token_of(row)}"}
    assert titles(account.get(path, headers=headers)) == ["One"]
    response = account.get(path, headers={"origin": LISTED})
    assert refused(response, 401) == "not_authenticated"


def test_account_erases_with_the_csrf_token_only(account):
    path = f"{BASE}/submissions/{account.rows[0].code}/erase"
    kind = {"data": AGREED, "content_type": "application/json"}
    assert refused(account.post(path, **kind), 403) == "csrf_failed"
    account.cookies["csrftoken"] = "a" * 32
    response = account.post(path, headers={"x-csrftoken": "a" * 32}, **kind)
    assert ok(response) == {"erased": 2}

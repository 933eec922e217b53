"""Drafts on more than one device: their words, their pictures, and who opens them."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from tests import factories
from tests.api.remote import ok, refused, wrong_fields
from wagtail_crowdbrand.domain import access
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db

EMAIL = "ada@example.org"


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=1)


def test_words_go_along_with_a_mailed_link(brief, remote, commits):
    content = {"title": "Nightgl", "summary": "", "link": "", "co_authors": "Bo"}
    body = {"email": EMAIL, "content": content}
    with commits():
        sent = ok(remote.call("post", f"/briefs/{brief.pk}/resume-link", body), 202)
    code, key = sent["claim"].split(".")
    [message] = mail.outbox
    token = re.search(rf"/r/{code}/([\w-]+)/", message.body)[1]
    for each in (key, token):
        own = ok(remote.call("get", f"/submissions/{code}/own", token=each))
        assert {name: own[name] for name in content} == content
        assert own["status"] == "draft"


def test_words_replace_what_a_draft_held(brief, remote, commits):
    draft = factories.make_draft(brief)
    upload = draft.uploads.get()
    claim = f"{draft.code}.{access.token_for(draft, access.EDIT)}"
    images = [{"upload": str(upload.pk), "alt": ""}]
    content = {"title": "a\x00b", "images": images}
    body = {"email": EMAIL, "claim": claim, "content": content}
    with commits():
        sent = ok(remote.call("post", f"/briefs/{brief.pk}/resume-link", body), 202)
    assert sent == {"accepted": True, "claim": claim}
    draft.refresh_from_db()
    assert (draft.title, draft.summary, draft.images) == ("ab", "", images)


def test_link_needs_an_address_and_keeps_nothing_without(brief, remote):
    body = {"email": "ada@", "content": {"title": "Nightgl"}}
    response = remote.call("post", f"/briefs/{brief.pk}/resume-link", body)
    assert wrong_fields(response) == {("email", "invalid")}
    assert not Submission.objects.exists()


@pytest.mark.parametrize("purpose", [access.EDIT, access.RESUME])
def test_own_picture_is_shown_to_who_has_the_key(brief, remote, purpose):
    draft = factories.make_draft(brief)
    path = f"/submissions/{draft.code}/uploads/{draft.uploads.get().pk}"
    response = remote.call("get", path, token=access.token_for(draft, purpose))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_own_picture_is_shown_to_nobody_else(brief, remote):
    draft, other = factories.make_draft(brief), factories.make_draft(brief)
    upload, token = draft.uploads.get(), access.token_for(other, access.EDIT)
    path = f"/submissions/{draft.code}/uploads/{upload.pk}"
    assert refused(remote.call("get", path), 401) == "not_authenticated"
    assert refused(remote.call("get", path, token=token), 401) == "not_authenticated"
    path = f"/submissions/{other.code}/uploads/{upload.pk}"
    assert refused(remote.call("get", path, token=token), 404) == "not_found"


def test_own_picture_whose_file_is_gone_is_not_found(brief, remote):
    draft = factories.make_draft(brief)
    upload, token = draft.uploads.get(), access.token_for(draft, access.EDIT)
    upload.file.storage.delete(upload.file.name)
    path = f"/submissions/{draft.code}/uploads/{upload.pk}"
    assert refused(remote.call("get", path, token=token), 404) == "not_found"

"""The whole story through the API alone, as a client of another site plays it."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from tests import factories
from tests.api.remote import ok
from wagtail_crowdbrand.domain import moderating
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def brief(ready):
    return factories.make_brief(min_images=1, max_images=3)


def test_whole_story(remote, brief, commits):
    campaigns = ok(remote.call("get", "/campaigns"))
    [campaign] = campaigns["items"]
    assert campaign["phase"] == "open"
    detail = ok(remote.call("get", f"/campaigns/{campaign['id']}"))
    assert [item["id"] for item in detail["briefs"]] == [brief.pk]
    form = ok(remote.call("get", f"/briefs/{brief.pk}"))
    assert form["submit"] == {"allowed": True, "code": "", "detail": ""}
    assert form["submission_schema"]["properties"]["images"]["minItems"] == 1

    first = ok(
        remote.send_file(f"/briefs/{brief.pk}/uploads", factories.picture_file()), 201
    )
    second = ok(
        remote.send_file(
            f"/briefs/{brief.pk}/uploads",
            factories.picture_file(),
            claim=first["claim"],
        ),
        201,
    )
    body = {
        "title": "Night Light",
        "summary": "It glows.",
        "images": [
            {"upload": second["id"], "alt": "A lamp"},
            {"upload": first["id"], "alt": "A boat"},
        ],
        "email": "ada@example.org",
        "credit_name": "Ada",
        "terms_number": detail["contract"]["number"],
        "claim": first["claim"],
    }
    with commits():
        sent = ok(remote.call("post", f"/briefs/{brief.pk}/submissions", body), 201)
    assert sent["status"] == "unconfirmed"
    code, token = sent["code"], sent["token"]
    own = ok(remote.call("get", f"/submissions/{code}/own", token=token))
    assert [image["alt"] for image in own["images"]] == ["A lamp", "A boat"]

    [message] = mail.outbox
    key = re.search(rf"/c/{code}/([\w-]+)/", message.body)[1]
    with commits():
        confirmed = ok(
            remote.call("post", f"/submissions/{code}/confirm", {"token": key})
        )
    assert confirmed["status"] == "in_review"
    assert (
        remote.call("get", f"/submissions/{code}/own", token=token).status_code == 401
    )
    token = confirmed["token"]

    assert ok(remote.call("get", f"/briefs/{brief.pk}/submissions"))["count"] == 0
    with commits():
        row = Submission.objects.get(code=code)
        moderating.approve(row, actor=factories.make_moderator())
    [shown] = ok(remote.call("get", f"/briefs/{brief.pk}/submissions"))["items"]
    assert (shown["title"], shown["credit"]) == ("Night Light", "Ada")
    assert [picture["alt"] for picture in shown["pictures"]] == ["A lamp", "A boat"]
    sizes = shown["pictures"][0]["renditions"]
    assert sizes
    assert sizes[0]["format"] == "image/png"

    changed = body | {"title": "Better Light"}
    for name in ("email", "terms_number", "claim"):
        del changed[name]
    with commits():
        own = ok(remote.call("put", f"/submissions/{code}/own", changed, token=token))
    assert own["status"] == "on_show_edit"
    assert own["title"] == "Better Light"
    assert ok(remote.call("get", f"/submissions/{code}"))["title"] == "Night Light"

    notice = {"reason": "rights", "text": "Mine!", "good_faith": True}
    ok(remote.call("post", f"/submissions/{code}/notices", notice), 202)
    with commits():
        own = ok(remote.call("post", f"/submissions/{code}/withdraw", token=token))
    assert own["status"] == "withdrawn"
    assert remote.call("get", f"/submissions/{code}").status_code == 404

"""The how-to leads to what is there and leaves nothing out; mails lead where told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import factories
from tests.api.remote import BASE, ok, refused
from wagtail_crowdbrand.api.mount import api
from wagtail_crowdbrand.domain import access
from wagtail_crowdbrand.notifications import private_url

HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/build-your-own-front-end.md"
CALL = re.compile(r'call\(`(/[^`?]*)[^`]*`(?:, \{\s*(?:method: "(\w+)")?)?')


def test_how_to_calls_every_operation_and_no_other():
    blocks = re.findall(r"```js\n(.*?)```", HOW_TO.read_text(), flags=re.DOTALL)
    called = {
        (method or "GET", re.sub(r"\$\{[^}]*\}", "*", path))
        for path, method in CALL.findall("".join(blocks))
    }
    offered = {
        (method.upper(), re.sub(r"\{[^}]*\}", "*", path.removeprefix(BASE)))
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert called == offered


@pytest.mark.django_db
def test_mails_lead_to_a_front_end_of_ones_own(ready, settings):
    row = factories.make_sent()
    ours = private_url(row, access.EDIT)
    assert ours.startswith("http://localhost/crowdbrand/e/")
    settings.WAGTAIL_CROWDBRAND = {
        "PRIVATE_LINKS": {"confirm": "https://ideas.example.com/confirm#{code}/{token}"}
    }
    token = access.token_for(row, access.CONFIRM)
    link = f"https://ideas.example.com/confirm#{row.code}/{token}"
    assert private_url(row, access.CONFIRM) == link
    assert private_url(row, access.EDIT) == ours


@pytest.mark.django_db
def test_token_of_a_mailed_link_goes_on_with_a_draft_only(ready, remote):
    brief = factories.make_brief(max_images=1)
    draft = factories.make_draft(brief)
    token = access.token_for(draft, access.RESUME)
    path = f"/submissions/{draft.code}/own"
    own = ok(remote.call("get", path, token=token))
    assert (own["status"], own["title"]) == ("draft", draft.title)
    body = {
        "title": own["title"],
        "summary": own["summary"],
        "images": [{"upload": own["images"][0]["upload"], "alt": "A blue field"}],
        "email": "ada@example.org",
        "terms_number": 1,
        "claim": f"{draft.code}.{token}",
    }
    sent = ok(remote.call("post", f"/briefs/{brief.pk}/submissions", body), 201)
    assert sent["code"] == draft.code
    draft.refresh_from_db()
    token = access.token_for(draft, access.RESUME)
    assert refused(remote.call("get", path, token=token), 401) == "not_authenticated"

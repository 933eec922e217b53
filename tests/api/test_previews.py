"""Drafts in a front end: from the admin to the answer of the API."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import reverse
from wagtail.models import Page

from tests import factories
from tests.api.remote import ok, refused
from wagtail_crowdbrand.domain import moderating
from wagtail_crowdbrand.models import BriefMixin, CampaignMixin, TermsVersion

pytestmark = pytest.mark.django_db

FRONT_END = "https://ideas.example.com/preview#draft/{token}"


@pytest.fixture
def elsewhere(settings):
    ours = settings.WAGTAIL_CROWDBRAND
    settings.WAGTAIL_CROWDBRAND = ours | {"PREVIEW_URL": FRONT_END}


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=1)


def framed(page, mode: str = "") -> str:
    """The token in the address that the preview of an editor leads to."""
    response = page.make_preview_request(preview_mode=mode or page.default_preview_mode)
    html = response.content.decode()
    [url] = re.findall(r'<iframe class="cb-preview" src="([^"]+)"', html)
    before, _empty, token = unescape(url).partition("#draft/")
    assert before == "https://ideas.example.com/preview"
    return token


def test_previews_are_ours_by_default(brief):
    for page in (brief, brief.campaign):
        response = page.make_preview_request(preview_mode="open")
        assert "cb-preview" not in response.content.decode()
        assert page.title in response.content.decode()


def test_draft_of_a_campaign_is_told_and_nothing_is_published(elsewhere, brief, remote):
    campaign = brief.campaign
    before = TermsVersion.objects.count()
    campaign.title, campaign.prize = "Not yet", "A whole ferry."
    draft = ok(remote.call("get", f"/previews/{framed(campaign, 'open')}"))
    assert (draft["kind"], draft["brief"], draft["submission"]) == (
        "campaign",
        None,
        None,
    )
    told = draft["campaign"]
    assert (told["id"], told["title"]) == (campaign.pk, "Not yet")
    assert told["contract"]["prize"] == "A whole ferry."
    assert told["contract"]["number"] == 0
    assert [each["id"] for each in told["briefs"]] == [brief.pk]
    assert TermsVersion.objects.count() == before
    public = ok(remote.call("get", f"/campaigns/{campaign.pk}"))
    assert public["title"] != "Not yet"


def test_draft_of_a_brief_is_told(elsewhere, brief, remote):
    brief.challenge = "Not yet"
    draft = ok(remote.call("get", f"/previews/{framed(brief, 'open')}"))
    assert (draft["kind"], draft["brief"]["challenge"]) == ("brief", "Not yet")
    assert draft["brief"]["campaign_id"] == brief.campaign.pk


@pytest.mark.parametrize("mixin", [CampaignMixin, BriefMixin])
def test_page_that_was_never_saved_is_told(elsewhere, brief, remote, mixin):
    parent = brief.campaign if mixin is BriefMixin else brief.campaign.get_parent()
    page = factories.page_class(mixin)(title="New", slug="new")
    page.path = Page._get_children_path_interval(parent.path)[1]
    page.depth = parent.depth + 1
    page.set_url_path(parent)
    draft = ok(remote.call("get", f"/previews/{framed(page, 'open')}"))
    told = draft[draft["kind"]]
    assert (told["id"], told["title"]) == (0, "New")


def test_note_on_a_submission_is_told_and_what_is_hidden_is_not(
    elsewhere, brief, shown, remote
):
    row = shown(brief, title="Nightglow")
    page = row.page.specific
    page.curators_note = "Not yet"
    draft = ok(remote.call("get", f"/previews/{framed(page)}"))
    assert (draft["kind"], draft["curators_note"]) == ("submission", "Not yet")
    assert draft["submission"]["title"] == "Nightglow"
    moderating.hide(row, actor=None, reason="No.")
    draft = ok(remote.call("get", f"/previews/{framed(page)}"))
    assert draft["submission"] is None


def test_secret_is_all_it_takes_and_ends(elsewhere, brief, remote):
    token = framed(brief, "open")
    assert len(token) >= 43
    assert framed(brief, "open") != token
    for wrong in (token[:-1], "x", "a b", "é", "../campaigns"):
        response = remote.call("get", f"/previews/{wrong}")
        assert refused(response, 404) == "not_found"
    ok(remote.call("get", f"/previews/{token}"))
    cache.clear()
    assert refused(remote.call("get", f"/previews/{token}"), 404) == "not_found"


def test_view_of_a_draft_in_the_admin_leads_there(elsewhere, brief, client, remote):
    brief.challenge = "Not yet"
    brief.save_revision()
    client.force_login(User.objects.create_superuser("editor"))
    url = reverse("wagtailadmin_pages:view_draft", args=[brief.pk])
    [token] = re.findall(r"#draft/([\w-]+)", client.get(url).content.decode())
    draft = ok(remote.call("get", f"/previews/{token}"))
    assert draft["brief"]["challenge"] == "Not yet"

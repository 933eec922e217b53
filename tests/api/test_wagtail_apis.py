"""Our pages in Wagtail's own APIs: v2, and on Wagtail 8 v3."""

from __future__ import annotations

from datetime import datetime

import pytest
import wagtail
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from tests import factories
from tests.api.remote import BASE, ok
from wagtail_crowdbrand.domain import drafting, moderating, publishing, submitting
from wagtail_crowdbrand.models import BriefMixin, CampaignIndexMixin, CampaignMixin
from wagtail_crowdbrand.models import SubmissionPageMixin as Shown

pytestmark = pytest.mark.django_db

V2, V3 = "/api/v2/pages/", "/api/v3/pages/"
needs_v3 = pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail 8 has v3")
BOTH = [V2, pytest.param(V3, marks=needs_v3)]
STORY = [("paragraph", "<p>A <b>ferry</b>.</p>")]
#: What editors keep to themselves.
KEPT = {"moderation_workflow", "moderation_policy", "trust_after", "checklist"}
KEPT |= {"mail_texts"}


@pytest.fixture
def brief(ready):
    campaign = factories.make_campaign(
        cover=factories.make_image(), checklist="KEPT", grace_minutes=5
    )
    return factories.make_brief(campaign, background="<p>By <b>sea</b>.</p>")


def read(api: str, page, **headers):
    return ok(Client().get(f"{api}{page.pk}/", headers=headers))


def label(mixin: type) -> str:
    return factories.page_class(mixin)._meta.label


def listing(mixin: type):
    """All but the relations, for which Wagtail itself asks page by page."""
    kept = ",-cover" if mixin is CampaignMixin else ""
    return Client().get(f"{V2}?type={label(mixin)}&fields=*,-locale{kept}")


@pytest.mark.parametrize("api", BOTH)
def test_index_has_its_introduction(brief, api):
    index = brief.campaign.get_parent().specific
    index.introduction = "Come on board."
    index.save()
    assert read(api, index)["introduction"] == "Come on board."


@pytest.mark.parametrize("api", BOTH)
def test_campaign_tells_what_its_page_tells(brief, api):
    data = read(api, brief.campaign)
    ours = ok(Client().get(f"{BASE}/campaigns/{brief.campaign.pk}"))
    same = ("title", "brand_name", "summary", "phase", "hold", "time_zone", "story")
    assert {name: data[name] for name in same} == {name: ours[name] for name in same}
    contract = {name: data[name] for name in brief.campaign.CONTRACT_FIELDS}
    contract.pop("decision_due_at")
    assert contract.items() <= ours["contract"].items()
    at = [datetime.fromisoformat(each["deadline"]) for each in (data, ours)]
    assert abs(at[0] - at[1]).total_seconds() < 0.01
    assert (data["cover"]["id"], data["cover_picture"]["alt"]) == (
        brief.campaign.cover_id,
        brief.campaign.cover.title,
    )
    sizes = [each["width"] for each in data["cover_picture"]["renditions"]]
    assert sizes == [480, 1000, 1200]
    assert not KEPT & set(data)


@pytest.mark.parametrize("api", BOTH)
def test_brief_tells_what_its_page_and_its_form_tell(brief, shown, api):
    shown(brief)
    data = read(api, brief)
    assert data["submission_count"] == 1
    assert data["background"] == "<p>By <b>sea</b>.</p>"
    for name in ("challenge", "criteria", "deliverable_kind", "max_images"):
        assert data[name] == getattr(brief, name)


@pytest.mark.parametrize("api", BOTH)
def test_submission_is_told_as_our_api_tells_it(brief, shown, api):
    row = shown(brief, title="Nightglow")
    data = read(api, row.page)
    assert (data["title"], data["curators_note"]) == ("Nightglow", "")
    ours = ok(Client().get(f"{BASE}/submissions/{row.code}"))
    theirs = data["submission"]
    assert theirs.pop("visible_from")[:19] == ours.pop("visible_from")[:19]
    assert ours.pop("url").endswith(row.page.url_path.removeprefix("/home"))
    assert theirs.pop("url") == row.page.full_url
    assert theirs == ours
    assert [len(each["renditions"]) for each in ours["pictures"]] == [3]


@pytest.mark.parametrize("api", BOTH)
def test_edit_in_review_changes_nothing(brief, shown, commits, api):
    row = shown(brief, title="Shown")
    before = read(api, row.page)
    with commits():
        idea = drafting.Idea(title="SECRET", summary="SECRET", images=row.images)
        person = drafting.Person(credit_name="SECRET")
        submitting.edit(row, idea=idea, person=person, at=timezone.now())
    assert read(api, row.page) == before


def test_page_without_a_visible_submission_tells_nothing_of_it(brief, shown):
    """Should a page be live that ought not to be."""
    row = shown(brief)
    moderating.hide(row, actor=None, reason="No.")
    Page.objects.filter(pk=row.page_id).update(live=True)
    assert read(V2, row.page)["submission"] is None


def test_members_of_a_private_campaign_read_it(brief, shown):
    row = shown(brief)
    PageViewRestriction.objects.create(
        page=brief.campaign, restriction_type=PageViewRestriction.LOGIN
    )
    assert Client().get(f"{V2}{row.page_id}/").status_code == 404
    member = Client()
    member.force_login(User.objects.create_user("ada"))
    data = ok(member.get(f"{V2}{row.page_id}/"))
    assert data["submission"]["code"] == row.code


@pytest.mark.parametrize(
    "mixin", [CampaignIndexMixin, CampaignMixin, BriefMixin, Shown], ids=label
)
def test_listing_takes_as_many_queries_for_three_as_for_one(
    brief, shown, queries_of, mixin
):
    row = shown(brief)
    one = queries_of(lambda: listing(mixin))
    for _number in range(2):
        index = factories.make_index()
        campaign = factories.make_campaign(index, cover=brief.campaign.cover)
        shown(factories.make_brief(campaign))
    answer = ok(listing(mixin))
    assert answer["meta"]["total_count"] == 3
    if mixin is Shown:
        codes = [item["submission"]["code"] for item in answer["items"]]
        assert len(set(codes)) == 3
        assert row.code in codes
    assert queries_of(lambda: listing(mixin)) == one


def test_pictures_of_contributors_are_not_listed(brief, shown):
    row = shown(brief)
    image = row.uploads.get().image_id
    titles = [each["title"] for each in ok(Client().get("/api/v2/images/"))["items"]]
    assert titles == [brief.campaign.cover.title]
    assert Client().get(f"/api/v2/images/{image}/").status_code == 404


@needs_v3
def test_nobody_rewrites_or_makes_a_submission_through_v3(brief, shown, commits):
    """An editor's token does what an editor does in the admin, and no more."""
    from wagtail.models import APIToken

    row = shown(brief, title="Theirs")
    editor = User.objects.create_superuser("editor")
    _token, key = APIToken.create_token(user=editor, name="test")
    headers = {"authorization": f"Bearer {key}"}
    kind = {"content_type": "application/json", "headers": headers}
    path, client = f"{V3}{row.page_id}/", Client()
    changed = {"title": "MINE", "curators_note": "Bright!"}
    client.patch(path, changed | {"meta": {"action": "publish"}}, **kind)
    row.refresh_from_db()
    assert (row.title, row.page.title) == ("Theirs", "Theirs")
    made = {"meta": {"type": label(Shown), "parent_id": brief.pk}, "title": "MINE"}
    assert client.post(V3, made, **kind).status_code >= 400
    with commits():
        moderating.hide(row, actor=None, reason="No.")
    client.post(f"{path}actions/publish/", {}, **kind)
    assert not Page.objects.get(pk=row.page_id).live
    assert publishing.absent().count() == 0

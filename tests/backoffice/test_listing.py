"""The listing of submissions: its filters, its search, and what it costs."""

from __future__ import annotations

import itertools

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.backoffice import listings
from wagtail_crowdbrand.backoffice.filters import STATUS
from wagtail_crowdbrand.domain import moderating
from wagtail_crowdbrand.models import Contributor, Submission
from wagtail_crowdbrand.states import Lifecycle, Moderation, StaffStatus

pytestmark = pytest.mark.django_db

LISTING = "wagtailsnippets_wagtail_crowdbrand_submission:list"


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=1)


@pytest.fixture
def moderator(ready, client):
    user = factories.make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def titles(client):
    """``titles(**query)``: what the list shows, in its order."""

    def shown(**query) -> list[str]:
        response = client.get(reverse(LISTING), query)
        return [row.title for row in response.context["object_list"]]

    return shown


def let_view_contact(user) -> None:
    user.user_permissions.add(Permission.objects.get(codename="view_contact"))


def test_status_filter_agrees_with_the_status_in_words(brief):
    """Every combination of facts is found under its own word, and no other."""
    row = factories.make_draft(brief)
    now = timezone.now()
    facts = itertools.product(
        [Lifecycle.SUBMITTED, Lifecycle.WITHDRAWN], Moderation, [None, now], [None, now]
    )
    for lifecycle, moderation, confirmed_at, visible_from in facts:
        if visible_from and not (confirmed_at and lifecycle == Lifecycle.SUBMITTED):
            continue  # the database refuses it
        if visible_from and moderation not in ("pending", "approved"):
            continue  # shown is what was approved, or waits beside it
        values = {
            "lifecycle": lifecycle,
            "moderation": moderation,
            "confirmed_at": confirmed_at,
            "visible_from": visible_from,
            "live": bool(visible_from),
        }
        rows = Submission.objects.filter(pk=row.pk)
        rows.update(**values)
        found = [word for word, fact in STATUS.items() if rows.filter(fact).exists()]
        assert found == [rows.get().staff_status], values


def test_every_status_moderators_meet_can_be_filtered():
    assert set(STATUS) == set(StaffStatus) - {StaffStatus.DRAFT}


def test_filters(moderator, titles, brief):
    one = factories.make_waiting(brief, title="One")
    other = factories.make_waiting(title="Other")
    Submission.objects.filter(pk=one.pk).update(
        language="de", is_late=True, open_notices=2, is_first=False
    )
    moderating.reject(other, actor=None, reason="No.")

    assert titles() == ["Other", "One"]
    assert titles(ordering="submitted_at") == ["One", "Other"]
    assert titles(status="rejected") == ["Other"]
    assert titles(status=["rejected", "waiting"]) == ["Other", "One"]
    assert titles(campaign=one.campaign_page_id) == ["One"]
    assert titles(brief=other.brief_page_id) == ["Other"]
    assert titles(language="de") == ["One"]
    assert titles(only="noticed") == ["One"]
    assert titles(only="late") == ["One"]
    assert titles(only="first") == ["Other"]
    assert titles(only=["late", "first"]) == []


def test_search_by_the_beginning(moderator, titles, brief):
    row = factories.make_waiting(brief, title="Night  Glow")
    factories.make_waiting(brief, title="Daybreak")
    person = row.contributor
    person.name = "Zoë Quist"
    person.save()

    assert titles(q="night gl") == ["Night  Glow"]
    assert titles(q="glow") == []
    assert titles(q=row.code) == ["Night  Glow"]
    assert titles(q=row.code[:6].lower()) == ["Night  Glow"]
    assert titles(q=row.code.replace("-", "")) == ["Night  Glow"]
    assert titles(q="ZOË") == ["Night  Glow"]
    assert titles(q="100%") == []


def test_addresses_are_for_those_who_may_see_them(moderator, client, titles, brief):
    row = factories.make_waiting(brief, title="Night")
    Contributor.objects.update(email="Ada@Example.org")
    page = client.get(reverse(LISTING)).content.decode()
    assert row.code in page
    assert "Ada@Example.org" not in page
    assert titles(q="ada@example.org") == []

    let_view_contact(moderator)
    assert "Ada@Example.org" in client.get(reverse(LISTING)).content.decode()
    assert titles(q="ada@example.org") == ["Night"]
    assert titles(q="ada@example") == []


def test_a_public_picture_is_shown_small_and_a_private_one_from_its_door(
    moderator, client, brief, commits
):
    shown, waiting = (factories.make_waiting(brief) for _ in range(2))
    with commits():
        moderating.approve(shown, actor=moderator)
    content = client.get(reverse(LISTING)).content.decode()
    upload = shown.uploads.get()
    small = upload.image.get_rendition("max-480x480")
    assert f'src="{small.url}"' in content
    assert str(upload.pk) not in content
    door = reverse("wagtail_crowdbrand:upload", args=[waiting.uploads.get().pk])
    assert f'src="{door}"' in content


def test_listing_takes_as_many_queries_for_three_as_for_one(
    moderator, client, brief, queries_of
):
    def look():
        assert client.get(reverse(LISTING), {"q": "idea"}).status_code == 200

    factories.make_waiting(brief)
    one = queries_of(look)
    factories.make_waiting(brief)
    factories.make_waiting(brief)
    assert queries_of(look) == one


def test_counting_stops(moderator, client, brief, monkeypatch):
    monkeypatch.setattr(listings, "MANY", 2)
    for _number in range(3):
        factories.make_waiting(brief)
    content = client.get(reverse(LISTING)).content.decode()
    assert "More than 2 submissions" in content

"""A visitor who comes back is told that nothing changed, and never when it did."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction, Site

from tests import factories
from wagtail_crowdbrand.domain import (
    decisions,
    drafting,
    moderating,
    operating,
    privacy,
    publishing,
    submitting,
    undoing,
)
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db
#: Noon: no test comes near another day.
NOON = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _middleware(settings):
    ours = "wagtail_crowdbrand.middleware.unchanged_pages"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, ours]


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_per_contributor=9)


@pytest.fixture
def show(brief, moderator):
    def make(title: str) -> Submission:
        row = factories.make_waiting(brief, title=title, pictures_count=0)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        return Submission.objects.get(pk=row.pk)

    return make


class Visitor:
    """Somebody whose browser keeps a page and asks whether it is still good."""

    def __init__(self, url: str, **headers: str) -> None:
        self.client, self.url, self.headers = Client(), url, headers
        self.client.get(url)  # the first visit gets a cookie
        page = self.client.get(url, headers=headers)
        self.tag = page.headers.get("ETag", "")

    def again(self, **headers: str):
        headers = {"If-None-Match": self.tag} | self.headers | headers
        return self.client.get(self.url, headers=headers)


@pytest.fixture
def visitor(brief, show):
    show("Night Light")
    return Visitor(brief.url)


def test_unchanged_page_is_not_made_again(visitor, django_assert_num_queries):
    assert visitor.tag
    with django_assert_num_queries(1):
        answer = visitor.again()
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == visitor.tag
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Cookie, Accept-Language"


def test_first_visit_which_sets_a_cookie_has_no_tag(brief):
    answer = Client().get(brief.url)
    assert "cb_order" in answer.cookies
    assert "ETag" not in answer.headers


def assert_gone(visitor, title: str = "Night Light") -> None:
    answer = visitor.again()
    assert answer.status_code == 200
    assert title not in answer.content.decode()


def test_hidden_idea_is_gone_at_once(visitor, moderator):
    row = Submission.objects.get(title="Night Light")
    moderating.hide(row, actor=moderator, reason="It is an advertisement.")
    assert_gone(visitor)


def test_withdrawn_idea_is_gone_at_once(visitor):
    row = Submission.objects.get(title="Night Light")
    submitting.withdraw(row, at=timezone.now())
    assert_gone(visitor)


def test_erased_idea_is_gone_at_once(visitor):
    row = Submission.objects.get(title="Night Light")
    privacy.erase_alone(row, at=timezone.now())
    assert_gone(visitor)


def test_idea_shown_and_hidden_again_leaves_nothing_behind(visitor, show, moderator):
    """The number of ideas is as it was; the page is not."""
    other = show("Fog Horn")
    old = Submission.objects.get(title="Night Light")
    moderating.hide(old, actor=moderator, reason="It is an advertisement.")
    answer = visitor.again()
    assert answer.status_code == 200
    assert other.title in answer.content.decode()


def test_new_idea_is_there_at_once(visitor, show):
    show("Fog Horn")
    answer = visitor.again()
    assert answer.status_code == 200
    assert "Fog Horn" in answer.content.decode()


def test_changed_idea_is_changed_at_once(visitor, brief, moderator):
    row = Submission.objects.get(title="Night Light")
    idea = drafting.Idea(title="Day Light", summary="It glows by day.")
    person = drafting.Person(credit_name="Grace Example")
    submitting.edit(row, idea=idea, person=person, at=timezone.now())
    moderating.start(Submission.objects.get(pk=row.pk))
    moderating.approve(Submission.objects.get(pk=row.pk), actor=moderator)
    publishing.publish(Submission.objects.get(pk=row.pk), at=timezone.now())
    answer = visitor.again()
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Day Light" in page
    assert "Grace Example" in page
    assert "Night Light" not in page
    assert "Ada Example" not in page


def test_change_whose_approval_is_undone_is_gone_at_once(
    visitor, brief, moderator, settings
):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}
    row = Submission.objects.get(title="Night Light")
    idea = drafting.Idea(title="Day Light", summary="It glows by day.")
    person = drafting.Person(credit_name="Grace Example")
    submitting.edit(row, idea=idea, person=person, at=timezone.now())
    moderating.start(Submission.objects.get(pk=row.pk))
    moderating.approve(Submission.objects.get(pk=row.pk), actor=moderator)
    publishing.publish(Submission.objects.get(pk=row.pk), at=timezone.now())
    fresh = Visitor(brief.url)
    assert fresh.again().status_code == 304
    decision = decisions.newest(row)
    undoing.undo(decision, actor=moderator, at=timezone.now())
    assert_gone(fresh, "Day Light")


def test_paused_campaign_says_so_at_once(visitor, brief):
    owner = User.objects.create_superuser("owner")
    words = {"note": "We are moving house.", "at": timezone.now()}
    operating.pause(brief.campaign, actor=owner, **words)
    answer = visitor.again()
    assert "We are moving house." in answer.content.decode()


def test_published_brief_is_new_at_once(visitor, brief):
    brief.challenge = "Give the day boat a name."
    brief.save_revision().publish()
    answer = visitor.again()
    assert "Give the day boat a name." in answer.content.decode()


def test_unpublished_brief_is_gone_at_once(visitor, brief):
    brief.unpublish()
    assert visitor.again().status_code == 404


def test_private_brief_asks_for_the_password_at_once(visitor, brief):
    PageViewRestriction.objects.create(
        page=brief,
        restriction_type=PageViewRestriction.PASSWORD,
        password="secret",
    )
    answer = visitor.again()
    assert answer.status_code == 200
    assert "Night Light" not in answer.content.decode()
    assert "ETag" not in answer.headers


def test_home_made_private_asks_for_the_password_at_once(visitor):
    PageViewRestriction.objects.create(
        page=Site.objects.get(is_default_site=True).root_page,
        restriction_type=PageViewRestriction.LOGIN,
    )
    assert visitor.again().status_code == 302


def test_page_is_made_anew_when_the_deadline_passes(visitor, brief, noon):
    campaign = brief.campaign
    campaign.closes_at = timezone.now() + timedelta(seconds=30)
    campaign.save()
    fresh = Visitor(brief.url)
    noon.shift(20)
    assert fresh.again().status_code == 304
    noon.shift(11)
    answer = fresh.again()
    assert answer.status_code == 200
    assert "Closed to new ideas." in answer.content.decode()


def test_page_is_made_anew_after_a_minute_and_on_another_day(visitor, noon):
    noon.shift(59)
    assert visitor.again().status_code == 304
    noon.shift(1)
    assert visitor.again().status_code == 200


def test_tag_is_of_one_visitor_one_language_and_one_address(visitor, brief):
    assert visitor.again(**{"Accept-Language": "de"}).status_code == 200
    other = Visitor(brief.url)
    other.tag = visitor.tag
    assert other.again().status_code == 200
    visitor.url = f"{brief.url}?order=newest"
    assert visitor.again().status_code == 200


def test_whoever_is_signed_in_gets_a_page_of_their_own(visitor, moderator):
    visitor.client.force_login(moderator)
    answer = visitor.again()
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_foreign_and_forged_tags_mean_nothing(visitor):
    for tag in (
        "*",
        '"abc"',
        visitor.tag[:-2] + 'x"',
        f"{visitor.tag}, {visitor.tag}",
        '"cb-1-1-999999999999999999-' + "0" * 32 + '"',
        '"cb-999999999999999999-1-1-' + "0" * 32 + '"',
    ):
        visitor.tag, kept = tag, visitor.tag
        assert visitor.again().status_code == 200
        visitor.tag = kept


def test_idea_of_a_translation_taken_off_the_site_is_gone_at_once(
    brief, moderator, commits
):
    """Translations of a brief share a gallery."""
    twin = factories.make_brief()
    twin.locale = Locale.objects.create(language_code="de")
    twin.translation_key = brief.translation_key
    twin.save()
    row = factories.make_waiting(twin, title="Night Light", pictures_count=0)
    moderating.approve(row, actor=moderator)
    publishing.publish(row, at=timezone.now())
    visitor = Visitor(brief.url)
    assert "Night Light" in visitor.client.get(brief.url).content.decode()
    assert visitor.again().status_code == 304
    with commits():
        twin.unpublish()
    assert_gone(visitor)
    gone = Visitor(brief.url)
    with commits():
        twin.save_revision().publish()
    answer = gone.again()
    assert "Night Light" in answer.content.decode()

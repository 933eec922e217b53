"""``visible_to``: the one queryset everything public goes through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(ready):
    row = factories.make_waiting(pictures_count=0)
    moderating.approve(row, actor=factories.make_moderator())
    publishing.publish(row, at=timezone.now())
    return Submission.objects.get(pk=row.pk)


def sees(user, row, **kwargs) -> bool:
    at = kwargs.pop("at", timezone.now())
    visible = Submission.objects.visible_to(user, at=at, **kwargs)
    return visible.filter(pk=row.pk).exists()


def restrict(page, kind, **fields):
    return PageViewRestriction.objects.create(
        page=page, restriction_type=kind, **fields
    )


def test_everybody_sees_what_is_visible(shown):
    assert sees(AnonymousUser(), shown)
    assert sees(None, shown)
    assert not sees(None, shown, at=shown.visible_from - timedelta(seconds=1))


@pytest.mark.parametrize("page", ["brief_page", "campaign_page"])
def test_nobody_sees_below_a_page_that_is_not_live(shown, page):
    getattr(shown, page).specific.unpublish()
    assert not sees(None, shown)


def test_login_restriction(shown):
    restrict(shown.campaign_page, PageViewRestriction.LOGIN)
    assert not sees(AnonymousUser(), shown)
    assert sees(User.objects.create_user("ada"), shown)


def test_group_restriction(shown):
    crew = Group.objects.create(name="Crew")
    restrict(shown.brief_page, PageViewRestriction.GROUPS).groups.add(crew)
    stranger = User.objects.create_user("ada")
    member = User.objects.create_user("bob")
    member.groups.add(crew)
    assert not sees(stranger, shown)
    assert sees(member, shown)
    assert sees(User.objects.create_superuser("root"), shown)


def test_password_restriction_needs_to_be_passed(shown):
    lock = restrict(shown.campaign_page, PageViewRestriction.PASSWORD, password="x")
    user = User.objects.create_user("ada")
    assert not sees(user, shown)
    assert not sees(user, shown, passed_restrictions=[lock.pk + 1])
    assert sees(user, shown, passed_restrictions=[lock.pk])


def test_restriction_elsewhere_does_not_matter(shown):
    restrict(factories.make_campaign(), PageViewRestriction.LOGIN)
    assert sees(AnonymousUser(), shown)


@pytest.mark.parametrize(
    "fields",
    [{"live": False}, {"lifecycle": "withdrawn"}, {"confirmed_at": None}],
    ids=str,
)
def test_database_refuses_visible_without_approval(shown, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=shown.pk).update(**fields)

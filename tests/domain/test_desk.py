"""The queue: the oldest first, what was asked for only, nothing twice at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import desk, moderating
from wagtail_crowdbrand.models import Claim, Submission

pytestmark = pytest.mark.django_db

ALL = desk.Filters()


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def three(moderator):
    """Three ideas in review, the first one the oldest."""
    brief = factories.make_brief()
    now = timezone.now()
    rows = []
    for number in range(3):
        row = factories.make_waiting(brief, title=f"Idea {number}")
        row.submitted_at = now - timedelta(days=3 - number)
        row.save(update_fields=["submitted_at"])
        rows.append(row)
    return rows


def walk(user, **kwargs) -> Submission | None:
    return desk.next_for(user, ALL, at=timezone.now(), **kwargs)


def test_next_is_the_oldest_and_then_the_one_after(three, moderator):
    assert walk(moderator) == three[0]
    assert walk(moderator, after=three[0]) == three[1]
    assert walk(moderator, after=three[1]) == three[2]


def test_after_the_last_it_begins_anew(three, moderator):
    assert walk(moderator, after=three[2]) == three[0]


def test_the_only_one_left_has_no_next(moderator):
    only = factories.make_waiting()
    assert walk(moderator) == only
    assert walk(moderator, after=only) is None


def test_skipped_ones_do_not_come_back(three, moderator):
    assert walk(moderator, skip=[three[0].pk]) == three[1]


def test_before_is_the_one_in_front(three, moderator):
    now = timezone.now()
    assert desk.before_for(moderator, ALL, at=now, before=three[1]) == three[0]
    assert desk.before_for(moderator, ALL, at=now, before=three[0]) is None


def test_what_somebody_looks_at_is_left_to_them(three, moderator):
    other = factories.make_moderator()
    assert walk(moderator) == three[0]
    assert walk(other) == three[1]
    assert walk(moderator) == three[0]


def test_claim_says_who_was_first_and_hinders_nobody(three, moderator, commits):
    other, now = factories.make_moderator(), timezone.now()
    assert desk.claim(three[0], moderator, at=now) is None
    assert desk.claim(three[0], other, at=now) == moderator
    assert desk.claim(three[0], moderator, at=now) is None
    with commits():
        moderating.approve(three[0], actor=other)
    assert Submission.objects.get(pk=three[0].pk).moderation == "approved"


def test_claim_ends_by_itself_and_by_leaving(three, moderator):
    other, now = factories.make_moderator(), timezone.now()
    desk.claim(three[0], moderator, at=now)
    later = now + timedelta(minutes=5)
    assert desk.claim(three[0], other, at=later) is None
    desk.release(three[0], moderator)  # not theirs any more
    assert Claim.objects.get().user == other
    desk.release(three[0], other)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "de"),
        ("first_timers", True),
        ("noticed", True),
        ("older_than_days", 3),
        ("campaign", "own"),
        ("brief", "own"),
    ],
)
def test_filters(three, moderator, name, value):
    odd = three[0]
    other = factories.make_waiting(title="Elsewhere")
    Submission.objects.update(is_first=False, language="en")
    odd.refresh_from_db()
    odd.language, odd.is_first, odd.open_notices = "de", True, 1
    odd.save()
    expected = {odd.pk}
    if value == "own":
        value = {"campaign": other.campaign_page_id, "brief": other.brief_page_id}[name]
        expected = {other.pk}
    filters = desk.Filters(**{name: value})
    found = desk.queue_for(moderator, filters, at=timezone.now())
    assert {row.pk for row in found} == expected


def test_queue_holds_only_what_waits_for_this_moderator(three, moderator, commits):
    stranger = factories.make_moderator(factories.make_workflow())
    with commits():
        moderating.approve(three[0], actor=moderator)
        moderating.request_changes(three[1], actor=moderator, reason="Louder.")
    factories.make_sent(title="Not confirmed")
    now = timezone.now()
    assert list(desk.queue_for(moderator, ALL, at=now)) == [three[2]]
    assert not desk.queue_for(stranger, ALL, at=now).exists()
    assert walk(stranger) is None


def test_backlog_counts_no_further_than_it_says(three, moderator, monkeypatch):
    rows = desk.queue_for(moderator, ALL, at=timezone.now())
    backlog = desk.backlog_of(rows)
    assert backlog == desk.Backlog(3, three[0].submitted_at)
    assert not backlog.is_capped
    monkeypatch.setattr(desk, "MANY", 1)
    assert desk.backlog_of(rows).number == 2
    assert desk.backlog_of(rows).is_capped
    assert desk.backlog_of(rows.none()) == desk.Backlog(0, None)


def test_as_many_queries_for_three_as_for_one(three, moderator, queries_of):
    def look():
        now = timezone.now()
        desk.next_for(moderator, ALL, at=now)
        desk.backlog_of(desk.queue_for(moderator, ALL, at=now))

    with_three = queries_of(look)
    Submission.objects.exclude(pk=three[0].pk).update(moderation="approved")
    assert queries_of(look) == with_three

"""What is shown before its review: by the campaign's policy, and never what is odd."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    drafting,
    invariants,
    moderating,
    submitting,
    terms,
    upkeep,
)
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Contributor, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


def brief_with(policy: str, **fields):
    campaign = factories.make_campaign(moderation_policy=policy, **fields)
    return factories.make_brief(campaign, max_per_contributor=10)


def send(commits, brief, *, email="ada@example.org", title="Idea") -> Submission:
    """A guest sends and confirms; tasks have run."""
    now = timezone.now()
    with commits():
        draft = drafting.start_draft(brief, language="en", at=now)
        draft.created_at = now - timezone.timedelta(minutes=5)
        draft.save()
        drafting.save_draft(
            draft,
            idea=drafting.Idea(title=title, summary="It glows at night."),
            person=drafting.Person(email=email, credit_name="Ada Example"),
            at=now,
        )
        version = terms.current_version(draft.campaign, at=now)
        sent = submitting.submit(draft, terms_number=version.number, at=now)
        submitting.confirm(sent, at=now)
    return Submission.objects.get(pk=draft.pk)


def shown(submission: Submission) -> list[str]:
    rows = Submission.objects.filter(pk=submission.pk)
    return [row.title for row in rows.visible_to(None, at=timezone.now())]


def test_before_shows_nothing_unreviewed(moderator, commits):
    row = send(commits, brief_with("before"))
    assert (row.live, shown(row)) == (False, [])


def test_after_shows_at_once_and_reviews(moderator, commits):
    row = send(commits, brief_with("after"))
    assert shown(row) == ["Idea"]
    assert (row.moderation, row.live) == ("pending", True)
    assert row.workflow_in_progress
    assert row.page.live
    assert row.personal.credit_name == "Ada Example"
    assert row.staff_status.label == "On show, in review"
    assert row.messages.filter(kind="published").count() == 1
    assert invariants.findings() == []


def test_after_approval_changes_only_the_axis(moderator, commits):
    row = send(commits, brief_with("after"))
    since = row.visible_from
    with commits():
        moderating.approve(row, actor=moderator)
    row = Submission.objects.get(pk=row.pk)
    assert (row.moderation, row.visible_from, shown(row)) == (
        "approved",
        since,
        ["Idea"],
    )
    assert row.messages.filter(kind__in=["published", "republished"]).count() == 1


@pytest.mark.parametrize("action", ["reject", "spam"])
def test_after_refusal_takes_it_off(moderator, commits, action):
    row = send(commits, brief_with("after"))
    with commits():
        moderating.take(row, action, actor=moderator, reason="Because.")
    row = Submission.objects.get(pk=row.pk)
    assert shown(row) == []
    assert not row.page.live
    assert invariants.findings() == []


def test_after_shows_an_edit_at_once(moderator, commits):
    row = send(commits, brief_with("after"))
    with commits():
        submitting.edit(
            row,
            idea=drafting.Idea(title="Better", summary="It sings."),
            person=drafting.Person(credit_name="Ada"),
            at=timezone.now(),
        )
    row = Submission.objects.get(pk=row.pk)
    assert shown(row) == ["Better"]
    assert row.moderation == "pending"
    assert row.page.title == "Better"
    assert row.workflow_in_progress


def test_after_shows_nothing_suspicious(moderator, commits):
    brief = brief_with("after")
    row = factories.make_sent(brief)  # faster than anybody types
    assert row.suspicion
    with commits():
        submitting.confirm(row, at=timezone.now())
    row = Submission.objects.get(pk=row.pk)
    assert shown(row) == []
    assert row.workflow_in_progress


def test_killed_between_review_and_page_the_tick_goes_on(moderator, commits):
    brief = brief_with("after")
    row = send(commits, brief)
    Submission.objects.filter(pk=row.pk).update(shown_revision=None)
    later = timezone.now() + timezone.timedelta(hours=1)
    assert upkeep.publish_missing(at=later) == 1
    row = Submission.objects.get(pk=row.pk)
    assert row.shown_revision_id == row.live_revision_id


def test_trust_is_earned_by_approved_ideas(moderator, commits):
    brief = brief_with("trusted", trust_after=2)
    for number in (1, 2):
        row = send(commits, brief, title=f"Idea {number}")
        assert shown(row) == []
        with commits():
            moderating.approve(row, actor=moderator)
    third = send(commits, brief, title="Third")
    assert shown(third) == ["Third"]
    stranger = send(commits, brief, email="bob@example.org", title="New")
    assert shown(stranger) == []


def test_trust_is_lost_by_one_removal(moderator, commits):
    brief = brief_with("trusted", trust_after=1)
    for title in ("One", "Two"):
        row = send(commits, brief, title=title)
        if not shown(row):
            with commits():
                moderating.approve(row, actor=moderator)
    with commits():
        moderating.hide(row, actor=moderator, reason="Because.")
    assert shown(send(commits, brief, title="Three")) == []


def test_trust_by_hand(moderator, commits):
    brief = brief_with("trusted", trust_after=100)
    assert shown(send(commits, brief)) == []
    Contributor.objects.update(trusted=True)
    assert shown(send(commits, brief, title="Second")) == ["Second"]


def test_blocked_contributor_sends_nothing_new_and_keeps_what_is_on_show(
    moderator, commits
):
    brief = brief_with("before")
    row = send(commits, brief)
    with commits():
        moderating.approve(row, actor=moderator)
    Contributor.objects.update(blocked_at=timezone.now())
    with pytest.raises(NotAllowed) as refused:
        send(commits, brief, title="Another")
    assert refused.value.code == "blocked"
    assert shown(row) == ["Idea"]
    assert Submission.objects.sent().count() == 1


def test_first_timers_are_those_without_an_approved_idea(moderator, commits):
    brief = brief_with("before")
    first, second = send(commits, brief), send(commits, brief, title="Second")
    assert (first.is_first, second.is_first) == (True, True)
    with commits():
        moderating.approve(first, actor=moderator)
    assert send(commits, brief, title="Third").is_first is False

"""A decision is taken back: everything stands where it stood, and no mail leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    decisions,
    drafting,
    invariants,
    moderating,
    submitting,
    undoing,
)
from wagtail_crowdbrand.errors import Conflict, NotAllowed
from wagtail_crowdbrand.models import GalleryPlace, Message, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time_to_undo(settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def waiting(moderator, commits):
    with commits():
        submission = factories.make_waiting(title="First")
    submission.refresh_from_db()
    mail.outbox.clear()
    return submission


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def take(commits, submission, action, moderator, **details) -> Submission:
    with commits():
        moderating.take(fresh(submission), action, actor=moderator, **details)
    return fresh(submission)


def undo(commits, submission, moderator, *, after=timedelta(seconds=1)) -> Submission:
    decision = decisions.newest(submission)
    with commits():
        undoing.undo(decision, actor=moderator, at=decision.decided_at + after)
    return fresh(submission)


def visible(submission: Submission) -> list[str]:
    rows = Submission.objects.filter(pk=submission.pk)
    return [row.title for row in rows.visible_to(None, at=timezone.now())]


NEGATIVE = {"reason": "Because.", "reason_code": "off_topic"}


@pytest.mark.parametrize("action", ["request_changes", "reject", "spam"])
def test_negative_decision_on_something_new(waiting, moderator, commits, action):
    decided = take(commits, waiting, action, moderator, **NEGATIVE)
    assert decided.moderation != "pending"
    assert decided.reason == "Because."
    assert decided.messages.filter(kind=action).count() == 1

    row = undo(commits, waiting, moderator)

    assert (row.moderation, row.reason, row.live) == ("pending", "", False)
    assert row.workflow_in_progress
    assert not row.messages.filter(kind=action).exists()
    assert mail.outbox == []
    moderating.approve(row, actor=moderator, seen=row.latest_revision_id)
    assert fresh(row).moderation == "approved"


def test_approval_of_something_new_takes_it_off_again(waiting, moderator, commits):
    shown = take(commits, waiting, "approve", moderator)
    assert visible(shown) == ["First"]
    assert shown.messages.filter(kind="published").count() == 1

    row = undo(commits, waiting, moderator)

    assert (row.moderation, row.live, row.visible_from) == ("pending", False, None)
    assert visible(row) == []
    assert not row.page.live
    assert not row.uploads.filter(image__isnull=False).exists()
    assert not GalleryPlace.objects.exists()
    assert row.workflow_in_progress
    assert mail.outbox == []
    assert invariants.findings() == []

    again = take(commits, row, "approve", moderator)
    assert visible(again) == ["First"]


@pytest.fixture
def edited(waiting, moderator, commits):
    """On show as “First”, with “Second” in review."""
    shown = take(commits, waiting, "approve", moderator)
    with commits():
        submitting.edit(
            shown,
            idea=drafting.Idea(title="Second", summary="Now it sings."),
            person=drafting.Person(credit_name="Ada"),
            at=timezone.now(),
        )
    Message.objects.all().delete()
    return fresh(shown)


def test_approval_of_an_edit_brings_the_old_version_back(edited, moderator, commits):
    take(commits, edited, "approve", moderator)
    assert visible(edited) == ["Second"]

    row = undo(commits, edited, moderator)

    assert visible(row) == ["First"]
    assert (row.moderation, row.live) == ("pending", True)
    assert row.page.title == "First"
    assert row.get_latest_revision_as_object().title == "Second"
    assert row.uploads.filter(image__isnull=False).count() == 1
    assert not row.messages.exists()
    assert invariants.findings() == []

    take(commits, row, "approve", moderator)
    assert visible(row) == ["Second"]


def test_approval_of_an_edit_brings_the_old_credit_back(edited, moderator, commits):
    old = edited.personal.credit_name
    row = take(commits, edited, "approve", moderator)
    assert row.personal.credit_name == "Ada" != old

    row = undo(commits, edited, moderator)

    assert (row.personal.credit_name, row.personal.pending_credit_name) == (old, "Ada")
    row = take(commits, row, "approve", moderator)
    assert row.personal.credit_name == "Ada"


@pytest.mark.parametrize("action", ["reject", "spam", "hide"])
def test_taking_off_what_was_on_show_brings_it_back(edited, moderator, commits, action):
    since = edited.visible_from
    take(commits, edited, action, moderator, **NEGATIVE)
    assert visible(edited) == []

    row = undo(commits, edited, moderator)

    assert visible(row) == ["First"]
    assert row.visible_from == since
    assert row.moderation == "pending"
    assert row.workflow_in_progress
    assert row.page.live
    assert not row.messages.exists()
    assert invariants.findings() == []


def test_hiding_something_approved_brings_it_back_approved(waiting, moderator, commits):
    shown = take(commits, waiting, "approve", moderator)
    take(commits, shown, "hide", moderator, **NEGATIVE)
    row = undo(commits, shown, moderator)
    assert (row.moderation, visible(row)) == ("approved", ["First"])
    assert not row.workflow_in_progress


def test_mail_waits_until_nothing_can_be_undone(waiting, moderator, commits):
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    call_command("crowdbrand_tick")
    assert mail.outbox == []
    Message.objects.update(due_at=timezone.now())
    call_command("crowdbrand_tick")
    assert [message.to for message in mail.outbox] == [[waiting.contributor.email]]


def test_too_late(waiting, moderator, commits):
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    with pytest.raises(NotAllowed) as refused:
        undo(commits, waiting, moderator, after=timedelta(seconds=60))
    assert refused.value.code == "too_late_to_undo"
    assert fresh(waiting).moderation == "rejected"


def test_too_late_when_the_mail_is_on_its_way(waiting, moderator, commits):
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    Message.objects.filter(kind="reject").update(attempts=1)
    with pytest.raises(NotAllowed) as refused:
        undo(commits, waiting, moderator)
    assert refused.value.code == "too_late_to_undo"
    assert Message.objects.filter(kind="reject").count() == 1


def test_no_time_no_undo(waiting, moderator, commits, settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 0}
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    assert len(mail.outbox) == 1
    with pytest.raises(NotAllowed):
        undo(commits, waiting, moderator, after=timedelta())
    assert undoing.last_undoable(moderator, at=timezone.now()) is None


def test_only_the_latest_decision(waiting, moderator, commits):
    shown = take(commits, waiting, "approve", moderator)
    approval = decisions.newest(shown)
    take(commits, shown, "hide", moderator, **NEGATIVE)
    with pytest.raises(Conflict) as refused:
        undoing.undo(approval, actor=moderator, at=approval.decided_at)
    assert refused.value.code == "not_the_latest"


def test_not_what_the_contributor_changed_since(waiting, moderator, commits):
    asked = take(commits, waiting, "request_changes", moderator, **NEGATIVE)
    with commits():
        submitting.edit(
            asked,
            idea=drafting.Idea(title="Better", summary="Now it sings."),
            person=drafting.Person(credit_name="Ada"),
            at=timezone.now(),
        )
    with pytest.raises(Conflict):
        undo(commits, asked, moderator)
    assert fresh(asked).get_latest_revision_as_object().title == "Better"


def test_not_what_was_withdrawn_since(waiting, moderator, commits):
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    with commits():
        submitting.withdraw(fresh(waiting), at=timezone.now())
    with pytest.raises(Conflict):
        undo(commits, waiting, moderator)
    assert fresh(waiting).lifecycle == "withdrawn"


def test_undone_twice(waiting, moderator, commits):
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    undo(commits, waiting, moderator)
    with pytest.raises(NotAllowed):
        undo(commits, waiting, moderator)


def test_only_by_its_moderators(waiting, moderator, commits):
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    stranger = factories.make_moderator(factories.make_workflow())
    with pytest.raises(NotAllowed) as refused:
        undo(commits, waiting, stranger)
    assert refused.value.code == "not_permitted"


def test_last_undoable_is_the_newest_of_ones_own(waiting, moderator, commits):
    other = factories.make_moderator()
    with commits():
        second = factories.make_waiting(title="Other")
    take(commits, waiting, "reject", moderator, **NEGATIVE)
    take(commits, second, "reject", other, **NEGATIVE)
    now = timezone.now()
    assert undoing.last_undoable(moderator, at=now).submission == waiting
    assert undoing.last_undoable(other, at=now).submission == second
    undo(commits, waiting, moderator)
    assert undoing.last_undoable(moderator, at=timezone.now()) is None

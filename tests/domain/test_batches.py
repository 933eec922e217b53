"""Bulk decisions: each on its own, none twice, and what fails says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand import receivers, signals
from wagtail_crowdbrand.domain import batches, drafting, moderating, submitting
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Batch, Submission
from wagtail_crowdbrand.states import REASONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def five(moderator, commits):
    with commits():
        rows = [factories.make_waiting(title=f"Idea {n}") for n in range(5)]
    mail.outbox.clear()
    return [Submission.objects.get(pk=row.pk) for row in rows]


@pytest.fixture
def by_hand(monkeypatch):
    """No task begins with a batch, as if its worker had been killed at once."""
    signals.batch_started.disconnect(receivers.after_batch_started)
    monkeypatch.setattr(batches, "CHUNK", 2)
    yield
    signals.batch_started.connect(receivers.after_batch_started)


def start(rows, action, actor, commits, **details) -> Batch:
    with commits():
        batch = batches.start(
            rows, action=action, actor=actor, at=timezone.now(), **details
        )
    batch.refresh_from_db()
    return batch


def states(rows) -> list[str]:
    found = Submission.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].moderation for row in rows]


WHY = {"reason": "Because.", "reason_code": "off_topic"}


@pytest.mark.parametrize(
    ("action", "moderation", "details"),
    [
        ("approve", "approved", {}),
        ("reject", "rejected", WHY),
        ("request_changes", "changes_requested", WHY),
        ("spam", "spam", WHY),
    ],
)
def test_all_are_decided_with_one_mail_each(
    five, moderator, commits, action, moderation, details
):
    batch = start(five, action, moderator, commits, **details)
    assert states(five) == [moderation] * 5
    assert batch.finished_at
    assert batches.progress(batch) == batches.Progress(total=5, done=5, failed=0)
    addresses = [message.to[0] for message in mail.outbox]
    assert sorted(addresses) == sorted(row.contributor.email for row in five)


def test_hide(five, moderator, commits):
    start(five, "approve", moderator, commits)
    start(five[:2], "hide", moderator, commits, **WHY)
    assert states(five) == ["hidden"] * 2 + ["approved"] * 3


def test_what_a_colleague_hid_meanwhile_is_not_hidden_twice(five, moderator, commits):
    start(five, "approve", moderator, commits)
    moderating.hide(five[0], actor=moderator, reason="Stolen.")
    batch = start(five[:2], "hide", moderator, commits, **WHY)
    problems = dict(batch.items.values_list("submission__code", "problem"))
    not_visible = str(REASONS["not_visible"])
    assert problems == {five[0].code: not_visible, five[1].code: ""}


def test_what_cannot_be_decided_says_why_and_stops_nobody(five, moderator, commits):
    foreign = factories.make_waiting(
        factories.make_brief(
            factories.make_campaign(moderation_workflow=factories.make_workflow())
        )
    )
    moderating.approve(five[0], actor=moderator)
    with commits():
        submitting.edit(
            five[1],
            idea=drafting.Idea(title="Changed since", summary="It sings."),
            person=drafting.Person(credit_name="Ada"),
            at=timezone.now(),
        )
    batch = start([*five, foreign], "approve", moderator, commits)
    problems = dict(batch.items.values_list("submission__code", "problem"))
    assert problems == {
        five[0].code: "This submission is not waiting for a decision.",
        five[1].code: "The contributor changed this submission since you opened it. "
        "Please look at the new version.",
        foreign.code: "You do not have permission to do this.",
        **{row.code: "" for row in five[2:]},
    }
    assert batches.progress(batch) == batches.Progress(total=6, done=3, failed=3)
    assert states([five[1], foreign]) == ["pending", "pending"]


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({}, "unknown_reason"),
        ({"reason": "Because."}, "unknown_reason"),
        ({"reason": "Because.", "reason_code": "no_such"}, "unknown_reason"),
        # The others bring a text of their own; this one has none.
        ({"reason": " ", "reason_code": "other"}, "reason_required"),
    ],
)
def test_no_needs_a_reason(five, moderator, commits, details, code):
    with pytest.raises(NotAllowed) as refused:
        start(five, "reject", moderator, commits, **details)
    assert refused.value.code == code
    assert not Batch.objects.exists()


def test_killed_half_way_the_tick_goes_on(five, moderator, commits, by_hand):
    batch = start(five, "approve", moderator, commits)
    with commits():
        assert batches.work(batch, at=timezone.now()) is True
    assert batches.progress(batch).left == 3

    call_command("crowdbrand_tick")  # too early: a worker may still be at it
    assert batches.progress(batch).left == 3

    batch.items.update(done_at=None)  # as old as the batch
    Batch.objects.update(created_at=timezone.now() - timedelta(hours=1))
    batch.items.filter(submission__in=five[:2]).update(
        done_at=timezone.now() - timedelta(hours=1)
    )
    for _tick in range(2):
        with commits():
            call_command("crowdbrand_tick")
        done = batch.items.filter(done_at__gt=timezone.now() - timedelta(minutes=5))
        done.update(done_at=timezone.now() - timedelta(minutes=5))
    assert batches.progress(batch) == batches.Progress(total=5, done=5, failed=0)
    assert states(five) == ["approved"] * 5
    assert len(mail.outbox) == 5


def test_nobody_decides_for_an_account_that_is_gone(five, moderator, commits, by_hand):
    batch = start(five[:1], "approve", moderator, commits)
    moderator.delete()
    with commits():
        batches.work(Batch.objects.get(pk=batch.pk), at=timezone.now())
    item = batch.items.get()
    assert item.problem == "You do not have permission to do this."
    assert states(five[:1]) == ["pending"]


def test_an_unforeseen_error_is_one_items_own(five, moderator, commits):
    def burst(submission, **kwargs):
        if submission.pk == five[0].pk:
            raise ValueError("Surprise")

    signals.pre_decide.connect(burst)
    try:
        batch = start(five, "approve", moderator, commits)
    finally:
        signals.pre_decide.disconnect(burst)
    assert batch.items.get(submission=five[0]).problem == "ValueError('Surprise')"
    assert states(five) == ["pending"] + ["approved"] * 4

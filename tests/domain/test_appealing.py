"""Appeals: one for each decision, in time, decided by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import GroupApprovalTask, WorkflowTask

from tests import factories
from wagtail_crowdbrand.domain import appealing, moderating, submitting
from wagtail_crowdbrand.domain.decisions import newest
from wagtail_crowdbrand.errors import Conflict, NotAllowed
from wagtail_crowdbrand.models import Appeal, Submission
from wagtail_crowdbrand.states import AppealOutcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def other(moderator):
    return factories.make_moderator()


@pytest.fixture
def waiting(moderator, commits):
    with commits():
        submission = factories.make_waiting(title="Mine")
    return fresh(submission)


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def refuse(submission, commits, moderator, action="reject") -> Submission:
    if action == "hide":
        with commits():
            moderating.approve(submission, actor=moderator)
    with commits():
        moderating.take(
            fresh(submission), action, actor=moderator, reason="Not yours, it seems."
        )
    return fresh(submission)


def object_to(submission: Submission, **fields) -> Appeal:
    given = {"text": "It is mine.", "at": timezone.now()} | fields
    return appealing.appeal(submission, **given)


def settle(appeal, outcome, actor, commits) -> Submission:
    with commits():
        appealing.settle(
            appeal, outcome=outcome, actor=actor, answer="We see.", at=timezone.now()
        )
    return fresh(appeal.submission)


def visible(submission: Submission) -> bool:
    rows = Submission.objects.filter(pk=submission.pk)
    return rows.visible_to(None, at=timezone.now()).exists()


@pytest.mark.parametrize("action", ["reject", "spam", "hide"])
def test_overturned_is_on_show(waiting, moderator, other, commits, action):
    refused = refuse(waiting, commits, moderator, action)
    row = settle(object_to(refused), AppealOutcome.OVERTURNED, other, commits)
    assert row.moderation == "approved"
    assert visible(row)
    kinds = row.messages.values_list("kind", flat=True)
    assert kinds.filter(kind__startswith="appeal").count() == 2
    assert {"appeal_receipt", "appeal_overturned"} < set(kinds)


@pytest.mark.parametrize("action", ["reject", "spam", "hide"])
def test_upheld_stays_as_it_is(waiting, moderator, other, commits, action):
    refused = refuse(waiting, commits, moderator, action)
    row = settle(object_to(refused), AppealOutcome.UPHELD, other, commits)
    assert row.moderation == refused.moderation
    assert not visible(row)
    assert row.messages.get(kind="appeal_upheld").facts["answer"] == "We see."


def test_further_steps_still_have_their_say(waiting, moderator, other, commits):
    legal = GroupApprovalTask.objects.create(name="Legal")
    legal.groups.add(Group.objects.create(name="Lawyers"))
    WorkflowTask.objects.create(
        workflow=waiting.get_workflow(), task=legal, sort_order=1
    )
    refused = refuse(waiting, commits, moderator)
    row = settle(object_to(refused), AppealOutcome.OVERTURNED, other, commits)
    assert (row.moderation, visible(row)) == ("pending", False)
    assert row.current_workflow_task.name == "Legal"


def test_nobody_decides_on_their_own_decision(waiting, moderator, commits):
    made = object_to(refuse(waiting, commits, moderator))
    assert not appealing.open_for(moderator).exists()
    with pytest.raises(NotAllowed) as refused:
        settle(made, AppealOutcome.UPHELD, moderator, commits)
    assert refused.value.code == "needs_somebody_else"
    assert Appeal.objects.get().outcome == ""


def test_foreign_moderator_neither_sees_nor_settles(waiting, moderator, commits):
    made = object_to(refuse(waiting, commits, moderator))
    stranger = factories.make_moderator(factories.make_workflow())
    assert not appealing.open_for(stranger).exists()
    with pytest.raises(NotAllowed) as refused:
        settle(made, AppealOutcome.OVERTURNED, stranger, commits)
    assert refused.value.code == "not_permitted"


def test_decided_twice_is_a_conflict(waiting, moderator, other, commits):
    made = object_to(refuse(waiting, commits, moderator))
    settle(made, AppealOutcome.UPHELD, other, commits)
    with pytest.raises(Conflict):
        settle(made, AppealOutcome.OVERTURNED, other, commits)
    assert not visible(waiting)


def test_answer_and_objection_need_words(waiting, moderator, other, commits):
    refused = refuse(waiting, commits, moderator)
    with pytest.raises(NotAllowed):
        object_to(refused, text="  ")
    made = object_to(refused)
    with pytest.raises(NotAllowed):
        appealing.settle(
            made,
            outcome=AppealOutcome.UPHELD,
            actor=other,
            answer=" ",
            at=timezone.now(),
        )


def test_one_objection_a_decision(waiting, moderator, commits):
    refused = refuse(waiting, commits, moderator)
    object_to(refused)
    with pytest.raises(NotAllowed) as again:
        object_to(refused)
    assert again.value.code == "already_appealed"


def test_a_new_decision_can_be_objected_to(waiting, moderator, other, commits):
    made = object_to(refuse(waiting, commits, moderator))
    row = settle(made, AppealOutcome.OVERTURNED, other, commits)
    with commits():
        moderating.hide(row, actor=moderator, reason="Another reason.")
    object_to(fresh(row))
    assert Appeal.objects.count() == 2


def test_only_in_time(waiting, moderator, commits):
    refused = refuse(waiting, commits, moderator)
    end = appealing.deadline(newest(refused))
    assert end - newest(refused).decided_at == timedelta(days=183)
    assert appealing.can_appeal(refused, at=end)
    with pytest.raises(NotAllowed) as late:
        object_to(refused, at=end + timedelta(seconds=1))
    assert late.value.code == "appeal_expired"


def test_not_while_it_can_be_undone(waiting, moderator, commits, settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}
    refused = refuse(waiting, commits, moderator)
    now = timezone.now()
    assert not appealing.can_appeal(refused, at=now)
    assert appealing.can_appeal(refused, at=now + timedelta(seconds=61))


@pytest.mark.parametrize("state", ["pending", "approved", "asked", "withdrawn"])
def test_nothing_to_object_to(waiting, moderator, commits, state):
    with commits():
        if state == "approved":
            moderating.approve(waiting, actor=moderator)
        elif state == "asked":
            moderating.request_changes(waiting, actor=moderator, reason="Louder.")
        elif state == "withdrawn":
            moderating.reject(waiting, actor=moderator, reason="No.")
            submitting.withdraw(fresh(waiting), at=timezone.now())
    with pytest.raises(NotAllowed) as refused:
        object_to(fresh(waiting))
    assert refused.value.code == "nothing_to_appeal"

"""Notices: given without an account, one a person, answered to both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    drafting,
    moderating,
    noticing,
    submitting,
    undoing,
    upkeep,
)
from wagtail_crowdbrand.domain.decisions import newest
from wagtail_crowdbrand.errors import Conflict, NotAllowed
from wagtail_crowdbrand.models import Message, Notice, Submission
from wagtail_crowdbrand.states import NoticeOutcome

pytestmark = pytest.mark.django_db

WHY = {"reason": "It is somebody else's.", "reason_code": "rights"}


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def shown(moderator, commits):
    with commits():
        submission = factories.make_waiting(title="On show")
    with commits():
        moderating.approve(submission, actor=moderator)
    return fresh(submission)


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def problem(**fields) -> noticing.Problem:
    given = {"reason_code": "rights", "person": "somebody", "text": "That is mine."}
    return noticing.Problem(**given | fields)


def notice(submission: Submission, **fields) -> Notice:
    return noticing.give_notice(submission, problem(**fields), at=timezone.now())


def visible(submission: Submission) -> bool:
    rows = Submission.objects.filter(pk=submission.pk)
    return rows.visible_to(None, at=timezone.now()).exists()


def kinds() -> list[str]:
    rows = Message.objects.filter(notice__isnull=False)
    return sorted(rows.values_list("kind", flat=True))


def settle(submission, outcome, moderator, commits, **details) -> Submission:
    with commits():
        noticing.settle(
            submission,
            outcome=outcome,
            actor=moderator,
            at=timezone.now(),
            answer="We looked.",
            **details,
        )
    return fresh(submission)


def test_notice_counts_and_hides_nothing(shown):
    notice(shown, email="eve@example.org")
    notice(shown, person="somebody else")
    assert fresh(shown).open_notices == 2
    assert visible(shown)
    assert kinds() == ["notice_receipt"]


def test_one_notice_a_person_and_item(shown, moderator, commits):
    notice(shown)
    with pytest.raises(NotAllowed) as refused:
        notice(shown, text="Again!")
    assert refused.value.code == "already_noticed"
    assert fresh(shown).open_notices == 1
    with commits():
        other = factories.make_waiting(title="Another")
    with commits():
        moderating.approve(other, actor=moderator)
    notice(other)
    keys = Notice.objects.values_list("person_key", flat=True)
    assert len(set(keys)) == 2  # the same person cannot be followed across items
    assert "somebody" not in "".join(keys)


def test_only_what_is_visible_can_be_noticed(moderator):
    waiting = factories.make_waiting(title="SECRET")
    with pytest.raises(NotAllowed) as refused:
        notice(waiting)
    assert refused.value.code == "not_visible"
    assert not Notice.objects.exists()


@pytest.mark.parametrize("code", ["off_topic", "nonsense", ""])
def test_only_reasons_for_visitors(shown, code):
    with pytest.raises(NotAllowed) as refused:
        notice(shown, reason_code=code)
    assert refused.value.code == "unknown_reason"


def test_dismissed_stays_on_show_and_tells_who_asked(shown, moderator, commits):
    notice(shown, email="eve@example.org")
    notice(shown, person="unnamed")
    row = settle(shown, NoticeOutcome.DISMISSED, moderator, commits)
    assert visible(row)
    assert row.open_notices == 0
    assert kinds() == ["notice_dismissed", "notice_receipt"]
    outcomes = Notice.objects.values_list("outcome", "answer", "decided_by")
    assert set(outcomes) == {("dismissed", "We looked.", moderator.pk)}


def test_upheld_takes_it_off_and_tells_both(shown, moderator, commits):
    notice(shown, email="eve@example.org")
    row = settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
    assert not visible(row)
    assert (row.moderation, row.reason) == ("hidden", WHY["reason"])
    assert newest(row).reason_code == "rights"
    assert row.messages.filter(kind="hide").count() == 1
    assert kinds() == ["notice_receipt", "notice_upheld"]
    assert row.open_notices == 0


def test_upheld_is_told_only_when_it_cannot_be_undone(
    shown, moderator, commits, settings
):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}
    notice(shown, email="eve@example.org")
    row = settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
    call_command("crowdbrand_tick")
    assert kinds() == ["notice_receipt"]
    with commits():
        undoing.undo(newest(row), actor=moderator, at=timezone.now())
    assert visible(row)
    assert [row.pk for row in noticing.open_for(moderator)] == [Notice.objects.get().pk]

    settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
    later = timezone.now() + timedelta(minutes=2)
    assert upkeep.close_notices(at=later) == 1
    assert upkeep.close_notices(at=later) == 0
    assert kinds() == ["notice_receipt", "notice_upheld"]


@pytest.mark.parametrize("deed", ["hide", "withdraw"])
def test_notices_of_what_is_gone_are_closed_by_the_tick(
    shown, moderator, commits, deed
):
    notice(shown, email="eve@example.org")
    with commits():
        if deed == "hide":
            moderating.hide(shown, actor=moderator, **WHY)
        else:
            submitting.withdraw(shown, at=timezone.now())
    call_command("crowdbrand_tick")
    assert kinds() == ["notice_receipt", "notice_upheld"]
    assert fresh(shown).open_notices == 0


def test_settled_twice_is_a_conflict(shown, moderator, commits):
    notice(shown)
    settle(shown, NoticeOutcome.DISMISSED, moderator, commits)
    with pytest.raises(Conflict) as refused:
        settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
    assert refused.value.code == "already_decided"
    assert visible(shown)


def test_foreign_moderator_neither_sees_nor_settles(shown, moderator, commits):
    notice(shown)
    stranger = factories.make_moderator(factories.make_workflow())
    assert not noticing.open_for(stranger).exists()
    assert noticing.open_for(moderator).count() == 1
    with pytest.raises(NotAllowed) as refused:
        settle(shown, NoticeOutcome.DISMISSED, stranger, commits)
    assert refused.value.code == "not_permitted"


def test_site_may_let_notices_hide(shown, moderator, commits, settings):
    settings.WAGTAIL_CROWDBRAND = {"NOTICES_HIDE_AFTER": 2, "UNDO_SECONDS": 0}
    with commits():
        notice(shown)
    assert visible(shown)
    with commits():
        notice(shown, person="second")
    assert not visible(shown)
    assert newest(shown).actor is None
    assert noticing.open_for(moderator).count() == 2  # a person still has to look
    call_command("crowdbrand_tick")
    assert fresh(shown).open_notices == 2

    row = settle(shown, NoticeOutcome.DISMISSED, moderator, commits)
    assert visible(row)
    assert row.moderation == "approved"


def test_what_somebody_hid_is_neither_offered_nor_kept(
    shown, moderator, commits, settings
):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}
    notice(shown, email="eve@example.org")
    settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
    assert not noticing.open_for(moderator).exists()
    with pytest.raises(Conflict) as refused:
        settle(shown, NoticeOutcome.DISMISSED, moderator, commits)
    assert refused.value.code == "already_decided"
    assert kinds() == ["notice_receipt"]
    later = timezone.now() + timedelta(minutes=2)
    assert upkeep.close_notices(at=later) == 1
    assert kinds() == ["notice_receipt", "notice_upheld"]


@pytest.mark.parametrize("seconds", [0, 60])
def test_somebody_upholds_what_the_software_hid(
    shown, moderator, commits, settings, seconds
):
    settings.WAGTAIL_CROWDBRAND = {"NOTICES_HIDE_AFTER": 1, "UNDO_SECONDS": seconds}
    with commits():
        notice(shown, email="eve@example.org")
    row = settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
    assert (row.moderation, row.reason) == ("hidden", WHY["reason"])
    decision = newest(row)
    assert (decision.actor, decision.is_automatic) == (moderator, False)
    assert decision.reason_code == "rights"
    assert row.messages.filter(kind="hide").count() == 2
    if seconds:
        with commits():
            undoing.undo(decision, actor=moderator, at=timezone.now())
        assert fresh(shown).moderation == "hidden"  # as the software left it
        assert noticing.open_for(moderator).count() == 1
        settle(shown, NoticeOutcome.UPHELD, moderator, commits, **WHY)
        upkeep.close_notices(at=timezone.now() + timedelta(minutes=2))
    assert kinds() == ["notice_receipt", "notice_upheld"]
    assert fresh(shown).open_notices == 0


@pytest.mark.parametrize("who", ["somebody", "notices"])
def test_edit_that_waited_waits_again_after_a_restore(
    shown, moderator, commits, settings, who
):
    with commits():
        submitting.edit(
            shown,
            idea=drafting.Idea(title="Edited", summary="Now it sings."),
            person=drafting.Person(),
            at=timezone.now(),
        )
    if who == "notices":
        settings.WAGTAIL_CROWDBRAND = {"NOTICES_HIDE_AFTER": 1, "UNDO_SECONDS": 0}
        with commits():
            notice(shown)
        settle(shown, NoticeOutcome.DISMISSED, moderator, commits)
    else:
        with commits():
            moderating.hide(shown, actor=moderator, **WHY)
        with commits():
            moderating.restore(shown, actor=moderator)
    row = fresh(shown)
    assert visible(row)
    assert (row.title, row.moderation) == ("On show", "pending")
    assert row.current_workflow_state is not None
    with commits():
        moderating.take(row, "approve", actor=moderator)
    assert fresh(shown).title == "Edited"


def test_givers_are_forgotten_in_time(shown, moderator, commits):
    notice(shown, name="Eve", email="eve@example.org")
    settle(shown, NoticeOutcome.DISMISSED, moderator, commits)
    now = timezone.now()
    assert upkeep.forget_notice_givers(at=now) == 0
    assert upkeep.forget_notice_givers(at=now + timedelta(days=184)) == 1
    assert Notice.objects.values_list("name", "email").get() == ("", "")

"""What always fails does not keep the tick from what is behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import moderating, publishing, revealing, upkeep
from wagtail_crowdbrand.models import Submission, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def later():
    return timezone.now() + upkeep.PATIENCE + timedelta(minutes=1)


@pytest.fixture
def lost(ready, monkeypatch):
    """Two approved, whose tasks were lost."""
    monkeypatch.setattr(upkeep, "BATCH", 1)
    brief = factories.make_brief()
    rows = [factories.make_waiting(brief) for _number in range(2)]
    for row in rows:
        moderating.approve(row, actor=None)
    return rows


def on_show() -> list[bool]:
    rows = Submission.objects.order_by("pk")
    return [row.visible_from is not None for row in rows]


def test_picture_that_is_gone_holds_up_nobody_else(lost, later):
    lost[0].uploads.get().file.delete(save=False)
    assert upkeep.publish_missing(at=later) == 1
    assert on_show() == [False, True]
    assert upkeep.publish_missing(at=later) == 0


def test_what_may_not_be_shown_holds_up_nobody_else(lost, later):
    """An edit waits, and nothing of it was on show before."""
    Submission.objects.filter(pk=lost[0].pk).update(moderation="pending")
    assert upkeep.publish_missing(at=later) == 1
    assert on_show() == [False, True]


def test_picture_still_referred_to_holds_up_nobody_else(ready, monkeypatch):
    monkeypatch.setattr(upkeep, "BATCH", 1)
    brief = factories.make_brief()
    rows = [factories.make_confirmed(brief) for _number in range(2)]
    now = timezone.now()
    Submission.objects.update(submitted_at=now - 3 * upkeep.FORGOTTEN)
    Upload.objects.update(created_at=now - 2 * upkeep.FORGOTTEN)
    newest = Upload.objects.order_by("pk").last()
    newest.submission.revisions.all().delete()
    Submission.objects.filter(pk=newest.submission_id).update(images=[])
    assert upkeep.delete_forgotten_uploads(at=now) == 1
    assert not Upload.objects.filter(pk=newest.pk).exists()
    assert Upload.objects.count() == len(rows) - 1


def test_each_gets_its_turn_behind_many_that_fail(lost, monkeypatch):
    """Wherever it stands among what waits."""
    rows = [factories.make_waiting(lost[0].brief) for _number in range(4)]
    done = set()

    def fail_but_once(row):
        if row.pk != rows[1].pk:
            raise RuntimeError("Not this one.")
        done.add(row.pk)

    waiting = Submission.objects.filter(pk__in=[row.pk for row in rows])
    for _tick in range(100):
        upkeep._each(waiting, fail_but_once)
    assert done == {rows[1].pk}


def test_reveal_is_finished_behind_one_that_fails(lost, later, monkeypatch):
    for row in lost:
        publishing.publish(row, at=timezone.now())
    Submission.objects.update(to_finish=True)
    finish = revealing.finish

    def fail_at_first(row):
        if row.pk == lost[0].pk:
            raise RuntimeError("Its page is damaged.")
        finish(row)

    monkeypatch.setattr(revealing, "finish", fail_at_first)
    assert upkeep.finish_reveals(at=later) == 1
    assert list(revealing.unfinished()) == [lost[0]]

"""What always fails does not keep the tick from what is behind it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    gallery,
    ingesting,
    invariants,
    moderating,
    pictures,
    publishing,
    revealing,
    upkeep,
)
from wagtail_crowdbrand.models import Message, Submission, Upload

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


def test_picture_deleted_in_the_library_is_made_again(ready, commits, client):
    waiting = factories.make_waiting(pictures_count=2)
    with commits():
        moderating.approve(waiting, actor=None)
    Message.objects.update(sent_at=timezone.now())
    row = Submission.objects.get(pk=waiting.pk)
    upload = row.uploads.first()
    before = gallery.counter_of(row.brief).version
    assert not pictures.incomplete().exists()
    upload.image.delete()
    found = [finding.what for finding in invariants.findings()]
    assert found == ["pictures deleted in Wagtail's library"]

    with commits():
        call_command("crowdbrand_tick")
    upload.refresh_from_db()
    assert upload.image.renditions.count() == len(pictures.RENDITIONS)
    content = client.get(row.page.specific.url).content.decode()
    assert Path(upload.image.file.name).stem in content
    assert gallery.counter_of(row.brief).version == before + 1
    assert invariants.findings() == []
    assert upkeep.complete_pictures() == 0


def test_picture_whose_original_is_gone_holds_up_nobody_else(lost):
    for row in lost:
        publishing.publish(row, at=timezone.now())
        row.uploads.get().image.delete()
    lost[0].uploads.get().file.delete(save=False)
    assert upkeep.complete_pictures() == 1
    assert lost[1].uploads.get().image
    assert list(pictures.incomplete()) == [lost[0]]


def test_pictures_that_are_not_on_show_stay_private(ready, commits):
    """Of an edit that waits, and of something hidden."""
    waiting = factories.make_waiting()
    with commits():
        moderating.approve(waiting, actor=None)
    row = Submission.objects.get(pk=waiting.pk)
    ingesting.add_upload(row, factories.picture_file(), at=timezone.now())
    assert not pictures.incomplete().exists()
    with commits():
        moderating.hide(row, actor=None, reason="A complaint.")
    assert not pictures.incomplete().exists()

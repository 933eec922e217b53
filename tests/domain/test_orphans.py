"""Files nobody names any more: found when they are old enough, and nothing else is."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    ingesting,
    invariants,
    moderating,
    orphans,
    pictures,
    publishing,
    upkeep,
)
from wagtail_crowdbrand.models import Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folders")]
LATER = timedelta(hours=25)


class Died(BaseException):
    """Stands for a killed process: nothing catches it."""


def die(*args, **kwargs):
    raise Died


@pytest.fixture
def visible(ready, commits):
    waiting = factories.make_waiting()
    with commits():
        moderating.approve(waiting, actor=None)
    waiting.refresh_from_db()
    return waiting


def files(settings) -> set[str]:
    """All files below both folders, without the folders' own names."""
    root = Path(settings.MEDIA_ROOT).parent
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def found(*, after: timedelta = LATER) -> set[str]:
    return {orphan.name for orphan in orphans.find(at=timezone.now() + after)}


def sweep() -> int:
    cache.clear()
    return upkeep.delete_orphans(at=timezone.now() + LATER)


def test_rolled_back_upload_is_found_after_a_day_and_deleted(ready, settings):
    draft = factories.make_draft()
    kept = files(settings)
    with transaction.atomic():  # as with ATOMIC_REQUESTS
        content = BytesIO(factories.picture_bytes())
        lost = ingesting.add_upload(draft, content, at=timezone.now())
        transaction.set_rollback(True)
    assert len(files(settings) - kept) == 1

    assert found(after=timedelta(hours=23)) == set()
    assert found() == {lost.file.name}
    assert sweep() == 1
    assert files(settings) == kept
    assert sweep() == 0


@pytest.mark.parametrize("deed", ["unconfirmed", "forgotten", "taken out"])
def test_killed_between_the_commit_and_the_file(ready, settings, deed):
    """Without ``commits`` nothing happens after it."""
    sent = factories.make_confirmed() if deed == "forgotten" else factories.make_sent()
    kept = files(settings)
    now = timezone.now()
    if deed == "unconfirmed":
        upload = sent.uploads.get()
        end = sent.campaign.closes_at + timedelta(hours=49)
        assert upkeep.delete_unconfirmed(at=end) == 1
        kept = set()
    else:
        content = BytesIO(factories.picture_bytes())
        upload = ingesting.add_upload(sent, content, at=now)
        if deed == "forgotten":
            assert upkeep.delete_forgotten_uploads(at=now + LATER) == 1
        else:
            upload = Upload.objects.get(pk=upload.pk)
            Upload.objects.get(pk=upload.pk).delete()
    assert found() == {upload.file.name}
    assert sweep() == 1
    assert files(settings) == kept


@pytest.mark.parametrize(
    "target",
    [
        "wagtail_crowdbrand.domain.pictures.delete_files",
        "wagtail_crowdbrand.domain.pictures.make_private",
        "wagtail.images.models.Image.delete",
        "django.core.files.storage.FileSystemStorage.delete",
    ],
)
def test_killed_while_it_is_taken_down_leaves_a_row(
    visible, commits, settings, monkeypatch, target
):
    """So the next tick deletes the rest; nothing public waits for the daily look."""
    moderating.hide(visible, actor=None, reason="A complaint.")
    monkeypatch.setattr(target, die)
    with pytest.raises(Died):
        publishing.retract(visible)
    monkeypatch.undo()
    assert visible.uploads.get().image_id
    with commits():
        call_command("crowdbrand_tick")
    assert visible.uploads.get().image is None
    assert {name for name in files(settings) if name.startswith("media")} == set()
    assert len(files(settings)) == 1


def test_public_copy_that_was_rolled_back_is_found(visible, settings):
    kept = files(settings)
    draft = factories.make_draft()
    upload = draft.uploads.get()
    kept |= {f"private/{upload.file.name}"}
    with transaction.atomic():
        pictures.make_public(draft)
        transaction.set_rollback(True)
    lost = files(settings) - kept
    assert len(lost) == 1 + len(pictures.RENDITIONS)

    assert found(after=timedelta(hours=23)) == set()
    assert {f"media/{name}" for name in found()} == lost
    assert sweep() == len(lost)
    assert files(settings) == kept


def test_files_of_others_are_left_alone(visible, settings):
    image = factories.make_image()
    image.get_rendition("max-100x100")
    for folder in ("original_images", "images", "documents"):
        default_storage.save(f"{folder}/{uuid4().hex}.png", ContentFile(b"x"))
    private = Upload._meta.get_field("file").storage
    for name in ("README", "ab/README", "ab/backup.tar", f"abc/{uuid4().hex}.png"):
        private.save(name, ContentFile(b"x"))
    before = files(settings)

    assert found() == set()
    assert sweep() == 0
    assert files(settings) == before


def test_storage_of_another_site_is_not_emptied(ready, caplog):
    """A copy of the database on another machine knows no newer file."""
    private = Upload._meta.get_field("file").storage
    for _number in range(orphans.FEW + 1):
        private.save(f"ab/{'ab' + uuid4().hex[2:]}.png", ContentFile(b"x"))
    with caplog.at_level(logging.ERROR):
        assert sweep() == 0
    assert "shared with another site" in caplog.text
    assert len(private.listdir("ab")[1]) == orphans.FEW + 1


class Silent(FileSystemStorage):
    """Can neither list its files nor say how old they are."""

    def listdir(self, path):
        raise NotImplementedError

    def get_modified_time(self, name):
        raise NotImplementedError


def test_storage_that_cannot_be_listed_is_left_alone(ready, monkeypatch):
    upload = factories.make_draft().uploads.get()
    private = upload.file.storage
    Upload.objects.all().delete()
    assert found() == {upload.file.name}
    for name in ("listdir", "get_modified_time"):
        with monkeypatch.context() as patch:
            patch.setattr(private, name, getattr(Silent(), name))
            assert found() == set()


def test_it_is_looked_for_once_a_day(ready):
    upload = factories.make_draft().uploads.get()
    Upload.objects.all().delete()
    now = timezone.now()
    assert upkeep.delete_orphans(at=now) == 0  # too young
    long_ago = (now - LATER).timestamp()
    os.utime(upload.file.path, (long_ago, long_ago))
    assert upkeep.delete_orphans(at=now) == 0  # looked today
    assert upkeep.delete_orphans(at=now + timedelta(days=1)) == 1


@pytest.mark.parametrize("away", ["cache", "storage"])
def test_what_is_away_keeps_the_tick_from_nothing_else(
    ready, monkeypatch, caplog, away
):
    def fail(*args, **kwargs):
        raise ConnectionError

    storage = Upload._meta.get_field("file").storage
    whom = {"cache": (upkeep.cache, "add"), "storage": (storage, "listdir")}
    monkeypatch.setattr(*whom[away], fail)
    factories.make_sent()
    assert upkeep.delete_orphans(at=timezone.now() + LATER) == 0
    assert "could not look for files" in caplog.text


def test_two_at_once_do_no_harm(ready, settings):
    """Both found it; the second deletes what is gone."""
    Upload.objects.filter(pk=factories.make_draft().uploads.get().pk).delete()
    [one], [two] = (list(orphans.find(at=timezone.now() + LATER)) for _ in range(2))
    threads = [Thread(target=orphan.delete) for orphan in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one.delete()
    assert files(settings) == set()


def test_doctor_names_them(ready):
    upload = factories.make_draft().uploads.get()
    Upload.objects.all().delete()
    long_ago = (timezone.now() - LATER).timestamp()
    assert "files nobody needs" not in {item.what for item in invariants.findings()}
    os.utime(upload.file.path, (long_ago, long_ago))
    numbers = {item.what: item.number for item in invariants.findings()}
    assert numbers["files nobody needs"] == 1
    call_command("crowdbrand_tick")
    assert "files nobody needs" not in {item.what for item in invariants.findings()}

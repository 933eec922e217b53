"""Public copies: made once, unmade without a trace, no danger to an approval."""

from __future__ import annotations

import logging
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.images import get_image_model

from tests import factories
from tests.domain import hostile
from wagtail_crowdbrand.domain import (
    drafting,
    ingesting,
    moderating,
    pictures,
    publishing,
    submitting,
)
from wagtail_crowdbrand.models import Upload
from wagtail_crowdbrand.models.upload import private_storage

pytestmark = pytest.mark.django_db


def files_of(upload: Upload) -> set[str]:
    """Names of the public copy and its renditions, all of which exist."""
    rows = upload.image.renditions.all()
    names = {upload.image.file.name, *(row.file.name for row in rows)}
    assert [name for name in names if not default_storage.exists(name)] == []
    return names


def left(names: set[str]) -> set[str]:
    return {name for name in names if default_storage.exists(name)}


@pytest.fixture
def visible(ready, commits):
    submission = factories.make_waiting()
    with commits():
        moderating.approve(submission, actor=None)
    submission.refresh_from_db()
    return submission


def test_public_copy_has_renditions_and_no_trace_of_the_sender(visible):
    upload = visible.uploads.get()

    assert len(files_of(upload)) == 1 + len(pictures.RENDITIONS)
    assert upload.image.collection == pictures.public_collection()
    assert upload.image.title == f"{visible.code} {upload.pk.hex[:6]}"
    assert upload.image.uploaded_by_user is None


def test_made_public_twice_makes_one_image(visible):
    before = get_image_model().objects.values_list("pk", flat=True)
    pictures.make_public(visible)
    pictures.make_public(visible)

    assert list(before) == [visible.uploads.get().image_id]


@pytest.mark.parametrize("size", [(1, 1), (1, 2560), (2560, 1)])
def test_strange_shape_can_be_made_public(ready, size):
    draft = factories.make_draft(pictures_count=0)
    content = factories.picture_bytes(size)
    upload = ingesting.add_upload(draft, BytesIO(content), at=timezone.now())
    draft.images = [{"upload": str(upload.pk), "alt": "A line"}]
    pictures.make_public(draft)

    upload.refresh_from_db()
    assert upload.image.renditions.count() == len(pictures.RENDITIONS)


def test_hidden_takes_image_file_and_renditions_away(visible, commits):
    names = files_of(visible.uploads.get())
    with commits():
        moderating.hide(visible, actor=None, reason="A complaint.")

    upload = visible.uploads.get()
    assert upload.image is None
    assert left(names) == set()
    assert not get_image_model().objects.exists()
    assert private_storage().exists(upload.file.name)

    with commits():
        moderating.restore(visible, actor=None)
    assert len(files_of(visible.uploads.get())) == 1 + len(pictures.RENDITIONS)


def test_withdrawn_leaves_nothing_in_media(visible, commits):
    names = files_of(visible.uploads.get())
    with commits():
        submitting.withdraw(visible, at=timezone.now())

    assert left(names) == set()
    assert not get_image_model().objects.exists()


def test_picture_taken_out_leaves_the_library_when_the_edit_is_published(
    visible, commits
):
    old = visible.uploads.get()
    names = files_of(old)
    new = ingesting.add_upload(visible, BytesIO(hostile.png()), at=timezone.now())
    idea = drafting.Idea(
        title="Edited",
        summary="It glows.",
        images=[{"upload": str(new.pk), "alt": "A gradient"}],
    )
    person = drafting.Person(email="", credit_name="Ada")
    with commits():
        submitting.edit(visible, idea=idea, person=person, at=timezone.now())
    assert left(names) == names
    with commits():
        moderating.approve(visible, actor=None)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.image, left(names)) == (None, set())
    assert len(files_of(new)) == 1 + len(pictures.RENDITIONS)


def broken(upload, *, title, alt):
    raise RuntimeError("This site's images want a photographer.")


def wordy(upload, *, title, alt):
    return pictures.create_image(upload, title=f"Idea {UUID(int=0)}", alt=alt)


def test_create_image_is_a_setting(ready, commits, settings):
    settings.WAGTAIL_CROWDBRAND = {"CREATE_IMAGE": f"{__name__}.wordy"}
    waiting = factories.make_waiting()
    with commits():
        moderating.approve(waiting, actor=None)

    assert waiting.uploads.get().image.title == f"Idea {UUID(int=0)}"


def test_failing_create_image_loses_no_approval(ready, commits, settings, caplog):
    waiting = factories.make_waiting()
    settings.WAGTAIL_CROWDBRAND = {"CREATE_IMAGE": f"{__name__}.broken"}
    with caplog.at_level(logging.ERROR), commits():
        moderating.approve(waiting, actor=None)

    waiting.refresh_from_db()
    assert (waiting.moderation, waiting.live) == ("approved", True)
    assert waiting.visible_from is None
    assert waiting.uploads.get().image is None
    assert "photographer" in caplog.text
    with pytest.raises(RuntimeError, match="photographer"):
        publishing.publish(waiting, at=timezone.now())

    settings.WAGTAIL_CROWDBRAND = {}
    with commits():
        publishing.publish(waiting, at=timezone.now())
    waiting.refresh_from_db()
    assert waiting.visible_from
    assert len(files_of(waiting.uploads.get())) == 1 + len(pictures.RENDITIONS)


def test_failing_rendition_can_be_repeated(ready, commits, monkeypatch):
    waiting = factories.make_waiting()
    monkeypatch.setattr(pictures, "RENDITIONS", ("max-nonsense",))
    with commits():
        moderating.approve(waiting, actor=None)
    waiting.refresh_from_db()
    assert (waiting.moderation, waiting.visible_from) == ("approved", None)

    monkeypatch.undo()
    with commits():
        publishing.publish(waiting, at=timezone.now())
    assert get_image_model().objects.count() == 1
    assert len(files_of(waiting.uploads.get())) == 1 + len(pictures.RENDITIONS)


def test_copy_without_its_file_is_made_anew(visible, commits):
    """Somebody was killed while taking it down, and then it came back."""
    upload = visible.uploads.get()
    lost = files_of(upload)
    with commits():
        pictures.delete_files(upload.image)
    assert left(lost) == set()
    with commits():
        pictures.make_public(visible)
    upload.refresh_from_db()
    assert get_image_model().objects.get() == upload.image
    made = files_of(upload)
    assert len(made) == 1 + len(pictures.RENDITIONS)


def refuse(sender, **kwargs):
    raise RuntimeError("The database went away.")


def test_image_that_was_not_saved_leaves_no_file(ready, commits):
    """Nobody could find it to take it down again."""
    waiting = factories.make_waiting()
    folder = "original_images"
    before = default_storage.listdir(folder) if default_storage.exists(folder) else 0
    post_save.connect(refuse, sender=get_image_model())
    try:
        with pytest.raises(RuntimeError, match="went away"):
            pictures.make_public(waiting)
    finally:
        post_save.disconnect(refuse, sender=get_image_model())

    assert waiting.uploads.get().image is None
    after = default_storage.listdir(folder)
    assert after == (before or ([], []))

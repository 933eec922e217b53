"""Files on their way in: what they are called, where they lie, how many there are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from tests import factories
from tests.domain import hostile
from wagtail_crowdbrand.domain import containers, ingesting
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.forms import PictureList
from wagtail_crowdbrand.models.upload import private_storage

pytestmark = pytest.mark.django_db

NAMES = {
    "traversal": "../../../etc/passwd.png",
    "absolute": "/etc/cron.d/idea.png",
    "windows": "..\\..\\boot.ini",
    "nul": "idea.png\0.php",
    "right to left": "idea\u202egnp.exe",
    "long": "a" * 5000 + ".png",
    "emoji": "🦓🚢.png",
    "php": "shell.php",
    "double": "idea.png.phtml",
    "html": "<img src=x onerror=alert(1)>.png",
    "percent": "%s%(name)s%n.png",
    "dots": "..",
    "spaces": "   ",
    "newline": "a\r\nSet-Cookie: b=c.png",
    "none": None,
}


class Named(BytesIO):
    """A file that claims a name Django's own classes would have cleaned."""

    def __init__(self, content: bytes, name: str | None) -> None:
        super().__init__(content)
        self.name = name


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_of_the_file_is_never_used(name):
    draft = factories.make_draft(pictures_count=0)
    files = MultiValueDict({"files": [Named(hostile.png(), name)]})
    rows = PictureList.from_post(draft, QueryDict(), files, at=timezone.now())

    upload = draft.uploads.get()
    assert rows.errors == []
    assert upload.file.name == f"{upload.pk.hex[:2]}/{upload.pk.hex}.png"
    assert private_storage().exists(upload.file.name)
    assert not default_storage.exists(upload.file.name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_refusal_names_the_file_briefly(name):
    draft = factories.make_draft(pictures_count=0)
    files = MultiValueDict({"files": [Named(hostile.zipped(), name)]})
    rows = PictureList.from_post(draft, QueryDict(), files, at=timezone.now())

    (said,) = rows.errors
    assert said == f"“{(name or '')[:80]}”: {containers.unreadable().message}"
    assert not draft.uploads.exists()


@pytest.mark.parametrize(
    ("name", "type"), [("a.svg", "image/svg+xml"), ("a.exe", "text/html"), ("a", "")]
)
def test_what_a_file_claims_to_be_does_not_matter(name, type):
    draft = factories.make_draft(pictures_count=0)
    file = SimpleUploadedFile(name, hostile.jpeg(), type)

    upload = ingesting.add_upload(draft, file, at=timezone.now())

    assert upload.file.name.endswith(".jpg")


def test_upload_is_described_as_it_is_kept(settings):
    draft = factories.make_draft(pictures_count=0)
    sent = hostile.jpeg(exif=hostile.exif(6))
    upload = ingesting.add_upload(draft, BytesIO(sent), at=timezone.now())

    with upload.file.open("rb") as file:
        stored = file.read()
    assert stored != sent
    assert hostile.SECRET not in stored
    assert (upload.width, upload.height) == (48, 64)
    assert upload.size == len(stored)
    assert Path(settings.MEDIA_ROOT) not in Path(upload.file.path).parents


def test_number_of_files_is_limited_even_when_they_are_taken_out(monkeypatch):
    monkeypatch.setattr(ingesting, "MAX_UPLOADS", 2)
    draft = factories.make_draft(pictures_count=2)

    with pytest.raises(InvalidUpload) as refusal:
        ingesting.add_upload(draft, BytesIO(hostile.png()), at=timezone.now())

    assert refusal.value.code == "too_many_files"
    assert draft.uploads.count() == 2


def test_deleted_upload_takes_its_file_along_after_the_commit(commits):
    upload = factories.make_draft().uploads.get()
    name = upload.file.name
    with commits():
        upload.delete()
        assert private_storage().exists(name)

    assert not private_storage().exists(name)
